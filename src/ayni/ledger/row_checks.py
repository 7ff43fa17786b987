"""Checks of single rows, before the ledger is made: names, months, kinds, waste codes, contracts, prices."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from ayni.base.findings import Finding, Place, error, note, warning
from ayni.base.sheets import Row
from ayni.base.texts import Word, question
from ayni.base.units import UnknownUnit, plain
from ayni.ledger.fuels import grid_years
from ayni.ledger.ledger import ZONE
from ayni.ledger.prices import price_unit, price_units
from ayni.ledger.schema import (
    CONTRACTS,
    ELECTRICITY_BILLS,
    FIRMS,
    FLOWS,
    OUTSIDE,
    PRICES,
    PROCESSES,
    Carrier,
    Contract,
    ElectricityBill,
    Firm,
    Flow,
    FlowKind,
    FuelBill,
    Park,
    Price,
    Process,
    outside_names,
)
from ayni.ledger.tariffs import OWN_PRICES, missing_prices

WASTE_CODE = re.compile(r"(\d\d) (\d\d) (\d\d)(\*?)")
WASTE_CHAPTERS = range(1, 21)
MANAGED_KINDS = (FlowKind.WASTE, FlowKind.WASTEWATER)

Rows = Mapping[str, Sequence[Row]]


def carrier_word(carrier: Carrier) -> Word:
    """A carrier's name in the reader's language."""
    return Word(f"choice.Carrier.{carrier.value}")


def _node_word(node: str) -> Word | str:
    """An outside node in the reader's language; firms and processes are their codes."""
    return Word(f"node.{node}") if node in OUTSIDE else node


def waste_code(text: str | None) -> str | None:
    """A code of the European list of waste in the form ``15 01 10*``; None where it is blank or no such code."""
    found = WASTE_CODE.fullmatch(" ".join((text or "").replace("*", " * ").split()).replace(" *", "*"))
    return found.group() if found and int(found.group(1)) in WASTE_CHAPTERS else None


def check_rows(rows: Rows, park: Park) -> Iterator[Finding]:
    """Everything that is wrong with single rows or between the sheets."""
    firms = {row.firm for row in rows.get(FIRMS.name, ()) if isinstance(row, Firm)}
    processes = {row.process: row for row in rows.get(PROCESSES.name, ()) if isinstance(row, Process)}
    yield from _check_park(park)
    yield from _check_names(rows, firms, processes)
    yield from check_firm_codes(rows, firms)
    yield from check_years(rows, park.year)
    for row in rows.get(FLOWS.name, ()):
        if isinstance(row, Flow):
            yield from _check_nodes(row, firms | processes.keys())
            yield from _check_kind(row)
    yield from _check_contracts(rows)
    yield from _check_prices(rows, park)


def _check_park(park: Park) -> Iterator[Finding]:
    if park.grid_factor_year not in grid_years():
        years = ", ".join(str(year) for year in grid_years())
        place = park.place_of("grid_factor_year")
        yield error("LEDGER-GRID-YEAR", place, year=str(park.grid_factor_year), years=years)
    if 0 < park.discount_rate < 1:
        rate = park.discount_rate
        yield warning("LEDGER-DISCOUNT-RATE", park.place_of("discount_rate"), rate=rate, meant=rate * 100)


def _check_names(rows: Rows, firms: set[str], processes: Mapping[str, Process]) -> Iterator[Finding]:
    """No code may mean two things."""
    for row in rows.get(FIRMS.name, ()):
        if isinstance(row, Firm) and (plain(row.firm) in outside_names() or row.firm == ZONE):
            yield error("LEDGER-NAME-RESERVED", row.place_of("firm"), name=row.firm)
    for name, process in processes.items():
        if name in firms or plain(name) in outside_names() or name == ZONE:
            yield error("LEDGER-NAME-RESERVED", process.place_of("process"), name=name)


def check_firm_codes(rows: Rows, firms: Collection[str]) -> Iterator[Finding]:
    """Every row names a firm of the park; the zone may have a contract of its own."""
    for row in (row for kept in rows.values() for row in kept if not isinstance(row, Firm)):
        firm = getattr(row, "firm", None)
        if firm is not None and firm not in firms and not (isinstance(row, Contract) and firm == ZONE):
            yield error("FIRM-UNKNOWN", row.place_of("firm"), firm=firm, hint=question(firm, firms))


def check_years(rows: Rows, year: int) -> Iterator[Finding]:
    """Months lie in the study year; a sheet none of whose months does is told once, with the years that it has."""
    for kept in rows.values():
        dated = [row for row in kept if isinstance(row, Flow | ElectricityBill | FuelBill)]
        others = [row for row in dated if row.month.year != year]
        if len(others) == len(dated) > 1:
            years = tuple(str(other) for other in sorted({row.month.year for row in others}))
            place = Place(sheet=others[0].read_from.sheet)
            yield error("LEDGER-YEAR-SHEET", place, years=years, year=str(year), park=Word("sheet.park"))
            continue
        for row in others:
            yield error("LEDGER-YEAR", row.place_of("month"), month=f"{row.month:%Y-%m}", year=str(year))


def _check_nodes(row: Flow, known: Collection[str]) -> Iterator[Finding]:
    for field in ("origin", "destination"):
        node = getattr(row, field)
        if node not in known and node not in OUTSIDE:
            outside = tuple(_node_word(name) for name in OUTSIDE)
            yield error(
                "LEDGER-NODE-UNKNOWN", row.place_of(field), node=node, outside=outside, hint=question(node, known)
            )
    if row.origin == row.destination:
        yield error("LEDGER-NODE-SAME", row.place_of("destination"), node=_node_word(row.origin))
    elif row.origin in OUTSIDE and row.destination in OUTSIDE:
        ends = {"origin": _node_word(row.origin), "destination": _node_word(row.destination)}
        yield error("LEDGER-NODE-OUTSIDE", row.place_of("origin"), **ends)


def _check_kind(row: Flow) -> Iterator[Finding]:
    """A waste has a code and a management; what is no waste has neither."""
    if row.kind is FlowKind.WASTE:
        if row.management is None:
            yield warning("LEDGER-MANAGEMENT-MISSING", row.place_of("management"), resource=row.resource)
        if row.waste_code is None:
            yield warning("LEDGER-WASTE-CODE-MISSING", row.place_of("waste_code"), resource=row.resource)
        elif waste_code(row.waste_code) is None:
            yield error("LEDGER-WASTE-CODE", row.place_of("waste_code"), waste_code=row.waste_code)
        return
    if row.waste_code is not None:
        yield error(
            "LEDGER-WASTE-CODE-KIND", row.place_of("waste_code"), waste_code=row.waste_code, resource=row.resource
        )
    if row.management is not None and row.kind not in MANAGED_KINDS:
        kind = Word(f"choice.FlowKind.{row.kind.value}")
        yield error("LEDGER-MANAGEMENT-KIND", row.place_of("management"), resource=row.resource, kind=kind)


def _check_contracts(rows: Rows) -> Iterator[Finding]:
    contracts = {row.firm: row for row in rows.get(CONTRACTS.name, ()) if isinstance(row, Contract)}
    billed: set[str] = set()
    for row in rows.get(ELECTRICITY_BILLS.name, ()):
        if isinstance(row, ElectricityBill) and row.firm not in contracts and row.firm not in billed:
            billed.add(row.firm)
            yield error("LEDGER-CONTRACT-MISSING", row.place_of("firm"), firm=row.firm)
    for contract in contracts.values():
        yield from _check_contract(contract)


def _check_contract(contract: Contract) -> Iterator[Finding]:
    for field in missing_prices(contract):
        column = CONTRACTS.header(field, "es")
        yield error("LEDGER-CONTRACT-PRICE", contract.place_of(field), firm=contract.firm, column=column)
    own = ("price_energy_peak", "price_energy_off_peak", "price_demand_peak", "price_demand_excess", "price_fixed")
    given = [field for field in own if getattr(contract, field) is not None]
    if given and contract.option not in OWN_PRICES:
        place = contract.place_of(given[0])
        yield warning("LEDGER-CONTRACT-UNUSED", place, firm=contract.firm, option=contract.option.value)


def _check_prices(rows: Rows, park: Park) -> Iterator[Finding]:
    """Units fit their items, bands hold their value, and prices of another date are named."""
    other_dates: list[Price] = []
    for price in rows.get(PRICES.name, ()):
        if not isinstance(price, Price):
            continue
        yield from _check_price(price)
        if not price.date.startswith(f"{park.price_date:%Y-%m}"):
            other_dates.append(price)
    if other_dates:
        items = tuple(Word("ledger.price_of", {"item": price.item, "date": price.date}) for price in other_dates)
        place = other_dates[0].place_of("date")
        yield note("LEDGER-PRICE-DATE", place, items=items, date=park.price_date)


def _check_price(price: Price) -> Iterator[Finding]:
    allowed = price_units(price.item)
    try:
        fits = price_unit(price) in allowed
    except UnknownUnit:
        fits = False
    if not fits:
        yield error("LEDGER-PRICE-UNIT", price.place_of("unit"), unit=price.unit, allowed=", ".join(allowed))
    low, high = price.low, price.high
    if (low is not None and low > price.value) or (high is not None and high < price.value):
        yield error("LEDGER-PRICE-BAND", price.place_of("value"), item=price.item.value)
