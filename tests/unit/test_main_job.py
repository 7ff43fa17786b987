"""The main job as a user runs it: the example, a filled template, an added source of waste heat, what is refused."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pypdf import PdfReader
from typer.testing import CliRunner

from ayni.cli import app
from ayni.parks.example import example_rows
from ayni.parks.explanation import explain, leaves, read_results
from ayni.parks.workbook import SHEETS
from ayni.reports.writing import FILES
from ayni.zones.schema import WASTE_HEAT

NEW_SOURCE = ("E10", "Aire caliente del horno", 150.0, 900.0)
SAVED = ("saving.cost.total", "saving.emissions.total", "saving.energy.total", "saving.water.total")


def ayni(*words: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(word) for word in words])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result.exit_code, result.output


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("demo") / "out"
    code, output = ayni("demo", "--out", folder, "--lang", "es")
    assert code == 1, output  # the example has an open balance on purpose
    assert output.rstrip().endswith(str(folder))
    return folder


@pytest.fixture(scope="module")
def results(demo: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((demo / "results.json").read_text(encoding="utf-8"))
    return content


def page_one(demo: Path) -> str:
    return PdfReader(demo / "report.pdf").pages[0].extract_text()


def figure_ids(text: str, known: dict[str, Any]) -> set[str]:
    """The figure ids printed on a page; one that wraps is joined again."""
    whole = re.sub(r"\s+", "", text)
    return {figure_id for figure_id in known if figure_id in whole}


def test_the_demo_writes_three_files_and_its_workbook(demo: Path, results: dict[str, Any]) -> None:
    assert {*FILES, "parque_de_ejemplo.xlsx"} <= {path.name for path in demo.iterdir()}
    assert list(results) >= ["version"]
    assert {"park", "period", "findings", "figures", "balance", "footprint", "cost", "assessment", "exchange",
            "design"} <= results.keys()  # fmt: skip
    assert 6 <= len(PdfReader(demo / "report.pdf").pages) <= 10


def test_the_plan_is_proven(results: dict[str, Any]) -> None:
    figures = results["figures"]
    assert results["design"]["proof"]["status"] == "optimal"
    assert 0.0 <= figures["design.gap"]["value"] <= 1e-3
    assert figures["design.bound"]["value"] <= figures["design.cost"]["value"]


def test_every_number_on_page_one_opens_to_rows_and_factors(demo: Path, results: dict[str, Any]) -> None:
    file = read_results(demo / "results.json")
    printed = figure_ids(page_one(demo), results["figures"])
    assert {*SAVED[:2], "design.investment", "design.payback", "assessment.score_low"} <= printed
    for figure_id in printed:
        ends = list(leaves(explain(file, figure_id)))
        assert ends
        for end in ends:
            if "row" in end:
                assert end["row"]["sheet"]
                assert end["row"]["row"] >= 1
            elif "factor" in end:
                assert end["factor"]["source"]
                assert end["factor"]["status"]
            else:  # a figure without inputs must be a count or nothing at all
                assert end["unit"] == "" or end["value"] == 0.0, end["id"]


def test_explain_prints_a_tree(demo: Path) -> None:
    code, output = ayni("explain", demo / "results.json", "saving.cost.total", "--lang", "es")
    assert code == 0
    assert "tariffs_pe" in output
    assert "Recibos" in output


def test_savings_are_one_difference(results: dict[str, Any]) -> None:
    figures = results["figures"]
    for figure_id in SAVED:
        key = figure_id.removeprefix("saving.")
        difference = figures[f"{key}.before"]["value"] - figures[f"{key}.after"]["value"]
        assert figures[figure_id]["value"] == pytest.approx(difference, rel=1e-12)


def test_headlines_are_bands(results: dict[str, Any]) -> None:
    for figure_id in SAVED[:2]:
        figure = results["figures"][figure_id]
        assert figure["low"] < figure["value"] < figure["high"]
        assert figure["stage"] == "potential"


def fill(template: Path) -> None:
    """Type the example's values into an empty template, cell by cell, as a person does."""
    book = openpyxl.load_workbook(template)
    rows = example_rows("es")
    for sheet in SHEETS:
        page = book[sheet.title("es")]
        fields = list(sheet.row.model_fields)
        for number, row in enumerate(rows[sheet.name], start=2):
            for across, field in enumerate(fields, start=1):
                value = getattr(row, field)
                cell = page.cell(1 + across, 2) if sheet.form else page.cell(number, across)
                cell.value = typed(value)
    book.save(template)


def typed(value: object) -> Any:
    if isinstance(value, bool):
        return "sí" if value else "no"
    label = getattr(value, "label", None)
    return label("es") if label else value


def test_a_filled_template_runs_to_the_same_results(tmp_path: Path, demo: Path, results: dict[str, Any]) -> None:
    workbook = tmp_path / "mine.xlsx"
    assert ayni("template", workbook, "--lang", "es")[0] == 0
    fill(workbook)
    (tmp_path / "E01_electricity.csv.gz").write_bytes((demo / "E01_electricity.csv.gz").read_bytes())
    code, output = ayni("run", workbook, "--out", tmp_path / "out", "--lang", "es")
    assert code == 1, output
    mine = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert mine["figures"] == results["figures"]
    assert mine["exchange"] == results["exchange"]
    assert mine["assessment"] == results["assessment"]


def test_waste_heat_is_not_counted_twice(tmp_path: Path, demo: Path, results: dict[str, Any]) -> None:
    """With one more source the total stays one difference of the ledger, and rises by no more than the source gives."""
    workbook = tmp_path / "more_heat.xlsx"
    book = openpyxl.load_workbook(demo / "parque_de_ejemplo.xlsx")
    page = book[WASTE_HEAT.title("es")]
    page.append(NEW_SOURCE)
    book.save(workbook)
    (tmp_path / "E01_electricity.csv.gz").write_bytes((demo / "E01_electricity.csv.gz").read_bytes())
    code, output = ayni("run", workbook, "--out", tmp_path / "out", "--lang", "es")
    assert code == 1, output
    more = json.loads((tmp_path / "out" / "results.json").read_text(encoding="utf-8"))
    assert more["figures"]["energy.total.before"]["value"] == results["figures"]["energy.total.before"]["value"]
    test_savings_are_one_difference(more)
    gained = more["figures"]["design.cost"]["value"] - results["figures"]["design.cost"]["value"]
    assert gained <= 1e-3 * results["figures"]["design.cost"]["value"]  # a source never makes the zone dearer
    saved = more["figures"]["saving.energy.total"]["value"] - results["figures"]["saving.energy.total"]["value"]
    assert saved <= NEW_SOURCE[3] / 0.7  # at most the fuel that its heat could replace


def test_a_faulty_workbook_writes_nothing(tmp_path: Path, demo: Path) -> None:
    workbook = tmp_path / "faulty.xlsx"
    book = openpyxl.load_workbook(demo / "parque_de_ejemplo.xlsx")
    ruc = str(book["Empresas"]["B2"].value)
    book["Empresas"]["B2"] = ruc[:-1] + str((int(ruc[-1]) + 1) % 10)
    book.save(workbook)
    out = tmp_path / "out"
    code, output = ayni("run", workbook, "--out", out, "--lang", "es", "--json")
    findings = json.loads(output)["findings"]
    assert code == 2
    assert "RUC-DIGIT" in {finding["code"] for finding in findings}
    assert all(finding["message"] and finding["file"] == "faulty.xlsx" for finding in findings)
    assert not out.exists()


def test_a_template_never_overwrites(tmp_path: Path) -> None:
    workbook = tmp_path / "x.xlsx"
    workbook.write_text("mine")
    assert ayni("template", workbook)[0] == 2
    assert workbook.read_text() == "mine"


def test_json_is_one_object_and_nothing_else(demo: Path) -> None:
    code, output = ayni("check", demo / "parque_de_ejemplo.xlsx", "--json")
    assert code == 1
    assert {"code", "severity", "file", "sheet", "cell", "message"} <= json.loads(output)["findings"][0].keys()
