"""One line judged: computed from inputs, or from the answers of its respondents."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from ayni.assessment.amounts import Amount, exact
from ayni.assessment.answers import AnswerTable
from ayni.assessment.framework.schema import Between, Framework, Group, PointsStep, Requirement
from ayni.assessment.inputs import GivenInput
from ayni.assessment.results import Band, Line, Reason, Result, Survey, Text
from ayni.assessment.schema import Answer, AnswerValue
from ayni.assessment.values import NoValue, Setting, Value, holds, line_value, target_of, trend_of
from ayni.base.findings import Finding, warning
from ayni.base.texts import Word

COMPARE: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    ">=": operator.ge, "<=": operator.le, ">": operator.gt, "<": operator.lt,
}  # fmt: skip

UNKNOWN = Band(Fraction(0), Fraction(1))


@dataclass(frozen=True)
class Case:
    """What all lines of one assessment are judged by."""

    framework: Framework
    setting: Setting
    answers: AnswerTable

    @property
    def partly(self) -> Fraction:
        """The credit of a line that is partly met; none where the framework knows no partly."""
        return exact(self.framework.aggregation.partly or 0.0)


def judge(group: Group, line: Requirement, case: Case) -> tuple[Line, tuple[Finding, ...]]:
    """The line's result with its reason, and what is doubtful about it."""
    why = _inapplicable(line, case)
    if why is not None:
        return Line(group, line, Result.NOT_APPLICABLE, why, None), ()
    return _computed(group, line, case) if line.is_computed else _answered(group, line, case)


def _inapplicable(line: Requirement, case: Case) -> Reason | None:
    """Why the line does not apply: a condition that does not hold, or nobody in its population."""
    table, year = case.setting.table, case.setting.year
    for condition in line.applicability:
        if holds(condition, table, year) is False:
            return Reason("assessment.why.condition", {"condition": condition})
    if line.population:
        population = case.framework.populations[line.population]
        count = table.find(population.count, year)
        if count is not None and count.value == 0:
            return Reason("assessment.why.population", {"population": Text(population.text)})
    return None


def result_of(credit: Band | None) -> Result:
    """The result that a credit stands for; unknown as long as nothing is earned and something may be."""
    if credit is None:
        return Result.NOT_APPLICABLE
    if credit.low == 1:
        return Result.MET
    if credit.low > 0:
        return Result.PARTLY
    return Result.NO_DATA if credit.high > 0 else Result.NOT_MET


# --- computed lines ---


def _computed(group: Group, line: Requirement, case: Case) -> tuple[Line, tuple[Finding, ...]]:
    findings: tuple[Finding, ...] = ()
    try:
        judged = _from_value(group, line, case)
    except NoValue as missing:
        credit = UNKNOWN if missing.result is Result.NO_DATA else None
        judged = Line(group, line, missing.result, missing.why, credit)
        findings = missing.findings
    judged = replace(judged, survey=_survey(line, case))
    typed = next(iter(case.answers.get(line.id, {}).values()), None)
    if typed is not None:
        judged, remark = _beside(judged, typed)
        findings = (*findings, *remark)
    return judged, (*findings, *_response(judged))


def _from_value(group: Group, line: Requirement, case: Case) -> Line:
    """The line judged by its value. Raises NoValue."""
    setting = case.setting
    value = trend_of(line, setting) if line.rule == "trend" else line_value(line, setting, setting.year)
    number = Fraction(value.number)
    if line.rule is None:
        why = Reason("assessment.why.disclosed", {"value": Amount(number, line.unit)})
        return _line(group, line, Fraction(1), why, float(number), None, value.inputs)
    if line.rule == "is_true":
        key = "assessment.why.condition_met" if value.number else "assessment.why.condition"
        return _line(group, line, number, Reason(key, {"condition": line.formula}), None, None, value.inputs)
    if line.rule == "points":
        credit, why = _by_points(line, value)
        return _line(group, line, credit, why, float(number), None, value.inputs)
    target, more = target_of(line, setting)
    credit = _by_target(line, number, target, case.partly)
    shown = target if isinstance(target, Between) else float(target)
    return _line(group, line, credit, _compared(line, value, target), float(number), shown, value.inputs + more)


def _line(
    group: Group,
    line: Requirement,
    credit: Fraction,
    why: Reason,
    value: float | None,
    target: float | Between | None,
    inputs: tuple[GivenInput, ...],
) -> Line:
    band = Band(credit, credit)
    return Line(group, line, result_of(band), why, band, value, target, inputs)


def _by_target(line: Requirement, value: Fraction, target: Fraction | Between, partly: Fraction) -> Fraction:
    """1 where the rule holds, the partial credit where the declared share of the way is gone, else 0."""
    if isinstance(target, Between):
        return Fraction(_is_within(value, target.low, target.high, target.low_closed, target.high_closed))
    comparison = line.trend.compare if line.trend else str(line.rule)
    if COMPARE[comparison](value, target):
        return Fraction(1)
    if line.partly_share is None or target <= 0:
        return Fraction(0)
    share = exact(line.partly_share)
    eased = target * share if comparison in {">=", ">"} else target / share
    return partly if COMPARE[comparison](value, eased) else Fraction(0)


def _is_within(value: Fraction, low: float | None, high: float | None, low_closed: bool, high_closed: bool) -> bool:
    above = low is None or COMPARE[">=" if low_closed else ">"](value, exact(low))
    below = high is None or COMPARE["<=" if high_closed else "<"](value, exact(high))
    return above and below


def _by_points(line: Requirement, value: Value) -> tuple[Fraction, Reason]:
    """The part of the most points that the first fitting step gives; none where no step fits."""
    number = Fraction(value.number)
    fitting = (
        step for step in line.points if _is_within(number, step.above, step.below, step.from_closed, step.to_closed)
    )
    step = next(fitting, PointsStep(points=0.0))
    points, most = exact(step.points), exact(line.points_max)
    words = {"value": Amount(number, line.unit), "points": Amount(points), "most": Amount(most)}
    return points / most, Reason("assessment.why.points", words)


def _compared(line: Requirement, value: Value, target: Fraction | Between) -> Reason:
    is_percent = line.trend is not None and line.trend.change == "relative"
    unit = "%" if is_percent else line.unit
    amount: dict[str, object] = {"value": Amount(Fraction(value.number), unit)}
    if isinstance(target, Between):
        bounds = {"low": Amount(exact(target.low), unit), "high": Amount(exact(target.high), unit)}
        signs = {"above": "≥" if target.low_closed else ">", "below": "≤" if target.high_closed else "<"}
        return Reason("assessment.why.between", amount | bounds | signs)
    comparison = line.trend.compare if line.trend else str(line.rule)
    sign = {">=": "≥", "<=": "≤"}.get(comparison, comparison)
    key = "assessment.why.trend" if line.trend else "assessment.why.compared"
    years = {"years": str(line.trend.years)} if line.trend else {}
    return Reason(key, amount | {"sign": sign, "target": Amount(target, unit)} | years)


def _beside(judged: Line, typed: Answer) -> tuple[Line, tuple[Finding, ...]]:
    """A typed answer beside a computed line: it never counts, save for *not applicable* where there is no value."""
    claim = {
        AnswerValue.YES: Result.MET,
        AnswerValue.PARTLY: Result.PARTLY,
        AnswerValue.NO: Result.NOT_MET,
        AnswerValue.NOT_APPLICABLE: Result.NOT_APPLICABLE,
    }.get(typed.answer)
    judged = replace(judged, answers=(typed,))
    values = {"requirement": judged.requirement.id, "typed": Word(f"choice.AnswerValue.{typed.answer.value}")}
    if claim is None or claim is judged.result:
        return judged, ()
    if judged.result is not Result.NO_DATA:
        remark = warning("ANSWER-DISAGREES", typed.place_of("answer"), computed=judged.result.word, **values)
        return judged, (remark,)
    if claim is Result.NOT_APPLICABLE:
        return replace(judged, result=claim, credit=None, why=_given_reason(typed)), ()
    return judged, (warning("ANSWER-TYPED", typed.place_of("answer"), **values),)


def _survey(line: Requirement, case: Case) -> Survey | None:
    """Sample and response rate [%] of a line that rests on a survey."""
    if line.survey is None:
        return None
    answered = case.setting.table.find(line.survey.answered, case.setting.year)
    asked = case.setting.table.find(line.survey.of, case.setting.year) if line.survey.of else None
    if answered is None:
        return None
    rate = float(100 * answered.value / asked.value) if asked is not None and asked.value else None
    return Survey(float(answered.value), rate)


def _response(judged: Line) -> tuple[Finding, ...]:
    survey, wanted = judged.survey, judged.requirement.survey
    if survey is None or wanted is None or wanted.response_min is None or survey.response is None:
        return ()
    if survey.response >= wanted.response_min:
        return ()
    name = judged.requirement.id
    return (warning("SURVEY-RESPONSE", requirement=name, rate=survey.response, least=wanted.response_min),)


# --- answered lines ---


def _answered(group: Group, line: Requirement, case: Case) -> tuple[Line, tuple[Finding, ...]]:
    given = tuple(case.answers.get(line.id, {}).values())
    parts = [(item, case.answers.get(f"{line.id}/{item.id}", {})) for item in line.checklist]
    if not any(who for _, who in parts):
        credit = _opinion(line, case, line.id)
        return Line(group, line, result_of(credit), _said(line, given, credit), credit, answers=given), ()
    credit, why = _checked(line, case)
    judged = Line(group, line, result_of(credit), why, credit)
    kept = given + tuple(answer for _, who in parts for answer in who.values())
    direct = _opinion(line, case, line.id)
    remarks: tuple[Finding, ...] = ()
    if given and direct != credit and direct != UNKNOWN:
        values = {"requirement": line.id, "typed": result_of(direct).word, "computed": judged.result.word}
        remarks = (warning("ANSWER-DISAGREES", given[0].place_of("answer"), **values),)
    return replace(judged, answers=kept), remarks


def _opinion(line: Requirement, case: Case, key: str) -> Band | None:
    """The weighted credit of all respondents; None where it applies to none of them."""
    weights = case.framework.respondents_of(line) or {"": 1.0}
    who = case.answers.get(key, {})
    total = low = high = Fraction(0)
    for respondent, weight in weights.items():
        answer = who.get(respondent)
        if answer is not None and answer.answer is AnswerValue.NOT_APPLICABLE:
            continue
        credit = UNKNOWN if answer is None else _credit(line, answer, case.partly)
        total += exact(weight)
        low += exact(weight) * credit.low
        high += exact(weight) * credit.high
    return Band(low / total, high / total) if total else None


def _credit(line: Requirement, answer: Answer, partly: Fraction) -> Band:
    if answer.answer is AnswerValue.NO_DATA:
        return UNKNOWN
    if answer.points is not None:
        earned = exact(answer.points) / exact(line.points_max)
    else:
        earned = {AnswerValue.YES: Fraction(1), AnswerValue.PARTLY: partly}.get(answer.answer, Fraction(0))
    return Band(earned, earned)


def _checked(line: Requirement, case: Case) -> tuple[Band | None, Reason]:
    """A composite line: met where all its parts are, partly from the declared share of them on."""
    opinions = [_opinion(line, case, f"{line.id}/{item.id}") for item in line.checklist]
    applicable = [opinion for opinion in opinions if opinion is not None]
    if not applicable:
        return None, Reason("assessment.why.parts_none")
    met = [sum(bound == 1 for bound in bounds) for bounds in zip(*((b.low, b.high) for b in applicable), strict=True)]
    low, high = (_share_credit(line, Fraction(count, len(applicable)), case.partly) for count in met)
    return Band(low, high), Reason("assessment.why.parts", {"met": str(met[0]), "of": str(len(applicable))})


def _share_credit(line: Requirement, share: Fraction, partly: Fraction) -> Fraction:
    if share == 1:
        return Fraction(1)
    return partly if line.partly_share is not None and share >= exact(line.partly_share) else Fraction(0)


def _said(line: Requirement, given: tuple[Answer, ...], credit: Band | None) -> Reason:
    """The reason of an answered line: the answer, the respondents' joint credit, or that nobody answered."""
    if not given:
        return Reason("assessment.why.unanswered")
    if credit is None:
        return _given_reason(given[0])
    if len(given) > 1:
        return Reason("assessment.why.respondents", {"share": Amount(100 * credit.low, "%"), "count": str(len(given))})
    if line.points and given[0].answer is not AnswerValue.NO_DATA:
        most = exact(line.points_max)
        return Reason("assessment.why.judged", {"points": Amount(credit.low * most), "most": Amount(most)})
    return Reason("assessment.why.answered", {"answer": Word(f"choice.AnswerValue.{given[0].answer.value}")})


def _given_reason(answer: Answer) -> Reason:
    if answer.reason:
        return Reason("assessment.why.reason", {"reason": answer.reason})
    return Reason("assessment.why.no_reason")
