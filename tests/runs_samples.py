"""Kinds of run for tests: quick, slow, refused, failed, crashed; and a run brought to its end at once."""

from __future__ import annotations

import os
import signal
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.apps import AppConfig

from ayni.base.findings import Refused, error
from ayni.portal.people.answers import no
from ayni.portal.runs.kinds import Kind, register

if TYPE_CHECKING:
    from ayni.portal.runs.jobs import Job
    from ayni.portal.runs.models import Run
    from portal_samples import World


def quick(job: Job) -> None:
    """One file that says what the parameters said."""
    job.report("sample", 0.5, "runs.run.waiting")
    (job.folder / "answer.txt").write_text(str(job.run.parameters.get("text", "done")), encoding="utf-8")


def nothing(_: Job) -> None:
    """No file at all."""


def slow(job: Job) -> None:
    """Many small steps, each of which looks at the stop sign; ``parameters["seconds"]`` in all."""
    steps = max(1, round(float(job.run.parameters.get("seconds", 30)) / 0.05))
    for step in range(steps):
        job.report("sample", step / steps)
        time.sleep(0.05)
    (job.folder / "answer.txt").write_text(f"{steps} steps", encoding="utf-8")


def refuse(_: Job) -> None:
    """What a handler does when the data do not allow the work."""
    raise Refused([error("RUN-MEMORY"), error("FILE-MISSING")])


def fail(_: Job) -> None:
    """What nobody foresaw."""
    raise ZeroDivisionError("a secret of the program")


def add(report: Callable[..., None], left: int, right: int) -> int:
    """A sum, in a child."""
    report("sample", 0.5, "runs.run.waiting")
    return left + right


def sleep(report: Callable[..., None], seconds: float) -> int:
    """A long time in a child; its process id comes first."""
    report("sample", 0.1, "runs.run.inputs", process=os.getpid())
    time.sleep(seconds)
    return os.getpid()


def die(report: Callable[..., None], number: int) -> None:
    """A child that breaks off."""
    os.kill(os.getpid(), number)


def devour(report: Callable[..., None], size: int) -> int:
    """A child that takes too much memory."""
    return len(bytearray(size))


def divide(report: Callable[..., None]) -> float:
    """A child with a fault."""
    return 1 / 0


def refuse_in_child(report: Callable[..., None]) -> None:
    """A child that refuses."""
    raise Refused([error("FILE-MISSING")])


def is_without_django(report: Callable[..., None]) -> bool:
    """Whether the child went without Django's models."""
    import sys

    return "django.db.models" not in sys.modules


CHILDREN: dict[str, tuple[Callable[..., Any], tuple[Any, ...]]] = {
    "add": (add, (20, 22)),
    "sleep": (sleep, (60.0,)),
    "segfault": (die, (int(signal.SIGSEGV),)),
    "killed": (die, (int(signal.SIGKILL),)),
    "devour": (devour, (2**40,)),
    "divide": (divide, ()),
    "refuse": (refuse_in_child, ()),
}


def child(job: Job) -> None:
    """What ``parameters["function"]`` names, in a child."""
    function, args = CHILDREN[job.run.parameters["function"]]
    (job.folder / "answer.txt").write_text(str(job.in_child(function, *args)), encoding="utf-8")


HANDLERS: dict[str, Callable[[Job], None]] = {
    "test_quick": quick, "test_nothing": nothing, "test_slow": slow, "test_refuse": refuse, "test_fail": fail,
    "test_child": child,
}  # fmt: skip


def register_samples() -> None:
    """The kinds of this module, known to this process."""
    for name, handler in HANDLERS.items():
        register(Kind(name, handler))
    register(Kind("test_closed", quick, may_read_contents=lambda _, __: no("runs.refused.not_yours")))


def perform_now(run_id: UUID, worker: str = "test") -> str:
    """The run, brought to its end in this process as a worker does it; needs a database with real transactions."""
    from ayni.portal.runs.execution import perform
    from ayni.portal.runs.tasks import put_back

    return perform(run_id, worker, threading.Event(), put_back)


class Samples(AppConfig):
    """For processes of a drill: the sample kinds as an app."""

    name = "runs_samples"

    def ready(self) -> None:
        """Register."""
        register_samples()


def make_run(world: World, kind: str = "test_quick", persona: str = "park_operator", **fields: Any) -> Run:
    """A queued run of the own park."""
    from ayni.portal.runs.services import start

    register_samples()
    return start(world.actor(persona), kind, **{"park": world.park, "year": 2025, **fields})


def make_done_run(world: World, **fields: Any) -> Run:
    """A run that is done, with the file ``answer.txt``."""
    from ayni.portal.runs.lease import Ending, claim, finish
    from ayni.portal.runs.models import RunState

    run = make_run(world, **fields)
    lease = claim(run.pk, "test", 3)
    assert lease is not None
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "answer.txt"
        path.write_text("an answer", encoding="utf-8")
        assert finish(lease, Ending(RunState.DONE, (path,))) is RunState.DONE
    run.refresh_from_db()
    return run
