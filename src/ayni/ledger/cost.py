"""What a park's year costs: electricity by component of the tariff, fuels, water, sewer, wastes, materials, others."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from ayni.ledger.bills import electricity_bill, quantities, site_bill
from ayni.ledger.charges import flow_charges, fuel_charges
from ayni.ledger.ledger import Ledger

__all__ = ["LINE_COLUMNS", "Cost", "cost", "electricity_bill", "quantities"]

LINE_COLUMNS = ("site", "item", "component", "amount")


@dataclass(frozen=True, eq=False)
class Cost:
    """``lines`` (LINE_COLUMNS): amount in PEN/year, without IGV.

    An item of ``other_costs`` such as ``plant.pv_roof`` becomes the item ``plant`` with the component ``pv_roof``.
    """

    lines: pd.DataFrame

    @property
    def total(self) -> float:
        """The park's yearly cost [PEN/year]."""
        return float(self.lines["amount"].sum())

    def by_item(self) -> pd.Series[float]:
        """Yearly cost of each item [PEN/year]."""
        return self.lines.groupby("item", sort=False)["amount"].sum()


def cost(ledger: Ledger) -> Cost:
    """The yearly cost of one state of the ledger. Raises MissingPrice, KeyError without a contract."""
    names = ledger.other_costs["item"].str
    others = ledger.other_costs.assign(
        item=names.replace(r"\..*", "", regex=True), component=names.replace(r"^[^.]*\.?", "", regex=True)
    )
    parts = [_electricity_lines(ledger), fuel_charges(ledger), flow_charges(ledger), others]
    parts = [part[list(LINE_COLUMNS)] for part in parts]
    lines = pd.concat([part for part in parts if not part.empty] or parts)
    return Cost(lines.groupby(["site", "item", "component"], sort=False, as_index=False)[["amount"]].sum())


def _electricity_lines(ledger: Ledger) -> pd.DataFrame:
    """One line per site and component of its tariff."""
    sites = ledger.electricity["site"].unique()
    return pd.DataFrame(
        [
            {"site": site, "item": "electricity", "component": component, "amount": float(amount)}
            for site in sites
            for component, amount in site_bill(ledger, site).sum().items()
        ],
        columns=list(LINE_COLUMNS),
    )
