"""Units at the doors: amounts come in as people write them and go on in one canonical unit per dimension."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

import pint

CANONICAL: Mapping[str, str] = {
    "kg": "kilogram",
    "MWh": "megawatt_hour",
    "m3": "meter ** 3",
    "MW": "megawatt",
    "m2": "meter ** 2",
    "m": "meter",
    "h": "hour",
    "": "dimensionless",
}
"""Canonical unit of each dimension → its pint expression."""

SPELLINGS: Mapping[str, str] = {
    spelling: name
    for name, spellings in {
        "US_liquid_gallon": "gal|galon|galones|gallon|us gallon|us gal",
        "meter ** 3": "m3|sm3|nm3|metro cubico|metros cubicos",
        "meter ** 2": "m2",
        "liter": "l|litro|litros",
        "hectoliter": "hl",
        "tonne": "t|tm|ton|tonelada|toneladas",
        "kilogram": "kg|kilo|kilos",
        "gram": "g",
        "megajoule": "mj",
        "gigajoule": "gj",
        "terajoule": "tj",
        "kilowatt_hour": "kwh|kvarh",
        "megawatt_hour": "mwh|mvarh",
        "gigawatt_hour": "gwh",
        "kilowatt": "kw",
        "megawatt": "mw",
        "million_Btu": "mmbtu",
        "percent": "%",
        "dimensionless": "|unidad|unidades|unit|units",
        "hour": "h",
        "meter": "m",
    }.items()
    for spelling in spellings.split("|")
}
"""How Peru's bills and people write units (lower case, no accents, ² and ³ as digits) → pint names."""


class UnknownUnit(ValueError):
    """A unit that nothing is known of."""


class WrongUnit(ValueError):
    """A unit of another dimension than the one that is needed."""


@cache
def registry() -> pint.UnitRegistry[float]:
    """The one pint registry."""
    units: pint.UnitRegistry[float] = pint.UnitRegistry()
    units.define("million_Btu = 1e6 * Btu_it")
    return units


def plain(text: str) -> str:
    """Lower case, single spaces, no accents: how names are compared."""
    decomposed = unicodedata.normalize("NFKD", text)
    return " ".join("".join(mark for mark in decomposed if not unicodedata.combining(mark)).lower().split())


@cache
def _quantity(unit: str) -> tuple[float, str]:
    """Factor to the canonical unit, and that unit. Only known spellings pass: pint's grammar is not for users."""
    if plain(unit) not in SPELLINGS:
        raise UnknownUnit(unit)
    quantity = registry().Quantity(1.0, SPELLINGS[plain(unit)])
    canonical = next(name for name, expression in CANONICAL.items() if quantity.is_compatible_with(expression))
    return float(quantity.to(CANONICAL[canonical]).magnitude), canonical


def canonical_unit(unit: str) -> str:
    """The canonical unit of the dimension of ``unit``: ``t`` → ``kg``. Raises UnknownUnit."""
    return _quantity(unit)[1]


def to_canonical(amount: float, unit: str) -> float:
    """``amount`` of ``unit`` in the canonical unit of its dimension. Raises UnknownUnit."""
    return amount * _quantity(unit)[0]


def convert(amount: float, unit: str, target: str) -> float:
    """``amount`` of ``unit`` in ``target``. Raises UnknownUnit, or WrongUnit where the dimensions differ."""
    factor, canonical = _quantity(unit)
    target_factor, target_canonical = _quantity(target)
    if canonical != target_canonical:
        raise WrongUnit(f"{unit} is no {target}")
    return amount * factor / target_factor
