"""What one sheet of the workbook says of another, where no single room can see both: codes, names, missing months."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from statistics import median

from ayni.base.findings import Finding, error, warning
from ayni.base.periods import MONTHS
from ayni.base.sheets import Row, rows_of
from ayni.base.texts import question
from ayni.exchange.freight import great_circle
from ayni.exchange.schema import Offer, Want
from ayni.ledger.row_checks import check_firm_codes, check_years
from ayni.ledger.schema import Carrier, Contract, ElectricityBill, Firm, Flow, FuelBill, Park, Process

Rows = Mapping[str, Sequence[Row]]
Dated = Sequence[Flow] | Sequence[FuelBill] | Sequence[ElectricityBill]

MONTHS_REGULAR = 9
"""A flow with rows in so many months of the year is one that goes on: its missing months are asked for."""

DISTANCE_MAX = 50.0
"""Firms of one park lie nearer to its middle [km]: beyond, a sign or a digit of a coordinate is wrong."""


def check_references(rows: Rows, whole: AbstractSet[str]) -> list[Finding]:
    """Everything that rows say of other sheets and that is not so; the ledger checks the nodes of its flows.

    ``whole`` names the sheets that were read without errors: what is missing in another may only be unreadable. A sheet
    with codes of unknown firms or months of other years is no longer whole: its missing months are what these meant.
    """
    findings: list[Finding] = []
    firms = {firm.firm for firm in rows_of(rows, Firm)}
    years = [park.year for park in rows_of(rows, Park)]
    for name, kept in rows.items():
        found = [finding for year in years for finding in check_years({name: kept}, year)]
        if "firms" in whole:
            found += check_firm_codes({name: kept}, firms)
        findings += found
        whole = whole - {name} if found else whole
    if {"park", "firms"} <= whole:
        findings += _places(rows)
    if {"processes", "flows"} <= whole:
        findings += _unknown_resources(rows)
    if {"park", "firms", "contracts", "electricity_bills"} <= whole:
        findings += _electricity_months(rows)
    if {"park", "fuel_bills"} <= whole:
        findings += _fuel_months(rows)
    if {"park", "flows"} <= whole:
        findings += _flow_months(rows)
    return findings


def _places(rows: Rows) -> Iterator[Finding]:
    """The park and its firms lie near their middle. The median of all is the middle: one slip does not move it far."""
    spots: list[Park | Firm] = [*rows_of(rows, Park), *rows_of(rows, Firm)]
    for park in rows_of(rows, Park):
        middle = {field: median(getattr(spot, field) for spot in spots) for field in ("latitude", "longitude")}
        centre = park.model_copy(update=middle)
        for spot in spots:
            distance = great_circle(spot, centre)
            if distance > DISTANCE_MAX:
                told = error if spot is park else warning
                code = "PARK-FAR" if spot is park else "FIRM-FAR"
                name = spot.name if isinstance(spot, Park) else spot.firm
                yield told(code, spot.place_of("latitude"), name=name, distance=distance)


def _unknown_resources(rows: Rows) -> Iterator[Finding]:
    """Offers and wants name a resource as the firm's flows do, or no amount could be taken from them."""
    owners = {process.process: process.firm for process in rows_of(rows, Process)}
    leaving, entering = defaultdict[str, set[str]](set), defaultdict[str, set[str]](set)
    for flow in rows_of(rows, Flow):
        leaving[owners.get(flow.origin, flow.origin)].add(flow.resource)
        entering[owners.get(flow.destination, flow.destination)].add(flow.resource)
    listed: list[Offer | Want] = [*rows_of(rows, Offer), *rows_of(rows, Want)]
    firms = {firm.firm for firm in rows_of(rows, Firm)}
    for row in (row for row in listed if row.firm in firms):
        known = (leaving if isinstance(row, Offer) else entering)[row.firm]
        if row.resource not in known:
            code = "OFFER-WITHOUT-FLOW" if isinstance(row, Offer) else "WANT-WITHOUT-FLOW"
            hint = question(row.resource, known)
            yield error(code, row.place_of("resource"), resource=row.resource, firm=row.firm, hint=hint)


def _electricity_months(rows: Rows) -> Iterator[Finding]:
    """Twelve bills per contract; a firm without contract and bills is worth a second look."""
    bills = defaultdict[str, list[ElectricityBill]](list)
    for bill in rows_of(rows, ElectricityBill):
        bills[bill.firm].append(bill)
    firms = {firm.firm: firm for firm in rows_of(rows, Firm)}
    contracts = {contract.firm: contract for contract in rows_of(rows, Contract) if contract.firm in firms}
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
    for bill in rows_of(rows, FuelBill):
        bills[bill.firm, bill.carrier].append(bill)
    for own in bills.values():
        missing = _missing_months(rows, own)
        if missing:
            yield error("BILL-MONTHS", own[0].read_from, what=(own[0].carrier, own[0].firm), months=missing)


def _flow_months(rows: Rows) -> Iterator[Finding]:
    flows = defaultdict[tuple[object, ...], list[Flow]](list)
    for flow in rows_of(rows, Flow):
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
    months = [datetime.date(park.year, month, 1) for park in rows_of(rows, Park) for month in MONTHS]
    return tuple(f"{month:%Y-%m}" for month in months if month not in there)
