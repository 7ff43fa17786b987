"""What a plan is worth, its band, its figures and its tables."""

import math
from dataclasses import replace

import pandas as pd
import pytest

from ayni.base.factors import Factor
from ayni.base.figures import FigureBook
from ayni.base.money import annuity, present_value
from ayni.ledger.account import account
from ayni.ledger.cost import cost
from ayni.ledger.figures import add_figures
from ayni.zones.abatement import abatement, zone_as_it_stands
from ayni.zones.band import Appraisal, Swing, appraise
from ayni.zones.build import park_load
from ayni.zones.case import ZoneCase
from ayni.zones.change import after_design
from ayni.zones.checks import check_plan
from ayni.zones.connection import pooling
from ayni.zones.design import Design
from ayni.zones.dispatch.account import account as plan_account
from ayni.zones.dispatch.plan import Plan, fuel_use
from ayni.zones.figures import add_plan, add_worth
from ayni.zones.money import HORIZON, Worth, energy_cost, worth
from ayni.zones.writing import (
    abatement_table,
    capacity_table,
    class_table,
    cost_table,
    foreign_profiles,
    load_table,
    measure_table,
    parameter_table,
    swing_table,
)
from zones_case_samples import HOURS, messages, plan_with, sample


@pytest.fixture(scope="module")
def plan() -> Plan:
    return plan_with(sample()[1], pv=0.3, heat_pump=0.1, waste_heat=True, measures=["M1", "M3", "M6"])


@pytest.fixture(scope="module")
def appraisal(plan: Plan) -> Appraisal:
    ledger, case, notes, _ = sample()
    return appraise(ledger, case, plan, notes)


def design_of(case: ZoneCase, plan: Plan) -> Design:
    found = plan_account(case, plan)
    return Design(
        status="optimal", solver="by hand", cost=found.cost, bound=0.9 * found.cost, gap=0.1,
        tariff_class=found.tariff_class, capacities=plan.capacities, dispatch=pd.DataFrame(), packages={},
        cost_lines=found.lines, energy=found.energy, co2=found.co2, investment=found.investment, versions={},
        seconds=0.0, classes={}, plan=plan, findings=(),
    )  # fmt: skip


def name_of(swing: Swing) -> str:
    origin = swing.input.origin
    return origin.id if isinstance(origin, Factor) else origin.text


def ends(appraisal: Appraisal, name: str) -> tuple[Worth, Worth]:
    swing = next(swing for swing in appraisal.swings if name_of(swing) == name)
    assert swing.low is not None
    assert swing.high is not None
    return swing.low, swing.high


def test_the_cost_that_a_design_changes_is_the_ledgers_without_its_flows() -> None:
    ledger, *_ = sample()
    lines = cost(ledger).lines
    assert energy_cost(ledger) == pytest.approx(lines.loc[lines["item"] != "materials", "amount"].sum())


def test_saving_and_investment_are_those_of_the_ledger_and_the_plan(plan: Plan) -> None:
    ledger, case, notes, _ = sample()
    found = worth(energy_cost(ledger), ledger, case, plan, notes, notes.parameters)
    after = after_design(ledger, plan, case)
    assert found.net_saving == pytest.approx(account(ledger).totals["cost.total"] - account(after).totals["cost.total"])
    design = plan_account(case, plan)
    assert found.investment == pytest.approx(design.investment)
    lives = {"pv_roof": 30.0, "heat_pump": 20.0, "waste_heat": 15.0}
    sizes = {name: size for name, size in plan.capacities.items() if size > 0}
    prices = {name: technology.investment for name, technology in case.technologies.items()}
    prices |= {f"waste_heat.{source.name}": source.investment for source in case.waste_heat}
    yearly = sum(size * prices[name] * annuity(0.1, lives[name.partition(".")[0]]) for name, size in sizes.items())
    assert found.annuities == pytest.approx(yearly + (20_000 + 20_000 + 10_000) * annuity(0.1, 10))
    assert found.npv == pytest.approx(present_value(found.saving - found.annuities, 0.1, HORIZON))
    assert found.payback == pytest.approx(found.investment / found.saving)


def test_what_saves_nothing_never_pays_back() -> None:
    ledger, case, notes, _ = sample()
    found = worth(0.0, ledger, case, zone_as_it_stands(case), notes, notes.parameters)
    assert found.saving < 0
    assert math.isinf(found.payback)


def test_a_price_moves_the_worth_by_what_is_bought_less(plan: Plan, appraisal: Appraisal) -> None:
    ledger, case, _, _ = sample()
    low, high = ends(appraisal, "natural_gas (2025-12)")
    before = ledger.fuels.loc[ledger.fuels["carrier"] == "natural_gas", "amount"].sum()
    after = fuel_use(case, plan, "natural_gas").sum() / (36e-3 / 3.6)
    moved = (high.net_saving - appraisal.worth.net_saving) / (0.1 * 3.4)
    assert moved == pytest.approx(before - after)
    assert low.net_saving < appraisal.worth.net_saving


def test_an_investment_moves_only_what_is_invested(appraisal: Appraisal, plan: Plan) -> None:
    _, high = ends(appraisal, "technologies/pv_roof/investment_peru_market")
    dearer = plan.capacities["pv_roof"] * (1_300_000 - 850_000) * 3.4
    assert high.investment - appraisal.worth.investment == pytest.approx(dearer)
    assert high.saving == pytest.approx(appraisal.worth.saving - 0.014 * dearer)  # fixed upkeep goes with it
    assert high.annuities - appraisal.worth.annuities == pytest.approx(dearer * annuity(0.1, 30))


def test_less_sun_is_worth_its_bill(appraisal: Appraisal, plan: Plan) -> None:
    ledger, case, _, _ = sample()
    low, _ = ends(appraisal, "solar_pe/Chilca/year_pv")
    share = 1010 / 1450
    imports = plan.flows["grid"] + (1 - share) * plan.flows["pv_roof"]
    darker = replace(plan, flows={**plan.flows, "grid": imports, "pv_roof": share * plan.flows["pv_roof"]})
    assert low.net_saving == pytest.approx(energy_cost(ledger) - energy_cost(after_design(ledger, darker, case)))


def test_the_band_is_the_root_of_the_sum_of_squares(appraisal: Appraisal) -> None:
    down = up = 0.0
    for swing in appraisal.swings:
        moves = [end.npv - appraisal.worth.npv for end in (swing.low, swing.high) if end is not None]
        down += min([0.0, *moves]) ** 2
        up += max([0.0, *moves]) ** 2
    assert appraisal.npv.low == pytest.approx(appraisal.worth.npv - math.sqrt(down))
    assert appraisal.npv.high == pytest.approx(appraisal.worth.npv + math.sqrt(up))
    assert appraisal.npv.low < appraisal.npv.value < appraisal.npv.high
    assert appraisal.survives == (appraisal.npv.low > 0)


def test_what_has_no_range_is_counted_and_gets_none(appraisal: Appraisal) -> None:
    subjects = {(item.input.role.key, item.has_range) for item in appraisal.swings}
    assert ("role.tariff", False) in subjects
    assert ("role.price", True) in subjects
    without = [item for item in appraisal.decisive if not item.has_range]
    assert appraisal.without_range_count == len(without) > 0
    assert all(item.low is None and item.high is None for item in without)
    assert 0 < appraisal.unverified_count <= len(appraisal.decisive) <= len(appraisal.swings)
    lpg = next(swing for swing in appraisal.swings if name_of(swing) == "lpg (2025-12)")
    assert not lpg.has_range  # the price list gives no band for it


def test_every_figure_opens_to_rows_and_factors(plan: Plan, appraisal: Appraisal) -> None:
    ledger, case, notes, _ = sample()
    after = after_design(ledger, plan, case)
    book = FigureBook()
    add_figures(book, ledger, account(ledger), "before")
    ids = add_plan(book, design_of(case, plan), plan, case, notes)
    add_figures(book, after, account(after), "after", recorded=ledger, made_by=ids)
    add_worth(book, appraisal, pooling(notes.ledger, park_load(notes), HOURS), notes)
    figure = book["design.npv"]
    assert (figure.value, figure.low, figure.high) == pytest.approx(
        (appraisal.npv.value, appraisal.npv.low, appraisal.npv.high)
    )
    parts = [one for one in book["design.investment"].inputs if isinstance(one, str)]
    assert sum(book[one].value for one in parts) == pytest.approx(book["design.investment"].value)
    costs = [book[one] for one in book["design.saving"].inputs if isinstance(one, str)]
    before_less_after = sum(one.value if one.id.endswith("before") else -one.value for one in costs if "cost" in one.id)
    assert before_less_after + book["design.annuities"].value == pytest.approx(book["design.saving"].value)
    for one in book:
        if one.id.startswith("design."):
            assert one.inputs, one.id
            assert all(one.title(language) for language in ("es", "en"))


def test_tables_say_what_the_plan_says(plan: Plan, appraisal: Appraisal) -> None:
    ledger, case, notes, _ = sample()
    after = after_design(ledger, plan, case)
    capacities = capacity_table(case, plan).set_index("technology")
    assert capacities.loc["pv_roof", "capacity"] == pytest.approx(0.3)
    assert capacities["investment"].sum() == pytest.approx(plan_account(case, plan).investment - 50_000)
    costs = cost_table(ledger, after, case, plan, notes).set_index("line")
    assert (costs["before"] - costs["after"]).sum() == pytest.approx(appraisal.worth.net_saving)
    measures = measure_table(case, plan, notes).set_index("measure")["is_chosen"]
    assert measures[measures].index.tolist() == ["M1", "M3", "M6"]
    parts = abatement(ledger, case, plan)
    for language in ("es", "en"):
        curve = abatement_table(parts, notes, language)
        assert set(curve["option"]) == {"pv_roof", "heat_pump", "waste_heat", "M1", "M3"}
        assert len(swing_table(appraisal, language)) == len(appraisal.swings)
        assert parameter_table(notes, language)["source"].ne("").all()
    assert foreign_profiles(notes).empty
    assert len(load_table(notes)) == 288
    assert class_table(design_of(case, plan)).empty


def test_remarks_on_a_plan_have_their_words(plan: Plan) -> None:
    _, case, _, _ = sample()
    engine = replace(plan, capacities={**plan.capacities, "gas_engine_chp": 0.05})
    findings = check_plan(case, engine)
    assert {"DESIGN-GAS-CONNECTION", "DESIGN-NO-NETWORK", "DESIGN-SMALL"} <= {finding.code for finding in findings}
    assert all(messages(findings))
