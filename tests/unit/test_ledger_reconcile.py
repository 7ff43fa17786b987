"""The command ``reconcile``: exactly known flows, what nothing determines, and files that are wrong."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ayni.ledger.commands import app

HEADER = "flow,from,to,amount,sigma\n"


def run(tmp_path: Path, text: str | bytes, *options: str) -> tuple[int, dict[str, Any], str]:
    path = tmp_path / "flows.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    result = CliRunner().invoke(app, [str(path), *options])
    payload = json.loads(result.stdout) if "--json" in options else {}
    return result.exit_code, payload, result.stdout


def codes(payload: dict[str, Any]) -> list[str]:
    findings = payload["findings"]
    assert isinstance(findings, list)
    return [finding["code"] for finding in findings]


def test_json_has_the_documented_keys(tmp_path: Path) -> None:
    code, payload, _ = run(tmp_path, HEADER + "in,outside,P,100,10\nout,P,OUTSIDE-2,110,10\n", "--json")
    assert code == 0
    assert payload["degrees_of_freedom"] == 1
    assert payload["chi2"] == pytest.approx(0.5)
    assert payload["gross_errors"] == []
    assert payload["flows"] == [
        {"flow": name, "amount": pytest.approx(105.0), "sigma": pytest.approx(50**0.5), "measured": True}
        for name in ("in", "out")
    ]


def test_an_exactly_known_flow_stays_and_carries_the_others(tmp_path: Path) -> None:
    text = HEADER + "in,outside,P,100,0\nout,P,outside,110,5\nleak,P,outside,,\n"
    _, payload, _ = run(tmp_path, text.replace("leak,P,outside,,\n", ""), "--json")
    amounts = [(flow["amount"], flow["sigma"]) for flow in payload["flows"]]
    assert amounts == [(100.0, 0.0), (pytest.approx(100.0), pytest.approx(0.0, abs=1e-6))]
    assert payload["gross_errors"] == [{"flow": "out", "test": pytest.approx(2.0)}]
    _, payload, _ = run(tmp_path, text, "--json")
    assert payload["flows"][2] == {
        "flow": "leak",
        "amount": pytest.approx(-10.0),
        "sigma": pytest.approx(5.0),
        "measured": False,
    }
    assert payload["degrees_of_freedom"] == 0
    assert codes(payload) == ["RECONCILE-NEGATIVE"]


def test_exactly_known_flows_that_contradict_each_other_are_refused(tmp_path: Path) -> None:
    text = HEADER + "in,outside,P,100,0\nmid,P,R,90,1\nback,R,P,1,1\nout,R,outside,110,0\n"
    code, payload, _ = run(tmp_path, text, "--json")
    assert (code, codes(payload)) == (2, ["RECONCILE-EXACT"])
    message = payload["findings"][0]["message"]
    assert "P, R" in message
    assert "10" in message


def test_what_nothing_determines_is_null_and_said(tmp_path: Path) -> None:
    text = HEADER + "in,outside,P,100,1\na,P,R,,\nb,P,R,,\nout,R,outside,99,1\n"
    code, payload, _ = run(tmp_path, text, "--json")
    assert code == 0
    assert [flow["amount"] for flow in payload["flows"]] == [pytest.approx(99.5), None, None, pytest.approx(99.5)]
    assert codes(payload) == ["RECONCILE-UNOBSERVABLE"] * 2


def test_a_closed_loop_has_one_balance_less_than_nodes(tmp_path: Path) -> None:
    text = HEADER + "a,P,R,10,1\nb,R,S,11,1\nc,S,P,12,1\n"
    _, payload, _ = run(tmp_path, text, "--json")
    assert payload["degrees_of_freedom"] == 2
    assert [flow["amount"] for flow in payload["flows"]] == pytest.approx([11.0] * 3)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HEADER + "in,outside,P,100,\nout,P,outside,110,1\n", "RECONCILE-SIGMA"),
        (HEADER + "in,outside,P,100,-1\nout,P,outside,110,1\n", "CELL-RANGE"),
        (HEADER + "in,outside,P,cien,1\nout,P,outside,110,1\n", "CELL-NUMBER"),
        (HEADER + "in,outside,P,nan,1\nout,P,outside,110,1\n", "CELL-NUMBER"),
        (HEADER + "in,P,P,100,1\nout,P,outside,110,1\n", "RECONCILE-NODE-SAME"),
        (HEADER + "in,outside,P,100,1\nin,P,outside,110,1\n", "ROW-TWICE"),
        (HEADER + "in,,P,100,1\n", "CELL-MISSING"),
        ("flow,from,to,amount\nin,outside,P,100\n", "COLUMN-MISSING"),
        ("flow,from,to,sigma\nin,outside,P,1\n", "COLUMN-MISSING"),
        ("flow,to,amount,sigma\nin,P,100,1\n", "COLUMN-MISSING"),
        (HEADER, "SHEET-EMPTY"),
        ("", "SHEET-EMPTY"),
        (b"flow,from,to,amount,sigma\n\xff\xfe,outside,P,1,1\n", "CSV-ENCODING"),
        ("flow;from;to;amount;sigma\nin;outside;P;1;1\n", "CSV-SEPARATOR"),
    ],
)
def test_wrong_files_are_refused_with_a_finding(tmp_path: Path, text: str | bytes, expected: str) -> None:
    code, payload, _ = run(tmp_path, text, "--json")
    assert code == 2
    assert expected in codes(payload)
    assert set(payload) == {"findings"}


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    result = CliRunner().invoke(app, [str(tmp_path / "none.csv"), "--json"])
    assert (result.exit_code, codes(json.loads(result.stdout))) == (2, ["CSV-UNREADABLE"])


@pytest.mark.parametrize(("language", "word"), [("es", "Flujo"), ("en", "Flow")])
def test_people_see_a_table(tmp_path: Path, language: str, word: str) -> None:
    text = HEADER + "in,outside,P,100,1\nout,P,outside,90,1\nside,P,outside,,2\n"
    code, _, printed = run(tmp_path, text, "--lang", language)
    assert code == 0
    assert word in printed
    assert "side" in printed


def test_a_gross_error_is_a_warning(tmp_path: Path) -> None:
    code, payload, _ = run(tmp_path, HEADER + "in,outside,P,100,1\nout,P,outside,150,1\n", "--json")
    assert code == 1
    assert codes(payload) == ["RECONCILE-GROSS"] * 2
