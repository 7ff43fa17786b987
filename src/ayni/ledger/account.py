"""The account: the one function called on the ledger before and after, so that every saving is one difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

from ayni.ledger.cost import Cost, cost
from ayni.ledger.footprint import SCOPE_FUELS, SCOPE_GRID, Footprint, footprint
from ayni.ledger.fuels import PHYSICAL_UNITS
from ayni.ledger.ledger import Ledger
from ayni.ledger.schema import OUTSIDE, Carrier

NOT_STATED = "not_stated"
"""Management of wastes of which the workbook says none."""


@dataclass(frozen=True, eq=False)
class Account:
    """Footprint and cost of one state of the ledger, and its ``totals`` per year by key.

    Keys: ``energy.total`` and ``energy.<carrier>`` [MWh], ``amount.<carrier>`` [unit of Peru's bills],
    ``emissions.total``, ``.scope1``, ``.scope2``, ``.<carrier>``, ``.biogenic`` [t], ``cost.total``, ``.<item>`` [PEN],
    ``water.total`` and ``wastewater.total`` [m3], ``waste.total``, ``.hazardous`` and ``.<management>`` [t].
    """

    footprint: Footprint
    cost: Cost
    totals: Mapping[str, float]


def account(ledger: Ledger) -> Account:
    """The account of one state of the ledger. Raises MissingFactor, MissingPrice, KeyError without a contract."""
    return account_of(footprint(ledger), cost(ledger))


def account_of(flows: Footprint, money: Cost) -> Account:
    """The account that a footprint and a cost give."""
    return Account(flows, money, {**_energy_totals(flows), **_cost_totals(money), **_flow_totals(flows)})


def of_site(whole: Account, site: str) -> Account:
    """One site's part of an account: the parts of all sites add up to the whole."""
    flows = whole.footprint
    tables = {field.name: getattr(flows, field.name) for field in fields(Footprint)}
    kept = {name: table[table["site"] == site] for name, table in tables.items()}
    lines = whole.cost.lines
    return account_of(Footprint(**kept), Cost(lines[lines["site"] == site]))


def difference(before: Account, after: Account) -> dict[str, float]:
    """What is saved per year, before − after, for every total that stands in one of the two."""
    keys = dict.fromkeys([*before.totals, *after.totals])
    return {key: before.totals.get(key, 0.0) - after.totals.get(key, 0.0) for key in keys}


def unit_of(key: str) -> str:
    """The unit of a total per year, without the year, such as ``MWh`` or ``t CO2e``."""
    kind, _, name = key.partition(".")
    if kind == "amount":
        return PHYSICAL_UNITS[Carrier(name)]
    if key == "emissions.biogenic":
        return "t CO2"
    return {
        "energy": "MWh", "emissions": "t CO2e", "cost": "PEN", "water": "m3", "wastewater": "m3", "waste": "t",
    }[kind]  # fmt: skip


def _energy_totals(flows: Footprint) -> dict[str, float]:
    energy, emissions = flows.energy, flows.emissions
    totals = {"energy.total": float(energy["energy"].sum())}
    for carrier in Carrier:
        rows = energy[energy["carrier"] == carrier]
        totals[f"energy.{carrier.value}"] = float(rows["energy"].sum())
        totals[f"amount.{carrier.value}"] = float(rows["amount"].sum())
        totals[f"emissions.{carrier.value}"] = float(emissions.loc[emissions["carrier"] == carrier, "co2e"].sum())
    scope = emissions.groupby("scope")["co2e"].sum()
    totals["emissions.total"] = float(emissions["co2e"].sum())
    totals["emissions.scope1"] = float(scope.get(SCOPE_FUELS, 0.0))
    totals["emissions.scope2"] = float(scope.get(SCOPE_GRID, 0.0))
    totals["emissions.biogenic"] = float(emissions["biogenic"].sum())
    return totals


def _cost_totals(money: Cost) -> dict[str, float]:
    return {"cost.total": money.total} | {f"cost.{item}": float(amount) for item, amount in money.by_item().items()}


def _flow_totals(flows: Footprint) -> dict[str, float]:
    """Water counts where it enters the park and wastewater where it leaves it; what firms pass on counts once."""
    water, wastewater, waste = flows.water, flows.wastewater, flows.waste
    by_management = waste.groupby(waste["management"].fillna(NOT_STATED))["amount"].sum()
    return {
        "water.total": float(water.loc[water["source"].isin(OUTSIDE), "amount"].sum()),
        "wastewater.total": float(wastewater.loc[wastewater["destination"].isin(OUTSIDE), "amount"].sum()),
        "waste.total": float(waste["amount"].sum()),
        "waste.hazardous": float(waste.loc[waste["hazardous"], "amount"].sum()),
        "waste.landfill": 0.0,
        **{f"waste.{management}": float(amount) for management, amount in by_management.items()},
    }
