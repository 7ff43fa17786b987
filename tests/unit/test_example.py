"""The example park: valid, consistent in itself, made by its tool, and faulty only where it says so."""

import gzip
import importlib.util
from collections import defaultdict
from functools import cache
from math import cos, hypot, radians
from pathlib import Path
from types import ModuleType
from typing import TypeVar, cast

import numpy as np
import pandas as pd
import pytest
from ruamel.yaml import YAML

from ayni.assessment.schema import Answer, AnswerValue, Input
from ayni.base.factors import economics
from ayni.base.findings import Severity
from ayni.base.periods import hours_of, is_peak
from ayni.base.sheets import Row
from ayni.base.texts import LANGUAGES, Language
from ayni.exchange.schema import Offer, Want
from ayni.ledger.balance import Verdict, balance
from ayni.ledger.checks import check_ledger
from ayni.ledger.footprint import footprint
from ayni.ledger.ledger import Ledger
from ayni.ledger.reading import read_ledger
from ayni.ledger.schema import (
    OUTSIDE,
    Carrier,
    Contract,
    DataOrigin,
    ElectricityBill,
    Firm,
    Flow,
    FuelBill,
    Park,
    Price,
    Process,
    Substance,
)
from ayni.parks.example import example_rows, write_example
from ayni.parks.workbook import SHEETS, read_park_workbook
from ayni.zones.schema import Equipment, EquipmentKind, HeatNeed, Measure, MeasureKind, NeedKind, Profile, WasteHeat

ROOT = Path(__file__).parents[2]
SHIPPED = ROOT / "src" / "ayni" / "data" / "example"
COMPUTED = ("electricity_bills", "fuel_bills", "flows", "prices", "measures")
SHEET_OF: dict[type[Row], str] = {
    Park: "park", Firm: "firms", Process: "processes", Flow: "flows", ElectricityBill: "electricity_bills",
    Contract: "contracts", FuelBill: "fuel_bills", Price: "prices", Substance: "substances", Answer: "answers",
    Input: "inputs", Offer: "offers", Want: "wants", Equipment: "equipment", HeatNeed: "heat_needs",
    WasteHeat: "waste_heat", Profile: "profiles", Measure: "measures",
}  # fmt: skip
RowOf = TypeVar("RowOf", bound=Row)


@cache
def all_rows() -> dict[str, list[Row]]:
    return example_rows()


def rows_of(kind: type[RowOf]) -> list[RowOf]:
    return cast("list[RowOf]", all_rows()[SHEET_OF[kind]])


@cache
def ledger() -> Ledger:
    read, findings = read_ledger(all_rows())
    assert read is not None, findings
    return read


def maker() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_example", ROOT / "tools" / "make_example.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def firm_of(node: str) -> str:
    owners = {process.process: process.firm for process in rows_of(Process)}
    return owners.get(node, node)


def places(row: Row) -> list[tuple[str | None, str | None]]:
    return [(row.place_of(field).sheet, row.place_of(field).cell) for field in type(row).model_fields]


def test_the_shipped_sheets_are_those_that_the_tool_makes(tmp_path: Path) -> None:
    maker().make(tmp_path)
    for name in COMPUTED:
        assert (tmp_path / f"{name}.csv").read_bytes() == (SHIPPED / f"{name}.csv").read_bytes(), name


def test_twelve_made_up_firms_within_two_kilometres() -> None:
    park = rows_of(Park)[0]
    firms = rows_of(Firm)
    assert park.origin is DataOrigin.MADE_UP
    assert len(firms) == 12
    assert len({firm.isic for firm in firms}) == 12
    assert all(firm.ruc.startswith("20999") for firm in firms)
    for firm in firms:
        north = (firm.latitude - park.latitude) * 111.2
        east = (firm.longitude - park.longitude) * 111.2 * cos(radians(park.latitude))
        assert hypot(north, east) < 2.0


def test_every_code_that_a_row_names_exists() -> None:
    firms = {firm.firm for firm in rows_of(Firm)}
    nodes = firms | set(OUTSIDE) | {process.process for process in rows_of(Process)}
    machines = {machine.equipment: machine.firm for machine in rows_of(Equipment)}
    stored = {(substance.firm, substance.cas) for substance in rows_of(Substance)}
    assert {node for flow in rows_of(Flow) for node in (flow.origin, flow.destination)} <= nodes
    kinds: tuple[type[Row], ...] = (
        Process, ElectricityBill, Contract, FuelBill, Substance, Offer, Want, Equipment, HeatNeed, WasteHeat, Profile,
    )  # fmt: skip
    assert {getattr(row, "firm", None) for kind in kinds for row in rows_of(kind)} <= firms
    for measure in rows_of(Measure):
        if measure.kind is MeasureKind.EFFICIENCY:
            assert machines[str(measure.equipment)] == measure.firm
        else:
            assert (measure.firm, measure.substance) in stored


def test_offers_leave_their_firm_and_wants_enter_theirs_at_the_price_paid() -> None:
    leaving = {(firm_of(flow.origin), flow.resource) for flow in rows_of(Flow)}
    entering = {(firm_of(flow.destination), flow.resource): flow.unit_cost for flow in rows_of(Flow)}
    assert {(offer.firm, offer.resource) for offer in rows_of(Offer)} <= leaving
    water = next(price.value for price in rows_of(Price) if price.item == "water")
    for want in rows_of(Want):
        paid = entering[want.firm, want.resource]
        assert (water if paid is None else paid) == want.purchase_price
    wanted = {want.material for want in rows_of(Want)}
    assert {offer.material for offer in rows_of(Offer)} == wanted


def test_bills_fit_their_demand_hours_and_shifts() -> None:
    hours = hours_of(rows_of(Park)[0].year)
    contracts = {contract.firm: contract for contract in rows_of(Contract)}
    firms = {firm.firm: firm for firm in rows_of(Firm)}
    for bill in rows_of(ElectricityBill):
        peak = is_peak(hours, 18, 23, rest_days_exempt=contracts[bill.firm].rest_days_exempt)
        now = np.asarray(hours.month == bill.month.month)
        assert bill.demand_peak <= bill.energy_peak <= bill.demand_peak * (now & peak).sum()
        assert bill.demand_off_peak <= bill.energy_off_peak <= bill.demand_off_peak * (now & ~peak).sum()
        energy, demand = bill.energy_peak + bill.energy_off_peak, max(bill.demand_peak, bill.demand_off_peak)
        low, high = (0.12, 0.35) if bill.firm == "E01" else (0.35, 0.85)
        assert low < energy / demand / now.sum() < high
        if firms[bill.firm].shifts == 1:
            assert bill.energy_peak / energy < 0.13


@pytest.mark.parametrize(
    ("carrier", "energy"),
    [("electricity", 12400), ("natural_gas", 18300), ("diesel", 5200), ("lpg", 2600), ("residual_fuel", 2600),
     ("biomass", 1500)],
)  # fmt: skip
def test_yearly_energy_of_each_carrier(carrier: str, energy: float) -> None:
    """Megawatt-hours, as the yearly figures of the tool intend them; the bills round each month."""
    used = footprint(ledger()).energy
    assert used.loc[used["carrier"] == carrier, "energy"].sum() == pytest.approx(energy, rel=1e-4)


def test_the_measured_profile_is_the_published_year() -> None:
    """UCI data set 10.24432/C52G8C: 959.6 MWh in 2018; the bills of the firm that carries it add up to the same."""
    profile = rows_of(Profile)[0]
    with gzip.open(SHIPPED / "profiles" / profile.file, "rt") as file:
        table = pd.read_csv(file, parse_dates=["interval_start"])
    expected = pd.Series(pd.date_range("2018-01-01", "2018-12-31 23:00", freq="h"), name="interval_start")
    assert (table["interval_start"] == expected).all()
    assert table["value"].sum() == pytest.approx(959_636.71)
    assert table["value"].max() == pytest.approx(564.3)
    billed = sum(bill.energy_peak + bill.energy_off_peak for bill in rows_of(ElectricityBill) if bill.firm == "E01")
    assert billed == pytest.approx(959_637, abs=12)


def test_equipment_takes_no_more_than_its_firm_buys() -> None:
    bought = {(bill.firm, bill.carrier) for bill in rows_of(FuelBill)}
    bought |= {(bill.firm, Carrier.ELECTRICITY) for bill in rows_of(ElectricityBill)}
    taken: dict[tuple[str, Carrier], float] = defaultdict(float)
    for machine in rows_of(Equipment):
        taken[machine.firm, machine.carrier] += machine.share
        if machine.kind in (EquipmentKind.STEAM_BOILER, EquipmentKind.HOT_WATER_BOILER):
            assert 0.72 <= machine.efficiency <= 0.88
    assert set(taken) == bought
    assert max(taken.values()) <= 100


def test_heat_and_cold_needs_share_out_what_boilers_and_chillers_give() -> None:
    boilers = (EquipmentKind.STEAM_BOILER, EquipmentKind.HOT_WATER_BOILER)
    sources = {
        (machine.firm, NeedKind.HEAT if machine.kind in boilers else NeedKind.COLD)
        for machine in rows_of(Equipment)
        if machine.kind in (*boilers, EquipmentKind.CHILLER)
    }
    shares: dict[tuple[str, NeedKind], float] = defaultdict(float)
    for need in rows_of(HeatNeed):
        shares[need.firm, need.kind] += need.share
    assert set(shares) == sources
    assert set(shares.values()) == {100.0}
    only_hot_water = {machine.firm for machine in rows_of(Equipment) if machine.kind is boilers[1]}
    assert all(need.temperature <= 80 for need in rows_of(HeatNeed) if need.firm in only_hot_water)


def test_a_measure_costs_what_the_technology_file_says() -> None:
    """LED at E02: 55 % of 6 % of 2,580 MWh at 250 USD per MWh/a saved and 3.364 PEN/USD = 71,602 PEN."""
    led = next(measure for measure in rows_of(Measure) if measure.measure == "M01")
    assert (led.saving, led.saving_low, led.saving_high, led.life) == (55, 40, 75, 12)
    assert led.investment == 71_600
    assert sum(measure.kind is MeasureKind.CHEMICALS for measure in rows_of(Measure)) == 3
    on_one_boiler = [measure for measure in rows_of(Measure) if measure.equipment == "E03-CAL1"]
    assert len(on_one_boiler) == 3


def test_free_contracts_pay_the_energy_and_capacity_prices_of_the_factor_file() -> None:
    rate = rows_of(Park)[0].pen_per_usd
    energy = economics("power_free_market_contract_energy").value * rate / 1000
    capacity = economics("capacity_price_generation").value + economics("transmission_toll_main").value
    free = [contract for contract in rows_of(Contract) if contract.option == "free"]
    assert len(free) == 2
    for contract in free:
        assert contract.price_energy_peak == pytest.approx(energy, abs=1e-5)
        assert contract.price_demand_peak == capacity
    assert {str(contract.option) for contract in rows_of(Contract)} == {"MT2", "MT3", "MT4", "free", "other"}
    assert rate == economics("usd_pen", "2025-12-31").value


def test_answers_and_inputs_are_asked_for_by_the_shipped_framework() -> None:
    framework = YAML(typ="safe").load((SHIPPED.parent / "frameworks" / "eip-2017-draft.yaml").read_text("utf-8"))
    asked = {line["id"] for group in framework["groups"] for line in group["requirements"]}
    assert len(asked) == 51
    assert {answer.requirement for answer in rows_of(Answer)} <= asked
    assert {given.name for given in rows_of(Input)} <= set(framework["inputs"])
    given = {answer.answer: answer for answer in rows_of(Answer)}
    assert given[AnswerValue.NOT_APPLICABLE].reason
    assert {answer.value for answer in given} == {"yes", "partly", "no", "no_data", "not_applicable"}


def test_the_ledger_takes_the_example_without_an_error() -> None:
    read, findings = read_ledger(all_rows())
    assert read is not None
    assert {finding.code for finding in findings} == {"LEDGER-PRICE-DATE"}


def test_every_process_balances_but_the_one_that_is_meant_to_be_open() -> None:
    balances = balance(ledger())
    assert {one.process for one in balances if one.verdict is Verdict.OPEN} == {"E12-MECANICO"}
    assert sum(one.verdict is Verdict.BALANCED for one in balances) == len(balances) - 1
    serious = [finding for finding in check_ledger(ledger()) if finding.severity is not Severity.NOTE]
    assert {finding.code for finding in serious} == {"LEDGER-BALANCE-OPEN"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_workbook_carries_the_same_rows_and_the_profile_lies_beside_it(language: Language, tmp_path: Path) -> None:
    path = write_example(tmp_path, language)
    assert {file.name for file in tmp_path.iterdir()} == {path.name, "E01_electricity.csv.gz"}
    read, findings = read_park_workbook(path)
    assert findings == ()
    assert {name: [row.model_dump() for row in kept] for name, kept in read.items()} == {
        name: [row.model_dump() for row in kept] for name, kept in all_rows().items()
    }
    assert [places(row) for row in read["wants"]] == [places(row) for row in example_rows(language)["wants"]]


def test_the_columns_stand_in_the_order_of_the_workbook() -> None:
    for sheet in SHEETS:
        header = (SHIPPED / f"{sheet.name}.csv").read_text(encoding="utf-8").partition("\n")[0]
        assert header.split(",") == list(sheet.row.model_fields)
