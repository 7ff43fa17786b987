"""Matching: hand-made instances whose optimum and price band can be read off, and the edges of the domain."""

from collections.abc import Mapping

import pandas as pd
import pytest

from ayni.exchange.match import MatchResult, match

Links = Mapping[tuple[str, str], float]


def solve(offers: Mapping[str, float], wants: Mapping[str, float], links: Links) -> MatchResult:
    return match(
        pd.DataFrame({"offer": list(offers), "amount": list(offers.values())}),
        pd.DataFrame({"want": list(wants), "amount": list(wants.values())}),
        pd.DataFrame([(*ends, value) for ends, value in links.items()], columns=["offer", "want", "value"]),
    )


def rows(result: MatchResult) -> list[tuple[object, ...]]:
    return list(result.exchanges.itertuples(index=False, name=None))


def test_scarce_offer_gets_the_value_of_the_next_best_want() -> None:
    result = solve({"o": 1}, {"a": 1, "b": 1}, {("o", "a"): 10, ("o", "b"): 7})
    assert rows(result) == [("o", "a", 1, 7, 10)]


def test_plentiful_offer_gets_nothing() -> None:
    assert rows(solve({"o": 2}, {"a": 1}, {("o", "a"): 10})) == [("o", "a", 1, 0, 0)]


def test_short_offer_takes_all() -> None:
    assert rows(solve({"o": 1}, {"a": 2}, {("o", "a"): 10})) == [("o", "a", 1, 10, 10)]


def test_equal_amounts_leave_the_whole_value_open() -> None:
    assert rows(solve({"o": 3}, {"a": 3}, {("o", "a"): 10})) == [("o", "a", 3, 0, 10)]


def test_equal_sums_of_decimals_count_as_equal() -> None:
    # In binary 0.1 + 0.2 is not 0.3; taken so, one side would be 5e-17 short and get the whole value.
    result = solve({"o": 0.1, "p": 0.2}, {"a": 0.3}, {("o", "a"): 0.7, ("p", "a"): 0.7})
    assert rows(result) == [("o", "a", 0.1, 0, 0.7), ("p", "a", 0.2, 0, 0.7)]
    assert result.gap == 0


def test_ties_are_solved_and_priced() -> None:
    result = solve({"o": 2, "p": 2}, {"a": 2, "b": 1}, {(o, w): 5 for o in "op" for w in "ab"})
    assert result.objective == 15
    assert set(result.exchanges["price_low"]) == set(result.exchanges["price_high"]) == {0}


@pytest.mark.parametrize("value", [0.0, -3.0])
def test_links_without_gain_are_never_used(value: float) -> None:
    result = solve({"o": 1}, {"a": 1}, {("o", "a"): value})
    assert (result.objective, result.bound, result.gap, len(result.exchanges)) == (0, 0, 0, 0)


def test_zero_amounts_take_no_part_and_set_no_price() -> None:
    links = {("o", "a"): 10, ("none", "a"): 50, ("o", "nobody"): 50}
    assert rows(solve({"o": 1, "none": 0}, {"a": 1, "nobody": 0}, links)) == [("o", "a", 1, 0, 10)]


def test_nothing_at_all() -> None:
    result = solve({}, {}, {})
    assert (result.objective, result.bound, result.gap, result.status) == (0, 0, 0, "optimal")
    assert list(result.exchanges.columns) == ["offer", "want", "amount", "price_low", "price_high"]


@pytest.mark.parametrize("scale", [1e-9, 1e-3, 1e6, 1e12])
@pytest.mark.parametrize("money", [1e-9, 1.0, 1e12])
def test_scale_of_amounts_and_values_does_not_matter(scale: float, money: float) -> None:
    offers, wants = {"o": 5 * scale, "p": 3 * scale}, {"a": 4 * scale, "b": 4 * scale}
    links = {("o", "a"): 9 * money, ("o", "b"): 4 * money, ("p", "a"): 8 * money}
    result = solve(offers, wants, links)
    assert result.objective == pytest.approx((1 * 9 + 4 * 4 + 3 * 8) * scale * money, rel=1e-12)
    assert result.gap < 1e-12
    assert list(result.exchanges["price_low"]) == pytest.approx([money, money, 0], rel=1e-9)
    assert list(result.exchanges["price_high"]) == pytest.approx([4 * money, 4 * money, 3 * money], rel=1e-9)


def test_tiny_and_huge_amounts_in_one_network() -> None:
    result = solve({"o": 1e9, "p": 1 / 3}, {"a": 1e9, "b": 1 / 7}, {("o", "a"): 1, ("p", "a"): 1, ("p", "b"): 2})
    assert result.gap < 1e-9
    assert result.exchanges.groupby("want")["amount"].sum()["a"] <= 1e9


def test_values_far_apart_keep_the_bound_valid() -> None:
    result = solve({"o": 1, "p": 1}, {"a": 1, "b": 1}, {("o", "a"): 1e15, ("p", "b"): 1e-3})
    assert result.objective == pytest.approx(1e15 + 1e-3, rel=1e-15)
    assert result.bound >= result.objective


def test_solver_that_ran_is_named() -> None:
    assert solve({"o": 1}, {"a": 1}, {("o", "a"): 1}).solver.startswith("HiGHS ")
    assert solve({"o": 1}, {"a": 1}, {}).solver == "none"


@pytest.mark.parametrize(
    ("offers", "wants", "links"),
    [
        ([("o", 1.0), ("o", 1.0)], [("a", 1.0)], [("o", "a", 1.0)]),
        ([("o", -1.0)], [("a", 1.0)], [("o", "a", 1.0)]),
        ([("o", float("nan"))], [("a", 1.0)], [("o", "a", 1.0)]),
        ([("o", 1.0)], [("a", float("inf"))], [("o", "a", 1.0)]),
        ([("o", 1.0)], [("a", 1.0)], [("o", "a", float("nan"))]),
        ([("o", 1.0)], [("a", 1.0)], [("o", "x", 1.0)]),
        ([("o", 1.0)], [("a", 1.0)], [("o", "a", 1.0), ("o", "a", 2.0)]),
    ],
)
def test_faulty_tables_are_a_fault_of_the_caller(
    offers: list[object], wants: list[object], links: list[object]
) -> None:
    with pytest.raises(ValueError, match=r"amounts|codes|link"):
        match(
            pd.DataFrame(offers, columns=["offer", "amount"]),
            pd.DataFrame(wants, columns=["want", "amount"]),
            pd.DataFrame(links, columns=["offer", "want", "value"]),
        )
