"""The park's best network of exchanges: every month the most valuable one, proven, with prices and reasons.

Value per unit given = avoided purchase × substitution + avoided disposal − treatment − freight − handling. Months stand
for themselves: nothing is stored from one to the next.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from ayni.base.status import Status
from ayni.exchange.freight import ITEMS, Carriage, carriage, great_circle
from ayni.exchange.links import Judgement, Link, Reason, Verdict, candidate_links
from ayni.exchange.listings import Listing, offered, priced_flows, wanted
from ayni.exchange.match import MatchResult, match
from ayni.exchange.rules import RuleSet, rule_set
from ayni.exchange.schema import Offer, Want
from ayni.ledger.ledger import Ledger
from ayni.ledger.schema import DataOrigin

ENDS = ["offer", "want"]
PARTS = ["value", "avoided_purchase", "avoided_disposal", "treatment", "freight", "handling", "unrecorded"]
"""Soles per unit of an edge; soles of an exchange."""

EXCHANGE_COLUMNS = [
    "offer", "want", "giver", "taker", "material", "month", "amount", "unit", *PARTS, "price_low", "price_high",
]  # fmt: skip
LINK_COLUMNS = [
    "offer", "want", "giver", "taker", "material", "verdict", "reason", "detail", "legal", "rule", "source", "status",
    "distance", "amount", "unit", "value", "price_low", "price_high",
]  # fmt: skip


@dataclass(frozen=True, eq=False)
class Market:
    """The listings of offers and wants in the ledger, the judged links, and the edges that may be used.

    ``edges``: offer, want, month, PARTS [PEN per unit].
    """

    given: Mapping[Offer, Listing]
    taken: Mapping[Want, Listing]
    links: Sequence[Link]
    edges: pd.DataFrame


@dataclass(frozen=True, eq=False)
class ExchangeResult:
    """The best network of a park's year.

    ``exchanges`` (EXCHANGE_COLUMNS), one row per link and month: amount in ``unit`` (t or m3), PARTS in PEN, of which
    ``unrecorded`` is the part of the avoided purchase that the ledger has no price for. ``price_low`` and
    ``price_high`` [PEN per unit] are the smallest and largest supporting payment from taker to giver at the giver's
    gate, the taker paying treatment, freight and handling; below zero the giver pays.

    ``links`` (LINK_COLUMNS), one row per candidate: verdict (chosen, possible, refused, needs_permit, not_known),
    reason with its detail, what the rule set says (``legal``), the rule that decided with source and status (blank
    where no rule did), distance [km], yearly amount [unit] and value [PEN], prices weighted by amount.

    ``objective`` [PEN/year], no network being worth more than ``bound``; ``low`` and ``high``: the best network's value
    at the unfavourable and the favourable ends of the price list's bands. ``market`` is what it was solved on.
    """

    exchanges: pd.DataFrame
    links: pd.DataFrame
    objective: float
    low: float
    high: float
    bound: float
    gap: float
    status: str
    solver: str
    rules: RuleSet
    market: Market


def best_network(ledger: Ledger, offers: Sequence[Offer], wants: Sequence[Want]) -> ExchangeResult:
    """The exact best network. Raises MissingPrice where a price that it needs is not in the price list."""
    rules = rule_set()
    market = _market(ledger, offers, wants, rules)
    months = _solve(market)
    objective = math.fsum(result.objective for result in months.values())
    bound = math.fsum(result.bound for result in months.values())
    exchanges = _exchanges(market, months)
    ends = [sum(result.objective for result in _solve(_market(end, offers, wants, rules)).values())
            for end in (_at_ends(ledger, favourable=favourable) for favourable in (False, True))]  # fmt: skip
    return ExchangeResult(
        exchanges=exchanges, links=_links(ledger, market, exchanges), objective=objective,
        low=min(objective, *ends), high=max(objective, *ends),
        bound=bound, gap=(bound - objective) / bound if bound else 0.0, status="optimal",
        solver=_solvers(months), rules=rules, market=market,
    )  # fmt: skip


def _solvers(months: Mapping[int, MatchResult]) -> str:
    names = {name for result in months.values() for name in result.solver.split(", ")}
    return ", ".join(sorted(names)) or "none"


def _at_ends(ledger: Ledger, *, favourable: bool) -> Ledger:
    """The ledger with what an exchange avoids dear and what it costs cheap, or the other way round."""
    prices = {}
    for item, price in ledger.prices.items():
        end = price.low if (item in ITEMS) == favourable else price.high
        prices[item] = price if end is None else price.model_copy(update={"value": end})
    return replace(ledger, prices=prices)


def _market(ledger: Ledger, offers: Sequence[Offer], wants: Sequence[Want], rules: RuleSet) -> Market:
    flows = priced_flows(ledger)
    given = {offer: offered(flows, offer) for offer in offers}
    taken = {want: wanted(flows, want) for want in wants}
    links = tuple(candidate_links(given, taken, rules))
    edges = [
        _edges(link, given[link.offer], taken[link.want], carriage(ledger, link.offer.firm, link.want.firm, unit))
        for link in links
        if link.judgement.verdict is Verdict.OPEN
        for unit in (given[link.offer].unit,)
    ]
    blank = pd.DataFrame(columns=[*ENDS, "month", *PARTS])
    return Market(given, taken, links, pd.concat(edges, ignore_index=True) if edges else blank)


def _edges(link: Link, given: Listing, taken: Listing, way: Carriage) -> pd.DataFrame:
    """What a unit of the link is worth in every month in which both sides have something [PEN per unit]."""
    months = given.monthly.index.intersection(taken.monthly.index)
    bought, fee = taken.monthly.loc[months], given.monthly.loc[months, "price"]
    edges = pd.DataFrame({
        "offer": link.offer.offer, "want": link.want.want, "month": months,
        "avoided_purchase": bought["price"].to_numpy() * link.want.substitution,
        "avoided_disposal": fee.to_numpy(),
        "treatment": link.offer.treatment_cost, "freight": way.freight, "handling": way.handling,
        "unrecorded": bought["unrecorded"].to_numpy() * link.want.substitution,
    })  # fmt: skip
    gain, cost = edges[["avoided_purchase", "avoided_disposal"]], edges[["treatment", "freight", "handling"]]
    return edges.assign(value=gain.sum(axis=1) - cost.sum(axis=1))


def _solve(market: Market) -> dict[int, MatchResult]:
    """The best network of every month that has edges."""
    offers = _amounts("offer", {offer.offer: listing for offer, listing in market.given.items()})
    wants = _amounts("want", {want.want: listing for want, listing in market.taken.items()})
    edges = market.edges
    return {
        int(month): match(*(table[table["month"] == month] for table in (offers, wants, edges)))
        for month in sorted(edges["month"].unique())
    }


def _amounts(name: str, listings: Mapping[str, Listing]) -> pd.DataFrame:
    """Listed amounts by code and month."""
    rows = [
        (code, month, amount)
        for code, listing in listings.items()
        for month, amount in listing.monthly["amount"].items()
    ]
    return pd.DataFrame(rows, columns=[name, "month", "amount"])


def _exchanges(market: Market, months: Mapping[int, MatchResult]) -> pd.DataFrame:
    """The exchanges of the year with their worth in soles, and payments from taker to giver."""
    solved = [result.exchanges.assign(month=month) for month, result in months.items()]
    if not solved:
        return pd.DataFrame(columns=EXCHANGE_COLUMNS)
    exchanges = pd.concat(solved, ignore_index=True).merge(market.edges, on=[*ENDS, "month"], how="left")
    # The giver's gain per unit is what he is paid and the fee that he no longer pays.
    for price in ("price_low", "price_high"):
        exchanges[price] -= exchanges["avoided_disposal"]
    exchanges[PARTS] = exchanges[PARTS].mul(exchanges["amount"], axis=0)
    facts = pd.DataFrame(
        [
            (link.offer.offer, link.want.want, link.offer.firm, link.want.firm, link.offer.material,
             market.given[link.offer].unit)
            for link in market.links
        ],
        columns=[*ENDS, "giver", "taker", "material", "unit"],
    )  # fmt: skip
    return exchanges.merge(facts, on=ENDS, how="left")[EXCHANGE_COLUMNS]


def _links(ledger: Ledger, market: Market, exchanges: pd.DataFrame) -> pd.DataFrame:
    """Every candidate with its verdict, its reason and, where it was chosen, its year."""
    best = market.edges.groupby(ENDS)["value"].max().to_dict()
    years = _years(exchanges)
    unruled = Status.MADE_UP if ledger.park.origin is DataOrigin.MADE_UP else Status.DECLARED
    rows = []
    for link in market.links:
        offer, want, ends = link.offer, link.want, (link.offer.offer, link.want.want)
        judgement = _judgement(link, ends in years.index, best.get(ends, 0.0))
        by_rule = judgement.by_rule or link.judgement.verdict is Verdict.OPEN
        rows.append({
            "offer": offer.offer, "want": want.want, "giver": offer.firm, "taker": want.firm,
            "material": offer.material, "verdict": judgement.verdict.value, "reason": str(judgement.reason),
            "detail": judgement.detail, "legal": link.rule.legal.value, "rule": link.rule.id if by_rule else "",
            "source": link.rule.source if by_rule else "",
            "status": (link.rule.status if by_rule else unruled).value,
            "distance": great_circle(ledger.firms[offer.firm], ledger.firms[want.firm]),
            "unit": market.given[offer].unit,
        })  # fmt: skip
    links = pd.DataFrame(rows, columns=[name for name in LINK_COLUMNS if name not in years])
    links = links.merge(years, how="left", left_on=ENDS, right_index=True)
    return links.fillna({"amount": 0.0, "value": 0.0})[LINK_COLUMNS]


def _judgement(link: Link, is_chosen: bool, best_value: float) -> Judgement:
    """The final judgement on a link, after the network is solved."""
    if link.judgement.verdict is not Verdict.OPEN:
        return link.judgement
    if is_chosen:
        return Judgement(Verdict.CHOSEN, Reason.SAVES)
    return Judgement(Verdict.POSSIBLE, Reason.OTHERS_ARE_WORTH_MORE if best_value > 0 else Reason.COSTS_MORE)


def _years(exchanges: pd.DataFrame) -> pd.DataFrame:
    """Yearly amount and value of each link, and its prices weighted by amount."""
    weighted = {price: exchanges[price] * exchanges["amount"] for price in ("price_low", "price_high")}
    sums = exchanges.assign(**weighted).groupby(ENDS)[["amount", "value", *weighted]].sum()
    return sums.assign(**{price: sums[price] / sums["amount"] for price in weighted})
