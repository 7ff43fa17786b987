"""``hourly.csv``: one record per hour, one column per series. Every fault is a finding with row and column."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import nan
from pathlib import Path

import numpy as np

from ayni.base.csv_reading import read_csv_records
from ayni.base.findings import Finding, Place, error, refuse_errors
from ayni.zones.case import Series

FINDINGS_PER_COLUMN = 3
"""Bad cells told per column; the rest would say the same."""


def read_hourly(path: Path, names: Sequence[str], hours: int) -> dict[str, Series]:
    """The columns ``names`` of ``hours`` records. Raises Refused with everything that is wrong."""
    records, findings = read_csv_records(path)
    refuse_errors(findings)
    while records and not any(cell.strip() for cell in records[-1]):
        records.pop()
    header = [cell.strip() for cell in records[0]] if records else []
    refuse_errors([*_check_header(path.name, header, names), *_check_shape(path.name, records, hours)])
    cells = dict(zip(header, zip(*records[1:], strict=True), strict=True))
    columns = {name: np.array([_number(cell) for cell in cells[name]]) for name in names}
    refuse_errors(finding for name in names for finding in _check_column(path.name, name, cells[name], columns[name]))
    return columns


def _number(cell: str) -> float:
    """The number that a cell writes; NaN for anything else."""
    try:
        return nan if "_" in cell else float(cell)
    except ValueError:
        return nan


def _check_header(file: str, header: Sequence[str], names: Sequence[str]) -> Iterator[Finding]:
    for name in names:
        if header.count(name) != 1:
            code = "COLUMN-TWICE" if name in header else "COLUMN-MISSING"
            yield error(code, Place(file=file, row=1, column=name), column=name)
    for name in dict.fromkeys(header):
        if name not in names:
            yield error("FOLDER-COLUMN-UNKNOWN", Place(file=file, row=1, column=name), column=name)


def _check_shape(file: str, records: Sequence[Sequence[str]], hours: int) -> Iterator[Finding]:
    if len(records) != hours + 1:
        found = max(len(records) - 1, 0)
        yield error("FOLDER-HOURS", Place(file=file, row=len(records)), found=str(found), hours=str(hours))
    for row, record in enumerate(records, 1):
        if len(record) != len(records[0]):
            wanted = str(len(records[0]))
            yield error("FOLDER-WIDTH", Place(file=file, row=row), found=str(len(record)), wanted=wanted)
            return


def _check_column(file: str, name: str, cells: Sequence[str], values: Series) -> Iterator[Finding]:
    """The first bad cells of a column: no number, or no flag or month where one belongs."""
    allowed = {"is_peak": (0.0, 1.0), "month": tuple(float(month) for month in range(1, 13))}.get(name)
    is_bad = ~np.isfinite(values) if allowed is None else ~np.isin(values, allowed)
    code = "FOLDER-NUMBER" if allowed is None else "FOLDER-FLAG" if name == "is_peak" else "FOLDER-MONTH"
    for at in np.flatnonzero(is_bad)[:FINDINGS_PER_COLUMN]:
        yield error(code, Place(file=file, row=int(at) + 2, column=name), found=cells[at][:40], column=name)
