"""A function in a child process of its own, with limits: what it breaks does not break the worker. No Django here."""

from __future__ import annotations

import multiprocessing
import os
import resource
import signal
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from types import TracebackType
from typing import Any, Self

from ayni.base.findings import Finding, Refused, error
from ayni.portal.runs.lifeline import die_with_parent, leave_at_end_of

PATIENCE = 5.0
"""Seconds that a child which has answered may take to leave."""
_spawn = multiprocessing.get_context("spawn")


@dataclass(frozen=True)
class Reported:
    """How far the child is: what its report was called with."""

    stage: str
    done: float
    key: str
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Answered:
    """What the function gave, or why not."""

    value: Any = None
    findings: tuple[Finding, ...] = ()
    failure: str = ""


class ChildFailed(RuntimeError):
    """The function raised what nobody foresaw; the message is the child's traceback."""


class Child:
    """A child at work on ``function(report, *args)``. Leaving the context kills it if it still runs."""

    def __init__(self, function: Callable[..., Any], args: tuple[Any, ...], memory: int) -> None:
        self._connection, theirs = _spawn.Pipe()
        self._process = _spawn.Process(target=_serve, args=(theirs, os.getpid(), memory, function, args))
        self._process.start()
        theirs.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        if kind is not None:
            self._process.kill()
        self._connection.close()
        self._process.join(PATIENCE)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()

    def listen(self, seconds: float) -> Reported | Answered | None:
        """The next word of the child; None when it says nothing for so long. Raises Refused when it died without."""
        if not self._connection.poll(seconds):
            return None
        try:
            said: Reported | Answered = self._connection.recv()
        except (EOFError, ConnectionResetError):
            self._process.join(PATIENCE)
            raise Refused([_crash(self._process.exitcode)]) from None
        return said


def value_of(answer: Answered) -> Any:
    """What the function gave. Raises Refused with its findings, or ChildFailed."""
    if answer.findings:
        raise Refused(answer.findings)
    if answer.failure:
        raise ChildFailed(answer.failure)
    return answer.value


def _crash(code: int | None) -> Finding:
    name = signal.Signals(-code).name if code is not None and code < 0 else f"exit {code}"
    return error("RUN-CRASHED", signal=name)


def _serve(
    connection: Connection, parent: int, memory: int, function: Callable[..., Any], args: tuple[Any, ...]
) -> None:
    """The child's whole life."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    die_with_parent(parent)
    leave_at_end_of(connection.recv_bytes)
    _limit(memory)

    def report(stage: str, done: float, key: str = "", /, **values: Any) -> None:
        connection.send(Reported(stage, done, key, values))

    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(function, report, *args)
    connection.send(_answer(future.exception(), future.result))


def _answer(fault: BaseException | None, result: Callable[[], Any]) -> Answered:
    if fault is None:
        return Answered(result())
    if isinstance(fault, Refused):
        return Answered(findings=fault.findings)
    if isinstance(fault, MemoryError):
        return Answered(findings=(error("RUN-MEMORY"),))
    return Answered(failure="".join(traceback.format_exception(fault)))


def _limit(memory: int) -> None:
    """Bind what this process may take of memory [bytes] (0: unbound); it leaves no core dump."""
    bounds = [(resource.RLIMIT_CORE, 0), *([(resource.RLIMIT_DATA, memory)] if memory else [])]
    for kind, wanted in bounds:
        _, hard = resource.getrlimit(kind)
        bound = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(kind, (bound, bound))
