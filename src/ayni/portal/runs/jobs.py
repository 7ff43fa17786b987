"""What a handler gets: its run, a folder for what it makes, a way to report, and a child process to compute in."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings

from ayni.base.texts import LANGUAGES, Labelled
from ayni.portal.runs.children import Answered, Child, Reported, value_of
from ayni.portal.runs.lease import Lease, Line, note_progress
from ayni.portal.runs.models import Run
from ayni.portal.runs.stopping import Cancelled, Reason, StopSign

WRITE_EVERY = 0.5
"""Seconds between two notes of progress within one stage: engines report more often than anybody reads."""
LOOK_EVERY = 0.2
"""Seconds after which a silent child's stop sign is looked at again."""


class Job:
    """A run at work. Every plain file that lies in ``folder`` itself at the end becomes an output of the run."""

    def __init__(self, run: Run, lease: Lease, folder: Path, stop: StopSign) -> None:
        self.run = run
        self.folder = folder
        self._lease = lease
        self._stop = stop
        self._last_line: tuple[str, str, dict[str, Any]] | None = None
        self._stage = ""
        self._written_at = 0.0

    def report(self, stage: str, done: float, key: str = "", /, **values: object) -> None:
        """Say how far the run is: its stage, the part done from 0 to 1, and in words what is being done.

        ``key`` is a text of the catalogue with its ``values`` (``done`` in percent is always among them); a line of
        the log is written when it changes. Raises Cancelled when the run should stop: let it pass.
        """
        self._stop.check()
        shown = storable(values)
        line = (stage, key, shown)
        is_new = bool(key) and line != self._last_line
        if stage == self._stage and not is_new and time.monotonic() - self._written_at < WRITE_EVERY:
            return
        written = Line(key, {"done": round(100 * done), **shown}) if is_new else None
        if not note_progress(self._lease, stage, done, written):
            self._stop.show(Reason.LOST)
            raise Cancelled(Reason.LOST)
        self._last_line, self._stage = line if is_new else self._last_line, stage
        self._written_at = time.monotonic()

    def in_child(self, function: Callable[..., Any], /, *args: Any) -> Any:
        """What ``function(report, *args)`` gives in a spawned process; ``report`` is called like ``Job.report``.

        Function, arguments and result must be picklable. The child is killed when the run should stop, dies with the
        worker, and has a limit on memory. Raises Refused with what the function refused, or when the child crashed
        or outgrew its memory; ChildFailed when it raised what nobody foresaw; Cancelled.
        """
        with Child(function, args, settings.ENVIRONMENT.run_memory) as child:
            while True:
                self._stop.check()
                said = child.listen(LOOK_EVERY)
                if isinstance(said, Reported):
                    self.report(said.stage, said.done, said.key, **said.values)
                elif isinstance(said, Answered):
                    return value_of(said)


def storable(values: Mapping[str, object]) -> dict[str, Any]:
    """Values of a text as JSON; what has its own words in each language is kept in every language."""
    return {
        name: {language: value.label(language) for language in LANGUAGES}
        if isinstance(value, Labelled)
        else value
        if value is None or isinstance(value, str | int | float)
        else str(value)
        for name, value in values.items()
    }
