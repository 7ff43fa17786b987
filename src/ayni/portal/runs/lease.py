"""Who works on a run: taking it up, keeping it, writing in it, ending it. Each step is one compare-and-set on its row.

Only the attempt that holds the lease changes a run; what a late attempt does changes nothing. The clock is the
database's, so that the clocks of several machines need not agree.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce, Now

from ayni.portal.runs.models import OPEN_STATES, Run, RunLine, RunOutput, RunState, output_folder
from ayni.portal.runs.outputs import file_sha256


class Standing(StrEnum):
    """What a look at the row tells the attempt at work."""

    HELD = "held"
    CANCEL_ASKED = "cancel_asked"
    LOST = "lost"


@dataclass(frozen=True)
class Lease:
    """The right of one attempt to change its run."""

    run_id: UUID
    attempt: int


@dataclass(frozen=True)
class Line:
    """A line of the log before it is written: a key of the text catalogue, its values as JSON."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Ending:
    """How an attempt ends: done with the files that it made, failed with kept findings, or cancelled."""

    state: RunState
    files: tuple[Path, ...] = ()
    error: list[dict[str, Any]] | None = None


def seconds() -> float:
    """How long a run stays with a worker that gives no sign of life."""
    return float(settings.ENVIRONMENT.lease_seconds)


def lease_end() -> Combinable:
    """When a lease taken now ends."""
    return Now() + datetime.timedelta(seconds=seconds())


def leases_ago(count: float) -> Combinable:
    """The moment that many leases before now."""
    return Now() - datetime.timedelta(seconds=count * seconds())


def held(lease: Lease) -> QuerySet[Run]:
    """The run, as long as the attempt holds it."""
    return Run.objects.filter(pk=lease.run_id, attempt=lease.attempt, state=RunState.RUNNING)


@transaction.atomic
def claim(run_id: UUID, worker: str, attempts_max: int) -> Lease | None:
    """Take up a run that is queued or whose worker gives no sign of life; None where another has it or it is over."""
    abandoned = Q(state=RunState.RUNNING, lease_until__lt=Now(), attempt__lt=attempts_max, cancel_asked_at=None)
    taken = Run.objects.filter(Q(state=RunState.QUEUED) | abandoned, pk=run_id).update(
        state=RunState.RUNNING, attempt=F("attempt") + 1, worker=worker, lease_until=lease_end(), heartbeat_at=Now(),
        started_at=Coalesce("started_at", Now()), progress=0.0, stage="",
    )  # fmt: skip
    if not taken:
        return None
    lease = Lease(run_id, Run.objects.values_list("attempt", flat=True).get(pk=run_id))
    _write(lease, Line("runs.line.taken", {"attempt": lease.attempt}))
    return lease


def renew(lease: Lease) -> Standing:
    """A sign of life; tells what became of the lease meanwhile."""
    held(lease).update(lease_until=lease_end(), heartbeat_at=Now())
    return look(lease)


def look(lease: Lease) -> Standing:
    """What became of the lease, without a sign of life."""
    row = held(lease).values_list("cancel_asked_at").first()
    if row is None:
        return Standing.LOST
    return Standing.HELD if row == (None,) else Standing.CANCEL_ASKED


@transaction.atomic
def note_progress(lease: Lease, stage: str, done: float, line: Line | None = None) -> bool:
    """Write how far the run is, and a line of its log; False, and nothing written, where the lease is lost."""
    if not held(lease).update(stage=stage, progress=min(max(done, 0.0), 1.0)):
        return False
    if line is not None:
        _write(lease, line)
    return True


def finish(lease: Lease, ending: Ending) -> RunState | None:
    """End the run with what it made, all in one step; the state that it has now, None where the lease was lost.

    A run that was asked to stop before it was done is cancelled.
    """
    saved = [_saved(lease, path) for path in ending.files]
    state = _close(lease, ending, saved)
    if state is not RunState.DONE:
        for output in saved:
            default_storage.delete(str(output.file.name))
    discard_attempts(lease.run_id, range(1, lease.attempt) if state else ())
    return state


@transaction.atomic
def _close(lease: Lease, ending: Ending, saved: Iterable[RunOutput]) -> RunState | None:
    over = {"finished_at": Now(), "lease_until": None}
    if ending.state is not RunState.DONE:
        return ending.state if held(lease).update(state=ending.state, error=ending.error, **over) else None
    if held(lease).filter(cancel_asked_at=None).update(state=RunState.DONE, progress=1.0, **over):
        RunOutput.objects.bulk_create(saved)
        return RunState.DONE
    return RunState.CANCELLED if held(lease).update(state=RunState.CANCELLED, **over) else None


def let_go(lease: Lease, line: Line) -> bool:
    """Queued again, held by nobody; call it where a task is enqueued too. A run that was asked to stop is cancelled.

    False where it is not queued now: the lease was lost, or the run is cancelled.
    """
    mine = held(lease)
    if mine.exclude(cancel_asked_at=None).update(state=RunState.CANCELLED, finished_at=Now(), lease_until=None):
        return False
    if not mine.update(state=RunState.QUEUED, worker="", lease_until=None, progress=0.0, stage=""):
        return False
    _write(lease, line)
    return True


def cancel_queued(run_id: UUID) -> bool:
    """End a run that nobody has taken up."""
    over = {"state": RunState.CANCELLED, "cancel_asked_at": Now(), "finished_at": Now()}
    return bool(Run.objects.filter(pk=run_id, state=RunState.QUEUED).update(**over))


def ask_cancel(run_id: UUID) -> bool:
    """Ask the attempt at work to stop; False where the run is over."""
    open_run = Run.objects.filter(pk=run_id, state__in=OPEN_STATES)
    return bool(open_run.update(cancel_asked_at=Coalesce("cancel_asked_at", Now())))


def discard_attempts(run_id: UUID, attempts: Iterable[int]) -> None:
    """Delete what attempts that ended without a word left among the stored files."""
    for attempt in attempts:
        folder = output_folder(run_id, attempt)
        if default_storage.exists(folder):
            for name in default_storage.listdir(folder)[1]:
                default_storage.delete(f"{folder}/{name}")


def _saved(lease: Lease, path: Path) -> RunOutput:
    """An output whose file is stored and whose row is not written yet."""
    output = RunOutput(
        run_id=lease.run_id, attempt=lease.attempt, name=path.name, size=path.stat().st_size, sha256=file_sha256(path)
    )
    with path.open("rb") as content:
        output.file.save(path.name, File(content), save=False)
    return output


def _write(lease: Lease, line: Line) -> None:
    RunLine.objects.create(run_id=lease.run_id, attempt=lease.attempt, key=line.key, values=dict(line.values))
