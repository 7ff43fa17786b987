"""A made-up park of two firms for the tests of the zone case: a year of bills, equipment, needs, waste heat, measures.

Plans are put together by hand: no solver is needed to test what a plan means for the ledger.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

import numpy as np

from ayni.base.findings import Finding, Place
from ayni.base.periods import hours_of, is_peak
from ayni.base.sheets import Row
from ayni.ledger import schema as ledger_schema
from ayni.ledger.ledger import Ledger
from ayni.ledger.reading import read_ledger
from ayni.zones import schema as zones_schema
from ayni.zones.abatement import zone_as_it_stands
from ayni.zones.build import CaseNotes, build_case, check_zone
from ayni.zones.case import ZoneCase
from ayni.zones.dispatch.plan import Plan
from ayni.zones.replay import settled
from ledger_samples import Values, month

YEAR = 2025
HOURS = hours_of(YEAR)
MONTH = np.asarray(HOURS.month)
PEAK = is_peak(HOURS, 18, 23, rest_days_exempt=True)
SHEETS = {sheet.name: sheet for sheet in (*ledger_schema.SHEETS, *zones_schema.SHEETS)}


FUELS = (
    ("E01", "natural_gas", 30_000.0, "m3"),
    ("E02", "diesel", 2_000.0, "gal"),
    ("E02", "lpg", 1_500.0, "kg"),
)


def park_values() -> dict[str, list[Values]]:
    """The park's cells by sheet, to be changed before ``rows_of`` makes rows of them."""
    months = range(1, 13)
    return {
        "park": [{
            "name": "Parque de prueba", "origin": "made_up", "year": YEAR, "place": "Chilca", "latitude": -12.46,
            "longitude": -76.74, "area": 20.0, "price_date": datetime.date(2025, 12, 31), "pen_per_usd": 3.4,
            "usd_per_eur": 1.1, "discount_rate": 10.0, "grid_factor_year": 2024, "zone_tariff": "MT2",
            "zone_gas_available": True,
        }],
        "firms": [
            _firm("E01", "20100000017", shifts=3, work_days=7, roof_area=5100.0),
            _firm("E02", "20100000025", shifts=1, work_days=5, roof_area=1020.0),
        ],
        "flows": [{
            "month": month(1), "origin": "market", "destination": "E01", "kind": "material", "resource": "cotton",
            "amount": 10.0, "unit": "t", "measured": "invoice", "unit_cost": 900.0,
        }],
        "electricity_bills": [
            _bill(firm, number, demands, parts)
            for firm, demands, parts in (("E01", (500.0, 520.0), (0.8, 0.7)), ("E02", (80.0, 200.0), (0.3, 0.35)))
            for number in months
        ],
        "contracts": [{"firm": "E01", "option": "MT2"}, {"firm": "E02", "option": "MT3"}],
        "fuel_bills": [
            {"firm": firm, "month": month(number), "carrier": carrier, "amount": amount, "unit": unit}
            for firm, carrier, amount, unit in FUELS
            for number in months
        ],
        "prices": [
            _price("natural_gas", 0.3, "USD", "m3", low=0.2, high=0.4), _price("diesel", 14.0, "PEN", "gal", low=11.0),
            _price("lpg", 2.5, "PEN", "kg"),
        ],
        "substances": [{
            "firm": "E02", "substance": "Ácido clorhídrico", "cas": "7647-01-0", "use": 900.0, "stock": 200.0,
            "hazard_class": "corrosive", "store": "A1",
        }],
        "equipment": [
            _equipment("E01-CAL1", "steam_boiler", "natural_gas", 90.0, 0.8),
            _equipment("E01-ENF1", "chiller", "electricity", 20.0, 3.0),
            _equipment("E01-MOT1", "motors", "electricity", 30.0, 0.9),
            _equipment("E02-CAL1", "steam_boiler", "diesel", 100.0, 0.78),
            _equipment("E02-CAL2", "hot_water_boiler", "lpg", 40.0, 0.85),
            _equipment("E02-HOR1", "furnace", "lpg", 60.0, 0.5),
        ],
        "heat_needs": [
            _need("E01", "heat", 150.0, 60.0), _need("E01", "heat", 70.0, 40.0), _need("E01", "cold", 7.0, 100.0),
            _need("E02", "heat", 60.0, 70.0), _need("E02", "heat", 120.0, 30.0),
        ],
        "waste_heat": [{"firm": "E01", "source": "Gases del horno", "temperature": 350.0, "energy": 600.0}],
        "profiles": [],
        "measures": [
            _measure("M1", "E01", "E01-CAL1", 10.0, saving_low=5.0, saving_high=15.0),
            _measure("M2", "E01", "E01-CAL1", 5.0),
            _measure("M3", "E01", "E01-MOT1", 20.0, saving_low=10.0, saving_high=30.0),
            _measure("M4", "E02", "E02-HOR1", 10.0),
            _measure("M5", "E01", "E01-ENF1", 10.0),
            {"measure": "M6", "firm": "E02", "name": "Menos ácido", "kind": "chemicals", "substance": "7647-01-0",
             "substance_avoided": 300.0, "cost_avoided": 5_000.0, "investment": 10_000.0, "life": 10.0, "source": "x"},
        ],
    }  # fmt: skip


def _firm(code: str, ruc: str, **more: object) -> Values:
    return {
        "firm": code, "ruc": ruc, "name": code, "isic": "1313", "employees": 50, "latitude": -12.46,
        "longitude": -76.74, **more,
    }  # fmt: skip


def _bill(firm: str, number: int, demands: tuple[float, float], parts: tuple[float, float]) -> Values:
    cells: Values = {"firm": firm, "month": month(number), "reactive": 1000.0}
    for name, hours, demand, part in zip(("peak", "off_peak"), (PEAK, ~PEAK), demands, parts, strict=True):
        cells |= {f"demand_{name}": demand, f"energy_{name}": demand * part * int((hours & (number == MONTH)).sum())}
    return cells


def _price(item: str, value: float, currency: str, unit: str, **band: float) -> Values:
    return {
        "item": item, "value": value, "currency": currency, "unit": unit, "date": "2025-12", "source": "made up",
        "status": "made_up", **band,
    }  # fmt: skip


def _equipment(code: str, kind: str, carrier: str, share: float, efficiency: float) -> Values:
    return {
        "equipment": code, "firm": code[:3], "kind": kind, "carrier": carrier, "share": share, "efficiency": efficiency,
    }  # fmt: skip


def _need(firm: str, kind: str, temperature: float, share: float) -> Values:
    return {"firm": firm, "kind": kind, "temperature": temperature, "share": share}


def _measure(code: str, firm: str, equipment: str, saving: float, **band: float) -> Values:
    return {
        "measure": code, "firm": firm, "name": code, "kind": "efficiency", "equipment": equipment, "saving": saving,
        "investment": 20_000.0, "life": 10.0, "source": "made up", **band,
    }  # fmt: skip


def rows_of(values: Mapping[str, Sequence[Values]]) -> dict[str, list[Row]]:
    """Rows by sheet; the first row of a sheet stands in its row 2."""
    rows: dict[str, list[Row]] = {}
    for name, cells in values.items():
        rows[name] = [SHEETS[name].row.model_validate(row) for row in cells]
        for number, row in enumerate(rows[name], 2):
            row._read_from = Place(sheet=name, row=number)
    return rows


def ledger_of(values: Mapping[str, Sequence[Values]]) -> Ledger:
    ledger, findings = read_ledger(rows_of(values))
    assert ledger is not None, findings
    return ledger


def case_from(
    values: Mapping[str, Sequence[Values]], folder: Path = Path()
) -> tuple[Ledger, ZoneCase, CaseNotes, tuple[Finding, ...]]:
    """Ledger, case, notes and all findings of a park."""
    ledger, rows = ledger_of(values), rows_of(values)
    case, notes, remarks = build_case(ledger, rows, folder)
    return ledger, case, notes, (*check_zone(ledger, rows, folder), *remarks)


@cache
def sample() -> tuple[Ledger, ZoneCase, CaseNotes, tuple[Finding, ...]]:
    """The park as it stands above."""
    return case_from(park_values())


def plan_with(
    case: ZoneCase, *, pv: float = 0.0, heat_pump: float = 0.0, waste_heat: bool = False, measures: Sequence[str] = ()
) -> Plan:
    """A plan with so much built [MW], the heat pump on all the hot water that it can, and these measures."""
    start = zone_as_it_stands(case)
    flows, sizes = dict(start.flows), dict(start.capacities)
    flows["pv_roof"], sizes["pv_roof"] = pv * case.solar_pv, pv
    flows["heat_pump"], sizes["heat_pump"] = np.minimum(heat_pump, 0.5 * case.demand["hot_water"]), heat_pump
    for source in case.waste_heat if waste_heat else ():
        name = f"waste_heat.{source.name}"
        flows[name], sizes[name] = source.available, float(source.available.max())
    packages = dict(start.packages)
    for group in case.measure_groups:
        wanted = [set(package.measures) <= set(measures) for package in group.packages]
        packages[group.name] = max(number for number, fits in enumerate(wanted) if fits)
    plan = settled(case, Plan(flows, sizes, packages))
    assert plan is not None
    return plan


def messages(findings: Sequence[Finding]) -> list[str]:
    """Every finding in both languages: a missing text or placeholder shows here."""
    return [finding.message(language) for finding in findings for language in ("es", "en")]
