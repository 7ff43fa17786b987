"""Pages of results: parse, ask, show."""

from __future__ import annotations

import json
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe

from ayni.base.texts import say
from ayni.portal.people.actor import asking
from ayni.portal.results import documents, queries, services
from ayni.portal.results.pages.figure import figure_page
from ayni.portal.results.pages.result import result_page
from ayni.portal.results.shown import open_figure
from ayni.portal.runs.models import RunState
from ayni.portal.site.language import page_language


@login_required
@require_safe
def park(request: HttpRequest, slug: str) -> HttpResponse:
    """A park's years: what is accepted, what can be calculated, what was."""
    actor = asking(request)
    found = queries.park_of(actor, slug)
    years = queries.park_years(actor, found, page_language())
    return render(request, "results/list.html", {"park": found, "years": years})


@login_required
@require_POST
def start(request: HttpRequest, slug: str, year: int) -> HttpResponse:
    """Ask for the results of a year; the same records and version are not calculated twice."""
    actor = asking(request)
    started = services.start(actor, queries.park_of(actor, slug), year)
    if not started.is_new:
        messages.info(request, say("results.start.there", page_language()))
    if started.run.state == RunState.DONE:
        return redirect("results:run", pk=started.run.pk)
    return redirect("runs:run", pk=started.run.pk)


@login_required
@require_safe
def run(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The results of a run; while it is not finished, how far it is."""
    found, reader = queries.run_and_reader(asking(request), pk)
    if found.state != RunState.DONE:
        return redirect("runs:run", pk=pk)
    shown = queries.shown(found, reader, page_language())
    outputs = list(found.outputs.all()) if reader.is_full else []
    context = {"run": found, "reader": reader, "page": result_page(shown, page_language()), "outputs": outputs}
    return _private(render(request, "results/run.html", context))


@login_required
@require_safe
def figure(request: HttpRequest, pk: UUID, figure: str) -> HttpResponse:
    """A figure opened, one level; asked by htmx it gives the level alone."""
    found, reader = queries.run_and_reader(asking(request), pk)
    if found.state != RunState.DONE:
        raise Http404
    shown = queries.shown(found, reader, page_language())
    opened = open_figure(shown, figure)
    if opened is None:
        raise Http404
    page = figure_page(opened, page_language())
    is_part = bool(request.headers.get("HX-Request"))
    template = "results/level.html" if is_part else "results/figure.html"
    return _private(render(request, template, {"run": found, "page": page, "is_sample": shown.is_sample}))


@login_required
@require_safe
def totals(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    """The open figures as a file."""
    found, reader = queries.run_and_reader(asking(request), pk)
    if found.state != RunState.DONE:
        raise Http404
    shown = queries.shown(found, reader, page_language())
    if form == "csv":
        response = HttpResponse(documents.totals_csv(shown), content_type="text/csv; charset=utf-8")
    else:
        text = json.dumps(documents.totals(shown), ensure_ascii=False, allow_nan=False, indent=1)
        response = HttpResponse(text, content_type="application/json; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="totals_{page_language()}.{form}"'
    return _private(response)


def _private(response: HttpResponse) -> HttpResponse:
    """What one reader sees is not kept for another, nor a part for the whole."""
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    response["Cache-Control"] = "no-store"
    return response
