"""Exact numbers: how they are read, rounded and printed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

from babel.numbers import format_decimal

from ayni.base.texts import LARGEST_WRITTEN_OUT, LOCALES, Language, number, unit_words


def exact(number: float) -> Fraction:
    """A number as people write it, to twelve significant digits: 0.29 is 29/100, and 0.1 + 0.2 is 3/10."""
    return Fraction(f"{number:.12g}")


def rounded(number: Fraction, decimals: int) -> Decimal:
    """``number`` rounded half away from zero."""
    quotient = Decimal(number.numerator) / Decimal(number.denominator)
    return quotient.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@dataclass(frozen=True)
class Amount:
    """An exact number with its unit as a value inside a text, to four decimals."""

    number: Fraction
    unit: str = ""

    def label(self, language: Language) -> str:
        """The number in the reader's form, with its unit."""
        if abs(self.number) >= LARGEST_WRITTEN_OUT:
            words = number(float(self.number), language)
        else:
            words = format_decimal(rounded(self.number, 4), format="#,##0.####", locale=LOCALES[language])
        return f"{words} {unit_words(self.unit, language)}".strip()
