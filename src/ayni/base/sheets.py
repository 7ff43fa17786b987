"""Sheets: each room declares its rows as pydantic models; from them come the template, the checks and the docs."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, Union, cast, get_args, get_origin

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, ValidationError
from pydantic.fields import FieldInfo
from pydantic_core import ErrorDetails

from ayni.base.findings import Finding, Place, error
from ayni.base.texts import LANGUAGES, Language, has_text, say
from ayni.base.units import plain
from ayni.base.xlsx_reading import CellFault, RawSheet, RawWorkbook, Value

MONTH_WORDS = {
    name: number
    for number, names in enumerate(
        ("ene jan", "feb", "mar", "abr apr", "may", "jun", "jul", "ago aug", "set sep", "oct", "nov", "dic dec"), 1
    )
    for name in names.split()
}


class Choice(StrEnum):
    """A closed list. Each value has a text ``choice.<class>.<value>`` in both languages."""

    def label(self, language: Language) -> str:
        """The value in words."""
        return say(f"choice.{type(self).__name__}.{self.value}", language)


class Row(BaseModel):
    """One row of a sheet; ``read_from`` is where it was read."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False, str_strip_whitespace=True)
    _read_from: Place = PrivateAttr(default_factory=Place)
    _cells: Mapping[str, Place] = PrivateAttr(default_factory=dict)

    @property
    def read_from(self) -> Place:
        """Sheet and row of the workbook; empty for rows made in code."""
        return self._read_from

    def place_of(self, field: str) -> Place:
        """The cell that ``field`` was read from; its row where the column was not in the sheet."""
        return self._cells.get(field, self._read_from)


class MonthMark:
    """Annotation mark: the date stands for its whole month."""


def column(
    title: str,
    note: str,
    *,
    unit: str = "",
    example: object = None,
    **constraints: Any,
) -> Any:
    """A column: English title and note, unit shown in brackets, pydantic constraints (``ge``, ``le``, ``default`` …).

    The Spanish texts stand in the catalogue under ``column.<sheet>.<field>`` and ``note.<sheet>.<field>``.
    """
    extra: dict[str, Any] = {"unit": unit, "example": example}
    return Field(title=title, description=note, json_schema_extra=extra, **constraints)


@dataclass(frozen=True)
class Sheet:
    """One sheet: key name, row model, the columns that together must be unique, form (one record down column A)."""

    name: str
    row: type[Row]
    unique: tuple[str, ...] = ()
    form: bool = False
    required: bool = True

    def title(self, language: Language) -> str:
        """The sheet's name as people see it."""
        return say(f"sheet.{self.name}", language)

    def note(self, language: Language) -> str:
        """What the sheet is for."""
        return say(f"sheetnote.{self.name}", language)

    def header(self, field: str, language: Language) -> str:
        """A column's header with its unit in brackets."""
        info = self.row.model_fields[field]
        title = info.title if language == "en" else say(f"column.{self.name}.{field}", language)
        unit = cast("dict[str, str]", info.json_schema_extra)["unit"]
        word = say(f"unit.{unit}", language) if has_text(f"unit.{unit}") else unit
        return f"{title} [{word}]" if unit else str(title)

    def field_note(self, field: str, language: Language) -> str:
        """A column's explanation."""
        info = self.row.model_fields[field]
        return str(info.description) if language == "en" else say(f"note.{self.name}.{field}", language)


def kind_of(info: FieldInfo) -> type:
    """The plain type of a column: str, int, float, bool, date or a Choice; ``X | None`` counts as X."""
    annotation = info.annotation
    if get_origin(annotation) in (Union, UnionType):
        annotation = next(part for part in get_args(annotation) if part is not NoneType)
    return cast("type", annotation)


def is_month(info: FieldInfo) -> bool:
    """Whether a date column stands for months."""
    return any(isinstance(mark, MonthMark) for mark in info.metadata)


def _names(sheet: Sheet, field: str) -> set[str]:
    """All spellings by which a column is known: key, and header with and without unit in every language."""
    headers = {plain(sheet.header(field, language)) for language in LANGUAGES}
    return {plain(field)} | headers | {re.sub(r"\s*\[.*\]$", "", header) for header in headers}


class _CellRefused(Exception):
    def __init__(self, code: str, **values: object) -> None:
        self.code, self.values = code, values


def _number(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _CellRefused("CELL-NUMBER", found=str(value))
    return float(value)


def _date(value: object, month: bool) -> datetime.date:
    if isinstance(value, datetime.datetime):
        value = value.date()
    if not isinstance(value, datetime.date):
        value = _date_from_text(str(value))
    return value.replace(day=1) if month else value


def _date_from_text(text: str) -> datetime.date:
    words = [part for part in re.split(r"[\s\-/.]+", plain(text)) if part and part != "de"]
    try:
        if len(words) == 2 and words[0][:3] in MONTH_WORDS:
            return datetime.date(int(words[1]), MONTH_WORDS[words[0][:3]], 1)
        numbers = [MONTH_WORDS.get(word[:3], 0) or int(word) for word in words]
        if len(numbers) == 2:
            return datetime.date(max(numbers), min(numbers), 1)
        if len(numbers) == 3:
            year, month, day = numbers if numbers[0] > 31 else numbers[::-1]
            return datetime.date(year, month, day)
    except ValueError:
        pass
    raise _CellRefused("CELL-DATE", found=text)


def _choice(value: object, choices: type[Choice]) -> Choice:
    wanted = plain(str(value))
    for choice in choices:
        if wanted in {plain(choice.value)} | {plain(choice.label(language)) for language in LANGUAGES}:
            return choice
    raise _CellRefused("CELL-CHOICE", found=str(value), allowed=", ".join(choice.label("es") for choice in choices))


def _yes_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = plain(str(value))
    if word in {"si", "s", "yes", "y", "x", "verdadero", "true", "1"}:
        return True
    if word in {"no", "n", "falso", "false", "0"}:
        return False
    raise _CellRefused("CELL-YES-NO", found=str(value))


def _text(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _cell(value: Value, info: FieldInfo) -> object:
    """A raw cell as the column's type. Raises _CellRefused."""
    if isinstance(value, CellFault):
        raise _CellRefused("CELL-ERROR" if value.kind == "error" else "CELL-UNCACHED", found=value.text)
    kind = kind_of(info)
    if issubclass(kind, Choice):
        return _choice(value, kind)
    if kind is bool:
        return _yes_no(value)
    if kind is datetime.date:
        return _date(value, is_month(info))
    if kind is int:
        number = _number(value)
        if not number.is_integer():
            raise _CellRefused("CELL-WHOLE", found=number)
        return int(number)
    if kind is float:
        return _number(value)
    return _text(value)


def column_letter(index: int) -> str:
    """Spreadsheet letters of a column counted from 0: 0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _is_empty(value: Value) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def find_sheet(workbook: RawWorkbook, sheet: Sheet) -> RawSheet | None:
    """The raw sheet that carries the sheet's key or its title in any language."""
    names = {plain(sheet.name)} | {plain(sheet.title(language)) for language in LANGUAGES}
    return next((raw for name, raw in workbook.sheets.items() if plain(name) in names), None)


def _as_table(raw: RawSheet, form: bool) -> list[list[tuple[Value, str, int]]]:
    """Rows of (value, cell name, row number); a form's first two columns become a header row and one data row."""
    cells = [
        [(value, f"{column_letter(across)}{down + 1}", down + 1) for across, value in enumerate(row)]
        for down, row in enumerate(raw.cells)
    ]
    if not form:
        return cells
    used = [row for row in cells[1:] if len(row) > 1 and not _is_empty(row[0][0])]
    return [[row[0] for row in used], [row[1] for row in used]]


def read_rows(workbook: RawWorkbook, sheet: Sheet) -> tuple[list[Row], list[Finding]]:
    """The rows of ``sheet`` in ``workbook`` and everything that is wrong with them."""
    raw = find_sheet(workbook, sheet)
    if raw is None:
        missing = error("SHEET-MISSING", Place(sheet=sheet.title("es")), sheet=sheet.title("es"))
        return [], [missing] if sheet.required else []
    findings = [error("SHEET-MERGED", Place(sheet=raw.name, cell=where), range=where) for where in raw.merged]
    table = _as_table(raw, sheet.form)
    if not table or all(_is_empty(value) for value, _, _ in table[0]):
        return [], [*findings, error("SHEET-EMPTY", Place(sheet=raw.name), sheet=raw.name)]
    positions, header_findings = _header(table[0], sheet, raw.name)
    findings += header_findings
    rows: list[Row] = []
    for cells in table[1:]:
        if all(_is_empty(value) for value, _, _ in cells):
            continue
        row, row_findings = _read_row(cells, positions, sheet, raw.name)
        findings += row_findings
        if row is not None:
            rows.append(row)
    if not rows and sheet.required and not findings:
        findings.append(error("SHEET-EMPTY", Place(sheet=raw.name), sheet=raw.name))
    return rows, findings + _duplicates(rows, sheet)


def _header(cells: Sequence[tuple[Value, str, int]], sheet: Sheet, name: str) -> tuple[dict[str, int], list[Finding]]:
    positions: dict[str, int] = {}
    findings: list[Finding] = []
    spellings = {field: _names(sheet, field) for field in sheet.row.model_fields}
    for index, (value, cell, _) in enumerate(cells):
        if _is_empty(value):
            continue
        field = next((field for field, names in spellings.items() if plain(str(value)) in names), None)
        place = Place(sheet=name, cell=cell, column=str(value))
        if field is None:
            findings.append(error("COLUMN-UNKNOWN", place, column=str(value)))
        elif field in positions:
            findings.append(error("COLUMN-TWICE", place, column=str(value)))
        else:
            positions[field] = index
    for field, info in sheet.row.model_fields.items():
        if info.is_required() and field not in positions:
            header = sheet.header(field, "es")
            findings.append(error("COLUMN-MISSING", Place(sheet=name, column=header), column=header))
    return positions, findings


def _read_row(
    cells: Sequence[tuple[Value, str, int]], positions: Mapping[str, int], sheet: Sheet, name: str
) -> tuple[Row | None, list[Finding]]:
    values: dict[str, object] = {}
    findings: list[Finding] = []
    places: dict[str, Place] = {}
    for field, index in positions.items():
        value, cell, number = cells[index] if index < len(cells) else (None, "", cells[0][2])
        places[field] = Place(sheet=name, row=number, column=sheet.header(field, "es"), cell=cell or None)
        if _is_empty(value):
            continue
        try:
            values[field] = _cell(value, sheet.row.model_fields[field])
        except _CellRefused as refused:
            findings.append(error(refused.code, places[field], **refused.values))
    row_place = Place(sheet=name, row=cells[0][2])
    if findings:
        return None, findings
    try:
        row = sheet.row.model_validate(values)
    except ValidationError as invalid:
        told = [detail for detail in invalid.errors() if detail["type"] != "missing" or detail["loc"][0] in positions]
        return None, [_finding_of(detail, places, row_place, sheet) for detail in told]
    row._read_from, row._cells = row_place, places
    return row, []


def _finding_of(detail: ErrorDetails, places: Mapping[str, Place], row_place: Place, sheet: Sheet) -> Finding:
    """A pydantic remark as a finding. A validator's own PydanticCustomError carries its code as type."""
    field = str(detail["loc"][0]) if detail["loc"] else ""
    place = places.get(field, row_place)
    header = sheet.header(field, "es") if field in sheet.row.model_fields else ""
    if detail["type"] == "missing":
        return error("CELL-MISSING", place, column=header)
    if has_text(detail["type"]):
        return error(detail["type"], place, **detail.get("ctx", {}))
    limits = ", ".join(f"{name} {limit}" for name, limit in detail.get("ctx", {}).items())
    return error("CELL-RANGE", place, column=header, found=str(detail["input"]), limits=limits)


def _duplicates(rows: Iterable[Row], sheet: Sheet) -> list[Finding]:
    """Rows that say the same thing twice."""
    if not sheet.unique:
        return []
    first: dict[tuple[object, ...], Row] = {}
    findings = []
    for row in rows:
        key = tuple(getattr(row, field) for field in sheet.unique)
        if key in first:
            findings.append(error("ROW-TWICE", row.read_from, first=str(first[key].read_from.row), key=_key_words(key)))
        first.setdefault(key, row)
    return findings


def _key_words(key: Sequence[object]) -> str:
    return ", ".join(f"{part:%Y-%m}" if isinstance(part, datetime.date) else str(part) for part in key)
