"""Inputs that the ledger gives, on the small park of the ledger's own tests and on the example park."""

import pytest

from assessment_samples import Keys, framework, group, line
from ayni.assessment.figures import add_figures
from ayni.assessment.framework import Framework, load_framework
from ayni.assessment.inputs import GivenInput, typed_inputs
from ayni.assessment.ledger_inputs import inputs_from
from ayni.assessment.results import Assessment, Result
from ayni.assessment.schema import Answer, Input
from ayni.assessment.score import assess
from ayni.assessment.writing import as_json, categories_table, inputs_table, lines_table, summary_table
from ayni.base.figures import FigureBook, SourceRow
from ayni.base.status import Status
from ayni.ledger.account import account
from ayni.ledger.figures import add_figures as add_ledger_figures
from ayni.ledger.ledger import Ledger
from ayni.ledger.reading import read_ledger
from ayni.parks.example import example_rows
from ledger_samples import sample_ledger, sample_values

DRAFT = load_framework("eip-2017-draft")


def computed(ledger: Ledger, frame: Framework = DRAFT) -> dict[str, GivenInput]:
    return {item.name: item for item in inputs_from(ledger, account(ledger), frame)}


def with_flows(*flows: Keys) -> Ledger:
    values = sample_values()
    values["flows"] = [{**values["flows"][0], **flow} for flow in flows]
    return sample_ledger(values)


def waste(amount: float, management: str | None, destination: str = "waste_operator") -> Keys:
    return {
        "origin": "E01", "destination": destination, "kind": "waste", "resource": f"{management}", "amount": amount,
        "waste_code": "15 01 01", "management": management, "unit_cost": 5.0,
    }  # fmt: skip


def effluent(amount: float, management: str | None, destination: str = "environment") -> Keys:
    return {**waste(amount, management, destination), "kind": "wastewater", "unit": "m3", "waste_code": None}


def test_all_names_are_asked_for_by_the_draft() -> None:
    assert computed(sample_ledger()).keys() <= DRAFT.inputs.keys()


def test_energy_by_hand() -> None:
    """Bills of 282 MWh; gas is metered, diesel, gas and biomass invoices of liquids and solids are not."""
    found = computed(sample_ledger())
    totals = account(sample_ledger()).totals
    assert found["energy_total_mwh"].value == pytest.approx(totals["energy.total"])
    metered = 20 + 100 + 18 + 90 + 9 + 45 + totals["energy.natural_gas"]
    assert found["energy_metered_mwh"].value == pytest.approx(metered)
    assert found["energy_renewable_mwh"].value == pytest.approx(totals["energy.biomass"])
    assert found["energy_total_mwh"].year == 2025
    values = sample_values()
    values["fuel_bills"][0]["measured"] = "meter"
    again = computed(sample_ledger(values))["energy_metered_mwh"]
    diesel = sample_ledger(values).fuels["energy"].iloc[0]
    assert again.value == pytest.approx(metered + diesel)
    assert isinstance(again.sources[-1], SourceRow)
    assert again.sources[-1].value == pytest.approx(diesel)


def test_waste_by_management() -> None:
    kinds = {
        "landfill": 5,
        "secure_landfill": 1,
        "recycling": 4,
        "reuse": 2,
        "composting": 3,
        "coprocessing": 6,
        None: 7,
    }
    found = computed(with_flows(*(waste(amount, kind) for kind, amount in kinds.items())))
    names = ("solid_waste_generated_t", "waste_landfilled_t", "solid_waste_reused_t")
    assert [found[name].value for name in names] == pytest.approx([28, 5 + 1 + 7, 4 + 2 + 3])


def test_wastewater_by_management_and_what_another_firm_treats() -> None:
    found = computed(with_flows(
        effluent(100, "treatment"), effluent(50, "sewer"), effluent(30, "reuse", "E02"), effluent(20, None),
        effluent(40, "treatment", "E02"), {**effluent(40, "treatment"), "origin": "E02"},
    ))  # fmt: skip
    names = ("wastewater_generated_m3", "wastewater_treated_m3", "wastewater_reused_m3")
    assert [found[name].value for name in names] == pytest.approx([240, 170, 30])


def test_no_rows_are_no_data() -> None:
    found = computed(with_flows({}))
    assert not {name for name in found if "waste" in name or "water" in name}


def test_firms_and_populations() -> None:
    values = sample_values()
    values["firms"][0]["employees"] = 251
    found = computed(sample_ledger(values))
    assert [found[name].value for name in ("firms_resident", "workers_total", "large_firms")] == [2, 301, 1]
    frame = framework(
        group("g", line("A")),
        inputs={"sunny": {"text": {"en": "sunny"}}},
        populations={"sunny_firm": {"text": {"en": "s"}, "where": "roof_area / employees > 10", "count": "sunny"}},
    )
    assert computed(sample_ledger(values), frame)["sunny"].value == 1


# --- the example park ---


@pytest.fixture(scope="module")
def example() -> tuple[Assessment, FigureBook]:
    rows = example_rows()
    ledger, _ = read_ledger(rows)
    assert ledger is not None
    state = account(ledger)
    book = FigureBook()
    add_ledger_figures(book, ledger, state, "before")
    answers = [row for row in rows["answers"] if isinstance(row, Answer)]
    inputs = [row for row in rows["inputs"] if isinstance(row, Input)]
    result = assess(DRAFT, answers, [*inputs_from(ledger, state, DRAFT), *typed_inputs(inputs)])
    add_figures(book, result, row_status=Status.MADE_UP)
    return result, book


def test_the_example_is_scored_with_a_band(example: tuple[Assessment, FigureBook]) -> None:
    result, _ = example
    assert result.findings == ()
    assert result.score is not None
    assert result.score_high is not None
    assert 0 < result.score < result.score_high < 100
    by_result = {kind: sum(item.result is kind for item in result.lines) for kind in Result}
    assert by_result[Result.NOT_APPLICABLE] == 1
    assert min(by_result.values()) > 0


def test_every_figure_opens_down_to_rows(example: tuple[Assessment, FigureBook]) -> None:
    result, book = example
    own = [figure for figure in book if figure.id.startswith("assessment.")]
    unknown = {item.requirement.id for item in result.lines if item.result is Result.NO_DATA}
    for figure in own:
        assert figure.inputs or figure.id.removeprefix("assessment.line.") in unknown
        assert figure.status in {Status.UNVERIFIED, Status.MADE_UP}
        assert figure.title("es") != figure.title("en")
    score = book["assessment.score"]
    assert (score.value, score.low, score.high) == (result.score, result.score_low, result.score_high)
    assert score.inputs == tuple(f"assessment.category.{part.group.id}" for part in result.categories)
    assert book["assessment.lines_no_data"].value == len(unknown)
    assert "energy.electricity.before" in book["assessment.input.energy_total_mwh.2025"].inputs
    assert "assessment.line.EC-I4" not in book


def test_the_lines_add_up_to_the_category(example: tuple[Assessment, FigureBook]) -> None:
    _, book = example
    category = book["assessment.category.social"]
    values = [book[source].value for source in category.inputs if isinstance(source, str)]
    assert category.value == pytest.approx(100 * sum(values) / len(values))


def test_tables_and_json_say_the_same(example: tuple[Assessment, FigureBook]) -> None:
    result, _ = example
    lines, categories = lines_table(result, "es"), categories_table(result, "es")
    payload = as_json(result, "es")
    assert lines["line"].tolist() == [item["requirement"] for item in payload["lines"]]  # type: ignore[attr-defined]
    assert lines["verdict"].tolist() == [item["result"] for item in payload["lines"]]  # type: ignore[attr-defined]
    assert set(lines["result"]) == {"Cumple", "Parcial", "No cumple", "Sin datos", "No aplica"}
    assert lines.set_index("line").loc["EN-I11", "target"] == "≤ 50 %"
    counted = categories[[kind.value for kind in Result]].sum().sum()
    assert counted == len(lines) == 51
    summary = summary_table(result, "es").set_index("item")["value"]
    assert summary["Estado del marco"] == "borrador sin verificar"
    assert summary["Qué es este resultado"] == "Autoevaluación, sin certificado"
    assert summary["Puntaje [%]"] == result.printed(result.score, "es")
    used = inputs_table(result)
    assert used["computed"].sum() >= 10
    assert not used.duplicated(["name", "year"]).any()
