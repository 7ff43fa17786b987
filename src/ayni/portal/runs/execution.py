"""An attempt on a run, from taking it up to its end.

The handler works in a thread of its own; the worker's thread watches beside it, gives signs of life and carries the
stop sign. What the handler raised is looked at when the thread has ended: nothing that a handler does ends a worker.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from time import monotonic
from uuid import UUID

from django.conf import settings
from django.db import connections

from ayni.base.findings import Finding, Refused, error
from ayni.portal.runs.jobs import Job
from ayni.portal.runs.kinds import ATTEMPTS_MAX, Kind, is_known, kind_of
from ayni.portal.runs.lease import Ending, Lease, Standing, claim, finish, look, renew, seconds
from ayni.portal.runs.models import Run, RunState
from ayni.portal.runs.stopping import Cancelled, Reason, StopSign
from ayni.portal.site.findings import kept

logger = logging.getLogger(__name__)
LOOKS_PER_LEASE, BEATS_PER_LEASE = 30, 6
"""How often in the length of a lease the worker looks for a wish to stop, and gives a sign of life."""


def perform(run_id: UUID, worker: str, leaving: Event, put_back: Callable[[Lease], bool]) -> str:
    """Take up the run and bring it to an end; what became of it.

    ``leaving`` is set when the worker should stop: the run is then given to ``put_back``.
    """
    run = Run.objects.filter(pk=run_id).first()
    if run is None:
        return "gone"
    lease = claim(run_id, worker, attempts_max(run.kind))
    if lease is None:
        return "not taken"
    if not is_known(run.kind):
        finish(lease, failed(error("RUN-KIND-UNKNOWN", kind=run.kind)))
        return RunState.FAILED
    run.refresh_from_db()
    stop = StopSign()
    with work_folder(lease) as folder:
        job = Job(run, lease, folder, stop)
        fault = _watched(kind_of(run.kind), job, lease, stop, leaving)
        if isinstance(fault, Cancelled) and fault.reason is not Reason.CANCELLED:
            is_back = fault.reason is Reason.LEAVING and put_back(lease)
            return RunState.QUEUED if is_back else Reason.LOST
        return finish(lease, ending_of(fault, job)) or Reason.LOST


def attempts_max(kind: str) -> int:
    """How often a run of the kind may be taken up."""
    return kind_of(kind).attempts_max if is_known(kind) else ATTEMPTS_MAX


def ending_of(fault: BaseException | None, job: Job) -> Ending:
    """How the run ends, by what its handler raised."""
    if fault is None:
        return Ending(RunState.DONE, tuple(sorted(path for path in job.folder.iterdir() if path.is_file())))
    if isinstance(fault, Cancelled):
        return Ending(RunState.CANCELLED)
    if isinstance(fault, Refused):
        return failed(*fault.findings)
    logger.error("run %s failed", job.run.pk, exc_info=fault)
    return failed(error("RUN-FAILED", run=str(job.run.pk)))


def failed(*findings: Finding) -> Ending:
    """An end with findings."""
    return Ending(RunState.FAILED, error=kept(findings))


@contextmanager
def work_folder(lease: Lease) -> Iterator[Path]:
    """A folder for what the attempt makes, gone afterwards."""
    folder = work_root() / f"{lease.run_id}.{lease.attempt}"
    folder.mkdir(parents=True)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def work_root() -> Path:
    """Where attempts at work have their folders."""
    return Path(settings.ENVIRONMENT.data) / "work"


def _watched(kind: Kind, job: Job, lease: Lease, stop: StopSign, leaving: Event) -> BaseException | None:
    """What the handler raised. The watch ends with the handler; a watch that fails stops the handler first."""
    with ThreadPoolExecutor(1, thread_name_prefix=f"run-{lease.run_id}") as pool:
        future = pool.submit(_handle, kind, job)
        try:
            _watch(future, lease, stop, leaving)
        finally:
            stop.show(Reason.LOST)
    return future.exception()


def _handle(kind: Kind, job: Job) -> None:
    try:
        kind.handler(job)
    finally:
        connections.close_all()


def _watch(future: Future[None], lease: Lease, stop: StopSign, leaving: Event) -> None:
    beat_at = monotonic()
    while not wait([future], timeout=seconds() / LOOKS_PER_LEASE).done:
        if leaving.is_set():
            stop.show(Reason.LEAVING)
        if monotonic() - beat_at >= seconds() / BEATS_PER_LEASE:
            beat_at = monotonic()
            standing = renew(lease)
        else:
            standing = look(lease)
        if standing is Standing.CANCEL_ASKED:
            stop.show(Reason.CANCELLED)
        elif standing is Standing.LOST:
            stop.show(Reason.LOST)
