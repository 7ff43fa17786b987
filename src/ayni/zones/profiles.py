"""Measured load profiles: a CSV beside the workbook read with care, and its days laid over the study year's."""

from __future__ import annotations

import csv
import datetime
import gzip
import io
import math
import zlib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ayni.base.findings import Finding, Place, error
from ayni.base.periods import SUNDAY, holidays
from ayni.zones.schema import Profile, ProfileUnit
from ayni.zones.shapes import Array

LIMIT = 20_000_000  # bytes of text; a year of quarter-hours takes about one million
COLUMNS = ("interval_start", "value")
STEPS = (15, 60)  # minutes
Reading = tuple[int, datetime.datetime, float]  # line of the file, start of the interval, value


class _Remarks:
    """Findings of one file: per code the first place and how often it came."""

    def __init__(self, profile: Profile) -> None:
        self.file, self.named_at = profile.file, profile.place_of("file")
        self.first: dict[str, tuple[Place, dict[str, object]]] = {}
        self.count: dict[str, int] = {}

    def add(self, code: str, line: int | None = None, count: int = 1, **values: object) -> None:
        place = self.named_at if code == "PROFILE-MISSING" else Place(file=self.file, row=line)
        self.first.setdefault(code, (place, values))
        self.count[code] = self.count.get(code, 0) + count

    def findings(self) -> tuple[Finding, ...]:
        return tuple(
            error(code, place, file=self.file, count=self.count[code], **values)
            for code, (place, values) in self.first.items()
        )


def read_profile(profile: Profile, folder: Path) -> tuple[Array | None, tuple[Finding, ...]]:
    """Mean load per hour [kW] of the profile's whole year, or None with what is wrong in the file."""
    remarks = _Remarks(profile)
    text = _text(folder / profile.file, remarks)
    if text is None:
        return None, remarks.findings()
    try:
        readings = list(_readings(text, remarks))
    except csv.Error:
        remarks.add("PROFILE-UNREADABLE")
        return None, remarks.findings()
    step = _step(readings, remarks)
    if step is None:
        return None, remarks.findings()
    values = _on_grid(readings, profile.year, step, remarks)
    if remarks.first:
        return None, remarks.findings()
    if values.max() == 0:
        remarks.add("PROFILE-ZERO")
        return None, remarks.findings()
    per_hour = 60 // step
    mean = values.reshape(-1, per_hour).mean(axis=1)
    return (mean * per_hour if profile.unit is ProfileUnit.KWH else mean), ()


def _text(path: Path, remarks: _Remarks) -> str | None:
    """The file's text, unpacked, or None where it is not there, too long, or no text."""
    try:
        with gzip.open(path) if path.suffix == ".gz" else path.open("rb") as stream:
            raw = stream.read(LIMIT + 1)
        if len(raw) > LIMIT:
            remarks.add("PROFILE-LARGE", limit=str(LIMIT // 1_000_000))
            return None
        return raw.decode("utf-8-sig")
    except FileNotFoundError:
        remarks.add("PROFILE-MISSING")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError):
        remarks.add("PROFILE-UNREADABLE")
    return None


def _readings(text: str, remarks: _Remarks) -> Iterator[Reading]:
    """The rows that can be read; remarks on the others."""
    rows = csv.reader(io.StringIO(text))
    header = [name.strip() for name in next(rows, [])]
    if not set(COLUMNS) <= set(header):
        remarks.add("PROFILE-COLUMNS", 1, found=", ".join(header)[:100])
        return
    start, value = (header.index(name) for name in COLUMNS)
    for cells in rows:
        if not any(cells):
            continue
        if len(cells) != len(header):
            remarks.add("PROFILE-CELLS", rows.line_num, found=",".join(cells)[:100])
            continue
        stamp, amount = _stamp(cells[start]), _amount(cells[value])
        if stamp is None:
            remarks.add("PROFILE-TIME", rows.line_num, found=cells[start][:40])
        elif amount is None:
            remarks.add("PROFILE-NUMBER", rows.line_num, found=cells[value][:40])
        elif amount < 0:
            remarks.add("PROFILE-NEGATIVE", rows.line_num, found=cells[value][:40])
        else:
            yield rows.line_num, stamp, amount


def _stamp(text: str) -> datetime.datetime | None:
    """A local time without offset such as 2018-01-01T00:15, else None."""
    try:
        stamp = datetime.datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return stamp if stamp.tzinfo is None else None


def _amount(text: str) -> float | None:
    try:
        amount = float(text)
    except ValueError:
        return None
    return amount if math.isfinite(amount) else None


def _step(readings: list[Reading], remarks: _Remarks) -> int | None:
    """Minutes between readings: the commonest distance, 15 or 60."""
    stamps = np.array([stamp for _, stamp, _ in readings], dtype="datetime64[m]")
    distances, counts = np.unique(np.diff(np.unique(stamps)).astype(int), return_counts=True)
    if not len(distances):
        if not remarks.first:
            remarks.add("PROFILE-EMPTY")
        return None
    step = int(distances[counts.argmax()])
    if step not in STEPS:
        remarks.add("PROFILE-STEP", readings[0][0], found=str(step))
        return None
    return step


def _on_grid(readings: list[Reading], year: int, step: int, remarks: _Remarks) -> Array:
    """The values of all intervals of ``year`` in order; remarks where one is missing, double or beyond."""
    first = datetime.datetime(year, 1, 1)  # noqa: DTZ001 (local time of the plant)
    days = (datetime.datetime(year + 1, 1, 1) - first).days  # noqa: DTZ001
    values = np.full(days * 24 * 60 // step, np.nan)
    for line, stamp, amount in readings:
        minutes = (stamp - first).total_seconds() / 60
        position, rest = divmod(minutes, step)
        if stamp.year != year:
            remarks.add("PROFILE-YEAR", line, found=str(stamp), year=str(year))
        elif rest:
            remarks.add("PROFILE-STEP", line, found=str(stamp))
        elif not math.isnan(values[int(position)]):
            remarks.add("PROFILE-TWICE", line, found=str(stamp))
        else:
            values[int(position)] = amount
    missing = np.flatnonzero(np.isnan(values))
    if len(missing) and not remarks.first:
        gap = first + datetime.timedelta(minutes=int(missing[0]) * step)
        remarks.add("PROFILE-GAP", count=len(missing), found=f"{gap:%Y-%m-%d %H:%M}", year=str(year))
    return values


def align(values: Array, year: int, hours: pd.DatetimeIndex, *, holidays_known: bool) -> Array:
    """A measured year's hourly values laid over the study year's hours, day by day.

    Each day takes the measured day of its own kind (its weekday, or rest day) that is nearest in the calendar. Sundays
    and Peruvian holidays are rest days of the study year. In the measured year Sundays are, and Peru's holidays too
    where ``holidays_known``; a foreign plant's holidays are not known and stay weekdays.
    """
    measured = pd.date_range(f"{year}-01-01", f"{year}-12-31", freq="D")
    study = pd.DatetimeIndex(hours[::24])
    wanted, offered = _kinds(study, closed=True), _kinds(measured, closed=holidays_known)
    apart = np.abs(_part_of_year(study)[:, None] - _part_of_year(measured)[None, :])
    distance = np.where(wanted[:, None] == offered[None, :], np.minimum(apart, 1 - apart), np.inf)
    return np.asarray(values.reshape(-1, 24)[distance.argmin(axis=1)].ravel())


def _kinds(days: pd.DatetimeIndex, *, closed: bool) -> NDArray[np.int_]:
    """Weekday per day, national holidays as Sunday where ``closed``."""
    rest = [closed and day.date() in holidays(day.year) for day in days]
    return np.where(rest, SUNDAY, np.asarray(days.day_of_week))


def _part_of_year(days: pd.DatetimeIndex) -> Array:
    return (np.asarray(days.day_of_year) - 1) / np.where(np.asarray(days.is_leap_year), 366, 365)
