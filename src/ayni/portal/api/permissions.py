"""Who may make and revoke tokens."""

from __future__ import annotations

from ayni.portal.api.models import Token
from ayni.portal.api.queries import open_tokens_of
from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import YES, Answer, no

OPEN_MAX = 20
"""Tokens that a person may hold at a time."""


def may_make_token(actor: Actor) -> Answer:
    """Somebody signed in at a page; whose role needs a second factor, with one; and not without end."""
    if actor.user is None:
        return no("api.refused.sign_in")
    if actor.scopes is not None:
        return no("api.refused.by_token")
    if actor.held_back:
        return no("api.refused.second_factor")
    if open_tokens_of(actor.user).count() >= OPEN_MAX:
        return no("api.refused.too_many", count=OPEN_MAX)
    return YES


def may_revoke(actor: Actor, token: Token) -> Answer:
    """Its owner at a page, while it still opens something."""
    if actor.user is None or actor.user.pk != token.user_id:
        return no("api.refused.not_yours")
    if actor.scopes is not None:
        return no("api.refused.by_token")
    if token.revoked_at is not None or token.is_expired:
        return no("api.refused.ended")
    return YES
