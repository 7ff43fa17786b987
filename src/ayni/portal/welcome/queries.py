"""What the pages of the welcome show."""

from __future__ import annotations

import math
from dataclasses import dataclass

from ayni.base.texts import Language, Word, number, say, significant
from ayni.portal.dashboards.areas import COUNTRY
from ayni.portal.dashboards.models import Publication, PublicationCell
from ayni.zones.first_look import Band, FirstLook, MeasureLook, Step, Visit, first_look

DIGITS = 2
"""Significant digits of a band that rests on typical values."""
MONTHS = 12
HEADLINES = ("energy.total", "emissions.total", "water.total", "cost.total")
"""The published totals of the country that the front page shows."""
YEARS_FROM = 2.0


@dataclass(frozen=True)
class Range:
    """A band in words: rounded to what it can bear."""

    low: str
    high: str


@dataclass(frozen=True)
class MeasureShown:
    """One measure in words."""

    title: str
    why: str
    how: str
    investment: Range
    payback: str
    saving: Range


@dataclass(frozen=True)
class LookShown:
    """The answer of a first visit in words."""

    saving: Range
    share: Range
    emissions: Range
    measure: MeasureShown
    step: Step
    step_text: str
    unverified: int
    decisive: int
    is_size_odd: bool
    paid_per_worker: str
    sources: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class PublishedShown:
    """The last publication and its totals of the country, as far as they are not hidden."""

    publication: Publication
    totals: tuple[tuple[str, PublicationCell], ...]


def published(language: Language) -> PublishedShown | None:
    """What the front page shows of the last year that was published: two queries."""
    last = Publication.objects.order_by("-year", "-number").first()
    if last is None:
        return None
    found = PublicationCell.objects.filter(
        publication=last, area=COUNTRY, branch="", month=0, code__in=HEADLINES, shown__isnull=False
    )
    cells = {cell.code: cell for cell in found}
    totals = tuple((say(f"indicator.{code}", language), cells[code]) for code in HEADLINES if code in cells)
    return PublishedShown(last, totals)


def look_shown(visit: Visit, language: Language) -> LookShown:
    """The answer to a first visit, in words."""
    look = first_look(visit)
    share = Band(
        *(100 * end / look.yearly_bill.middle for end in (look.saving.low, look.saving.middle, look.saving.high))
    )
    monthly = look.yearly_bill.middle / MONTHS / visit.workers
    return LookShown(
        saving=_range(look.saving, language), share=_range(share, language), emissions=_range(look.emissions, language),
        measure=_measure_shown(look.measure, language), step=look.step,
        step_text=say(f"welcome.step.{look.step.value}", language), unverified=look.unverified,
        decisive=len(look.factors), is_size_odd=look.is_size_odd,
        paid_per_worker=number(monthly, language, 0 if monthly >= 1 else 2), sources=_sources(look),
    )  # fmt: skip


def _measure_shown(measure: MeasureLook, language: Language) -> MeasureShown:
    part = _range(measure.part.scaled(100), language)
    equipment = Word(f"first_look.part.{measure.name}")
    bill = Word(f"welcome.bill.{measure.carrier.value}")
    return MeasureShown(
        title=say(measure.key, language),
        why=say("welcome.why", language, equipment=equipment, bill=bill, low=part.low, high=part.high),
        how=say(f"first_look.do.{measure.name}", language),
        investment=_range(measure.investment, language),
        payback=_payback(measure.payback, language),
        saving=_range(measure.saving, language),
    )


def _payback(band: Band, language: Language) -> str:
    """A payback: months below two years, years from there, each end in its own unit."""
    ends = [
        (
            Word("welcome.months", {"count": max(1, round(MONTHS * end))})
            if end < YEARS_FROM
            else Word("welcome.years", {"count": round(end)})
        )
        for end in (band.low, band.high)
    ]
    return say("welcome.payback", language, low=ends[0], high=ends[1])


def _range(band: Band, language: Language) -> Range:
    return Range(*(significant(_rounded(end, DIGITS), language, DIGITS) for end in (band.low, band.high)))


def _rounded(value: float, digits: int) -> float:
    """``value`` with so many significant digits."""
    return value if value == 0 else round(value, digits - 1 - math.floor(math.log10(abs(value))))


def _sources(look: FirstLook) -> tuple[tuple[str, str], ...]:
    """Every input with its source, once each."""
    return tuple((factor.id.partition("/")[2] or factor.id, factor.source) for factor in look.factors)
