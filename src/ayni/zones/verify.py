"""The independent check of a plan: balances, limits, storage and cost from the plan and the inputs alone.

Nothing of the model, its repair or its account is used here: what those get wrong must be seen here.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from ayni.base.findings import Finding, Place, error
from ayni.zones.case import (
    CARRIERS,
    ELECTRICITY,
    FUEL,
    NO_CLASS,
    OFF_PEAK,
    PRESENT_IN_PEAK,
    DemandCharge,
    MeasureGroup,
    Package,
    Series,
    ZoneCase,
)
from ayni.zones.dispatch.plan import Plan

TOLERANCE = 1e-6
"""Largest accepted error, relative to the zone's largest demand or to the limit that is checked."""
MONEY_TOLERANCE = 1e-9
"""Largest accepted relative error of the cost."""


def verify(case: ZoneCase, plan: Plan, *, cost: float, bound: float, tariff_class: str) -> tuple[Finding, ...]:
    """Everything that is wrong with ``plan`` and with what is claimed of it; nothing where it holds."""
    shape = tuple(_shape(case, plan))
    if shape:
        return shape
    check = _Check(case, plan)
    return (
        *check.signs(), *check.balances(), *check.existing(), *check.technologies(), *check.stores(),
        *check.waste_heat(), *check.limits(), *check.claims(cost, bound, tariff_class),
    )  # fmt: skip


def _shape(case: ZoneCase, plan: Plan) -> Iterator[Finding]:
    """Flows, sizes and packages that are missing, of wrong length or no numbers."""
    flows = ["grid", *case.technologies]
    flows += [f"{name}.{part}" for name in case.stores for part in ("charge", "discharge", "level")]
    flows += [f"existing.{unit.name}.{carrier}" for unit in case.existing for carrier in unit.outputs]
    flows += [f"waste_heat.{source.name}" for source in case.waste_heat]
    for name in flows:
        values = plan.flows.get(name)
        if values is None or values.shape != (case.hours,) or not np.isfinite(values).all():
            yield error("PLAN-FLOW", Place(column=name), name=name)
    for name in _sizes(case):
        if not np.isfinite(plan.capacities.get(name, np.nan)):
            yield error("PLAN-SIZE", Place(column=name), name=name)
    for group in case.measure_groups:
        if not 0 <= plan.packages.get(group.name, -1) < len(group.packages):
            yield error("PLAN-PACKAGE", Place(column=group.name), name=group.name)


def _sizes(case: ZoneCase) -> dict[str, tuple[float, float, float]]:
    """Per capacity: yearly cost, investment and largest allowed size."""
    sizes = {
        name: (
            technology.annual_cost,
            technology.investment,
            np.inf if technology.capacity_max is None else technology.capacity_max,
        )
        for name, technology in case.technologies.items()
    }
    for name, store in case.stores.items():
        largest = np.inf if store.energy_max is None else store.energy_max
        sizes[f"{name}.energy"] = (store.energy_annual_cost, store.energy_investment, largest)
        if store.power_annual_cost is not None:
            sizes[f"{name}.power"] = (store.power_annual_cost, store.power_investment, np.inf)
    for source in case.waste_heat:
        sizes[f"waste_heat.{source.name}"] = (source.annual_cost, source.investment, np.inf)
    return sizes


class _Check:
    """The checks of one plan of right shape."""

    def __init__(self, case: ZoneCase, plan: Plan) -> None:
        self.case, self.plan = case, plan
        self.power = TOLERANCE * max((float(load.max()) for load in case.demand.values()), default=1.0)
        self.taken = {group.name: _taken(group, plan) for group in case.measure_groups}
        self.fuels = self._fuels()
        self.co2 = case.weight * (
            case.grid_co2 * float(plan.flows["grid"].sum())
            + sum(case.fuels[fuel].co2 * float(use.sum()) for fuel, use in self.fuels.items())
        )

    def _saved(self, key: str) -> Series:
        saved = np.zeros(self.case.hours)
        for group in self.case.measure_groups:
            if key in group.base:
                saved = saved + self.taken[group.name].saving * group.base[key]
        return saved

    def _fuels(self) -> dict[str, Series]:
        """Use of every fuel [MW]: fixed uses less savings, existing units, technologies."""
        fuels = {}
        for fuel in self.case.fuels:
            use = np.zeros(self.case.hours)
            if fuel in self.case.fixed_fuel:
                use = self.case.fixed_fuel[fuel] - self._saved(FUEL + fuel)
            for unit in self.case.existing:
                for carrier in unit.outputs:
                    if unit.fuel == fuel:
                        use = use + self.plan.flows[f"existing.{unit.name}.{carrier}"] / unit.efficiency
            for name, technology in self.case.technologies.items():
                use = use + self.plan.flows[name] * technology.inputs.get(FUEL + fuel, 0.0)
            fuels[fuel] = use
        return fuels

    def _exceeds(self, code: str, name: str, flow: Series, largest: Series | float) -> Iterator[Finding]:
        """A finding for the hour in which ``flow`` exceeds ``largest`` by most."""
        over = flow - largest
        hour = int(np.argmax(over))
        if over[hour] > self.power:
            yield error(code, Place(column=name, row=hour + 1), name=name, hour=str(hour + 1), over=float(over[hour]))

    def signs(self) -> Iterator[Finding]:
        for name, values in self.plan.flows.items():
            yield from self._exceeds("PLAN-NEGATIVE", name, -values, 0.0)
        for name, size in self.plan.capacities.items():
            if size < 0.0:
                yield error("PLAN-NEGATIVE", Place(column=name), name=name, hour="", over=-size)

    def balances(self) -> Iterator[Finding]:
        for carrier in CARRIERS:
            supply, use = self._supply(carrier), self._use(carrier)
            yield from self._exceeds("PLAN-BALANCE", carrier, use, supply)
            if carrier == ELECTRICITY:
                yield from self._exceeds("PLAN-SURPLUS", carrier, supply, use)

    def _supply(self, carrier: str) -> Series:
        flows, supply = self.plan.flows, np.zeros(self.case.hours)
        if carrier == ELECTRICITY:
            supply = supply + flows["grid"]
        for unit in self.case.existing:
            if carrier in unit.outputs:
                supply = supply + flows[f"existing.{unit.name}.{carrier}"]
        for name, technology in self.case.technologies.items():
            if technology.output == carrier:
                supply = supply + flows[name]
            supply = supply + technology.by_products.get(carrier, 0.0) * flows[name]
        for name, store in self.case.stores.items():
            if store.carrier == carrier:
                supply = supply + flows[f"{name}.discharge"]
        for source in self.case.waste_heat:
            if source.carrier == carrier:
                supply = supply + flows[f"waste_heat.{source.name}"]
        return supply

    def _use(self, carrier: str) -> Series:
        flows = self.plan.flows
        use = -self._saved(carrier)
        if carrier in self.case.demand:
            use = use + self.case.demand[carrier]
        for unit in self.case.existing:
            if unit.fuel == carrier:
                use = use + sum(flows[f"existing.{unit.name}.{output}"] for output in unit.outputs) / unit.efficiency
        for name, technology in self.case.technologies.items():
            use = use + technology.inputs.get(carrier, 0.0) * flows[name]
        for name, store in self.case.stores.items():
            if store.carrier == carrier:
                use = use + flows[f"{name}.charge"]
        return use

    def existing(self) -> Iterator[Finding]:
        for unit in self.case.existing:
            given = np.sum([self.plan.flows[f"existing.{unit.name}.{carrier}"] for carrier in unit.outputs], axis=0)
            left = np.maximum(unit.output_max - self._saved(f"existing:{unit.name}"), 0.0)
            yield from self._exceeds("PLAN-EXISTING", unit.name, given, left)

    def technologies(self) -> Iterator[Finding]:
        profiles = {"solar_pv": self.case.solar_pv, "solar_heat": self.case.solar_heat}
        for name, technology in self.case.technologies.items():
            size = self.plan.capacities[name]
            share = 1.0 if technology.profile is None else profiles[technology.profile]
            yield from self._exceeds("PLAN-CAPACITY", name, self.plan.flows[name], size * share)
        for name, (_, _, largest) in _sizes(self.case).items():
            yield from _over("PLAN-LIMIT", name, self.plan.capacities[name], largest)

    def stores(self) -> Iterator[Finding]:
        for name, store in self.case.stores.items():
            charge, discharge, level = (self.plan.flows[f"{name}.{part}"] for part in ("charge", "discharge", "level"))
            before = np.concatenate([level[-1:], level[:-1]])
            expected = (
                before * (1.0 - store.loss) + charge * store.charge_efficiency - discharge / store.discharge_efficiency
            )
            yield from self._exceeds("PLAN-CONTENT", f"{name}.level", np.abs(level - expected), 0.0)
            yield from self._exceeds("PLAN-CAPACITY", f"{name}.level", level, self.plan.capacities[f"{name}.energy"])
            if store.power_annual_cost is not None:
                power = self.plan.capacities[f"{name}.power"]
                yield from self._exceeds("PLAN-CAPACITY", f"{name}.charge", charge, power)
                yield from self._exceeds("PLAN-CAPACITY", f"{name}.discharge", discharge, power)

    def waste_heat(self) -> Iterator[Finding]:
        for source in self.case.waste_heat:
            name = f"waste_heat.{source.name}"
            yield from self._exceeds("PLAN-CAPACITY", name, self.plan.flows[name], self.plan.capacities[name])
            yield from self._exceeds("PLAN-WASTE-HEAT", name, self.plan.flows[name], source.available)

    def limits(self) -> Iterator[Finding]:
        limits = self.case.limits
        yield from _over("PLAN-LIMIT", "grid", float(self.plan.flows["grid"].max()), limits.grid)
        yield from _over("PLAN-LIMIT", "co2", self.co2, limits.co2)
        covered = sum(built.roof * self.plan.capacities[name] for name, built in self.case.technologies.items())
        yield from _over("PLAN-LIMIT", "roof", covered, limits.roof)
        investment = sum(self.plan.capacities[name] * size[1] for name, size in _sizes(self.case).items())
        investment += sum(package.investment for package in self.taken.values())
        yield from _over("PLAN-LIMIT", "budget", investment, limits.budget)

    def claims(self, cost: float, bound: float, tariff_class: str) -> Iterator[Finding]:
        earned = self._class()
        if tariff_class != earned:
            yield error("PLAN-CLASS", claimed=tariff_class, earned=earned)
        recomputed = self._cost(earned)
        if not abs(recomputed - cost) <= MONEY_TOLERANCE * abs(recomputed):
            yield error("PLAN-COST", claimed=cost, recomputed=recomputed)
        if not bound <= cost * (1.0 + MONEY_TOLERANCE):
            yield error("PLAN-BOUND", bound=bound, cost=cost)

    def _class(self) -> str:
        """Off peak if every month's energy in peak hours is below threshold · peak hours · maximum demand."""
        tariff, imports = self.case.tariff, self.plan.flows["grid"]
        if OFF_PEAK not in tariff.classes or len(tariff.classes) == 1:
            return tariff.classes[0] if tariff.classes else NO_CLASS
        for month in self.case.months:
            in_month = self.case.month == month
            in_peak = in_month & self.case.is_peak
            full_use = float(imports[in_month].max()) * int(in_peak.sum())
            if full_use > 0.0 and float(imports[in_peak].sum()) >= tariff.threshold * full_use:
                return PRESENT_IN_PEAK
        return OFF_PEAK

    def _cost(self, tariff_class: str) -> float:
        case, tariff = self.case, self.case.tariff
        cost = case.weight * float((tariff.energy_price * self.plan.flows["grid"]).sum()) + 12.0 * tariff.fixed
        for component in tariff.demand:
            months = 12.0 / len(case.months)
            cost += component.price[tariff_class] * months * sum(self._billed(component))
        cost += case.weight * sum(case.fuels[fuel].price * float(use.sum()) for fuel, use in self.fuels.items())
        cost += case.carbon_price * self.co2
        cost += sum(self.plan.capacities[name] * size[0] for name, size in _sizes(case).items())
        cost += case.weight * sum(
            technology.variable_cost * float(self.plan.flows[name].sum())
            for name, technology in case.technologies.items()
        )
        return cost + sum(package.annual_cost for package in self.taken.values())

    def _billed(self, component: DemandCharge) -> list[float]:
        """Billed demand of each month [MW]."""
        if component.hours == "excess_off_peak":
            off_peak, peak = (self._by_rule(component, hours) for hours in (~self.case.is_peak, self.case.is_peak))
            return [max(0.0, other - high) for other, high in zip(off_peak, peak, strict=True)]
        everywhere = np.ones(self.case.hours, dtype=bool)
        return self._by_rule(component, self.case.is_peak if component.hours == "peak" else everywhere)

    def _by_rule(self, component: DemandCharge, hours: np.ndarray[tuple[int, ...], np.dtype[np.bool_]]) -> list[float]:
        imports = self.plan.flows["grid"]
        maxima = [float(imports[hours & (self.case.month == month)].max(initial=0.0)) for month in self.case.months]
        if component.rule == "month_maximum":
            return maxima
        billed = []
        for number in range(len(maxima)):
            highest, second = sorted((maxima[(number - back) % len(maxima)] for back in range(6)), reverse=True)[:2]
            billed.append((highest + second) / 2.0)
        return billed


def _taken(group: MeasureGroup, plan: Plan) -> Package:
    return group.packages[plan.packages[group.name]]


def _over(code: str, name: str, value: float, largest: float | None) -> Iterator[Finding]:
    if largest is not None and value > largest + TOLERANCE * max(abs(largest), 1e-3):
        yield error(code, Place(column=name), name=name, value=value, largest=largest)
