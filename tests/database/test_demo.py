"""The demonstration: whole, made up, with something to do for every role; and refused everywhere else."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import settings as django_settings
from django.test import Client
from django.urls import reverse

from ayni.portal.dashboards.models import Publication
from ayni.portal.demo import ACCOUNTS, PASSWORD, NotADemonstration, code_of, load, load_once
from ayni.portal.demo.accounts import RETURNED, SHARING, VERIFIED, WAITING
from ayni.portal.people.actor import actor_of
from ayni.portal.people.models import Engagement, Organisation, Role, User
from ayni.portal.places.models import Park, Site
from ayni.portal.records.models import IndicatorValue, Submission, SubmissionState
from ayni.portal.runs.models import Run
from ayni.portal.welcome.queries import HEADLINES
from portal_samples import World

SECONDS_MAX = 60.0
FIRMS = 12


@pytest.fixture(scope="module")
def loaded(django_db_setup: None, django_db_blocker: Any) -> Iterator[float]:
    """The demonstration, loaded once, and how long that took [s]; rolled back afterwards."""
    from django.db import transaction
    from django.test import override_settings

    with django_db_blocker.unblock(), override_settings(IS_DEMO=True), transaction.atomic():
        started = time.process_time()
        load()
        yield time.process_time() - started
        transaction.set_rollback(True)


def test_it_is_loaded_in_a_minute(loaded: float) -> None:
    assert loaded < SECONDS_MAX


def test_twelve_firms_and_their_park_are_accepted(loaded: float) -> None:
    park = Park.objects.get(is_sample=True)
    assert Site.objects.filter(park=park, is_sample=True).count() == FIRMS
    accepted = Submission.objects.filter(state=SubmissionState.ACCEPTED, year=2025)
    assert accepted.filter(site__park=park).count() == FIRMS
    assert accepted.filter(park=park).count() == 1
    assert all(IndicatorValue.objects.filter(submission=one).exists() for one in accepted)
    assert Park.objects.filter(is_sample=False).exists()


def test_one_correction_waits_and_one_was_returned_with_remarks(loaded: float) -> None:
    waiting = Submission.objects.get(state=SubmissionState.SUBMITTED)
    returned = Submission.objects.get(state=SubmissionState.RETURNED)
    assert (waiting.subject, waiting.version) == (Site.objects.get(code=WAITING), 2)
    assert (returned.subject, returned.version) == (Site.objects.get(code=RETURNED), 2)
    assert returned.remarks
    before = Submission.objects.get(site=waiting.site, state=SubmissionState.ACCEPTED)
    assert before.content_hash != waiting.content_hash


def test_everything_is_made_up(loaded: float) -> None:
    assert not Submission.objects.filter(is_sample=False).exists()
    assert not Site.objects.filter(is_sample=False).exists()
    assert not Organisation.objects.filter(is_sample=False).exists()
    assert not Run.objects.filter(is_sample=False).exists()


def test_some_firms_share_and_one_engaged_verifiers(loaded: float) -> None:
    assert set(Site.objects.filter(is_shared_with_park=True).values_list("code", flat=True)) == SHARING
    assert 0 < len(SHARING) < FIRMS
    assert Engagement.objects.get().firm.sites.get().code == VERIFIED


def test_totals_are_published_and_stand_on_the_front_page(loaded: float) -> None:
    publication = Publication.objects.get()
    assert (publication.year, publication.is_sample) == (2025, True)
    page = Client().get(reverse("welcome:home"))
    shown = page.context["published"]
    assert [cell.firms for _, cell in shown.totals] == [FIRMS] * len(HEADLINES)
    text = page.content.decode()
    assert all(label in text for label, _ in shown.totals)


def test_results_of_the_park_are_on_their_way(loaded: float) -> None:
    run = Run.objects.get(kind="park_results")
    assert run.year == 2025
    assert run.park is not None


def test_one_account_per_role_with_password_and_codes(loaded: float) -> None:
    assert sorted(account.role for account in ACCOUNTS) == sorted(Role)
    for account in ACCOUNTS:
        user = User.objects.get(email=account.email)
        assert user.check_password(PASSWORD)
        assert actor_of(user, has_second_factor=True).has_role(account.role)
        authenticator = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP)
        assert TOTP(authenticator).validate_code(code_of(account))


def test_nobody_else_can_sign_in(loaded: float) -> None:
    listed = [account.email for account in ACCOUNTS]
    others = User.objects.exclude(email__in=listed)
    assert others.count() == FIRMS - 1
    assert not any(user.has_usable_password() for user in others)


def test_the_page_shows_every_account_with_its_code(loaded: float) -> None:
    client = Client()
    page = client.get(reverse("welcome:demo")).content.decode()
    assert PASSWORD in page
    assert all(account.email in page for account in ACCOUNTS)
    part = client.get(reverse("welcome:demo"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in part
    assert any(code_of(account) in part for account in ACCOUNTS)


def test_it_is_refused_where_people_are(loaded: float) -> None:
    with pytest.raises(NotADemonstration, match="people"):
        load()


def test_it_is_loaded_once(loaded: float) -> None:
    before = Submission.objects.count()
    assert not load_once()
    assert Submission.objects.count() == before


@pytest.mark.django_db
def test_it_is_refused_outside_a_demonstration() -> None:
    assert not django_settings.IS_DEMO
    with pytest.raises(NotADemonstration, match="AYNI_MODE"):
        load()
    assert not User.objects.exists()
    assert not Park.objects.exists()


def test_it_is_refused_among_real_people(world: World, settings: Any) -> None:
    settings.IS_DEMO = True
    before = Submission.objects.count(), User.objects.count()
    with pytest.raises(NotADemonstration, match="people"):
        load_once()
    assert (Submission.objects.count(), User.objects.count()) == before
