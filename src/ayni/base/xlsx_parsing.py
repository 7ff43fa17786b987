"""The child process that takes a hostile XLSX file apart; run as a program, it imports nothing of Ayni.

``python xlsx_parsing.py FILE`` writes one JSON object to stdout: ``{"sheets": [{"name", "rows", "merged"}]}``, or
``{"refused": [code, values]}``. A cell is null, text, number, boolean, or an object with one key: ``date`` and
``datetime`` (ISO 8601), ``error`` (``#DIV/0!``), ``uncached`` (the formula) or ``percent`` (``58 %``, stored as 0.58).

Values come from calamine. One streaming pass over the XML finds what calamine hides (error cells, formulas without
value, percentages), measures every sheet before calamine lays it out in memory, and refuses document type declarations.
"""

from __future__ import annotations

import datetime
import json
import math
import posixpath
import re
import resource
import sys
import zipfile
import zlib
from collections.abc import Container, Mapping
from pathlib import Path
from typing import NamedTuple
from xml.parsers import expat

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook, SheetTypeEnum

MEMORY_MAX = 1 << 30
CPU_SECONDS_MAX = 40
ANSWER_MAX = 256 << 20
"""Limits of the child: address space [bytes], processor time [s], answer [bytes]."""

ENTRIES_MAX = 2_000
UNPACKED_MAX = 300 << 20
RATIO_MAX, RATIO_FROM = 200, 20 << 20
"""Limits of the archive: entries, size when unpacked [bytes], swelling of what is above RATIO_FROM [bytes]."""

ROWS_MAX, COLUMNS_MAX, CELLS_MAX = 50_000, 200, 1_500_000
"""Limits of the content: rows and columns of a sheet, cells of the whole workbook with the empty ones between."""

WORKBOOK_PART, RELATIONS_PART = "xl/workbook.xml", "xl/_rels/workbook.xml.rels"
TYPES_PART, STYLES_PART = "[content_types].xml", "xl/styles.xml"
PACKINGS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
IS_ENCRYPTED, CHUNK = 0x1, 1 << 16

CALAMINE_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!", ""))
"""Error values that calamine reads past; any other one would make it refuse the whole file without saying where."""

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_QUOTED = re.compile(r'"[^"]*"|\\.')
_MACRO_TYPE = re.compile(r"macro|vbaproject", re.IGNORECASE)
_ERROR_TEXT = re.compile(
    r"#(DIV/0!|¡DIV/0!|N/A|N/D|NAME\?|¿NOMBRE\?|NULL!|NUM!|¡NUM!|REF!|¡REF!|VALUE!|¡VALOR!|SPILL!)"
)


class Unfit(Exception):
    """The file can't be taken in: the code of the finding and its values."""

    def __init__(self, code: str, **values: str | int) -> None:
        self.code, self.values = code, values
        super().__init__(code)


class Position(NamedTuple):
    """Row and column of a cell, both from 0."""

    row: int
    column: int

    @property
    def name(self) -> str:
        """The name in a spreadsheet: row 16, column 5 is ``F17``."""
        letters, rest = "", self.column + 1
        while rest:
            rest, digit = divmod(rest - 1, 26)
            letters = chr(ord("A") + digit) + letters
        return f"{letters}{self.row + 1}"


def position_of(name: str) -> Position:
    """The position of a cell such as ``F17``. Raises Unfit."""
    parts = _REFERENCE.fullmatch(name)
    if parts is None:
        raise Unfit("FILE-CORRUPT", part=name[:40])
    column = 0
    for letter in parts[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return Position(int(parts[2]) - 1, column - 1)


def local(name: str) -> str:
    """An XML name without its prefix."""
    return name.rpartition(":")[2]


class Package:
    """The zip archive, checked: a workbook without macros or encryption that does not swell beyond the limits."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        entries = archive.infolist()
        self.entries = {entry.filename.replace("\\", "/").lower(): entry for entry in entries}
        self._refuse_bombs(entries)
        if WORKBOOK_PART not in self.entries or TYPES_PART not in self.entries:
            raise Unfit("FILE-NO-WORKBOOK")
        if len(self.entries) < len(entries):
            raise Unfit("FILE-CORRUPT", part="zip")
        if any(name.endswith("vbaproject.bin") for name in self.entries):
            raise Unfit("FILE-MACROS")

    @staticmethod
    def _refuse_bombs(entries: list[zipfile.ZipInfo]) -> None:
        unpacked = sum(entry.file_size for entry in entries)
        packed = sum(entry.compress_size for entry in entries)
        swells = unpacked > RATIO_FROM and unpacked > RATIO_MAX * packed
        if len(entries) > ENTRIES_MAX or unpacked > UNPACKED_MAX or swells:
            raise Unfit("FILE-BOMB", size=unpacked >> 20, limit=UNPACKED_MAX >> 20)
        for entry in entries:
            if entry.flag_bits & IS_ENCRYPTED:
                raise Unfit("FILE-PASSWORD")
            if entry.compress_type not in PACKINGS:
                raise Unfit("FILE-CORRUPT", part=entry.filename[:80])

    def stream(self, part: str, handler: PartHandler | None) -> None:
        """Read one XML part, through ``handler`` if it has one; the archive's checksum is verified. Raises Unfit."""
        parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartDoctypeDeclHandler = _refuse_doctype
        if handler is not None:
            parser.StartElementHandler, parser.EndElementHandler = handler.start, handler.end
            parser.CharacterDataHandler = handler.text
        try:
            with self.archive.open(self.entries[part]) as file:
                while chunk := file.read(CHUNK):
                    parser.Parse(chunk)
            parser.Parse(b"", True)
        except (expat.ExpatError, zipfile.BadZipFile, zlib.error, OSError, EOFError, LookupError, ValueError) as fault:
            raise Unfit("FILE-CORRUPT", part=part[:80]) from fault


def _refuse_doctype(*_: object) -> None:
    raise Unfit("FILE-DOCTYPE")


class PartHandler:
    """What happens while an XML part streams by; by default nothing."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""

    def end(self, name: str) -> None:
        """An element ends."""

    def text(self, data: str) -> None:
        """Character data."""


class ContentTypes(PartHandler):
    """Refuses packages that declare macros."""

    def start(self, name: str, attributes: Mapping[str, str]) -> None:  # noqa: ARG002
        """Look at one declared content type. Raises Unfit."""
        if _MACRO_TYPE.search(attributes.get("ContentType", "")):
            raise Unfit("FILE-MACROS")


class Contents(PartHandler):
    """The workbook part and its relations: sheets in order, where each stands, whether values are placeholders."""

    def __init__(self) -> None:
        self.sheets: list[tuple[str, str]] = []
        self.targets: dict[str, str] = {}
        self.is_to_be_computed = False

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Keep a sheet, a relation, or the wish to be computed on opening."""
        element = local(name)
        if element == "sheet":
            relation = next((value for key, value in attributes.items() if key.endswith(":id")), "")
            self.sheets.append((attributes.get("name", ""), relation))
        elif element == "Relationship":
            target = posixpath.normpath(posixpath.join("/xl", attributes.get("Target", "")))
            self.targets[attributes.get("Id", "")] = target.lstrip("/").lower()
        elif element == "calcPr":
            self.is_to_be_computed = attributes.get("fullCalcOnLoad") in {"1", "true"}


class Styles(PartHandler):
    """The styles part: which of the cells' styles show a number as a percentage, a hundred times what is stored."""

    def __init__(self) -> None:
        self.percent: set[str] = set()
        self._formats = {"9", "10"}
        self._count: int | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """Keep a number format that scales by a hundred, or a style of cells that uses one."""
        element = local(name)
        if element == "numFmt" and "%" in _QUOTED.sub("", attributes.get("formatCode", "")):
            self._formats.add(attributes.get("numFmtId", ""))
        elif element == "cellXfs":
            self._count = 0
        elif element == "xf" and self._count is not None:
            if attributes.get("numFmtId") in self._formats:
                self.percent.add(str(self._count))
            self._count += 1

    def end(self, name: str) -> None:
        """The styles of cells are over."""
        if local(name) == "cellXfs":
            self._count = None


class SheetScan(PartHandler):
    """One sheet's XML: error cells, formulas without value, percentages, merged ranges, how far the content reaches.

    In a file that asks to be computed on opening, a formula's 0 is the writing program's placeholder, not a value.
    """

    def __init__(self, *, is_to_be_computed: bool, percent: Container[str]) -> None:
        self.faults: dict[Position, dict[str, str]] = {}
        self.merged: list[str] = []
        self.height = self.width = 0
        self._is_to_be_computed = is_to_be_computed
        self._percent = percent
        self._cell = Position(-1, -1)
        self._type = self._style = ""
        self._parts: dict[str, list[str]] = {}
        self._open: list[str] | None = None

    def start(self, name: str, attributes: Mapping[str, str]) -> None:
        """A row or cell begins, or a part of a cell, or a merged range is named."""
        element = local(name)
        if element == "c":
            following = Position(self._cell.row, self._cell.column + 1)
            self._cell = position_of(attributes["r"]) if "r" in attributes else following
            self._type, self._style = attributes.get("t", "n"), attributes.get("s", "")
            self._parts = {}
        elif element in {"f", "v", "is"}:
            self._open = self._parts.setdefault(element, [])
        elif element == "row":
            row = int(attributes["r"]) - 1 if "r" in attributes else self._cell.row + 1
            self._cell = Position(row, -1)
        elif element == "mergeCell":
            self.merged.append(attributes.get("ref", ""))

    def text(self, data: str) -> None:
        """Text of the part of a cell that is open."""
        if self._open is not None:
            self._open.append(data)

    def end(self, name: str) -> None:
        """A part of a cell ends, or the cell."""
        element = local(name)
        if element in {"f", "v", "is"}:
            self._open = None
        elif element == "c" and self._parts:
            self._close_cell()

    def _close_cell(self) -> None:
        row, column = self._cell
        self.height, self.width = max(self.height, row + 1), max(self.width, column + 1)
        if row >= ROWS_MAX or column >= COLUMNS_MAX:
            raise Unfit("SHEET-TOO-LARGE", cell=self._cell.name, rows=ROWS_MAX, columns=COLUMNS_MAX)
        value = "".join(self._parts["v"]) if "v" in self._parts else None
        if self._type == "e":
            if (value or "") not in CALAMINE_ERRORS:
                raise Unfit("CELL-ERROR", cell=self._cell.name, found=str(value)[:40])
            self.faults[self._cell] = {"error": value or "#?"}
        elif "f" in self._parts and self._is_missing(value):
            self.faults[self._cell] = {"uncached": "=" + "".join(self._parts["f"])}
        elif value and self._type == "n" and self._style in self._percent:
            self.faults[self._cell] = {"percent": f"{float(value) * 100:.12g} %"}

    def _is_missing(self, value: str | None) -> bool:
        """Whether a formula's value was not saved; an empty text is a value (``t="str"``)."""
        if not value:
            return value is None or self._type != "str"
        return self._is_to_be_computed and self._type == "n" and value == "0"


def parse(path: str) -> dict[str, object]:
    """The file's sheets, or the reason for refusing it, as the module's docstring tells."""
    try:
        with zipfile.ZipFile(path) as archive:
            return {"sheets": _sheets(Package(archive), path)}
    except Unfit as unfit:
        return {"refused": [unfit.code, unfit.values]}
    except (zipfile.BadZipFile, CalamineError, OSError, EOFError, NotImplementedError, ValueError) as fault:
        return {"refused": ["FILE-CORRUPT", {"part": str(fault)[:80]}]}
    except MemoryError:
        return {"refused": ["FILE-HEAVY", {}]}


def _sheets(package: Package, path: str) -> list[dict[str, object]]:
    scans = _scan(package)
    # by content, not by name: a workbook that somebody called .xls is one all the same
    with Path(path).open("rb") as stream, CalamineWorkbook.from_filelike(stream) as workbook:
        kinds = {sheet.name: sheet.typ for sheet in workbook.sheets_metadata}
        if list(kinds) != list(scans):
            raise Unfit("FILE-CORRUPT", part=WORKBOOK_PART)
        return [
            _sheet(workbook.get_sheet_by_name(name), scan)
            if kinds[name] == SheetTypeEnum.WorkSheet
            else {"name": name, "rows": [], "merged": []}
            for name, scan in scans.items()
        ]


def _scan(package: Package) -> dict[str, SheetScan]:
    """What the XML says of each sheet by name; every other XML part is looked through as well. Raises Unfit."""
    contents, styles = Contents(), Styles()
    special = {TYPES_PART: ContentTypes(), WORKBOOK_PART: contents, RELATIONS_PART: contents, STYLES_PART: styles}
    for part, handler in special.items():
        if part in package.entries:
            package.stream(part, handler)
    names = {contents.targets.get(relation, ""): name for name, relation in contents.sheets}
    count = len({name.lower() for name in names.values()})
    if not count == len(names) == len(contents.sheets) > 0 or not names.keys() <= package.entries.keys():
        raise Unfit("FILE-CORRUPT", part=WORKBOOK_PART)
    scans: dict[str, SheetScan] = {}
    for part, name in names.items():
        scans[name] = SheetScan(is_to_be_computed=contents.is_to_be_computed, percent=styles.percent)
        try:
            package.stream(part, scans[name])
        except Unfit as unfit:
            unfit.values["sheet"] = name
            raise
    for part in package.entries.keys() - names.keys() - special.keys():
        if part.endswith((".xml", ".rels")):
            package.stream(part, None)
    if sum(scan.height * scan.width for scan in scans.values()) > CELLS_MAX:
        raise Unfit("FILE-CELLS", limit=CELLS_MAX)
    return scans


def _sheet(sheet: CalamineSheet, scan: SheetScan) -> dict[str, object]:
    """Calamine's values, the scan's faults put over them, all rows of one width."""
    rows = [[_encoded(value) for value in row] for row in sheet.to_python(skip_empty_area=False)]
    height, width = max(scan.height, len(rows)), max(scan.width, len(rows[0]) if rows else 0)
    rows += [[] for _ in range(height - len(rows))]
    for row in rows:
        row += [None] * (width - len(row))
    for (down, across), fault in scan.faults.items():
        rows[down][across] = fault
    return {"name": sheet.name, "rows": rows, "merged": [ref for ref in scan.merged if _has_content(ref, rows)]}


def _has_content(reference: str, rows: list[list[object]]) -> bool:
    """Whether any cell of a range holds something. Raises Unfit."""
    first, _, last = reference.partition(":")
    start, end = position_of(first), position_of(last or first)
    return any(value is not None for row in rows[start.row : end.row + 1]
               for value in row[start.column : end.column + 1])  # fmt: skip


def _encoded(value: object) -> object:
    """One of calamine's values as JSON; whole numbers become floats, as a spreadsheet has no others."""
    if isinstance(value, str):
        if _ERROR_TEXT.fullmatch(value.strip()):
            return {"error": value.strip()}
        return value or None
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return float(value) if math.isfinite(value) else {"error": str(value)}
    if isinstance(value, datetime.datetime):
        return {"datetime": value.isoformat()}
    return {"date": value.isoformat()} if isinstance(value, datetime.date) else str(value)


def limit_resources() -> None:
    """Bind this process to its limits; what it writes may not outgrow them either, and it leaves no core dump."""
    for kind, wanted in (
        (resource.RLIMIT_AS, MEMORY_MAX),
        (resource.RLIMIT_CPU, CPU_SECONDS_MAX),
        (resource.RLIMIT_FSIZE, ANSWER_MAX),
        (resource.RLIMIT_CORE, 0),
    ):
        _, hard = resource.getrlimit(kind)
        bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (bound, bound))


def main() -> None:
    """Parse the file named on the command line and answer on stdout."""
    limit_resources()
    json.dump(parse(sys.argv[1]), sys.stdout, allow_nan=False)


if __name__ == "__main__":
    main()
