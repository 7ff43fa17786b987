"""How the API says no, and how it reads and writes: on a small API behind the same door."""

from __future__ import annotations

import csv
import io
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from api_samples import bearer
from ayni.portal.api.models import Scope
from portal_samples import World

pytestmark = [pytest.mark.urls("api_trial_urls"), pytest.mark.usefixtures("without_limits")]
FORM = {"code", "severity", "file", "sheet", "cell", "row", "column", "message"}


def findings(answer: Any) -> list[dict[str, Any]]:
    """The findings of an answer, in the documented form and no other."""
    said = answer.json()
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"
    assert said.keys() == {"findings"}
    assert all(one.keys() == FORM and one["message"] for one in said["findings"])
    found: list[dict[str, Any]] = said["findings"]
    return found


@pytest.fixture
def headers(world: World) -> dict[str, str]:
    """Those of a firm's manager."""
    return bearer(world.people["firm_manager"])


def post(body: object, headers: dict[str, str]) -> Any:
    """A thing sent; bytes go as they are."""
    content = body if isinstance(body, bytes) else json.dumps(body)
    return Client().post("/trial/things", content, "application/json", headers=headers)


@pytest.mark.parametrize(
    ("kind", "status", "code"),
    [("refused", 422, "API-MISSING"), ("forbidden", 403, "places.refused.park_records"),
     ("denied", 403, "API-FORBIDDEN"), ("missing", 404, "API-NOT-FOUND"),
     ("suspicious", 400, "API-UNREADABLE"), ("number", 409, "API-LOST-RACE"),
     ("race", 409, "records.refused.too_often"), ("often", 429, "records.refused.too_often"),
     ("evidence", 422, "API-MISSING"), ("overflow", 422, "API-RANGE"), ("data", 422, "API-RANGE"),
     ("many", 429, "API-TOO-MANY")],
)  # fmt: skip
def test_every_refusal_has_the_form_of_findings(headers: dict[str, str], kind: str, status: int, code: str) -> None:
    answer = Client().get(f"/trial/fail/{kind}", headers=headers)
    assert (answer.status_code, [one["code"] for one in findings(answer)]) == (status, [code])


def test_a_finding_says_where(headers: dict[str, str]) -> None:
    (one,) = findings(Client().get("/trial/fail/refused", headers=headers))
    assert (one["file"], one["sheet"], one["row"], one["cell"]) == ("a.xlsx", "Flows", 7, "B7")


@pytest.mark.parametrize("kind", ["forbidden", "denied"])
def test_who_is_refused_without_a_token_may_try_with_one(world: World, kind: str) -> None:
    answer = Client().get(f"/trial/fail/{kind}")
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(
    ("change", "code", "column", "words"),
    [
        ({"name": "x"}, "API-VALUE", "body.body.name", "must have at least 2 letters"),
        ({"name": "abcdef"}, "API-VALUE", "body.body.name", "must have at most 5 letters"),
        ({"name": 7}, "API-VALUE", "body.body.name", "must be a text"),
        ({"count": 0}, "API-VALUE", "body.body.count", "must be at least 1"),
        ({"count": 10}, "API-VALUE", "body.body.count", "must be at most 9"),
        ({"count": "x"}, "API-VALUE", "body.body.count", "must be a whole number"),
        ({"weight": "x"}, "API-VALUE", "body.body.weight", "must be a finite number"),
        ({"day": "tomorrow"}, "API-VALUE", "body.body.day", "must be a date"),
        ({"kind": "poem"}, "API-VALUE", "body.body.kind", "must be one of: 'bill' or 'ticket'"),
        ({"id": "7"}, "API-VALUE", "body.body.id", "must be a UUID"),
        ({"name": None}, "API-VALUE", "body.body.name", "must be a text"),
    ],
)  # fmt: skip
def test_a_value_that_will_not_do_is_named(
    headers: dict[str, str], change: dict[str, object], code: str, column: str, words: str
) -> None:
    answer = post({"name": "abc", "count": 1, **change}, {**headers, "Accept-Language": "en"})
    (one,) = findings(answer)
    assert (answer.status_code, one["code"], one["column"]) == (422, code, column)
    assert words in one["message"]


def test_all_that_is_missing_is_told_at_once(headers: dict[str, str]) -> None:
    assert [(one["code"], one["column"]) for one in findings(post({}, headers))] == [
        ("API-MISSING", "body.body.name"), ("API-MISSING", "body.body.count"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "body",
    [b"{", b"\xff\xfe", b'{"name": "abc", "count": NaN}', b'{"weight": Infinity}', b'{"weight": 1e999}',
     b'{"name": "a\\u0000b", "count": 1}', b'{"name": "a\\ud800", "count": 1}', b'{"a\\u0000": 1}',
     b"[" * 100_000, b'{"count": ' + b"9" * 5000 + b"}"],
)  # fmt: skip
def test_a_body_that_could_not_be_kept_as_said_is_refused(headers: dict[str, str], body: bytes) -> None:
    answer = post(body, headers)
    assert answer.status_code == 400
    assert [one["code"] for one in findings(answer)] == ["API-UNREADABLE"]


def test_what_is_written_comes_back_as_it_was(headers: dict[str, str]) -> None:
    said = post({"name": "ñandú"[:5], "count": 3, "weight": 1.5}, headers)
    assert said.status_code == 200
    assert "ñandú" in said.content.decode()


def test_a_body_beyond_the_limit_is_refused(headers: dict[str, str], settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 100
    answer = post({"name": "x" * 200}, headers)
    assert (answer.status_code, findings(answer)[0]["code"]) == (413, "API-TOO-BIG")


@pytest.mark.parametrize("address", ["/trial/search?text=a%00b", "/trial/search?text=a&%00=1", "/trial/number/1%00"])
def test_a_null_character_never_reaches_the_database(headers: dict[str, str], address: str) -> None:
    answer = Client().get(address, headers=headers)
    assert (answer.status_code, findings(answer)[0]["code"]) == (422, "API-NUL")


def test_a_slip_in_the_name_of_a_filter_does_not_give_everything(world: World) -> None:
    answer = Client().get("/trial/search?text=a&cuont=3", headers={"Accept-Language": "en"})
    (one,) = findings(answer)
    assert (answer.status_code, one["code"], one["column"]) == (422, "API-UNKNOWN", "query.cuont")
    assert "count" in one["message"]
    assert Client().get("/trial/search?text=a&count=3").status_code == 200


def test_nor_by_a_form(headers: dict[str, str]) -> None:
    file = SimpleUploadedFile("a.csv", b"x")
    assert Client().post("/trial/upload", {"name": "b", "file": file}, headers=headers).json() == {
        "name": "b",
        "file": "a.csv",
    }
    file = SimpleUploadedFile("a.csv", b"x")
    answer = Client().post("/trial/upload", {"name": "b\0", "file": file}, headers=headers)
    assert (answer.status_code, findings(answer)[0]["code"]) == (422, "API-NUL")


@pytest.mark.parametrize("value", ["nan", "inf", "-inf"])
def test_no_answer_holds_what_json_does_not_know(headers: dict[str, str], value: str) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        Client().get(f"/trial/number/{value}", headers=headers)


def test_nothing_is_written_without_the_scope_or_a_token(world: World) -> None:
    reading = bearer(world.people["firm_manager"], Scope.READ)
    body = {"name": "abc", "count": 1}
    refused = post(body, reading)
    assert (refused.status_code, findings(refused)[0]["code"]) == (403, "API-SCOPE")
    nobody = post(body, {})
    assert (nobody.status_code, findings(nobody)[0]["code"]) == (401, "API-TOKEN-NEEDED")
    assert post(body, bearer(world.people["firm_manager"], Scope.WRITE)).status_code == 200


def test_messages_follow_the_language_asked_for(world: World) -> None:
    said = {
        language: findings(Client().get("/trial/fail/missing", headers={"Accept-Language": language}))[0]["message"]
        for language in ("es-PE", "en", "fr")
    }
    assert said["en"] == "It does not exist, or is not open to you."
    assert said["es-PE"] == said["fr"] == "No existe, o no está abierto para usted."


def test_a_list_is_a_table_too(world: World) -> None:
    answer = Client().get("/trial/rows?format=csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert list(csv.reader(io.StringIO(answer.content.decode(), newline=""))) == [
        ["name", "value", "parts", "is_new"], ["'=1+1", "-2.5", "[1, 2]", "true"], ['Año, "ñ"', "", "[]", "false"],
    ]  # fmt: skip
    assert Client().get("/trial/rows").json()[0] == {"name": "=1+1", "value": -2.5, "parts": [1, 2], "is_new": True}
    wrong = Client().get("/trial/rows?format=pdf")
    assert (wrong.status_code, findings(wrong)[0]["column"]) == (422, "query.format")


def test_answers_to_a_token_are_kept_by_no_cache(headers: dict[str, str]) -> None:
    assert Client().get("/trial/rows", headers=headers).headers["Cache-Control"] == "no-store"
    assert "Authorization" in Client().get("/trial/rows").headers["Vary"]


def test_what_stands_nowhere_is_told_in_the_same_form(world: World) -> None:
    for method in ("get", "post", "put", "delete"):
        answer = getattr(Client(enforce_csrf_checks=True), method)("/api/v1/nowhere/at/all")
        assert (answer.status_code, findings(answer)[0]["code"]) == (404, "API-NOT-FOUND")
