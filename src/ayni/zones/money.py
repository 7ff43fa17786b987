"""What a plan is worth: one difference of the whole ledger before and after, set against what it takes to build."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ayni.base.money import annuity, present_value
from ayni.ledger.bills import site_bill
from ayni.ledger.charges import fuel_charges
from ayni.ledger.footprint import emissions
from ayni.ledger.ledger import Ledger
from ayni.zones.build import CaseNotes
from ayni.zones.case import ZoneCase
from ayni.zones.change import after_design, packages_taken
from ayni.zones.dispatch.account import size_costs
from ayni.zones.dispatch.plan import Plan
from ayni.zones.parameters import Parameters
from ayni.zones.schema import Measure
from ayni.zones.waste_heat import exchanger_of, source_name

HORIZON = 20.0
"""Years over which the net present value counts. What lasts less is replaced: its annuity goes on."""


@dataclass(frozen=True)
class Worth:
    """What a plan takes and gives: ``investment`` [PEN], ``annuities`` and ``net_saving`` [PEN/a], ``avoided`` [t/a].

    The net saving is yearly cost before less after, annuities and upkeep being part of the cost after. ``rate`` [1/a]
    is real.
    """

    investment: float
    annuities: float
    net_saving: float
    avoided: float
    rate: float

    @property
    def saving(self) -> float:
        """Saving of the running year [PEN/a]: before annuities, after upkeep."""
        return self.net_saving + self.annuities

    @property
    def npv(self) -> float:
        """Net present value over HORIZON [PEN]; the investment enters by its annuity."""
        return present_value(self.net_saving, self.rate, HORIZON)

    @property
    def payback(self) -> float:
        """Simple payback [a]; infinite where nothing is saved."""
        return simple_payback(self.investment, self.saving)


def simple_payback(investment: float, saving: float, grant: float = 0.0) -> float:
    """Years in which a yearly ``saving`` returns what the investor pays; infinite without saving."""
    return (investment - grant) / saving if saving > 0 else math.inf


def worth(
    cost_before: float, ledger: Ledger, case: ZoneCase, plan: Plan, notes: CaseNotes, parameters: Parameters
) -> Worth:
    """What ``plan`` is worth against ``ledger``, the state before it, and its ``energy_cost``.

    ``parameters`` are those of ``case``, which may differ from the notes'.
    """
    measures, after = measures_taken(case, plan, notes), after_design(ledger, plan, case)
    of_measures = sum(row.investment * annuity(parameters.rate, row.life) for row in measures)
    return Worth(
        investment=float(sum(investments(case, plan).values()) + sum(row.investment for row in measures)),
        annuities=float(sum(plant_annuities(case, plan, notes, parameters).values()) + of_measures),
        net_saving=cost_before - energy_cost(after),
        avoided=co2e(ledger) - co2e(after),
        rate=parameters.rate,
    )


def measures_taken(case: ZoneCase, plan: Plan, notes: CaseNotes) -> list[Measure]:
    """The rows of the measures that the plan takes."""
    taken = {code for package in packages_taken(case, plan).values() for code in package.measures}
    return [row for row in notes.rows.measures if row.measure in taken]


def energy_cost(ledger: Ledger) -> float:
    """The yearly cost that a design changes [PEN/a]: the ledger's whole cost but for what material flows cost."""
    return electricity_cost(ledger) + other_cost(ledger)


def co2e(ledger: Ledger) -> float:
    """Emissions of all energy, both scopes [t CO2e/a]."""
    return float(emissions(ledger)["co2e"].sum())


def electricity_cost(ledger: Ledger) -> float:
    """The electricity bills of all sites [PEN/a]."""
    return sum(float(site_bill(ledger, str(site)).to_numpy().sum()) for site in ledger.electricity["site"].unique())


def other_cost(ledger: Ledger) -> float:
    """Fuels, and what no flow carries [PEN/a]."""
    return float(fuel_charges(ledger)["amount"].sum() + ledger.other_costs["amount"].sum())


def investments(case: ZoneCase, plan: Plan) -> dict[str, float]:
    """Investment of everything that is built [PEN], by capacity name."""
    sizes = size_costs(case)
    return {name: sizes[name][1] * size for name, size in plan.capacities.items() if size > 0.0}


def parameter_key(capacity: str, notes: CaseNotes) -> str:
    """The technology, by its key among the parameters, of a capacity such as ``battery.power``."""
    kind, _, rest = capacity.partition(".")
    if kind != "waste_heat":
        return kind
    return next(exchanger_of(row.temperature) for row in notes.rows.waste_heat if rest.startswith(source_name(row)))


def plant_annuities(case: ZoneCase, plan: Plan, notes: CaseNotes, parameters: Parameters) -> dict[str, float]:
    """Yearly payments for what is built [PEN/a], without upkeep, by capacity name."""
    return {
        name: amount * annuity(parameters.rate, parameters.value(parameter_key(name, notes), "life"))
        for name, amount in investments(case, plan).items()
    }
