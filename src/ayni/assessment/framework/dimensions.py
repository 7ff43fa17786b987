"""Units of inputs and lines as exact fractions, and the algebra of their dimensions.

Fractions instead of floats: a share of 29 in 100 is 29 %, so that a value on a border stays on it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from typing import Any, NoReturn

import pint

from ayni.base.units import SPELLINGS, UnknownUnit, WrongUnit, plain

FREE_UNIT = "any"
"""Declared for inputs that may come in any unit, as long as all of them in a line come in the same one."""

CURRENCIES = ("PEN", "USD", "EUR", "BRL", "CLP", "CNY", "COP", "EGP", "IDR", "INR", "KRW", "MXN", "TRY", "UAH", "VND")
"""A dimension each: no framework converts money without a rate and a date."""

_MORE_SPELLINGS = {
    spelling: name
    for name, spellings in {
        "dimensionless": "1|-|count|number|numero|conteo|firm|firms|empresa|empresas|person|people|persona|personas"
        "|worker|workers|employee|employees|trabajador|trabajadores|job|jobs|empleo|empleos|plot|plots|lote|lotes"
        "|activity|activities|actividad|actividades|case|cases|caso|casos|point|points|punto|puntos|product|products",
        "hectare": "ha|hectarea|hectareas",
        "kilometer": "km",
        "kilometer ** 2": "km2",
        "milligram": "mg",
        "year": "year|years|yr|a|ano|anos",
        "month": "month|months|mes|meses",
        "day": "day|days|d|dia|dias",
        "kilogram_coal_equivalent": "kgce",
        "tonne_coal_equivalent": "tce",
        "any_unit": FREE_UNIT,
        "currency_PEN": "s/|s/.|sol|soles",
    }.items()
    for spelling in spellings.split("|")
} | {code.lower(): f"currency_{code}" for code in CURRENCIES}

_CO2 = re.compile(r"\s?co2(e|eq)?\b")
_SCALE = re.compile(r"([0-9]{1,9}) (.+)")


@dataclass(frozen=True)
class Dimension:
    """What a quantity is made of: base units with their powers. It adds and compares with its like only."""

    powers: frozenset[tuple[str, Fraction]] = frozenset()

    def __mul__(self, other: Dimension | Fraction) -> Dimension:
        return self._joined(other, 1)

    __rmul__ = __mul__

    def __truediv__(self, other: Dimension | Fraction) -> Dimension:
        return self._joined(other, -1)

    def __rtruediv__(self, other: Fraction) -> Dimension:
        return Dimension()._joined(self, -1)

    def __add__(self, other: Dimension | Fraction) -> Dimension:
        if other != 0 and other != self and not (isinstance(other, Fraction) and not self.powers):
            self._refuse(other)
        return self

    __radd__ = __sub__ = __rsub__ = __add__

    def __neg__(self) -> Dimension:
        return self

    __abs__ = __neg__

    def __lt__(self, other: Dimension | Fraction) -> Truth:
        self.__add__(other)
        return Truth()

    __le__ = __gt__ = __ge__ = __lt__

    def __str__(self) -> str:
        powers = sorted((name.strip("[]"), power) for name, power in self.powers)
        return "·".join(name if power == 1 else f"{name}^{power}" for name, power in powers) or "1"

    def _joined(self, other: Dimension | Fraction, sign: int) -> Dimension:
        powers = dict(self.powers)
        for name, power in other.powers if isinstance(other, Dimension) else ():
            powers[name] = powers.get(name, Fraction(0)) + sign * power
        return Dimension(frozenset((name, power) for name, power in powers.items() if power))

    def _refuse(self, other: object) -> NoReturn:
        raise WrongUnit(f"{self} + {other if isinstance(other, Dimension) else 1}")


@dataclass(frozen=True)
class Truth:
    """The dimension of a comparison: it takes part in no arithmetic."""


@dataclass(frozen=True)
class Scale:
    """A unit: ``factor`` base units (SI, one currency each) of a dimension."""

    factor: Fraction
    dimension: Dimension


@cache
def _registry() -> pint.UnitRegistry[Any]:
    registry: pint.UnitRegistry[Any] = pint.UnitRegistry(non_int_type=Fraction)
    registry.define("million_Btu = 1e6 * Btu_it")
    registry.define("kilogram_coal_equivalent = 29.3076e6 * joule")
    registry.define("tonne_coal_equivalent = 1000 * kilogram_coal_equivalent")
    for name in ("any_unit", *(f"currency_{code}" for code in CURRENCIES)):
        registry.define(f"{name} = [{name}]")
    return registry


@cache
def scale_of(unit: str) -> Scale:
    """The unit written as ``kWh/t``, ``kg CO2e``, ``10000 CNY`` or ``cases/year``; empty counts. Raises UnknownUnit.

    Only known spellings pass, as everywhere: pint's own grammar is not for users.
    """
    if plain(unit) in _MORE_SPELLINGS or plain(unit) in SPELLINGS:
        return _word(unit)
    first, *others = plain(unit).split("/")
    if not others or not all((first, *others)):
        return _word(unit)
    factor, dimension = _word(first).factor, _word(first).dimension
    for part in others:
        factor, dimension = factor / _word(part).factor, dimension / _word(part).dimension
    return Scale(factor, dimension)


def _word(unit: str) -> Scale:
    """A unit without a division sign, with a whole number before it or not."""
    words = _CO2.sub("", plain(unit))
    if scaled := _SCALE.fullmatch(words):
        inner = _word(scaled[2])
        return Scale(int(scaled[1]) * inner.factor, inner.dimension)
    name = _MORE_SPELLINGS.get(words, SPELLINGS.get(words))
    if name is None or (not words and unit.strip()):
        raise UnknownUnit(unit)
    quantity = _registry().Quantity(Fraction(1), name).to_base_units()
    powers = frozenset((str(key), Fraction(str(power))) for key, power in quantity.dimensionality.items())
    return Scale(quantity.magnitude, Dimension(powers))
