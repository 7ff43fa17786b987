"""Newton's equations of an interior point method, solved by the structure of a zone.

    D·dx + Aᵀ·dλ = a          D: barrier of the columns (one number each)
    A·dx − R·dλ  = g          R: slack over multiplier of inequalities, a trifle in equalities

1. *Limit* rows hold one local column each: dλ = θ·(their dx − g) with θ = 1/R, so they only make D larger
   (H = D + Σ θ·entry²) and tie the column to its size.
2. *Local* columns then stand on a diagonal, H: dx = H⁻¹·(…).
3. What is left of the *chained* rows, M = A·H⁻¹·Aᵀ + R, ties every hour to the next only: a banded Cholesky.
4. *Common* columns and *global* rows remain: a small dense system, in which each has been charged with what the hours
   make of it (a Schur complement).

The work grows with the hours, not with their square; the bound of a store's year-end content, a common column, closes
the round.
"""

from __future__ import annotations

import numpy as np
from scipy.linalg import cho_factor, cho_solve
from scipy.linalg.lapack import dpbtrf, dtbtrs
from scipy.sparse import csc_array, csr_array, vstack

from ayni.zones.interior.products import WeightedProduct
from ayni.zones.model.program import Floats, Indices

REGULAR = 1e-15
"""Added to the diagonal of a banded or dense Cholesky, relative to its largest or own entry; refined away."""


class Singular(ArithmeticError):
    """The equations have lost their last digit: no step can be had."""


class Newton:
    """The equations for one matrix, whose rows and columns are ordered by kind; ``factor`` before ``solve``."""

    def __init__(self, matrix: csr_array, chained: int, limits: int, local: int) -> None:
        self.matrix, self.transposed = matrix, csr_array(matrix.T)
        self.local, self.chained, self.limits = slice(0, local), slice(0, chained), slice(chained, chained + limits)
        self.common, self.globals = slice(local, matrix.shape[1]), slice(chained + limits, matrix.shape[0])
        part = {
            (rows, columns): csr_array(matrix[getattr(self, rows)][:, getattr(self, columns)])
            for rows in ("chained", "limits", "globals")
            for columns in ("local", "common")
        }
        self._chained_local, self._limit_local = part["chained", "local"], part["limits", "local"]
        self._global_local, self._limit_common = part["globals", "local"], part["limits", "common"]
        self._chained_common, self._global_common = part["chained", "common"], part["globals", "common"].toarray()
        self._prepare_limits()
        self._prepare_band()
        self._prepare_border()

    def _prepare_limits(self) -> None:
        """The one local column of each limit row, and virtual rows for columns under several limits.

        What limits add to the common columns is Σ θ·p·pᵀ less what their local column takes back. For one limit the
        difference is θ·(D/H)·p·pᵀ; for several, with entries aᵢ of one column, Σ θᵢ·(D/H)·pᵢ·pᵢᵀ +
        Σ_{i<l} θᵢ·θₗ/H·q·qᵀ with q = aₗ·pᵢ − aᵢ·pₗ: sums without cancellation.
        """
        rows = self._limit_local
        self._held: Indices = np.flatnonzero(np.diff(rows.indptr))
        self._column_of = np.zeros(rows.shape[0], dtype=np.int64)
        self._column_of[self._held] = rows.indices
        entry = np.zeros(rows.shape[0])
        entry[self._held] = rows.data
        self._squares = csr_array(rows.power(2).T)
        first, second = _pairs(self._column_of, self._held)
        self._first, self._second = first, second
        mixed = self._limit_common[first].multiply(entry[second][:, None]) - self._limit_common[second].multiply(
            entry[first][:, None]
        )
        virtual = vstack([self._limit_common, csr_array(mixed)], format="csr")
        self._on_common = WeightedProduct(csc_array(virtual.T), virtual)

    def _prepare_band(self) -> None:
        chained = self._chained_local
        self._band_entries = WeightedProduct(csc_array(chained), csr_array(chained.T), lower_only=True)
        below = self._band_entries.rows - self._band_entries.columns
        self._width = int(below.max(initial=0))
        self._band_place: Indices = below + self._band_entries.columns * (self._width + 1)

    def _prepare_border(self) -> None:
        """Common columns and global rows that the chained rows feel."""
        tied = csc_array(self._limit_local.T)
        self._border_limits = WeightedProduct(csc_array(self._chained_local @ tied), self._limit_common)
        self._border_globals = WeightedProduct(csc_array(self._chained_local), csr_array(self._global_local.T))
        self._cross = WeightedProduct(csc_array(self._global_local @ tied), self._limit_common)
        self._between = WeightedProduct(csc_array(self._global_local), csr_array(self._global_local.T))
        own = self._chained_common.tocoo()
        commons = self._limit_common.shape[1]
        felt = np.union1d(np.unique(self._border_limits.columns), np.unique(own.col))
        felt_globals = np.unique(self._border_globals.columns)
        self._felt: Indices = np.concatenate([felt, commons + felt_globals]).astype(np.int64)
        self._number = np.zeros(commons + self._global_common.shape[0], dtype=np.int64)
        self._number[self._felt] = np.arange(len(self._felt))

    def factor(self, barrier: Floats, relief: Floats) -> None:
        """Take D = ``barrier`` (columns) and R = ``relief`` (rows) and factor the band and the small system."""
        self._barrier, self._relief = barrier, relief
        self._theta = 1.0 / relief[self.limits]
        wide = barrier[self.local] + self._squares @ self._theta
        self._inverse = 1.0 / wide
        self._factor_band(relief[self.chained])
        self._factor_border(barrier, relief[self.globals])

    def _factor_band(self, relief: Floats) -> None:
        band = np.zeros((self._width + 1, len(relief)), order="F")
        band.ravel(order="K")[self._band_place] = self._band_entries.values(self._inverse)
        band[0] += relief
        band[0] *= 1.0 + REGULAR
        self._band, failed = dpbtrf(band, lower=1, overwrite_ab=1)
        if failed:
            raise Singular

    def _factor_border(self, barrier: Floats, relief: Floats) -> None:
        inverse, theta, commons = self._inverse, self._theta, self._limit_common.shape[1]
        tied = np.zeros(len(theta))
        tied[self._held] = inverse[self._column_of[self._held]] * theta[self._held]
        border = np.zeros((self._chained_local.shape[0], len(self._felt)), order="F")
        own = self._chained_common.tocoo()
        border[own.row, self._number[own.col]] = own.data
        limits, others = self._border_limits, self._border_globals
        border[limits.rows, self._number[limits.columns]] -= limits.values(tied)
        border[others.rows, self._number[commons + others.columns]] += others.values(inverse)
        self._border = self._forward(border)
        charged = np.zeros((commons + len(relief),) * 2)
        charged[np.ix_(self._felt, self._felt)] = self._border.T @ self._border
        common = charged[:commons, :commons] + np.diag(barrier[self.common])
        self._on_common.add_to(common, self._virtual_weights(barrier))
        cross = self._global_common - charged[commons:, :commons]
        self._cross.add_to(cross, tied, -1.0)
        between = np.diag(relief) - charged[commons:, commons:]
        self._between.add_to(between, inverse)
        self._small = _QuasiDefinite(common, cross, between)

    def _virtual_weights(self, barrier: Floats) -> Floats:
        """Weights of the limits and of the virtual rows on the common columns."""
        single = self._theta.copy()
        single[self._held] *= barrier[self._column_of[self._held]] * self._inverse[self._column_of[self._held]]
        pairs = self._theta[self._first] * self._theta[self._second] * self._inverse[self._column_of[self._first]]
        return np.concatenate([single, pairs])

    def _forward(self, right: Floats) -> Floats:
        return np.asarray(dtbtrs(self._band, right, uplo="L", overwrite_b=1)[0]) if right.size else right

    def _backward(self, right: Floats) -> Floats:
        if not right.size:
            return right
        return np.asarray(dtbtrs(self._band, right[:, None], uplo="L", trans="T", overwrite_b=1)[0])[:, 0]

    def solve(self, columns: Floats, rows: Floats) -> tuple[Floats, Floats]:
        """Steps dx and dλ for the right sides a = ``columns`` and g = ``rows``."""
        theta, inverse, commons = self._theta, self._inverse, self._limit_common.shape[1]
        held = theta * rows[self.limits]
        direct = inverse * (columns[self.local] + self._limit_local.T @ held)
        chained = self._chained_local @ direct - rows[self.chained]
        forward = self._forward(chained[:, None])[:, 0]
        charged = np.zeros(commons + self._global_common.shape[0])
        charged[self._felt] = self._border.T @ forward
        tied = theta * (self._limit_local @ direct)
        of_common = columns[self.common] + self._limit_common.T @ (held - tied) - charged[:commons]
        of_globals = rows[self.globals] - self._global_local @ direct + charged[commons:]
        common, others = self._small.solve(of_common, of_globals)
        moved = np.concatenate([common, -others])[self._felt]
        of_chained = self._backward(self._border @ moved + forward)
        tied = theta * (self._limit_common @ common)
        local = direct - inverse * (
            self._limit_local.T @ tied + self._chained_local.T @ of_chained + self._global_local.T @ others
        )
        of_limits = theta * (self._limit_local @ local + self._limit_common @ common - rows[self.limits])
        return np.concatenate([local, common]), np.concatenate([of_chained, of_limits, others])


class _QuasiDefinite:
    """[K Xᵀ; X −G] with K and G positive definite: two Choleskys, the columns scaled to a unit diagonal."""

    def __init__(self, common: Floats, cross: Floats, between: Floats) -> None:
        self._scale = 1.0 / np.sqrt(np.maximum(np.diag(common), 1e-300))
        self._common = _cholesky(common * self._scale[:, None] * self._scale)
        self._cross = cross * self._scale
        self._moved = cho_solve(self._common, self._cross.T) if len(common) else self._cross.T
        whole = between + self._cross @ self._moved
        self._other_scale = 1.0 / np.sqrt(np.maximum(np.diag(whole), 1e-300))
        self._between = _cholesky(whole * self._other_scale[:, None] * self._other_scale)

    def solve(self, columns: Floats, rows: Floats) -> tuple[Floats, Floats]:
        columns = columns * self._scale
        first = cho_solve(self._common, columns) if len(columns) else columns
        others = self._other_scale * _solve(self._between, self._other_scale * (self._cross @ first - rows))
        return self._scale * (first - self._moved @ others), others


def _solve(factor: tuple[Floats, bool], right: Floats) -> Floats:
    return np.asarray(cho_solve(factor, right)) if len(right) else right


def _cholesky(matrix: Floats) -> tuple[Floats, bool]:
    if not len(matrix):
        return matrix, True
    for strength in (REGULAR, 1e-9, 1e-7):
        try:
            factor, lower = cho_factor(matrix + strength * np.eye(len(matrix)), lower=True)
        except np.linalg.LinAlgError:
            continue
        return factor, lower
    raise Singular


def _pairs(columns: Indices, rows: Indices) -> tuple[Indices, Indices]:
    """All pairs of ``rows`` with the same column."""
    rows = rows[np.argsort(columns[rows], kind="stable")]
    first, second = [], []
    for distance in range(1, len(rows)):
        same = columns[rows[:-distance]] == columns[rows[distance:]]
        if not same.any():
            break
        first.append(rows[:-distance][same])
        second.append(rows[distance:][same])
    empty = [np.array([], dtype=np.int64)]
    return np.concatenate(first or empty), np.concatenate(second or empty)
