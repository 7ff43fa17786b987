"""What one sheet of the workbook says of another, where no single room can see both: codes, names, missing months."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from difflib import get_close_matches
from typing import TypeVar

from ayni.base.findings import Finding, error, warning
from ayni.base.periods import MONTHS
from ayni.base.sheets import Row
from ayni.base.texts import Word
from ayni.exchange.schema import Offer, Want
from ayni.ledger.schema import SHEETS as LEDGER_SHEETS
from ayni.ledger.schema import Carrier, Contract, ElectricityBill, Firm, Flow, FuelBill, Park, Process

RowOf = TypeVar("RowOf", bound=Row)
Rows = Mapping[str, Sequence[Row]]
Dated = Sequence[Flow] | Sequence[FuelBill] | Sequence[ElectricityBill]

MONTHS_REGULAR = 9
"""A flow with rows in so many months of the year is one that goes on: its missing months are asked for."""


def check_references(rows: Rows, whole: AbstractSet[str]) -> list[Finding]:
    """Everything that rows say of other sheets and that is not so; the ledger checks its own references.

    ``whole`` names the sheets that were read without errors: what is missing in another may only be unreadable.
    """
    findings: list[Finding] = []
    if "firms" in whole:
        findings += _unknown_firms(rows)
    if {"processes", "flows"} <= whole:
        findings += _unknown_resources(rows)
    if {"park", "firms", "contracts", "electricity_bills"} <= whole:
        findings += _electricity_months(rows)
    if {"park", "fuel_bills"} <= whole:
        findings += _fuel_months(rows)
    if {"park", "flows"} <= whole:
        findings += _flow_months(rows)
    return findings


def question(name: str, known: Collection[str]) -> Word | str:
    """The question whether the name in ``known`` that is most like ``name`` was meant; empty where none is like it."""
    close = get_close_matches(name, sorted(known), n=1)
    return Word("hint.nearest", {"name": close[0]}) if close else ""


def _of(rows: Rows, model: type[RowOf]) -> list[RowOf]:
    return [row for kept in rows.values() for row in kept if isinstance(row, model)]


def _unknown_firms(rows: Rows) -> Iterator[Finding]:
    firms = {firm.firm for firm in _of(rows, Firm)}
    own = {sheet.name for sheet in LEDGER_SHEETS}
    for row in (row for name, kept in rows.items() if name not in own for row in kept):
        name = getattr(row, "firm", None)
        if name is not None and name not in firms:
            yield error("FIRM-UNKNOWN", row.place_of("firm"), firm=name, hint=question(name, firms))


def _unknown_resources(rows: Rows) -> Iterator[Finding]:
    """Offers and wants name a resource as the firm's flows do, or no amount could be taken from them."""
    owners = {process.process: process.firm for process in _of(rows, Process)}
    leaving, entering = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for flow in _of(rows, Flow):
        leaving[owners.get(flow.origin, flow.origin)].add(flow.resource)
        entering[owners.get(flow.destination, flow.destination)].add(flow.resource)
    listed: list[Offer | Want] = [*_of(rows, Offer), *_of(rows, Want)]
    for row in listed:
        known = (leaving if isinstance(row, Offer) else entering)[row.firm]
        if row.resource not in known:
            code = "OFFER-WITHOUT-FLOW" if isinstance(row, Offer) else "WANT-WITHOUT-FLOW"
            hint = question(row.resource, known)
            yield error(code, row.place_of("resource"), resource=row.resource, firm=row.firm, hint=hint)


def _electricity_months(rows: Rows) -> Iterator[Finding]:
    """Twelve bills per contract; a firm without contract and bills is worth a second look."""
    bills = defaultdict[str, list[ElectricityBill]](list)
    for bill in _of(rows, ElectricityBill):
        bills[bill.firm].append(bill)
    firms = {firm.firm: firm for firm in _of(rows, Firm)}
    contracts = {contract.firm: contract for contract in _of(rows, Contract) if contract.firm in firms}
    for name in dict.fromkeys([*contracts, *bills]):
        own = bills.get(name, [])
        missing = _missing_months(rows, own)
        if missing:
            place = own[0].read_from if own else contracts[name].read_from
            yield error("BILL-MONTHS", place, what=(Carrier.ELECTRICITY, name), months=missing)
    for name, firm in firms.items():
        if name not in contracts and name not in bills:
            yield warning("FIRM-WITHOUT-ELECTRICITY", firm.place_of("firm"), firm=name)


def _fuel_months(rows: Rows) -> Iterator[Finding]:
    bills = defaultdict[tuple[str, str], list[FuelBill]](list)
    for bill in _of(rows, FuelBill):
        bills[bill.firm, bill.carrier].append(bill)
    for own in bills.values():
        missing = _missing_months(rows, own)
        if missing:
            yield error("BILL-MONTHS", own[0].read_from, what=(own[0].carrier, own[0].firm), months=missing)


def _flow_months(rows: Rows) -> Iterator[Finding]:
    flows = defaultdict[tuple[object, ...], list[Flow]](list)
    for flow in _of(rows, Flow):
        key = (flow.origin, flow.destination, flow.kind, flow.resource, flow.waste_code, flow.management)
        flows[key].append(flow)
    for own in flows.values():
        missing = _missing_months(rows, own)
        if missing and len(own) >= MONTHS_REGULAR:
            what = (own[0].resource, own[0].origin, own[0].destination)
            yield warning("FLOW-MONTHS", own[0].read_from, what=what, months=missing)


def _missing_months(rows: Rows, dated: Dated) -> tuple[str, ...]:
    """The months of the study year that ``dated`` has no row of."""
    there = {row.month for row in dated}
    months = [datetime.date(park.year, month, 1) for park in _of(rows, Park) for month in MONTHS]
    return tuple(f"{month:%Y-%m}" for month in months if month not in there)
