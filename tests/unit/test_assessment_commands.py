"""``assess`` and ``framework check`` as scripts see them: exit code and one JSON object on stdout."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assessment_samples import as_yaml, document, group, inputs_of, line, share
from ayni.assessment.commands import app
from ayni.assessment.framework import parse_framework
from ayni.base.texts import LANGUAGES, Language

PAGE = (Path(__file__).parents[2] / "docs" / "frameworks.md").read_text("utf-8")


def run(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(app, [str(argument) for argument in arguments])
    return result.exit_code, result.stdout


def files(folder: Path, answers: str | bytes, inputs: str | bytes = "name,value,unit,year\n") -> list[str | Path]:
    """The options of ``assess`` for a small framework and two files."""
    doc = document(
        group("g", line("A"), line("B"), share("L", "part", "whole"), line("P", rule="points", points=points(0, 1, 3))),
        group("h", line("C")),
        inputs=inputs_of("part", "whole"),
    )
    contents = {"f.yaml": as_yaml(doc), "a.csv": answers, "i.csv": inputs}
    for name, content in contents.items():
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return ["--framework", folder / "f.yaml", "--answers", folder / "a.csv", "--inputs", folder / "i.csv"]


def points(*numbers: int) -> list[dict[str, int]]:
    return [{"points": number} for number in numbers]


def assess(folder: Path, answers: str | bytes, inputs: str | bytes = "name,value,unit,year\n") -> tuple[int, Any]:
    code, out = run("assess", *files(folder, answers, inputs), "--json", "--lang", "en")
    return code, json.loads(out)


def test_assess_prints_the_contract(tmp_path: Path) -> None:
    code, payload = assess(
        tmp_path,
        "requirement,answer\nA,yes\nB,partly\nC,no\nP,1\n",
        "name,value,unit,year\npart,3,,2025\nwhole,4,,2025\n",
    )
    assert code == 0
    expected = {
        "framework",
        "version",
        "hash",
        "status",
        "score",
        "score_low",
        "score_high",
        "level",
        "categories",
        "lines",
    }
    assert expected <= payload.keys()
    assert payload["hash"] == parse_framework((tmp_path / "f.yaml").read_bytes(), "f.yaml")[0].hash
    assert payload["score"] == pytest.approx(100 * (1 + 0.5 + 1 + 1 / 3 + 0) / 5)
    assert payload["methods"]["mean_of_groups"]["low"] == pytest.approx((2 + 5 / 6) / 4 * 50)
    assert (payload["level"], payload["yields"], payload["status"]) == (None, "self_check", "sample")
    assert [item["result"] for item in payload["lines"]] == ["met", "partly", "met", "partly", "not_met"]
    assert payload["lines"][2] == {
        "requirement": "L", "category": "g", "kind": "indicator", "text": "L", "result": "met",
        "score": 1, "score_low": 1, "score_high": 1, "value": 75, "unit": "%", "rule": ">=", "target": 50,
        "why": "Gives 75 %; asked for is ≥ 50 %.", "survey": None, "evidence": [],
        "inputs": [
            {"name": name, "value": value, "unit": "", "year": 2025, "basis": None, "computed": False}
            for name, value in (("part", 3), ("whole", 4))
        ],
    }  # fmt: skip
    assert payload["categories"]["g"]["points_possible"] == 4


@pytest.mark.parametrize(
    ("word", "result"),
    [
        ("yes", "met"), ("Sí", "met"), ("cumple", "met"), ("1", "met"), ("TRUE", "met"), ("en parte", "partly"),
        ("parcial", "partly"), ("0.5", "partly"), ("No", "not_met"), ("0", "not_met"), ("not met", "not_met"),
        ("sin datos", "no_data"), ("no_data", "no_data"), ("", "no_data"),
    ],
)  # fmt: skip
def test_answers_in_the_words_that_people_use(tmp_path: Path, word: str, result: str) -> None:
    code, payload = assess(tmp_path, f"requirement,answer\nA,{word}\n")
    assert (code, payload["lines"][0]["result"]) == (0, result)


@pytest.mark.parametrize("word", ["n/a", "no aplica", "not_applicable"])
def test_not_applicable_without_reason_is_a_warning(tmp_path: Path, word: str) -> None:
    code, payload = assess(tmp_path, f"requirement,answer\nA,{word}\nC,yes\n")
    assert (code, payload["lines"][0]["result"]) == (1, "not_applicable")
    assert [finding["code"] for finding in payload["findings"]] == ["ANSWER-REASON"]
    code, payload = assess(tmp_path, f"requirement,answer,reason\nA,{word},no river near\nC,yes,\n")
    assert (code, payload["lines"][0]["why"]) == (0, "Not applicable: no river near")


@pytest.mark.parametrize(
    ("answers", "inputs", "code", "file", "row"),
    [
        ("requirement,answer\nA,maybe\n", None, "ANSWER-VALUE", "a.csv", 2),
        ("requirement,answer\nA,2\n", None, "ANSWER-VALUE", "a.csv", 2),
        ("requirement,answer\nA,nan\n", None, "ANSWER-VALUE", "a.csv", 2),
        ("requirement,answer\nP,-1\n", None, "ANSWER-VALUE", "a.csv", 2),
        ("requirement,answer\nP,2\n", None, "ANSWER-POINTS", "a.csv", 2),
        ("requirement,answer\nA,yes\nQ,yes\n", None, "ANSWER-UNKNOWN", "a.csv", 3),
        ("requirement,answer\nA,yes\nA,no\n", None, "ROW-TWICE", "a.csv", 3),
        ("requirement,reply\nA,yes\n", None, "COLUMN-UNKNOWN", "a.csv", 1),
        ("requirement\nA\n", None, "COLUMN-MISSING", "a.csv", None),
        (b"requirement,answer\nA,s\xed\n", None, "CSV-ENCODING", "a.csv", 2),
        (None, "name,value,unit,year\npart,three,,2025\n", "CELL-NUMBER", "i.csv", 2),
        (None, "name,value,unit,year\npart,3,t,2025\n", "INPUT-UNIT", "i.csv", 2),
        (None, "name,value,unit,year\npart,3,,\n", "CELL-MISSING", "i.csv", 2),
        (None, "name,value,unit,year\npart,-3,,2025\n", "CELL-RANGE", "i.csv", 2),
        (None, "name,value,unit,year\npart,3,,2025\npart,4,,2025\n", "ROW-TWICE", "i.csv", 3),
    ],
)
def test_wrong_files_are_refused_with_their_place(
    tmp_path: Path, answers: str | bytes | None, inputs: str | None, code: str, file: str, row: int | None
) -> None:
    exit_code, payload = assess(tmp_path, answers or "requirement,answer\n", inputs or "name,value,unit,year\n")
    assert exit_code == 2
    assert (code, file, row) in {(item["code"], item["file"], item["row"]) for item in payload["findings"]}
    assert payload.keys() == {"findings"}


def test_findings_about_inputs_name_the_cell(tmp_path: Path) -> None:
    rows = "name,value,unit,year\nwhole,3,,2025\npart,3,t,2025\n"
    _, payload = assess(tmp_path, "requirement,answer\n", rows)
    assert [(item["code"], item["cell"]) for item in payload["findings"]] == [("INPUT-UNIT", "C3")]


def test_missing_files_are_refused(tmp_path: Path) -> None:
    options = files(tmp_path, "requirement,answer\n")
    for index in (1, 3, 5):
        broken: list[str | Path] = [*options[:index], tmp_path / "none", *options[index + 1 :]]
        code, out = run("assess", *broken, "--json")
        assert code == 2
        assert json.loads(out)["findings"][0]["severity"] == "error"


@pytest.mark.parametrize("language", LANGUAGES)
def test_people_read_tables(tmp_path: Path, language: Language) -> None:
    code, out = run("assess", *files(tmp_path, "requirement,answer\nA,yes\n"), "--lang", language)
    assert code == 0
    assert {"es": "Cumple", "en": "Met"}[language] in out
    assert {"es": "Autoevaluación, sin certificado", "en": "Self-check, no certificate"}[language] in out


def test_the_shipped_framework_by_its_code(tmp_path: Path) -> None:
    options = files(tmp_path, "requirement,answer\nPM-P1,yes\n")
    code, out = run("assess", "--framework", "eip-2017-draft", *options[2:], "--json")
    payload = json.loads(out)
    assert (code, payload["status"], payload["score"]) == (0, "draft_unverified", pytest.approx(100 / 51))
    assert payload["categories"]["park_management"]["score_low"] == 12.5
    assert run("framework", "check", "eip-2017-draft")[0] == 0


def test_framework_check_names_lines(tmp_path: Path) -> None:
    path = tmp_path / "f.yaml"
    path.write_text("code: x\nversion: '1'\nstatos: draft\n")
    code, out = run("framework", "check", path, "--json", "--lang", "en")
    found = {(item["code"], item["row"]) for item in json.loads(out)["findings"]}
    assert code == 2
    assert ("FRAMEWORK-KEY-UNKNOWN", 3) in found
    assert "status" in next(item["message"] for item in json.loads(out)["findings"] if item["row"] == 3)
    path.write_bytes(as_yaml(document(group("g", line("A")), inputs=inputs_of("unused"))))
    code, out = run("framework", "check", path, "--json")
    assert (code, json.loads(out)["requirements"]) == (1, 1)


def test_the_documented_example_gives_what_the_page_says(tmp_path: Path) -> None:
    blocks = re.findall(r"```(?:yaml|csv)\n(.*?)```", PAGE, re.DOTALL)
    for name, text in zip(("f.yaml", "a.csv", "i.csv"), blocks, strict=True):
        (tmp_path / name).write_text(text, "utf-8")
    names = {"--framework": "f.yaml", "--answers": "a.csv", "--inputs": "i.csv"}
    options = [part for option, name in names.items() for part in (option, tmp_path / name)]
    code, out = run("assess", *options, "--json", "--lang", "en")
    payload = json.loads(out)
    assert code == 0
    assert (payload["score"], payload["score_high"]) == (56, 68)
    assert (payload["level"], payload["level_high"]) == ("silver", "silver")
    results = {item["requirement"]: item["result"] for item in payload["lines"]}
    assert results == {
        "E1": "met", "E2": "met", "E3": "met", "R1": "partly", "R2": "met", "R3": "not_met", "R4": "not_met",
        "R5": "met", "R6": "met", "R7": "met", "C1": "not_applicable", "C2": "not_met", "C3": "partly",
        "Q1": "partly", "Q2": "met",
    }  # fmt: skip
    assert run("framework", "check", tmp_path / "f.yaml")[0] == 0
    documented = re.findall(r"`(\w+)`", PAGE[PAGE.index("## Result of") :])
    assert payload.keys() - {"findings"} <= set(documented)
    assert set(payload["lines"][0]) | set(payload["categories"]["entry"]) <= set(documented)
