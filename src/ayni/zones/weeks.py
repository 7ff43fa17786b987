"""Two weeks of a plan for people to look at: one of summer, one of winter, hour by hour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd

from ayni.zones.case import COLD, ELECTRICITY, HOT_WATER, STEAM, Series, ZoneCase
from ayni.zones.dispatch.plan import Plan, demand_left, net_output

SEASONS: Mapping[str, tuple[int, int]] = {"summer": (1, 3), "winter": (7, 9)}
"""Season of Peru's coast → its first and last month."""
GROUPS: Mapping[str, tuple[str, ...]] = {
    "electricity": (ELECTRICITY,), "heat": (STEAM, HOT_WATER), "cold": (COLD,),
}  # fmt: skip
DISCHARGES: Mapping[str, str] = {
    "battery": "battery_discharge",
    "heat_store_hot_water": "heat_store_discharge",
    "cold_store_chilled_water": "cold_store_discharge",
}
DEMAND = "demand"
HOURS_PER_WEEK = 168


def supply_and_demand(case: ZoneCase, plan: Plan, carriers: tuple[str, ...]) -> dict[str, Series]:
    """Power [MW] by name: what supplies ``carriers``, and under DEMAND all that uses them, in the zone and its plant.

    What is stored or dumped is no demand, so that supply lies above it in those hours.
    """
    total: dict[str, Series] = {}
    for name, power in _flows(case, plan, carriers):
        total[name] = total.get(name, np.zeros(case.hours)) + power
    return total


def _flows(case: ZoneCase, plan: Plan, carriers: tuple[str, ...]) -> Iterator[tuple[str, Series]]:
    for carrier in carriers:
        yield DEMAND, demand_left(case, plan.packages, carrier)
    if ELECTRICITY in carriers:
        yield "grid", plan.flows["grid"]
    yield from _existing(case, plan, carriers)
    for name, technology in case.technologies.items():
        net = sum(net_output(technology, carrier) for carrier in carriers)
        yield (name if net > 0.0 else DEMAND), abs(net) * plan.flows[name]
    for name, store in case.stores.items():
        if store.carrier in carriers:
            yield DISCHARGES[name], plan.flows[f"{name}.discharge"]
    for source in case.waste_heat:
        if source.carrier in carriers:
            yield "waste_heat", plan.flows[f"waste_heat.{source.name}"]


def _existing(case: ZoneCase, plan: Plan, carriers: tuple[str, ...]) -> Iterator[tuple[str, Series]]:
    for unit in case.existing:
        for output in unit.outputs:
            given = plan.flows[f"existing.{unit.name}.{output}"]
            if output in carriers:
                yield "existing_chillers" if output == COLD else "existing_boilers", given
            if unit.fuel in carriers:
                yield DEMAND, given / unit.efficiency


def typical_weeks(case: ZoneCase, plan: Plan, hours: pd.DatetimeIndex) -> pd.DataFrame:
    """Columns season, start (of the week), carrier, hour (0–167), flow, power [MW]; flows that are zero left out.

    The week of each season is the one from Monday to Sunday whose electricity demand is the median.
    """
    parts = []
    for season, first in week_starts(case, hours).items():
        for group, carriers in GROUPS.items():
            for flow, power in supply_and_demand(case, plan, carriers).items():
                week = power[first : first + HOURS_PER_WEEK]
                if week.any():
                    parts.append(
                        pd.DataFrame({
                            "season": season, "start": hours[first], "carrier": group,
                            "hour": np.arange(HOURS_PER_WEEK), "flow": flow, "power": week,
                        })
                    )  # fmt: skip
    return pd.concat(parts, ignore_index=True)


def week_starts(case: ZoneCase, hours: pd.DatetimeIndex) -> dict[str, int]:
    """Per season the position of the first hour of its week."""
    load = case.demand_of(ELECTRICITY)
    is_monday = (hours.day_of_week == 0) & (hours.hour == 0)
    starts = {}
    for season, (first, last) in SEASONS.items():
        mondays = np.flatnonzero(is_monday & (hours.month >= first) & (hours.month <= last))
        energy = [load[start : start + HOURS_PER_WEEK].sum() for start in mondays]
        starts[season] = int(mondays[np.argsort(energy, kind="stable")[len(mondays) // 2]])
    return starts


def mean_days(load: Series, hours: pd.DatetimeIndex) -> pd.DataFrame:
    """Columns month (1–12), hour (0–23), power [MW]: the mean day of each month of a load."""
    frame = pd.DataFrame({"month": hours.month, "hour": hours.hour, "power": load})
    return frame.groupby(["month", "hour"], as_index=False)[["power"]].mean()
