"""Kinds of run: apps above register what their runs do, who may start and read them, and where their results are shown.

No model is imported here, so that apps may register as soon as they are loaded.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.db.models import Q

    from ayni.portal.people.actor import Actor
    from ayni.portal.people.answers import Answer
    from ayni.portal.runs.jobs import Job
    from ayni.portal.runs.models import Run

ATTEMPTS_MAX = 3


@dataclass(frozen=True)
class Kind:
    """A kind of run; its name in words is the text ``runs.kind.<name>``, that of a stage ``runs.stage.<stage>``.

    ``handler`` does the work in a worker; what it computes at length belongs in ``job.in_child``. ``attempts_max`` is
    how often a run may be taken up when its workers die. ``may_read`` and ``may_start`` replace the rules of
    ``permissions``; ``may_start`` is asked with the run as it would be. Whoever gives ``may_read`` gives ``readable``
    too: the same rule as a query, for lists. ``may_read_contents`` narrows who gets the files and the findings of a run
    that others may only know of. ``result_url`` is where the results of a finished run are shown.
    """

    name: str
    handler: Callable[[Job], None]
    attempts_max: int = ATTEMPTS_MAX
    may_read: Callable[[Actor, Run], Answer] | None = None
    readable: Callable[[Actor], Q] | None = None
    may_start: Callable[[Actor, Run], Answer] | None = None
    may_read_contents: Callable[[Actor, Run], Answer] | None = None
    result_url: Callable[[Run], str] | None = None


class UnknownKind(LookupError):
    """No app registered a kind of run of this name."""


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Offer a kind of run; called from an app's ``ready``. Raises ValueError for a reading rule without its query."""
    if (kind.may_read is None) != (kind.readable is None):
        raise ValueError(f"{kind.name}: may_read and readable are one rule in two forms")
    _kinds[kind.name] = kind


def kind_of(name: str) -> Kind:
    """The kind of that name. Raises UnknownKind."""
    try:
        return _kinds[name]
    except KeyError as missing:
        raise UnknownKind(name) from missing


def is_known(name: str) -> bool:
    """Whether a kind of that name is registered in this process."""
    return name in _kinds


def registered() -> tuple[Kind, ...]:
    """All kinds."""
    return tuple(_kinds.values())
