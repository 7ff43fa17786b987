"""Names of firms as they fit into charts and tables, and codes as chips."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

import pandas as pd

from ayni.reports.blocks import Cell
from ayni.reports.rows import rows_of
from ayni.reports.style import TONES
from ayni.reports.voice import Voice
from ayni.reports.wording import shortened

LEGAL_FORM = re.compile(r",? (S\.?A\.?C?\.?A?\.?|S\.?R\.?L\.?|E\.?I\.?R\.?L\.?)$", re.IGNORECASE)
"""Legal forms of Peru's firms, which charts leave out."""


def short_names(firms: pd.DataFrame, length: int = 22) -> dict[str, str]:
    """Firm code → name of at most ``length`` characters; a name that two would share is led by the code."""
    names = {row.firm: shortened(LEGAL_FORM.sub("", row.name), length) for row in rows_of(firms[["firm", "name"]])}
    counts = Counter(names.values())
    return {firm: shortened(f"{firm} {name}", length) if counts[name] > 1 else name for firm, name in names.items()}


def coded(kind: str, code: str, voice: Voice) -> Cell:
    """A code's word on a chip of its tone."""
    return Cell(voice.word(kind, code), tone=TONES.get(code, "none"))


def named(firm: str, names: Mapping[str, str]) -> str:
    """The name of a firm; what is no firm (a zone's own plant) keeps its code."""
    return names.get(firm, firm)
