"""Electricity bills: monthly quantities from an hourly load or from the records, and the bill by component."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from ayni.base.periods import hours_of, is_peak
from ayni.ledger.ledger import Ledger
from ayni.ledger.schema import BilledDemand
from ayni.ledger.tariffs import NO_CLASS, OFF_PEAK, PRESENT_IN_PEAK, DemandComponent, Tariff, tariff_of

QUANTITIES = ("energy_peak", "energy_off_peak", "demand_peak", "demand_off_peak", "reactive", "hours_peak")
"""Columns of monthly quantities: energies [MWh], demands [MW], reactive [Mvarh], peak hours [h]; index: month."""

DEMAND_WINDOW = 6
"""Months, the billed one included, whose two highest maxima count by the rule of the two highest."""


def peak_hours(hours: pd.DatetimeIndex, tariff: Tariff) -> NDArray[np.bool_]:
    """Per hour: whether the tariff counts it as a peak hour."""
    return is_peak(hours, tariff.peak_start, tariff.peak_end, rest_days_exempt=tariff.rest_days_exempt)


def quantities(
    load: NDArray[np.float64],
    hours: pd.DatetimeIndex,
    tariff: Tariff,
    reactive: NDArray[np.float64] | None = None,
) -> pd.DataFrame:
    """Monthly QUANTITIES of an hourly ``load`` [MW] taken from the grid; ``reactive`` [Mvarh per hour] if known.

    Raises ValueError where the load does not fit the hours or is no number.
    """
    if load.shape != (len(hours),) or not np.isfinite(load).all():
        raise ValueError(f"{load.shape} loads for {len(hours)} hours, or a load that is no number")
    peak = peak_hours(hours, tariff)
    by_hour = pd.DataFrame({
        "energy_peak": np.where(peak, load, 0.0), "energy_off_peak": np.where(peak, 0.0, load),
        "reactive": np.zeros(len(hours)) if reactive is None else reactive, "hours_peak": peak.astype(float),
    })  # fmt: skip
    month = np.asarray(hours.month)
    sums = by_hour.groupby(month).sum()
    highest = by_hour[["energy_peak", "energy_off_peak"]].groupby(month).max()
    demands = highest.set_axis(["demand_peak", "demand_off_peak"], axis=1)
    return pd.concat([sums, demands], axis=1)[list(QUANTITIES)].rename_axis("month")


def hours_peak_by_month(year: int, tariff: Tariff) -> pd.Series[float]:
    """Peak hours of each month of ``year`` [h]."""
    hours = hours_of(year)
    return pd.Series(peak_hours(hours, tariff).astype(float)).groupby(np.asarray(hours.month)).sum()


def billed_quantities(ledger: Ledger, site: str, tariff: Tariff) -> pd.DataFrame:
    """Monthly QUANTITIES of a site as its bills say."""
    bills = ledger.electricity[ledger.electricity["site"] == site].set_index("month").sort_index()
    hours = hours_peak_by_month(ledger.park.year, tariff)
    return bills.assign(hours_peak=hours.reindex(bills.index))[list(QUANTITIES)].astype(float)


def tariff_classes(quantity: pd.DataFrame, tariff: Tariff) -> pd.Series[str]:
    """The class of each month: ``present_in_peak``, ``off_peak``, or no class."""
    if tariff.classes == (NO_CLASS,):
        return pd.Series(NO_CLASS, index=quantity.index)
    full_use = quantity["hours_peak"] * quantity[["demand_peak", "demand_off_peak"]].max(axis=1)
    is_present = quantity["energy_peak"] >= tariff.class_threshold.value * full_use
    return is_present.map({True: PRESENT_IN_PEAK, False: OFF_PEAK})


def billed_demand(quantity: pd.DataFrame, part: DemandComponent) -> pd.Series[float]:
    """The demand that a component charges in each month [MW]."""
    peak = _by_rule(quantity["demand_peak"], part.rule)
    if part.hours == "peak":
        return peak
    if part.hours == "excess_off_peak":
        return (_by_rule(quantity["demand_off_peak"], part.rule) - peak).clip(lower=0.0)
    return _by_rule(quantity[["demand_peak", "demand_off_peak"]].max(axis=1), part.rule)


def _by_rule(maxima: pd.Series[float], rule: BilledDemand) -> pd.Series[float]:
    """Billed demand from monthly maxima; the window of six months wraps round within the year's months."""
    if rule is BilledDemand.MONTH_MAXIMUM:
        return maxima

    def mean_of_two_highest(month: int) -> float:
        window = [(month - back - 1) % 12 + 1 for back in range(DEMAND_WINDOW)]
        return float(maxima[maxima.index.isin(window)].nlargest(2).mean())

    return pd.Series([mean_of_two_highest(month) for month in maxima.index], index=maxima.index, dtype=float)


def electricity_bill(quantity: pd.DataFrame, tariff: Tariff) -> pd.DataFrame:
    """The bill of each month by component [PEN], without IGV.

    Reactive energy is charged above the free share of active energy, in the tariffs that have a price for it.
    """
    energy = quantity["energy_peak"] + quantity["energy_off_peak"]
    bill = {
        "energy_peak": quantity["energy_peak"] * tariff.energy_peak.value,
        "energy_off_peak": quantity["energy_off_peak"] * tariff.energy_off_peak.value,
    }
    classes = tariff_classes(quantity, tariff)
    for part in tariff.demand:
        prices = classes.map({name: factor.value for name, factor in part.prices.items()})
        bill[part.name] = billed_demand(quantity, part) * prices
    if tariff.reactive is not None:
        excess = (quantity["reactive"] - tariff.reactive_free_share.value * energy).clip(lower=0.0)
        bill["reactive"] = excess * tariff.reactive.value
    if tariff.fixed is not None:
        bill["fixed"] = pd.Series(tariff.fixed.value, index=quantity.index)
    return pd.DataFrame(bill)


def site_bill(ledger: Ledger, site: str) -> pd.DataFrame:
    """The computed bill of a site, month × component [PEN]."""
    tariff = tariff_of(ledger, site)
    return electricity_bill(billed_quantities(ledger, site, tariff), tariff)
