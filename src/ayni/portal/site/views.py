"""What is said when something is refused, missing or broken."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """403 with the reason, where one was given."""
    return render(request, "site/refused.html", {"reason": getattr(exception, "reason", None)}, status=403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    """404."""
    return render(request, "site/not_found.html", status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """500."""
    return render(request, "site/failed.html", status=500)
