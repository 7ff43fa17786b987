"""Words that are chosen when a page is made: headers of lists and labels of forms, in the page's language."""

from __future__ import annotations

from django.utils.functional import lazy

from ayni.base.texts import say
from ayni.portal.site.language import page_language


def _said(key: str) -> str:
    return say(key, page_language())


said = lazy(_said, str)
"""``said("places.column.name")``: a text of the catalogue, said in the language of the page that shows it."""
