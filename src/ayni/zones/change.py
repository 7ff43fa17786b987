"""From a plan back to the ledger: what the zone buys and pays after the design, in the same tables as before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from ayni.base.periods import MONTHS, hours_of
from ayni.ledger.bills import quantities
from ayni.ledger.fuels import energy_per, physical_dimension
from ayni.ledger.ledger import COST_COLUMNS, ELECTRICITY_COLUMNS, FUEL_COLUMNS, ZONE, Ledger, table
from ayni.ledger.schema import Carrier, Measured
from ayni.ledger.tariffs import tariff_of
from ayni.zones.case import Package, Series, ZoneCase
from ayni.zones.connection import with_zone_contract
from ayni.zones.dispatch.account import size_costs
from ayni.zones.dispatch.plan import Plan, fuel_use

SHEET = "design"
"""Named as the sheet of what no workbook row says; its rows are the months."""

PLANT, MEASURES = "plant", "measures"
"""Items of ``other_costs`` at the zone: ``plant.<capacity>`` and ``measures.<group>``."""


def after_design(ledger: Ledger, plan: Plan, case: ZoneCase) -> Ledger:
    """The ledger after ``plan``: one connection, the zone's fuels, and the yearly cost of plant and measures.

    Reactive energy stays the sum of the firms'. The carbon price of the case is a planning value that nobody is billed.
    """
    ledger, _ = with_zone_contract(ledger)
    yearly = {f"{PLANT}.{name}": amount for name, amount in plant_costs(case, plan).items()}
    yearly |= {f"{MEASURES}.{group}": package.annual_cost for group, package in packages_taken(case, plan).items()}
    costs = table(COST_COLUMNS, [{"site": ZONE, "item": item, "amount": amount} for item, amount in yearly.items()])
    return replace(
        ledger,
        electricity=table(ELECTRICITY_COLUMNS, list(zone_bills(ledger, plan.flows["grid"]))),
        fuels=table(FUEL_COLUMNS, list(_zone_fuels(ledger, case, plan))),
        other_costs=pd.concat([ledger.other_costs, costs], ignore_index=True),
    )


def zone_bills(ledger: Ledger, imports: Series) -> Iterator[dict[str, object]]:
    """Twelve bills of the zone's connection for hourly ``imports`` [MW]."""
    monthly = quantities(imports, hours_of(ledger.park.year), tariff_of(ledger, ZONE))
    reactive = ledger.electricity.groupby("month")["reactive"].sum()
    columns = ["energy_peak", "energy_off_peak", "demand_peak", "demand_off_peak"]
    for month, values in zip(monthly.index, monthly[columns].to_numpy(), strict=True):
        yield {
            "site": ZONE, "month": month, **dict(zip(columns, values, strict=True)),
            "reactive": float(reactive.get(month, 0.0)), "amount_paid": np.nan, "sheet": SHEET, "row": month,
        }  # fmt: skip


def _zone_fuels(ledger: Ledger, case: ZoneCase, plan: Plan) -> Iterator[dict[str, object]]:
    """The zone's monthly fuels, in the units in which the firms bought them and in the same proportion."""
    for fuel in case.fuels:
        carrier = Carrier(fuel)
        monthly = np.bincount(case.month, weights=fuel_use(case, plan, fuel), minlength=13)
        for unit, part in billed_units(ledger, carrier).items():
            for month in MONTHS:
                energy = float(monthly[month]) * part
                if energy > 0.0:
                    yield {
                        "site": ZONE, "month": month, "carrier": fuel, "amount": energy / energy_per(carrier, unit),
                        "unit": unit, "energy": energy, "measured": Measured.ESTIMATE.value,
                        "sheet": SHEET, "row": month,
                    }  # fmt: skip


def billed_units(ledger: Ledger, carrier: Carrier) -> dict[str, float]:
    """Units in which a fuel is billed, each with its part of the energy; the usual unit where none is billed."""
    energy = ledger.fuels[ledger.fuels["carrier"] == carrier.value].groupby("unit")["energy"].sum()
    total = float(energy.sum())
    if total == 0.0:
        return {physical_dimension(carrier): 1.0}
    return {str(unit): float(amount) / total for unit, amount in energy.items()}


def plant_costs(case: ZoneCase, plan: Plan) -> dict[str, float]:
    """Annuity, upkeep and running of what is built [PEN/a], by capacity name."""
    sizes = size_costs(case)
    costs = {name: sizes[name][0] * size for name, size in plan.capacities.items() if size > 0.0}
    for name, technology in case.technologies.items():
        if name in costs:
            costs[name] += technology.variable_cost * case.weight * float(plan.flows[name].sum())
    return costs


def packages_taken(case: ZoneCase, plan: Plan) -> dict[str, Package]:
    """The packages with measures that the plan takes, by group."""
    taken = {group.name: group.packages[plan.packages[group.name]] for group in case.measure_groups}
    return {name: package for name, package in taken.items() if package.measures}
