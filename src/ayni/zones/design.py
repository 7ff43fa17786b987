"""The least-cost design of a zone: plan, proof and what it costs.

Nothing that the solver says is taken on trust: its plan is repaired, costed and verified apart from the model, and the
bound holds whatever the solver's accuracy.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np
import pandas as pd

from ayni import __version__
from ayni.base.findings import Finding, error, note, refuse_errors, warning
from ayni.zones.case import Limits, ZoneCase
from ayni.zones.case_checks import check_case
from ayni.zones.dispatch import Account, Plan, account, frame, repair
from ayni.zones.dispatch.account import size_costs
from ayni.zones.dispatch.plan import hourly_names
from ayni.zones.model import zone_program
from ayni.zones.search import ACCURACY, Candidate, ClassResult, Found, Progress, Search
from ayni.zones.solve import FIRST_CHOICE, Outcome, solve, solver_version
from ayni.zones.verify import verify

GAP = 1e-3
"""Gap that a plan must be proven to reach, relative to its cost."""


@dataclass(frozen=True, eq=False)
class Design:
    """A plan with its proof. Yearly money [PEN/a]; without a plan, cost, bound and gap are NaN.

    ``status``: ``optimal`` (gap reached), ``feasible`` (verified, gap not reached), ``infeasible`` (the findings say
    what cannot be met), ``failed`` (no plan that passes its verification, as the findings say). ``packages`` names
    the measures taken by group, ``energy`` [MWh/a] what is bought by carrier, ``co2`` [t/a], ``investment`` [PEN].
    """

    status: str
    solver: str
    cost: float
    bound: float
    gap: float
    tariff_class: str
    capacities: Mapping[str, float]
    dispatch: pd.DataFrame
    packages: Mapping[str, tuple[str, ...]]
    cost_lines: Mapping[str, float]
    energy: Mapping[str, float]
    co2: float
    investment: float
    versions: Mapping[str, str]
    seconds: float
    classes: Mapping[str, ClassResult]
    plan: Plan | None
    findings: tuple[Finding, ...]

    @property
    def certificate(self) -> dict[str, object]:
        """What the result rests on, as plain values."""
        return {
            "bound": finite(self.bound), "gap": finite(self.gap), "verified": self.status in ("optimal", "feasible"),
            "solver": self.solver, "versions": dict(self.versions), "tariff_class": self.tariff_class,
            "classes": {
                name: {"bound": finite(result.bound), "cost": finite(result.cost), "earned": result.earned}
                for name, result in self.classes.items()
            },
        }  # fmt: skip


def finite(value: float | None) -> float | None:
    """The value, or None where it is no finite number."""
    return value if value is not None and math.isfinite(value) else None


def design(case: ZoneCase, gap: float = GAP, progress: Progress | None = None) -> Design:
    """The cheapest plan for ``case``, proven to within ``gap`` of the least cost where the status is ``optimal``.

    Raises Refused with the findings of ``check_case`` where one is an error.
    """
    refuse_errors(check_case(case))
    started = perf_counter()
    found = Search(case, gap, progress or (lambda _key, _done: None)).run()
    made = _without_plan(found) if found.best is None else _with_plan(case, found.best, found.classes, gap)
    return replace(made, seconds=perf_counter() - started)


def baseline(case: ZoneCase) -> tuple[Plan, Account] | None:
    """The zone as it stands: nothing built, no measures, existing units at their cheapest; None where they fall short.

    The limits of the case are left aside.
    """
    bare = replace(case, technologies={}, stores={}, waste_heat=(), measure_groups=(), limits=Limits())
    program = zone_program(bare, case.tariff.classes[0])
    solution = solve(program, GAP * ACCURACY)
    if solution.outcome is not Outcome.OPTIMAL:
        return None
    idle = {name: np.zeros(case.hours) for name in hourly_names(case)}
    plan = Plan(
        flows=idle | dict(repair(bare, program, solution.values, {}).flows),
        capacities=dict.fromkeys(size_costs(case), 0.0),
        packages=dict.fromkeys((group.name for group in case.measure_groups), 0),
    )
    return plan, account(case, plan)


def _with_plan(case: ZoneCase, best: Candidate, classes: Mapping[str, ClassResult], gap: float) -> Design:
    bill = best.account
    bound = min([bill.cost, *(result.bound for result in classes.values())])
    reached = (bill.cost - bound) / abs(bill.cost) if bill.cost else 0.0
    findings = verify(case, best.plan, cost=bill.cost, bound=bound, tariff_class=bill.tariff_class)
    status = "failed" if findings else "optimal" if reached <= gap else "feasible"
    taken = {group.name: group.packages[best.plan.packages[group.name]] for group in case.measure_groups}
    return Design(
        status=status, solver=best.solver, cost=bill.cost, bound=bound, gap=reached, tariff_class=bill.tariff_class,
        capacities=best.plan.capacities, dispatch=frame(case, best.plan),
        packages={name: package.measures for name, package in taken.items()}, cost_lines=bill.lines,
        energy=bill.energy, co2=bill.co2, investment=bill.investment, versions=_versions(), seconds=0.0,
        classes=classes, plan=best.plan, findings=(*findings, *_remarks(best, reached, gap)),
    )  # fmt: skip


def _remarks(best: Candidate, reached: float, gap: float) -> list[Finding]:
    """What a reader of a verified plan should know."""
    remarks = []
    if reached > gap:
        remarks.append(warning("DESIGN-GAP", reached=f"{reached:.2g}", gap=f"{gap:.2g}"))
    if best.solver != FIRST_CHOICE:
        remarks.append(note("DESIGN-SOLVER", solver=best.solver))
    cheaper = [
        str(month) for month, earned in best.account.classes_by_month.items() if earned != best.account.tariff_class
    ]
    if cheaper:
        remarks.append(note("DESIGN-CLASS-MIXED", months=", ".join(cheaper)))
    return remarks


def _without_plan(found: Found) -> Design:
    return Design(
        status="infeasible" if found.unmet else "failed", solver=found.solver, cost=np.nan, bound=np.nan, gap=np.nan,
        tariff_class="", capacities={}, dispatch=pd.DataFrame(), packages={}, cost_lines={}, energy={}, co2=np.nan,
        investment=np.nan, versions=_versions(), seconds=0.0, classes=found.classes, plan=None,
        findings=found.unmet or (error("DESIGN-NO-PLAN"),),
    )  # fmt: skip


def _versions() -> dict[str, str]:
    return {"ayni": __version__, "solver": solver_version()}
