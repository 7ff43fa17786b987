"""Page 10: what figures rest on, by kind of factor, with date, source and status; the values stand in the files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from ayni.base.factors import Factor
from ayni.base.status import Status, worst
from ayni.reports.blocks import Cell, Column, Notice, Page
from ayni.reports.content import ReportData
from ayni.reports.pages.tables import fitted
from ayni.reports.style import TONES
from ayni.reports.voice import NOT_KNOWN, Voice
from ayni.reports.wording import sentence, shortened

ROOM = 66.0
ZONE = "contracts/zone"
"""The contract of the zone, which stands for those of the firms."""
SUBJECTS = {"fuels": "fuel", "ledger_defaults": "default"}
"""Tables of factors whose subjects have words of their own; the others are technologies or names."""
RANK = {status: place for place, status in enumerate(Status)}


def page(data: ReportData, voice: Voice) -> Page:
    """The sources, the worst founded first."""
    factors = list(data.book.factors().values())
    if not factors:
        return Page(voice.say("sources.title"), "", (Notice("none", voice.say("sources.none"), ""),))
    columns = (
        Column(voice.say("sources.what"), share=1.1, characters=23), Column(voice.say("sources.count"), True),
        Column(voice.say("sources.date")), Column(voice.say("sources.source"), share=1.9, characters=41),
        Column(voice.say("status"), share=1.0, characters=20),
    )  # fmt: skip
    groups = sorted(grouped(factors).items(), key=lambda group: -RANK[worst(factor.status for factor in group[1])])
    table = fitted(columns, [_row(name, same, voice) for name, same in groups], ROOM, "", voice)
    counts = _counts((factor.status for factor in factors), voice)
    return Page(voice.say("sources.title"), voice.say("sources.lead", count=len(factors), counts=counts), (table,))


def grouped(factors: Iterable[Factor]) -> dict[str, list[Factor]]:
    """Factors by the first two parts of their id: the table, and what it is about."""
    groups: dict[str, list[Factor]] = {}
    for factor in factors:
        groups.setdefault("/".join(factor.id.split("/")[:2]), []).append(factor)
    return groups


def _row(name: str, same: Sequence[Factor], voice: Voice) -> tuple[Cell, ...]:
    table, _, subject = name.partition("/")
    subject = voice.word(SUBJECTS.get(table, "technology"), subject)
    what = voice.say("contract_of_zone") if name == ZONE else f"{voice.word('factor_table', table)}: {subject}"
    dates = sorted({_date(factor.date, voice) for factor in same if factor.date})
    made = f"{table}, {name.partition('/')[2]}"  # a contract that is no row of the workbook
    sources = dict.fromkeys(voice.say("contract_made") if f.source == made else f.source for f in same)
    status = worst(factor.status for factor in same)
    mixed = _counts((factor.status for factor in same), voice) if len({factor.status for factor in same}) > 1 else ""
    return (
        Cell(sentence(what)), Cell(str(len(same))), Cell(", ".join(dates) or NOT_KNOWN),
        Cell(shortened("; ".join(sources), 84)),
        Cell(voice.word("status", status.value), tone=TONES[status.value], small=mixed),
    )  # fmt: skip


def _date(date: str, voice: Voice) -> str:
    return date if date[:1].isdigit() else voice.say("sources.date_not_known")


def _counts(statuses: Iterable[Status], voice: Voice) -> str:
    """How many of each status, the best founded first."""
    counts = Counter(statuses)
    return ", ".join(f"{counts[status]} {voice.word('status', status.value)}" for status in Status if status in counts)
