"""Page 9: what is missing and what is only estimated."""

from __future__ import annotations

from ayni.base.findings import Finding, Severity
from ayni.base.status import Status
from ayni.reports.blocks import Block, Bullets, Cell, Column, Notice, Page, Table, limited
from ayni.reports.content import ReportData
from ayni.reports.founding import founding
from ayni.reports.pages.names import coded
from ayni.reports.pages.summary import AVOIDED, SAVED
from ayni.reports.voice import NOT_KNOWN, Voice, shortened

FINDING_ROWS, FACTOR_ROWS = 9, 12
METHODS = ("account", "tariff", "exchange", "design", "band", "score")


def page(data: ReportData, voice: Voice) -> Page:
    """Findings, unverified factors, method."""
    ground = founding(data.book, [AVOIDED, SAVED])
    blocks: list[Block] = [finding_block(data.findings, voice)]
    blocks += [factor_table(data, voice)] if ground.unverified else []
    methods = tuple((voice.say(f"gaps.method.{name}"), ()) for name in METHODS)
    blocks.append(Bullets(methods, voice.say("gaps.method_title")))
    lead = voice.say(
        "gaps.lead", unverified=len(ground.unverified), total=len(ground.factors), findings=len(data.findings)
    )
    return Page(voice.say("gaps.title"), lead, tuple(blocks))


def finding_block(findings: tuple[Finding, ...], voice: Voice) -> Block:
    """Remarks on the workbook, the severe ones first."""
    if not findings:
        return Notice("go", voice.say("gaps.no_findings"), "")
    rank = {severity: place for place, severity in enumerate(Severity)}
    rows = [
        (
            coded("severity", finding.severity.value, voice),
            Cell(_place(finding), small=finding.code), Cell(shortened(finding.message(voice.language), 190)),
        )
        for finding in sorted(findings, key=lambda finding: rank[finding.severity])
    ]  # fmt: skip
    kept, left = limited(rows, FINDING_ROWS)
    columns = (Column(""), Column(voice.say("gaps.place")), Column(voice.say("gaps.finding"), share=1.0))
    remark = voice.say("gaps.more_findings", count=left) if left else ""
    return Table(columns, kept, voice.say("gaps.findings_title", count=len(findings)), remark, is_small=True)


def _place(finding: Finding) -> str:
    place = finding.place
    return " ".join(str(part) for part in (place.sheet, place.cell or place.row) if part) or NOT_KNOWN


def factor_table(data: ReportData, voice: Voice) -> Table:
    """The unverified factors under the headlines, with their bands."""
    ground = founding(data.book, [AVOIDED, SAVED])
    worst_first = sorted(ground.unverified, key=lambda factor: factor.status is not Status.MADE_UP)
    rows = [
        (
            Cell(factor.id, small=shortened(factor.source, 80)), Cell(voice.number(factor.value)),
            Cell(_band(factor.low, factor.high, voice)), Cell(factor.unit),
            coded("status", factor.status.value, voice),
        )
        for factor in worst_first
    ]  # fmt: skip
    kept, left = limited(rows, FACTOR_ROWS)
    columns = (
        Column(voice.say("gaps.factor"), share=1.0), Column(voice.say("gaps.value"), True),
        Column(voice.say("gaps.band"), True), Column(voice.say("gaps.unit")), Column(voice.say("status")),
    )  # fmt: skip
    title = voice.say("gaps.factors_title", unverified=len(ground.unverified), total=len(ground.factors))
    return Table(columns, kept, title, voice.say("more_rows", count=left) if left else "", is_small=True)


def _band(low: float | None, high: float | None, voice: Voice) -> str:
    if low is None or high is None:
        return NOT_KNOWN
    return voice.say("from_to", low=voice.number(low), high=voice.number(high))
