"""Shapes, parameters, the connection, waste heat, weeks: the parts that a case is made of."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ayni.base.money import annuity
from ayni.base.texts import catalogue
from ayni.ledger.bills import electricity_bill, quantities
from ayni.ledger.ledger import ZONE
from ayni.ledger.schema import BilledDemand, Contract, Firm, TariffOption
from ayni.ledger.tariffs import tariff_of
from ayni.zones.abatement import zone_as_it_stands
from ayni.zones.connection import pooling, with_zone_contract, zone_tariff
from ayni.zones.dispatch.account import electricity_lines
from ayni.zones.needs import need_parts
from ayni.zones.parameters import CHOICES, parameters_of, stores_of, technologies_of
from ayni.zones.replay import replayed, settled
from ayni.zones.schema import HeatNeed, NeedKind
from ayni.zones.shapes import IDLE, Array, activity, spread
from ayni.zones.waste_heat import exchanger_of, parts_by_carrier
from ayni.zones.weeks import GROUPS, mean_days, supply_and_demand, typical_weeks, week_starts
from ledger_samples import Values
from zones_case_samples import HOURS, MONTH, PEAK, case_from, ledger_of, messages, park_values, plan_with, sample


def firm(shifts: int, work_days: int) -> Firm:
    return Firm(
        firm="E01", ruc="20100000017", name="x", isic="1313", employees=1, shifts=shifts, work_days=work_days,
        roof_area=0.0, latitude=0.0, longitude=0.0,
    )  # fmt: skip


def on(values: Array, day: str) -> Array:
    return np.asarray(values[HOURS.normalize() == pd.Timestamp(day)])


@pytest.mark.parametrize(("shifts", "first", "last"), [(1, 7, 14), (2, 7, 22), (3, 0, 23)])
def test_shifts_are_worked_and_the_rest_fades(shifts: int, first: int, last: int) -> None:
    shape = activity(firm(shifts, 5), HOURS)
    tuesday = on(shape, "2025-03-11")
    assert (tuesday[first : last + 1] == 1.0).all()
    outside = np.delete(tuesday, np.arange(first, last + 1))
    assert ((outside >= IDLE) & (outside < 1.0)).all()
    assert (on(shape, "2025-03-16") == IDLE).all()  # Sunday
    assert (on(shape, "2025-07-28") == IDLE).all()  # Monday, Independence Day
    assert (on(shape, "2025-03-15") == IDLE).all()  # Saturday, free at five days a week


def test_work_on_six_and_seven_days() -> None:
    assert on(activity(firm(1, 6), HOURS), "2025-03-15").max() == 1.0
    assert on(activity(firm(1, 7), HOURS), "2025-07-28").max() == 1.0


def test_spreading_keeps_each_month() -> None:
    monthly = np.arange(12, dtype=float)
    assert np.bincount(MONTH, spread(monthly, activity(firm(2, 6), HOURS), MONTH), 13)[1:] == pytest.approx(monthly)


def need(temperature: float, share: float, kind: NeedKind = NeedKind.HEAT) -> HeatNeed:
    return HeatNeed(firm="E01", kind=kind, temperature=temperature, share=share)


def test_temperatures_part_steam_hot_water_and_what_stays() -> None:
    parts = need_parts([need(80, 20), need(80.1, 30), need(180, 10), need(180.1, 25)], NeedKind.HEAT, "steam")
    assert parts == pytest.approx({"hot_water": 0.2, "steam": 0.3 + 0.1 + 0.15, "own": 0.25})
    cold = need_parts([need(5, 60, NeedKind.COLD), need(4.9, 40, NeedKind.COLD)], NeedKind.COLD, "cold")
    assert cold == pytest.approx({"cold": 0.6, "own": 0.4})
    assert need_parts([], NeedKind.HEAT, "steam") == {"steam": 1.0}


def test_waste_heat_becomes_steam_first_and_hot_water_after_it() -> None:
    assert parts_by_carrier(104.9, 25.0) == {}
    assert parts_by_carrier(205.0, 25.0) == {"hot_water": 1.0}
    assert parts_by_carrier(305.0, 25.0) == pytest.approx({"steam": 0.5, "hot_water": 0.5})
    assert (exchanger_of(100.0), exchanger_of(100.1)) == ("waste_heat_liquid", "waste_heat_gas")


def test_a_source_gives_its_heat_times_the_effectiveness() -> None:
    _, case, notes, _ = sample()
    assert {source.carrier for source in case.waste_heat} == {"steam", "hot_water"}
    recovered = sum(source.available.sum() for source in case.waste_heat)
    assert recovered == pytest.approx(600.0 * notes.parameters.value("waste_heat_gas", "effectiveness"))


def test_every_choice_has_its_words() -> None:
    wanted = {key for pick in CHOICES for key in (pick.reason, f"role.{pick.role}", f"technology.{pick.technology}")}
    assert wanted <= catalogue().keys()
    assert len({(pick.technology, pick.role) for pick in CHOICES}) == len(CHOICES)


def test_costs_are_converted_at_the_studys_rates_and_with_perus_factor() -> None:
    ledger, *_ = sample()
    parameters = parameters_of(ledger.money, 0.1)
    built = technologies_of(parameters)
    euro, dollar, peru = 3.4 * 1.1, 3.4, 1.05
    assert built["pv_roof"].investment == pytest.approx(850_000 * dollar)  # a local price: no factor
    pump = (730_000 + 146_000) * euro * peru
    assert built["heat_pump"].investment == pytest.approx(pump)
    assert built["heat_pump"].annual_cost == pytest.approx(pump * (annuity(0.1, 20) + 0.0027))
    assert built["heat_pump"].variable_cost == pytest.approx(3.26 * euro)
    assert built["solar_thermal_flat_plate"].investment == pytest.approx(380 * dollar * peru * 1000 / 0.7)
    engine = built["gas_engine_chp"]
    burnt = engine.inputs["fuel:natural_gas"]
    assert 1 / burnt == pytest.approx(0.45)
    assert sum(engine.by_products.values()) / burnt == pytest.approx(0.47)
    stores = stores_of(parameters)
    assert stores["battery"].energy_investment == pytest.approx(198_900 * euro * peru)
    assert stores["cold_store_chilled_water"].charge_efficiency ** 2 == pytest.approx(0.92)


def test_another_value_of_a_factor_changes_what_rests_on_it() -> None:
    ledger, *_ = sample()
    parameters = parameters_of(ledger.money, 0.1)
    cheap = parameters.with_value("technologies/pv_roof/investment_peru_market", 425_000.0)
    assert technologies_of(cheap)["pv_roof"].annual_cost == pytest.approx(
        technologies_of(parameters)["pv_roof"].annual_cost / 2
    )
    assert technologies_of(cheap)["heat_pump"] == technologies_of(parameters)["heat_pump"]


@pytest.mark.parametrize("option", [TariffOption.MT2, TariffOption.MT3, TariffOption.MT4])
@pytest.mark.parametrize("rule", list(BilledDemand))
def test_the_designs_tariff_bills_as_the_ledger_does(option: TariffOption, rule: BilledDemand) -> None:
    ledger, case, _, _ = sample()
    contract = Contract(firm=ZONE, option=option, billed_demand=rule)
    tariff = tariff_of(replace(ledger, contracts={**ledger.contracts, ZONE: contract}), ZONE)
    for load in (np.where(PEAK, 1.0, 0.9), np.where(PEAK, 0.05, 0.3 + 0.1 * np.sin(np.arange(8760) / 500))):
        seen = replace(case, tariff=zone_tariff(tariff, PEAK))
        classes = seen.tariff.classes
        ratio = load[PEAK].mean() / load.max()
        earned = classes[0] if len(classes) == 1 or ratio >= 0.5 else classes[1]
        bill = electricity_bill(quantities(load, HOURS, tariff), tariff)
        assert sum(electricity_lines(seen, load, earned).values()) == pytest.approx(float(bill.to_numpy().sum()))


def free_park() -> dict[str, list[Values]]:
    values = park_values()
    values["park"][0]["zone_tariff"] = "free"
    values["contracts"] = [
        {"firm": "E01", "option": "free", "price_energy_peak": 0.2, "price_energy_off_peak": 0.1,
         "price_demand_peak": 60.0, "billed_demand": "mean_of_two_highest_in_six_months", "rest_days_exempt": False},
        {"firm": "E02", "option": "free", "price_energy_peak": 0.3, "price_energy_off_peak": 0.2,
         "price_demand_peak": 40.0, "price_fixed": 10.0},
    ]  # fmt: skip
    values["electricity_bills"] = [
        {**row, "energy_peak": 1000.0 if row["firm"] == "E01" else 500.0, "demand_peak": 60.0, "demand_off_peak": 900.0}
        for row in values["electricity_bills"]
    ]
    return values


def test_a_free_zone_pays_the_firms_mean_prices() -> None:
    ledger, findings = with_zone_contract(ledger_of(free_park()))
    contract = ledger.contracts[ZONE]
    assert contract.price_energy_peak == pytest.approx((0.2 * 1000 + 0.3 * 500) / 1500)
    assert contract.price_demand_peak == pytest.approx(50.0)
    assert contract.price_fixed == pytest.approx(10.0)
    assert contract.billed_demand is BilledDemand.MEAN_OF_TWO_HIGHEST_IN_SIX_MONTHS
    assert contract.rest_days_exempt is False
    assert [finding.code for finding in findings] == ["ZONE-TARIFF-MEAN"]
    assert all(messages(findings))


def test_the_zones_own_contract_comes_first() -> None:
    values = park_values()
    values["contracts"].append({"firm": "zone", "option": "MT4"})
    ledger, findings = with_zone_contract(ledger_of(values))
    assert ledger.contracts[ZONE].option is TariffOption.MT4
    assert not findings


def test_one_connection_is_worth_the_bills_less_the_bill_of_the_sum() -> None:
    """Two firms at one price of capacity [PEN/MW-month], whose sum is flat: it pays for less than both maxima."""
    values = free_park()
    for contract in values["contracts"]:
        contract |= {
            "price_energy_peak": 0.1, "price_energy_off_peak": 0.1, "price_demand_peak": 50.0, "price_fixed": 0.0,
            "billed_demand": "month_maximum", "rest_days_exempt": True,
        }  # fmt: skip
    ledger, _ = with_zone_contract(ledger_of(values))
    bills = ledger.electricity.groupby("month")[["energy_peak", "energy_off_peak"]].sum()
    flat = np.where(PEAK, *(spread(bills[name].to_numpy(), hours.astype(float), MONTH)
                            for name, hours in (("energy_peak", PEAK), ("energy_off_peak", ~PEAK))))  # fmt: skip
    highest = pd.Series(flat[PEAK]).groupby(MONTH[PEAK]).max()
    assert pooling(ledger, flat, HOURS) == pytest.approx(50_000 * (2 * 0.06 - highest).sum())


def test_a_dearer_connection_is_said() -> None:
    values = park_values()
    for contract in values["contracts"]:
        contract |= {
            "option": "free", "price_energy_peak": 0.01, "price_energy_off_peak": 0.01, "price_demand_peak": 1.0
        }  # fmt: skip
    findings = case_from(values)[3]
    found = next(finding for finding in findings if finding.code == "ZONE-TARIFF-DEARER")
    assert float(str(found.values["loss"])) > 0
    assert all(messages(findings))


def test_a_plan_in_its_own_case_is_itself() -> None:
    _, case, _, _ = sample()
    plan = plan_with(case, pv=0.3, heat_pump=0.2, waste_heat=True, measures=["M1", "M3"])
    again = replayed(case, plan, case)
    assert again is not None
    for name, flow in plan.flows.items():
        assert again.flows[name] == pytest.approx(flow, abs=1e-9), name


def test_less_sun_is_bought_from_the_grid() -> None:
    _, case, _, _ = sample()
    plan = plan_with(case, pv=0.3)
    darker = replayed(case, plan, replace(case, solar_pv=0.5 * case.solar_pv))
    assert darker is not None
    assert darker.flows["grid"] - plan.flows["grid"] == pytest.approx(0.5 * plan.flows["pv_roof"], abs=1e-9)


def test_a_plan_that_cannot_be_run_says_so() -> None:
    _, case, _, _ = sample()
    start = zone_as_it_stands(case)
    needy = replace(case, demand={**case.demand, "steam": case.demand["steam"] + 1.0})
    assert settled(needy, start) is None


def test_supply_meets_demand_in_every_group() -> None:
    _, case, notes, _ = sample()
    plan = plan_with(case, pv=0.3, heat_pump=0.2, waste_heat=True)
    for carriers in GROUPS.values():
        flows = supply_and_demand(case, plan, carriers)
        demand = flows.pop("demand")
        assert sum(flows.values()) == pytest.approx(demand, abs=1e-9)
    weeks = typical_weeks(case, plan, notes.hours)
    assert set(weeks["season"]) == {"summer", "winter"}
    assert set(weeks.groupby(["season", "carrier", "flow"]).size()) == {168}
    for season, first in week_starts(case, notes.hours).items():
        monday = notes.hours[first]
        assert (monday.day_of_week, monday.hour) == (0, 0)
        assert monday.month in ((1, 2, 3) if season == "summer" else (7, 8, 9))


def test_mean_days() -> None:
    table = mean_days(np.asarray(HOURS.hour, dtype=float), HOURS)
    assert len(table) == 12 * 24
    assert table["power"].to_numpy() == pytest.approx(table["hour"].to_numpy())
