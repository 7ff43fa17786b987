"""A reader of one run's results: in full, or the totals of the park and what is the reader's own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Reader:
    """``firms`` are the codes of those firms whose records the reader may read; ``reads_park`` opens the park's own.

    ``is_closed``: the totals are not open, because with those of an earlier run they would give one or two firms away.
    """

    is_full: bool
    reads_park: bool
    firms: frozenset[str]
    is_closed: bool = False
