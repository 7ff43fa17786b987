"""Sheets: raw cells become typed rows, every fault a finding with its place, in the reader's language."""

import datetime

import pytest

from ayni.base.cells import CellRefused, cell_value
from ayni.base.findings import Finding, Place
from ayni.base.sheet_reading import read_rows
from ayni.base.sheets import Row, Sheet
from ayni.base.texts import LANGUAGES, Language
from ayni.base.xlsx_reading import CellFault, RawSheet, RawWorkbook, Value
from ayni.ledger.schema import (
    CONTRACTS,
    ELECTRICITY_BILLS,
    FIRMS,
    PARK,
    PRICES,
    BilledDemand,
    ElectricityBill,
    Firm,
    Flow,
    Park,
    TariffOption,
)

Cells = dict[str, Value]

BILL: Cells = {
    "Empresa *": "E01",
    "Mes *": datetime.date(2025, 3, 1),
    "Energía en hora punta [kWh] *": 100.0,
    "Energía fuera de punta [kWh] *": 900.0,
    "Máxima demanda en hora punta [kW] *": 5.0,
    "Máxima demanda fuera de punta [kW] *": 6.0,
}
FIRM: Cells = {
    "firm": "E01", "ruc": "20100070970", "name": "Uno", "isic": "2431", "employees": 9.0, "shifts": 2.0,
    "work_days": 6.0, "roof_area": 0.0, "latitude": -12.4, "longitude": -76.7,
}  # fmt: skip


def raw(sheet: Sheet, *records: Cells, language: Language = "es", above: int = 0) -> RawWorkbook:
    """A workbook with one sheet; the headers are those of the first record."""
    headers = tuple(records[0])
    rows = [*[()] * above, headers, *(tuple(record.get(header) for header in headers) for record in records)]
    width = max(map(len, rows))
    padded = tuple((*row, *[None] * (width - len(row))) for row in rows)
    return RawWorkbook({sheet.title(language): RawSheet(sheet.title(language), padded)})


def headers_of(sheet: Sheet, cells: Cells, language: Language) -> Cells:
    """The record with its field names turned into headers."""
    return {sheet.header(field, language): value for field, value in cells.items()}


def read_one(sheet: Sheet, cells: Cells) -> tuple[Row | None, list[Finding]]:
    rows, findings = read_rows(raw(sheet, cells), sheet)
    return (rows[0] if rows else None), findings


def only(findings: list[Finding]) -> Finding:
    """The one finding, which speaks both languages."""
    (finding,) = findings
    assert all(finding.message(language) for language in LANGUAGES)
    return finding


def test_bill_headers_of_the_tests_are_those_of_the_sheet() -> None:
    row, findings = read_one(ELECTRICITY_BILLS, BILL)
    assert findings == []
    assert isinstance(row, ElectricityBill)
    assert (row.firm, row.month, row.energy_off_peak, row.amount_paid) == (
        "E01",
        datetime.date(2025, 3, 1),
        900.0,
        None,
    )
    assert row.read_from == Place(sheet="Recibos de electricidad", row=2)
    assert row.place_of("demand_peak").cell == "E2"
    assert row.place_of("demand_peak").column == "Máxima demanda en hora punta [kW]"


@pytest.mark.parametrize("language", LANGUAGES)
def test_headers_of_both_languages_with_and_without_unit_and_accents(language: Language) -> None:
    by_header = headers_of(FIRMS, FIRM, language)
    variants = (by_header, {f"  {header.upper()} *": value for header, value in by_header.items()},
                {header.partition(" [")[0]: value for header, value in by_header.items()}, FIRM)  # fmt: skip
    for cells in variants:
        rows, findings = read_rows(raw(FIRMS, cells, language=language), FIRMS)
        assert findings == []
        assert [row.model_dump() for row in rows] == [Firm(**FIRM).model_dump()]


def test_extra_empty_rows_and_columns_are_passed_over() -> None:
    spaced = {"": None, **BILL, " ": None}
    rows, findings = read_rows(raw(ELECTRICITY_BILLS, spaced, {}, {"": " "}), ELECTRICITY_BILLS)
    assert (len(rows), findings) == (1, [])


def test_numbers_that_are_codes_lose_their_decimal_point() -> None:
    row, findings = read_one(FIRMS, {**FIRM, "ruc": 20100070970.0, "isic": 2431.0})
    assert findings == []
    assert isinstance(row, Firm)
    assert (row.ruc, row.isic) == ("20100070970", "2431")


@pytest.mark.parametrize(("stored", "code"), [(610.0, "CELL-ZERO"), (6.0, "CELL-ZERO"), ("0610", None), (24.0, None)])
def test_a_class_that_may_have_lost_its_zero_is_asked_for(stored: Value, code: str | None) -> None:
    row, findings = read_one(FIRMS, {**FIRM, "isic": stored})
    assert [finding.code for finding in findings] == ([code] if code else [])
    assert (row is None) == (code is not None)


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("Empresa *", None, "CELL-MISSING"),
        ("Empresa *", "   ", "CELL-MISSING"),
        ("Empresa *", True, "CELL-TEXT"),
        ("Mes *", "31/02/2025", "CELL-DATE"),
        ("Mes *", "2025-13", "CELL-DATE"),
        ("Mes *", "31/03/25", "CELL-DATE"),
        ("Mes *", 2025.1, "CELL-DATE"),
        ("Mes *", 45717.0, "CELL-DATE"),
        ("Mes *", datetime.date(1900, 1, 3), "CELL-DATE"),
        ("Mes *", "marzo", "CELL-DATE"),
        ("Mes *", True, "CELL-DATE"),
        ("Energía en hora punta [kWh] *", "cien", "CELL-NUMBER"),
        ("Energía en hora punta [kWh] *", "100 kWh", "CELL-NUMBER"),
        ("Energía en hora punta [kWh] *", "1,234.5", "CELL-NUMBER-TEXT"),
        ("Energía en hora punta [kWh] *", "12.5", "CELL-NUMBER-TEXT"),
        ("Energía en hora punta [kWh] *", True, "CELL-NUMBER"),
        ("Energía en hora punta [kWh] *", datetime.date(2023, 3, 15), "CELL-NUMBER"),
        ("Energía en hora punta [kWh] *", -1.0, "CELL-RANGE"),
        ("Energía en hora punta [kWh] *", CellFault("error", "#DIV/0!"), "CELL-ERROR"),
        ("Energía en hora punta [kWh] *", CellFault("uncached", "=B2*2"), "CELL-UNCACHED"),
        ("Energía en hora punta [kWh] *", CellFault("percent", "58 %"), "CELL-PERCENT"),
        ("Empresa *", CellFault("error", "#REF!"), "CELL-ERROR"),
    ],
)
def test_a_faulty_cell_is_one_finding_at_its_place(field: str, value: Value, code: str) -> None:
    row, findings = read_one(ELECTRICITY_BILLS, {**BILL, field: value})
    finding = only(findings)
    assert row is None
    assert finding.code == code
    cell = f"{'ABCDEF'[list(BILL).index(field)]}2"
    place = finding.place
    assert (place.sheet, place.row, place.cell) == ("Recibos de electricidad", 2, cell)
    assert place.column == field.removesuffix(" *")


def test_all_faults_of_a_row_are_told_at_once() -> None:
    faulty = {**BILL, "Empresa *": None, "Mes *": "x", "Máxima demanda en hora punta [kW] *": -2.0}
    _, findings = read_one(ELECTRICITY_BILLS, faulty)
    assert sorted(finding.code for finding in findings) == ["CELL-DATE", "CELL-MISSING", "CELL-RANGE"]


@pytest.mark.parametrize(
    "text",
    ["2025-03", "03-2025", "3/2025", "2025/03/31", "31/03/2025", "31.3.2025", "mar 2025", "Marzo de 2025", "march 2025",
     "31 de marzo del 2025"],
)  # fmt: skip
def test_months_as_people_write_them(text: str) -> None:
    assert cell_value(text, ElectricityBill.model_fields["month"]) == datetime.date(2025, 3, 1)


@pytest.mark.parametrize("text", ["setiembre 2025", "Septiembre de 2025", "set-2025", "sept 2025", "september 2025"])
def test_september_has_many_names(text: str) -> None:
    assert cell_value(text, ElectricityBill.model_fields["month"]) == datetime.date(2025, 9, 1)


def test_dates_keep_their_day_where_no_month_is_asked_for() -> None:
    info = Park.model_fields["price_date"]
    for value in ("31/12/2025", "2025-12-31", datetime.datetime.fromisoformat("2025-12-31T10:00")):
        assert cell_value(value, info) == datetime.date(2025, 12, 31)


@pytest.mark.parametrize("word", ["sí", "SI", "x", "Yes", "verdadero", 1.0, True])
def test_yes_in_many_words(word: Value) -> None:
    assert cell_value(word, Park.model_fields["zone_gas_available"]) is True


@pytest.mark.parametrize("word", ["no", "NO", "Falso", 0.0, False])
def test_no_in_many_words(word: Value) -> None:
    assert cell_value(word, Park.model_fields["zone_gas_available"]) is False


@pytest.mark.parametrize("word", ["quizás", 2.0, "-"])
def test_neither_yes_nor_no(word: Value) -> None:
    with pytest.raises(CellRefused, match="CELL-YES-NO"):
        cell_value(word, Park.model_fields["zone_gas_available"])


def test_choices_by_value_and_by_label_of_both_languages() -> None:
    rule = BilledDemand.MEAN_OF_TWO_HIGHEST_IN_SIX_MONTHS
    for word in (rule.value, *(f" {rule.label(language).upper()} " for language in LANGUAGES)):
        cells: Cells = {"firm": "E01", "option": "mt3", "billed_demand": word}
        row, findings = read_one(CONTRACTS, cells)
        assert findings == []
        assert (getattr(row, "option", None), getattr(row, "billed_demand", None)) == (TariffOption.MT3, rule)


def test_an_unknown_choice_lists_the_labels_in_the_readers_language() -> None:
    _, findings = read_one(CONTRACTS, {"firm": "E01", "option": "BT5"})
    finding = only(findings)
    assert finding.code == "CELL-CHOICE"
    for language in LANGUAGES:
        message = finding.message(language)
        assert all(option.label(language) in message for option in TariffOption)
    assert finding.message("es") != finding.message("en").replace("is not in the list", "")
    assert TariffOption.OTHER.label("es") not in finding.message("en")


def test_limits_are_said_in_words() -> None:
    _, findings = read_one(FIRMS, {**FIRM, "shifts": 4.0})
    assert only(findings).message("es").endswith("debe ser 3 o menos. Corríjalo.")
    _, findings = read_one(FIRMS, {**FIRM, "shifts": 2.5})
    assert only(findings).code == "CELL-WHOLE"


def test_a_wrong_form_shows_the_columns_note() -> None:
    _, findings = read_one(FIRMS, {**FIRM, "firm": "E 01"})
    finding = only(findings)
    assert finding.code == "CELL-FORM"
    for language in LANGUAGES:
        assert FIRMS.field_note("firm", language) in finding.message(language)


@pytest.mark.parametrize(("ruc", "code"), [("20100070971", "RUC-DIGIT"), ("2010007097", "RUC-FORM"), ("x", "RUC-FORM")])
def test_a_tax_number_has_eleven_digits_and_a_check_digit(ruc: str, code: str) -> None:
    _, findings = read_one(FIRMS, {**FIRM, "ruc": ruc})
    assert only(findings).code == code
    assert only(findings).place.cell == "B2"


def test_a_second_row_for_the_same_thing_names_the_first() -> None:
    rows, findings = read_rows(raw(ELECTRICITY_BILLS, BILL, {**BILL, "Mes *": "2025-04"}, BILL), ELECTRICITY_BILLS)
    finding = only(findings)
    assert len(rows) == 3
    assert (finding.code, finding.place.row, finding.values["first"]) == ("ROW-TWICE", 4, "2")
    assert "E01, 2025-03" in finding.message("es")


def test_keys_of_choices_are_said_in_words() -> None:
    price: Cells = {"item": "diesel", "value": 1.0, "currency": "PEN", "unit": "gal", "date": "2025", "source": "x",
                    "status": "made_up"}  # fmt: skip
    _, findings = read_rows(raw(PRICES, price, price), PRICES)
    assert "diésel" in only(findings).message("es").lower()


def without(cells: Cells, header: str) -> Cells:
    return {name: value for name, value in cells.items() if name != header}


@pytest.mark.parametrize(
    ("cells", "code", "word"),
    [
        (without(BILL, "Mes *"), "COLUMN-MISSING", "Mes"),
        ({**BILL, "mes": None}, "COLUMN-TWICE", "mes"),
        ({**BILL, "Observaciones": "ninguna"}, "COLUMN-UNKNOWN", "Observaciones"),
        ({**BILL, "": "perdido"}, "COLUMN-NAMELESS", "perdido"),
        ({**without(BILL, "Energía en hora punta [kWh] *"), "Energía en hora punta [MWh]": 0.1}, "COLUMN-UNIT", "kWh"),
        ({**BILL, "#REF!": 1.0}, "COLUMN-UNKNOWN", "#REF!"),
    ],
)
def test_what_is_wrong_with_a_header_is_a_finding(cells: Cells, code: str, word: str) -> None:
    _, findings = read_rows(raw(ELECTRICITY_BILLS, cells), ELECTRICITY_BILLS)
    assert code in [finding.code for finding in findings]
    told = next(finding for finding in findings if finding.code == code)
    assert word in told.message("es")
    assert told.place.sheet == "Recibos de electricidad"
    assert {finding.code for finding in findings} <= {code, "COLUMN-MISSING"}


def test_an_error_cell_among_the_headers() -> None:
    cells: tuple[tuple[Value, ...], ...] = ((*BILL, CellFault("error", "#NAME?")), (*BILL.values(), None))
    _, findings = read_rows(RawWorkbook({"electricity_bills": RawSheet("x", cells)}), ELECTRICITY_BILLS)
    assert (only(findings).code, only(findings).place.cell) == ("CELL-ERROR", "G1")


def test_headers_in_another_row_are_told_once() -> None:
    _, findings = read_rows(raw(ELECTRICITY_BILLS, BILL, above=2), ELECTRICITY_BILLS)
    finding = only(findings)
    assert (finding.code, finding.values["row"], finding.place.cell) == ("SHEET-HEADER", "3", "A3")


@pytest.mark.parametrize("cells", [(), ((None, " "), ("", None))])
def test_an_empty_sheet(cells: tuple[tuple[Value, ...], ...]) -> None:
    _, findings = read_rows(RawWorkbook({"Empresas": RawSheet("Empresas", cells)}), FIRMS)
    assert only(findings).code == "SHEET-EMPTY"


def test_headers_alone_are_an_empty_sheet_where_rows_are_needed() -> None:
    workbook = RawWorkbook({"Empresas": RawSheet("Empresas", (tuple(FIRM),))})
    assert only(read_rows(workbook, FIRMS)[1]).code == "SHEET-EMPTY"


def test_a_missing_sheet_is_named_in_the_workbooks_language() -> None:
    assert only(read_rows(RawWorkbook({}), FIRMS)[1]).place.sheet == "Empresas"
    assert only(read_rows(RawWorkbook({}), FIRMS, "en")[1]).place.sheet == "Firms"


def test_a_table_without_its_headers_is_told_once() -> None:
    """The first bill stands where the headers were."""
    sheet = raw(ELECTRICITY_BILLS, BILL, BILL)
    title, table = next(iter(sheet.sheets.items()))
    headless = RawWorkbook({title: RawSheet(title, table.cells[1:])})
    rows, findings = read_rows(headless, ELECTRICITY_BILLS)
    assert rows == []
    assert (only(findings).code, only(findings).place.row) == ("SHEET-HEADERLESS", 1)


@pytest.mark.parametrize(
    "last",
    [
        {"Empresa *": "Nota: sin IGV"},
        {**BILL, "Empresa *": "TOTAL", "Mes *": None},
        {"Energía en hora punta [kWh] *": 99_000.0, "Energía fuera de punta [kWh] *": 9_000.0},
    ],
)
def test_a_note_or_a_total_below_the_table_is_told_once(last: Cells) -> None:
    rows, findings = read_rows(raw(ELECTRICITY_BILLS, BILL, {}, last), ELECTRICITY_BILLS)
    assert len(rows) == 1
    assert (only(findings).code, only(findings).place.row) == ("ROW-STRAY", 4)


def test_a_record_with_a_gap_is_no_stray() -> None:
    gap = {**BILL, "Mes *": None}
    rows, findings = read_rows(raw(ELECTRICITY_BILLS, BILL, gap), ELECTRICITY_BILLS)
    assert (len(rows), only(findings).code) == (1, "CELL-MISSING")
    above = read_rows(
        raw(ELECTRICITY_BILLS, {"Empresa *": "E01", **dict.fromkeys(list(BILL)[1:])}, BILL), ELECTRICITY_BILLS
    )
    assert {finding.code for finding in above[1]} == {"CELL-MISSING"}


def test_merged_cells_are_told_with_their_range() -> None:
    (name, sheet), = raw(ELECTRICITY_BILLS, BILL).sheets.items()  # fmt: skip
    workbook = RawWorkbook({name: RawSheet(name, sheet.cells, ("A2:A3",))})
    finding = only(read_rows(workbook, ELECTRICITY_BILLS)[1])
    assert (finding.code, finding.place.cell) == ("SHEET-MERGED", "A2:A3")


FORM: Cells = {
    "name": "Zona", "origin": "made_up", "year": 2025.0, "place": "Chilca", "latitude": -12.0, "longitude": -76.0,
    "area": 140.0, "price_date": datetime.date(2025, 12, 31), "pen_per_usd": 3.4, "usd_per_eur": 1.1,
    "discount_rate": 10.0, "grid_factor_year": 2024.0, "zone_tariff": "MT3", "zone_gas_available": "sí",
}  # fmt: skip


def form(cells: Cells, *top: tuple[Value, ...]) -> RawWorkbook:
    rows = (*top, *((PARK.header(field, "es") + " *", value, "nota") for field, value in cells.items()))
    return RawWorkbook({"Parque": RawSheet("Parque", rows)})


@pytest.mark.parametrize("top", [(), (("Dato", "Valor", "Explicación"),), ((None, None, None),)])
def test_a_form_is_one_record_down_the_first_two_columns(top: tuple[tuple[Value, ...], ...]) -> None:
    (park,), findings = read_rows(form(FORM, *top), PARK)
    assert findings == []
    assert isinstance(park, Park)
    assert (park.year, park.area, park.grid_limit) == (2025, 140.0, None)
    assert park.place_of("area").cell == f"B{len(top) + 7}"


def test_faults_of_a_form_have_their_cell() -> None:
    top = ("Dato", "Valor", "")
    finding = only(read_rows(form({**FORM, "area": "grande"}, top), PARK)[1])
    assert (finding.code, finding.place.cell, finding.place.row) == ("CELL-NUMBER", "B8", 8)
    missing = only(read_rows(form({**FORM, "area": None}, top), PARK)[1])
    assert (missing.code, missing.place.cell) == ("CELL-MISSING", "B8")
    nameless = read_rows(form(FORM, top, (None, 7.0, None)), PARK)[1]
    assert (only(nameless).code, only(nameless).place.cell) == ("COLUMN-NAMELESS", "B2")
    absent = only(read_rows(form(without(FORM, "year"), top), PARK)[1])
    assert (absent.code, absent.values["column"]) == ("COLUMN-MISSING", PARK.header("year", "es"))


@pytest.mark.parametrize("column", [0, 1, 2])
def test_a_form_that_lost_a_column(column: int) -> None:
    rows = tuple(
        tuple(None if at == column else value for at, value in enumerate(row))
        for row in form(FORM).sheets["Parque"].cells
    )
    _, findings = read_rows(RawWorkbook({"Parque": RawSheet("Parque", rows)}), PARK)
    codes = {finding.code for finding in findings}
    assert codes == [{"COLUMN-NAMELESS", "COLUMN-MISSING"}, {"CELL-MISSING"}, set()][column]
    narrow = tuple(row[:1] for row in rows)
    _, findings = read_rows(RawWorkbook({"Parque": RawSheet("Parque", narrow)}), PARK)
    assert {finding.code for finding in findings} == {"SHEET-EMPTY" if column == 0 else "CELL-MISSING"}
    aside = tuple((None, None, value) for _, value, _ in rows)
    _, findings = read_rows(RawWorkbook({"Parque": RawSheet("Parque", aside)}), PARK)
    assert {finding.code for finding in findings} == {"SHEET-EMPTY" if column == 1 else "COLUMN-MISSING"}


def test_a_row_made_in_code_has_no_place() -> None:
    assert Flow.model_construct().read_from == Place()
