"""Pages to read: one's records, what is to be reviewed, a submission with its rows, findings, files and history."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from django_tables2 import RequestConfig, Table

from ayni.portal.people.actor import Actor, asking
from ayni.portal.people.models import Role
from ayni.portal.places.models import Park
from ayni.portal.records import permissions, queries
from ayni.portal.records.filters import SubmissionFilter
from ayni.portal.records.forms import EvidenceForm, RemarksForm
from ayni.portal.records.models import Submission
from ayni.portal.records.tables import OwnTable, SubmissionTable, share_text, state_chip, whose
from ayni.portal.records.wording import sheet_note, sheet_table, sheet_tabs
from ayni.portal.site.findings import said
from ayni.portal.site.language import page_language

ROWS, SHEET_ROWS, FINDINGS = 25, 25, 60


def paged(request: HttpRequest, table: Table) -> Table:
    """The page of the list, in the order that was asked for."""
    RequestConfig(request, paginate={"per_page": ROWS}).configure(table)
    return table


@login_required
@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """What the reader hands in, and what waits for their review."""
    actor = asking(request)
    own = queries.own_years(actor)
    is_officer = actor.has_role(Role.OFFICER)
    queue = queries.review_queue(actor) if is_officer else None
    table = SubmissionTable(queue, prefix="r-", exclude=("version",)) if queue is not None else None
    return render(request, "records/home.html", {
        "own": paged(request, OwnTable(own)) if own else None, "parks": _parks(own), "is_officer": is_officer,
        "queue": paged(request, table) if table is not None else None,
    })  # fmt: skip


def _parks(own: list[queries.OwnYear]) -> list[dict[str, Any]]:
    """One's own parks with how far their tenants are, for the latest year of each."""
    parks: dict[int, dict[str, Any]] = {}
    for one in own:
        if isinstance(one.subject, Park) and one.subject.pk not in parks:
            tenants = queries.tenants_state(one.subject, one.year)
            lines = [{"site": tenant.site, "chip": state_chip(tenant.state)} for tenant in tenants]
            accepted = sum(tenant.state == "accepted" for tenant in tenants)
            parks[one.subject.pk] = {"park": one.subject, "year": one.year, "tenants": lines, "accepted": accepted}
    return list(parks.values())


@login_required
@require_safe
def listed(request: HttpRequest) -> HttpResponse:
    """Every submission that the reader may read."""
    filtered = SubmissionFilter(request.GET, queryset=queries.readable(asking(request)))
    table = paged(request, SubmissionTable(filtered.qs))
    return render(request, "records/list.html", {
        "filter": filtered, "table": table, "query": request.GET.urlencode(),
    })  # fmt: skip


@login_required
@require_safe
def submission(request: HttpRequest, pk: int) -> HttpResponse:
    """One version: state and next step, findings, rows by sheet, files, changes, history."""
    actor, language = asking(request), page_language()
    found = queries.submission_of(actor, pk)
    findings = said(found.findings, language)
    previous = queries.previous_of(found)
    return render(request, "records/submission.html", {
        "submission": found, "whose": whose(found), "chip": state_chip(found.state),
        "complete": share_text(found.completeness), "findings": findings[:FINDINGS],
        "findings_left": max(len(findings) - FINDINGS, 0), **_counts(found),
        **_answers(actor, found), **_sheets(request, found),
        "evidence": found.evidence.select_related("author"), "previous": previous,
        "differences": queries.difference(previous, found, language) if previous and found.content_hash else [],
        "events": found.events.select_related("author"),
        "evidence_form": EvidenceForm(), "remarks_form": RemarksForm(),
        "versions": queries.versions_of(actor, found),
    })  # fmt: skip


def _counts(found: Submission) -> dict[str, int]:
    severities = [finding["severity"] for finding in found.findings]
    return {"errors": severities.count("error"), "warnings": severities.count("warning")}


def _answers(actor: Actor, found: Submission) -> dict[str, Any]:
    """What the reader may do with it, each with its reason."""
    return {
        "is_own": permissions.is_own(actor, found.subject),
        "is_officer": actor.has_role(Role.OFFICER),
        "may_change": permissions.may_change(actor, found), "may_submit": permissions.may_submit(actor, found),
        "may_withdraw": permissions.may_withdraw(actor, found), "may_review": permissions.may_review(actor, found),
        "may_correct": permissions.may_correct(actor, found, has_open=queries.has_open_version(found)),
    }  # fmt: skip


def _sheets(request: HttpRequest, found: Submission) -> dict[str, Any]:
    """The sheets, and the page of rows of the one that is looked at."""
    language = page_language()
    is_draft = found.is_draft and bool(permissions.may_change(asking(request), found))
    tabs = sheet_tabs(queries.sheet_counts(found), language, of_park=found.park_id is not None, all_sheets=is_draft)
    names = [tab.name for tab in tabs]
    wanted = request.GET.get("sheet", "")
    first = next((tab.name for tab in tabs if tab.count), names[0] if names else "")
    sheet = wanted if wanted in names else first
    page = Paginator(found.rows.filter(sheet=sheet), SHEET_ROWS).get_page(request.GET.get("page"))
    title = next((tab.title for tab in tabs if tab.name == sheet), "")
    return {
        "tabs": tabs, "sheet": sheet, "sheet_title": title, "page": page, "is_editable": is_draft,
        "sheet_note": sheet_note(sheet, language) if sheet else "",
        "table": sheet_table(sheet, list(page.object_list), language) if sheet else None,
    }  # fmt: skip


@login_required
@require_safe
def evidence(request: HttpRequest, pk: int) -> HttpResponse:
    """A file, to be kept and not to be shown: no browser is told to run it."""
    found = queries.evidence_of(asking(request), pk)
    with found.file.open("rb") as stream:
        response = HttpResponse(stream.read(), content_type="application/octet-stream")
    response["Content-Disposition"] = content_disposition_header(True, found.name)
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response
