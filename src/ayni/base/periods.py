"""Periods: the hours of a study year, Peru's holidays, and which hours are peak hours."""

from __future__ import annotations

import csv
import datetime
import io
from functools import cache
from importlib import resources

import numpy as np
import pandas as pd
from numpy.typing import NDArray

HOURS_PER_YEAR = 8760
MONTHS = tuple(range(1, 13))
SUNDAY = 6


def hours_of(year: int) -> pd.DatetimeIndex:
    """The 8,760 hour starts of ``year`` in local time; 29 February is left out of leap years."""
    hours = pd.date_range(f"{year}-01-01", f"{year}-12-31 23:00", freq="h")
    return hours[~((hours.month == 2) & (hours.day == 29))]


@cache
def holidays(year: int) -> frozenset[datetime.date]:
    """National holidays of Peru in ``year`` from ``data/calendar/holidays_pe.csv``; empty where none is listed."""
    text = (resources.files("ayni.data") / "calendar" / "holidays_pe.csv").read_text(encoding="utf-8")
    days = (datetime.date.fromisoformat(row["date"]) for row in csv.DictReader(io.StringIO(text)))
    return frozenset(day for day in days if day.year == year)


def is_rest_day(hours: pd.DatetimeIndex) -> NDArray[np.bool_]:
    """Per hour: whether it lies on a Sunday or a national holiday."""
    closed = {day for year in set(hours.year) for day in holidays(int(year))}
    return np.asarray((hours.day_of_week == SUNDAY) | np.isin(hours.normalize(), pd.DatetimeIndex(sorted(closed))))


def is_peak(hours: pd.DatetimeIndex, start: int, end: int, *, rest_days_exempt: bool) -> NDArray[np.bool_]:
    """Per hour: whether it is a peak hour, ``start`` ≤ clock < ``end``, rest days left out where exempt."""
    window = np.asarray((hours.hour >= start) & (hours.hour < end))
    return window & ~is_rest_day(hours) if rest_days_exempt else window


def working_day(year: int, month: int, number: int) -> datetime.date:
    """The ``number``-th working day (Monday to Friday, no national holiday) of a month."""
    day = datetime.date(year, month, 1)
    closed = holidays(year)
    while True:
        if day.weekday() < 5 and day not in closed:
            number -= 1
            if number == 0:
                return day
        day += datetime.timedelta(days=1)
