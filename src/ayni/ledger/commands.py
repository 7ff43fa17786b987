"""The ledger's commands: ``reconcile``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import pandas as pd
import typer
from rich.table import Table

from ayni.base.console import JsonOption, LanguageOption, language_of, leave, output, refusals
from ayni.base.findings import in_file, refuse_errors
from ayni.base.texts import Language, default_language, number, say
from ayni.ledger.flow_reading import read_flows
from ayni.ledger.reconcile import Reconciliation, reconcile, remarks

SPOKEN = default_language()
app = typer.Typer()


@app.command("reconcile", help=say("help.reconcile", SPOKEN))
def reconcile_flows(
    flows: Annotated[Path, typer.Argument(metavar="FLOWS.csv", help=say("help.reconcile.flows", SPOKEN))],
    lang: LanguageOption,
    as_json: JsonOption = False,
) -> None:
    """Reconcile uncertain flows so that every node balances; list gross errors."""
    language = language_of(lang)
    with refusals(as_json=as_json, language=language):
        table, findings = read_flows(flows)
        refuse_errors(findings)
        result = reconcile(table)
    if not as_json:
        _print(result, language)
    leave(result.as_json(), in_file((*findings, *remarks(result)), flows.name), as_json=as_json, language=language)


def _print(result: Reconciliation, language: Language) -> None:
    """The reconciled flows as a table, and the test of the whole."""
    table = Table(title=say("reconcile.title", language))
    for key in ("flow", "amount", "sigma", "measured", "test"):
        table.add_column(say(f"reconcile.{key}", language), justify="left" if key == "flow" else "right")
    for row in result.flows.to_dict("records"):
        amount, sigma, test = (_shown(row[name], language) for name in ("amount", "sigma", "test"))
        table.add_row(row["flow"], amount, sigma, say("yes" if row["measured"] else "no", language), test)
    output.print(table)
    output.print(say("reconcile.chi2", language, chi2=result.chi2, degrees=result.degrees_of_freedom))


def _shown(value: float, language: Language) -> str:
    return "–" if pd.isna(value) else number(value, language)
