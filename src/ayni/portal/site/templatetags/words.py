"""Words and numbers in templates, from the same catalogue as reports and terminal."""

from __future__ import annotations

import datetime
from typing import Any

from babel.dates import format_date, format_datetime
from django import template
from django.utils import timezone

from ayni.base.texts import LOCALES, Labelled, has_text, number, say, significant, unit_words
from ayni.parks.explanation import unit_in_words
from ayni.portal.site.language import page_language

register = template.Library()


@register.simple_tag(name="say")
def say_tag(key: str, /, **values: Any) -> str:
    """``{% say "records.title" year=2025 %}``: a text of the catalogue in the page's language."""
    return say(key, page_language(), **values)


@register.filter
def words(value: Labelled) -> str:
    """A choice, a ``Word`` or another labelled value in the page's language."""
    return value.label(page_language())


@register.filter(name="number")
def number_filter(value: float | None, decimals: int | None = None) -> str:
    """A number as Peru writes it; a dash where nothing is known, which is not 0."""
    return "–" if value is None else number(float(value), page_language(), decimals)


@register.filter(name="significant")
def significant_filter(value: float | None, digits: int = 3) -> str:
    """A number with significant digits; a dash where nothing is known."""
    return "–" if value is None else significant(float(value), page_language(), digits)


@register.filter
def unit(value: str) -> str:
    """A unit in words: ``t CO2e`` → ``t CO₂e``, ``PEN`` → ``S/``."""
    language = page_language()
    return unit_words(value, language) if has_text(f"unit.{value}") else unit_in_words(value, language)


@register.filter
def day(value: datetime.date | datetime.datetime | None) -> str:
    """A date: 23 nov. 2026."""
    if value is None:
        return "–"
    if isinstance(value, datetime.datetime):
        value = timezone.localtime(value).date()
    return format_date(value, format="medium", locale=LOCALES[page_language()])


@register.filter
def moment(value: datetime.datetime | None) -> str:
    """A date with its time in Lima: 23 nov. 2026, 09:15."""
    if value is None:
        return "–"
    return format_datetime(timezone.localtime(value), "d MMM y, HH:mm", locale=LOCALES[page_language()])
