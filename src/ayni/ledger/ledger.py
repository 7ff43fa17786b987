"""The ledger: one park's year in typed tables, every row with the workbook row it came from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from ayni.base.money import Money
from ayni.ledger.schema import Contract, Firm, FlowKind, Park, Price, PriceItem, Process, Substance

ZONE = "zone"
"""Site of the zone's shared plant and its one connection, beside the firms' codes."""

FLOW_COLUMNS = (
    "month", "origin", "destination", "kind", "resource", "amount", "unit", "sigma", "measured",
    "waste_code", "hazardous", "management", "unit_cost", "sheet", "row",
)  # fmt: skip
"""month 1–12; amount and sigma (absolute) in the canonical unit (kg or m3); unit_cost [PEN per canonical unit, NaN]."""

ELECTRICITY_COLUMNS = (
    "site", "month", "energy_peak", "energy_off_peak", "demand_peak", "demand_off_peak", "reactive", "amount_paid",
    "sheet", "row",
)  # fmt: skip
"""site = firm code or ``zone``; energies [MWh], demands [MW], reactive [Mvarh], amount_paid [PEN, NaN: not known]."""

FUEL_COLUMNS = ("site", "month", "carrier", "amount", "unit", "energy", "measured", "sheet", "row")
"""amount in ``unit``, the canonical one of the bill's dimension (m3, kg or MWh); energy [MWh, lower heating value]."""

COST_COLUMNS = ("site", "item", "amount")
"""Yearly costs [PEN] that no flow carries: annuities, upkeep, treatment and freight of exchanges."""

COLUMN_TYPES: Mapping[str, str] = {
    **dict.fromkeys(("month", "row"), "int64"),
    "hazardous": "bool",
    **dict.fromkeys(
        ("amount", "sigma", "unit_cost", "energy", "energy_peak", "energy_off_peak", "demand_peak", "demand_off_peak",
         "reactive", "amount_paid"), "float64",
    ),
}  # fmt: skip
"""Types of the columns; the others hold text, NaN where nothing is said."""


def table(columns: Sequence[str], records: Sequence[Mapping[str, object]] = ()) -> pd.DataFrame:
    """Records as a table of the ledger, every column with its type, also without any record."""
    frame = pd.DataFrame(list(records), columns=list(columns))
    return frame.astype({column: COLUMN_TYPES.get(column, "str") for column in columns})


@dataclass(frozen=True)
class Ledger:
    """One state of a park's year: as recorded, or after exchanges and a zone design.

    ``flows`` holds material, water and waste (FLOW_COLUMNS), ``electricity`` and ``fuels`` the bills,
    ``other_costs`` what no flow carries. ``contracts`` by site.
    """

    park: Park
    money: Money
    firms: Mapping[str, Firm]
    processes: Mapping[str, Process]
    contracts: Mapping[str, Contract]
    prices: Mapping[PriceItem, Price]
    substances: tuple[Substance, ...]
    flows: pd.DataFrame
    electricity: pd.DataFrame
    fuels: pd.DataFrame
    other_costs: pd.DataFrame

    def site_of(self, node: str) -> str:
        """The firm that a node belongs to: itself, or the firm of the process; outside nodes stand for themselves."""
        return self.processes[node].firm if node in self.processes else node

    def crossing_flows(self) -> pd.DataFrame:
        """The flows that pass a firm's fence, with columns ``giver`` and ``taker`` (firm codes or outside nodes)."""
        flows = self.flows.assign(
            giver=self.flows["origin"].map(self.site_of), taker=self.flows["destination"].map(self.site_of)
        )
        return flows[(flows["giver"] != flows["taker"]) & (flows["kind"] != FlowKind.STOCK)]
