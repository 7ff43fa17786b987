"""The assessment's commands: ``assess`` and ``framework check``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from ayni.assessment.framework import read_framework
from ayni.assessment.reading import read_answers, read_inputs
from ayni.assessment.results import Assessment, Result
from ayni.assessment.score import assess
from ayni.assessment.writing import as_json as assessment_json
from ayni.assessment.writing import lines_table, yields
from ayni.base.console import JsonOption, LanguageOption, language_of, leave, output, refusals
from ayni.base.findings import in_file, refuse_errors
from ayni.base.texts import Language, default_language, say

SPOKEN = default_language()
STYLES = {Result.MET: "green", Result.PARTLY: "yellow", Result.NOT_MET: "red"}

app = typer.Typer()
framework_app = typer.Typer(help=say("help.framework", SPOKEN), no_args_is_help=True)
app.add_typer(framework_app, name="framework")


@app.command("assess", help=say("help.assess", SPOKEN))
def assess_files(
    framework: Annotated[str, typer.Option(metavar="F.yaml", help=say("help.assess.framework", SPOKEN))],
    answers: Annotated[Path, typer.Option(metavar="A.csv", help=say("help.assess.answers", SPOKEN))],
    inputs: Annotated[Path, typer.Option(metavar="I.csv", help=say("help.assess.inputs", SPOKEN))],
    lang: LanguageOption,
    year: Annotated[int | None, typer.Option(help=say("help.assess.year", SPOKEN))] = None,
    country: Annotated[str, typer.Option(help=say("help.assess.country", SPOKEN))] = "PE",
    as_json: JsonOption = False,
) -> None:
    """Score a park by a framework from two CSV files: answers, and inputs of the computed lines."""
    language = language_of(lang)
    with refusals(as_json=as_json, language=language):
        document, _ = read_framework(framework)
        given_answers, answer_findings = read_answers(answers, document)
        given_inputs, input_findings = read_inputs(inputs)
        refuse_errors([*answer_findings, *input_findings])
        result = assess(document, given_answers, given_inputs, year=year, country=country)
    if not as_json:
        _print(result, language)
    leave(assessment_json(result, language), result.findings, as_json=as_json, language=language)


@framework_app.command("check", help=say("help.framework.check", SPOKEN))
def check(
    document: Annotated[str, typer.Argument(metavar="F.yaml", help=say("help.assess.framework", SPOKEN))],
    lang: LanguageOption,
    as_json: JsonOption = False,
) -> None:
    """Check a framework document: keys, names, units of formulas, weights, totals; every finding has its line."""
    language = language_of(lang)
    with refusals(as_json=as_json, language=language):
        framework, findings = read_framework(document)
    count = sum(1 for _ in framework.lines())
    payload = {
        "framework": framework.code,
        "version": framework.version,
        "hash": framework.hash,
        "status": framework.status,
        "requirements": count,
    }
    if not as_json:
        values = {**payload, "count": count, "title": framework.words(framework.title, language)}
        output.print(escape(say("framework.checked", language, **values)))
    leave(payload, in_file(findings, document), as_json=as_json, language=language)


def _print(result: Assessment, language: Language) -> None:
    """The score with its band and standing, the categories, and every line with its reason."""
    framework = result.framework
    output.print(f"[bold]{escape(framework.words(framework.title, language))}[/]")
    standing = say(f"assessment.status.{framework.status}", language)
    kind = say(f"assessment.yields.{yields(result)}", language)
    output.print(say("assess.standing", language, kind=kind, status=standing, version=framework.version))
    if framework.notice:
        output.print(escape(framework.words(framework.notice, language)), style="bold")
    output.print(_categories(result, language))
    output.print(_lines(result, language))
    words = {name: result.printed(getattr(result, name), language) for name in ("score", "score_low", "score_high")}
    level = next((framework.words(level.text, language) for level in framework.levels if level.id == result.level), "–")
    method = say(f"assessment.method.{framework.aggregation.method}", language)
    output.print(say("assess.score", language, **words, method=method, level=level))


def _categories(result: Assessment, language: Language) -> Table:
    table = Table(title=say("assess.categories", language))
    table.add_column(say("assess.category", language))
    for name in ("score_low", "score_high"):
        table.add_column(f"{say(f'assess.{name}', language)} [%]", justify="right")
    for kind in Result:
        table.add_column(say(kind.word.key, language), justify="right")
    for part in result.categories:
        ends = [result.printed(end, language) for end in (part.score.low, part.score.high)]
        counts = [str(part.results.get(kind, 0)) for kind in Result]
        table.add_row(escape(result.framework.words(part.group.text, language)), *ends, *counts)
    return table


def _lines(result: Assessment, language: Language) -> Table:
    table = Table(title=say("assess.lines", language))
    for name in ("line", "text", "result", "why"):
        table.add_column(say(f"assess.{name}", language))
    for row in lines_table(result, language).to_dict("records"):
        style = STYLES.get(Result(row["verdict"]), "dim")
        table.add_row(row["line"], escape(row["text"]), f"[{style}]{row['result']}[/]", escape(row["why"]))
    return table
