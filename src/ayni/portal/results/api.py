"""Results for programs: the same rights as the pages; whole, or the totals that are open."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest
from ninja import Field, Router, Schema

from ayni.portal.people.actor import asking
from ayni.portal.people.answers import no
from ayni.portal.results import documents, queries
from ayni.portal.results.shown import Shown, open_figure
from ayni.portal.runs.models import RunState
from ayni.portal.site.language import page_language

router = Router(tags=["results"])


class ResultSchema(Schema):
    """Results of a park's year: a run of kind park_results."""

    id: UUID
    year: int
    state: str = Field(description="queued, running, done, failed or cancelled")
    firms: int = Field(description="firms that take part")
    is_sample: bool
    created_at: datetime.datetime
    finished_at: datetime.datetime | None


class FactorSchema(Schema):
    """A factor with its band and where it is from."""

    id: str
    value: float
    unit: str
    low: float | None
    high: float | None
    date: str
    source: str
    status: str
    basis: str
    version: str


class FigureSchema(Schema):
    """A figure without its inputs."""

    id: str
    value: float
    unit: str
    label: str
    stage: str
    status: str
    low: float | None
    high: float | None
    formula: str


class FigureRowSchema(Schema):
    """A row that a figure rests on. ``submission`` and ``handed_in_row`` say where it was handed in."""

    sheet: str
    row: int
    text: str
    value: float
    unit: str
    status: str
    submission: int | None
    handed_in_row: int


class ClosedSchema(Schema):
    """What lies below a figure beyond the reader's permission: ``sha256`` is of the closed rows."""

    inputs: int
    firms: int
    rows: int
    factors: list[FactorSchema]
    stage: str
    sha256: str


class OpenedSchema(FigureSchema):
    """A figure opened by one level."""

    figures: list[FigureSchema]
    factors: list[FactorSchema]
    rows: list[FigureRowSchema]
    closed: ClosedSchema | None


@router.get(
    "/parks/{slug}", response=list[ResultSchema], operation_id="results_list", summary="Results of a park",
)  # fmt: skip
def results(request: HttpRequest, slug: str) -> list[dict[str, Any]]:
    """The runs of a park that I may know of, the newest first."""
    no_stranger(request)
    park = queries.park_of(asking(request), slug)
    years = queries.park_years(asking(request), park, page_language())
    return [
        {"id": one.run.pk, "year": one.run.year, "state": one.run.state, "firms": one.firms,
         "is_sample": one.run.is_sample, "created_at": one.run.created_at, "finished_at": one.run.finished_at}
        for year in years for one in year.runs
    ]  # fmt: skip


@router.get("/{run_id}", response=dict[str, Any], operation_id="results_result", summary="The results of a run")
def result(request: HttpRequest, run_id: UUID) -> Any:
    """The document of ``results.json`` for who may read it all; else its open totals, with ``scope``: ``totals``."""
    return documents.document(_shown(request, run_id))


@router.get("/{run_id}/figure", response=OpenedSchema, operation_id="results_figure", summary="A figure opened")
def figure(request: HttpRequest, run_id: UUID, id: str) -> dict[str, Any]:  # noqa: A002
    """A figure with its inputs of one level, as far as they are open."""
    opened = open_figure(_shown(request, run_id), id)
    if opened is None:
        raise Http404
    return documents.opened_document(opened)


def _shown(request: HttpRequest, run_id: UUID) -> Shown:
    no_stranger(request)
    run, reader = queries.run_and_reader(asking(request), run_id)
    if run.state != RunState.DONE:
        raise Http404
    return queries.shown(run, reader, page_language())


def no_stranger(request: HttpRequest) -> None:
    """Nothing here is public."""
    if not asking(request).is_known:
        no("results.refused.sign_in").require()
