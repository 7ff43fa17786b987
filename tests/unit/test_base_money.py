import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ayni.base.money import Money, UnknownCurrency, annuity, present_value

MONEY = Money(datetime.date(2025, 12, 31), 3.364, 1.13)


def test_currencies_become_soles() -> None:
    assert MONEY.to_pen(10, "PEN") == 10
    assert MONEY.to_pen(10, "USD") == pytest.approx(33.64)
    assert MONEY.to_pen(10, "EUR") == pytest.approx(10 * 1.13 * 3.364)
    with pytest.raises(UnknownCurrency):
        MONEY.to_pen(1, "CLP")


def test_annuity_by_hand() -> None:
    """10 % over 2 years: 1 = a/1.1 + a/1.21, so a = 1.21/2.1."""
    assert annuity(0.10, 2) == pytest.approx(1.21 / 2.1)
    assert annuity(0.0, 20) == pytest.approx(0.05)


@given(st.floats(0.001, 0.4), st.integers(1, 50))
def test_present_value_is_the_sum_of_discounted_payments(rate: float, years: int) -> None:
    discounted = sum((1 + rate) ** -year for year in range(1, years + 1))
    assert present_value(1.0, rate, years) == pytest.approx(discounted, rel=1e-9)
