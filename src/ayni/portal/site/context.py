"""What every template knows: language, mode, the reader."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from ayni.portal.site.language import page_language
from ayni.portal.site.navigation import items


def page(request: HttpRequest) -> dict[str, Any]:
    """``language`` (es, en), ``is_demo``, ``actor``, ``navigation``; no reader is known where no middleware ran."""
    actor = getattr(request, "actor", None)
    return {
        "language": page_language(), "is_demo": settings.IS_DEMO, "actor": actor,
        "navigation": items(request) if actor is not None else [],
    }  # fmt: skip
