"""What a plan uses, costs and emits in a year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ayni.zones.case import (
    ELECTRICITY,
    MONTHS_PER_YEAR,
    OFF_PEAK,
    PRESENT_IN_PEAK,
    DemandCharge,
    Series,
    ZoneCase,
    demand_windows,
)
from ayni.zones.dispatch.plan import Plan, fuel_use


@dataclass(frozen=True)
class Account:
    """``lines`` [PEN/a] sum up to the cost; ``energy`` [MWh/a] bought by carrier, ``co2`` [t/a], ``investment`` [PEN].

    ``tariff_class`` is the class that the plan earns, ``classes_by_month`` what each month alone would earn.
    """

    lines: Mapping[str, float]
    energy: Mapping[str, float]
    co2: float
    investment: float
    tariff_class: str
    classes_by_month: Mapping[int, str]

    @property
    def cost(self) -> float:
        """Yearly cost [PEN/a]."""
        return float(sum(self.lines.values()))


def account(case: ZoneCase, plan: Plan) -> Account:
    """The yearly account of ``plan``, billed in the class that its import earns."""
    imports = plan.flows["grid"]
    by_month = classes_by_month(case, imports)
    tariff_class = year_class(case, by_month)
    energy = {ELECTRICITY: case.weight * float(imports.sum())}
    energy |= {fuel: case.weight * float(fuel_use(case, plan, fuel).sum()) for fuel in case.fuels}
    co2 = energy[ELECTRICITY] * case.grid_co2 + sum(energy[fuel] * case.fuels[fuel].co2 for fuel in case.fuels)
    lines = electricity_lines(case, imports, tariff_class)
    lines |= {f"fuel.{fuel}": energy[fuel] * price.price for fuel, price in case.fuels.items()}
    lines["carbon"] = co2 * case.carbon_price
    lines |= _technology_lines(case, plan)
    taken = [group.packages[plan.packages[group.name]] for group in case.measure_groups]
    lines["measures"] = sum(package.annual_cost for package in taken)
    sizes = size_costs(case)
    investment = sum(sizes[name][1] * size for name, size in plan.capacities.items())
    investment += sum(package.investment for package in taken)
    return Account(lines, energy, co2, investment, tariff_class, by_month)


def size_costs(case: ZoneCase) -> dict[str, tuple[float, float]]:
    """Annual cost [PEN/a] and investment [PEN] per unit of every capacity, by the capacity's name."""
    costs = {name: (technology.annual_cost, technology.investment) for name, technology in case.technologies.items()}
    for name, store in case.stores.items():
        costs[f"{name}.energy"] = (store.energy_annual_cost, store.energy_investment)
        if store.power_annual_cost is not None:
            costs[f"{name}.power"] = (store.power_annual_cost, store.power_investment)
    for source in case.waste_heat:
        costs[f"waste_heat.{source.name}"] = (source.annual_cost, source.investment)
    return costs


def _technology_lines(case: ZoneCase, plan: Plan) -> dict[str, float]:
    sizes = size_costs(case)
    lines = {f"capital.{name}": sizes[name][0] * size for name, size in plan.capacities.items()}
    for name, technology in case.technologies.items():
        if technology.variable_cost:
            lines[f"variable.{name}"] = case.weight * technology.variable_cost * float(plan.flows[name].sum())
    return lines


def electricity_lines(case: ZoneCase, imports: Series, tariff_class: str) -> dict[str, float]:
    """Energy, demand and fixed charges of a year of ``imports`` [MW] billed in ``tariff_class`` [PEN/a]."""
    tariff = case.tariff
    lines = {"electricity.energy": case.weight * float(tariff.energy_price @ imports)}
    for component in tariff.demand:
        billed = billed_demand(case, component, imports)
        price = component.price[tariff_class] * case.month_weight
        lines[f"electricity.{component.name}"] = price * float(billed.sum())
    lines["electricity.fixed"] = MONTHS_PER_YEAR * tariff.fixed
    return lines


def monthly_maxima(case: ZoneCase, values: Series, mask: NDArray[np.bool_]) -> Series:
    """Per month of the case the largest of ``values`` in the hours of ``mask``; 0 in a month without any."""
    maxima = np.zeros(len(case.months))
    np.maximum.at(maxima, np.searchsorted(case.months, case.month[mask]), values[mask])
    return maxima


def billed_demand(case: ZoneCase, component: DemandCharge, imports: Series) -> Series:
    """Billed demand [MW] of ``component`` in every month of the case."""
    if component.hours != "excess_off_peak":
        mask = case.is_peak if component.hours == "peak" else np.ones(case.hours, dtype=bool)
        return _billed(component.rule, monthly_maxima(case, imports, mask))
    off_peak, peak = (
        _billed(component.rule, monthly_maxima(case, imports, mask)) for mask in (~case.is_peak, case.is_peak)
    )
    return np.maximum(off_peak - peak, 0.0)


def _billed(rule: str, maxima: Series) -> Series:
    """Billed demand from the monthly ``maxima``; the window of six months runs round the year."""
    if rule == "month_maximum":
        return maxima
    return np.asarray(np.sort(maxima[demand_windows(len(maxima))], axis=1)[:, -2:].mean(axis=1))


def classes_by_month(case: ZoneCase, imports: Series) -> dict[int, str]:
    """The class that each month alone would earn; the tariff's only class where it has but one."""
    tariff = case.tariff
    if len(tariff.classes) == 1:
        return dict.fromkeys(case.months, tariff.classes[0])
    everywhere = np.ones(case.hours, dtype=bool)
    highest = dict(zip(case.months, monthly_maxima(case, imports, everywhere), strict=True))
    earned = {}
    for month in case.months:
        in_peak = case.is_peak & (case.month == month)
        threshold = tariff.threshold * int(in_peak.sum()) * highest[month]
        earned[month] = PRESENT_IN_PEAK if float(imports[in_peak].sum()) >= threshold > 0.0 else OFF_PEAK
    return earned


def year_class(case: ZoneCase, by_month: Mapping[int, str]) -> str:
    """One class for the year: off peak only where every month earns it."""
    if len(case.tariff.classes) == 1:
        return case.tariff.classes[0]
    return OFF_PEAK if all(earned == OFF_PEAK for earned in by_month.values()) else PRESENT_IN_PEAK
