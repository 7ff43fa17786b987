"""Which cells of a year are published: first those that rule 11 hides, then those that would give them away.

Cells are taken in the order in which they matter. Each is published if nothing that must stay hidden follows from it
together with everything published before, in this publication and in all earlier ones of the year.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ayni.portal.dashboards.confidentiality.months import Months, wobbling
from ayni.portal.dashboards.confidentiality.rule import objection, remainder_objection
from ayni.portal.dashboards.confidentiality.schema import Cell, Reason, Record, Scheme, Verdict
from ayni.portal.dashboards.confidentiality.span import Span
from ayni.portal.dashboards.confidentiality.sums import Sums
from ayni.portal.dashboards.confidentiality.table import Column, Groups, Table, difference

LEVELS = (0, 3, 1, 2)
"""Order of the depths of areas: the country, parks, regions, districts. A branch comes after all of them."""

Editions = Mapping[Cell, Sequence[int]]


@dataclass(frozen=True)
class Past:
    """Of earlier publications of the year: the editions whose totals of a cell were shown, and those that hid it.

    Of the hidden ones only those count that the rule itself hides. Editions stand from the oldest on.
    """

    shown: Editions
    hidden: Editions


NOTHING = Past({}, {})


def decide(records: Sequence[Record], scheme: Scheme, edition: int, past: Past = NOTHING) -> dict[Cell, Verdict]:
    """A verdict per cell of the new edition."""
    return _Decision(Table(records, scheme), edition, past).verdicts()


class _Decision:
    """The work of ``decide``, step by step."""

    def __init__(self, table: Table, edition: int, past: Past) -> None:
        self.table, self.edition, self.past = table, edition, past
        self.cells = sorted(table.cells(edition), key=self._rank)
        self.objections = {cell: objection(table.firms(cell, edition)) for cell in self.cells}
        self.shown: dict[Cell, int] = {}
        self.sums = Sums(table.scheme, table.paths)
        self._open()

    def _rank(self, cell: Cell) -> tuple[int, int, Cell]:
        depth = len(self.table.paths[cell.area]) - 1
        level = len(LEVELS) if cell.branch else LEVELS.index(depth)
        return self.table.scheme.order.index(cell.code), level, cell

    def _open(self) -> None:
        """The span with what was published before, and with what must not follow as protected."""
        table, edition = self.table, self.edition
        trusted = [(cell, at) for cell, editions in self.past.shown.items() for at in editions if not cell.month]
        hidden = [(cell, at) for cell, editions in self.past.hidden.items() for at in editions if not cell.month]
        hidden += [(cell, edition) for cell in self.cells if self.objections[cell] is Reason.DOMINANT]
        wanted = [cell for cell in self.cells if self.objections[cell] is None]
        secrets = [table.vector(cell, at) for cell, at in hidden] + list(self._dominated_differences())
        vectors = [table.vector(cell, at) for cell, at in trusted] + secrets
        groups = Groups([*vectors, *(table.vector(cell, edition) for cell in wanted)], table.column_firms)
        unsteady = wobbling(table, groups, self.past.shown)
        firms = [frozenset() if group in unsteady else owners for group, owners in enumerate(groups.firms)]
        self.span = Span(firms)
        for vector in groups.vectors[: len(trusted)]:
            self.span.trust(vector)
        for vector in groups.vectors[len(trusted) : len(vectors)]:
            self.span.protect(vector)
        self.vectors = dict(zip(wanted, groups.vectors[len(vectors) :], strict=True))
        former = dict(zip(trusted, groups.vectors, strict=False))
        self.months = Months(table, edition, self.past.shown, self.past.hidden, groups, former)

    def _dominated_differences(self) -> Iterator[dict[Column, int]]:
        """Totals less one part each, where one firm holds too much of what the part leaves."""
        for part in self.cells:
            amounts = self.table.firms(part, self.edition)
            for whole in self.sums.wholes(part):
                if remainder_objection(self.table.firms(whole, self.edition), [amounts]) is Reason.DOMINANT:
                    yield difference(self.table.vector(whole, self.edition), self.table.vector(part, self.edition))

    def verdicts(self) -> dict[Cell, Verdict]:
        """Every cell decided; a total that cannot be renewed keeps its former value where there is one."""
        verdicts = {}
        for cell in self.cells:
            reason = self._refusal(cell)
            former = self.past.shown.get(cell)
            if reason is None:
                verdicts[cell] = Verdict(self.edition)
            else:
                verdicts[cell] = Verdict(former[-1] if former else None, reason)
                if cell in self.vectors:
                    self.span.protect(self.vectors[cell])
            if (shown := verdicts[cell].edition) is not None:
                self.shown[cell] = shown
                self.sums.show(cell)
        return verdicts | self.months.verdicts(verdicts, self.vectors)

    def _refusal(self, cell: Cell) -> Reason | None:
        """Why the newest total of a cell is not published; None where it is."""
        if found := self.objections[cell]:
            return found
        if self.span.holds(self.vectors[cell]):
            return None
        if self._change_objection(cell):
            return Reason.CHANGE
        if any(remainder_objection(self._firms(whole), map(self._firms, parts)) for whole, parts in self.sums.of(cell)):
            return Reason.DERIVABLE
        return None if self.span.add(self.vectors[cell]) else Reason.DERIVABLE

    def _change_objection(self, cell: Cell) -> bool:
        """Whether what joined or what left since the cell was last shown is itself a total to be hidden."""
        if not self.past.shown.get(cell):
            return False
        old, new = (self.table.firms(cell, at) for at in (self.past.shown[cell][-1], self.edition))
        return any(remainder_objection(whole, [part]) is not None for whole, part in ((new, old), (old, new)))

    def _firms(self, cell: Cell) -> dict[int, float]:
        return self.table.firms(cell, self.shown.get(cell, self.edition))
