"""Framework documents in: a shipped one by its code, any other by its path; every fault is a finding with its line."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from functools import cache
from importlib import resources
from pathlib import Path as FilePath

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from ayni.assessment.framework import schema
from ayni.assessment.framework.checks import check_framework
from ayni.assessment.framework.schema import Framework
from ayni.base.findings import Finding, Place, Refused, error, refuse_errors
from ayni.base.texts import has_text
from ayni.base.yaml_reading import SIZE_MAX, Document, Path, read_yaml

KEYS = sorted(
    {
        info.alias or name
        for part in vars(schema).values()
        if isinstance(part, type) and issubclass(part, BaseModel)
        for name, info in part.model_fields.items()
    }
)
"""All keys of a framework document, for a hint where one is misspelt."""

FINDINGS_MAX = 100
"""Most findings about keys and values; a document with more is no framework, and nobody reads them."""

_TAGS = {"[key]", "number", "Between", "ByClass", "FromReference", "FromBaseline"}
"""What pydantic puts into a place beside the document's own keys."""


@cache
def shipped_frameworks() -> tuple[str, ...]:
    """Codes of the frameworks in ``data/frameworks``."""
    files = (resources.files("ayni.data") / "frameworks").iterdir()
    return tuple(sorted(file.name.removesuffix(".yaml") for file in files if file.name.endswith(".yaml")))


def load_framework(source: FilePath | str) -> Framework:
    """The framework with that code among the shipped ones, or in that file. Raises Refused."""
    framework, _ = read_framework(source)
    return framework


def read_framework(source: FilePath | str) -> tuple[Framework, tuple[Finding, ...]]:
    """The framework and the warnings and notes about its document. Raises Refused with all errors."""
    if isinstance(source, str) and source in shipped_frameworks():
        raw = (resources.files("ayni.data") / "frameworks" / f"{source}.yaml").read_bytes()
        return parse_framework(raw, f"{source}.yaml")
    path = FilePath(source)
    try:
        with path.open("rb") as file:
            raw = file.read(SIZE_MAX + 1)
    except (OSError, ValueError) as fault:
        known = ", ".join(shipped_frameworks())
        raise Refused(
            [error("FRAMEWORK-UNREADABLE", Place(file=path.name), source=str(source), known=known)]
        ) from fault
    return parse_framework(raw, path.name)


def parse_framework(raw: bytes, file: str) -> tuple[Framework, tuple[Finding, ...]]:
    """The framework in a YAML document, with warnings and notes. Raises Refused with all errors."""
    document = read_yaml(raw, file)
    if not isinstance(document.data, dict):
        raise Refused([error("FRAMEWORK-NO-MAPPING", Place(file=file, row=1))])
    try:
        framework = Framework.model_validate(document.data)
    except ValidationError as invalid:
        raise Refused(_schema_findings(invalid.errors(), document, file)) from invalid
    findings = [
        Finding(remark.code, remark.severity, _place(document, file, remark.path), remark.values)
        for remark in check_framework(framework)
    ]
    return framework, refuse_errors(sorted(findings, key=lambda finding: finding.place.row or 0))


def _place(document: Document, file: str, path: Path) -> Place:
    key = next((str(part) for part in reversed(path) if isinstance(part, str)), None)
    return Place(file=file, row=document.line_of(path), column=key)


def _schema_findings(details: Iterable[ErrorDetails], document: Document, file: str) -> list[Finding]:
    """Pydantic's remarks as findings, by line; an empty-list remark is dropped where the list is not empty."""
    findings = []
    for detail in details:
        if detail["type"] == "too_short" and detail["input"]:
            continue
        path = tuple(part for part in detail["loc"] if part not in _TAGS)
        findings.append(_schema_finding(detail, path, _place(document, file, path)))
    return sorted(findings, key=lambda finding: finding.place.row or 0)[:FINDINGS_MAX]


def _schema_finding(detail: ErrorDetails, path: Path, place: Place) -> Finding:
    key = str(path[-1]) if path else ""
    if detail["type"] == "missing":
        return error("FRAMEWORK-KEY-MISSING", place, key=key)
    if detail["type"] == "extra_forbidden":
        near = difflib.get_close_matches(key, KEYS, n=1)
        return error("FRAMEWORK-KEY-UNKNOWN", place, key=key, near=near[0] if near else "–")
    found = str(detail["input"])[:60]
    context = detail.get("ctx", {})
    kind = detail["type"].removesuffix("_type").removesuffix("_error")
    if "expected" in context:
        return error("FRAMEWORK-VALUE-LIST", place, key=key, found=found, allowed=str(context["expected"]))
    if has_text(f"FRAMEWORK-VALUE-{kind.upper()}"):
        return error(f"FRAMEWORK-VALUE-{kind.upper()}", place, key=key, found=found)
    limits = ", ".join(f"{name} {limit}" for name, limit in context.items())
    return error("FRAMEWORK-VALUE", place, key=key, found=found, limits=limits or detail["msg"])
