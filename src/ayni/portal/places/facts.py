"""What the facts of a park say: values in words, and the verdict of each basis of occupancy on the line."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from babel.dates import format_date

from ayni.base.texts import LOCALES, Language, say, significant, unit_words
from ayni.portal.places.models import ParkFact
from ayni.portal.places.programme import occupancy_line

OCCUPANCY = "occupancy"
ORDER = (
    "area", "area_for_sale", "area_free", "lots", "lot_size", "lots_taken", OCCUPANCY, "firms_bought",
    "firms_operating", "firms_building", "plants_planned", "workers_planned", "workers_local_share",
    "gas_main_distance",
)  # fmt: skip
"""Quantities as a reader expects them; others follow."""

DIGITS = 9
"""A source's figure is shown with all its digits."""
SHORT_UNITS = {"m2": "m²"}


class Verdict(StrEnum):
    """How an occupancy stands to the line."""

    MET = "met"
    NOT_MET = "not_met"
    OPEN = "open"

    def label(self, language: Language) -> str:
        """The verdict in words."""
        return say(f"places.verdict.{self.value}", language)

    @property
    def chip(self) -> str:
        """The class of its chip."""
        return {"met": "met", "not_met": "not", "open": ""}[self.value]


class Basis(StrEnum):
    """What an occupancy counts; the bases of a group answer the same question."""

    PLOTS_SOLD = "plots_sold"
    FIRMS_OPERATING = "firms_operating"
    SOLD_PART_OCCUPIED = "sold_part_occupied"
    NOT_STATED = "not_stated"


GROUPS: tuple[tuple[Basis, tuple[Basis, ...]], ...] = (
    (Basis.PLOTS_SOLD, (Basis.PLOTS_SOLD,)),
    (Basis.FIRMS_OPERATING, (Basis.FIRMS_OPERATING, Basis.SOLD_PART_OCCUPIED)),
)
"""The two bases that stand side by side, and what counts for each."""


@dataclass(frozen=True)
class FactLine:
    """A fact in the reader's words."""

    what: str
    value: str
    basis: str
    date: str
    source: str
    status_words: str
    note: str
    fact: ParkFact
    part: str = ""
    verdict: Verdict | None = None


@dataclass(frozen=True)
class BasisCard:
    """All that is known of occupancy on one basis."""

    title: str
    note: str
    lines: Sequence[FactLine]


@dataclass(frozen=True)
class Occupancy:
    """The bases side by side, facts whose basis is not stated, and whether the answer depends on the basis."""

    cards: Sequence[BasisCard]
    unstated: Sequence[FactLine]
    flips: bool

    @property
    def is_known(self) -> bool:
        """Whether anything is known."""
        return bool(self.unstated) or any(card.lines for card in self.cards)


def verdict_of(fact: ParkFact) -> Verdict:
    """Whether the fact meets the line: a range that holds the line, or a value in another unit, leaves it open."""
    line = occupancy_line()
    low = fact.value if fact.low is None else fact.low
    high = fact.value if fact.high is None else fact.high
    if fact.unit != line.unit:
        return Verdict.OPEN
    if low is not None and low >= line.target:
        return Verdict.MET
    is_capped = fact.qualifier not in ("more_than", "from")
    return Verdict.NOT_MET if high is not None and high < line.target and is_capped else Verdict.OPEN


def value_words(fact: ParkFact, language: Language) -> str:
    """The value with its unit: ≈ 90 ha, 2,500–150,000 m², more than 20."""
    unit = SHORT_UNITS.get(fact.unit, unit_words(fact.unit, language))
    ends = [fact.value] if fact.value is not None else [end for end in (fact.low, fact.high) if end is not None]
    amount = "–".join(significant(end, language, DIGITS) for end in ends) or "–"
    told = f"{amount} {unit}".strip()
    return say(f"places.qualifier.{fact.qualifier}", language, value=told) if fact.qualifier else told


def date_words(date: str, language: Language) -> str:
    """A date as precise as it is known: 11 mar. 2026, abr. 2024, 2018, 2016–2026."""
    if len(date) == len("2026-03-11"):
        return format_date(datetime.date.fromisoformat(date), "medium", locale=LOCALES[language])
    if len(date) == len("2026-03"):
        return format_date(datetime.date.fromisoformat(f"{date}-01"), "MMM y", locale=LOCALES[language])
    return date


def fact_line(fact: ParkFact, language: Language) -> FactLine:
    """A fact in words."""
    what = say(f"places.fact.{fact.quantity}", language)
    part = say(f"places.part.{fact.part}", language) if fact.part else ""
    return FactLine(
        what=" · ".join(filter(None, [what, part])),
        value=value_words(fact, language),
        basis=say(f"places.basis.{fact.basis}", language) if fact.basis else "",
        date=date_words(fact.date, language),
        source=fact.source,
        status_words=say(f"status.{fact.status}", language),
        note=fact.note_es if language == "es" else fact.note_en,
        fact=fact,
        part=part,
        verdict=verdict_of(fact) if fact.quantity == OCCUPANCY else None,
    )


def fact_lines(facts: Iterable[ParkFact], language: Language) -> list[FactLine]:
    """Facts in the order of a reader, those of one quantity by date."""
    place = {quantity: at for at, quantity in enumerate(ORDER)}
    ordered = sorted(facts, key=lambda fact: (place.get(fact.quantity, len(place)), fact.basis, fact.part, fact.date))
    return [fact_line(fact, language) for fact in ordered]


def occupancy_of(facts: Iterable[ParkFact], language: Language) -> Occupancy:
    """Occupancy on each basis, with its verdict on the line."""
    lines = [line for line in fact_lines(facts, language) if line.fact.quantity == OCCUPANCY]
    cards = [
        BasisCard(
            say(f"places.basis.{title}", language),
            say(f"places.basis_note.{title}", language),
            [line for line in lines if line.fact.basis in bases],
        )
        for title, bases in GROUPS
    ]
    told = {line.fact.pk for card in cards for line in card.lines}
    decided = {line.verdict for line in lines} - {Verdict.OPEN}
    return Occupancy(cards, [line for line in lines if line.fact.pk not in told], len(decided) > 1)
