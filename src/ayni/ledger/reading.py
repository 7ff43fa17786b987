"""Rows of the sheets → the ledger. Units are converted here, at the door; an error anywhere keeps all of it out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import cast

import pandas as pd

from ayni.base.factors import MissingFactor
from ayni.base.findings import Finding, error, has_errors
from ayni.base.money import Money
from ayni.base.sheets import Row, RowOf, rows_of
from ayni.base.units import UnknownUnit, canonical_unit, to_canonical
from ayni.ledger.defaults import default, default_sigma
from ayni.ledger.fuels import energy_per
from ayni.ledger.ledger import COST_COLUMNS, ELECTRICITY_COLUMNS, FLOW_COLUMNS, FUEL_COLUMNS, Ledger, table
from ayni.ledger.row_checks import carrier_word, check_rows, waste_code
from ayni.ledger.schema import (
    PARK,
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
    Substance,
)

WATER_KINDS = (FlowKind.WATER, FlowKind.WASTEWATER)
FLOW_UNITS: Mapping[FlowKind, tuple[str, ...]] = {
    kind: ("kg",) if kind is FlowKind.WASTE else ("kg", "m3") for kind in FlowKind
}
"""Dimensions that an amount may have. A waste is weighed: nobody's density is known here."""

LIQUID_UNIT_MAX = 0.01
"""Volumes below [m3] are units of liquids; natural gas is never billed in them."""


class _RowRefused(Exception):
    def __init__(self, finding: Finding) -> None:
        self.finding = finding


def read_ledger(rows: Mapping[str, Sequence[Row]]) -> tuple[Ledger | None, tuple[Finding, ...]]:
    """The ledger of the rows by sheet name and everything that is wrong with them; None where an error stands."""
    if not rows.get(PARK.name):
        return None, (error("LEDGER-PARK"),)
    park = cast("Park", rows[PARK.name][0])
    findings = list(check_rows(rows, park))
    flows, flow_findings = _table(rows_of(rows, Flow), _flow_record, FLOW_COLUMNS)
    fuels, fuel_findings = _table(rows_of(rows, FuelBill), _fuel_record, FUEL_COLUMNS)
    bills, _ = _table(rows_of(rows, ElectricityBill), _bill_record, ELECTRICITY_COLUMNS)
    findings += [*flow_findings, *fuel_findings]
    if has_errors(findings):
        return None, tuple(findings)
    ledger = Ledger(
        park=park,
        money=Money(park.price_date, park.pen_per_usd, park.usd_per_eur),
        firms={row.firm: row for row in rows_of(rows, Firm)},
        processes={row.process: row for row in rows_of(rows, Process)},
        contracts={row.firm: row for row in rows_of(rows, Contract)},
        prices={row.item: row for row in rows_of(rows, Price)},
        substances=tuple(rows_of(rows, Substance)),
        flows=flows, electricity=bills, fuels=fuels,
        other_costs=table(COST_COLUMNS),
    )  # fmt: skip
    return ledger, tuple(findings)


def _table(
    rows: Sequence[RowOf], record: Callable[[RowOf], Mapping[str, object]], columns: Sequence[str]
) -> tuple[pd.DataFrame, list[Finding]]:
    """One record per row, with the sheet and row it came from; refused rows become findings."""
    records: list[Mapping[str, object]] = []
    findings: list[Finding] = []
    for row in rows:
        place = row.read_from
        try:
            records.append({**record(row), "sheet": place.sheet or "", "row": place.row or 0})
        except _RowRefused as refused:
            findings.append(refused.finding)
    return table(columns, records), findings


def _unit(row: Flow | FuelBill, allowed: Sequence[str]) -> str:
    """Canonical unit of a row's unit. Raises _RowRefused for an unknown unit and for one of another dimension."""
    try:
        unit = canonical_unit(row.unit)
    except UnknownUnit as unknown:
        raise _RowRefused(error("LEDGER-UNIT-UNKNOWN", row.place_of("unit"), unit=row.unit)) from unknown
    if unit not in allowed:
        words = ", ".join(allowed)
        raise _RowRefused(error("LEDGER-UNIT-DIMENSION", row.place_of("unit"), unit=row.unit, allowed=words))
    return unit


def _flow_record(row: Flow) -> Mapping[str, object]:
    """Amounts in kg or m3; water is counted in m3 also where it was weighed."""
    unit = _unit(row, FLOW_UNITS[row.kind])
    per_unit = to_canonical(1.0, row.unit)
    if row.kind in WATER_KINDS and unit == "kg":
        unit, per_unit = "m3", per_unit / default("water_density").value
    amount = row.amount * per_unit
    sigma = default_sigma(row.measured) if row.sigma is None else row.sigma / 100
    code = waste_code(row.waste_code)
    return {
        "month": row.month.month, "origin": row.origin, "destination": row.destination, "kind": row.kind.value,
        "resource": row.resource, "amount": amount, "unit": unit, "sigma": amount * sigma,
        "measured": row.measured.value, "waste_code": code, "hazardous": code is not None and code.endswith("*"),
        "management": row.management and row.management.value,
        "unit_cost": None if row.unit_cost is None else row.unit_cost / per_unit,
    }  # fmt: skip


def _bill_record(row: ElectricityBill) -> Mapping[str, object]:
    """kWh, kW and kvarh of the bill in MWh, MW and Mvarh."""
    measured = ("energy_peak", "energy_off_peak", "demand_peak", "demand_off_peak", "reactive")
    amounts = {field: getattr(row, field) / 1000 for field in measured}
    return {"site": row.firm, "month": row.month.month, **amounts, "amount_paid": row.amount_paid}


def _fuel_record(row: FuelBill) -> Mapping[str, object]:
    """The amount in the canonical unit of the bill's dimension, and its energy by the row that fits the unit."""
    if row.carrier is Carrier.ELECTRICITY:
        raise _RowRefused(error("LEDGER-FUEL-ELECTRICITY", row.place_of("carrier")))
    unit = _unit(row, ("m3", "kg", "MWh"))
    amount = to_canonical(row.amount, row.unit)
    is_liquid_unit = unit == "m3" and to_canonical(1.0, row.unit) < LIQUID_UNIT_MAX
    if row.carrier is Carrier.NATURAL_GAS and is_liquid_unit:
        raise _RowRefused(error("LEDGER-UNIT-DIMENSION", row.place_of("unit"), unit=row.unit, allowed="m3, MMBtu"))
    try:
        energy = amount * energy_per(row.carrier, unit)
    except MissingFactor as missing:
        finding = error("LEDGER-FACTOR", row.place_of("unit"), carrier=carrier_word(row.carrier), unit=row.unit)
        raise _RowRefused(finding) from missing
    return {
        "site": row.firm, "month": row.month.month, "carrier": row.carrier.value, "amount": amount, "unit": unit,
        "energy": energy, "measured": row.measured.value,
    }  # fmt: skip
