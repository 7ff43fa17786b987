"""Small tables that keep to their room on the page, and say how many of their rows stand elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from ayni.reports.blocks import Cell, Column, Table, fitting
from ayni.reports.voice import Voice


def fitted(
    columns: Sequence[Column],
    rows: Sequence[tuple[Cell, ...]],
    room: float,
    title: str,
    voice: Voice,
    *,
    remark: str = "",
    more: str = "more_rows",
) -> Table:
    """A small table of the first rows that fit into ``room`` [lines]; ``more`` is the text on those left out."""
    kept, left = fitting(columns, rows, room)
    words = [remark, voice.say(more, count=left) if left else ""]
    return Table(tuple(columns), kept, title, " ".join(word for word in words if word), is_small=True)
