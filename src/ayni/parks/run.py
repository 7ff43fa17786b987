"""The main job: a park's records through every engine. Exchanges change the flows that the zone design sees."""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Protocol

from ayni.assessment.figures import add_figures as add_assessment
from ayni.assessment.framework import load_framework
from ayni.assessment.inputs import typed_inputs
from ayni.assessment.ledger_inputs import inputs_from
from ayni.assessment.results import Assessment
from ayni.assessment.schema import Answer, Input
from ayni.assessment.score import assess
from ayni.base.figures import FigureBook
from ayni.base.findings import Finding
from ayni.base.sheets import rows_of
from ayni.exchange.change import after_exchange
from ayni.exchange.figures import VALUE
from ayni.exchange.figures import add_figures as add_exchange
from ayni.exchange.network import ExchangeResult, best_network
from ayni.exchange.schema import Offer, Want
from ayni.ledger.account import Account, account
from ayni.ledger.balance import balance
from ayni.ledger.figures import add_figures as add_account
from ayni.ledger.figures import add_savings
from ayni.ledger.figures.rows import row_status
from ayni.ledger.ledger import Ledger
from ayni.parks.facts import add_facts
from ayni.parks.intake import ParkRecords
from ayni.parks.results import Results, ZoneResults
from ayni.zones.abatement import abatement
from ayni.zones.band import appraise
from ayni.zones.build import build_case, park_load
from ayni.zones.case import ZoneCase
from ayni.zones.change import after_design
from ayni.zones.checks import check_plan
from ayni.zones.connection import pooling
from ayni.zones.design import GAP, design
from ayni.zones.figures import add_plan, add_worth

FRAMEWORK = "eip-2017-draft"
"""Framework of the scorecard. It is an unverified draft: a self-check, no certificate."""

STAGES = ("account", "assessment", "exchange", "design", "savings")


class Report(Protocol):
    """Told how far a stage is: its name, the part done from 0 to 1, and the text key of what is being done."""

    def __call__(self, stage: str, done: float, words: str = "") -> None:
        """Take note."""


def silent(stage: str, done: float, words: str = "") -> None:
    """Report to nobody."""


def run(
    records: ParkRecords, findings: Iterable[Finding] = (), report: Report = silent, *, gap: float = GAP
) -> Results:
    """Everything that can be said of a park: balances, footprint, cost, scorecard, exchanges, zone design, savings.

    ``findings`` are those of the intake; those of the engines are added. ``gap`` is the proof asked of the design.
    """
    ledger, book = records.ledger, FigureBook()
    report("account", 0.0)
    before = account(ledger)
    add_facts(book, ledger)
    add_account(book, ledger, before, "before")
    report("assessment", 0.0)
    assessment = assess_park(records, before)
    add_assessment(book, assessment, row_status=row_status(ledger))
    report("exchange", 0.0)
    exchange = best_network(ledger, rows_of(records.rows, Offer), rows_of(records.rows, Want))
    add_exchange(book, ledger, exchange)
    exchanged = after_exchange(ledger, exchange)
    report("design", 0.0)
    zone, zone_findings = design_zone(records, exchanged, report, gap)
    report("savings", 0.0)
    made_by = add_plan(book, zone.design, zone.plan, zone.case, zone.notes) if zone else ()
    redesigned = zone.ledger if zone else exchanged
    after = account(redesigned)
    add_account(book, redesigned, after, "after", recorded=ledger, made_by=(VALUE, *made_by))
    add_savings(book, before, after, bands=headline_bands(before, after, exchange, zone))
    if zone:
        add_worth(book, zone.appraisal, zone.pooling, zone.notes)
    report("savings", 1.0)
    return Results(
        records=records, findings=(*findings, *assessment.findings, *zone_findings), figures=book,
        balances=balance(ledger), before=before, assessment=assessment, exchange=exchange, exchanged=exchanged,
        zone=zone, after=after,
    )  # fmt: skip


def headline_bands(
    before: Account, after: Account, exchange: ExchangeResult, zone: ZoneResults | None
) -> dict[str, tuple[float, float]]:
    """Low and high of the saved cost and the avoided emissions: the deviations of exchanges and design are independent.

    Exchanges change no energy, so that the emissions' band is the design's alone.
    """
    saved, avoided = (before.totals[key] - after.totals[key] for key in ("cost.total", "emissions.total"))
    down, up = exchange.objective - exchange.low, exchange.high - exchange.objective
    if zone is None:
        return {"cost.total": (saved - down, saved + up)}
    money, co2e = zone.appraisal.net_saving, zone.appraisal.avoided
    return {
        "cost.total": (
            saved - math.hypot(down, money.value - money.low),
            saved + math.hypot(up, money.high - money.value),
        ),
        "emissions.total": (avoided - (co2e.value - co2e.low), avoided + (co2e.high - co2e.value)),
    }


def assess_park(records: ParkRecords, before: Account) -> Assessment:
    """The park by the framework, from its answers, the ledger and the typed inputs. Raises Refused."""
    framework = load_framework(FRAMEWORK)
    computed = inputs_from(records.ledger, before, framework)
    answers = [answer for answer in rows_of(records.rows, Answer) if answer.framework == framework.code]
    typed = typed_inputs(rows_of(records.rows, Input))
    return assess(framework, answers, (*computed, *typed), year=records.ledger.park.year)


def zone_case(records: ParkRecords) -> ZoneCase:
    """The zone that is left to design after the exchanges."""
    exchange = best_network(records.ledger, rows_of(records.rows, Offer), rows_of(records.rows, Want))
    return build_case(after_exchange(records.ledger, exchange), records.rows, records.folder)[0]


def design_zone(
    records: ParkRecords, exchanged: Ledger, report: Report, gap: float
) -> tuple[ZoneResults | None, tuple[Finding, ...]]:
    """The zone's design on the ledger after the exchanges; None where there is no plan, and the findings say why."""
    case, notes, case_findings = build_case(exchanged, records.rows, records.folder)
    found = design(case, gap, lambda words, done: report("design", done, words))
    findings = (*case_findings, *found.findings)
    if found.plan is None:
        return None, findings
    zone = ZoneResults(
        case=case, notes=notes, design=found, plan=found.plan,
        appraisal=appraise(exchanged, case, found.plan, notes), abatement=abatement(exchanged, case, found.plan),
        pooling=pooling(notes.ledger, park_load(notes), notes.hours), ledger=after_design(exchanged, found.plan, case),
    )  # fmt: skip
    return zone, (*findings, *check_plan(case, found.plan))
