"""A linear programme written in named blocks of columns and rows, and its arrays.

Minimise offset + cost·x subject to row_lower ≤ A·x ≤ row_upper and 0 ≤ x ≤ column_upper.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.sparse import csc_array

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Limit:
    """Rows ``flow − share · size ≤ 0``: one row per flow column, ``size`` the column each of them is held by."""

    rows: Indices
    flow: Indices
    size: Indices
    share: Floats


@dataclass(frozen=True, eq=False)
class Implied:
    """Some optimal solution has ``columns ≤ factor · largest of sizes`` although no row says so; for bounds only."""

    columns: Indices
    sizes: Indices
    factor: float


@dataclass(frozen=True, eq=False)
class LinearProgram:
    """The arrays, and what their blocks mean. ``whole`` are columns that belong together and sum to one.

    A block of ``hours`` columns is one column per hour, unless its rows say otherwise.
    """

    cost: Floats
    column_upper: Floats
    row_lower: Floats
    row_upper: Floats
    matrix: csc_array
    offset: float
    columns: Mapping[str, Indices]
    rows: Mapping[str, Indices]
    limits: tuple[Limit, ...]
    implied: tuple[Implied, ...]
    whole: Mapping[str, Indices]
    column_lower: Floats
    hours: int

    def fixed(self, chosen: Mapping[str, int]) -> LinearProgram:
        """The same programme with one column of each group of ``whole`` at 1 and the others at 0."""
        lower, upper = self.column_lower.copy(), self.column_upper.copy()
        for group, number in chosen.items():
            columns = self.whole[group]
            lower[columns] = upper[columns] = 0.0
            lower[columns[number]] = upper[columns[number]] = 1.0
        return replace(self, column_lower=lower, column_upper=upper)


@dataclass
class Blocks:
    """A programme in the making: blocks are added, then turned into arrays once."""

    hours: int
    offset: float = 0.0
    columns: dict[str, Indices] = field(default_factory=dict)
    rows: dict[str, Indices] = field(default_factory=dict)
    limits: list[Limit] = field(default_factory=list)
    implied: list[Implied] = field(default_factory=list)
    whole: dict[str, Indices] = field(default_factory=dict)
    _cost: list[Floats] = field(default_factory=list)
    _more_cost: list[tuple[Indices, Floats]] = field(default_factory=list)
    _column_upper: list[Floats] = field(default_factory=list)
    _row_lower: list[Floats] = field(default_factory=list)
    _row_upper: list[Floats] = field(default_factory=list)
    _entries: list[tuple[Indices, Indices, Floats]] = field(default_factory=list)
    _column_count: int = 0
    _row_count: int = 0

    def column(self, name: str, size: int, *, cost: ArrayLike = 0.0, upper: ArrayLike | None = None) -> Indices:
        """A block of ``size`` columns from 0 to ``upper`` (None: no limit) at ``cost`` each."""
        self.columns[name] = np.arange(self._column_count, self._column_count + size)
        self._column_count += size
        self._cost.append(_spread(cost, size))
        self._column_upper.append(_spread(np.inf if upper is None else upper, size))
        return self.columns[name]

    def row(self, name: str, size: int, *, lower: ArrayLike = -np.inf, upper: ArrayLike = np.inf) -> Indices:
        """A block of ``size`` rows between ``lower`` and ``upper``."""
        self.rows[name] = np.arange(self._row_count, self._row_count + size)
        self._row_count += size
        self._row_lower.append(_spread(lower, size))
        self._row_upper.append(_spread(upper, size))
        return self.rows[name]

    def add(self, rows: ArrayLike, columns: ArrayLike, coefficients: ArrayLike) -> None:
        """Add ``coefficients`` · ``columns`` to ``rows``; the three are broadcast together."""
        at_rows, at_columns, values = np.broadcast_arrays(rows, columns, coefficients)
        self._entries.append((at_rows.ravel(), at_columns.ravel(), values.ravel().astype(float)))

    def add_cost(self, columns: Indices, cost: ArrayLike) -> None:
        """Raise the cost of ``columns`` that stand already; repeated columns add up."""
        self._more_cost.append((columns, _spread(cost, len(columns))))

    def limit(self, name: str, flow: Indices, size: Indices, share: ArrayLike = 1.0) -> None:
        """Rows ``flow − share · size ≤ 0``; ``size`` is one column, or one per flow."""
        rows = self.row(name, len(flow), upper=0.0)
        sizes, shares = np.broadcast_to(size, len(flow)), _spread(share, len(flow))
        self.add(rows, flow, 1.0)
        self.add(rows, sizes, -shares)
        self.limits.append(Limit(rows, flow, sizes, shares))

    def imply(self, columns: Indices, sizes: Indices, factor: float) -> None:
        """Some optimal solution has ``columns ≤ factor · largest of sizes``; no row is written."""
        self.implied.append(Implied(columns, sizes, factor))

    def program(self) -> LinearProgram:
        """The arrays; entries at one place add up."""
        rows, columns, values = (np.concatenate(part) for part in zip(*self._entries, strict=True))
        matrix = csc_array((values, (rows, columns)), shape=(self._row_count, self._column_count))
        matrix.sum_duplicates()
        matrix.eliminate_zeros()
        cost = np.concatenate(self._cost)
        for more_columns, more in self._more_cost:
            np.add.at(cost, more_columns, more)
        return LinearProgram(
            cost=cost, column_upper=np.concatenate(self._column_upper),
            row_lower=np.concatenate(self._row_lower), row_upper=np.concatenate(self._row_upper), matrix=matrix,
            offset=self.offset, columns=self.columns, rows=self.rows, limits=tuple(self.limits),
            implied=tuple(self.implied), whole=self.whole, column_lower=np.zeros(self._column_count), hours=self.hours,
        )  # fmt: skip


def _spread(value: ArrayLike, size: int) -> Floats:
    return np.broadcast_to(np.asarray(value, dtype=float), (size,)).copy()
