"""What dashboards read: sums of what was computed on acceptance. More rows never mean more queries."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, Q, QuerySet, Sum
from django.db.models.functions import Substr

from ayni.base.status import Status, worst
from ayni.base.texts import Language, say
from ayni.ledger.schema import CONTRACTS, ELECTRICITY_BILLS, FIRMS, FLOWS, FUEL_BILLS, Carrier
from ayni.portal.places.models import District, Park, Site
from ayni.portal.records.models import FlowTotal, IndicatorValue, RecordRow, Submission, SubmissionState
from ayni.portal.records.wording import sheet_title
from ayni.portal.site.charts import month_names
from ayni.zones.schema import EQUIPMENT

OF_FIRM, OF_BRANCH = "submission__site__name", "branch"
AREA_CODES = ("energy.total", "emissions.total", "water.total", "waste.total")
"""The totals that stand in tables of districts and branches."""


@dataclass(frozen=True)
class Total:
    """An indicator's sum over records of one stage; ``status`` is the worst of what it rests on."""

    code: str
    month: int
    value: float
    unit: str
    stage: str
    status: Status
    firms: int


@dataclass(frozen=True)
class Flow:
    """A year's flow: ``whose`` is the firm or branch it belongs to. ``amount`` in ``unit``."""

    giver: str
    taker: str
    kind: str
    name: str
    way: str
    whose: str
    amount: float
    unit: str


@dataclass(frozen=True)
class AreaRow:
    """A district or branch with its firms and the totals by code; None is not known."""

    key: str
    name: str
    firms: int
    values: tuple[float | None, ...]


def accepted(whose: Q, year: int | None = None) -> QuerySet[Submission]:
    """The accepted records of sites. Of a year those of samples count only where there are no others."""
    found = Submission.objects.filter(whose, site__isnull=False, state=SubmissionState.ACCEPTED).order_by()
    if year is None:
        return found
    of_year = found.filter(year=year)
    return of_year.filter(Q(is_sample=False) | ~Exists(of_year.filter(is_sample=False)))


def of_park(park: Park) -> Q:
    """The records of a park's sites."""
    return Q(site__park=park)


def of_area(prefix: str) -> Q:
    """The records of sites in the districts whose code begins so."""
    return Q(site__district__ubigeo__startswith=prefix)


def years(whose: Q) -> list[int]:
    """The years with accepted records, the latest first."""
    return sorted(accepted(whose).values_list("year", flat=True).distinct(), reverse=True)


def totals(whose: Q, year: int) -> dict[tuple[str, int], Total]:
    """The sums by code and month (0 is the year): one query. Stages never mix: the first by name stands for a code."""
    rows = (
        IndicatorValue.objects.filter(submission__in=accepted(whose, year))
        .values("code", "month", "unit", "stage", "status")
        .annotate(sum=Sum("value"), count=Count("submission__site__organisation", distinct=True))
        .order_by("code", "month", "stage", "status")
    )
    found: dict[tuple[str, int], Total] = {}
    for row in rows:
        key, status = (row["code"], row["month"]), Status(row["status"])
        before = found.get(key)
        if before is None:
            found[key] = Total(*key, row["sum"], row["unit"], row["stage"], status, row["count"])
        elif before.stage == row["stage"]:
            found[key] = Total(
                *key, before.value + row["sum"], before.unit, before.stage, worst([before.status, status]),
                before.firms + row["count"],
            )  # fmt: skip
    return found


def flows(whose: Q, year: int, by: str) -> list[Flow]:
    """What passes the fences, summed by ``OF_FIRM`` or ``OF_BRANCH``: one query."""
    found = FlowTotal.objects.filter(submission__in=accepted(whose, year))
    names = ("giver", "taker", "kind", "name", "way", "unit")
    rows = found.annotate(branch=Substr("submission__site__isic", 1, 2)).values(*names, whose=F(by))
    return [Flow(amount=row.pop("sum"), **row) for row in rows.annotate(sum=Sum("amount")).order_by(*names, "whose")]


def funnel(prefix: str, year: int) -> tuple[int, int, int]:
    """Firms with a working site in the area; those that handed in something of the year; those with an accepted record.

    Three queries.
    """
    here = Site.objects.filter(district__ubigeo__startswith=prefix, is_operating=True).order_by()
    handed_in = Q(submissions__year=year, submissions__submitted_at__isnull=False)
    accepted_now = Q(submissions__year=year, submissions__state=SubmissionState.ACCEPTED)
    counts = [
        found.aggregate(count=Count("organisation", distinct=True))["count"]
        for found in (here, here.filter(handed_in), here.filter(accepted_now))
    ]
    return counts[0], counts[1], counts[2]


def firm_count(whose: Q, year: int) -> int:
    """How many firms have an accepted record of the year."""
    return accepted(whose, year).aggregate(count=Count("site__organisation", distinct=True))["count"]


def has_sample(whose: Q, year: int) -> bool:
    """Whether something of it was made up."""
    return accepted(whose, year).filter(is_sample=True).exists()


def records_of(site: Site) -> dict[int, Submission]:
    """The site's accepted records by year, the latest first."""
    found = Submission.objects.filter(site=site, state=SubmissionState.ACCEPTED).order_by("-year")
    return {one.year: one for one in found}


def values_by_submission(submissions: Iterable[Submission]) -> dict[int, dict[tuple[str, int], IndicatorValue]]:
    """The values of records by record, code and month: one query."""
    kept: dict[int, dict[tuple[str, int], IndicatorValue]] = defaultdict(dict)
    for one in IndicatorValue.objects.filter(submission__in=list(submissions)).order_by("pk"):
        kept[one.submission_id][one.code, one.month] = one
    return kept


def contributions(park: Park, code: str, year: int) -> QuerySet[IndicatorValue]:
    """What each site gives to a park's total, the largest first."""
    found = IndicatorValue.objects.filter(submission__in=accepted(of_park(park), year), code=code, month=0)
    return found.select_related("submission__site").order_by("-value", "pk")


def by_district(prefix: str, year: int) -> list[AreaRow]:
    """Totals of the districts with accepted records: two queries."""
    names = dict(District.objects.filter(ubigeo__startswith=prefix).values_list("ubigeo", "name"))
    return _area_rows(of_area(prefix), year, "submission__site__district_id", names)


def by_branch(prefix: str, year: int, names: Mapping[str, str]) -> list[AreaRow]:
    """Totals of the branches (divisions of ISIC) with accepted records: one query."""
    return _area_rows(of_area(prefix), year, OF_BRANCH, names)


def _area_rows(whose: Q, year: int, by: str, names: Mapping[str, str]) -> list[AreaRow]:
    found = IndicatorValue.objects.filter(submission__in=accepted(whose, year), month=0, code__in=AREA_CODES)
    rows = found.annotate(branch=Substr("submission__site__isic", 1, 2)).values("code", key=F(by))
    summed: dict[str, dict[str, Any]] = defaultdict(dict)
    for row in rows.annotate(sum=Sum("value"), count=Count("submission__site__organisation", distinct=True)):
        summed[row["key"]][row["code"]] = row["sum"]
        summed[row["key"]]["firms"] = max(row["count"], summed[row["key"]].get("firms", 0))
    return [
        AreaRow(key, names.get(key, key), own["firms"], tuple(own.get(code) for code in AREA_CODES))
        for key, own in sorted(summed.items())
    ]


def regions() -> list[tuple[str, str]]:
    """The regions that have districts here: code and name."""
    rows = District.objects.annotate(prefix=Substr("ubigeo", 1, 2)).values_list("prefix", "region").order_by("prefix")
    return sorted(dict(rows).items())


def missing_of(submission: Submission, language: Language) -> list[str]:
    """What a record lacks to be complete, in words: sheets, and months of the dated ones. One query."""
    rows = RecordRow.objects.filter(submission=submission).order_by()
    found = set(rows.values_list("sheet", "content__month", "content__carrier").distinct())
    sheets = {sheet for sheet, _, _ in found}
    lacking = [
        say("dashboards.missing.sheet", language, sheet=sheet_title(name, language))
        for name in (FIRMS.name, CONTRACTS.name, EQUIPMENT.name)
        if name not in sheets
    ]
    return [*lacking, *_missing_months(found, language)]


def _missing_months(found: Iterable[tuple[str, str | None, str | None]], language: Language) -> Iterator[str]:
    """The months that bills and flows lack: fuels by carrier, as far as there are bills of it."""
    months: dict[tuple[str, str], set[int]] = {(ELECTRICITY_BILLS.name, ""): set(), (FLOWS.name, ""): set()}
    for sheet, month, carrier in found:
        key = (sheet, carrier or "" if sheet == FUEL_BILLS.name else "")
        if month and sheet in (ELECTRICITY_BILLS.name, FLOWS.name, FUEL_BILLS.name):
            months.setdefault(key, set()).add(int(month[5:7]))
    names = month_names(language)
    for (sheet, carrier), there in sorted(months.items()):
        lacking = [name for number, name in enumerate(names, start=1) if number not in there]
        if lacking:
            title = sheet_title(sheet, language)
            of = f"{title}: {Carrier(carrier).label(language)}" if carrier else title
            yield say("dashboards.missing.months", language, sheet=of, months=", ".join(lacking))
