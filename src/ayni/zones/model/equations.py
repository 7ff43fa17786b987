"""The equations of a zone, part by part. Every part adds its columns and its share of the balances.

Names of the columns are those of the plan: hourly ``grid``, ``<technology>``, ``<store>.charge``, ``.discharge``,
``.level``, ``existing.<unit>.<carrier>``, ``waste_heat.<source>``; single ``capacity.<…>``; ``packages.<group>``.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ayni.zones.case import (
    CARRIERS,
    ELECTRICITY,
    EXISTING,
    FUEL,
    MONTHS_PER_YEAR,
    ExistingUnit,
    MeasureGroup,
    Series,
    Store,
    Technology,
    WasteHeatSource,
    ZoneCase,
)
from ayni.zones.model.demand_charges import add_demand_charges
from ayni.zones.model.program import Blocks, Floats, Indices, LinearProgram


def zone_program(
    case: ZoneCase, tariff_class: str, *, highest_hours: Indices | None = None, class_margin: float = 0.0
) -> LinearProgram:
    """The least-cost design of ``case`` at the prices of ``tariff_class``, with what that class requires.

    Measures are relaxed: the packages of a group share one unit. ``highest_hours`` and ``class_margin`` make the
    class requirement stricter (see ``DemandCharges.require_off_peak``).
    """
    equations = Equations(case)
    imports = equations.add_grid()
    for unit in case.existing:
        equations.add_existing(unit)
    for name, technology in case.technologies.items():
        equations.add_technology(name, technology)
    for name, store in case.stores.items():
        equations.add_store(name, store)
    for source in case.waste_heat:
        equations.add_waste_heat(source)
    for group in case.measure_groups:
        equations.add_measures(group)
    equations.add_roof()
    add_demand_charges(case, equations.blocks, imports, tariff_class, highest_hours, class_margin)
    return equations.blocks.program()


class Equations:
    """The balances, limits and costs of a zone in the making."""

    def __init__(self, case: ZoneCase) -> None:
        self.case, self.blocks = case, Blocks(case.hours)
        fixed = {fuel: case.weight * float(use.sum()) for fuel, use in case.fixed_fuel.items()}  # [MWh/a]
        fixed_co2 = sum(energy * case.fuels[fuel].co2 for fuel, energy in fixed.items())
        self.blocks.offset = MONTHS_PER_YEAR * case.tariff.fixed + sum(
            energy * self.fuel_cost(fuel) for fuel, energy in fixed.items()
        )
        self.balance = {
            carrier: self.blocks.row(
                f"balance.{carrier}",
                case.hours,
                lower=case.demand_of(carrier),
                upper=case.demand_of(carrier) if carrier == ELECTRICITY else np.inf,  # heat and cold may be dumped
            )
            for carrier in CARRIERS
        }
        limits = case.limits
        self.co2 = None if limits.co2 is None else self.blocks.row("co2", 1, upper=limits.co2 - fixed_co2)
        self.budget = None if limits.budget is None else self.blocks.row("budget", 1, upper=limits.budget)
        self.existing_rows: dict[str, Indices] = {}

    def supply(self, carrier: str, flow: Indices, per_flow: float | Floats) -> None:
        """``flow`` gives (or with a negative ``per_flow`` takes) that much of ``carrier``."""
        self.blocks.add(self.balance[carrier], flow, per_flow)

    def emit(self, columns: Indices, yearly_co2: float | Floats) -> None:
        """``columns`` emit ``yearly_co2`` [t/a per unit]: it counts towards the limit; its price is in the costs."""
        if self.co2 is not None:
            self.blocks.add(self.co2, columns, yearly_co2)

    def invest(self, columns: Indices, investment: float | Floats) -> None:
        """``columns`` take ``investment`` [PEN per unit] of the budget."""
        if self.budget is not None:
            self.blocks.add(self.budget, columns, investment)

    def size(self, name: str, annual_cost: float, investment: float, largest: float | None) -> Indices:
        """One capacity column."""
        size = self.blocks.column(f"capacity.{name}", 1, cost=annual_cost, upper=largest)
        self.invest(size, investment)
        return size

    def fuel_cost(self, fuel: str) -> float:
        """Price with carbon [PEN/MWh]."""
        price = self.case.fuels[fuel]
        return price.price + price.co2 * self.case.carbon_price

    def add_grid(self) -> Indices:
        """Import: energy price and carbon per hour, at most the grid limit."""
        case = self.case
        hourly = case.weight * (case.tariff.energy_price + case.grid_co2 * case.carbon_price)
        imports = self.blocks.column("grid", case.hours, cost=hourly, upper=case.limits.grid)
        self.supply(ELECTRICITY, imports, 1.0)
        self.emit(imports, case.weight * case.grid_co2)
        return imports

    def add_existing(self, unit: ExistingUnit) -> None:
        """Input = output / efficiency; Σ outputs ≤ output_max (less what measures save its owners)."""
        case, per_output = self.case, 1.0 / unit.efficiency
        is_electric = unit.fuel == ELECTRICITY
        cost = 0.0 if is_electric else case.weight * per_output * self.fuel_cost(unit.fuel)
        rows = self.blocks.row(f"existing.{unit.name}", case.hours, upper=unit.output_max)
        self.existing_rows[unit.name] = rows
        for carrier in unit.outputs:
            flow = self.blocks.column(
                f"existing.{unit.name}.{carrier}", case.hours, cost=cost, upper=np.maximum(unit.output_max, 0.0)
            )
            self.blocks.add(rows, flow, 1.0)
            self.supply(carrier, flow, 1.0)
            if is_electric:
                self.supply(ELECTRICITY, flow, -per_output)
            else:
                self.emit(flow, case.weight * per_output * case.fuels[unit.fuel].co2)

    def add_technology(self, name: str, technology: Technology) -> None:
        """Flow ≤ profile · capacity; inputs and by-products in proportion to the flow."""
        case = self.case
        cost = case.weight * technology.variable_cost
        flow = self.blocks.column(name, case.hours, cost=cost)
        size = self.size(name, technology.annual_cost, technology.investment, technology.capacity_max)
        self.blocks.limit(name, flow, size, case.profile(technology))
        self.supply(technology.output, flow, 1.0)
        for carrier, amount in technology.by_products.items():
            self.supply(carrier, flow, amount)
        for key, amount in technology.inputs.items():
            if key.startswith(FUEL):
                fuel = key.removeprefix(FUEL)
                self.blocks.add_cost(flow, case.weight * amount * self.fuel_cost(fuel))
                self.emit(flow, case.weight * amount * case.fuels[fuel].co2)
            else:
                self.supply(key, flow, -amount)

    def add_store(self, name: str, store: Store) -> None:
        """Level = (1 − loss) · level before + charge · efficiency − discharge / efficiency, round the year."""
        case, blocks = self.case, self.blocks
        charge, discharge, level = (
            blocks.column(f"{name}.{part}", case.hours) for part in ("charge", "discharge", "level")
        )
        self.supply(store.carrier, charge, -1.0)
        self.supply(store.carrier, discharge, 1.0)
        rows = blocks.row(f"content.{name}", case.hours, lower=0.0, upper=0.0)
        blocks.add(rows, level, 1.0)
        blocks.add(rows, np.roll(level, 1), -(1.0 - store.loss))
        blocks.add(rows, charge, -store.charge_efficiency)
        blocks.add(rows, discharge, 1.0 / store.discharge_efficiency)
        energy = self.size(f"{name}.energy", store.energy_annual_cost, store.energy_investment, store.energy_max)
        blocks.limit(f"{name}.energy", level, energy)
        if store.power_annual_cost is not None:
            power = self.size(f"{name}.power", store.power_annual_cost, store.power_investment, None)
            blocks.limit(f"{name}.charge", charge, power)
            blocks.limit(f"{name}.discharge", discharge, power)
        else:  # charging and discharging in one hour is never better than the difference alone
            blocks.imply(charge, energy, 1.0 / store.charge_efficiency)
            blocks.imply(discharge, energy, store.discharge_efficiency)

    def add_waste_heat(self, source: WasteHeatSource) -> None:
        """Flow ≤ available and ≤ capacity of the exchanger."""
        name = f"waste_heat.{source.name}"
        flow = self.blocks.column(name, self.case.hours, upper=source.available)
        size = self.size(name, source.annual_cost, source.investment, float(source.available.max()))
        self.blocks.limit(name, flow, size)
        self.supply(source.carrier, flow, 1.0)

    def add_measures(self, group: MeasureGroup) -> None:
        """Exactly one package per group; what it saves lowers demand, fixed fuel use and the need of existing units.

        One column ``saving = Σ share · package`` stands for all packages in the hourly rows: every column that touches
        all hours is dear for an interior point method.
        """
        blocks, packages = self.blocks, group.packages
        burnt = {key.removeprefix(FUEL): load for key, load in group.base.items() if key.startswith(FUEL)}
        energy = {fuel: self.case.weight * float(load.sum()) for fuel, load in burnt.items()}  # [MWh/a]
        shares = np.array([package.saving for package in packages])
        annual = np.array([package.annual_cost for package in packages])
        fuel_cost = sum(amount * self.fuel_cost(fuel) for fuel, amount in energy.items())
        taken = blocks.column(f"packages.{group.name}", len(packages), cost=annual - shares * fuel_cost, upper=1.0)
        blocks.add(blocks.row(f"packages.{group.name}", 1, lower=1.0, upper=1.0), taken, 1.0)
        blocks.whole[group.name] = taken
        self.invest(taken, np.array([package.investment for package in packages]))
        self.emit(taken, -shares * sum(amount * self.case.fuels[fuel].co2 for fuel, amount in energy.items()))
        hourly = {key: load for key, load in group.base.items() if not key.startswith(FUEL)}
        if hourly:
            self._add_saving(group.name, taken, shares, hourly)

    def _add_saving(self, name: str, taken: Indices, shares: Floats, hourly: Mapping[str, Series]) -> None:
        saving = self.blocks.column(f"saving.{name}", 1, upper=float(shares.max()))
        row = self.blocks.row(f"saving.{name}", 1, lower=0.0, upper=0.0)
        self.blocks.add(row, taken, shares)
        self.blocks.add(row, saving, -1.0)
        for key, load in hourly.items():
            rows = self.balance[key] if key in self.balance else self.existing_rows[key.removeprefix(EXISTING)]
            self.blocks.add(rows, saving, load)

    def add_roof(self) -> None:
        """Panels, collectors and whatever else stands on roofs share them: Σ roof · capacity ≤ limit [m2]."""
        area = {name: technology.roof for name, technology in self.case.technologies.items() if technology.roof}
        if area and self.case.limits.roof is not None:
            row = self.blocks.row("roof", 1, upper=self.case.limits.roof)
            for name, per_size in area.items():
                self.blocks.add(row, self.blocks.columns[f"capacity.{name}"], per_size)
