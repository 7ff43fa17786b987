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
    """firm, carrier, energy [MWh]"""
    emissions: pd.DataFrame
    """firm, carrier, scope (1 or 2), co2e [t]"""
    cost: pd.DataFrame
    """firm, item (carrier, water, sewer, waste, material …), component, amount [PEN]"""
    water: pd.DataFrame
    """firm, kind (``water`` or ``wastewater``), management (empty for water), amount [m3]"""
    waste: pd.DataFrame
    """firm, resource, waste_code, hazardous, management, amount [t]"""
    balances: pd.DataFrame
    """process, firm, quantity, unit, amount_in, amount_out, residual, tolerance, verdict (balanced, open, no_data)"""
    tariffs: pd.DataFrame
    """firm, option, source"""


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
    """line, category, kind (prerequisite, indicator), text, value, target, verdict (met, partly, not_met, no_data,
    not_applicable)"""


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
    """giver, taker, material, verdict (chosen, possible, refused), reason, rule, source, status, amount [unit/year],
    unit, value [PEN/year], price_low, price_high [PEN/unit]"""
    proof: Proof


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
    """season (summer, winter), carrier (electricity, heat), hour 0–167, flow, power [MW];
    the flow ``demand`` is the load"""
    loads: pd.DataFrame
    """month 1–12, hour 0–23, power [MW]: mean electric load of the park"""
    foreign_profiles: pd.DataFrame
    """firm, source: load shapes measured at another plant"""
    abatement: pd.DataFrame
    """option, title, avoided [t CO2e/year], cost [PEN/t], status"""
    tariff: str


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
