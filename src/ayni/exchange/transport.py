"""The transport problem in whole numbers, solved to a proven optimum, and the range of its optimal prices.

Primal: maximise Σ value·amount, per giver Σ amount ≤ supply, per taker Σ amount ≤ demand, amount ≥ 0.
Dual: minimise Σ supply·u + Σ demand·v, per link u + v ≥ value, u ≥ 0, v ≥ 0.

The matrix is totally unimodular (Hoffman and Kruskal, 1956), so at a vertex whole data give whole amounts and whole
prices. Solver noise is therefore rounded away, and optimality is checked without a tolerance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csc_array, csr_array
from scipy.sparse.csgraph import dijkstra

from ayni.exchange.solver import Floats, Integers, LinearProgram, SolverFault, minimise

SOLVER_SIZE = 2.0**20
"""Numbers up to this size leave room between the unit of the whole numbers and the solver's tolerances."""


@dataclass(frozen=True)
class Transport:
    """Whole numbers held as floats: ``supply`` per giver, ``demand`` per taker, and per link its ends and value > 0."""

    supply: Floats
    demand: Floats
    giver: Integers
    taker: Integers
    value: Floats


@dataclass(frozen=True)
class Plan:
    """An optimum: ``amount`` per link, the prices ``u`` per giver and ``v`` per taker that prove it, and the solver."""

    amount: Floats
    u: Floats
    v: Floats
    solver: str


def solve(problem: Transport) -> Plan:
    """The exact optimum. Raises SolverFault where the solver's vertex fails the proof."""
    givers, links = len(problem.supply), len(problem.value)
    rows = np.column_stack([problem.giver, givers + problem.taker]).ravel()
    shape = (givers + len(problem.demand), links)
    limits = np.concatenate([problem.supply, problem.demand])
    # Powers of two change the solver's units without rounding anything.
    amount_unit, value_unit = _unit(limits.sum()), _unit(problem.value.max())
    program = LinearProgram(
        cost=-problem.value / value_unit,
        matrix=csc_array((np.ones(2 * links), rows, np.arange(0, 2 * links + 1, 2)), shape=shape),
        row_lower=np.full(len(limits), -np.inf),
        row_upper=limits / amount_unit,
        upper=np.minimum(problem.supply[problem.giver], problem.demand[problem.taker]) / amount_unit,
    )
    solution = minimise(program)
    u, v = _prices(problem, np.rint(-solution.row_duals * value_unit))
    plan = Plan(np.rint(solution.values * amount_unit), u, v, solution.solver)
    if not is_optimal(problem, plan):
        raise SolverFault("the transport plan is not optimal")
    return plan


def _unit(largest: float) -> float:
    """The power of two that brings ``largest`` below SOLVER_SIZE; 1 where it is there."""
    return float(2.0 ** max(0, int(np.frexp(largest / SOLVER_SIZE)[1])))


def _prices(problem: Transport, duals: Floats) -> tuple[Floats, Floats]:
    """Prices u and v: the rows' duals, and what a link's own bound earned given to the end that sets the bound."""
    u, v = np.split(duals, [len(problem.supply)])
    rent = np.maximum(problem.value - u[problem.giver] - v[problem.taker], 0.0)
    by_giver = problem.supply[problem.giver] <= problem.demand[problem.taker]
    np.add.at(u, problem.giver[by_giver], rent[by_giver])
    np.add.at(v, problem.taker[~by_giver], rent[~by_giver])
    return u, v


def slack(problem: Transport, plan: Plan) -> tuple[Floats, Floats]:
    """What each giver keeps and what each taker still lacks."""
    given = np.bincount(problem.giver, plan.amount, len(problem.supply))
    taken = np.bincount(problem.taker, plan.amount, len(problem.demand))
    return problem.supply - given, problem.demand - taken


def reduced_cost(problem: Transport, plan: Plan) -> Floats:
    """Per link u + v − value: zero on a used link, never below zero."""
    return np.asarray(plan.u[problem.giver] + plan.v[problem.taker] - problem.value)


def is_optimal(problem: Transport, plan: Plan) -> bool:
    """Proof by feasibility and complementary slackness; all numbers are whole, so there is no tolerance."""
    kept, lacking = slack(problem, plan)
    reduced = reduced_cost(problem, plan)
    is_feasible = all((array >= 0).all() for array in (plan.amount, kept, lacking, plan.u, plan.v, reduced))
    is_complementary = not any(
        (first * second).any() for first, second in ((plan.amount, reduced), (kept, plan.u), (lacking, plan.v))
    )
    return is_feasible and is_complementary


def price_band(problem: Transport, plan: Plan) -> tuple[Floats, Floats]:
    """Smallest and largest u of every giver over all optimal prices.

    With p = −v the optimal prices are the solutions of difference constraints b − a ≤ length between givers, takers and
    a root at price 0: u ≥ 0, p ≤ 0, p ≤ u − value on every link, equality on used links, u = 0 (p = 0) where a giver
    (taker) has slack. They form a lattice, so all largest u hold at once, and are the shortest distances from the root;
    all smallest u are minus the distances to it (Bellman, 1958). Lengths reduced by the known prices are never
    negative, so Dijkstra's method applies.
    """
    givers, takers = len(problem.supply), len(problem.demand)
    root = givers + takers
    kept, lacking = slack(problem, plan)
    used, loose_givers, loose_takers = (np.flatnonzero(array) for array in (plan.amount, kept, lacking))
    every_giver, taker = np.arange(givers), givers + problem.taker
    arcs = (
        (problem.giver, taker, reduced_cost(problem, plan)),
        (taker[used], problem.giver[used], np.zeros(len(used))),
        (every_giver, np.full(givers, root), plan.u),
        (np.full(len(loose_givers), root), loose_givers, np.zeros(len(loose_givers))),
        (np.full(takers, root), givers + np.arange(takers), plan.v),
        (givers + loose_takers, np.full(len(loose_takers), root), np.zeros(len(loose_takers))),
    )
    tail, head, length = (np.concatenate(parts) for parts in zip(*arcs, strict=True))
    graph = csr_array((length, (tail, head)), shape=(root + 1, root + 1))
    from_root = dijkstra(graph, indices=root)[:givers]
    to_root = dijkstra(graph.T.tocsr(), indices=root)[:givers]
    return plan.u - to_root, plan.u + from_root
