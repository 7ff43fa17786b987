"""Across organisations: what a list shows to somebody, they may open; every object named by a path is tried.

The walk of ``tests/database/test_access.py`` asks for objects of the own side as every persona; here it is proved that
no operation escapes the walk, and that lists and single objects follow one rule.
"""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from access import EVERYBODY
from api_entries import ENTRIES
from api_samples import asks_as, operations
from portal_samples import PERSONAS, World

pytestmark = pytest.mark.usefixtures("without_limits")
PARAMETER = re.compile(r"{([^}]+)}")
OPERATIONS = operations()
WITH_PATH = sorted(name for name, (_, path, _) in OPERATIONS.items() if PARAMETER.search(path))
DETAILS = {
    path.removesuffix(found.group(0)).rstrip("/"): (path, found.group(1))
    for method, path, _ in OPERATIONS.values()
    if method == "GET" and path.endswith("}") and len(PARAMETER.findall(path)) == 1
    for found in [PARAMETER.search(path)]
    if found is not None
}
"""Path of a list → path of one of its objects, and the name of what fills it."""
LISTS = sorted(
    name for name, (method, path, _) in OPERATIONS.items() if method == "GET" and path.rstrip("/") in DETAILS
)


@pytest.mark.parametrize("name", WITH_PATH)
def test_every_object_of_a_path_is_tried_with_one_of_the_own_side(world: World, name: str) -> None:
    wanted = set(PARAMETER.findall(OPERATIONS[name][1]))
    assert set(ENTRIES[name].kwargs(world)) == wanted
    assert ENTRIES[name].allowed <= EVERYBODY


def test_there_are_lists_to_try() -> None:
    assert LISTS


@pytest.mark.parametrize("name", LISTS)
def test_what_a_list_shows_may_be_opened(world: World, name: str) -> None:
    for entry in ENTRIES.values():
        entry.kwargs(world)  # every object that the table knows of, all of the own side
    list_path = OPERATIONS[name][1]
    path, key = DETAILS[list_path.rstrip("/")]
    opened: dict[str, set[str]] = {}
    for persona in PERSONAS:
        headers = asks_as(world, persona)
        for item in items(list_path, headers):
            identity = str(item.get(key, item.get("id")))
            answer = Client().get(path.replace(f"{{{key}}}", identity), headers=headers)
            assert answer.status_code == 200, (persona, identity)
            opened.setdefault(persona, set()).add(identity)
    assert opened


def items(path: str, headers: dict[str, str]) -> list[dict[str, Any]]:
    """What a list shows; nothing where it is refused."""
    answer = Client().get(path, headers=headers)
    if answer.status_code != 200:
        assert answer.status_code in (401, 403), path
        return []
    said = answer.json()
    found: list[dict[str, Any]] = said["items"] if isinstance(said, dict) else said
    return found
