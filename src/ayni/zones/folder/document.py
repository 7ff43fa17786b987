"""What ``zone.yaml`` may say, key by key. Units as in the zone case: MW, MWh, PEN, t CO2e.

``hourly.csv`` holds the hourly series; the document says which columns it has (see ``columns``).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from ayni.zones.case import (
    HOURS_PER_YEAR,
    NO_CLASS,
    OFF_PEAK,
    PRESENT_IN_PEAK,
    BilledRule,
    ChargedHours,
    DemandCharge,
    ExistingUnit,
    FuelPrice,
    Limits,
    MeasureGroup,
    Package,
    Profile,
    Series,
    Store,
    Technology,
    WasteHeatSource,
    ZoneTariff,
)

CarrierName = Literal["electricity", "steam", "hot_water", "cold"]
Name = Annotated[str, Field(min_length=1, max_length=80, pattern=r"^[^,\"\r\n]+$")]
VERSION = 1


class Part(BaseModel):
    """A mapping of the document: every key is known, no text stands for a number."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


class ClassPrices(Part):
    """Prices of a demand charge by tariff class [PEN/MW-month]."""

    present_in_peak: float
    off_peak: float


class DemandPart(Part):
    """A demand charge. ``price`` [PEN/MW-month], or one per class."""

    hours: ChargedHours
    rule: BilledRule = "month_maximum"
    price: float | ClassPrices

    def prices(self) -> dict[str, float]:
        """Price by class."""
        return self.price.model_dump() if isinstance(self.price, ClassPrices) else {NO_CLASS: self.price}


class TariffPart(Part):
    """The tariff; its energy price is the column ``energy_price``. ``fixed`` [PEN/month]."""

    option: str
    fixed: float = 0.0
    threshold: float = 0.5
    demand: Mapping[Name, DemandPart] = {}

    def tariff(self, energy_price: Series) -> ZoneTariff:
        """The tariff of the case."""
        has_classes = any(isinstance(part.price, ClassPrices) for part in self.demand.values())
        charges = (DemandCharge(name, part.hours, part.prices(), part.rule) for name, part in self.demand.items())
        classes = (PRESENT_IN_PEAK, OFF_PEAK) if has_classes else (NO_CLASS,)
        return ZoneTariff(self.option, energy_price, tuple(charges), classes, self.threshold, self.fixed)


class FuelPart(Part):
    """A fuel: ``price`` [PEN/MWh] and ``co2`` [t/MWh] per lower heating value."""

    price: float
    co2: float

    def fuel(self) -> FuelPrice:
        """The fuel of the case."""
        return FuelPrice(self.price, self.co2)


class ExistingPart(Part):
    """An existing unit; its largest output is the column ``existing.<name>``."""

    fuel: str
    outputs: Annotated[tuple[CarrierName, ...], Field(min_length=1)]
    efficiency: float

    def unit(self, name: str, output_max: Series) -> ExistingUnit:
        """The unit of the case."""
        return ExistingUnit(name, self.fuel, tuple(self.outputs), output_max, self.efficiency)


class TechnologyPart(Part):
    """Something that can be built, per MW of its ``output`` (see ``Technology``)."""

    output: CarrierName
    inputs: Mapping[str, float] = {}
    by_products: Mapping[CarrierName, float] = {}
    annual_cost: float
    investment: float = 0.0
    variable_cost: float = 0.0
    capacity_max: float | None = None
    profile: Profile | None = None
    roof: float = 0.0

    def technology(self) -> Technology:
        """The technology of the case."""
        return Technology(**dict(self))


class StorePart(Part):
    """A store (see ``Store``)."""

    carrier: CarrierName
    energy_annual_cost: float
    charge_efficiency: float
    discharge_efficiency: float
    loss: float
    power_annual_cost: float | None = None
    energy_investment: float = 0.0
    power_investment: float = 0.0
    energy_max: float | None = None

    def store(self) -> Store:
        """The store of the case."""
        return Store(**dict(self))


class WasteHeatPart(Part):
    """A source of waste heat; what it offers is the column ``waste_heat.<name>``."""

    carrier: CarrierName
    annual_cost: float
    investment: float = 0.0

    def source(self, name: str, available: Series) -> WasteHeatSource:
        """The source of the case."""
        return WasteHeatSource(name, self.carrier, available, self.annual_cost, self.investment)


class PackagePart(Part):
    """Measures taken together, the share of the load that they save, and what they cost a year and once."""

    measures: tuple[str, ...] = ()
    saving: float = 0.0
    annual_cost: float = 0.0
    investment: float = 0.0

    def package(self) -> Package:
        """The package of the case."""
        return Package(**dict(self))


class MeasuresPart(Part):
    """The packages of one equipment; the load they act on are the columns ``measures.<name>.<key>`` of its ``base``."""

    base: tuple[str, ...] = ()
    packages: tuple[PackagePart, ...]

    def group(self, name: str, base: Mapping[str, Series]) -> MeasureGroup:
        """The group of the case."""
        return MeasureGroup(name, tuple(part.package() for part in self.packages), base)


class LimitsPart(Part):
    """Limits of the zone; null or no key where there is none."""

    grid: float | None = None
    co2: float | None = None
    budget: float | None = None
    roof: float | None = None

    def limits(self) -> Limits:
        """The limits of the case."""
        return Limits(**dict(self))


class ZoneDocument(Part):
    """The whole of ``zone.yaml``."""

    version: Literal[1]
    name: str
    hours: Annotated[int, Field(gt=0, le=HOURS_PER_YEAR)] = HOURS_PER_YEAR
    tariff: TariffPart
    fuels: Mapping[Name, FuelPart] = {}
    grid_co2: float
    carbon_price: float = 0.0
    demand: tuple[CarrierName, ...]
    fixed_fuel: tuple[str, ...] = ()
    existing: Mapping[Name, ExistingPart] = {}
    technologies: Mapping[Name, TechnologyPart] = {}
    stores: Mapping[Name, StorePart] = {}
    waste_heat: Mapping[Name, WasteHeatPart] = {}
    measures: Mapping[Name, MeasuresPart] = {}
    limits: LimitsPart = LimitsPart()

    def columns(self) -> Iterator[str]:
        """The columns that ``hourly.csv`` must have."""
        yield from ("month", "is_peak", "energy_price", "solar_pv", "solar_heat")
        yield from (f"demand.{carrier}" for carrier in self.demand)
        yield from (f"fixed_fuel.{fuel}" for fuel in self.fixed_fuel)
        yield from (f"existing.{name}" for name in self.existing)
        yield from (f"waste_heat.{name}" for name in self.waste_heat)
        yield from (f"measures.{name}.{key}" for name, part in self.measures.items() for key in part.base)
