"""CSV in: rows of a pydantic model with every fault as a finding, by the same rules as the workbook's sheets.

A column's header is the field's name; a field named with a trailing underscore (``from_``) has the header without it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import isfinite
from pathlib import Path
from typing import TypeVar, cast

from ayni.base.findings import Finding, Place, error
from ayni.base.sheet_reading import read_rows
from ayni.base.sheets import Row, Sheet, kind_of
from ayni.base.texts import Language
from ayni.base.units import plain
from ayni.base.xlsx_parsing import Position
from ayni.base.xlsx_reading import RawSheet, RawWorkbook, Value

RowOf = TypeVar("RowOf", bound=Row)

SIZE_MAX = 64_000_000
"""Largest file [bytes]; a larger one would not fit into memory as rows."""

_NUMERAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True)
class _CsvSheet(Sheet):
    """A sheet whose headers are the field names in every language and whose title is the file's name."""

    def title(self, language: Language) -> str:  # noqa: ARG002
        return self.name

    def header(self, field: str, language: Language) -> str:  # noqa: ARG002
        return field.rstrip("_")

    def field_note(self, field: str, language: Language) -> str:  # noqa: ARG002
        return self.row.model_fields[field].description or ""


class _FileRefused(Exception):
    def __init__(self, finding: Finding) -> None:
        self.finding = finding


def read_csv_rows(
    path: Path, model: type[RowOf], unique: tuple[str, ...] = (), *, required: bool = True
) -> tuple[list[RowOf], list[Finding]]:
    """The rows of a comma-separated UTF-8 file and everything that is wrong with it.

    ``unique`` names the fields that together must not repeat; ``required`` asks for at least one row. Row numbers count
    records from 1, the header included, as a spreadsheet program shows them.
    """
    try:
        records = _records(path)
    except _FileRefused as refused:
        return [], [refused.finding]
    sheet = _CsvSheet(path.name, model, unique, required=required)
    raw = RawSheet(path.name, tuple(_typed(records, model)))
    rows, findings = read_rows(RawWorkbook({path.name: raw}), sheet)
    for row in rows:
        row._read_from = Place(file=path.name, row=row.read_from.row)
        row._cells = {field: replace(cell, file=path.name, sheet=None) for field, cell in row._cells.items()}
    placed = [replace(finding, place=replace(finding.place, file=path.name, sheet=None)) for finding in findings]
    return cast("list[RowOf]", rows), _too_wide(records, path.name) + placed


def read_csv_records(path: Path) -> tuple[list[list[str]], list[Finding]]:
    """All records of a comma-separated UTF-8 file as text, the header first, or why it cannot be read."""
    try:
        return _records(path), []
    except _FileRefused as refused:
        return [], [refused.finding]


def _records(path: Path) -> list[list[str]]:
    """All records of the file as text, blank lines as empty records. Raises _FileRefused."""
    text = _text(path)
    first = text.partition("\n")[0]
    if "," not in first and (";" in first or "\t" in first):
        raise _FileRefused(error("CSV-SEPARATOR", Place(file=path.name, row=1)))
    records: list[list[str]] = []
    try:
        records.extend(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as fault:
        place = Place(file=path.name, row=len(records) + 1)
        raise _FileRefused(error("CSV-FORM", place, fault=str(fault))) from fault
    return records


def _text(path: Path) -> str:
    """The file's text. Raises _FileRefused where it can't be read, is too large or is no UTF-8 text."""
    place = Place(file=path.name)
    try:
        size = path.stat().st_size
        if size > SIZE_MAX:
            raise _FileRefused(error("CSV-SIZE", place, size=size // 1_000_000, limit=SIZE_MAX // 1_000_000))
        raw = path.read_bytes()
    except OSError as fault:
        raise _FileRefused(error("CSV-UNREADABLE", place, path=str(path))) from fault
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise _FileRefused(error("CSV-ENCODING", replace(place, row=line), line=str(line))) from fault
    if "\0" in text:
        raise _FileRefused(error("CSV-FORM", place, fault="NUL"))
    return text


def _typed(records: Sequence[Sequence[str]], model: type[Row]) -> list[tuple[Value, ...]]:
    """The records with the numerals of numeric columns as numbers; all else stays text for the sheet's own checks."""
    numeric = {plain(name.rstrip("_")) for name, info in model.model_fields.items() if kind_of(info) in (int, float)}
    header = [plain(name) for name in records[0]] if records else []
    is_numeric = [name in numeric for name in header]
    width = len(header)
    return [
        (*(_number(text) if is_numeric[at] and down else text for at, text in enumerate(record[:width])),)
        for down, record in enumerate(records)
    ]


def _number(text: str) -> Value:
    """The finite number that ``text`` writes with a decimal point, else the text itself."""
    numeral = text.strip()
    if _NUMERAL.fullmatch(numeral) and isfinite(value := float(numeral)):
        return value
    return text


def _too_wide(records: Sequence[Sequence[str]], file: str) -> list[Finding]:
    """Records with more cells than the header has: a comma too many, so the cells may stand in wrong columns."""
    width = len(records[0]) if records else 0
    return [
        error("CSV-WIDTH", Place(file=file, row=row + 1, cell=Position(row, width).name), found=record[width])
        for row, record in enumerate(records)
        if len(record) > width and any(cell.strip() for cell in record[width:])
    ]
