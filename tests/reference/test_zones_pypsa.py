"""A whole zone of two weeks against PyPSA (solved by HiGHS): the same objective within 1e-6, relative.

PyPSA is built here from the zone case alone. Judge: PyPSA (Brown, Hörsch, Schlachtberger 2018, doi:10.5334/jors.188).
"""

import warnings
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from ayni.zones.case import CARRIERS, ELECTRICITY, FUEL, FuelPrice, Limits, Series, Store, Technology, ZoneCase
from ayni.zones.design import design
from zones_engine_samples import whole

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    import pypsa

pypsa.options.api.legacy_string_dtype = False

SAME = 1e-6


def pypsa_cost(case: ZoneCase) -> float:
    """The least cost of ``case`` [PEN/a] as PyPSA states and solves it."""
    network = pypsa.Network()
    network.set_snapshots(list(pd.date_range("2023-01-02", periods=case.hours, freq="h")))
    network.snapshot_weightings = network.snapshot_weightings.astype(float).assign(objective=case.weight)
    judge = Judge(case, network)
    judge.add_hub()
    for name, technology in case.technologies.items():
        judge.add_technology(name, technology)
    for name, store in case.stores.items():
        judge.add_store(name, store)
    return judge.solve()


class Judge:
    def __init__(self, case: ZoneCase, network: pypsa.Network) -> None:
        self.case, self.network = case, network
        self.ties: list[tuple[str, str, float]] = []
        self.hours = network.snapshots

    def over_time(self, values: Series) -> "pd.Series[float]":
        return pd.Series(values, self.hours)

    def add_hub(self) -> None:
        case, network = self.case, self.network
        for carrier in CARRIERS:
            network.add("Bus", carrier)
            network.add("Load", f"{carrier} load", bus=carrier, p_set=self.over_time(case.demand_of(carrier)))
            if carrier != ELECTRICITY:
                network.add("Generator", f"{carrier} dump", bus=carrier, p_nom=np.inf, sign=-1)
        price = case.tariff.energy_price + case.carbon_price * case.grid_co2
        network.add("Generator", "grid", bus=ELECTRICITY, p_nom=1e4, marginal_cost=self.over_time(price))
        for fuel, of in case.fuels.items():
            network.add("Bus", FUEL + fuel)
            cost = of.price + of.co2 * case.carbon_price
            network.add("Generator", f"{fuel} supply", bus=FUEL + fuel, p_nom=np.inf, marginal_cost=cost)
        for unit in case.existing:  # a bus of its own, so that the sum of its outputs keeps to one limit
            network.add("Bus", unit.name)
            source = ELECTRICITY if unit.fuel == ELECTRICITY else FUEL + unit.fuel
            network.add(
                "Link", f"{unit.name} runs", bus0=source, bus1=unit.name, efficiency=unit.efficiency,
                p_nom=1 / unit.efficiency, p_max_pu=self.over_time(unit.output_max),
            )  # fmt: skip
            for carrier in unit.outputs:
                network.add("Link", f"{unit.name} {carrier}", bus0=unit.name, bus1=carrier, p_nom=np.inf)
        for heat in case.waste_heat:
            network.add("Bus", heat.name)
            limit = self.over_time(heat.available)
            network.add("Generator", f"{heat.name} heat", bus=heat.name, p_nom=1, p_max_pu=limit)
            network.add(
                "Link", heat.name, bus0=heat.name, bus1=heat.carrier, p_nom_extendable=True,
                capital_cost=heat.annual_cost,
            )  # fmt: skip

    def add_technology(self, name: str, technology: Technology) -> None:
        if technology.profile is not None:
            self.network.add(
                "Generator", name, bus=technology.output, p_nom_extendable=True, capital_cost=technology.annual_cost,
                p_max_pu=self.over_time(self.case.profile(technology)), marginal_cost=technology.variable_cost,
            )  # fmt: skip
            return
        (first, taken), *others = technology.inputs.items()  # PyPSA rates a link by its first input
        ports = [*technology.by_products.items(), *((key, -amount) for key, amount in others)]
        more: dict[str, Any] = {f"bus{number}": carrier for number, (carrier, _) in enumerate(ports, 2)}
        more |= {f"efficiency{number}": amount / taken for number, (_, amount) in enumerate(ports, 2)}
        self.network.add(
            "Link", name, bus0=first, bus1=technology.output, efficiency=1 / taken, p_nom_extendable=True,
            capital_cost=technology.annual_cost / taken, marginal_cost=technology.variable_cost / taken,
            p_nom_max=np.inf if technology.capacity_max is None else technology.capacity_max * taken, **more,
        )  # fmt: skip

    def add_store(self, name: str, store: Store) -> None:
        network, bus = self.network, f"{name} bus"
        network.add("Bus", bus)
        network.add(
            "Store", name, bus=bus, e_nom_extendable=True, e_cyclic=True, capital_cost=store.energy_annual_cost,
            standing_loss=store.loss,
        )  # fmt: skip
        ways = (
            ("in", store.carrier, bus, store.charge_efficiency),
            ("out", bus, store.carrier, store.discharge_efficiency),
        )
        for way, start, end, efficiency in ways:
            if store.power_annual_cost is None:
                network.add("Link", f"{name} {way}", bus0=start, bus1=end, efficiency=efficiency, p_nom=np.inf)
            else:
                cost = store.power_annual_cost if way == "in" else 0.0
                network.add(
                    "Link", f"{name} {way}", bus0=start, bus1=end, efficiency=efficiency, p_nom_extendable=True,
                    capital_cost=cost,
                )  # fmt: skip
        if store.power_annual_cost is not None:  # one rating, counted at the hub
            self.ties.append((f"{name} in", f"{name} out", store.discharge_efficiency))

    def solve(self) -> float:
        case, model = self.case, self.network.optimize.create_model(include_objective_constant=False)
        for charge, discharge, efficiency in self.ties:
            sizes = model.variables["Link-p_nom"]
            rated = sizes.sel(name=charge, drop=True) - efficiency * sizes.sel(name=discharge, drop=True)
            model.add_constraints(rated == 0, name=f"one {charge}")
        if case.limits.roof is not None:
            sizes = model.variables["Generator-p_nom"]
            covered = [
                built.roof * sizes.sel(name=name, drop=True) for name, built in case.technologies.items() if built.roof
            ]
            model.add_constraints(sum(covered) <= case.limits.roof, name="roof")
        self.add_demand_charges(model)
        status, condition = self.network.optimize.solve_model(solver_name="highs", output_flag=False)
        assert (status, condition) == ("ok", "optimal")
        fixed = 12 * case.tariff.fixed + sum(
            case.weight * use.sum() * (case.fuels[fuel].price + case.fuels[fuel].co2 * case.carbon_price)
            for fuel, use in case.fixed_fuel.items()
        )
        return float(model.objective.value + fixed)

    def add_demand_charges(self, model: "pypsa.optimization.Model") -> None:  # type: ignore[name-defined]
        """MT2: a peak maximum and the excess of the off-peak maximum over it, for every month of the case."""
        case, imports = self.case, model.variables["Generator-p"].sel(name="grid", drop=True)
        generation, distribution, excess = (component.price[""] for component in case.tariff.demand)
        for month in case.months:
            peak = model.add_variables(lower=0, name=f"peak {month}")
            over = model.add_variables(lower=0, name=f"excess {month}")
            for name, hours, sizes in (("peak", case.is_peak, peak), ("off", ~case.is_peak, peak + over)):
                here = self.hours[hours & (case.month == month)]
                model.add_constraints(imports.sel(snapshot=here) - sizes <= 0, name=f"{name} maximum {month}")
            yearly = case.month_weight
            model.objective += yearly * (generation + distribution) * peak + yearly * excess * over


def dear_gas() -> ZoneCase:
    """A week each of two months, no battery, gas so dear that electricity makes heat and is bought at peak hours."""
    case = whole(336, 2, months=2, measures=False)
    stores = {name: store for name, store in case.stores.items() if name != "battery"}
    return replace(case, stores=stores, fuels={**case.fuels, "natural_gas": FuelPrice(280.0, 0.202)})


CASES = {
    "cheap gas": (
        whole(336, 1, measures=False),
        {"gas_engine_chp", "gas_boiler_steam", "battery.power", "chiller_absorption", "steam_to_hot_water"},
    ),
    "dear gas": (
        dear_gas(),
        {"electric_boiler", "heat_pump", "solar_thermal_flat_plate", "pv_roof", "chiller_compression"},
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_a_zone_of_two_weeks_costs_what_pypsa_says(name: str) -> None:
    case, at_least = CASES[name]
    expected = pypsa_cost(case)
    made = design(case, gap=1e-7)
    assert made.status == "optimal"
    assert made.cost == pytest.approx(expected, rel=SAME)
    assert made.bound == pytest.approx(expected, rel=SAME)
    assert at_least <= {size for size, value in made.capacities.items() if value > 0.01}


def test_the_grid_alone_costs_what_pypsa_says() -> None:
    case = replace(whole(48, 3, measures=False), technologies={}, stores={}, waste_heat=(), limits=Limits())
    assert design(case, gap=1e-7).cost == pytest.approx(pypsa_cost(case), rel=SAME)
