"""The independent check: a sound plan passes, and every kind of error that is planted in it is found."""

from collections.abc import Callable
from dataclasses import replace
from functools import cache

import numpy as np
import pytest

from ayni.zones.case import BilledRule, FuelPrice, Limits, Series, ZoneCase
from ayni.zones.design import Design, design
from ayni.zones.dispatch import Plan
from ayni.zones.verify import verify
from zones_engine_samples import whole

CASE = replace(
    whole(48, 5, tariff="MT3"), fuels={"natural_gas": FuelPrice(280.0, 0.202), "diesel": FuelPrice(310.0, 0.267)}
)


@cache
def sound() -> Design:
    return design(CASE, gap=1e-4)


def changed(plan: Plan, name: str, change: Callable[[Series], Series]) -> Plan:
    return replace(plan, flows={**plan.flows, name: change(plan.flows[name].copy())})


def in_one_hour(amount: float, hour: int = 20) -> Callable[[Series], Series]:
    def change(values: Series) -> Series:
        values[hour] += amount
        return values

    return change


def codes(case: ZoneCase, plan: Plan, **claims: float | str) -> set[str]:
    made = sound()
    said = {"cost": made.cost, "bound": made.bound, "tariff_class": made.tariff_class} | claims
    found = verify(case, plan, **said)  # type: ignore[arg-type]
    for finding in found:
        assert finding.message("es") != finding.message("en")
    return {finding.code for finding in found}


def test_a_sound_plan_passes() -> None:
    assert sound().status == "optimal"
    assert sound().plan is not None
    assert codes(CASE, sound().plan) == set()  # type: ignore[arg-type]


FLOWS = {
    "electricity short": ("grid", in_one_hour(-1e-3), "PLAN-BALANCE"),
    "electricity over": ("grid", in_one_hour(1e-3), "PLAN-SURPLUS"),
    "cold short": ("existing.chillers.cold", in_one_hour(-1e-3), "PLAN-BALANCE"),
    "negative": ("gas_boiler_steam", lambda values: values - 9.0, "PLAN-NEGATIVE"),
    "existing unit": ("existing.boilers_diesel.steam", in_one_hour(50.0), "PLAN-EXISTING"),
    "technology": ("gas_engine_chp", in_one_hour(50.0), "PLAN-CAPACITY"),
    "sun at night": ("pv_roof", in_one_hour(0.5, hour=0), "PLAN-CAPACITY"),
    "power of a store": ("battery.charge", in_one_hour(99.0), "PLAN-CAPACITY"),
    "content of a store": ("heat_store_hot_water.level", in_one_hour(-1e-3), "PLAN-CONTENT"),
    "energy of a store": ("battery.level", lambda values: values + 99.0, "PLAN-CAPACITY"),
    "waste heat": ("waste_heat.furnace", in_one_hour(2.0), "PLAN-WASTE-HEAT"),
    "not a number": ("grid", in_one_hour(np.nan), "PLAN-FLOW"),
    "an hour too few": ("grid", lambda values: values[:-1], "PLAN-FLOW"),
}


@pytest.mark.parametrize("name", FLOWS)
def test_a_planted_error_in_a_flow_is_found(name: str) -> None:
    flow, change, code = FLOWS[name]
    plan = sound().plan
    assert plan is not None
    assert code in codes(CASE, changed(plan, flow, change))


def test_a_planted_error_in_a_size_is_found() -> None:
    plan = sound().plan
    assert plan is not None
    smaller = replace(plan, capacities={**plan.capacities, "pv_roof": 0.9 * plan.capacities["pv_roof"]})
    assert codes(CASE, smaller) == {"PLAN-CAPACITY", "PLAN-COST"}
    larger = replace(plan, capacities={**plan.capacities, "battery.energy": plan.capacities["battery.energy"] + 1.0})
    assert codes(CASE, larger) == {"PLAN-COST"}
    missing = replace(plan, capacities={name: size for name, size in plan.capacities.items() if name != "pv_roof"})
    assert codes(CASE, missing) == {"PLAN-SIZE"}
    field = replace(plan, capacities={**plan.capacities, "solar_thermal_flat_plate": 20_400.0 / 1430.0})
    assert codes(CASE, field) == {"PLAN-LIMIT", "PLAN-COST"}  # all the roof again, beside the panels


def test_a_planted_error_in_the_measures_is_found() -> None:
    plan = sound().plan
    assert plan is not None
    none = replace(plan, packages=dict.fromkeys(plan.packages, 0))
    assert {"PLAN-BALANCE", "PLAN-COST"} <= codes(CASE, none)
    assert codes(CASE, replace(plan, packages={**plan.packages, "motors": 9})) == {"PLAN-PACKAGE"}


def limited(**limits: float) -> ZoneCase:
    return replace(CASE, limits=replace(CASE.limits, **limits))


def test_limits_that_a_plan_breaks_are_found() -> None:
    made = sound()
    assert made.plan is not None
    highest = float(made.plan.flows["grid"].max())
    covered = sum(technology.roof * made.capacities[name] for name, technology in CASE.technologies.items())
    broken = {
        "grid": 0.999 * highest, "co2": 0.999 * made.co2, "budget": 0.999 * made.investment,
        "roof": 0.999 * covered,
    }  # fmt: skip
    for name, limit in broken.items():
        (found,) = verify(
            limited(**{name: limit}), made.plan, cost=made.cost, bound=made.bound, tariff_class=made.tariff_class
        )
        assert (found.code, found.values["name"]) == ("PLAN-LIMIT", name)
    assert codes(replace(CASE, limits=Limits()), made.plan) == set()
    convertible = [name for name, technology in CASE.technologies.items() if technology.profile is None]
    largest = max(convertible, key=lambda name: made.capacities[name])
    small = replace(CASE.technologies[largest], capacity_max=0.5 * made.capacities[largest])
    assert codes(replace(CASE, technologies={**CASE.technologies, largest: small}), made.plan) == {"PLAN-LIMIT"}
    tank = replace(CASE.stores["battery"], energy_max=0.5 * made.capacities["battery.energy"])
    assert codes(replace(CASE, stores={**CASE.stores, "battery": tank}), made.plan) == {"PLAN-LIMIT"}


def test_false_claims_are_found() -> None:
    made = sound()
    assert made.plan is not None
    other = "present_in_peak" if made.tariff_class == "off_peak" else "off_peak"
    assert codes(CASE, made.plan, cost=made.cost * (1 + 1e-6)) == {"PLAN-COST"}
    assert codes(CASE, made.plan, bound=made.cost * (1 + 1e-6)) == {"PLAN-BOUND"}
    assert "PLAN-CLASS" in codes(CASE, made.plan, tariff_class=other)


@pytest.mark.parametrize("rule", ["month_maximum", "mean_of_two_highest_in_six_months"])
def test_the_check_bills_demand_as_the_account_does(rule: BilledRule) -> None:
    case = whole(96, 2, months=8)
    tariff = replace(case.tariff, demand=tuple(replace(part, rule=rule) for part in case.tariff.demand))
    made = design(replace(case, tariff=tariff))
    assert "failed" not in made.status
