"""The API as a whole: how bodies are read, lists written as CSV, and the OpenAPI document made complete."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Collection, Mapping, Sequence
from typing import Any, NoReturn

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.datastructures import MultiValueDict
from ninja import NinjaAPI
from ninja.errors import ConfigError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.parser import Parser
from ninja.renderers import JSONRenderer

from ayni.base.findings import Finding, Place, Refused, error
from ayni.base.texts import Word, question
from ayni.portal.api.authentication import BearerToken
from ayni.portal.api.document import complete
from ayni.portal.api.errors import problem

NUL = "\0"
FORMATS = ("json", "csv")
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would calculate a text that begins so."""


class StrictParser(Parser):
    """JSON without infinite numbers, without NUL and half characters: what could not be kept as it was said."""

    def parse_body(self, request: HttpRequest) -> Any:
        """The JSON value. Raises ValueError, which ninja answers with 400."""
        body = json.loads(request.body, parse_constant=_refuse_constant, parse_float=_finite)
        waiting = [body]
        while waiting:
            value = waiting.pop()
            if isinstance(value, dict):
                waiting += [*value.keys(), *value.values()]
            elif isinstance(value, list):
                waiting += value
            elif isinstance(value, str) and (NUL in value or _is_half(value)):
                raise ValueError("NUL")
        return body

    def parse_querydict(self, data: MultiValueDict, list_fields: list[str], request: HttpRequest) -> dict[str, Any]:
        """Fields of the query or of a form. Raises Refused."""
        for key, values in data.lists():
            texts = [value if isinstance(value, str) else str(value.name) for value in values]
            if any(NUL in text for text in (key, *texts)):
                raise Refused([error("API-NUL", Place(column=key.replace(NUL, "")))])
        return super().parse_querydict(data, list_fields, request)


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _finite(text: str) -> float:
    value = float(text)
    if not math.isfinite(value):
        raise ValueError(text)
    return value


def _is_half(text: str) -> bool:
    """Whether a text holds one half of a pair of surrogates, which no encoding keeps."""
    return any("\ud800" <= letter <= "\udfff" for letter in text)


class StrictRenderer(JSONRenderer):
    """JSON as the standard has it: no NaN; Spanish letters as they are."""

    json_dumps_params: Mapping[str, Any] = {"allow_nan": False, "ensure_ascii": False}


def rows_of(data: object) -> Sequence[Mapping[str, Any]] | None:
    """The rows of a list, or of one page of a list; None where the value is no list of objects."""
    rows = data.get("items") if isinstance(data, dict) else data
    return rows if isinstance(rows, list) and all(isinstance(row, dict) for row in rows) else None


def csv_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """Rows as CSV with a line of headers; what lies deeper stands as JSON in its cell."""
    headers = list(dict.fromkeys(name for row in rows for name in row))
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(headers)
    writer.writerows([_cell(row.get(name)) for name in headers] for row in rows)
    return out.getvalue()


def _cell(value: object) -> object:
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(FORMULA_SIGNS):
        return f"'{value}"
    return value


class Document(OpenAPISchema):
    """The OpenAPI document. Two models of one name would hide each other in it: raises ConfigError."""

    def add_schema_definitions(self, definitions: dict[str, Any]) -> None:
        """Keeps the models by their names."""
        for name, definition in definitions.items():
            if self.schemas.setdefault(name, definition) != definition:
                raise ConfigError(f"two models of the API are called {name}")


class Surface(NinjaAPI):
    """NinjaAPI with our door: tokens, strict JSON, ``format=csv`` for every list, a complete document."""

    def __init__(self, **options: Any) -> None:
        self._document: Any = None
        super().__init__(auth=BearerToken(), parser=StrictParser(), renderer=StrictRenderer(), **options)
        self.add_decorator(_headed, mode="view")

    def create_response(
        self,
        request: HttpRequest,
        data: Any,
        *,
        status: int | None = None,
        temporal_response: HttpResponse | None = None,
    ) -> HttpResponse:
        """The answer as JSON, or a list as CSV where that was asked for."""
        response = super().create_response(request, data, status=status, temporal_response=temporal_response)
        if response.status_code == 200 and request.GET.get("format") == "csv":
            rows = rows_of(data)
            if rows is not None:
                response.content = csv_of(rows)
                response["Content-Type"] = "text/csv; charset=utf-8"
        return response

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The document with everything that holds for every operation, made once."""
        if self._document is None:
            prefix = self.get_root_path(path_params or {}) if path_prefix is None else path_prefix
            self._document = complete(Document(self, prefix))
        return self._document


def _headed(run: Any) -> Any:
    """What no operation could read is refused; answers depend on the token, those given to one are kept by no cache."""
    known = _query_names(run.__self__)

    def headed(request: HttpRequest, **values: Any) -> HttpResponse:
        fault = _fault(request, known)
        response: HttpResponse = run(request, **values) if fault is None else problem(422, fault)
        patch_vary_headers(response, ["Authorization"])
        if "Authorization" in request.headers:
            response["Cache-Control"] = "no-store"
        return response

    return headed


def _query_names(operation: Operation) -> frozenset[str]:
    """What may stand behind the question mark."""
    models = [model for model in operation.models if model.__ninja_param_source__ == "query"]
    names = {name for model in models for name in getattr(model, "__ninja_flatten_map__", {})}
    return frozenset(names | {"format"})


def _fault(request: HttpRequest, known: Collection[str]) -> Finding | None:
    """What keeps any operation from reading the request: a filter with a slip in its name would give everything."""
    if NUL in request.path or any(NUL in name for name in request.GET):
        return error("API-NUL", Place(column="path"))
    unknown = next((name[:80] for name in request.GET if name not in known), None)
    if unknown is not None:
        return error("API-UNKNOWN", Place(column=f"query.{unknown}"), field=unknown, known=question(unknown, known))
    if request.GET.get("format", "json") not in FORMATS:
        note = Word("api.must.one_of", {"limit": FORMATS})
        return error("API-VALUE", Place(column="query.format"), field="query.format", note=note)
    return None
