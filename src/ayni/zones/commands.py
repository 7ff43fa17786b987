"""The zone's command: ``design``."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape
from rich.table import Table

from ayni.base.console import JsonOption, LanguageOption, language_of, leave, output, refusals, remarks
from ayni.base.findings import Finding, note
from ayni.base.texts import Language, default_language, has_text, say, shown
from ayni.zones.case import ELECTRICITY, ZoneCase
from ayni.zones.design import GAP, Design, baseline, design, finite
from ayni.zones.folder import read_folder

SPOKEN = default_language()
app = typer.Typer()


@app.command("design", help=say("help.design", SPOKEN))
def design_folder(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help=say("help.design.folder", SPOKEN))],
    lang: LanguageOption,
    study: Annotated[Path | None, typer.Option(metavar="STUDY.yaml", help=say("help.design.study", SPOKEN))] = None,
    gap: Annotated[float, typer.Option(min=1e-8, max=1.0, help=say("help.design.gap", SPOKEN))] = GAP,
    as_json: JsonOption = False,
) -> None:
    """The least-cost energy supply of the zone in a folder, with its proof."""
    language = language_of(lang)
    with refusals(as_json=as_json, language=language):
        case = read_folder(folder, study)
        with remarks.status(say("design.progress", language)) as status:
            made = design(case, gap, lambda key, done: status.update(say(key, language, done=round(100 * done))))
            savings, findings = savings_of(case, made)
    if not as_json and made.plan is not None:
        for table in tables(made, savings, language):
            output.print(table)
        output.print(_summary(made, language))
    leave(payload(made, savings), (*made.findings, *findings), as_json=as_json, language=language)


def savings_of(case: ZoneCase, made: Design) -> tuple[dict[str, float], tuple[Finding, ...]]:
    """Baseline less plan: energy by carrier [MWh/a], ``cost`` [PEN/a], ``co2`` [t/a]; a note where there is none."""
    if made.plan is None:
        return {}, ()
    before = baseline(case)
    if before is None:
        return {}, (note("DESIGN-NO-BASELINE"),)
    bill = before[1]
    savings = {carrier: bill.energy[carrier] - made.energy[carrier] for carrier in (ELECTRICITY, *case.fuels)}
    return savings | {"cost": bill.cost - made.cost, "co2": bill.co2 - made.co2}, ()


def payload(made: Design, savings: Mapping[str, float]) -> dict[str, object]:
    """What ``--json`` prints."""
    return {
        "status": made.status, "solver": made.solver, "cost": finite(made.cost), "bound": finite(made.bound),
        "gap": finite(made.gap), "capacities": dict(made.capacities), "savings": dict(savings),
        "certificate": made.certificate, "measures": {name: list(taken) for name, taken in made.packages.items()},
    }  # fmt: skip


def tables(made: Design, savings: Mapping[str, float], language: Language) -> list[Table]:
    """What is built, what it costs and what it saves, for people."""
    sizes = {name: size for name, size in made.capacities.items() if size > 0.0}
    costs = {name: amount for name, amount in made.cost_lines.items() if amount}
    kinds = (("size", sizes), ("cost", costs), ("saving", savings))
    return [_table(kind, lines, language) for kind, lines in kinds if lines]


def _table(kind: str, lines: Mapping[str, float], language: Language) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column(say(f"design.table.{kind}", language))
    table.add_column("", justify="right")
    table.add_column("")
    for name, amount in lines.items():
        table.add_row(escape(word(name, language)), shown(amount, language), _unit(kind, name))
    return table


def _unit(kind: str, name: str) -> str:
    if kind == "size":
        return "MWh" if name.endswith(".energy") else "MW"
    return "PEN/a" if kind == "cost" else {"cost": "PEN/a", "co2": "t CO2e/a"}.get(name, "MWh/a")


def word(name: str, language: Language) -> str:
    """A plan's own name in words where the catalogue has them; else the name itself."""
    plant = name.removesuffix(".energy")
    for key in (f"design.line.{name}", f"technology.{name}", f"technology.{plant}", f"choice.Carrier.{name}"):
        if has_text(key):
            return say(key, language)
    kind, _, rest = name.partition(".")
    return say(f"design.of.{kind}", language, name=word(rest, language)) if has_text(f"design.of.{kind}") else name


def _summary(made: Design, language: Language) -> str:
    return say(
        f"design.status.{made.status}", language, cost=made.cost, bound=made.bound, gap=f"{made.gap:.1e}",
        solver=made.solver, seconds=round(made.seconds), investment=made.investment,
    )  # fmt: skip
