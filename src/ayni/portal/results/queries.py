"""Reads of results: a park's years with their runs, and one run in the hands of its reader."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from django.http import Http404

from ayni.base.texts import Language
from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import Answer
from ayni.portal.places.models import Park
from ayni.portal.records.queries import accepted_years
from ayni.portal.results.accepted import FIRMS_MIN, KIND, Standing, standing_of
from ayni.portal.results.book import NoResults, book_of
from ayni.portal.results.permissions import may_know_park, may_start, readable, reader_of
from ayni.portal.results.readers import Reader
from ayni.portal.results.shown import Shown
from ayni.portal.runs.models import Run, RunState
from ayni.portal.runs.words import state_words

YEARS_SHOWN = 6


@dataclass(frozen=True)
class ListedRun:
    """A run in a list: its state in words, and how many firms take part."""

    run: Run
    state: str
    firms: int


@dataclass(frozen=True)
class ParkYear:
    """A year of a park: how far its records are, whether results may be started, and the runs made so far."""

    standing: Standing
    may_start: Answer
    runs: Sequence[ListedRun]


def park_of(actor: Actor, slug: str) -> Park:
    """A park whose results are a matter of the actor's. Raises Http404."""
    park = Park.objects.select_related("district").filter(slug=slug).first()
    if park is None or not may_know_park(actor, park):
        raise Http404
    return park


def park_years(actor: Actor, park: Park, language: Language) -> list[ParkYear]:
    """The latest years with something accepted or made, with the runs that the actor may know of."""
    runs = list(Run.objects.filter(readable(actor), kind=KIND, park=park))
    years = sorted({*accepted_years(park), *(run.year for run in runs if run.year)}, reverse=True)[:YEARS_SHOWN]
    standings = [standing_of(park, year) for year in years]
    return [
        ParkYear(one, may_start(actor, one), [_listed(run, language) for run in runs if run.year == one.year])
        for one in standings
    ]


def _listed(run: Run, language: Language) -> ListedRun:
    return ListedRun(run, state_words(run, language), sum(1 for one in run.inputs["submissions"] if one["code"]))


def run_and_reader(actor: Actor, pk: UUID) -> tuple[Run, Reader]:
    """A run of results that the actor may know of, and how they read it. Raises Http404."""
    run = Run.objects.select_related("park__district", "author").filter(pk=pk, kind=KIND).first()
    reader = reader_of(actor, run) if run is not None else None
    if run is None or reader is None:
        raise Http404
    if reader.is_full or run.state != RunState.DONE:
        return run, reader
    return run, replace(reader, is_closed=is_closed_by_change(run, reader.firms))


def shown(run: Run, reader: Reader, language: Language) -> Shown:
    """The finished run's results as the reader sees them. Raises Http404 where they are not there."""
    try:
        return Shown(book_of(run, language), reader)
    except NoResults as missing:
        raise Http404 from missing


def is_closed_by_change(run: Run, known: frozenset[str]) -> bool:
    """Whether this run's totals, less those of an earlier open run of the year, would be those of one or two firms.

    What was opened first stays open; a later run is open to readers of totals when it rests on the same records, or
    when at least three firms that the reader does not know came, left or corrected theirs.
    """
    earlier = Run.objects.filter(kind=KIND, park=run.park, year=run.year, state=RunState.DONE)
    records = [(one.pk, _records(one)) for one in earlier.order_by("finished_at", "pk")]
    opened: list[frozenset[tuple[str, str]]] = []
    for pk, own in records:
        is_closed = any(0 < len(_changed(own, other) - known) < FIRMS_MIN for other in opened)
        if pk == run.pk:
            return is_closed
        if not is_closed:
            opened.append(own)
    raise AssertionError("a finished run is among the finished runs")


def _records(run: Run) -> frozenset[tuple[str, str]]:
    return frozenset((one["code"], one["hash"]) for one in run.inputs["submissions"] if one["code"])


def _changed(one: Iterable[tuple[str, str]], other: Iterable[tuple[str, str]]) -> frozenset[str]:
    return frozenset(code for code, _ in frozenset(one) ^ frozenset(other))
