"""Single submissions, those that are accepted, and what stands behind them."""

from __future__ import annotations

from django.db.models import Count, Q, QuerySet
from django.http import Http404

from ayni.base.sheets import Row
from ayni.base.texts import Language
from ayni.portal.people.actor import Actor
from ayni.portal.places.models import Park, Site
from ayni.portal.records.contents import rebuilt
from ayni.portal.records.models import Evidence, Submission, SubmissionState
from ayni.portal.records.permissions import Subject, may_read_submission

WITH_SUBJECT = ("site__organisation", "site__park", "park", "author", "decided_by")
OPEN = (SubmissionState.DRAFT, SubmissionState.SUBMITTED)


def submissions() -> QuerySet[Submission]:
    """All submissions with whose they are."""
    return Submission.objects.select_related(*WITH_SUBJECT)


def submission_of(actor: Actor, pk: int) -> Submission:
    """A submission that the actor may read. Raises Http404 for every other."""
    found = submissions().filter(pk=pk).first()
    if found is None or not may_read_submission(actor, found):
        raise Http404
    return found


def evidence_of(actor: Actor, pk: int) -> Evidence:
    """A file behind a submission that the actor may read. Raises Http404 for every other."""
    found = Evidence.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    found.submission = submission_of(actor, found.submission_id)
    return found


def accepted_submissions(park: Park, year: int) -> QuerySet[Submission]:
    """The accepted record of the park itself and those of its sites, for a year."""
    whose = Q(park=park) | Q(site__park=park)
    return submissions().filter(whose, year=year, state=SubmissionState.ACCEPTED).order_by("site__code")


def accepted_years(park: Park) -> list[int]:
    """The years of which something is accepted, the latest first."""
    whose = Q(park=park) | Q(site__park=park)
    found = Submission.objects.filter(whose, state=SubmissionState.ACCEPTED)
    return sorted(set(found.order_by().values_list("year", flat=True)), reverse=True)


def of_subject(subject: Subject) -> QuerySet[Submission]:
    """The versions of a site or of a park."""
    return submissions().filter(**({"site": subject} if isinstance(subject, Site) else {"park": subject}))


def latest_accepted(subject: Subject) -> Submission | None:
    """The accepted version of the latest year."""
    return of_subject(subject).filter(state=SubmissionState.ACCEPTED).order_by("-year").first()


def previous_of(submission: Submission) -> Submission | None:
    """The version that a submission is compared with: the last one before it that holds rows."""
    earlier = of_subject(submission.subject).filter(year=submission.year, version__lt=submission.version)
    return earlier.exclude(content_hash="").order_by("-version").first()


def has_open_version(submission: Submission) -> bool:
    """Whether a version of the same year is being worked on or reviewed."""
    return of_subject(submission.subject).filter(year=submission.year, state__in=OPEN).exists()


def sheet_counts(submission: Submission) -> dict[str, int]:
    """How many rows each sheet of a submission has."""
    counted = submission.rows.order_by().values_list("sheet").annotate(count=Count("pk"))
    return dict(counted)


def rows_of_submission(submission: Submission, language: Language = "es") -> dict[str, list[Row]]:
    """A submission's rows as the rooms know them."""
    return rebuilt(submission.rows.all(), language)
