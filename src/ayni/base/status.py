"""The status of a number: how well it is founded."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Status(StrEnum):
    """From best to worst founded. ``declared`` is a user's own record; ``made_up`` is an example's."""

    SOURCED = "sourced"
    DECLARED = "declared"
    DERIVED = "derived"
    SECONDARY = "secondary"
    UNVERIFIED = "unverified"
    MADE_UP = "made_up"


_RANK = {status: rank for rank, status in enumerate(Status)}


def worst(statuses: Iterable[Status]) -> Status:
    """The worst founded of ``statuses``; ``derived`` where there is none."""
    return max(statuses, key=_RANK.__getitem__, default=Status.DERIVED)


def parse_status(text: str) -> tuple[Status, Status]:
    """The status of the value and that of its range, from words such as ``sourced; range unverified``.

    Raises ValueError for a word that is no status.
    """
    first, _, rest = text.partition(";")
    value_status = Status(first.strip())
    range_words = rest.split()
    if range_words[:1] == ["range"]:
        return value_status, Status(range_words[-1])
    if range_words:
        value_status = worst([value_status, Status(range_words[-1])])
    return value_status, value_status
