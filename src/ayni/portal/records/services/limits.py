"""How often files and rows are taken from one person."""

from __future__ import annotations

from ayni.base.texts import Word
from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import Forbidden
from ayni.portal.people.limits import within_limit

UPLOADS, WINDOW = 60, 600
"""Files and sets of rows that one person may hand in within a window [s]."""


class TooOften(Forbidden):
    """More was handed in than is taken in one window."""


def take_upload(actor: Actor) -> None:
    """Count one more. Raises TooOften."""
    if actor.user is not None and not within_limit(f"upload:{actor.user.pk}", UPLOADS, WINDOW):
        raise TooOften(Word("records.refused.too_often", {"count": UPLOADS, "minutes": WINDOW // 60}))
