"""The look: colours that each mean one thing, and the one typeface."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import cycle, islice
from typing import Literal

import font_source_sans_pro

FONT = "Source Sans Pro"
FONT_FOLDER: str = font_source_sans_pro.font_directory

PAPER, CARD, INK, INK_SOFT, LINE = "#fbf9f5", "#ffffff", "#22262a", "#5c625f", "#e3ddd2"
CHILCA, CHILCA_SOFT = "#1f6b4a", "#e5efe8"
COCHINEAL, COCHINEAL_SOFT = "#9c2542", "#f7e6ea"
QOLLE, QOLLE_SOFT = "#b9770e", "#fbf0da"
INDIGO, INDIGO_SOFT = "#264e7a", "#e6edf5"
WALNUT, WALNUT_LIGHT, WALNUT_SOFT = "#6b5443", "#c9bba9", "#efece6"

SERIES = (CHILCA, INDIGO, QOLLE, COCHINEAL, WALNUT, "#7fae95", "#8aa5c4", "#dfb269", "#c98796", "#a9978a")
"""Colours of series that have no meaning of their own, in this order."""

CARRIER_COLOURS: Mapping[str, str] = {
    "electricity": INDIGO,
    "natural_gas": QOLLE,
    "diesel": WALNUT,
    "lpg": COCHINEAL,
    "residual_fuel": "#a9978a",
    "coal": "#55504a",
    "biomass": "#7fae95",
    "heat": CHILCA,
}
"""A carrier has its colour in every chart; heat and renewables share chilca."""

ITEM_COLOURS: Mapping[str, str] = {
    **CARRIER_COLOURS, "materials": "#d8cdbb", "water": "#8aa5c4", "sewer": "#c3d0e0", "waste": "#8d7a68",
    "plant": CHILCA, "measures": "#4f8a6d", "others": LINE,
}  # fmt: skip
"""Items of the cost account: carriers as everywhere, the rest quiet."""

VERDICT_COLOURS: Mapping[str, str] = {
    "met": CHILCA,
    "partly": QOLLE,
    "not_met": COCHINEAL,
    "no_data": WALNUT_LIGHT,
    "not_applicable": "#ffffff",
}

Tone = Literal["go", "warn", "stop", "info", "none"]
TONES: Mapping[str, Tone] = {
    "met": "go", "partly": "warn", "not_met": "stop", "no_data": "none", "not_applicable": "none",
    "sourced": "go", "declared": "info", "derived": "info",
    "secondary": "warn", "unverified": "warn", "made_up": "warn",
    "chosen": "go", "possible": "info", "refused": "stop", "needs_permit": "warn", "not_known": "none",
    "balanced": "go", "open": "stop",
    "error": "stop", "warning": "warn", "note": "info",
}  # fmt: skip
"""Tone of the chip behind a word: go, warn, stop, info or none. The word always stands on it."""


def series_colours(names: Sequence[str], known: Mapping[str, str] = CARRIER_COLOURS) -> dict[str, str]:
    """A colour per name: its own where it has one, else the next of the series."""
    free = [colour for colour in SERIES if colour not in {known[name] for name in names if name in known}] or SERIES
    others = iter(islice(cycle(free), len(names)))
    return {name: known[name] if name in known else next(others) for name in names}
