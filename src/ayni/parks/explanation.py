"""Explanations: a figure of a results file opened down to workbook rows and factors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rich.markup import escape
from rich.tree import Tree

from ayni.base.findings import Place, Refused, error
from ayni.base.texts import Language, has_text, say, significant

ROWS_SHOWN = 15
"""Rows printed under one figure; the rest is counted. The JSON form always holds all of them."""
DIGITS = 4
"""Significant digits of a value: enough to find it again in the workbook or the source."""


@dataclass(frozen=True)
class ResultsFile:
    """The parts of ``results.json`` that explanations need."""

    figures: Mapping[str, Mapping[str, Any]]
    factors: Mapping[str, Mapping[str, Any]]


def read_results(path: Path) -> ResultsFile:
    """A results file. Raises Refused where it is missing or no results file."""
    place = Place(file=path.name)
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as unreadable:
        raise Refused([error("FILE-UNREADABLE", place, reason=str(unreadable.strerror))]) from unreadable
    except ValueError as broken:
        raise Refused([error("RESULTS-BROKEN", place)]) from broken
    if not isinstance(content, dict) or not {"figures", "factors"} <= content.keys():
        raise Refused([error("RESULTS-BROKEN", place)])
    return ResultsFile(content["figures"], content["factors"])


def explain(results: ResultsFile, figure_id: str) -> dict[str, Any]:
    """One figure with its inputs opened: figures nested, factors and rows written out. Raises Refused if unknown.

    A figure that is met again is named with ``repeated`` and not opened twice: many figures rest on the same design.
    """
    if figure_id not in results.figures:
        raise Refused([error("FIGURE-UNKNOWN", figure=figure_id)])
    return _opened_figure(results, figure_id, set())


def _opened_figure(results: ResultsFile, figure_id: str, seen: set[str]) -> dict[str, Any]:
    figure = {"id": figure_id, **results.figures[figure_id]}
    if figure_id in seen:
        return {**figure, "repeated": True, "inputs": []}
    seen.add(figure_id)
    return {**figure, "inputs": [_opened(results, item, seen) for item in figure["inputs"]]}


def _opened(results: ResultsFile, item: Mapping[str, Any], seen: set[str]) -> dict[str, Any]:
    if "figure" in item:
        return _opened_figure(results, item["figure"], seen)
    if "factor" in item:
        return {"factor": {"id": item["factor"], **results.factors[item["factor"]]}}
    return dict(item)


def leaves(tree: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """All rows, factors and inputless figures at the ends of an explanation."""
    if not tree.get("inputs") and not tree.get("repeated"):
        yield tree
    for item in tree.get("inputs", ()):
        yield from leaves(item)


def tree_of(explanation: Mapping[str, Any], language: Language) -> Tree:
    """The explanation as a tree for the terminal."""
    tree = Tree(_figure_line(explanation, language))
    _grow(tree, explanation, language)
    return tree


def _grow(branch: Tree, explanation: Mapping[str, Any], language: Language) -> None:
    rows = 0
    for item in explanation["inputs"]:
        if "row" in item:
            rows += 1
            if rows <= ROWS_SHOWN:
                branch.add(_row_line(item["row"], language))
        elif "factor" in item:
            branch.add(_factor_line(item["factor"], language))
        else:
            _grow(branch.add(_figure_line(item, language)), item, language)
    if rows > ROWS_SHOWN:
        branch.add(say("explain.more_rows", language, count=rows - ROWS_SHOWN))


def _amount(item: Mapping[str, Any], language: Language) -> str:
    band = ""
    if item.get("low") is not None and item.get("high") is not None:
        low, high = (significant(item[end], language, DIGITS) for end in ("low", "high"))
        band = f" ({low} – {high})"
    value = significant(item["value"], language, DIGITS)
    return f"[bold]{value}[/] {escape(unit_in_words(item['unit'], language))}{band}"


def unit_in_words(unit: str, language: Language) -> str:
    """A unit as people read it: ``t CO2e/year`` → ``t CO₂e al año``, ``PEN/MWh`` → ``S/ por MWh``."""
    plain, slash, _ = unit.partition("/year")
    if has_text(f"report.unit.{plain}"):
        words = say(f"report.unit.{plain}", language)
    else:
        words = plain.replace("CO2", "CO₂").replace("m3", "m³").replace("m2", "m²")
        words = words.replace("PEN/", f"S/ {say('report.unit.per', language)} ").replace("PEN", "S/")
    return f"{words} {say('report.per_year', language)}" if slash else words


def formula_in_words(formula: str, language: Language) -> str:
    """A formula in the reader's language where it is one of the usual ones, else as it is written."""
    key = f"formula.{formula}"
    return say(key, language) if has_text(key) else formula


def _figure_line(figure: Mapping[str, Any], language: Language) -> str:
    words = " · ".join((say(f"stage.{figure['stage']}", language), say(f"status.{figure['status']}", language)))
    algebra = escape(f"{figure['id']} = {formula_in_words(figure['formula'], language)}")
    again = f" · {say('explain.repeated', language)}" if figure.get("repeated") else ""
    return f"{escape(figure['label'])}: {_amount(figure, language)}  [dim]{algebra} · {words}{again}[/]"


def _row_line(row: Mapping[str, Any], language: Language) -> str:
    place = say("explain.row", language, sheet=row["sheet"], row=str(row["row"]))
    status = say(f"status.{row['status']}", language)
    return f"{escape(place + ': ' + row['text'])} {_amount(row, language)}  [dim]{status}[/]"


def _factor_line(factor: Mapping[str, Any], language: Language) -> str:
    origin = " · ".join(part for part in (factor["date"], factor["source"]) if part)
    status = say(f"status.{factor['status']}", language)
    version = say("explain.version", language, version=factor["version"]) if factor["version"] else ""
    words = " · ".join(part for part in (escape(origin), status, version) if part)
    return f"{escape(factor['id'])}: {_amount(factor, language)}  [dim]{words}[/]"
