"""What figures stand on: the factors at the ends of their trees, and how many of them are verified."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from ayni.base.factors import Factor
from ayni.base.figures import FigureBook
from ayni.base.status import Status

NOT_VERIFIED = frozenset({Status.UNVERIFIED, Status.MADE_UP})


@dataclass(frozen=True)
class Founding:
    """The factors under some figures."""

    factors: tuple[Factor, ...]

    @property
    def unverified(self) -> tuple[Factor, ...]:
        """Those whose value nobody has verified."""
        return tuple(factor for factor in self.factors if factor.status in NOT_VERIFIED)


def founding(book: FigureBook, figure_ids: Iterable[str]) -> Founding:
    """Every factor that the figures rest on, once each, in the order in which they are met."""
    factors: dict[str, Factor] = {}
    seen: set[str] = set()
    waiting = [figure_id for figure_id in figure_ids if figure_id in book]
    while waiting:
        figure_id = waiting.pop()
        if figure_id in seen:
            continue
        seen.add(figure_id)
        for item in book[figure_id].inputs:
            if isinstance(item, str):
                waiting.append(item)
            elif isinstance(item, Factor):
                factors.setdefault(item.id, item)
    return Founding(tuple(factors.values()))
