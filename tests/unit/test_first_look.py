"""The first look at a small firm: a pure formula with its laws, and the data behind it."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ayni.base.factors import data_rows
from ayni.base.figures import Stage
from ayni.base.status import Status, parse_status
from ayni.base.texts import LANGUAGES, say
from ayni.ledger.schema import Carrier
from ayni.zones.first_look import (
    FUELS,
    MONTHS,
    SHARES,
    SHIFTS,
    TERMS,
    Band,
    Bill,
    Branch,
    NothingToSee,
    Step,
    Visit,
    exactly,
    first_look,
    joint_band,
    measures,
    product_band,
)

amounts = st.floats(min_value=0.01, max_value=1e7)
branches = st.sampled_from(list(Branch))
shifts = st.sampled_from(SHIFTS)
workers = st.integers(min_value=1, max_value=2000)
fuels = st.sampled_from(FUELS)
parts = st.builds(
    lambda ends: Band(*sorted(ends)), st.tuples(*[st.floats(min_value=0.001, max_value=1.0) for _ in range(3)])
)


def visit(branch: Branch, power: float, fuel: Carrier, fuel_cost: float, people: int = 20, runs: int = 1) -> Visit:
    return Visit(branch, people, runs, (Bill(Carrier.ELECTRICITY, paid=power), Bill(fuel, paid=fuel_cost)))


def is_ordered(band: Band) -> bool:
    return 0 <= band.low <= band.middle <= band.high < math.inf


@given(branches, amounts, fuels, amounts, workers, shifts)
def test_every_band_holds_its_middle_and_no_saving_is_above_the_bill(
    branch: Branch, power: float, fuel: Carrier, fuel_cost: float, people: int, runs: int
) -> None:
    look = first_look(visit(branch, power, fuel, fuel_cost, people, runs))
    chosen = look.measure
    for band in (look.saving, look.emissions, chosen.saving, chosen.emissions, chosen.investment, chosen.payback):
        assert is_ordered(band)
    assert look.saving.low > 0
    assert look.saving.high <= MONTHS * (power + fuel_cost) * (1 + 1e-12)
    assert look.yearly_bill == exactly(MONTHS * power + MONTHS * fuel_cost)
    assert look.stage is Stage.POTENTIAL


@given(branches, amounts, fuels, amounts, st.floats(min_value=1.01, max_value=100))
def test_the_saving_grows_with_each_bill(branch: Branch, power: float, fuel: Carrier, cost: float, by: float) -> None:
    small = first_look(visit(branch, power, fuel, cost))
    for larger in (
        first_look(visit(branch, power * by, fuel, cost)),
        first_look(visit(branch, power, fuel, cost * by)),
    ):
        for before, after in ((small.saving, larger.saving), (small.emissions, larger.emissions)):
            assert before.low <= after.low
            assert before.middle < after.middle
            assert before.high <= after.high


@given(branches, amounts, st.sampled_from([Carrier.ELECTRICITY, *FUELS]))
def test_measures_on_one_bill_save_together_less_than_their_sum_and_no_less_than_the_best(
    branch: Branch, paid: float, carrier: Carrier
) -> None:
    look = first_look(Visit(branch, 20, 2, (Bill(carrier, paid=paid),)))
    single = [look.measure.saving, *(other.saving for other in look.others)]
    assert len(single) > 1
    assert look.saving.middle < sum(band.middle for band in single)
    assert look.saving.middle > max(band.middle for band in single)


@given(parts, parts)
def test_joint_parts_are_below_their_sum_and_below_the_whole(one: Band, other: Band) -> None:
    joint, total = joint_band([one, other]), one + other
    assert joint.low < total.low
    assert joint.middle < total.middle
    assert joint.high < total.high
    assert joint.high <= 1


@given(st.lists(parts, min_size=1, max_size=6))
def test_a_product_is_no_wider_than_all_ends_together_and_no_narrower_than_its_widest_factor(bands: list[Band]) -> None:
    joined = product_band(bands)
    assert is_ordered(joined)
    assert joined.low >= math.prod(band.low for band in bands) * (1 - 1e-9)
    assert joined.high <= math.prod(band.high for band in bands) * (1 + 1e-9)
    assert joined.high / joined.middle >= max(band.high / band.middle for band in bands) * (1 - 1e-9)


def test_a_product_with_nothing_is_nothing() -> None:
    assert product_band([Band(0.1, 0.2, 0.3), exactly(0.0)]) == exactly(0.0)


@pytest.mark.parametrize("bills", [(), (Bill(Carrier.ELECTRICITY, paid=0.0), Bill(Carrier.LPG, used=0.0))])
def test_without_an_amount_it_asks_again(bills: tuple[Bill, ...]) -> None:
    with pytest.raises(NothingToSee):
        first_look(Visit(Branch.BAKERY, 5, 1, bills))


@pytest.mark.parametrize("amounts", [{}, {"paid": 1.0, "used": 1.0}, {"paid": -1.0}, {"used": math.nan}])
def test_a_bill_is_a_cost_or_a_quantity(amounts: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="a cost or a quantity"):
        Bill(Carrier.ELECTRICITY, **amounts)


@given(branches, amounts)
def test_an_empty_bill_changes_nothing(branch: Branch, paid: float) -> None:
    alone = first_look(Visit(branch, 20, 1, (Bill(Carrier.ELECTRICITY, paid=paid),)))
    assert first_look(visit(branch, paid, Carrier.LPG, 0.0)) == alone


def test_quantity_known_gives_a_narrower_band_of_tonnes_and_a_wider_one_of_soles() -> None:
    paid = first_look(Visit(Branch.GARMENTS, 20, 1, (Bill(Carrier.ELECTRICITY, paid=780.0),)))
    used = first_look(Visit(Branch.GARMENTS, 20, 1, (Bill(Carrier.ELECTRICITY, used=1000.0),)))
    assert used.saving.middle == pytest.approx(paid.saving.middle)
    assert used.emissions.middle == pytest.approx(paid.emissions.middle)
    assert used.emissions.high / used.emissions.low < paid.emissions.high / paid.emissions.low
    assert used.saving.high / used.saving.low > paid.saving.high / paid.saving.low


def test_by_hand() -> None:
    """A workshop of one shift pays S/ 780 for 1,000 kWh: 30 % is lighting, of which LED saves 55 %."""
    look = first_look(Visit(Branch.GARMENTS, 20, 1, (Bill(Carrier.ELECTRICITY, paid=780.0),)))
    led = look.measure
    assert led.name == "led"
    assert led.saving.middle == pytest.approx(780 * 12 * 0.30 * 0.55 * 0.9)
    saved = 12 * 1.0 * 0.30 * 0.55
    assert led.emissions.middle == pytest.approx(saved * 0.170809)
    assert led.investment.middle == pytest.approx(saved * 250 * 3.364 * 1.05 * 1.5)
    assert led.payback.middle == pytest.approx(led.investment.middle / led.saving.middle)
    air = 780 * 12 * (1 - (1 - 0.30 * 0.55) * (1 - 0.15 * 0.22)) * 0.9
    assert look.saving.middle == pytest.approx(air)


def test_more_shifts_pay_back_sooner() -> None:
    paybacks = [first_look(visit(Branch.GARMENTS, 900, Carrier.LPG, 0, 20, runs)).measure.payback for runs in SHIFTS]
    assert paybacks[0].middle > paybacks[1].middle > paybacks[2].middle


@pytest.mark.parametrize(
    ("people", "power", "step"),
    [(3, 900.0, Step.ASK_CITE), (40, 900.0, Step.SEND_BILLS), (40, 90_000.0, Step.ENTER_CALL)],
)
def test_one_next_step_by_size_and_investment(people: int, power: float, step: Step) -> None:
    assert first_look(visit(Branch.GARMENTS, power, Carrier.LPG, 0, people)).step is step


def test_a_bill_that_does_not_fit_the_number_of_workers_is_asked_about() -> None:
    assert first_look(visit(Branch.WOOD, 1_000_000, Carrier.LPG, 0, 2)).is_size_odd
    assert first_look(visit(Branch.WOOD, 10, Carrier.LPG, 0, 500)).is_size_odd
    assert not first_look(visit(Branch.WOOD, 900, Carrier.LPG, 200, 8)).is_size_odd


def test_firewood_saves_soles_and_hardly_a_tonne_since_its_carbon_stands_outside_the_totals() -> None:
    wood = first_look(Visit(Branch.BAKERY, 5, 1, (Bill(Carrier.BIOMASS, paid=3000.0),)))
    gas = first_look(Visit(Branch.BAKERY, 5, 1, (Bill(Carrier.LPG, paid=3000.0),)))
    assert wood.saving.middle == pytest.approx(gas.saving.middle)
    assert wood.emissions.middle < 0.25 * gas.emissions.middle


def test_inputs_that_decide_are_counted_with_their_status() -> None:
    look = first_look(visit(Branch.FOOD, 900, Carrier.LPG, 500))
    assert 0 < look.unverified < len(look.factors)
    assert look.unverified == sum(factor.status is Status.UNVERIFIED for factor in look.factors)
    assert len({factor.id for factor in look.factors}) == len(look.factors)
    assert all(factor.source and factor.version for factor in look.factors)


def test_data_name_source_status_and_ordered_bands() -> None:
    for name in (SHARES, TERMS):
        for row in data_rows(name)[1]:
            parse_status(row["status"])
            assert row["source"]
            assert 0 < float(row["low"]) <= float(row["value"]) <= float(row["high"])
    branches_known = {row["branch"] for row in data_rows(SHARES)[1]}
    assert branches_known == {branch.value for branch in Branch}


def test_parts_of_one_branch_can_stand_on_one_bill() -> None:
    for branch in Branch:
        rows = [row for row in data_rows(SHARES)[1] if row["branch"] == branch.value]
        electric = [float(row["value"]) for row in rows if row["unit"].endswith("electricity bill")]
        assert sum(electric) <= 100


def test_every_measure_has_its_words() -> None:
    for name in measures():
        for kind in ("measure", "do", "part"):
            for language in LANGUAGES:
                assert say(f"first_look.{kind}.{name}", language)
