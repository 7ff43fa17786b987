"""Months of a total: all of them or none, and only where the year's total is published.

Why the year's check holds for the months too: what follows from months and years together is, month by month, a
combination of year's totals. Such a combination rests on the same firms as in the year wherever each record is there in
every month, and on three firms or more wherever three are there in every month. Months are published over such columns
only (``steady``); then a combination that one or two firms own in some month would be one that they own in the year,
and of those there are none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from ayni.portal.dashboards.confidentiality.rule import FIRMS_MIN, objection, remainder_objection
from ayni.portal.dashboards.confidentiality.schema import Cell, Reason, Verdict
from ayni.portal.dashboards.confidentiality.span import Span
from ayni.portal.dashboards.confidentiality.table import Groups, Table, difference

Editions = Mapping[Cell, Sequence[int]]
Row = tuple[Cell, int]


def is_steady(table: Table, groups: Groups, group: int) -> bool:
    """Whether in every month all records of the group are there, or at least three firms are.

    And whether the months add up to the year: else the year less its months would be a total of its own.
    """
    members = groups.members[group]
    if any(table.uneven_firms(column) for column in members):
        return False
    every = set().union(*(table.year_firms(column) for column in members))
    slices = [set().union(*(table.month_firms(column, month) for column in members)) for month in table.scheme.months]
    return all(there == every or len({firm for _, firm in there}) >= FIRMS_MIN for there in slices)


def wobbling(table: Table, groups: Groups, shown: Editions) -> set[int]:
    """Groups under months published long ago that later corrections made unsteady: no firm may count on them."""
    published = [(cell, at) for cell, editions in shown.items() for at in editions if cell.month]
    columns = {column for cell, at in published for column in table.vector(year_of(cell), at)}
    of_months = [number for number, members in enumerate(groups.members) if columns.intersection(members)]
    return {number for number in of_months if not is_steady(table, groups, number)}


def year_of(cell: Cell) -> Cell:
    """The year's cell of a month's."""
    return Cell(cell.area, cell.branch, cell.code)


class Months:
    """Decides the months, once the years are decided."""

    def __init__(
        self,
        table: Table,
        edition: int,
        shown: Editions,
        hidden: Editions,
        groups: Groups,
        former: Mapping[Row, Mapping[int, int]],
    ) -> None:
        self.table, self.edition, self.shown, self.hidden = table, edition, shown, hidden
        self.groups, self.former = groups, former
        self.span = Span(groups.firms)

    def verdicts(self, years: Mapping[Cell, Verdict], vectors: Mapping[Cell, Mapping[int, int]]) -> dict[Cell, Verdict]:
        """A verdict per month of every year's cell of a monthly measure; ``vectors`` are those of the years."""
        cells = [cell for cell in years if cell.code in self.table.scheme.monthly and not cell.branch]
        rows = {(year_of(cell), at) for cell, editions in self.shown.items() if cell.month for at in editions}
        for row in sorted(rows):
            self.span.trust(self.former[row])
        refused = {cell: reason for cell in cells if (reason := self._objection(cell, years[cell], vectors))}
        for cell in cells:
            if cell in refused and cell in vectors:
                self.span.protect(vectors[cell])
        for cell, editions in self.hidden.items():
            for at in editions:
                if cell.month and (year_of(cell), at) in self.former:
                    self.span.protect(self.former[year_of(cell), at])
        for secret in self._secrets(cells, vectors):
            self.span.protect(secret)
        found: dict[Cell, Verdict] = {}
        for cell in cells:
            reason = refused.get(cell)
            if reason is None and not self.span.add(vectors[cell]):
                reason = Reason.DERIVABLE
                self.span.protect(vectors[cell])
            found |= {one: self._verdict(one, reason) for one in self._months_of(cell)}
        return found

    def _months_of(self, cell: Cell) -> Iterable[Cell]:
        return (Cell(cell.area, cell.branch, cell.code, month) for month in self.table.scheme.months)

    def _verdict(self, month: Cell, reason: Reason | None) -> Verdict:
        if reason is None:
            return Verdict(self.edition)
        former = self.shown.get(month)
        return Verdict(former[-1] if former else None, reason)

    def _objection(self, cell: Cell, year: Verdict, vectors: Mapping[Cell, Mapping[int, int]]) -> Reason | None:
        if year.edition != self.edition:
            return year.reason
        if not all(is_steady(self.table, self.groups, group) for group in vectors[cell]):
            return Reason.FEW
        found = [objection(self.table.firms(month, self.edition)) for month in self._months_of(cell)]
        if any(found):
            return Reason.FEW if Reason.FEW in found else Reason.DOMINANT
        return Reason.CHANGE if any(map(self._changed, self._months_of(cell))) else None

    def _changed(self, month: Cell) -> bool:
        former = self.shown.get(month)
        if not former:
            return False
        old, new = (self.table.firms(month, at) for at in (former[-1], self.edition))
        return any(remainder_objection(whole, [part]) is not None for whole, part in ((new, old), (old, new)))

    def _secrets(self, cells: Sequence[Cell], vectors: Mapping[Cell, Mapping[int, int]]) -> Iterable[Mapping[int, int]]:
        """Differences between areas that one firm dominates in some month."""
        for part in cells:
            for area in self.table.paths[part.area][:-1]:
                whole = Cell(area, "", part.code)
                if whole not in vectors or part not in vectors:
                    continue
                if any(map(self._is_dominated, self._months_of(whole), self._months_of(part))):
                    yield difference(vectors[whole], vectors[part])

    def _is_dominated(self, whole: Cell, part: Cell) -> bool:
        amounts = self.table.firms(part, self.edition)
        return remainder_objection(self.table.firms(whole, self.edition), [amounts]) is Reason.DOMINANT
