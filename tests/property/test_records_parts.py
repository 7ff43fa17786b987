"""Laws of a park's parts: put together they are the park, whoever hands in what; nothing is counted twice."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ayni.base.sheets import Row, rows_of
from ayni.ledger.account import account, of_site
from ayni.ledger.reading import read_ledger
from ayni.ledger.schema import OUTSIDE, Flow
from ayni.parks.example import example_rows
from ayni.parks.parts import Rows, check_firm, compare_reports, merge_park, split_park
from ayni.parks.parts.checks import FirmContext
from ayni.parks.parts.codes import CODE_FIELDS, REFERENCES
from ayni.parks.parts.sheets import node_owners, owner_of
from ayni.parks.parts.workbook import read_values
from ayni.zones.schema import Equipment, Measure

WHOLE = example_rows("es")
PARK, FIRMS = split_park(WHOLE)
CODES = sorted(FIRMS)


def totals(rows: Mapping[str, Sequence[Row]]) -> Mapping[str, float]:
    ledger, findings = read_ledger(rows)
    assert ledger is not None, findings
    return account(ledger).totals


TOTALS = totals(WHOLE)


def with_neighbourly_flows(count: int, seed: int) -> dict[str, list[Row]]:
    """The example with some wastes given to a neighbour in place of the outside."""
    chance = random.Random(seed)  # noqa: S311
    owners = node_owners(WHOLE)
    flows = list(rows_of(WHOLE, Flow))
    wastes = [at for at, flow in enumerate(flows) if flow.destination == "waste_operator"]
    for at in chance.sample(wastes, count):
        giver = owner_of(flows[at].origin, owners)
        taker = chance.choice([code for code in CODES if code != giver])
        flows[at] = flows[at].model_copy(update={"destination": taker})
    return {**WHOLE, "flows": list(flows)}


@settings(max_examples=5, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), count=st.integers(0, 40), order=st.permutations(CODES))
def test_parts_put_together_in_any_order_are_the_park(seed: int, count: int, order: list[str]) -> None:
    rows = with_neighbourly_flows(count, seed)
    park, firms = split_park(rows)
    merged, origins = merge_park(park, {code: firms[code] for code in order}, "es")
    assert totals(merged) == pytest.approx(totals(rows), rel=1e-9, abs=1e-6)
    assert len(origins) == sum(map(len, rows.values()))


@settings(max_examples=5, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), count=st.integers(1, 40))
def test_what_the_takers_report_too_is_counted_once(seed: int, count: int) -> None:
    rows = with_neighbourly_flows(count, seed)
    park, firms = split_park(rows)
    owners = node_owners(rows)
    doubled: dict[str, Rows] = dict(firms)
    for flow in rows_of(rows, Flow):
        giver, taker = owner_of(flow.origin, owners), owner_of(flow.destination, owners)
        if giver in firms and taker in firms and giver != taker:
            said = flow.model_copy(update={"origin": giver, "waste_code": None})
            doubled[taker] = {**doubled[taker], "flows": [*doubled[taker]["flows"], said]}
    merged, _ = merge_park(park, doubled, "es")
    assert totals(merged) == pytest.approx(totals(rows), rel=1e-9, abs=1e-6)
    assert compare_reports(doubled) == ()


@settings(max_examples=5, deadline=None, derandomize=True)
@given(there=st.sets(st.sampled_from(CODES), min_size=1))
def test_a_park_of_some_of_its_firms_has_no_node_that_nobody_declares(there: set[str]) -> None:
    rows = with_neighbourly_flows(30, 1)
    park, firms = split_park(rows)
    merged, _ = merge_park(park, {code: firms[code] for code in sorted(there)}, "es")
    nodes = {node for flow in rows_of(merged, Flow) for node in (flow.origin, flow.destination)}
    assert nodes <= {*node_owners(merged), *OUTSIDE}
    ledger, _ = read_ledger(merged)
    assert ledger is not None
    parts = [of_site(account(ledger), code).totals for code in sorted(there)]
    whole = account(ledger).totals
    for key, value in whole.items():
        assert sum(part.get(key, 0.0) for part in parts) == pytest.approx(value, rel=1e-9, abs=1e-6)


@settings(max_examples=30, deadline=None, derandomize=True)
@given(
    sheet=st.sampled_from(sorted({*FIRMS["E01"], *PARK})),
    records=st.lists(
        st.dictionaries(
            st.sampled_from(["firm", "month", "amount", "unit", "name", "year", "kind", "process", "odd"]),
            st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=12)),
            max_size=5,
        ),
        max_size=4,
    ),
)  # fmt: skip
def test_no_values_break_the_reading_and_what_is_read_breaks_no_check(
    sheet: str, records: list[dict[str, object]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    part = read_values({sheet: records}, "es")
    rows = {**FIRMS["E04"], **part.rows}
    found = check_firm(rows, FirmContext("E04", PARK, tmp_path_factory.getbasetemp()), part.faulty)
    assert all(finding.message("es") and finding.message("en") for finding in (*part.findings, *found))
    assert TOTALS


@settings(max_examples=5, deadline=None, derandomize=True)
@given(seed=st.integers(0, 10_000), count=st.integers(0, 20))
def test_codes_that_firms_chose_alike_are_told_apart(seed: int, count: int) -> None:
    rows = with_neighbourly_flows(count, seed)
    park, firms = split_park(rows)
    alike = {code: with_codes_alike(own) for code, own in firms.items()}
    merged, _ = merge_park(park, alike, "es")
    assert totals(merged) == pytest.approx(totals(rows), rel=1e-9, abs=1e-6)
    for name, field in CODE_FIELDS.items():
        codes = [getattr(row, field) for row in merged[name]]
        assert len(codes) == len(set(codes)) == len(rows[name])
    owner = {row.equipment: row.firm for row in rows_of(merged, Equipment)}
    for measure in rows_of(merged, Measure):
        assert measure.equipment is None or owner[measure.equipment] == measure.firm


def with_codes_alike(own: Rows) -> Rows:
    """A firm's rows with codes that say nothing of the firm: P1, P2 ... in every sheet."""
    renamed: dict[str, list[Row]] = {name: list(kept) for name, kept in own.items()}
    new = {
        name: {getattr(row, field): f"P{number}" for number, row in enumerate(own[name])}
        for name, field in CODE_FIELDS.items()
    }
    columns = {(name, field): name for name, field in CODE_FIELDS.items()} | dict(REFERENCES)
    for (name, field), declared in columns.items():
        renamed[name] = [
            row.model_copy(update={field: new[declared].get(getattr(row, field), getattr(row, field))})
            for row in renamed[name]
        ]
    return renamed
