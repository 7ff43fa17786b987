"""Places as GeoJSON (RFC 7946: WGS 84, longitude before latitude) for the map and for others."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse

from ayni.base.texts import Language, say
from ayni.portal.people.actor import Actor
from ayni.portal.places import queries
from ayni.portal.places.branches import branch_words
from ayni.portal.places.models import District, Park, Plot, Site

SITES_MAX = 2000
"""How many sites one map holds; a page says when there are more."""

Feature = dict[str, Any]
POLYGONS = ("Polygon", "MultiPolygon")
POSITIONS_MAX = 2000


def _point(latitude: float, longitude: float) -> dict[str, Any]:
    return {"type": "Point", "coordinates": [longitude, latitude]}


def _feature(id_: str, geometry: dict[str, Any], kind: str, name: str, **properties: Any) -> Feature:
    return {
        "type": "Feature", "id": id_, "geometry": geometry, "properties": {"kind": kind, "name": name, **properties},
    }  # fmt: skip


def park_feature(park: Park, language: Language) -> Feature:
    """A park; ``error`` is how far its true position may be [km]."""
    lines = [line for line in (park.place, position_words(park.position_status, park.position_error, language)) if line]
    url = reverse("places:park", kwargs={"slug": park.slug})
    geometry = _point(park.latitude, park.longitude)
    return _feature(
        f"park-{park.pk}", geometry, "park", park.name, url=url, lines=lines, error=park.position_error,
        position_status=park.position_status, is_sample=park.is_sample,
    )  # fmt: skip


def district_feature(district: District, language: Language) -> Feature:
    """A district of ``queries.districts`` as a point."""
    count = say("places.count.firms", language, count=district.firm_count)  # type: ignore[attr-defined]
    lines = [count, position_words(district.position_status, None, language)]
    url = f"{reverse('places:firms')}?district={district.ubigeo}"
    geometry = _point(district.latitude, district.longitude)
    return _feature(
        f"district-{district.ubigeo}", geometry, "zis" if district.is_zis else "district", district.name, url=url,
        lines=lines, position_status=district.position_status,
    )  # fmt: skip


def site_feature(site: Site, language: Language) -> Feature:
    """A site that the reader may know of."""
    url = reverse("places:site", kwargs={"pk": site.pk})
    lines = [site.organisation.name] if site.organisation.name != site.name else []
    lines.append(branch_words(site.isic, language))
    geometry = _point(site.latitude, site.longitude)
    return _feature(f"site-{site.pk}", geometry, "site", site.name, url=url, lines=lines, is_sample=site.is_sample)


def plot_feature(plot: Plot, language: Language) -> Feature:
    """A plot with an outline."""
    lines = [say("places.plot.area", language, area=plot.area)]
    return _feature(f"plot-{plot.pk}", plot.outline or {}, "plot", plot.code, lines=lines)


def position_words(status: str, error: float | None, language: Language, key: str = "places.position") -> str:
    """How sure a position is, in words; empty where nothing is said of it."""
    if not status:
        return ""
    word = say(f"status.{status}", language)
    if error is None:
        return say(f"{key}.status", language, status=word)
    return say(f"{key}.error", language, status=word, error=error)


def collection(features: Iterable[Feature]) -> dict[str, Any]:
    """Features as one document."""
    return {"type": "FeatureCollection", "features": list(features)}


def country(actor: Actor, language: Language) -> dict[str, Any]:
    """Districts, parks, and the sites that the actor may know of."""
    found = queries.sites(actor).order_by("pk")[:SITES_MAX]
    return collection([
        *(district_feature(one, language) for one in queries.districts()),
        *(site_feature(one, language) for one in found),
        *(park_feature(one, language) for one in queries.parks()),
    ])  # fmt: skip


def of_park(actor: Actor, park: Park, language: Language) -> dict[str, Any]:
    """A park with its plots, and the sites that the actor may know of."""
    return collection([
        *(plot_feature(one, language) for one in queries.plots(park) if one.outline),
        *(site_feature(one, language) for one in queries.tenants(actor, park).order_by("pk")[:SITES_MAX]),
        park_feature(park, language),
    ])  # fmt: skip


def outline_fault(value: object) -> str:
    """What is wrong with a plot's outline, as a key of the catalogue; empty where nothing is."""
    if not isinstance(value, dict) or value.get("type") not in POLYGONS or set(value) != {"type", "coordinates"}:
        return "places.outline.kind"
    polygons = value["coordinates"] if value["type"] == "MultiPolygon" else [value["coordinates"]]
    if not isinstance(polygons, list) or not polygons:
        return "places.outline.kind"
    rings = [ring for polygon in polygons for ring in (polygon if isinstance(polygon, list) and polygon else [None])]
    if sum(len(ring) for ring in rings if isinstance(ring, list)) > POSITIONS_MAX:
        return "places.outline.size"
    return "" if all(map(_is_ring, rings)) else "places.outline.ring"


def _is_ring(ring: object) -> bool:
    """Whether a ring is closed and its positions are longitude and latitude in Peru."""
    if not isinstance(ring, list) or len(ring) < 4 or ring[0] != ring[-1]:
        return False
    return all(
        isinstance(position, list)
        and len(position) == 2
        and all(isinstance(part, int | float) and not isinstance(part, bool) for part in position)
        and in_peru(position[1], position[0])
        for position in ring
    )


def in_peru(latitude: float, longitude: float) -> bool:
    """Whether a position lies in the rectangle about the country."""
    return -18.5 <= latitude <= 0.1 and -81.5 <= longitude <= -68.5
