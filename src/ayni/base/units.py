"""Units at the doors: amounts come in as people write them and go on in one canonical unit per dimension."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from functools import cache

import pint

CANONICAL: Mapping[str, str] = {
    "[mass]": "kg",
    "[mass] * [length] ** 2 / [time] ** 2": "MWh",
    "[length] ** 3": "m3",
    "[mass] * [length] ** 2 / [time] ** 3": "MW",
    "[length] ** 2": "m2",
    "[length]": "m",
    "[time]": "h",
    "dimensionless": "",
}
"""Dimension → canonical unit: kg, MWh, m³, MW, m², m, h."""

SPELLINGS: Mapping[str, str] = {
    "gal": "US_liquid_gallon", "galon": "US_liquid_gallon", "galones": "US_liquid_gallon",
    "us gallon": "US_liquid_gallon", "gallon": "US_liquid_gallon",
    "m³": "m3", "m3": "m3", "sm3": "m3", "sm³": "m3", "nm3": "m3", "metro cubico": "m3", "metros cubicos": "m3",
    "m²": "m2", "l": "liter", "litro": "liter", "litros": "liter", "hl": "hectoliter",
    "t": "tonne", "tm": "tonne", "ton": "tonne", "tonelada": "tonne", "toneladas": "tonne",
    "kg": "kg", "kilo": "kg", "kilos": "kg", "g": "gram", "gj": "GJ", "mj": "MJ", "tj": "TJ",
    "kwh": "kWh", "mwh": "MWh", "gwh": "GWh", "kw": "kW", "mw": "MW", "mmbtu": "MMBtu", "kvarh": "kWh",
    "unidad": "", "unidades": "", "unit": "", "%": "percent", "h": "hour",
}  # fmt: skip
"""How Peru's bills and people write units → pint names. Lower case, no accents."""


class UnknownUnit(ValueError):
    """A unit that nothing is known of."""


class WrongUnit(ValueError):
    """A unit of another dimension than the one that is needed."""


@cache
def registry() -> pint.UnitRegistry[float]:
    """The one pint registry."""
    units: pint.UnitRegistry[float] = pint.UnitRegistry()
    units.define("MMBtu = 1e6 * Btu")
    return units


def plain(text: str) -> str:
    """Lower case, single spaces, no accents: how names are compared."""
    decomposed = unicodedata.normalize("NFKD", text)
    return " ".join("".join(mark for mark in decomposed if not unicodedata.combining(mark)).lower().split())


@cache
def _quantity(unit: str) -> tuple[float, str]:
    """Factor to the canonical unit, and that unit. Raises UnknownUnit."""
    name = SPELLINGS.get(unit.strip().lower(), SPELLINGS.get(plain(unit), unit.strip()))
    try:
        quantity = registry().Quantity(1.0, name)
        dimension = quantity.dimensionality
    except (pint.UndefinedUnitError, pint.errors.DefinitionSyntaxError, AttributeError, ValueError) as unknown:
        raise UnknownUnit(unit) from unknown
    for known, canonical in CANONICAL.items():
        if dimension == registry().get_dimensionality(known):
            return float(quantity.to(canonical or "dimensionless").magnitude), canonical
    raise UnknownUnit(unit)


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
