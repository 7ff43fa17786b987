"""XLSX in: hostile files are parsed in a limited child process; faults in cells stay visible."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias


@dataclass(frozen=True)
class CellFault:
    """A cell that holds no usable value: ``kind`` is ``error`` (``#DIV/0!``) or ``uncached`` (formula without value)."""

    kind: str
    text: str


Value: TypeAlias = None | str | float | bool | datetime.date | datetime.datetime | CellFault


@dataclass(frozen=True)
class RawSheet:
    """A sheet as it stands: ``cells[row][column]``, both from 0, rows padded to one width; merged ranges as ``A1:B2``."""

    name: str
    cells: tuple[tuple[Value, ...], ...]
    merged: tuple[str, ...] = ()


@dataclass(frozen=True)
class RawWorkbook:
    """All visible sheets by name, in order."""

    sheets: Mapping[str, RawSheet]


def read_raw_workbook(path: Path) -> RawWorkbook:
    """Read an XLSX file. Raises Refused for what is no readable workbook."""
    raise NotImplementedError
