"""The cookie that carries a person's language."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpResponse


def keep_language(response: HttpResponse, language: str) -> None:
    """Let the pages that follow be in ``language``."""
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, samesite="Lax", httponly=True,
        secure=settings.SESSION_COOKIE_SECURE,
    )  # fmt: skip
