"""Who changed a place, when, and what of it."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from ayni.base.texts import Language, has_text, say

SHOWN = 10


@dataclass(frozen=True)
class Change:
    """One change: ``fields`` in words, empty for the entry itself; ``who`` is empty where no person did it."""

    at: datetime.datetime
    who: str
    is_entry: bool
    fields: str


def changes_of(thing: Any, language: Language) -> Sequence[Change]:
    """The last changes of a park, plot or site, the newest first: one query."""
    kept = list(thing.history.select_related("history_user").order_by("-history_date", "-history_id")[: SHOWN + 1])
    newer = [_change(new, _changed(new, old, language)) for new, old in pairwise(kept)]
    if kept and len(kept) <= SHOWN:
        newer.append(_change(kept[-1], "", is_entry=True))
    return newer


def _change(record: Any, fields: str, *, is_entry: bool = False) -> Change:
    return Change(record.history_date, str(record.history_user or ""), is_entry, fields)


def _changed(new: Any, old: Any, language: Language) -> str:
    found = new.diff_against(old, foreign_keys_are_objs=False).changed_fields
    words = [say(f"places.field.{name}", language) for name in found if has_text(f"places.field.{name}")]
    return ", ".join(words)
