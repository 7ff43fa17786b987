"""Every request knows its actor; roles that need a second factor get none of their rights without it."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.utils.functional import SimpleLazyObject

from ayni.portal.people.actor import ANONYMOUS, Actor, actor_of
from ayni.portal.people.models import User


class ActorMiddleware:
    """Sets ``request.actor``, read on first use."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer to the request."""
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        return self.get_response(request)


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    return actor_of(user) if isinstance(user, User) else ANONYMOUS
