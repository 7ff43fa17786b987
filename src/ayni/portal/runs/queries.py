"""What pages and the API read of runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404

from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import Answer
from ayni.portal.runs.kinds import is_known, kind_of
from ayni.portal.runs.models import OPEN_STATES, Run, RunLine, RunOutput, RunState
from ayni.portal.runs.permissions import (
    may_cancel_run,
    may_read_contents,
    may_read_run,
    may_retry_run,
    readable_runs,
)
from ayni.portal.runs.sweeping import living_workers

LINES_SHOWN = 200
"""Lines of the log on a page, the last ones."""


@dataclass(frozen=True)
class RunPage:
    """A run as its page shows it; ``outputs`` and ``findings`` are empty for those who may only know of it."""

    run: Run
    lines: list[RunLine]
    outputs: list[RunOutput]
    findings: list[dict[str, Any]]
    may_read_contents: Answer
    is_open: bool
    has_worker: bool
    may_cancel: Answer
    may_retry: Answer
    results_url: str


def runs_of(actor: Actor) -> QuerySet[Run]:
    """The runs that the actor may read, the newest first."""
    return readable_runs(actor).select_related("park", "site", "author")


def run_of(actor: Actor, pk: UUID) -> Run:
    """A run that the actor may read. Raises Http404 for any other, so that nobody learns that it exists."""
    run = Run.objects.select_related("park", "site__park", "author").filter(pk=pk).first()
    if run is None or not may_read_run(actor, run):
        raise Http404
    return run


def output_of(actor: Actor, pk: UUID, name: str) -> RunOutput:
    """A file of a run whose contents the actor may read. Raises Http404, Forbidden."""
    run = run_of(actor, pk)
    may_read_contents(actor, run).require()
    output = run.outputs.filter(name=name).first()
    if output is None:
        raise Http404
    return output


def last_lines(run: Run) -> list[RunLine]:
    """The end of the log, in order."""
    return list(reversed(run.lines.order_by("-pk")[:LINES_SHOWN]))


def run_page(actor: Actor, run: Run) -> RunPage:
    """Everything that the page of a run shows."""
    is_open = run.state in OPEN_STATES
    kind = kind_of(run.kind) if is_known(run.kind) else None
    contents = may_read_contents(actor, run)
    has_results = run.state == RunState.DONE and kind is not None and kind.result_url is not None
    return RunPage(
        run=run, lines=last_lines(run), outputs=list(run.outputs.all()) if contents else [],
        findings=list(run.error or []) if contents else [], may_read_contents=contents,
        is_open=is_open, has_worker=run.state != RunState.QUEUED or bool(living_workers()),
        may_cancel=may_cancel_run(actor, run), may_retry=may_retry_run(actor, run),
        results_url=kind.result_url(run) if has_results and kind and kind.result_url else "",
    )  # fmt: skip
