"""Findings: what a person's data can do wrong, each with its place and what to do about it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from ayni.base.texts import Language, say


class Severity(StrEnum):
    """An error blocks the whole submission; a warning is for a person to accept; a note only informs."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True)
class Place:
    """Where in the user's files: file name, sheet, row (1-based), column (header) and cell such as ``F17``."""

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None
    cell: str | None = None


@dataclass(frozen=True)
class Finding:
    """One remark. ``code`` is stable and is the key of its message in the text catalogue."""

    code: str
    severity: Severity
    place: Place = Place()
    values: Mapping[str, object] = field(default_factory=dict)

    def message(self, language: Language) -> str:
        """What is wrong and what to do, in words."""
        return say(self.code, language, **self.values)

    def as_json(self, language: Language) -> dict[str, object]:
        """The documented form: code, severity, file, sheet, cell, message (and row, column)."""
        place = self.place
        return {
            "code": self.code,
            "severity": self.severity.value,
            "file": place.file,
            "sheet": place.sheet,
            "cell": place.cell,
            "row": place.row,
            "column": place.column,
            "message": self.message(language),
        }


class Refused(Exception):
    """Raised at the doors when findings block the work; carries all of them."""

    def __init__(self, findings: Iterable[Finding]) -> None:
        self.findings = tuple(findings)
        super().__init__(", ".join(finding.code for finding in self.findings))


def error(code: str, place: Place = Place(), **values: object) -> Finding:
    """An error at ``place``."""
    return Finding(code, Severity.ERROR, place, values)


def warning(code: str, place: Place = Place(), **values: object) -> Finding:
    """A warning at ``place``."""
    return Finding(code, Severity.WARNING, place, values)


def note(code: str, place: Place = Place(), **values: object) -> Finding:
    """A note at ``place``."""
    return Finding(code, Severity.NOTE, place, values)


def has_errors(findings: Iterable[Finding]) -> bool:
    """Whether any finding blocks."""
    return any(finding.severity is Severity.ERROR for finding in findings)


def refuse_errors(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings, unless one of them is an error: then Refused with all of them."""
    kept = tuple(findings)
    if has_errors(kept):
        raise Refused(kept)
    return kept


def in_file(findings: Iterable[Finding], file: str) -> tuple[Finding, ...]:
    """The same findings, each placed in ``file`` where no file is named yet."""
    return tuple(
        finding if finding.place.file else replace(finding, place=replace(finding.place, file=file))
        for finding in findings
    )
