"""Intake: a park's workbook read, checked through every room, and turned into its ledger."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ayni.base.findings import Finding, Refused, in_file, refuse_errors
from ayni.base.sheets import Row, rows_of
from ayni.exchange.checks import check_exchange
from ayni.exchange.schema import Offer, Want
from ayni.ledger.checks import check_ledger
from ayni.ledger.ledger import Ledger
from ayni.ledger.reading import read_ledger
from ayni.parks.workbook import read_park_workbook
from ayni.zones.build import check_zone


@dataclass(frozen=True, eq=False)
class ParkRecords:
    """A park whose workbook has no errors: its ledger, the rows of all sheets, the folder of its profile files."""

    ledger: Ledger
    rows: Mapping[str, Sequence[Row]]
    folder: Path


def take_in(path: Path) -> tuple[ParkRecords, tuple[Finding, ...]]:
    """The park in a workbook, and its warnings and notes. Raises Refused with every finding where one is an error."""
    rows, findings = read_park_workbook(path)
    refuse_errors(findings)
    try:
        records, remarks = records_of(rows, path.parent)
    except Refused as refused:
        raise Refused(in_file((*findings, *refused.findings), path.name)) from refused
    return records, in_file((*findings, *remarks), path.name)


def records_of(rows: Mapping[str, Sequence[Row]], folder: Path) -> tuple[ParkRecords, tuple[Finding, ...]]:
    """The park that rows describe, and what the checks of every room remark. Raises Refused."""
    ledger, findings = read_ledger(rows)
    refuse_errors(findings)
    if ledger is None:
        raise AssertionError("a ledger without errors must be readable")
    findings = refuse_errors((*findings, *check_ledger(ledger)))
    findings = refuse_errors((*findings, *check_exchange(ledger, rows_of(rows, Offer), rows_of(rows, Want))))
    findings = refuse_errors((*findings, *check_zone(ledger, rows, folder)))
    return ParkRecords(ledger, rows, folder), findings
