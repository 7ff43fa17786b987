"""The flows of a reconciliation in: one CSV file with every fault as a finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from ayni.base.csv_reading import read_csv_rows
from ayni.base.findings import Finding, Place, error, note
from ayni.base.sheets import Row, column
from ayni.ledger.reconcile import FLOW_COLUMNS


class FlowRow(Row):
    """A flow of one item between two nodes; an amount and its standard deviation where it was measured."""

    flow: str = column("flow", "Name of the flow.")
    from_: str = column("from", "Node that it leaves; names beginning with outside are not balanced.")
    to: str = column("to", "Node that it enters.")
    amount: float | None = column("amount", "Measured amount; blank where not measured.", default=None)
    sigma: float | None = column("sigma", "Standard deviation, in the unit of the amount.", default=None, ge=0)


def read_flows(path: Path) -> tuple[pd.DataFrame, tuple[Finding, ...]]:
    """The table for ``reconcile`` and everything that is wrong with the file."""
    rows, findings = read_csv_rows(path, FlowRow, unique=("flow",))
    findings += [*_check_columns(rows, path.name), *(finding for row in rows for finding in _check_row(row))]
    records = [(row.flow, row.from_, row.to, row.amount, row.sigma) for row in rows]
    table = pd.DataFrame(records, columns=list(FLOW_COLUMNS))
    return table.astype({"amount": "float64", "sigma": "float64"}), tuple(findings)


def _check_columns(rows: Sequence[FlowRow], file: str) -> Iterator[Finding]:
    """Blank cells mean something, so their columns must be there."""
    for field in ("amount", "sigma"):
        if rows and rows[0].place_of(field).cell is None:
            yield error("COLUMN-MISSING", Place(file=file, row=1, column=field), column=field)


def _check_row(row: FlowRow) -> Iterator[Finding]:
    if row.from_ == row.to:
        yield error("RECONCILE-NODE-SAME", row.place_of("to"), flow=row.flow, node=row.to)
    if row.amount is not None and row.sigma is None:
        yield error("RECONCILE-SIGMA", row.place_of("sigma"), flow=row.flow)
    if row.amount is None and row.sigma is not None:
        yield note("RECONCILE-SIGMA-UNUSED", row.place_of("sigma"), flow=row.flow)
