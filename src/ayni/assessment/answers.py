"""Answers by line and respondent, checked against the framework's lines, scale and points."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping

from ayni.assessment.framework.schema import Framework, Requirement
from ayni.assessment.schema import Answer, AnswerValue
from ayni.base.findings import Finding, error, note, warning

AnswerTable = Mapping[str, Mapping[str, Answer]]
"""Line (or line/item) → respondent (empty where the framework weighs none) → answer."""


def answer_table(framework: Framework, answers: Iterable[Answer]) -> tuple[AnswerTable, list[Finding]]:
    """The answers to this framework's lines, and what is wrong with them; those to other frameworks are left aside."""
    lines = _asked(framework)
    table: dict[str, dict[str, Answer]] = {}
    findings: list[Finding] = []
    others: set[str] = set()
    for answer in answers:
        if answer.framework != framework.code:
            others.add(answer.framework)
            continue
        line = lines.get(answer.requirement)
        if line is None:
            near = difflib.get_close_matches(answer.requirement, lines, n=1)
            values = {"requirement": answer.requirement, "near": near[0] if near else "–"}
            findings.append(error("ANSWER-UNKNOWN", answer.place_of("requirement"), **values))
            continue
        findings += _check(framework, line, answer)
        who = table.setdefault(answer.requirement, {})
        if (answer.respondent or "") in who:
            findings.append(error("ANSWER-TWICE", answer.place_of("requirement"), requirement=answer.requirement))
        who.setdefault(answer.respondent or "", answer)
    if others and not table:
        found = ", ".join(sorted(others))
        findings.append(warning("ANSWER-OTHER-FRAMEWORK", found=found, framework=framework.code))
    return table, findings + _evidence(table, lines)


def _asked(framework: Framework) -> dict[str, Requirement]:
    """Every key under which an answer may stand: lines, and the parts of composite lines."""
    asked = {line.id: line for _, line in framework.lines()}
    parts = {f"{line.id}/{item.id}": line for line in asked.values() for item in line.checklist}
    return asked | parts


def _check(framework: Framework, line: Requirement, answer: Answer) -> Iterator[Finding]:
    known = framework.respondents_of(line)
    if (answer.respondent or "") not in (known or {""}) and not line.is_computed:
        allowed = ", ".join(known) or "–"
        values = {"respondent": answer.respondent or "–", "requirement": line.id, "allowed": allowed}
        yield error("ANSWER-RESPONDENT", answer.place_of("respondent"), **values)
    if answer.answer is AnswerValue.NOT_APPLICABLE and not (answer.reason or "").strip():
        yield warning("ANSWER-REASON", answer.place_of("reason"), requirement=answer.requirement)
    if line.is_computed:
        return
    if line.rule == "points":
        yield from _check_points(line, answer)
    elif answer.points is not None:
        yield error("ANSWER-POINTS-UNREAD", answer.place_of("points"), requirement=answer.requirement)
    elif answer.answer is AnswerValue.PARTLY and framework.aggregation.partly is None:
        yield error("ANSWER-PARTLY", answer.place_of("answer"), requirement=answer.requirement)


def _check_points(line: Requirement, answer: Answer) -> Iterator[Finding]:
    steps = sorted({0.0} | {step.points for step in line.points})
    allowed = ", ".join(f"{step:g}" for step in steps)
    implied = {AnswerValue.YES: steps[-1], AnswerValue.NO: 0.0, AnswerValue.PARTLY: answer.points}
    expected = implied.get(answer.answer)
    needs_points = answer.answer is AnswerValue.PARTLY and answer.points is None
    is_other = answer.points is not None and (answer.points not in steps or answer.points != expected)
    if needs_points or is_other:
        found = "–" if answer.points is None else f"{answer.points:g}"
        values = {"requirement": answer.requirement, "found": found, "allowed": allowed, "answer": answer.answer.value}
        yield error("ANSWER-POINTS", answer.place_of("points"), **values)


def _evidence(table: AnswerTable, lines: Mapping[str, Requirement]) -> list[Finding]:
    """One note on all answers that claim something without its proof."""
    claims = [
        key
        for key, who in table.items()
        for answer in who.values()
        if lines[key].evidence and answer.answer in {AnswerValue.YES, AnswerValue.PARTLY} and not answer.evidence
    ]
    return [note("ANSWER-EVIDENCE", count=len(claims), first=claims[0])] if claims else []
