"""A small API behind the portal's own door, for tests of what holds for every operation."""

from __future__ import annotations

import datetime
import uuid
from typing import Literal

from django.core.exceptions import PermissionDenied, SuspiciousOperation
from django.db import DataError
from django.http import Http404, HttpRequest
from django.urls import path
from ninja import File, Form, Router, Schema
from ninja.errors import HttpError
from ninja.files import UploadedFile
from pydantic import Field

from ayni.base.findings import Place, Refused, error
from ayni.base.texts import Word
from ayni.portal.api.errors import add_handlers
from ayni.portal.api.surface import Surface
from ayni.portal.config.urls import handler403, handler404, handler500
from ayni.portal.config.urls import urlpatterns as portal
from ayni.portal.people.answers import Forbidden
from ayni.portal.records.services import Conflict, EvidenceRefused, TooOften

__all__ = ["handler403", "handler404", "handler500", "trial", "urlpatterns"]

router = Router(tags=["trial"])


class Thing(Schema):
    """Something to write."""

    name: str = Field(min_length=2, max_length=5)
    count: int = Field(ge=1, le=9)
    weight: float = 0.0
    day: datetime.date | None = None
    kind: Literal["bill", "ticket"] = "bill"
    id: uuid.UUID | None = None


class Row(Schema):
    """A row of a list."""

    name: str
    value: float | None
    parts: list[int]
    is_new: bool


ROWS = [
    Row(name="=1+1", value=-2.5, parts=[1, 2], is_new=True),
    Row(name="Año, \"ñ\"", value=None, parts=[], is_new=False),
]  # fmt: skip


@router.post("/things", response=Thing, operation_id="trial_thing")
def thing(request: HttpRequest, body: Thing) -> Thing:
    """What was sent."""
    return body


@router.get("/rows", response=list[Row], operation_id="trial_rows")
def rows(request: HttpRequest) -> list[Row]:
    """Rows."""
    return ROWS


@router.get("/search", response=dict[str, str], operation_id="trial_search")
def search(request: HttpRequest, text: str, count: int = 1) -> dict[str, str]:
    """What was asked for."""
    return {"text": text}


@router.get("/number/{number}", response=dict[str, float], operation_id="trial_number")
def number(request: HttpRequest, number: float) -> dict[str, float]:
    """What was asked for."""
    return {"number": number}


@router.post("/upload", response=dict[str, str], operation_id="trial_upload")
def upload(request: HttpRequest, name: Form[str], file: File[UploadedFile]) -> dict[str, str]:
    """What was sent."""
    return {"name": name, "file": str(file.name)}


FAULTS: dict[str, Exception] = {
    "refused": Refused([error("API-MISSING", Place(file="a.xlsx", sheet="Flows", row=7, cell="B7"), field="x")]),
    "forbidden": Forbidden(Word("places.refused.park_records")),
    "denied": PermissionDenied(),
    "missing": Http404(),
    "suspicious": SuspiciousOperation(),
    "race": Conflict(Word("records.refused.too_often", {"count": 1, "minutes": 1})),
    "number": HttpError(409, ""),
    "often": TooOften(Word("records.refused.too_often", {"count": 1, "minutes": 1})),
    "overflow": OverflowError("too large to convert"),
    "data": DataError("out of range"),
    "evidence": EvidenceRefused(error("API-MISSING", field="x")),
    "many": HttpError(429, ""),
}


@router.get("/fail/{kind}", operation_id="trial_fail")
def fail(request: HttpRequest, kind: str) -> None:
    """Fails."""
    raise FAULTS[kind]


trial = Surface(title="trial", version="1", urls_namespace="trial", docs_url=None)
add_handlers(trial)
trial.add_router("", router)
urlpatterns = [path("trial/", trial.urls), *portal]
