"""Runs for programs: the same rights as the pages."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import HttpRequest, StreamingHttpResponse
from ninja import Field, Router, Schema
from ninja.pagination import LimitOffsetPagination, paginate

from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import no
from ayni.portal.runs import queries, services
from ayni.portal.runs.downloads import attachment
from ayni.portal.runs.models import Run, RunOutput
from ayni.portal.runs.permissions import may_read_contents
from ayni.portal.runs.words import line_words
from ayni.portal.site.findings import said
from ayni.portal.site.language import page_language

router = Router(tags=["runs"])


class Pages(LimitOffsetPagination):
    """Pages within what a database counts: beyond it SQLite answers with a fault."""

    class Input(Schema):
        limit: int = Field(100, ge=1, le=200, description="rows of one page")
        offset: int = Field(0, ge=0, le=10_000_000, description="rows before the page")


class RunSchema(Schema):
    """A run: what it was asked, how far it is."""

    id: UUID
    kind: str
    state: str = Field(description="queued, running, done, failed or cancelled")
    park: str | None = Field(None, alias="park.slug", description="slug of the park")
    site: int | None = Field(None, alias="site_id")
    year: int | None
    progress: float = Field(description="0 to 1")
    stage: str
    attempt: int
    inputs_hash: str = Field(description="SHA-256 of what it reads")
    is_sample: bool
    created_at: datetime.datetime
    started_at: datetime.datetime | None
    finished_at: datetime.datetime | None


class LineSchema(Schema):
    """A line of the log, in the language that was asked for."""

    at: datetime.datetime
    message: str


class OutputSchema(Schema):
    """A file that the run made."""

    name: str
    size: int = Field(description="bytes")
    sha256: str


class FaultSchema(Schema):
    """Why the run failed."""

    code: str
    severity: str
    message: str


class RunDetailSchema(RunSchema):
    """A run with its log; its files, and why it failed, for those who may read its contents."""

    lines: list[LineSchema]
    outputs: list[OutputSchema]
    findings: list[FaultSchema]

    @staticmethod
    def resolve_lines(run: Run) -> list[dict[str, Any]]:
        """The last lines, said."""
        return [{"at": line.at, "message": line_words(line, page_language())} for line in queries.last_lines(run)]

    @staticmethod
    def resolve_outputs(run: Run, context: Mapping[str, Any]) -> list[RunOutput]:
        """The files."""
        return list(run.outputs.all()) if may_read_contents(_actor(context["request"]), run) else []

    @staticmethod
    def resolve_findings(run: Run, context: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Kept findings, said."""
        if not run.error or not may_read_contents(_actor(context["request"]), run):
            return []
        return [
            {"code": one.code, "severity": one.severity, "message": one.message}
            for one in said(run.error, page_language())
        ]


@router.get("/", response=list[RunSchema], operation_id="runs_list", summary="Runs that I may read")
@paginate(Pages)
def runs(request: HttpRequest) -> QuerySet[Run]:
    """The runs that the token's owner may read, the newest first."""
    return queries.runs_of(_actor(request))


@router.get("/{run_id}", response=RunDetailSchema, operation_id="runs_run", summary="One run")
def run(request: HttpRequest, run_id: UUID) -> Run:
    """State, progress, log and files of a run."""
    return queries.run_of(_actor(request), run_id)


@router.post("/{run_id}/cancel", response=RunSchema, operation_id="runs_cancel", summary="Ask a run to stop")
def cancel(request: HttpRequest, run_id: UUID) -> Run:
    """A run in the queue is cancelled at once, one at work within seconds."""
    actor = _actor(request)
    services.ask_cancel(actor, queries.run_of(actor, run_id))
    return queries.run_of(actor, run_id)


@router.get("/{run_id}/outputs/{name}", operation_id="runs_output", summary="A file of a run")
def output(request: HttpRequest, run_id: UUID, name: str) -> StreamingHttpResponse:
    """The file as it was made."""
    return attachment(queries.output_of(_actor(request), run_id, name))


def _actor(request: HttpRequest) -> Actor:
    """Who asks; nothing here is public."""
    actor: Actor = request.actor  # type: ignore[attr-defined]
    if not actor.is_known:
        no("runs.refused.sign_in").require()
    return actor
