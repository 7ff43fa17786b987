"""The score of a park by a framework: lines, categories, both methods of aggregation, levels; exact until printed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from ayni.assessment.amounts import exact
from ayni.assessment.answers import answer_table
from ayni.assessment.framework.schema import Framework, Group, Requirement
from ayni.assessment.inputs import GivenInput, InputTable, input_table
from ayni.assessment.judge import Case, judge
from ayni.assessment.results import Assessment, Band, Category, Line, Score
from ayni.assessment.schema import Answer
from ayni.assessment.values import Setting
from ayni.base.findings import Finding, refuse_errors, warning

End = Callable[[Band], Fraction]
"""Which end of a band: unknowns counted as nothing, or as all."""

ENDS: tuple[End, End] = (lambda band: band.low, lambda band: band.high)


def assess(
    framework: Framework,
    answers: Iterable[Answer],
    inputs: Iterable[GivenInput],
    *,
    year: int | None = None,
    country: str = "PE",
) -> Assessment:
    """The assessment for ``year``, the latest year of the inputs where none is given.

    Raises Refused where answers or inputs are wrong; doubtful ones are warnings in the result.
    """
    answered, answer_findings = answer_table(framework, answers)
    table, input_findings = input_table(framework, inputs)
    findings = [*refuse_errors([*answer_findings, *input_findings])]
    chosen = year if year is not None else _latest(table)
    findings += _validity(framework, chosen)
    findings += _references(framework, table, country)
    case = Case(framework, Setting(table, chosen or 0, country), answered)
    judged = [judge(group, line, case) for group, line in framework.lines()]
    lines = tuple(line for line, _ in judged)
    findings += _once(remark for _, remarks in judged for remark in remarks)
    return _aggregated(framework, chosen, lines, tuple(findings))


def _latest(table: InputTable) -> int | None:
    return max((year for _, year in table.quantities), default=None)


def _once(findings: Iterable[Finding]) -> list[Finding]:
    """Findings without repetitions: lines that share an input say the same of it."""
    kept: list[Finding] = []
    for finding in findings:
        if finding not in kept:
            kept.append(finding)
    return kept


def _validity(framework: Framework, year: int | None) -> list[Finding]:
    """A warning where the framework is not in force in the assessed year."""
    first = framework.valid_from.year if framework.valid_from else 0
    last = framework.valid_to.year if framework.valid_to else 9999
    if year is None or first <= year <= last:
        return []
    return [warning("ASSESSMENT-VALIDITY", framework=framework.code, year=str(year))]


def _references(framework: Framework, table: InputTable, country: str) -> Iterator[Finding]:
    """A warning for each typed value that the framework's own table of references overrules."""
    for name, reference in framework.references.items():
        for row in reference.values:
            typed = table.find(name, row.year) if row.country == country else None
            if typed is not None:
                values = {"name": name, "country": country, "year": str(row.year)}
                yield warning("INPUT-REFERENCE", typed.given.place_of("value"), **values)


# --- aggregation ---


@dataclass(frozen=True)
class _Points:
    """Points of a group: possible in its applicable lines, and earned at both ends."""

    possible: Fraction
    earned: Band

    def share(self, end: End) -> Fraction:
        return end(self.earned) / self.possible


def _aggregated(
    framework: Framework, year: int | None, lines: tuple[Line, ...], findings: tuple[Finding, ...]
) -> Assessment:
    by_group = {group.id: [line for line in lines if line.group is group] for group in framework.groups}
    points = {group.id: _points(group, by_group[group.id]) for group in framework.groups}
    met = [_met(framework, by_group, points, end) for end in ENDS]
    pooled, mean = _pooled(framework, points), _mean(framework, points)
    official = pooled if framework.aggregation.method == "pooled" else mean
    level, level_high = (_level(framework, score, ids) for score, ids in zip(official, met, strict=True))
    categories = tuple(_category(group, by_group[group.id], points[group.id], met[0]) for group in framework.groups)
    return Assessment(
        framework, year, lines, categories, _score(*pooled), _score(*mean), level, level_high,
        _failed(framework, met[0]), findings,
    )  # fmt: skip


def _points(group: Group, lines: Sequence[Line]) -> _Points:
    """Weighted points of a group; of its elective lines the k best count, or all where fewer apply."""
    applicable = [line for line in lines if line.requirement.counts and line.credit is not None]
    fixed = [line for line in applicable if not group.is_elective(line.requirement)]
    electives = [line for line in applicable if group.is_elective(line.requirement)]
    taken = min(group.k or 0, len(electives))
    each = max((_weight(group, line.requirement) for line in electives), default=Fraction(0))

    def earned(end: End) -> Fraction:
        best = sorted((end(line.credit) for line in electives if line.credit), reverse=True)[:taken]
        own = sum((_weight(group, line.requirement) * end(line.credit) for line in fixed if line.credit), Fraction(0))
        return own + each * sum(best, Fraction(0))

    possible = sum((_weight(group, line.requirement) for line in fixed), Fraction(0)) + each * taken
    return _Points(possible, Band(earned(ENDS[0]), earned(ENDS[1])))


def _weight(group: Group, line: Requirement) -> Fraction:
    """A line's weight; in a group that sums points, its most points count too."""
    return exact(line.weight) * (exact(line.points_max) if group.rule == "sum_points" else 1)


def _scored(framework: Framework, points: Mapping[str, _Points]) -> list[tuple[Fraction, _Points]]:
    """Weight and points of the groups that enter the score: those with a weight and an applicable line."""
    return [
        (exact(group.weight), points[group.id])
        for group in framework.groups
        if group.weight > 0 and points[group.id].possible > 0
    ]


Ends = tuple[Fraction, Fraction] | tuple[None, None]


def _pooled(framework: Framework, points: Mapping[str, _Points]) -> Ends:
    """All earned over all possible points; the groups' weights don't enter."""
    scored = [part for _, part in _scored(framework, points)]
    possible = sum((part.possible for part in scored), Fraction(0))
    if not possible:
        return None, None
    low, high = (sum((end(part.earned) for part in scored), Fraction(0)) / possible for end in ENDS)
    return low, high


def _mean(framework: Framework, points: Mapping[str, _Points]) -> Ends:
    """The weighted mean of the groups' shares."""
    scored = _scored(framework, points)
    total = sum((weight for weight, _ in scored), Fraction(0))
    if not total:
        return None, None
    low, high = (sum((weight * part.share(end) for weight, part in scored), Fraction(0)) / total for end in ENDS)
    return low, high


def _score(low: Fraction | None, high: Fraction | None) -> Score:
    return Score(None if low is None else float(100 * low), None if high is None else float(100 * high))


def _category(group: Group, lines: Sequence[Line], points: _Points, met: frozenset[str]) -> Category:
    share = (points.share(ENDS[0]), points.share(ENDS[1])) if points.possible else (None, None)
    results = Counter(line.result for line in lines if line.requirement.counts)
    return Category(group, _score(*share), points.earned, points.possible, results, group.id in met)


# --- gates and levels ---


def _met(
    framework: Framework, lines: Mapping[str, Sequence[Line]], points: Mapping[str, _Points], end: End
) -> frozenset[str]:
    """Ids of the lines and groups that are met at one end; what does not apply stands in nobody's way."""
    own = {
        line.requirement.id
        for group in lines.values()
        for line in group
        if line.credit is None or end(line.credit) == 1
    }
    groups = {group.id for group in framework.groups if _is_met(group, lines[group.id], points[group.id], own, end)}
    return frozenset(own | groups)


def _is_met(group: Group, lines: Sequence[Line], points: _Points, met: set[str], end: End) -> bool:
    counted = [line for line in lines if line.requirement.counts]
    if group.points_min is not None:
        return end(points.earned) >= min(exact(group.points_min), points.possible)
    fixed = [line for line in counted if not group.is_elective(line.requirement)]
    electives = [line for line in counted if group.is_elective(line.requirement) and line.credit is not None]
    enough = sum(line.requirement.id in met for line in electives) >= min(group.k or 0, len(electives))
    return enough and all(line.requirement.id in met for line in fixed)


def _failed(framework: Framework, met: frozenset[str]) -> tuple[str, ...]:
    """Ids of the groups and lines with a veto that are not met."""
    vetoes = [group.id for group in framework.groups if group.gate == "veto"]
    vetoes += [line.id for _, line in framework.lines() if line.gate == "veto"]
    return tuple(name for name in vetoes if name not in met)


def _level(framework: Framework, score: Fraction | None, met: frozenset[str]) -> str | None:
    """The highest level whose border the unrounded score passes and whose gates are met; none after a veto."""
    if score is None or _failed(framework, met):
        return None
    for level in sorted(framework.levels, key=lambda level: (level.start, not level.from_closed), reverse=True):
        start = exact(level.start)
        passed = 100 * score >= start if level.from_closed else 100 * score > start
        if passed and met.issuperset(level.gates):
            return level.id
    return None
