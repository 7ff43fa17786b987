"""Charts of pages: a picture, what it says, and the same numbers as a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class ChartTable:
    """The numbers of a chart for those who read with a screen reader: words and numbers already in their form.

    ``headers`` and each row are of one length; the columns named in ``numeric`` (by place, from 0) stand on the right.
    """

    headers: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Chart:
    """What ``site/chart.html`` shows. One of ``spec`` (Vega-Lite) and ``svg`` is given.

    ``title`` says what is seen; ``note`` names source and stage. An SVG carries no style attribute and no script: the
    Content-Security-Policy forbids both.
    """

    id: str
    title: str
    table: ChartTable
    note: str = ""
    spec: Mapping[str, Any] | None = None
    svg: str = ""
