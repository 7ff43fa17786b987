"""How the API says no: always findings in the documented form, in the language that was asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError
from pydantic import Field

from ayni.base.findings import Finding, Place, Refused, Severity, error
from ayni.base.texts import Word, has_text
from ayni.portal.api.authentication import WINDOW, TooMany, Unauthorized
from ayni.portal.people.actor import ANONYMOUS
from ayni.portal.people.answers import Forbidden
from ayni.portal.records.services import Conflict, EvidenceRefused, TooOften
from ayni.portal.site.language import page_language


class FindingSchema(Schema):
    """One remark: what is wrong and where. ``code`` is stable, ``message`` is for people."""

    code: str
    severity: str = Field(description="error, warning or note")
    file: str | None = None
    sheet: str | None = None
    cell: str | None = None
    row: int | None = None
    column: str | None = Field(None, description="column of the sheet, or part of the request such as query.year")
    message: str


class Problem(Schema):
    """Why a request was not done: nothing of it was kept."""

    findings: list[FindingSchema]


LIMIT_NOTES = {
    "greater_than_equal": ("api.must.least", "ge"),
    "greater_than": ("api.must.more", "gt"),
    "less_than_equal": ("api.must.most", "le"),
    "less_than": ("api.must.less", "lt"),
    "string_too_short": ("api.must.long", "min_length"),
    "string_too_long": ("api.must.short", "max_length"),
    "too_short": ("api.must.many", "min_length"),
    "too_long": ("api.must.few", "max_length"),
    "literal_error": ("api.must.one_of", "expected"),
    "enum": ("api.must.one_of", "expected"),
}
"""pydantic's kinds of fault that name a limit: our text, and the limit's name."""
KIND_NOTES = {
    "int": "api.must.int", "float": "api.must.float", "bool": "api.must.bool", "string": "api.must.string",
    "date": "api.must.date", "datetime": "api.must.datetime", "uuid": "api.must.uuid", "list": "api.must.list",
    "model": "api.must.object", "dict": "api.must.object", "finite": "api.must.float",
    "extra": "api.must.known",
}  # fmt: skip
"""The first word of pydantic's other kinds of fault, and our text."""

CODES = {
    400: "API-UNREADABLE", 401: "API-TOKEN-NEEDED", 403: "API-FORBIDDEN", 404: "API-NOT-FOUND", 409: "API-LOST-RACE",
    413: "API-TOO-BIG", 429: "API-TOO-MANY",
}  # fmt: skip
"""Every number with which the API refuses as a whole."""


def problem(status: int, *findings: Finding) -> HttpResponse:
    """An answer that holds findings."""
    language = page_language()
    content = Problem.model_validate({"findings": [finding.as_json(language) for finding in findings]})
    return HttpResponse(content.model_dump_json(), status=status, content_type="application/json; charset=utf-8")


def finding_of_fault(fault: Mapping[str, Any]) -> Finding:
    """What pydantic says of a request as a finding. A validator's own error carries its code as type."""
    place = Place(column=".".join(str(part) for part in fault["loc"]))
    kind, context = str(fault["type"]), fault.get("ctx", {})
    if kind.isupper() and has_text(kind):
        return error(kind, place, **context)
    if kind == "missing":
        return error("API-MISSING", place, field=place.column)
    if kind in LIMIT_NOTES:
        key, name = LIMIT_NOTES[kind]
        return error("API-VALUE", place, field=place.column, note=Word(key, {"limit": context[name]}))
    key = KIND_NOTES.get(kind.partition("_")[0], "api.must.fit")
    return error("API-VALUE", place, field=place.column, note=Word(key))


def _refusal(reason: Word | None) -> Finding:
    """A refusal with its reason: the reason's key is the code."""
    return Finding(reason.key, Severity.ERROR, Place(), reason.values) if reason else error("API-FORBIDDEN")


def _invalid(_: HttpRequest, fault: ValidationError) -> HttpResponse:
    return problem(422, *map(finding_of_fault, fault.errors))


def _refused(_: HttpRequest, fault: Refused) -> HttpResponse:
    return problem(422, *fault.findings)


def _unauthorized(_: HttpRequest, fault: Unauthorized) -> HttpResponse:
    response = problem(401, _refusal(fault.reason))
    response["WWW-Authenticate"] = "Bearer"
    return response


def _forbidden(request: HttpRequest, fault: PermissionDenied) -> HttpResponse:
    """403; 401 where a token could change the answer."""
    finding = _refusal(fault.reason if isinstance(fault, Forbidden) else None)
    if getattr(request, "actor", ANONYMOUS).is_known:
        return problem(403, finding)
    response = problem(401, finding)
    response["WWW-Authenticate"] = "Bearer"
    return response


def _lost_race(_: HttpRequest, fault: Conflict) -> HttpResponse:
    return problem(409, _refusal(fault.reason))


def _too_often(_: HttpRequest, fault: TooOften) -> HttpResponse:
    return problem(429, _refusal(fault.reason))


def _evidence_refused(_: HttpRequest, fault: EvidenceRefused) -> HttpResponse:
    return problem(422, fault.finding)


def _missing(_: HttpRequest, __: Http404) -> HttpResponse:
    return problem(404, error("API-NOT-FOUND"))


def _out_of_range(_: HttpRequest, __: Exception) -> HttpResponse:
    """A number beyond what the database can compare with."""
    return problem(422, error("API-RANGE"))


def _too_big(_: HttpRequest, __: RequestDataTooBig) -> HttpResponse:
    return problem(413, error("API-TOO-BIG"))


def _too_many(_: HttpRequest, __: TooMany) -> HttpResponse:
    response = problem(429, error("API-TOO-MANY"))
    response["Retry-After"] = str(WINDOW)
    return response


def _unreadable(_: HttpRequest, __: Exception) -> HttpResponse:
    return problem(400, error("API-UNREADABLE"))


def _http_error(_: HttpRequest, fault: HttpError) -> HttpResponse:
    """What ninja itself refuses (a body that is no JSON), and an operation by number."""
    if fault.status_code not in CODES:
        raise fault
    return problem(fault.status_code, error(CODES[fault.status_code]))


HANDLERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    ValidationError: _invalid,
    Refused: _refused,
    Unauthorized: _unauthorized,
    TooMany: _too_many,
    PermissionDenied: _forbidden,
    Conflict: _lost_race,
    TooOften: _too_often,
    EvidenceRefused: _evidence_refused,
    Http404: _missing,
    OverflowError: _out_of_range,
    DataError: _out_of_range,
    RequestDataTooBig: _too_big,
    SuspiciousOperation: _unreadable,
    BadRequest: _unreadable,
    HttpError: _http_error,
}


def add_handlers(api: NinjaAPI) -> None:
    """Every refusal of the portal in the API's form."""
    for fault, handler in HANDLERS.items():
        api.add_exception_handler(fault, handler)
