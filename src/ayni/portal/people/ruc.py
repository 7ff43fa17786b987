"""The tax number of organisations in forms."""

from __future__ import annotations

from typing import Any

from django import forms

from ayni.base.texts import say
from ayni.ledger.schema import ruc_check_digit
from ayni.portal.site.language import page_language

DIGITS = 11
BEGINNINGS = ("10", "15", "16", "17", "20")
"""The first two digits say whose number it is: 20 a legal person, the others a natural one."""


def is_ruc(text: str) -> bool:
    """Whether the text is eleven digits with a known beginning and a right check digit."""
    return (
        len(text) == DIGITS
        and text.isascii()
        and text.isdigit()
        and text.startswith(BEGINNINGS)
        and int(text[-1]) == ruc_check_digit(text[:-1])
    )


class RucField(forms.CharField):
    """A RUC; spaces and hyphens are taken away."""

    def __init__(self, **details: Any) -> None:
        super().__init__(
            max_length=20, widget=forms.TextInput({"inputmode": "numeric", "autocomplete": "off"}), **details
        )

    def clean(self, value: Any) -> str:
        """The eleven digits, or '' where none are asked for. Raises ValidationError for a wrong number."""
        text = super().clean(value).replace(" ", "").replace("-", "")
        if text and not is_ruc(text):
            raise forms.ValidationError(say("people.field.ruc.wrong", page_language()), code="ruc")
        return text
