"""What tests of the API share: tokens, and every operation of the document."""

from __future__ import annotations

from typing import Any

from ayni.portal.api.models import Scope
from ayni.portal.api.mounting import api
from ayni.portal.api.services import Issued, make_token
from ayni.portal.people.actor import actor_of
from ayni.portal.people.models import Organisation, User
from portal_samples import World


def issue(
    user: User,
    *scopes: Scope,
    organisation: Organisation | None = None,
    days: int = 30,
    has_second_factor: bool = True,
) -> Issued:
    """A token of the user, by default with every scope and made with a second factor."""
    actor = actor_of(user, has_second_factor=has_second_factor)
    return make_token(actor, name="test", scopes=scopes or tuple(Scope), days=days, organisation=organisation)


def bearer(user: User, *scopes: Scope) -> dict[str, str]:
    """The header of a new token of the user."""
    return headed(issue(user, *scopes).secret)


def headed(secret: str) -> dict[str, str]:
    """The header that carries a secret."""
    return {"Authorization": f"Bearer {secret}"}


def asks_as(world: World, persona: str) -> dict[str, str]:
    """The headers with which a persona asks; none for nobody in particular."""
    return {} if persona == "anonymous" else bearer(world.people[persona])


def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Every operation of the document: id → method, path, what the document says of it."""
    document: Any = api.get_openapi_schema()
    return {
        operation["operationId"]: (method.upper(), path, operation)
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }
