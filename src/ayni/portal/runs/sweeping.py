"""What dead workers leave behind is taken up again, or marked. Every worker sweeps; each step is a compare-and-set."""

from __future__ import annotations

import datetime
import logging
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import Now
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from ayni.base.findings import error
from ayni.portal.runs.execution import attempts_max, failed, work_root
from ayni.portal.runs.lease import Ending, Lease, Line, discard_attempts, finish, held, leases_ago
from ayni.portal.runs.models import Run, RunState, Worker
from ayni.portal.runs.tasks import enqueue, put_back

logger = logging.getLogger(__name__)
TASKS_KEPT = datetime.timedelta(days=7)
"""How long tasks that are over stay in the queue's table."""
DEAD_AFTER = 2.0
"""Leases after which a worker that was not seen counts as dead."""


def sweep() -> None:
    """Everything that a dead worker can leave: its runs, its tasks, tasks that vanished."""
    for lease, kind, is_cancelled in _abandoned():
        settle(lease, kind, is_cancelled=is_cancelled)
    for run_id, task_id in _stranded():
        _send_again(run_id, task_id)
    mark_dead_tasks()


def settle(lease: Lease, kind: str, *, is_cancelled: bool) -> None:
    """End or put back a run whose worker gives no sign of life; nothing where its attempt has come back meanwhile."""
    with transaction.atomic():
        if not held(lease).select_for_update().filter(lease_until__lt=Now()).exists():
            return
        if is_cancelled:
            finish(lease, Ending(RunState.CANCELLED))
        elif lease.attempt >= attempts_max(kind):
            finish(lease, failed(error("RUN-LOST", attempts=lease.attempt)))
        else:
            put_back(lease, Line("runs.line.worker_lost"))
            logger.warning("run %s: worker lost in attempt %s, queued again", lease.run_id, lease.attempt)
            return
    discard_attempts(lease.run_id, [lease.attempt])


def mark_dead_tasks() -> None:
    """Tasks that dead workers had taken are over: the run, if it lives, has a new one."""
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING, started_at__lt=leases_ago(DEAD_AFTER))
    alive = set(living_workers())
    for task in running.only("pk", "worker_ids"):
        if task.worker_ids and task.worker_ids[-1] not in alive:
            running.filter(pk=task.pk).update(
                status=TaskResultStatus.FAILED, finished_at=timezone.now(), exception_class_path="WorkerLost"
            )


def prune() -> None:
    """Forget tasks that are long over, workers long gone, and folders of attempts that ended without a word."""
    over = (TaskResultStatus.SUCCESSFUL, TaskResultStatus.FAILED)
    DBTaskResult.objects.filter(status__in=over, finished_at__lt=timezone.now() - TASKS_KEPT).delete()
    Worker.objects.filter(seen_at__lt=timezone.now() - datetime.timedelta(days=1)).delete()
    for folder, lease in _work_folders():
        if not held(lease).exists():
            shutil.rmtree(folder, ignore_errors=True)


def beat(name: str) -> None:
    """A worker's sign of life."""
    if not Worker.objects.filter(name=name).update(seen_at=Now()):
        Worker.objects.create(name=name, started_at=Now(), seen_at=Now())


def living_workers() -> list[str]:
    """Workers that were seen of late."""
    return list(Worker.objects.filter(seen_at__gte=leases_ago(DEAD_AFTER)).values_list("name", flat=True))


def _abandoned() -> Iterator[tuple[Lease, str, bool]]:
    """Runs whose lease has ended."""
    for run in Run.objects.filter(state=RunState.RUNNING, lease_until__lt=Now()).order_by("created_at"):
        yield Lease(run.pk, run.attempt), run.kind, run.cancel_asked_at is not None


def _stranded() -> list[tuple[UUID, UUID | None]]:
    """Queued runs whose task is gone or was taken by a worker that died before it took up the run."""
    waiting = Q(status=TaskResultStatus.READY)
    just_taken = Q(status=TaskResultStatus.RUNNING, started_at__gte=leases_ago(0.5))
    carried = Exists(DBTaskResult.objects.filter(waiting | just_taken, id=OuterRef("task_id")))
    return list(Run.objects.filter(~carried, state=RunState.QUEUED).values_list("pk", "task_id"))


@transaction.atomic
def _send_again(run_id: UUID, task_id: UUID | None) -> None:
    """A new task, unless another sweeper was quicker."""
    if Run.objects.select_for_update().filter(pk=run_id, task_id=task_id, state=RunState.QUEUED).exists():
        enqueue(run_id)


def _work_folders() -> Iterator[tuple[Path, Lease]]:
    for folder in work_root().glob("*.*"):
        run_id, _, attempt = folder.name.rpartition(".")
        yield folder, Lease(UUID(run_id), int(attempt))
