"""The design's figures: sizes and investments down to factors and rows, the proof, and what it all is worth.

``add_plan`` comes before the ledger's figures of the state after, which rest on the sizes; ``add_worth`` comes after
them, because it rests on their costs.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from ayni.base.factors import Factor
from ayni.base.figures import FigureBook, SourceRow, Stage
from ayni.base.texts import Word, has_text
from ayni.ledger.fuels import grid_factor
from ayni.ledger.prices import FUEL_ITEMS
from ayni.ledger.schema import Carrier
from ayni.zones.band import Appraisal, Range
from ayni.zones.build import CaseNotes
from ayni.zones.case import ZoneCase
from ayni.zones.change import MEASURES, PLANT
from ayni.zones.design import Design
from ayni.zones.dispatch.account import size_costs
from ayni.zones.dispatch.plan import Plan
from ayni.zones.money import HORIZON, measures_taken, parameter_key
from ayni.zones.parameters import LOCAL
from ayni.zones.sources import measure_source, price_source, rate_source, roof_source, waste_heat_source
from ayni.zones.waste_heat import source_name

INVESTMENT = "design.investment"
SIZED = "size of least yearly cost (linear programme over the year)"
Input = str | Factor | SourceRow


def capacity_word(name: str) -> object:
    """A capacity such as ``battery.power`` or ``waste_heat.E01:Gases:steam`` in words."""
    key, _, rest = name.partition(".")
    if key == "waste_heat":
        return rest
    part = f"technology.{name}"
    return Word(part) if has_text(part) else Word(f"technology.{key}")


def capacity_unit(name: str) -> str:
    """MWp for panels, MWh for what stores hold, MW for the rest."""
    if name == "pv_roof":
        return "MWp"
    return "MWh" if name.endswith(".energy") else "MW"


def add_plan(book: FigureBook, design: Design, plan: Plan, case: ZoneCase, notes: CaseNotes) -> tuple[str, ...]:
    """Sizes, investments and the proof of the ``plan`` of ``design``; the ids that the state after rests on."""
    sizes = [name for name, size in plan.capacities.items() if size > 0.0]
    ids = [_add_size(book, name, plan, notes) for name in sizes]
    money = [_add_investment(book, name, plan, case, notes) for name in sizes]
    money += _add_measures(book, case, plan, notes)
    _add_proof(book, design, notes, ids)
    return (*ids, *money)


def _add_size(book: FigureBook, name: str, plan: Plan, notes: CaseNotes) -> str:
    figure = book.add(
        f"design.capacity.{name}", plan.capacities[name], capacity_unit(name), "figure.design.capacity", SIZED,
        _founding(name, notes), stage=Stage.POTENTIAL, what=capacity_word(name),
    )  # fmt: skip
    return figure.id


def _founding(name: str, notes: CaseNotes) -> Iterator[Input]:
    """The factors and rows that a capacity rests on."""
    key = parameter_key(name, notes)
    yield from notes.parameters.factors_of(key)
    yield from {"pv_roof": _panels, "solar_thermal_flat_plate": _collectors}.get(key, _nothing)(notes)
    for row in notes.rows.waste_heat:
        if name.startswith(f"waste_heat.{source_name(row)}"):
            yield waste_heat_source(row, notes.ledger)


def _nothing(_: CaseNotes) -> tuple[Input, ...]:
    return ()


def _panels(notes: CaseNotes) -> tuple[Input, ...]:
    return (notes.sun.factors["pv_yield"], *roof_source(notes.ledger))


def _collectors(notes: CaseNotes) -> tuple[Input, ...]:
    return (notes.sun.factors["heat_yield"], notes.sun.factors["irradiation_lima"], *roof_source(notes.ledger))


def _add_investment(book: FigureBook, name: str, plan: Plan, case: ZoneCase, notes: CaseNotes) -> str:
    key = parameter_key(name, notes)
    prices = [
        factor for (owner, role), factor in notes.parameters.factors.items()
        if owner == key and role.startswith(("investment", LOCAL))
    ]  # fmt: skip
    if (key, LOCAL) not in notes.parameters.factors:
        prices.append(notes.parameters.factors["all", "peru_cost_factor"])
    value = plan.capacities[name] * size_costs(case)[name][1]
    inputs: list[Input] = [f"design.capacity.{name}", *prices]
    figure = book.add(
        f"{INVESTMENT}.{name}", value, "PEN", "figure.design.investment",
        "capacity × price at the study's rates (× Peru's cost factor)", inputs, stage=Stage.POTENTIAL,
        what=capacity_word(name),
    )  # fmt: skip
    return figure.id


def _add_measures(book: FigureBook, case: ZoneCase, plan: Plan, notes: CaseNotes) -> list[str]:
    """The investment of all measures taken, if any."""
    rows = measures_taken(case, plan, notes)
    if not rows:
        return []
    sources: list[Input] = [measure_source(row, "investment", notes.ledger) for row in rows]
    sources += [measure_source(row, "saving", notes.ledger) for row in rows if row.saving is not None]
    figure = book.add(
        f"{INVESTMENT}.measures", sum(row.investment for row in rows), "PEN", "figure.design.investment",
        "Σ investment of the measures taken", sources, stage=Stage.POTENTIAL, what=Word("figure.of.measures"),
    )  # fmt: skip
    return [figure.id]


def _add_proof(book: FigureBook, design: Design, notes: CaseNotes, sizes: list[str]) -> None:
    """Yearly cost of the plan in the design's own account, what no plan can undercut, and the distance."""
    prices = [price_source(notes.ledger.prices[item]) for item in FUEL_ITEMS.values() if item in notes.ledger.prices]
    grid = grid_factor(notes.ledger.park.grid_factor_year)
    inputs: list[Input] = [*sizes, *notes.tariff.factors(), *prices, grid, rate_source(notes.ledger)]
    for name, value in (("cost", design.cost), ("bound", design.bound)):
        formula = f"{name} of the linear programme"
        book.add(f"design.{name}", value, "PEN/year", f"figure.design.{name}", formula, inputs, stage=Stage.POTENTIAL)
    book.add(
        "design.gap", design.gap, "", "figure.design.gap", "(cost − bound) / cost", ["design.cost", "design.bound"],
        stage=Stage.POTENTIAL,
    )  # fmt: skip


def add_worth(book: FigureBook, appraisal: Appraisal, pooled: float, notes: CaseNotes) -> None:
    """Saving, investment, net present value and payback with their bands, from the ledger's costs before and after."""
    sums = ("cost.electricity", *(f"cost.{carrier.value}" for carrier in Carrier), f"cost.{PLANT}", f"cost.{MEASURES}")
    costs = [f"{total}.{when}" for total in dict.fromkeys(sums) for when in ("before", "after")]
    known: list[Input] = [figure_id for figure_id in costs if figure_id in book]
    rate = rate_source(notes.ledger)
    parts: list[Input] = [figure.id for figure in book if figure.id.startswith(f"{INVESTMENT}.")]
    annuity_inputs = [*parts, rate, *_lives(notes, book)]
    _add(book, "annuities", appraisal.worth.annuities, "PEN/year", "Σ investment × annuity", annuity_inputs)
    _add(book, "saving", appraisal.saving, "PEN/year", "before − after + annuities", [*known, "design.annuities"])
    _add(book, "investment", appraisal.investment, "PEN", "sum", parts)
    formula = f"(saving − annuities) × present value factor over {HORIZON:g} years"
    _add(book, "npv", appraisal.npv, "PEN", formula, ["design.saving", "design.annuities", rate])
    if math.isfinite(appraisal.payback.value):
        _add(book, "payback", appraisal.payback, "years", "investment / saving", ["design.investment", "design.saving"])
    _add(book, "pooling", pooled, "PEN/year", "bills of the firms − bill of their summed load", [
        *(figure_id for figure_id in ("cost.electricity.before",) if figure_id in book), *notes.tariff.factors(),
    ])  # fmt: skip
    for name, count in (
        ("inputs_decisive", len(appraisal.decisive)), ("inputs_unverified", appraisal.unverified_count),
        ("inputs_without_range", appraisal.without_range_count),
    ):  # fmt: skip
        _add(book, name, float(count), "", "count", ["design.npv"])


def _lives(notes: CaseNotes, book: FigureBook) -> Iterator[Factor]:
    """The lives of what is built."""
    prefix = "design.capacity."
    names = [figure.id.removeprefix(prefix) for figure in book if figure.id.startswith(prefix)]
    for key in dict.fromkeys(parameter_key(name, notes) for name in names):
        yield notes.parameters.factors[key, "life"]


def _add(book: FigureBook, name: str, value: Range | float, unit: str, formula: str, inputs: list[Input]) -> None:
    band = value if isinstance(value, Range) else Range(value, math.nan, math.nan)
    low, high = (end if math.isfinite(end) else None for end in (band.low, band.high))
    book.add(
        f"design.{name}", band.value, unit, f"figure.design.{name}", formula, inputs, stage=Stage.POTENTIAL,
        low=low, high=high, what=Word("figure.of.total"),
    )  # fmt: skip
