"""Assessments out: the JSON of ``ayni assess``, and tables for workbooks and reports."""

from __future__ import annotations

import pandas as pd

from ayni.assessment.framework.schema import Between
from ayni.assessment.inputs import GivenInput
from ayni.assessment.results import Assessment, Category, Line, Result
from ayni.base.texts import Language, say, shown, unit_words

SIGNS = {">=": "≥", "<=": "≤"}


def as_json(assessment: Assessment, language: Language) -> dict[str, object]:
    """The documented form: scores in per cent, unrounded; ``level`` and scores are null where there are none."""
    framework = assessment.framework
    return {
        "framework": framework.code,
        "title": framework.words(framework.title, language),
        "version": framework.version,
        "hash": framework.hash,
        "status": framework.status,
        "yields": yields(assessment),
        "notice": framework.words(framework.notice, language) if framework.notice else None,
        "year": assessment.year,
        "score": assessment.score,
        "score_low": assessment.score_low,
        "score_high": assessment.score_high,
        "method": framework.aggregation.method,
        "methods": {
            "pooled": {"low": assessment.pooled.low, "high": assessment.pooled.high},
            "mean_of_groups": {"low": assessment.mean_of_groups.low, "high": assessment.mean_of_groups.high},
        },
        "rounding": framework.aggregation.rounding.model_dump(),
        "level": assessment.level,
        "level_high": assessment.level_high,
        "gates_failed": list(assessment.gates_failed),
        "categories": {part.group.id: _category_json(assessment, part, language) for part in assessment.categories},
        "lines": [_line_json(assessment, line, language) for line in assessment.lines],
    }


def yields(assessment: Assessment) -> str:
    """``assessment`` from an official framework; ``self_check`` from every other, which is no certificate."""
    return "assessment" if assessment.framework.is_official else "self_check"


def _category_json(assessment: Assessment, part: Category, language: Language) -> dict[str, object]:
    return {
        "title": assessment.framework.words(part.group.text, language),
        "weight": part.group.weight,
        "score": part.score.low,
        "score_low": part.score.low,
        "score_high": part.score.high,
        "points": float(part.points.low),
        "points_possible": float(part.points_possible),
        "is_met": part.is_met,
        **{result.value: part.results.get(result, 0) for result in Result},
    }


def _line_json(assessment: Assessment, line: Line, language: Language) -> dict[str, object]:
    requirement = line.requirement
    return {
        "requirement": requirement.id,
        "category": line.group.id,
        "kind": requirement.kind,
        "text": assessment.framework.words(requirement.text, language),
        "result": line.result.value,
        "score": None if line.credit is None else float(line.credit.low),
        "score_low": None if line.credit is None else float(line.credit.low),
        "score_high": None if line.credit is None else float(line.credit.high),
        "value": line.value,
        "unit": unit_of(line),
        "rule": requirement.rule,
        "target": line.target.model_dump() if isinstance(line.target, Between) else line.target,
        "why": line.why.words(language),
        "inputs": [_input_json(item) for item in line.inputs],
        "survey": None if line.survey is None else vars(line.survey),
        "evidence": [answer.evidence for answer in line.answers if answer.evidence],
    }


def _input_json(item: GivenInput) -> dict[str, object]:
    return {
        "name": item.name, "value": item.value, "unit": item.unit, "year": item.year, "basis": item.basis or None,
        "computed": item.is_computed,
    }  # fmt: skip


def unit_of(line: Line) -> str:
    """The unit of the line's value and target: a relative trend is in per cent."""
    trend = line.requirement.trend
    return "%" if trend and trend.change == "relative" else line.requirement.unit


def target_words(line: Line, language: Language) -> str:
    """The target as people read it, such as ``≥ 90 %``; empty for a line without one."""
    target, unit = line.target, unit_of(line)
    if target is None:
        return ""
    if isinstance(target, Between):
        words = f"{shown(target.low, language)} – {shown(target.high, language)}"
    else:
        comparison = line.requirement.trend.compare if line.requirement.trend else str(line.requirement.rule)
        words = f"{SIGNS.get(comparison, comparison)} {shown(target, language)}"
    return f"{words} {unit_words(unit, language)}".strip()


def summary_table(assessment: Assessment, language: Language) -> pd.DataFrame:
    """item, value in words: what the result is (framework, version, hash, standing), score, band, level, year."""
    framework = assessment.framework
    level = next((level.text for level in framework.levels if level.id == assessment.level), None)
    values = {
        "framework": framework.words(framework.title, language),
        "version": f"{framework.code} {framework.version}",
        "hash": framework.hash,
        "status": say(f"assessment.status.{framework.status}", language),
        "kind": say(f"assessment.yields.{yields(assessment)}", language),
        "notice": framework.words(framework.notice, language) if framework.notice else "–",
        "year": str(assessment.year or "–"),
        "method": say(f"assessment.method.{framework.aggregation.method}", language),
        "score": assessment.printed(assessment.score, language),
        "score_low": assessment.printed(assessment.score_low, language),
        "score_high": assessment.printed(assessment.score_high, language),
        "level": framework.words(level, language) if level else "–",
    }
    items = [{"item": say(f"assessment.item.{name}", language), "value": words} for name, words in values.items()]
    return pd.DataFrame(items)


def categories_table(assessment: Assessment, language: Language) -> pd.DataFrame:
    """category, title, weight, score, score_low, score_high [%], and the number of lines by result."""
    return pd.DataFrame(
        [
            {
                "category": part.group.id,
                "title": assessment.framework.words(part.group.text, language),
                "weight": part.group.weight,
                "score": part.score.low,
                "score_low": part.score.low,
                "score_high": part.score.high,
                **{result.value: part.results.get(result, 0) for result in Result},
            }
            for part in assessment.categories
        ]
    )


def lines_table(assessment: Assessment, language: Language) -> pd.DataFrame:
    """line, category, kind, text, value, unit, target, verdict (code), result (in words), score, why, evidence."""
    return pd.DataFrame(
        [
            {
                "line": line.requirement.id,
                "category": line.group.id,
                "kind": line.requirement.kind,
                "text": assessment.framework.words(line.requirement.text, language),
                "value": line.value,
                "unit": unit_of(line),
                "target": target_words(line, language),
                "verdict": line.result.value,
                "result": say(line.result.word.key, language),
                "score": None if line.credit is None else float(line.credit.low),
                "why": line.why.words(language),
                "evidence": "; ".join(answer.evidence for answer in line.answers if answer.evidence),
            }
            for line in assessment.lines
        ]
    ).astype({"value": "float64", "score": "float64"})


def inputs_table(assessment: Assessment) -> pd.DataFrame:
    """name, value, unit, year, basis, computed, formula of every input that a line used, each once."""
    used = {(item.name, item.year): item for line in assessment.lines for item in line.inputs}
    columns = ["name", "value", "unit", "year", "basis", "computed", "formula"]
    return pd.DataFrame([{**_input_json(item), "formula": item.formula} for item in used.values()], columns=columns)
