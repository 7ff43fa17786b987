"""Shapes of a firm's year: what shifts and working days say about its hours, before bills set the level."""

from __future__ import annotations

import zlib

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ayni.base.periods import is_rest_day
from ayni.ledger.schema import Firm

Array = NDArray[np.float64]

FIRST_SHIFT = 7  # clock hour at which the first shift begins (own assumption)
SHIFT_HOURS = 8
IDLE = 0.25  # activity outside the shifts, relative to full work; bills correct it month by month
FADING = 2.0  # hours over which work winds up before a shift and down after it
VARIATION = 0.03  # largest chance difference between two hours that are else alike


def is_working_day(firm: Firm, hours: pd.DatetimeIndex) -> NDArray[np.bool_]:
    """Per hour: whether it lies on a working day; Sundays and national holidays do at seven days a week only."""
    if firm.work_days == 7:
        return np.ones(len(hours), dtype=bool)
    return np.asarray(hours.day_of_week < firm.work_days) & ~is_rest_day(hours)


def hours_from_shift(firm: Firm) -> Array:
    """Per clock hour: its distance [h] to the nearest hour of a shift; 0 within the shifts."""
    clock = np.arange(24)
    worked = (FIRST_SHIFT + np.arange(firm.shifts * SHIFT_HOURS)) % 24
    apart = np.abs(clock[:, None] - worked[None, :])
    return np.asarray(np.minimum(apart, 24 - apart).min(axis=1), dtype=float)


def activity(firm: Firm, hours: pd.DatetimeIndex) -> Array:
    """Activity of a firm per hour, in [IDLE, 1], from shifts and working days."""
    by_clock = IDLE + (1.0 - IDLE) * np.exp(-hours_from_shift(firm) / FADING)
    return np.where(is_working_day(firm, hours), by_clock[hours.hour], IDLE)


def variation(name: str, count: int) -> Array:
    """``count`` factors in (1 − VARIATION, 1], always the same for one ``name``: they make each maximum unique."""
    chance = np.random.default_rng(zlib.crc32(name.encode()))
    return 1.0 - VARIATION * chance.random(count)


def spread(monthly: Array, shape: Array, month: NDArray[np.int_]) -> Array:
    """Twelve monthly energies [MWh] over the hours in proportion to ``shape`` [MW]."""
    total = np.bincount(month, weights=shape, minlength=13)
    return shape * (monthly / total[1:])[month - 1]
