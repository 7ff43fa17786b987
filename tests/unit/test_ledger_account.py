"""Balance, bills, cost, footprint and account of a small park, against sums done by hand."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from ayni.base.factors import data_rows
from ayni.base.periods import hours_of
from ayni.ledger.account import account, difference, unit_of
from ayni.ledger.balance import Verdict, balance
from ayni.ledger.bills import billed_demand, billed_quantities, electricity_bill, peak_hours, quantities, tariff_classes
from ayni.ledger.cost import cost
from ayni.ledger.footprint import footprint
from ayni.ledger.ledger import COST_COLUMNS, ZONE, table
from ayni.ledger.reading import read_ledger
from ayni.ledger.schema import BilledDemand, Contract, TariffOption
from ayni.ledger.tariffs import (
    OFF_PEAK,
    PRESENT_IN_PEAK,
    SHEET_DATE_UNKNOWN,
    DemandComponent,
    contract_of,
    medium_voltage_tariff,
    tariff_of,
)
from ledger_samples import Values, cells, month, rows_of, sample_ledger, sample_values


def monthly(**columns: list[float]) -> pd.DataFrame:
    count = len(next(iter(columns.values())))
    blank = dict.fromkeys(
        ("energy_peak", "energy_off_peak", "demand_peak", "demand_off_peak", "reactive"), [0.0] * count
    )
    return pd.DataFrame({**blank, "hours_peak": [130.0] * count, **columns}, index=range(1, count + 1))


def tariff(option: str, **more: object):  # type: ignore[no-untyped-def]
    return medium_voltage_tariff(Contract.model_validate({"firm": "E01", "option": option, **more}))


def test_mt2_bill_by_hand() -> None:
    """MT2 of tariffs_pe.csv: demand 300 kW in peak hours, 400 kW off peak, reactive 30 Mvarh of 100 MWh above 30 %."""
    quantity = monthly(
        energy_peak=[20.0], energy_off_peak=[80.0], demand_peak=[0.3], demand_off_peak=[0.4], reactive=[60.0]
    )
    bill = electricity_bill(quantity, tariff("MT2")).loc[1]
    assert bill.to_dict() == pytest.approx({
        "energy_peak": 20_000 * 0.2769, "energy_off_peak": 80_000 * 0.2376, "generation_demand": 300 * 61.35,
        "distribution_demand": 300 * 15.13, "distribution_excess": 100 * 15.52, "reactive": 30_000 * 0.0481,
        "fixed": 4.87,
    })  # fmt: skip


@pytest.mark.parametrize(("option", "energy"), [("MT3", (0.2769, 0.2376)), ("MT4", (0.2464, 0.2464))])
def test_class_by_month_decides_demand_prices(option: str, energy: tuple[float, float]) -> None:
    """0.4 MW × 130 h × 0.5 = 26 MWh in peak hours is the border between the classes."""
    quantity = monthly(energy_peak=[26.0, 25.9], demand_peak=[0.2, 0.4], demand_off_peak=[0.4, 0.3])
    assert tariff_classes(quantity, tariff(option)).to_list() == [PRESENT_IN_PEAK, OFF_PEAK]
    bill = electricity_bill(quantity, tariff(option))
    assert bill["generation_demand"].to_list() == pytest.approx([400 * 56.09, 400 * 29.78])
    assert bill["distribution_demand"].to_list() == pytest.approx([400 * 16.40, 400 * 15.99])
    assert bill["energy_peak"].to_list() == pytest.approx([26_000 * energy[0], 25_900 * energy[0]])


def test_two_highest_in_six_months_wrap_round_the_year() -> None:
    demand = [0.9, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.5, 0.7]
    part = DemandComponent("distribution_demand", "peak", {}, BilledDemand.MEAN_OF_TWO_HIGHEST_IN_SIX_MONTHS)
    billed = billed_demand(monthly(demand_peak=demand), part)
    assert billed.to_list() == pytest.approx([0.8, 0.8, 0.8, 0.8, 0.8, 0.5, 0.1, 0.1, 0.1, 0.1, 0.3, 0.6])
    assert billed_demand(monthly(demand_peak=[0.4]), part).to_list() == [0.4]


def test_excess_off_peak_is_between_billed_demands() -> None:
    part = DemandComponent("distribution_excess", "excess_off_peak", {}, BilledDemand.MEAN_OF_TWO_HIGHEST_IN_SIX_MONTHS)
    quantity = monthly(demand_peak=[0.2, 0.4], demand_off_peak=[0.5, 0.1])
    assert billed_demand(quantity, part).to_list() == pytest.approx([0.3, 0.0])
    assert billed_demand(monthly(demand_peak=[0.2], demand_off_peak=[0.5]), part).to_list() == pytest.approx([0.3])


def test_quantities_of_an_hourly_year_keep_its_energy_and_maxima() -> None:
    hours = hours_of(2025)
    load = np.random.default_rng(7).uniform(0.0, 2.0, len(hours))
    mt2 = tariff("MT2")
    found = quantities(load, hours, mt2, reactive=0.2 * load)
    assert found[["energy_peak", "energy_off_peak"]].sum().sum() == pytest.approx(load.sum())
    assert found[["demand_peak", "demand_off_peak"]].max().max() == load.max()
    assert found["reactive"].sum() == pytest.approx(0.2 * load.sum())
    assert found["hours_peak"].sum() == peak_hours(hours, mt2).sum()
    with pytest.raises(ValueError, match="8759"):
        quantities(load[1:], hours, mt2)
    with pytest.raises(ValueError, match="no number"):
        quantities(np.full(8760, np.nan), hours, mt2)


def test_rest_days_have_peak_hours_only_where_they_are_not_exempt() -> None:
    hours = pd.date_range("2025-03-02", periods=24, freq="h")  # a Sunday
    assert peak_hours(hours, tariff("MT2")).sum() == 0
    assert peak_hours(hours, tariff("MT2", rest_days_exempt=False)).sum() == 5


def test_tariff_factors_say_that_the_sheet_date_is_not_known() -> None:
    assert {factor.date for factor in tariff("MT3").factors()} == {SHEET_DATE_UNKNOWN}
    assert tariff("MT2").reactive.unit == "PEN/Mvarh"
    assert tariff("MT2").fixed.unit == "PEN/month"
    assert {factor.unit for part in tariff("MT4").demand for factor in part.prices.values()} == {"PEN/MW-month"}


def test_own_prices_come_from_the_contract_with_the_park_s_status() -> None:
    free = tariff_of(sample_ledger(), "E02")
    assert (free.energy_peak.value, free.demand[0].prices[""].value) == (150.0, 60_000.0)
    assert free.energy_peak.status == "made_up"
    bill = electricity_bill(billed_quantities(sample_ledger(), "E02", free), free)
    assert bill.loc[1].to_dict() == pytest.approx({
        "energy_peak": 1350.0, "energy_off_peak": 6300.0, "capacity": 6000.0
    })  # fmt: skip


def test_the_zone_has_the_park_s_tariff_unless_a_contract_says_otherwise() -> None:
    ledger = sample_ledger()
    assert contract_of(ledger, ZONE).option is TariffOption.MT3
    values = sample_values()
    values["contracts"].append({"firm": ZONE, "option": "MT4"})
    assert tariff_of(sample_ledger(values), ZONE).option is TariffOption.MT4


def test_water_balance_of_a_process() -> None:
    """950 in, 840 and 100 out: 10 m3 residual; σ = 2 % of 950 and 840, 30 % of 100."""
    found = balance(sample_ledger())[0]
    assert (found.amount_in, found.amount_out, found.residual) == (950.0, 940.0, 10.0)
    assert found.tolerance == pytest.approx(1.96 * (19.0**2 + 16.8**2 + 30.0**2) ** 0.5 + 0.001)
    assert found.verdict is Verdict.BALANCED
    assert found.blurred_by == "E02-TINTE → environment: steam lost"
    assert found.blurred_share == pytest.approx(900 / (900 + 361 + 282.24))


def mass_values(*flows: Values) -> dict[str, list[Values]]:
    values = sample_values()
    values["processes"] = [{"process": "P", "firm": "E01", "name": "Mezcla", "balance": "mass"}]
    values["flows"] = [{"month": month(1), "measured": "meter", "sigma": 1.0, **flow} for flow in flows]
    return values


def test_mass_balance_takes_water_by_its_density_and_stock_as_stock() -> None:
    found = balance(sample_ledger(mass_values(
        {"origin": "market", "destination": "P", "kind": "material", "resource": "salt", "amount": 2.0, "unit": "t"},
        {"origin": "market", "destination": "P", "kind": "water", "resource": "water", "amount": 3.0, "unit": "m3"},
        {"origin": "P", "destination": "market", "kind": "product", "resource": "brine", "amount": 4500, "unit": "kg"},
        {"origin": "P", "destination": "unknown", "kind": "stock", "resource": "brine", "amount": 500, "unit": "kg"},
    )))[0]  # fmt: skip
    assert (found.amount_in, found.amount_out, found.stock_change, found.residual) == (5000.0, 4500.0, 500.0, 0.0)
    assert found.water_density == 1000.0
    assert found.verdict is Verdict.BALANCED


def test_a_volume_without_known_mass_has_no_mass_balance() -> None:
    found = balance(sample_ledger(mass_values(
        {"origin": "market", "destination": "P", "kind": "material", "resource": "acid", "amount": 2.0, "unit": "m3"},
    )))[0]  # fmt: skip
    assert found.verdict is Verdict.NO_DATA


def test_costs_by_item() -> None:
    lines = cost(sample_ledger()).lines.set_index(["site", "item", "component"])["amount"]
    assert lines["E01", "diesel", "fuel"] == pytest.approx(1500 * 11.07)
    assert lines["E02", "natural_gas", "fuel"] == pytest.approx(10_000 * 0.2 * 3.374)
    assert lines["E02", "biomass", "fuel"] == pytest.approx(1800.0)
    assert lines["E01", "materials", "scrap"] == pytest.approx(80_000.0)
    assert lines["E01", "waste", "landfill"] == pytest.approx(20 * 130.0)
    assert lines["E01", "waste", "secure_landfill"] == pytest.approx(500 * 0.7)
    assert lines["E02", "water", "market"] == pytest.approx(1000 * 9.46)
    assert lines["E02", "sewer", "sewer"] == pytest.approx(890 * 4.27)
    assert ("E02", "water", "environment") not in lines.index


def test_what_one_firm_pays_another_leaves_the_park_s_total_unchanged() -> None:
    values = sample_values()
    before = cost(sample_ledger(values)).total
    values["flows"].append({
        "month": month(1), "origin": "E01", "destination": "E02", "kind": "material", "resource": "pallets",
        "amount": 3.0, "unit": "t", "measured": "invoice", "unit_cost": 100.0,
    })  # fmt: skip
    after = cost(sample_ledger(values))
    assert after.total == pytest.approx(before)
    pallets = after.lines[after.lines["component"].isin(["pallets", "between_firms"])]
    assert pallets.set_index("site")["amount"].to_dict() == pytest.approx({"E02": 300.0, "E01": -300.0})


def test_footprint_by_hand() -> None:
    found = footprint(sample_ledger())
    assert cells(found.energy, "energy", site="E01", carrier="electricity") == pytest.approx([228.0])
    assert cells(found.energy, "energy", "amount", site="E01", carrier="diesel") == pytest.approx([56.25, 1500.0])
    assert cells(found.energy, "unit", site="E01", carrier="diesel") == ["gal"]
    power = cells(found.emissions, "scope", "co2e", site="E01", carrier="electricity")
    assert power == pytest.approx([2, 228 * 0.170809])
    diesel = cells(found.emissions, "scope", "co2e", carrier="diesel")
    assert diesel == pytest.approx([1, 202.5 * (0.0741 + 3e-6 * 28 + 0.6e-6 * 265)])
    assert cells(found.emissions, "biogenic", carrier="biomass") == pytest.approx([156 * 0.112])
    assert found.water.set_index("source")["amount"].to_dict() == {"market": 1000.0, "environment": 200.0}
    assert found.wastewater[["site", "destination", "management", "amount"]].to_numpy().tolist() == [
        ["E02", "environment", "sewer", 890.0]
    ]
    assert found.waste.set_index("management")["amount"].to_dict() == {"landfill": 20.0, "secure_landfill": 0.5}


def test_totals_have_units_and_differences_cover_both_sides() -> None:
    before = account(sample_ledger())
    ledger = sample_ledger()
    costs = table(COST_COLUMNS, [{"site": ZONE, "item": item, "amount": 500.0} for item in ("annuity", "annuity")])
    after = account(replace(ledger, fuels=ledger.fuels.iloc[2:], other_costs=costs))
    saved = difference(before, after)
    assert saved["amount.diesel"] == pytest.approx(1500.0)
    assert saved["cost.annuity"] == -1000.0
    assert saved["cost.total"] == pytest.approx(1500 * 11.07 - 1000.0)
    assert saved["emissions.total"] == pytest.approx(saved["emissions.scope1"])
    assert {unit_of(key) for key in saved} == {"MWh", "m3", "gal", "kg", "t", "t CO2e", "t CO2", "PEN"}
    assert before.totals["waste.hazardous"] == 0.5
    assert difference(before, before) == dict.fromkeys(before.totals, 0.0)


def test_water_passed_on_inside_the_park_is_taken_once() -> None:
    values = sample_values()
    values["flows"].append({
        "month": month(1), "origin": "E01", "destination": "E02", "kind": "water", "resource": "condensate",
        "amount": 50.0, "unit": "m3", "measured": "meter",
    })  # fmt: skip
    assert account(sample_ledger(values)).totals["water.total"] == 1200.0


def test_every_default_names_its_source_and_status() -> None:
    assert all(row["source"] and row["status"] for row in data_rows("ledger_defaults")[1])


def test_a_ledger_without_bills_costs_nothing() -> None:
    values = {name: rows for name, rows in sample_values().items() if name in {"park", "firms", "prices"}}
    ledger, _ = read_ledger(rows_of(values))
    assert ledger is not None
    assert set(account(ledger).totals.values()) == {0.0}
