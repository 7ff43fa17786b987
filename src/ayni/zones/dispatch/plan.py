"""A plan: sizes, measures and the flows of every hour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ayni.zones.case import CARRIERS, ELECTRICITY, EXISTING, FUEL, ExistingUnit, Series, Technology, ZoneCase


@dataclass(frozen=True, eq=False)
class Plan:
    """What is built, which packages are taken, and what runs when.

    ``flows`` by name: ``grid``, ``<technology>`` (its main output), ``<store>.charge``, ``<store>.discharge`` (both at
    the hub), ``<store>.level`` [MWh at the hour's end], ``existing.<unit>.<carrier>``, ``waste_heat.<source>`` [MW].
    ``capacities`` [MW; MWh for ``<store>.energy`` and …] by ``<technology>``, ``<store>.energy``, ``<store>.power``,
    ``waste_heat.<source>``. ``packages``: number of the package taken, by group.
    """

    flows: Mapping[str, Series]
    capacities: Mapping[str, float]
    packages: Mapping[str, int]


def hourly_names(case: ZoneCase) -> list[str]:
    """The names of all flows that a plan of ``case`` has."""
    names = ["grid", *case.technologies]
    names += [f"{store}.{part}" for store in case.stores for part in ("charge", "discharge", "level")]
    names += [f"existing.{unit.name}.{output}" for unit in case.existing for output in unit.outputs]
    return names + [f"waste_heat.{source.name}" for source in case.waste_heat]


def saved(case: ZoneCase, packages: Mapping[str, int], key: str) -> Series:
    """What the packages taken save of ``key`` (a carrier, ``fuel:<name>`` or ``existing:<unit>``) [MW]."""
    total = np.zeros(case.hours)
    for group in case.measure_groups:
        if key in group.base:
            total += group.packages[packages[group.name]].saving * group.base[key]
    return total


def demand_left(case: ZoneCase, packages: Mapping[str, int], carrier: str) -> Series:
    """Demand of ``carrier`` after the measures [MW]."""
    return case.demand_of(carrier) - saved(case, packages, carrier)


def output_left(case: ZoneCase, packages: Mapping[str, int], unit: ExistingUnit) -> Series:
    """What an existing unit may still give after the measures [MW], at least 0."""
    return np.maximum(unit.output_max - saved(case, packages, EXISTING + unit.name), 0.0)


def net_output(technology: Technology, carrier: str) -> float:
    """What one unit of main output gives of ``carrier``; negative where it takes."""
    given = technology.by_products.get(carrier, 0.0) + (technology.output == carrier)
    return given - technology.inputs.get(carrier, 0.0)


def surplus(case: ZoneCase, plan: Plan, carrier: str) -> Series:
    """Supply less use of ``carrier`` in every hour [MW]: 0 for electricity, what is dumped for heat and cold."""
    total = -demand_left(case, plan.packages, carrier)
    if carrier == ELECTRICITY:
        total = total + plan.flows["grid"]
    for unit in case.existing:
        for output in unit.outputs:
            flow = plan.flows[f"existing.{unit.name}.{output}"]
            total = total + flow * ((output == carrier) - (unit.fuel == carrier) / unit.efficiency)
    for name, technology in case.technologies.items():
        total = total + plan.flows[name] * net_output(technology, carrier)
    for name, store in case.stores.items():
        if store.carrier == carrier:
            total = total + plan.flows[f"{name}.discharge"] - plan.flows[f"{name}.charge"]
    for source in case.waste_heat:
        if source.carrier == carrier:
            total = total + plan.flows[f"waste_heat.{source.name}"]
    return total


def fuel_use(case: ZoneCase, plan: Plan, fuel: str) -> Series:
    """Use of ``fuel`` by existing units, technologies and fixed uses [MW LHV]."""
    fixed = case.fixed_fuel.get(fuel)
    total = np.zeros(case.hours) if fixed is None else fixed - saved(case, plan.packages, FUEL + fuel)
    for unit in case.existing:
        if unit.fuel == fuel:
            total = (
                total + sum(plan.flows[f"existing.{unit.name}.{output}"] for output in unit.outputs) / unit.efficiency
            )
    for name, technology in case.technologies.items():
        amount = technology.inputs.get(FUEL + fuel, 0.0)
        if amount:
            total = total + amount * plan.flows[name]
    return total


def frame(case: ZoneCase, plan: Plan) -> pd.DataFrame:
    """The flows as a table of one row per hour, with ``dump.<carrier>`` for heat and cold."""
    dumped = {
        f"dump.{carrier}": np.maximum(surplus(case, plan, carrier), 0.0)
        for carrier in CARRIERS
        if carrier != ELECTRICITY
    }
    return pd.DataFrame({**plan.flows, **dumped})
