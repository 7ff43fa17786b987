"""Places for programs: parks, their dated facts and districts are public, sites as far as the asker may know them."""

from __future__ import annotations

from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Path, Query, Router, Schema

from ayni.portal.people.actor import asking
from ayni.portal.places import exports, queries

router = Router(tags=["places"])

OFFSET_MAX = 10_000_000
Slug = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,50}$", description="the park's slug")]
Limit = Annotated[int, Query(ge=1, le=200, description="rows of one page")]
Offset = Annotated[int, Query(ge=0, le=OFFSET_MAX, description="rows before the page")]


class ParkSchema(Schema):
    """A park. ``position_error`` is how far its true position may be [km]; null is not known."""

    slug: str
    name: str
    operator: str | None
    district: str = Field(description="code of the district (ubigeo)")
    district_name: str
    place: str
    latitude: float
    longitude: float
    position_error: float | None
    position_source: str
    position_status: str
    source: str
    date: str
    status: str
    firm_count: int = Field(description="firms with a working site in the park")
    is_sample: bool
    note_es: str
    note_en: str


class FactSchema(Schema):
    """What a source said of a park on a date: a value, or a range. Null is not known."""

    park: str
    quantity: str
    basis: str = Field(description="what an occupancy counts: plots_sold, firms_operating, sold_part_occupied, …")
    part: str
    qualifier: str = Field(description="about, more_than, from, or empty")
    value: float | None
    low: float | None
    high: float | None
    unit: str
    date: str = Field(description="day, month, year, or the two years between which it lies")
    source: str
    status: str
    meets_line: str | None = Field(description="for an occupancy, against 50 %: met, not_met or open")
    note_es: str
    note_en: str


class DistrictSchema(Schema):
    """A district; ``is_zis`` marks the Sustainable Industrial Zones."""

    ubigeo: str
    name: str
    province: str
    region: str
    latitude: float
    longitude: float
    position_source: str
    position_status: str
    is_zis: bool
    source: str
    date: str
    status: str
    firm_count: int
    park_count: int
    note_es: str
    note_en: str


class SiteSchema(Schema):
    """A site of a firm. ``code`` and ``ruc`` are null for those who do not know the firm closely."""

    id: int
    name: str
    firm: str
    isic: str
    district: str
    district_name: str
    park: str | None
    latitude: float
    longitude: float
    is_operating: bool
    is_public: bool
    is_sample: bool
    code: str | None
    ruc: str | None


class SitePage(Schema):
    """One page of sites; ``count`` is that of all pages."""

    items: list[SiteSchema]
    count: int


@router.get("/parks", response=list[ParkSchema], operation_id="places_parks", summary="Parks")
def parks(request: HttpRequest) -> list[dict[str, Any]]:  # noqa: ARG001
    """Every park."""
    return [exports.park_record(park) for park in queries.parks()]


@router.get("/parks/{slug}", response=ParkSchema, operation_id="places_park", summary="One park")
def park(request: HttpRequest, slug: Slug) -> dict[str, Any]:  # noqa: ARG001
    """A park by its slug."""
    return exports.park_record(queries.park_of(slug))


@router.get(
    "/parks/{slug}/facts", response=list[FactSchema], operation_id="places_park_facts", summary="Dated facts of a park"
)
def park_facts(request: HttpRequest, slug: Slug) -> list[dict[str, Any]]:  # noqa: ARG001
    """What sources said of a park, each value with its date, source and status."""
    found = queries.park_of(slug)
    return [exports.fact_record(fact) for fact in queries.facts().filter(park=found)]


@router.get("/districts", response=list[DistrictSchema], operation_id="places_districts", summary="Districts")
def districts(request: HttpRequest) -> list[dict[str, Any]]:  # noqa: ARG001
    """Every district, the zones marked."""
    return [exports.district_record(district) for district in queries.districts()]


@router.get("/sites", response=SitePage, operation_id="places_sites", summary="Sites that I may know of")
def sites(request: HttpRequest, limit: Limit = 100, offset: Offset = 0) -> dict[str, Any]:
    """Sites of firms that published their name, and those that the token's owner may know by their role."""
    actor = asking(request)
    found = queries.sites(actor).order_by("pk")
    items = [exports.site_record(actor, site) for site in found[offset : offset + limit]]
    return {"items": items, "count": found.count()}
