"""Permissions answer *allowed, reason*: a page shows the reason under a grey button, a service refuses with it."""

from __future__ import annotations

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied

from ayni.base.texts import Language, Word


@dataclass(frozen=True)
class Answer:
    """Whether something is allowed, and if not, why, in words for the person who asks."""

    allowed: bool
    reason: Word | None = None

    def __bool__(self) -> bool:
        return self.allowed

    def require(self) -> None:
        """Go on, or raise Forbidden with the reason."""
        if not self.allowed:
            raise Forbidden(self.reason)


class Forbidden(PermissionDenied):
    """Something that the actor may not do; carries the reason."""

    def __init__(self, reason: Word | None) -> None:
        self.reason = reason
        super().__init__(reason.label("en") if reason else "")

    def words(self, language: Language) -> str:
        """The reason in words."""
        return self.reason.label(language) if self.reason else ""


YES = Answer(allowed=True)


def no(key: str, /, **values: object) -> Answer:
    """Not allowed, for the reason of the catalogue's ``key``."""
    return Answer(allowed=False, reason=Word(key, values))


def first_no(*answers: Answer) -> Answer:
    """The first refusal, or yes."""
    return next((answer for answer in answers if not answer), YES)
