"""Who gets at the pages and operations of the API itself."""

from __future__ import annotations

from typing import Any

from access import EVERYBODY, SIGNED_IN, Entry
from api_samples import issue
from portal_samples import World


def _token(world: World) -> dict[str, Any]:
    return {"pk": issue(world.people["firm_manager"]).token.pk}


def _form(_: World) -> dict[str, Any]:
    return {"name": "boiler meter", "scopes": ["read"], "days": "30"}


ENTRIES = [
    Entry("api:home", EVERYBODY),
    Entry("api:tokens", SIGNED_IN),
    Entry("api:tokens", SIGNED_IN, "POST", data=_form),
    Entry("api:revoke", frozenset({"firm_manager"}), "POST", kwargs=_token),
    Entry("api:unknown", frozenset(), kwargs=lambda _: {"path": "nothing/here"}),
    Entry("api:unknown", frozenset(), "POST", kwargs=lambda _: {"path": "nothing/here"}),
    Entry("api:api_token", SIGNED_IN),
]
