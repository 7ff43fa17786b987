import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from ayni.base.factors import Factor, MissingFactor, economics, price, technology
from ayni.base.figures import FigureBook, SourceRow, Stage
from ayni.base.findings import Refused
from ayni.base.status import Status, parse_status, worst
from ayni.parks.explanation import ROWS_SHOWN, explain, leaves, read_results, tree_of

LABEL = "explain.row"


def book_of_two() -> FigureBook:
    book = FigureBook()
    rows = [SourceRow("Facturas", row, "E01 [kWh]", 10.0, "kWh") for row in range(2, 22)]
    factor = technology("pv_roof", "life")
    book.add("energy", 200.0, "kWh", LABEL, "sum of rows", rows, sheet="Facturas", row="3")
    book.add(
        "saving",
        100.0,
        "kWh",
        LABEL,
        "energy × share",
        ["energy", factor],
        stage=Stage.POTENTIAL,
        sheet="Facturas",
        row="3",
    )
    return book


def test_status_is_the_worst_of_the_inputs() -> None:
    book = book_of_two()
    assert book["energy"].status is Status.DECLARED
    assert book["saving"].status is Status.UNVERIFIED
    assert worst([]) is Status.DERIVED


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("sourced", (Status.SOURCED, Status.SOURCED)),
        ("sourced; midpoint derived", (Status.DERIVED, Status.DERIVED)),
        ("secondary; range unverified", (Status.SECONDARY, Status.UNVERIFIED)),
    ],
)
def test_status_words_of_the_data(words: str, expected: tuple[Status, Status]) -> None:
    assert parse_status(words) == expected


def test_a_word_that_is_no_status_is_refused() -> None:
    with pytest.raises(ValueError, match="maybe"):
        parse_status("maybe")


def test_figures_are_kept_once_and_inputs_must_exist() -> None:
    book = book_of_two()
    with pytest.raises(ValueError, match="twice"):
        book.add("energy", 1.0, "kWh", LABEL, "again", sheet="Facturas", row="3")
    with pytest.raises(KeyError):
        book.add("other", 1.0, "kWh", LABEL, "of nothing", ["unheard"], sheet="Facturas", row="3")


def test_missing_factors_are_never_guessed() -> None:
    with pytest.raises(MissingFactor):
        technology("pv_roof", "colour")
    with pytest.raises(MissingFactor):
        economics("price_of_gold")
    with pytest.raises(MissingFactor):
        price("diesel_db5", "1999-01")


def test_factors_carry_source_year_and_status() -> None:
    diesel = price("diesel_db5", "2023-11")
    assert (diesel.value, diesel.unit, diesel.status) == (11.07, "PEN/US gallon", Status.SECONDARY)
    assert diesel.source
    assert len(diesel.version) == 12
    assert economics("usd_pen", "2025-12-31").value == 3.364


@pytest.fixture
def results(tmp_path: Path) -> Path:
    book = book_of_two()
    path = tmp_path / "results.json"
    path.write_text(json.dumps({"figures": book.as_json("es"), "factors": book.factors_json()}), encoding="utf-8")
    return path


def test_an_explanation_reaches_rows_and_factors(results: Path) -> None:
    explanation = explain(read_results(results), "saving")
    ends = list(leaves(explanation))
    assert sum("row" in end for end in ends) == 20
    factor = next(end["factor"] for end in ends if "factor" in end)
    assert factor["source"]
    assert factor["status"] == "unverified"


def test_the_tree_prints_and_says_what_it_leaves_out(results: Path) -> None:
    console = Console(width=200, record=True, file=io.StringIO())
    console.print(tree_of(explain(read_results(results), "saving"), "es"))
    text = console.export_text()
    assert "E01 [kWh]" in text
    assert f"{20 - ROWS_SHOWN} filas más" in text


def test_a_figure_met_again_is_not_opened_twice(tmp_path: Path) -> None:
    book = book_of_two()
    book.add("both", 300.0, "kWh", LABEL, "sum", ["energy", "saving"], sheet="Facturas", row="3")
    path = tmp_path / "results.json"
    path.write_text(json.dumps({"figures": book.as_json("es"), "factors": book.factors_json()}), encoding="utf-8")
    energy, saving = explain(read_results(path), "both")["inputs"]
    assert len(energy["inputs"]) == 20
    assert saving["inputs"][0]["repeated"]
    assert saving["inputs"][0]["inputs"] == []
    assert len(list(leaves(explain(read_results(path), "both")))) == 21


def test_bad_results_files_are_findings(tmp_path: Path, results: Path) -> None:
    broken = tmp_path / "broken.json"
    broken.write_text("{", encoding="utf-8")
    for path, code in ((broken, "RESULTS-BROKEN"), (tmp_path / "none.json", "FILE-UNREADABLE")):
        with pytest.raises(Refused, match=code):
            read_results(path)
    with pytest.raises(Refused, match="FIGURE-UNKNOWN"):
        explain(read_results(results), "unheard")


def test_a_factor_shows_once_in_the_file(results: Path) -> None:
    factors = read_results(results).factors
    assert list(factors) == ["technologies/pv_roof/life"]
    assert isinstance(technology("pv_roof", "life"), Factor)
