"""The first visit: without an account, in both languages, at its limits and with nonsense."""

from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from ayni.base.texts import LANGUAGES, catalogue, say
from ayni.ledger.schema import Carrier
from ayni.portal.welcome.forms import AMOUNT_MAX, WORKERS_MAX, FirstVisitForm, UnclearAmount, amount_of
from ayni.portal.welcome.queries import look_shown
from ayni.zones.first_look import Band, Bill, Branch, Step, Visit

pytestmark = pytest.mark.django_db
ANSWERS = {
    "branch": "bakery", "workers": "8", "shifts": "1", "power": "900", "power_in": "cost", "fuel": "lpg",
    "fuel_amount": "1,250.50", "fuel_in": "cost",
}  # fmt: skip


def text_of(answer: Any) -> str:
    """The page as it is read."""
    return unescape(answer.content.decode())


def ask(client: Client, **changes: str) -> Any:
    return client.post(reverse("welcome:first_visit"), {**ANSWERS, **changes})


def in_language(language: str) -> Client:
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language
    return client


@pytest.mark.parametrize("language", LANGUAGES)
def test_three_questions_and_one_answer_in_the_readers_language(language: Any) -> None:
    client = in_language(language)
    page = text_of(client.get(reverse("welcome:first_visit")))
    for question in ("branch", "size", "bills"):
        assert say(f"welcome.question.{question}", language) in page
    answer = ask(client)
    assert answer.status_code == 200
    page = text_of(answer)
    for key in ("welcome.look.potential", "welcome.look.step", "first_look.measure.led", "welcome.visit.kept"):
        assert say(key, language) in page
    shown = look_shown(answer.context["form"].visit(), language)
    assert f"S/ {shown.saving.low} – {shown.saving.high}" in page
    assert say("welcome.look.illustrative", language, unverified=shown.unverified, decisive=shown.decisive) in page
    assert 0 < shown.unverified <= shown.decisive


def test_nothing_is_kept(django_assert_num_queries: Any) -> None:
    client = Client()
    with django_assert_num_queries(0):
        answer = ask(client)
    assert not Session.objects.exists()
    assert set(client.cookies) <= {settings.CSRF_COOKIE_NAME}
    assert "no-store" in answer.headers["Cache-Control"]
    assert answer.status_code == 200


def test_what_was_typed_stands_in_the_form_to_be_changed() -> None:
    assert 'value="1,250.50"' in ask(Client()).content.decode()


@pytest.mark.parametrize(
    ("changes", "wrong", "key"),
    [
        ({"branch": ""}, "branch", "welcome.wrong.required"),
        ({"branch": "banking"}, "branch", "welcome.wrong.choice"),
        ({"workers": ""}, "workers", "welcome.wrong.required"),
        ({"workers": "0"}, "workers", "welcome.wrong.workers"),
        ({"workers": "-3"}, "workers", "welcome.wrong.workers"),
        ({"workers": "ocho"}, "workers", "welcome.wrong.workers"),
        ({"workers": str(WORKERS_MAX + 1)}, "workers", "welcome.wrong.workers"),
        ({"shifts": "4"}, "shifts", "welcome.wrong.choice"),
        ({"power": "-900"}, "power", "welcome.wrong.amount"),
        ({"power": "1e9"}, "power", "welcome.wrong.amount"),
        ({"power": "nan"}, "power", "welcome.wrong.amount"),
        ({"power": "<script>"}, "power", "welcome.wrong.amount"),
        ({"power": "1.250"}, "power", "welcome.wrong.amount"),
        ({"power": str(int(AMOUNT_MAX) + 1)}, "power", "welcome.wrong.large"),
        ({"power_in": "barrels"}, "power_in", "welcome.wrong.choice"),
        ({"fuel": "none"}, "fuel", "welcome.wrong.which_fuel"),
        ({"fuel": "electricity"}, "fuel", "welcome.wrong.choice"),
        ({"power": "0", "fuel_amount": "0"}, "power", "welcome.wrong.no_bill"),
        ({"power": "", "fuel": "none", "fuel_amount": ""}, "power", "welcome.wrong.no_bill"),
    ],
)
def test_nonsense_is_asked_again_where_it_stands(changes: dict[str, str], wrong: str, key: str) -> None:
    answer = ask(Client(), **changes)
    assert answer.status_code == 422
    values = {"most": WORKERS_MAX if key.endswith("workers") else AMOUNT_MAX}
    assert say(key, "es", **values) in answer.context["form"].errors[wrong]
    assert "<script>" not in answer.content.decode()


def test_an_empty_post_asks_everything_again() -> None:
    answer = Client().post(reverse("welcome:first_visit"), {})
    assert answer.status_code == 422
    assert {"branch", "workers"} <= set(answer.context["form"].errors)


def test_the_largest_and_the_smallest_visit_are_answered() -> None:
    largest = {"workers": str(WORKERS_MAX), "power": str(int(AMOUNT_MAX)), "fuel_amount": str(int(AMOUNT_MAX))}
    assert ask(Client(), **largest).status_code == 200
    assert ask(Client(), workers="1", power="0.01", fuel="none", fuel_amount="").status_code == 200


def test_a_bill_that_does_not_fit_the_size_is_asked_about() -> None:
    assert (
        say("welcome.look.odd", "es", paid="500,000")
        in ask(Client(), workers="1", power="500000", fuel="none", fuel_amount="").content.decode()
    )


def test_only_get_and_post() -> None:
    assert Client().put(reverse("welcome:first_visit")).status_code == 405


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("900", 900), ("1,250.50", 1250.5), ("S/ 850", 850), ("s/. 1,250", 1250), ("850,50", 850.5), ("0", 0),
        ("1.250,50", 1250.5), ("1,234,567", 1234567), (" 12 500 ", 12500),
    ],
)  # fmt: skip
def test_amounts_as_people_write_them(text: str, amount: float) -> None:
    assert amount_of(text) == amount


@pytest.mark.parametrize("text", ["", "-5", "1.250", "12,34,567", "1e5", "∞", "S/", "9 soles", "1..5", "²"])
def test_amounts_that_cannot_be_read_are_refused(text: str) -> None:
    with pytest.raises(UnclearAmount):
        amount_of(text)


@given(st.dictionaries(st.sampled_from(sorted(ANSWERS)), st.text(max_size=30)))
def test_whatever_is_typed_is_answered_or_asked_again(changes: dict[str, str]) -> None:
    form = FirstVisitForm({**ANSWERS, **changes})
    if form.is_valid():
        assert look_shown(form.visit(), "es").saving.low
    else:
        assert form.errors


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_measure_branch_fuel_and_step_can_be_said(language: Any) -> None:
    steps = set()
    for branch in Branch:
        for carrier in (Carrier.ELECTRICITY, Carrier.NATURAL_GAS, Carrier.LPG, Carrier.DIESEL, Carrier.BIOMASS):
            for workers, paid in ((5, 800.0), (40, 800.0), (400, 90_000.0)):
                shown = look_shown(Visit(branch, workers, 2, (Bill(carrier, paid=paid),)), language)
                steps.add(shown.step)
                assert shown.measure.why
                assert shown.measure.how
                assert shown.step_text
    assert steps == set(Step)
    assert {key.rpartition(".")[2] for key in catalogue() if key.startswith("choice.Branch.")} == set(Branch)


def test_payback_says_each_end_in_its_own_unit() -> None:
    from ayni.portal.welcome.queries import _payback

    assert _payback(Band(0.67, 2.0, 6.4), "es") == "8 meses a 6 años"
    assert _payback(Band(0.01, 0.1, 1.0), "en") == "1 months to 12 months"
