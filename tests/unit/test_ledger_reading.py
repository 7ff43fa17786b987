"""Rows of the sheets become a ledger; what is wrong becomes a finding with its cell."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from ayni.base.factors import MissingFactor
from ayni.base.findings import Finding, Severity
from ayni.base.texts import LANGUAGES
from ayni.ledger.checks import check_ledger
from ayni.ledger.fuels import emission_factors, energy_per, grid_factor, heating_value, physical_amount
from ayni.ledger.prices import MissingPrice, at_price_end, fuel_price_per, price_per
from ayni.ledger.reading import read_ledger
from ayni.ledger.row_checks import waste_code
from ayni.ledger.schema import Carrier, PriceItem
from ledger_samples import SHEETS, Values, cells, month, rows_of, sample_ledger, sample_values

Change = Callable[[dict[str, list[Values]]], None]


def findings_after(change: Change) -> tuple[Finding, ...]:
    values = sample_values()
    change(values)
    ledger, findings = read_ledger(rows_of(values))
    assert (ledger is None) == any(finding.severity is Severity.ERROR for finding in findings)
    return findings if ledger is None else (*findings, *check_ledger(ledger))


def set_cell(sheet: str, row: int, **cells: object) -> Change:
    return lambda values: values[sheet][row].update(cells)


def drop_row(sheet: str, row: int) -> Change:
    return lambda values: values[sheet].remove(values[sheet][row])


def test_the_sample_reads_without_errors_or_warnings() -> None:
    ledger, findings = read_ledger(rows_of(sample_values()))
    assert ledger is not None
    assert not [finding for finding in (*findings, *check_ledger(ledger)) if finding.severity is not Severity.NOTE]


def test_units_are_converted_at_the_door() -> None:
    ledger = sample_ledger()
    scrap = cells(ledger.flows, "amount", "unit", "unit_cost", "sigma", resource="scrap")
    assert scrap == [100_000.0, "kg", 0.8, 5_000.0]
    dust = cells(ledger.flows, "amount", "hazardous", "waste_code", resource="filter dust")
    assert dust == [500.0, True, "10 02 07*"]
    assert cells(ledger.flows, "row", resource="foundry sand") == [3]
    bill = cells(ledger.electricity, "energy_peak", "demand_peak", "reactive", site="E01", month=1)
    assert bill == [20.0, 0.3, 50.0]
    diesel = ledger.fuels[ledger.fuels["carrier"] == "diesel"]
    assert diesel["unit"].to_list() == ["m3", "m3"]
    assert diesel["amount"].to_list() == pytest.approx([3.785411784, 1.892705892], rel=1e-12)
    assert cells(ledger.fuels, "amount", "unit", carrier="lpg") == [2000.0, "kg"]


def test_water_that_was_weighed_is_counted_in_cubic_metres() -> None:
    values = sample_values()
    values["flows"][3].update(amount=1000.0, unit="t", unit_cost=5.0)
    water = sample_ledger(values).flows.iloc[3]
    assert water[["amount", "unit", "unit_cost"]].to_list() == pytest.approx([1000.0, "m3", 5.0])


@pytest.mark.parametrize(
    ("carrier", "unit", "amount", "gigajoules"),
    [
        (Carrier.NATURAL_GAS, "m3", 1.0, 0.0360),
        (Carrier.DIESEL, "gal", 1.0, 0.135),
        (Carrier.LPG, "kg", 1.0, 0.0473),
        (Carrier.LPG, "m3", 1.0, 26.4),
        (Carrier.RESIDUAL_FUEL, "gal", 1.0, 0.150),
        (Carrier.COAL, "t", 1.0, 25.8),
        (Carrier.BIOMASS, "t", 1.0, 15.6),
        (Carrier.NATURAL_GAS, "MMBtu", 1.0, 1.05505585),
    ],
)
def test_energy_of_a_bill_takes_the_row_that_fits_its_unit(
    carrier: Carrier, unit: str, amount: float, gigajoules: float
) -> None:
    values = sample_values()
    values["fuel_bills"] = [
        {"firm": "E01", "month": month(1), "carrier": carrier.value, "amount": amount, "unit": unit}
    ]
    assert sample_ledger(values).fuels["energy"].to_list() == pytest.approx([gigajoules / 3.6], rel=1e-8)


def test_published_derived_emissions_of_fuels() -> None:
    """knowledge/factors/fuels.csv: diesel 10.00 kg CO2/gal, gas 2.03 kg/m3, LPG 2.98 kg/kg, PI-6 11.61 kg/gal."""
    cases = [
        (Carrier.DIESEL, "m3", 3.785411784e-3, 10.00),
        (Carrier.NATURAL_GAS, "m3", 1.0, 2.03),
        (Carrier.LPG, "kg", 1.0, 2.98),
        (Carrier.RESIDUAL_FUEL, "m3", 3.785411784e-3, 11.61),
    ]
    for carrier, unit, amount, kilograms in cases:
        energy = amount * energy_per(carrier, unit)
        assert energy * emission_factors(carrier, unit).co2.value * 1000 == pytest.approx(kilograms, abs=0.006)


def test_gases_count_with_their_warming_potential_and_biogenic_carbon_stays_outside() -> None:
    diesel, wood = emission_factors(Carrier.DIESEL, "m3"), emission_factors(Carrier.BIOMASS, "kg")
    assert diesel.co2e == pytest.approx((74.1e-3 + 3e-6 * 28 + 0.6e-6 * 265) * 3.6)
    assert wood.co2e == pytest.approx((30e-6 * 28 + 4e-6 * 265) * 3.6)
    assert wood.biogenic == pytest.approx(0.112 * 3.6)


def test_factors_name_their_version_and_missing_ones_are_no_zero() -> None:
    factor = heating_value(Carrier.DIESEL, "m3")
    assert factor.unit == "MWh/m3"
    assert (factor.date, factor.status, len(factor.version)) == ("2019", "secondary", 12)
    with pytest.raises(MissingFactor):
        heating_value(Carrier.COAL, "m3")
    with pytest.raises(MissingFactor):
        grid_factor(2021)
    assert (grid_factor(2024).value, grid_factor(2024).basis) == (0.170809, "consumption")


def test_amounts_are_published_in_the_unit_of_the_bill() -> None:
    assert physical_amount(Carrier.DIESEL, 3.785411784, "m3") == pytest.approx(1000.0)
    assert physical_amount(Carrier.LPG, 5.0, "kg") == 5.0
    assert physical_amount(Carrier.LPG, 1.0, "m3") == pytest.approx(26_400 / 47.3)
    assert physical_amount(Carrier.COAL, 2000.0, "kg") == 2.0
    assert physical_amount(Carrier.NATURAL_GAS, 1.0, "MWh") == pytest.approx(100.0)


def test_prices_in_soles_per_asked_unit() -> None:
    ledger = sample_ledger()
    assert price_per(ledger, PriceItem.LANDFILL, "kg") == pytest.approx(0.13)
    assert price_per(ledger, PriceItem.FREIGHT, "t km") == 0.35
    assert fuel_price_per(ledger, Carrier.NATURAL_GAS, "m3") == pytest.approx(0.2 * 3.374)
    assert fuel_price_per(ledger, Carrier.NATURAL_GAS, "MWh") == pytest.approx(67.48)
    assert fuel_price_per(ledger, Carrier.DIESEL, "MWh") == pytest.approx(11.07 / (0.135 / 3.6))
    assert fuel_price_per(ledger, Carrier.LPG, "m3") == pytest.approx(2.16 / 0.0473 * 26.4)
    assert price_per(at_price_end(ledger, "high"), PriceItem.FREIGHT, "t km") == 0.7
    assert price_per(at_price_end(ledger, "high"), PriceItem.WATER, "m3") == 9.46
    with pytest.raises(MissingPrice):
        price_per(ledger, PriceItem.INCINERATION, "t")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("15 01 01", "15 01 01"),
        (" 15  01 10 * ", "15 01 10*"),
        ("20 03 01", "20 03 01"),
        ("00 01 01", None),
        ("21 01 01", None),
        ("150101", None),
        ("15 01", None),
        ("cartón", None),
        (None, None),
    ],
)
def test_waste_codes(text: str | None, code: str | None) -> None:
    assert waste_code(text) == code


OTHER_PROCESS: Values = {"process": "E01-HORNO", "firm": "E01", "name": "Horno", "balance": "mass"}
CASES: list[tuple[str, str, Change]] = [
    ("LEDGER-GRID-YEAR", "park", set_cell("park", 0, grid_factor_year=2021)),
    ("LEDGER-NAME-RESERVED", "firms", set_cell("firms", 0, firm="market")),
    ("LEDGER-NAME-RESERVED", "processes", set_cell("processes", 0, process="E01")),
    ("FIRM-UNKNOWN", "fuel_bills", set_cell("fuel_bills", 0, firm="E99")),
    ("FIRM-UNKNOWN", "substances", set_cell("substances", 0, firm="E99")),
    ("LEDGER-YEAR", "flows", set_cell("flows", 0, month=month(1, 2024))),
    ("LEDGER-NODE-UNKNOWN", "flows", set_cell("flows", 0, origin="bodega")),
    ("LEDGER-NODE-SAME", "flows", set_cell("flows", 0, origin="E01")),
    ("LEDGER-NODE-OUTSIDE", "flows", set_cell("flows", 0, destination="environment")),
    ("LEDGER-UNIT-UNKNOWN", "flows", set_cell("flows", 0, unit="bolsas")),
    ("LEDGER-UNIT-DIMENSION", "flows", set_cell("flows", 0, unit="kWh")),
    ("LEDGER-UNIT-DIMENSION", "flows", set_cell("flows", 1, unit="m3")),
    ("LEDGER-UNIT-DIMENSION", "fuel_bills", set_cell("fuel_bills", 2, unit="gal")),
    ("LEDGER-UNIT-DIMENSION", "fuel_bills", set_cell("fuel_bills", 0, unit="kW")),
    ("LEDGER-FUEL-ELECTRICITY", "fuel_bills", set_cell("fuel_bills", 0, carrier="electricity")),
    ("LEDGER-FACTOR", "fuel_bills", set_cell("fuel_bills", 4, unit="m3")),
    ("LEDGER-MANAGEMENT-MISSING", "flows", set_cell("flows", 1, management=None)),
    ("LEDGER-WASTE-CODE-MISSING", "flows", set_cell("flows", 1, waste_code=None)),
    ("LEDGER-WASTE-CODE", "flows", set_cell("flows", 1, waste_code="99 99 99")),
    ("LEDGER-WASTE-CODE-KIND", "flows", set_cell("flows", 0, waste_code="15 01 01")),
    ("LEDGER-MANAGEMENT-KIND", "flows", set_cell("flows", 0, management="recycling")),
    ("LEDGER-CONTRACT-MISSING", "electricity_bills", drop_row("contracts", 0)),
    ("LEDGER-CONTRACT-PRICE", "contracts", set_cell("contracts", 1, price_demand_peak=None)),
    ("LEDGER-CONTRACT-UNUSED", "contracts", set_cell("contracts", 0, price_fixed=4.0)),
    ("LEDGER-PRICE-UNIT", "prices", set_cell("prices", 4, unit="t")),
    ("LEDGER-PRICE-UNIT", "prices", set_cell("prices", 7, unit="leguas")),
    ("LEDGER-PRICE-BAND", "prices", set_cell("prices", 7, low=0.5)),
    ("LEDGER-PRICE-DATE", "prices", set_cell("prices", 0, date="2023-11")),
    ("LEDGER-FUEL-PRICE-MISSING", "fuel_bills", drop_row("prices", 0)),
    ("LEDGER-PRICE-MISSING", "flows", drop_row("prices", 6)),
    ("LEDGER-COST-NONE", "flows", set_cell("flows", 0, unit_cost=None)),
    ("LEDGER-ENERGY-UNIT", "fuel_bills", set_cell("fuel_bills", 2, unit="MMBtu")),
    ("LEDGER-LPG-LIQUID", "fuel_bills", set_cell("fuel_bills", 3, unit="gal")),
    ("LEDGER-LOAD-FACTOR", "electricity_bills", set_cell("electricity_bills", 0, demand_off_peak=100.0)),
    ("LEDGER-DEMAND-ZERO", "electricity_bills", set_cell("electricity_bills", 0, demand_peak=0.0)),
    ("LEDGER-REACTIVE", "electricity_bills", set_cell("electricity_bills", 0, reactive=400_000.0)),
    ("LEDGER-BILL-DIFFERS", "electricity_bills", set_cell("electricity_bills", 0, amount_paid=30_000.0)),
    ("LEDGER-BALANCE-OPEN", "processes", set_cell("flows", 6, amount=300.0)),
    ("LEDGER-BALANCE-NONE", "processes", lambda values: values["processes"].append(OTHER_PROCESS)),
]


@pytest.mark.parametrize(("code", "sheet", "change"), CASES, ids=[f"{code}-{sheet}" for code, sheet, _ in CASES])
def test_every_fault_has_its_finding_with_a_place_and_words(code: str, sheet: str, change: Change) -> None:
    found = [finding for finding in findings_after(change) if finding.code == code]
    assert found
    assert found[0].place.sheet == SHEETS[sheet].title("es")
    assert found[0].place.row is not None
    assert all(found[0].message(language) for language in LANGUAGES)


def test_a_month_in_another_unit_stands_out() -> None:
    def change(values: dict[str, list[Values]]) -> None:
        values["fuel_bills"] = [
            {"firm": "E01", "month": month(at), "carrier": "diesel", "amount": amount, "unit": "gal"}
            for at, amount in enumerate((500.0, 520.0, 0.0, 480.0, 500_000.0), 1)
        ]

    found = [finding for finding in findings_after(change) if finding.code == "LEDGER-MEDIAN"]
    assert [finding.place.row for finding in found] == [6]


def fuel_months(*amounts: tuple[float, str]) -> Change:
    """Replaces the fuel bills by a firm's gas of months that follow each other."""

    def change(values: dict[str, list[Values]]) -> None:
        values["fuel_bills"] = [
            {"firm": "E02", "month": month(at), "carrier": "natural_gas", "amount": amount, "unit": unit}
            for at, (amount, unit) in enumerate(amounts, 1)
        ]

    return change


def test_a_bill_of_gas_in_energy_among_volumes_is_told() -> None:
    found = findings_after(fuel_months((10_500.0, "m3"), (10_709.0, "kWh"), (10_600.0, "m3"), (0.0, "kWh")))
    told = {f.code: f for f in found if f.severity is Severity.WARNING}
    assert told.keys() == {"LEDGER-FUEL-UNITS", "LEDGER-MEDIAN"}
    assert {f.place.row for f in told.values()} == {3}
    assert "1 en MWh" in told["LEDGER-FUEL-UNITS"].message("es")


@pytest.mark.parametrize(
    ("amount", "is_told"), [(1_900.0, True), (2_100.0, False), (49_000.0, False), (51_000.0, True)]
)
def test_a_month_of_fuel_five_times_off_the_median_is_told(amount: float, is_told: bool) -> None:
    found = findings_after(fuel_months(*[(10_000.0, "m3")] * 4, (0.0, "m3"), (amount, "m3")))
    assert [f.place.row for f in found if f.code == "LEDGER-MEDIAN"] == ([7] if is_told else [])


@pytest.mark.parametrize(
    ("demand", "energy", "code"),
    [
        (14_122.0, 14_122.0, "LEDGER-DEMAND-ENERGY"),
        (2_300.0, 20_000.0, "LEDGER-DEMAND-HIGH"),
        (2_200.0, 20_000.0, None),
    ],
)
def test_energy_in_the_column_of_demand_is_told(demand: float, energy: float, code: str | None) -> None:
    def change(values: dict[str, list[Values]]) -> None:
        first = values["electricity_bills"][0]
        values["electricity_bills"] = [{**first, "month": month(at), "demand_peak": 445.0} for at in range(1, 5)]
        values["electricity_bills"][1].update(demand_peak=demand, energy_peak=energy)

    found = [f for f in findings_after(change) if f.code.startswith("LEDGER-DEMAND")]
    assert [(f.code, f.place.row) for f in found] == ([(code, 3)] if code else [])
    assert all((f.severity is Severity.ERROR) == (f.code == "LEDGER-DEMAND-ENERGY") for f in found)


@pytest.mark.parametrize(("rate", "is_told"), [(0.1, True), (0.0, False), (1.0, False)])
def test_a_discount_rate_like_a_fraction_is_asked_about(rate: float, is_told: bool) -> None:
    found = [f for f in findings_after(set_cell("park", 0, discount_rate=rate)) if f.code == "LEDGER-DISCOUNT-RATE"]
    assert len(found) == is_told
    assert all("10 %" in f.message("es") for f in found)


@pytest.mark.parametrize(("written", "code"), [("Mercado", "market"), ("operador de residuos", "waste_operator"),
                                               ("Waste operator", "waste_operator"), ("RED", "grid")])  # fmt: skip
def test_outside_nodes_are_understood_in_both_languages(written: str, code: str) -> None:
    values = sample_values()
    values["flows"][0]["origin"] = written
    assert sample_ledger(values).flows["origin"][0] == code


def test_unknown_nodes_and_firms_name_what_is_near() -> None:
    node, *_ = [f for f in findings_after(set_cell("flows", 0, origin="e02-tinte")) if f.code == "LEDGER-NODE-UNKNOWN"]
    assert "«E02-TINTE»" in node.message("es")
    assert "operador de residuos" in node.message("es")
    firm, *_ = [f for f in findings_after(set_cell("fuel_bills", 0, firm="e01")) if f.code == "FIRM-UNKNOWN"]
    assert "«E01»" in firm.message("es")


def test_a_firm_may_not_be_called_like_an_outside_node() -> None:
    assert "LEDGER-NAME-RESERVED" in {f.code for f in findings_after(set_cell("firms", 0, firm="Red"))}


def test_a_sheet_of_another_year_is_told_once() -> None:
    found = findings_after(set_cell("park", 0, year=2024))
    assert [(f.code, f.place.sheet) for f in found if f.severity is Severity.ERROR] == [
        ("LEDGER-YEAR-SHEET", SHEETS[name].title("es")) for name in ("flows", "electricity_bills", "fuel_bills")
    ]
    assert "son de 2025 y el año del estudio es 2024 (hoja «Parque»)" in found[0].message("es")


def test_a_paid_amount_near_the_computed_one_says_nothing() -> None:
    codes = {f.code for f in findings_after(set_cell("electricity_bills", 0, amount_paid=58_000.0))}
    assert "LEDGER-BILL-DIFFERS" not in codes


def test_an_intensity_above_that_of_coal_shows_a_wrong_factor(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = sample_ledger()
    wrong = replace(grid_factor(2024), value=170.8)
    monkeypatch.setattr("ayni.ledger.footprint.grid_factor", lambda _: wrong)
    assert [f.code for f in check_ledger(ledger) if f.severity is Severity.WARNING] == ["LEDGER-EMISSION-INTENSITY"]


def test_no_park_no_ledger() -> None:
    ledger, findings = read_ledger({})
    assert ledger is None
    assert [finding.code for finding in findings] == ["LEDGER-PARK"]


def test_a_park_without_any_bill_or_flow_reads() -> None:
    values = {name: rows for name, rows in sample_values().items() if name in {"park", "firms"}}
    ledger = sample_ledger(values)
    assert ledger.flows.empty
    assert ledger.fuels["energy"].dtype == "float64"
    assert check_ledger(ledger) == ()
