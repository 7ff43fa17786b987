"""Measured profiles: every fault of a file is named, and days find days of their own kind."""

import gzip
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import numpy as np
import pandas as pd
import pytest

from ayni.base.findings import Finding, Severity
from ayni.base.periods import hours_of, is_rest_day
from ayni.zones.profiles import align, read_profile
from ayni.zones.schema import Profile, ProfileUnit
from ayni.zones.shapes import Array
from ledger_samples import cells
from zones_case_samples import HOURS, MONTH, PEAK, case_from, messages, park_values

Change: TypeAlias = Callable[[list[str]], list[str]]


def lines(step: int = 60, year: int = 2018, value: str = "2.5") -> list[str]:
    stamps = pd.date_range(f"{year}-01-01", f"{year + 1}-01-01", freq=f"{step}min", inclusive="left")
    return ["interval_start,value", *(f"{stamp:%Y-%m-%dT%H:%M},{value}" for stamp in stamps)]


def read(
    folder: Path,
    rows: Sequence[str],
    *,
    name: str = "load.csv",
    unit: ProfileUnit = ProfileUnit.KWH,
    raw: bytes | None = None,
) -> tuple[Array | None, tuple[Finding, ...]]:
    content = "\n".join(rows).encode() if raw is None else raw
    (folder / name).write_bytes(gzip.compress(content, mtime=0) if name.endswith(".gz") and raw is None else content)
    profile = Profile(firm="E01", file=name, unit=unit, year=2018, is_foreign=True, source="x")
    return read_profile(profile, folder)


@pytest.mark.parametrize(
    ("step", "unit", "mean"),
    [(15, ProfileUnit.KWH, 10.0), (15, ProfileUnit.KW, 2.5), (60, ProfileUnit.KWH, 2.5), (60, ProfileUnit.KW, 2.5)],
)
def test_quarter_hours_and_hours_become_mean_kilowatts(
    tmp_path: Path, step: int, unit: ProfileUnit, mean: float
) -> None:
    values, findings = read(tmp_path, lines(step), unit=unit, name="load.csv.gz")
    assert not findings
    assert values == pytest.approx(np.full(8760, mean))


def test_an_hour_is_the_mean_of_its_quarters(tmp_path: Path) -> None:
    rows = lines(15)
    rows[1:5] = [row.replace("2.5", value) for row, value in zip(rows[1:5], ("0", "1", "2", "5"), strict=True)]
    values, _ = read(tmp_path, rows, unit=ProfileUnit.KW)
    assert values is not None
    assert values[:2] == pytest.approx([2.0, 2.5])


def changed(at: int, row: str) -> Change:
    def change(rows: list[str]) -> list[str]:
        rows[at] = row
        return rows

    return change


@pytest.mark.parametrize(
    ("change", "code", "row"),
    [
        (lambda rows: rows[:-1], "PROFILE-GAP", None),
        (lambda rows: [*rows[:500], *rows[501:]], "PROFILE-GAP", None),
        (lambda rows: [*rows, rows[7]], "PROFILE-TWICE", 8762),
        (changed(3, "2018-01-01T02:00,-1"), "PROFILE-NEGATIVE", 4),
        (changed(3, "2018-01-01T02:00,doce"), "PROFILE-NUMBER", 4),
        (changed(3, "2018-01-01T02:00,nan"), "PROFILE-NUMBER", 4),
        (changed(3, "2018-01-01T02:00,"), "PROFILE-NUMBER", 4),
        (changed(3, "2018-01-01T02:00,3,5"), "PROFILE-CELLS", 4),
        (changed(3, "31/02/2018,3"), "PROFILE-TIME", 4),
        (changed(3, "2018-01-01T02:00-05:00,3"), "PROFILE-TIME", 4),
        (changed(3, "2017-01-01T02:00,3"), "PROFILE-YEAR", 4),
        (changed(3, "2018-01-01T02:07,3"), "PROFILE-STEP", 4),
        (lambda rows: [rows[0], *rows[1::2]], "PROFILE-STEP", 2),
        (changed(0, "hora;kWh"), "PROFILE-COLUMNS", 1),
        (lambda rows: rows[:2], "PROFILE-EMPTY", None),
        (lambda _: [], "PROFILE-COLUMNS", 1),
        (lambda _: lines(value="0"), "PROFILE-ZERO", None),
        (lambda _: lines(year=2017), "PROFILE-YEAR", 2),
    ],
)
def test_every_fault_is_named_with_file_and_line(tmp_path: Path, change: Change, code: str, row: int | None) -> None:
    values, findings = read(tmp_path, change(lines()))
    assert values is None
    (found,) = findings
    assert (found.code, found.severity, found.place.file, found.place.row) == (code, Severity.ERROR, "load.csv", row)
    assert all(messages(findings))


def test_one_finding_per_kind_counts_how_often(tmp_path: Path) -> None:
    rows = lines()
    rows[10] = rows[20] = "2018-01-01T09:00,x"
    (found,) = read(tmp_path, rows)[1]
    assert found.values["count"] == 2


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("load.csv.gz", b"no gzip at all", "PROFILE-UNREADABLE"),
        ("load.csv.gz", gzip.compress(b"interval_start,value\n" * 9, mtime=0)[:-12], "PROFILE-UNREADABLE"),
        ("load.csv", "interval_start,value\nañó".encode("latin-1"), "PROFILE-UNREADABLE"),
        ("load.csv", b'interval_start,value\n"' + b"x" * 200_000, "PROFILE-UNREADABLE"),
        ("load.csv.gz", gzip.compress(b"0" * 20_000_001, mtime=0), "PROFILE-LARGE"),
    ],
)
def test_what_is_no_text_is_refused(tmp_path: Path, name: str, raw: bytes, code: str) -> None:
    values, (found,) = read(tmp_path, [], name=name, raw=raw)
    assert values is None
    assert found.code == code
    assert all(messages([found]))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    profile = Profile(firm="E01", file="no.csv", unit=ProfileUnit.KW, year=2018, is_foreign=True, source="x")
    assert [found.code for found in read_profile(profile, tmp_path)[1]] == ["PROFILE-MISSING"]


def by_day(year: int) -> Array:
    """Hourly values that tell the measured day: its day of the year."""
    days = len(pd.date_range(f"{year}-01-01", f"{year}-12-31"))
    return np.repeat(np.arange(1, days + 1, dtype=float), 24)


def test_days_take_the_nearest_measured_day_of_their_kind() -> None:
    aligned = align(by_day(2018), 2018, HOURS, holidays_known=False)[::24].astype(int)
    measured = pd.date_range("2018-01-01", "2018-12-31")[aligned - 1]
    study = HOURS[::24]
    rest = is_rest_day(HOURS)[::24]
    assert (measured.day_of_week[rest] == 6).all()
    assert (measured.day_of_week[~rest] == study.day_of_week[~rest]).all()
    apart = np.abs(measured.day_of_year - study.day_of_year)
    assert np.minimum(apart, 365 - apart).max() <= 6
    assert (np.minimum(apart, 365 - apart)[~rest] <= 3).all()


def test_the_study_years_own_profile_stays_as_it_is() -> None:
    values = by_day(2025)
    assert (align(values, 2025, HOURS, holidays_known=True) == values).all()


def test_a_leap_year_finds_its_days() -> None:
    hours = hours_of(2024)
    aligned = align(by_day(2024), 2024, hours, holidays_known=True)
    assert (aligned[::24] == np.delete(np.arange(1, 367), 59)).all()


def test_only_the_shape_counts_and_the_bills_give_the_level(tmp_path: Path) -> None:
    values = park_values()
    values["profiles"] = [
        {"firm": "E01", "file": "load.csv", "unit": "kW", "year": 2018, "is_foreign": True, "source": "UCI"}
    ]
    rows = [line if hour % 24 < 12 else line.replace("2.5", "5") for hour, line in enumerate(lines(), -1)]
    rows[0] = "interval_start,value"
    (tmp_path / "load.csv").write_text("\n".join(rows))
    ledger, _, notes, findings = case_from(values, tmp_path)
    assert "PROFILE-FOREIGN" in [finding.code for finding in findings]
    load = notes.loads[0].load
    march = (MONTH == 3) & ~PEAK
    energy, demand = cells(ledger.electricity, "energy_off_peak", "demand_off_peak", site="E01", month=3)
    assert load[march].sum() == pytest.approx(energy)
    assert load[march].max() == pytest.approx(demand)
    by_hour = pd.Series(load[march]).groupby(HOURS[march].hour).mean()
    assert by_hour[by_hour.index >= 12].min() > by_hour[by_hour.index < 12].max()


def test_a_profile_of_a_firm_without_bills_is_not_silent(tmp_path: Path) -> None:
    values = park_values()
    values["electricity_bills"] = [row for row in values["electricity_bills"] if row["firm"] == "E01"]
    values["profiles"] = [
        {"firm": "E02", "file": "load.csv", "unit": "kW", "year": 2018, "is_foreign": False, "source": "x"}
    ]
    findings = case_from(values, tmp_path)[3]
    assert "PROFILE-UNUSED" in [finding.code for finding in findings]
