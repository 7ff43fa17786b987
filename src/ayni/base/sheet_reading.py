"""Raw sheets → typed rows, with everything that is wrong as findings."""

from __future__ import annotations

import datetime
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from ayni.base.cells import FAULT_CODES, CellRefused, as_written, cell_value, is_empty
from ayni.base.findings import Finding, Place, error
from ayni.base.sheets import Row, Sheet
from ayni.base.texts import LANGUAGES, Language, Word
from ayni.base.units import plain
from ayni.base.xlsx_parsing import Position
from ayni.base.xlsx_reading import CellFault, RawSheet, RawWorkbook, Value

HEADER_SEARCHED = 30
"""How many rows are looked through for the headers where the first row has none."""

LIMITS: Mapping[str, str] = {
    "greater_than": "gt", "greater_than_equal": "ge", "less_than": "lt", "less_than_equal": "le",
}  # fmt: skip
"""Pydantic's remark → the constraint that was broken; its text is ``limit.<constraint>``."""

REQUIRED_MARK = "*"

TOTAL = re.compile(r"(sub)?total(es|s)?\b|suma\b|sum\b")
"""How a row of sums begins, compared with ``plain``."""


class _Cell(NamedTuple):
    value: Value
    position: Position


@dataclass(frozen=True)
class _ColumnNote:
    """A column's explanation in the reader's language."""

    sheet: Sheet
    field: str

    def label(self, language: Language) -> str:
        return self.sheet.field_note(self.field, language)


def known_names(sheet: Sheet) -> set[str]:
    """The names that a sheet goes by, compared with ``plain``: its key and its title in every language."""
    return {plain(sheet.name), *(plain(sheet.title(language)) for language in LANGUAGES)}


def find_sheet(workbook: RawWorkbook, sheet: Sheet) -> RawSheet | None:
    """The raw sheet that carries the sheet's key or its title in any language."""
    names = known_names(sheet)
    return next((raw for name, raw in workbook.sheets.items() if plain(name) in names), None)


def read_rows(workbook: RawWorkbook, sheet: Sheet, language: Language = "es") -> tuple[list[Row], list[Finding]]:
    """The rows of ``sheet`` in ``workbook`` and everything that is wrong with them.

    ``language`` is that of the workbook's titles: what is missing is named in it.
    """
    raw = find_sheet(workbook, sheet)
    if raw is None:
        title = sheet.title(language)
        return [], [error("SHEET-MISSING", Place(sheet=title), sheet=title)] if sheet.required else []
    if all(is_empty(value) for row in raw.cells for value in row):
        return [], [error("SHEET-EMPTY", Place(sheet=raw.name), sheet=raw.name)]
    table, misplaced = _table(raw, sheet)
    if misplaced is not None:
        return [], [misplaced]
    if raw.merged:
        place = Place(sheet=raw.name, cell=raw.merged[0])
        return [], [error("SHEET-MERGED", place, range=raw.merged)]
    positions, findings = _header(table[0], sheet, raw.name, language)
    titles = {field: _title(table[0][index].value) for field, index in positions.items()}
    read = [
        (cells, *_read_row(cells, positions, titles, sheet, raw.name))
        for cells in table[1:]
        if cells and (sheet.form or not all(is_empty(cell.value) for cell in cells))
    ]
    rows = [row for _, row, _ in read if row is not None]
    last = max((at for at, (_, row, _) in enumerate(read) if row is not None), default=len(read))
    strays = {_number(cells) for cells, _, _ in read[last + 1 :] if _is_stray(cells, positions, sheet)}
    findings += _nameless([cells for cells in table if not cells or _number(cells) not in strays], raw.name)
    for cells, _, row_findings in read:
        findings += [_stray(cells, raw.name)] if _number(cells) in strays else row_findings
    if not rows and sheet.required and not findings:
        findings.append(error("SHEET-EMPTY", Place(sheet=raw.name), sheet=raw.name))
    return rows, findings + _duplicates(rows, sheet)


def _table(raw: RawSheet, sheet: Sheet) -> tuple[list[list[_Cell]], Finding | None]:
    """Header row and data rows; a form's first two columns turned into one header row and one data row.

    The finding says that the headers stand in another row than the first, or nowhere.
    """
    cells = [[_Cell(value, Position(down, across)) for across, value in enumerate(row)]
             for down, row in enumerate(raw.cells)]  # fmt: skip
    names = {name for spellings in _spellings(sheet).values() for name in spellings}
    if sheet.form:
        return _form(cells, names), None
    hits = [sum(_name(cell.value) in names for cell in row) for row in cells[:HEADER_SEARCHED]]
    best = hits.index(max(hits))
    if hits[0]:
        return cells, None
    if hits[best] <= 1:
        return cells, error("SHEET-HEADERLESS", Place(sheet=raw.name, row=1, cell="A1"))
    place = Place(sheet=raw.name, row=best + 1, cell=f"A{best + 1}")
    return cells, error("SHEET-HEADER", place, row=str(best + 1))


def _form(cells: Sequence[Sequence[_Cell]], names: Collection[str]) -> list[list[_Cell]]:
    """The names down the first column as a header row, the values of the second as its one data row.

    A first row that names no column is the form's own heading.
    """
    pairs = [(row[0], row[1] if len(row) > 1 else _Cell(None, Position(row[0].position.row, 1))) for row in cells]
    used = [pair for pair in pairs if not all(is_empty(cell.value) for cell in pair)]
    if used and used[0][0].position.row == 0 and _name(used[0][0].value) not in names:
        used = used[1:]
    return [[name for name, _ in used], [value for _, value in used]]


def _title(value: Value) -> str:
    """A header as people see it, without the mark of required columns."""
    return as_written(value).rstrip(f" {REQUIRED_MARK}")


def _name(value: Value) -> str:
    """A header as it is compared."""
    return plain(_title(value))


def _without_unit(name: str) -> str:
    return re.sub(r"\s*\[.*\]$", "", name)


def _spellings(sheet: Sheet) -> dict[str, set[str]]:
    """All spellings by which each column is known: key, and header with and without unit in every language."""
    spellings = {}
    for field in sheet.row.model_fields:
        headers = {plain(sheet.header(field, language)) for language in LANGUAGES}
        spellings[field] = {plain(field)} | headers | {_without_unit(header) for header in headers}
    return spellings


def _header(
    cells: Sequence[_Cell], sheet: Sheet, name: str, language: Language
) -> tuple[dict[str, int], list[Finding]]:
    """The index of each column that is there, and what is wrong with the headers."""
    positions: dict[str, int] = {}
    findings: list[Finding] = []
    owners = {spelling: field for field, spellings in _spellings(sheet).items() for spelling in spellings}
    for index, cell in enumerate(cells):
        if is_empty(cell.value):
            continue
        field = owners.get(_name(cell.value))
        place = Place(sheet=name, row=cell.position.row + 1, column=as_written(cell.value), cell=cell.position.name)
        if field is None:
            findings.append(_unknown_column(cell.value, place, sheet, owners, language))
        elif field in positions:
            findings.append(error("COLUMN-TWICE", place, column=place.column))
        else:
            positions[field] = index
    for field, info in sheet.row.model_fields.items():
        if info.is_required() and field not in positions:
            header = sheet.header(field, language)
            findings.append(error("COLUMN-MISSING", Place(sheet=name, column=header), column=header))
    return positions, findings


def _unknown_column(value: Value, place: Place, sheet: Sheet, owners: Mapping[str, str], language: Language) -> Finding:
    """What a header is that names no column: a fault, a column in another unit, or a stranger."""
    if isinstance(value, CellFault):
        return error(FAULT_CODES[value.kind], place, found=value.text)
    field = owners.get(_without_unit(_name(value)))
    if field is None:
        return error("COLUMN-UNKNOWN", place, column=place.column)
    return error("COLUMN-UNIT", place, column=place.column, expected=sheet.header(field, language))


def _nameless(table: Sequence[Sequence[_Cell]], name: str) -> list[Finding]:
    """Columns that hold something under an empty header: it would be lost in silence."""
    findings = []
    for index in range(max(map(len, table))):
        if index < len(table[0]) and not is_empty(table[0][index].value):
            continue
        first = next((row[index] for row in table[1:] if index < len(row) and not is_empty(row[index].value)), None)
        if first is not None:
            place = Place(sheet=name, row=first.position.row + 1, cell=first.position.name)
            findings.append(error("COLUMN-NAMELESS", place, cell=first.position.name, found=as_written(first.value)))
    return findings


def _is_stray(cells: Sequence[_Cell], positions: Mapping[str, int], sheet: Sheet) -> bool:
    """Whether a row lacks more than half of what a record must have, or says that it is a total and lacks some."""
    wanted = [at for field, at in positions.items() if sheet.row.model_fields[field].is_required()]
    filled = [cells[at].value for at in wanted if at < len(cells) and not is_empty(cells[at].value)]
    says_total = bool(TOTAL.match(plain(_first(cells))))
    return 2 * len(filled) < len(wanted) or (says_total and len(filled) < len(wanted))


def _number(cells: Sequence[_Cell]) -> int:
    """The row's number in the sheet, from 1."""
    return cells[0].position.row + 1


def _first(cells: Sequence[_Cell]) -> str:
    """What the first cell with anything in it says."""
    return next(as_written(cell.value) for cell in cells if not is_empty(cell.value))


def _stray(cells: Sequence[_Cell], name: str) -> Finding:
    return error("ROW-STRAY", Place(sheet=name, row=_number(cells)), found=_first(cells))


def _read_row(
    cells: Sequence[_Cell], positions: Mapping[str, int], titles: Mapping[str, str], sheet: Sheet, name: str
) -> tuple[Row | None, list[Finding]]:
    row_place = Place(sheet=name, row=_number(cells))
    places = {field: _place(name, titles[field], cells, index) for field, index in positions.items()}
    values: dict[str, object] = {}
    refused: dict[str, Finding] = {}
    for field, index in positions.items():
        if index < len(cells) and not is_empty(cells[index].value):
            try:
                values[field] = cell_value(cells[index].value, sheet.row.model_fields[field])
            except CellRefused as fault:
                refused[field] = error(fault.code, places[field], **fault.values)
    try:
        row = sheet.row.model_validate(values)
    except ValidationError as invalid:
        silent = (sheet.row.model_fields.keys() - positions.keys()) | refused.keys()
        told = [detail for detail in invalid.errors() if detail["type"] != "missing" or detail["loc"][0] not in silent]
        return None, [*refused.values(), *(_finding_of(detail, places, row_place, sheet) for detail in told)]
    if refused:
        return None, list(refused.values())
    row._read_from, row._cells = row_place, places
    return row, []


def _place(name: str, title: str, cells: Sequence[_Cell], index: int) -> Place:
    if index >= len(cells):
        return Place(sheet=name, row=_number(cells), column=title)
    position = cells[index].position
    return Place(sheet=name, row=position.row + 1, column=title, cell=position.name)


def _finding_of(detail: ErrorDetails, places: Mapping[str, Place], row_place: Place, sheet: Sheet) -> Finding:
    """A pydantic remark as a finding. A validator's own PydanticCustomError carries its code as type."""
    field = str(detail["loc"][0]) if detail["loc"] else ""
    place = places.get(field, row_place)
    context = detail.get("ctx", {})
    if detail["type"] == "missing":
        return error("CELL-MISSING", place, column=place.column)
    if detail["type"].isupper():
        return error(detail["type"], place, **context)
    found = as_written(detail["input"])
    if detail["type"] in LIMITS:
        limit = LIMITS[detail["type"]]
        return error("CELL-RANGE", place, column=place.column, found=found,
                     limit=Word(f"limit.{limit}", {"bound": as_written(context[limit])}))  # fmt: skip
    return error("CELL-FORM", place, column=place.column, found=found, note=_ColumnNote(sheet, field))


def _duplicates(rows: Iterable[Row], sheet: Sheet) -> list[Finding]:
    """Rows that say the same thing twice."""
    if not sheet.unique:
        return []
    first: dict[tuple[object, ...], Row] = {}
    findings = []
    for row in rows:
        key = tuple(getattr(row, field) for field in sheet.unique)
        if key in first:
            words = tuple(f"{part:%Y-%m}" if isinstance(part, datetime.date) else part for part in key)
            known = tuple(word for word in words if word is not None)
            findings.append(error("ROW-TWICE", row.read_from, first=str(first[key].read_from.row), key=known))
        first.setdefault(key, row)
    return findings
