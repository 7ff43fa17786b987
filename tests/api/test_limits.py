"""How often one may ask."""

from __future__ import annotations

import time

import pytest
from django.test import Client

from api_samples import bearer
from ayni.portal.api import authentication
from portal_samples import World

ME = "/api/v1/token"


@pytest.fixture(autouse=True)
def frozen(monkeypatch: pytest.MonkeyPatch) -> float:
    """Three for a token, two for an address, in a minute that does not end; the time in it."""
    now = time.time() // authentication.WINDOW * authentication.WINDOW
    monkeypatch.setattr(authentication, "TOKEN_MAX", 3)
    monkeypatch.setattr(authentication, "ADDRESS_MAX", 2)
    monkeypatch.setattr("ayni.portal.people.limits.time.time", lambda: now)
    return now


def statuses(count: int, headers: dict[str, str], address: str = "192.0.2.1") -> list[int]:
    """What so many requests are answered."""
    return [Client(REMOTE_ADDR=address).get(ME, headers=headers).status_code for _ in range(count)]


def test_a_token_has_its_own_measure(world: World) -> None:
    mine, other = bearer(world.people["firm_manager"]), bearer(world.people["firm_manager"])
    assert statuses(4, mine) == [200, 200, 200, 429]
    assert statuses(1, mine, "192.0.2.2") == [429]
    assert statuses(1, other) == [200]


def test_who_has_no_token_is_counted_by_address(world: World) -> None:
    assert statuses(3, {}) == [401, 401, 429]
    assert statuses(1, {}, "192.0.2.2") == [401]


def test_guessing_is_counted(world: World) -> None:
    assert statuses(3, {"Authorization": "Bearer ayni_guess"}) == [401, 401, 429]


def test_the_refusal_says_when_to_come_back(world: World) -> None:
    statuses(2, {})
    answer = Client(REMOTE_ADDR="192.0.2.1").get(ME)
    assert answer.headers["Retry-After"] == "60"
    assert answer.json()["findings"][0]["code"] == "API-TOO-MANY"


def test_the_measure_is_full_again_in_the_next_window(
    world: World, monkeypatch: pytest.MonkeyPatch, frozen: float
) -> None:
    assert statuses(3, {}) == [401, 401, 429]
    monkeypatch.setattr("ayni.portal.people.limits.time.time", lambda: frozen + authentication.WINDOW)
    assert statuses(1, {}) == [401]
