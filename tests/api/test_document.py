"""The OpenAPI document as it is committed, served and shown."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client

from api_samples import operations
from ayni.base.texts import LANGUAGES, say
from ayni.portal.api.document import groups
from ayni.portal.api.mounting import api
from portal_samples import World

COMMITTED = Path(__file__).parents[2] / "docs/openapi.json"
COMMAND = "DJANGO_SETTINGS_MODULE=ayni.portal.config.settings django-admin write_openapi docs/openapi.json"


@pytest.mark.django_db
def test_the_committed_document_is_that_of_the_code(tmp_path: Path) -> None:
    call_command("write_openapi", str(tmp_path / "openapi.json"), verbosity=0)
    written = (tmp_path / "openapi.json").read_text(encoding="utf-8")
    assert written == COMMITTED.read_text(encoding="utf-8"), f"the API changed: {COMMAND}"


@pytest.mark.django_db
def test_the_served_document_is_the_committed_one() -> None:
    assert Client().get("/api/v1/openapi.json").json() == json.loads(COMMITTED.read_text(encoding="utf-8"))


def test_every_operation_has_an_id_of_its_app_and_words() -> None:
    for group in groups(api.get_openapi_schema()):
        for language in LANGUAGES:
            assert say(group.key, language)
            for operation in group.operations:
                assert say(operation.key, language)
                assert operation.id.startswith(group.key.removeprefix("api.group.") + "_")


def test_every_operation_says_what_it_may_refuse_and_who_may_ask() -> None:
    for name, (method, _, operation) in operations().items():
        assert {"401", "403", "422", "429"} <= {str(status) for status in operation["responses"]}, name
        assert operation["security"][-1:] == [{"BearerToken": []}], name
        assert method == "GET" or {} not in operation["security"], name
        assert operation["summary"], name


@pytest.mark.usefixtures("without_limits")
@pytest.mark.parametrize("name", operations())
def test_who_needs_a_token_is_told_before_anything_else(world: World, name: str) -> None:
    method, path, operation = operations()[name]
    answer = Client().generic(method, re.sub(r"{[^}]+}", "1", path))
    if {} not in operation["security"] and answer.status_code != 404:  # 404: the path wants something else than 1
        assert answer.status_code == 401
        assert answer.json()["findings"][0]["code"] == "API-TOKEN-NEEDED"


@pytest.mark.django_db
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_lists_every_operation(language: str) -> None:
    page = Client().get("/api/", headers={"Accept-Language": language}).content.decode()
    for method, path, _ in operations().values():
        assert f"<code>{method} {path}</code>" in page
