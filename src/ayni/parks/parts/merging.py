"""One park from the parts of its firms: codes resolved, double reports counted once, rows placed in one workbook."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from math import sqrt

from ayni.base.findings import Finding, Place, warning
from ayni.base.sheets import Row, Sheet, rows_of
from ayni.base.texts import Language
from ayni.base.units import canonical_unit, plain, to_canonical
from ayni.ledger.defaults import default, default_sigma
from ayni.ledger.reading import WATER_KINDS
from ayni.ledger.schema import OUTSIDE, Flow
from ayni.parks.parts.codes import told_apart
from ayni.parks.parts.sheets import Rows, node_owners, owner_of
from ayni.parks.workbook import SHEETS

UNKNOWN = "unknown"
"""The node for a neighbour whose records are not there: named as what it is, not counted as a market."""

Origins = dict[tuple[str, int], tuple[str, int]]
"""(sheet title, row) of the assembled workbook → (code of the firm, or '' for the park; row where it was handed in)."""

_Key = tuple[object, ...]
_Reports = dict[_Key, list[Flow]]


def merge_park(
    park_rows: Rows, firm_rows: Mapping[str, Rows], language: Language
) -> tuple[dict[str, list[Row]], Origins]:
    """The assembled park: rows by sheet placed as in its workbook, and where each of them came from.

    A flow that giver and taker both report in a month is counted once: the giver's row stands, with the taker's process
    at its end. A node of a neighbour that is not there becomes ``unknown``. Codes that two firms chose alike are told
    apart by their firms' codes.
    """
    parts = told_apart(firm_rows)
    owners = _owners(parts)
    dropped, ends = _double_reports(parts, owners)
    merged: dict[str, list[Row]] = {}
    origins: Origins = {}
    for sheet in SHEETS:
        placed: list[Row] = []
        merged[sheet.name] = placed
        for code, rows in (("", park_rows), *parts.items()):
            for row in rows.get(sheet.name, ()):
                if id(row) in dropped:
                    continue
                known = _resolved(row, owners, ends) if isinstance(row, Flow) else row
                placed.append(_placed(known, sheet, len(placed) + 2, language))
                origins[sheet.title(language), len(placed) + 1] = (code, row.read_from.row or 0)
    return merged, origins


def compare_reports(firm_rows: Mapping[str, Rows]) -> tuple[Finding, ...]:
    """A warning for every pair of firms whose reports of one flow differ by more than their uncertainty.

    The amounts are not said: they are the firms' own.
    """
    parts = told_apart(firm_rows)
    owners = _owners(parts)
    months = defaultdict[tuple[str, str, str], list[str]](list)
    for given, taken in _pairs(parts, owners):
        if _differ(given, taken):
            ends = owner_of(given[0].origin, owners), owner_of(given[0].destination, owners)
            months[(*ends, given[0].resource)].append(f"{given[0].month:%Y-%m}")
    return tuple(
        warning("PART-REPORTS-DIFFER", Place(), giver=giver, taker=taker, resource=resource, months=tuple(sorted(own)))
        for (giver, taker, resource), own in months.items()
    )


def _owners(firm_rows: Mapping[str, Rows]) -> dict[str, str]:
    return {node: firm for rows in firm_rows.values() for node, firm in node_owners(rows).items()}


def _placed(row: Row, sheet: Sheet, number: int, language: Language) -> Row:
    """A copy of the row, placed where the assembled workbook has it."""
    title = sheet.title(language)
    copy = row.model_copy()
    copy._read_from = Place(sheet=title, row=number)
    copy._cells = {} if sheet.form else {
        field: Place(sheet=title, row=number, column=sheet.header(field, language)) for field in sheet.row.model_fields
    }  # fmt: skip
    return copy


def _resolved(row: Flow, owners: Mapping[str, str], ends: Mapping[int, str]) -> Flow:
    """The flow with nodes that the assembled park has."""
    nodes = {"origin": row.origin, "destination": ends.get(id(row), row.destination)}
    known = {field: _known(node, owners) for field, node in nodes.items()}
    return row.model_copy(update=known)


def _known(node: str, owners: Mapping[str, str]) -> str:
    if node in owners or node in OUTSIDE:
        return node
    owner = owner_of(node, owners)
    return owner if owner in owners else UNKNOWN


def _double_reports(
    firm_rows: Mapping[str, Rows], owners: Mapping[str, str]
) -> tuple[frozenset[int], Mapping[int, str]]:
    """The takers' rows that are left out, by identity, and the takers' processes that givers' rows end at."""
    dropped: set[int] = set()
    ends: dict[int, str] = {}
    for given, taken in _pairs(firm_rows, owners):
        dropped |= {id(row) for row in taken}
        processes = {row.destination for row in taken}
        if len(processes) == 1:
            end = processes.pop()
            ends |= {id(row): end for row in given if row.destination == owner_of(row.destination, owners)}
    return frozenset(dropped), ends


def _pairs(firm_rows: Mapping[str, Rows], owners: Mapping[str, str]) -> Iterator[tuple[Sequence[Flow], Sequence[Flow]]]:
    """The rows of giver and of taker about what passes between two firms, by month and resource, where both report."""
    given, taken = defaultdict[_Key, list[Flow]](list), defaultdict[_Key, list[Flow]](list)
    for code, rows in firm_rows.items():
        for row in rows_of(rows, Flow):
            giver, taker = owner_of(row.origin, owners), owner_of(row.destination, owners)
            if giver == taker:
                continue
            reports: _Reports = given if code == giver else taken
            reports[row.month, giver, taker, plain(row.resource)].append(row)
    for key, rows_given in given.items():
        if key in taken:
            yield rows_given, taken[key]


def _differ(given: Sequence[Flow], taken: Sequence[Flow]) -> bool:
    """Whether two sums of one quantity lie farther apart than the uncertainty of their difference."""
    sums = [_sum(rows) for rows in (given, taken)]
    (one, one_unit, one_variance), (other, other_unit, other_variance) = sums
    limit = default("confidence_factor").value * sqrt(one_variance + other_variance)
    return one_unit != other_unit or abs(one - other) > limit


def _sum(rows: Sequence[Flow]) -> tuple[float, tuple[str, ...], float]:
    """Amount, units and variance of the rows together; water that was weighed counts in m3."""
    total = variance = 0.0
    units: set[str] = set()
    for row in rows:
        amount, unit = to_canonical(row.amount, row.unit), canonical_unit(row.unit)
        if row.kind in WATER_KINDS and unit == "kg":
            amount, unit = amount / default("water_density").value, "m3"
        sigma = default_sigma(row.measured) if row.sigma is None else row.sigma / 100
        units.add(unit)
        total += amount
        variance += (amount * sigma) ** 2
    return total, tuple(sorted(units)), variance
