"""A solver's nearly feasible point made an exactly feasible plan.

The point is clipped to its limits; stores are balanced round the year; surplus electricity is taken back; short heat
and cold are made up from what has room; the grid closes the electricity balance; sizes are what the flows need.
Errors of the solver are tiny, so the order in which they are made up costs next to nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.signal import lfilter

from ayni.zones.case import COLD, ELECTRICITY, HOT_WATER, STEAM, Series, Store, ZoneCase
from ayni.zones.dispatch.plan import Plan, hourly_names, net_output, output_left, surplus
from ayni.zones.model.program import Floats, LinearProgram

DEPENDENCE = (COLD, HOT_WATER, STEAM)
"""Cold may be made from hot water and hot water from steam, so they are made up in this order."""


def repair(
    case: ZoneCase, program: LinearProgram, values: Floats, packages: Mapping[str, int], dust: float = 0.0
) -> Plan:
    """The feasible plan next to the solver's ``values``, with ``packages`` taken (number by group).

    Sizes below ``dust`` × the zone's largest demand are what the solver's accuracy leaves behind, and are not built.
    """
    draft = _Draft(case, _flows(case, program, values), _sizes_of(case, program, values, dust), packages)
    draft.keep_limits()
    draft.take_back_electricity()
    for name, store in case.stores.items():
        draft.balance_store(name, store)
    draft.take_back_electricity(from_stores=False)
    for carrier in DEPENDENCE:
        draft.make_up(carrier)
    draft.flows["grid"] = np.maximum(-draft.surplus(ELECTRICITY), 0.0)
    return Plan(draft.flows, draft.sizes_needed(), dict(packages))


def _flows(case: ZoneCase, program: LinearProgram, values: Floats) -> dict[str, Series]:
    """The hourly columns at or above 0; the grid is left to the end."""
    flows = {name: np.maximum(values[program.columns[name]], 0.0) for name in hourly_names(case)}
    return flows | {"grid": np.zeros(case.hours)}


def _sizes_of(case: ZoneCase, program: LinearProgram, values: Floats, dust: float) -> dict[str, float]:
    """The solver's sizes without dust, within their limits and, together, within the roofs."""
    smallest = dust * max((float(load.max()) for load in case.demand.values()), default=0.0)
    sizes = {}
    for name, columns in program.columns.items():
        if name.startswith("capacity."):
            size = float(min(values[columns[0]], program.column_upper[columns[0]]))
            sizes[name.removeprefix("capacity.")] = size if size > smallest else 0.0
    covered = sum(technology.roof * sizes[name] for name, technology in case.technologies.items())
    if case.limits.roof is not None and covered > case.limits.roof:
        share = case.limits.roof / covered
        sizes |= {name: share * sizes[name] for name, technology in case.technologies.items() if technology.roof}
    return sizes


@dataclass
class _Draft:
    """A plan in the making."""

    case: ZoneCase
    flows: dict[str, Series]
    sizes: dict[str, float]
    packages: Mapping[str, int]

    def surplus(self, carrier: str) -> Series:
        return surplus(self.case, Plan(self.flows, self.sizes, self.packages), carrier)

    def keep_limits(self) -> None:
        """Clip every flow to the limits that hold within one hour."""
        for name, technology in self.case.technologies.items():
            self._clip(name, self.case.profile(technology) * self.sizes[name])
        for source in self.case.waste_heat:
            name = f"waste_heat.{source.name}"
            self._clip(name, np.minimum(source.available, self.sizes[name]))
        for name, store in self.case.stores.items():
            if store.power_annual_cost is not None:
                self._clip(f"{name}.charge", self.sizes[f"{name}.power"])
                self._clip(f"{name}.discharge", self.sizes[f"{name}.power"])
        for unit in self.case.existing:
            names = [f"existing.{unit.name}.{output}" for output in unit.outputs]
            total, room = sum(self.flows[name] for name in names), output_left(self.case, self.packages, unit)
            share = np.divide(room, total, out=np.ones(self.case.hours), where=total > room)
            self.flows |= {name: self.flows[name] * share for name in names}

    def _clip(self, name: str, largest: Series | float) -> None:
        self.flows[name] = np.minimum(self.flows[name], largest)

    def take_back_electricity(self, *, from_stores: bool = True) -> None:
        """Lower what makes more electricity than is used: the sun first, then batteries, then the rest.

        Stores that are balanced already are left alone: what they charge less was made by something else.
        """
        excess = np.maximum(self.surplus(ELECTRICITY), 0.0)
        for name, per_flow in self._electricity_sources(from_stores=from_stores):
            less = np.minimum(self.flows[name], excess / per_flow)
            self.flows[name] = self.flows[name] - less
            excess = excess - less * per_flow

    def _electricity_sources(self, *, from_stores: bool) -> Iterator[tuple[str, float]]:
        makers = {
            name: net_output(technology, ELECTRICITY)
            for name, technology in self.case.technologies.items()
            if net_output(technology, ELECTRICITY) > 0.0
        }
        yield from ((name, made) for name, made in makers.items() if self.case.technologies[name].profile)
        if from_stores:
            yield from ((f"{name}.discharge", 1.0) for name, s in self.case.stores.items() if s.carrier == ELECTRICITY)
        yield from ((name, made) for name, made in makers.items() if not self.case.technologies[name].profile)
        for unit in self.case.existing:
            if ELECTRICITY in unit.outputs:
                yield f"existing.{unit.name}.{ELECTRICITY}", 1.0

    def balance_store(self, name: str, store: Store) -> None:
        """Lower charging or discharging until the store ends as full as it began and is empty once."""
        gained = store.charge_efficiency * self.flows[f"{name}.charge"]
        drawn = self.flows[f"{name}.discharge"] / store.discharge_efficiency
        ratio = _ratio(_level(gained, store.loss), _level(drawn, store.loss), store.loss)
        charging, discharging = (1.0, ratio) if ratio < 1.0 else (1.0 / ratio, 1.0)
        level = np.maximum(_level(charging * gained - discharging * drawn, store.loss), 0.0)
        if store.energy_max is not None and level.max() > store.energy_max:
            too_full = store.energy_max / float(level.max())
            charging, discharging, level = charging * too_full, discharging * too_full, level * too_full
        self.flows[f"{name}.charge"] = charging * self.flows[f"{name}.charge"]
        self.flows[f"{name}.discharge"] = discharging * self.flows[f"{name}.discharge"]
        self.flows[f"{name}.level"] = level

    def make_up(self, carrier: str) -> None:
        """Raise what makes ``carrier`` where it is short."""
        short = np.maximum(-self.surplus(carrier), 0.0)
        for name, room in self._room(carrier):
            more = np.minimum(short, np.maximum(room, 0.0))
            self.flows[name] = self.flows[name] + more
            short = short - more
            if not short.any():
                return

    def _room(self, carrier: str) -> Iterator[tuple[str, Series]]:
        """What makes ``carrier`` with its room [MW]: what stands or is planned, then what would have to be larger.

        What makes electricity beside it comes last, because surplus electricity has nowhere to go.
        """
        case = self.case
        for unit in case.existing:
            if carrier in unit.outputs:
                used = sum(self.flows[f"existing.{unit.name}.{output}"] for output in unit.outputs)
                yield f"existing.{unit.name}.{carrier}", output_left(case, self.packages, unit) - used
        for source in case.waste_heat:
            name = f"waste_heat.{source.name}"
            if source.carrier == carrier:
                yield name, np.minimum(source.available, self.sizes[name]) - self.flows[name]
        makers = [name for name, technology in case.technologies.items() if technology.output == carrier]
        makers.sort(key=lambda name: (net_output(case.technologies[name], ELECTRICITY) > 0.0, self.sizes[name] == 0.0))
        for name in makers:
            yield name, case.profile(case.technologies[name]) * self.sizes[name] - self.flows[name]
        for name in makers:
            technology = case.technologies[name]
            is_confined = technology.roof > 0.0 and case.limits.roof is not None
            if technology.profile is None and not is_confined:
                largest = np.inf if technology.capacity_max is None else technology.capacity_max
                yield name, largest - self.flows[name]

    def sizes_needed(self) -> dict[str, float]:
        """The smallest sizes that the flows fit into."""
        sizes = {}
        for name, technology in self.case.technologies.items():
            profile = self.case.profile(technology)
            has_sun = profile > 0.0
            sizes[name] = float((self.flows[name][has_sun] / profile[has_sun]).max(initial=0.0))
        for name, store in self.case.stores.items():
            sizes[f"{name}.energy"] = float(self.flows[f"{name}.level"].max())
            if store.power_annual_cost is not None:
                sizes[f"{name}.power"] = float(
                    max(self.flows[f"{name}.charge"].max(), self.flows[f"{name}.discharge"].max())
                )
        for source in self.case.waste_heat:
            name = f"waste_heat.{source.name}"
            sizes[name] = float(self.flows[name].max())
        return sizes


def _level(gain: Series, loss: float) -> Series:
    """The level that ``gain`` [MWh per hour] makes in a store, as full at the end as at the beginning.

    Without loss any level does: the smallest that is never negative, if the gains sum to zero.
    """
    kept = 1.0 - loss
    from_empty = np.asarray(lfilter([1.0], [1.0, -kept], gain))
    if loss == 0.0:
        return from_empty - min(float(from_empty.min()), 0.0)
    start = from_empty[-1] / -np.expm1(len(gain) * np.log1p(-loss))
    return np.asarray(from_empty + start * kept ** np.arange(1, len(gain) + 1))


def _ratio(gained: Series, drawn: Series, loss: float) -> float:
    """The largest factor on what is drawn that leaves the level at or above 0 in every hour."""
    if loss == 0.0:
        return float(gained[-1] / drawn[-1]) if drawn[-1] > 0.0 else np.inf
    is_drawn = drawn > 0.0
    return float((gained[is_drawn] / drawn[is_drawn]).min(initial=np.inf))
