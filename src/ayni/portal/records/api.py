"""Records for programs: the same rows, checks, steps and rights as the pages."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Annotated, Any, Literal

from django.http import HttpRequest
from ninja import Field, File, Form, Path, Query, Router, Schema, UploadedFile
from ninja.errors import HttpError
from pydantic import ConfigDict, StrictBool, StrictFloat, StrictInt, StrictStr

from ayni.portal.people.actor import Actor, asking
from ayni.portal.people.answers import no
from ayni.portal.records import queries, services
from ayni.portal.records.models import Channel, Submission
from ayni.portal.records.queries.lists import subject_key
from ayni.portal.site.language import page_language

router = Router(tags=["records"])

Value = StrictBool | StrictInt | StrictFloat | StrictStr | None
Year = Annotated[int, Field(strict=True, ge=2000, le=2100)]
SubjectKey = Annotated[str, Field(pattern=r"^(site|park)-[0-9]{1,18}$", description="such as site-7 or park-2")]
Id = Annotated[int, Path(ge=1, le=2**63 - 1, description="the submission's number")]
SheetName = Annotated[str, Field(pattern=r"^[a-z_]{1,40}$", description="key of a sheet, such as flows")]


State = Annotated[
    Literal["draft", "submitted", "returned", "accepted", "superseded", "withdrawn"] | None,
    Query(description="only those in this state"),
]
YearWanted = Annotated[int | None, Query(ge=2000, le=2100, description="only those of this year")]
Limit = Annotated[int, Query(ge=1, le=1000, description="rows of one page")]
Offset = Annotated[int, Query(ge=0, le=10_000_000, description="rows before the page")]
SheetWanted = Annotated[str | None, Query(pattern=r"^[a-z_]{1,40}$", description="key of a sheet, such as flows")]


class SubmissionSchema(Schema):
    """One version of what a site, or a park for itself, declares of a year."""

    id: int
    subject: str = Field(description="whose it is, such as site-7 or park-2")
    name: str
    park: str | None = Field(description="slug of the park")
    year: int
    version: int
    state: str = Field(description="draft, submitted, returned, accepted, superseded or withdrawn")
    channel: str = Field(description="workbook, form or api")
    completeness: float = Field(description="0 to 1")
    created_at: datetime.datetime
    submitted_at: datetime.datetime | None
    decided_at: datetime.datetime | None
    content_hash: str = Field(description="SHA-256 of the rows; empty where there are none")
    is_sample: bool

    @staticmethod
    def resolve_subject(found: Submission) -> str:
        """Its key."""
        return subject_key(found.subject)

    @staticmethod
    def resolve_name(found: Submission) -> str:
        """The site's or the park's."""
        return found.subject.name

    @staticmethod
    def resolve_park(found: Submission) -> str | None:
        """The park that it is part of."""
        park = found.site.park if found.site else found.park
        return park.slug if park else None


class RemarkSchema(Schema):
    """A finding of the last check."""

    code: str
    severity: str
    file: str | None
    sheet: str | None
    cell: str | None
    row: int | None
    column: str | None
    message: str


class FileSchema(Schema):
    """A file behind the submission."""

    kind: str
    name: str
    size: int = Field(description="bytes")
    sha256: str


class DetailSchema(SubmissionSchema):
    """A version with its findings, files, remarks and how many rows each sheet has."""

    remarks: str
    findings: list[RemarkSchema]
    files: list[FileSchema]
    rows: dict[str, int] = Field(description="rows by sheet")

    @staticmethod
    def resolve_findings(found: Submission) -> list[dict[str, Any]]:
        """In the language that was asked for."""
        return [{**one, "message": one["message"][page_language()]} for one in found.findings]

    @staticmethod
    def resolve_files(found: Submission) -> list[dict[str, Any]]:
        """The files behind it."""
        fields = ("kind", "name", "size", "sha256")
        return [{field: getattr(one, field) for field in fields} for one in found.evidence.all()]

    @staticmethod
    def resolve_rows(found: Submission) -> dict[str, int]:
        """How many each sheet has."""
        return queries.sheet_counts(found)


class RowSchema(Schema):
    """A row: its sheet, its number where it was handed in, its columns by key."""

    sheet: str
    row: int
    content: dict[str, Any]


class SubmissionPage(Schema):
    """One page of records; ``count`` is that of all pages."""

    items: list[SubmissionSchema]
    count: int


class RowPage(Schema):
    """One page of rows; ``count`` is that of all pages."""

    items: list[RowSchema]
    count: int


class HandInSchema(Schema):
    """Rows by sheet: every row its columns by key, as the workbook's sheets name them."""

    model_config = ConfigDict(extra="forbid")
    subject: SubjectKey
    year: Year
    rows: dict[SheetName, list[dict[str, Value]]]


class UploadSchema(Schema):
    """Whose record, and of which year."""

    subject: SubjectKey
    year: Annotated[int, Field(ge=2000, le=2100)]


class SubmitSchema(Schema):
    """Whether the person who submits has read the warnings and accepts them."""

    model_config = ConfigDict(extra="forbid")
    accept_warnings: StrictBool = False


class RemarksSchema(Schema):
    """What the officer remarks."""

    model_config = ConfigDict(extra="forbid")
    remarks: Annotated[str, Field(max_length=4000)] = ""


class ReturnSchema(Schema):
    """What is to be corrected."""

    model_config = ConfigDict(extra="forbid")
    remarks: Annotated[str, Field(min_length=1, max_length=4000, pattern=r"\S")]


@router.get("/", response=SubmissionPage, operation_id="records_submissions", summary="Records that I may read")
def submissions(
    request: HttpRequest,
    state: State = None,
    year: YearWanted = None,
    limit: Limit = 100,
    offset: Offset = 0,
) -> dict[str, Any]:
    """The versions that the token's owner may read, the latest year first."""
    found = queries.readable(_actor(request))
    found = found.filter(state=state) if state is not None else found
    found = found.filter(year=year) if year is not None else found
    return {"items": list(found[offset : offset + limit]), "count": found.count()}


@router.get("/{int:submission_id}", response=DetailSchema, operation_id="records_submission", summary="One record")
def submission(request: HttpRequest, submission_id: Id) -> Submission:
    """A version with its findings and files."""
    return queries.submission_of(_actor(request), submission_id)


@router.get("/{int:submission_id}/rows", response=RowPage, operation_id="records_rows", summary="Rows of a record")
def rows(
    request: HttpRequest, submission_id: Id, sheet: SheetWanted = None, limit: Limit = 100, offset: Offset = 0
) -> dict[str, Any]:
    """The rows of a version, of one sheet or of all."""
    found = queries.submission_of(_actor(request), submission_id).rows.order_by("sheet", "row")
    found = found.filter(sheet=sheet) if sheet is not None else found
    return {"items": list(found[offset : offset + limit]), "count": found.count()}


@router.post("/", response=DetailSchema, operation_id="records_hand_in", summary="Hand in rows")
def hand_in(request: HttpRequest, body: HandInSchema) -> Submission:
    """A draft from rows. Where anything is wrong with them the draft holds the findings and no rows."""
    actor = _actor(request)
    subject = queries.subject_of(actor, body.subject)
    return _done(lambda: services.hand_in_rows(actor, subject, body.year, body.rows, Channel.API, page_language()))


@router.post("/upload", response=DetailSchema, operation_id="records_upload", summary="Hand in a workbook")
def upload(
    request: HttpRequest,
    body: Annotated[UploadSchema, Form()],
    file: Annotated[UploadedFile, File()],
) -> Submission:
    """A draft from a workbook (XLSX, 25 MB at most), kept as evidence. With errors it holds findings and no rows."""
    actor = _actor(request)
    subject, name = queries.subject_of(actor, body.subject), file.name or ""
    return _done(lambda: services.hand_in_workbook(actor, subject, body.year, file, name, page_language()))


@router.post(
    "/{int:submission_id}/submit", response=DetailSchema, operation_id="records_submit", summary="Submit a draft"
)
def submit(request: HttpRequest, submission_id: Id, body: SubmitSchema) -> Submission:
    """Hand a draft to the officers; its rows never change again."""
    actor = _actor(request)
    found = queries.submission_of(actor, submission_id)
    return _done(lambda: services.submit(actor, found, accept_warnings=body.accept_warnings))


@router.post(
    "/{int:submission_id}/withdraw", response=DetailSchema, operation_id="records_withdraw", summary="Withdraw"
)
def withdraw(request: HttpRequest, submission_id: Id) -> Submission:
    """Take a draft or a submitted version back."""
    actor = _actor(request)
    found = queries.submission_of(actor, submission_id)
    return _done(lambda: services.withdraw(actor, found))


@router.post(
    "/{int:submission_id}/accept", response=DetailSchema, operation_id="records_accept", summary="Accept a record"
)
def accept(request: HttpRequest, submission_id: Id, body: RemarksSchema) -> Submission:
    """Accept a submitted version; the one accepted before is superseded."""
    actor = _actor(request)
    found = queries.submission_of(actor, submission_id)
    return _done(lambda: services.accept(actor, found, body.remarks))


@router.post(
    "/{int:submission_id}/return", response=DetailSchema, operation_id="records_return", summary="Return a record"
)
def give_back(request: HttpRequest, submission_id: Id, body: ReturnSchema) -> Submission:
    """Return a submitted version with remarks, to be corrected."""
    actor = _actor(request)
    found = queries.submission_of(actor, submission_id)
    return _done(lambda: services.return_for_correction(actor, found, body.remarks))


def _actor(request: HttpRequest) -> Actor:
    """Who asks; nothing here is public."""
    actor = asking(request)
    if not actor.is_known:
        no("records.refused.sign_in").require()
    return actor


def _done(act: Callable[[], Submission]) -> Submission:
    """What came of it; a lost race and too many requests by their numbers. Raises HttpError."""
    try:
        return act()
    except services.Conflict as lost:
        raise HttpError(409, lost.words("en")) from lost
    except services.TooOften as refused:
        raise HttpError(429, refused.words("en")) from refused
