"""Answers and inputs from CSV files, in the words that people use."""

from __future__ import annotations

from pathlib import Path

from ayni.assessment.framework.schema import Framework, Requirement
from ayni.assessment.inputs import GivenInput, typed_inputs
from ayni.assessment.schema import INPUTS, Answer, AnswerValue, Input
from ayni.base.csv_reading import read_csv_rows
from ayni.base.findings import Finding, Place, error
from ayni.base.sheets import Row, column
from ayni.base.texts import LANGUAGES
from ayni.base.units import plain

POINTS_MAX = 1e6
"""Most points of a line, as in the framework's own schema."""

_MORE_WORDS = {
    AnswerValue.YES: "y|s|true|verdadero|met|cumple",
    AnswerValue.PARTLY: "partial|partially|parcial|parcialmente|partly met",
    AnswerValue.NO: "n|false|falso|not met|not_met|no cumple",
    AnswerValue.NO_DATA: "unknown|nodata|s/d|sd|-",
    AnswerValue.NOT_APPLICABLE: "na|n/a|n.a.|n. a.|no corresponde",
}


class AnswerLine(Row):
    """One line of the file of answers; an empty answer is no data."""

    requirement: str = column("Requirement", "Id of the line, or LINE/PART for a part of a composite line.")
    answer: str | None = column("Answer", "Yes, partly, no, no data, not applicable, or points.", default=None)
    reason: str | None = column("Reason", "Needed for not applicable.", default=None)
    evidence: str | None = column("Evidence", "Document, date and place of the proof.", default=None)
    respondent: str | None = column(
        "Respondent", "Whose answer it is, where the framework weighs several.", default=None
    )


def read_answers(path: Path, framework: Framework) -> tuple[list[Answer], list[Finding]]:
    """The answers in a file with the columns ``requirement,answer`` and what is wrong with them."""
    rows, findings = read_csv_rows(path, AnswerLine, unique=("requirement", "respondent"), required=False)
    if rows and rows[0].place_of("answer").column is None:
        findings.append(error("COLUMN-MISSING", Place(file=path.name, column="answer"), column="answer"))
    lines = {line.id: line for _, line in framework.lines()}
    answers = []
    for row in rows:
        answer = _answer(row, framework, lines.get(row.requirement))
        if answer is None:
            findings.append(error("ANSWER-VALUE", row.place_of("answer"), found=str(row.answer)))
        else:
            answers.append(answer)
    return answers, findings


def read_inputs(path: Path) -> tuple[tuple[GivenInput, ...], list[Finding]]:
    """The inputs in a file with the columns ``name,value,unit,year`` and what is wrong with them."""
    rows, findings = read_csv_rows(path, Input, unique=INPUTS.unique, required=False)
    return typed_inputs(rows), findings


def _answer(row: AnswerLine, framework: Framework, line: Requirement | None) -> Answer | None:
    """The row as an answer, placed where it was read; None for a word that is no answer."""
    found = _value(row.answer or "", line)
    if found is None:
        return None
    value, points = found
    answer = Answer(
        framework=framework.code, requirement=row.requirement, answer=value, points=points,
        reason=row.reason, evidence=row.evidence, respondent=row.respondent,
    )  # fmt: skip
    answer._read_from, answer._cells = row._read_from, row._cells
    return answer


def _value(text: str, line: Requirement | None) -> tuple[AnswerValue, float | None] | None:
    """The answer that a word means, or a number: points of a line that gives them, else 1, 0.5 or 0."""
    word = plain(text)
    if not word:
        return AnswerValue.NO_DATA, None
    for value in AnswerValue:
        labels = {plain(value.label(language)) for language in LANGUAGES}
        if word in labels | {value.value, *_MORE_WORDS[value].split("|")}:
            return value, None
    try:
        number = float(word)
    except ValueError:
        return None
    if not 0 <= number <= POINTS_MAX:
        return None
    if line is None or line.rule != "points" or line.is_computed:
        known = {1.0: AnswerValue.YES, 0.5: AnswerValue.PARTLY, 0.0: AnswerValue.NO}.get(number)
        return None if known is None else (known, None)
    if number == line.points_max:
        return AnswerValue.YES, number
    return (AnswerValue.PARTLY if number else AnswerValue.NO), number
