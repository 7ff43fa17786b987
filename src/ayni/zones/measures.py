"""Measures as packages: every subset on one equipment with its joint effect, which is less than the sum.

A measure on a boiler or chiller that saves a share of its energy is taken as that share less of the heat or cold that
its owner needs from it, whoever gives it then. On all other equipment it lowers the use of electricity or fuel itself.
A chemicals measure saves no energy: it is a yearly cost, less what it avoids, that the design takes where that pays.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ayni.base.findings import Finding, error
from ayni.base.money import annuity
from ayni.ledger.ledger import Ledger
from ayni.ledger.schema import Carrier
from ayni.zones.case import ELECTRICITY, EXISTING, FUEL, MeasureEffect, MeasureGroup, Package, measure_group
from ayni.zones.needs import EquipmentYear, unit_name
from ayni.zones.schema import Equipment, Measure, MeasureKind
from ayni.zones.shapes import Array

MEASURES_MAX = 6
"""Measures on one equipment: their packages are all subsets, 64 at most."""


def check_measures(measures: Sequence[Measure], equipment: Sequence[Equipment], ledger: Ledger) -> list[Finding]:
    """Measures that act on nothing, lack their effect, contradict themselves, or are too many on one equipment."""
    owner = {row.equipment: row.firm for row in equipment}
    findings: list[Finding] = []
    count: dict[str, int] = {}
    for row in measures:
        if row.kind is MeasureKind.EFFICIENCY:
            findings += _efficiency_remarks(row, owner)
        else:
            findings += _chemicals_remarks(row, measures, ledger)
        if row.equipment is not None:
            count[row.equipment] = count.get(row.equipment, 0) + 1
            if count[row.equipment] == MEASURES_MAX + 1:
                place = row.place_of("equipment")
                findings.append(error("MEASURE-MANY", place, equipment=row.equipment, most=MEASURES_MAX))
    return findings


def _efficiency_remarks(row: Measure, owner: Mapping[str, str]) -> Iterable[Finding]:
    if row.equipment is None or owner.get(row.equipment) != row.firm:
        yield error(
            "MEASURE-EQUIPMENT",
            row.place_of("equipment"),
            measure=row.measure,
            found=row.equipment or "",
            firm=row.firm,
        )
    if row.saving is None:
        yield error("MEASURE-SAVING", row.place_of("saving"), measure=row.measure)
        return
    low, high = row.saving_low, row.saving_high
    if (low is not None and low > row.saving) or (high is not None and high < row.saving):
        yield error("MEASURE-BAND", row.place_of("saving_low"), measure=row.measure)


def _chemicals_remarks(row: Measure, measures: Iterable[Measure], ledger: Ledger) -> Iterable[Finding]:
    used = sum(item.use for item in ledger.substances if (item.firm, item.cas) == (row.firm, row.substance))
    if row.substance is None or used == 0:
        yield error("MEASURE-SUBSTANCE", row.place_of("substance"), measure=row.measure, firm=row.firm)
        return
    if row.substance_avoided is None or row.cost_avoided is None:
        yield error("MEASURE-AVOIDED", row.place_of("substance_avoided"), measure=row.measure)
        return
    same = [other for other in measures if (other.firm, other.substance) == (row.firm, row.substance)]
    avoided = sum(other.substance_avoided or 0.0 for other in same)
    if avoided > used and row is same[-1]:
        yield error("MEASURE-AVOIDS-MORE", row.place_of("substance_avoided"), avoided=avoided, used=used)


def annual_cost(measure: Measure, rate: float) -> float:
    """Yearly cost [PEN/a]: annuity of the investment at ``rate`` [1/a] over its life, and operation."""
    return measure.investment * annuity(rate, measure.life) + measure.operation_cost


def effect_base(year: EquipmentYear) -> dict[str, Array]:
    """What a measure on an equipment acts on [MW], by the keys of a package's effects."""
    base = dict(year.output)
    if year.output:
        base[EXISTING + unit_name(year.equipment)] = sum(year.output.values(), start=0.0 * year.use)
    if year.own_use.any():
        carrier = year.equipment.carrier
        base[ELECTRICITY if carrier is Carrier.ELECTRICITY else FUEL + carrier.value] = year.own_use
    return base


def measure_groups(
    measures: Sequence[Measure], years: Sequence[EquipmentYear], rate: float
) -> tuple[MeasureGroup, ...]:
    """One group per equipment with efficiency measures, one per chemicals measure. Measures are checked before."""
    groups = []
    for year in years:
        effects = [
            MeasureEffect(row.measure, row.saving / 100.0, annual_cost(row, rate), row.investment)
            for row in measures
            if row.equipment == year.equipment.equipment and row.saving is not None
        ]
        if effects:
            groups.append(measure_group(year.equipment.equipment, effect_base(year), effects))
    for row in measures:
        if row.kind is MeasureKind.CHEMICALS:
            cost = annual_cost(row, rate) - (row.cost_avoided or 0.0)
            groups.append(MeasureGroup(row.measure, (Package(), Package((row.measure,), 0.0, cost, row.investment))))
    return tuple(groups)
