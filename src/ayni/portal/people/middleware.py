"""Every request knows its actor; roles that need a second factor get none of their rights without it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject

from ayni.portal.people import services
from ayni.portal.people.actor import ANONYMOUS, Actor, actor_of, asking
from ayni.portal.people.models import User
from ayni.portal.people.second_factor import second_factor_at

OPEN_WITHOUT_SECOND_FACTOR = ("account_", "mfa_", "site:", "people:account", "people:second_factor", "api-v1:")
"""Beginnings of the names of addresses that a person whose role waits for a second factor may still open."""


class ActorMiddleware:
    """Sets ``request.actor``; leads to the second factor where one is missing; logs what elevated access is given."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """The answer to the request."""
        request.actor = SimpleLazyObject(lambda: _actor(request))  # type: ignore[attr-defined]
        request.elevation_id = None  # type: ignore[attr-defined]
        response = self.get_response(request)
        if request.elevation_id is not None:  # type: ignore[attr-defined]
            services.log_access(
                request.elevation_id,  # type: ignore[attr-defined]
                request.method or "",
                request.get_full_path(),
                response.status_code,
            )
        _remember_language(request, response)
        return response

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _arguments: Any, _named: Any
    ) -> HttpResponse | None:
        """To the page of the second factor where a role waits for one; else nothing."""
        if not request.user.is_authenticated:
            return None
        actor = asking(request)
        request.elevation_id = actor.elevation_id  # type: ignore[attr-defined]
        name = request.resolver_match.view_name if request.resolver_match else ""
        if not actor.held_back or name.startswith(OPEN_WITHOUT_SECOND_FACTOR):
            return None
        target = f"?{urlencode({'next': request.get_full_path()})}" if request.method == "GET" else ""
        return HttpResponseRedirect(reverse("people:second_factor") + target)


def _actor(request: HttpRequest) -> Actor:
    user = request.user
    if not isinstance(user, User):
        return ANONYMOUS
    return actor_of(user, has_second_factor=second_factor_at(request, user) is not None)


def _remember_language(request: HttpRequest, response: HttpResponse) -> None:
    """A person who chose a language finds it again at their next sign-in."""
    cookie = response.cookies.get(settings.LANGUAGE_COOKIE_NAME)
    if cookie is not None and isinstance(request.user, User):
        services.remember_language(request.user, cookie.value)
