"""Forms and acts: parse, call the service, go back to the page."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from ayni.base.findings import Refused
from ayni.base.texts import say
from ayni.portal.people.actor import asking
from ayni.portal.places import permissions, queries, services
from ayni.portal.places.forms import ParkForm, PlaceForm, PlotForm, SiteForm
from ayni.portal.places.models import Plot
from ayni.portal.site.language import page_language

form_page = require_http_methods(["GET", "HEAD", "POST"])


def _done(request: HttpRequest, key: str) -> None:
    messages.success(request, say(key, page_language()))


def _tell(form: Form, refused: Refused) -> None:
    """The findings at their fields."""
    for finding in refused.findings:
        field = finding.place.column if finding.place.column in form.fields else None
        form.add_error(field, finding.message(page_language()))


def _saved(form: Form, save: Callable[[dict[str, Any]], Any]) -> Any:
    """What the service made of a valid form; None where there is something to correct."""
    if not form.is_valid():
        return None
    try:
        return save(form.cleaned_data)
    except Refused as refused:
        _tell(form, refused)
        return None


def _edit(request: HttpRequest, form: PlaceForm, title: str, back: str, **more: Any) -> HttpResponse:
    context = {"form": form, "title": say(title, page_language()), "back": back, **more}
    return render(request, "places/edit.html", context, status=422 if form.is_bound else 200)


@login_required
@form_page
def park_new(request: HttpRequest) -> HttpResponse:
    """Enter a park."""
    actor = asking(request)
    permissions.may_create_park(actor).require()
    form = ParkForm(request.POST or None, actor=actor)
    park = _saved(form, lambda values: services.create_park(actor, **values))
    if park is None:
        return _edit(request, form, "places.edit.park_new", redirect("places:parks").url)
    _done(request, "places.done.park")
    return redirect("places:park", slug=park.slug)


@login_required
@form_page
def park_edit(request: HttpRequest, slug: str) -> HttpResponse:
    """Change a park."""
    actor, park = asking(request), queries.park_of(slug)
    permissions.may_change_park(actor, park).require()
    initial = {name: getattr(park, name) for name in ParkForm.base_fields}
    form = ParkForm(request.POST or None, actor=actor, initial=initial)
    kept = _saved(form, lambda values: services.change_park(actor, park, values))  # type: ignore[arg-type]
    back = redirect("places:park", slug=slug)
    if kept is None:
        return _edit(request, form, "places.edit.park", back.url)
    _done(request, "places.done.park")
    return back


@login_required
@form_page
def plot_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Enter a plot."""
    actor, park = asking(request), queries.park_of(slug)
    permissions.may_change_plots(actor, park).require()
    form = PlotForm(request.POST or None)
    plot = _saved(form, lambda values: services.save_plot(actor, park, None, **values))
    back = redirect("places:park", slug=slug)
    if plot is None:
        return _edit(request, form, "places.edit.plot_new", back.url)
    _done(request, "places.done.plot")
    return back


@login_required
@form_page
def plot_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a plot."""
    actor, plot = asking(request), get_object_or_404(Plot.objects.select_related("park"), pk=pk)
    permissions.may_change_plots(actor, plot.park).require()
    initial = {"code": plot.code, "area": plot.area, "outline": _geojson_text(plot)}
    form = PlotForm(request.POST or None, initial=initial)
    kept = _saved(form, lambda values: services.save_plot(actor, plot.park, plot, **values))
    back = redirect("places:park", slug=plot.park.slug)
    if kept is None:
        return _edit(request, form, "places.edit.plot", back.url, plot=plot)
    _done(request, "places.done.plot")
    return back


def _geojson_text(plot: Plot) -> str:
    return json.dumps(plot.outline) if plot.outline else ""


@login_required
@require_POST
def plot_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Remove a plot on which no firm stands."""
    plot = get_object_or_404(Plot.objects.select_related("park"), pk=pk)
    try:
        services.remove_plot(asking(request), plot)
    except Refused as refused:
        messages.error(request, refused.findings[0].message(page_language()))
        return redirect("places:plot", pk=pk)
    _done(request, "places.done.plot_removed")
    return redirect("places:park", slug=plot.park.slug)


@login_required
@form_page
def site_new(request: HttpRequest) -> HttpResponse:
    """Enter a site of a firm."""
    actor = asking(request)
    permissions.may_create_sites(actor).require()
    form = SiteForm(request.POST or None, actor=actor, site=None)

    def create(values: dict[str, Any]) -> Any:
        said = {name: value for name, value in values.items() if name not in ("organisation", "ruc")}
        return services.create_site(actor, values["organisation"], **said)

    site = _saved(form, create)
    if site is None:
        return _edit(request, form, "places.edit.site_new", redirect("places:firms").url)
    _done(request, "places.done.site")
    return redirect("places:site", pk=site.pk)


@login_required
@form_page
def site_edit(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a site."""
    actor = asking(request)
    site = queries.site_of(actor, pk)
    permissions.may_change_site(actor, site).require()
    initial = {name: getattr(site, name) for name in SiteForm.ASSIGNED}
    form = SiteForm(request.POST or None, actor=actor, site=site, initial=initial)
    kept = _saved(form, lambda values: services.change_site(actor, site, values))  # type: ignore[arg-type]
    back = redirect("places:site", pk=pk)
    if kept is None:
        return _edit(request, form, "places.edit.site", back.url)
    _done(request, "places.done.site")
    return back


@login_required
@require_POST
def publish(request: HttpRequest, pk: int, is_public: bool) -> HttpResponse:
    """The firm's name for everybody, or no longer."""
    actor = asking(request)
    site = queries.site_of(actor, pk)
    services.publish_firm(actor, site.organisation, is_public=is_public)
    _done(request, "places.done.published" if is_public else "places.done.hidden")
    return redirect("places:site", pk=pk)


@login_required
@require_POST
def share(request: HttpRequest, pk: int, is_shared: bool) -> HttpResponse:
    """The site's records for its park, or no longer."""
    actor = asking(request)
    site = queries.site_of(actor, pk)
    services.share_site(actor, site, is_shared=is_shared)
    _done(request, "places.done.shared" if is_shared else "places.done.unshared")
    return redirect("places:site", pk=pk)
