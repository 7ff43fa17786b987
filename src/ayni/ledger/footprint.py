"""The footprint of a park's year: final energy, emissions by scope, water by source, wastewater, wastes by class."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ayni.ledger.fuels import PHYSICAL_UNITS, emission_factors, grid_factor, physical_amount
from ayni.ledger.ledger import Ledger
from ayni.ledger.schema import Carrier, FlowKind

KG_PER_TONNE = 1000.0
SCOPE_FUELS, SCOPE_GRID = 1, 2


@dataclass(frozen=True, eq=False)
class Footprint:
    """Yearly tables of one state of the ledger.

    ``energy`` site, carrier, energy [MWh, lower heating value], amount in ``unit`` (the unit of Peru's bills);
    ``emissions`` site, carrier, scope (1 fuels, 2 grid power), co2e [t], biogenic [t CO2, outside the totals];
    ``water`` site, source (outside node or giving firm), resource, amount [m3];
    ``wastewater`` site, destination, management, amount [m3];
    ``waste`` site, resource, waste_code, hazardous, management, amount [t].
    """

    energy: pd.DataFrame
    emissions: pd.DataFrame
    water: pd.DataFrame
    wastewater: pd.DataFrame
    waste: pd.DataFrame


def footprint(ledger: Ledger) -> Footprint:
    """The footprint of what passes the firms' fences. Raises MissingFactor."""
    flows = ledger.crossing_flows()
    firms = list(ledger.firms)
    water = flows[(flows["kind"] == FlowKind.WATER) & flows["taker"].isin(firms)]
    wastewater = flows[(flows["kind"] == FlowKind.WASTEWATER) & flows["giver"].isin(firms)]
    waste = flows[(flows["kind"] == FlowKind.WASTE) & flows["giver"].isin(firms)]
    waste = waste.assign(amount=waste["amount"] / KG_PER_TONNE)
    return Footprint(
        energy=_energy(ledger),
        emissions=emissions(ledger),
        water=_sums(water, {"taker": "site", "giver": "source", "resource": "resource"}),
        wastewater=_sums(wastewater, {"giver": "site", "taker": "destination", "management": "management"}),
        waste=_sums(waste, {"giver": "site", **{
            name: name for name in ("resource", "waste_code", "hazardous", "management")
        }}),
    )  # fmt: skip


def _sums(flows: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    """Amounts summed over the year by the columns ``names``, renamed; blank cells stay groups of their own."""
    renamed = flows[[*names, "amount"]].rename(columns=names)
    return renamed.groupby(list(names.values()), sort=False, dropna=False, as_index=False)[["amount"]].sum()


def _energy(ledger: Ledger) -> pd.DataFrame:
    power = ledger.electricity
    mwh = power["energy_peak"] + power["energy_off_peak"]
    electricity = pd.DataFrame({
        "site": power["site"], "carrier": Carrier.ELECTRICITY.value, "energy": mwh, "amount": mwh,
    })  # fmt: skip
    fuels = ledger.fuels[["site", "carrier", "energy"]].assign(
        amount=[
            physical_amount(Carrier(carrier), amount, unit)
            for carrier, amount, unit in zip(
                *(ledger.fuels[name] for name in ("carrier", "amount", "unit")), strict=True
            )
        ]
    )
    both = pd.concat([part for part in (electricity, fuels) if not part.empty] or [electricity])
    table = both.groupby(["site", "carrier"], sort=False, as_index=False)[["energy", "amount"]].sum()
    return table.assign(unit=table["carrier"].map({carrier.value: unit for carrier, unit in PHYSICAL_UNITS.items()}))


def emissions(ledger: Ledger) -> pd.DataFrame:
    """Scope 1 from each bill's own row of factors, scope 2 from the grid factor of the park's chosen year.

    Columns as in Footprint. Raises MissingFactor.
    """
    power = ledger.electricity
    grid = grid_factor(ledger.park.grid_factor_year).value
    electricity = pd.DataFrame({
        "site": power["site"], "carrier": Carrier.ELECTRICITY.value, "scope": SCOPE_GRID,
        "co2e": (power["energy_peak"] + power["energy_off_peak"]) * grid, "biogenic": 0.0,
    })  # fmt: skip
    fuels = ledger.fuels
    factors = [emission_factors(Carrier(c), unit) for c, unit in zip(fuels["carrier"], fuels["unit"], strict=True)]
    burnt = pd.DataFrame({
        "site": fuels["site"], "carrier": fuels["carrier"], "scope": SCOPE_FUELS,
        "co2e": fuels["energy"] * [factor.co2e for factor in factors],
        "biogenic": fuels["energy"] * [factor.biogenic for factor in factors],
    })  # fmt: skip
    both = pd.concat([part for part in (burnt, electricity) if not part.empty] or [electricity])
    return both.groupby(["site", "carrier", "scope"], sort=False, as_index=False)[["co2e", "biogenic"]].sum()
