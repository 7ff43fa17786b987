"""Who the owner of a token is."""

from __future__ import annotations

import ninja
from django.http import HttpRequest

from ayni.portal.people import queries
from ayni.portal.people.actor import asking
from ayni.portal.people.answers import no

router = ninja.Router(tags=["people"])


class Holding(ninja.Schema):
    """A role in an organisation; ``area`` is an officer's, a prefix of district codes, empty for the country."""

    role: str
    organisation_id: int
    organisation: str
    area: str


class Me(ninja.Schema):
    """The person, what they hold, and what the token may do (null for a page's session)."""

    email: str
    name: str
    language: str
    holdings: list[Holding]
    scopes: list[str] | None


@router.get("/me", response=Me, operation_id="people_me", summary="Who am I")
def me(request: HttpRequest) -> Me:
    """The owner of the token, their roles and the token's scopes."""
    actor = asking(request)
    if actor.user is None:
        no("people.refused.sign_in").require()
    assert actor.user is not None  # noqa: S101 the line above refused
    names = queries.names_of(grant.organisation_id for grant in actor.grants)
    holdings = [
        Holding(
            role=grant.role.value, organisation_id=grant.organisation_id, organisation=names[grant.organisation_id],
            area=grant.area,
        )
        for grant in actor.grants
    ]  # fmt: skip
    scopes = None if actor.scopes is None else sorted(actor.scopes)
    user = actor.user
    return Me(email=user.email, name=user.name, language=user.language, holdings=holdings, scopes=scopes)
