"""The table of one year as vectors: blocks of records that no cell tells apart, and what each cell adds up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import chain
from typing import TypeVar

from ayni.portal.dashboards.confidentiality.rule import by_firm
from ayni.portal.dashboards.confidentiality.schema import Cell, Record, Scheme

Column = tuple[int, str]
"""A block's number and a basic amount of the year."""
TOLERANCE = 1e-6
"""Relative difference up to which months add up to the year."""


class Table:
    """All records that some publication of the year counts, in the terms of a scheme."""

    def __init__(self, records: Sequence[Record], scheme: Scheme) -> None:
        self.scheme = scheme
        blocks: defaultdict[tuple[tuple[str, ...], str, frozenset[int]], list[Record]] = defaultdict(list)
        for record in records:
            blocks[record.path, record.branch, record.editions].append(record)
        self.blocks = list(blocks.values())
        self.paths = {area: record.path[: place + 1] for record in records for place, area in enumerate(record.path)}
        self._firms: dict[tuple[Cell, int], dict[int, float]] = {}

    def cells(self, edition: int) -> list[Cell]:
        """The year's cells of an edition over which some firm declares something."""
        found: set[Cell] = set()
        for block in self.blocks:
            path, branch, editions = block[0].path, block[0].branch, block[0].editions
            if edition not in editions:
                continue
            for code in self.scheme.order:
                if any(record.amounts.get((code, 0), 0.0) > 0 for record in block):
                    found.update(Cell(area, "", code) for area in path)
                    if code in self.scheme.branched:
                        found.add(Cell(path[0], branch, code))
        return list(found)

    def firms(self, cell: Cell, edition: int) -> dict[int, float]:
        """Amounts of a cell, of the year or of a month, by firm."""
        if (cell, edition) not in self._firms:
            key = (cell.code, cell.month)
            records = [record for number in self._numbers(cell, edition) for record in self.blocks[number]]
            self._firms[cell, edition] = by_firm(records, key)
        return self._firms[cell, edition]

    def vector(self, cell: Cell, edition: int) -> dict[Column, int]:
        """What a year's cell adds up, column by column; columns over which nobody declares anything are left out."""
        weights = self.scheme.weights[cell.code]
        return {
            (number, atom): weight
            for number in self._numbers(cell, edition)
            for atom, weight in weights.items()
            if (number, atom) in self.column_firms
        }

    @cached_property
    def column_firms(self) -> Mapping[Column, frozenset[int]]:
        """The firms behind every column that is not empty."""
        atoms = {atom for weights in self.scheme.weights.values() for atom in weights}
        found = {
            (number, atom): frozenset(record.firm for record in block if record.amounts.get((atom, 0), 0.0) > 0)
            for number, block in enumerate(self.blocks)
            for atom in atoms
        }
        return {column: firms for column, firms in found.items() if firms}

    def month_firms(self, column: Column, month: int) -> set[tuple[int, int]]:
        """Record and firm of those behind a column in a month."""
        number, atom = column
        records = self.blocks[number]
        return {(one.id, one.firm) for one in records if one.amounts.get((atom, month), 0.0) > 0}

    def year_firms(self, column: Column) -> set[tuple[int, int]]:
        """Record and firm of those behind a column in the year."""
        return self.month_firms(column, 0)

    def uneven_firms(self, column: Column) -> set[tuple[int, int]]:
        """Record and firm of those whose months do not add up to the year."""
        number, atom = column
        found = set()
        for one in self.blocks[number]:
            year = one.amounts.get((atom, 0), 0.0)
            if abs(year - sum(one.amounts.get((atom, month), 0.0) for month in self.scheme.months)) > TOLERANCE * year:
                found.add((one.id, one.firm))
        return found

    @cached_property
    def _by_area(self) -> Mapping[str, Sequence[int]]:
        areas: defaultdict[str, list[int]] = defaultdict(list)
        for number, block in enumerate(self.blocks):
            for area in block[0].path:
                areas[area].append(number)
        return areas

    def _numbers(self, cell: Cell, edition: int) -> list[int]:
        return [
            number
            for number in self._by_area.get(cell.area, ())
            if edition in self.blocks[number][0].editions and cell.branch in ("", self.blocks[number][0].branch)
        ]


class Groups:
    """Columns that none of the given vectors tells apart, as one: the vectors over them, and the firms of each."""

    def __init__(self, vectors: Sequence[Mapping[Column, int]], firms: Mapping[Column, frozenset[int]]) -> None:
        signatures: defaultdict[Column, list[tuple[int, int]]] = defaultdict(list)
        for number, vector in enumerate(vectors):
            for column, weight in vector.items():
                signatures[column].append((number, weight))
        members: defaultdict[tuple[tuple[int, int], ...], list[Column]] = defaultdict(list)
        for column, signature in signatures.items():
            members[tuple(signature)].append(column)
        self.members = list(members.values())
        self.firms = [frozenset().union(*(firms[column] for column in group)) for group in self.members]
        self.vectors: list[dict[int, int]] = [{} for _ in vectors]
        for group, marks in enumerate(members):
            for number, weight in marks:
                self.vectors[number][group] = weight


Key = TypeVar("Key")


def difference(whole: Mapping[Key, int], part: Mapping[Key, int]) -> dict[Key, int]:
    """One vector less another; zeros are left out."""
    left = {key: whole.get(key, 0) - part.get(key, 0) for key in dict.fromkeys(chain(whole, part))}
    return {key: weight for key, weight in left.items() if weight}
