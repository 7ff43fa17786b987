"""Dashboards for programs: what is published is for everybody; a site's totals for those who may read its records."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from django.http import Http404, HttpRequest
from ninja import Field, Path, Query, Router, Schema

from ayni.portal.dashboards import published, queries
from ayni.portal.dashboards.permissions import may_read_firm
from ayni.portal.people.actor import asking
from ayni.portal.places.queries import site_of

router = Router(tags=["dashboards"])

Year = Annotated[int, Path(ge=2000, le=2100)]
Number = Annotated[int | None, Query(ge=1, le=10_000, description="which publication of the year; the last one")]
AreaCode = Annotated[
    str | None, Query(max_length=60, description="PE, a region of two digits, a district of six, or park:<slug>")
]
Code = Annotated[str | None, Query(max_length=60, description="a measure, such as energy.total")]


class PublicationSchema(Schema):
    """The totals of a year, frozen at one moment. ``firms_min`` and ``share_max`` are the confidentiality rule's."""

    year: int
    number: int
    made_at: datetime.datetime
    records: int = Field(description="accepted records that it adds up")
    firms_min: int
    share_max: float
    rows_hash: str = Field(description="SHA-256 over the content hashes of the records")
    is_sample: bool


class TotalSchema(Schema):
    """A published total, or that it is hidden: then value, firms and of_publication are null."""

    year: int
    publication: int
    area: str
    branch: str = Field(description="division of ISIC, for branches of the country; else empty")
    code: str
    month: int = Field(description="0 is the year")
    value: float | None
    unit: str
    firms: int | None
    stage: str
    status: str
    state: str = Field(description="shown, kept (the value of a former publication) or hidden")
    of_publication: int | None
    rows_hash: str
    is_sample: bool


class FirmTotalSchema(Schema):
    """A total of one site's accepted record."""

    code: str
    month: int = Field(description="0 is the year")
    value: float
    unit: str
    stage: str
    status: str
    factors: list[dict[str, Any]] = Field(description="the factors used, with their versions")


class FirmSchema(Schema):
    """A site's year: its accepted record and what it comes to."""

    site: int
    year: int
    submission: int
    content_hash: str
    is_sample: bool
    totals: list[FirmTotalSchema]


@router.get(
    "/publications", response=list[PublicationSchema], operation_id="dashboards_publications", summary="Publications"
)
def publications(request: HttpRequest) -> list[dict[str, Any]]:  # noqa: ARG001
    """Every publication, the newest first."""
    return [published.publication_record(one) for one in published.publications()]


@router.get(
    "/totals/{year}", response=list[TotalSchema], operation_id="dashboards_totals", summary="Published totals of a year"
)
def totals(
    request: HttpRequest,  # noqa: ARG001
    year: Year,
    publication: Number = None,
    area: AreaCode = None,
    code: Code = None,
) -> list[dict[str, Any]]:
    """The cells of a publication, by default of the year's last one; hidden totals are named without their value."""
    found = published.cells(published.publication_of(year, publication))
    if area is not None:
        found = found.filter(area=area)
    if code is not None:
        found = found.filter(code=code)
    return [published.cell_record(cell) for cell in found]


@router.get(
    "/firms/{site}/{year}", response=FirmSchema, operation_id="dashboards_firm", summary="Totals of one site's year"
)
def firm(request: HttpRequest, site: Annotated[int, Path(ge=1, le=2**53)], year: Year) -> dict[str, Any]:
    """What a site's accepted record of the year comes to, for those who may read its records."""
    actor = asking(request)
    found = site_of(actor, site)
    may_read_firm(actor, found).require()
    submission = queries.records_of(found).get(year)
    if submission is None:
        raise Http404
    values = queries.values_by_submission([submission])[submission.pk]
    rows = [
        {
            "code": one.code, "month": one.month, "value": one.value, "unit": one.unit, "stage": one.stage,
            "status": one.status, "factors": one.factors,
        }
        for one in values.values()
    ]  # fmt: skip
    return {
        "site": site, "year": year, "submission": submission.pk, "content_hash": submission.content_hash,
        "is_sample": submission.is_sample, "totals": rows,
    }  # fmt: skip
