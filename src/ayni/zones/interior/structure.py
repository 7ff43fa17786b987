"""The structure of a zone's programme, found from its matrix: hours in a chain, and what ties them all.

Columns are *local* if all the rows they touch lie in one hour or in two that follow each other; the others (sizes,
monthly maxima, packages, the content of a store at the end of the year, which closes the round) are *common*.
Rows are

- *limits*: inequalities with at most one local column, such as flow − share · size ≤ 0;
- *chained*: the other rows of an hour: balances, contents of stores, units that serve several carriers;
- *global*: the rest: the year's emissions, a class's energy in peak hours, one package per group.

Chained rows in the order of their hours couple only to near ones: a banded matrix.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from ayni.zones.interior.standard import Flags, Standard
from ayni.zones.model.program import Indices, LinearProgram

NO_HOUR = -1
MOST_COMMON = 800
"""More common columns and global rows than this make the small dense system no small one."""


@dataclass(frozen=True, eq=False)
class Structure:
    """Orders of the standard form's columns and rows, by kind and within the kind by hour."""

    local: Indices
    common: Indices
    chained: Indices
    limits: Indices
    globals: Indices

    @property
    def rows(self) -> Indices:
        """All rows: chained, limits and globals in turn."""
        return np.concatenate([self.chained, self.limits, self.globals])

    @property
    def columns(self) -> Indices:
        """All columns: local and common in turn."""
        return np.concatenate([self.local, self.common])

    def ordered(self, matrix: csr_array) -> csr_array:
        """``matrix`` with its rows and columns in these orders."""
        return csr_array(csr_array(matrix[self.rows])[:, self.columns])


def find_structure(program: LinearProgram, standard: Standard) -> Structure | None:
    """The structure of ``standard``, the standard form of ``program``; None where too little of it is local."""
    entries = standard.matrix.tocoo()
    rows, columns = entries.row.astype(np.int64), entries.col.astype(np.int64)
    row_count, column_count = standard.matrix.shape
    row_hour = _row_hours(rows, _block_hours(program)[standard.columns][columns], row_count)
    column_hour = _column_hours(columns, row_hour[rows], column_count)
    is_local = column_hour != NO_HOUR
    locals_in_row = np.bincount(rows[is_local[columns]], minlength=row_count)
    is_limit: Flags = standard.is_inequality & (locals_in_row <= 1)
    is_chained: Flags = ~is_limit & (row_hour != NO_HOUR) & (locals_in_row > 0)
    common, rest = np.flatnonzero(~is_local), np.flatnonzero(~is_limit & ~is_chained)
    if len(common) + len(rest) > MOST_COMMON:
        return None
    return Structure(
        _by_hour(is_local, column_hour), common, _by_hour(is_chained, row_hour), np.flatnonzero(is_limit), rest
    )


def _block_hours(program: LinearProgram) -> Indices:
    """The hour of each column that stands in a block of one column per hour."""
    hours = np.full(len(program.cost), NO_HOUR)
    for block in program.columns.values():
        if len(block) == program.hours:
            hours[block] = np.arange(program.hours)
    return hours


def _row_hours(rows: Indices, hours: Indices, count: int) -> Indices:
    """The hour of each row: that of most of its columns, where these lie in two hours at most."""
    known = hours != NO_HOUR
    rows, hours = rows[known], hours[known]
    first, last = _range(rows, hours, count)
    is_first, is_last = hours == first[rows], hours == last[rows]
    at_first = np.bincount(rows[is_first], minlength=count)
    at_last = np.bincount(rows[is_last], minlength=count)
    is_hourly = (at_last > 0) & (np.bincount(rows[~is_first & ~is_last], minlength=count) == 0)
    return np.where(is_hourly, np.where(at_last >= at_first, last, first), NO_HOUR)


def _column_hours(columns: Indices, hours: Indices, count: int) -> Indices:
    """The first hour of each column whose rows lie in one hour or two that follow each other."""
    known = hours != NO_HOUR
    first, last = _range(columns[known], hours[known], count)
    return np.where((last >= 0) & (last - first <= 1), first, NO_HOUR)


def _range(places: Indices, hours: Indices, count: int) -> tuple[Indices, Indices]:
    """First and last hour by place."""
    first, last = np.full(count, np.iinfo(np.int64).max), np.full(count, NO_HOUR)
    np.minimum.at(first, places, hours)
    np.maximum.at(last, places, hours)
    return first, last


def _by_hour(chosen: Flags, hours: Indices) -> Indices:
    places = np.flatnonzero(chosen)
    return places[np.argsort(hours[places], kind="stable")]
