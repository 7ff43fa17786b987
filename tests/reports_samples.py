"""A made-up park for the report's tests: nothing in it is a record, every part is filled."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd

from ayni.base.factors import Factor
from ayni.base.figures import FigureBook, SourceRow, Stage
from ayni.base.findings import Finding, Place, note, warning
from ayni.base.status import Status
from ayni.base.texts import Language
from ayni.reports.blocks import Page
from ayni.reports.content import Design, Exchange, Flows, Footprint, Head, Proof, ReportData, Scorecard
from ayni.reports.document import pages
from ayni.reports.rows import rows_of
from ayni.reports.voice import Voice

LONG_NAME = "Compañía Peruana de Procesamiento Integral de Recursos Hidrobiológicos y Derivados del Litoral Sur S.A.C."
LABEL = "report.summary.saving"
"""Any text will do as the label of a made-up figure."""


def table(text: str) -> pd.DataFrame:
    """A table from lines of cells parted by ``|``; an empty cell of numbers is NaN, one of words ''."""
    frame = pd.read_csv(io.StringIO(text), sep="|", skipinitialspace=True)
    words = frame.select_dtypes(exclude=["number", "bool"]).columns
    return frame.assign(**{name: frame[name].fillna("").str.strip() for name in words})


FIRMS = table("""firm|name|activity|energy|carriers|waste|inputs
E01|Fundición Sur|fundición de hierro|9400|electricity natural_gas|21|chatarra de hierro 9800, arena 1200
E02|Plásticos del Pacífico|envases de plástico|6100|electricity lpg|9|resina PET 3100
E03|Textiles Camino Real|teñido de algodón|11800|electricity natural_gas diesel|34|algodón 2600, sal 900
E04|Pesquera Puerto Viejo|harina de pescado|15200|electricity natural_gas residual_fuel diesel|48|anchoveta 21000
E05|Alimentos Chilca|galletas y fideos|5300|electricity natural_gas|12|harina de trigo 6400, azúcar 1200
E06|Envases Andinos|cartón corrugado|7200|electricity natural_gas diesel|15|papel reciclado 8200, almidón 400
E07|Química Lurín|detergentes|3900|electricity diesel|8|tensoactivos 1900
E08|Bebidas del Sur|bebidas gaseosas|6800|electricity natural_gas lpg|26|azúcar 2400, resina PET 700
E09|Vidrios Pucusana|botellas de vidrio|12100|electricity natural_gas|18|arena 7600, casco de vidrio 2900
E10|Maderas San Bartolo|muebles|1400|electricity diesel|3|madera 800
E11|Metalmecánica Asia|estructuras|1900|electricity lpg|2|acero 2100
E12|Frío Chilca|almacén frío|2700|electricity|0|cartón 40
""")
CARRIERS = table("""carrier|unit|per_mwh|co2|price|left|uses
electricity|MWh|1|0.2|310|0.79|motors chiller lighting
natural_gas|m3|105|0.202|140|0.54|steam_boiler furnace
diesel|gal|26.5|0.267|480|0.17|vehicles steam_boiler
lpg|kg|78|0.227|390|0.15|furnace
coal|t|0.13|0.34|90|1|furnace
biomass|t|0.25|0.007|60|1|hot_water_boiler other
residual_fuel|gal|24|0.279|300|0|steam_boiler
""").set_index("carrier", drop=False)
"""Bill unit, units, t CO2e and PEN per MWh, the part left after the design, uses."""
COMPONENTS = table("""component|share
energy_peak|0.19
energy_off_peak|0.46
generation_demand|0.20
distribution_demand|0.12
distribution_excess|0.01
capacity|0.01
reactive|0.005
fixed|0.005
""")
WASTES = table("""resource|waste_code|hazardous|management|share
mezcla|20 03 01|False|landfill|0.6
cartón|15 01 01|False|recycling|0.3
lodos|19 08 13*|True|secure_landfill|0.1
""")


def firms_table(count: int = 12, name: Callable[[str], str] = str) -> pd.DataFrame:
    """``count`` firms on a loose grid near Chilca; after twelve the same branches come again, smaller."""
    random, place = np.random.default_rng(7), np.arange(count)
    lap = place // len(FIRMS)
    firms = FIRMS.iloc[place % len(FIRMS)].reset_index(drop=True)
    titles = [f"{title} {number + 1}" if number else title for title, number in zip(firms["name"], lap, strict=True)]
    return firms.assign(
        firm=[f"E{number + 1:02d}" for number in place], name=[name(title) for title in titles],
        latitude=-12.515 + 0.0042 * (place % 4) + random.uniform(-0.0012, 0.0012, count),
        longitude=-76.738 + 0.0055 * (place // 4) + random.uniform(-0.0012, 0.0012, count),
        energy=firms["energy"] / (1 + lap), waste=12 * firms["waste"] / (1 + lap),
    )  # fmt: skip


def energy_table(firms: pd.DataFrame) -> pd.DataFrame:
    """firm, carrier, use, energy: 35 % the first carrier, the rest alike among the others and among uses."""
    rows = []
    for firm in rows_of(firms):
        first, *fuels = firm.carriers.split()
        shares = {first: 0.35 if fuels else 1.0, **{fuel: 0.65 / len(fuels) for fuel in fuels}}
        for carrier, share in shares.items():
            uses = CARRIERS.loc[carrier, "uses"].split()
            rows += [(firm.firm, carrier, use, firm.energy * share / len(uses)) for use in uses]
    return pd.DataFrame(rows, columns=["firm", "carrier", "use", "energy"])


def materials_table(firms: pd.DataFrame) -> pd.DataFrame:
    """firm, side, end, amount."""
    rows = []
    for firm in rows_of(firms):
        inputs = [item.rsplit(" ", 1) for item in firm.inputs.split(", ")]
        total = sum(float(amount) for _, amount in inputs)
        rows += [(firm.firm, "in", resource, float(amount)) for resource, amount in inputs]
        rows.append((firm.firm, "out", "product", total - 1.1 * firm.waste if firm.waste else total))
        rows += [(firm.firm, "out", waste.management, waste.share * firm.waste) for waste in rows_of(WASTES)]
    return pd.DataFrame(rows, columns=["firm", "side", "end", "amount"])


def cost_table(firms: pd.DataFrame, by_carrier: pd.DataFrame) -> pd.DataFrame:
    """firm, item, component, amount."""
    rows = []
    for row in rows_of(by_carrier):
        amount = row.energy * CARRIERS.loc[row.carrier, "price"]
        parts = dict(rows_of(COMPONENTS)) if row.carrier == "electricity" else {"fuel": 1.0}
        rows += [(row.firm, row.carrier, part, amount * share) for part, share in parts.items()]
    for firm in rows_of(firms):
        rows += [(firm.firm, "waste", "landfill", 180 * firm.waste), (firm.firm, "water", "market", 21 * firm.energy)]
    return pd.DataFrame(rows, columns=["firm", "item", "component", "amount"])


BALANCES = table("""process|firm|quantity|unit|amount_in|amount_out|residual|tolerance|verdict
E01-FUSION|E01|mass|t|11000|10890|110|420|balanced
E03-TINTE|E03|water|m3|48200|39100|9100|3100|open
E04-COCCION|E04|mass|t|21000|20400|600|900|balanced
E09-HORNO|E09|mass|t|10500||||no_data
""")


def footprint(firms: pd.DataFrame, energy: pd.DataFrame) -> Footprint:
    """Everything from the energy and the waste of each firm."""
    by_carrier = energy.groupby(["firm", "carrier"], as_index=False)[["energy"]].sum()
    emissions = by_carrier.assign(
        scope=np.where(by_carrier["carrier"] == "electricity", 2, 1),
        co2e=by_carrier["energy"] * by_carrier["carrier"].map(CARRIERS["co2"]),
    )[["firm", "carrier", "scope", "co2e"]]
    water = [
        (firm.firm, kind, way, per_mwh * firm.energy)
        for firm in rows_of(firms)
        for kind, way, per_mwh in (
            ("water", "market", 4.2),
            ("wastewater", "sewer", 2.0),
            ("wastewater", "treatment", 0.9),
        )
    ]
    waste = firms[["firm", "waste"]].merge(WASTES, how="cross")
    options = ["MT3", "MT2", "MT4", "free"]
    return Footprint(
        energy=by_carrier, emissions=emissions, cost=cost_table(firms, by_carrier), balances=BALANCES,
        water=pd.DataFrame(water, columns=["firm", "kind", "way", "amount"]),
        waste=waste.assign(amount=waste["share"] * waste["waste"]).drop(columns=["share", "waste"]),
        tariffs=pd.DataFrame({
            "firm": firms["firm"], "option": [options[place % 4] for place in range(len(firms))],
        }),
    )  # fmt: skip


CATEGORIES = table("""category|title|met|partly|not_met|no_data|not_applicable
park_management|Gestión del parque|4|1|1|1|1
environmental|Ambiental|8|4|4|4|1
social|Social|6|2|2|2|1
economic|Económica|5|1|2|1|0
""")
VERDICTS = ["met", "partly", "not_met", "no_data", "not_applicable"]


def scorecard() -> Scorecard:
    """51 lines with the same words."""
    counts = CATEGORIES[VERDICTS]
    low = 100 * (counts["met"] + counts["partly"] / 2) / (counts.sum(axis=1) - counts["not_applicable"])
    high = low + 100 * counts["no_data"] / (counts.sum(axis=1) - counts["not_applicable"])
    rows = [
        (category, verdict)
        for category, numbers in zip(CATEGORIES["category"], counts.to_dict("records"), strict=True)
        for verdict in VERDICTS
        for _ in range(numbers[verdict])
    ]
    lines = pd.DataFrame(rows, columns=["category", "verdict"])
    number = lines.groupby("category").cumcount() + 1
    lines = lines.assign(
        line=lines["category"].str[:2].str.upper() + "-" + number.astype("str"), value=63.0, unit="%", target="≥ 95 %",
        kind=np.where(number <= 3, "prerequisite", "indicator"),
        text="Parte del agua residual que se trata según una norma conocida antes de su vertimiento",
    )  # fmt: skip
    return Scorecard(
        "Marco internacional de parques ecoindustriales, lista 2017 (borrador sin verificar)", "eip-2017-draft", "0.1",
        "draft_unverified", "3f9a41c2b7d0", 46.2, 58.1, "",
        CATEGORIES[["category", "title"]].assign(score_low=low, score_high=high), lines,
    )  # fmt: skip


LINKS = table("""giver|taker|material|verdict|reason|rule|source|status|amount|unit|value|price_low|price_high
0|11|chatarra|chosen|evita disposición y compra|PE-R2|DL 1278|unverified|412|t|186000|120|690
1|5|PET|chosen|evita disposición y compra|PE-R2|DL 1278|unverified|230|t|254000|-180|1450
4|3|orgánico|chosen|evita disposición y compra|PE-R2|DL 1278|unverified|610|t|121000|-160|95
8|0|vidrio|possible|cuesta más de lo que ahorra|PE-R1|DL 1278|unverified|0|t|0||
2|6|salmuera|refused|la calidad no alcanza (humedad: 12 > 8)|PE-Q1|DL 1278|unverified|0|t|0||
3|7|agua tratada|chosen|evita disposición y compra|PE-W1|DS 017|unverified|18400|m3|96000|0.8|4.1
6|10|solvente|refused|es peligroso y quien recibe no es EO-RS|PE-H1|DL 1278|unverified|0|t|0||
""")
CAPACITIES = table("""technology|capacity|unit|investment
pv_roof|6.2|MWp|17400000
battery|4.1|MWh|4900000
heat_pump|1.9|MW|6100000
solar_thermal_flat_plate|1.1|MW|1600000
gas_engine_chp|1.1|MW|3800000
heat_store_hot_water|8.4|MWh|400000
electric_boiler|0|MW|0
chiller_absorption|0|MW|0
""")
COSTS = table("""line|before|after
electricity_energy|9800000|6900000
electricity_demand|4600000|3200000
natural_gas|5900000|3600000
diesel|2900000|600000
lpg|2100000|400000
operation|0|900000
annuities|0|3600000
carbon|0|0
""")
CLASSES = table("""tariff_class|cost|bound|gap|is_earned|is_kept
present_in_peak|21400000|21380000|0.001|True|False
off_peak|19200000|19180000|0.001|True|True
""")
ABATEMENT = table("""option|kind|title|avoided|cost|net_cost|status
M05|measure|Aire comprimido sin fugas|180|-420|-75600|unverified
M06|measure|Iluminación LED|95|-390|-37050|unverified
M03|measure|Recuperar condensados|610|-210|-128100|secondary
M01|measure|Variadores en ventiladores|340|-150|-51000|unverified
pv_roof|technology|Fotovoltaica en techos|1720|-95|-163400|unverified
M02|measure|Economizador de caldera|520|-60|-31200|secondary
heat_pump|technology|Bomba de calor|1480|35|51800|unverified
gas_engine_chp|technology|Cogeneración|620|80|49600|unverified
solar_thermal_flat_plate|technology|Calor solar|240|210|50400|unverified
battery|technology|Batería|||12000|unverified
""")
INPUTS = table("""subject|role|value|low|high|unit|npv_low|npv_high|status|is_decisive|is_unverified|source
gas natural|precio|18.2|14.1|22.4|USD/MMBtu|21000000|52000000|unverified|True|True|supuesto
fotovoltaica en techos|inversión|0.95|0.7|1.2|MUSD/MW|31000000|46000000|secondary|True|False|DEA
fotovoltaica en techos|rendimiento|1620|1290|1700|kWh/kWp|19000000|41000000|unverified|True|True|clima
MT3|tarifa|237|||PEN/MWh|||sourced|True|False|Osinergmin
bomba de calor|vida|20|15|25|years|38500000|39200000|secondary|False|False|DEA
""")


def exchange(firms: pd.DataFrame) -> Exchange:
    """Seven links, four of them chosen."""
    codes = list(firms["firm"])
    ends = {side: [codes[place % len(codes)] for place in LINKS[side]] for side in ("giver", "taker")}
    return Exchange(
        LINKS.assign(**ends), Proof("optimal", "HiGHS simplex", 657000.0, 657000.0, 0.0), "exchange_pe 1a2b3c"
    )


def weeks() -> pd.DataFrame:
    """Two weeks of electricity and heat that add up."""
    hours = np.arange(168)
    is_sunday = hours >= 144
    parts = []
    for season, level in (("summer", 1.0), ("winter", 0.9)):
        load = level * (5.2 + 2.4 * np.sin((hours % 24 - 7) / 12 * np.pi)) * np.where(is_sunday, 0.6, 1.0)
        sun = level * 3.4 * np.clip(np.sin((hours % 24 - 6) / 12 * np.pi), 0, None)
        engine = np.full(168, 1.1)
        heat = level * (4.0 + 1.1 * np.sin((hours % 24 - 9) / 12 * np.pi)) * np.where(is_sunday, 0.5, 1.0)
        series = {
            "electricity": {
                "grid": np.clip(load - sun - engine, 0, None), "pv_roof": sun, "gas_engine_chp": engine, "demand": load,
            },
            "heat": {"existing_boilers": 0.4 * heat, "heat_pump": 0.6 * heat, "demand": heat},
        }  # fmt: skip
        parts += [
            pd.DataFrame(
                {
                    "season": season,
                    "start": pd.Timestamp("2025-01-06"),
                    "carrier": carrier,
                    "hour": hours,
                    "flow": flow,
                    "power": power,
                }
            )
            for carrier, flows in series.items()
            for flow, power in flows.items()
        ]
    return pd.concat(parts, ignore_index=True)


def loads() -> pd.DataFrame:
    """A mean day per month."""
    frame = pd.DataFrame({"month": np.repeat(np.arange(1, 13), 24), "hour": np.tile(np.arange(24), 12)})
    daily = np.sin((frame["hour"] - 7) / 12 * np.pi)
    return frame.assign(power=6 + 1.5 * daily + 0.5 * np.cos(frame["month"] / 6 * np.pi))


def design(firms: pd.DataFrame) -> Design:
    """A plan with everything a plan can have."""
    names = ("Variadores en ventiladores", "Economizador", "Recuperar condensados", "Aislar tuberías de vapor",
             "Aire comprimido sin fugas", "Iluminación LED", "Quemador regulado", "Motores IE4")  # fmt: skip
    codes = list(firms["firm"])
    measures = pd.DataFrame({
        "measure": [f"M{place + 1:02d}" for place in range(len(names))], "name": list(names),
        "firm": [codes[place % len(codes)] for place in range(len(names))],
        "investment": 40000.0 + 31000.0 * np.arange(len(names)), "is_chosen": np.arange(len(names)) != 6,
    })  # fmt: skip
    foreign = pd.DataFrame({"firm": codes[:1], "year": 2018, "source": "Steel plant, UCI 851, CC BY 4.0"})
    proof = Proof("optimal", "HiGHS hipo", 19.2e6, 19.18e6, 0.001)
    return Design(
        proof,
        CAPACITIES,
        COSTS,
        CLASSES,
        measures,
        weeks(),
        loads(),
        foreign,
        ABATEMENT,
        INPUTS,
        survives=True,
        tariff="MT3",
        carbon=120_000.0,
    )


def factors() -> list[Factor]:
    """Fourteen factors, five of them unverified."""
    statuses = [Status.UNVERIFIED] * 5 + [Status.SECONDARY] * 4 + [Status.SOURCED] * 5
    source = "Danish Energy Agency catalogue, via a secondary source"
    return [
        Factor(f"technologies/plant{place}", 0.8 + place, "MEUR/MW", status, source, "2020", 0.6 + place, 1.1 + place)
        for place, status in enumerate(statuses)
    ]


TOTALS = table("""key|unit|before|after
energy.total|MWh|83800|51100
emissions.total|t CO2e|17150|10740
cost.total|PEN|31200000|22100000
water.total|m3|352000|331600
waste.landfill|t|1410|820
waste.total|t|2350|2350
""")
SINGLE = table("""figure|value|unit|low|high
park.firms|12|||
park.pen_per_usd|3.75|PEN/USD||
design.investment|31400000|PEN|24100000|41000000
design.payback|3.4|years|2.6|4.9
design.npv|38900000|PEN||
design.inputs_decisive|4|||
design.inputs_unverified|2|||
design.gap|0.001|||
assessment.score_low|46.2|%||
assessment.score_high|58.1|%||
assessment.lines_no_data|8|||
exchange.links|4|||
exchange.value|657000|PEN/year||
""")


def book(energy: pd.DataFrame) -> FigureBook:
    """Figures with the ids and units of a whole run, before and after."""
    figures, ground = FigureBook(), factors()
    row = SourceRow("facturas", 12, "E01 2025-01", 1200.0, "kWh", Status.MADE_UP)

    def both(key: str, unit: str, before: float, after: float, inputs: list[Factor]) -> None:
        ids = [f"{key}.before", f"{key}.after"]
        for name, value in zip(ids, (before, after), strict=True):
            figures.add(name, value, f"{unit}/year", LABEL, "sum", [row, *inputs])
        saved, stage = before - after, Stage.POTENTIAL
        low, high = (0.76 * saved, 1.21 * saved) if key.endswith("total") else (None, None)
        figures.add(
            f"saving.{key}", saved, f"{unit}/year", LABEL, "before − after", ids, stage=stage, low=low, high=high
        )

    for carrier, before in energy.groupby("carrier")["energy"].sum().items():
        kind = next(rows_of(CARRIERS.loc[[carrier]]))
        for key, per, unit in (
            ("energy", 1.0, "MWh"),
            ("amount", kind.per_mwh, kind.unit),
            ("emissions", kind.co2, "t CO2e"),
        ):
            both(f"{key}.{carrier}", unit, before * per, before * per * kind.left, ground[:1])
    for total in rows_of(TOTALS):
        both(total.key, total.unit, total.before, total.after, ground)
    for one in rows_of(SINGLE):
        low, high = (None if np.isnan(end) else end for end in (one.low, one.high))
        inputs: list[Factor | SourceRow] = [row, *(ground if one.figure.startswith("design") else [])]
        figures.add(one.figure, one.value, one.unit, LABEL, "", inputs, low=low, high=high)
    return figures


def findings() -> tuple[Finding, ...]:
    """Two warnings and a note, out of order."""
    return (
        warning("ROW-TWICE", Place("parque.xlsx", "Facturas", 17, "Consumo", "F17"), first="12", key="E03, 2025-07"),
        note("COLUMN-TWICE", Place("parque.xlsx", "Flujos", 1, "Unidad", "G1"), column="Unidad"),
        warning("SHEET-EMPTY", Place("parque.xlsx", "Medidas"), sheet="Medidas"),
    )


def made_up(count: int = 12, name: Callable[[str], str] = str) -> ReportData:
    """The whole park with ``count`` firms whose names are changed by ``name``."""
    firms = firms_table(count, name)
    energy = energy_table(firms)
    date = datetime.date(2023, 11, 15)
    head = Head("Zona Demostrativa Chilca", "Chilca", 2025, True, "0.1.0", date, 3.75, 1.08, 0.08,
                firms[["firm", "name", "activity", "latitude", "longitude"]])  # fmt: skip
    return ReportData(
        head, book(energy), findings(), Flows(energy, materials_table(firms)), footprint(firms, energy), scorecard(),
        exchange(firms), design(firms),
    )  # fmt: skip


def bare() -> ReportData:
    """One firm with an endless name, no emissions, no scorecard, no exchange, no design, no findings."""
    full = made_up(1, lambda _: LONG_NAME)
    few = FigureBook()
    for figure in full.book:
        if not figure.id.startswith(("design", "exchange", "assessment", "saving")):
            few.add(figure.id, figure.value, figure.unit, figure.label, figure.formula, figure.inputs)
    empty = replace(
        full.footprint, emissions=full.footprint.emissions.assign(co2e=0.0), balances=full.footprint.balances.iloc[:0]
    )
    return replace(
        full, head=replace(full.head, is_sample=False), book=few, findings=(), scorecard=None, exchange=None,
        design=None, footprint=empty,
    )  # fmt: skip


LONG_WORDS = "Una frase larga que no acaba, porque quien la escribió quiso decirlo todo de una vez y sin punto, " * 4


def many(frame: pd.DataFrame, times: int, **words: str) -> pd.DataFrame:
    """A table many times over, its columns ``words`` with more words."""
    longer = {name: frame[name].astype("str") + " " + text for name, text in words.items()}
    return pd.concat([frame.assign(**longer)] * times, ignore_index=True)


def crowded() -> ReportData:
    """Forty firms and more of everything than a page holds, with long words everywhere."""
    full = made_up(40, lambda name: f"{name} {LONG_NAME}")
    if full.scorecard is None or full.exchange is None or full.design is None:
        raise AssertionError("the made-up park has every part")
    figures, extra = full.book, energy_table(FIRMS.assign(carriers="coal biomass", energy=900.0))
    for carrier in ("coal", "biomass"):
        for key, unit in (("energy", "MWh"), ("amount", "t"), ("emissions", "t CO2e")):
            for when, value in (("before", 1234567.0), ("after", 2345678.0)):
                figures.add(f"{key}.{carrier}.{when}", value, f"{unit}/year", LABEL, "", [])
            figures.add(f"saving.{key}.{carrier}", -1111111.0, f"{unit}/year", LABEL, "", [])
    many_factors = [
        replace(one, id=f"{one.id}_{copy}/value", source=LONG_WORDS) for copy in range(4) for one in factors()
    ]
    figures.add("saving.of_many", 1.0, "t", LABEL, "", many_factors)
    footprint_part = replace(full.footprint, balances=many(BALANCES.assign(verdict="open"), 5, process=LONG_NAME))
    card = replace(full.scorecard, lines=many(full.scorecard.lines, 2, text=LONG_WORDS), name=LONG_NAME)
    links = many(full.exchange.links, 6, material=LONG_NAME, reason=LONG_WORDS, source=LONG_WORDS)
    plan = replace(
        full.design, capacities=many(CAPACITIES, 3), costs=many(COSTS, 2),
        measures=many(full.design.measures, 5, name=LONG_WORDS),
        abatement=many(ABATEMENT, 5, title=LONG_WORDS), inputs=many(INPUTS, 9, subject=LONG_WORDS, role=LONG_NAME),
        foreign_profiles=many(full.design.foreign_profiles, 3, source=LONG_NAME),
    )  # fmt: skip
    remarks = tuple(
        warning(code, Place("p.xlsx", "Recibos de electricidad", 17, "", "AB123"), **values) for code, values in REMARKS
    )
    return replace(
        full, book=figures, findings=remarks, footprint=footprint_part, scorecard=card, design=plan,
        exchange=replace(full.exchange, links=links),
        flows=replace(full.flows, energy=pd.concat([full.flows.energy, extra])),
    )  # fmt: skip


REMARKS: tuple[tuple[str, dict[str, object]], ...] = (
    ("ROW-TWICE", {"first": "1", "key": LONG_WORDS}), ("SHEET-EMPTY", {"sheet": LONG_WORDS}),
    ("COLUMN-TWICE", {"column": LONG_WORDS}), ("COLUMN-UNKNOWN", {"column": LONG_WORDS}),
    ("SHEET-MISSING", {"sheet": LONG_WORDS}), ("CELL-DATE", {"found": LONG_WORDS}),
    ("CELL-ERROR", {"found": LONG_WORDS}),
    ("SHEET-MERGED", {"range": LONG_WORDS}), ("COLUMN-MISSING", {"column": LONG_WORDS}),
    ("CELL-WHOLE", {"found": LONG_WORDS}),
)  # fmt: skip
CASES: dict[str, Callable[[], ReportData]] = {
    "full": made_up, "bare": bare, "crowded": crowded, "pair": lambda: made_up(2),
}  # fmt: skip
SPOKEN: tuple[tuple[str, Language], ...] = (
    ("full", "es"), ("full", "en"), ("bare", "es"), ("crowded", "es"), ("crowded", "en"), ("pair", "es"),
)  # fmt: skip
"""Cases with the languages in which they are tried: a report takes seconds."""


@cache
def case(name: str) -> ReportData:
    """A case, made once."""
    return CASES[name]()


@cache
def planned(name: str, language: Language) -> tuple[Page, ...]:
    """The pages of a case, made once."""
    return tuple(pages(case(name), Voice(language)))
