"""One park's workbook: the sheets that each room declares, in and out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from ayni.assessment import schema as assessment
from ayni.base.cells import is_empty
from ayni.base.findings import Finding, Place, error, has_errors, in_file
from ayni.base.sheet_reading import known_names, read_rows
from ayni.base.sheets import Row
from ayni.base.texts import LANGUAGES, Language, question
from ayni.base.units import plain
from ayni.base.xlsx_reading import RawWorkbook, read_raw_workbook
from ayni.base.xlsx_writing import instruction_titles, write_workbook
from ayni.exchange import schema as exchange
from ayni.ledger import schema as ledger
from ayni.parks.references import check_references
from ayni.zones import schema as zones

SHEETS = (*ledger.SHEETS, *zones.SHEETS, *exchange.SHEETS, *assessment.SHEETS)
"""All sheets of the workbook, in order."""


def read_park_workbook(path: Path) -> tuple[Mapping[str, list[Row]], tuple[Finding, ...]]:
    """Rows by sheet name, and everything that is wrong with the sheets and between them.

    What a single room can check by itself, such as units and waste codes, is left to it. Raises Refused for what is no
    readable workbook.
    """
    workbook = read_raw_workbook(path)
    language = titles_language(workbook)
    findings = strangers(workbook, language)
    rows: dict[str, list[Row]] = {}
    whole: set[str] = set()
    for sheet in SHEETS:
        rows[sheet.name], found = read_rows(workbook, sheet, language)
        findings += found
        if not has_errors(found):
            whole.add(sheet.name)
    findings += check_references(rows, whole)
    return rows, in_file(findings, path.name)


def write_template(path: Path, language: Language) -> None:
    """Write the empty workbook. Raises OSError."""
    write_workbook(path, SHEETS, language)


def write_park_workbook(path: Path, rows: Mapping[str, Sequence[Row]], language: Language) -> None:
    """Write the workbook filled with ``rows`` by sheet name. Raises OSError."""
    write_workbook(path, SHEETS, language, rows)


def titles_language(workbook: RawWorkbook) -> Language:
    """The language of most of the workbook's titles."""
    names = {plain(name) for name in workbook.sheets}
    return max(LANGUAGES, key=lambda language: len(names & {plain(sheet.title(language)) for sheet in SHEETS}))


def strangers(workbook: RawWorkbook, language: Language) -> list[Finding]:
    """Sheets with content that nobody would read: of an unknown name, or a second one for the same rows."""
    ignored = {plain(title) for title in instruction_titles()}
    owners = {name: sheet for sheet in SHEETS for name in known_names(sheet)}
    seen = Counter[str]()
    findings = []
    for name, raw in workbook.sheets.items():
        owner = owners.get(plain(name))
        if owner is not None:
            seen[owner.name] += 1
            if seen[owner.name] > 1:
                findings.append(error("SHEET-TWICE", Place(sheet=name), sheet=name, title=owner.title(language)))
        elif plain(name) not in ignored and not all(is_empty(value) for row in raw.cells for value in row):
            titles = [sheet.title(language) for sheet in SHEETS]
            findings.append(error("SHEET-UNKNOWN", Place(sheet=name), sheet=name, hint=question(name, titles)))
    return findings
