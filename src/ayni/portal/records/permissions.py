"""Who may hand in, submit, read and decide what, and why not."""

from __future__ import annotations

from django.db.models import Q

from ayni.base.texts import Word
from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import YES, Answer, Forbidden, first_no, no
from ayni.portal.people.models import User
from ayni.portal.places.models import Park, Site
from ayni.portal.places.permissions import (
    FIRM_ROLES,
    PARK_ROLES,
    may_read_park_records,
    may_read_site_records,
    readable_parks,
    readable_sites,
)
from ayni.portal.records.models import Submission, SubmissionState

Subject = Site | Park
WRITE = "write"


def person_of(actor: Actor) -> User:
    """The person who writes. Raises Forbidden where nobody has signed in."""
    if actor.user is None:
        raise Forbidden(Word("records.refused.sign_in"))
    return actor.user


def is_own(actor: Actor, subject: Subject) -> bool:
    """Whether the subject is the actor's own: the firm of the site, or operator and consultants of the park."""
    if isinstance(subject, Site):
        return actor.holds(subject.organisation_id, *FIRM_ROLES)
    return actor.holds(subject.operator_id, *PARK_ROLES)


def may_hand_in(actor: Actor, subject: Subject) -> Answer:
    """Firms for their sites, operators and consultants for what the park says of itself; with a token, to write."""
    if not actor.is_known:
        return no("records.refused.sign_in")
    if not is_own(actor, subject):
        return no("records.refused.site" if isinstance(subject, Site) else "records.refused.park")
    return YES if actor.may_use(WRITE) else no("records.refused.scope")


def may_read_submission(actor: Actor, submission: Submission) -> Answer:
    """Those who may read the subject's records; what was never submitted is its authors' alone."""
    subject = submission.subject
    answer = (
        may_read_site_records(actor, subject) if isinstance(subject, Site) else may_read_park_records(actor, subject)
    )
    if submission.submitted_at is None and not (is_own(actor, subject) or actor.is_elevated):
        return first_no(answer, no("records.refused.draft"))
    return answer


def readable_submissions(actor: Actor) -> Q:
    """The same rule as ``may_read_submission``, for a query."""
    if actor.is_elevated:
        return Q()
    readable = Q(site__in=readable_sites(actor)) | Q(park__in=readable_parks(actor))
    own = Q(site__organisation__in=actor.organisations(*FIRM_ROLES)) | Q(
        park__operator__in=actor.organisations(*PARK_ROLES)
    )
    return readable & (Q(submitted_at__isnull=False) | own)


def may_change(actor: Actor, submission: Submission) -> Answer:
    """Its own people, while it is a draft."""
    return first_no(
        may_hand_in(actor, submission.subject), YES if submission.is_draft else no("records.refused.not_draft")
    )


def may_submit(actor: Actor, submission: Submission) -> Answer:
    """A draft with rows and without errors."""
    if submission.is_draft and any(finding["severity"] == "error" for finding in submission.findings):
        return first_no(may_change(actor, submission), no("records.refused.errors"))
    if submission.is_draft and not submission.content_hash:
        return first_no(may_change(actor, submission), no("records.refused.empty"))
    return may_change(actor, submission)


def may_withdraw(actor: Actor, submission: Submission) -> Answer:
    """Its own people, until it is decided."""
    is_open = submission.state in (SubmissionState.DRAFT, SubmissionState.SUBMITTED)
    return first_no(may_hand_in(actor, submission.subject), YES if is_open else no("records.refused.decided"))


def may_correct(actor: Actor, submission: Submission, *, has_open: bool) -> Answer:
    """Its own people, once it was decided or withdrawn, where no other version is being worked on or reviewed."""
    is_open = submission.state in (SubmissionState.DRAFT, SubmissionState.SUBMITTED)
    return first_no(
        may_hand_in(actor, submission.subject),
        no("records.refused.still_open") if is_open or has_open else YES,
    )


def may_review(actor: Actor, submission: Submission) -> Answer:
    """Officers of its district; nobody what they or their own organisation handed in."""
    if not actor.covers(submission.district_id):
        return no("records.refused.review")
    if not actor.may_use(WRITE):
        return no("records.refused.scope")
    is_author = actor.user is not None and submission.author_id == actor.user.pk
    if is_author or is_own(actor, submission.subject):
        return no("records.refused.own_review")
    if submission.state == SubmissionState.SUBMITTED:
        return YES
    return no("records.refused.not_submitted" if submission.is_draft else "records.refused.decided")
