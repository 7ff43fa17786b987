"""Laws of the confidentiality rule, checked by an attacker who knows every published total and all linear algebra.

The attacker shares no code with the rule: every amount of every version of every record is a variable of its own, every
published total a row over them, and what follows from them is decided by numpy's rank.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from ayni.portal.dashboards.confidentiality.schema import Cell, Record, Scheme, Verdict
from ayni.portal.dashboards.confidentiality.suppression import Past, decide

SCHEME = Scheme(
    weights={
        "energy.total": {"energy.a": 1, "energy.b": 1, "energy.c": 1},
        "energy.a": {"energy.a": 1}, "energy.b": {"energy.b": 1}, "energy.c": {"energy.c": 1},
        "emissions.total": {"energy.a": 2, "energy.b": 3, "energy.c": 5},
        "emissions.fuels": {"energy.b": 3, "energy.c": 5},
        "water.total": {"water.total": 1},
    },
    parts={"energy.total": ("energy.a", "energy.b", "energy.c")},
    order=("energy.total", "emissions.total", "water.total", "emissions.fuels", "energy.a", "energy.b", "energy.c"),
    monthly=frozenset({"energy.a", "energy.b", "energy.c"}),
    branched=frozenset({"energy.total", "water.total"}),
    months=(1, 2),
)  # fmt: skip
PLACES = (
    ("PE", "15", "1501"), ("PE", "15", "1501", "p1"), ("PE", "15", "1501", "p2"), ("PE", "15", "1502"),
    ("PE", "07", "0701"), ("PE", "07", "0701", "p3"), ("PE", "20", "2001"),
)  # fmt: skip
CARRIERS = ("energy.a", "energy.b", "energy.c")
AMOUNTS = st.sampled_from((0, 0, 1, 2, 3, 50, 400))


def _amounts(monthly: dict[tuple[str, int], int], water: int) -> dict[tuple[str, int], float]:
    """All measures of a record from the carriers by month; month 0 is what no month says."""
    found: dict[tuple[str, int], float] = {("water.total", 0): float(water)}
    for carrier in CARRIERS:
        found[carrier, 0] = float(sum(monthly.get((carrier, month), 0) for month in (0, 1, 2)))
        for month in (1, 2):
            found[carrier, month] = float(monthly[carrier, month])
    for code in ("energy.total", "emissions.total", "emissions.fuels"):
        found[code, 0] = sum(weight * found[atom, 0] for atom, weight in SCHEME.weights[code].items())
    return found


@st.composite
def _declared(draw: st.DrawFn) -> dict[tuple[str, int], float]:
    shape = draw(st.sampled_from(("steady", "steady", "seasonal", "uneven")))
    monthly = {}
    for carrier in CARRIERS:
        first = draw(AMOUNTS)
        monthly[carrier, 1], monthly[carrier, 2] = first, draw(AMOUNTS) if shape == "seasonal" else first
        monthly[carrier, 0] = draw(AMOUNTS) if shape == "uneven" else 0
    return _amounts(monthly, draw(AMOUNTS))


@st.composite
def worlds(draw: st.DrawFn, editions_max: int = 3) -> list[Record]:
    """Records of up to three publications: sites that come, go and are corrected; firms with several sites."""
    editions = draw(st.integers(1, editions_max))
    records: list[Record] = []
    for _ in range(draw(st.integers(3, 12))):
        firm, path = draw(st.integers(1, 9)), draw(st.sampled_from(PLACES))
        branch = draw(st.sampled_from(("10", "20")))
        first = draw(st.sampled_from((1, 1, 1, *range(2, editions + 1))))
        corrected = draw(st.sampled_from((None, None, *range(first + 1, editions + 1))))
        left = draw(st.sampled_from((editions + 1, editions + 1, *range(first + 1, editions + 1))))
        spans = [(first, min(corrected or left, left))] + ([(corrected, left)] if corrected else [])
        for begin, end in spans:
            if begin < end:
                counted = frozenset(range(begin, end))
                records.append(Record(len(records), firm, path, branch, draw(_declared()), counted))
    return records


def _published(records: list[Record]) -> list[dict[Cell, Verdict]]:
    """The verdicts of one publication after the other."""
    editions = sorted({edition for record in records for edition in record.editions})
    verdicts: list[dict[Cell, Verdict]] = []
    former: defaultdict[Cell, list[int]] = defaultdict(list)
    hidden: defaultdict[Cell, list[int]] = defaultdict(list)
    for edition in range(1, max(editions, default=0) + 1):
        so_far = frozenset(range(1, edition + 1))
        known = [replace(one, editions=one.editions & so_far) for one in records if one.editions & so_far]
        found = decide(known, SCHEME, edition, Past(former, hidden))
        for cell, verdict in found.items():
            if verdict.edition == edition:
                former[cell].append(edition)
            elif _rule(_by_firm(records, cell, edition)):
                hidden[cell].append(edition)
        verdicts.append(found)
    return verdicts


def _counts(record: Record, cell: Cell, edition: int) -> bool:
    return edition in record.editions and cell.area in record.path and cell.branch in ("", record.branch)


def _by_firm(records: list[Record], cell: Cell, edition: int) -> dict[int, float]:
    firms: defaultdict[int, float] = defaultdict(float)
    for record in records:
        if _counts(record, cell, edition):
            firms[record.firm] += record.amounts[cell.code, cell.month]
    return {firm: amount for firm, amount in firms.items() if amount}


def _rule(firms: dict[int, float]) -> bool:
    """Whether rule 11 hides the total, said once more in the attacker's words."""
    return len(firms) < 3 or max(firms.values()) / sum(firms.values()) > 0.85


class Attacker:
    """Variables, rows and ranks."""

    def __init__(self, records: list[Record]) -> None:
        self.records = records
        self.variables = [
            (record.id, atom, month)
            for record in records for atom in (*CARRIERS, "water.total") for month in (0, 1, 2)
            if self._variable(record, atom, month)
        ]  # fmt: skip
        self.place = {variable: number for number, variable in enumerate(self.variables)}
        firm_of = {record.id: record.firm for record in records}
        self.firm = np.array([firm_of[record] for record, _, _ in self.variables], dtype=int)

    def _variable(self, record: Record, atom: str, month: int) -> bool:
        """A month's amount, or for month 0 what the months leave of the year."""
        of_months = sum(record.amounts.get((atom, one), 0.0) for one in (1, 2))
        return bool(record.amounts.get((atom, month)) if month else record.amounts[atom, 0] - of_months)

    def row(self, cell: Cell, edition: int) -> NDArray[np.float64]:
        found = np.zeros(len(self.variables))
        for record in self.records:
            if _counts(record, cell, edition):
                for atom, weight in SCHEME.weights[cell.code].items():
                    for month in (cell.month,) if cell.month else (0, 1, 2):
                        if (record.id, atom, month) in self.place:
                            found[self.place[record.id, atom, month]] = weight
        return found

    def rows(self, verdicts: list[dict[Cell, Verdict]]) -> NDArray[np.float64]:
        shown = {(cell, one.edition) for found in verdicts for cell, one in found.items() if one.edition is not None}
        rows = [self.row(cell, edition) for cell, edition in sorted(shown)]
        return np.array(rows).reshape(len(rows), len(self.variables))


def _rank(rows: NDArray[np.float64]) -> int:
    return int(np.linalg.matrix_rank(rows)) if rows.size else 0


QUIET = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUIET
@given(worlds())
def test_no_combination_of_publications_rests_on_one_or_two_firms(records: list[Record]) -> None:
    attacker = Attacker(records)
    rows = attacker.rows(_published(records))
    whole = _rank(rows)
    for pair in combinations(sorted({record.firm for record in records} | {-1, -2}), 2):
        assert _rank(rows[:, ~np.isin(attacker.firm, pair)]) == whole


@QUIET
@given(worlds())
def test_no_hidden_total_follows_from_the_published_ones(records: list[Record]) -> None:
    attacker = Attacker(records)
    verdicts = _published(records)
    rows = attacker.rows(verdicts)
    whole = _rank(rows)
    for edition, found in enumerate(verdicts, start=1):
        for cell, verdict in found.items():
            is_last_and_hidden = edition == len(verdicts) and not verdict.is_shown
            row = attacker.row(cell, edition)
            if verdict.edition == edition or not row.any():
                continue  # shown; or nobody declares anything, which gives no amount of a firm away
            # a month that the rule allows is hidden with its year, and may equal the same month of a smaller area
            if (is_last_and_hidden and not cell.month) or _rule(_by_firm(records, cell, edition)):
                assert _rank(np.vstack([rows, row])) == whole + 1, (cell, edition)


@QUIET
@given(worlds())
def test_every_new_total_and_every_difference_between_areas_keeps_the_rule(records: list[Record]) -> None:
    for edition, found in enumerate(_published(records), start=1):
        new = {cell for cell, verdict in found.items() if verdict.edition == edition}
        for cell in new:
            assert not _rule(_by_firm(records, cell, edition))
        for cell, part in combinations(sorted(new), 2):
            for whole, inner in ((cell, part), (part, cell)):
                if (whole.code, whole.month, whole.branch) != (inner.code, inner.month, inner.branch):
                    continue
                left = [
                    record for record in records
                    if _counts(record, whole, edition) and not _counts(record, inner, edition)
                ]  # fmt: skip
                nested = all(_counts(one, whole, edition) for one in records if _counts(one, inner, edition))
                rest = _by_firm(left, whole, edition)
                if nested and rest:
                    assert not _rule(rest), (whole, inner)


@QUIET
@given(worlds(editions_max=3))
def test_a_renewed_total_differs_by_no_firm_or_by_three(records: list[Record]) -> None:
    verdicts = _published(records)
    by_id = {record.id: record for record in records}
    last: dict[Cell, int] = {}
    for edition, found in enumerate(verdicts, start=1):
        for cell, verdict in found.items():
            if verdict.edition != edition:
                assert verdict.edition == last.get(cell)
                continue
            if cell in last:
                old, new = (
                    {one.id for one in records if _counts(one, cell, at) and one.amounts[cell.code, cell.month]}
                    for at in (last[cell], edition)
                )
                changed = {by_id[number].firm for number in old ^ new}
                assert not changed or len(changed) >= 3
            last[cell] = edition


def _even_world(firms_per_place: int) -> list[Record]:
    amounts = _amounts({(carrier, month): 10 for carrier in CARRIERS for month in (1, 2)}, 7)
    return [
        Record(number, number, PLACES[number % len(PLACES)], ("10", "20")[number // 7 % 2], amounts, frozenset({1}))
        for number in range(firms_per_place * len(PLACES))
    ]


def test_nothing_is_hidden_where_nothing_needs_it() -> None:
    verdicts = _published(_even_world(8))[0]
    assert len(verdicts) > 100
    assert all(verdict.is_shown for verdict in verdicts.values())


def test_the_first_total_of_an_area_is_shown_wherever_the_rule_allows_it_alone() -> None:
    records = _even_world(3)[:-1]
    verdicts = _published(records)[0]
    assert verdicts[Cell("PE", "", "energy.total")].is_shown
    assert not verdicts[Cell("20", "", "energy.total")].is_shown  # two firms
    assert not verdicts[Cell("2001", "", "energy.total")].is_shown
    shown = [area for area in ("15", "07") if verdicts[Cell(area, "", "energy.total")].is_shown]
    assert len(shown) == 1  # the country less both would be the two firms


@pytest.mark.parametrize(("joined", "is_renewed"), [(1, False), (2, False), (3, True)])
def test_a_total_is_not_renewed_by_one_or_two_firms(joined: int, is_renewed: bool) -> None:
    world = _even_world(2)
    known = [replace(one, editions=frozenset({1, 2})) for one in world[:-joined]]
    new = [replace(one, editions=frozenset({2})) for one in world[-joined:]]
    verdicts = _published([*known, *new])[1]
    assert (verdicts[Cell("PE", "", "energy.total")].edition == 2) is is_renewed


def test_a_dominated_total_and_the_only_other_part_are_hidden() -> None:
    small = _amounts({(carrier, month): 1 for carrier in CARRIERS for month in (1, 2)}, 1)
    large = {key: 1000 * amount for key, amount in small.items()}
    records = [Record(n, n, PLACES[3], "10", large if n == 0 else small, frozenset({1})) for n in range(4)]
    records += [Record(10 + n, 10 + n, PLACES[4], "10", large, frozenset({1})) for n in range(5)]
    verdicts = _published(records)[0]
    assert not verdicts[Cell("15", "", "water.total")].is_shown
    assert verdicts[Cell("PE", "", "water.total")].is_shown
    assert not verdicts[Cell("07", "", "water.total")].is_shown
