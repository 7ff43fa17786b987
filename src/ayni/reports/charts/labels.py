"""Places for labels beside points: the free one of eight places around each point, by the least overlap."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Box:
    """A rectangle [px]; ``bottom`` is below ``top``."""

    left: float
    top: float
    right: float
    bottom: float

    def overlap(self, other: Box) -> float:
        """Common area [px²]."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * down if across > 0 and down > 0 else 0.0

    def outside(self, width: float, height: float) -> float:
        """Pixels by which it sticks out of a drawing."""
        return max(-self.left, 0) + max(-self.top, 0) + max(self.right - width, 0) + max(self.bottom - height, 0)

    @property
    def centre(self) -> tuple[float, float]:
        """Its middle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2


def centred(x: float, y: float, width: float, height: float) -> Box:
    """The box of a size around a point."""
    return Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)


def _around(x: float, y: float, width: float, height: float, gap: float) -> list[Box]:
    """Places around a point, the preferred ones first: right, left, below, above, then the corners."""
    across, down = gap + width / 2, gap + height / 2
    shifts = (
        (across, 0),
        (-across, 0),
        (0, down),
        (0, -down),
        (across, down),
        (across, -down),
        (-across, down),
        (-across, -down),
    )
    return [centred(x + right, y + below, width, height) for right, below in shifts]


def place_labels(
    points: Sequence[tuple[float, float]],
    sizes: Sequence[tuple[float, float]],
    taken: Iterable[Box],
    area: tuple[float, float],
    gap: float = 10.0,
) -> list[Box]:
    """A box per point that keeps clear of ``taken`` boxes and of one another as far as there is room."""
    busy = list(taken)
    placed = []
    for (x, y), (width, height) in zip(points, sizes, strict=True):
        best = min(
            _around(x, y, width, height, gap),
            key=lambda box: sum(box.overlap(other) for other in busy) + 1000 * box.outside(*area),
        )
        busy.append(best)
        placed.append(best)
    return placed
