"""XLSX in: hostile files are parsed in a limited child process; faults in cells stay visible."""

from __future__ import annotations

import datetime
import json
import logging
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, TypeAlias

from ayni.base import xlsx_parsing
from ayni.base.findings import Place, Refused, error

SIZE_MAX = 25_000_000
"""Largest file [bytes]; a larger one is refused without being read."""

SECONDS_MAX = 60
"""How long the child may take by the clock [s]."""

_ZIP, _EMPTY_ZIP, _OLE = b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")
_OVERRUNS = (-signal.SIGXCPU, -signal.SIGKILL, -signal.SIGABRT, -signal.SIGXFSZ)
_REFUSALS = frozenset(
    ("FILE-NO-WORKBOOK", "FILE-MACROS", "FILE-PASSWORD", "FILE-BOMB", "FILE-DOCTYPE", "FILE-CORRUPT", "FILE-HEAVY",
     "FILE-CELLS", "SHEET-TOO-LARGE", "CELL-ERROR")
)  # fmt: skip

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class CellFault:
    """A cell that holds no usable value.

    ``kind`` is ``error`` (``#DIV/0!``), ``uncached`` (a formula saved without its value) or ``percent`` (a number that
    shows as ``58 %`` and is stored as 0.58).
    """

    kind: str
    text: str


Value: TypeAlias = str | float | bool | datetime.date | datetime.datetime | CellFault | None


@dataclass(frozen=True)
class RawSheet:
    """A sheet as it stands: ``cells[row][column]``, both from 0, rows of one width; merged ranges as ``A1:B2``."""

    name: str
    cells: tuple[tuple[Value, ...], ...]
    merged: tuple[str, ...] = ()


@dataclass(frozen=True)
class RawWorkbook:
    """All sheets by name, in order, the hidden ones too."""

    sheets: Mapping[str, RawSheet]


def read_raw_workbook(path: Path) -> RawWorkbook:
    """Read an XLSX file. Raises Refused for what is no readable workbook; every finding names the file."""
    refuse_by_its_looks(path)
    answer = parse_in_child(path)
    match answer:
        case {"refused": [str(code), dict(values)]} if code in _REFUSALS:
            _refuse(code, path, **values)
        case {"sheets": list(sheets)}:
            pass
        case _:
            _refuse("FILE-CORRUPT", path)
    try:
        return RawWorkbook({sheet["name"]: _sheet(sheet) for sheet in sheets})
    except (KeyError, TypeError, ValueError):
        _refuse("FILE-CORRUPT", path)


def _refuse(code: str, path: Path, **values: object) -> NoReturn:
    sheet, cell = (str(values[key]) if key in values else None for key in ("sheet", "cell"))
    filled = {"sheet": "", "cell": "", "found": "", **values}
    raise Refused([error(code, Place(file=path.name, sheet=sheet, cell=cell), **filled)])


def refuse_by_its_looks(path: Path) -> None:
    """Refuse what size and first bytes give away: nothing there, too large, a password, an old format, no zip."""
    try:
        if not path.is_file():
            _refuse("FILE-MISSING", path)
        size = path.stat().st_size
        if size > SIZE_MAX:
            _refuse("FILE-SIZE", path, size=-(-size // 1_000_000), limit=SIZE_MAX // 1_000_000)
        content = path.read_bytes()
    except OSError as fault:
        _refuse("FILE-UNREADABLE", path, reason=fault.strerror or type(fault).__name__)
    if content.startswith(_OLE):
        _refuse("FILE-PASSWORD" if _ENCRYPTED_PACKAGE in content else "FILE-OLD-XLS", path)
    if not content.startswith((_ZIP, _EMPTY_ZIP)):
        _refuse("FILE-NO-WORKBOOK", path)


def parse_in_child(path: Path) -> object:
    """What the child says of the file, as unchecked JSON. Raises Refused where it crashes or runs over its limits."""
    with tempfile.TemporaryFile() as answer, tempfile.TemporaryFile() as remarks:
        command = [sys.executable, "-P", xlsx_parsing.__file__, str(path.resolve())]
        child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=answer, stderr=remarks)  # noqa: S603
        try:
            status = child.wait(timeout=SECONDS_MAX)
        except subprocess.TimeoutExpired:
            _refuse("FILE-HEAVY", path)
        finally:
            child.kill()
            child.wait()
        if status != 0:
            remarks.seek(0)
            _log.info("parser of %s ended with %d: %s", path.name, status, remarks.read(10_000))
            _refuse("FILE-HEAVY" if status in _OVERRUNS else "FILE-CORRUPT", path)
        answer.seek(0)
        try:
            return json.load(answer)
        except (ValueError, RecursionError):
            _refuse("FILE-CORRUPT", path)


def _sheet(sheet: Mapping[str, list[object]]) -> RawSheet:
    """A sheet of the child's answer. Raises KeyError, TypeError or ValueError for any other shape."""
    rows = tuple(tuple(_value(cell) for cell in row) for row in sheet["rows"])  # type: ignore[attr-defined]
    return RawSheet(str(sheet["name"]), rows, tuple(map(str, sheet["merged"])))


def _value(cell: object) -> Value:
    match cell:
        case None | str() | bool() | float():
            return cell
        case {"date": str(text)}:
            return datetime.date.fromisoformat(text)
        case {"datetime": str(text)}:
            return datetime.datetime.fromisoformat(text)
        case {"error": str(text)}:
            return CellFault("error", text)
        case {"uncached": str(text)}:
            return CellFault("uncached", text)
        case {"percent": str(text)}:
            return CellFault("percent", text)
    raise ValueError(cell)
