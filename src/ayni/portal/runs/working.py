"""The worker: takes tasks from the queue one by one, and sweeps beside it."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from django.db import DatabaseError, InterfaceError, close_old_connections, connections
from django_tasks import DEFAULT_TASK_BACKEND_ALIAS, DEFAULT_TASK_QUEUE_NAME
from django_tasks_db.management.commands.db_worker import Worker

from ayni.portal.runs import sweeping, tasks
from ayni.portal.runs.execution import BEATS_PER_LEASE
from ayni.portal.runs.lease import seconds

logger = logging.getLogger(__name__)
TAKE_EVERY = 0.5
"""Seconds between two looks at an empty queue."""
SWEEPS_PER_PRUNE = 100


class RunWorker(Worker):
    """The library's worker, which leaves at once when it is told to, and puts back the run that it has."""

    def shutdown(self, signum: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Take up nothing more; the loop ends within its interval."""
        logger.info("worker %s: %s, leaving", self.worker_id, signal.Signals(signum).name)
        self.running = False
        tasks.leaving.set()


def work(*, batch: bool = False) -> None:
    """Work until told to stop (SIGTERM, SIGINT); with ``batch`` until the queue is empty."""
    worker = make_worker(batch=batch)
    worker.configure_signals()
    with Sweeper(worker.worker_id):
        worker.run()


def make_worker(*, batch: bool) -> Any:
    """A worker with a name of its own."""
    return RunWorker(
        queue_names=[DEFAULT_TASK_QUEUE_NAME], excluded_queue_names=[], interval=TAKE_EVERY, batch=batch,
        backend_name=DEFAULT_TASK_BACKEND_ALIAS, startup_delay=False, max_tasks=None, worker_id=worker_name(),
    )  # fmt: skip


def worker_name() -> str:
    """Machine, process and something drawn: no two workers have the same."""
    return f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"


class Sweeper:
    """A thread that gives the worker's sign of life and sweeps. A worker whose sweeper ends is told to leave."""

    def __init__(self, worker: str, leave: Callable[[], None] = lambda: os.kill(os.getpid(), signal.SIGTERM)) -> None:
        self._worker, self._leave = worker, leave
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._sweep, name="sweeper", daemon=True)

    def __enter__(self) -> None:
        sweeping.beat(self._worker)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _sweep(self) -> None:
        try:
            turn = 0
            while not self._over.is_set():
                self._turn(turn)
                turn += 1
                self._over.wait(seconds() / BEATS_PER_LEASE)
        finally:
            connections.close_all()
            if not self._over.is_set():
                self._leave()

    def _turn(self, turn: int) -> None:
        """One round; a database that is away for a while is waited for."""
        try:
            close_old_connections()
            sweeping.beat(self._worker)
            sweeping.sweep()
            if turn % SWEEPS_PER_PRUNE == 0:
                sweeping.prune()
        except (DatabaseError, InterfaceError):
            logger.exception("worker %s: sweeping failed", self._worker)
