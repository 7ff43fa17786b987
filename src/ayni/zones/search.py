"""The search for the cheapest plan: tariff classes, whole measures, and a second opinion where a plan fails its check.

Measures are chosen whole: the programme is solved with packages that may be taken in part, which gives the bound; then
the largest part of each group is taken whole and the programme solved again, which gives the plan. Of a tariff with two
classes, each is solved with what it requires, and the cheapest plan, billed in the class that it earns, is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from ayni.base.findings import Finding
from ayni.zones.bound import lower_bound
from ayni.zones.case import ELECTRICITY, OFF_PEAK, PRESENT_IN_PEAK, MeasureGroup, ZoneCase
from ayni.zones.dispatch import Account, Plan, account, repair
from ayni.zones.explain import unmet_requirements
from ayni.zones.model import LinearProgram, zone_program
from ayni.zones.model.program import Floats, Indices
from ayni.zones.solve import Engine, Outcome, Solution, solve
from ayni.zones.verify import verify

Progress = Callable[[str, float], None]
"""Called with a text key and the share of the work done so far."""

ACCURACY = 1e-2
"""Accuracy asked of the solver, as a part of the gap that the plan must reach."""
DUST = 10.0
"""A size below this many times the accuracy, relative to the zone's largest demand, is not built."""
CLASS_MARGIN = 1e-5
"""The solver is asked to stay below the class threshold by this part of the zone's largest load, which is above its
accuracy: so a plan earns its class strictly, and in months with hardly any import too."""
WHOLE = 1e-3
"""A package taken by all but this part is whole already."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """A plan, its account, the solver that found it, and what its verification says."""

    plan: Plan
    account: Account
    solver: str
    findings: tuple[Finding, ...]

    @property
    def rank(self) -> tuple[bool, float]:
        """Verified plans first, then by cost."""
        return bool(self.findings), self.account.cost


@dataclass(frozen=True)
class ClassResult:
    """What a tariff class came to: ``bound`` [PEN/a] on its plans, ``cost`` of the plan found, the class it ``earned``.

    The bound is infinite where the class allows no plan; without cost no plan of it could have been the cheapest.
    """

    bound: float
    cost: float | None = None
    earned: str | None = None


@dataclass(frozen=True, eq=False)
class Found:
    """The best candidate, if any, the results by class, and otherwise the requirements that cannot be met."""

    best: Candidate | None
    classes: Mapping[str, ClassResult]
    unmet: tuple[Finding, ...] = ()
    solver: str = ""


@dataclass(frozen=True, eq=False)
class _Relaxed:
    """A class solved with packages in parts; ``exact`` is its programme without the margin asked of the solver."""

    exact: LinearProgram
    solution: Solution


class Search:
    """The search for the best plan of one case, to be proven to within ``gap``."""

    def __init__(self, case: ZoneCase, gap: float, progress: Progress) -> None:
        self.case, self.accuracy, self.progress = case, gap * ACCURACY, progress
        self.margin = CLASS_MARGIN * float(case.demand_of(ELECTRICITY).max())
        self.best: Candidate | None = None
        self.relaxed: dict[str, _Relaxed] = {}
        self.results: dict[str, ClassResult] = {}

    def run(self) -> Found:
        """Every class in turn; the first asks nothing of the plan, so where it has none there is none."""
        for tariff_class in self.case.tariff.classes:
            solution, unmet = self._try_class(tariff_class)
            if unmet and self.best is None:
                return Found(None, self.results, unmet, solution.solver)
        if self.best is None:
            return Found(None, self.results)
        cost = self.best.account.cost
        bounds = {name: self._bound(name, cost) for name in self.results}
        return Found(self.best, {name: replace(result, bound=bounds[name]) for name, result in self.results.items()})

    def _try_class(self, tariff_class: str) -> tuple[Solution, tuple[Finding, ...]]:
        """Solve one class; gives the relaxed solution and what makes the class infeasible."""
        self._report("design.progress.relaxed", tariff_class)
        exact = zone_program(self.case, tariff_class)
        is_required = tariff_class == OFF_PEAK and len(self.case.tariff.classes) > 1
        program = zone_program(self.case, tariff_class, class_margin=self.margin) if is_required else exact
        solution, unmet = self._solve_or_explain(program)
        self.results[tariff_class] = ClassResult(bound=np.inf if unmet else -np.inf)
        if solution.outcome is not Outcome.OPTIMAL:
            return solution, unmet
        self.relaxed[tariff_class] = _Relaxed(exact, solution)
        if self.best is not None and self._bound(tariff_class, self.best.account.cost) >= self.best.account.cost:
            return solution, ()
        candidate = self._whole_plan(tariff_class, program, solution)
        if candidate is not None:
            self.results[tariff_class] = ClassResult(-np.inf, candidate.account.cost, candidate.account.tariff_class)
            self.best = min((found for found in (self.best, candidate) if found), key=lambda found: found.rank)
        return solution, ()

    def _solve_or_explain(self, program: LinearProgram) -> tuple[Solution, tuple[Finding, ...]]:
        """The solution, or why there is none: a solver's word alone that there is none does not count."""
        solution = solve(program, self.accuracy)
        if solution.outcome is Outcome.OPTIMAL:
            return solution, ()
        unmet = unmet_requirements(self.case, program)
        if unmet:
            return replace(solution, outcome=Outcome.INFEASIBLE), unmet
        return solve(program, self.accuracy, (Engine.IPX, Engine.SIMPLEX)), ()

    def _whole_plan(self, tariff_class: str, program: LinearProgram, solution: Solution) -> Candidate | None:
        """A plan with whole packages that earns the class, as far as one is found."""
        for packages in _whole_packages(self.case, program, solution.values):
            taken = [solution.values[program.whole[group]][number] for group, number in packages.items()]
            candidate = None
            if all(part >= 1.0 - WHOLE for part in taken):
                candidate = self._candidate(program, solution, packages)
            if candidate is None or candidate.findings:
                self._report("design.progress.whole", tariff_class)
                candidate = self._solved(program.fixed(packages), packages)
            if candidate is not None:
                return self._earning(tariff_class, candidate)
        return None

    def _earning(self, tariff_class: str, candidate: Candidate) -> Candidate:
        """The candidate, or a cheaper one that is made to earn the class.

        The programme may count on a maximum that its plan never reaches. Then the import in the plan's highest hour of
        each month stands for it.
        """
        if tariff_class == PRESENT_IN_PEAK or candidate.account.tariff_class == tariff_class:
            return candidate
        self._report("design.progress.class", tariff_class)
        highest = _highest_hours(self.case, candidate.plan)
        program = zone_program(self.case, tariff_class, highest_hours=highest, class_margin=self.margin)
        earning = self._solved(program.fixed(candidate.plan.packages), candidate.plan.packages)
        return candidate if earning is None else min(candidate, earning, key=lambda found: found.rank)

    def _solved(self, program: LinearProgram, packages: Mapping[str, int]) -> Candidate | None:
        """The plan of ``program`` by the first engine whose solution makes a verified one; None if there is none."""
        candidate = None
        for engine in Engine:
            solution = solve(program, self.accuracy, (engine,))
            if solution.outcome is Outcome.INFEASIBLE:
                return None
            if solution.outcome is Outcome.OPTIMAL:
                candidate = self._candidate(program, solution, packages)
                if not candidate.findings:
                    break
        return candidate

    def _candidate(self, program: LinearProgram, solution: Solution, packages: Mapping[str, int]) -> Candidate:
        plan = repair(self.case, program, solution.values, packages, DUST * self.accuracy)
        bill = account(self.case, plan)
        findings = verify(self.case, plan, cost=bill.cost, bound=-np.inf, tariff_class=bill.tariff_class)
        return Candidate(plan, bill, solution.solver, findings)

    def _bound(self, tariff_class: str, cost_in_hand: float) -> float:
        """A bound on every plan of a class that costs no more than the one in hand."""
        if tariff_class not in self.relaxed:
            return self.results[tariff_class].bound
        relaxed = self.relaxed[tariff_class]
        return lower_bound(relaxed.exact, relaxed.solution.prices, cost_in_hand)

    def _report(self, key: str, tariff_class: str) -> None:
        classes = self.case.tariff.classes
        steps = ("design.progress.relaxed", "design.progress.whole", "design.progress.class")
        self.progress(key, (classes.index(tariff_class) + steps.index(key) / len(steps)) / len(classes))


def _whole_packages(case: ZoneCase, program: LinearProgram, values: Floats) -> Iterator[dict[str, int]]:
    """Choices of one package per group: the largest part; and, in case limits forbid that, two that keep to limits.

    What saves most for no more investment than the parts took keeps the budget; what takes the least investment to save
    no less than the parts did keeps the emissions.
    """
    parts = {group.name: values[program.whole[group.name]] for group in case.measure_groups}
    choices: list[dict[str, int]] = []
    for choose in (_largest_part, _within_investment, _with_saving):
        choice = {group.name: choose(group, parts[group.name]) for group in case.measure_groups}
        if choice not in choices:
            choices.append(choice)
            yield choice


def _largest_part(_group: MeasureGroup, parts: Floats) -> int:
    return int(np.argmax(parts))


def _within_investment(group: MeasureGroup, parts: Floats) -> int:
    investments = np.array([package.investment for package in group.packages])
    savings = np.array([package.saving for package in group.packages])
    return int(np.argmax(np.where(investments <= parts @ investments, savings, -1.0)))


def _with_saving(group: MeasureGroup, parts: Floats) -> int:
    investments = np.array([package.investment for package in group.packages])
    savings = np.array([package.saving for package in group.packages])
    enough = min(float(parts @ savings), float(savings.max()))
    return int(np.argmin(np.where(savings >= enough, investments, np.inf)))


def _highest_hours(case: ZoneCase, plan: Plan) -> Indices:
    """The hour of the highest import in every month, off peak where the month has such hours."""
    imports = np.where(case.is_peak, -1.0, plan.flows["grid"])
    return np.array([int(np.argmax(np.where(case.month == month, imports, -2.0))) for month in case.months])
