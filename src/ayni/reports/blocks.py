"""What a page is made of: a few kinds of block, which the template knows how to set."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from itertools import accumulate
from typing import Any, Literal

from ayni.reports.style import Tone

ROW_SPACE = 0.4
"""Space around the words of a row of a small table, in lines."""


@dataclass(frozen=True)
class Heading:
    """A heading inside a page."""

    text: str


@dataclass(frozen=True)
class Paragraph:
    """Running words; ``soft`` ones are a remark."""

    text: str
    soft: bool = False


@dataclass(frozen=True)
class Card:
    """A large number with its unit; under it what belongs to it, and the ids by which it opens."""

    title: str
    number: str
    unit: str
    remarks: tuple[str, ...]
    figures: tuple[str, ...]


@dataclass(frozen=True)
class Cards:
    """Cards side by side."""

    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Ladder:
    """The stages from potential to verified: (word, number or a dash, id of the figure or nothing) each."""

    title: str
    steps: tuple[tuple[str, str, str], ...]
    remark: str


@dataclass(frozen=True)
class Key:
    """What colours mean: (colour, word) pairs in one line."""

    entries: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Picture:
    """A chart: a title that says what is seen, words for who cannot see it, source and stage under it."""

    svg: str
    title: str
    alternative: str
    source: str
    key: tuple[tuple[str, str], ...] = ()

    @property
    def width(self) -> float:
        """Width of the SVG [px]."""
        found = re.search(r'viewBox="0 0 (\S+) ', self.svg)
        if found is None:
            raise ValueError("an SVG without viewBox")
        return float(found.group(1))


@dataclass(frozen=True)
class Cell:
    """A table cell: words, a small line under them, a chip's tone, or a pair of bars (shares before and after)."""

    text: str
    small: str = ""
    tone: Tone | Literal[""] = ""
    bars: tuple[float, float] | None = None


@dataclass(frozen=True)
class Column:
    """A table column: title, whether it holds numbers, and its width (0 = as needed, else a share of what is left).

    ``characters`` says how many fit into a line of a column that wraps.
    """

    title: str
    is_number: bool = False
    share: float = 0.0
    characters: int = 0


@dataclass(frozen=True)
class Table:
    """A table with a title over it and a remark under it, such as how many rows stand elsewhere."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    remark: str = ""
    is_small: bool = False


@dataclass(frozen=True)
class Bullets:
    """Short sentences; each may end with ids of figures."""

    items: tuple[tuple[str, tuple[str, ...]], ...]
    title: str = ""


@dataclass(frozen=True)
class Notice:
    """Words in a box with a coloured edge."""

    tone: Tone
    title: str
    text: str


@dataclass(frozen=True)
class Columns:
    """Blocks side by side; ``shares`` are the widths."""

    parts: tuple[tuple[Block, ...], ...]
    shares: tuple[float, ...]


Block = Heading | Paragraph | Cards | Ladder | Key | Picture | Table | Bullets | Notice | Columns


@dataclass(frozen=True)
class Page:
    """One page: title, a sentence under it with the ids of its figures, blocks."""

    title: str
    lead: str
    blocks: tuple[Block, ...]
    figures: tuple[str, ...] = ()


def as_data(block: Block) -> dict[str, Any]:
    """A block as plain data with its ``kind``."""
    if isinstance(block, Columns):
        parts = [[as_data(inner) for inner in part] for part in block.parts]
        return {"kind": "columns", "parts": parts, "shares": block.shares}
    extra = {"width": block.width} if isinstance(block, Picture) else {}
    return {"kind": type(block).__name__.lower(), **asdict(block), **extra}


def page_data(page: Page) -> dict[str, Any]:
    """A page as plain data."""
    return {
        "title": page.title,
        "lead": page.lead,
        "figures": page.figures,
        "blocks": [as_data(block) for block in page.blocks],
    }


def cells(*texts: str) -> tuple[Cell, ...]:
    """Plain cells."""
    return tuple(Cell(text) for text in texts)


def row_height(columns: Sequence[Column], row: Sequence[Cell]) -> float:
    """Height of a row of a small table in lines, roughly: the words of the highest cell, and the space around them."""

    def lines(column: Column, cell: Cell) -> int:
        wide = column.characters or 1000
        return max(math.ceil(len(cell.text) / wide), 1) + math.ceil(len(cell.small) / (1.2 * wide))

    return ROW_SPACE + max(lines(column, cell) for column, cell in zip(columns, row, strict=True))


def fitting(
    columns: Sequence[Column], rows: Sequence[tuple[Cell, ...]], room: float
) -> tuple[tuple[tuple[Cell, ...], ...], int]:
    """The first rows that fit into ``room`` [lines of a small table], at least one, and how many are left out."""
    used = list(accumulate(row_height(columns, row) for row in rows))
    count = max(sum(height <= room for height in used), min(len(rows), 1))
    return tuple(rows[:count]), len(rows) - count
