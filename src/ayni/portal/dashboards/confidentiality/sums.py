"""How cells of a year add up: areas in areas, measures in their sum, branches in the country."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from ayni.portal.dashboards.confidentiality.schema import Cell, Scheme


class Sums:
    """The cells shown so far, and the subtractions that they invite: a total less all its shown parts at once."""

    def __init__(self, scheme: Scheme, paths: Mapping[str, Sequence[str]]) -> None:
        self._scheme, self._paths = scheme, paths
        self._whole_of = {part: whole for whole, parts in scheme.parts.items() for part in parts}
        self._shown: set[Cell] = set()
        self._areas: defaultdict[str, set[str]] = defaultdict(set)
        self._branches: defaultdict[str, set[Cell]] = defaultdict(set)

    def show(self, cell: Cell) -> None:
        """Count a cell among those shown."""
        self._shown.add(cell)
        if cell.branch:
            self._branches[cell.code].add(cell)
        else:
            self._areas[cell.code].add(cell.area)

    def wholes(self, part: Cell) -> Iterator[Cell]:
        """The totals that a cell is a part of: larger areas, the sum of measures, the country."""
        for area in () if part.branch else self._paths[part.area][:-1]:
            yield Cell(area, "", part.code, part.month)
        if part.code in self._whole_of:
            yield with_code(part, self._whole_of[part.code])
        if part.branch:
            yield Cell(part.area, "", part.code, part.month)

    def of(self, cell: Cell) -> Iterator[tuple[Cell, list[Cell]]]:
        """Shown totals, each with all its shown parts, in which the cell is the total or one of the parts."""
        parts = self._scheme.parts
        yield cell, [one for code in parts.get(cell.code, ()) if (one := with_code(cell, code)) in self._shown]
        if cell.code in self._whole_of:
            whole = with_code(cell, self._whole_of[cell.code])
            others = [with_code(cell, code) for code in parts[whole.code] if code != cell.code]
            yield from self._total(whole, [*(one for one in others if one in self._shown), cell])
        if cell.branch:
            yield from self._total(Cell(cell.area, "", cell.code), [*sorted(self._branches[cell.code]), cell])
            return
        yield cell, sorted(self._branches[cell.code]) if len(self._paths[cell.area]) == 1 else []
        yield cell, self._below(cell)
        larger = [area for area in self._paths[cell.area][:-1] if area in self._areas[cell.code]]
        if larger:
            above = Cell(larger[-1], "", cell.code)
            yield above, [*(one for one in self._below(above) if cell.area not in self._paths[one.area]), cell]

    def _total(self, whole: Cell, parts: list[Cell]) -> Iterator[tuple[Cell, list[Cell]]]:
        if whole in self._shown:
            yield whole, parts

    def _below(self, cell: Cell) -> list[Cell]:
        """The largest areas within, of which the same total is shown."""
        depth = len(self._paths[cell.area])
        inside = {
            area
            for area in self._areas[cell.code]
            if len(self._paths[area]) > depth and self._paths[area][depth - 1] == cell.area
        }
        largest = [area for area in inside if not inside.intersection(self._paths[area][depth:-1])]
        return [Cell(area, "", cell.code) for area in sorted(largest)]


def with_code(cell: Cell, code: str) -> Cell:
    """The same cell of another measure."""
    return Cell(cell.area, cell.branch, code, cell.month)
