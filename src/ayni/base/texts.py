"""Texts in Spanish and English: one catalogue, filled from ``data/texts/*.toml``, and numbers in the reader's form.

Every entry is a table with the keys ``es`` and ``en``; placeholders are those of ``str.format``.
"""

from __future__ import annotations

import datetime
import math
import os
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cache
from importlib import resources
from typing import Literal, Protocol, get_args, runtime_checkable

from babel.dates import format_date
from babel.numbers import format_decimal, format_scientific

Language = Literal["es", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
LOCALES: Mapping[Language, str] = {"es": "es_PE", "en": "en"}
LARGEST_WRITTEN_OUT = 1e15
"""Numbers from here on are nobody's amounts: they are written as powers of ten."""
LANGUAGE_VARIABLE = "AYNI_LANG"


@runtime_checkable
class Labelled(Protocol):
    """A value that has its own words in each language, such as a choice: said in the language of the text around it."""

    def label(self, language: Language) -> str:
        """The value in words."""
        ...


@dataclass(frozen=True)
class Word:
    """An entry of the catalogue as a value inside another text, such as the name of a carrier in a label."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def label(self, language: Language) -> str:
        """The entry's text."""
        return say(self.key, language, **self.values)


def question(name: str, known: Collection[str]) -> Word | str:
    """The question whether the name in ``known`` that is most like ``name`` was meant; empty where none is like it."""
    by_fold = {one.casefold(): one for one in sorted(known)}
    close = get_close_matches(name.casefold(), by_fold, n=1)
    return Word("hint.nearest", {"name": by_fold[close[0]]}) if close else ""


class UnknownText(KeyError):
    """A text was asked for that no catalogue holds: a fault of the program, never of the data."""


@cache
def catalogue() -> Mapping[str, Mapping[Language, str]]:
    """All texts by key. Raises UnknownText where a key stands twice or lacks a language."""
    texts: dict[str, Mapping[Language, str]] = {}
    folder = resources.files("ayni.data") / "texts"
    for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if not file.name.endswith(".toml"):
            continue
        for key, entry in tomllib.loads(file.read_text(encoding="utf-8")).items():
            if key in texts or not set(LANGUAGES) <= entry.keys():
                raise UnknownText(f"{file.name}: {key} stands twice or lacks a language")
            texts[key] = entry
    return texts


def has_text(key: str) -> bool:
    """Whether the catalogue holds ``key``."""
    return key in catalogue()


def say(key: str, language: Language, /, **values: object) -> str:
    """The text of ``key`` in ``language``, with ``values`` put in (numbers and dates in the reader's form)."""
    texts = catalogue()
    if key not in texts:
        raise UnknownText(key)
    template = texts[key][language]
    return template.format(**{name: shown(value, language) for name, value in values.items()})


def shown(value: object, language: Language) -> str:
    """A value as a person reads it: words in their language, numbers and dates by its locale, the parts of a tuple."""
    if isinstance(value, Labelled):
        return value.label(language)
    if isinstance(value, tuple):
        return ", ".join(shown(part, language) for part in value)
    if isinstance(value, bool):
        return say("yes" if value else "no", language)
    if isinstance(value, int | float):
        return number(value, language)
    if isinstance(value, datetime.date):
        return format_date(value, format="medium", locale=LOCALES[language])
    return str(value)


def number(value: float, language: Language, decimals: int | None = None) -> str:
    """A number in the reader's form. Without ``decimals``: three significant figures below 1,000, whole above."""
    if abs(value) >= LARGEST_WRITTEN_OUT:
        return format_scientific(value, locale=LOCALES[language])
    if decimals is None:
        magnitude = abs(value)
        decimals = (
            0 if magnitude >= 100 or value == int(value) else 1 if magnitude >= 10 else 2 if magnitude >= 0.1 else 4
        )
    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return format_decimal(value, format=pattern, locale=LOCALES[language])


def significant(value: float, language: Language, digits: int = 3) -> str:
    """A number with ``digits`` significant digits and no zeros after them: 0.275, 0.33; whole from 1,000 up."""
    if not math.isfinite(value):
        return str(value)
    if value == 0 or abs(value) >= LARGEST_WRITTEN_OUT:
        return number(value, language, 0)
    decimals = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
    pattern = "#,##0" + ("." + "#" * decimals if decimals else "")
    return format_decimal(round(value, decimals), format=pattern, locale=LOCALES[language])


def unit_words(unit: str, language: Language) -> str:
    """A unit as people say it: its text ``unit.<unit>`` where there is one, else the unit itself."""
    key = f"unit.{unit}"
    return say(key, language) if has_text(key) else unit


def default_language() -> Language:
    """The language of the environment variable AYNI_LANG; Spanish where it is not set."""
    wanted = os.environ.get(LANGUAGE_VARIABLE, "es")
    return "en" if wanted == "en" else "es"
