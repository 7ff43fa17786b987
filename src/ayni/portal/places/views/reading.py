"""Pages to read."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig, Table

from ayni.base.texts import say
from ayni.portal.people.actor import Actor, asking
from ayni.portal.places import permissions, queries
from ayni.portal.places.branches import branch_words
from ayni.portal.places.facts import fact_lines, occupancy_of
from ayni.portal.places.filters import FirmFilter, ParkFilter
from ayni.portal.places.geojson import SITES_MAX, position_words
from ayni.portal.places.history import changes_of
from ayni.portal.places.models import Park, Site
from ayni.portal.places.programme import occupancy_line
from ayni.portal.places.tables import DistrictTable, ParkTable, PlotTable, SiteTable
from ayni.portal.site.language import page_language

ROWS = 25


def paged(request: HttpRequest, table: Table) -> Table:
    """The page of the list, in the order that was asked for."""
    RequestConfig(request, paginate={"per_page": ROWS}).configure(table)
    return table


@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """The map, and beside it the same as lists."""
    actor = asking(request)
    found = queries.sites(actor)
    count = found.count()
    return render(request, "places/map.html", {
        "parks": queries.parks(), "districts": queries.districts(), "sites": found.order_by("name", "pk")[:ROWS],
        "site_count": count, "sites_left": max(count - ROWS, 0), "is_cut": count > SITES_MAX, "sites_max": SITES_MAX,
    })  # fmt: skip


@require_safe
def parks(request: HttpRequest) -> HttpResponse:
    """The parks."""
    filtered = ParkFilter(request.GET, queryset=queries.parks())
    return render(request, "places/parks.html", {
        "filter": filtered, "table": paged(request, ParkTable(filtered.qs, order_by="name")),
        "line": occupancy_line(), "may_create": permissions.may_create_park(asking(request)),
    })  # fmt: skip


@require_safe
def park(request: HttpRequest, slug: str) -> HttpResponse:
    """A park: what is known of it, its tenants as far as the reader may know them, its plots."""
    actor, language = asking(request), page_language()
    found = queries.park_of(slug)
    facts, line = list(found.facts.all()), occupancy_line()
    may_read = permissions.may_read_park_records(actor, found)
    plots_answer = permissions.may_change_plots(actor, found)
    tenants = queries.tenants(actor, found)
    table = SiteTable(
        tenants, order_by="name", exclude=("district", "park", *(() if may_read else ("code",))), prefix="t-"
    )
    return render(request, "places/park.html", {
        "park": found, "facts": fact_lines(facts, language), "occupancy": occupancy_of(facts, language),
        "line": line, "line_note": line.note_es if language == "es" else line.note_en,
        "position": _position(found), "table": paged(request, table),
        "tenant_count": tenants.count(), "all_count": found.sites.count(), "may_read": may_read,
        "plots": paged(request, PlotTable(queries.plots(found), may_change=bool(plots_answer), prefix="p-")),
        "note": found.note_es if language == "es" else found.note_en,
        "may_change": permissions.may_change_park(actor, found), "may_change_plots": plots_answer,
        "changes": changes_of(found, language) if may_read else (),
    })  # fmt: skip


def _position(place: Park) -> str:
    return position_words(place.position_status, place.position_error, page_language(), "places.trust")


@require_safe
def firms(request: HttpRequest) -> HttpResponse:
    """The firms that the reader may know of."""
    actor = asking(request)
    filtered = filtered_sites(request)
    return render(request, "places/firms.html", {
        "filter": filtered, "table": paged(request, SiteTable(filtered.qs, order_by="name", exclude=("code",))),
        "may_create": permissions.may_create_sites(actor), "query": request.GET.urlencode(),
        "sees": say(_sees(actor), page_language()),
    })  # fmt: skip


def filtered_sites(request: HttpRequest) -> FirmFilter:
    """The sites that the reader may know of, narrowed down as was asked."""
    found: QuerySet[Site] = queries.sites(asking(request))
    return FirmFilter(request.GET, queryset=found)


def _sees(actor: Actor) -> str:
    """The text that says whose names this reader sees."""
    if actor.areas() or actor.is_elevated:
        return "places.firms.sees_area"
    return "places.firms.sees_own" if actor.grants else "places.firms.sees_public"


@require_safe
def districts(request: HttpRequest) -> HttpResponse:
    """The districts, the zones marked."""
    table = paged(request, DistrictTable(queries.districts(), order_by="ubigeo"))
    return render(request, "places/districts.html", {"table": table})


@require_safe
def site(request: HttpRequest, pk: int) -> HttpResponse:
    """A site: what it is, and what its readers and managers can do from here."""
    actor, language = asking(request), page_language()
    found = queries.site_of(actor, pk)
    close = permissions.may_know_site_closely(actor, found)
    context: dict[str, Any] = {
        "site": found, "branch": branch_words(found.isic, language), "is_close": bool(close),
        "may_read": permissions.may_read_site_records(actor, found),
        "may_change": permissions.may_change_site(actor, found),
        "may_publish": permissions.may_publish_firm(actor, found.organisation_id),
        "may_share": permissions.may_share_site(actor, found),
        "changes": changes_of(found, language) if close else (),
    }  # fmt: skip
    return render(request, "places/site.html", context)
