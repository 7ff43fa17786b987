"""Pages of runs: parse, ask, show."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_POST, require_safe
from django_tables2 import RequestConfig

from ayni.base.texts import say
from ayni.portal.people.actor import Actor
from ayni.portal.runs import queries, services
from ayni.portal.runs.downloads import attachment
from ayni.portal.runs.filters import RunFilter
from ayni.portal.runs.models import RunState
from ayni.portal.runs.tables import RunTable
from ayni.portal.runs.words import STATE_CHIPS, input_lines, kind_words, line_words, stage_words, state_words
from ayni.portal.site.findings import said
from ayni.portal.site.language import page_language

PER_PAGE = 25


@login_required
@require_safe
def runs(request: HttpRequest) -> HttpResponse:
    """The runs that the reader may read."""
    readable = queries.runs_of(_actor(request))
    found = RunFilter(request.GET, queryset=readable)
    table = RunTable(found.qs)
    key = "runs.list.none_found" if request.GET else "runs.list.empty"
    table.empty_text = say(key, page_language())
    RequestConfig(request, paginate={"per_page": PER_PAGE, "silent": True}).configure(table)
    return render(request, "runs/list.html", {"table": table, "filter": found})


@login_required
@require_safe
def run(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One run. Asked by htmx it gives the part that changes, and asks for the whole page when the run is over."""
    actor, language = _actor(request), page_language()
    page = queries.run_page(actor, queries.run_of(actor, pk))
    found = page.run
    context = {
        "page": page, "run": found, "kind": kind_words(found.kind, language), "state": state_words(found, language),
        "chip": STATE_CHIPS[RunState(found.state)], "percent": round(100 * found.progress),
        "stage": stage_words(found.stage, language), "findings": said(page.findings, language),
        "inputs": input_lines(found.inputs, language),
        "lines": [(line.at, line_words(line, language)) for line in page.lines],
    }  # fmt: skip
    is_part = bool(request.headers.get("HX-Request"))
    response = render(request, "runs/progress.html" if is_part else "runs/run.html", context)
    if is_part and not page.is_open:
        response["HX-Refresh"] = "true"
    patch_vary_headers(response, ["HX-Request"])
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def cancel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask the run to stop."""
    actor = _actor(request)
    services.ask_cancel(actor, queries.run_of(actor, pk))
    return redirect("runs:run", pk=pk)


@login_required
@require_POST
def retry(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The same once more, as a new run."""
    actor = _actor(request)
    made = services.retry(actor, queries.run_of(actor, pk))
    messages.success(request, say("runs.run.started", page_language()))
    return redirect("runs:run", pk=made.pk)


@login_required
@require_safe
def output(request: HttpRequest, pk: UUID, name: str) -> StreamingHttpResponse:
    """A file of the run, to be saved, never shown by the browser itself."""
    return attachment(queries.output_of(_actor(request), pk, name))


def _actor(request: HttpRequest) -> Actor:
    actor: Actor = request.actor  # type: ignore[attr-defined]
    return actor
