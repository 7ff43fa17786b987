"""Pages of firm, park, region and country."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig

from ayni.base.texts import say
from ayni.portal.dashboards import charts, permissions, published, published_pages, queries, shown
from ayni.portal.dashboards.areas import COUNTRY, Area, of_park
from ayni.portal.dashboards.tables import SiteTable
from ayni.portal.people.actor import asking
from ayni.portal.places.branches import branch_choices
from ayni.portal.places.models import Site
from ayni.portal.places.permissions import readable_sites
from ayni.portal.places.queries import park_of, parks, site_of
from ayni.portal.records.queries import latest_full_year, sheet_counts, tenants_state
from ayni.portal.records.wording import sheet_tabs
from ayni.portal.site.charts import month_names
from ayni.portal.site.language import page_language

ROWS = 25
FUNNEL = ("dashboards.funnel.firms", "dashboards.funnel.handed_in", "dashboards.funnel.accepted")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Every dashboard that the reader may open."""
    sites = readable_sites(asking(request)).select_related("park", "district")
    table = RequestConfig(request, paginate={"per_page": ROWS}).configure(SiteTable(sites, order_by="name"))
    return render(request, "dashboards/home.html", {
        "table": table, "site_count": sites.count(), "parks": parks(), "regions": queries.regions(),
    })  # fmt: skip


def _chosen_year(request: HttpRequest, years: list[int]) -> int:
    """The year that was asked for, else the latest one. Raises Http404 for a year without accepted records."""
    wanted = request.GET.get("year", "")
    if not wanted:
        return years[0] if years else latest_full_year()
    if not wanted.isdecimal() or len(wanted) > 4 or int(wanted) not in years:
        raise Http404
    return int(wanted)


@require_safe
def firm(request: HttpRequest, pk: int) -> HttpResponse:
    """A site's year: every total opens to how it was computed."""
    actor, language = asking(request), page_language()
    site = site_of(actor, pk)
    permissions.may_read_firm(actor, site).require()
    records = queries.records_of(site)
    year = _chosen_year(request, list(records))
    context: dict[str, Any] = {
        "site": site,
        "year": year,
        "years": list(records),
        "opened": request.GET.get("open", ""),
    }
    if year in records:
        previous = max((one for one in records if one < year), default=None)
        compared = [records[year], *([records[previous]] if previous else [])]
        values = queries.values_by_submission(compared)
        totals = shown.of_record(
            values[records[year].pk], values[records[previous].pk] if previous else {}, previous,
            {code: _indicator_url(site, code, year) for code, _ in values[records[year].pk]}, language,
        )  # fmt: skip
        amounts = {key: one.value for key, one in values[records[year].pk].items()}
        flows = queries.flows(Q(site=site), year, queries.OF_FIRM)
        context |= {
            "submission": records[year], "totals": totals, "main": shown.main_of(totals), "previous": previous,
            "energy": charts.energy_of_firm(flows, context["opened"]),
            "materials": charts.materials(flows, context["opened"], by_end=False),
            "missing": queries.missing_of(records[year], language), **_bars(totals),
            "months": charts.energy_by_month(amounts),
        }  # fmt: skip
    return render(request, "dashboards/firm.html", context)


def _bars(totals: list[shown.ShownTotal]) -> Mapping[str, Any]:
    """Charts of the parts of footprint, cost and wastes."""
    language = page_language()
    groups = {"scopes": ("emissions.", ("emissions.total",)), "costs": ("cost.", ("cost.total",)),
              "wastes": ("waste.", ("waste.total", "waste.hazardous"))}  # fmt: skip
    found: dict[str, Any] = {}
    for name, (prefix, sums) in groups.items():
        parts = [one for one in totals if one.code.startswith(prefix) and one.code not in sums]
        amounts = [(shown.part_label(one, language), one.value) for one in parts]
        unit = parts[0].unit if parts else ""
        found[name] = charts.ranked(name, say(f"dashboards.{name}", language), amounts, unit)
    return found


def _indicator_url(site: Site, code: str, year: int) -> str:
    return reverse("dashboards:indicator", kwargs={"pk": site.pk, "code": code, "year": year})


@require_safe
def indicator(request: HttpRequest, pk: int, code: str, year: int) -> HttpResponse:
    """How one total of a site came about: formula, factors with their versions, rows with their hash."""
    actor, language = asking(request), page_language()
    site = site_of(actor, pk)
    permissions.may_read_firm(actor, site).require()
    submission = queries.records_of(site).get(year)
    if submission is None:
        raise Http404
    values = queries.values_by_submission([submission])[submission.pk]
    if (code, 0) not in values:
        raise Http404
    counts = sheet_counts(submission)
    total = shown.of_record({(code, 0): values[code, 0]}, {}, None, {code: ""}, language)[0]
    return render(request, "dashboards/indicator.html", {
        "site": site, "year": year, "submission": submission, "total": total, "factors": values[code, 0].factors,
        "formula": shown.formula_of(code, language), "row_count": sum(counts.values()),
        "tabs": sheet_tabs(counts, language, of_park=False, all_sheets=False),
        "months": [(name, values.get((code, month))) for month, name in enumerate(month_names(language), 1)]
        if (code, 1) in values else (),
    })  # fmt: skip


@require_safe
def park(request: HttpRequest, slug: str) -> HttpResponse:
    """A park's year: live for those who may read every record behind it, else what is published."""
    actor, language = asking(request), page_language()
    found = park_of(slug)
    whose = queries.of_park(found)
    may_see_tenants = permissions.may_see_tenants(actor, found)
    years = queries.years(whose)
    may_know_years = bool(may_see_tenants) or bool(years and permissions.may_see_live_park(actor, found, years[0]))
    years = years if may_know_years else published.latest_years()
    year = _chosen_year(request, years)
    live = permissions.may_see_live_park(actor, found, year)
    context: dict[str, Any] = {
        "park": found, "year": year, "years": years, "live": live,
        "is_sample": found.is_sample,
        "tenants": tenants_state(found, year) if may_see_tenants else None, "opened": request.GET.get("open", ""),
    }  # fmt: skip
    if live:
        flows = queries.flows(whose, year, queries.OF_FIRM)
        sums = queries.totals(whose, year)
        urls = {
            code: reverse("dashboards:park_indicator", kwargs={"slug": slug, "code": code, "year": year})
            for code, _ in sums
        }
        totals = shown.of_sums(sums, urls, language)
        context |= {
            **_live(whose, year, totals, sums), "energy": charts.energy_by_owner(flows, {}, context["opened"]),
            "materials": charts.materials(flows, context["opened"], by_end=True), **_bars(totals),
        }  # fmt: skip
    else:
        context |= _published(request, of_park(found), year)
    return render(request, "dashboards/park.html", context)


def _published(request: HttpRequest, area: Area, year: int) -> Mapping[str, Any]:
    shown_totals = published_pages.context_of(area.code, area.name, year, page_language())
    return {**shown_totals, "sees_reasons": permissions.may_see_reasons(asking(request))}


def _live(
    whose: Q, year: int, totals: list[shown.ShownTotal], sums: Mapping[tuple[str, int], queries.Total]
) -> Mapping[str, Any]:
    return {
        "totals": totals, "main": shown.main_of(totals), "firm_count": queries.firm_count(whose, year),
        "is_sample": queries.has_sample(whose, year),
        "months": charts.energy_by_month({key: one.value for key, one in sums.items()}),
    }  # fmt: skip


@require_safe
def park_indicator(request: HttpRequest, slug: str, code: str, year: int) -> HttpResponse:
    """What each site gives to a park's total, for those who may read all of it."""
    found = park_of(slug)
    permissions.may_see_live_park(asking(request), found, year).require()
    rows = list(queries.contributions(found, code, year))
    if not rows:
        raise Http404
    return render(request, "dashboards/park_indicator.html", {
        "park": found, "year": year, "rows": rows, "sum": sum(one.value for one in rows), "code": code,
        "label": shown.label_of(code, page_language()), "formula": shown.formula_of(code, page_language()),
        "unit": rows[0].unit, "is_sample": any(one.submission.is_sample for one in rows),
    })  # fmt: skip


@require_safe
def region(request: HttpRequest, ubigeo: str) -> HttpResponse:
    """A region's year. Raises Http404 where there is none."""
    name = dict(queries.regions()).get(ubigeo)
    if name is None:
        raise Http404
    return _area(request, ubigeo, name)


@require_safe
def country(request: HttpRequest) -> HttpResponse:
    """The country's year."""
    return _area(request, "", say("dashboards.country", page_language()))


def _area(request: HttpRequest, prefix: str, name: str) -> HttpResponse:
    """An area's year: live for officers of all of it, else what is published."""
    language, whose = page_language(), queries.of_area(prefix)
    live = permissions.may_see_live_area(asking(request), prefix)
    years = queries.years(whose) if live else published.latest_years()
    year = _chosen_year(request, years)
    context: dict[str, Any] = {
        "name": name, "prefix": prefix, "year": year, "years": years, "live": live,
        "opened": request.GET.get("open", ""), "parks": parks().filter(district__ubigeo__startswith=prefix),
        "regions": queries.regions() if not prefix else (),
    }  # fmt: skip
    if not live:
        context |= _published(request, Area(prefix or COUNTRY, prefix, name), year)
    elif years:
        branches = {code: words.partition(" · ")[2] or words for code, words in branch_choices(language)}
        flows = queries.flows(whose, year, queries.OF_BRANCH)
        sums = queries.totals(whose, year)
        headers = [shown.heading_of(code, language) for code in queries.AREA_CODES]
        context |= {
            **_live(whose, year, shown.of_sums(sums, dict.fromkeys(queries.AREA_CODES, "#districts"), language), sums),
            "energy": charts.energy_by_owner(flows, branches, context["opened"]),
            "wastes_flow": charts.wastes_by_owner(flows, branches, context["opened"]),
            "districts": _with_headers(queries.by_district(prefix, year), headers),
            "branches": _with_headers(queries.by_branch(prefix, year, branches), headers),
            "funnel": zip(FUNNEL, queries.funnel(prefix, year), strict=True),
            "headers": headers,
        }  # fmt: skip
    return render(request, "dashboards/area.html", context)


def _with_headers(rows: list[queries.AreaRow], headers: list[str]) -> list[tuple[queries.AreaRow, list[Any]]]:
    """Each row with its values under their headers, which a phone shows beside each value."""
    return [(row, list(zip(headers, row.values, strict=True))) for row in rows]
