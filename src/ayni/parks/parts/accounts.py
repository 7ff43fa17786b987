"""What one firm's year comes to: its part of the account, how well each total is founded, what passes its fence."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from ayni.base.factors import Factor
from ayni.base.findings import refuse_errors
from ayni.base.periods import MONTHS
from ayni.base.sheets import rows_of
from ayni.base.status import Status, worst
from ayni.ledger.account import account_of, of_site
from ayni.ledger.charges import list_price_items
from ayni.ledger.cost import LINE_COLUMNS, Cost, cost
from ayni.ledger.defaults import default
from ayni.ledger.figures.rows import row_status
from ayni.ledger.footprint import footprint
from ayni.ledger.fuels import emission_factors, grid_factor, heating_value
from ayni.ledger.ledger import Ledger
from ayni.ledger.prices import FUEL_ITEMS, MissingPrice, price_row
from ayni.ledger.reading import read_ledger
from ayni.ledger.schema import (
    CONTRACTS,
    FIRMS,
    Carrier,
    ElectricityBill,
    Flow,
    FlowKind,
    FuelBill,
    PriceItem,
)
from ayni.ledger.tariffs import tariff_of
from ayni.parks.parts.checks import FirmContext, firm_and_context
from ayni.parks.parts.sheets import PARK_SHEETS, Rows
from ayni.zones.schema import EQUIPMENT

SITE = "site"
"""The firm itself at an end of a flow that passes its fence."""

MARKET, GRID, ENERGY = "market", "grid", "energy"


@dataclass(frozen=True)
class Founded:
    """A value with the worst status of what it rests on, and the factors that it used, with their versions."""

    value: float
    status: Status
    factors: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True)
class FlowSum:
    """A year's sum of what passes the fence: ``giver`` and ``taker`` are ``site``, an outside node or a firm's code."""

    giver: str
    taker: str
    kind: str
    name: str
    way: str
    amount: float
    unit: str


@dataclass(frozen=True)
class FirmYear:
    """One firm's year: ``totals`` by the account's keys; ``months`` by key and month; ``flows`` past its fence.

    Without a price that it needs, the firm has no ``cost`` totals: they are not known, which is not 0.
    """

    totals: Mapping[str, Founded]
    months: Mapping[tuple[str, int], Founded]
    flows: tuple[FlowSum, ...]


def firm_year(rows: Rows, context: FirmContext) -> FirmYear:
    """The year of a firm whose part was checked without errors. Raises Refused where it was not."""
    ledger, findings = read_ledger(firm_and_context(rows, context))
    refuse_errors(findings)
    if ledger is None:
        raise AssertionError("a ledger without errors must be readable")
    try:
        money = cost(ledger)
    except MissingPrice:
        money = None
    whole = account_of(footprint(ledger), money or Cost(pd.DataFrame(columns=list(LINE_COLUMNS))))
    totals = of_site(whole, context.firm).totals
    basis = _Basis.of(ledger, context.firm)
    known = {key: value for key, value in totals.items() if money is not None or not key.startswith("cost.")}
    founded = {key: Founded(value, *basis.of_key(key)) for key, value in known.items()}
    return FirmYear(founded, dict(_months(ledger, basis)), tuple(_flow_sums(ledger, context.firm)))


def completeness(rows: Rows, *, of_park: bool = False) -> float:
    """Part of what is expected that is there, from 0 to 1: each sheet counts alike, a dated one by its months.

    Of a firm: itself, contract, electricity bills, flows, equipment, and the bills of each fuel that it burns. Of a
    park: its own sheets.
    """
    if of_park:
        parts = [float(bool(rows.get(sheet.name))) for sheet in PARK_SHEETS]
        return sum(parts) / len(parts)
    parts = [float(bool(rows.get(name))) for name in (FIRMS.name, CONTRACTS.name, EQUIPMENT.name)]
    parts += [_share_of_year(rows_of(rows, ElectricityBill)), _share_of_year(rows_of(rows, Flow))]
    fuels = rows_of(rows, FuelBill)
    parts += [_share_of_year([bill for bill in fuels if bill.carrier is one]) for one in {row.carrier for row in fuels}]
    return sum(parts) / len(parts)


def _share_of_year(rows: Sequence[ElectricityBill] | Sequence[Flow] | Sequence[FuelBill]) -> float:
    return len({row.month.month for row in rows}) / len(MONTHS)


@dataclass(frozen=True)
class _Basis:
    """What a firm's totals rest on: the status of its rows, and the factors by what they serve."""

    rows: Status
    energy: Mapping[str, tuple[Factor, ...]]
    emissions: Mapping[str, tuple[Factor, ...]]
    money: Mapping[str, tuple[Factor, ...]]

    @classmethod
    def of(cls, ledger: Ledger, firm: str) -> _Basis:
        """The basis of one firm's totals."""
        fuels = ledger.fuels[ledger.fuels["site"] == firm]
        used = {(Carrier(carrier), str(unit)) for carrier, unit in zip(fuels["carrier"], fuels["unit"], strict=True)}
        energy, emitted = dict[str, tuple[Factor, ...]](), dict[str, tuple[Factor, ...]]()
        for carrier, unit in sorted(used):
            values = () if unit == "MWh" else (heating_value(carrier, unit),)
            gases = emission_factors(carrier, unit)
            energy[carrier.value] = (*energy.get(carrier.value, ()), *values)
            warming = (default("gwp_ch4"), default("gwp_n2o"))
            emitted[carrier.value] = (
                *emitted.get(carrier.value, ()), *values, gases.co2, gases.ch4, gases.n2o, *warming,
            )  # fmt: skip
        if (ledger.electricity["site"] == firm).any():
            emitted[Carrier.ELECTRICITY.value] = (grid_factor(ledger.park.grid_factor_year),)
        return cls(row_status(ledger), energy, emitted, dict(_money(ledger, firm)))

    def of_key(self, key: str) -> tuple[Status, tuple[Mapping[str, Any], ...]]:
        """Status and factors of one of the account's totals."""
        kind, _, name = key.partition(".")
        tables = {"energy": self.energy, "amount": self.energy, "emissions": self.emissions, "cost": self.money}
        table = tables.get(kind, {})
        names: Iterable[str] = (name,) if name in table or name in list(Carrier) else table
        if name == "scope1":
            names = [carrier for carrier in table if carrier != Carrier.ELECTRICITY]
        elif name == "scope2":
            names = [Carrier.ELECTRICITY.value]
        factors = {factor.id: factor for one in names for factor in table.get(one, ())}
        status = worst([self.rows, *(factor.status for factor in factors.values())])
        return status, tuple(_kept(factor) for factor in factors.values())


def _kept(factor: Factor) -> Mapping[str, Any]:
    return {
        "id": factor.id, "value": factor.value, "unit": factor.unit, "status": factor.status.value,
        "date": factor.date, "source": factor.source, "version": factor.version,
    }  # fmt: skip


def _money(ledger: Ledger, firm: str) -> Iterator[tuple[str, tuple[Factor, ...]]]:
    """By item of the cost account, the prices that were applied; a row's own unit cost is a row."""
    if (ledger.electricity["site"] == firm).any():
        yield Carrier.ELECTRICITY.value, tuple(tariff_of(ledger, firm).factors())
    for carrier in ledger.fuels.loc[ledger.fuels["site"] == firm, "carrier"].unique():
        yield str(carrier), _price(ledger, FUEL_ITEMS[Carrier(str(carrier))])
    items = list_price_items(ledger)
    flows = ledger.crossing_flows().loc[items.index].assign(item=items)
    named = {
        FlowKind.WATER: "water", FlowKind.WASTEWATER: "sewer", FlowKind.WASTE: "waste",
        FlowKind.MATERIAL: "materials", FlowKind.PRODUCT: "materials",
    }  # fmt: skip
    for kind, name in named.items():
        own = flows[(flows["kind"] == kind) & ((flows["giver"] == firm) | (flows["taker"] == firm))]
        listed = [PriceItem(str(item)) for item in own["item"].unique() if item]
        if name != "materials" or kind is FlowKind.MATERIAL:
            yield name, tuple(factor for item in listed for factor in _price(ledger, item))


def _price(ledger: Ledger, item: PriceItem) -> tuple[Factor, ...]:
    """The study's price of an item as a factor; none where the study has none."""
    try:
        row = price_row(ledger, item)
    except MissingPrice:
        return ()
    unit = f"{row.currency}/{row.unit}"
    return (Factor(f"prices/{item.value}", row.value, unit, Status(row.status.value), row.source, row.date),)


def _months(ledger: Ledger, basis: _Basis) -> Iterator[tuple[tuple[str, int], Founded]]:
    """Energy of each carrier by month, of the months that have a bill."""
    power = ledger.electricity
    tables = [
        power.assign(carrier=Carrier.ELECTRICITY.value, energy=power["energy_peak"] + power["energy_off_peak"]),
        ledger.fuels,
    ]
    for table in tables:
        sums = table.groupby(["carrier", "month"], as_index=False)["energy"].sum()
        for carrier, month, energy in zip(sums["carrier"], sums["month"], sums["energy"], strict=True):
            key = f"energy.{carrier}"
            yield (key, int(month)), Founded(float(energy), *basis.of_key(key))


def _flow_sums(ledger: Ledger, firm: str) -> Iterator[FlowSum]:
    flows = ledger.crossing_flows()
    flows = flows[(flows["giver"] == firm) | (flows["taker"] == firm)]
    keys = ["giver", "taker", "kind", "resource", "management", "unit"]
    sums = (
        flows.assign(management=flows["management"].fillna(""))
        .groupby(keys, sort=False, as_index=False)["amount"]
        .sum()
    )
    for *texts, amount in zip(*(sums[key] for key in keys), sums["amount"], strict=True):
        giver, taker, kind, name, way, unit = map(str, texts)
        ends = [SITE if end == firm else end for end in (giver, taker)]
        yield FlowSum(ends[0], ends[1], kind, name, way, float(amount), unit)
    energy = footprint(ledger).energy
    for carrier, amount in energy.groupby("carrier", sort=False)["energy"].sum().items():
        giver = GRID if carrier == Carrier.ELECTRICITY else MARKET
        yield FlowSum(giver, SITE, ENERGY, str(carrier), "", float(amount), "MWh")
