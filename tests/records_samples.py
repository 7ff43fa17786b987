"""The example park's records in the portal: accepted, submitted or as drafts, quickly."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from django.core.files.base import ContentFile
from django.utils import timezone

from ayni.base.sheets import Row
from ayni.parks.example import example_rows
from ayni.parks.parts import completeness, split_park
from ayni.portal.people.actor import Actor, Grant
from ayni.portal.people.models import Kind, Organisation, Role, User
from ayni.portal.places.models import Park, Site
from ayni.portal.records.contents import content_hash, content_of, record_rows
from ayni.portal.records.indicators import Computed, compute_all
from ayni.portal.records.models import (
    Channel,
    Evidence,
    EvidenceKind,
    RecordRow,
    Submission,
    SubmissionEvent,
    SubmissionState,
)
from ayni.portal.records.services.decisions import _keep_computed
from ayni.portal.records.services.files import random_name
from portal_samples import World, district, make_site

YEAR = 2025
PROFILE = "E01_electricity.csv.gz"
Rows = dict[str, list[Row]]


@dataclass
class ExampleRecords:
    """The example park in the portal: its sites by code, its submissions by code ('' for the park's own)."""

    park: Park
    sites: dict[str, Site]
    submissions: dict[str, Submission]
    author: User
    officer: User


@cache
def example_parts() -> tuple[Rows, dict[str, Rows]]:
    """The example's rows: the park's part, and each firm's by its code."""
    return split_park(example_rows("es"))


def profile_content() -> bytes:
    """The one measured profile of the example."""
    return (resources.files("ayni.data") / "example" / "profiles" / PROFILE).read_bytes()


def values_of(rows: Rows) -> dict[str, list[dict[str, Any]]]:
    """Rows as a program sends them: JSON by sheet."""
    return {name: [content_of(row) for row in kept] for name, kept in rows.items() if kept}


def own_rows(site: Site, code: str | None = None) -> Rows:
    """The example's rows of a firm, with the site's code and RUC in place of the example's. They keep one another."""
    wanted = code or site.code
    rows = dict(example_parts()[1][wanted])
    if code is not None and code != site.code:
        raise ValueError("rows of the example carry their own codes")
    rows["firms"] = [row.model_copy(update={"ruc": site.organisation.ruc}) for row in rows["firms"]]
    return rows


def firm_actor(site: Site, user: User) -> Actor:
    """A manager of the site's firm."""
    return Actor(user, (Grant(Role.FIRM_MANAGER, site.organisation_id),))


def example_sites(world: World | None = None) -> tuple[Park, dict[str, Site]]:
    """The example's park and its twelve sites: the own park of the world, filled up, or new objects.

    Two RUCs of the example belong to the other park's firms of a world; the firms here get others in their place.
    """
    if world is None:
        operator = Organisation.objects.create(kind=Kind.OPERATOR, name="Operadora de muestra", is_sample=True)
        park = Park.objects.create(
            slug="zona-demostrativa-chilca", name="Zona Demostrativa Chilca", operator=operator,
            district=district("150505", "Chilca"), latitude=-12.46, longitude=-76.741, position_status="made_up",
            is_sample=True,
        )  # fmt: skip
    else:
        park = world.park
    there = {site.code: site for site in Site.objects.filter(park=park).select_related("organisation", "park")}
    for number in range(1, 13):
        code = f"E{number:02d}"
        if code not in there:
            taken = Organisation.objects.filter(ruc=example_parts()[1][code]["firms"][0].ruc).exists()  # type: ignore[attr-defined]
            there[code] = make_site(park, number + 100 if taken else number, f"Firm {number}")
            there[code].code = code
            there[code].save()
        there[code].is_sample = park.is_sample
        there[code].name = example_parts()[1][code]["firms"][0].name  # type: ignore[attr-defined]
        there[code].save()
    return park, dict(sorted(there.items()))


def _users() -> tuple[User, User]:
    author, _ = User.objects.get_or_create(email="records.author@example.org", defaults={"name": "Author"})
    officer, _ = User.objects.get_or_create(email="records.officer@example.org", defaults={"name": "Officer"})
    return author, officer


def make_draft(subject: Site | Park, rows: Rows, author: User, year: int = YEAR) -> Submission:
    """A draft with rows, as the services leave it, without checks."""
    own = {"site": subject} if isinstance(subject, Site) else {"park": subject}
    last = Submission.objects.filter(**own, year=year).order_by("-version").first()
    submission = Submission.objects.create(
        **own, year=year, version=last.version + 1 if last else 1, channel=Channel.WORKBOOK, author=author,
        content_hash=content_hash(rows), is_sample=subject.is_sample,
        completeness=completeness(rows, of_park=isinstance(subject, Park)),
    )  # fmt: skip
    RecordRow.objects.bulk_create(record_rows(submission, rows), batch_size=500)
    SubmissionEvent.objects.create(submission=submission, author=author, state=SubmissionState.DRAFT)
    if rows.get("profiles"):
        content = profile_content()
        evidence = Evidence(
            submission=submission, kind=EvidenceKind.PROFILE, name=PROFILE, size=len(content),
            sha256=hashlib.sha256(content).hexdigest(),
            author=author,
        )  # fmt: skip
        evidence.file.save(random_name(), ContentFile(content), save=False)
        evidence.save()
    return submission


def make_submitted(subject: Site | Park, rows: Rows, author: User, year: int = YEAR) -> Submission:
    """A submitted version, without checks."""
    submission = make_draft(subject, rows, author, year)
    Submission.objects.filter(pk=submission.pk).update(state=SubmissionState.SUBMITTED, submitted_at=timezone.now())
    SubmissionEvent.objects.create(submission=submission, author=author, state=SubmissionState.SUBMITTED)
    return Submission.objects.select_related("site__organisation", "site__park", "park").get(pk=submission.pk)


def make_accepted(subject: Site | Park, rows: Rows, author: User, officer: User, year: int = YEAR) -> Submission:
    """An accepted version with its indicators, without checks."""
    submission = make_submitted(subject, rows, author, year)
    Submission.objects.filter(pk=submission.pk).update(
        state=SubmissionState.ACCEPTED, decided_at=timezone.now(), decided_by=officer
    )
    SubmissionEvent.objects.create(submission=submission, author=officer, state=SubmissionState.ACCEPTED)
    submission.refresh_from_db()
    _keep_computed(submission, _computed(submission))
    return submission


_known: dict[tuple[str, str, bool], Computed] = {}


def _computed(submission: Submission) -> Computed:
    """The indicators; those of equal rows of one process are computed once."""
    key = (submission.content_hash, str(submission.site or ""), submission.is_sample)
    if key not in _known:
        _known[key] = compute_all(submission)
    return _known[key]


def accept_example(world: World | None = None) -> ExampleRecords:
    """The example park's records of 2025, all accepted: the park's own and those of its twelve sites."""
    park, sites = example_sites(world)
    author, officer = _users()
    submissions = {"": make_accepted(park, example_parts()[0], author, officer)}
    for code, site in sites.items():
        submissions[code] = make_accepted(site, own_rows(site), author, officer)
    return ExampleRecords(park, sites, submissions, author, officer)
