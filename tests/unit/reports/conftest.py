"""A made-up park for the report's tests: nothing in it is a record, every section is filled."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ayni.base.factors import Factor
from ayni.base.figures import FigureBook, SourceRow, Stage
from ayni.base.findings import Place, note, warning
from ayni.base.status import Status
from ayni.reports.content import (
    Design,
    Exchange,
    Flows,
    Footprint,
    Head,
    Proof,
    ReportData,
    Scorecard,
)

FIRMS = (
    ("E01", "Fundición Sur", "fundición de hierro", 9400, "electricity natural_gas", 21.0),
    ("E02", "Plásticos del Pacífico", "envases de plástico", 6100, "electricity lpg", 9.0),
    ("E03", "Textiles Camino Real", "teñido de algodón", 11800, "electricity natural_gas diesel", 34.0),
    ("E04", "Pesquera Puerto Viejo", "harina de pescado", 15200, "electricity natural_gas residual_fuel diesel", 48.0),
    ("E05", "Alimentos Chilca", "galletas y fideos", 5300, "electricity natural_gas", 12.0),
    ("E06", "Envases Andinos", "cartón corrugado", 7200, "electricity natural_gas diesel", 15.0),
    ("E07", "Química Lurín", "detergentes", 3900, "electricity diesel", 8.0),
    ("E08", "Bebidas del Sur", "bebidas gaseosas", 6800, "electricity natural_gas lpg", 26.0),
    ("E09", "Vidrios Pucusana", "botellas de vidrio", 12100, "electricity natural_gas", 18.0),
    ("E10", "Maderas San Bartolo", "muebles", 1400, "electricity diesel", 3.0),
    ("E11", "Metalmecánica Asia", "estructuras", 1900, "electricity lpg", 2.0),
    ("E12", "Frío Chilca", "almacén frío", 2700, "electricity", 0.0),
)
CARRIERS = {
    "electricity": ("MWh", 1.0, 0.2, 310), "natural_gas": ("m3", 105.0, 0.202, 140),
    "diesel": ("gal", 26.5, 0.267, 480), "lpg": ("kg", 78.0, 0.227, 390), "residual_fuel": ("gal", 24.0, 0.279, 300),
}  # fmt: skip
"""bill unit, units per MWh, t CO2e per MWh, PEN per MWh"""
USES = {
    "electricity": ("motors", "chiller", "lighting"), "natural_gas": ("steam_boiler", "furnace"),
    "diesel": ("vehicles", "steam_boiler"), "lpg": ("furnace",), "residual_fuel": ("steam_boiler",),
}  # fmt: skip
COMPONENTS = {"energy_peak": 0.19, "energy_off_peak": 0.46, "generation_demand": 0.2, "distribution_demand": 0.12, "reactive": 0.02, "fixed": 0.01}


def firms_table(count: int = 12, name: Callable[[str], str] = str) -> pd.DataFrame:
    """``count`` firms on a loose grid near Chilca."""
    random = np.random.default_rng(7)
    rows = []
    for number in range(count):
        code, title, activity, energy, carriers, waste = FIRMS[number % len(FIRMS)]
        lap = number // len(FIRMS)
        rows.append({
            "firm": code if lap == 0 else f"E{number + 1:02d}", "name": name(title if lap == 0 else f"{title} {lap + 1}"),
            "activity": activity, "latitude": -12.515 + 0.0042 * (number % 4) + random.uniform(-0.0012, 0.0012),
            "longitude": -76.738 + 0.0055 * (number // 4) + random.uniform(-0.0012, 0.0012),
            "energy": energy / (1 + lap), "carriers": carriers, "waste": waste / (1 + lap),
        })  # fmt: skip
    return pd.DataFrame(rows)


def energy_table(firms: pd.DataFrame) -> pd.DataFrame:
    """firm, carrier, use, energy."""
    rows = []
    for firm in firms.itertuples():
        carriers = firm.carriers.split()
        for place, carrier in enumerate(carriers):
            share = 0.35 if place == 0 and len(carriers) > 1 else 1.0 if len(carriers) == 1 else 0.65 / (len(carriers) - 1)
            for use in USES[carrier]:
                rows.append((firm.firm, carrier, use, firm.energy * share / len(USES[carrier])))
    return pd.DataFrame(rows, columns=["firm", "carrier", "use", "energy"])


def materials_table(firms: pd.DataFrame) -> pd.DataFrame:
    """firm, side, end, amount."""
    resources = {
        "E01": [("chatarra de hierro", 9800), ("arena", 1200)], "E02": [("resina PET", 3100)],
        "E03": [("algodón", 2600), ("sal", 900)], "E04": [("anchoveta", 21000)],
        "E05": [("harina de trigo", 6400), ("azúcar", 1200)], "E06": [("papel reciclado", 8200), ("almidón", 400)],
        "E07": [("tensoactivos", 1900)], "E08": [("azúcar", 2400), ("resina PET", 700)],
        "E09": [("arena", 7600), ("casco de vidrio", 2900)], "E10": [("madera", 800)], "E11": [("acero", 2100)],
        "E12": [],
    }  # fmt: skip
    rows = []
    for firm in firms.itertuples():
        inputs = resources.get(firm.firm, [("otros insumos", 300.0)])
        total = sum(amount for _, amount in inputs)
        rows += [(firm.firm, "in", resource, float(amount)) for resource, amount in inputs]
        waste = firm.waste * 12
        rows += [
            (firm.firm, "out", "product", max(total - 1.1 * waste, 0.0)), (firm.firm, "out", "landfill", waste * 0.6),
            (firm.firm, "out", "recycling", waste * 0.3), (firm.firm, "out", "secure_landfill", waste * 0.1),
        ]  # fmt: skip
    frame = pd.DataFrame(rows, columns=["firm", "side", "end", "amount"])
    return frame[frame["amount"] > 0].reset_index(drop=True)


def footprint(firms: pd.DataFrame, energy: pd.DataFrame) -> Footprint:
    by_carrier = energy.groupby(["firm", "carrier"], as_index=False)["energy"].sum()
    emissions = by_carrier.assign(
        scope=np.where(by_carrier["carrier"] == "electricity", 2, 1),
        co2e=[row.energy * CARRIERS[row.carrier][2] for row in by_carrier.itertuples()],
    )[["firm", "carrier", "scope", "co2e"]]
    cost = []
    for row in by_carrier.itertuples():
        amount = row.energy * CARRIERS[row.carrier][3]
        parts = COMPONENTS if row.carrier == "electricity" else {"fuel": 1.0}
        cost += [(row.firm, row.carrier, part, amount * share) for part, share in parts.items()]
    cost += [(firm.firm, "waste", "disposal", firm.waste * 12 * 180.0) for firm in firms.itertuples()]
    cost += [(firm.firm, "water", "supply", firm.energy * 21.0) for firm in firms.itertuples()]
    water = [(firm.firm, "water", "", firm.energy * 4.2) for firm in firms.itertuples()]
    water += [(firm.firm, "wastewater", "sewer", firm.energy * 2.0) for firm in firms.itertuples()]
    water += [(firm.firm, "wastewater", "treatment", firm.energy * 0.9) for firm in firms.itertuples()]
    waste = [
        (firm.firm, resource, code, hazardous, management, firm.waste * 12 * share)
        for firm in firms.itertuples()
        for resource, code, hazardous, management, share in (
            ("mezcla", "20 03 01", False, "landfill", 0.6), ("cartón", "15 01 01", False, "recycling", 0.3),
            ("lodos", "19 08 13*", True, "secure_landfill", 0.1),
        )
    ]  # fmt: skip
    balances = pd.DataFrame([
        ("E01-FUSION", "E01", "mass", "t", 11000.0, 10890.0, 110.0, 420.0, "balanced"),
        ("E03-TINTE", "E03", "water", "m3", 48200.0, 39100.0, 9100.0, 3100.0, "open"),
        ("E04-COCCION", "E04", "mass", "t", 21000.0, 20400.0, 600.0, 900.0, "balanced"),
        ("E09-HORNO", "E09", "mass", "t", 10500.0, np.nan, np.nan, np.nan, "no_data"),
    ], columns=["process", "firm", "quantity", "unit", "amount_in", "amount_out", "residual", "tolerance", "verdict"])  # fmt: skip
    tariffs = pd.DataFrame({"firm": firms["firm"], "option": ["MT3", "MT2", "MT4", "free"] * (len(firms) // 4) + ["MT3"] * (len(firms) % 4)})
    return Footprint(
        by_carrier, emissions, pd.DataFrame(cost, columns=["firm", "item", "component", "amount"]),
        pd.DataFrame(water, columns=["firm", "kind", "management", "amount"]),
        pd.DataFrame(waste, columns=["firm", "resource", "waste_code", "hazardous", "management", "amount"]),
        balances,
        tariffs.assign(source="Osinergmin, tariff sheet (pliego) Id 150000, Lima area, without IGV; sheet date not shown"),
    )  # fmt: skip


def scorecard() -> Scorecard:
    counts = {
        "park_management": ("Gestión del parque", 4, 1, 1, 1, 1), "environmental": ("Ambiental", 8, 4, 4, 4, 1),
        "social": ("Social", 6, 2, 2, 2, 1), "economic": ("Económica", 5, 1, 2, 1, 0),
    }  # fmt: skip
    lines, categories = [], []
    for category, (title, *numbers) in counts.items():
        verdicts = [verdict for verdict, number in zip(("met", "partly", "not_met", "no_data", "not_applicable"), numbers, strict=True) for _ in range(number)]
        total = len(verdicts) - numbers[4]
        low = 100 * (numbers[0] + numbers[1] / 2) / total
        categories.append((category, title, low, low + 100 * numbers[3] / total))
        lines += [
            (f"{category[:2].upper()}-{number + 1:02d}", category, "prerequisite" if number < 3 else "indicator",
             "Parte del agua residual industrial que se trata según una norma conocida antes de su vertimiento", 63.0, "≥ 95 %", verdict)
            for number, verdict in enumerate(verdicts)
        ]  # fmt: skip
    return Scorecard(
        "Marco internacional de parques ecoindustriales, lista 2017 (borrador sin verificar)", "eip-2017-draft", "0.1",
        "draft_unverified", "3f9a41c2b7d0", 46.2, 58.1, "",
        pd.DataFrame(categories, columns=["category", "title", "score_low", "score_high"]),
        pd.DataFrame(lines, columns=["line", "category", "kind", "text", "value", "target", "verdict"]),
    )  # fmt: skip


def exchange(firms: pd.DataFrame) -> Exchange:
    codes = list(firms["firm"])
    rows = [
        (codes[0], codes[-1], "ferrous scrap", "chosen", "saves_disposal_and_purchase", "PE-R2", "DL 1278", "unverified", 412.0, "t", 186000.0, 120.0, 690.0),
        (codes[1 % len(codes)], codes[5 % len(codes)], "PET", "chosen", "saves_disposal_and_purchase", "PE-R2", "DL 1278", "unverified", 230.0, "t", 254000.0, -180.0, 1450.0),
        (codes[4 % len(codes)], codes[3 % len(codes)], "organic", "chosen", "saves_disposal_and_purchase", "PE-R2", "DL 1278", "unverified", 610.0, "t", 121000.0, -160.0, 95.0),
        (codes[8 % len(codes)], codes[0], "glass", "possible", "costs_more_than_it_saves", "PE-R1", "DL 1278", "unverified", 0.0, "t", 0.0, np.nan, np.nan),
        (codes[2 % len(codes)], codes[6 % len(codes)], "salt brine", "refused", "quality", "PE-Q1", "DL 1278", "unverified", 0.0, "t", 0.0, np.nan, np.nan),
        (codes[3 % len(codes)], codes[7 % len(codes)], "treated water", "chosen", "saves_disposal_and_purchase", "PE-W1", "DS 017", "unverified", 18400.0, "m3", 96000.0, 0.8, 4.1),
        (codes[6 % len(codes)], codes[10 % len(codes)], "solvent", "refused", "hazardous_without_operator", "PE-H1", "DL 1278", "unverified", 0.0, "t", 0.0, np.nan, np.nan),
    ]  # fmt: skip
    links = pd.DataFrame(rows, columns=["giver", "taker", "material", "verdict", "reason", "rule", "source", "status",
                                        "amount", "unit", "value", "price_low", "price_high"])  # fmt: skip
    return Exchange(links, Proof("optimal", "HiGHS simplex", 657000.0, 657000.0, 0.0))


def weeks() -> pd.DataFrame:
    hours = np.arange(168)
    rows = []
    for season, level in (("summer", 1.0), ("winter", 0.9)):
        day = hours // 24
        load = level * (5.2 + 2.4 * np.sin((hours % 24 - 7) / 24 * 2 * np.pi)) * np.where(day == 6, 0.6, 1.0)
        sun = level * 3.4 * np.clip(np.sin((hours % 24 - 6) / 12 * np.pi), 0, None)
        cogeneration = np.full(168, 1.1)
        battery = np.where((hours % 24 >= 18) & (hours % 24 < 23), 0.6, 0.0)
        grid = np.clip(load - sun - battery - cogeneration, 0.0, None)
        heat = level * (4.0 + 1.1 * np.sin((hours % 24 - 9) / 24 * 2 * np.pi)) * np.where(day == 6, 0.5, 1.0)
        series = {
            ("electricity", "grid"): grid, ("electricity", "pv_roof"): sun, ("electricity", "battery_discharge"): battery,
            ("electricity", "gas_engine_chp"): cogeneration, ("electricity", "demand"): load,
            ("heat", "existing_boilers"): 0.4 * heat, ("heat", "heat_pump"): 0.35 * heat, ("heat", "solar_thermal_flat_plate"): 0.25 * heat,
            ("heat", "demand"): heat,
        }  # fmt: skip
        rows += [(season, carrier, hour, flow, float(power)) for (carrier, flow), values in series.items() for hour, power in enumerate(values)]
    return pd.DataFrame(rows, columns=["season", "carrier", "hour", "flow", "power"])


def design(firms: pd.DataFrame) -> Design:
    capacities = pd.DataFrame([
        ("pv_roof", 6.2, "MWp", 17.4e6), ("battery", 4.1, "MWh", 4.9e6), ("heat_pump", 1.9, "MW", 6.1e6),
        ("solar_thermal_flat_plate", 1.1, "MW", 1.6e6), ("gas_engine_chp", 1.1, "MW", 3.8e6),
        ("heat_store_hot_water", 8.4, "MWh", 0.4e6), ("electric_boiler", 0.0, "MW", 0.0), ("chiller_absorption", 0.0, "MW", 0.0),
    ], columns=["technology", "capacity", "unit", "investment"])  # fmt: skip
    costs = pd.DataFrame([
        ("electricity_energy", 9.8e6, 6.9e6), ("electricity_demand", 4.6e6, 3.2e6), ("natural_gas", 5.9e6, 3.6e6),
        ("diesel", 2.9e6, 0.6e6), ("lpg", 2.1e6, 0.4e6), ("operation", 0.0, 0.9e6), ("annuities", 0.0, 3.6e6), ("carbon", 0.0, 0.0),
    ], columns=["line", "before", "after"])  # fmt: skip
    classes = pd.DataFrame([
        ("present_in_peak", 21.4e6, 21.38e6, 0.001, True, False), ("off_peak", 19.2e6, 19.18e6, 0.001, True, True),
    ], columns=["tariff_class", "cost", "bound", "gap", "is_earned", "is_kept"])  # fmt: skip
    codes = list(firms["firm"])
    names = ("Variadores en ventiladores", "Economizador de caldera", "Recuperar condensados", "Aislar tuberías de vapor",
             "Aire comprimido sin fugas", "Iluminación LED", "Quemador con exceso de aire regulado", "Motores IE4")  # fmt: skip
    measures = pd.DataFrame([
        (f"M{number + 1:02d}", codes[number % len(codes)], name, 40000.0 + 31000 * number, number != 6) for number, name in enumerate(names)
    ], columns=["measure", "firm", "name", "investment", "is_chosen"])  # fmt: skip
    abatement = pd.DataFrame([
        ("M05", "Aire comprimido sin fugas", 180.0, -420.0, "unverified"), ("M06", "Iluminación LED", 95.0, -390.0, "unverified"),
        ("M03", "Recuperar condensados", 610.0, -210.0, "secondary"), ("M01", "Variadores en ventiladores", 340.0, -150.0, "unverified"),
        ("pv_roof", "Fotovoltaica en techos", 1720.0, -95.0, "unverified"), ("M02", "Economizador de caldera", 520.0, -60.0, "secondary"),
        ("heat_pump", "Bomba de calor", 1480.0, 35.0, "unverified"), ("gas_engine_chp", "Cogeneración", 620.0, 80.0, "unverified"),
        ("solar_thermal_flat_plate", "Calor solar", 240.0, 210.0, "unverified"),
    ], columns=["option", "title", "avoided", "cost", "status"])  # fmt: skip
    loads = pd.DataFrame([
        (month, hour, 6.0 + 1.5 * np.sin((hour - 7) / 24 * 2 * np.pi) + 0.5 * np.cos(month / 12 * 2 * np.pi))
        for month in range(1, 13) for hour in range(24)
    ], columns=["month", "hour", "power"])  # fmt: skip
    foreign = pd.DataFrame({"firm": [codes[0]], "source": ["Steel plant, Gwangyang 2018, UCI 851, CC BY 4.0"]})
    return Design(Proof("optimal", "HiGHS hipo", 19.2e6, 19.18e6, 0.001), capacities, costs, classes, measures,
                  weeks(), loads, foreign, abatement, "MT3")  # fmt: skip


def made_up_factor(number: int, status: Status) -> Factor:
    return Factor(f"technologies/pv_roof/parameter_{number}", 0.8 + number, "MEUR/MW", status, "Danish Energy Agency catalogue, via a secondary source", "2020", 0.6 + number, 1.1 + number)


def book(energy: pd.DataFrame) -> FigureBook:
    """Figures with the ids and units of the real way through, before and after."""
    figures = FigureBook()
    factors = [made_up_factor(number, status) for number, status in enumerate([Status.UNVERIFIED] * 5 + [Status.SECONDARY] * 4 + [Status.SOURCED] * 5)]
    row = SourceRow("facturas", 12, "E01 2025-01", 1200.0, "kWh", Status.MADE_UP)
    left = {"electricity": 0.79, "natural_gas": 0.54, "diesel": 0.17, "lpg": 0.15, "residual_fuel": 0.0}
    totals = energy.groupby("carrier")["energy"].sum()
    for carrier, before in totals.items():
        unit, per_mwh, co2, _ = CARRIERS[str(carrier)]
        for quantity, number, unit_name in (("energy", 1.0, "MWh"), ("amount", per_mwh, unit), ("emissions", co2, "t CO2e")):
            name = f"{quantity}.{carrier}"
            for when, share in (("before", 1.0), ("after", left[str(carrier)])):
                figures.add(f"{name}.{when}", before * share * number, f"{unit_name}/year", "report.summary.saving", "sum", [row, *factors[:1]])
            figures.add(f"saving.{name}", before * (1 - left[str(carrier)]) * number, f"{unit_name}/year", "report.summary.saving", "before - after", [f"{name}.before", f"{name}.after"], stage=Stage.POTENTIAL)
    for name, unit, before, after in (
        ("energy.total", "MWh", 83800.0, 51100.0), ("emissions.total", "t CO2e", 17150.0, 10740.0), ("cost.total", "PEN", 31.2e6, 22.1e6),
        ("water.total", "m3", 352000.0, 331600.0), ("waste.landfill", "t", 1410.0, 820.0), ("waste.total", "t", 2350.0, 2350.0),
    ):  # fmt: skip
        for when, value in (("before", before), ("after", after)):
            figures.add(f"{name}.{when}", value, f"{unit}/year", "report.summary.saving", "sum", [row, *factors])
        figures.add(f"saving.{name}", before - after, f"{unit}/year", "report.summary.saving", "before - after", [f"{name}.before", f"{name}.after"], stage=Stage.POTENTIAL, low=0.76 * (before - after), high=1.21 * (before - after))
    figures.add("design.investment", 31.4e6, "PEN", "report.summary.saving", "sum", factors, stage=Stage.POTENTIAL, low=24.1e6, high=41.0e6)
    figures.add("design.payback", 3.4, "years", "report.summary.saving", "investment / saving", ["design.investment", "saving.cost.total"], stage=Stage.POTENTIAL, low=2.6, high=4.9)
    figures.add("design.net_present_value", 38.9e6, "PEN", "report.summary.saving", "", ["design.investment"], stage=Stage.POTENTIAL)
    figures.add("design.gap", 0.001, "", "report.summary.saving", "(cost - bound) / cost", [row])
    for name, value in (("score_low", 46.2), ("score_high", 58.1)):
        figures.add(f"assessment.{name}", value, "%", "report.summary.saving", "points / lines", [row])
    figures.add("assessment.lines_no_data", 8, "", "report.summary.saving", "count", [row])
    figures.add("exchange.count", 4, "", "report.summary.saving", "count", [row])
    figures.add("exchange.value", 657000.0, "PEN/year", "report.summary.saving", "sum", [row], stage=Stage.POTENTIAL)
    return figures


def findings() -> tuple:
    place = Place("parque.xlsx", "Facturas", 17, "Consumo", "F17")
    return (
        warning("ROW-TWICE", place, first="12", key="E03, 2025-07"),
        note("COLUMN-TWICE", Place("parque.xlsx", "Flujos", 1, "Unidad", "G1"), column="Unidad"),
        warning("SHEET-EMPTY", Place("parque.xlsx", "Medidas"), sheet="Medidas"),
    )


def made_up(count: int = 12, name: Callable[[str], str] = str) -> ReportData:
    """The whole fixture with ``count`` firms whose names are changed by ``name``."""
    firms = firms_table(count, name)
    energy = energy_table(firms)
    head = Head("Zona Demostrativa Chilca", 2025, True, "0.1.0", datetime.date(2023, 11, 15), 3.75, 1.08, 0.08,
                firms[["firm", "name", "activity", "latitude", "longitude"]])  # fmt: skip
    return ReportData(
        head, book(energy), findings(), Flows(energy, materials_table(firms)), footprint(firms, energy),
        scorecard(), exchange(firms), design(firms),
    )  # fmt: skip


def bare() -> ReportData:
    """One firm with an endless name, no emissions, no scorecard, no exchange, no design, no findings."""
    full = made_up(1, lambda _: "Compañía Peruana de Procesamiento Integral de Recursos Hidrobiológicos y Derivados del Litoral Sur S.A.C.")
    nothing = full.footprint.emissions.assign(co2e=0.0)
    few = FigureBook()
    for figure in full.book:
        if not figure.id.startswith(("design", "exchange", "assessment", "saving")):
            few.add(figure.id, figure.value, figure.unit, figure.label, figure.formula, figure.inputs)
    return replace(
        full, head=replace(full.head, is_sample=False), book=few, findings=(), scorecard=None, exchange=None, design=None,
        footprint=replace(full.footprint, emissions=nothing, balances=full.footprint.balances.iloc[:0]),
    )  # fmt: skip


@pytest.fixture(scope="session")
def park() -> ReportData:
    return made_up()
