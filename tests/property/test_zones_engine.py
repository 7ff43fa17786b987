"""What must hold for any zone: bound ≤ optimum ≤ plan, conservation, monotony, the same result twice."""

from dataclasses import replace
from functools import cache

import highspy
import numpy as np
import pytest

from ayni.zones.bound import lower_bound
from ayni.zones.case import BilledRule, FuelPrice, Limits, Series, ZoneCase
from ayni.zones.design import Design, baseline, design
from ayni.zones.model import LinearProgram, zone_program
from ayni.zones.solve import solve
from zones_engine_samples import whole

SEEDS = range(20)
GAP = 1e-4
MEAN: BilledRule = "mean_of_two_highest_in_six_months"


def random_zone(seed: int) -> ZoneCase:
    """A zone of one to three days with a random selection of plant, prices, limits and billing rules."""
    rng = np.random.default_rng(seed)
    case = whole(int(rng.integers(24, 73)), seed, months=int(rng.integers(1, 4)), measures=bool(rng.random() < 0.5))
    tariff = case.tariff
    if rng.random() < 0.5:
        at_peak = (part for part in tariff.demand if part.hours == "peak")
        tariff = replace(tariff, demand=tuple(replace(part, rule=MEAN) for part in at_peak))
    plant = {name: built for name, built in case.technologies.items() if rng.random() < 0.8}
    stores = {name: store for name, store in case.stores.items() if rng.random() < 0.8}
    if "battery" in stores and rng.random() < 0.5:
        stores["battery"] = replace(stores["battery"], loss=0.0)
    gas = FuelPrice(float(rng.uniform(80, 300)), 0.202)
    start = baseline(case)
    assert start is not None
    limits = Limits(
        roof=float(rng.uniform(0, 30_000)),
        co2=start[1].co2 * float(rng.uniform(0.85, 1.0)) if rng.random() < 0.3 else None,
        budget=float(rng.uniform(1e6, 3e7)) if rng.random() < 0.3 else None,
    )
    return replace(
        case, tariff=tariff, technologies=plant, stores=stores, limits=limits, fuels={**case.fuels, "natural_gas": gas}
    )


@cache
def designed(seed: int) -> Design:
    return design(random_zone(seed), gap=GAP)


def simplex_optimum(program: LinearProgram) -> float:
    """The optimum by HiGHS's simplex, from the arrays alone."""
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = program.matrix.shape
    model.col_cost_, model.offset_ = program.cost, program.offset
    model.col_lower_, model.col_upper_ = program.column_lower, program.column_upper
    model.row_lower_, model.row_upper_ = program.row_lower, program.row_upper
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = program.matrix.indptr, program.matrix.indices
    model.a_matrix_.value_ = program.matrix.data
    highs = highspy.Highs()  # type: ignore[no-untyped-call]
    assert highs.setOptionValue("output_flag", False) == highspy.HighsStatus.kOk
    assert highs.setOptionValue("solver", "simplex") == highspy.HighsStatus.kOk
    highs.passModel(model)
    highs.run()
    assert highs.getModelStatus() == highspy.HighsModelStatus.kOptimal
    return float(highs.getInfo().objective_function_value)


@pytest.mark.parametrize("seed", SEEDS)
def test_the_optimum_lies_between_bound_and_plan(seed: int) -> None:
    case, made = random_zone(seed), designed(seed)
    relaxed = zone_program(case, "")
    chosen = made.plan.packages if made.plan else {}
    assert made.status == "optimal"
    assert not made.findings
    assert made.bound <= simplex_optimum(relaxed) * (1 + 1e-9)
    assert simplex_optimum(relaxed.fixed(chosen)) <= made.cost * (1 + 1e-9)
    assert made.cost - made.bound <= GAP * made.cost


@pytest.mark.parametrize("seed", range(6))
def test_the_bound_holds_for_prices_of_any_quality(seed: int) -> None:
    case = random_zone(seed)
    program = zone_program(case, "")
    optimum, prices = simplex_optimum(program), solve(program).prices
    rng = np.random.default_rng(seed)
    for error in (0.0, 1e-6, 1e-2, 1.0):
        noisy = prices * (1 + error * rng.standard_normal(len(prices))) + error * rng.standard_normal(len(prices))
        assert lower_bound(program, noisy, designed(seed).cost) <= optimum * (1 + 1e-9)
    assert lower_bound(program, np.zeros_like(prices), designed(seed).cost) <= optimum
    assert lower_bound(program, prices, designed(seed).cost) >= optimum * (1 - 1e-6)


@pytest.mark.parametrize("seed", range(6))
def test_what_goes_in_comes_out(seed: int) -> None:
    """First law: all purchased, free and stored energy ends as demand, losses and dumped heat."""
    case, made = random_zone(seed), designed(seed)
    assert made.plan is not None
    flows = made.plan.flows
    for name, store in case.stores.items():
        charge, discharge, level = (flows[f"{name}.{part}"].sum() for part in ("charge", "discharge", "level"))
        assert charge * store.charge_efficiency == pytest.approx(
            discharge / store.discharge_efficiency + store.loss * level, rel=1e-6, abs=1e-6
        )
    dumped = made.dispatch.filter(like="dump.")
    assert (dumped.to_numpy() >= 0.0).all()
    assert sum(made.cost_lines.values()) == pytest.approx(made.cost, rel=1e-12)
    burnt = sum(case.fuels[fuel].co2 * made.energy[fuel] for fuel in case.fuels)
    assert made.co2 == pytest.approx(burnt + case.grid_co2 * made.energy["electricity"], rel=1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_a_dearer_input_never_lowers_the_cost(seed: int) -> None:
    case, cost = random_zone(seed), designed(seed).bound
    dear = replace(case.tariff, energy_price=1.2 * case.tariff.energy_price)
    dearer: list[ZoneCase] = [replace(case, tariff=dear), replace(case, carbon_price=case.carbon_price + 50.0)]
    dearer += [
        replace(case, fuels={**case.fuels, fuel: replace(price, price=1.3 * price.price)})
        for fuel, price in case.fuels.items()
    ]
    for changed in dearer:
        assert design(changed, gap=GAP).cost >= cost * (1 - 1e-9)


@pytest.mark.parametrize("seed", range(4))
def test_more_roof_more_budget_or_more_plant_never_raises_the_cost(seed: int) -> None:
    case, cost = random_zone(seed), designed(seed).cost
    freer = [
        replace(case, limits=replace(case.limits, roof=(case.limits.roof or 0.0) + 15_000.0)),
        replace(case, limits=replace(case.limits, budget=None)),
        replace(case, technologies=whole(case.hours, seed).technologies),
    ]
    for changed in freer:
        assert design(changed, gap=GAP).bound <= cost * (1 + 1e-9)


def test_the_plan_costs_no_more_than_the_zone_as_it_stands() -> None:
    for seed in range(6):
        case = replace(random_zone(seed), limits=Limits())
        start = baseline(case)
        assert start is not None
        assert design(case, gap=GAP).cost <= start[1].cost * (1 + GAP)


def test_the_same_zone_gives_the_same_plan() -> None:
    case = random_zone(7)
    first, second = design(case), design(case)
    assert (first.cost, first.bound, first.packages) == (second.cost, second.bound, second.packages)
    assert first.dispatch.equals(second.dispatch)


def test_the_same_days_twice_cost_the_same_year() -> None:
    """A year made of two equal halves costs what one half stands for: weights, months and round-the-year stores."""
    once = whole(24, 3, measures=False)

    def twice(values: Series) -> Series:
        return np.tile(values, 2)

    again = replace(
        once, hours=48, month=np.tile(once.month, 2), is_peak=np.tile(once.is_peak, 2),
        demand={carrier: twice(load) for carrier, load in once.demand.items()},
        tariff=replace(once.tariff, energy_price=twice(once.tariff.energy_price)),
        existing=tuple(replace(unit, output_max=twice(unit.output_max)) for unit in once.existing),
        solar_pv=twice(once.solar_pv), solar_heat=twice(once.solar_heat),
        waste_heat=tuple(replace(source, available=twice(source.available)) for source in once.waste_heat),
        fixed_fuel={fuel: twice(use) for fuel, use in once.fixed_fuel.items()},
    )  # fmt: skip
    assert design(again, gap=1e-7).cost == pytest.approx(design(once, gap=1e-7).cost, rel=1e-6)
