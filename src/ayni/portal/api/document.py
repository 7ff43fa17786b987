"""The OpenAPI document: what holds for every operation is written here once; operations as a page lists them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from pydantic.json_schema import models_json_schema

from ayni.portal.api.authentication import BearerToken, NeededToken
from ayni.portal.api.errors import FindingSchema, Problem

SCHEME, NEEDED = BearerToken.__name__, NeededToken.__name__
REFUSALS = (401, 403, 404, 422, 429)
REFUSALS_OF_WRITES = (400, 401, 403, 404, 409, 413, 422, 429)
FORMAT = {
    "in": "query", "name": "format", "required": False, "description": "csv gives the rows as a table",
    "schema": {"type": "string", "enum": ["json", "csv"], "default": "json"},
}  # fmt: skip
PROBLEM = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}


def complete(document: Any) -> Any:
    """The document with refusals, security and the CSV of lists added to every operation, in place."""
    _, extra = models_json_schema(
        [(Problem, "serialization"), (FindingSchema, "serialization")], ref_template="#/components/schemas/{model}"
    )
    document["components"]["schemas"].update(extra["$defs"])
    schemes = document["components"]["securitySchemes"]
    schemes[SCHEME] = schemes.pop(NEEDED, None) or schemes[SCHEME]
    for method, _path, operation in operations_of(document):
        is_reading = method == "get"
        is_open = is_reading and NEEDED not in operation["security"][0]
        operation["security"] = [{}, {SCHEME: []}] if is_open else [{SCHEME: []}]
        for status in REFUSALS if is_reading else REFUSALS_OF_WRITES:
            known = operation["responses"].setdefault(status, {"description": HTTPStatus(status).phrase})
            known["content"] = PROBLEM
        if is_reading:
            _offer_csv(operation, document)
    return document


def operations_of(document: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Every operation: method, path, what the document says of it."""
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            yield method, path, operation


def _offer_csv(operation: dict[str, Any], document: Mapping[str, Any]) -> None:
    """Lists are there as CSV too; an operation that has its own ``format`` only gets the type of its answer."""
    content = operation["responses"].get(200, {}).get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    has_own = any(parameter["name"] == "format" for parameter in operation["parameters"])
    if _is_list(schema, document):
        content["text/csv"] = {"schema": {"type": "string"}}
        if not has_own:
            operation["parameters"].append(FORMAT)


def _is_list(schema: Mapping[str, Any], document: Mapping[str, Any]) -> bool:
    """Whether the answer is a list of objects, or a page of one."""
    if "$ref" in schema:
        schema = document["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if schema.get("type") == "object" and "items" in schema.get("properties", {}):
        schema = schema["properties"]["items"]
    return schema.get("type") == "array" and "$ref" in schema.get("items", {})


@dataclass(frozen=True)
class Listed:
    """An operation as the page shows it; ``key`` is that of its words."""

    id: str
    method: str
    path: str
    key: str
    has_csv: bool
    needs_token: bool

    @property
    def is_public(self) -> bool:
        """Whether a plain link to it gives something to everybody: a list without anything to fill in."""
        return self.has_csv and not self.needs_token and "{" not in self.path


@dataclass(frozen=True)
class Group:
    """The operations of one app."""

    key: str
    operations: tuple[Listed, ...]


def groups(document: Mapping[str, Any]) -> list[Group]:
    """All operations by app, in the document's order."""
    by_tag: dict[str, list[Listed]] = {}
    for method, path, operation in operations_of(document):
        name = operation["operationId"]
        listed = Listed(
            name, method.upper(), path, f"api.operation.{name}",
            "text/csv" in operation["responses"].get(200, {}).get("content", {}), {} not in operation["security"],
        )  # fmt: skip
        by_tag.setdefault(operation["tags"][0], []).append(listed)
    return [Group(f"api.group.{tag}", tuple(listed)) for tag, listed in by_tag.items()]
