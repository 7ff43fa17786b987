"""Money and sun of a zone against published or hand-made numbers.

- Payback without and with a grant: Sustainable Industrial Zones (ZIS Perú), investment USD 4.21 M, grant USD 1.37 M,
  yearly saving USD 1.49 M (press, 2025): 2.83 and 1.91 years (derived in the programme's knowledge; to the printed
  two decimals).
- Annuity and present value: capital recovery factor of 10 % over 20 years, 0.11746, and of 8 % over 10 years,
  0.14903 (any table of interest factors; to the printed five decimals).
- Yearly yield of panels and collectors: the rows ``year_pv`` and ``yield_lima`` of the shipped factors (exact).
"""

import numpy as np
import pytest

from ayni.base.factors import technology
from ayni.base.money import annuity, present_value
from ayni.base.periods import hours_of
from ayni.ledger.schema import SolarPlace
from ayni.zones.money import HORIZON, Worth, simple_payback
from ayni.zones.sun import IRRADIATION, YIELD, clear_sky, measured_yield, solar_factor, sun_of

HOURS = hours_of(2025)
MONTH = np.asarray(HOURS.month)
PLACES = {"Lima-Callao": (-12.0, -77.1), "Chilca": (-12.5, -76.7), "Arequipa": (-16.4, -71.5), "Piura": (-5.2, -80.6)}


def test_payback_of_the_zones_with_and_without_grant() -> None:
    assert round(simple_payback(4.21, 1.49), 2) == 2.83
    assert round(simple_payback(4.21, 1.49, grant=1.37), 2) == 1.91


def test_capital_recovery_factors() -> None:
    assert annuity(0.10, 20) == pytest.approx(0.11746, abs=5e-6)
    assert annuity(0.08, 10) == pytest.approx(0.14903, abs=5e-6)
    assert annuity(0.0, 4) == 0.25


def test_net_present_value_by_hand() -> None:
    """1,000 invested for 20 years at 10 %, 200 saved a year: 200 / 0.11746 − 1,000 = 702.71."""
    found = Worth(1000.0, 1000.0 * annuity(0.1, 20), 200.0 - 1000.0 * annuity(0.1, 20), 0.0, 0.1)
    assert found.saving == pytest.approx(200.0)
    assert found.npv == pytest.approx(702.71, abs=0.01)
    assert found.npv == pytest.approx(sum(200.0 / 1.1**year for year in range(1, 21)) - 1000.0)
    assert found.payback == 5.0
    assert HORIZON == 20.0


def test_what_lasts_ten_years_is_bought_twice_in_twenty() -> None:
    """Replacement by annuity: 1,000 now and 1,000 again after ten years."""
    found = Worth(1000.0, 1000.0 * annuity(0.1, 10), 200.0 - 1000.0 * annuity(0.1, 10), 0.0, 0.1)
    twice = present_value(200.0, 0.1, 20) - 1000.0 - 1000.0 / 1.1**10
    assert found.npv == pytest.approx(twice)


@pytest.mark.parametrize("place", [place.value for place in SolarPlace])
def test_the_sun_gives_what_its_factors_say(place: str) -> None:
    sun = sun_of(place, HOURS, *PLACES[place])
    assert sun.pv.sum() == pytest.approx(solar_factor(place, "year_pv", YIELD).value)
    for number in range(1, 13):
        days = np.count_nonzero(number == MONTH) / 24
        daily = solar_factor(place, str(number), IRRADIATION).value
        assert sun.irradiation[number == MONTH].sum() == pytest.approx(daily * days)
    assert sun.irradiation.max() < 1.05  # kW/m2: the clear sky stays above the scaled one
    assert 0 < sun.pv.max() < 1.0
    night = (HOURS.hour < 5) | (HOURS.hour >= 19)
    assert sun.pv[night].max() == sun.collector[night].max() == 0.0


def test_collectors_in_lima_give_the_yield_of_lima() -> None:
    sun = sun_of("Lima-Callao", HOURS, *PLACES["Lima-Callao"])
    assert sun.collector.sum() == pytest.approx(technology("solar_thermal_flat_plate", "yield_lima").value, rel=2e-3)


def test_the_sun_of_a_year_is_in_noon_hours_of_the_southern_summer() -> None:
    sky = clear_sky(HOURS, -12.5, -76.7)
    by_month = [sky[number == MONTH].sum() / np.count_nonzero(number == MONTH) for number in range(1, 13)]
    assert min(by_month) == by_month[5]  # June
    assert HOURS[int(sky.argmax())].hour in (11, 12)


def test_measured_yields_are_known_where_they_are() -> None:
    lima, chilca = measured_yield("Lima-Callao"), measured_yield("Chilca")
    assert lima is not None
    assert lima.value == 785.0
    assert chilca is None
