"""The terminal: findings and results for people (rich) or for scripts (one JSON object), and the exit codes.

Exit codes of every command: 0 result, 1 result with warnings, 2 refused.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Annotated, NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.padding import Padding

from ayni.base.findings import Finding, Refused, Severity, has_errors
from ayni.base.texts import Language, default_language, say

INDENT = 7
EXIT_RESULT, EXIT_WARNINGS, EXIT_REFUSED = 0, 1, 2

JsonOption = Annotated[bool, typer.Option("--json", help="One JSON object on stdout and nothing else.")]
LanguageOption = Annotated[str, typer.Option("--lang", help="es or en.", default_factory=default_language)]

output = Console(highlight=False)
remarks = Console(stderr=True, highlight=False)

STYLE = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}


def language_of(text: str) -> Language:
    """``es`` or ``en``. Raises typer.BadParameter for anything else."""
    if text == "es":
        return "es"
    if text == "en":
        return "en"
    raise typer.BadParameter("es | en")


def exit_code(findings: Iterable[Finding]) -> int:
    """0 without findings or with notes only, 1 with warnings, 2 with errors."""
    kept = tuple(findings)
    if has_errors(kept):
        return EXIT_REFUSED
    return EXIT_WARNINGS if any(finding.severity is Severity.WARNING for finding in kept) else EXIT_RESULT


def print_json(payload: Mapping[str, object]) -> None:
    """One JSON object on stdout, keys in the order given, no NaN."""
    sys.stdout.write(json.dumps(payload, ensure_ascii=False, allow_nan=False) + "\n")


def print_findings(findings: Iterable[Finding], language: Language) -> None:
    """Findings on stderr: a line with severity, place and code, and under it what is wrong and what to do."""
    for finding in findings:
        place = finding.place
        where = " ".join(str(part) for part in (place.file, place.sheet, place.cell or place.row) if part)
        word = f"[{STYLE[finding.severity]}]{say('severity.' + finding.severity.value, language)}[/]"
        head = " · ".join(part for part in (escape(where), f"[dim]{finding.code}[/]") if part)
        remarks.print(f"{word}  {head}", soft_wrap=True)
        remarks.print(Padding(escape(finding.message(language)), (0, 0, 0, INDENT)))


def leave(payload: Mapping[str, object], findings: Iterable[Finding], *, as_json: bool, language: Language) -> NoReturn:
    """Print findings (people) or the payload with its findings (scripts), and exit by the findings' severity."""
    kept = tuple(findings)
    if as_json:
        print_json({**payload, "findings": [finding.as_json(language) for finding in kept]})
    else:
        print_findings(kept, language)
    raise typer.Exit(exit_code(kept))


@contextmanager
def refusals(*, as_json: bool, language: Language) -> Iterator[None]:
    """Turn Refused into its findings and exit code 2."""
    try:
        yield
    except Refused as refused:
        leave({}, refused.findings, as_json=as_json, language=language)
