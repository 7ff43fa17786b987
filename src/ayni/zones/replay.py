"""A plan run again in a changed case: sizes and running stay, what stands already makes up the difference."""

from __future__ import annotations

import numpy as np

from ayni.zones.case import COLD, ELECTRICITY, HOT_WATER, STEAM, ExistingUnit, Series, ZoneCase
from ayni.zones.dispatch.plan import Plan, output_left, surplus

TOLERANCE = 1e-6
"""Shortage that counts as none, relative to the largest demand."""


def replayed(case: ZoneCase, plan: Plan, changed: ZoneCase) -> Plan | None:
    """``plan`` of ``case`` in the ``changed`` case; None where it cannot be run there.

    Sun, waste heat and stores give what they now give, in proportion hour by hour; what stands makes up the rest.
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
    return settled(changed, Plan(flows, plan.capacities, plan.packages))


def settled(case: ZoneCase, plan: Plan) -> Plan | None:
    """``plan`` with every balance closed by existing units, the cheapest first, and the grid; None where they cannot.

    Cold comes first, because it takes electricity; then surplus electricity is taken back, from the sun and after it
    from cogeneration; then heat.
    """
    flows = dict(plan.flows)
    draft = Plan(flows, plan.capacities, plan.packages)
    tolerance = TOLERANCE * max(float(load.max()) for load in case.demand.values())
    flows["grid"] = np.zeros(case.hours)
    short = _run_existing(case, draft, flows, (COLD,))
    _take_back(case, flows, np.maximum(surplus(case, draft, ELECTRICITY), 0.0))
    short = max(short, _run_existing(case, draft, flows, (STEAM, HOT_WATER)))
    left = surplus(case, draft, ELECTRICITY)
    flows["grid"] = np.maximum(-left, 0.0)
    return None if max(short, float(left.max())) > tolerance else draft


def _run_existing(case: ZoneCase, plan: Plan, flows: dict[str, Series], carriers: tuple[str, ...]) -> float:
    """Run the units that make ``carriers`` in the order of their cost; the largest shortage that is left [MW].

    Units that make one carrier stay within its need, all of them within the sum of the needs: so what is left to the
    units that make several is theirs to share out, and no other order is cheaper.
    """
    units = sorted((unit for unit in case.existing if set(unit.outputs) & set(carriers)), key=lambda u: _cost(case, u))
    flows |= {f"existing.{unit.name}.{output}": np.zeros(case.hours) for unit in units for output in unit.outputs}
    needs = {carrier: np.maximum(-surplus(case, plan, carrier), 0.0) for carrier in carriers}
    total = sum(needs.values(), start=np.zeros(case.hours))
    shared: dict[str, Series] = {}
    for unit in units:
        given = np.minimum(output_left(case, plan.packages, unit), total)
        if len(unit.outputs) == 1:
            given = np.minimum(given, needs[unit.outputs[0]])
            _give(flows, needs, unit, unit.outputs[0], given)
        else:
            shared[unit.name] = given
        total = total - given
    for unit in units:
        for output in unit.outputs if unit.name in shared else ():
            given = np.minimum(shared[unit.name], needs[output])
            _give(flows, needs, unit, output, given)
            shared[unit.name] = shared[unit.name] - given
    return max(float(need.max()) for need in needs.values())


def _give(flows: dict[str, Series], needs: dict[str, Series], unit: ExistingUnit, output: str, given: Series) -> None:
    flows[f"existing.{unit.name}.{output}"] = given
    needs[output] = needs[output] - given


def _take_back(case: ZoneCase, flows: dict[str, Series], excess: Series) -> None:
    """Lower what makes electricity by ``excess``: the sun first."""
    makers = [name for name, technology in case.technologies.items() if technology.output == ELECTRICITY]
    for name in sorted(makers, key=lambda name: case.technologies[name].profile is None):
        less = np.minimum(flows[name], excess)
        flows[name], excess = flows[name] - less, excess - less


def _ratio(now: Series, before: Series) -> Series:
    return np.divide(now, before, out=np.zeros_like(now), where=before > 0.0)


def _cost(case: ZoneCase, unit: ExistingUnit) -> float:
    """Cost of an existing unit's output [PEN/MWh], carbon included; electricity at its mean energy price."""
    if unit.fuel == ELECTRICITY:
        price = float(case.tariff.energy_price.mean()) + case.grid_co2 * case.carbon_price
    else:
        price = case.fuels[unit.fuel].price + case.fuels[unit.fuel].co2 * case.carbon_price
    return price / unit.efficiency
