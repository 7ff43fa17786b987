"""A made-up park for the exchange's tests: three firms, flows, offers and wants given per test."""

from __future__ import annotations

from collections.abc import Sequence

from ayni.base.findings import Place
from ayni.exchange.network import ExchangeResult, best_network
from ayni.exchange.schema import OFFERS, WANTS, Offer, Want
from ayni.ledger.ledger import Ledger
from ayni.ledger.schema import ruc_check_digit
from ledger_samples import Values, month, sample_ledger, sample_values

LANDFILL, FREIGHT_MINIMUM, HANDLING, WATER, SEWER = 130.0, 25.0, 15.0, 9.46, 4.27
"""Prices of the sample [PEN per t or m3]; all firms stand at one place, so that freight is that of a short haul."""

CARRIAGE = FREIGHT_MINIMUM + HANDLING


def flow(
    number: int, origin: str, destination: str, kind: str, resource: str, amount: float, unit: str = "t", **more: object
) -> Values:
    return {
        "month": month(number), "origin": origin, "destination": destination, "kind": kind, "resource": resource,
        "amount": amount, "unit": unit, "measured": "invoice", **more,
    }  # fmt: skip


def waste(number: int, origin: str, amount: float, resource: str = "sand", **more: object) -> Values:
    facts: Values = {"waste_code": "10 09 08", "management": "landfill", **more}
    return flow(number, origin, "waste_operator", "waste", resource, amount) | facts


def purchase(number: int, destination: str, amount: float, price: float | None, resource: str = "quartz") -> Values:
    return flow(number, "market", destination, "material", resource, amount, unit_cost=price)


def offer(code: str, firm: str, **more: object) -> Offer:
    values = {
        "offer": code, "firm": firm, "resource": "sand", "material": "silica", "output_class": "discarded_material",
        "hazardous": False, "share": 100.0, "quality": "phenol", "quality_value": 0.5, "treatment_cost": 35.0,
        "instrument_covers": True, **more,
    }  # fmt: skip
    row = Offer.model_validate(values)
    row._read_from = Place(sheet=OFFERS.name, row=2)
    return row


def want(code: str, firm: str, **more: object) -> Want:
    values = {
        "want": code, "firm": firm, "resource": "quartz", "material": "silica", "share": 100.0, "substitution": 1.0,
        "quality": "phenol", "quality_max": 1.0, "purchase_price": 95.0, "is_waste_operator": False,
        "instrument_covers": True, **more,
    }  # fmt: skip
    row = Want.model_validate(values)
    row._read_from = Place(sheet=WANTS.name, row=2)
    return row


def park(flows: Sequence[Values], **prices: Values) -> Ledger:
    """A ledger of three firms with ``flows``; ``prices`` change the price list: ``freight={"low": 1}``."""
    values = sample_values()
    third = {**values["firms"][1], "firm": "E03", "ruc": _ruc("2010000003"), "name": "Ladrillera"}
    listed = {str(price["item"]): price for price in values["prices"]}
    for item, price in (("freight_minimum", FREIGHT_MINIMUM), ("handling", HANDLING)):
        listed[item] = {**listed["freight"], "item": item, "value": price, "unit": "t", "low": None, "high": None}
    for item, change in prices.items():
        listed[item] = {**listed[item], **change}
    processes: list[Values] = [
        *values["processes"],
        {"process": "E03-HORNO", "firm": "E03", "name": "Horno", "balance": "mass"},
    ]
    return sample_ledger({
        **values, "firms": [*values["firms"], third], "processes": processes, "flows": list(flows),
        "prices": list(listed.values()),
    })  # fmt: skip


def _ruc(first_ten: str) -> str:
    return f"{first_ten}{ruc_check_digit(first_ten)}"


def solve(ledger: Ledger, *rows: Offer | Want) -> ExchangeResult:
    offers = [row for row in rows if isinstance(row, Offer)]
    return best_network(ledger, offers, [row for row in rows if isinstance(row, Want)])
