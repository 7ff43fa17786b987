"""What totals are made of: records of firms at their places, cells of the table, and how the measures hang together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why a cell does not show its total (or not the newest one)."""

    FEW = "few"
    """Fewer than three firms stand behind it."""
    DOMINANT = "dominant"
    """One firm holds more than 85 % of it."""
    DERIVABLE = "derivable"
    """With the other published totals it would give away a total that must stay hidden."""
    CHANGE = "change"
    """What changed since the last publication would be given away."""


@dataclass(frozen=True, order=True)
class Cell:
    """One total: of an area (its code) or, in the country, of a branch; of a measure; of a month (0 is the year)."""

    area: str
    branch: str
    code: str
    month: int = 0


@dataclass(frozen=True)
class Record:
    """What one firm declared of one place in one version. A corrected declaration is another record.

    ``path`` holds the areas from the country down to the smallest. ``amounts`` are by measure and month, never
    negative. ``editions`` are the numbers of the publications that count the record.
    """

    id: int
    firm: int
    path: tuple[str, ...]
    branch: str
    amounts: Mapping[tuple[str, int], float]
    editions: frozenset[int]


@dataclass(frozen=True)
class Scheme:
    """How measures hang together, for any table.

    ``weights``: of every measure over the basic amounts that it adds up; measures that share basic amounts, such as the
    energy of a carrier and its emissions by a public factor, follow from one another. ``parts``: totals and what they
    are the sum of. ``order``: measures from the one that matters most. ``monthly`` ones (basic amounts themselves) are published
    by the ``months`` too, all of them or none; ``branched`` ones by branch of the country.
    """

    weights: Mapping[str, Mapping[str, int]]
    parts: Mapping[str, tuple[str, ...]]
    order: tuple[str, ...]
    monthly: frozenset[str] = frozenset()
    branched: frozenset[str] = frozenset()
    months: tuple[int, ...] = tuple(range(1, 13))


@dataclass(frozen=True)
class Verdict:
    """What is shown of a cell: the total of ``edition``, or nothing where that is None; ``reason`` if not the newest."""

    edition: int | None
    reason: Reason | None = None

    @property
    def is_shown(self) -> bool:
        """Whether some total is shown."""
        return self.edition is not None
