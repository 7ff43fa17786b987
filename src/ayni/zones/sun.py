"""The sun of the park: clear sky at its coordinates, scaled month by month to the irradiation of its place.

Every day of a month is alike but for the sun's path: cloudy and clear days are not told apart, so that a battery or a
heat store looks a little less useful than it is. All on the horizontal; no gain from tilt is counted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from pvlib.clearsky import haurwitz
from pvlib.solarposition import get_solarposition

from ayni.base.factors import Factor, MissingFactor, data_rows, factor_from_row, technology
from ayni.base.periods import MONTHS
from ayni.zones.shapes import Array, spread

ZONE_OF_TIME = "America/Lima"
COLLECTOR_LIFT = 45.0  # K, mean collector temperature (65 °C) above the air (20 °C); gives the day's shape only
IRRADIATION, YIELD = "ghi_kWh_m2_day", "pv_yield_kWh_kWp"

TWILIGHT = 1e-4
"""Irradiation [kW/m2] that counts as none: the formula's tail at sunset, which a solver would stumble over."""


@dataclass(frozen=True)
class Sun:
    """Irradiation [kW/m2] and what a MW of panels [MW/MWp] and a square metre of collector [kW/m2] give per hour."""

    irradiation: Array
    pv: Array
    collector: Array
    factors: Mapping[str, Factor]


def solar_factor(place: str, month: str, value: str) -> Factor:
    """A row of ``solar_pe.csv``; ``month`` is 1–12, ``year``, ``year_pv`` or ``year_pv_measured``.

    Raises MissingFactor.
    """
    for row in data_rows("solar_pe")[1]:
        if (row["place"], row["month"]) == (place, month):
            unit = "kWh/m2 day" if value == IRRADIATION else "kWh/kWp a"
            return factor_from_row("solar_pe", row, f"{place}/{month}", value=value, unit=unit)
    raise MissingFactor(f"solar_pe/{place}/{month}")


def measured_yield(place: str) -> Factor | None:
    """The yearly PV yield [kWh/kWp a] measured at ``place``; None where none is known."""
    try:
        return solar_factor(place, "year_pv_measured", YIELD)
    except MissingFactor:
        return None


def clear_sky(hours: pd.DatetimeIndex, latitude: float, longitude: float) -> Array:
    """Clear-sky global irradiation on the horizontal [kW/m2] in the middle of each hour (Haurwitz 1945, by pvlib)."""
    middle = hours.tz_localize(ZONE_OF_TIME) + pd.Timedelta(minutes=30)
    zenith = get_solarposition(middle, latitude, longitude)["apparent_zenith"]
    irradiation = np.asarray(haurwitz(zenith)["ghi"], dtype=float) / 1000.0
    return np.where(irradiation < TWILIGHT, 0.0, irradiation)


def sun_of(place: str, hours: pd.DatetimeIndex, latitude: float, longitude: float) -> Sun:
    """The sun at a place of ``solar_pe.csv``: the year's PV yield and the collector's are those of the factors."""
    month = np.asarray(hours.month)
    daily = {number: solar_factor(place, str(number), IRRADIATION) for number in MONTHS}
    days = np.bincount(month, minlength=13)[1:] / 24
    monthly = np.array([daily[number].value for number in MONTHS]) * days
    irradiation = spread(monthly, clear_sky(hours, latitude, longitude), month)
    pv_yield = solar_factor(place, "year_pv", YIELD)
    heat_yield = technology("solar_thermal_flat_plate", "yield_lima")
    irradiation_lima = solar_factor("Lima-Callao", "year", IRRADIATION)
    heat = heat_yield.value * irradiation.sum() / (irradiation_lima.value * len(hours) / 24)
    useful = _useful_heat(irradiation)
    return Sun(
        irradiation,
        irradiation * pv_yield.value / irradiation.sum(),
        useful * heat / useful.sum(),
        {
            "pv_yield": pv_yield, "heat_yield": heat_yield, "irradiation_lima": irradiation_lima,
            **{f"irradiation_{number}": factor for number, factor in daily.items()},
        },
    )  # fmt: skip


def _useful_heat(irradiation: Array) -> Array:
    """Heat of a flat collector [kW/m2] before all other losses: η₀·G − a₁·ΔT where positive (EN ISO 9806, linear)."""
    optical = technology("solar_thermal_flat_plate", "efficiency_optical").value
    loss = technology("solar_thermal_flat_plate", "loss_coefficient_a1").value / 1000.0
    return np.maximum(optical * irradiation - loss * COLLECTOR_LIFT, 0.0)
