"""Inputs that the ledger gives, so that no figure is typed twice. No rows are no data; a row with zero is a zero.

What the ledger does not say earns nothing: waste without a management counts as landfilled, wastewater without one as
neither treated nor reused.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from ayni.assessment.amounts import exact
from ayni.assessment.framework.formula import ZeroDenominator, read_formula, value_of
from ayni.assessment.framework.schema import Framework
from ayni.assessment.inputs import GivenInput
from ayni.base.figures import SourceRow
from ayni.ledger.account import NOT_STATED, Account
from ayni.ledger.ledger import Ledger
from ayni.ledger.schema import Carrier, Firm, FlowKind, Management, Measured

METERED = (Carrier.ELECTRICITY, Carrier.NATURAL_GAS)
"""Carriers billed by a meter; of all other fuels the bills say whether they were metered."""

RENEWABLE = (Carrier.BIOMASS,)
"""Carriers that are renewable as bought; grid electricity is not counted."""

LANDFILLED = (Management.LANDFILL.value, Management.SECURE_LANDFILL.value, NOT_STATED)
REUSED = (Management.REUSE.value, Management.RECYCLING.value, Management.COMPOSTING.value)
TREATED = (Management.TREATMENT.value, *REUSED)


def inputs_from(ledger: Ledger, account: Account, framework: Framework) -> tuple[GivenInput, ...]:
    """All inputs of the study year that the ledger gives, and the sizes of the framework's populations of firms."""
    made = _Maker(ledger.park.year)
    return (
        *_energy(ledger, account, made),
        *_water(ledger, account, made),
        *_waste(account, made),
        *_firms(ledger, framework, made),
    )


@dataclass(frozen=True)
class _Maker:
    year: int

    def __call__(
        self, name: str, value: float, unit: str, formula: str, sources: Iterable[str | SourceRow]
    ) -> GivenInput:
        """A computed input; ``sources`` are ids of the ledger's figures, or rows of the workbook."""
        return GivenInput(
            name, float(value), unit, self.year, is_computed=True, formula=formula, sources=tuple(sources)
        )


def _energy(ledger: Ledger, account: Account, made: _Maker) -> Iterator[GivenInput]:
    def bought(carriers: Iterable[Carrier]) -> tuple[float, list[str]]:
        kept = [carrier.value for carrier in carriers if account.totals[f"energy.{carrier.value}"]]
        return sum(account.totals[f"energy.{name}"] for name in kept), [f"energy.{name}.before" for name in kept]

    fuels = ledger.fuels
    own_meter = fuels[(fuels["measured"] == Measured.METER) & ~fuels["carrier"].isin(METERED)]
    rows = [
        SourceRow(row["sheet"], row["row"], f"{row['site']} {row['carrier']}", row["energy"], "MWh")
        for row in own_meter.to_dict("records")
    ]
    total, by_meter, renewable = (bought(carriers) for carriers in (Carrier, METERED, RENEWABLE))
    yield made("energy_total_mwh", total[0], "MWh", "all carriers", total[1])
    metered = by_meter[0] + float(own_meter["energy"].sum())
    yield made("energy_metered_mwh", metered, "MWh", "electricity + natural gas + metered fuels", [*by_meter[1], *rows])
    yield made("energy_renewable_mwh", renewable[0], "MWh", "biomass; grid electricity not counted", renewable[1])


def _water(ledger: Ledger, account: Account, made: _Maker) -> Iterator[GivenInput]:
    if not account.footprint.water.empty:
        total = account.totals["water.total"]
        yield made("water_demand_total_m3", total, "m3", "water that enters the park", ["water.total.before"])
    flows = ledger.crossing_flows()
    flows = flows[(flows["kind"] == FlowKind.WASTEWATER) & flows["giver"].isin(list(ledger.firms))]
    is_passed_on = flows["taker"].isin(list(ledger.firms)) & ~flows["management"].isin(REUSED)
    flows = flows[~is_passed_on]
    if flows.empty:
        return
    for name, kept, formula in (
        ("wastewater_generated_m3", flows, "wastewater of all firms; what another firm treats counts where it leaves"),
        ("wastewater_treated_m3", flows[flows["management"].isin(TREATED)], "treated, reused or recycled"),
        ("wastewater_reused_m3", flows[flows["management"].isin(REUSED)], "reused or recycled"),
    ):
        yield made(name, kept["amount"].sum(), "m3", formula, _rows(kept) or _rows(flows))


def _waste(account: Account, made: _Maker) -> Iterator[GivenInput]:
    if account.footprint.waste.empty:
        return
    total = account.totals["waste.total"]
    yield made("solid_waste_generated_t", total, "t", "all wastes of the firms", ["waste.total.before"])
    for name, managements in (("waste_landfilled_t", LANDFILLED), ("solid_waste_reused_t", REUSED)):
        keys = [f"waste.{management}" for management in managements if f"waste.{management}" in account.totals]
        sources = [f"{key}.before" for key in keys] or ["waste.total.before"]
        yield made(name, sum(account.totals[key] for key in keys), "t", " + ".join(managements), sources)


def _rows(flows: pd.DataFrame) -> list[SourceRow]:
    return [
        SourceRow(row["sheet"], row["row"], f"{row['origin']} → {row['destination']}: {row['resource']}",
                  row["amount"], row["unit"])
        for row in flows.to_dict("records")
    ]  # fmt: skip


def _firms(ledger: Ledger, framework: Framework, made: _Maker) -> Iterator[GivenInput]:
    firms = list(ledger.firms.values())
    yield made("firms_resident", len(firms), "", "number of firms", _firm_rows(firms))
    employees = sum(firm.employees for firm in firms)
    yield made("workers_total", employees, "", "sum of employees", _firm_rows(firms))
    for population in framework.populations.values():
        members = [firm for firm in firms if _belongs(firm, population.where)]
        yield made(population.count, len(members), "", f"number of firms with {population.where}", _firm_rows(firms))


def _firm_rows(firms: Iterable[Firm]) -> list[SourceRow]:
    return [
        SourceRow(
            firm.read_from.sheet or "firms", firm.read_from.row or 0, firm.firm, float(firm.employees), "employees"
        )
        for firm in firms
    ]


def _belongs(firm: Firm, condition: str) -> bool:
    """Whether a condition on the firm's columns holds; a division by zero does not."""
    formula = read_formula(condition)
    try:
        return bool(value_of(formula, {name: exact(float(getattr(firm, name))) for name in formula.names}))
    except ZeroDenominator:
        return False
