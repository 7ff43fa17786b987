"""Which sheets are a firm's and which the park's, and whose each row of a whole workbook is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from ayni.assessment import schema as assessment
from ayni.base.sheets import Row, Sheet, rows_of
from ayni.exchange import schema as exchange
from ayni.ledger import schema as ledger
from ayni.ledger.schema import OUTSIDE, Firm, Flow, Process
from ayni.zones import schema as zones

Rows = Mapping[str, Sequence[Row]]

_OF_FIRMS = (
    ledger.FIRMS, ledger.PROCESSES, ledger.FLOWS, ledger.ELECTRICITY_BILLS, ledger.CONTRACTS, ledger.FUEL_BILLS,
    ledger.SUBSTANCES, *zones.SHEETS, *exchange.SHEETS,
)  # fmt: skip

FIRM_SHEETS: tuple[Sheet, ...] = tuple(replace(sheet, required=sheet is ledger.FIRMS) for sheet in _OF_FIRMS)
"""What a firm hands in. Only the firm itself must be there: what a firm does not have, it leaves out."""

PARK_SHEETS: tuple[Sheet, ...] = (ledger.PARK, ledger.PRICES, *assessment.SHEETS)
"""What a park hands in for itself. A contract of the zone's one connection is the park's, too."""

_BY_NAME = {sheet.name: sheet for sheet in (*FIRM_SHEETS, *PARK_SHEETS)}


def sheet_named(name: str) -> Sheet:
    """The sheet with a key. Raises KeyError."""
    return _BY_NAME[name]


def node_owners(rows: Rows) -> dict[str, str]:
    """Every node that the rows declare, firms and processes, and the firm that it belongs to."""
    firms = {firm.firm: firm.firm for firm in rows_of(rows, Firm)}
    return {process.process: process.firm for process in rows_of(rows, Process)} | firms


def owner_of(node: str, owners: Mapping[str, str]) -> str:
    """The firm of a node; a process that nobody declares is its firm's by the part before the hyphen.

    Outside nodes, and what no firm is known for, stand for themselves.
    """
    if node in OUTSIDE:
        return node
    return owners.get(node) or owners.get(node.partition("-")[0], node)


def split_park(rows: Rows) -> tuple[dict[str, list[Row]], dict[str, dict[str, list[Row]]]]:
    """The rows of a whole workbook as the park's part, and each firm's part by its code. No row is lost.

    A flow is the firm's that gives it, or else the firm's that takes it; what names no firm is the park's.
    """
    owners = node_owners(rows)
    firms = {firm.firm for firm in rows_of(rows, Firm)}
    park: dict[str, list[Row]] = {sheet.name: [] for sheet in PARK_SHEETS}
    parts: dict[str, dict[str, list[Row]]] = {
        firm.firm: {sheet.name: [] for sheet in FIRM_SHEETS} for firm in rows_of(rows, Firm)
    }
    for name, kept in rows.items():
        for row in kept:
            code = _owner(row, owners)
            part = parts[code] if code in firms else park
            part.setdefault(name, []).append(row)
    return park, parts


def _owner(row: Row, owners: Mapping[str, str]) -> str:
    if isinstance(row, Flow):
        giver = owner_of(row.origin, owners)
        return giver if giver in owners else owner_of(row.destination, owners)
    return str(getattr(row, "firm", ""))
