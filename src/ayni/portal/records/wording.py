"""Sheets and cells in words, for pages and forms."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ayni.base.sheets import Choice, is_month, kind_of
from ayni.base.texts import Language, Word, number, say, shown
from ayni.ledger.schema import OUTSIDE
from ayni.parks.parts import FIRM_SHEETS, PARK_SHEETS, sheet_named
from ayni.portal.records.models import RecordRow

NODE_FIELDS = frozenset({"origin", "destination"})
EXACT_FIELDS = frozenset({"year", "grid_factor_year", "latitude", "longitude"})
"""Numbers that are written as they are, without marks of thousands."""


@dataclass(frozen=True)
class SheetTab:
    """A sheet of a submission: its key, its name, and how many rows it has."""

    name: str
    title: str
    count: int


@dataclass(frozen=True)
class ShownRow:
    """A row as a page shows it: its number and a text per shown column."""

    number: int
    cells: tuple[tuple[str, str, bool], ...]


@dataclass(frozen=True)
class SheetTable:
    """Rows of a sheet: headers (with whether numbers stand in them), and rows of header, text and is-number."""

    headers: tuple[tuple[str, bool], ...]
    rows: tuple[ShownRow, ...]


def sheet_names(*, of_park: bool) -> tuple[str, ...]:
    """The keys of the sheets that a site, or a park, hands in."""
    return tuple(sheet.name for sheet in (PARK_SHEETS if of_park else FIRM_SHEETS))


def sheet_title(name: str, language: Language) -> str:
    """A sheet's name as people see it."""
    return sheet_named(name).title(language)


def sheet_note(name: str, language: Language) -> str:
    """What a sheet is for."""
    return sheet_named(name).note(language)


def sheet_tabs(counts: Mapping[str, int], language: Language, *, of_park: bool, all_sheets: bool) -> list[SheetTab]:
    """The sheets with rows, and the empty ones too where a draft is typed."""
    names = dict.fromkeys([*sheet_names(of_park=of_park), *counts])
    return [
        SheetTab(name, sheet_title(name, language), counts.get(name, 0))
        for name in names
        if all_sheets or counts.get(name)
    ]


def sheet_table(name: str, rows: Sequence[RecordRow], language: Language) -> SheetTable:
    """Rows of one sheet, without the columns that are empty in all of them."""
    sheet = sheet_named(name)
    fields = [field for field in sheet.row.model_fields if any(row.content.get(field) is not None for row in rows)]
    is_number = {field: kind_of(sheet.row.model_fields[field]) in (int, float) for field in fields}
    headers = {field: sheet.header(field, language) for field in fields}
    shown_rows = tuple(
        ShownRow(
            row.row,
            tuple(
                (headers[field], cell_text(name, field, row.content.get(field), language), is_number[field])
                for field in fields
            ),
        )
        for row in rows
    )
    return SheetTable(tuple((headers[field], is_number[field]) for field in fields), shown_rows)


def cell_text(sheet_name: str, field: str, value: Any, language: Language) -> str:
    """A kept value as a person reads it; a dash where nothing was said."""
    if value is None:
        return "–"
    info = sheet_named(sheet_name).row.model_fields[field]
    kind = kind_of(info)
    if issubclass(kind, Choice):
        return kind(value).label(language)
    if kind is bool:
        return say("yes" if value else "no", language)
    if kind is datetime.date:
        day = datetime.date.fromisoformat(value)
        return f"{day:%Y-%m}" if is_month(info) else shown(day, language)
    if kind in (int, float):
        return _number(field, float(value), language)
    if field in NODE_FIELDS and value in OUTSIDE:
        return Word(f"node.{value}").label(language)
    return str(value)


def _number(field: str, value: float, language: Language) -> str:
    """A number with all the digits that were said, up to six decimals."""
    text = f"{value:.6f}".rstrip("0").rstrip(".")
    if field in EXACT_FIELDS:
        return text
    return number(value, language, len(text.partition(".")[2]))
