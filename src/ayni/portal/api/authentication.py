"""Who asks the API: the owner of the token in the header ``Authorization: Bearer ayni_…``, or nobody in particular.

Cookies never count here: a page of another site that makes a browser ask gets what everybody gets, and nothing can be
written without a token.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from ninja.security.base import AuthBase

from ayni.base.texts import Word
from ayni.portal.api.models import Scope, Token
from ayni.portal.api.queries import token_of_secret
from ayni.portal.api.services import note_use
from ayni.portal.people.actor import ANONYMOUS, Actor, actor_of
from ayni.portal.people.answers import Forbidden
from ayni.portal.people.limits import within_limit

READING = ("GET", "HEAD")
WINDOW = 60
"""Length of the window in which requests are counted [s]."""
TOKEN_MAX, ADDRESS_MAX = 600, 120
"""Requests in a window with one token, and from one address with none or a wrong one."""


class Unauthorized(Exception):
    """No token where one is needed, or one that opens nothing."""

    def __init__(self, key: str) -> None:
        self.reason = Word(key)
        super().__init__(key)


class TooMany(Exception):
    """More requests than the window holds."""


@dataclass(frozen=True)
class Asker:
    """Who asks, and with which token."""

    actor: Actor
    token: Token | None = None


NOBODY = Asker(ANONYMOUS)


class BearerToken(AuthBase):
    """Sets ``request.actor`` (and ``request.user``, whom history names) by the token, or to nobody for what is public.

    Raises Unauthorized, TooMany, or Forbidden where the token's scopes do not hold what the method needs.
    """

    openapi_type = "http"
    openapi_scheme = "bearer"
    openapi_description = "A token that a person made on the page /api/claves/."
    is_needed = False

    def __call__(self, request: HttpRequest) -> Asker:
        """Who asks."""
        _take(request, NOBODY)
        asker = _asker(request, is_needed=self.is_needed)
        _take(request, asker)
        if asker.token is not None:
            scope = Scope.READ if request.method in READING else Scope.WRITE
            if not asker.actor.may_use(scope):
                raise Forbidden(Word("API-SCOPE", {"scope": Word(f"api.scope.{scope.value}")}))
            note_use(asker.token)
        return asker


class NeededToken(BearerToken):
    """The same for operations that give nothing to nobody in particular."""

    is_needed = True


def _take(request: HttpRequest, asker: Asker) -> None:
    request.user = asker.actor.user or AnonymousUser()
    request.actor = asker.actor  # type: ignore[attr-defined]


def _asker(request: HttpRequest, *, is_needed: bool) -> Asker:
    header = request.headers.get("Authorization")
    token = _token(header) if header is not None else None
    if token is None:
        _count(f"api:address:{request.META.get('REMOTE_ADDR', '')}", ADDRESS_MAX)
        if header is None and request.method in READING and not is_needed:
            return NOBODY
        raise Unauthorized("API-TOKEN-NEEDED" if header is None else "API-TOKEN-UNKNOWN")
    _count(f"api:token:{token.pk}", TOKEN_MAX)
    if not token.is_open:
        raise Unauthorized("API-TOKEN-ENDED")
    return Asker(actor_of_token(token), token)


def _count(key: str, most: int) -> None:
    if not within_limit(key, most, WINDOW):
        raise TooMany


def _token(header: str) -> Token | None:
    """The token of the header, open or not; None for a header of another form or a token that is not there."""
    scheme, _, secret = header.strip().partition(" ")
    return token_of_secret(secret.strip()) if scheme.lower() == "bearer" else None


def actor_of_token(token: Token) -> Actor:
    """What the token's owner is, as far as the token carries it."""
    return actor_of(
        token.user,
        has_second_factor=token.has_second_factor,
        scopes=frozenset(token.scopes),
        organisation_id=token.organisation_id,
    )
