"""Any bill that a load can have is reproduced, whatever the shape."""

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ayni.base.findings import Severity
from ayni.base.periods import hours_of, is_peak
from ayni.zones.loads import fit, load_of

HOURS = hours_of(2025)
MONTH = np.asarray(HOURS.month)
PEAK = is_peak(HOURS, 18, 23, rest_days_exempt=True)
CLASSES = [(number, peak) for number in range(1, 13) for peak in (True, False)]


@given(
    seed=st.integers(0, 2**32 - 1),
    count=st.integers(2, 744),
    demand=st.floats(1e-3, 100),
    part=st.floats(0, 1),
    spread=st.floats(0, 6),
)
def test_a_class_has_its_energy_and_its_demand(
    seed: int, count: int, demand: float, part: float, spread: float
) -> None:
    shape = np.exp(-spread * np.random.default_rng(seed).random(count))
    shape[seed % count] = 1.5
    energy = demand * (1 + part * (count - 1))
    load = fit(shape, energy, demand)
    assert load.sum() == pytest.approx(energy, rel=1e-9)
    assert load.max() == pytest.approx(demand, rel=1e-9)
    assert load.min() >= 0


@given(seed=st.integers(0, 2**32 - 1), exponent=st.floats(0.1, 8))
def test_the_order_of_the_hours_is_kept(seed: int, exponent: float) -> None:
    shape = 0.05 + np.random.default_rng(seed).random(300)
    energy = float(((shape / shape.max()) ** exponent).sum())
    load = fit(shape, energy, 1.0)
    assert (np.diff(load[np.argsort(shape)]) >= 0).all()
    assert load == pytest.approx((shape / shape.max()) ** exponent, rel=1e-6, abs=1e-9)


def bills(draw_part: Callable[[], float], draw_demand: Callable[[], float]) -> pd.DataFrame:
    rows = []
    for number in range(1, 13):
        row: dict[str, object] = {
            "site": "E01",
            "month": number,
            "reactive": 0.0,
            "sheet": "electricity_bills",
            "row": number + 1,
        }
        for name, hours in (("peak", PEAK), ("off_peak", ~PEAK)):
            demand, part = draw_demand(), draw_part()
            row[f"demand_{name}"] = demand
            row[f"energy_{name}"] = demand * (1 + part * (int((hours & (number == MONTH)).sum()) - 1))
        rows.append(row)
    return pd.DataFrame(rows)


@given(data=st.data())
def test_a_year_of_bills_comes_back_from_the_hours(data: st.DataObject) -> None:
    given_bills = bills(lambda: data.draw(st.floats(0, 1)), lambda: data.draw(st.floats(0.01, 20)))
    shape = np.maximum(np.sin(np.arange(8760)), 0)  # half of the hours at zero, as in some measured profiles
    load, findings = load_of(given_bills, shape, MONTH, PEAK)
    assert not findings
    for bill in given_bills.itertuples():
        for energy, demand, hours in (
            (bill.energy_peak, bill.demand_peak, PEAK),
            (bill.energy_off_peak, bill.demand_off_peak, ~PEAK),
        ):
            chosen = load[hours & (bill.month == MONTH)]
            assert chosen.sum() == pytest.approx(energy, rel=1e-6)
            assert chosen.max() == pytest.approx(demand, rel=1e-6)


@given(number=st.integers(1, 12), name=st.sampled_from(["peak", "off_peak"]), factor=st.floats(0.06, 3))
def test_an_impossible_bill_is_named(number: int, name: str, factor: float) -> None:
    given_bills = bills(lambda: 0.5, lambda: 2.0)
    hours = int(((PEAK if name == "peak" else ~PEAK) & (number == MONTH)).sum())
    too_much = given_bills.copy()
    too_much.loc[too_much["month"] == number, f"energy_{name}"] = 2.0 * hours * (1 + factor)
    too_little = given_bills.copy()
    too_little.loc[too_little["month"] == number, f"energy_{name}"] = 0.5 / (1 + factor)
    for changed, code in ((too_much, "LOAD-ENERGY-HIGH"), (too_little, "LOAD-ENERGY-LOW")):
        _, findings = load_of(changed, np.ones(8760), MONTH, PEAK)
        (found,) = findings
        assert found.code == code
        assert found.severity is Severity.ERROR
        assert found.place.row == number + 1


@given(number=st.integers(1, 12), more=st.floats(1e-6, 0.049))
def test_reading_dates_off_the_month_end_are_a_warning_and_the_energy_stays(number: int, more: float) -> None:
    given_bills = bills(lambda: 0.5, lambda: 2.0)
    hours = ~PEAK & (number == MONTH)
    energy = 2.0 * int(hours.sum()) * (1 + more)
    given_bills.loc[given_bills["month"] == number, "energy_off_peak"] = energy
    load, findings = load_of(given_bills, np.ones(8760), MONTH, PEAK)
    assert [(found.code, found.severity) for found in findings] == [("LOAD-ENERGY-HIGH", Severity.WARNING)]
    assert load[hours].sum() == pytest.approx(energy)
