"""The parts of a park's records: split, put together again, checked one by one."""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import pytest

from ayni.base.factors import economics
from ayni.base.findings import Severity
from ayni.base.sheets import Row, rows_of
from ayni.ledger.account import account
from ayni.ledger.reading import read_ledger
from ayni.ledger.schema import FUEL_BILLS, PARK, Carrier, Firm, Flow, FlowKind, FuelBill, Measured, Park, Price
from ayni.parks.example import example_rows, write_example
from ayni.parks.parts import (
    FIRM_SHEETS,
    FirmContext,
    check_firm,
    check_park,
    compare_reports,
    completeness,
    firm_year,
    merge_park,
    read_firm_workbook,
    read_park_part,
    read_values,
    split_park,
    study_rows,
    write_firm_template,
)

Rows = dict[str, list[Row]]


@pytest.fixture(scope="module")
def whole() -> Rows:
    return example_rows("es")


@pytest.fixture(scope="module")
def parts(whole: Rows) -> tuple[Rows, dict[str, Rows]]:
    return split_park(whole)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("example")
    write_example(path, "es")
    return path


def totals(rows: Mapping[str, Sequence[Row]]) -> Mapping[str, float]:
    ledger, findings = read_ledger(rows)
    assert ledger is not None, findings
    return account(ledger).totals


def context(firm: str, parts: tuple[Rows, dict[str, Rows]], folder: Path) -> FirmContext:
    others = {code: code for code in parts[1] if code != firm}
    return FirmContext(firm, parts[0], folder, neighbours=others)


def dumps(rows: Mapping[str, Sequence[Row]]) -> dict[str, list[dict[str, Any]]]:
    return {name: [row.model_dump() for row in kept] for name, kept in rows.items() if kept}


def codes(findings: Sequence[Any]) -> list[str]:
    return [finding.code for finding in findings]


def test_no_row_is_lost_and_the_parts_put_together_are_the_park(
    whole: Rows, parts: tuple[Rows, dict[str, Rows]]
) -> None:
    park, firms = parts
    assert sum(map(len, whole.values())) == sum(len(kept) for rows in (park, *firms.values()) for kept in rows.values())
    merged, origins = merge_park(park, firms, "es")
    assert totals(merged) == pytest.approx(totals(whole), rel=1e-12)
    assert {name: len(kept) for name, kept in merged.items()} == {name: len(kept) for name, kept in whole.items()}
    first = rows_of(merged, Flow)[0]
    assert (first.read_from.sheet, first.read_from.row) == ("Flujos", 2)
    code, row = origins["Flujos", 2]
    assert any(flow.read_from.row == row for flow in rows_of(firms[code], Flow))


def test_every_firm_passes_alone_and_their_years_add_up_to_the_parks(
    whole: Rows, parts: tuple[Rows, dict[str, Rows]], folder: Path
) -> None:
    sums: dict[str, float] = {}
    for code, rows in parts[1].items():
        found = check_firm(rows, context(code, parts, folder))
        assert not [one for one in found if one.severity is Severity.ERROR], code
        year = firm_year(rows, context(code, parts, folder))
        assert sum(year.months[key].value for key in year.months if key[0] == "energy.electricity") == pytest.approx(
            year.totals["energy.electricity"].value
        )
        for key, founded in year.totals.items():
            sums[key] = sums.get(key, 0.0) + founded.value
    assert sums == pytest.approx(dict(totals(whole)), rel=1e-9)


def test_a_firm_alone_is_reckoned_with_the_national_study_and_says_so(
    parts: tuple[Rows, dict[str, Rows]], folder: Path
) -> None:
    alone = FirmContext("E03", study_rows(2025, -12.46, -76.74), folder)
    year = firm_year(parts[1]["E03"], alone)
    assert year.totals["energy.electricity"].status == "declared"
    assert year.totals["cost.total"].status == "unverified"
    assert {factor["id"] for factor in year.totals["emissions.scope2"].factors} == {"grid_pe/SEIN/consumption/2024"}
    shipped = year.totals["emissions.total"].factors
    assert shipped
    assert all(factor["version"] for factor in shipped)
    assert {"prices/natural_gas", "prices/water"} <= {factor["id"] for factor in year.totals["cost.total"].factors}


def test_prices_of_the_national_study_are_those_of_the_factor_files() -> None:
    for price in cast("list[Price]", study_rows(2025, 0.0, 0.0)["prices"]):
        name = price.source.removeprefix("economics_pe.csv, ").partition(":")[0]
        factor = economics(name)
        assert (price.value, price.date) == (factor.value, factor.date)
        assert factor.low is None or (price.low, price.high) == (factor.low, factor.high)
        assert price.status.value == factor.status.value
    park = cast("Park", study_rows(2012, -1.0, -2.0)["park"][0])
    assert (park.pen_per_usd, park.usd_per_eur) == (
        economics("usd_pen", "2025-12-31").value,
        economics("eur_usd").value,
    )
    assert (park.year, park.latitude, park.longitude) == (2012, -1.0, -2.0)
    assert park.discount_rate == economics("discount_rate_private_industry_real").value


def flow(origin: str, destination: str, amount: float, **more: Any) -> Flow:
    fields = {"month": datetime.date(2025, 1, 1), "kind": FlowKind.WASTE, "resource": "Cartón", "unit": "t",
              "measured": Measured.METER}  # fmt: skip
    return Flow(origin=origin, destination=destination, amount=amount, **(fields | more))


def two_firms(given: Sequence[Flow], taken: Sequence[Flow], parts: tuple[Rows, dict[str, Rows]]) -> dict[str, Rows]:
    firms = {code: dict(parts[1][code]) for code in ("E01", "E06")}
    firms["E01"]["flows"] = list(given)
    firms["E06"]["flows"] = list(taken)
    return firms


def test_what_both_report_counts_once_as_the_giver_says_at_the_takers_process(
    parts: tuple[Rows, dict[str, Rows]],
) -> None:
    process = next(row for row in parts[1]["E06"]["processes"]).process  # type: ignore[attr-defined]
    given, taken = (
        [flow("E01", "E06", 10.0)],
        [flow("E01-FUSION", process, 10.3, kind=FlowKind.MATERIAL, resource="carton")],
    )
    firms = two_firms(given, taken, parts)
    merged, _ = merge_park(parts[0], firms, "es")
    (counted,) = rows_of(merged, Flow)
    assert (counted.amount, counted.origin, counted.destination, counted.kind) == (10.0, "E01", process, FlowKind.WASTE)
    assert compare_reports(firms) == ()


def test_reports_farther_apart_than_their_uncertainty_are_told_without_amounts(
    parts: tuple[Rows, dict[str, Rows]],
) -> None:
    firms = two_firms([flow("E01", "E06", 10.0)], [flow("E01", "E06", 11000.0, unit="kg")], parts)
    (found,) = compare_reports(firms)
    assert (found.code, found.severity) == ("PART-REPORTS-DIFFER", Severity.WARNING)
    assert "2025-01" in found.message("es")
    assert "10" not in found.message("es").replace("2025-01", "").replace("E01", "")


def test_a_neighbour_that_is_not_there_is_unknown_and_no_market(parts: tuple[Rows, dict[str, Rows]]) -> None:
    firms = two_firms([flow("E01", "E09-HORNO", 1.0), flow("E01", "E06-GONE", 2.0)], [], parts)
    merged, _ = merge_park(parts[0], firms, "en")
    assert [row.destination for row in rows_of(merged, Flow)] == ["unknown", "E06"]


def test_a_flow_to_a_neighbour_is_fine_and_one_to_nobody_is_not(
    parts: tuple[Rows, dict[str, Rows]], folder: Path
) -> None:
    rows = dict(parts[1]["E01"])
    rows["flows"] = [*rows["flows"], flow("E01", "E06-PULPA", 1.0, waste_code="15 01 01", management="recycling")]
    assert "LEDGER-NODE-UNKNOWN" not in codes(check_firm(rows, context("E01", parts, folder)))
    rows["flows"] = [*rows["flows"], flow("E01", "E99", 1.0)]
    assert "LEDGER-NODE-UNKNOWN" in codes(check_firm(rows, context("E01", parts, folder)))


def test_rows_of_another_firm_and_another_ruc_are_errors(parts: tuple[Rows, dict[str, Rows]], folder: Path) -> None:
    here = FirmContext("E02", parts[0], folder)
    assert "PART-FIRM-OTHER" in codes(check_firm(parts[1]["E01"], here))
    here = FirmContext("E01", parts[0], folder, ruc="20999000020")
    assert "PART-RUC-OTHER" in codes(check_firm(parts[1]["E01"], here))


def test_a_missing_price_is_the_parks_matter_and_the_cost_is_then_not_known(
    parts: tuple[Rows, dict[str, Rows]], folder: Path
) -> None:
    rows = dict(parts[1]["E01"])
    months = [datetime.date(2025, month, 1) for month in range(1, 13)]
    coal = [FuelBill(firm="E01", month=month, carrier=Carrier.COAL, amount=1.0, unit="t") for month in months]
    rows[FUEL_BILLS.name] = [*rows[FUEL_BILLS.name], *coal]
    here = context("E01", parts, folder)
    found = check_firm(rows, here)
    assert ("PART-PRICE-MISSING", Severity.NOTE) in [(one.code, one.severity) for one in found]
    assert not [one for one in found if one.severity is Severity.ERROR]
    year = firm_year(rows, here)
    assert year.totals["energy.coal"].value > 0
    assert not [key for key in year.totals if key.startswith("cost.")]


def test_a_firm_without_electricity_or_flows_is_no_crash(parts: tuple[Rows, dict[str, Rows]], folder: Path) -> None:
    rows = {name: kept if name == "firms" else [] for name, kept in parts[1]["E05"].items()}
    found = check_firm(rows, context("E05", parts, folder))
    assert codes(found) == ["FIRM-WITHOUT-ELECTRICITY"]
    assert firm_year(rows, context("E05", parts, folder)).totals["energy.total"].value == 0.0
    assert completeness(rows) == pytest.approx(0.2)


def test_completeness_counts_months(parts: tuple[Rows, dict[str, Rows]]) -> None:
    assert completeness(parts[1]["E01"]) == 1.0
    rows = dict(parts[1]["E01"])
    rows["electricity_bills"] = rows["electricity_bills"][:6]
    assert completeness(rows) < 1.0
    assert completeness(parts[0], of_park=True) == 1.0


def test_a_part_goes_out_as_a_workbook_and_comes_back_equal(
    parts: tuple[Rows, dict[str, Rows]], tmp_path: Path
) -> None:
    for language in ("es", "en"):
        path = tmp_path / f"{language}.xlsx"
        write_firm_template(path, language, parts[1]["E03"])
        part = read_firm_workbook(path, "E03")
        assert dumps(part.rows) == dumps(parts[1]["E03"])
        assert part.findings == ()
    write_firm_template(tmp_path / "park.xlsx", "es", parts[0], for_park=True)
    park = read_park_part(tmp_path / "park.xlsx")
    assert dumps(park.rows) == dumps(parts[0])
    assert codes(check_park(park.rows, 2025)) == ["LEDGER-PRICE-DATE"]
    assert "PART-YEAR-OTHER" in codes(check_park(park.rows, 2024))


def test_of_a_whole_workbook_each_takes_its_own_and_a_note_says_the_rest(
    parts: tuple[Rows, dict[str, Rows]], folder: Path
) -> None:
    book = next(folder.glob("*.xlsx"))
    part = read_firm_workbook(book, "E04")
    assert dumps(part.rows) == dumps(parts[1]["E04"])
    assert codes(part.findings) == ["PART-OTHER-FIRMS", "PART-PARK-SHEETS"]
    park = read_park_part(book)
    assert dumps(park.rows) == dumps(parts[0])
    assert codes(park.findings) == ["PART-FIRM-SHEETS"]


def test_the_flows_part_takes_the_other_sheets_from_the_previous_version(
    parts: tuple[Rows, dict[str, Rows]], tmp_path: Path
) -> None:
    from ayni.base.xlsx_writing import write_workbook

    bills = [sheet for sheet in FIRM_SHEETS if sheet.name in ("flows", "electricity_bills", "fuel_bills")]
    own = parts[1]["E02"]
    path = tmp_path / "flows.xlsx"
    write_workbook(path, bills, "es", {**own, "fuel_bills": []})
    part = read_firm_workbook(path, "E02", own)
    assert dumps(part.rows) == dumps({**own, "fuel_bills": []})
    assert codes(part.findings) == ["PART-FROM-PREVIOUS"]
    assert "SHEET-MISSING" in codes(read_firm_workbook(path, "E02").findings)


def test_values_become_rows_by_the_rules_of_the_workbook() -> None:
    bill = {"firm": "E01", "month": "2025-03", "carrier": "Diésel B5", "amount": "12.5", "unit": "gal"}
    park = study_rows(2025, -12.0, -77.0)["park"][0].model_dump(mode="json")
    part = read_values({"fuel_bills": [bill | {"carrier": "diesel"}], "park": [park]}, "es")
    assert part.findings == ()
    (row,) = rows_of(part.rows, FuelBill)
    assert (row.month, row.amount, row.carrier) == (datetime.date(2025, 3, 1), 12.5, Carrier.DIESEL)
    assert len(part.rows[PARK.name]) == 1
    assert codes(read_values({"fuel_bills": [bill | {"amount": "mucho"}]}, "es").findings)[0] == "CELL-CHOICE"
    assert codes(read_values({"fuel_bills": [bill | {"carrier": "diesel", "colour": "x"}]}, "es").findings) == [
        "COLUMN-UNKNOWN"
    ]
    assert codes(read_values({"fuel_bills": [bill | {"unit": "a\0b"}]}, "es").findings) == ["PART-TEXT"]
    assert codes(read_values({"nothing": [{}]}, "es").findings) == ["PART-SHEET-UNKNOWN"]
    assert codes(read_values({"firms": [{"firm": "E01"}]}, "es").findings).count("CELL-MISSING") >= 8
    assert read_values({"flows": []}, "es").findings == ()


def test_a_sheet_with_errors_stops_what_rests_on_it_and_nothing_else(
    parts: tuple[Rows, dict[str, Rows]], folder: Path
) -> None:
    rows = dict(parts[1]["E01"])
    rows["electricity_bills"] = rows["electricity_bills"][:5]
    found = codes(check_firm(rows, context("E01", parts, folder), frozenset({"electricity_bills"})))
    assert found == []
    assert "BILL-MONTHS" in codes(check_firm(rows, context("E01", parts, folder)))
    assert rows_of(rows, Firm)[0].firm == "E01"
