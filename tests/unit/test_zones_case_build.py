"""From the ledger to a case and back: nothing is lost on the way, nothing is counted twice."""

from pathlib import Path

import numpy as np
import pytest

from ayni.base.findings import Refused, Severity
from ayni.ledger.account import account, difference
from ayni.ledger.prices import fuel_price_per
from ayni.ledger.schema import Carrier
from ayni.zones.abatement import abatement, zone_as_it_stands
from ayni.zones.build import build_case, check_zone, park_load
from ayni.zones.case import COLD, ELECTRICITY, HOT_WATER, STEAM, ZoneCase
from ayni.zones.change import after_design
from ayni.zones.checks import check_plan
from ayni.zones.connection import pooling
from ayni.zones.dispatch.account import account as plan_account
from ayni.zones.dispatch.plan import fuel_use
from ayni.zones.money import energy_cost, worth
from ayni.zones.verify import verify
from zones_case_samples import MONTH, case_from, ledger_of, messages, park_values, plan_with, rows_of, sample


def test_needs_follow_from_bills_efficiency_and_temperature() -> None:
    ledger, case, _, _ = sample()
    gas = 12 * 30_000 * 36e-3 / 3.6  # MWh, 36 MJ/m3
    diesel = 12 * 2_000 * 0.135 / 3.6
    lpg = 12 * 1_500 * 0.0473 / 3.6
    first, second = 0.9 * 0.8 * gas, 0.78 * diesel + 0.85 * 0.4 * lpg
    assert case.demand[STEAM].sum() == pytest.approx(0.6 * first + 0.3 * second)
    assert case.demand[HOT_WATER].sum() == pytest.approx(0.4 * first + 0.7 * second)
    assert case.fixed_fuel["natural_gas"].sum() == pytest.approx(0.1 * gas)
    assert case.fixed_fuel["lpg"].sum() == pytest.approx(0.6 * lpg)
    assert "diesel" not in case.fixed_fuel
    power = ledger.electricity[ledger.electricity["site"] == "E01"]
    assert case.demand[COLD].sum() == pytest.approx(0.2 * 3.0 * (power["energy_peak"] + power["energy_off_peak"]).sum())


def test_existing_units_can_meet_the_need_of_their_owners_hour_by_hour() -> None:
    _, case, _, _ = sample()
    made = {carrier: np.zeros(case.hours) for carrier in case.demand}
    for unit in case.existing:
        made[unit.outputs[0]] += unit.output_max
    assert made[STEAM] + made[HOT_WATER] == pytest.approx(case.demand[STEAM] + case.demand[HOT_WATER])
    assert made[COLD] == pytest.approx(case.demand[COLD])
    plan = zone_as_it_stands(case)
    for fuel, carrier in (("natural_gas", Carrier.NATURAL_GAS), ("diesel", Carrier.DIESEL), ("lpg", Carrier.LPG)):
        bills = sample()[0].fuels
        billed = bills[bills["carrier"] == carrier].groupby("month")["energy"].sum()
        assert np.bincount(MONTH, fuel_use(case, plan, fuel), 13)[1:] == pytest.approx(billed.to_numpy())


def test_building_nothing_changes_nothing_but_the_connection() -> None:
    ledger, case, notes, _ = sample()
    plan = zone_as_it_stands(case)
    assert plan.flows["grid"] == pytest.approx(park_load(notes), abs=1e-9)
    saved = difference(account(ledger), account(after_design(ledger, plan, case)))
    one_connection = pooling(notes.ledger, park_load(notes), notes.hours)
    assert saved.pop("cost.total") == pytest.approx(one_connection)
    assert saved.pop("cost.electricity") == pytest.approx(one_connection)
    assert list(saved.values()) == pytest.approx([0.0] * len(saved), abs=1e-6)


def test_a_waste_heat_source_changes_the_total_by_the_ledger_difference_and_nothing_twice() -> None:
    ledger, case, _, _ = sample()
    before = account(ledger)
    without, with_heat = (
        account(after_design(ledger, plan_with(case, pv=0.3, waste_heat=on), case)) for on in (False, True)
    )
    added = difference(without, with_heat)
    total = difference(before, with_heat)["cost.total"] - difference(before, without)["cost.total"]
    assert total == pytest.approx(added["cost.total"])
    heat = sum(source.available.sum() for source in case.waste_heat)
    boilers = {unit.name: unit.efficiency for unit in case.existing}
    burnt = added["energy.natural_gas"] * boilers["steam_boilers_natural_gas"]
    burnt += added["energy.diesel"] * boilers["steam_boilers_diesel"]
    burnt += added["energy.lpg"] * boilers["hot_water_boilers_lpg"]
    assert burnt == pytest.approx(heat)  # the heat replaces boilers, once
    assert added["energy.electricity"] == pytest.approx(0.0, abs=1e-6)
    paid = sum(
        added[f"energy.{c}"] * fuel_price_per(ledger, Carrier(c), "MWh") for c in ("natural_gas", "diesel", "lpg")
    )
    exchangers = sum(source.annual_cost * source.available.max() for source in case.waste_heat)
    assert added["cost.total"] == pytest.approx(paid - exchangers)


def test_parts_alone_save_at_least_what_they_save_together() -> None:
    ledger, case, _, _ = sample()
    measures = ["M1", "M2", "M3", "M4", "M5"]
    plan = plan_with(case, pv=0.3, heat_pump=0.2, waste_heat=True, measures=measures)
    start, after = (energy_cost(after_design(ledger, one, case)) for one in (zone_as_it_stands(case), plan))
    parts = abatement(ledger, case, plan)
    assert {part.name for part in parts} == {*measures, "pv_roof", "heat_pump", "waste_heat"}
    assert all(part.net_cost is not None for part in parts)
    alone = -sum(part.net_cost for part in parts if part.net_cost is not None)
    emissions = account(after_design(ledger, zone_as_it_stands(case), case)).totals["emissions.total"]
    together = emissions - account(after_design(ledger, plan, case)).totals["emissions.total"]
    assert alone > start - after
    assert sum(part.tonnes for part in parts if part.tonnes is not None) > together


def test_measures_on_one_boiler_save_less_than_their_sum() -> None:
    _, case, _, _ = sample()
    group = next(group for group in case.measure_groups if group.name == "E01-CAL1")
    saving = {package.measures: package.saving for package in group.packages}
    assert saving == pytest.approx({(): 0.0, ("M1",): 0.1, ("M2",): 0.05, ("M1", "M2"): 1 - 0.9 * 0.95})
    assert saving["M1", "M2"] < saving["M1",] + saving["M2",]
    assert group.base["existing:steam_boilers_natural_gas"] == pytest.approx(group.base[STEAM] + group.base[HOT_WATER])


def test_measures_act_on_what_their_equipment_takes() -> None:
    ledger, case, _, _ = sample()
    groups = {group.name: group for group in case.measure_groups}
    power = ledger.electricity[ledger.electricity["site"] == "E01"]
    energy = (power["energy_peak"] + power["energy_off_peak"]).sum()
    assert groups["E01-MOT1"].base[ELECTRICITY].sum() == pytest.approx(0.3 * energy)
    assert groups["E02-HOR1"].base["fuel:lpg"] == pytest.approx(case.fixed_fuel["lpg"])
    assert groups["E01-ENF1"].base[COLD] == pytest.approx(case.demand[COLD])
    assert groups["E01-ENF1"].packages[-1].saving == pytest.approx(0.1)
    assert not groups["M6"].base
    assert groups["M6"].packages[-1].annual_cost == pytest.approx(10_000 * 0.16274539 - 5_000, rel=1e-6)


def test_plans_by_hand_pass_the_independent_check() -> None:
    _, case, _, _ = sample()
    plan = plan_with(case, pv=0.3, heat_pump=0.2, waste_heat=True, measures=["M1", "M3", "M5"])
    claimed = plan_account(case, plan)
    assert verify(case, plan, cost=claimed.cost, bound=claimed.cost, tariff_class=claimed.tariff_class) == ()


def test_panels_and_collectors_share_the_roof_and_gas_needs_a_connection() -> None:
    _, case, _, _ = sample()
    assert case.limits.roof == 6120.0
    taken = {name: technology.roof for name, technology in case.technologies.items() if technology.roof}
    assert taken == pytest.approx({"pv_roof": 5100.0, "solar_thermal_flat_plate": 1000.0 / 0.7})
    assert {"gas_boiler_steam", "gas_engine_chp"} <= set(case.technologies)
    values = park_values()
    values["park"][0]["zone_gas_available"] = False
    assert not {"gas_boiler_steam", "gas_engine_chp"} & set(case_from(values)[1].technologies)


def without_cold() -> ZoneCase:
    values = park_values()
    values["equipment"] = [row for row in values["equipment"] if row["kind"] != "chiller"]
    values["heat_needs"] = [row for row in values["heat_needs"] if row["kind"] != "cold"]
    values["measures"] = [row for row in values["measures"] if row["measure"] != "M5"]
    return case_from(values)[1]


def test_nothing_is_offered_that_no_one_needs() -> None:
    case = without_cold()
    assert not {"chiller_compression", "chiller_absorption"} & set(case.technologies)
    assert set(case.stores) == {"battery", "heat_store_hot_water"}


@pytest.mark.parametrize(
    ("sheet", "row", "change", "code", "severity"),
    [
        ("equipment", 2, {"share": 80.1}, "EQUIPMENT-SHARE", Severity.ERROR),
        ("equipment", 2, {"share": 0.58}, "EQUIPMENT-FRACTION", Severity.WARNING),
        ("equipment", 1, {"carrier": "lpg"}, "EQUIPMENT-CHILLER", Severity.ERROR),
        ("equipment", 0, {"efficiency": 8.0}, "EQUIPMENT-EFFICIENCY", Severity.ERROR),
        ("equipment", 5, {"carrier": "coal"}, "EQUIPMENT-NO-BILL", Severity.WARNING),
        ("heat_needs", 0, {"share": 90.0}, "NEED-SHARE", Severity.ERROR),
        ("heat_needs", 0, {"share": 30.0}, "NEED-REST", Severity.WARNING),
        ("heat_needs", 0, {"temperature": 220.0}, "NEED-HOT", Severity.WARNING),
        ("heat_needs", 2, {"temperature": -18.0}, "NEED-COLD", Severity.NOTE),
        ("heat_needs", 3, {"firm": "E01", "temperature": 65.0, "share": 0.1}, "NEED-HOT-WATER", Severity.WARNING),
        ("waste_heat", 0, {"temperature": 60.0}, "WASTE-HEAT-COLD", Severity.NOTE),
        ("measures", 0, {"equipment": "E02-HOR1"}, "MEASURE-EQUIPMENT", Severity.ERROR),
        ("measures", 0, {"saving": None}, "MEASURE-SAVING", Severity.ERROR),
        ("measures", 0, {"saving_low": 12.0}, "MEASURE-BAND", Severity.ERROR),
        ("measures", 5, {"substance": "64-19-7"}, "MEASURE-SUBSTANCE", Severity.ERROR),
        ("measures", 5, {"cost_avoided": None}, "MEASURE-AVOIDED", Severity.ERROR),
        ("measures", 5, {"substance_avoided": 901.0}, "MEASURE-AVOIDS-MORE", Severity.ERROR),
        ("park", 0, {"zone_tariff": "free"}, "ZONE-TARIFF-PRICES", Severity.ERROR),
        ("electricity_bills", 3, {"energy_peak": 0.0}, "LOAD-ENERGY-LOW", Severity.ERROR),
        ("electricity_bills", 3, {"energy_peak": 300.0}, "LOAD-SHORT-PEAK", Severity.WARNING),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_with_its_place(
    sheet: str, row: int, change: dict[str, object], code: str, severity: Severity, tmp_path: Path
) -> None:
    values = park_values()
    values[sheet][row] |= change
    findings = check_zone(ledger_of(values), rows_of(values), tmp_path)
    if code == "WASTE-HEAT-COLD":
        findings = case_from(values, tmp_path)[3]
    found = next(finding for finding in findings if finding.code == code)
    assert found.severity is severity
    assert (found.place.sheet, found.place.row) == (sheet, row + 2) or code == "NEED-HOT-WATER"
    assert all(messages(findings))
    if severity is Severity.ERROR:
        with pytest.raises(Refused):
            build_case(ledger_of(values), rows_of(values), tmp_path)


def test_too_many_measures_on_one_equipment(tmp_path: Path) -> None:
    values = park_values()
    values["measures"] += [{**values["measures"][0], "measure": f"X{number}"} for number in range(5)]
    findings = check_zone(ledger_of(values), rows_of(values), tmp_path)
    assert [finding.code for finding in findings if finding.severity is Severity.ERROR] == ["MEASURE-MANY"]


def test_boilers_and_chillers_without_needs_are_taken_at_their_own_medium(tmp_path: Path) -> None:
    values = park_values()
    values["heat_needs"] = []
    _, case, _, findings = case_from(values, tmp_path)
    codes = [finding.code for finding in findings]
    assert codes.count("NEED-MISSING-HEAT") == 2
    assert codes.count("NEED-MISSING-COLD") == 1
    lpg = 12 * 1_500 * 0.0473 / 3.6
    assert case.demand[HOT_WATER].sum() == pytest.approx(0.85 * 0.4 * lpg)


def test_heat_above_steam_keeps_its_fuel(tmp_path: Path) -> None:
    values = park_values()
    values["heat_needs"][0]["temperature"] = 250.0
    _, case, _, _ = case_from(values, tmp_path)
    gas = 12 * 30_000 * 36e-3 / 3.6
    assert case.fixed_fuel["natural_gas"].sum() == pytest.approx((0.1 + 0.9 * 0.6) * gas)


def test_a_plan_is_remarked_on() -> None:
    _, case, notes, _ = sample()
    plan = plan_with(case, pv=0.01, heat_pump=0.2)
    findings = check_plan(case, plan)
    codes = [finding.code for finding in findings]
    assert codes.count("DESIGN-SMALL") == 2
    assert "DESIGN-NO-NETWORK" in codes
    assert all(messages(findings))
    assert worth(0.0, sample()[0], case, zone_as_it_stands(case), notes, notes.parameters).investment == 0
