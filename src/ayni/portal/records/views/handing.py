"""Handing in: which record and how, the upload, templates and exports, rows typed into forms."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ayni.base.texts import Language, say
from ayni.portal.people.actor import asking
from ayni.portal.people.answers import Forbidden, first_no, no
from ayni.portal.records import permissions, queries, services
from ayni.portal.records.exports import csv_of_list
from ayni.portal.records.filters import SubmissionFilter
from ayni.portal.records.forms import NewForm, RowForm, UploadForm, initial_of_new, initial_of_row
from ayni.portal.records.models import Submission
from ayni.portal.records.tables import whose
from ayni.portal.records.wording import sheet_names, sheet_note, sheet_title
from ayni.portal.records.workbooks import submission_bytes, template_bytes
from ayni.portal.site.language import page_language

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
form_page = require_http_methods(["GET", "HEAD", "POST"])


def _require_subjects(request: HttpRequest) -> list[permissions.Subject]:
    """What the reader hands in for. Raises Forbidden where that is nothing."""
    subjects = queries.own_subjects(asking(request))
    first_no(*([] if subjects else [no("records.refused.nothing_own")])).require()
    return subjects


@login_required
@form_page
def new(request: HttpRequest) -> HttpResponse:
    """Which record is to be handed in, and how."""
    actor, subjects = asking(request), _require_subjects(request)
    form = NewForm(request.POST or None, subjects=subjects, initial=_initial(request))
    if form.is_valid():
        chosen = form.cleaned_data
        subject = queries.subject_of(actor, chosen["subject"])
        if chosen["way"] == "upload":
            return redirect(f"{reverse('records:upload')}?{urlencode({k: chosen[k] for k in ('subject', 'year')})}")
        try:
            draft = services.start_form(actor, subject, chosen["year"])
        except Forbidden as refused:
            form.add_error(None, refused.words(page_language()))
        else:
            return redirect("records:submission", pk=draft.pk)
    return render(request, "records/new.html", {"form": form}, status=422 if form.is_bound else 200)


@login_required
@form_page
def upload(request: HttpRequest) -> HttpResponse:
    """Hand in a workbook."""
    actor, subjects = asking(request), _require_subjects(request)
    form = UploadForm(request.POST or None, request.FILES or None, subjects=subjects, initial=_initial(request))
    if form.is_valid():
        chosen = form.cleaned_data
        subject, book = queries.subject_of(actor, chosen["subject"]), chosen["file"]
        profiles = [(one, one.name) for one in chosen["profiles"]]
        try:
            draft = services.hand_in_workbook(
                actor, subject, chosen["year"], book, book.name, page_language(), profiles=profiles
            )
        except Forbidden as refused:
            form.add_error(None, refused.words(page_language()))
        else:
            _tell_upload(request, draft)
            return redirect("records:submission", pk=draft.pk)
    return render(request, "records/upload.html", {"form": form}, status=422 if form.is_bound else 200)


def _tell_upload(request: HttpRequest, draft: Submission) -> None:
    language = page_language()
    errors = sum(finding["severity"] == "error" for finding in draft.findings)
    if not draft.is_draft:
        messages.info(request, say("records.done.same", language))
    elif errors:
        messages.error(request, say("records.done.upload_refused", language, count=errors))
    else:
        messages.success(request, say("records.done.upload", language))


def _initial(request: HttpRequest) -> dict[str, str]:
    return {name: request.GET[name] for name in ("subject", "year") if name in request.GET}


@login_required
@require_safe
def template(request: HttpRequest) -> HttpResponse:
    """The workbook to be filled in: of a firm or of a park, in either language, with what was last accepted."""
    language: Language = "en" if request.GET.get("lang", page_language()) == "en" else "es"
    key = request.GET.get("subject")
    subject = queries.subject_of(asking(request), key) if key else None
    for_park = key.startswith("park-") if key else request.GET.get("kind") == "park"
    content = template_bytes(language, for_park=for_park, subject=subject)
    return _download(content, say(f"records.file.{'park' if for_park else 'firm'}", language))


@login_required
@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """A submission's rows as a workbook."""
    found = queries.submission_of(asking(request), pk)
    code = found.site.code if found.site else found.subject.pk
    return _download(submission_bytes(found, page_language()), f"ayni_{code}_{found.year}_v{found.version}")


def _download(content: bytes, stem: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f'attachment; filename="{stem}.xlsx"'
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_safe
def list_csv(request: HttpRequest) -> HttpResponse:
    """The list of records as a file, narrowed down as the page was."""
    found = SubmissionFilter(request.GET, queryset=queries.readable(asking(request))).qs
    response = HttpResponse(csv_of_list(found), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="ayni_records.csv"'
    return response


@login_required
@form_page
def row(request: HttpRequest, pk: int, sheet: str, number: int | None = None) -> HttpResponse:
    """Type a row of a draft, new or one that is there."""
    actor, language = asking(request), page_language()
    found = queries.submission_of(actor, pk)
    permissions.may_change(actor, found).require()
    if sheet not in sheet_names(of_park=found.park_id is not None):
        raise Http404
    kept = found.rows.filter(sheet=sheet, row=number).first() if number is not None else None
    if number is not None and kept is None:
        raise Http404
    initial = _row_initial(found, sheet, kept.content if kept else None)
    form = RowForm(request.POST or None, sheet=sheet, language=language, initial=initial)
    if form.is_valid():
        saved, findings = services.save_form_row(actor, found, sheet, form.values(), language, row=number)
        if saved is not None:
            messages.success(request, say("records.done.row", language))
            return redirect(_after_row(request, found, sheet))
        form.tell(findings)
    context = {
        "form": form, "submission": found, "whose": whose(found), "sheet": sheet, "number": number,
        "title": sheet_title(sheet, language), "note": sheet_note(sheet, language),
    }  # fmt: skip
    return render(request, "records/row.html", context, status=422 if form.is_bound else 200)


def _row_initial(found: Submission, sheet: str, content: dict[str, Any] | None) -> dict[str, Any]:
    if content is not None:
        return initial_of_row(content, sheet)
    last = found.rows.filter(sheet=sheet).order_by("row").last()
    return initial_of_new(sheet, found.subject, last.content if last else None)


def _after_row(request: HttpRequest, found: Submission, sheet: str) -> str:
    """To the sheet again, or to the next new row of it."""
    if "another" in request.POST:
        return reverse("records:row_new", kwargs={"pk": found.pk, "sheet": sheet})
    return f"{reverse('records:submission', kwargs={'pk': found.pk})}?sheet={sheet}#rows"


@login_required
@require_POST
def row_delete(request: HttpRequest, pk: int, sheet: str, number: int) -> HttpResponse:
    """Take a row out of a draft."""
    actor = asking(request)
    found = queries.submission_of(actor, pk)
    permissions.may_change(actor, found).require()
    if not found.rows.filter(sheet=sheet, row=number).exists():
        raise Http404
    services.delete_form_row(actor, found, sheet, number, page_language())
    messages.success(request, say("records.done.row_deleted", page_language()))
    return redirect(f"{reverse('records:submission', kwargs={'pk': pk})}?sheet={sheet}#rows")
