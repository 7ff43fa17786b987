"""What a tonne costs: each part of a plan added alone to the zone as it stands.

Method: the zone before the design, on its one connection, with the one measure or technology running as in the plan;
what it makes less necessary is taken from the boilers and chillers that stand, the dearest first, and from the grid,
and the ledger is billed again. Parts overlap: their sum is more than the plan, and this is no curve of the joint plan.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from ayni.ledger.ledger import Ledger
from ayni.zones.case import ZoneCase
from ayni.zones.change import after_design, packages_taken
from ayni.zones.dispatch.account import account, size_costs
from ayni.zones.dispatch.plan import Plan
from ayni.zones.money import energy_cost
from ayni.zones.replay import settled

WASTE_HEAT = "waste_heat"


@dataclass(frozen=True)
class Abatement:
    """One part of a plan alone: ``kind`` technology or measure, ``net_cost`` [PEN/a, negative where it saves money].

    ``tonnes`` [t CO2e/a] avoided. Both None where the part cannot run without the others.
    """

    kind: str
    name: str
    net_cost: float | None
    tonnes: float | None

    @property
    def cost_per_tonne(self) -> float | None:
        """Average cost [PEN/t CO2e]; None where nothing is avoided."""
        if self.net_cost is None or self.tonnes is None or self.tonnes <= 0:
            return None
        return self.net_cost / self.tonnes


def zone_as_it_stands(case: ZoneCase) -> Plan:
    """The plan that builds nothing: existing units and the grid. Raises ValueError where they fall short."""
    nothing = np.zeros(case.hours)
    names = [
        *case.technologies,
        *(f"existing.{unit.name}.{output}" for unit in case.existing for output in unit.outputs),
    ]
    names += [f"{store}.{part}" for store in case.stores for part in ("charge", "discharge", "level")]
    names += [f"{WASTE_HEAT}.{source.name}" for source in case.waste_heat]
    empty = Plan(
        {"grid": nothing, **dict.fromkeys(names, nothing)},
        dict.fromkeys(size_costs(case), 0.0),
        {group.name: 0 for group in case.measure_groups},
    )
    plan = settled(case, empty)
    if plan is None:
        raise ValueError("boilers and chillers that stand do not meet the demand")
    return plan


def abatement(ledger: Ledger, case: ZoneCase, plan: Plan) -> tuple[Abatement, ...]:
    """Every technology built and every measure taken, each alone, the cheapest tonne first; unknown costs last."""
    start = zone_as_it_stands(case)
    cost, co2 = energy_cost(after_design(ledger, start, case)), account(case, start).co2
    found = []
    for kind, name, draft in (*_technologies(plan, start), *_measures(case, plan, start)):
        alone = settled(case, draft)
        if alone is None:
            found.append(Abatement(kind, name, None, None))
        else:
            more = energy_cost(after_design(ledger, alone, case)) - cost
            found.append(Abatement(kind, name, more, co2 - account(case, alone).co2))
    return tuple(sorted(found, key=lambda part: np.inf if part.cost_per_tonne is None else part.cost_per_tonne))


def _technologies(plan: Plan, start: Plan) -> Iterator[tuple[str, str, Plan]]:
    """The zone as it stands with one technology of the plan; a store's parts and the waste heat count as one each."""
    built = dict.fromkeys(name.partition(".")[0] for name, size in plan.capacities.items() if size > 0.0)
    for name in built:

        def own(key: str, wanted: str = name) -> bool:
            return key.partition(".")[0] == wanted

        flows = {key: flow if own(key) else start.flows[key] for key, flow in plan.flows.items()}
        sizes = {key: size if own(key) else 0.0 for key, size in plan.capacities.items()}
        yield "technology", name, Plan(flows, sizes, start.packages)


def _measures(case: ZoneCase, plan: Plan, start: Plan) -> Iterator[tuple[str, str, Plan]]:
    """The zone as it stands with one measure of the plan, on its own."""
    taken = packages_taken(case, plan)
    for group in case.measure_groups:
        for code in taken[group.name].measures if group.name in taken else ():
            alone = next(number for number, package in enumerate(group.packages) if package.measures == (code,))
            if group.packages[alone].saving > 0.0:
                yield "measure", code, Plan(start.flows, start.capacities, {**start.packages, group.name: alone})
