"""A small made-up park for tests: a foundry and a dyer, two months of bills, rows placed as if read from a sheet."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd

from ayni.base.findings import Place
from ayni.base.sheets import Row, Sheet
from ayni.ledger.ledger import Ledger
from ayni.ledger.reading import read_ledger
from ayni.ledger.schema import (
    CONTRACTS,
    ELECTRICITY_BILLS,
    FIRMS,
    FLOWS,
    FUEL_BILLS,
    PARK,
    PRICES,
    PROCESSES,
    SUBSTANCES,
)

YEAR = 2025
SHEETS: Mapping[str, Sheet] = {
    sheet.name: sheet
    for sheet in (PARK, FIRMS, PROCESSES, FLOWS, ELECTRICITY_BILLS, CONTRACTS, FUEL_BILLS, PRICES, SUBSTANCES)
}
Values = dict[str, object]


def month(number: int, year: int = YEAR) -> datetime.date:
    return datetime.date(year, number, 1)


def sample_values() -> dict[str, list[Values]]:
    """The park's cells by sheet, to be changed before ``rows_of`` makes rows of them."""
    return {
        "park": [{
            "name": "Parque de prueba", "origin": "made_up", "year": YEAR, "place": "Chilca", "latitude": -12.52,
            "longitude": -76.74, "area": 20.0, "price_date": datetime.date(2025, 11, 14), "pen_per_usd": 3.374,
            "usd_per_eur": 1.13, "discount_rate": 10.0, "grid_factor_year": 2024, "zone_tariff": "MT3",
            "zone_gas_available": True,
        }],
        "firms": [_firm("E01", "20100000017", "Fundición", "2431"), _firm("E02", "20100000025", "Tintorería", "1313")],
        "processes": [{"process": "E02-TINTE", "firm": "E02", "name": "Teñido", "balance": "water"}],
        "flows": [
            _flow(1, "market", "E01", "material", "scrap", 100.0, "t", unit_cost=800.0),
            _flow(1, "E01", "waste_operator", "waste", "foundry sand", 20.0, "t",
                  waste_code="10 09 08", management="landfill"),
            _flow(1, "E01", "waste_operator", "waste", "filter dust", 500.0, "kg",
                  waste_code="10 02 07*", management="secure_landfill", unit_cost=0.7),
            _flow(1, "market", "E02", "water", "water", 1000.0, "m3"),
            _flow(1, "E02", "E02-TINTE", "water", "water", 950.0, "m3", measured="meter"),
            _flow(1, "E02-TINTE", "environment", "water", "steam lost", 100.0, "m3", measured="estimate"),
            _flow(1, "E02-TINTE", "E02", "wastewater", "effluent", 840.0, "m3", measured="meter"),
            _flow(1, "E02", "environment", "wastewater", "effluent", 890.0, "m3", management="sewer"),
            _flow(2, "environment", "E02", "water", "well water", 200.0, "m3"),
        ],
        "electricity_bills": [
            _bill("E01", 1, 20_000.0, 100_000.0, 300.0, 400.0, 50_000.0),
            _bill("E01", 2, 18_000.0, 90_000.0, 280.0, 390.0, 20_000.0),
            _bill("E02", 1, 9_000.0, 45_000.0, 100.0, 120.0, 5_000.0),
        ],
        "contracts": [
            {"firm": "E01", "option": "MT2"},
            {"firm": "E02", "option": "free", "price_energy_peak": 0.15, "price_energy_off_peak": 0.14,
             "price_demand_peak": 60.0},
        ],
        "fuel_bills": [
            _fuel("E01", 1, "diesel", 1000.0, "gal"), _fuel("E01", 2, "diesel", 500.0, "gal"),
            _fuel("E02", 1, "natural_gas", 10_000.0, "m3"), _fuel("E02", 1, "lpg", 2_000.0, "kg"),
            _fuel("E02", 2, "biomass", 10.0, "t"),
        ],
        "prices": [
            _price("diesel", 11.07, "PEN", "gal"), _price("natural_gas", 0.2, "USD", "m3"),
            _price("lpg", 2.16, "PEN", "kg"), _price("biomass", 180.0, "PEN", "t"), _price("water", 9.46, "PEN", "m3"),
            _price("sewer", 4.27, "PEN", "m3"), _price("landfill", 130.0, "PEN", "t"),
            _price("freight", 0.35, "PEN", "t km", low=0.18, high=0.7),
        ],
        "substances": [{
            "firm": "E02", "substance": "Ácido clorhídrico", "cas": "7647-01-0", "use": 900.0, "stock": 200.0,
            "hazard_class": "corrosive", "store": "A1",
        }],
    }  # fmt: skip


def _firm(code: str, ruc: str, name: str, isic: str) -> Values:
    return {
        "firm": code, "ruc": ruc, "name": name, "isic": isic, "employees": 50, "shifts": 2, "work_days": 6,
        "roof_area": 1000.0, "latitude": -12.52, "longitude": -76.74,
    }  # fmt: skip


def _flow(
    number: int, origin: str, destination: str, kind: str, resource: str, amount: float, unit: str, **more: object
) -> Values:
    return {
        "month": month(number), "origin": origin, "destination": destination, "kind": kind, "resource": resource,
        "amount": amount, "unit": unit, "measured": "invoice", **more,
    }  # fmt: skip


def _bill(
    firm: str, number: int, peak: float, off_peak: float, demand_peak: float, demand_off_peak: float, reactive: float
) -> Values:
    return {
        "firm": firm, "month": month(number), "energy_peak": peak, "energy_off_peak": off_peak,
        "demand_peak": demand_peak, "demand_off_peak": demand_off_peak, "reactive": reactive,
    }  # fmt: skip


def _fuel(firm: str, number: int, carrier: str, amount: float, unit: str) -> Values:
    return {"firm": firm, "month": month(number), "carrier": carrier, "amount": amount, "unit": unit}


def _price(item: str, value: float, currency: str, unit: str, **band: float) -> Values:
    return {
        "item": item, "value": value, "currency": currency, "unit": unit, "date": "2025-11", "source": "made up",
        "status": "made_up", **band,
    }  # fmt: skip


def rows_of(values: Mapping[str, Sequence[Values]]) -> dict[str, list[Row]]:
    """Rows by sheet; the first row of a sheet stands in its row 2, every cell has its place."""
    return {name: [_row(SHEETS[name], cells, at) for at, cells in enumerate(rows, 2)] for name, rows in values.items()}


def _row(sheet: Sheet, cells: Values, number: int) -> Row:
    row = sheet.row.model_validate(cells)
    title = sheet.title("es")
    row._read_from = Place(sheet=title, row=number)
    row._cells = {
        field: Place(sheet=title, row=number, column=field, cell=f"{chr(65 + at)}{number}")
        for at, field in enumerate(sheet.row.model_fields)
    }
    return row


def cells(frame: pd.DataFrame, *columns: str, **where: object) -> list[Any]:
    """The cells of one row, the only one in which the columns ``where`` say so."""
    for column, value in where.items():
        frame = frame[frame[column] == value]
    assert len(frame) == 1
    return [frame[column].tolist()[0] for column in columns]


def sample_ledger(values: Mapping[str, Sequence[Values]] | None = None) -> Ledger:
    """The small park as a ledger."""
    ledger, findings = read_ledger(rows_of(values or sample_values()))
    assert ledger is not None, findings
    return ledger
