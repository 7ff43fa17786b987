"""A plan run again in a changed case: sizes and running stay, what stands already makes up the difference."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from ayni.zones.case import COLD, ELECTRICITY, HOT_WATER, STEAM, ExistingUnit, Series, ZoneCase
from ayni.zones.dispatch.plan import Plan, output_left, surplus

ORDER = (COLD, HOT_WATER, STEAM)
"""Cold may rest on hot water and hot water on steam."""
TOLERANCE = 1e-6
"""Shortage that counts as none, relative to the largest demand."""


def replayed(case: ZoneCase, plan: Plan, changed: ZoneCase) -> Plan | None:
    """``plan`` of ``case`` in the ``changed`` case; None where it cannot be run there.

    Sun, waste heat and stores give what they now give, in proportion hour by hour. Short heat and cold come from
    boilers and chillers that stand, the cheapest first; where there is more, the dearest of them give less. What the
    plan dumped stays dumped. The grid closes the balance of electricity; the sun is turned down before any export.
    """
    flows = dict(plan.flows)
    for name, technology in changed.technologies.items():
        if technology.profile is not None:
            flows[name] = flows[name] * _ratio(changed.profile(technology), case.profile(technology))
    for name, store in changed.stores.items():
        before = case.stores[name]
        filled = store.charge_efficiency / before.charge_efficiency
        flows[f"{name}.level"] = flows[f"{name}.level"] * filled
        given = filled * store.discharge_efficiency / before.discharge_efficiency
        flows[f"{name}.discharge"] = flows[f"{name}.discharge"] * given
    for now, then in zip(changed.waste_heat, case.waste_heat, strict=True):
        name = f"waste_heat.{now.name}"
        flows[name] = np.minimum(flows[name] * _ratio(now.available, then.available), plan.capacities[name])
    dumped = {carrier: np.maximum(surplus(case, plan, carrier), 0.0) for carrier in ORDER}
    return settled(changed, Plan(flows, plan.capacities, plan.packages), dumped)


def settled(case: ZoneCase, plan: Plan, dumped: Mapping[str, Series]) -> Plan | None:
    """``plan`` with existing units, the sun's surplus and the grid closing every balance; None where they cannot.

    All units are lowered before any is raised: what one of several outputs leaves free serves the others.
    """
    flows = dict(plan.flows)
    draft = Plan(flows, plan.capacities, plan.packages)
    scale = max(float(load.max()) for load in case.demand.values())
    _keep_own_needs(case, draft, flows)
    for carrier in ORDER:
        _lower(case, flows, carrier, surplus(case, draft, carrier) - dumped[carrier])
    for carrier in ORDER:
        short = _raise(case, draft, flows, carrier, dumped[carrier] - surplus(case, draft, carrier))
        if short.max() > TOLERANCE * scale:
            return None
    flows["grid"] = np.zeros(case.hours)
    excess = np.maximum(surplus(case, draft, ELECTRICITY), 0.0)
    for name in _panels(case):
        less = np.minimum(flows[name], excess)
        flows[name], excess = flows[name] - less, excess - less
    if excess.max() > TOLERANCE * scale:
        return None
    flows["grid"] = np.maximum(-surplus(case, draft, ELECTRICITY), 0.0)
    return draft


def _lower(case: ZoneCase, flows: dict[str, Series], carrier: str, excess: Series) -> None:
    """Take ``excess`` back: from units that could make something else first, and of them from the dearest."""
    for unit in sorted(_makers(case, carrier), key=lambda unit: (-len(unit.outputs), -_cost(case, unit))):
        name = f"existing.{unit.name}.{carrier}"
        less = np.clip(excess, 0.0, flows[name])
        flows[name], excess = flows[name] - less, excess - less


def _raise(case: ZoneCase, plan: Plan, flows: dict[str, Series], carrier: str, short: Series) -> Series:
    """Make up for ``short``: from units that make nothing else first, and of them from the cheapest. What is left."""
    for unit in sorted(_makers(case, carrier), key=lambda unit: (len(unit.outputs), _cost(case, unit))):
        used = sum((flows[f"existing.{unit.name}.{output}"] for output in unit.outputs), start=np.zeros(case.hours))
        more = np.clip(short, 0.0, np.maximum(output_left(case, plan.packages, unit) - used, 0.0))
        name = f"existing.{unit.name}.{carrier}"
        flows[name], short = flows[name] + more, short - more
    return short


def _keep_own_needs(case: ZoneCase, plan: Plan, flows: dict[str, Series]) -> None:
    """Clip existing units to what their owners still need of them after the measures."""
    for unit in case.existing:
        names = [f"existing.{unit.name}.{output}" for output in unit.outputs]
        total, left = sum(flows[name] for name in names), output_left(case, plan.packages, unit)
        share = np.divide(left, total, out=np.ones(case.hours), where=total > left)
        flows |= {name: flows[name] * share for name in names}


def _ratio(now: Series, before: Series) -> Series:
    return np.divide(now, before, out=np.zeros_like(now), where=before > 0.0)


def _makers(case: ZoneCase, carrier: str) -> list[ExistingUnit]:
    return [unit for unit in case.existing if carrier in unit.outputs]


def _cost(case: ZoneCase, unit: ExistingUnit) -> float:
    """Energy cost of an existing unit's output [PEN/MWh]."""
    is_electric = unit.fuel == ELECTRICITY
    return (float(case.tariff.energy_price.mean()) if is_electric else case.fuels[unit.fuel].price) / unit.efficiency


def _panels(case: ZoneCase) -> Iterator[str]:
    return (
        name
        for name, technology in case.technologies.items()
        if technology.output == ELECTRICITY and technology.profile is not None
    )
