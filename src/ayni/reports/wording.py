"""Words cut and shaped so that they fit."""

from __future__ import annotations

LITTLE_WORDS = frozenset(
    ("a", "al", "con", "de", "del", "e", "el", "en", "la", "las", "los", "y", "and", "for", "of", "the")
)
"""Words that mean nothing at the end of a name that was cut."""


def shortened(text: str, length: int) -> str:
    """``text`` cut to ``length`` characters, at a word where possible, with an ellipsis."""
    if len(text) <= length:
        return text
    cut = text[: length - 1]
    words = cut.rsplit(" ", 1)[0].split(" ")
    while len(words) > 1 and words[-1].lower() in LITTLE_WORDS:
        words.pop()
    at_word = " ".join(words)
    return (at_word if len(at_word) > length // 2 else cut).rstrip(" ,.;:-(") + "…"


def sentence(text: str) -> str:
    """``text`` with a capital at its beginning."""
    return text[:1].upper() + text[1:]
