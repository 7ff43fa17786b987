"""What follows from published totals: the span of their vectors, and whether it holds anything that must stay hidden.

A published total is a vector over columns; a column is a set of amounts that no total tells apart, and knows its firms.
Arithmetic is modulo a large prime: exact for all practical purposes, and where chance could err it errs on hiding.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from heapq import heapify, heappop, heappush

from ayni.portal.dashboards.confidentiality.rule import FIRMS_MIN

PRIME = 2**61 - 1

Vector = dict[int, int]


def subtract(vector: Vector, row: Mapping[int, int], times: int) -> None:
    """Take ``times`` the row from the vector, in place; zeros leave it."""
    for column, value in row.items():
        left = (vector.get(column, 0) - times * value) % PRIME
        if left:
            vector[column] = left
        else:
            vector.pop(column, None)


class Echelon:
    """Independent rows; each has a pivot with value 1 that no later row has."""

    def __init__(self) -> None:
        self.rows: list[Vector] = []
        self.pivots: list[int] = []
        self._place: dict[int, int] = {}

    def reduced(self, vector: Mapping[int, int]) -> Vector:
        """What is left of the vector after all rows: empty exactly if it follows from them."""
        left = {column: value % PRIME for column, value in vector.items() if value % PRIME}
        waiting = [self._place[column] for column in left if column in self._place]
        heapify(waiting)
        # a row holds no pivot of an earlier row, so going from the earliest row on comes to an end
        while waiting:
            row = self.rows[number := heappop(waiting)]
            times = left.get(self.pivots[number])
            if times:
                subtract(left, row, times)
                for column in row.keys() & self._place.keys() & left.keys():
                    heappush(waiting, self._place[column])
        return left

    def add(self, residual: Mapping[int, int], pivot: int) -> None:
        """Keep a reduced vector as a row."""
        self._place[pivot] = len(self.rows)
        self.pivots.append(pivot)
        self.rows.append(scaled(residual, pivot))


def scaled(residual: Mapping[int, int], pivot: int) -> Vector:
    """The vector with 1 at the pivot."""
    scale = pow(residual[pivot], -1, PRIME)
    return {column: value * scale % PRIME for column, value in residual.items()}


class Span:
    """All that follows from the totals published so far.

    ``add`` refuses a total after which a combination of totals would rest on one or two firms only, or give one of the
    protected totals. A column of three firms or more in a combination makes it harmless, so those are eliminated first;
    what is left rests on small columns, and is searched for one or two firms that own all of a combination.
    """

    def __init__(self, firms: Sequence[frozenset[int]]) -> None:
        self.firms = firms
        self._all = Echelon()
        self._small = SmallRows(firms)
        self._protected: dict[int, Vector] = {}
        self._protected_with: defaultdict[int, set[int]] = defaultdict(set)

    def holds(self, vector: Mapping[int, int]) -> bool:
        """Whether the total follows from the published ones."""
        return not self._all.reduced(vector)

    def protect(self, vector: Mapping[int, int]) -> None:
        """From now on nothing may be published from which this total would follow."""
        residual = self._all.reduced(vector)
        if residual:
            self._keep_protected(len(self._protected), residual)

    def trust(self, vector: Mapping[int, int]) -> None:
        """Count a total as published without asking: it was, long ago."""
        residual = self._all.reduced(vector)
        if residual:
            self._keep(residual)

    def add(self, vector: Mapping[int, int]) -> bool:
        """Publish a total; False where that must not be."""
        residual = self._all.reduced(vector)
        if not residual:
            return True
        if not self._has_large(residual) and self._small.would_name_a_pair(residual):
            return False
        if self._gives_protected(residual):
            return False
        self._keep(residual)
        return True

    def _has_large(self, residual: Mapping[int, int]) -> bool:
        return any(len(self.firms[column]) >= FIRMS_MIN for column in residual)

    def _keep(self, residual: Vector) -> None:
        # a large pivot where there is one, so that what rests on small columns stands by itself
        pivot = max(residual, key=lambda column: (len(self.firms[column]) >= FIRMS_MIN, -column))
        row = scaled(residual, pivot)
        for number in list(self._protected_with[pivot]):
            left = dict(self._protected[number])
            subtract(left, row, left[pivot])
            self._keep_protected(number, left)
        if len(self.firms[pivot]) < FIRMS_MIN:
            self._small.add(row)
        self._all.add(residual, pivot)

    def _keep_protected(self, number: int, residual: Vector) -> None:
        for column in self._protected.get(number, {}):
            self._protected_with[column].discard(number)
        self._protected[number] = residual
        for column in residual:
            self._protected_with[column].add(number)

    def _gives_protected(self, residual: Vector) -> bool:
        """Whether a protected total is a combination of published ones and this one: a multiple of what is left."""
        column = next(iter(residual))
        row = scaled(residual, column)
        kept = (self._protected[number] for number in self._protected_with[column])
        return any(len(one) == len(row) and scaled(one, column) == row for one in kept)


class SmallRows:
    """Combinations of published totals that rest on small columns only, fully reduced: a pivot stands in one row only.

    So a combination that one or two firms own takes part only of rows whose pivots they own.
    """

    def __init__(self, firms: Sequence[frozenset[int]]) -> None:
        self.firms = firms
        self._rows: dict[int, Vector] = {}
        self._rows_with: defaultdict[int, set[int]] = defaultdict(set)
        self._owned: defaultdict[frozenset[int], list[int]] = defaultdict(list)

    def add(self, row: Mapping[int, int]) -> None:
        """Keep a combination; its pivot must stand in no other row as a pivot."""
        reduced = dict(row)
        for other in [column for column in reduced if column in self._rows]:
            subtract(reduced, self._rows[other], reduced[other])
        pivot = min(reduced, key=lambda column: (len(self._rows_with[column]), column))
        reduced = scaled(reduced, pivot)
        for other in list(self._rows_with[pivot]):
            changed = dict(self._rows[other])
            subtract(changed, reduced, changed[pivot])
            self._set(other, changed)
        self._owned[self.firms[pivot]].append(pivot)
        self._set(pivot, reduced)

    def _set(self, pivot: int, row: Vector) -> None:
        for column in self._rows.get(pivot, {}):
            self._rows_with[column].discard(pivot)
        self._rows[pivot] = row
        for column in row:
            self._rows_with[column].add(pivot)

    def would_name_a_pair(self, residual: Mapping[int, int]) -> bool:
        """Whether the vector, alone or with these rows, gives a combination that one or two firms own."""
        vector = dict(residual)
        for pivot in [column for column in vector if column in self._rows]:
            subtract(vector, self._rows[pivot], vector[pivot])
        return any(self._owns(vector, owners) for owners in self._suspects(vector))

    def _suspects(self, vector: Mapping[int, int]) -> Iterator[frozenset[int]]:
        """One or two firms at a time who may own a combination: who own a column of it, or a row that clears it."""
        seen: set[frozenset[int]] = set()
        column = min(vector, key=lambda one: (len(self._rows_with[one]), one))
        for first in self._touching([column]):
            if len(first) == 1:
                reach = set(vector).union(*(self._rows[pivot] for pivot in self._owned[first]))
                pairs = {first | second for second in self._touching(reach)}
            else:
                pairs = {first}
            for pair in pairs | {first}:
                if len(pair) < FIRMS_MIN and pair not in seen:
                    seen.add(pair)
                    yield pair

    def _touching(self, columns: Iterable[int]) -> set[frozenset[int]]:
        """Owners of the columns, and of the pivots of rows that hold them; and each of two owners alone."""
        found = set()
        for column in columns:
            found.add(self.firms[column])
            found.update(self.firms[pivot] for pivot in self._rows_with[column])
        return found | {frozenset({firm}) for owners in found for firm in owners}

    def _owns(self, vector: Mapping[int, int], owners: frozenset[int]) -> bool:
        parts = {frozenset({firm}) for firm in owners} | {owners}
        pivots = {pivot for part in parts for pivot in self._owned[part]}
        if any(not self.firms[one] <= owners and pivots.isdisjoint(self._rows_with[one]) for one in vector):
            return False  # some column of others that no row of theirs clears
        outside = Echelon()
        for pivot in sorted(pivots):
            left = outside.reduced(self._off(self._rows[pivot], owners))
            if left:
                outside.add(left, next(iter(left)))
        return not outside.reduced(self._off(vector, owners))

    def _off(self, row: Mapping[int, int], owners: frozenset[int]) -> Vector:
        return {column: value for column, value in row.items() if not self.firms[column] <= owners}
