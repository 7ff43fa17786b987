"""CSV reading: every fault is a finding with file, row and what to do; nothing raises."""

from pathlib import Path

import pytest

from ayni.base.csv_reading import SIZE_MAX, read_csv_rows
from ayni.base.findings import Finding
from ayni.base.sheets import Row, column


class Link(Row):
    """A link for the tests."""

    flow: str = column("Flow", "Code.")
    from_: str = column("From", "Origin.")
    amount: float = column("Amount", "Amount.", ge=0)
    count: int | None = column("Count", "Count.", default=None)


def read(tmp_path: Path, content: str | bytes) -> tuple[list[Link], list[Finding]]:
    path = tmp_path / "flows.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
    return read_csv_rows(path, Link, unique=("flow",))


def test_rows_carry_their_place_and_codes_stay_text(tmp_path: Path) -> None:
    rows, findings = read(tmp_path, "\ufeffflow,from,amount,count\n007,a,1.5,\n\n8,b,2e3,4\n")
    assert findings == []
    assert [(row.flow, row.from_, row.amount, row.count) for row in rows] == [
        ("007", "a", 1.5, None),
        ("8", "b", 2e3, 4),
    ]
    assert [(row.read_from.file, row.read_from.row) for row in rows] == [("flows.csv", 2), ("flows.csv", 4)]


@pytest.mark.parametrize(
    ("content", "code", "row"),
    [
        ("", "SHEET-EMPTY", None),
        ("flow,from,amount\n", "SHEET-EMPTY", None),
        ("flow,from\nx,a\n", "COLUMN-MISSING", None),
        ("flow,from,amount,amount\nx,a,1,1\n", "COLUMN-TWICE", None),
        ("flow,from,amount,colour\nx,a,1,red\n", "COLUMN-UNKNOWN", None),
        ("flow,from,amount\nx,a,ten\n", "CELL-NUMBER", 2),
        ("flow,from,amount\nx,a,nan\n", "CELL-NUMBER", 2),
        ("flow,from,amount\nx,a,-inf\n", "CELL-NUMBER", 2),
        ("flow,from,amount\nx,a,1e999\n", "CELL-NUMBER", 2),
        ("flow,from,amount\nx,a,1_000\n", "CELL-NUMBER", 2),
        ("flow,from,amount\nx,a,-1\n", "CELL-RANGE", 2),
        ("flow,from,amount\nx,a,\n", "CELL-MISSING", 2),
        ("flow,from,amount,count\nx,a,1,1.5\n", "CELL-WHOLE", 2),
        ("flow,from,amount\nx,a,1\ny,b,2\nx,c,3\n", "ROW-TWICE", 4),
        ("flow;from;amount\nx;a;1\n", "CSV-SEPARATOR", 1),
        ("flow,from,amount\nx,a,1,5\n", "CSV-WIDTH", 2),
        ('flow,from,amount\nx,a,1\n"y,b,2\n', "CSV-FORM", 3),
        ("flow,from,amount\nx,\0,1\n", "CSV-FORM", None),
        ("flow,from,amount\nx,a,1\nñ,b,2\n".encode("latin-1"), "CSV-ENCODING", 3),
    ],
)
def test_each_fault_is_one_finding_with_its_place(
    tmp_path: Path, content: str | bytes, code: str, row: int | None
) -> None:
    _, findings = read(tmp_path, content)
    assert [finding.code for finding in findings] == [code]
    assert findings[0].place.file == "flows.csv"
    assert row is None or findings[0].place.row == row
    assert all(findings[0].message(language) for language in ("es", "en"))


def test_missing_file_and_folder_are_findings(tmp_path: Path) -> None:
    for path in (tmp_path / "absent.csv", tmp_path):
        assert [finding.code for finding in read_csv_rows(path, Link)[1]] == ["CSV-UNREADABLE"]


def test_too_large_a_file_is_refused_unread(tmp_path: Path) -> None:
    path = tmp_path / "large.csv"
    with path.open("wb") as file:
        file.truncate(SIZE_MAX + 1)
    assert [finding.code for finding in read_csv_rows(path, Link)[1]] == ["CSV-SIZE"]


def test_header_without_rows_is_fine_where_no_row_is_required(tmp_path: Path) -> None:
    path = tmp_path / "flows.csv"
    path.write_text("flow,from,amount\n", encoding="utf-8")
    assert read_csv_rows(path, Link, required=False) == ([], [])
