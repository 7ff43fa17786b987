"""What everybody may read: the cells of publications. Hidden totals are not in the database, so none can slip out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet
from django.db.models.functions import Substr
from django.shortcuts import get_object_or_404

from ayni.base.texts import Language, say
from ayni.portal.dashboards.areas import COUNTRY, PARK
from ayni.portal.dashboards.measures import ORDER
from ayni.portal.dashboards.models import Publication, PublicationCell
from ayni.portal.dashboards.shown import CHIPS
from ayni.portal.places.branches import branch_words
from ayni.portal.places.models import District, Park
from ayni.reports.style import TONES

Record = dict[str, Any]
HEADERS = (
    "year", "publication", "area", "branch", "code", "month", "value", "unit", "firms", "stage", "status", "state",
    "of_publication", "rows_hash", "is_sample",
)  # fmt: skip


@dataclass(frozen=True)
class CellRow:
    """A cell as a page shows it: ``state`` is shown, kept (of a former publication) or hidden."""

    cell: PublicationCell
    label: str
    state: str
    chip: str


def publications() -> QuerySet[Publication]:
    """All publications, the newest year and number first, with how many records each counts."""
    return Publication.objects.annotate(record_count=Count("records")).order_by("-year", "-number")


def publication_of(year: int, number: int | None = None) -> Publication:
    """A publication, by default the last one of the year. Raises Http404."""
    found = publications().filter(year=year)
    return get_object_or_404(found.filter(number=number) if number else found[:1])


def latest_years() -> list[int]:
    """The years that were published, the latest first."""
    return list(Publication.objects.order_by("-year").values_list("year", flat=True).distinct())


def cells(publication: Publication) -> QuerySet[PublicationCell]:
    """The cells of a publication with the publication whose total stands there."""
    found = PublicationCell.objects.filter(publication=publication).select_related("publication", "shown")
    return found.order_by("area", "branch", "code", "month")


def state_of(cell: PublicationCell) -> str:
    """shown, kept or hidden."""
    if cell.shown_id is None:
        return "hidden"
    return "shown" if cell.shown_id == cell.publication_id else "kept"


def cell_record(cell: PublicationCell) -> Record:
    """A cell for CSV, JSON and the API; why a total is hidden stays with the officers."""
    return {
        "year": cell.publication.year, "publication": cell.publication.number, "area": cell.area,
        "branch": cell.branch, "code": cell.code, "month": cell.month, "value": cell.value, "unit": cell.unit,
        "firms": cell.firms, "stage": cell.stage, "status": cell.status, "state": state_of(cell),
        "of_publication": cell.shown.number if cell.shown else None, "rows_hash": cell.rows_hash,
        "is_sample": cell.publication.is_sample,
    }  # fmt: skip


def publication_record(publication: Publication) -> Record:
    """A publication for CSV, JSON and the API."""
    return {
        "year": publication.year, "number": publication.number, "made_at": publication.made_at.isoformat(),
        "records": publication.record_count,  # type: ignore[attr-defined]
        "firms_min": publication.rule["firms_min"], "share_max": publication.rule["share_max"],
        "rows_hash": publication.rows_hash, "is_sample": publication.is_sample,
    }  # fmt: skip


def area_names(language: Language) -> dict[str, str]:
    """Names of all areas by their code, the country first: two queries."""
    names = {COUNTRY: say("dashboards.country", language)}
    districts = District.objects.annotate(of=Substr("ubigeo", 1, 2)).order_by("ubigeo")
    for ubigeo, of, region, name in districts.values_list("ubigeo", "of", "region", "name"):
        names.setdefault(of, say("dashboards.publication.region", language, name=region))
        names[ubigeo] = say("dashboards.publication.district", language, name=name)
    for slug, name in Park.objects.order_by("name").values_list("slug", "name"):
        names[PARK + slug] = name
    return names


def rows_of(publication: Publication, area: str, language: Language) -> list[CellRow]:
    """The year's cells of an area, with its branches behind them."""
    return rows_from(cells(publication).filter(area=area, month=0), language)


def rows_from(found: Iterable[PublicationCell], language: Language) -> list[CellRow]:
    """The year's cells among those given, in the order of the measures, branches behind them."""
    places = {code: place for place, code in enumerate(ORDER)}
    of_year = sorted((one for one in found if not one.month), key=lambda one: (one.branch, places[one.code]))
    return [CellRow(one, _label(one, language), state_of(one), chip_of(one.status)) for one in of_year]


def chip_of(status: str) -> str:
    """The tone of a status; that of nothing known for a hidden total."""
    return CHIPS[TONES[status]] if status else ""


def _label(cell: PublicationCell, language: Language) -> str:
    label = say(f"indicator.{cell.code}", language)
    return f"{label} · {branch_words(cell.branch, language)}" if cell.branch else label


def months_of(cell: PublicationCell) -> list[PublicationCell]:
    """The months of a year's cell, in order; none where the measure is not published by month."""
    found = cells(cell.publication).filter(area=cell.area, branch=cell.branch, code=cell.code, month__gt=0)
    return list(found)


def counts(publication: Publication) -> dict[str, int]:
    """How many of the year's cells are hidden, by reason, and how many are shown or kept: one query."""
    rows = PublicationCell.objects.filter(publication=publication, month=0).order_by()
    found = {"all": 0, "shown": 0, "kept": 0, "hidden": 0, "few": 0, "dominant": 0, "derivable": 0, "change": 0}
    for shown, reason, count in rows.values_list("shown", "reason").annotate(count=Count("pk")):
        state = "hidden" if shown is None else "shown" if shown == publication.pk else "kept"
        found["all"] += count
        found[state] += count
        if reason:
            found[reason] += count
    return found
