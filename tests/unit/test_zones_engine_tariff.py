"""Demand charges, both rules of billed demand, and tariff classes."""

from dataclasses import replace

import numpy as np
import pytest

from ayni.zones.case import (
    ELECTRICITY,
    OFF_PEAK,
    PRESENT_IN_PEAK,
    BilledRule,
    DemandCharge,
    Series,
    Store,
    ZoneCase,
    ZoneTariff,
)
from ayni.zones.design import design
from ayni.zones.dispatch.account import billed_demand, classes_by_month, electricity_lines
from zones_engine_samples import bare, mt3, series

MEAN: BilledRule = "mean_of_two_highest_in_six_months"


def year(loads: Series, *, per_month: int = 1) -> ZoneCase:
    """Twelve months of ``per_month`` hours each; the last hour of a month is at peak."""
    hours = 12 * per_month
    return replace(
        bare(hours), month=1 + np.arange(hours) // per_month, demand={ELECTRICITY: loads},
        is_peak=np.arange(hours) % per_month == per_month - 1,
    )  # fmt: skip


def test_month_maximum() -> None:
    charge = DemandCharge("capacity", "all", {"": 1000.0})
    case = replace(year(np.arange(1.0, 13.0)), tariff=ZoneTariff("other", np.zeros(12), (charge,)))
    assert design(case, gap=1e-8).cost == pytest.approx(1000.0 * sum(range(1, 13)), rel=1e-7)


def test_mean_of_the_two_highest_in_six_months_runs_round_the_year() -> None:
    charge = DemandCharge("capacity", "all", {"": 1000.0}, MEAN)
    case = replace(year(np.arange(1.0, 13.0)), tariff=ZoneTariff("other", np.zeros(12), (charge,)))
    # January looks back to August and sees 12 and 11, as does April; May sees December's 12 and its own 5; June 6 and 5
    by_hand = [11.5, 11.5, 11.5, 11.5, (12 + 5) / 2, 5.5, 6.5, 7.5, 8.5, 9.5, 10.5, 11.5]
    assert billed_demand(case, charge, case.demand[ELECTRICITY]) == pytest.approx(by_hand)
    made = design(case, gap=1e-8)
    assert made.cost == pytest.approx(1000.0 * sum(by_hand), rel=1e-7)
    assert made.bound == pytest.approx(made.cost, rel=1e-7)


def test_the_mean_of_the_two_highest_is_what_a_battery_works_against() -> None:
    """One month's spike counts half in six months: the design cuts it as far as the battery goes, and proves it."""
    loads = np.ones(24)
    loads[1::2] = [3.0, *([1.0] * 11)]
    charge = DemandCharge("capacity", "all", {"": 20_000.0}, MEAN)
    case = replace(
        year(loads, per_month=2), tariff=ZoneTariff("other", np.zeros(24), (charge,)),
        stores={"battery": Store(ELECTRICITY, 20_000.0, 1.0, 1.0, 0.0, power_annual_cost=1000.0, energy_max=1.0)},
    )  # fmt: skip
    # without: six months at (3 + 1) / 2, six at 1: 18 · 20,000 = 360,000; the MW shaved off the spike saves
    # 6 · 0.5 · 20,000 at 21,000 and comes from the month's other hour, whose 1 MW may rise to 2 at no charge
    assert design(replace(case, stores={}), gap=1e-8).cost == pytest.approx(360_000, rel=1e-7)
    made = design(case, gap=1e-8)
    assert made.bound == pytest.approx(made.cost, rel=1e-7)
    assert made.cost == pytest.approx((6 * 1.5 + 6) * 20_000 + 21_000, rel=1e-6)


def test_excess_off_peak() -> None:
    demand = (DemandCharge("peak", "peak", {"": 5000.0}), DemandCharge("excess", "excess_off_peak", {"": 1000.0}))
    case = replace(year(np.tile([5.0, 2.0], 12), per_month=2), tariff=ZoneTariff("other", np.zeros(24), demand))
    made = design(case, gap=1e-8)
    assert made.cost == pytest.approx(12 * (2 * 5000 + 3 * 1000), rel=1e-7)
    assert made.bound == pytest.approx(made.cost, rel=1e-7)


def test_an_excess_dearer_than_the_peak_leaves_an_honest_gap() -> None:
    """Then the true charge is not convex: the programme is a relaxation, the plan's cost is the true one."""
    demand = (DemandCharge("peak", "peak", {"": 1000.0}), DemandCharge("excess", "excess_off_peak", {"": 5000.0}))
    case = replace(year(np.tile([5.0, 2.0], 12), per_month=2), tariff=ZoneTariff("other", np.zeros(24), demand))
    made = design(case)
    assert made.status == "feasible"
    assert [finding.code for finding in made.findings] == ["DESIGN-GAP"]
    assert made.cost == pytest.approx(12 * (2 * 1000 + 3 * 5000), rel=1e-6)
    assert made.bound == pytest.approx(12 * 5 * 1000, rel=1e-6)


@pytest.mark.parametrize(
    ("peak", "earned"), [(2.0, PRESENT_IN_PEAK), (1.0, PRESENT_IN_PEAK), (0.999, OFF_PEAK), (0.0, OFF_PEAK)]
)
def test_the_class_that_a_load_earns(peak: float, earned: str) -> None:
    case = replace(year(np.tile([2.0, peak], 12), per_month=2), tariff=mt3(np.zeros(24)))
    assert set(classes_by_month(case, case.demand[ELECTRICITY]).values()) == {earned}
    made = design(case)
    assert made.tariff_class == earned
    lines = electricity_lines(case, case.demand[ELECTRICITY], earned)
    assert made.cost == pytest.approx(sum(lines.values()), rel=1e-6)


def one_day(present: float, off_peak: float, battery: float) -> ZoneCase:
    """1 MW in one off-peak and one peak hour; a lossless battery costs ``battery`` per MW and MWh together."""
    prices = {PRESENT_IN_PEAK: present, OFF_PEAK: off_peak}
    charge = DemandCharge("capacity", "all", prices)
    return replace(
        bare(), is_peak=series(0, 1) > 0, demand={ELECTRICITY: series(1, 1)},
        tariff=ZoneTariff("MT3", np.zeros(2), (charge,), (PRESENT_IN_PEAK, OFF_PEAK)),
        stores={"battery": Store(ELECTRICITY, battery / 2, 1.0, 1.0, 0.0, power_annual_cost=battery / 2)},
    )  # fmt: skip


def test_a_battery_brings_the_zone_into_the_cheaper_class() -> None:
    # off peak: 1 − x ≤ 0.5 · (1 + x) asks x = 1/3; cost 12 · 10 · 4/3 + 100 · 1/3 = 193.3, against 12 · 30 = 360
    made = design(one_day(30.0, 10.0, 100.0))
    assert made.tariff_class == OFF_PEAK
    assert made.cost == pytest.approx(12 * 10 * 4 / 3 + 100 / 3, rel=1e-4)
    assert made.classes[PRESENT_IN_PEAK].bound > made.cost
    assert made.status == "optimal"


def test_a_maximum_that_is_paid_and_never_reached_earns_nothing() -> None:
    # paying for 2 MW (12 · 10 · 2 = 240) would meet the requirement on paper; truly x = 1/3: 160 + 300 / 3 = 260
    made = design(one_day(25.0, 10.0, 300.0))
    assert made.tariff_class == OFF_PEAK
    assert made.cost == pytest.approx(260.0, rel=1e-4)
    assert made.bound == pytest.approx(240.0, rel=1e-3)
    assert made.status == "feasible"


def test_a_class_whose_bound_is_above_the_plan_in_hand_is_not_followed() -> None:
    # present in peak: 12 · 19 = 228, below the 240 that the other class costs at least
    made = design(one_day(19.0, 10.0, 300.0))
    assert made.tariff_class == PRESENT_IN_PEAK
    assert made.cost == pytest.approx(228.0, rel=1e-6)
    assert made.classes[OFF_PEAK].cost is None
    assert made.status == "optimal"


def test_months_that_would_earn_another_class_are_told() -> None:
    loads = np.tile([2.0, 2.0], 12)
    loads[1] = 0.5  # January
    made = design(replace(year(loads, per_month=2), tariff=mt3(np.zeros(24))))
    assert made.tariff_class == PRESENT_IN_PEAK
    (remark,) = made.findings
    assert (remark.code, remark.values["months"]) == ("DESIGN-CLASS-MIXED", "1")
