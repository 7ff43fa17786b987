"""The commands as scripts see them: exit code and one JSON object on stdout."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from ayni.exchange.commands import app

OFFERS = "offer,amount\no,3\np,1.5\n"
WANTS = "want,amount\na,2\nb,2.5\n"
EDGES = "offer,want,value\no,a,10\no,b,4\np,b,-1\n"


def run_match(tmp_path: Path, *texts: str | bytes, options: Sequence[str] = ("--json",)) -> tuple[int, str]:
    paths = []
    for name, text in zip(("offers.csv", "wants.csv", "edges.csv"), texts, strict=True):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        paths.append(str(path))
    result = CliRunner().invoke(app, ["match", *paths, *options])
    return result.exit_code, result.stdout


def test_match_prints_the_contract(tmp_path: Path) -> None:
    code, out = run_match(tmp_path, OFFERS, WANTS, EDGES)
    payload: dict[str, Any] = json.loads(out)
    assert code == 0
    assert {name: payload[name] for name in ("objective", "bound", "gap", "status", "findings")} == {
        "objective": 24, "bound": 24, "gap": 0, "status": "optimal", "findings": [],
    }  # fmt: skip
    assert payload["exchanges"] == [
        {"offer": "o", "want": "a", "amount": 2, "price_low": 4, "price_high": 4},
        {"offer": "o", "want": "b", "amount": 1, "price_low": 4, "price_high": 4},
    ]


@pytest.mark.parametrize("language", ["es", "en"])
def test_match_prints_a_table_for_people(tmp_path: Path, language: str) -> None:
    code, out = run_match(tmp_path, OFFERS, WANTS, EDGES, options=("--lang", language))
    assert code == 0
    assert "24" in out
    assert "o" in out


@pytest.mark.parametrize(
    ("offers", "wants", "edges", "code", "file", "row"),
    [
        (OFFERS.replace("amount", "quantity"), WANTS, EDGES, "COLUMN-MISSING", "offers.csv", None),
        (OFFERS, WANTS.replace("2.5", "much"), EDGES, "CELL-NUMBER", "wants.csv", 3),
        (OFFERS.replace("1.5", "-1.5"), WANTS, EDGES, "CELL-RANGE", "offers.csv", 3),
        (OFFERS + "o,3\n", WANTS, EDGES, "ROW-TWICE", "offers.csv", 4),
        (OFFERS, WANTS + "a,1\n", EDGES, "ROW-TWICE", "wants.csv", 4),
        (OFFERS, WANTS, EDGES + "o,a,1\n", "ROW-TWICE", "edges.csv", 5),
        (OFFERS, WANTS, EDGES + "q,a,1\n", "EDGE-UNKNOWN-CODE", "edges.csv", 5),
        (OFFERS, WANTS, EDGES + "p,c,1\n", "EDGE-UNKNOWN-CODE", "edges.csv", 5),
        (OFFERS, WANTS, EDGES.replace("10", "nan"), "CELL-NUMBER", "edges.csv", 2),
        (OFFERS, WANTS, EDGES.replace("10", "inf"), "CELL-NUMBER", "edges.csv", 2),
        (OFFERS, WANTS, "", "SHEET-EMPTY", "edges.csv", None),
        (OFFERS, WANTS, EDGES.encode("utf-16"), "CSV-ENCODING", "edges.csv", 1),
    ],
)
def test_a_fault_in_a_file_is_refused_with_its_place(
    tmp_path: Path, offers: str, wants: str, edges: str | bytes, code: str, file: str, row: int | None
) -> None:
    exit_code, out = run_match(tmp_path, offers, wants, edges)
    findings = json.loads(out)["findings"]
    assert exit_code == 2
    assert code in [finding["code"] for finding in findings]
    first = next(finding for finding in findings if finding["code"] == code)
    assert first["file"] == file
    assert row is None or first["row"] == row
    assert first["message"]
