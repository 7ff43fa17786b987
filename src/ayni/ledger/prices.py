"""The study's prices: one row per item, turned into soles per unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import Literal

from ayni.base.units import canonical_unit, convert, plain, to_canonical
from ayni.ledger.fuels import energy_per
from ayni.ledger.ledger import Ledger
from ayni.ledger.schema import Carrier, Management, Price, PriceItem

FUEL_ITEMS: Mapping[Carrier, PriceItem] = {
    carrier: PriceItem(carrier.value) for carrier in Carrier if carrier is not Carrier.ELECTRICITY
}
FEE_ITEMS: Mapping[Management, PriceItem] = {
    Management.LANDFILL: PriceItem.LANDFILL,
    Management.SECURE_LANDFILL: PriceItem.SECURE_LANDFILL,
    Management.COPROCESSING: PriceItem.COPROCESSING,
    Management.INCINERATION: PriceItem.INCINERATION,
    Management.SEWER: PriceItem.SEWER,
}
"""Managements with a price of their own; the others cost what a row's unit cost says."""

FREIGHT_SPELLINGS = {"t km", "t·km", "t*km", "t-km", "tkm"}
FREIGHT_UNIT = "t km"


class MissingPrice(KeyError):
    """The study gives no price for an item."""


@cache
def price_units(item: PriceItem) -> tuple[str, ...]:
    """Canonical units that a price of ``item`` may be for."""
    if item is PriceItem.FREIGHT:
        return (FREIGHT_UNIT,)
    if item in (PriceItem.WATER, PriceItem.SEWER):
        return ("m3",)
    if item in (PriceItem.COAL, PriceItem.BIOMASS):
        return ("kg", "MWh")
    return ("m3", "kg", "MWh") if item in FUEL_ITEMS.values() else ("kg",)


def price_unit(price: Price) -> str:
    """Canonical unit that ``price`` is for. Raises UnknownUnit."""
    if price.item is PriceItem.FREIGHT and plain(price.unit) in FREIGHT_SPELLINGS:
        return FREIGHT_UNIT
    return canonical_unit(price.unit)


def price_row(ledger: Ledger, item: PriceItem) -> Price:
    """The study's row for ``item``. Raises MissingPrice."""
    if item not in ledger.prices:
        raise MissingPrice(item.value)
    return ledger.prices[item]


def price_per(ledger: Ledger, item: PriceItem, unit: str) -> float:
    """Price of ``item`` [PEN per ``unit``], such as PEN per t of landfilled waste. Raises MissingPrice, WrongUnit."""
    price = price_row(ledger, item)
    value = ledger.money.to_pen(price.value, price.currency)
    if price_unit(price) == FREIGHT_UNIT == unit:
        return value
    return value / convert(1.0, price.unit, unit)


def fuel_price_per(ledger: Ledger, carrier: Carrier, unit: str) -> float:
    """Price of a fuel [PEN per ``unit``], unit canonical: m3, kg or MWh (lower heating value). Raises MissingPrice.

    A price for another dimension is taken per energy, each side with its own heating value.
    """
    price = price_row(ledger, FUEL_ITEMS[carrier])
    dimension = canonical_unit(price.unit)
    value = ledger.money.to_pen(price.value, price.currency) / to_canonical(1.0, price.unit)
    if dimension == unit:
        return value
    return value / energy_per(carrier, dimension) * energy_per(carrier, unit)


def at_price_end(ledger: Ledger, end: Literal["low", "high"]) -> Ledger:
    """The same ledger with every price at one end of its band, where it has one."""
    prices = {
        item: price if getattr(price, end) is None else price.model_copy(update={"value": getattr(price, end)})
        for item, price in ledger.prices.items()
    }
    return replace(ledger, prices=prices)
