"""The zones' own interior point method, judged by the simplex of HiGHS on small zones of every kind."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ayni.zones.bound import lower_bound
from ayni.zones.case import (
    COLD,
    ELECTRICITY,
    HOT_WATER,
    STEAM,
    BilledRule,
    Limits,
    Technology,
    ZoneCase,
    ZoneTariff,
)
from ayni.zones.dispatch import account, repair
from ayni.zones.explain import unmet_requirements
from ayni.zones.interior import NAME, solve_interior
from ayni.zones.interior.newton import Newton
from ayni.zones.interior.products import WeightedProduct
from ayni.zones.interior.standard import standard_form
from ayni.zones.interior.structure import find_structure
from ayni.zones.model import LinearProgram, zone_program
from ayni.zones.solve import Engine, Outcome, solve
from ayni.zones.verify import verify
from zones_engine_samples import bare, series, stores, technologies, whole

HOURS = (48, 72, 120, 168, 336)


def random_zone(seed: int) -> ZoneCase:
    """Two days to two weeks, one to three months, both tariffs and both rules, with and without measures and limits."""
    case = whole(
        HOURS[seed % 5], seed, months=1 + seed % 3, tariff=("MT2", "MT3")[seed % 2], measures=seed % 4 != 3
    )  # fmt: skip
    if seed % 3 == 0:
        rule: BilledRule = "mean_of_two_highest_in_six_months"
        demand = tuple(replace(component, rule=rule) for component in case.tariff.demand)
        case = replace(case, tariff=replace(case.tariff, demand=demand))
    if seed % 3 == 1:
        case = replace(case, limits=Limits(grid=12.0, co2=30_000.0, budget=3e7))
    if seed % 5 == 2:  # a store without loss in charging: two opposite columns
        lossless = {
            name: replace(store, charge_efficiency=1.0, discharge_efficiency=1.0) for name, store in case.stores.items()
        }
        case = replace(case, stores=lossless)
    return case


def cost_of(program: LinearProgram, values: np.ndarray) -> float:
    return program.offset + float(program.cost @ values)


@pytest.mark.parametrize("seed", range(30))
def test_the_optimum_is_that_of_the_simplex(seed: int) -> None:
    case = random_zone(seed)
    program = zone_program(case, case.tariff.classes[-1])
    judge = solve(program, engines=(Engine.SIMPLEX,))
    found = solve_interior(program, 1e-8)
    if judge.outcome is Outcome.INFEASIBLE:
        assert found is None
        return
    assert found is not None
    values, prices = found
    best = cost_of(program, judge.values)
    assert cost_of(program, values) == pytest.approx(best, rel=5e-8)
    assert lower_bound(program, prices, best) == pytest.approx(best, rel=5e-8)
    rows = program.matrix @ values
    assert (rows >= program.row_lower - 1e-6).all()
    assert (rows <= program.row_upper + 1e-6).all()
    assert (values >= program.column_lower - 1e-9).all()
    assert (values <= program.column_upper + 1e-9).all()


@pytest.mark.parametrize("accuracy", [1e-3, 1e-5, 1e-8])
@pytest.mark.parametrize("seed", [4, 9, 12])
def test_bound_and_repaired_plan_are_as_near_as_asked(seed: int, accuracy: float) -> None:
    case = replace(random_zone(seed), measure_groups=())
    tariff_class = case.tariff.classes[0]
    program = zone_program(case, tariff_class)
    found = solve_interior(program, accuracy)
    assert found is not None
    values, prices = found
    best = cost_of(program, solve(program, engines=(Engine.SIMPLEX,)).values)
    plan = repair(case, program, values, {})
    bill = account(case, plan)
    assert verify(case, plan, cost=bill.cost, bound=-np.inf, tariff_class=bill.tariff_class) == ()
    assert bill.cost <= best * (1 + 30 * accuracy)
    assert best * (1 - 30 * accuracy) <= lower_bound(program, prices, bill.cost) <= best * (1 + 1e-9)


def test_the_same_programme_gives_the_same_digits() -> None:
    program = zone_program(random_zone(3), "present_in_peak")
    first, second = solve_interior(program, 1e-6), solve_interior(program, 1e-6)
    assert first is not None
    assert second is not None
    assert (first[0] == second[0]).all()
    assert (first[1] == second[1]).all()


def test_whole_packages_are_a_programme_like_any_other() -> None:
    case = whole(72, 5)
    program = zone_program(case, "").fixed({"motors": 1, "boiler": 0, "furnace": 1})
    found = solve_interior(program, 1e-8)
    assert found is not None
    judge = solve(program, engines=(Engine.SIMPLEX,))
    assert cost_of(program, found[0]) == pytest.approx(cost_of(program, judge.values), rel=5e-8)


IMPOSSIBLE = {
    "a grid too small": replace(whole(72, 1, measures=False), technologies={}, stores={}, limits=Limits(grid=0.1)),
    "too little carbon": replace(whole(72, 1), limits=Limits(co2=0.0)),
    "too small a budget": replace(
        bare(), demand={HOT_WATER: series(2, 4)}, technologies=technologies(), limits=Limits(budget=10.0)
    ),
    "nothing that makes heat": replace(bare(), demand={HOT_WATER: series(2, 4)}),
}


@pytest.mark.parametrize("name", IMPOSSIBLE)
def test_an_impossible_zone_gives_nothing_and_highs_says_so(name: str) -> None:
    program = zone_program(IMPOSSIBLE[name], IMPOSSIBLE[name].tariff.classes[0])
    assert solve_interior(program, 1e-6) is None
    said = solve(program)
    assert said.outcome is Outcome.INFEASIBLE
    assert said.solver.startswith("HiGHS")


def test_what_is_impossible_is_explained_by_the_own_method() -> None:
    case = IMPOSSIBLE["a grid too small"]
    program = zone_program(case, "")
    assert [finding.code for finding in unmet_requirements(case, program)] == ["ZONE-UNMET-GRID"]


FREE = ZoneTariff("free", np.zeros(48))
DEGENERATE = {
    "no demand": replace(
        whole(48, 2, measures=False),
        demand={carrier: np.zeros(48) for carrier in (ELECTRICITY, STEAM, HOT_WATER, COLD)},
    ),
    "no demand at all hours but one": replace(
        bare(48), demand={HOT_WATER: np.eye(48)[7]}, technologies=technologies(), stores=stores()
    ),
    "no prices": replace(whole(48, 2), tariff=FREE, carbon_price=0.0),
    "one hour": replace(bare(1), demand={ELECTRICITY: series(3)}, technologies=technologies(), stores=stores()),
    "two hours": replace(bare(2), demand={COLD: series(3, 1)}, technologies=technologies(), stores=stores()),
    "grid alone": replace(bare(), demand={ELECTRICITY: series(1, 2)}),
    "a free technology": replace(
        bare(3), demand={STEAM: series(1, 2, 0)}, technologies={"electric_boiler": Technology(STEAM, {}, 0.0)}
    ),
    "loads far apart": replace(
        bare(4), demand={ELECTRICITY: series(1e3, 1e-3, 1, 1e-6), HOT_WATER: series(0, 1e-3, 0, 200)},
        technologies=technologies(), stores=stores(),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DEGENERATE)
def test_degenerate_zones(name: str) -> None:
    program = zone_program(DEGENERATE[name], "")
    solution = solve(program, 1e-8)
    best = cost_of(program, solve(program, engines=(Engine.SIMPLEX,)).values)
    assert solution.solver == NAME
    assert cost_of(program, solution.values) == pytest.approx(best, rel=1e-7, abs=1e-2)


def test_structure_is_found_from_the_matrix() -> None:
    case = random_zone(1)
    program = zone_program(case, case.tariff.classes[-1])
    standard = standard_form(program)
    assert standard is not None
    found = find_structure(program, standard)
    assert found is not None
    assert sorted(found.rows) == list(range(len(standard.rows)))
    assert sorted(found.columns) == list(range(len(standard.columns)))
    common = set(standard.columns[found.common].tolist())
    sizes = {int(columns[0]) for name, columns in program.columns.items() if name.startswith("capacity.")}
    ends = {int(columns[-1]) for name, columns in program.columns.items() if name.endswith(".level")}
    assert sizes & set(standard.columns.tolist()) <= common
    assert ends <= common
    chained = set(standard.rows[found.chained].tolist())
    assert {int(row) for name, rows in program.rows.items() if name.startswith("content.") for row in rows} <= chained
    assert int(program.rows["co2"][0]) in set(standard.rows[found.globals].tolist())


def test_newton_equations_are_solved() -> None:
    """Against the dense solution of the whole system, with barriers over twelve orders of magnitude."""
    case = random_zone(4)
    program = zone_program(case, case.tariff.classes[0])
    standard = standard_form(program)
    assert standard is not None
    found = find_structure(program, standard)
    assert found is not None
    matrix = found.ordered(standard.matrix)
    newton = Newton(matrix, len(found.chained), len(found.limits), len(found.local))
    rng = np.random.default_rng(0)
    barrier = 10.0 ** rng.uniform(-3, 3, matrix.shape[1])
    relief = np.where(standard.is_inequality[found.rows], 10.0 ** rng.uniform(-3, 3, matrix.shape[0]), 1e-12)
    of_columns, of_rows = rng.standard_normal(matrix.shape[1]), rng.standard_normal(matrix.shape[0])
    newton.factor(barrier, relief)
    x, multipliers = newton.solve(of_columns, of_rows)
    assert barrier * x + matrix.T @ multipliers == pytest.approx(of_columns, abs=1e-6)
    assert matrix @ x - relief * multipliers == pytest.approx(of_rows, abs=1e-6)


def test_products_for_any_weights() -> None:
    rng = np.random.default_rng(1)
    left, right = rng.standard_normal((4, 6)), rng.standard_normal((6, 3)) * (rng.random((6, 3)) < 0.5)
    product, weights = WeightedProduct(left, right), rng.random(6)
    dense = np.ones((4, 3))
    product.add_to(dense, weights, -2.0)
    assert dense == pytest.approx(1 - 2 * left @ np.diag(weights) @ right)
