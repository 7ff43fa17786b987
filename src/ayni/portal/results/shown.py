"""Results as one reader sees them: which figures are open, which rows, and how far an explanation goes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

from ayni.portal.results.book import Book, RowKey
from ayni.portal.results.confidentiality import published
from ayni.portal.results.readers import Reader

OPEN_SETS_KEPT = 256


@dataclass(frozen=True, eq=False)
class Shown:
    """A book in the hands of a reader. What is not open here does not exist for them."""

    book: Book
    reader: Reader

    @property
    def is_sample(self) -> bool:
        """Whether any of the records is made up."""
        return bool(self.book.content["park"]["origin"] == "made_up")

    @cached_property
    def open_figures(self) -> frozenset[str]:
        """The ids of the figures that the reader may open."""
        if self.reader.is_full:
            return frozenset(self.book.figures)
        return _open_figures(self.book, self.reader.firms, is_closed=self.reader.is_closed)

    def figure(self, figure_id: str) -> Mapping[str, Any] | None:
        """A figure that is open; None for every other."""
        return self.book.figures[figure_id] if figure_id in self.open_figures else None

    def is_open_row(self, row: Mapping[str, Any]) -> bool:
        """Whether the reader may read the row: their firm's own, or the park's where it names no other firm."""
        if self.reader.is_full:
            return True
        firm, _ = self.book.origin(row)
        if firm:
            return firm in self.reader.firms
        return self.reader.reads_park and self.book.named_in(row["text"]) <= self.reader.firms

    def is_open_factor(self, factor_id: str) -> bool:
        """Whether a factor may be shown: one that names a firm is that firm's contract."""
        factor = self.book.factors[factor_id]
        named = self.book.named_in(f"{factor_id} {factor['source']} {factor['note']}")
        return self.reader.is_full or named <= self.reader.firms

    def own_figures(self) -> list[str]:
        """The open figures that are of the reader's firms alone, in the order of the results."""
        return [name for name in self.book.figures if name in self.open_figures and self.book.firms_below(name)
                and self.book.firms_below(name) | self.book.firms_named(name) <= self.reader.firms]  # fmt: skip


@lru_cache(maxsize=OPEN_SETS_KEPT)
def _open_figures(book: Book, firms: frozenset[str], *, is_closed: bool) -> frozenset[str]:
    own = (
        name for name in book.figures
        if firms and book.firms_below(name) and book.firms_below(name) | book.firms_named(name) <= firms
    )  # fmt: skip
    return frozenset(own) if is_closed else published(book, firms) | frozenset(own)


@dataclass(frozen=True)
class Closed:
    """What lies below a figure beyond the reader's permission: counts, factors, stage, and a hash of the rows."""

    inputs: int
    firms: int
    rows: int
    factors: tuple[Mapping[str, Any], ...]
    stage: str
    sha256: str


@dataclass(frozen=True)
class Opened:
    """A figure opened by one level. ``closed`` is None where all of it is open to the reader."""

    id: str
    figure: Mapping[str, Any]
    figures: tuple[tuple[str, Mapping[str, Any]], ...]
    factors: tuple[Mapping[str, Any], ...]
    rows: tuple[Mapping[str, Any], ...]
    closed: Closed | None


def open_figure(shown: Shown, figure_id: str) -> Opened | None:
    """The figure with its inputs as far as the reader may see; None where it is not open."""
    figure = shown.figure(figure_id)
    if figure is None:
        return None
    inputs = figure["inputs"]
    figures = [item["figure"] for item in inputs if "figure" in item]
    rows = [item["row"] for item in inputs if "row" in item]
    factors = dict.fromkeys(item["factor"] for item in inputs if "factor" in item)
    open_figures = tuple((name, shown.book.figures[name]) for name in figures if name in shown.open_figures)
    open_rows = tuple(_placed(shown.book, row) for row in rows if shown.is_open_row(row))
    return Opened(
        figure_id, figure, open_figures, tuple(_factors(shown, factors)), open_rows, _closed(shown, figure_id, inputs)
    )  # fmt: skip


def _closed(shown: Shown, figure_id: str, inputs: Iterable[Mapping[str, Any]]) -> Closed | None:
    """What is not open below the figure, all of it together: of a single input nothing is said."""
    book = shown.book
    hidden = {key: row for key, row in book.rows_below(figure_id).items() if not shown.is_open_row(row)}
    shut = sum(1 for item in inputs if not _is_open(shown, item))
    if not hidden and not shut:
        return None
    firms = book.firms_below(figure_id) - shown.reader.firms
    factors = tuple(_factors(shown, book.factors_below(figure_id)))
    stage = book.figures[figure_id]["stage"]
    return Closed(shut, len(firms), len(hidden), factors, stage, rows_hash(book, hidden) if hidden else "")


def _is_open(shown: Shown, item: Mapping[str, Any]) -> bool:
    if "figure" in item:
        return item["figure"] in shown.open_figures
    return shown.is_open_row(item["row"]) if "row" in item else shown.is_open_factor(item["factor"])


def _factors(shown: Shown, factors: Iterable[str]) -> Iterator[Mapping[str, Any]]:
    for name in factors:
        if shown.is_open_factor(name):
            yield {"id": name, **shown.book.factors[name]}


def _placed(book: Book, row: Mapping[str, Any]) -> Mapping[str, Any]:
    """A row with the submission that it stands in, and its number there."""
    code, number = book.origin(row)
    submission = book.origins["submissions"].get(code, {})
    return {**row, "firm": code, "submission": submission.get("id"), "handed_in_row": number}


def rows_hash(book: Book, rows: Mapping[RowKey, Mapping[str, Any]]) -> str:
    """SHA-256 of rows in canonical form, each with the hash of the record that it stands in.

    Whoever may read the records can repeat it; whoever may not cannot guess at rows, for want of the records' hashes.
    """
    lines = []
    for _, row in sorted(rows.items()):
        code, number = book.origin(row)
        record = book.origins["submissions"].get(code, {}).get("hash", "")
        lines.append([record, row["sheet"], number, row["text"], row["value"], row["unit"]])
    text = json.dumps(lines, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
