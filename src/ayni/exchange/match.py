"""Matching offers with wants: the most valuable set of exchanges, proven, with the band of fair prices of each.

Maximise Σ value·amount, where every offer gives at most its amount and every want takes at most its own.

Giver and taker share an exchange's value. A *supporting price* is what the giver gets per unit when every firm trades
for its own good and the best network still holds: the offer's u in some optimum of the dual (minimise Σ offer·u +
Σ want·v with u + v ≥ value on every link, u, v ≥ 0); the taker then keeps v = value − u. The band runs from the
smallest to the largest supporting price (Shapley and Shubik, 1971).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from ayni.exchange.solver import Floats, Integers
from ayni.exchange.transport import Transport, price_band, solve

AMOUNT_BITS = 44
VALUE_BITS = 40
"""Bits of the whole numbers that stand for amounts and values: at least 12 and 11 decimal places are kept."""

SCALE_POWER_MAX = 300
"""Keeps the scale of tiny numbers a finite float."""

FLOAT_NOISE = 1e-14
"""Relative error that arithmetic leaves on a decimal number, such as 0.1 + 0.2."""


@dataclass(frozen=True)
class MatchResult:
    """The best network: ``objective`` = Σ value·amount, a ``bound`` that no network exceeds, their relative ``gap``.

    ``exchanges``: offer, want, amount, price_low, price_high (per unit, to the giver); only amounts above zero.
    """

    status: str
    solver: str
    objective: float
    bound: float
    gap: float
    exchanges: pd.DataFrame


@dataclass(frozen=True)
class _Component:
    """Positions of a connected part's offers, wants and links."""

    offers: Integers
    wants: Integers
    links: Integers


def match(offers: pd.DataFrame, wants: pd.DataFrame, edges: pd.DataFrame) -> MatchResult:
    """The exact best network of ``offers`` [offer, amount], ``wants`` [want, amount], ``edges`` [offer, want, value].

    Raises ValueError where codes repeat or are unknown, an amount is negative, or a number is not finite.
    """
    market = _market(offers, wants, edges)
    amount, price_want = np.zeros(len(market.value)), np.zeros(len(wants))
    price_low, price_high = np.zeros(len(offers)), np.zeros(len(offers))
    solvers = set()
    for part in _components(market):
        problem, amount_scale, value_scale = _in_whole_numbers(market, part)
        plan = solve(problem)
        low, high = price_band(problem, plan)
        amount[part.links] = plan.amount / amount_scale
        price_want[part.wants] = plan.v / value_scale
        price_low[part.offers], price_high[part.offers] = low / value_scale, high / value_scale
        solvers.add(plan.solver)
    objective = math.fsum(market.value * amount)
    bound = max(objective, _bound(market, price_want))
    used = np.flatnonzero(amount)
    giver = market.giver[used]
    exchanges = pd.DataFrame({
        "offer": offers["offer"].to_numpy()[giver],
        "want": wants["want"].to_numpy()[market.taker[used]],
        "amount": amount[used],
        "price_low": price_low[giver],
        "price_high": price_high[giver],
    })  # fmt: skip
    gap = (bound - objective) / bound if bound else 0.0
    return MatchResult("optimal", ", ".join(sorted(solvers)) or "none", objective, bound, gap, exchanges)


def _market(offers: pd.DataFrame, wants: pd.DataFrame, edges: pd.DataFrame) -> Transport:
    """The instance as arrays, without the links that nobody would use (value ≤ 0). Raises ValueError."""
    supply, demand, value = (
        table[column].to_numpy(dtype=float)
        for table, column in ((offers, "amount"), (wants, "amount"), (edges, "value"))
    )
    if not all(np.isfinite(numbers).all() for numbers in (supply, demand, value)):
        raise ValueError("amounts and values must be finite")
    if (supply < 0).any() or (demand < 0).any():
        raise ValueError("amounts must not be negative")
    giver, taker = _positions(offers["offer"], edges["offer"]), _positions(wants["want"], edges["want"])
    if edges.duplicated(["offer", "want"]).any():
        raise ValueError("a link stands twice")
    useful = value > 0
    return Transport(supply, demand, giver[useful], taker[useful], value[useful])


def _positions(codes: pd.Series, wanted: pd.Series) -> Integers:
    """Where each ``wanted`` code stands in ``codes``. Raises ValueError."""
    positions = pd.Index(codes).get_indexer(wanted) if codes.is_unique else np.array([-1])
    if (positions < 0).any():
        raise ValueError(f"codes repeat or are unknown: {codes.name}")
    return positions.astype(np.int64)


def _components(market: Transport) -> Iterator[_Component]:
    """The connected parts of the market; each can be solved for itself."""
    offers, nodes = len(market.supply), len(market.supply) + len(market.demand)
    links = csr_array((np.ones(len(market.value)), (market.giver, offers + market.taker)), shape=(nodes, nodes))
    count, label = connected_components(links, directed=False)
    for part in zip(
        _by_label(label[:offers], count), _by_label(label[offers:], count), _by_label(label[market.giver], count),
        strict=True,
    ):  # fmt: skip
        if len(part[2]):
            yield _Component(*part)


def _by_label(label: Integers, count: int) -> list[Integers]:
    """Per label 0 … count − 1 the positions that carry it, in order."""
    return np.split(np.argsort(label, kind="stable"), np.cumsum(np.bincount(label, minlength=count))[:-1])


def _in_whole_numbers(market: Transport, part: _Component) -> tuple[Transport, float, float]:
    """A part's problem in whole numbers, with the scales of amounts and values.

    Amounts are rounded down (but for float noise), so that a plan never gives more than there is.
    """
    amounts = np.concatenate([market.supply[part.offers], market.demand[part.wants]])
    value = market.value[part.links]
    amount_scale, value_scale = _scale(amounts.sum(), AMOUNT_BITS), _scale(value.max(), VALUE_BITS)
    supply, demand = np.split(np.floor(amounts * amount_scale * (1 + FLOAT_NOISE)), [len(part.offers)])
    giver = np.searchsorted(part.offers, market.giver[part.links])
    taker = np.searchsorted(part.wants, market.taker[part.links])
    return Transport(supply, demand, giver, taker, np.rint(value * value_scale)), amount_scale, value_scale


def _scale(size: float, bits: int) -> float:
    """The largest power of ten that keeps ``size`` times it below 2^``bits``; decimal data become whole numbers."""
    return float(10.0 ** min(math.floor(bits * math.log10(2) - math.log10(size)), SCALE_POWER_MAX)) if size else 1.0


def _bound(market: Transport, price_want: Floats) -> float:
    """What no network exceeds, for any prices of the wants (weak duality): every offer asks the best it could get."""
    price_offer = np.zeros(len(market.supply))
    np.maximum.at(price_offer, market.giver, market.value - price_want[market.taker])
    return math.fsum(market.supply * price_offer) + math.fsum(market.demand * price_want)
