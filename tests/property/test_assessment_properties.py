"""What holds for every framework and every set of answers: bands, monotony, order, round trips."""

import random
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from assessment_samples import Keys, answer, as_yaml, document, group, inputs_of, line
from assessment_samples import given as given_input
from ayni.assessment.framework import Framework, parse_framework
from ayni.assessment.inputs import GivenInput
from ayni.assessment.results import Assessment, Result
from ayni.assessment.schema import Answer
from ayni.assessment.score import assess

WORDS = ("yes", "partly", "no", "no_data", "not_applicable", None)
RANK = ("no", "partly", "yes")
NAMES = ("n0", "n1", "n2", "n3")


@st.composite
def lines(draw: st.DrawFn, name: str, is_k: bool) -> Keys:
    """A line by judgement, or a share of two of four inputs."""
    keys: Keys = {"weight": 1 if is_k else draw(st.sampled_from([1, 2, 0.5]))}
    if draw(st.booleans()):
        return line(name, kind=draw(st.sampled_from(["prerequisite", "indicator", "guiding"])), **keys)
    part, whole = draw(st.sampled_from(NAMES)), draw(st.sampled_from(NAMES))
    rule = draw(st.sampled_from([">=", "<=", ">", "<"]))
    return line(name, formula=f"{part} / {whole}", rule=rule, target=draw(st.sampled_from([0.5, 1, 2])), **keys)


@st.composite
def documents(draw: st.DrawFn) -> Keys:
    """Frameworks with one to three groups of one to four lines, all group rules, both methods, levels and gates."""
    groups = []
    for at in range(draw(st.integers(1, 3))):
        count, rule = draw(st.integers(1, 4)), draw(st.sampled_from(["all", "k_of_n", "sum_points"]))
        own = [draw(lines(f"L{at}{number}", rule == "k_of_n")) for number in range(count)]
        electives = sum(keys.get("kind") != "guiding" for keys in own)
        rule = "all" if rule == "k_of_n" and not electives else rule
        extra = {"k": draw(st.integers(1, electives))} if rule == "k_of_n" else {}
        weight = draw(st.sampled_from([0.5, 1, 3]))
        groups.append(
            group(f"g{at}", *own, rule=rule, weight=weight, gate=draw(st.sampled_from(["veto", "none"])), **extra)
        )
    method = draw(st.sampled_from(["pooled", "mean_of_groups"]))
    levels = [{"id": name, "text": {"en": name}, "from": start} for name, start in (("a", 30), ("b", 70))]
    return document(*groups, inputs=inputs_of(*NAMES), levels=levels, aggregation={"method": method, "partly": 0.5})


frameworks = documents().map(lambda doc: parse_framework(as_yaml(doc), "f.yaml")[0])
numbers = st.dictionaries(st.sampled_from(NAMES), st.sampled_from([0, 1, 2, 3.5]))


@st.composite
def cases(draw: st.DrawFn) -> tuple[Framework, dict[str, str | None], dict[str, float]]:
    frame = draw(frameworks)
    judged = [requirement.id for _, requirement in frame.lines() if not requirement.is_computed]
    return frame, {name: draw(st.sampled_from(WORDS)) for name in judged}, draw(numbers)


def rows(words: dict[str, str | None]) -> list[Answer]:
    return [answer(name, word, reason="a reason") for name, word in words.items() if word]


def given_of(values: dict[str, float]) -> list[GivenInput]:
    return [given_input(name, value) for name, value in values.items()]


def run(frame: Framework, words: dict[str, str | None], values: dict[str, float]) -> Assessment:
    return assess(frame, rows(words), given_of(values), year=2025)


def band(result: Assessment) -> tuple[float, float]:
    return result.official.band or (0.0, 100.0)


@given(cases())
@settings(max_examples=100, deadline=None)
def test_scores_lie_in_their_bands(case: tuple[Framework, Any, Any]) -> None:
    result = run(*case)
    for score in (result.pooled, result.mean_of_groups, *(part.score for part in result.categories)):
        if score.band is not None:
            assert 0 <= score.band[0] <= score.band[1] <= 100
    assert result.score == result.score_low
    known = all(item.result is not Result.NO_DATA for item in result.lines)
    assert not known or result.score == result.score_high
    order = [None, "a", "b"]
    assert order.index(result.level) <= order.index(result.level_high)


@given(cases(), st.data())
@settings(max_examples=100, deadline=None)
def test_adding_data_never_widens_the_band(case: tuple[Framework, Any, Any], data: st.DataObject) -> None:
    frame, words, values = case
    before = run(frame, words, values)
    open_words = [name for name, word in words.items() if word in {None, "no_data"}]
    more_words = {name: data.draw(st.sampled_from(WORDS[:3] + WORDS[4:5])) for name in open_words}
    more_values = data.draw(numbers)
    after = run(frame, words | more_words, more_values | values)
    low, high = band(before)
    if after.official.band is not None:
        assert low - 1e-9 <= after.official.band[0] <= after.official.band[1] <= high + 1e-9


@given(cases(), st.data())
@settings(max_examples=100, deadline=None)
def test_a_better_answer_never_lowers_the_score(case: tuple[Framework, Any, Any], data: st.DataObject) -> None:
    frame, words, values = case
    judged = {name: word for name, word in words.items() if word in RANK[:2]}
    if not judged:
        return
    name = data.draw(st.sampled_from(sorted(judged)))
    better = RANK[RANK.index(str(judged[name])) + 1]
    before, after = run(frame, words, values), run(frame, words | {name: better}, values)
    assert after.pooled.low is None or before.pooled.low is None or after.pooled.low >= before.pooled.low
    assert band(after)[0] >= band(before)[0]
    assert band(after)[1] >= band(before)[1]
    order = [None, "a", "b"]
    assert order.index(after.level) >= order.index(before.level)


@given(cases(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_answers_and_inputs_is_no_matter(case: tuple[Framework, Any, Any], shuffle: random.Random) -> None:
    frame, words, values = case
    kept, given_rows = rows(words), given_of(values)
    shuffle.shuffle(kept)
    shuffle.shuffle(given_rows)
    again, first = assess(frame, kept, given_rows, year=2025), run(frame, words, values)
    assert (again.pooled, again.mean_of_groups, again.level) == (first.pooled, first.mean_of_groups, first.level)
    assert [item.result for item in again.lines] == [item.result for item in first.lines]


@given(documents(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_the_order_of_lines_and_groups_is_no_matter(doc: Keys, shuffle: random.Random) -> None:
    first, _ = parse_framework(as_yaml(doc), "f.yaml")
    for part in doc["groups"]:
        shuffle.shuffle(part["requirements"])
    shuffle.shuffle(doc["groups"])
    again, _ = parse_framework(as_yaml(doc), "f.yaml")
    words: dict[str, str | None] = {
        requirement.id: WORDS[at % 6]
        for at, (_, requirement) in enumerate(first.lines())
        if not requirement.is_computed
    }
    values: dict[str, float] = {"n0": 1, "n1": 2, "n2": 0}
    one, other = run(first, words, values), run(again, words, values)
    assert (one.pooled, one.mean_of_groups, one.level) == (other.pooled, other.mean_of_groups, other.level)


@given(documents())
@settings(max_examples=60, deadline=None)
def test_documents_round_trip(doc: Keys) -> None:
    frame, _ = parse_framework(as_yaml(doc), "f.yaml")
    again, _ = parse_framework(as_yaml(frame.model_dump(mode="json", by_alias=True, exclude_unset=True)), "g.yaml")
    assert again == frame
    assert again.hash == frame.hash


@given(st.integers(1, 400), st.integers(1, 400), st.sampled_from([">=", "<=", ">", "<"]))
@settings(max_examples=200, deadline=None)
def test_a_value_on_its_target_is_judged_by_the_bound_alone(part: int, whole: int, rule: str) -> None:
    """The target is the value as people write it, to twelve digits: only a bound that holds equality is met."""
    percent = Fraction(100 * part, whole)
    if percent.denominator not in {1, 2, 4, 5, 8, 10, 20, 25}:
        return
    doc = document(
        group("g", line("L", formula="n0 / n1", unit="%", rule=rule, target=float(percent))),
        inputs=inputs_of("n0", "n1"),
    )
    result = run(parse_framework(as_yaml(doc), "f.yaml")[0], {}, {"n0": part, "n1": whole})
    assert (result.lines[0].result is Result.MET) == ("=" in rule)
