"""The zone case: everything that a zone design rests on, as plain arrays and numbers.

One hub node per carrier, N hours. Units: power MW, energy MWh, money PEN, emissions t CO2e. A case of fewer than 8,760
hours stands for a year: hourly amounts count ``weight`` = 8760/N times, monthly amounts 12/(months present) times.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from typing import Literal, TypeAlias

import numpy as np
from numpy.typing import NDArray

Series: TypeAlias = NDArray[np.float64]
"""One value per hour of the case."""

HOURS_PER_YEAR = 8760
MONTHS_PER_YEAR = 12
DEMAND_WINDOW = 6
"""Months, the billed one included, whose two highest maxima make the billed demand by the rule of the two highest."""

ELECTRICITY, STEAM, HOT_WATER, COLD = "electricity", "steam", "hot_water", "cold"
CARRIERS = (ELECTRICITY, STEAM, HOT_WATER, COLD)
"""Steam: 80 < T ≤ 180 °C; hot water: T ≤ 80 °C. Surplus heat and cold may be dumped, electricity may not."""

FUEL = "fuel:"
"""Prefix of a fuel's key among inputs and effects, such as ``fuel:natural_gas``."""
EXISTING = "existing:"
"""Prefix of an existing unit's key among the effects of a measure, such as ``existing:boilers_diesel``."""

PRESENT_IN_PEAK, OFF_PEAK, NO_CLASS = "present_in_peak", "off_peak", ""

ChargedHours = Literal["all", "peak", "excess_off_peak"]
BilledRule = Literal["month_maximum", "mean_of_two_highest_in_six_months"]
Profile = Literal["solar_pv", "solar_heat"]


@dataclass(frozen=True)
class FuelPrice:
    """A fuel: ``price`` [PEN/MWh] and ``co2`` [t/MWh], both per lower heating value."""

    price: float
    co2: float


@dataclass(frozen=True, eq=False)
class ExistingUnit:
    """Boilers or chillers that stand already and cost nothing but their input.

    ``fuel`` is a key of the case's fuels, or ``electricity``. The sum over ``outputs`` (carriers) stays within
    ``output_max`` [MW]: the need of the firms that own the unit, because no pipe carries its heat to others.
    """

    name: str
    fuel: str
    outputs: tuple[str, ...]
    output_max: Series
    efficiency: float


@dataclass(frozen=True)
class Technology:
    """Something that can be built. Flow and capacity are counted in MW of the main ``output`` carrier.

    ``inputs`` and ``by_products`` are per unit of main output; inputs are carriers or ``fuel:<name>``.
    ``annual_cost`` [PEN/MW a] = annuity + fixed upkeep, ``investment`` [PEN/MW], ``variable_cost`` [PEN/MWh],
    ``capacity_max`` [MW], None for no limit; ``roof`` [m2/MW] that it takes. With a ``profile`` the flow stays within
    profile × capacity.
    """

    output: str
    inputs: Mapping[str, float]
    annual_cost: float
    investment: float = 0.0
    variable_cost: float = 0.0
    capacity_max: float | None = None
    by_products: Mapping[str, float] = field(default_factory=dict)
    profile: Profile | None = None
    roof: float = 0.0


@dataclass(frozen=True)
class Store:
    """A store of ``carrier``, as full at the end as at the beginning.

    Costs per MWh of ``energy``; with a ``power_annual_cost`` [PEN/MW a] charging and discharging share one rating,
    without it they are not limited. ``loss`` is the part of the content lost per hour.
    """

    carrier: str
    energy_annual_cost: float
    charge_efficiency: float
    discharge_efficiency: float
    loss: float
    power_annual_cost: float | None = None
    energy_investment: float = 0.0
    power_investment: float = 0.0
    energy_max: float | None = None


@dataclass(frozen=True, eq=False)
class WasteHeatSource:
    """Heat that can be recovered: at most ``available`` [MW], with an exchanger at ``annual_cost`` [PEN/MW a]."""

    name: str
    carrier: str
    available: Series
    annual_cost: float
    investment: float = 0.0


@dataclass(frozen=True)
class Package:
    """Measures taken together on one equipment: the share of its load that they save jointly.

    ``annual_cost`` [PEN/a], negative where the measures avoid more cost than they make; ``investment`` [PEN].
    """

    measures: tuple[str, ...] = ()
    saving: float = 0.0
    annual_cost: float = 0.0
    investment: float = 0.0


@dataclass(frozen=True, eq=False)
class MeasureGroup:
    """All packages of one equipment; exactly one is taken. The first is nothing at all.

    ``base`` [MW] is the load they save a share of, by carrier (demand), ``fuel:<name>`` (fixed fuel use) or
    ``existing:<unit>`` (what the unit's owners need of it).
    """

    name: str
    packages: tuple[Package, ...]
    base: Mapping[str, Series] = field(default_factory=dict)


@dataclass(frozen=True)
class MeasureEffect:
    """One measure on an equipment: the share saved, its yearly cost [PEN/a] and its investment [PEN]."""

    measure: str
    saving: float
    annual_cost: float
    investment: float = 0.0


@dataclass(frozen=True)
class DemandCharge:
    """A monthly charge on demand: ``price`` [PEN/MW-month] by class.

    ``hours`` ``all`` and ``peak`` charge the billed maximum of those hours; ``excess_off_peak`` charges what the billed
    maximum of the other hours exceeds that of the peak hours by. ``rule`` makes billed from monthly maxima; its window
    of six months runs round the year, so that January's reaches back into August.
    """

    name: str
    hours: ChargedHours
    price: Mapping[str, float]
    rule: BilledRule = "month_maximum"


@dataclass(frozen=True, eq=False)
class ZoneTariff:
    """The tariff of the zone's one connection: ``energy_price`` [PEN/MWh], demand charges, ``fixed`` [PEN/month].

    With two classes a plan is ``off_peak`` where in every month its energy in peak hours stays below
    ``threshold`` × peak hours × maximum demand, and ``present_in_peak`` otherwise: one class for the year.
    """

    option: str
    energy_price: Series
    demand: tuple[DemandCharge, ...] = ()
    classes: tuple[str, ...] = (NO_CLASS,)
    threshold: float = 0.5
    fixed: float = 0.0


@dataclass(frozen=True)
class Limits:
    """Limits of the zone, None where there is none.

    ``grid`` [MW], ``co2`` [t CO2e/a], ``budget`` [PEN of investment], ``roof`` [m2] for all that stands on it.
    """

    grid: float | None = None
    co2: float | None = None
    budget: float | None = None
    roof: float | None = None


@dataclass(frozen=True, eq=False)
class ZoneCase:
    """A zone and its year.

    ``demand`` [MW] by carrier: electricity without what existing chillers use; useful heat and cold of boilers and
    chillers. ``fixed_fuel`` [MW LHV] by fuel: direct uses that only measures can change. ``grid_co2`` [t/MWh],
    ``carbon_price`` [PEN/t]. ``solar_pv`` and ``solar_heat`` [MW per MW of capacity].
    """

    name: str
    hours: int
    month: NDArray[np.int64]
    is_peak: NDArray[np.bool_]
    demand: Mapping[str, Series]
    tariff: ZoneTariff
    fuels: Mapping[str, FuelPrice]
    grid_co2: float
    carbon_price: float
    existing: tuple[ExistingUnit, ...]
    technologies: Mapping[str, Technology]
    stores: Mapping[str, Store]
    solar_pv: Series
    solar_heat: Series
    waste_heat: tuple[WasteHeatSource, ...] = ()
    measure_groups: tuple[MeasureGroup, ...] = ()
    fixed_fuel: Mapping[str, Series] = field(default_factory=dict)
    limits: Limits = Limits()

    @property
    def weight(self) -> float:
        """Hours of the year that one hour of the case stands for."""
        return HOURS_PER_YEAR / self.hours

    @property
    def months(self) -> tuple[int, ...]:
        """The months present, in the order of the calendar."""
        return tuple(int(month) for month in np.unique(self.month))

    @property
    def month_weight(self) -> float:
        """Months of the year that one month of the case stands for."""
        return MONTHS_PER_YEAR / len(self.months)

    def demand_of(self, carrier: str) -> Series:
        """Demand of ``carrier`` [MW]; zero where the case names none."""
        return self.demand.get(carrier, np.zeros(self.hours))

    def profile(self, technology: Technology) -> Series:
        """Largest flow per MW of capacity."""
        if technology.profile is None:
            return np.ones(self.hours)
        return self.solar_pv if technology.profile == "solar_pv" else self.solar_heat


def demand_windows(months: int) -> NDArray[np.int64]:
    """Per month, the positions of itself and the five before it; the year runs round."""
    return (np.arange(months)[:, None] - np.arange(DEMAND_WINDOW)[None, :]) % months


def measure_group(name: str, base: Mapping[str, Series], measures: Sequence[MeasureEffect]) -> MeasureGroup:
    """Every subset of ``measures`` on one equipment as a package with their joint saving of ``base`` [MW].

    Shares multiply: together they save 1 − Π(1 − sᵢ), less than their sum; costs add.
    """
    subsets = (chosen for size in range(len(measures) + 1) for chosen in combinations(measures, size))
    return MeasureGroup(name, tuple(_joint(chosen) for chosen in subsets), base)


def _joint(chosen: tuple[MeasureEffect, ...]) -> Package:
    return Package(
        measures=tuple(measure.measure for measure in chosen),
        saving=1.0 - math.prod(1.0 - measure.saving for measure in chosen),
        annual_cost=sum(measure.annual_cost for measure in chosen),
        investment=sum(measure.investment for measure in chosen),
    )
