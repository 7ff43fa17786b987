"""Lines judged and scores added up on the smallest frameworks that show each rule."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

import pytest

from assessment_samples import (
    YEAR,
    Keys,
    answer,
    document,
    framework,
    given,
    group,
    inputs_of,
    judged,
    line,
    share,
    the_line,
)
from ayni.assessment.amounts import Amount, exact, rounded
from ayni.assessment.framework import Framework
from ayni.assessment.results import Assessment, Result
from ayni.assessment.score import assess
from ayni.base.findings import Refused, Severity


def computed(name: str = "L", **keys: Any) -> Framework:
    """One computed line ``part / whole``."""
    return framework(group("g", share(name, "part", "whole", **keys)), inputs=inputs_of("part", "whole"))


def codes(assessment: Assessment) -> list[str]:
    return [finding.code for finding in assessment.findings if finding.severity is not Severity.NOTE]


# --- computed lines ---


@pytest.mark.parametrize(
    ("rule", "target", "part", "expected"),
    [
        (">=", 29, 29, Result.MET),  # 0.29 * 100 is 28.999999999999996 in floats
        (">", 29, 29, Result.NOT_MET),
        ("<=", 29, 29, Result.MET),
        ("<", 29, 29, Result.NOT_MET),
        (">=", 29, 28.999999, Result.NOT_MET),
        ("<", 29, 28.999999, Result.MET),
        (">=", 57, 57, Result.MET),
    ],
)
def test_bounds_are_strict_where_the_document_says_so(rule: str, target: float, part: float, expected: Result) -> None:
    result = judged(computed(rule=rule, target=target), part=part, whole=100)
    assert the_line(result, "L").result is expected
    assert the_line(result, "L").value == pytest.approx(part)


@pytest.mark.parametrize(
    ("closed", "part", "expected"),
    [((True, True), 10, True), ((False, True), 10, False), ((True, True), 20, True), ((True, False), 20, False)],
)
def test_between_with_open_and_closed_ends(closed: tuple[bool, bool], part: float, expected: bool) -> None:
    target = {"low": 10, "high": 20, "low_closed": closed[0], "high_closed": closed[1]}
    result = judged(computed(rule="between", target=target), part=part, whole=100)
    assert (the_line(result, "L").result is Result.MET) == expected


@pytest.mark.parametrize(
    ("rule", "part", "expected"),
    [
        (">=", 90, 1.0), (">=", 72, 0.5), (">=", 71.9, 0.0), (">", 72, 0.0), (">", 72.1, 0.5),
        ("<=", 90, 1.0), ("<=", 112.5, 0.5), ("<=", 112.6, 0.0), ("<", 112.5, 0.0),
    ],
)  # fmt: skip
def test_partly_from_the_declared_share_of_the_way(rule: str, part: float, expected: float) -> None:
    credit = the_line(judged(computed(rule=rule, target=90, partly_share=0.8), part=part, whole=100), "L").credit
    assert credit is not None
    assert credit.low == credit.high == expected


def test_without_a_declared_share_a_computed_line_is_never_partly() -> None:
    assert the_line(judged(computed(target=90), part=89.9, whole=100), "L").result is Result.NOT_MET


def test_zero_denominator_is_not_applicable_and_leaves_the_score() -> None:
    frame = framework(group("g", share("L", "part", "whole"), line("A"), line("B")), inputs=inputs_of("part", "whole"))
    result = judged(frame, {"A": "yes", "B": "no"}, part=0, whole=0)
    assert the_line(result, "L").result is Result.NOT_APPLICABLE
    assert (result.score, result.score_high) == (50, 50)
    assert codes(result) == []
    odd = judged(frame, {"A": "yes", "B": "no"}, part=5, whole=0)
    assert the_line(odd, "L").result is Result.NOT_APPLICABLE
    assert codes(odd) == ["INPUT-PART-OF-NOTHING"]


def test_an_impossible_value_is_no_data() -> None:
    frame = computed(target=50, possible={"low": 0, "high": 100})
    result = judged(frame, part=120, whole=100)
    assert the_line(result, "L").result is Result.NO_DATA
    assert codes(result) == ["INPUT-IMPOSSIBLE"]
    assert (result.score, result.score_high) == (0, 100)
    third = 1 / 3  # parts that add up to the whole but for rounding are possible
    assert the_line(judged(frame, part=3 * third * 1e6 * 1.0000000001, whole=1e6), "L").result is Result.MET


def test_units_of_inputs_are_converted() -> None:
    frame = framework(
        group("g", line("L", formula="energy / output", unit="kWh/t", rule="<=", target=500)),
        inputs=inputs_of(energy="MWh", output="t"),
    )
    result = judged(frame, None, given("energy", 0.5, "GWh"), given("output", 1_000_000, "kg"))
    assert the_line(result, "L").value == 500
    assert the_line(result, "L").result is Result.MET


@pytest.mark.parametrize(("name", "unit"), [("energy", "t"), ("energy", ""), ("energy", "furlong"), ("output", "%")])
def test_an_input_of_another_dimension_is_refused(name: str, unit: str) -> None:
    frame = framework(
        group("g", line("L", formula="energy / output", unit="kWh/t", rule="<=", target=500)),
        inputs=inputs_of(energy="MWh", output="t"),
    )
    with pytest.raises(Refused) as refusal:
        judged(frame, None, given(name, 1, unit))
    assert [finding.code for finding in refusal.value.findings] == ["INPUT-UNIT"]


def test_inputs_of_free_unit_share_one() -> None:
    frame = framework(group("g", share("L", "part", "whole")), inputs=inputs_of(part="any", whole="any"))
    mixed = judged(frame, None, given("part", 5, "ha"), given("whole", 80, "lotes"))
    assert (the_line(mixed, "L").result, codes(mixed)) == (Result.NO_DATA, ["INPUT-UNITS-MIXED"])
    areas = judged(frame, None, given("part", 5, "ha"), given("whole", 80_000, "m2"))
    assert the_line(areas, "L").value == 62.5
    assert the_line(judged(frame, None, given("part", 4, "parcelas"), given("whole", 5, "parcelas")), "L").value == 80


def test_a_needed_basis_is_asked_for() -> None:
    """Peru's parks pass the occupancy line on plots sold (94 %) and fail it on firms operating (24 %)."""
    names = inputs_of(part="any", whole="any")
    names["part"]["basis_required"] = True
    frame = framework(group("g", share("L", "part", "whole")), inputs=names)
    bare = judged(frame, None, given("part", 94, "lotes"), given("whole", 100, "lotes"))
    assert [finding.code for finding in bare.findings] == ["INPUT-BASIS"]
    for basis, part, expected in (("sold", 94, Result.MET), ("operating", 24, Result.NOT_MET)):
        result = judged(frame, None, given("part", part, "lotes", basis=basis), given("whole", 100, "lotes"))
        assert result.findings == ()
        assert the_line(result, "L").result is expected
        assert the_line(result, "L").inputs[0].basis == basis


def test_a_condition_as_formula_and_applicability() -> None:
    frame = framework(
        group("g", line("A", formula="part > whole"), line("B", applicability=["part > 3", "whole > 3"])),
        inputs=inputs_of("part", "whole"),
    )
    result = judged(frame, {"B": "yes"}, part=5, whole=2)
    assert [item.result for item in result.lines] == [Result.MET, Result.NOT_APPLICABLE]
    assert "whole > 3" in the_line(result, "B").why.words("en")
    unknown = judged(frame, {"B": "yes"}, part=5)
    assert [item.result for item in unknown.lines] == [Result.NO_DATA, Result.MET]


def test_an_empty_population_is_not_applicable_even_without_other_inputs() -> None:
    frame = framework(
        group("g", share("L", "certified", "large", population="large_firm")),
        inputs=inputs_of("certified", "large"),
        populations={"large_firm": {"text": {"en": "large"}, "where": "employees > 250", "count": "large"}},
    )
    assert the_line(judged(frame, large=0), "L").result is Result.NOT_APPLICABLE
    assert the_line(judged(frame, large=2), "L").result is Result.NO_DATA
    assert judged(frame, large=0).score is None


@pytest.mark.parametrize(
    ("firms", "part", "expected"),
    [(10, 40, Result.MET), (20, 40, Result.NOT_MET), (20, 60, Result.MET), (99, 90, Result.NO_DATA)],
)
def test_target_by_class(firms: float, part: float, expected: Result) -> None:
    target = {"by_class": [{"when": "firms < 20", "target": 40}, {"when": "firms < 50", "target": 60}]}
    frame = framework(
        group("g", share("L", "part", "whole", target=target)), inputs=inputs_of("part", "whole", "firms")
    )
    assert the_line(judged(frame, part=part, whole=100, firms=firms), "L").result is expected
    assert the_line(judged(frame, part=part, whole=100), "L").result is Result.NO_DATA


def test_target_from_a_reference_by_country_and_year() -> None:
    table = {"text": {"en": "mean"}, "unit": "%", "values": [
        {"country": "PE", "year": 2024, "value": 30, "source": "s", "status": "sourced"},
        {"country": "PE", "year": 2025, "value": 40, "source": "s", "status": "sourced"},
        {"country": "CO", "year": 2025, "value": 50, "source": "s", "status": "sourced"},
    ]}  # fmt: skip
    frame = framework(
        group("g", share("L", "part", "whole", target={"reference": "mean"})),
        inputs=inputs_of("part", "whole"),
        references={"mean": table},
    )
    numbers = [given("part", 45, year=2025), given("whole", 100, year=2025)]
    assert the_line(assess(frame, [], numbers), "L").result is Result.MET
    assert the_line(assess(frame, [], numbers, country="CO"), "L").result is Result.NOT_MET
    elsewhere = assess(frame, [], numbers, country="EG")
    assert the_line(elsewhere, "L").result is Result.NO_DATA
    typed = assess(frame, [], [*numbers, given("mean", 0.44, "", year=2025)], country="EG")
    assert (the_line(typed, "L").result, the_line(typed, "L").target) == (Result.MET, 44)
    both = assess(frame, [], [*numbers, given("mean", 90, "%", year=2025)])
    assert (the_line(both, "L").target, codes(both)) == (40, ["INPUT-REFERENCE"])


# --- years ---


def test_years_are_not_mixed() -> None:
    result = judged(computed(), None, given("part", 60, year=2024), given("whole", 100, year=2025))
    assert (result.year, the_line(result, "L").result, codes(result)) == (2025, Result.NO_DATA, ["INPUT-OTHER-YEAR"])
    earlier = assess(
        computed(), [], [given("part", 60, year=2024), given("whole", 100, year=2024), given("whole", 9)], year=2024
    )
    assert the_line(earlier, "L").value == 60


@pytest.mark.parametrize(
    ("take", "expected"), [("mean", 100 * 130 / 300), ("sum", 100 * 130 / 300), ("latest", 50.0), ("given", None)]
)
def test_windows(take: str, expected: float | None) -> None:
    frame = computed(window={"years": 3, "take": take})
    numbers = [given("part", part, year=year) for year, part in ((2023, 30), (2024, 50), (2025, 50))]
    numbers += [given("whole", 100, year=year) for year in (2023, 2024, 2025)]
    if take in {"latest", "given"}:
        numbers = numbers[:2] + numbers[3:]
    result = the_line(assess(frame, [], numbers), "L")
    assert result.value == (None if expected is None else pytest.approx(expected))


def test_a_window_with_a_gap_has_no_data() -> None:
    numbers = [given(name, 50, year=year) for name in ("part", "whole") for year in (2025, 2023)]
    result = assess(computed(window={"years": 3, "take": "mean"}), [], numbers)
    assert the_line(result, "L").result is Result.NO_DATA
    assert "2024" in the_line(result, "L").why.words("es")


@pytest.mark.parametrize(
    ("change", "target", "now", "expected"),
    [
        ("relative", -10, 45, Result.MET),
        ("relative", -10, 45.1, Result.NOT_MET),
        ("absolute", -10, 40, Result.MET),
        ("absolute", -10, 45, Result.NOT_MET),
    ],
)
def test_trends(change: str, target: float, now: float, expected: Result) -> None:
    """From 50 % three years before: down by a tenth, or by ten points."""
    frame = computed(rule="trend", target=target, trend={"years": 3, "change": change, "compare": "<="})
    numbers = [given("part", 5, year=2022), given("whole", 10, year=2022), given("part", now), given("whole", 100)]
    result = the_line(assess(frame, [], numbers), "L")
    assert result.result is expected
    assert "3 years" in result.why.words("en")


def test_a_trend_from_zero_does_not_apply() -> None:
    frame = computed(rule="trend", target=5, trend={"years": 1, "change": "relative", "compare": ">="})
    numbers = [given("part", 0, year=2024), given("whole", 9, year=2024), given("part", 1), given("whole", 9)]
    assert the_line(assess(frame, [], numbers), "L").result is Result.NOT_APPLICABLE


def test_target_from_a_baseline_year() -> None:
    frame = computed(rule="<=", target={"baseline_year": 2020, "times": 0.8})
    numbers = [given("part", 50, year=2020), given("whole", 100, year=2020), given("part", 40), given("whole", 100)]
    assert (the_line(assess(frame, [], numbers), "L").result, the_line(assess(frame, [], numbers), "L").target) == (
        Result.MET,
        40,
    )
    assert the_line(assess(frame, [], numbers[2:]), "L").result is Result.NO_DATA


def test_earlier_values_make_elasticities() -> None:
    """China's standard divides the growth of energy by the growth of value added."""
    inputs = inputs_of(energy="tce", value="10000 CNY")
    for name in ("energy", "value"):
        inputs[f"{name}_before"] = {**inputs[name], "of": name, "years_before": 3}
    formula = "(energy / energy_before - 1) / (value / value_before - 1)"
    frame = framework(group("g", line("L", formula=formula, rule="<=", target=0.6)), inputs=inputs)
    numbers = [
        given("energy", 1060, "tce"), given("energy", 1000, "tce", 2022),
        given("value", 1.1, "CNY"), given("value", 1, "CNY", 2022),
    ]  # fmt: skip
    result = judged(frame, None, *numbers)
    assert (the_line(result, "L").value, the_line(result, "L").result) == (0.6, Result.MET)
    with pytest.raises(Refused) as refusal:
        judged(frame, None, *numbers, given("energy_before", 3, "tce"))
    assert "INPUT-EARLIER" in {finding.code for finding in refusal.value.findings}


# --- answered lines ---


@pytest.mark.parametrize(
    ("word", "expected", "band"),
    [
        ("yes", Result.MET, (100, 100)), ("partly", Result.PARTLY, (50, 50)), ("no", Result.NOT_MET, (0, 0)),
        ("no_data", Result.NO_DATA, (0, 100)), ("not_applicable", Result.NOT_APPLICABLE, (None, None)),
    ],
)  # fmt: skip
def test_answers(word: str, expected: Result, band: tuple[float | None, float | None]) -> None:
    result = judged(framework(group("g", line("A"))), {"A": word})
    assert the_line(result, "A").result is expected
    assert (result.score_low, result.score_high) == band
    assert result.score == result.score_low


def test_no_answer_is_no_data() -> None:
    assert the_line(judged(framework(group("g", line("A")))), "A").result is Result.NO_DATA


def test_not_applicable_needs_its_reason() -> None:
    frame = framework(group("g", line("A"), line("B")))
    result = assess(frame, [answer("A", "not_applicable"), answer("B", "yes")], [])
    assert (codes(result), result.score) == (["ANSWER-REASON"], 100)
    silent = assess(frame, [answer("A", "not_applicable", reason="no river"), answer("B", "yes")], [])
    assert (silent.findings, the_line(silent, "A").why.words("en")) == ((), "Not applicable: no river")


@pytest.mark.parametrize(
    ("answers", "code"),
    [
        ([answer("Z", "yes")], "ANSWER-UNKNOWN"),
        ([answer("A", "yes"), answer("A", "no")], "ANSWER-TWICE"),
        ([answer("A", "yes", respondent="firms")], "ANSWER-RESPONDENT"),
        ([answer("A", "yes", points=1)], "ANSWER-POINTS-UNREAD"),
        ([answer("A", "partly")], "ANSWER-PARTLY"),
        ([answer("P", "partly")], "ANSWER-POINTS"),
        ([answer("P", "partly", points=0.7)], "ANSWER-POINTS"),
        ([answer("P", "yes", points=1)], "ANSWER-POINTS"),
        ([answer("P", "no", points=1)], "ANSWER-POINTS"),
    ],
)
def test_wrong_answers_are_refused(answers: list[object], code: str) -> None:
    points = [{"points": number, "text": {"en": "x"}} for number in (0, 1, 3)]
    frame = framework(group("g", line("A"), line("P", rule="points", points=points)), aggregation={"method": "pooled"})
    with pytest.raises(Refused) as refusal:
        assess(frame, answers, [])  # type: ignore[arg-type]
    assert [finding.code for finding in refusal.value.findings] == [code]


def test_answers_to_another_framework_are_left_aside() -> None:
    frame = framework(group("g", line("A")))
    alone = assess(frame, [answer("A", "yes", "other")], [])
    assert (codes(alone), alone.score) == (["ANSWER-OTHER-FRAMEWORK"], 0)
    both = assess(frame, [answer("A", "no", "other"), answer("A", "yes")], [])
    assert (codes(both), both.score) == ([], 100)


def test_a_computed_line_takes_no_answer() -> None:
    frame = computed(target=50)
    disagreeing = judged(frame, {"L": "yes"}, part=40, whole=100)
    assert (the_line(disagreeing, "L").result, codes(disagreeing)) == (Result.NOT_MET, ["ANSWER-DISAGREES"])
    agreeing = judged(frame, {"L": "no"}, part=40, whole=100)
    assert codes(agreeing) == []
    typed = judged(frame, {"L": "yes"})
    assert (the_line(typed, "L").result, codes(typed), typed.score) == (Result.NO_DATA, ["ANSWER-TYPED"], 0)
    apart = judged(frame, {"L": "not_applicable"})
    assert (the_line(apart, "L").result, codes(apart)) == (Result.NOT_APPLICABLE, [])
    denied = judged(frame, {"L": "not_applicable"}, part=40, whole=100)
    assert (the_line(denied, "L").result, codes(denied)) == (Result.NOT_MET, ["ANSWER-DISAGREES"])


def test_evidence_is_asked_for_once() -> None:
    frame = framework(group("g", *(line(name, evidence=["document"]) for name in "ABC")))
    result = assess(frame, [answer("A", "yes"), answer("B", "partly", evidence="Acta 3"), answer("C", "yes")], [])
    assert [(finding.code, finding.values["count"]) for finding in result.findings] == [("ANSWER-EVIDENCE", 2)]


def checklist(**keys: object) -> Framework:
    parts = [{"id": name, "text": {"en": name}} for name in "xyz"]
    return framework(group("g", line("A", checklist=parts, **keys)))


@pytest.mark.parametrize(
    ("words", "keys", "expected"),
    [
        ("yyy", {}, Result.MET), ("yyn", {}, Result.NOT_MET), ("yy?", {}, Result.NO_DATA), ("yn?", {}, Result.NOT_MET),
        ("yy-", {}, Result.MET), ("---", {}, Result.NOT_APPLICABLE), ("yyn", {"partly_share": 0.6}, Result.PARTLY),
        ("ynn", {"partly_share": 0.6}, Result.NOT_MET),
    ],
)  # fmt: skip
def test_checklists(words: str, keys: Keys, expected: Result) -> None:
    value = {"y": "yes", "n": "no", "-": "not_applicable"}
    answers = {f"A/{name}": value[word] for name, word in zip("xyz", words, strict=True) if word != "?"}
    assert the_line(judged(checklist(**keys), answers), "A").result is expected


def test_a_checklist_stands_above_the_answer_to_the_whole() -> None:
    assert the_line(judged(checklist(), {"A": "yes"}), "A").result is Result.MET
    both = judged(checklist(), {"A": "yes", "A/x": "no", "A/y": "yes", "A/z": "yes"})
    assert (the_line(both, "A").result, codes(both)) == (Result.NOT_MET, ["ANSWER-DISAGREES"])


def test_survey_shows_sample_and_response() -> None:
    survey = {"answered": "whole", "of": "asked", "response_min": 60}
    frame = framework(
        group("g", share("L", "part", "whole", survey=survey)), inputs=inputs_of("part", "whole", "asked")
    )
    found = the_line(judged(frame, part=5, whole=8, asked=10), "L").survey
    assert found is not None
    assert (found.answered, found.response) == (8, 80)
    assert codes(judged(frame, part=5, whole=5, asked=10)) == ["SURVEY-RESPONSE"]
    assert the_line(judged(frame, part=5), "L").survey is None


def test_points_by_value() -> None:
    steps = [
        {"points": 3, "from": 85, "from_closed": False},
        {"points": 2, "from": 70},
        {"points": 1, "from": 40, "to": 70},
        {"points": 0},
    ]
    frame = computed(rule="points", target=None, points=steps)
    found = {part: the_line(judged(frame, part=part, whole=100), "L").credit for part in (85.1, 85, 70, 69.9, 40, 39)}
    assert [credit.low * 3 for credit in found.values() if credit] == [3, 2, 2, 1, 1, 0]


# --- inputs ---


def test_computed_inputs_stand_above_typed_ones() -> None:
    ledger = [given("whole", 100, is_computed=True), given("energy", 3, "MWh", is_computed=True)]
    result = judged(computed(), None, given("part", 60), given("whole", 1000), *ledger)
    assert (the_line(result, "L").value, codes(result)) == (60, ["INPUT-COMPUTED"])
    assert "1,000" in result.findings[0].message("en")


def test_unknown_inputs_are_named_with_the_nearest_one() -> None:
    result = judged(computed(), part=60, whole=100, parts=3)
    assert (codes(result), result.findings[0].values["near"]) == (["INPUT-UNKNOWN"], "part")


def test_an_input_given_twice_is_refused() -> None:
    with pytest.raises(Refused):
        judged(computed(), None, given("part", 1), given("part", 2))


# --- aggregation ---


def test_band_of_unknowns() -> None:
    """50 lines, 23 met, 6 unknown: 46 % with the unknowns not met, 58 % with all of them met."""
    names = [f"L{number}" for number in range(50)]
    frame = framework(group("g", *map(line, names)))
    words = dict(zip(names, ["yes"] * 23 + ["no"] * 21, strict=False))
    result = judged(frame, words)
    assert (result.score, result.score_low, result.score_high) == (46, 46, 58)


def test_line_weights_and_groups_out_of_the_score() -> None:
    frame = framework(
        group("entry", line("E"), weight=0), group("g", line("A", weight=3), line("B")), group("h", line("C"), weight=2)
    )
    result = judged(frame, {"E": "no", "A": "yes", "B": "no", "C": "no"})
    assert (result.pooled.low, result.mean_of_groups.low) == (60, 25)
    assert result.score == 60
    guiding = framework(group("g", line("A"), line("B", kind="guiding"), line("C", kind="disclosure", rule=None)))
    assert judged(guiding, {"A": "yes", "B": "no", "C": "yes"}).score == 100


def test_a_group_in_which_nothing_applies_leaves_the_mean() -> None:
    frame = framework(group("g", line("A")), group("h", line("B")), aggregation={"method": "mean_of_groups"})
    result = judged(frame, {"A": "yes", "B": "not_applicable"})
    assert (result.score, [part.score.low for part in result.categories]) == (100, [100, None])


@pytest.mark.parametrize(
    ("answers", "share_low", "share_high", "is_met"),
    [
        ({"M": "yes", "A": "yes", "B": "yes"}, 100, 100, True),
        ({"M": "yes", "A": "yes", "B": "no", "C": "no"}, 200 / 3, 200 / 3, False),
        ({"M": "no", "A": "yes", "B": "yes", "C": "yes"}, 200 / 3, 200 / 3, False),
        ({"M": "yes", "A": "yes"}, 200 / 3, 100, False),
        ({"M": "yes", "A": "yes", "B": "not_applicable", "C": "not_applicable"}, 100, 100, True),
    ],
)
def test_k_of_n(answers: dict[str, str], share_low: float, share_high: float, is_met: bool) -> None:
    lines = [line("M", obligation="mandatory"), *(line(name) for name in "ABC")]
    result = judged(framework(group("g", *lines, rule="k_of_n", k=2)), answers)
    assert (result.score_low, result.score_high) == pytest.approx((share_low, share_high))
    assert result.categories[0].is_met == is_met


def test_sum_of_points_and_its_least() -> None:
    def points(*numbers: int) -> Keys:
        return {"rule": "points", "points": [{"points": number} for number in numbers]}

    frame = framework(
        group("g", line("A", **points(0, 1, 2, 3)), line("B", **points(0, 1)), rule="sum_points", points_min=2)
    )
    assessed = assess(frame, [answer("A", "partly", points=2), answer("B", "no")], [])
    assert (assessed.score, assessed.categories[0].is_met) == (50, True)
    short = assess(frame, [answer("A", "partly", points=1), answer("B", "no")], [])
    assert (short.score, short.categories[0].is_met) == (25, False)
    averaged = framework(group("g", line("A", **points(0, 1, 2, 3)), line("B", **points(0, 1))))
    assert assess(averaged, [answer("A", "yes"), answer("B", "no")], []).score == 50


LEVELS = [
    {"id": "high", "text": {"en": "high"}, "from": 75, "from_closed": False},
    {"id": "low", "text": {"en": "low"}, "from": 50},
]


@pytest.mark.parametrize(("met", "level"), [(4, "high"), (3, "low"), (2, "low"), (1, None)])
def test_levels_have_open_and_closed_borders(met: int, level: str | None) -> None:
    frame = framework(group("g", *(line(name) for name in "ABCD")), levels=LEVELS)
    answers = dict(zip("ABCD", ["yes"] * met + ["no"] * (4 - met), strict=True))
    assert judged(frame, answers).level == level


def test_gates_of_groups_lines_and_levels() -> None:
    gated = [{**LEVELS[0], "gates": ["D"]}, LEVELS[1]]
    frame = framework(
        group("entry", line("E"), weight=0, gate="veto"),
        group("g", *(line(name) for name in "ABC"), line("D"), line("F", gate="veto")),
        levels=gated,
    )
    everything = dict.fromkeys("EABCDF", "yes")
    assert judged(frame, everything).level == "high"
    assert judged(frame, everything | {"D": "no"}).level == "low"
    for gate in ("E", "F"):
        failed = judged(frame, everything | {gate: "no"})
        assert (failed.level, failed.level_high, failed.gates_failed) == (
            None,
            None,
            ("entry" if gate == "E" else "F",),
        )
        unknown = judged(frame, everything | {gate: "no_data"})
        assert (unknown.level, unknown.level_high) == (None, "high")
        assert judged(frame, everything | {gate: "not_applicable"}).level == "high"


def test_respondents_weigh_and_the_missing_one_widens_the_band() -> None:
    frame = framework(group("g", line("A")), respondents={"operator": 60, "firms": 40})
    both = assess(frame, [answer("A", "yes", respondent="operator"), answer("A", "no", respondent="firms")], [])
    assert (both.score, both.score_high, the_line(both, "A").result) == (60, 60, Result.PARTLY)
    one = assess(frame, [answer("A", "yes", respondent="firms")], [])
    assert (one.score, one.score_high) == (40, 100)
    apart = assess(
        frame,
        [answer("A", "yes", respondent="firms"), answer("A", "not_applicable", respondent="operator", reason="x")],
        [],
    )
    assert apart.score == 100
    with pytest.raises(Refused):
        assess(frame, [answer("A", "yes")], [])


def test_a_framework_that_is_not_in_force_says_so() -> None:
    doc = framework(group("g", share("L", "part", "whole")), inputs=inputs_of("part", "whole"), valid_to="2024-12-31")
    assert codes(judged(doc, part=1, whole=1)) == ["ASSESSMENT-VALIDITY"]
    assert codes(assess(doc, [], [given("part", 1, year=2024), given("whole", 1, year=2024)])) == []


# --- printing ---


def test_rounding_is_half_away_from_zero_and_only_when_printing() -> None:
    frame = framework(group("g", line("A")))
    result = replace(judged(frame, {"A": "yes"}), findings=())
    assert [result.printed(score, "en") for score in (51.25, 46.5490196, 0.05, None)] == ["51.3", "46.5", "0.1", "–"]
    assert rounded(Fraction(-5, 2), 0) == -3
    assert Amount(Fraction(200, 3), "%").label("es") == "66.6667 %"
    assert Amount(Fraction(1234567, 1)).label("en") == "1,234,567"
    assert exact(0.1 + 0.2) == Fraction(3, 10)


def test_every_reason_speaks_both_languages() -> None:
    frame = framework(
        group(
            "g", line("A"), share("L", "part", "whole"), line("P", rule="points", points=[{"points": 0}, {"points": 2}])
        ),
        inputs=inputs_of("part", "whole"),
    )
    result = assess(frame, [answer("A", "partly"), answer("P", "yes")], [given("part", 1), given("whole", 3)])
    assert [item.why.words("es") for item in result.lines] == [
        "Respuesta: en parte.", "Da 33.3333 %; se pide ≥ 50 %.", "Calificado con 2 de 2 puntos.",
    ]  # fmt: skip
    assert result.year == YEAR
    assert document(group("g", line("A")))["status"] == result.framework.status
