"""Drills with LibreOffice (make soak): what it saves runs to the same results, what Ayni writes opens there."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from ayni.cli import app
from ayni.parks.example import write_example
from ayni.parks.intake import take_in

pytestmark = pytest.mark.soak


def convert(path: Path, folder: Path, kind: str) -> Path:
    """What LibreOffice makes of a file; a profile of its own keeps runs apart."""
    folder.mkdir(exist_ok=True)
    office = shutil.which("soffice")
    assert office, "LibreOffice is missing: apt-get install -y libreoffice-calc"
    words = [office, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", kind,
             "--outdir", str(folder), str(path)]  # fmt: skip
    subprocess.run(words, check=True, capture_output=True, timeout=300)
    return folder / f"{path.stem}.{kind}"


def test_a_workbook_saved_by_libreoffice_says_the_same(tmp_path: Path) -> None:
    original = write_example(tmp_path, "es")
    saved = convert(original, tmp_path / "saved", "xlsx")
    profile = "E01_electricity.csv.gz"
    (saved.parent / profile).write_bytes((tmp_path / profile).read_bytes())
    before, findings_before = take_in(original)
    after, findings_after = take_in(saved)
    assert after.rows == before.rows
    assert [finding.code for finding in findings_after] == [finding.code for finding in findings_before]


def test_a_workbook_saved_by_libreoffice_runs_to_the_same_results(tmp_path: Path) -> None:
    original = write_example(tmp_path, "es")
    saved = convert(original, tmp_path / "saved", "xlsx")
    profile = "E01_electricity.csv.gz"
    (saved.parent / profile).write_bytes((tmp_path / profile).read_bytes())
    figures = []
    for workbook in (original, saved):
        out = workbook.parent / "out"
        result = CliRunner().invoke(app, ["run", str(workbook), "--out", str(out)])
        assert result.exit_code == 1, result.output
        figures.append(json.loads((out / "results.json").read_text(encoding="utf-8"))["figures"])
    assert figures[0] == figures[1]
    opened = convert(tmp_path / "out" / "results.xlsx", tmp_path / "opened", "xlsx")
    ours, theirs = (openpyxl.load_workbook(path) for path in (tmp_path / "out" / "results.xlsx", opened))
    assert ours.sheetnames == theirs.sheetnames
    for name in ours.sheetnames:
        assert ours[name].dimensions == theirs[name].dimensions, name
