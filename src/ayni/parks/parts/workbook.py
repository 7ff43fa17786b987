"""A part's workbook in and out: the sheets of one firm, or those of the park itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from typing import cast

from ayni.base.cells import is_empty
from ayni.base.findings import Finding, Place, error, has_errors, in_file, note
from ayni.base.sheet_reading import find_sheet, read_rows
from ayni.base.sheets import Row, Sheet, kind_of, rows_of
from ayni.base.texts import Language
from ayni.base.xlsx_reading import RawSheet, RawWorkbook, Value, read_raw_workbook
from ayni.base.xlsx_writing import write_workbook
from ayni.ledger.ledger import ZONE
from ayni.ledger.schema import CONTRACTS, FIRMS, Contract, Firm
from ayni.parks.parts.sheets import FIRM_SHEETS, PARK_SHEETS, Rows, sheet_named, split_park
from ayni.parks.workbook import strangers, titles_language

NUMERAL = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
ODD_SIGN = re.compile("[\0\ud800-\udfff]")
LARGEST_WHOLE = 10**15


@dataclass(frozen=True)
class Part:
    """What was read of one part: rows by sheet, what is wrong with them, and the sheets that hold errors."""

    rows: dict[str, list[Row]]
    findings: tuple[Finding, ...] = ()
    faulty: frozenset[str] = frozenset()


def read_firm_workbook(path: Path, firm: str | None = None, previous: Rows | None = None) -> Part:
    """A firm's sheets in a workbook. Raises Refused for what is no readable workbook.

    Of a whole park's workbook only the rows of ``firm`` are taken, and a note says what was left. Where the sheet of
    firms is not there, the sheets that are missing are those of ``previous``: then the file is its flows part.
    """
    workbook = read_raw_workbook(path)
    language = titles_language(workbook)
    part = _read(workbook, FIRM_SHEETS, language)
    if previous and find_sheet(workbook, FIRMS) is None:
        part = _completed(part, workbook, previous, language)
    if firm is not None and not has_errors(part.findings):
        part = _own_rows(part, firm)
    left = _left_out(workbook, PARK_SHEETS, language, "PART-PARK-SHEETS")
    findings = [*strangers(workbook, language), *part.findings, *left]
    return Part(part.rows, in_file(findings, path.name), part.faulty)


def read_park_part(path: Path) -> Part:
    """A park's own sheets in a workbook, also in a whole one. Raises Refused for what is no readable workbook."""
    workbook = read_raw_workbook(path)
    language = titles_language(workbook)
    part = _read(workbook, (*PARK_SHEETS, sheet_named(CONTRACTS.name)), language)
    zone = [row for row in rows_of(part.rows, Contract) if row.firm == ZONE]
    rows = {**part.rows, CONTRACTS.name: cast("list[Row]", zone)}
    others = [sheet for sheet in FIRM_SHEETS if sheet.name != CONTRACTS.name]
    left = _left_out(workbook, others, language, "PART-FIRM-SHEETS")
    return Part(rows, in_file([*strangers(workbook, language), *part.findings, *left], path.name), part.faulty)


def read_values(values: Mapping[str, Sequence[Mapping[str, object]]], language: Language) -> Part:
    """Rows from values by sheet and column, as a form or a program sends them, with everything that is wrong.

    Numbers may be written as text with a decimal point; choices and months in any way that the workbook takes.
    """
    rows: dict[str, list[Row]] = {}
    findings: list[Finding] = []
    faulty: set[str] = set()
    for name, records in values.items():
        try:
            sheet = sheet_named(name)
        except KeyError:
            findings.append(error("PART-SHEET-UNKNOWN", Place(sheet=name), sheet=name))
            continue
        rows[name], found = _read_records(sheet, records, language)
        findings += found
        faulty |= {name} if has_errors(found) else set()
    return Part(rows, tuple(findings), frozenset(faulty))


def write_firm_template(path: Path, language: Language, rows: Rows | None = None, *, for_park: bool = False) -> None:
    """Write the workbook of a firm, or of a park itself, empty or filled with ``rows``. Raises OSError."""
    sheets = PARK_SHEETS if for_park else FIRM_SHEETS
    if for_park and rows and rows.get(CONTRACTS.name):
        sheets = (*sheets, sheet_named(CONTRACTS.name))
    write_workbook(path, sheets, language, rows)


def _read(workbook: RawWorkbook, sheets: Sequence[Sheet], language: Language) -> Part:
    rows: dict[str, list[Row]] = {}
    findings: list[Finding] = []
    faulty: set[str] = set()
    for sheet in sheets:
        rows[sheet.name], found = read_rows(workbook, sheet, language)
        findings += found
        if has_errors(found):
            faulty.add(sheet.name)
    return Part(rows, tuple(findings), frozenset(faulty))


def _completed(part: Part, workbook: RawWorkbook, previous: Rows, language: Language) -> Part:
    """The part with the sheets that the file has not, from the previous version; a note names them."""
    absent = [sheet for sheet in FIRM_SHEETS if find_sheet(workbook, sheet) is None]
    rows = part.rows | {sheet.name: list(previous.get(sheet.name, ())) for sheet in absent}
    findings = [one for one in part.findings if not (one.code == "SHEET-MISSING" and rows[FIRMS.name])]
    taken = tuple(sheet.title(language) for sheet in absent if rows[sheet.name])
    findings += [note("PART-FROM-PREVIOUS", Place(), sheets=taken)] if taken else []
    return Part(rows, tuple(findings), part.faulty - {FIRMS.name})


def _own_rows(part: Part, firm: str) -> Part:
    """Of a whole park's rows, those of one firm; a row of a firm that the file does not list stays and is checked."""
    others = [row.firm for row in rows_of(part.rows, Firm) if row.firm != firm]
    if not others or firm not in {row.firm for row in rows_of(part.rows, Firm)}:
        return part
    rest, firms = split_park(part.rows)
    rows = {name: [*kept, *rest.get(name, ())] for name, kept in firms[firm].items()}
    left = note("PART-OTHER-FIRMS", Place(), firm=firm, others=tuple(others))
    return Part(rows, (*part.findings, left), part.faulty)


def _left_out(workbook: RawWorkbook, sheets: Collection[Sheet], language: Language, code: str) -> list[Finding]:
    """A note that names sheets with content that are somebody else's to hand in."""
    raws = [(sheet, find_sheet(workbook, sheet)) for sheet in sheets]
    full = [sheet for sheet, raw in raws if raw is not None and _has_rows(raw, sheet)]
    titles = tuple(sheet.title(language) for sheet in full)
    return [note(code, Place(), sheets=titles)] if titles else []


def _has_rows(raw: RawSheet, sheet: Sheet) -> bool:
    """Whether anything stands below the headers, or beside the names of a form."""
    cells = (row[1:2] for row in raw.cells[1:]) if sheet.form else raw.cells[1:]
    return any(not is_empty(value) for row in cells for value in row)


def _read_records(
    sheet: Sheet, records: Sequence[Mapping[str, object]], language: Language
) -> tuple[list[Row], list[Finding]]:
    """The records as the rows of a sheet that has just the columns that some record names."""
    title = sheet.title(language)
    odd = [number for number, record in enumerate(records, 2) if _has_odd_text(record)]
    if odd:
        return [], [error("PART-TEXT", Place(sheet=title, row=number)) for number in odd]
    fields = list(dict.fromkeys(key for record in records for key in record)) or list(sheet.row.model_fields)
    fields += [key for key, info in sheet.row.model_fields.items() if info.is_required() and key not in fields]
    known = sheet.row.model_fields
    headers = [sheet.header(key, language) if key in known else key for key in fields]
    table = [tuple(_value(record.get(key), key, sheet) for key in fields) for record in records]
    cells: list[tuple[Value, ...]] = [tuple(headers), *table]
    if sheet.form and len(records) <= 1:
        values = table[0] if table else (None,) * len(fields)
        cells = list(zip(headers, values, strict=True))
    elif sheet.form:
        return [], [error("PART-ONE-ROW", Place(sheet=title), sheet=title)]
    if not records and not sheet.required:
        return [], []
    return read_rows(RawWorkbook({title: RawSheet(title, tuple(cells))}), sheet, language)


def _has_odd_text(record: Mapping[str, object]) -> bool:
    """Whether a text stands there that no file could hold: with a NUL or half a character."""
    texts = [part for pair in record.items() for part in pair if isinstance(part, str)]
    return any(ODD_SIGN.search(text) for text in texts)


def _value(value: object, key: str, sheet: Sheet) -> Value:
    """A value as a cell would hold it: numerals of a column of numbers as numbers."""
    info = sheet.row.model_fields.get(key)
    is_numeric = info is not None and kind_of(info) in (int, float)
    if isinstance(value, str) and is_numeric and NUMERAL.fullmatch(value.strip()):
        written = float(value)
        return written if isfinite(written) else value
    if isinstance(value, int) and not isinstance(value, bool):
        return float(value) if abs(value) < LARGEST_WHOLE else str(value)
    return cast("Value", value)
