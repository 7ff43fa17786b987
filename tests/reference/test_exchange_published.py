"""Published transport and assignment problems, and a published market with its range of prices."""

from collections.abc import Sequence

import pandas as pd
import pytest

from ayni.exchange.match import MatchResult, match

LARGE = 10_000.0
"""More than any cost: value = LARGE − cost makes a cheapest plan that serves everybody the most valuable one."""


def solve(supply: Sequence[float], demand: Sequence[float], values: Sequence[Sequence[float]]) -> MatchResult:
    offers = pd.DataFrame({"offer": [f"o{i}" for i in range(len(supply))], "amount": supply})
    wants = pd.DataFrame({"want": [f"w{j}" for j in range(len(demand))], "amount": demand})
    links = [(f"o{i}", f"w{j}", value) for i, row in enumerate(values) for j, value in enumerate(row)]
    return match(offers, wants, pd.DataFrame(links, columns=["offer", "want", "value"]))


def cost_of(supply: Sequence[float], demand: Sequence[float], costs: Sequence[Sequence[float]], large: float) -> float:
    result = solve(supply, demand, [[large - cost for cost in row] for row in costs])
    assert result.gap < 1e-12
    return float(large * result.exchanges["amount"].sum() - result.objective)


def test_dantzig_transport() -> None:
    """Dantzig (1963), Linear Programming and Extensions, section 3.3: 153.675 thousand dollars, within 1e-6.

    Freight is 90 dollars per case and thousand miles, given in thousands. Supply (950) exceeds demand (900), so some
    supply stays where it is; with value = 1000 − cost all demand is served because no cost comes near 1000.
    """
    distances = ((2.5, 1.7, 1.8), (2.5, 1.8, 1.4))
    costs = [[90 * distance / 1000 for distance in row] for row in distances]
    assert cost_of((350, 600), (325, 300, 275), costs, 1000.0) == pytest.approx(153.675, abs=1e-6)


def test_canned_peas_transport() -> None:
    """P&T Company, Hillier and Lieberman, Introduction to Operations Research, transport chapter: 152,535 dollars."""
    costs = ((464, 513, 654, 867), (352, 416, 690, 791), (995, 682, 388, 685))
    assert cost_of((75, 125, 100), (80, 65, 70, 85), costs, LARGE) == 152_535


def test_assignment_of_four_tasks() -> None:
    """OR-Tools' guide, linear sum assignment: four workers, four tasks, cost 265."""
    costs = ((90, 76, 75, 70), (35, 85, 55, 65), (125, 95, 90, 105), (45, 110, 95, 115))
    assert cost_of([1] * 4, [1] * 4, costs, LARGE) == 265


def test_assignment_of_five_workers() -> None:
    """OR-Tools' guide, assignment as integer programme: five workers for four tasks, cost 265."""
    costs = ((90, 80, 75, 70), (35, 85, 55, 65), (125, 95, 90, 95), (45, 110, 95, 115), (50, 100, 90, 100))
    assert cost_of([1] * 5, [1] * 4, costs, LARGE) == 265


def test_house_market_and_its_prices() -> None:
    """Shapley and Shubik (1971), The Assignment Game I, numerical example in thousand dollars.

    Sellers ask at least 18, 15, 19; buyers value the houses (23, 26, 20), (22, 24, 21), (21, 22, 17). The gains are
    (5, 8, 2), (7, 9, 6), (2, 3, 0), the best total is 16, and house prices lie in 21–23, 20–21, 19–20: these are the
    ends of the core, checked here against all competitive prices on a grid of half units.
    """
    result = solve([1] * 3, [1] * 3, ((5, 8, 2), (7, 9, 6), (2, 3, 0)))
    assert result.objective == 16
    assert list(zip(result.exchanges["offer"], result.exchanges["want"], strict=True)) == [
        ("o0", "w1"), ("o1", "w2"), ("o2", "w0"),
    ]  # fmt: skip
    asks = (18, 15, 19)
    low = [ask + gain for ask, gain in zip(asks, result.exchanges["price_low"], strict=True)]
    high = [ask + gain for ask, gain in zip(asks, result.exchanges["price_high"], strict=True)]
    assert (low, high) == ([21, 20, 19], [23, 21, 20])
    supporting = _competitive_prices()
    assert (low, high) == ([min(column) for column in supporting], [max(column) for column in supporting])


def _competitive_prices() -> list[tuple[float, ...]]:
    """Per house the prices at which every buyer likes his own house best and no seller loses, on a grid."""
    worth = ((23, 26, 20), (22, 24, 21), (21, 22, 17))
    own = {1: 0, 2: 1, 0: 2}
    grid = [half / 2 for half in range(30, 60)]
    kept: list[tuple[float, ...]] = []
    for prices in ((p, q, r) for p in grid for q in grid for r in grid if p >= 18 and q >= 15 and r >= 19):
        gains = [[worth[house][buyer] - prices[house] for house in range(3)] for buyer in range(3)]
        if all(gains[buyer][own[buyer]] >= max(0, *gains[buyer]) for buyer in range(3)):
            kept.append(prices)
    return list(zip(*kept, strict=True))
