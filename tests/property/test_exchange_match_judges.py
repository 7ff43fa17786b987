"""Matching against other judges: scipy's linear programme, its assignment method, and one LP per price."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment, linprog
from scipy.sparse import csr_array

from ayni.exchange.match import MatchResult, match


@dataclass(frozen=True)
class Instance:
    supply: np.ndarray
    demand: np.ndarray
    giver: np.ndarray
    taker: np.ndarray
    value: np.ndarray

    def solve(self) -> MatchResult:
        return match(
            pd.DataFrame({"offer": np.arange(len(self.supply)), "amount": self.supply}),
            pd.DataFrame({"want": np.arange(len(self.demand)), "amount": self.demand}),
            pd.DataFrame({"offer": self.giver, "want": self.taker, "value": self.value}),
        )

    def incidence(self) -> csr_array:
        """One row per offer, then per want; one column per link."""
        links = np.arange(len(self.value))
        rows = np.concatenate([self.giver, len(self.supply) + self.taker])
        shape = (len(self.supply) + len(self.demand), len(links))
        return csr_array((np.ones(2 * len(links)), (rows, np.concatenate([links, links]))), shape=shape)

    def limits(self) -> np.ndarray:
        return np.concatenate([self.supply, self.demand])


@st.composite
def instances(draw: st.DrawFn, decimals: int = 0) -> Instance:
    """Small markets with few distinct numbers, so that ties, balance and slack are common; some values negative."""
    offers, wants = draw(st.integers(1, 5)), draw(st.integers(1, 5))
    amount = st.integers(0, 4).map(lambda number: number / 10**decimals)
    supply = draw(st.lists(amount, min_size=offers, max_size=offers))
    demand = draw(st.lists(amount, min_size=wants, max_size=wants))
    pairs = [(offer, want) for offer in range(offers) for want in range(wants)]
    links = draw(st.lists(st.sampled_from(pairs), unique=True, min_size=1))
    value = st.integers(-3, 9).map(lambda number: number / 10**decimals)
    values = draw(st.lists(value, min_size=len(links), max_size=len(links)))
    giver, taker = np.array(links).T
    return Instance(np.array(supply), np.array(demand), giver, taker, np.array(values))


def judged_objective(instance: Instance) -> float:
    judge = linprog(-instance.value, A_ub=instance.incidence(), b_ub=instance.limits())
    assert judge.status == 0
    return float(-judge.fun)


def judged_price(instance: Instance, objective: float, offer: int, sign: int) -> float:
    """The smallest (sign 1) or largest (sign −1) price of an offer over the optimal face of the dual, by its own LP."""
    direction = np.zeros(len(instance.limits()))
    direction[offer] = sign
    judge = linprog(
        direction,
        A_ub=-instance.incidence().T,
        b_ub=-instance.value,
        A_eq=instance.limits()[None, :],
        b_eq=[objective],
    )
    assert judge.status == 0
    return float(sign * judge.fun)


def assert_feasible(instance: Instance, result: MatchResult) -> None:
    given_away = result.exchanges.groupby("offer")["amount"].sum()
    taken = result.exchanges.groupby("want")["amount"].sum()
    assert (result.exchanges["amount"] > 0).all()
    assert (given_away <= instance.supply[given_away.index] * (1 + 1e-12)).all()
    assert (taken <= instance.demand[taken.index] * (1 + 1e-12)).all()


@settings(max_examples=150, deadline=None)
@given(instances())
def test_objective_and_price_band_equal_the_judges(instance: Instance) -> None:
    result = instance.solve()
    assert_feasible(instance, result)
    assert result.objective == result.bound == pytest.approx(judged_objective(instance), abs=1e-7)
    bands = result.exchanges[["offer", "price_low", "price_high"]].to_numpy(dtype=float)
    for offer, low, high in bands:
        assert low == pytest.approx(judged_price(instance, result.objective, int(offer), 1), abs=1e-6)
        assert high == pytest.approx(judged_price(instance, result.objective, int(offer), -1), abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(instances(decimals=1), instances(decimals=3))
def test_decimals_behave_like_whole_numbers(tenths: Instance, thousandths: Instance) -> None:
    for instance, unit in ((tenths, 10), (thousandths, 1000)):
        scaled = Instance(
            np.rint(instance.supply * unit), np.rint(instance.demand * unit), instance.giver, instance.taker,
            np.rint(instance.value * unit),
        )  # fmt: skip
        result, whole = instance.solve(), scaled.solve()
        assert result.objective * unit**2 == pytest.approx(whole.objective, rel=1e-12)
        for column in ("amount", "price_low", "price_high"):
            assert (result.exchanges[column] * unit).tolist() == pytest.approx(whole.exchanges[column].tolist())


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(1, 12))
def test_full_markets_of_single_units_equal_the_assignment_method(seed: int, size: int) -> None:
    random = np.random.default_rng(seed)
    values = random.integers(0, 50, (size, size)).astype(float)
    giver, taker = (index.ravel() for index in np.indices(values.shape))
    result = Instance(np.ones(size), np.ones(size), giver, taker, values.ravel()).solve()
    assert result.objective == values[linear_sum_assignment(values, maximize=True)].sum()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([1e-3, 1.0, 1e4]), st.sampled_from([1e-2, 1.0, 1e5]))
def test_real_numbers_of_any_scale_have_a_proven_optimum(seed: int, amount: float, money: float) -> None:
    random = np.random.default_rng(seed)
    offers, wants = random.integers(1, 30, 2)
    links = np.unique(random.integers(0, offers * wants, 4 * offers))
    instance = Instance(
        random.exponential(amount, offers), random.exponential(amount, wants), links // wants, links % wants,
        random.normal(money, money, len(links)),
    )  # fmt: skip
    result = instance.solve()
    assert_feasible(instance, result)
    assert result.objective <= result.bound
    assert result.gap < 1e-10
    assert result.objective == pytest.approx(judged_objective(instance), rel=1e-6, abs=1e-6 * amount * money)
    assert (result.exchanges["price_low"] <= result.exchanges["price_high"]).all()


def test_a_thousand_offers_and_wants_within_seconds() -> None:
    random = np.random.default_rng(7)
    links = np.unique(random.integers(0, 1000 * 1000, 10_000))
    instance = Instance(
        random.integers(1, 100, 1000).astype(float), random.integers(1, 100, 1000).astype(float),
        links // 1000, links % 1000, random.integers(-5, 100, len(links)).astype(float),
    )  # fmt: skip
    result = instance.solve()
    assert result.gap == 0
    assert result.objective == pytest.approx(judged_objective(instance), rel=1e-9)
