"""What flows and fuels cost: one line per row and payer, with the price that was applied and where it comes from."""

from __future__ import annotations

import numpy as np
import pandas as pd

from ayni.ledger.ledger import Ledger
from ayni.ledger.prices import FEE_ITEMS, FUEL_ITEMS, fuel_price_per, price_per
from ayni.ledger.schema import Carrier, FlowKind, Management, PriceItem

MARKET = "market"
ITEMS = {
    FlowKind.WATER.value: "water", FlowKind.WASTEWATER.value: "sewer", FlowKind.WASTE.value: "waste",
    FlowKind.MATERIAL.value: "materials", FlowKind.PRODUCT.value: "materials",
}  # fmt: skip
"""Kind of flow → item of the cost account."""

BETWEEN_FIRMS = "between_firms"
"""Component of what a firm of the park receives for what another pays: it leaves the park's total unchanged."""

CHARGE_COLUMNS = ("site", "item", "component", "quantity", "unit", "price", "price_item", "amount", "sheet", "row")
"""quantity in ``unit`` (kg, m3 or MWh), price [PEN per unit], price_item '' where the row's own unit cost holds."""


def price_item_of(kind: str, management: object, giver: str, taker: str, firms: frozenset[str]) -> str:
    """The price-list item that a flow without a unit cost of its own is charged by; '' where there is none.

    Water from the market and what goes to an operator or the sewer have list prices; a firm's own well has none, and
    what two firms of the park agree on stands in the row.
    """
    if kind == FlowKind.WATER and giver == MARKET:
        return PriceItem.WATER.value
    is_fee = kind in (FlowKind.WASTE, FlowKind.WASTEWATER) and taker not in firms and isinstance(management, str)
    item = FEE_ITEMS.get(Management(str(management))) if is_fee else None
    if item is PriceItem.SEWER and kind != FlowKind.WASTEWATER:
        return ""
    return item.value if item else ""


def list_price_items(ledger: Ledger) -> pd.Series[str]:
    """Per flow that passes a fence and has no unit cost: the item of the price list that it needs, or ''."""
    flows = ledger.crossing_flows()
    flows = flows[flows["unit_cost"].isna()]
    firms = frozenset(ledger.firms)
    cells = zip(flows["kind"], flows["management"], flows["giver"], flows["taker"], strict=True)
    items = [price_item_of(kind, management, giver, taker, firms) for kind, management, giver, taker in cells]
    return pd.Series(items, index=flows.index, dtype="str")


def flow_charges(ledger: Ledger) -> pd.DataFrame:
    """CHARGE_COLUMNS of what firms pay for flows. Raises MissingPrice.

    Wastes and wastewater are paid by the giver, all else by the taker. Between two firms of the park the other side
    receives it, as a negative line.
    """
    flows = ledger.crossing_flows()
    items = list_price_items(ledger).reindex(flows.index, fill_value="")
    listed = {
        (item, unit): price_per(ledger, PriceItem(item), unit)
        for item, unit in set(zip(items, flows["unit"], strict=True))
        if item
    }
    list_price = pd.Series(
        [listed.get(key, np.nan) for key in zip(items, flows["unit"], strict=True)], index=flows.index, dtype="float64"
    )
    is_paid_by_giver = flows["kind"].isin([FlowKind.WASTE.value, FlowKind.WASTEWATER.value])
    lines = pd.DataFrame({
        "site": flows["giver"].where(is_paid_by_giver, flows["taker"]),
        "other": flows["taker"].where(is_paid_by_giver, flows["giver"]),
        "item": flows["kind"].map(ITEMS),
        "component": _components(flows),
        "quantity": flows["amount"], "unit": flows["unit"],
        "price": flows["unit_cost"].fillna(list_price), "price_item": items,
        "sheet": flows["sheet"], "row": flows["row"],
    })  # fmt: skip
    lines = lines[lines["price"].notna() & lines["site"].isin(list(ledger.firms))]
    received = lines[lines["other"].isin(list(ledger.firms))]
    received = received.assign(site=received["other"], component=BETWEEN_FIRMS, price=-received["price"])
    charges = pd.concat([lines, received], ignore_index=True)
    return charges.assign(amount=charges["quantity"] * charges["price"])[list(CHARGE_COLUMNS)]


def _components(flows: pd.DataFrame) -> pd.Series[str]:
    """Water by its source, wastes by their management, materials by name."""
    by_kind = {
        FlowKind.WATER.value: flows["giver"],
        FlowKind.WASTEWATER.value: flows["management"].fillna(flows["taker"]),
        FlowKind.WASTE.value: flows["management"].fillna(flows["taker"]),
    }
    component = flows["resource"]
    for kind, words in by_kind.items():
        component = component.where(flows["kind"] != kind, words)
    return component


def fuel_charges(ledger: Ledger) -> pd.DataFrame:
    """CHARGE_COLUMNS of the fuel bills at the study's prices. Raises MissingPrice."""
    fuels = ledger.fuels
    keys = list(zip(fuels["carrier"], fuels["unit"], strict=True))
    prices = {(carrier, unit): fuel_price_per(ledger, Carrier(carrier), unit) for carrier, unit in set(keys)}
    charges = pd.DataFrame({
        "site": fuels["site"], "item": fuels["carrier"], "component": "fuel",
        "quantity": fuels["amount"], "unit": fuels["unit"],
        "price": pd.Series([prices[key] for key in keys], index=fuels.index, dtype="float64"),
        "price_item": fuels["carrier"].map({carrier.value: item.value for carrier, item in FUEL_ITEMS.items()}),
        "sheet": fuels["sheet"], "row": fuels["row"],
    })  # fmt: skip
    return charges.assign(amount=charges["quantity"] * charges["price"])[list(CHARGE_COLUMNS)]
