"""The fuels' figures: from each site's bills to energy, published amounts, emissions and cost."""

from __future__ import annotations

from dataclasses import dataclass, replace

from ayni.base.factors import Factor
from ayni.base.texts import Word
from ayni.base.units import canonical_unit, to_canonical
from ayni.ledger.defaults import default
from ayni.ledger.figures.rows import DIMENSIONS
from ayni.ledger.figures.writer import SUM, Input, Writer, at_site
from ayni.ledger.fuels import PHYSICAL_UNITS, emission_factors, heating_value, physical_dimension
from ayni.ledger.prices import FUEL_ITEMS, fuel_price_per, price_row
from ayni.ledger.schema import Carrier

UNITS = {dimension: unit for unit, dimension in DIMENSIONS.items()}
"""Canonical unit of a dimension."""


@dataclass(frozen=True)
class _Bills:
    """A site's bills of one fuel in one dimension: the group's stem, and the unit in which its figure is."""

    carrier: Carrier
    site: str
    dimension: str
    stem: str

    @property
    def is_published(self) -> bool:
        return self.stem.startswith("amount.")

    @property
    def unit(self) -> str:
        return PHYSICAL_UNITS[self.carrier] if self.is_published else self.dimension

    @property
    def name(self) -> str:
        return f"{self.carrier.value}.{self.site}.{DIMENSIONS[self.dimension]}"

    @property
    def what(self) -> Word:
        return at_site(self.carrier, self.site)


def add_fuels(writer: Writer) -> None:
    """Energy, published amount and emissions of every fuel, also of those that nobody uses."""
    for carrier in FUEL_ITEMS:
        for kind in ("amount", "billed"):
            for stem, (site, dimension) in list(writer.stems(kind, carrier.value)):
                _add_bills(writer, _Bills(carrier, site, UNITS[dimension], stem))
        writer.total(f"energy.{carrier.value}", "MWh", "figure.energy", carrier)
        writer.total(f"amount.{carrier.value}", PHYSICAL_UNITS[carrier], "figure.amount", carrier)
        writer.total(f"emissions.{carrier.value}", "t CO2e", "figure.emissions", carrier)
    writer.total("emissions.biogenic", "t CO2", "figure.biogenic", Word("figure.of.total"))


def _add_bills(writer: Writer, bills: _Bills) -> None:
    label = "figure.amount" if bills.is_published else "figure.billed"
    billed = writer.leaf(bills.stem, bills.unit, label, bills.what)
    energy = _energy(writer, bills, billed)
    amount = billed if bills.is_published else _published(writer, bills, energy)
    carrier = bills.carrier.value
    writer.parts[f"energy.{carrier}"].append(energy)
    writer.parts[f"amount.{carrier}"].append(amount)
    _add_emissions(writer, bills, energy)
    writer.parts[f"cost.{carrier}"].append(_cost(writer, bills, billed))


def _heating_value(carrier: Carrier, dimension: str, unit: str) -> Factor:
    """The heating value of the row that fits ``dimension``, per ``unit``."""
    factor = heating_value(carrier, dimension)
    return replace(factor, value=factor.value * to_canonical(1.0, unit), unit=f"MWh/{unit}")


def _energy(writer: Writer, bills: _Bills, billed: str) -> str:
    amount, stem = writer.book[billed].value, f"energy.{bills.name}"
    if bills.dimension == "MWh":
        return writer.derived(stem, amount, "MWh", "figure.energy", bills.what, SUM, [billed])
    heat = _heating_value(bills.carrier, bills.dimension, bills.unit)
    formula = "amount × heating value"
    return writer.derived(stem, amount * heat.value, "MWh", "figure.energy", bills.what, formula, [billed, heat])


def _published(writer: Writer, bills: _Bills, energy: str) -> str:
    """What was billed in another dimension, by equal energy in the published unit."""
    target = PHYSICAL_UNITS[bills.carrier]
    heat = _heating_value(bills.carrier, physical_dimension(bills.carrier), target)
    return writer.derived(
        f"amount.{bills.name}", writer.book[energy].value / heat.value, target, "figure.amount", bills.what,
        "energy ÷ heating value", [energy, heat],
    )  # fmt: skip


def _add_emissions(writer: Writer, bills: _Bills, energy: str) -> None:
    factors = emission_factors(bills.carrier, bills.dimension)
    amount = writer.book[energy].value
    gases: list[Input] = [energy, factors.ch4, default("gwp_ch4"), factors.n2o, default("gwp_n2o")]
    formula = "energy × (CH4 × GWP + N2O × GWP)"
    if factors.is_biogenic:
        biogenic = writer.derived(
            f"emissions.biogenic.{bills.name}", amount * factors.biogenic, "t CO2", "figure.biogenic", bills.what,
            "energy × CO2", [energy, factors.co2],
        )  # fmt: skip
        writer.parts["emissions.biogenic"].append(biogenic)
    else:
        gases, formula = [*gases, factors.co2], "energy × (CO2 + CH4 × GWP + N2O × GWP)"
    emissions = writer.derived(
        f"emissions.{bills.name}", amount * factors.co2e, "t CO2e", "figure.emissions", bills.what, formula, gases
    )
    writer.parts[f"emissions.{bills.carrier.value}"].append(emissions)


def _cost(writer: Writer, bills: _Bills, billed: str) -> str:
    """The amount at the study's price; by equal energy where the price is for another dimension."""
    item = FUEL_ITEMS[bills.carrier]
    price = fuel_price_per(writer.ledger, bills.carrier, bills.dimension) * to_canonical(1.0, bills.unit)
    inputs: list[Input] = [billed, *writer.price_inputs(item)]
    formula = "amount × price"
    sides = {bills.dimension, canonical_unit(price_row(writer.ledger, item).unit)}
    if len(sides) > 1:
        formula = "amount × price, by equal energy"
        inputs += [heating_value(bills.carrier, side) for side in sorted(sides - {"MWh"})]
    value = writer.book[billed].value * price
    return writer.derived(f"cost.{bills.name}", value, "PEN", "figure.cost", bills.what, formula, inputs)
