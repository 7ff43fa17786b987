"""A design as tables, for workbooks, pages and JSON. Codes stay codes; power [MW], energy [MWh], money [PEN]."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd

from ayni.base.factors import Factor
from ayni.base.status import Status, worst
from ayni.base.texts import Language, say, shown
from ayni.ledger.cost import cost
from ayni.ledger.figures.rows import row_status
from ayni.ledger.ledger import Ledger
from ayni.ledger.schema import Carrier
from ayni.zones.abatement import Abatement
from ayni.zones.band import Appraisal, Swing
from ayni.zones.build import CaseNotes, park_load
from ayni.zones.case import ZoneCase
from ayni.zones.change import MEASURES, PLANT
from ayni.zones.design import Design, finite
from ayni.zones.dispatch.account import size_costs
from ayni.zones.dispatch.plan import Plan
from ayni.zones.figures import capacity_unit
from ayni.zones.money import measures_taken, plant_annuities
from ayni.zones.parameters import CHOICES
from ayni.zones.weeks import mean_days

DEMAND_PARTS = ("capacity",)
"""Components of a free contract that charge demand without saying so in their name."""


def capacity_table(case: ZoneCase, plan: Plan) -> pd.DataFrame:
    """Columns technology, capacity, unit, investment [PEN]: all that could be built, also at size 0.

    A store's size is its energy, with the investment of its power; recovered waste heat counts as one.
    """
    costs = size_costs(case)
    parts = pd.DataFrame(
        [
            {
                "technology": name.partition(".")[0], "capacity": 0.0 if name.endswith(".power") else size,
                "unit": capacity_unit(name), "investment": size * costs[name][1],
            }
            for name, size in plan.capacities.items()
        ],
        columns=["technology", "capacity", "unit", "investment"],
    )  # fmt: skip
    joined = {"capacity": "sum", "unit": "first", "investment": "sum"}
    return parts.groupby("technology", sort=False, as_index=False).agg(joined)


def cost_table(before: Ledger, after: Ledger, case: ZoneCase, plan: Plan, notes: CaseNotes) -> pd.DataFrame:
    """Columns line, before, after [PEN/year]: energy, plant and measures of the ledger's cost, and nothing else.

    ``after`` is ``before`` changed by ``plan``. Reactive energy counts as energy. Plant is split into annuities and
    operation.
    """
    lines: dict[str, list[float]] = {}
    for place, ledger in enumerate((before, after)):
        for line, amount in _cost_lines(ledger).items():
            lines.setdefault(line, [0.0, 0.0])[place] += amount
    annuities = sum(plant_annuities(case, plan, notes, notes.parameters).values())
    operation = lines.pop(PLANT, [0.0, 0.0])
    lines["operation"] = [operation[0], operation[1] - annuities]
    lines["annuities"] = [0.0, annuities]
    lines["measures"] = lines.pop(MEASURES, [0.0, 0.0])
    rows = [(line, *amounts) for line, amounts in lines.items()]
    return pd.DataFrame(rows, columns=["line", "before", "after"])


def _cost_lines(ledger: Ledger) -> dict[str, float]:
    """Yearly cost by line; items that have nothing to do with energy are left out."""
    wanted = {Carrier.ELECTRICITY.value: "", PLANT: PLANT, MEASURES: MEASURES}
    wanted |= {carrier.value: carrier.value for carrier in Carrier if carrier is not Carrier.ELECTRICITY}
    totals: dict[str, float] = {}
    lines = cost(ledger).lines
    for item, component, amount in zip(lines["item"], lines["component"], lines["amount"], strict=True):
        if item in wanted:
            line = wanted[item] or f"electricity_{_bill_part(str(component))}"
            totals[line] = totals.get(line, 0.0) + float(amount)
    return totals


def _bill_part(component: str) -> str:
    if component == "fixed":
        return "fixed"
    is_demand = component in DEMAND_PARTS or component.startswith(("generation", "distribution"))
    return "demand" if is_demand else "energy"


def class_table(design: Design) -> pd.DataFrame:
    """Columns tariff_class, cost, bound [PEN/year], gap, is_earned, is_kept: what each class of the tariff came to."""
    rows = []
    for name, result in design.classes.items():
        known = finite(result.cost)
        gap = None if known is None or not math.isfinite(result.bound) else (known - result.bound) / abs(known)
        rows.append(
            {
                "tariff_class": name, "cost": known, "bound": finite(result.bound), "gap": gap,
                "is_earned": result.earned == name, "is_kept": name == design.tariff_class,
            }
        )  # fmt: skip
    return pd.DataFrame(rows, columns=["tariff_class", "cost", "bound", "gap", "is_earned", "is_kept"])


def measure_table(case: ZoneCase, plan: Plan, notes: CaseNotes) -> pd.DataFrame:
    """Columns measure, firm, name, equipment, saving [%], investment [PEN], is_chosen."""
    taken = {row.measure for row in measures_taken(case, plan, notes)}
    return pd.DataFrame(
        [
            {
                "measure": row.measure, "firm": row.firm, "name": row.name, "equipment": row.equipment or "",
                "saving": row.saving, "investment": row.investment, "is_chosen": row.measure in taken,
            }
            for row in notes.rows.measures
        ],
        columns=["measure", "firm", "name", "equipment", "saving", "investment", "is_chosen"],
    )  # fmt: skip


def abatement_table(parts: Sequence[Abatement], notes: CaseNotes, language: Language) -> pd.DataFrame:
    """Columns option, kind, title, avoided [t CO2e/year], cost [PEN/t], net_cost [PEN/year], status.

    The status is that of the worst founded input. Parts that avoid nothing, or cannot run without the others, have no
    cost.
    """
    names = {row.measure: f"{row.name} ({row.firm})" for row in notes.rows.measures}
    return pd.DataFrame(
        [
            {
                "option": part.name, "kind": part.kind,
                "title": names[part.name] if part.kind == "measure" else say(f"technology.{part.name}", language),
                "avoided": part.tonnes, "cost": part.cost_per_tonne, "net_cost": part.net_cost,
                "status": _status(part, notes).value,
            }
            for part in parts
        ],
        columns=["option", "kind", "title", "avoided", "cost", "net_cost", "status"],
    )  # fmt: skip


def _status(part: Abatement, notes: CaseNotes) -> Status:
    """The worst founded of what a technology rests on; that of the workbook for a measure."""
    if part.kind == "measure":
        return row_status(notes.ledger)
    keys = {pick.technology for pick in CHOICES if pick.technology.startswith(part.name)}
    return worst(factor.status for key in keys for factor in notes.parameters.factors_of(key))


def swing_table(appraisal: Appraisal, language: Language) -> pd.DataFrame:
    """Every input of the plan's worth, that which moves the net present value most at the top.

    Columns subject, role, value, low, high, unit, npv_low, npv_high [PEN], status, is_decisive, is_unverified, source.
    """
    return pd.DataFrame([_swing_row(swing, language) for swing in appraisal.swings])


def _swing_row(swing: Swing, language: Language) -> Mapping[str, object]:
    item = swing.input
    origin = item.origin
    source = origin.source if isinstance(origin, Factor) else f"{origin.sheet}, {origin.row}"
    return {
        "subject": shown(item.subject, language), "role": shown(item.role, language), "value": origin.value,
        "low": item.low, "high": item.high, "unit": origin.unit,
        "npv_low": None if swing.low is None else swing.low.npv,
        "npv_high": None if swing.high is None else swing.high.npv,
        "status": origin.status.value, "is_decisive": swing.is_decisive, "is_unverified": swing.is_unverified,
        "source": source,
    }  # fmt: skip


def parameter_table(notes: CaseNotes, language: Language) -> pd.DataFrame:
    """The rows of the technology data that were taken, for what and why, with range, date, source and status."""
    rows = []
    for pick in CHOICES:
        factor = notes.parameters.factors[pick.technology, pick.role]
        rows.append(
            {
                "technology": say(f"technology.{pick.technology}", language),
                "role": say(f"role.{pick.role}", language),
                "row": f"{pick.row}/{pick.parameter}", "value": factor.value, "low": factor.low, "high": factor.high,
                "unit": factor.unit, "date": factor.date, "status": factor.status.value,
                "reason": say(pick.reason, language), "source": factor.source,
            }
        )  # fmt: skip
    return pd.DataFrame(rows)


def foreign_profiles(notes: CaseNotes) -> pd.DataFrame:
    """Columns firm, year, source: load shapes that were measured at another plant."""
    rows = [
        {"firm": load.firm, "year": load.profile.year, "source": load.profile.source}
        for load in notes.loads
        if load.profile is not None and load.profile.is_foreign
    ]
    return pd.DataFrame(rows, columns=["firm", "year", "source"])


def load_table(notes: CaseNotes) -> pd.DataFrame:
    """Columns month, hour, power [MW]: mean electric load of the park."""
    return mean_days(park_load(notes), notes.hours)
