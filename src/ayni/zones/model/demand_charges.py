"""Demand charges: monthly maxima of the import, the billed demand that follows, and the class requirement.

A maximum stands in the programme as a column that every hour's import stays below; costs press it down onto the true
maximum. Both rules of billed demand are convex in the maxima and so are written exactly: the mean of the two
highest of six is ½ · min over z of 2z + Σ max(0, pᵢ − z). The excess of the off-peak over the peak maximum is
exact as long as the peak maximum costs no less than the excess; otherwise the programme is a relaxation.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ayni.zones.case import DEMAND_WINDOW, OFF_PEAK, BilledRule, DemandCharge, ZoneCase, demand_windows
from ayni.zones.model.program import Blocks, Floats, Indices


@dataclass(frozen=True, eq=False)
class Expression:
    """One linear expression per month: Σ coefficient · column over the pairs of that month."""

    months: Indices
    columns: Indices
    coefficients: Floats


class DemandCharges:
    """Writes the maxima that the charges need, each once."""

    def __init__(self, case: ZoneCase, blocks: Blocks, imports: Indices) -> None:
        self.case, self.blocks, self.imports = case, blocks, imports
        self.month_index: Indices = np.searchsorted(case.months, case.month)
        self._maxima: dict[str, Indices] = {}
        self._billed: dict[tuple[str, str], Expression] = {}

    def maxima(self, hours: str) -> Indices:
        """Per month: the column that no import of ``hours`` (all, peak, off_peak) exceeds."""
        if hours not in self._maxima:
            mask = charged_hours(self.case, hours)
            maximum = self.blocks.column(f"maximum.{hours}", len(self.case.months))
            self.blocks.limit(f"maximum.{hours}", self.imports[mask], maximum[self.month_index[mask]])
            self._imply_import(maximum)
            self._maxima[hours] = maximum
        return self._maxima[hours]

    def _imply_import(self, columns: Indices) -> None:
        """No column about demand need exceed the largest import, or what meets the class requirement with it."""
        self.blocks.imply(columns, self.imports, 1.0 / min(1.0, self.case.tariff.threshold))

    def billed(self, hours: str, rule: BilledRule) -> Expression:
        """Per month: what ``rule`` makes of the maxima of ``hours``; costs press it onto the true value."""
        if (hours, rule) not in self._billed:
            maxima = self.maxima(hours)
            months = np.arange(len(maxima))
            self._billed[hours, rule] = (
                Expression(months, maxima, np.ones(len(maxima)))
                if rule == "month_maximum"
                else self._mean_of_two_highest(hours, maxima)
            )
        return self._billed[hours, rule]

    def _mean_of_two_highest(self, hours: str, maxima: Indices) -> Expression:
        count = len(maxima)
        level = self.blocks.column(f"level.{hours}", count)
        above = self.blocks.column(f"above.{hours}", count * DEMAND_WINDOW)
        self._imply_import(np.concatenate([level, above]))
        self.blocks.imply(maxima, np.concatenate([level, above]), 2.0)  # p ≤ z + above
        months = np.repeat(np.arange(count), DEMAND_WINDOW)
        rows = self.blocks.row(f"above.{hours}", count * DEMAND_WINDOW, upper=0.0)  # p − z − above ≤ 0
        self.blocks.add(rows, maxima[demand_windows(count).ravel()], 1.0)
        self.blocks.add(rows, level[months], -1.0)
        self.blocks.add(rows, above, -1.0)
        return Expression(
            np.concatenate([np.arange(count), months]),
            np.concatenate([level, above]),
            np.concatenate([np.ones(count), np.full(len(above), 0.5)]),
        )

    def charge(self, component: DemandCharge, price: float) -> None:
        """Put ``component`` at ``price`` [PEN/MW-month] into the costs."""
        yearly = price * self.case.month_weight
        if component.hours != "excess_off_peak":
            billed = self.billed(component.hours, component.rule)
            self.blocks.add_cost(billed.columns, yearly * billed.coefficients)
            return
        excess = self.blocks.column(f"excess.{component.name}", len(self.case.months), cost=yearly)
        self._imply_import(excess)
        rows = self.blocks.row(f"excess.{component.name}", len(excess), upper=0.0)  # off peak − peak − excess ≤ 0
        for hours, sign in (("off_peak", 1.0), ("peak", -1.0)):
            billed = self.billed(hours, component.rule)
            self.blocks.add(rows[billed.months], billed.columns, sign * billed.coefficients)
        self.blocks.add(rows, excess, -1.0)

    def require_off_peak(self, highest_hours: Indices | None, margin: float) -> None:
        """Mean import in peak hours ≤ threshold · maximum − ``margin`` [MW], in every month.

        With ``highest_hours`` (one hour per month) the import of that hour stands for the maximum: a stricter
        requirement that a plan cannot meet by a maximum that it never reaches.
        """
        peak = self.case.is_peak
        peak_hours = np.bincount(self.month_index[peak], minlength=len(self.case.months))
        rows = self.blocks.row("class", len(self.case.months), upper=-margin * peak_hours)
        self.blocks.add(rows[self.month_index[peak]], self.imports[peak], 1.0)
        maximum = self.maxima("all") if highest_hours is None else self.imports[highest_hours]
        self.blocks.add(rows, maximum, -self.case.tariff.threshold * peak_hours)


def charged_hours(case: ZoneCase, hours: str) -> NDArray[np.bool_]:
    """Which hours of the case are ``all``, ``peak`` or ``off_peak``."""
    if hours == "all":
        return np.ones(case.hours, dtype=bool)
    return case.is_peak if hours == "peak" else ~case.is_peak


def add_demand_charges(
    case: ZoneCase, blocks: Blocks, imports: Indices, tariff_class: str, highest_hours: Indices | None, margin: float
) -> None:
    """All demand charges of the tariff in ``tariff_class``, and what that class requires."""
    charges = DemandCharges(case, blocks, imports)
    for component in case.tariff.demand:
        price = component.price[tariff_class]
        if price > 0.0:
            charges.charge(component, price)
    if tariff_class == OFF_PEAK:
        charges.require_off_peak(highest_hours, margin)
