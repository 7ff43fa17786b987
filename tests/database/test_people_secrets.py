"""Codes, secrets at rest, rate limits, the tax number."""

from __future__ import annotations

import dataclasses
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from cryptography.fernet import InvalidToken
from django.conf import settings as current
from django.core.cache import cache
from django.db import connection
from hypothesis import given
from hypothesis import strategies as some

from ayni.ledger.schema import ruc_check_digit
from ayni.portal.people import queries, services
from ayni.portal.people.encryption import MissingFieldKey, decrypt, encrypt
from ayni.portal.people.limits import within_limit
from ayni.portal.people.ruc import is_ruc
from ayni.portal.people.second_factor import code_at

RFC_SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # noqa: S105 the ASCII digits of RFC 6238, appendix B
RFC_CODES = {
    59: "287082", 1111111109: "081804", 1111111111: "050471", 1234567890: "005924", 2000000000: "279037",
    20000000000: "353130",
}  # fmt: skip


@pytest.mark.parametrize("moment", RFC_CODES)
def test_codes_are_those_of_the_standard(moment: int) -> None:
    assert code_at(RFC_SECRET, moment) == RFC_CODES[moment]


@given(some.text(), some.text(min_size=1).filter(lambda key: key.replace(",", "").strip()))
def test_what_is_encrypted_comes_back(text: str, key: str) -> None:
    kept = encrypt(text, key)
    assert kept != text
    assert decrypt(kept, key) == text


def test_keys_can_be_changed_and_are_needed() -> None:
    kept = encrypt("secret", "old")
    assert decrypt(kept, "new, old") == "secret"
    assert decrypt("written before there was a key", "new") == "written before there was a key"
    assert encrypt("secret", "") == "secret"
    with pytest.raises(InvalidToken):
        decrypt(kept, "new")
    with pytest.raises(MissingFieldKey):
        decrypt(kept, "")


@pytest.mark.django_db
def test_secrets_of_second_factors_are_encrypted_in_the_database(settings: Any) -> None:
    settings.ENVIRONMENT = dataclasses.replace(current.ENVIRONMENT, field_key="some words")
    user = services.make_account("ana@example.org", "Ana", None, totp_secret=RFC_SECRET)
    authenticator = Authenticator.objects.get(user=user)
    assert RFC_SECRET not in str(authenticator.data)
    assert authenticator.wrap().validate_code(code_at(RFC_SECRET, time.time()))


@pytest.mark.django_db
def test_codes_are_shown_in_a_demonstration_only(settings: Any) -> None:
    user = services.make_account("ana@example.org", "Ana", None, totp_secret=RFC_SECRET)
    with pytest.raises(queries.NotInDemo):
        queries.current_totp(user)
    settings.IS_DEMO = True
    assert queries.current_totp(user) in {code_at(RFC_SECRET, time.time() + shift) for shift in (0, -1)}


@pytest.mark.django_db
def test_a_limit_holds_per_key_and_per_window(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = time.time() // 60 * 60
    monkeypatch.setattr(time, "time", lambda: moment)
    assert [within_limit("upload:1", 3, 60) for _ in range(5)] == [True] * 3 + [False] * 2
    assert within_limit("upload:2", 3, 60)
    moment += 60
    assert within_limit("upload:1", 3, 60)


@pytest.mark.django_db
def test_a_lost_count_gives_no_second_turn() -> None:
    assert all(within_limit("upload:1", 3, 10_000) for _ in range(3))
    for key in [row for row in _cache_keys() if row.count(":") == 5]:
        cache.delete(key.split(":", 2)[2])
    assert not within_limit("upload:1", 3, 10_000)


def _cache_keys() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key FROM site_cache")
        return [row[0] for row in cursor.fetchall()]


@pytest.mark.django_db(transaction=True)
def test_a_limit_holds_when_many_ask_at_once() -> None:
    def ask(_: int) -> bool:
        try:
            return within_limit("upload:at once", 7, 10_000)
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as threads:
        assert sum(threads.map(ask, range(30))) == 7


@given(some.integers(0, 10**8 - 1), some.sampled_from(["10", "15", "16", "17", "20"]), some.integers(1, 9))
def test_a_ruc_has_one_right_last_digit(number: int, beginning: str, shift: int) -> None:
    first_ten = f"{beginning}{number:08d}"
    right = ruc_check_digit(first_ten)
    assert is_ruc(f"{first_ten}{right}")
    assert not is_ruc(f"{first_ten}{(right + shift) % 10}")


@pytest.mark.parametrize(
    "text", ["", "2012345678", "201234567890", "2012345678a", "30123456789", "２０1００1００００1"]
)
def test_what_is_no_ruc(text: str) -> None:
    assert not is_ruc(text)
