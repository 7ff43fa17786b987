"""From draft to accepted: submit, withdraw, accept, return. Every step is an event; nothing accepted changes."""

from __future__ import annotations

from django.db import transaction
from django.utils import timezone

from ayni.base.texts import Word
from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import Forbidden
from ayni.portal.places.models import Site
from ayni.portal.records.indicators import Computed, compute_all
from ayni.portal.records.models import (
    FlowTotal,
    IndicatorValue,
    Submission,
    SubmissionEvent,
    SubmissionState,
)
from ayni.portal.records.permissions import may_review, may_submit, may_withdraw, person_of
from ayni.portal.records.services.locks import lock_subject, locked
from ayni.portal.records.services.typing import recheck_draft


class Conflict(Forbidden):
    """Somebody else was quicker: the record is no longer as it was shown."""


def submit(actor: Actor, submission: Submission, *, accept_warnings: bool = False) -> Submission:
    """Hand a draft to the officers; from here on its rows never change. Raises Forbidden.

    The rows are checked once more. Errors block; warnings must be accepted by the person who submits, who is kept.
    """
    may_submit(actor, submission).require()
    with transaction.atomic():
        lock_subject(submission.subject)
        draft = locked(submission)
        may_submit(actor, draft).require()
        recheck_draft(draft, "es")
        draft.refresh_from_db()
        answer = may_submit(actor, draft)
        warnings = sum(finding["severity"] == "warning" for finding in draft.findings)
        if answer and (accept_warnings or not warnings):
            Submission.objects.filter(pk=draft.pk, state=SubmissionState.DRAFT).update(
                state=SubmissionState.SUBMITTED, submitted_at=timezone.now()
            )
            _note(actor, draft, SubmissionState.SUBMITTED, warnings_accepted=warnings)
            return locked(draft)
    answer.require()
    raise Forbidden(Word("records.refused.warnings", {"count": warnings}))


def withdraw(actor: Actor, submission: Submission, remarks: str = "") -> Submission:
    """Take a draft or a submitted version back. It stays, as withdrawn. Raises Forbidden."""
    with transaction.atomic():
        lock_subject(submission.subject)
        current = locked(submission)
        _still(submission, current)
        may_withdraw(actor, current).require()
        Submission.objects.filter(pk=current.pk).update(state=SubmissionState.WITHDRAWN, decided_at=timezone.now())
        _note(actor, current, SubmissionState.WITHDRAWN, remarks)
        return locked(current)


def accept(actor: Actor, submission: Submission, remarks: str = "") -> Submission:
    """Accept a submitted version: it supersedes the one accepted before, and its indicators are computed with it.

    Raises Forbidden, and Conflict where somebody else decided first.
    """
    may_review(actor, submission).require()
    computed = compute_all(submission)
    with transaction.atomic():
        current = _reviewable(actor, submission)
        _supersede(actor, current)
        _decide(actor, current, SubmissionState.ACCEPTED, remarks)
        _keep_computed(current, computed)
        return locked(current)


def return_for_correction(actor: Actor, submission: Submission, remarks: str) -> Submission:
    """Give a submitted version back with remarks, to be corrected as a new version. Raises Forbidden, Conflict."""
    if not remarks.strip():
        raise Forbidden(Word("records.refused.remarks"))
    with transaction.atomic():
        current = _reviewable(actor, submission)
        _decide(actor, current, SubmissionState.RETURNED, remarks)
        return locked(current)


def _reviewable(actor: Actor, submission: Submission) -> Submission:
    """The submission, held, if it is still to be decided by this actor. Raises Forbidden, Conflict."""
    lock_subject(submission.subject)
    current = locked(submission)
    _still(submission, current)
    may_review(actor, current).require()
    return current


def _still(shown: Submission, current: Submission) -> None:
    """Go on where the state is the one that was shown. Raises Conflict."""
    if shown.state != current.state:
        by = str(current.decided_by) if current.decided_by else str(current.author)
        state = Word(f"records.state.{current.state}")
        raise Conflict(Word("records.refused.conflict", {"state": state, "by": by}))


def _supersede(actor: Actor, current: Submission) -> None:
    own = {"site": current.site_id} if current.site_id else {"park": current.park_id}
    earlier = Submission.objects.filter(**own, year=current.year, state=SubmissionState.ACCEPTED)
    for one in earlier.select_for_update():
        Submission.objects.filter(pk=one.pk).update(state=SubmissionState.SUPERSEDED)
        _note(actor, one, SubmissionState.SUPERSEDED)


def _decide(actor: Actor, current: Submission, state: SubmissionState, remarks: str) -> None:
    """Compare and set: of two decisions at once one finds nothing left to decide. Raises Conflict."""
    changed = Submission.objects.filter(pk=current.pk, state=SubmissionState.SUBMITTED).update(
        state=state, decided_at=timezone.now(), decided_by=actor.user, remarks=remarks.strip()
    )
    if not changed:
        raise Conflict(Word("records.refused.decided"))
    _note(actor, current, state, remarks.strip())


def _note(
    actor: Actor, submission: Submission, state: SubmissionState, remark: str = "", *, warnings_accepted: int = 0
) -> None:
    SubmissionEvent(
        submission=submission, author=person_of(actor), state=state, remark=remark, warnings_accepted=warnings_accepted
    ).save()


def _keep_computed(submission: Submission, computed: Computed) -> None:
    IndicatorValue.objects.bulk_create(
        IndicatorValue(
            submission=submission, code=one.code, month=one.month, value=one.value, unit=one.unit, stage=one.stage,
            status=one.status, factors=list(one.factors),
        )
        for one in computed.values
    )  # fmt: skip
    if isinstance(submission.subject, Site):
        FlowTotal.objects.bulk_create(
            FlowTotal(
                submission=submission, giver=flow.giver[:40], taker=flow.taker[:40], kind=flow.kind,
                name=flow.name[:160], way=flow.way[:40], amount=flow.amount, unit=flow.unit,
            )
            for flow in computed.flows
        )  # fmt: skip
