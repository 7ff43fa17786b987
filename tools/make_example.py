"""Makes the computed sheets of the example park from its yearly figures: bills, flows, prices, measures.

    python tools/make_example.py [FOLDER]

What a person writes by hand stands in two places. ``src/ayni/data/example/`` holds the sheets that need no computing
(park, firms, contracts, equipment, offers ...) and the measured profile; ``tools/example/`` holds yearly figures, one
table per computed sheet, and the seasons that spread them over the months. Every chance number is drawn from a seed
that is the row's own name, so a changed row changes nothing else.
"""

from __future__ import annotations

import csv
import sys
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ayni.base.factors import Factor, data_rows, economics, price, technology
from ayni.base.periods import HOURS_PER_YEAR, MONTHS, holidays, hours_of, is_peak, is_rest_day
from ayni.base.sheets import Row
from ayni.ledger.schema import Carrier, ElectricityBill, Flow, FuelBill, Price, PriceItem
from ayni.zones.schema import Measure

Table = Sequence[Mapping[str, str]]
Numbers = NDArray[np.float64]

TOOLS = Path(__file__).parent / "example"
EXAMPLE = Path(__file__).parents[1] / "src" / "ayni" / "data" / "example"
PROFILE = EXAMPLE / "profiles" / "E01_electricity.csv.gz"

FIRST_SHIFT, SHIFT_HOURS, SATURDAY = 7, 8, 5
PEAK_START, PEAK_END = 18, 23
SHIFT_WORK = np.array([1.0, 0.95, 0.86])
"""Work done in the first, second and third shift."""
HOUR_NOISE, DAY_NOISE = 0.14, 0.20
SIGMA = {"meter": 0.02, "invoice": 0.05, "estimate": 0.30}
SCATTER = 0.4
"""Records scatter by this part of their usual standard deviation, so that what should balance does."""

FUEL_ROWS = {
    Carrier.NATURAL_GAS: "natural_gas_pe",
    Carrier.DIESEL: "diesel_pe",
    Carrier.LPG: "lpg_ipcc",
    Carrier.RESIDUAL_FUEL: "residual_fuel_pi6_pe",
    Carrier.BIOMASS: "wood_waste",
}
BILL_UNITS = {"m3": 1.0, "gal": 1.0, "t": 1.0, "kg": 0.001}
"""Unit of the bill in the unit of the row of ``fuels.csv`` (m3, US gallon, t)."""

PRICE_FACTORS = {
    PriceItem.NATURAL_GAS: "natural_gas_industry_lima_delivered_C",
    PriceItem.DIESEL: "diesel_industry_delivered_excl_igv",
    PriceItem.LPG: "lpg_bulk_industry_delivered_excl_igv",
    PriceItem.RESIDUAL_FUEL: "residual_pi6_reference_excl_taxes",
    PriceItem.BIOMASS: "biomass_residue_delivered",
    PriceItem.WATER: "water_sedapal_industrial",
    PriceItem.SEWER: "sewer_sedapal_industrial",
    PriceItem.LANDFILL: "disposal_non_hazardous_industrial",
    PriceItem.SECURE_LANDFILL: "disposal_hazardous_secure_landfill",
    PriceItem.COPROCESSING: "coprocessing_cement_kiln",
    PriceItem.INCINERATION: "incineration_hazardous",
    PriceItem.FREIGHT: "freight_per_tkm_planning",
    PriceItem.FREIGHT_MINIMUM: "freight_short_haul_minimum",
    PriceItem.HANDLING: "handling_load_unload",
    PriceItem.CARBON: "carbon_social_price_mef",
}
"""Item → row of ``economics_pe.csv``."""


def read_table(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV as text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def by_key(table: Table, key: str) -> dict[str, Mapping[str, str]]:
    """Rows of a table by one of their columns."""
    return {row[key]: row for row in table}


def chance(*names: str) -> np.random.Generator:
    """A stream of chance numbers that depends on the names alone."""
    return np.random.default_rng(zlib.crc32("|".join(names).encode()))


def seasons() -> dict[str, Numbers]:
    """Twelve monthly weights with mean 1, by season."""
    rows = {
        row["season"]: np.array([float(row[str(month)]) for month in MONTHS])
        for row in read_table(TOOLS / "seasons.csv")
    }
    return {name: weights / weights.mean() for name, weights in rows.items()}


def activity(firm: Mapping[str, str], saturday: float, hours: pd.DatetimeIndex) -> Numbers:
    """Per hour 0 to 1: work in the firm's shifts on its working days, Saturdays in part."""
    shift = ((hours.hour.to_numpy() - FIRST_SHIFT) % 24) // SHIFT_HOURS
    work = np.where(shift < int(firm["shifts"]), SHIFT_WORK[shift], 0.0)
    days = int(firm["work_days"])
    is_worked = np.asarray(hours.day_of_week < days) & ((days == 7) | ~is_rest_day(hours))
    return np.where(is_worked, work, 0.0) * np.where(hours.day_of_week == SATURDAY, saturday, 1.0)


def synthetic_load(firm: Mapping[str, str], year: Mapping[str, str], hours: pd.DatetimeIndex) -> Numbers:
    """Hourly load [kW] that adds up to the firm's yearly energy: idle load, shifts, season and chance."""
    stream = chance("load", firm["firm"])
    idle = float(year["idle"])
    season = seasons()[year["season"]][hours.month.to_numpy() - 1]
    level = idle + (1 - idle) * activity(firm, float(year["saturday"]), hours) * season
    day = np.repeat(1 - DAY_NOISE * stream.random(HOURS_PER_YEAR // 24), 24)
    level = level * day * (1 - HOUR_NOISE * stream.random(HOURS_PER_YEAR))
    return np.asarray(level / level.sum() * 1000 * float(year["energy_mwh"]))


def measured_load(year: Mapping[str, str], hours: pd.DatetimeIndex) -> Numbers:
    """Hourly load [kW] from the measured profile: its day of the same weekday, a Sunday for a holiday."""
    source = pd.read_csv(PROFILE, parse_dates=["interval_start"])
    days = source["value"].to_numpy().reshape(-1, 24)
    shift = (hours[0].weekday() - source["interval_start"].iloc[0].weekday()) % 7
    chosen = np.arange(len(days)) + shift
    chosen[chosen >= len(days)] -= 52 * 7
    aligned = days[chosen]
    for day in sorted(holidays(int(hours[0].year))):
        number = day.timetuple().tm_yday - 1
        sunday = number - (day.weekday() + 1) % 7
        aligned[number] = aligned[sunday if sunday >= 0 else sunday + 7]
    load = aligned.reshape(-1)
    return np.asarray(load / load.sum() * 1000 * float(year["energy_mwh"]))


def electricity_bills(firms: Table, contracts: Table, study_year: int) -> list[dict[str, object]]:
    """Twelve bills per firm: sums and maxima of its hourly load, so that no bill contradicts itself."""
    hours = hours_of(study_year)
    years, contract_of = by_key(read_table(TOOLS / "electricity.csv"), "firm"), by_key(contracts, "firm")
    rows: list[dict[str, object]] = []
    for firm in firms:
        code = firm["firm"]
        year = years[code]
        load = synthetic_load(firm, year, hours) if year["idle"] else measured_load(year, hours)
        exempt = contract_of[code]["rest_days_exempt"] == "yes"
        peak = is_peak(hours, PEAK_START, PEAK_END, rest_days_exempt=exempt)
        reactive = float(year["reactive"]) * (1 + 0.1 * chance("reactive", code).uniform(-1, 1, 12))
        for month in MONTHS:
            now = np.asarray(hours.month == month)
            at_peak, else_ = load[now & peak], load[now & ~peak]
            rows.append({
                "firm": code, "month": f"{study_year}-{month:02}",
                "energy_peak": round(at_peak.sum()), "energy_off_peak": round(else_.sum()),
                "demand_peak": np.ceil(10 * at_peak.max()) / 10, "demand_off_peak": np.ceil(10 * else_.max()) / 10,
                "reactive": round(load[now].sum() * reactive[month - 1]),
            })  # fmt: skip
    return rows


def energy_per_unit(carrier: Carrier, unit: str) -> float:
    """Heating value [MWh] of one unit of a fuel bill, from ``fuels.csv``."""
    row = next(row for row in data_rows("fuels")[1] if row["carrier"] == FUEL_ROWS[carrier])
    return float(row["ncv_gj_per_unit"]) / 3.6 * BILL_UNITS[unit]


def monthly(total: float, season: Numbers, noise: float, *names: str) -> Numbers:
    """A yearly total over twelve months, by season, each month scattered by ``noise`` (relative, at most 2.5 times)."""
    drawn = np.clip(chance(*names).standard_normal(12), -2.5, 2.5)
    return total / 12 * season * (1 + noise * drawn)


def fuel_bills(study_year: int) -> list[dict[str, object]]:
    """Twelve bills per firm and fuel from its yearly energy."""
    rows: list[dict[str, object]] = []
    weights = seasons()
    for year in read_table(TOOLS / "fuels.csv"):
        firm, carrier, unit = year["firm"], Carrier(year["carrier"]), year["unit"]
        total = float(year["energy_mwh"]) / energy_per_unit(carrier, unit)
        amounts = monthly(total, weights[year["season"]], 0.02, "fuel", firm, carrier)
        amounts *= total / amounts.sum()
        rows += [
            {"firm": firm, "month": f"{study_year}-{month:02}", "carrier": carrier.value,
             "amount": round(float(amount), 2 if unit == "t" else 0), "unit": unit, "measured": year["measured"]}
            for month, amount in zip(MONTHS, amounts, strict=True)
        ]  # fmt: skip
    return rows


def flows(study_year: int) -> list[dict[str, object]]:
    """Twelve flows per yearly flow, scattered as their way of measuring lets expect."""
    weights = seasons()
    rows: list[dict[str, object]] = []
    for year in read_table(TOOLS / "flows.csv"):
        names = (year["origin"], year["destination"], year["resource"])
        noise = SCATTER * SIGMA[year["measured"]]
        amounts = monthly(float(year["amount"]), weights[year["season"]], noise, *names)
        fixed = {name: text for name, text in year.items() if name not in ("amount", "season")}
        digits = 0 if year["unit"] == "m3" else 2
        rows += [
            {**fixed, "month": f"{study_year}-{month:02}", "amount": round(float(amount), digits)}
            for month, amount in zip(MONTHS, amounts, strict=True)
        ]
    return rows


def prices() -> list[dict[str, object]]:
    """The study's prices from ``economics_pe.csv``; the residual fuel's band reaches to its price of August 2022."""
    rows: list[dict[str, object]] = []
    for item, name in PRICE_FACTORS.items():
        factor = economics(name)
        low, high, source = factor.low, factor.high, f"economics_pe.csv, {name}: {factor.source}"
        if item is PriceItem.RESIDUAL_FUEL:
            earlier = price("residual_fuel_pi6", "2022-08")
            low, high, source = factor.value, earlier.value, f"{source}; high: {earlier.source}, {earlier.date}"
        currency, _, unit = factor.unit.partition("/")
        unit = {"US gallon": "gal", "t CO2e": "t"}.get(unit, unit)
        rows.append({
            "item": item.value, "value": factor.value, "currency": currency, "unit": unit,
            "low": low, "high": high, "date": factor.date, "source": source, "status": factor.status.value,
        })  # fmt: skip
    return rows


def measures(equipment: Table, pen_per_usd: float) -> list[dict[str, object]]:
    """The measures: effect, cost and life of ``technologies.csv`` on the energy of each measure's equipment."""
    machines = by_key(equipment, "equipment")
    energies = {(row["firm"], row["carrier"]): float(row["energy_mwh"]) for row in read_table(TOOLS / "fuels.csv")}
    energies |= {
        (row["firm"], "electricity"): float(row["energy_mwh"]) for row in read_table(TOOLS / "electricity.csv")
    }
    rows: list[dict[str, object]] = []
    for measure in read_table(TOOLS / "measures.csv"):
        row: dict[str, object] = {**measure, "kind": "efficiency" if measure["technology"] else "chemicals"}
        if measure["technology"]:
            machine = machines[measure["equipment"]]
            energy = energies[machine["firm"], machine["carrier"]] * float(machine["share"]) / 100
            row |= efficiency(measure["technology"], energy, pen_per_usd)
        rows.append(row)
    return rows


def efficiency(name: str, energy: float, pen_per_usd: float) -> dict[str, object]:
    """Saving [%], investment [PEN, to the hundred] and life [a] of a technology on ``energy`` [MWh/year]."""
    saving, cost, life = (technology(name, parameter) for parameter in ("saving", "investment", "life"))
    invested = cost.value * energy * saving.value / 100 * pen_per_usd
    return {
        "saving": saving.value, "saving_low": saving.low, "saving_high": saving.high, "life": life.value,
        "investment": round(invested, -2), "operation_cost": 0, "source": f"technologies.csv, {name}: {cited(saving)}",
    }  # fmt: skip


def cited(factor: Factor) -> str:
    """Source and status of a factor in one line."""
    return f"{factor.source}; {factor.status.value}"


def write_table(path: Path, fields: Iterable[str], rows: Iterable[Mapping[str, object]]) -> None:
    """Rows as CSV, numbers as short as they can be; columns that no row fills are left empty."""
    columns = list(fields)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([written(row.get(name)) for name in columns] for row in rows)


def written(value: object) -> str:
    """A cell: empty for None, whole numbers without a decimal point."""
    if value is None:
        return ""
    return f"{value:.10g}" if isinstance(value, float) else str(value)


def make(folder: Path) -> None:
    """Write the computed sheets into ``folder``."""
    park = read_table(EXAMPLE / "park.csv")[0]
    firms, contracts, equipment = (read_table(EXAMPLE / f"{name}.csv") for name in ("firms", "contracts", "equipment"))
    year = int(park["year"])
    sheets: dict[str, tuple[type[Row], Callable[[], list[dict[str, object]]]]] = {
        "electricity_bills": (ElectricityBill, lambda: electricity_bills(firms, contracts, year)),
        "fuel_bills": (FuelBill, lambda: fuel_bills(year)),
        "flows": (Flow, lambda: flows(year)),
        "prices": (Price, prices),
        "measures": (Measure, lambda: measures(equipment, float(park["pen_per_usd"]))),
    }
    for name, (model, rows) in sheets.items():
        write_table(folder / f"{name}.csv", model.model_fields, rows())


if __name__ == "__main__":
    make(Path(sys.argv[1]) if len(sys.argv) > 1 else EXAMPLE)
