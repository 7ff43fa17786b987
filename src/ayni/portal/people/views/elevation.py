"""Elevated access: asking for it, ending it, reading its log."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST
from django_tables2 import RequestConfig

from ayni.base.texts import say
from ayni.portal.people import permissions, queries, services
from ayni.portal.people.actor import asking
from ayni.portal.people.forms import ElevateForm
from ayni.portal.people.models import Elevation
from ayni.portal.people.second_factor import second_factor_at
from ayni.portal.people.tables import AccessTable, ElevationTable
from ayni.portal.people.views.account import confirm_url, has_recent_second_factor, signed_in
from ayni.portal.site.language import page_language


@login_required
def elevations(request: HttpRequest) -> HttpResponse:
    """Every elevated access; an administrator asks for one by POST."""
    actor = asking(request)
    permissions.may_read_elevations(actor).require()
    user, here = signed_in(request), reverse("people:elevations")
    form = ElevateForm(request.POST or None)
    if request.method == "POST":
        permissions.may_elevate(actor).require()
        if not has_recent_second_factor(request):
            return redirect(confirm_url(request, here))
        if form.is_valid():
            services.ask_elevation(actor, form.cleaned_data["reason"], second_factor_at(request, user))
            messages.warning(request, say("people.elevation.begun", page_language()))
            return redirect(here)
    table = ElevationTable(queries.elevations())
    RequestConfig(request, paginate={"per_page": 25}).configure(table)
    context = {
        "table": table, "form": form, "may_elevate": permissions.may_elevate(actor),
        "is_confirmed": has_recent_second_factor(request), "confirm_url": confirm_url(request, here),
        "running": queries.running_elevation(user),
    }  # fmt: skip
    return render(request, "people/elevations.html", context)


@login_required
@require_GET
def elevation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """What was answered under one elevated access."""
    permissions.may_read_elevations(asking(request)).require()
    found = get_object_or_404(Elevation.objects.select_related("user"), pk=pk)
    table = AccessTable(queries.accesses_of(found))
    RequestConfig(request, paginate={"per_page": 50}).configure(table)
    return render(request, "people/elevation.html", {"elevation": found, "table": table})


@login_required
@require_POST
def end_elevation(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """End one's own elevated access."""
    services.end_elevation(asking(request), get_object_or_404(Elevation, pk=pk))
    messages.success(request, say("people.elevation.ended", page_language()))
    return redirect("people:elevations")
