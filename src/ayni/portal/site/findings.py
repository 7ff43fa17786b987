"""Findings kept in the database and said on a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ayni.base.findings import Finding
from ayni.base.texts import LANGUAGES, Language, say


@dataclass(frozen=True)
class Said:
    """A finding in the reader's words."""

    severity: str
    word: str
    code: str
    where: str
    message: str


def kept(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    """Findings as JSON for the database: the documented form with the message in every language."""
    return [
        {**finding.as_json("es"), "message": {language: finding.message(language) for language in LANGUAGES}}
        for finding in findings
    ]


def said(findings: Iterable[Mapping[str, Any]], language: Language) -> list[Said]:
    """Kept findings in the reader's words, errors first."""
    order = {"error": 0, "warning": 1, "note": 2}
    ordered = sorted(findings, key=lambda one: order[one["severity"]])
    return [
        Said(
            one["severity"], say(f"site.finding.{one['severity']}", language), one["code"], _where(one, language),
            one["message"][language],
        )
        for one in ordered
    ]  # fmt: skip


def _where(one: Mapping[str, Any], language: Language) -> str:
    row = None if one["cell"] else one["row"]
    parts = {"file": one["file"], "sheet": one["sheet"], "row": row, "cell": one["cell"], "column": one["column"]}
    return " · ".join(say(f"site.place.{name}", language, what=str(what)) for name, what in parts.items() if what)
