"""The permission table, walked: every address and API operation × persona. What no entry covers fails."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.http import FileResponse, HttpResponse
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from access import Entry
from api_samples import bearer
from ayni.portal.api.urls import api
from portal_samples import PERSONAS, World, sign_in

TABLES = sorted(path.stem for path in Path(__file__).parents[1].glob("access_*.py"))
ENTRIES: list[Entry] = [entry for name in TABLES for entry in importlib.import_module(name).ENTRIES]
API_NAMESPACE = "api-v1"
"""Addresses of the API are covered by operation, not by name."""
REFUSALS = (401, 403, 404)
SIGN_IN = ("/cuenta/login", "/cuenta/2fa", "/cuenta/reauthenticate")


def url_names() -> Iterator[str]:
    """Every name that an address can be asked for by."""

    def walk(resolver: URLResolver, prefix: str) -> Iterator[str]:
        for entry in resolver.url_patterns:
            if isinstance(entry, URLPattern):
                assert entry.name, f"an address without a name: {entry.pattern}"
                yield prefix + entry.name
            elif entry.namespace != API_NAMESPACE:
                yield from walk(entry, f"{prefix}{entry.namespace}:" if entry.namespace else prefix)

    yield from walk(get_resolver(), "")


def operations() -> dict[str, tuple[str, str]]:
    """Every API operation: id → method, path with its parameters in braces."""
    document: Any = api.get_openapi_schema()
    return {
        operation["operationId"]: (method.upper(), path)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def test_every_address_and_operation_stands_in_the_table() -> None:
    known = {*url_names(), *(f"api:{operation}" for operation in operations())}
    assert sorted(known - {entry.url for entry in ENTRIES}) == []


def test_the_table_lists_nothing_that_is_gone() -> None:
    known = {*url_names(), *(f"api:{operation}" for operation in operations())}
    assert sorted({entry.url for entry in ENTRIES} - known) == []


def ask(entry: Entry, world: World, persona: str) -> Any:
    """The answer that the persona gets."""
    client = Client()
    kwargs, data, query = dict(entry.kwargs(world)), dict(entry.data(world)), dict(entry.query(world))
    operation = operations().get(entry.url.removeprefix("api:"))
    if operation is not None:
        method, template = operation
        path, headers = template.format(**kwargs), _token(world, persona)
        if method == "GET" or any(hasattr(value, "read") for value in data.values()):
            return getattr(client, method.lower())(path, data, query_params=query, headers=headers)
        body = json.dumps(data)
        return client.generic(method, path, body, "application/json", query_params=query, headers=headers)
    if persona != "anonymous":
        sign_in(client, world.people[persona])
    path = reverse(entry.url, kwargs=kwargs or None)
    return getattr(client, entry.method.lower())(path, data, query_params=query)


def _token(world: World, persona: str) -> dict[str, str]:
    return {} if persona == "anonymous" else bearer(world.people[persona])


def gets_in(response: HttpResponse) -> bool:
    """Whether the answer lets the persona in: a page, a file, a redirect that is not to sign in, or a finding."""
    if response.status_code in REFUSALS:
        return False
    if response.status_code in (302, 303):
        return not response["Location"].startswith(SIGN_IN)
    assert response.status_code < 500, response.status_code
    return True


def answers(entry: Entry, world: World) -> dict[str, bool]:
    """Who gets in, each persona on an untouched world."""
    found = {}
    for persona in PERSONAS:
        with transaction.atomic():
            response = ask(entry, world, persona)
            found[persona] = gets_in(response)
            if isinstance(response, FileResponse) and response.file_to_stream is not None:
                response.file_to_stream.close()  # the answer's own close would close the database of the test too
            transaction.set_rollback(True)
    return found


@pytest.mark.parametrize("entry", ENTRIES, ids=[f"{entry.method} {entry.url}" for entry in ENTRIES])
def test_only_those_named_get_in(world: World, entry: Entry) -> None:
    assert answers(entry, world) == {persona: persona in entry.allowed for persona in PERSONAS}
