"""Results: everything that the main job finds out about one park."""

from __future__ import annotations

from dataclasses import dataclass

from ayni.assessment.results import Assessment
from ayni.base.figures import FigureBook
from ayni.base.findings import Finding
from ayni.exchange.network import ExchangeResult
from ayni.ledger.account import Account
from ayni.ledger.balance import ProcessBalance
from ayni.ledger.ledger import Ledger
from ayni.parks.intake import ParkRecords
from ayni.zones.abatement import Abatement
from ayni.zones.band import Appraisal
from ayni.zones.build import CaseNotes
from ayni.zones.case import ZoneCase
from ayni.zones.design import Design
from ayni.zones.dispatch.plan import Plan


@dataclass(frozen=True, eq=False)
class ZoneResults:
    """A zone design with what it was made of, what it is worth, and the ledger after it."""

    case: ZoneCase
    notes: CaseNotes
    design: Design
    plan: Plan
    appraisal: Appraisal
    abatement: tuple[Abatement, ...]
    pooling: float
    ledger: Ledger


@dataclass(frozen=True, eq=False)
class Results:
    """One park's year before and after, and how it gets from one to the other.

    ``exchanged`` is the ledger after the exchanges; ``zone`` is None where no plan meets the zone's limits (the
    findings say which). ``after`` is the account after exchanges and design; every saving is the difference of
    ``before`` and ``after``.
    """

    records: ParkRecords
    findings: tuple[Finding, ...]
    figures: FigureBook
    balances: tuple[ProcessBalance, ...]
    before: Account
    assessment: Assessment
    exchange: ExchangeResult
    exchanged: Ledger
    zone: ZoneResults | None
    after: Account
