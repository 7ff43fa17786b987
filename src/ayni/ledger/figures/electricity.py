"""Electricity's figures: quantities of the bills, energy, emissions, and the bill by component."""

from __future__ import annotations

from collections.abc import Mapping

from ayni.base.texts import Word
from ayni.ledger.figures.rows import BILL_UNITS
from ayni.ledger.figures.writer import Input, Writer, at_site
from ayni.ledger.fuels import grid_factor
from ayni.ledger.schema import Carrier
from ayni.ledger.tariffs import DemandComponent, Tariff, tariff_of

CHARGED = {
    "peak": ("demand_peak",),
    "excess_off_peak": ("demand_off_peak", "demand_peak"),
    "all": ("demand_peak", "demand_off_peak"),
}
"""Hours that a demand component charges → the quantities that it rests on."""


def add_electricity(writer: Writer) -> None:
    """Energy, published amount and emissions of the park's electricity, and the cost of every site."""
    for site in writer.ledger.electricity["site"].unique():
        _add_site(writer, str(site))
    energy = writer.total("energy.electricity", "MWh", "figure.energy", Carrier.ELECTRICITY)
    writer.total("amount.electricity", "MWh", "figure.amount", Carrier.ELECTRICITY, [energy])
    grid = grid_factor(writer.ledger.park.grid_factor_year)
    writer.calculated(
        "emissions.electricity", writer.book[energy].value * grid.value, "t CO2e", "figure.emissions",
        Carrier.ELECTRICITY, "energy × grid factor", [energy, grid],
    )  # fmt: skip


def _add_site(writer: Writer, site: str) -> None:
    quantities = {
        quantity: writer.leaf(
            f"electricity.{quantity}.{site}", unit, "figure.bill", at_site(Word(f"figure.quantity.{quantity}"), site)
        )
        for quantity, unit in BILL_UNITS.items()
    }
    what = at_site(Carrier.ELECTRICITY, site)
    both = [quantities["energy_peak"], quantities["energy_off_peak"]]
    energy = writer.part_sum(f"energy.electricity.{site}", "MWh", "figure.energy", what, both)
    writer.parts["energy.electricity"].append(energy)
    components = _components(writer, site, quantities)
    cost = writer.part_sum(f"cost.electricity.{site}", "PEN", "figure.cost", what, components)
    writer.parts["cost.electricity"].append(cost)


def _components(writer: Writer, site: str, quantities: Mapping[str, str]) -> list[str]:
    """Each component of a site's bill, from the quantities that it charges and its prices."""
    tariff = tariff_of(writer.ledger, site)
    lines = writer.account.cost.lines
    lines = lines[(lines["item"] == "electricity") & (lines["site"] == site)]
    ids = []
    for component, amount in zip(lines["component"], lines["amount"], strict=True):
        formula, inputs = _resting_on(str(component), tariff, quantities)
        what = at_site(Word(f"figure.component.{component}"), site)
        stem = f"cost.electricity.{site}.{component}"
        ids.append(writer.derived(stem, float(amount), "PEN", "figure.cost", what, formula, inputs))
    return ids


def _resting_on(component: str, tariff: Tariff, quantities: Mapping[str, str]) -> tuple[str, list[Input]]:
    """The formula of a component and its inputs."""
    peak, off_peak = quantities["energy_peak"], quantities["energy_off_peak"]
    demand = {part.name: part for part in tariff.demand}
    if component in demand:
        return _demand(demand[component], tariff, quantities)
    if component == "energy_peak":
        return "energy in peak hours × price", [peak, tariff.energy_peak]
    if component == "energy_off_peak":
        return "energy off peak × price", [off_peak, tariff.energy_off_peak]
    if component == "reactive" and tariff.reactive is not None:
        inputs: list[Input] = [quantities["reactive"], peak, off_peak, tariff.reactive_free_share, tariff.reactive]
        return "Σ months max(0, reactive − free share × active) × price", inputs
    return "months × fixed charge", [tariff.fixed] if tariff.fixed else []


def _demand(part: DemandComponent, tariff: Tariff, quantities: Mapping[str, str]) -> tuple[str, list[Input]]:
    """Monthly billed demand by the component's rule; with classes also what decides the class."""
    charged: list[Input] = [quantities[name] for name in CHARGED[part.hours]]
    by_class: list[Input] = [quantities["energy_peak"], tariff.class_threshold] if len(part.prices) > 1 else []
    return f"Σ months billed demand ({part.rule.value}) × price", [*charged, *part.prices.values(), *by_class]
