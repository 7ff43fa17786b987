"""Hourly electricity loads that reproduce each month's billed energies and maximum demands.

A bill gives four numbers: energy and maximum demand, in peak hours and off peak. In each of the two classes of hours
the load is D·sᵞ: s is the firm's shape with maximum 1, D the billed demand, and γ the one exponent for which the hours
add up to the billed energy. A power keeps the order of the hours and one hour at the maximum. The billed demand is the
mean of a quarter of an hour; here the highest hour reaches it, so that the bill's number is what the model sees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import brentq

from ayni.base.findings import Finding, Place, error, warning
from ayni.base.periods import MONTHS
from ayni.ledger.bills import peak_hours
from ayni.ledger.defaults import default
from ayni.ledger.ledger import Ledger
from ayni.ledger.schema import ELECTRICITY_BILLS
from ayni.ledger.tariffs import tariff_of
from ayni.zones.profiles import align, read_profile
from ayni.zones.schema import Profile
from ayni.zones.shapes import Array, activity, variation

METERING_HOURS = 0.25  # the meter's interval [h]: a demand of D takes at least D/4 of energy
FLOOR = 1e-3  # hours at zero in a measured shape count as a thousandth of its maximum
ROUNDING = 1e-9  # relative; energies this close to a limit count as on it


@dataclass(frozen=True)
class LoadClass:
    """One class of hours in one month: energy [MWh], highest demand [MW], number of hours, and the bill's columns."""

    energy: float
    demand: float
    hours: int
    column: str


def remark(asked: LoadClass, place: Place) -> Finding | None:
    """What is wrong with a class's energy beside its demand: too much, too little, or a peak shorter than an hour.

    A little too much is a warning: reading dates do not fall on month ends. The load is flat then, above the demand.
    """
    energy, demand = asked.energy, asked.demand
    values = {"energy": 1000 * energy, "demand": 1000 * demand, "hours": asked.hours}
    where = Place(place.file, place.sheet, place.row, asked.column)
    most = demand * asked.hours
    if energy > most * (1 + ROUNDING):
        is_reading_date = energy <= most * default("load_factor_max").value
        return (warning if is_reading_date else error)("LOAD-ENERGY-HIGH", where, limit=1000 * most, **values)
    if energy < demand * METERING_HOURS * (1 - ROUNDING):
        return error("LOAD-ENERGY-LOW", where, limit=1000 * demand * METERING_HOURS, **values)
    if energy < demand * (1 - ROUNDING):
        return warning("LOAD-SHORT-PEAK", where, **values)
    return None


def fit(shape: Array, energy: float, demand: float) -> Array:
    """Hourly load [MW] of one class: D·(s/max s)ᵞ with sum ``energy`` [MWh] and maximum ``demand`` [MW].

    ``shape`` is positive and has one highest hour. Energy below one hour at the maximum stands in that hour alone;
    energy above D·n is spread evenly. ``remark`` says so.
    """
    top = int(shape.argmax())
    if energy <= demand * (1 + ROUNDING):
        return np.where(np.arange(len(shape)) == top, energy, 0.0)
    wanted = energy / demand
    if wanted >= len(shape) * (1 - ROUNDING):
        return np.full(len(shape), energy / len(shape))
    logarithm = np.log(shape / shape[top])

    def excess(exponent: float) -> float:
        return float(np.exp(exponent * logarithm).sum()) - wanted

    upper = 1.0
    while excess(upper) > 0:
        upper *= 2
    exponent = float(brentq(excess, 0.0, upper, xtol=1e-14))
    return np.asarray(demand * np.exp(exponent * logarithm))


def load_of(
    bills: pd.DataFrame, shape: Array, month: NDArray[np.int_], is_peak: NDArray[np.bool_]
) -> tuple[Array, tuple[Finding, ...]]:
    """A site's hourly load [MW] from its twelve ``bills`` (ELECTRICITY_COLUMNS) and a shape, with what is wrong.

    A small variation, always the same for one site, gives each class its one highest hour.
    """
    load = np.zeros(len(month))
    findings: list[Finding] = []
    site = str(bills["site"].iloc[0])
    lifted = np.maximum(shape, FLOOR * shape.max()) * variation(site, len(shape))
    for number in MONTHS:
        rows = bills[bills["month"] == number]
        if len(rows) != 1:
            findings.append(error("LOAD-MONTH", site=site, month=str(number), count=len(rows)))
            continue
        bill = rows.iloc[0]
        place = Place(sheet=str(bill["sheet"]), row=int(bill["row"]))
        for hours, name in ((is_peak, "peak"), (~is_peak, "off_peak")):
            chosen = hours & (month == number)
            header = ELECTRICITY_BILLS.header(f"energy_{name}", "es")
            asked = LoadClass(float(bill[f"energy_{name}"]), float(bill[f"demand_{name}"]), int(chosen.sum()), header)
            found = remark(asked, place)
            if found is not None:
                findings.append(found)
            load[chosen] = fit(lifted[chosen], asked.energy, asked.demand)
    return load, tuple(findings)


@dataclass(frozen=True, eq=False)
class FirmLoad:
    """A firm's hourly electricity [MW]; ``profile`` is the measured one that gave its shape, None for shifts alone."""

    firm: str
    load: Array
    profile: Profile | None


def firm_loads(
    ledger: Ledger, profiles: Sequence[Profile], folder: Path, hours: pd.DatetimeIndex
) -> tuple[tuple[FirmLoad, ...], tuple[Finding, ...]]:
    """The load of each firm with electricity bills, its shape measured where a profile lies in ``folder``."""
    by_firm = {profile.firm: profile for profile in profiles}
    month = np.asarray(hours.month)
    loads: list[FirmLoad] = []
    findings: list[Finding] = []
    for site, bills in ledger.electricity.groupby("site", sort=True):
        firm = str(site)
        profile = by_firm.get(firm)
        shape = activity(ledger.firms[firm], hours)
        if profile is not None:
            measured, remarks = measured_shape(profile, folder, hours)
            findings += remarks
            shape = shape if measured is None else measured
        load, remarks = load_of(bills, shape, month, peak_hours(hours, tariff_of(ledger, firm)))
        findings += remarks
        loads.append(FirmLoad(firm, load, profile))
    findings += [
        warning("PROFILE-UNUSED", profile.read_from, firm=profile.firm)
        for profile in profiles
        if profile.firm not in set(ledger.electricity["site"])
    ]
    return tuple(loads), tuple(findings)


def measured_shape(profile: Profile, folder: Path, hours: pd.DatetimeIndex) -> tuple[Array | None, tuple[Finding, ...]]:
    """A measured profile laid over the study year [kW], or None with what is wrong in its file."""
    values, findings = read_profile(profile, folder)
    if values is None:
        return None, findings
    return align(values, profile.year, hours, holidays_known=not profile.is_foreign), findings
