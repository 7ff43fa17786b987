"""The park's workbook: out and in again it stays the same; what its sheets say of each other is checked."""

import datetime
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
from openpyxl.workbook import Workbook

from ayni.base.findings import Finding, Refused, Severity
from ayni.base.sheets import Choice, Row, kind_of
from ayni.base.texts import LANGUAGES, Language, say
from ayni.base.xlsx_reading import read_raw_workbook
from ayni.base.xlsx_writing import Table, write_tables
from ayni.parks.example import example_rows
from ayni.parks.workbook import SHEETS, read_park_workbook, write_park_workbook, write_template

Rows = dict[str, list[Row]]


@pytest.fixture(scope="module")
def example() -> Mapping[str, list[Row]]:
    """The example's rows with the flows of few months, so that reading is quick."""
    rows = example_rows()
    listed = {(row.model_dump()["firm"], row.model_dump()["resource"]) for row in rows["offers"] + rows["wants"]}
    resources = {resource for _, resource in listed}
    return {**rows, "flows": [row for row in rows["flows"] if row.model_dump()["resource"] in resources]}


@pytest.fixture
def rows(example: Mapping[str, list[Row]]) -> Rows:
    """A copy that a test may change."""
    return {name: list(kept) for name, kept in example.items()}


def written(tmp_path: Path, rows: Rows, language: Language = "es") -> Path:
    path = tmp_path / "park.xlsx"
    write_park_workbook(path, rows, language)
    return path


def findings_of(tmp_path: Path, rows: Rows) -> tuple[Finding, ...]:
    return read_park_workbook(written(tmp_path, rows))[1]


def edited(tmp_path: Path, rows: Rows, edit: Callable[[Workbook], object]) -> tuple[Finding, ...]:
    """Findings after another program changed the workbook."""
    path = written(tmp_path, rows)
    workbook = openpyxl.load_workbook(path)
    edit(workbook)
    workbook.save(path)
    return read_park_workbook(path)[1]


def only(findings: tuple[Finding, ...]) -> Finding:
    (finding,) = findings
    assert finding.place.file == "park.xlsx"
    assert all(finding.message(language) for language in LANGUAGES)
    return finding


def changed(row: Row, **values: object) -> Row:
    return type(row).model_validate({**row.model_dump(), **values})


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_written_is_read_again(tmp_path: Path, rows: Rows, language: Language) -> None:
    again, findings = read_park_workbook(written(tmp_path, rows, language))
    assert findings == ()
    for sheet in SHEETS:
        assert [row.model_dump() for row in again[sheet.name]] == [row.model_dump() for row in rows[sheet.name]]
    assert again["firms"][3].read_from.sheet == say("sheet.firms", language)
    assert again["firms"][3].place_of("ruc").cell == "B5"


def test_equal_rows_give_equal_bytes(tmp_path: Path, rows: Rows) -> None:
    first = written(tmp_path, rows).read_bytes()
    assert written(tmp_path, rows).read_bytes() == first


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_template_lacks_nothing_but_rows(tmp_path: Path, language: Language) -> None:
    write_template(tmp_path / "park.xlsx", language)
    again, findings = read_park_workbook(tmp_path / "park.xlsx")
    assert not any(again.values())
    empty = {finding.place.sheet for finding in findings if finding.code == "SHEET-EMPTY"}
    assert empty == {sheet.title(language) for sheet in SHEETS if sheet.required and not sheet.form}
    missing = [finding.place for finding in findings if finding.code == "CELL-MISSING"]
    assert {place.sheet for place in missing} == {sheet.title(language) for sheet in SHEETS if sheet.form}
    assert len(missing) + len(empty) == len(findings)


def test_the_template_explains_offers_and_formats(tmp_path: Path) -> None:
    write_template(tmp_path / "park.xlsx", "es")
    workbook = openpyxl.load_workbook(tmp_path / "park.xlsx")
    titles = [sheet.title("es") for sheet in SHEETS]
    assert workbook.sheetnames == ["Instrucciones", *titles, "Listas"]
    assert workbook["Listas"].sheet_state == "hidden"
    for sheet in SHEETS:
        worksheet = workbook[sheet.title("es")]
        fields = sheet.row.model_fields
        offered = {
            str(kind.sqref).split(":")[0].rstrip("0123456789") for kind in worksheet.data_validations.dataValidation
        }
        if sheet.form:
            assert [worksheet.cell(row, 1).value for row in range(2, len(fields) + 2)] == [
                sheet.header(field, "es") + " *" * info.is_required() for field, info in fields.items()
            ]
            continue
        assert worksheet.freeze_panes == "A2"
        assert worksheet.auto_filter.ref is not None
        for column, (field, info) in enumerate(fields.items(), 1):
            header = worksheet.cell(1, column)
            assert header.value == sheet.header(field, "es") + " *" * info.is_required()
            assert sheet.field_note(field, "es") in header.comment.text
            assert header.fill.fgColor.rgb == ("FF1F6B4A" if info.is_required() else "FF6B5443")
            kind = kind_of(info)
            assert (header.column_letter in offered) == (kind is bool or issubclass(kind, Choice))


def test_lists_offer_every_label(tmp_path: Path) -> None:
    write_template(tmp_path / "park.xlsx", "en")
    workbook = openpyxl.load_workbook(tmp_path / "park.xlsx")
    lists = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in workbook["Lists"].columns}
    for sheet in SHEETS:
        for info in sheet.row.model_fields.values():
            kind = kind_of(info)
            if issubclass(kind, Choice):
                assert lists[kind.__name__] == [choice.label("en") for choice in kind]
    rule = next(
        rule for rule in workbook["Electricity contracts"].data_validations.dataValidation if "B2" in str(rule.sqref)
    )
    assert rule.formula1.startswith("'Lists'!$")
    assert str(rule.sqref) == "B2:B2001"


def test_a_sheet_of_an_unknown_name_is_told_with_the_nearest_name(tmp_path: Path, rows: Rows) -> None:
    def rename(workbook: Workbook) -> None:
        workbook["Empresas"].title = "Empresa"

    findings = edited(tmp_path, rows, rename)
    told = {finding.code: finding for finding in findings}
    assert told.keys() == {"SHEET-UNKNOWN", "SHEET-MISSING"}
    assert "«Empresas»" in told["SHEET-UNKNOWN"].message("es")
    assert told["SHEET-MISSING"].place.sheet == "Empresas"


def test_a_missing_sheet_is_named_in_the_language_of_the_workbook(tmp_path: Path, rows: Rows) -> None:
    path = written(tmp_path, rows, "en")
    workbook = openpyxl.load_workbook(path)
    del workbook["Prices"]
    workbook.save(path)
    assert only(read_park_workbook(path)[1]).place.sheet == "Prices"


def test_an_optional_sheet_may_be_missing_and_an_empty_stranger_is_nothing(tmp_path: Path, rows: Rows) -> None:
    def edit(workbook: Workbook) -> None:
        del workbook["Calor residual"]
        workbook.create_sheet("Hoja1")

    assert edited(tmp_path, rows, edit) == ()


def test_two_sheets_for_the_same_rows(tmp_path: Path, rows: Rows) -> None:
    def edit(workbook: Workbook) -> None:
        workbook.copy_worksheet(workbook["Precios"]).title = "prices"

    assert only(edited(tmp_path, rows, edit)).code == "SHEET-TWICE"


def test_merged_cells_and_faulty_cells_after_editing(tmp_path: Path, rows: Rows) -> None:
    def edit(workbook: Workbook) -> None:
        workbook["Recibos de electricidad"]["C5"] = "=C4*2"
        workbook["Combustibles"]["D3"] = "#DIV/0!"
        workbook["Equipos"].merge_cells("A2:A3")

    findings = edited(tmp_path, rows, edit)
    told = {(finding.code, finding.place.cell) for finding in findings}
    assert {("CELL-UNCACHED", "C5"), ("CELL-ERROR", "D3"), ("SHEET-MERGED", "A2:A3")} <= told


def test_a_missing_bill_names_its_month(tmp_path: Path, rows: Rows) -> None:
    gone = rows["electricity_bills"].pop(4).model_dump()
    finding = only(findings_of(tmp_path, rows))
    assert (finding.code, finding.severity) == ("BILL-MONTHS", Severity.ERROR)
    assert f"{gone['month']:%Y-%m}" in finding.message("es")
    assert gone["firm"] in finding.message("es")
    assert (finding.place.sheet, finding.place.row) == ("Recibos de electricidad", 2)


def test_a_firm_with_a_contract_and_no_bills(tmp_path: Path, rows: Rows) -> None:
    rows["electricity_bills"] = [row for row in rows["electricity_bills"] if row.model_dump()["firm"] != "E04"]
    finding = only(findings_of(tmp_path, rows))
    assert (finding.code, finding.place.sheet) == ("BILL-MONTHS", "Contratos de electricidad")
    assert "2025-01, 2025-02" in finding.message("en")


def test_a_firm_without_contract_and_bills_is_a_warning(tmp_path: Path, rows: Rows) -> None:
    for name in ("electricity_bills", "contracts"):
        rows[name] = [row for row in rows[name] if row.model_dump()["firm"] != "E04"]
    finding = only(findings_of(tmp_path, rows))
    assert (finding.code, finding.severity, finding.place.row) == ("FIRM-WITHOUT-ELECTRICITY", Severity.WARNING, 5)


def test_a_missing_fuel_bill_names_firm_fuel_and_month(tmp_path: Path, rows: Rows) -> None:
    gone = rows["fuel_bills"].pop(2).model_dump()
    finding = only(findings_of(tmp_path, rows))
    assert finding.code == "BILL-MONTHS"
    for language in LANGUAGES:
        message = finding.message(language)
        assert gone["carrier"].label(language) in message
        assert f"{gone['month']:%Y-%m}" in message


def test_a_flow_that_goes_on_and_lacks_a_month_is_a_warning(tmp_path: Path, rows: Rows) -> None:
    gone = rows["flows"].pop(0).model_dump()
    finding = only(findings_of(tmp_path, rows))
    assert (finding.code, finding.severity) == ("FLOW-MONTHS", Severity.WARNING)
    assert gone["resource"] in finding.message("es")


@pytest.mark.parametrize("sheet", ["equipment", "heat_needs", "waste_heat", "profiles", "measures", "offers", "wants"])
def test_an_unknown_firm_is_told_with_the_nearest_code(tmp_path: Path, rows: Rows, sheet: str) -> None:
    rows[sheet][0] = changed(rows[sheet][0], firm="E01x")
    findings = [finding for finding in findings_of(tmp_path, rows) if finding.code == "FIRM-UNKNOWN"]
    finding = only(tuple(findings))
    assert "E01" in finding.message("es").replace("E01x", "")
    assert finding.place.row == 2


@pytest.mark.parametrize("sheet", ["fuel_bills", "electricity_bills", "processes"])
def test_an_unknown_firm_is_the_one_thing_told_of_its_row(tmp_path: Path, rows: Rows, sheet: str) -> None:
    rows[sheet][0] = changed(rows[sheet][0], firm=f"{rows[sheet][0].model_dump()['firm'].lower()}")
    finding = only(findings_of(tmp_path, rows))
    assert (finding.code, finding.place.row) == ("FIRM-UNKNOWN", 2)
    assert "«E0" in finding.message("es")


def test_a_study_year_without_bills_is_one_error_per_sheet(tmp_path: Path, rows: Rows) -> None:
    rows["park"][0] = changed(rows["park"][0], year=2024)
    findings = findings_of(tmp_path, rows)
    assert [finding.code for finding in findings] == ["LEDGER-YEAR-SHEET"] * 3


def test_a_month_of_another_year_is_told_and_not_that_it_is_missing(tmp_path: Path, rows: Rows) -> None:
    rows["fuel_bills"][3] = changed(rows["fuel_bills"][3], month=datetime.date(2024, 4, 1))
    finding = only(findings_of(tmp_path, rows))
    assert (finding.code, finding.place.row) == ("LEDGER-YEAR", 5)


def test_a_latitude_without_its_sign_is_told(tmp_path: Path, rows: Rows) -> None:
    park = rows["park"][0].model_dump()
    rows["park"][0] = changed(rows["park"][0], latitude=-park["latitude"])
    finding = only(findings_of(tmp_path, rows))
    assert (finding.code, finding.severity, finding.place.sheet) == ("PARK-FAR", Severity.ERROR, "Parque")
    rows["park"][0] = changed(rows["park"][0], latitude=park["latitude"])
    rows["firms"][1] = changed(rows["firms"][1], longitude=-7.674)
    finding = only(findings_of(tmp_path, rows))
    assert (finding.code, finding.severity, finding.place.row) == ("FIRM-FAR", Severity.WARNING, 3)


@pytest.mark.parametrize(("sheet", "code"), [("offers", "OFFER-WITHOUT-FLOW"), ("wants", "WANT-WITHOUT-FLOW")])
def test_a_listing_without_a_flow_is_told_with_the_nearest_name(
    tmp_path: Path, rows: Rows, sheet: str, code: str
) -> None:
    name = rows[sheet][0].model_dump()["resource"]
    rows[sheet][0] = changed(rows[sheet][0], resource=name + "s")
    finding = only(findings_of(tmp_path, rows))
    assert finding.code == code
    assert f"«{name}»" in finding.message("es")


def test_what_hangs_on_unreadable_rows_is_not_told(tmp_path: Path, rows: Rows) -> None:
    def edit(workbook: Workbook) -> None:
        workbook["Empresas"]["B2"] = "20999000012"

    assert only(edited(tmp_path, rows, edit)).code == "RUC-DIGIT"


def test_what_is_no_workbook_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="FILE-MISSING"):
        read_park_workbook(tmp_path / "absent.xlsx")


TABLE = pd.DataFrame(
    {
        "Empresa": ["=1+1", "http://a.pe", "E03 " + "x" * 50],
        "Consumo": [1234.5, np.nan, 0.25],
        "Filas": np.array([1, 2, 3], dtype="int64"),
        "Mes": [pd.Timestamp("2025-01-01"), pd.NaT, pd.Timestamp("2025-03-01")],
        "Medido": [True, False, True],
        "Nota": [None, "a", "b"],
    }
)


def test_tables_of_results_keep_texts_as_texts(tmp_path: Path) -> None:
    path = tmp_path / "results.xlsx"
    table = Table("Consumo: 1/2", "Consumo de energía", TABLE, {"Consumo": "MWh/año"}, ("Nota al pie.",))
    write_tables(path, [table, Table("consumo- 1-2", "Otra", TABLE.iloc[:0])], "es")
    first, second = read_raw_workbook(path).sheets.values()
    assert (first.name, second.name) == ("Consumo- 1-2", "consumo- 1-2 2")
    assert first.cells[0][0] == "Consumo de energía"
    assert first.cells[2] == ("Empresa", "Consumo [MWh/año]", "Filas", "Mes", "Medido", "Nota")
    assert first.cells[3] == ("=1+1", 1234.5, 1.0, datetime.date(2025, 1, 1), "sí", None)
    assert first.cells[4] == ("http://a.pe", None, 2.0, None, "no", "a")
    assert first.cells[7][0] == "Nota al pie."
    assert first.merged == second.merged == ()
    workbook = openpyxl.load_workbook(path)
    cell = workbook["Consumo- 1-2"]["A4"]
    assert (cell.data_type, cell.hyperlink, workbook["Consumo- 1-2"]["A5"].hyperlink) == ("s", None, None)


def test_tables_of_results_are_equal_bytes_for_equal_input(tmp_path: Path) -> None:
    paths = tmp_path / "a.xlsx", tmp_path / "b.xlsx"
    for path in paths:
        write_tables(path, [Table("a", "A", TABLE)], "en")
    assert paths[0].read_bytes() == paths[1].read_bytes()


def test_number_formats_follow_the_size_of_a_column(tmp_path: Path) -> None:
    frame = pd.DataFrame({"a": [12345.678], "b": [1234.5], "c": [12.5], "d": [0.123], "e": [7]})
    write_tables(tmp_path / "a.xlsx", [Table("a", "A", frame)], "es")
    worksheet = openpyxl.load_workbook(tmp_path / "a.xlsx")["a"]
    assert [cell.number_format for cell in worksheet[4]] == ["#,##0", "#,##0.0", "#,##0.00", "#,##0.0000", "#,##0"]


def test_names_of_sheets_fit_and_differ(tmp_path: Path) -> None:
    names = ["x" * 40, "x" * 31, "[]", "a'", ""]
    write_tables(tmp_path / "a.xlsx", [Table(name, "A", TABLE) for name in names], "es")
    written_names = openpyxl.load_workbook(tmp_path / "a.xlsx").sheetnames
    assert len({name.lower() for name in written_names}) == len(names)
    assert max(map(len, written_names)) == 31


def test_infinite_numbers_are_a_fault_of_the_program(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        write_tables(tmp_path / "a.xlsx", [Table("a", "A", pd.DataFrame({"a": [np.inf]}))], "es")
    assert not (tmp_path / "a.xlsx").exists()
