"""Published figures of eco-industrial park frameworks, and frameworks of other countries as documents without code.

Where only a press report is known as source it says so. The documents hold placeholders for lines: what is tested is
the shape of each framework (groups, weights, points, k of n, levels), not its text.
"""

import pytest

from assessment_samples import (
    Keys,
    answer,
    as_yaml,
    document,
    framework,
    given,
    group,
    inputs_of,
    judged,
    line,
    the_line,
)
from ayni.assessment.framework import Framework, parse_framework
from ayni.assessment.results import Assessment, Result
from ayni.assessment.score import assess
from ayni.base.findings import Refused

# --- the international framework ---

LINES = {"park_management": 8, "environmental": 21, "social": 13, "economic": 9}
MEANS = {"park_management": 55, "environmental": 34, "social": 44, "economic": 72}


def rated(method: str) -> Assessment:
    """Every line of a category rated with its category's mean, in points of 100."""
    steps = [{"points": number} for number in (0, 100, *MEANS.values())]
    groups = [
        group(name, *(line(f"{name[:2]}{at}", rule="points", points=steps) for at in range(count)))
        for name, count in LINES.items()
    ]
    frame = framework(*groups, aggregation={"method": method, "partly": 0.5})
    marks = {item.id: MEANS[part.id] for part, item in frame.lines()}
    return assess(frame, [answer(name, "partly", points=mark) for name, mark in marks.items()], [])


def test_pooled_46_5_against_mean_of_categories_51_3() -> None:
    """Means of 50 parks, 2017 list: 55, 34, 44, 72 % (Sustainability 2020, 12(24), 10611; sourced).

    With 8/21/13/9 lines (unverified split) the pooled score is 2374/51 = 46.5 %, the mean of categories 51.25 %, which
    is printed 51.3 % (derived). Tolerance: float rounding.
    """
    pooled, mean = rated("pooled"), rated("mean_of_groups")
    assert pooled.score == pytest.approx(2374 / 51, abs=1e-12)
    assert mean.score == 51.25
    assert [result.printed(result.score, "en") for result in (pooled, mean)] == ["46.5", "51.3"]
    assert (pooled.mean_of_groups, mean.pooled) == (mean.official, pooled.official)
    assert [part.score.low for part in pooled.categories] == list(MEANS.values())


@pytest.mark.parametrize(("met", "score"), [(52, 82.5), (54, 85.7), (47, 74.6)])
def test_63_lines_fit_two_of_viet_nam_s_three_scores(met: int, score: float) -> None:
    """Viet Nam Investment Review, April 2024 (press): 52 lines = 83 %, 54 = 86 %, 47 = 76 %; the rest is derived."""
    names = [f"L{number}" for number in range(63)]
    frame = framework(group("g", *map(line, names)))
    words = {name: "yes" if at < met else "no" for at, name in enumerate(names)}
    result = judged(frame, words)
    assert result.printed(result.score, "en") == str(score)


# --- Turkey, Green OIZ (Dünya, Ekonomim, memurlar.net; press) ---

WEIGHTS = {"environment": 39, "economy": 27, "social": 24, "management": 10}
LOWER_LEVELS = {"gold": 70, "silver": 55, "bronze": 40}


def turkey(**changes: object) -> Keys:
    """Six entry conditions, points from 0 to 3, category weights, levels: > 85 platinum, 70–85, 55–70, 40–55 bronze."""
    steps = [{"points": points} for points in range(4)]
    groups = [
        group("entry", *(line(f"entry{at}", kind="prerequisite") for at in range(6)), weight=0, gate="veto"),
        *(group(name, *(line(f"{name}{at}", rule="points", points=steps) for at in range(10)),
                weight=weight, rule="sum_points") for name, weight in WEIGHTS.items()),
    ]  # fmt: skip
    levels = [
        {"id": "platinum", "text": {"en": "platinum"}, "from": 85, "from_closed": False},
        *({"id": name, "text": {"en": name}, "from": start} for name, start in LOWER_LEVELS.items()),
    ]  # fmt: skip
    aggregation = {"method": "mean_of_groups", "weights_sum": 100, **changes}
    return document(*groups, levels=levels, aggregation=aggregation)


def oiz(environment: int, economy: int, social: int, management: int, entry: str = "yes") -> Assessment:
    """A zone with so many of the 30 points in each category."""
    frame, _ = parse_framework(as_yaml(turkey()), "turkey.yaml")
    given_points = dict(zip(WEIGHTS, (environment, economy, social, management), strict=True))
    answers = [answer(f"entry{at}", entry if at == 5 else "yes") for at in range(6)]
    for name, total in given_points.items():
        for at in range(10):
            points = min(3, max(0, total - 3 * at))
            word = {0: "no", 3: "yes"}.get(points, "partly")
            answers.append(answer(f"{name}{at}", word, points=points))
    return assess(frame, answers, [])


@pytest.mark.parametrize(
    ("points", "score", "level"),
    [
        ((30, 30, 30, 30), 100, "platinum"),
        ((30, 30, 30, 0), 90, "platinum"),
        ((30, 30, 30, 15), 95, "platinum"),
        ((30, 30, 15, 21), 85, "gold"),  # 39 + 27 + 12 + 7: the border belongs to gold
        ((30, 30, 15, 24), 86, "platinum"),
        ((30, 10, 15, 30), 70, "gold"),
        ((30, 10, 15, 27), 69, "silver"),
        ((10, 20, 20, 24), 55, "silver"),
        ((10, 10, 10, 27), 39, None),
        ((10, 10, 10, 30), 40, "bronze"),
    ],
)
def test_turkey_s_points_weights_and_levels(points: tuple[int, int, int, int], score: float, level: str | None) -> None:
    """Weights 39, 27, 24, 10 add up to 100; borders as printed (> 85, 70–85, 55–70, 40–55). Tolerance: exact."""
    result = oiz(*points)
    assert (result.score, result.level) == (score, level)


def test_turkey_s_entry_conditions_leave_no_level_and_no_trace_in_the_score() -> None:
    result = oiz(30, 30, 30, 30, entry="no")
    assert (result.score, result.level, result.gates_failed) == (100, None, ("entry",))


def test_weights_that_do_not_add_up_are_refused() -> None:
    with pytest.raises(Refused) as refusal:
        parse_framework(as_yaml(turkey(weights_sum=99)), "turkey.yaml")
    assert "FRAMEWORK-WEIGHTS" in {finding.code for finding in refusal.value.findings}


# --- China, HJ 274-2015 ---


def hj_274() -> Framework:
    """Five groups, 32 indicators = 17 mandatory + 15 optional (sourced in part; k and the split are placeholders).

    Economy 4, symbiosis 3, resources 9 (sourced), environment 13, information 3 (unverified).
    """
    sizes = {"economy": (2, 2), "symbiosis": (1, 2), "resources": (5, 4), "environment": (7, 6), "information": (2, 1)}
    groups = [
        group(
            name,
            *(line(f"{name}_m{at}", obligation="mandatory") for at in range(mandatory)),
            *(line(f"{name}_o{at}", obligation="elective") for at in range(optional)),
            rule="k_of_n", k=1,
        )
        for name, (mandatory, optional) in sizes.items()
    ]  # fmt: skip
    return framework(*groups, counts={"requirements": 32})


def test_china_needs_all_mandatory_and_k_optional_lines_of_each_group() -> None:
    frame = hj_274()
    mandatory = [item.id for _, item in frame.lines() if item.obligation == "mandatory"]
    assert len(mandatory) == 17
    chosen = [f"{part.id}_o0" for part in frame.groups]
    words = {item.id: "yes" if item.id in {*mandatory, *chosen} else "no" for _, item in frame.lines()}
    full = judged(frame, words)
    assert full.score == 100
    assert all(part.is_met for part in full.categories)
    other = judged(frame, words | {"symbiosis_o0": "no", "symbiosis_o1": "yes"})
    assert other.score == 100
    short = judged(frame, words | {"symbiosis_o0": "no"})
    assert [part.is_met for part in short.categories] == [True, False, True, True, True]
    assert short.score == pytest.approx(100 * 21 / 22)
    failed = judged(frame, words | {"economy_m0": "no", "economy_o1": "yes"})
    assert not failed.categories[0].is_met


# --- India, IPRS 2.0 (MENAFN, Moneycontrol, BusinessLine; press) ---


def test_india_s_developers_weigh_60_and_tenants_40() -> None:
    names = [f"Q{number}" for number in range(45)]
    frame = framework(group("g", *map(line, names)), respondents={"developer": 60, "tenants": 40})
    answers = [answer(name, "yes", respondent="developer") for name in names]
    answers += [answer(name, "no", respondent="tenants") for name in names]
    assert assess(frame, answers, []).score == 60
    agreed = answers[:45] + [
        answer(name, "yes" if at < 9 else "no", respondent="tenants") for at, name in enumerate(names)
    ]
    assert assess(frame, agreed, []).score == pytest.approx(60 + 40 * 9 / 45)
    silent = assess(frame, answers[:45], [])
    assert (silent.score_low, silent.score_high) == (60, 100)


# --- figures used as formulas ---


@pytest.mark.parametrize(("part", "whole", "expected"), [(118, 244, 48.4), (296, 449, 65.9)])
def test_korea_s_funnel(part: float, whole: float, expected: float) -> None:
    """2005–13: 449 explored → 296 implemented → 244 completed → 118 commercial, stated 48 % (KSEE journal; sourced).

    Tolerance: half of the last digit printed.
    """
    frame = framework(
        group("g", line("L", formula="part / whole", unit="%", rule=">=", target=48)), inputs=inputs_of("part", "whole")
    )
    assert the_line(judged(frame, part=part, whole=whole), "L").value == pytest.approx(expected, abs=0.05)


def test_peru_s_occupancy_depends_on_its_basis() -> None:
    """Peru's parks: 94 % of plots sold passes the line, about 25 % of firms operating fails it (programme; derived)."""
    inputs = inputs_of(occupied="any", available="any")
    frame = framework(
        group("g", line("L", formula="occupied / available", unit="%", rule=">=", target=50)), inputs=inputs
    )
    for basis, share, expected in (("sold", 94, Result.MET), ("operating", 25, Result.NOT_MET)):
        result = judged(frame, None, given("occupied", share, "lotes", basis=basis), given("available", 100, "lotes"))
        assert the_line(result, "L").result is expected


def test_zis_peru_expected_against_actual() -> None:
    """8,283 t reported against 5,637 t in feasibility studies is 147 % (programme; derived from sourced figures)."""
    inputs = inputs_of(reported="t CO2e", expected="t CO2e")
    frame = framework(
        group("g", line("L", formula="reported / expected", unit="%", rule=">=", target=100)), inputs=inputs
    )
    result = judged(frame, None, given("reported", 8283, "t CO2e"), given("expected", 5637, "t"))
    assert the_line(result, "L").value == pytest.approx(147, abs=0.5)
