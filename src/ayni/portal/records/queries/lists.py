"""Lists of records: one's own by year, those to be reviewed, those of a park's tenants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import Http404
from django.utils import timezone

from ayni.portal.people.actor import Actor
from ayni.portal.places.models import Park, Site
from ayni.portal.places.permissions import FIRM_ROLES, PARK_ROLES
from ayni.portal.records.models import Submission, SubmissionState
from ayni.portal.records.permissions import Subject, readable_submissions
from ayni.portal.records.queries.submissions import submissions

MISSING = "missing"
"""The state of a year of which nothing was handed in."""


@dataclass(frozen=True)
class OwnYear:
    """A year of one's own site or park: its latest version, None where there is none."""

    subject: Subject
    year: int
    latest: Submission | None
    accepted: Submission | None

    @property
    def state(self) -> str:
        """The state of the latest version."""
        return self.latest.state if self.latest else MISSING

    @property
    def is_park(self) -> bool:
        """Whether it is what a park says of itself."""
        return isinstance(self.subject, Park)

    @property
    def key(self) -> str:
        """The subject as forms name it."""
        return subject_key(self.subject)


@dataclass(frozen=True)
class Tenant:
    """How far a tenant of a park is with a year: accepted, submitted or missing; no figure of it."""

    site: Site
    state: str


def latest_full_year() -> int:
    """The last calendar year that is over."""
    return timezone.localdate().year - 1


def subject_key(subject: Subject) -> str:
    """A subject as forms and addresses name it: ``site-7`` or ``park-2``."""
    return f"{'site' if isinstance(subject, Site) else 'park'}-{subject.pk}"


def own_subjects(actor: Actor) -> list[Subject]:
    """The sites and parks that the actor hands in for: two queries."""
    sites = Site.objects.filter(organisation__in=actor.organisations(*FIRM_ROLES)).select_related(
        "organisation", "park"
    )
    parks = Park.objects.filter(operator__in=actor.organisations(*PARK_ROLES))
    return [*sites, *parks]


def subject_of(actor: Actor, key: str) -> Subject:
    """One's own site or park by its key. Raises Http404 for every other."""
    kind, _, number = key.partition("-")
    for subject in own_subjects(actor):
        if subject_key(subject) == f"{kind}-{number}":
            return subject
    raise Http404


def own_years(actor: Actor) -> list[OwnYear]:
    """The years of one's own sites and parks, and the last full year of each in any case: three queries."""
    subjects = own_subjects(actor)
    whose = Q(site__in=[one.pk for one in subjects if isinstance(one, Site)])
    whose |= Q(park__in=[one.pk for one in subjects if isinstance(one, Park)])
    versions: dict[tuple[str, int], list[Submission]] = {}
    for one in submissions().filter(whose).order_by("version") if subjects else ():
        versions.setdefault((subject_key(one.subject), one.year), []).append(one)
    for subject in subjects:
        versions.setdefault((subject_key(subject), latest_full_year()), [])
    by_key = {subject_key(subject): subject for subject in subjects}
    order = {key: place for place, key in enumerate(by_key)}
    keys = sorted(versions, key=lambda pair: (-pair[1], order[pair[0]]))
    return [_own_year(by_key[key], year, versions[key, year]) for key, year in keys]


def _own_year(subject: Subject, year: int, found: list[Submission]) -> OwnYear:
    shown = [one for one in found if one.state != SubmissionState.WITHDRAWN]
    accepted = next((one for one in found if one.state == SubmissionState.ACCEPTED), None)
    return OwnYear(subject, year, shown[-1] if shown else None, accepted)


def readable(actor: Actor) -> QuerySet[Submission]:
    """The submissions that the actor may read."""
    return submissions().filter(readable_submissions(actor)).order_by("-year", "-submitted_at", "-pk")


def versions_of(actor: Actor, submission: Submission) -> QuerySet[Submission]:
    """The versions of the same year that the actor may read."""
    same = readable(actor).filter(site=submission.site_id, park=submission.park_id, year=submission.year)
    return same.order_by("version")


def review_queue(actor: Actor) -> QuerySet[Submission]:
    """What waits for an officer of the district, the oldest first."""
    rule = Q(pk__in=[])
    for area in actor.areas():
        rule |= Q(site__district__ubigeo__startswith=area) | Q(park__district__ubigeo__startswith=area)
    return submissions().filter(rule, state=SubmissionState.SUBMITTED).order_by("submitted_at", "pk")


def tenants_state(park: Park, year: int) -> list[Tenant]:
    """How far the park's tenants are with a year: two queries."""
    sites = Site.objects.filter(park=park, is_operating=True).order_by("code")
    found = Submission.objects.filter(
        site__park=park, year=year, state__in=(SubmissionState.SUBMITTED, SubmissionState.ACCEPTED)
    )
    return list(_tenants(sites, dict(found.order_by("state").reverse().values_list("site", "state"))))


def _tenants(sites: Iterable[Site], states: dict[int, str]) -> Iterable[Tenant]:
    return (Tenant(site, states.get(site.pk, MISSING)) for site in sites)
