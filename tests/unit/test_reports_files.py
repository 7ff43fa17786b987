"""Results as JSON and XLSX: complete, deterministic, explainable, readable by others."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest

from ayni.base.factors import Factor
from ayni.base.figures import FigureBook, SourceRow, Stage
from ayni.base.status import Status
from ayni.base.texts import LANGUAGES, Language
from ayni.parks.explanation import explain, formula_in_words, leaves, read_results
from ayni.reports.blocks import Cell, Column, fitting, row_height
from ayni.reports.content import ReportData
from ayni.reports.founding import founding
from ayni.reports.json import payload, plain, text, write_json
from ayni.reports.pages.names import short_names
from ayni.reports.pages.summary import SENTENCES
from ayni.reports.voice import NOT_KNOWN, Voice, rounded
from ayni.reports.wording import shortened
from ayni.reports.xlsx import frames, tables, write_xlsx
from reports_samples import bare, made_up

KEYS = ["version", "language", "park", "period", "findings", "figures", "factors", "flows", "balance", "footprint",
        "cost", "assessment", "exchange", "design"]  # fmt: skip


@pytest.mark.parametrize("data", [made_up(), bare()], ids=["full", "bare"])
def test_json_has_every_key_and_no_nan(data: ReportData) -> None:
    written = text(data, "es")
    read = json.loads(written, parse_constant=lambda word: pytest.fail(f"{word} in JSON"))
    assert list(read) == KEYS
    assert read == payload(data, "es")
    assert set(read["figures"]) == {figure.id for figure in data.book}
    first = next(iter(read["figures"].values()))
    assert {"value", "unit", "label", "stage", "status", "low", "high", "formula", "inputs"} == set(first)


def test_json_says_null_where_there_is_nothing() -> None:
    read = payload(bare(), "en")
    assert read["assessment"] is read["exchange"] is read["design"] is None
    assert [row["amount_out"] for row in payload(made_up(), "en")["balance"]].count(None) == 1


def test_json_is_the_same_every_time() -> None:
    assert text(made_up(), "es") == text(made_up(), "es")


def test_figures_and_values_do_not_depend_on_the_language() -> None:
    spanish, english = (payload(made_up(), language) for language in LANGUAGES)
    for figure_id, figure in spanish["figures"].items():
        assert {**figure, "label": ""} == {**english["figures"][figure_id], "label": ""}
    assert spanish["footprint"] == english["footprint"]


def test_figures_of_page_one_open_to_rows_and_factors(tmp_path: Path) -> None:
    write_json(tmp_path / "results.json", made_up(), "es")
    results = read_results(tmp_path / "results.json")
    for figure_id in ("saving.emissions.total", "saving.energy.diesel", "design.payback", *SENTENCES[0][1]):
        ends = list(leaves(explain(results, figure_id)))
        assert ends
        assert all("row" in end or "factor" in end for end in ends)
        assert all(end["factor"]["source"] for end in ends if "factor" in end)


def test_plain_values() -> None:
    frame = pd.DataFrame(
        {"a": [1.0, np.nan], "b": ["x", None], "c": [True, False], "d": [pd.Timestamp("2025-01-31"), pd.NaT]}
    )
    assert plain(frame) == [
        {"a": 1.0, "b": "x", "c": True, "d": "2025-01-31T00:00:00"}, {"a": None, "b": None, "c": False, "d": None},
    ]  # fmt: skip
    assert plain(np.float64("inf")) is None
    assert plain(np.int64(3)) == 3


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_table_opens_in_a_spreadsheet(language: Language, tmp_path: Path) -> None:
    data, path = made_up(), tmp_path / "results.xlsx"
    write_xlsx(path, data, language)
    book = openpyxl.load_workbook(path)
    wanted = tables(data, language)
    assert book.sheetnames == [table.name for table in wanted]
    for sheet, table in zip(book, wanted, strict=True):
        headers = [cell.value for cell in sheet[3]]
        assert len(set(headers)) == len(headers) == len(table.frame.columns)
        assert sheet.max_row >= 3 + len(table.frame)
        assert sheet.cell(sheet.max_row, 1).value == Voice(language).say("sample")


def test_tables_speak_words() -> None:
    found = {table.name: table.frame for table in tables(made_up(), "es")}
    assert "gas natural" in set(found["Energía"]["Portador"])
    assert "No cumple" in set(found["Líneas del marco"]["Veredicto"])
    assert "requisito" in set(found["Líneas del marco"]["Clase"])
    assert "abierto" in set(found["Balances"]["Veredicto"])
    assert {"entra", "sale"} == set(found["Materiales"]["Sentido"])


def test_cells_carry_no_traces_of_binary_arithmetic() -> None:
    data = made_up()
    assert data.design is not None
    data = replace(
        data,
        design=replace(
            data.design, costs=pd.DataFrame({"line": ["lpg"], "before": [959.6360000000001], "after": [3e-17]})
        ),
    )
    found = {table.name: table.frame for table in tables(data, "es")}
    assert list(found["Costo de la energía"].iloc[0]) == ["GLP", 959.636, 0.0]
    assert data.design is not None
    gaps = found["Clases de tarifa"]["Brecha"].to_numpy(float)
    assert gaps == pytest.approx(data.design.classes["gap"].to_numpy(float) * 100, nan_ok=True)


def test_formulas_speak_the_language_of_the_reader() -> None:
    assert formula_in_words("energy in peak hours × price", "es") == "energía en horas punta × precio"
    assert formula_in_words("a + b", "es") == "a + b"


def test_spreadsheet_leaves_out_missing_parts() -> None:
    keys = [key for key, _ in frames(bare(), Voice("en"))]
    assert "figures" in keys
    assert not {"lines", "exchange", "capacities"} & set(keys)


def factor(name: str, status: Status) -> Factor:
    return Factor(name, 1.0, "t", status, "somebody 2020")


def test_founding_counts_each_factor_once() -> None:
    book = FigureBook()
    shared = factor("shared", Status.UNVERIFIED)
    book.add("a", 1, "t", "report.summary.saving", "", [shared, factor("known", Status.SOURCED)])
    book.add("b", 1, "t", "report.summary.saving", "", [shared, factor("made", Status.MADE_UP)])
    book.add(
        "top", 2, "t", "report.summary.saving", "a + b", ["a", "b", SourceRow("s", 1, "", 1.0, "t", Status.UNVERIFIED)]
    )
    ground = founding(book, ["top", "absent"])
    assert {item.id for item in ground.factors} == {"shared", "known", "made"}
    assert {item.id for item in ground.unverified} == {"shared", "made"}


def test_voice_numbers() -> None:
    voice = Voice("es")
    assert voice.headline(9_120_000) == ("9.1", "millones")
    assert voice.headline(6_412) == ("6,412", "")
    assert voice.money(-812_345) == "S/\u00a0−812,000"
    assert voice.money(float("nan")) == voice.number(float("nan")) == NOT_KNOWN
    assert voice.number(-3.456) == "−3.46"
    assert voice.percent(0.001) == "0.10\u00a0%"
    assert voice.change(-0.48) == "−48\u00a0%"
    assert voice.change(0.03) == "+3\u00a0%"
    assert voice.unit("t CO2e/year") == "t CO₂e al año"
    assert voice.amount(1.5e6, "PEN/year") == "S/\u00a01.5 millones al año"
    assert Voice("en").amount(12.0, "m3/year") == "12\u00a0m³ a year"
    assert voice.quantity(0.004) == "≈ 0"
    assert voice.quantity(0.0) == "0"
    assert voice.soles(5_312_345.4) == "S/\u00a05,312,345"
    assert voice.unit("PEN/MWh") == "S/ por MWh"
    assert [voice.exact(value) for value in (0.275, 0.33, 0.235, 1332.4, 20.0)] == [
        "0.275",
        "0.33",
        "0.235",
        "1,332",
        "20",
    ]
    assert voice.exact(float("nan")) == NOT_KNOWN
    assert [voice.gap(share) for share in (0.0, 9.3e-6, 0.0123)] == ["0\u00a0%", "0.001\u00a0%", "1.230\u00a0%"]
    assert voice.unit("EUR/MWh el") == "EUR/MWh eléctrico"
    assert rounded(0.0) == 0.0
    assert rounded(-0.012345) == -0.0123


def test_names_are_cut_at_words() -> None:
    assert shortened("Pesquera Puerto Viejo", 25) == "Pesquera Puerto Viejo"
    assert shortened("Pesquera Puerto Viejo", 18) == "Pesquera Puerto…"
    assert shortened("Bebidas Lomas de Lúcumo", 19) == "Bebidas Lomas…"
    assert shortened("A" * 30, 10) == "A" * 9 + "…"


def test_legal_forms_stay_out_of_charts_and_twins_carry_their_code() -> None:
    firms = pd.DataFrame({"firm": ["E1", "E2", "E3"], "name": ["Frío Sur S.A.C.", "Frío Sur S.R.L.", "Sal y Mar S.A."]})
    assert short_names(firms) == {"E1": "E1 Frío Sur", "E2": "E2 Frío Sur", "E3": "Sal y Mar"}


def test_rows_that_do_not_fit_are_counted() -> None:
    columns = (Column("a", characters=10), Column("b", True))
    rows = [(Cell("x" * 25), Cell("1")), (Cell("y"), Cell("2", small="z")), (Cell("z"), Cell("3"))]
    assert [row_height(columns, row) for row in rows] == [3.4, 2.4, 1.4]
    assert fitting(columns, rows, 6.0) == (tuple(rows[:2]), 1)
    assert fitting(columns, rows, 0.0) == (tuple(rows[:1]), 2)
    assert fitting(columns, [], 5.0) == ((), 0)


def test_band_is_said_where_there_is_one() -> None:
    book, voice = FigureBook(), Voice("es")
    with_band = book.add(
        "a", 6412, "t CO2e/year", "report.summary.saving", "", low=4_912.0, high=7_806.0, stage=Stage.POTENTIAL
    )
    assert voice.band(with_band) == "entre 4,912 y 7,806"
    assert voice.band(replace(with_band, low=None)) == ""
