"""One process that keeps others going: what dies is started again, at first at once, then ever more slowly.

No Django here: the supervisor does nothing that could fail.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from time import monotonic
from types import FrameType, TracebackType
from typing import Self

logger = logging.getLogger(__name__)
STEADY = 30.0
"""Seconds after which a process counts as started."""
DELAY_FIRST, DELAY_MAX = 0.5, 30.0
GRACE = 15.0
"""Seconds that processes have to leave before they are killed."""
TURN = 0.2
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass
class Post:
    """A place that a process of ours should always fill. ``arguments`` follow the name of the module."""

    name: str
    arguments: Sequence[str]
    descriptors: Sequence[int] = ()
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    failures: int = 0
    due_at: float = field(default=0.0)


class Supervisor:
    """Keeps posts filled until told to stop. Its children die when it does, however it ends."""

    def __init__(self, module: str, posts: Iterable[Post]) -> None:
        self.posts = list(posts)
        self._module = module
        self._stopping = threading.Event()
        self._reading, self._writing = os.pipe()
        self._before: dict[signal.Signals, object] = {}

    def __enter__(self) -> Self:
        for number in SIGNALS:
            self._before[number] = signal.signal(number, self._stop)
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._end_all()
        os.close(self._reading)
        os.close(self._writing)
        for number, handler in self._before.items():
            signal.signal(number, handler)  # type: ignore[arg-type]

    def run(self, until: Callable[[], bool] = lambda: False) -> bool:
        """Keep posts filled until ``until`` answers yes or a signal comes; whether it was ``until``."""
        while not self._stopping.is_set():
            for post in self.posts:
                self._look_after(post)
            if until():
                return True
            self._stopping.wait(TURN)
        return False

    def _stop(self, signum: int, frame: FrameType | None) -> None:  # noqa: ARG002
        self._stopping.set()

    def _look_after(self, post: Post) -> None:
        if post.process is not None and post.process.poll() is not None:
            self._bury(post, post.process.returncode)
        if post.process is None and monotonic() >= post.due_at:
            self._start(post)

    def _bury(self, post: Post, code: int) -> None:
        post.failures = 0 if monotonic() - post.started_at >= STEADY else post.failures + 1
        delay = min(DELAY_FIRST * 2 ** max(post.failures - 1, 0), DELAY_MAX)
        post.process, post.due_at = None, monotonic() + delay
        logger.warning("%s ended with %s, starts again in %.1f s", post.name, code, delay)

    def _start(self, post: Post) -> None:
        command = [sys.executable, "-m", self._module, str(os.getpid()), str(self._reading), *post.arguments]
        post.process = subprocess.Popen(  # noqa: S603 our own module
            command, pass_fds=[self._reading, *post.descriptors], start_new_session=True
        )
        post.started_at = monotonic()

    def _end_all(self) -> None:
        running = [post.process for post in self.posts if post.process is not None]
        for process in running:
            with suppress(ProcessLookupError):
                process.terminate()
        deadline = monotonic() + GRACE
        for process in running:
            try:
                process.wait(max(deadline - monotonic(), 0.1))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
