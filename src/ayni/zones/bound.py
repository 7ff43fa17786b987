"""A lower bound on the least cost that holds for any prices, however roughly a solver found them.

For any prices y of the rows (right sign where a row has one side only), with d = c − Aᵀy:

    bound = offset + Σᵢ yᵢ bᵢ + Σⱼ min(dⱼ lⱼ, dⱼ uⱼ),    b = lower side where y > 0, upper side where y < 0

is no more than the cost of any feasible point (weak duality). It needs a finite u wherever d < 0. Columns without
one get it from a plan in hand: no column but the packages of measures has a negative cost, so in a plan that is no
dearer, xⱼ ≤ (cost in hand − offset − cheapest packages) / cⱼ.
Prices of the rows ``flow ≤ share · size`` are chosen anew, as high as the flows' reduced costs ask, which moves
every shortfall to the few sizes.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ayni.zones.model import LinearProgram

Floats = NDArray[np.float64]

ROUNDING = 1e-12
"""Relative rounding error of sums of a million products in double precision, taken off the bound."""


def lower_bound(program: LinearProgram, prices: Floats, cost_in_hand: float) -> float:
    """The bound from ``prices``; ``cost_in_hand`` is the cost of a feasible plan. −∞ where prices prove nothing."""
    prices = _right_signs(program, np.nan_to_num(prices, nan=0.0, posinf=0.0, neginf=0.0))
    prices = _raise_limit_prices(program, prices)
    reduced = program.cost - program.matrix.T @ prices
    upper = column_bounds(program, cost_in_hand)
    sides = np.where(prices > 0.0, program.row_lower, program.row_upper)
    row_terms = prices * np.where(prices == 0.0, 0.0, sides)
    taken = np.where(reduced < 0.0, upper, program.column_lower)
    column_terms = np.where(reduced == 0.0, 0.0, reduced * np.where(reduced == 0.0, 0.0, taken))
    size = np.abs(row_terms).sum() + np.abs(column_terms).sum()
    bound = program.offset + float(row_terms.sum() + column_terms.sum())
    return bound - ROUNDING * float(size) if np.isfinite(bound) else -np.inf


def _right_signs(program: LinearProgram, prices: Floats) -> Floats:
    """A row without lower side has no positive price, one without upper side no negative."""
    prices = np.where(np.isneginf(program.row_lower), np.minimum(prices, 0.0), prices)
    return np.where(np.isposinf(program.row_upper), np.maximum(prices, 0.0), prices)


def _raise_limit_prices(program: LinearProgram, prices: Floats) -> Floats:
    """Prices of limits that leave no flow with a negative reduced cost, and none higher than that.

    A flow under several limits has the first of them adjusted; the others keep the solver's prices, and so do flows
    with an upper bound of their own, which may be what really holds them.
    """
    is_open = np.isposinf(program.column_upper)
    chosen = []
    for limit in program.limits:
        is_first = is_open[limit.flow]
        is_open[limit.flow] = False
        chosen.append((limit.rows[is_first], limit.flow[is_first]))
    prices = prices.copy()
    for rows, _ in chosen:
        prices[rows] = 0.0
    reduced = program.cost - program.matrix.T @ prices
    for rows, flow in chosen:
        prices[rows] = np.minimum(reduced[flow], 0.0)
    return prices


def column_bounds(program: LinearProgram, cost_in_hand: float) -> Floats:
    """Upper bounds that some optimal solution keeps: its own, what a cheaper plan can afford, what sizes imply."""
    afford = np.full_like(program.cost, np.inf)
    paid = program.cost > 0.0
    packages = sum(float(program.cost[columns].min()) for columns in program.whole.values())
    afford[paid] = (cost_in_hand - program.offset - packages) / program.cost[paid]
    upper = np.minimum(program.column_upper, afford)
    for _ in range(2):  # what holds a flow may itself be held by another size
        for limit in program.limits:
            upper[limit.flow] = np.minimum(upper[limit.flow], _product(limit.share, upper[limit.size]))
        for implied in program.implied:
            held = implied.factor * float(upper[implied.sizes].max())
            upper[implied.columns] = np.minimum(upper[implied.columns], held)
    return upper


def _product(share: Floats, size: Floats) -> Floats:
    """Share · size with 0 · ∞ = 0."""
    return np.where(share == 0.0, 0.0, share * np.where(share == 0.0, 0.0, size))
