"""The exchange's commands: ``match`` and ``cascade``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.table import Table

from ayni.base.console import JsonOption, LanguageOption, language_of, leave, output, refusals
from ayni.base.texts import Language, default_language, say, shown
from ayni.exchange.cascade import cascade
from ayni.exchange.cascade_case import read_case
from ayni.exchange.match import match
from ayni.exchange.reading import read_match

SPOKEN = default_language()
app = typer.Typer()


@app.command("match", help=say("help.match", SPOKEN))
def match_files(
    offers: Annotated[Path, typer.Argument(metavar="OFFERS.csv", help=say("help.match.offers", SPOKEN))],
    wants: Annotated[Path, typer.Argument(metavar="WANTS.csv", help=say("help.match.wants", SPOKEN))],
    edges: Annotated[Path, typer.Argument(metavar="EDGES.csv", help=say("help.match.edges", SPOKEN))],
    lang: LanguageOption,
    as_json: JsonOption = False,
) -> None:
    """The most valuable network of exchanges between the offers and wants of three CSV files."""
    language = language_of(lang)
    with refusals(as_json=as_json, language=language):
        tables, findings = read_match(offers, wants, edges)
        result = match(tables.offers, tables.wants, tables.edges)
    summary = {name: getattr(result, name) for name in ("objective", "bound", "gap", "status", "solver")}
    if not as_json:
        output.print(_table(result.exchanges, "match", language))
        output.print(say("match.title", language, **summary))
    payload = {**summary, "exchanges": result.exchanges.to_dict("records")}
    leave(payload, findings, as_json=as_json, language=language)


@app.command("cascade", help=say("help.cascade", SPOKEN))
def cascade_file(
    case: Annotated[Path, typer.Argument(metavar="CASE.json", help=say("help.cascade.case", SPOKEN))],
    lang: LanguageOption,
    as_json: JsonOption = False,
) -> None:
    """The water network with the least fresh water for the case in a JSON file."""
    language = language_of(lang)
    with refusals(as_json=as_json, language=language):
        read, findings = read_case(case)
        result = cascade(read)
    if not as_json:
        groups = pd.DataFrame(result.fresh_by_group.items(), columns=["group", "fresh"])
        for table in (result.exchanges, groups):
            if not table.empty:
                output.print(_table(table, "cascade", language))
        output.print(say("cascade.title", language, fresh=result.fresh, waste=result.waste, solver=result.solver))
    payload = {**vars(result), "exchanges": result.exchanges.to_dict("records")}
    leave(payload, findings, as_json=as_json, language=language)


def _table(rows: pd.DataFrame, prefix: str, language: Language) -> Table:
    """``rows`` as a printed table; the header of a column is the text ``<prefix>.<column>``."""
    table = Table(box=None, pad_edge=False)
    for name in rows.columns:
        is_number = pd.api.types.is_numeric_dtype(rows[name])
        table.add_column(say(f"{prefix}.{name}", language), justify="right" if is_number else "left")
    for row in rows.itertuples(index=False):
        table.add_row(*(shown(value, language) for value in row))
    return table
