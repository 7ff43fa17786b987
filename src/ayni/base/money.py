"""Money: one price date and one exchange rate per study, entered by its author."""

from __future__ import annotations

import datetime
from dataclasses import dataclass


class UnknownCurrency(ValueError):
    """A currency that the study gives no rate for."""


@dataclass(frozen=True)
class Money:
    """The study's rates: soles per US dollar, US dollars per euro, both at ``price_date``."""

    price_date: datetime.date
    pen_per_usd: float
    usd_per_eur: float

    def to_pen(self, amount: float, currency: str) -> float:
        """``amount`` of ``currency`` (PEN, USD or EUR) in soles. Raises UnknownCurrency."""
        rates = {"PEN": 1.0, "USD": self.pen_per_usd, "EUR": self.pen_per_usd * self.usd_per_eur}
        if currency not in rates:
            raise UnknownCurrency(currency)
        return amount * rates[currency]


def annuity(rate: float, life: float) -> float:
    """Yearly payment per unit invested [1/a] at real ``rate`` [1/a] over ``life`` [a]; 1/life at rate 0."""
    return 1.0 / life if rate == 0 else rate / (1.0 - (1.0 + rate) ** -life)


def present_value(yearly: float, rate: float, years: float) -> float:
    """Present value of ``yearly`` paid at the end of each of ``years`` years at real ``rate`` [1/a]."""
    return yearly / annuity(rate, years)
