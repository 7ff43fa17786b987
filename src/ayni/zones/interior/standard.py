"""A linear programme made standard: what is fixed taken out, sides turned, numbers scaled; and the way back.

    minimise c·x   with   A·x + s = b,   0 ≤ x ≤ u,   s ≥ 0 in rows that are inequalities, s = 0 in equalities

Two columns that are each other's opposite, such as charging and discharging a store without loss, are one free column:
apart, both could grow without end at no cost, and an interior point method would let them.

Only what has no interior is taken out: columns whose bounds meet (a panel at night, a package not chosen), and rows
with one column left, which are bounds of that column. The prices of those rows are found again at the end from the
reduced cost of the column that they bound.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csc_array, csr_array, diags_array

from ayni.zones.model.program import Floats, Indices, LinearProgram

Flags = NDArray[np.bool_]

NO_ROOM = 1e-9
"""Bounds closer than this [unit of the column] have no interior: the column is fixed at the lower one."""
TYPICAL = 90
"""Percentile of the sizes and costs that are scaled to one."""


@dataclass(frozen=True, eq=False)
class Standard:
    """The standard form, and which column and row of the programme each of its own is.

    ``upper`` is infinite where a column has no bound.
    """

    cost: Floats
    upper: Floats
    side: Floats
    matrix: csr_array
    is_inequality: Flags
    is_free: Flags
    columns: Indices
    rows: Indices
    _opposites: Indices
    _row_scale: Floats
    _size: float
    _money: float
    _reduction: _Reduction

    def restore(self, x: Floats, multipliers: Floats) -> tuple[Floats, Floats]:
        """Values of the programme's columns and prices (∂cost/∂row) of its rows."""
        values = self._reduction.lower.copy()
        values[self.columns] += np.where(self.is_free, np.maximum(x, 0.0), x) * self._size
        values[self._opposites] += np.maximum(-x[self.is_free], 0.0) * self._size
        prices = np.zeros(self._reduction.program.matrix.shape[0])
        prices[self.rows] = -multipliers * self._row_scale * self._money
        return values, self._reduction.price_bounds(prices)


def standard_form(program: LinearProgram) -> Standard | None:
    """``program`` in standard form; None where it is no such programme, or has no feasible point on the face of it."""
    reduction = _Reduction(program)
    if not (np.isfinite(program.column_lower).all() and reduction.run()):
        return None
    columns, rows = np.flatnonzero(reduction.is_open), np.flatnonzero(reduction.is_kept)
    low, high = program.row_lower[rows], program.row_upper[rows]
    is_equality = low == high
    if (np.isfinite(low) & np.isfinite(high) & ~is_equality).any():
        return None
    sign = np.where(np.isfinite(high), 1.0, -1.0)
    side = np.where(np.isfinite(high), high, low) - reduction.at_lower[rows]
    matrix = csr_array(reduction.matrix[rows])
    columns, opposites = _without_opposites(program, matrix, reduction, columns)
    matrix = csr_array(matrix[:, columns])
    upper = (reduction.upper - reduction.lower)[columns]
    is_free = np.isin(columns, opposites[0])
    upper[_implied(csr_array(diags_array(sign) @ matrix), sign * side, is_equality, is_free, upper)] = np.inf
    scale = sign / np.maximum(abs(matrix).max(axis=1).toarray().ravel(), 1e-12) if len(columns) else sign
    cost = program.cost[columns]
    size, money = _typical(scale * side), _typical(cost)
    return Standard(
        cost / money, upper / size, scale * side / size, csr_array(diags_array(scale) @ matrix),
        ~is_equality, is_free, columns, rows, opposites[1], scale, size, money, reduction,
    )  # fmt: skip


def _without_opposites(
    program: LinearProgram, matrix: csr_array, reduction: _Reduction, columns: Indices
) -> tuple[Indices, Indices]:
    """``columns`` without the second of each pair of opposites, and the pairs, in the order of the first."""
    matrix = csc_array(matrix[:, columns])
    mark = np.random.default_rng(0).standard_normal(matrix.shape[0])
    sums = matrix.T @ mark
    unbounded = np.isposinf(reduction.upper[columns]) & (sums != 0.0)
    order = np.flatnonzero(unbounded)[np.argsort(np.abs(sums[unbounded]), kind="stable")]
    first, second = np.sort(np.stack([order[:-1], order[1:]]), axis=0)
    alike = (sums[first] == -sums[second]) & (program.cost[columns[first]] == -program.cost[columns[second]])
    first, second = first[alike], second[alike]
    differs = abs(matrix[:, first] + matrix[:, second]).sum(axis=0) != 0.0
    first, second = first[~differs], second[~differs]
    once = np.isin(first, second, invert=True)
    by_first = np.argsort(first[once])
    pairs = np.stack([columns[first[once]][by_first], columns[second[once]][by_first]])
    return np.setdiff1d(columns, pairs[1]), pairs


def _implied(matrix: csr_array, side: Floats, is_equality: Flags, is_free: Flags, upper: Floats) -> Flags:
    """Bounds that hold anyway: a row of no negative term, at most its side, leaves each column side / entry.

    Two limits that all but coincide would only cloud which of them holds.
    """
    entries = matrix.tocoo()
    least = np.zeros(matrix.shape[0])
    np.minimum.at(least, entries.row, np.where(is_free[entries.col], -1.0, entries.data))
    says = ((least == 0.0) & ~is_equality)[entries.row] & (entries.data > 0.0)
    rows, columns, data = entries.row[says], entries.col[says], entries.data[says]
    implied = np.full(len(upper), np.inf)
    np.minimum.at(implied, columns, side[rows] / data)
    return np.isfinite(upper) & (implied <= upper * (1.0 + NO_ROOM))


def _typical(values: Floats) -> float:
    """A size that most of ``values`` that are not zero stay below; 1 where all are."""
    sizes = np.abs(values[values != 0.0])
    return float(np.percentile(sizes, TYPICAL)) if len(sizes) else 1.0


class _Reduction:
    """Bounds tightened by rows of one column, until nothing more follows from them."""

    def __init__(self, program: LinearProgram) -> None:
        self.program = program
        self.matrix = csr_array(program.matrix)
        self.lower, self.upper = program.column_lower.copy(), program.column_upper.copy()
        self.is_kept: Flags = np.isfinite(program.row_lower) | np.isfinite(program.row_upper)
        self.rounds: list[tuple[Indices, Indices, Floats]] = []
        """Per round: rows that became bounds, the column of each and its coefficient."""

    def run(self) -> bool:
        """False where a column or a row without columns has no room at all."""
        entries = self.matrix.tocoo()
        rows, columns, values = entries.row.astype(np.int64), entries.col.astype(np.int64), entries.data
        while True:
            if (self.upper < self.lower - NO_ROOM).any():
                return False
            self.is_open: Flags = self.upper - self.lower > NO_ROOM
            self.at_lower = self.matrix @ self.lower
            free = self.is_open[columns]
            count = np.bincount(rows[free], minlength=len(self.is_kept))
            if not self._drop_empty(count == 0):
                return False
            single = free & (count[rows] == 1) & self.is_kept[rows]
            if not single.any():
                return True
            self._bound(rows[single], columns[single], values[single])

    def _drop_empty(self, is_empty: Flags) -> bool:
        """Take out rows without columns; False if one of them is not met."""
        program, rows = self.program, np.flatnonzero(is_empty & self.is_kept)
        self.is_kept[rows] = False
        short = np.maximum(program.row_lower[rows] - self.at_lower[rows], self.at_lower[rows] - program.row_upper[rows])
        return not (short > NO_ROOM * np.maximum(1.0, np.abs(self.at_lower[rows]))).any()

    def _bound(self, rows: Indices, columns: Indices, values: Floats) -> None:
        """Rows low ≤ rest + value · column ≤ high become bounds of the column."""
        rest = self.at_lower[rows] - values * self.lower[columns]
        low, high = ((side[rows] - rest) / values for side in (self.program.row_lower, self.program.row_upper))
        np.maximum.at(self.lower, columns, np.where(values > 0.0, low, high))
        np.minimum.at(self.upper, columns, np.where(values > 0.0, high, low))
        self.is_kept[rows] = False
        self.rounds.append((rows, columns, values))

    def price_bounds(self, prices: Floats) -> Floats:
        """``prices`` with those of the rows that became bounds: what the column's reduced cost leaves to them.

        Later rounds come first, for a row holds columns that earlier rounds fixed. Of several rows that bound one
        column, that with the tightest side takes the price.
        """
        program = self.program
        for rows, columns, values in reversed(self.rounds):
            reduced = (program.cost - program.matrix.T @ prices)[columns]
            rest = self.at_lower[rows] - values * self.lower[columns]
            is_upper = (reduced < 0.0) == (values > 0.0)
            side = np.where(is_upper, program.row_upper[rows], program.row_lower[rows])
            bound = (side - rest) / values
            own = np.where(reduced < 0.0, program.column_upper[columns], program.column_lower[columns])
            reached = np.where(reduced < 0.0, self.upper[columns], self.lower[columns])
            takes = np.isfinite(side) & (np.abs(bound - reached) <= NO_ROOM) & (np.abs(own - reached) > NO_ROOM)
            _, first = np.unique(np.where(takes, columns, -1), return_index=True)
            chosen = first[takes[first]]
            prices[rows[chosen]] = reduced[chosen] / values[chosen]
        return prices
