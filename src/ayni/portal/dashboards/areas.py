"""The fixed lattice of areas: country, region, district, park. Without rights nothing else is ever added up."""

from __future__ import annotations

from dataclasses import dataclass

from ayni.portal.places.models import Park, Site

COUNTRY = "PE"
PARK = "park:"
BRANCH_UNKNOWN = "00"


@dataclass(frozen=True)
class Area:
    """A place of the lattice; ``code`` is that of its cells, ``ubigeo`` the prefix of its districts' codes."""

    code: str
    ubigeo: str
    name: str
    park: Park | None = None


def path_of(ubigeo: str, park_slug: str) -> tuple[str, ...]:
    """The areas of a place, from the country down."""
    areas = (COUNTRY, ubigeo[:2], ubigeo)
    return (*areas, PARK + park_slug) if park_slug else areas


def place_of(site: Site) -> tuple[str, str]:
    """The district and the park's slug under which a site counts: a tenant counts in its park's district."""
    return (site.park.district_id, site.park.slug) if site.park else (site.district_id, "")


def branch_of(site: Site) -> str:
    """The division of ISIC."""
    return site.isic[:2] if len(site.isic) > 1 else BRANCH_UNKNOWN


def of_park(park: Park) -> Area:
    """A park."""
    return Area(PARK + park.slug, park.district_id, park.name, park)
