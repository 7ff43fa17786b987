"""Offers and wants in the ledger: the flows that each stands for, what they cost, and how much of them is listed."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ayni.base.units import convert, plain
from ayni.exchange.schema import Offer, Want
from ayni.ledger.charges import MARKET, list_price_items
from ayni.ledger.ledger import Ledger
from ayni.ledger.prices import price_per
from ayni.ledger.schema import OUTSIDE, FlowKind, PriceItem

UNITS = {"kg": "t", "m3": "m3"}
"""Unit of the ledger → unit of the exchange."""

FEE_KINDS = (FlowKind.WASTE.value, FlowKind.WASTEWATER.value)
"""Kinds that the giver pays for; all else is paid by the taker."""

PURCHASE_KINDS = (FlowKind.MATERIAL.value, FlowKind.WATER.value, FlowKind.PRODUCT.value)

MONTHLY_COLUMNS = ("amount", "price", "unrecorded")


@dataclass(frozen=True, eq=False)
class Listing:
    """The flows of an offer or a want, and by month what is listed of them.

    ``rows``: rows of the ledger's flows with giver, taker, ``price`` [PEN per unit of the ledger], price_item and
    is_unrecorded. ``monthly`` by month: amount listed [unit], price [PEN per unit] as the ledger charges it, and the
    part of the price that the ledger does not know (``unrecorded``). ``unit`` is t or m3, '' where the rows have none
    or several. ``is_sold``: all its flows go to the market.
    """

    rows: pd.DataFrame
    monthly: pd.DataFrame
    unit: str
    is_sold: bool = False


def priced_flows(ledger: Ledger) -> pd.DataFrame:
    """The flows over the firms' fences with the price that the ledger charges, its item of the price list and names.

    Columns added: giver, taker, name, price [PEN per unit of the ledger, NaN: not known], price_item ('' where the row
    has a unit cost of its own). Raises MissingPrice.
    """
    flows = ledger.crossing_flows()
    items = list_price_items(ledger).reindex(flows.index, fill_value="")
    listed = {
        (item, unit): price_per(ledger, PriceItem(item), unit)
        for item, unit in set(zip(items, flows["unit"], strict=True))
        if item
    }
    prices = [listed.get(key, float("nan")) for key in zip(items, flows["unit"], strict=True)]
    list_price = pd.Series(prices, index=flows.index, dtype="float64")
    names = flows["resource"].map(plain)
    return flows.assign(name=names, price=flows["unit_cost"].fillna(list_price), price_item=items)


def offered(flows: pd.DataFrame, offer: Offer) -> Listing:
    """What ``offer`` lists of ``priced_flows``: the resource's flows out of the park, at the fee that the giver pays.

    What is sold to the market is not on offer: its revenue is not in the ledger.
    """
    leaving = flows[(flows["giver"] == offer.firm) & (flows["name"] == plain(offer.resource))]
    leaving = leaving[leaving["taker"].isin(OUTSIDE)]
    rows = leaving[leaving["taker"] != MARKET]
    price = rows["price"].where(rows["kind"].isin(FEE_KINDS)).fillna(0.0)
    is_sold = rows.empty and not leaving.empty
    return _listing(rows.assign(price=price, is_unrecorded=False), offer.share / 100, is_sold=is_sold)


def wanted(flows: pd.DataFrame, want: Want) -> Listing:
    """What ``want`` lists: the resource's flows into the firm from outside the park, at the price that is paid.

    Where the ledger knows no price, the want's own purchase price counts as unrecorded. The amount is what can be
    taken: the replaceable part of the purchase over the substitution.
    """
    entering = flows[(flows["taker"] == want.firm) & (flows["name"] == plain(want.resource))]
    rows = entering[entering["giver"].isin(OUTSIDE) & entering["kind"].isin(PURCHASE_KINDS)]
    declared = rows["unit"].map({unit: want.purchase_price / convert(1.0, to, unit) for unit, to in UNITS.items()})
    is_unrecorded = rows["price"].isna()
    rows = rows.assign(price=rows["price"].fillna(declared), is_unrecorded=is_unrecorded)
    return _listing(rows, want.share / 100 / want.substitution)


def _listing(rows: pd.DataFrame, share: float, *, is_sold: bool = False) -> Listing:
    units = rows["unit"].unique()
    unit = UNITS[units[0]] if len(units) == 1 else ""
    per_unit = convert(1.0, unit, units[0]) if unit else 1.0
    paid = rows["amount"] * rows["price"]
    sums = rows.assign(paid=paid, unrecorded=paid.where(rows["is_unrecorded"], 0.0)).groupby("month")
    totals = sums[["amount", "paid", "unrecorded"]].sum()
    totals = totals[totals["amount"] > 0]
    monthly = pd.DataFrame({
        "amount": totals["amount"] * share / per_unit,
        "price": totals["paid"] / totals["amount"] * per_unit,
        "unrecorded": totals["unrecorded"] / totals["amount"] * per_unit,
    })  # fmt: skip
    return Listing(rows, monthly, unit, is_sold)
