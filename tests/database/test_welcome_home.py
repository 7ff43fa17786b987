"""The front page, and the accounts of a demonstration."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from ayni.base.texts import LANGUAGES, say
from portal_samples import World, sign_in

pytestmark = pytest.mark.django_db
READERS = ("firm", "park", "ministry", "citizen")


def text_of(answer: Any) -> str:
    """The page as it is read."""
    return unescape(answer.content.decode())


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_it_is_and_what_each_reader_can_do(language: Any) -> None:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    page = text_of(client.get(reverse("welcome:home")))
    for key in ("welcome.what.1", "welcome.call.title", *(f"welcome.reader.{reader}" for reader in READERS)):
        assert say(key, language) in page
    assert reverse("welcome:first_visit") in page
    assert say("welcome.demo.home.title", language) not in page


def test_who_signed_in_is_greeted_and_finds_their_pages(world: World) -> None:
    page = sign_in(Client(), world.people["firm_manager"]).get(reverse("welcome:home")).content.decode()
    assert say("welcome.inside.text", "es", name="firm_manager") in page
    assert say("welcome.enter.title", "es") not in page


def test_accounts_of_a_demonstration_are_found_nowhere_else() -> None:
    assert Client().get(reverse("welcome:demo")).status_code == 404


def test_a_demonstration_tells_its_story(settings: Any) -> None:
    settings.IS_DEMO = True
    page = Client().get(reverse("welcome:home")).content.decode()
    assert say("welcome.demo.home.title", "es") in page
    assert page.count("<li") >= 6
    assert reverse("welcome:demo") in page


def test_without_accounts_the_page_says_so(settings: Any) -> None:
    settings.IS_DEMO = True
    assert say("welcome.demo.no_accounts", "es") in Client().get(reverse("welcome:demo")).content.decode()
