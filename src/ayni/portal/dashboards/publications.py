"""Making a publication: the year's accepted records become frozen totals, as far as the rule lets them.

Every write of publications stands here, with what it needs to read; pages read them by ``published.py``.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from ayni.base.findings import Refused, error
from ayni.base.status import Status, worst
from ayni.portal.dashboards.areas import branch_of, path_of, place_of
from ayni.portal.dashboards.confidentiality.rule import FIRMS_MIN, SHARE_MAX
from ayni.portal.dashboards.confidentiality.schema import Cell, Reason, Record, Verdict
from ayni.portal.dashboards.confidentiality.suppression import Past, decide
from ayni.portal.dashboards.measures import ORDER, REST, scheme, unit
from ayni.portal.dashboards.models import Publication, PublicationCell, PublicationRecord
from ayni.portal.dashboards.permissions import may_publish
from ayni.portal.people.actor import Actor
from ayni.portal.people.models import User
from ayni.portal.records.models import IndicatorValue, Submission, SubmissionState

NOISE = 1e-6
"""Relative difference of a total and its parts that is only rounding."""
BATCH = 500


@dataclass(frozen=True)
class Known:
    """What stands behind a total, besides the amounts: status, factors and stage by submission and measure; hashes."""

    statuses: Mapping[tuple[int, str], str]
    factors: Mapping[tuple[int, str], Sequence[Mapping[str, Any]]]
    hashes: Mapping[int, str]
    stages: Mapping[tuple[int, str], str]


def publish(actor: Actor, year: int) -> Publication:
    """A new publication of the year.

    Raises Forbidden for all but officers of the country, Refused where nothing was accepted, where nothing changed
    since the last publication, or where somebody else was quicker.
    """
    may_publish(actor).require()
    if actor.user is None:
        raise AssertionError("an officer has signed in")
    try:
        with transaction.atomic():
            return _publish(actor.user, year)
    except IntegrityError as clash:
        raise Refused([error("PUBLICATION-TWICE", year=year)]) from clash


def _publish(author: User, year: int) -> Publication:
    former = list(Publication.objects.filter(year=year).order_by("number"))
    accepted = _accepted(year)
    if not accepted:
        raise Refused([error("PUBLICATION-EMPTY", year=year)])
    rows_hash = _hash(one.content_hash for one in accepted)
    if former and former[-1].rows_hash == rows_hash:
        raise Refused([error("PUBLICATION-SAME", year=year)])
    number = former[-1].number + 1 if former else 1
    publication = Publication.objects.create(
        year=year, number=number, made_by=author, rows_hash=rows_hash, is_sample=accepted[0].is_sample,
        rule={"firms_min": FIRMS_MIN, "share_max": SHARE_MAX},
    )  # fmt: skip
    _keep_records(publication, accepted)
    _keep_cells([*former, publication])
    return publication


def _accepted(year: int) -> list[Submission]:
    """The accepted records of sites; those of samples only where there are no others: they are never added up."""
    found = list(
        Submission.objects.filter(year=year, state=SubmissionState.ACCEPTED, site__isnull=False)
        .select_related("site__park")
        .order_by("pk")
    )
    return [one for one in found if not one.is_sample] or found


def _keep_records(publication: Publication, accepted: Sequence[Submission]) -> None:
    """Whose records are counted; a record keeps the place under which it was first counted."""
    counted = PublicationRecord.objects.filter(publication__year=publication.year).order_by("publication__number")
    first = {one.submission_id: one for one in counted.reverse()}
    rows = []
    for submission in accepted:
        site = submission.site
        if site is None:
            raise AssertionError("only records of sites are counted")
        known = first.get(submission.pk)
        ubigeo, park = (known.ubigeo, known.park) if known else place_of(site)
        rows.append(
            PublicationRecord(
                publication=publication, submission=submission, ubigeo=ubigeo, park=park,
                firm_id=known.firm_id if known else site.organisation_id,
                branch=known.branch if known else branch_of(site),
            )
        )  # fmt: skip
    PublicationRecord.objects.bulk_create(rows, batch_size=BATCH)


def _keep_cells(publications: Sequence[Publication]) -> None:
    """Decide every cell of the last of the year's publications, and keep what is shown."""
    publication = publications[-1]
    records = _records(publication.year)
    verdicts = decide(records, scheme(), publication.number, _past(publication))
    before = {
        (one.area, one.branch, one.code, one.month): one
        for one in PublicationCell.objects.filter(publication__in=publications[-2:-1])
    }
    by_number = {one.number: one for one in publications}
    current = [record for record in records if publication.number in record.editions]
    known = _known(publication)
    by_area: defaultdict[str, list[Record]] = defaultdict(list)
    for record in current:
        for area in record.path:
            by_area[area].append(record)
    rows = []
    for cell, verdict in sorted(verdicts.items()):
        if verdict.edition == publication.number:
            rows.append(_new_cell(publication, cell, verdict, by_area[cell.area], known))
        elif verdict.edition is not None:
            last = before[cell.area, cell.branch, cell.code, cell.month]
            rows.append(_kept_cell(publication, by_number[verdict.edition], verdict, last))
        else:
            rows.append(_cell(publication, cell, verdict))
    PublicationCell.objects.bulk_create(rows, batch_size=BATCH)


def _cell(publication: Publication, cell: Cell, verdict: Verdict, **more: Any) -> PublicationCell:
    return PublicationCell(
        publication=publication, area=cell.area, branch=cell.branch, code=cell.code, month=cell.month,
        unit=unit(cell.code), reason=verdict.reason or "", **more,
    )  # fmt: skip


def _new_cell(
    publication: Publication, cell: Cell, verdict: Verdict, records: Iterable[Record], known: Known
) -> PublicationCell:
    key = (cell.code, cell.month)
    behind = [one for one in records if cell.branch in ("", one.branch) and one.amounts.get(key, 0.0) > 0]
    factors = {
        (one.get("id"), one.get("version")): one for record in behind for one in known.factors[record.id, cell.code]
    }
    return _cell(
        publication, cell, verdict, shown=publication, value=sum(one.amounts[key] for one in behind),
        firms=len({one.firm for one in behind}), stage=_stage(behind, cell.code, known),
        status=worst(Status(known.statuses[one.id, cell.code]) for one in behind),
        factors=[factors[name] for name in sorted(factors, key=str)],
        rows_hash=_hash(known.hashes[one.id] for one in behind),
    )  # fmt: skip


def _stage(records: Iterable[Record], code: str, known: Known) -> str:
    """The one stage of what is added up. Raises ValueError for several: stages never mix in a total."""
    found = {known.stages[record.id, code] for record in records}
    if len(found) != 1:
        raise ValueError(f"{code} has stages {sorted(found)}")
    return found.pop()


def _kept_cell(
    publication: Publication, shown: Publication, verdict: Verdict, last: PublicationCell
) -> PublicationCell:
    """The total of a former publication stands on: as it was, with what stood behind it."""
    return _cell(
        publication, Cell(last.area, last.branch, last.code, last.month), verdict, shown=shown, value=last.value,
        firms=last.firms, stage=last.stage, status=last.status, factors=last.factors, rows_hash=last.rows_hash,
    )  # fmt: skip


def _records(year: int) -> list[Record]:
    """Every record that a publication of the year counts, with the numbers of those that do."""
    counted = PublicationRecord.objects.filter(publication__year=year).select_related("publication")
    editions: defaultdict[int, set[int]] = defaultdict(set)
    places: dict[int, PublicationRecord] = {}
    for one in counted.order_by("publication__number"):
        editions[one.submission_id].add(one.publication.number)
        places.setdefault(one.submission_id, one)
    amounts = _amounts(year)
    return [
        Record(
            number, place.firm_id, path_of(place.ubigeo, place.park), place.branch, amounts[number],
            frozenset(editions[number]),
        )
        for number, place in places.items()
    ]  # fmt: skip


def _amounts(year: int) -> defaultdict[int, dict[tuple[str, int], float]]:
    """Amounts by submission, measure and month, with what the parts leave of a total."""
    found: defaultdict[int, dict[tuple[str, int], float]] = defaultdict(dict)
    for submission, code, month, value in _values(year).values_list("submission", "code", "month", "value").iterator():
        if value > 0 and (month == 0 or code in scheme().monthly):
            found[submission][code, month] = value
    for of_record in found.values():
        for total, parts in scheme().parts.items():
            whole = of_record.get((total, 0), 0.0)
            rest = whole - sum(of_record.get((part, 0), 0.0) for part in parts)
            if total + REST in scheme().weights[total] and rest > NOISE * whole:
                of_record[total + REST, 0] = rest
    return found


def _past(publication: Publication) -> Past:
    """What earlier publications of the year showed, and what they hid by the rule's second half.

    Totals of fewer than three firms need no word: no combination that one or two firms own is ever published.
    """
    shown: defaultdict[Cell, list[int]] = defaultdict(list)
    hidden: defaultdict[Cell, list[int]] = defaultdict(list)
    cells = PublicationCell.objects.filter(
        publication__year=publication.year, publication__number__lt=publication.number
    )
    fields = ("area", "branch", "code", "month", "publication__number", "shown__number", "reason")
    for area, branch, code, month, number, of, reason in cells.order_by("publication__number").values_list(*fields):
        cell = Cell(area, branch, code, month)
        if of == number:
            shown[cell].append(number)
        elif reason == Reason.DOMINANT:
            hidden[cell].append(number)
    return Past(shown, hidden)


def _values(year: int) -> QuerySet[IndicatorValue]:
    """The published measures of every record that a publication of the year counts."""
    counted = PublicationRecord.objects.filter(publication__year=year).values("submission")
    return IndicatorValue.objects.filter(submission__in=counted, code__in=ORDER)


def _known(publication: Publication) -> Known:
    values = list(_values(publication.year).filter(month=0))
    hashes = publication.records.values_list("submission", "submission__content_hash")
    return Known(
        {(one.submission_id, one.code): one.status for one in values},
        {(one.submission_id, one.code): one.factors for one in values},
        dict(hashes),
        {(one.submission_id, one.code): one.stage for one in values},
    )


def _hash(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(sorted(parts)).encode()).hexdigest()


def years_to_publish() -> list[int]:
    """The years with accepted records of sites, the latest first."""
    found = Submission.objects.filter(state=SubmissionState.ACCEPTED, site__isnull=False).order_by("-year")
    return list(found.values_list("year", flat=True).distinct())
