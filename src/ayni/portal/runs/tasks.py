"""The task that carries a run through the queue."""

from __future__ import annotations

import threading
from uuid import UUID

from django.db import transaction
from django_tasks import TaskContext, task

from ayni.portal.runs.execution import perform
from ayni.portal.runs.lease import Lease, Line, let_go
from ayni.portal.runs.models import Run

leaving = threading.Event()
"""Set when this process should take up nothing more and put back what it has."""

PUT_BACK = Line("runs.line.put_back")


@task(takes_context=True)
def execute_run(context: TaskContext, run_id: str) -> str:
    """Bring the run to its end; what became of it."""
    return perform(UUID(run_id), context.task_result.worker_ids[-1], leaving, put_back)


@transaction.atomic
def enqueue(run_id: UUID) -> None:
    """A new task for the run; the run knows it."""
    made = execute_run.enqueue(str(run_id))
    Run.objects.filter(pk=run_id).update(task_id=made.id)


@transaction.atomic
def put_back(lease: Lease, line: Line = PUT_BACK) -> bool:
    """Back to the queue with a new task; False where the lease is lost or the run, asked to stop, is cancelled."""
    is_ours = let_go(lease, line)
    if is_ours:
        enqueue(lease.run_id)
    return is_ours
