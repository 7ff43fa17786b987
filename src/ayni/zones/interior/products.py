"""Products X·diag(w)·Y that are needed again and again for new weights w: where their entries lie never changes."""

from __future__ import annotations

import numpy as np
from scipy.sparse import csc_array, csr_array

from ayni.zones.model.program import Floats, Indices


class WeightedProduct:
    """Entries of X·diag(w)·Y as a linear map of w: ``values(w)`` stand at rows ``rows`` and columns ``columns``."""

    def __init__(self, left: csc_array, right: csr_array, *, lower_only: bool = False) -> None:
        left, right = csc_array(left), csr_array(right)
        middle = np.repeat(np.arange(left.shape[1]), np.diff(left.indptr))
        length = np.diff(right.indptr)[middle]
        offset = np.arange(length.sum()) - np.repeat(np.cumsum(length) - length, length)
        at_right = np.repeat(right.indptr[middle].astype(np.int64), length) + offset
        rows = np.repeat(left.indices.astype(np.int64), length)
        columns = right.indices[at_right].astype(np.int64)
        values = np.repeat(left.data, length) * right.data[at_right]
        middle = np.repeat(middle, length)
        if lower_only:
            kept = rows >= columns
            rows, columns, values, middle = rows[kept], columns[kept], values[kept], middle[kept]
        place, number = np.unique(columns * left.shape[0] + rows, return_inverse=True)
        self.rows: Indices = place % max(left.shape[0], 1)
        self.columns: Indices = place // max(left.shape[0], 1)
        self._map = csr_array((values, (number, middle)), shape=(len(place), left.shape[1]))

    def values(self, weights: Floats) -> Floats:
        """The entries for ``weights``."""
        return np.asarray(self._map @ weights)

    def add_to(self, dense: Floats, weights: Floats, sign: float = 1.0) -> None:
        """Add the product to a dense matrix."""
        dense[self.rows, self.columns] += sign * self.values(weights)
