"""The page's language as the catalogue of texts knows it."""

from __future__ import annotations

from django.utils.translation import get_language

from ayni.base.texts import Language


def page_language() -> Language:
    """The language in which this request is answered."""
    return "en" if (get_language() or "es").startswith("en") else "es"
