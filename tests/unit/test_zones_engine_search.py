"""What cannot be met is named; measures are whole; other solvers step in; wrong cases are refused."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import highspy
import numpy as np
import pytest

from ayni.base.findings import Refused
from ayni.zones import search
from ayni.zones.case import (
    COLD,
    ELECTRICITY,
    HOT_WATER,
    STEAM,
    DemandCharge,
    ExistingUnit,
    FuelPrice,
    Limits,
    MeasureEffect,
    MeasureGroup,
    Package,
    Store,
    Technology,
    ZoneCase,
    measure_group,
)
from ayni.zones.case_checks import check_case
from ayni.zones.design import baseline, design
from ayni.zones.model import zone_program
from ayni.zones.solve import Engine, Outcome, solve
from zones_engine_samples import bare, series, whole


def unmet(case: ZoneCase) -> dict[str, dict[str, Any]]:
    made = design(case)
    assert made.status == "infeasible"
    assert made.plan is None
    assert np.isnan(made.cost)
    for finding in made.findings:
        assert finding.message("es") != finding.message("en")
    return {finding.code: dict(finding.values) for finding in made.findings}


def test_demand_that_nothing_can_serve_is_named() -> None:
    boiler = ExistingUnit("boiler", "diesel", (STEAM,), series(3, 3), 0.8)
    reasons = unmet(replace(bare(), demand={STEAM: series(2, 5), COLD: series(0, 1)}, existing=(boiler,)))
    assert reasons.keys() == {"ZONE-UNMET-DEMAND"}
    made = design(replace(bare(), demand={STEAM: series(2, 5)}, existing=(boiler,)))
    (finding,) = made.findings
    assert (finding.values["carrier"], finding.values["hours"]) == ("steam", "1")
    assert finding.values["power"] == pytest.approx(2.0, rel=1e-5)
    assert finding.place.row == 3


def test_a_grid_too_small_is_named() -> None:
    case = replace(bare(), demand={ELECTRICITY: series(2, 5)}, limits=Limits(grid=4.0))
    reason = unmet(case)["ZONE-UNMET-GRID"]
    assert reason["power"] == pytest.approx(1.0, rel=1e-5)
    assert design(replace(case, limits=Limits(grid=5.0))).status == "optimal"


def test_an_emission_limit_out_of_reach_is_named_with_what_can_be_reached() -> None:
    # electricity at 0.2 t/MWh, nothing else: 4380 · 5 · 0.2 = 4380 t
    reason = unmet(replace(bare(), demand={ELECTRICITY: series(2, 3)}, limits=Limits(co2=1000.0)))["ZONE-UNMET-CO2"]
    assert reason["needed"] == pytest.approx(4380.0, rel=1e-5)


def test_a_budget_too_small_is_named_with_what_it_takes() -> None:
    pump = Technology(HOT_WATER, {ELECTRICITY: 1 / 3}, 1000.0, investment=500.0)
    case = replace(
        bare(), demand={HOT_WATER: series(2, 4)}, technologies={"heat_pump": pump}, limits=Limits(budget=1000.0)
    )
    assert unmet(case)["ZONE-UNMET-BUDGET"]["needed"] == pytest.approx(2000.0, rel=1e-5)
    assert design(replace(case, limits=Limits(budget=2000.1))).status == "optimal"


def test_limits_that_bind_are_kept() -> None:
    case = replace(whole(48, 4), limits=Limits())
    free = design(case)
    area = {name: technology.roof for name, technology in case.technologies.items() if technology.roof}
    for limits in (
        Limits(co2=0.9 * free.co2), Limits(budget=0.5 * free.investment), Limits(grid=2.0), Limits(roof=5000.0)
    ):  # fmt: skip
        made = design(replace(case, limits=limits))
        assert made.status == "optimal"
        assert made.cost >= free.bound
        assert limits.co2 is None or made.co2 <= limits.co2 * (1 + 1e-6)
        assert limits.budget is None or made.investment <= limits.budget * (1 + 1e-6)
        covered = sum(made.capacities[name] * per_size for name, per_size in area.items())
        assert limits.roof is None or covered == pytest.approx(limits.roof, rel=1e-4)


def test_parts_of_packages_become_whole() -> None:
    """A budget for half of a measure: the relaxed programme takes half of it, the plan none, and the gap says so."""
    load = series(10, 10)
    group = measure_group("motors", {ELECTRICITY: load}, [MeasureEffect("A", 0.2, 0.0, 1000.0)])
    case = replace(bare(), demand={ELECTRICITY: load}, measure_groups=(group,), limits=Limits(budget=500.0))
    made = design(case)
    assert made.packages == {"motors": ()}
    assert made.cost == pytest.approx(8760 * 10 * 100, rel=1e-6)
    assert made.bound == pytest.approx(8760 * 9 * 100, rel=1e-6)
    assert (made.status, [finding.code for finding in made.findings]) == ("feasible", ["DESIGN-GAP"])


def test_whole_measures_that_limits_forbid_give_way_to_others() -> None:
    """Parts take 0.7 of B, which breaks the budget when whole; none at all breaks the emissions: A keeps both."""
    load = series(10, 10)
    small, large = Package(("A",), 0.1, 100.0, 400.0), Package(("B",), 0.4, 100.0, 1000.0)
    group = MeasureGroup("motors", (Package(), small, large), {ELECTRICITY: load})
    limits = Limits(budget=700.0, co2=0.92 * 8760 * 10 * 0.2)
    made = design(replace(bare(), demand={ELECTRICITY: load}, measure_groups=(group,), limits=limits))
    assert made.packages == {"motors": ("A",)}
    assert made.investment == 400.0


def test_a_measure_that_avoids_other_costs_is_worth_taking() -> None:
    group = MeasureGroup("rinsing", (Package(), Package(("C1",), 0.0, -5000.0, 100.0)))
    made = design(replace(bare(), demand={ELECTRICITY: series(1, 1)}, measure_groups=(group,)), gap=1e-8)
    assert made.packages == {"rinsing": ("C1",)}
    assert made.cost == pytest.approx(8760 * 100 - 5000, rel=1e-7)
    assert made.bound == pytest.approx(made.cost, rel=1e-7)


def test_all_engines_agree() -> None:
    program = zone_program(whole(48, 6), "")
    costs = []
    for engine, name in zip(Engine, ("Ayni", "HiPO", "IPX", "simplex"), strict=True):
        solution = solve(program, engines=(engine,))
        assert solution.outcome is Outcome.OPTIMAL
        assert name in solution.solver
        costs.append(program.offset + float(program.cost @ solution.values))
    assert costs == pytest.approx([costs[0]] * 4, rel=1e-6)


def test_where_own_method_and_hipo_fail_the_next_solver_steps_in_and_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    original: Callable[..., highspy.HighsStatus] = highspy.Highs.setOptionValue

    def without_hipo(self: highspy.Highs, option: str, value: object) -> highspy.HighsStatus:
        return highspy.HighsStatus.kError if value == "hipo" else original(self, option, value)

    monkeypatch.setattr("ayni.zones.solve.solve_interior", lambda *_: None)
    monkeypatch.setattr(highspy.Highs, "setOptionValue", without_hipo)
    made = design(whole(48, 6))
    assert made.status == "optimal"
    assert "IPX" in made.solver
    assert [finding.code for finding in made.findings] == ["DESIGN-SOLVER"]


def test_a_plan_that_fails_its_check_is_sought_with_another_solver(monkeypatch: pytest.MonkeyPatch) -> None:
    original, asked = solve, []

    def spoiling(program: Any, accuracy: float = 0.0, engines: Any = tuple(Engine)) -> Any:
        engines = tuple(engines)
        asked.append(engines)
        solution = original(program, accuracy, engines)
        is_trusted = engines[0] in (Engine.IPX, Engine.SIMPLEX)
        return solution if is_trusted else replace(solution, values=0.5 * solution.values)

    monkeypatch.setattr(search, "solve", spoiling)
    case = replace(bare(), demand={HOT_WATER: series(2, 4)}, solar_heat=series(1, 1), technologies={
        "solar_thermal_flat_plate": Technology(HOT_WATER, {}, 1000.0, profile="solar_heat")
    })  # fmt: skip
    made = design(case)
    assert made.status == "optimal"
    assert made.cost == pytest.approx(4000.0, rel=1e-5)
    assert (Engine.HIPO,) in asked


def test_the_zone_as_it_stands() -> None:
    case = whole(48, 1)
    found = baseline(case)
    assert found is not None
    plan, bill = found
    assert not any(plan.capacities.values())
    assert not any(plan.packages.values())
    heat = float((case.demand[STEAM] + case.demand[HOT_WATER]).sum()) * case.weight
    assert bill.energy["diesel"] == pytest.approx(0.6 * heat / 0.82, rel=1e-6)
    cold = float(case.demand[COLD].sum()) / 3.0
    power = float(case.demand[ELECTRICITY].sum())
    assert bill.energy[ELECTRICITY] == pytest.approx(case.weight * (power + cold), rel=1e-6)
    assert baseline(replace(case, existing=())) is None


def bad(**changes: Any) -> ZoneCase:
    return replace(whole(24, 1), **changes)


GOOD = whole(24, 1)
PUMP = GOOD.technologies["heat_pump"]
BATTERY = GOOD.stores["battery"]
WRONG: dict[str, tuple[ZoneCase, str]] = {
    "length": (bad(solar_pv=np.ones(23)), "ZONE-LENGTH"),
    "length of months": (bad(month=np.ones(25, dtype=np.int64)), "ZONE-LENGTH"),
    "month": (bad(month=np.full(24, 13)), "ZONE-MONTH"),
    "NaN": (bad(solar_heat=np.full(24, np.nan)), "ZONE-NO-NUMBER"),
    "negative load": (bad(demand={**GOOD.demand, STEAM: -GOOD.demand[STEAM]}), "ZONE-NEGATIVE"),
    "carrier": (bad(demand={**GOOD.demand, "pressure": np.ones(24)}), "ZONE-CARRIER"),
    "fuel without price": (bad(fuels={"diesel": FuelPrice(1.0, 0.2)}), "ZONE-FUEL-PRICE"),
    "fixed fuel without price": (bad(fixed_fuel={"coal": np.ones(24)}), "ZONE-FUEL-PRICE"),
    "negative price": (bad(fuels={**GOOD.fuels, "diesel": FuelPrice(-1.0, 0.2)}), "ZONE-PARAMETER"),
    "negative limit": (bad(limits=Limits(grid=-1.0)), "ZONE-PARAMETER"),
    "negative roof": (bad(limits=Limits(roof=-1.0)), "ZONE-PARAMETER"),
    "roof given by a technology": (bad(technologies={"heat_pump": replace(PUMP, roof=-1.0)}), "ZONE-PARAMETER"),
    "carbon price": (bad(carbon_price=float("nan")), "ZONE-PARAMETER"),
    "threshold": (bad(tariff=replace(GOOD.tariff, threshold=0.0)), "ZONE-PARAMETER"),
    "classes": (bad(tariff=replace(GOOD.tariff, classes=("a", "b"))), "ZONE-CLASSES"),
    "class without price": (
        bad(tariff=replace(GOOD.tariff, demand=(DemandCharge("x", "all", {"off_peak": 1.0}),))), "ZONE-PARAMETER"
    ),
    "perpetual motion": (bad(technologies={"heat_pump": replace(PUMP, inputs={ELECTRICITY: 0.05})}), "ZONE-EFFICIENCY"),
    "boiler above 1.1": (
        bad(technologies={"boiler": Technology(STEAM, {"fuel:diesel": 0.8}, 1.0)}), "ZONE-EFFICIENCY"
    ),
    "heat from nothing": (bad(technologies={"wonder": Technology(STEAM, {}, 1.0)}), "ZONE-EFFICIENCY"),
    "existing boiler": (
        bad(existing=(replace(GOOD.existing[0], efficiency=1.3), *GOOD.existing[1:])), "ZONE-EFFICIENCY"
    ),
    "store efficiency": (bad(stores={"battery": replace(BATTERY, charge_efficiency=1.1)}), "ZONE-EFFICIENCY"),
    "store loss": (bad(stores={"battery": replace(BATTERY, loss=1.0)}), "ZONE-PARAMETER"),
    "free technology": (bad(technologies={"heat_pump": replace(PUMP, annual_cost=0.0)}), "ZONE-FREE-WITHOUT-LIMIT"),
    "free store": (bad(stores={"s": Store(STEAM, 0.0, 1.0, 1.0, 0.0)}), "ZONE-FREE-WITHOUT-LIMIT"),
    "first package": (bad(measure_groups=(MeasureGroup("g", (Package(("A",), 0.1),)),)), "ZONE-PACKAGE-FIRST"),
    "effect on nothing": (
        bad(measure_groups=(measure_group("g", {"fuel:coal": np.ones(24)}, [MeasureEffect("A", 0.1, 1.0)]),)),
        "ZONE-EFFECT",
    ),
    "saved twice": (
        bad(measure_groups=tuple(
            measure_group(name, {STEAM: GOOD.demand[STEAM]}, [MeasureEffect(name, 0.6, 1.0)]) for name in "ab"
        )),
        "ZONE-SAVED-TOO-MUCH",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_case_is_refused(name: str) -> None:
    case, code = WRONG[name]
    findings = check_case(case)
    assert code in {finding.code for finding in findings}
    for finding in findings:
        assert finding.message("es") != finding.message("en")
    with pytest.raises(Refused):
        design(case)


def test_a_sound_case_has_no_findings() -> None:
    assert check_case(GOOD) == ()
