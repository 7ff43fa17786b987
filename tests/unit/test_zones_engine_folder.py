"""The zone folder: the same case returns bit by bit, every fault is a finding with its place, ``design`` reads it."""

import json
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from ayni.base.findings import Finding, Refused
from ayni.base.yaml_reading import read_yaml
from ayni.zones.case import ZoneCase
from ayni.zones.commands import app
from ayni.zones.folder import read_folder, write_folder
from ayni.zones.folder.document import ZoneDocument
from zones_engine_samples import whole

RUN = CliRunner()


def same(first: Any, second: Any) -> bool:
    """Equal to the last bit, with all that is inside."""
    if isinstance(first, np.ndarray):
        return first.dtype == second.dtype and np.array_equal(first, second)
    if is_dataclass(first):
        return all(same(getattr(first, field.name), getattr(second, field.name)) for field in fields(first))
    if isinstance(first, dict):
        return list(first) == list(second) and all(same(first[key], second[key]) for key in first)
    if isinstance(first, tuple):
        return len(first) == len(second) and all(map(same, first, second))
    return bool(first == second)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_folder(whole(24, 1), tmp_path / "zone")
    return tmp_path / "zone"


@pytest.mark.parametrize(("hours", "months", "tariff"), [(24, 1, "MT2"), (48, 3, "MT3"), (8760, 12, "MT3")])
def test_a_case_comes_back_bit_by_bit(tmp_path: Path, hours: int, months: int, tariff: str) -> None:
    case = whole(hours, 1, months=months, tariff=tariff)
    write_folder(case, tmp_path)
    assert same(read_folder(tmp_path), case)


def test_numbers_of_numpy_are_written_too(tmp_path: Path) -> None:
    case = replace(whole(24, 1), carbon_price=np.float64(1 / 3))
    write_folder(case, tmp_path)
    assert read_folder(tmp_path).carbon_price == 1 / 3


def findings(folder: Path, study: Path | None = None) -> tuple[Finding, ...]:
    with pytest.raises(Refused) as refused:
        read_folder(folder, study)
    for finding in refused.value.findings:
        assert finding.message("es") != finding.message("en")
    return refused.value.findings


def edit(path: Path, change: Callable[[list[str]], list[str]]) -> None:
    path.write_text("\n".join(change(path.read_text(encoding="utf-8").split("\n"))), encoding="utf-8")


def cell(row: int, column: str, text: str) -> Callable[[list[str]], list[str]]:
    def change(lines: list[str]) -> list[str]:
        at = lines[0].split(",").index(column)
        cells = lines[row - 1].split(",")
        lines[row - 1] = ",".join([*cells[:at], text, *cells[at + 1 :]])
        return lines

    return change


HOURLY: dict[str, tuple[Callable[[list[str]], list[str]], str, int | None, str | None]] = {
    "an hour too few": (lambda lines: [*lines[:-2], ""], "FOLDER-HOURS", 24, None),
    "an hour too many": (lambda lines: [*lines[:-1], lines[-2], ""], "FOLDER-HOURS", 26, None),
    "text for a number": (cell(7, "demand.steam", "much"), "FOLDER-NUMBER", 7, "demand.steam"),
    "NaN": (cell(7, "demand.steam", "nan"), "FOLDER-NUMBER", 7, "demand.steam"),
    "infinite": (cell(7, "solar_pv", "inf"), "FOLDER-NUMBER", 7, "solar_pv"),
    "empty": (cell(9, "energy_price", ""), "FOLDER-NUMBER", 9, "energy_price"),
    "thousands": (cell(9, "energy_price", "1_000"), "FOLDER-NUMBER", 9, "energy_price"),
    "negative": (cell(5, "demand.electricity", "-1.5"), "ZONE-NEGATIVE", 5, "demand.electricity"),
    "month": (cell(4, "month", "13"), "FOLDER-MONTH", 4, "month"),
    "half a month": (cell(4, "month", "1.5"), "FOLDER-MONTH", 4, "month"),
    "flag": (cell(4, "is_peak", "2"), "FOLDER-FLAG", 4, "is_peak"),
    "missing column": (
        lambda lines: [lines[0].replace("demand.cold", "demand.kold"), *lines[1:]], "COLUMN-MISSING", 1, "demand.cold"
    ),
    "column twice": (
        lambda lines: [lines[0].replace("demand.cold", "demand.steam"), *lines[1:]], "COLUMN-TWICE", 1, "demand.steam"
    ),
    "comma too many": (lambda lines: [*lines[:3], lines[3] + ",1", *lines[4:]], "FOLDER-WIDTH", 4, None),
    "nothing": (lambda _: [""], "FOLDER-HOURS", 0, None),
    "semicolons": (lambda lines: [line.replace(",", ";") for line in lines], "CSV-SEPARATOR", 1, None),
}  # fmt: skip


@pytest.mark.parametrize("name", HOURLY)
def test_a_fault_in_the_hours_is_found_with_its_place(folder: Path, name: str) -> None:
    change, code, row, column = HOURLY[name]
    edit(folder / "hourly.csv", change)
    found = next(finding for finding in findings(folder) if finding.code == code)
    assert found.place.file == "hourly.csv"
    assert row is None or found.place.row == row
    assert found.place.column == column


def test_a_column_that_belongs_to_nothing_is_found(folder: Path) -> None:
    path = folder / "hourly.csv"
    header, *hours = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{header},demand.air", *(f"{hour},1" for hour in hours)]), encoding="utf-8")
    (found,) = findings(folder)
    assert (found.code, found.place.column) == ("FOLDER-COLUMN-UNKNOWN", "demand.air")


def line_with(folder: Path, text: str) -> int:
    lines = (folder / "zone.yaml").read_text(encoding="utf-8").split("\n")
    return next(number for number, line in enumerate(lines, 1) if text in line)


def replaced(old: str, new: str) -> Callable[[list[str]], list[str]]:
    return lambda lines: "\n".join(lines).replace(old, new, 1).split("\n")


DOCUMENT = {
    "unknown key": ("carbon_price: 40.0", "carbon_prize: 40.0", "FOLDER-KEY-UNKNOWN"),
    "missing key": ("grid_co2: 0.2\n", "", "FOLDER-KEY-MISSING"),
    "text for a number": ("grid_co2: 0.2", "grid_co2: low", "FOLDER-VALUE"),
    "quoted number": ("grid_co2: 0.2", "grid_co2: '0.2'", "FOLDER-VALUE"),
    "infinite": ("grid_co2: 0.2", "grid_co2: .inf", "FOLDER-VALUE"),
    "unknown carrier": ("carrier: cold", "carrier: ice", "FOLDER-VALUE"),
    "unknown rule": ("rule: month_maximum", "rule: best", "FOLDER-VALUE"),
    "other version": ("version: 1", "version: 2", "FOLDER-VALUE"),
    "negative price": ("carbon_price: 40.0", "carbon_price: -40.0", "ZONE-PARAMETER"),
    "efficiency": ("efficiency: 0.82", "efficiency: 1.82", "ZONE-EFFICIENCY"),
    "bad yaml": ("grid_co2: 0.2", "grid_co2: [0.2", "YAML-FORM"),
    "key twice": ("grid_co2: 0.2", "grid_co2: 0.2\ngrid_co2: 0.3", "YAML-KEY-TWICE"),
    "alias": ("grid_co2: 0.2", "grid_co2: &a 0.2", "YAML-ALIAS"),
}


@pytest.mark.parametrize("name", DOCUMENT)
def test_a_fault_in_the_document_is_found_with_its_line(folder: Path, name: str) -> None:
    old, new, code = DOCUMENT[name]
    edit(folder / "zone.yaml", replaced(old, new))
    found = next(finding for finding in findings(folder) if finding.code == code)
    assert found.place.file == "zone.yaml"
    if name not in ("missing key", "bad yaml", "key twice"):
        assert found.place.row == line_with(folder, new)


def test_a_folder_without_files_is_refused(tmp_path: Path, folder: Path) -> None:
    assert [finding.code for finding in findings(tmp_path / "nowhere")] == ["CSV-UNREADABLE"]
    (folder / "hourly.csv").unlink()
    assert [finding.code for finding in findings(folder)] == ["CSV-UNREADABLE"]
    (folder / "zone.yaml").write_text("", encoding="utf-8")
    assert [finding.code for finding in findings(folder)] == ["FOLDER-EMPTY"]


def test_the_documented_example_is_a_zone() -> None:
    text = (Path(__file__).parents[2] / "docs" / "formats.md").read_text(encoding="utf-8")
    example = text.partition("```yaml\n")[2].partition("```")[0]
    document = ZoneDocument.model_validate(read_yaml(example.encode(), "formats.md").data)
    assert set(document.columns()) >= {"existing.boilers_diesel", "measures.motors.electricity", "waste_heat.kiln"}


def study(folder: Path, text: str) -> Path:
    path = folder / "study.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_study_changes_what_it_names(folder: Path) -> None:
    text = (
        "carbon_price: 99\nfuels: {diesel: {price: 500}}\ntechnologies:\n"
        "  pv_roof: {annual_cost: 1.0, capacity_max: 2}\n"
        "  heat_pump: null\nlimits: {grid: 30.0, roof: null}\n"
    )
    before: ZoneCase = read_folder(folder)
    after = read_folder(folder, study(folder, text))
    assert after.carbon_price == 99.0
    assert after.fuels["diesel"] == replace(before.fuels["diesel"], price=500.0)
    changed = replace(before.technologies["pv_roof"], annual_cost=1.0, capacity_max=2.0)
    rest = {name: built for name, built in before.technologies.items() if name not in ("pv_roof", "heat_pump")}
    assert after.technologies == {"pv_roof": changed} | rest
    assert (after.limits.grid, after.limits.roof) == (30.0, None)
    assert same(after.demand, before.demand)


@pytest.mark.parametrize(
    ("text", "code", "row"),
    [
        ("name: other\n", "FOLDER-STUDY-KEY", 1),
        ("carbon_price: 1\nfuels:\n  diesel: {prize: 3}\n", "FOLDER-KEY-UNKNOWN", 3),
        ("fuels:\n  diesel: {price: -3}\n", "ZONE-PARAMETER", 2),
        ("fuels:\n  diesel: {price: dear}\n", "FOLDER-VALUE", 2),
        ("- 1\n", "FOLDER-STUDY-KEY", 1),
    ],
)
def test_a_fault_in_a_study_is_found_in_the_study(folder: Path, text: str, code: str, row: int) -> None:
    found = next(finding for finding in findings(folder, study(folder, text)) if finding.code == code)
    assert (found.place.file, found.place.row) == ("study.yaml", row)


def test_design_prints_one_json_object(folder: Path) -> None:
    ran = RUN.invoke(app, [str(folder), "--json", "--lang", "en", "--gap", "0.0001"])
    assert ran.exit_code == 0
    said = json.loads(ran.stdout)
    assert list(said)[:8] == ["status", "solver", "cost", "bound", "gap", "capacities", "savings", "certificate"]
    assert said["status"] == "optimal"
    assert 0 <= said["gap"] <= 1e-4
    assert said["bound"] <= said["cost"]
    assert said["certificate"]["verified"]
    assert set(said["savings"]) == {"electricity", "natural_gas", "diesel", "cost", "co2"}
    assert said["savings"]["cost"] > 0
    assert said["findings"] == []


@pytest.mark.parametrize("language", ["es", "en"])
def test_design_shows_a_table(folder: Path, language: str) -> None:
    ran = RUN.invoke(app, [str(folder), "--lang", language])
    assert ran.exit_code == 0
    assert "Ayni interior point" in ran.stdout
    assert ("batería" if language == "es" else "battery") in ran.stdout


def test_design_of_a_bad_folder_or_an_impossible_zone_is_refused(folder: Path) -> None:
    impossible = study(folder, "limits: {co2: 1.0}\n")
    ran = RUN.invoke(app, [str(folder), "--json", "--lang", "es", "--study", str(impossible)])
    assert ran.exit_code == 2
    said = json.loads(ran.stdout)
    assert (said["status"], said["cost"], said["capacities"]) == ("infeasible", None, {})
    assert [finding["code"] for finding in said["findings"]] == ["ZONE-UNMET-CO2"]
    edit(folder / "hourly.csv", lambda lines: lines[:-2])
    ran = RUN.invoke(app, [str(folder), "--json", "--lang", "es"])
    assert ran.exit_code == 2
    (found,) = json.loads(ran.stdout)["findings"]
    assert (found["code"], found["file"]) == ("FOLDER-HOURS", "hourly.csv")


def test_design_warns_where_the_gap_is_not_reached(folder: Path) -> None:
    text = "tariff: {demand: {generation_demand: {price: 1.0}, distribution_excess: {price: 99000.0}}}\n"
    changes = "technologies: {pv_roof: null, gas_engine_chp: null}\nstores: {battery: null}\n"
    ran = RUN.invoke(app, [str(folder), "--json", "--lang", "en", "--study", str(study(folder, text + changes))])
    assert ran.exit_code == 1
    assert [finding["code"] for finding in json.loads(ran.stdout)["findings"]] == ["DESIGN-GAP"]
