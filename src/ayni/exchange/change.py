"""From the best network back to the ledger: less disposal, fewer purchases, flows from firm to firm, new costs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import pandas as pd

from ayni.base.units import canonical_unit, convert
from ayni.exchange.listings import Listing
from ayni.exchange.network import ExchangeResult
from ayni.ledger.ledger import COST_COLUMNS, FLOW_COLUMNS, Ledger, table
from ayni.ledger.schema import FlowKind

UNKNOWN = "unknown"
"""Outside node of what an exchanged material does not replace, such as its moisture."""

TREATMENT, FREIGHT, MATERIALS = "treatment", "freight", "materials"
"""Items of ``other_costs`` at the taker, each ``<item>.<offer>-<want>``; freight holds the handling too."""


class _Move(NamedTuple):
    """A part of an exchange: ``amount`` [unit of the ledger] of one flow of the giver in place of one of the taker."""

    given: int
    taken: int
    amount: float
    replaced: float
    resource: str


def after_exchange(ledger: Ledger, result: ExchangeResult) -> Ledger:
    """The ledger with the exchanges of ``result``, which must have been found on this very ledger.

    The flows behind an offer shrink in proportion and go on to the taker as material (or water), without a price: what
    the firms agree on leaves the park's total unchanged. The purchases behind the want shrink by the amount replaced.
    What is not replaced leaves the taker's process for ``unknown`` (or comes from there): processes stay closed.
    """
    moves = list(_moves(result))
    cut = pd.Series(0.0, index=ledger.flows.index)
    for move in moves:
        cut[move.given] += move.amount
        cut[move.taken] += move.replaced
    left = (1 - (cut / ledger.flows["amount"]).where(cut > 0, 0.0)).clip(lower=0.0)
    kept = ledger.flows.assign(amount=ledger.flows["amount"] * left, sigma=ledger.flows["sigma"] * left)
    added = table(FLOW_COLUMNS, [record for move in moves for record in _records(ledger, move)])
    costs = table(COST_COLUMNS, list(_costs(result)))
    return replace(
        ledger,
        flows=pd.concat([kept, added], ignore_index=True) if moves else kept,
        other_costs=pd.concat([ledger.other_costs, costs], ignore_index=True) if moves else ledger.other_costs,
    )


def _moves(result: ExchangeResult) -> Iterator[_Move]:
    """Every exchange spread over the flows of both sides, in proportion to their amounts."""
    given = {offer.offer: (offer, listing) for offer, listing in result.market.given.items()}
    taken = {want.want: (want, listing) for want, listing in result.market.taken.items()}
    columns = (result.exchanges[name] for name in ("offer", "want", "month", "amount"))
    for offer_code, want_code, month, amount in zip(*columns, strict=True):
        offer, gives = given[offer_code]
        want, takes = taken[want_code]
        for giver_row, giver_share in _shares(gives, month):
            for taker_row, taker_share in _shares(takes, month):
                moved = convert(amount, gives.unit, canonical_unit(gives.unit)) * giver_share * taker_share
                yield _Move(giver_row, taker_row, moved, moved * want.substitution, offer.resource)


def _shares(listing: Listing, month: int) -> Iterator[tuple[int, float]]:
    """The flows of a listing in a month, each with its part of their sum."""
    amounts = listing.rows.loc[listing.rows["month"] == month, "amount"]
    for row, share in (amounts / amounts.sum()).items():
        if share > 0:
            yield int(str(row)), float(share)


def _records(ledger: Ledger, move: _Move) -> Iterator[dict[str, object]]:
    """The flow from giver to taker, and what of it replaces nothing where the taker is a process."""
    given, taken = ledger.flows.loc[move.given], ledger.flows.loc[move.taken]
    kind = FlowKind.WATER if taken["kind"] == FlowKind.WATER else FlowKind.MATERIAL
    flow = {str(name): value for name, value in given.items()}
    flow |= {"destination": taken["destination"], "kind": kind.value, "resource": move.resource}
    flow |= {"amount": move.amount, "sigma": given["sigma"] / given["amount"] * move.amount}
    flow |= {"waste_code": np.nan, "hazardous": False, "management": np.nan, "unit_cost": np.nan}
    yield flow
    surplus = move.amount - move.replaced
    if surplus and taken["destination"] in ledger.processes:
        ends = (taken["destination"], UNKNOWN) if surplus > 0 else (UNKNOWN, taken["destination"])
        yield {**flow, "origin": ends[0], "destination": ends[1], "amount": abs(surplus), "sigma": 0.0}


def _costs(result: ExchangeResult) -> Iterator[dict[str, object]]:
    """Yearly costs of the links in use, and what they avoid that the ledger has no price for, as a negative cost."""
    parts = ["treatment", "freight", "handling", "unrecorded"]
    years = result.exchanges.groupby(["offer", "want", "taker"], as_index=False)[parts].sum()
    for year in years.to_dict("records"):
        carried = year["freight"] + year["handling"]
        for item, amount in ((TREATMENT, year["treatment"]), (FREIGHT, carried), (MATERIALS, -year["unrecorded"])):
            if amount:
                yield {"site": year["taker"], "item": f"{item}.{year['offer']}-{year['want']}", "amount": amount}
