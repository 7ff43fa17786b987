"""Commands of the main job: run and demo."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from ayni.base.console import (
    JsonOption,
    LanguageOption,
    exit_code,
    language_of,
    output,
    print_findings,
    print_json,
    refusals,
    remarks,
)  # fmt: skip
from ayni.base.findings import Finding, Place, Refused, Severity, error
from ayni.base.texts import Language, default_language, say
from ayni.parks.example import write_example
from ayni.parks.intake import take_in
from ayni.parks.results import Results
from ayni.parks.run import STAGES, Report, run
from ayni.reports.headline import headline, summary_rows
from ayni.reports.writing import FILES, write_results

SPOKEN = default_language()
DEMO_FOLDER = Path("demo")
WRITING = "writing"

app = typer.Typer()


@app.command(name="run", help=say("help.run", SPOKEN))
def run_park(
    workbook: Annotated[Path, typer.Argument(metavar="PARK.xlsx", help=say("help.workbook", SPOKEN))],
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help=say("help.out", SPOKEN))],
    lang: LanguageOption,
    as_json: JsonOption = False,
) -> None:
    """Run one park's workbook through every engine and write its report and results."""
    language = language_of(lang)
    with refusals(as_json=as_json, language=language):
        results = _run(workbook, out, language, is_quiet=as_json)
    _show(results, out, language, as_json=as_json)


@app.command(help=say("help.demo", SPOKEN))
def demo(
    lang: LanguageOption,
    out: Annotated[Path, typer.Option("--out", metavar="DIR", help=say("help.out", SPOKEN))] = DEMO_FOLDER,
    as_json: JsonOption = False,
) -> None:
    """Run the example park that ships with Ayni."""
    language = language_of(lang)
    with refusals(as_json=as_json, language=language):
        folder = _folder(out)
        workbook = write_example(folder, language)
        results = _run(workbook, folder, language, is_quiet=as_json)
    _show(results, out, language, as_json=as_json)


def _folder(path: Path) -> Path:
    """The output folder, made if need be. Raises Refused where it cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as impossible:
        raise Refused(
            [error("FOLDER-UNUSABLE", Place(file=str(path)), reason=str(impossible.strerror))]
        ) from impossible
    return path


def _run(workbook: Path, out: Path, language: Language, *, is_quiet: bool) -> Results:
    """The park's results, their files moved into ``out`` only when all of them are written."""
    records, findings = take_in(workbook)
    with _progress(language, is_quiet=is_quiet) as report:
        results = run(records, findings, report)
        report(WRITING, 0.0)
        folder = _folder(out)
        with TemporaryDirectory(dir=folder, prefix=".ayni-") as draft:
            write_results(results, Path(draft), language)
            for name in FILES:
                (Path(draft) / name).replace(folder / name)
        report(WRITING, 1.0)
    return results


@contextmanager
def _progress(language: Language, *, is_quiet: bool) -> Iterator[Report]:
    """A bar per stage on standard error."""
    columns = (
        TextColumn("{task.description:30}"),
        BarColumn(),
        TextColumn("{task.fields[words]}"),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=remarks, disable=is_quiet) as bars:
        tasks = {
            stage: bars.add_task(say(f"stage_of_run.{stage}", language), total=1.0, start=False, words="")
            for stage in (*STAGES, WRITING)
        }

        def report(stage: str, done: float, words: str = "") -> None:
            if not bars.tasks[tasks[stage]].started:
                for earlier in bars.tasks:
                    if earlier.started:
                        bars.update(earlier.id, completed=earlier.total)
                bars.start_task(tasks[stage])
            bars.update(
                tasks[stage], completed=done, words=escape(words and say(words, language, done=round(100 * done)))
            )

        yield report


def _print_remarks(findings: Sequence[Finding], language: Language) -> None:
    """Warnings in full; notes, which ask for nothing, are counted and stand in the report."""
    notes = [finding for finding in findings if finding.severity is Severity.NOTE]
    print_findings([finding for finding in findings if finding.severity is not Severity.NOTE], language)
    if notes:
        remarks.print(say("headline.notes", language, count=len(notes)), soft_wrap=True)


def _show(results: Results, out: Path, language: Language, *, as_json: bool) -> None:
    """The headline with its band, the table, the remarks, the paths of what was written; then the exit code."""
    if as_json:
        print_json(json.loads((out / "results.json").read_text(encoding="utf-8")))
    else:
        _print_remarks(results.findings, language)
        for line in headline(results, language):
            output.print(escape(line), style="bold")
        table = Table(box=None, pad_edge=False)
        for index, title in enumerate(("item", "before", "after", "difference", "unit")):
            table.add_column(say(f"headline.{title}", language), justify="right" if index in (1, 2, 3) else "left")
        for row in summary_rows(results, language):
            table.add_row(*row)
        output.print(table)
        for name in FILES:
            output.print(str(out / name), soft_wrap=True)
        output.print(
            say("headline.open", language, command=sys.argv[0], file=str(out / "results.json")), soft_wrap=True
        )
        output.print(str(out), soft_wrap=True)
    raise typer.Exit(exit_code(results.findings))
