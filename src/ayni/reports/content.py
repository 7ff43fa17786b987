"""What a report shows: one frozen part per page, plain tables and words, so that pages need no science room.

Codes (carriers, verdicts, technologies) stay codes here and get their words on the page; names that come from the
user or from a framework are already words.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass

import pandas as pd

from ayni.base.figures import FigureBook
from ayni.base.findings import Finding


@dataclass(frozen=True)
class Head:
    """Whose report it is and on which prices it stands. ``discount_rate`` is real [1/a]."""

    park: str
    place: str
    year: int
    is_sample: bool
    version: str
    price_date: datetime.date
    pen_per_usd: float
    usd_per_eur: float
    discount_rate: float
    firms: pd.DataFrame
    """firm, name, activity, latitude, longitude [°]"""


@dataclass(frozen=True)
class Flows:
    """What goes through the park in the study year, for the Sankeys."""

    energy: pd.DataFrame
    """firm, carrier, use (an equipment kind, or ``unassigned``), energy [MWh]"""
    materials: pd.DataFrame
    """firm, side (``in`` or ``out``), end, amount [t]; ``end`` is a resource's name for ``in``, and for ``out``
    a way of management, ``product``, ``park`` (another firm) or ``environment``"""


@dataclass(frozen=True)
class Footprint:
    """Use, emissions and cost of the year as recorded."""

    energy: pd.DataFrame
    """firm, carrier, energy [MWh], amount, unit (that of the bills)"""
    emissions: pd.DataFrame
    """firm, carrier, scope (1 or 2), co2e [t], biogenic [t CO2]"""
    cost: pd.DataFrame
    """firm, item (carrier, water, sewer, waste, materials …), component, amount [PEN]"""
    water: pd.DataFrame
    """firm, kind (``water`` or ``wastewater``), way (where it comes from, how it is managed), amount [m3]"""
    waste: pd.DataFrame
    """firm, resource, waste_code, hazardous, management, amount [t]"""
    balances: pd.DataFrame
    """process, firm, quantity, unit, amount_in, amount_out, residual, tolerance, verdict (balanced, open, no_data)"""
    tariffs: pd.DataFrame
    """firm, option"""


@dataclass(frozen=True)
class Scorecard:
    """A framework's answers. Scores in per cent; ``level`` is empty where the framework gives none."""

    name: str
    code: str
    version: str
    status: str
    hash: str
    score_low: float
    score_high: float
    level: str
    categories: pd.DataFrame
    """category, title, score_low, score_high [%]"""
    lines: pd.DataFrame
    """line, category, kind (prerequisite, indicator), text, value, unit, target, verdict (met, partly, not_met,
    no_data, not_applicable)"""


@dataclass(frozen=True)
class Proof:
    """What a solver proved. ``gap`` is a share; ``bound`` and ``objective`` in PEN/year."""

    status: str
    solver: str
    objective: float
    bound: float
    gap: float


@dataclass(frozen=True)
class Exchange:
    """The exchanges chosen and every link that was looked at."""

    links: pd.DataFrame
    """giver, taker, material, verdict (chosen, possible, refused, needs_permit, not_known), reason (in words), rule,
    source, status, amount [unit/year], unit, value [PEN/year], price_low, price_high [PEN/unit]"""
    proof: Proof
    rules: str
    """Name and version of the rule set."""


@dataclass(frozen=True)
class Design:
    """The zone's least-cost plan."""

    proof: Proof
    capacities: pd.DataFrame
    """technology, capacity, unit (MW, MWh, MWp), investment [PEN]"""
    costs: pd.DataFrame
    """line, before, after [PEN/year]"""
    classes: pd.DataFrame
    """tariff_class, cost, bound [PEN/year], gap, is_earned, is_kept"""
    measures: pd.DataFrame
    """measure, firm, name, investment [PEN], is_chosen"""
    weeks: pd.DataFrame
    """season (summer, winter), start (of the week), carrier (electricity, heat, cold), hour 0–167, flow, power [MW];
    the flow ``demand`` is the load"""
    loads: pd.DataFrame
    """month 1–12, hour 0–23, power [MW]: mean electric load of the park"""
    foreign_profiles: pd.DataFrame
    """firm, year, source: load shapes measured at another plant"""
    abatement: pd.DataFrame
    """option, kind, title, avoided [t CO2e/year], cost [PEN/t], net_cost [PEN/year], status"""
    inputs: pd.DataFrame
    """subject, role, value, low, high, unit, npv_low, npv_high [PEN], status, is_decisive, is_unverified, source"""
    survives: bool
    """Whether the plan pays at the low end of the band too."""
    tariff: str
    carbon: float
    """Planning value of the plan's emissions in its cost [PEN/year], which nobody is billed."""


@dataclass(frozen=True)
class ReportData:
    """One park's results, ready to be shown. ``exchange``, ``design``, ``scorecard`` are None where there is none."""

    head: Head
    book: FigureBook
    findings: tuple[Finding, ...]
    flows: Flows
    footprint: Footprint
    scorecard: Scorecard | None
    exchange: Exchange | None
    design: Design | None
