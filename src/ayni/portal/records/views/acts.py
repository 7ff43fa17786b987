"""Acts on a submission: submit, withdraw, correct, check again, accept, return, attach and remove files."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from ayni.base.texts import say
from ayni.portal.people.actor import Actor, asking
from ayni.portal.people.answers import Forbidden
from ayni.portal.records import permissions, queries, services
from ayni.portal.records.forms import EvidenceForm, RemarksForm, SubmitForm
from ayni.portal.records.models import EvidenceKind, Submission
from ayni.portal.site.language import page_language

MENDABLE = frozenset(
    f"records.refused.{one}"
    for one in ("warnings", "errors", "empty", "conflict", "decided", "remarks", "still_open", "not_draft", "in_review",
                "not_submitted", "too_often")
)  # fmt: skip
"""Refusals that concern the record's state and not the person: told on its page."""


def _act(request: HttpRequest, pk: int, key: str, act: Callable[[Actor, Submission], Submission]) -> HttpResponse:
    """Do it and go to the page of what came of it; a refusal by the record's state is told there."""
    actor = asking(request)
    found = queries.submission_of(actor, pk)
    try:
        after = act(actor, found)
    except Forbidden as refused:
        if refused.reason is None or refused.reason.key not in MENDABLE:
            raise
        messages.error(request, refused.words(page_language()))
        return redirect("records:submission", pk=pk)
    messages.success(request, say(key, page_language()))
    return redirect("records:submission", pk=after.pk)


@login_required
@require_POST
def submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand the draft to the officers."""
    form = SubmitForm(request.POST)
    accepted = form.is_valid() and form.cleaned_data["accept_warnings"]
    return _act(request, pk, "records.done.submitted",
                lambda actor, found: services.submit(actor, found, accept_warnings=accepted))  # fmt: skip


@login_required
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it back."""
    return _act(request, pk, "records.done.withdrawn", services.withdraw)


@login_required
@require_POST
def correct(request: HttpRequest, pk: int) -> HttpResponse:
    """Begin a new version from this one."""
    return _act(request, pk, "records.done.corrected", services.correct)


@login_required
@require_POST
def recheck(request: HttpRequest, pk: int) -> HttpResponse:
    """Check the draft again."""
    return _act(request, pk, "records.done.rechecked",
                lambda actor, found: services.recheck(actor, found, page_language()))  # fmt: skip


@login_required
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Accept it."""
    remarks = _remarks(request)
    return _act(request, pk, "records.done.accepted", lambda actor, found: services.accept(actor, found, remarks))


@login_required
@require_POST
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Return it with remarks."""
    remarks = _remarks(request)
    return _act(request, pk, "records.done.returned",
                lambda actor, found: services.return_for_correction(actor, found, remarks))  # fmt: skip


def _remarks(request: HttpRequest) -> str:
    form = RemarksForm(request.POST)
    return form.cleaned_data["remarks"] if form.is_valid() else ""


@login_required
@require_POST
def attach(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a file behind the draft; after a profile the draft is checked again."""
    actor, language = asking(request), page_language()
    found = queries.submission_of(actor, pk)
    permissions.may_change(actor, found).require()
    form = EvidenceForm(request.POST, request.FILES)
    if not form.is_valid():
        messages.error(request, " ".join(text for texts in form.errors.values() for text in map(str, texts)))
        return redirect("records:submission", pk=pk)
    kind, file = EvidenceKind(form.cleaned_data["kind"]), form.cleaned_data["file"]
    try:
        services.attach_evidence(actor, found, file, file.name, kind)
        if kind is EvidenceKind.PROFILE:
            services.recheck(actor, found, language)
    except services.EvidenceRefused as refused:
        messages.error(request, refused.finding.message(language))
    except services.TooOften as refused:
        messages.error(request, refused.words(language))
    else:
        messages.success(request, say("records.done.attached", language))
    return redirect("records:submission", pk=pk)


@login_required
@require_POST
def evidence_remove(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a file away from a draft."""
    actor = asking(request)
    evidence = queries.evidence_of(actor, pk)
    services.remove_evidence(actor, evidence)
    messages.success(request, say("records.done.removed", page_language()))
    return redirect("records:submission", pk=evidence.submission_id)
