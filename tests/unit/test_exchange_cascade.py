"""Cascade cases: hand calculations, and faults of the file as findings."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ayni.base.findings import Refused
from ayni.exchange.cascade import cascade
from ayni.exchange.cascade_case import CascadeCase, Sink, Source, WaterProcess, read_case
from ayni.exchange.commands import app

CASE: dict[str, Any] = {
    "sources": [{"id": "s", "amount": 30, "quality": 100}],
    "sinks": [{"id": "d", "amount": 40, "quality_max": 50}],
    "processes": [{"id": "p", "quality_in_max": 0, "quality_out_max": 200, "load": 2}],
    "groups": {"g": ["s", "d"]},
}


def case_file(tmp_path: Path, content: object) -> Path:
    path = tmp_path / "case.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def refusal(path: Path) -> list[tuple[str, str | None]]:
    with pytest.raises(Refused) as refused:
        read_case(path)
    assert all(finding.message(language) for finding in refused.value.findings for language in ("es", "en"))
    return [(finding.code, finding.place.cell) for finding in refused.value.findings]


def test_a_source_is_thinned_to_the_sink_s_limit() -> None:
    source, sink = Source(id="s", amount=30, quality=100), Sink(id="d", amount=40, quality_max=50)
    result = cascade(CascadeCase(sources=(source,), sinks=(sink,)))
    assert result.fresh == pytest.approx(20)
    assert result.waste == pytest.approx(10)
    assert result.exchanges.to_dict("records") == [
        {"from": "s", "to": "d", "amount": pytest.approx(20), "quality": 100}
    ]
    assert result.fresh_to == {"d": pytest.approx(20)}
    assert result.waste_from == {"s": pytest.approx(10)}


def test_a_process_takes_load_over_outlet_of_fresh_water() -> None:
    process = WaterProcess(id="p", quality_in_max=0, quality_out_max=200, load=2)
    result = cascade(CascadeCase(processes=(process,)))
    assert (result.fresh, result.waste) == pytest.approx((10, 10))


def test_no_water_is_moved_without_need() -> None:
    uses = tuple(WaterProcess(id=f"p{at}", quality_in_max=50, quality_out_max=100, load=1) for at in range(4))
    result = cascade(CascadeCase(processes=uses))
    assert result.fresh == pytest.approx(40)
    assert result.exchanges.empty


def test_group_without_needs_takes_no_water() -> None:
    source, sink = Source(id="s", amount=30, quality=100), Sink(id="d", amount=40, quality_max=50)
    assert cascade(CascadeCase(sources=(source,), sinks=(sink,), groups={"g": ("s",)})).fresh_by_group == {"g": 0}


def test_command_prints_the_contract(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["cascade", str(case_file(tmp_path, CASE)), "--json"])
    payload = json.loads(result.stdout)
    assert result.exit_code == 0
    assert set(payload) >= {"fresh", "waste", "fresh_by_group", "exchanges", "status", "solver", "findings"}
    assert payload["fresh"] == pytest.approx(30)  # 10 through p; 20 to thin as much of s to the limit of d
    assert payload["fresh_by_group"] == {"g": pytest.approx(20)}


def test_command_speaks_to_people(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, ["cascade", str(case_file(tmp_path, CASE)), "--lang", "en"])
    assert result.exit_code == 0
    assert "Fresh water" in result.stdout


def test_doubtful_limits_warn(tmp_path: Path) -> None:
    use = {"id": "p", "quality_in_max": 300, "quality_out_max": 200, "load": 2}
    result = CliRunner().invoke(app, ["cascade", str(case_file(tmp_path, {"processes": [use]})), "--json"])
    assert result.exit_code == 1
    assert [finding["code"] for finding in json.loads(result.stdout)["findings"]] == ["CASE-LIMITS"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"sinks": [{"id": "d", "amount": 40}]}, ("CASE-MISSING", "sinks[0].quality_max")),
        ({"sinks": [{"id": "d", "amount": "much", "quality_max": 1}]}, ("CASE-NUMBER", "sinks[0].amount")),
        ({"sinks": [{"id": "d", "amount": True, "quality_max": 1}]}, ("CASE-NUMBER", "sinks[0].amount")),
        ({"sinks": [{"id": "d", "amount": -4, "quality_max": 1}]}, ("CASE-RANGE", "sinks[0].amount")),
        ({"sinks": [{"id": "", "amount": 4, "quality_max": 1}]}, ("CASE-FORM", "sinks[0].id")),
        ({"sinks": {"id": "d"}}, ("CASE-FORM", "sinks")),
        ({"wells": []}, ("CASE-UNKNOWN", "wells")),
        ({"groups": {"g": ["x"]}}, ("CASE-GROUP-UNKNOWN", "groups.g")),
        ({"groups": {"g": ["s"], "h": ["s"]}}, ("CASE-GROUP-TWICE", None)),
        ({"sources": CASE["sources"] * 2}, ("CASE-TWICE", None)),
        ({"sinks": [], "processes": [], "groups": {}}, ("CASE-EMPTY", None)),
        (
            {"processes": [{"id": "p", "quality_in_max": 0, "quality_out_max": 0, "load": 2}]},
            ("CASE-RANGE", "processes[0].quality_out_max"),
        ),
    ],
)
def test_faults_of_a_case_are_findings(
    tmp_path: Path, change: dict[str, object], expected: tuple[str, str | None]
) -> None:
    assert refusal(case_file(tmp_path, CASE | change)) == [expected]


@pytest.mark.parametrize(
    "text", ["", "{", '{"sinks": [NaN]}', '{"sinks": [], "sinks": []}', "[" * 200_000, '{"a": 1e999}', "[]", "\x00"]
)
def test_text_that_is_no_case_is_refused(tmp_path: Path, text: str) -> None:
    assert refusal(case_file(tmp_path, text))[0][0] in {"CASE-NO-JSON", "CASE-FORM", "CASE-UNKNOWN"}


def test_bytes_that_are_no_text_missing_file_and_huge_file_are_refused(tmp_path: Path) -> None:
    latin, huge = tmp_path / "latin.json", tmp_path / "huge.json"
    latin.write_bytes('{"sinks": "ñ"}'.encode("latin-1"))
    with huge.open("wb") as file:
        file.truncate(20_000_000)
    assert refusal(latin)[0][0] == "CASE-NO-JSON"
    assert refusal(tmp_path / "absent.json")[0][0] == "CASE-UNREADABLE"
    assert refusal(huge)[0][0] == "CASE-SIZE"
