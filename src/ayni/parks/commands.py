"""Commands of one park: template, check, explain, zone export."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ayni.base.console import (
    JsonOption,
    LanguageOption,
    language_of,
    leave,
    output,
    print_json,
    refusals,
)  # fmt: skip
from ayni.base.findings import Place, Refused, error
from ayni.base.texts import default_language, number, say
from ayni.parks.explanation import ResultsFile, explain, read_results, tree_of
from ayni.parks.intake import take_in
from ayni.parks.run import zone_case
from ayni.parks.workbook import write_template
from ayni.zones.folder import write_folder

SPOKEN = default_language()
app = typer.Typer()
zone = typer.Typer(help=say("help.zone", SPOKEN), no_args_is_help=True)
app.add_typer(zone, name="zone")

Workbook = Annotated[Path, typer.Argument(metavar="PARK.xlsx", help=say("help.workbook", SPOKEN))]


@app.command(help=say("help.template", SPOKEN))
def template(
    file: Annotated[Path, typer.Argument(metavar="FILE.xlsx", help=say("help.template.file", SPOKEN))],
    lang: LanguageOption,
    as_json: JsonOption = False,
) -> None:
    """Write an empty workbook; an existing file is never overwritten."""
    language = language_of(lang)
    with refusals(as_json=as_json, language=language):
        if file.exists():
            raise Refused([error("FILE-EXISTS", Place(file=file.name))])
        if not file.parent.is_dir():
            raise Refused([error("FOLDER-MISSING", Place(file=str(file.parent)))])
        write_template(file, language)
    if not as_json:
        output.print(say("template.written", language, file=str(file)))
    leave({"file": str(file)}, (), as_json=as_json, language=language)


@app.command(help=say("help.check", SPOKEN))
def check(workbook: Workbook, lang: LanguageOption, as_json: JsonOption = False) -> None:
    """Read a workbook and say what is wrong with it."""
    language = language_of(lang)
    with refusals(as_json=as_json, language=language):
        _, findings = take_in(workbook)
    if not as_json and not findings:
        output.print(say("check.clean", language))
    leave({}, findings, as_json=as_json, language=language)


@app.command(name="explain", help=say("help.explain", SPOKEN))
def explain_figure(
    results: Annotated[Path, typer.Argument(metavar="RESULTS.json", help=say("help.results", SPOKEN))],
    lang: LanguageOption,
    figure: Annotated[str | None, typer.Argument(help=say("help.figure", SPOKEN))] = None,
    as_json: JsonOption = False,
) -> None:
    """List the figures of a results file, or open one of them down to rows and factors."""
    language = language_of(lang)
    with refusals(as_json=as_json, language=language):
        file = read_results(results)
        explanation = explain(file, figure) if figure else None
    if as_json:
        print_json({"figure": explanation} if explanation else {"figures": file.figures})
    elif explanation:
        output.print(tree_of(explanation, language))
    else:
        _list_figures(file, lang=lang)


def _list_figures(file: ResultsFile, lang: str) -> None:
    language = language_of(lang)
    for figure_id, figure in file.figures.items():
        output.print(f"{figure_id:44} {number(figure['value'], language):>14} {figure['unit']:12} {figure['label']}",
                     markup=False, soft_wrap=True)  # fmt: skip


@zone.command(name="export", help=say("help.zone.export", SPOKEN))
def export_zone(
    workbook: Workbook,
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=say("help.zone.folder", SPOKEN))],
    lang: LanguageOption,
    as_json: JsonOption = False,
) -> None:
    """Write the zone of a park as a folder that ``ayni design`` reads."""
    language = language_of(lang)
    with refusals(as_json=as_json, language=language):
        park, findings = take_in(workbook)
        write_folder(zone_case(park), folder)
    if not as_json:
        output.print(say("zone.exported", language, folder=str(folder)))
    leave({"folder": str(folder)}, findings, as_json=as_json, language=language)
