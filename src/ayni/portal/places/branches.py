"""Branches of industry: divisions of ISIC revision 4, named in the catalogue of texts."""

from __future__ import annotations

from ayni.base.texts import Language, has_text, say

MANUFACTURING = tuple(f"{division}" for division in range(10, 34))


def branch_words(isic: str, language: Language) -> str:
    """The code with its division in words: 1020 · Alimentos."""
    key = f"places.isic.{isic[:2]}"
    return f"{isic} · {say(key, language)}" if has_text(key) else isic


def branch_choices(language: Language) -> list[tuple[str, str]]:
    """The divisions of manufacturing for a list to choose from."""
    return [(division, branch_words(division, language)) for division in MANUFACTURING]
