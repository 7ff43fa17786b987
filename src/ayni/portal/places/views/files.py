"""GeoJSON of the map, and everything as CSV and JSON."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.urls import reverse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from ayni.portal.people.actor import asking
from ayni.portal.places import exports, geojson, programme, queries
from ayni.portal.places.views.reading import filtered_sites
from ayni.portal.site.language import page_language

GEOJSON = "application/geo+json"


@require_safe
@never_cache
def features(request: HttpRequest) -> HttpResponse:
    """Districts, parks and the sites that the reader may know of."""
    return JsonResponse(geojson.country(asking(request), page_language()), content_type=GEOJSON)


@require_safe
@never_cache
def park_features(request: HttpRequest, slug: str) -> HttpResponse:
    """A park, its plots, and the sites that the reader may know of."""
    found = geojson.of_park(asking(request), queries.park_of(slug), page_language())
    return JsonResponse(found, content_type=GEOJSON)


@require_safe
@cache_control(public=True, max_age=24 * 3600)
def outline(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """The country's outline."""
    return HttpResponse(programme.outline(), content_type=GEOJSON)


@require_safe
@never_cache
def export(request: HttpRequest, dataset: str, form: str) -> HttpResponse:
    """``parks``, ``facts``, ``districts`` or ``firms``; firms as the reader's list shows them, with its filters."""
    if dataset == "firms" and not filtered_sites(request).is_valid():
        return HttpResponseRedirect(f"{reverse('places:firms')}?{request.GET.urlencode()}")
    headers, records = _records(request, dataset)
    if form == "csv":
        response = HttpResponse(exports.csv_text(headers, records), content_type="text/csv; charset=utf-8")
    else:
        response = JsonResponse({"items": list(records)}, json_dumps_params={"ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="ayni-{dataset}.{form}"'
    return response


def _records(request: HttpRequest, dataset: str) -> tuple[Iterable[str], Iterable[dict[str, Any]]]:
    if dataset == "parks":
        return exports.PARK_HEADERS, map(exports.park_record, queries.parks())
    if dataset == "facts":
        return exports.FACT_HEADERS, map(exports.fact_record, queries.facts())
    if dataset == "districts":
        return exports.DISTRICT_HEADERS, map(exports.district_record, queries.districts())
    if dataset == "firms":
        actor, found = asking(request), filtered_sites(request).qs.order_by("name", "pk")
        return exports.SITE_HEADERS, (exports.site_record(actor, site) for site in found)
    raise Http404
