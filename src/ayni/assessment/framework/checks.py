"""What must hold between the parts of a framework document: names, units, rules, weights, totals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from ayni.assessment.framework.dimensions import Dimension, Truth, scale_of
from ayni.assessment.framework.formula import FUNCTIONS, FormulaFault, dimension_of, read_formula
from ayni.assessment.framework.schema import (
    Between,
    ByClass,
    Framework,
    FromReference,
    Group,
    Requirement,
)
from ayni.base.findings import Severity
from ayni.base.texts import LANGUAGES
from ayni.base.units import UnknownUnit
from ayni.base.yaml_reading import Path

FIRM_COLUMNS = ("employees", "shifts", "work_days", "roof_area")
"""What a population's condition may ask of a firm: the ledger's columns of these names, as plain numbers."""

COMPARISONS = (">=", "<=", ">", "<")


@dataclass(frozen=True)
class Remark:
    """A finding at a path of the document instead of a line."""

    path: Path
    code: str
    severity: Severity = Severity.ERROR
    values: Mapping[str, object] = field(default_factory=dict)


def _fault(path: Path, code: str, **values: object) -> Remark:
    return Remark(path, code, Severity.ERROR, values)


def check_framework(framework: Framework) -> list[Remark]:
    """All faults and remarks. Formulas are read and their units checked here, once."""
    found = [remark for check in (_ids, _units, _totals, _names, _inputs, _languages) for remark in check(framework)]
    for at, group in enumerate(framework.groups):
        found += _group(group, ("groups", at))
        for index, line in enumerate(group.requirements):
            found += _line(framework, line, ("groups", at, "requirements", index))
    if not any(remark.severity is Severity.ERROR for remark in found):
        found += _unused(framework)
    return found


def _twice(ids: Iterable[tuple[Path, str]]) -> Iterator[Remark]:
    seen: set[str] = set()
    for path, name in ids:
        if name in seen:
            yield _fault(path, "FRAMEWORK-ID-TWICE", id=name)
        seen.add(name)


def _ids(framework: Framework) -> Iterator[Remark]:
    """Ids stand once: groups and lines share one space, since gates name either."""
    groups = [(("groups", at, "id"), group.id) for at, group in enumerate(framework.groups)]
    lines = [
        (("groups", at, "requirements", index, "id"), line.id)
        for at, group in enumerate(framework.groups)
        for index, line in enumerate(group.requirements)
    ]
    yield from _twice([*groups, *lines])
    yield from _twice((("levels", at, "id"), level.id) for at, level in enumerate(framework.levels))


def _units(framework: Framework) -> Iterator[Remark]:
    units = [(("inputs", name, "unit"), spec.unit) for name, spec in framework.inputs.items()]
    units += [(("references", name, "unit"), table.unit) for name, table in framework.references.items()]
    for path, unit in units:
        if _dimension(unit) is None:
            yield _fault(path, "FRAMEWORK-UNIT", unit=unit)


def _dimension(unit: str) -> Dimension | None:
    try:
        return scale_of(unit).dimension
    except UnknownUnit:
        return None


def _totals(framework: Framework) -> Iterator[Remark]:
    """Weights and counts add up to what the document states; levels and dates are in order."""
    weights = sum(Fraction(str(group.weight)) for group in framework.groups)
    total = framework.aggregation.weights_sum
    if not weights:
        yield _fault(("groups",), "FRAMEWORK-WEIGHTLESS")
    if total is not None and weights != Fraction(str(total)):
        yield _fault(("aggregation", "weights_sum"), "FRAMEWORK-WEIGHTS", found=float(weights), expected=total)
    if framework.counts:
        yield from _counts(framework)
    starts = Counter((level.start, level.from_closed) for level in framework.levels)
    for at, level in enumerate(framework.levels):
        if starts[level.start, level.from_closed] > 1:
            yield _fault(("levels", at, "from"), "FRAMEWORK-LEVEL-TWICE", level=level.id)
    if framework.valid_from and framework.valid_to and framework.valid_from > framework.valid_to:
        yield _fault(("valid_to",), "FRAMEWORK-DATES")


def _counts(framework: Framework) -> Iterator[Remark]:
    assert framework.counts is not None  # noqa: S101 (narrows the type)
    kinds = Counter(line.kind for _, line in framework.lines())
    groups = Counter(group.id for group, _ in framework.lines())
    stated: list[tuple[Path, int | None, int]] = [
        (("counts", "requirements"), framework.counts.requirements, kinds.total()),
        *((("counts", "by_kind", kind), stated, kinds[kind]) for kind, stated in framework.counts.by_kind.items()),
        *((("counts", "by_group", name), stated, groups[name]) for name, stated in framework.counts.by_group.items()),
    ]
    for path, expected, found in stated:
        if expected is not None and expected != found:
            yield _fault(path, "FRAMEWORK-COUNT", found=found, expected=expected)


def _names(framework: Framework) -> Iterator[Remark]:
    """Every name that a part uses is declared."""
    lines = {line.id for _, line in framework.lines()}
    gates = lines | {group.id for group in framework.groups}
    for name, population in framework.populations.items():
        yield from _declared(framework, (population.count,), ("populations", name, "count"))
        yield from _condition(population.where, dict.fromkeys(FIRM_COLUMNS, ""), ("populations", name, "where"))
    named = [
        *(
            (("levels", at, "gates", index), gate, gates)
            for at, level in enumerate(framework.levels)
            for index, gate in enumerate(level.gates)
        ),
        *((("crosswalk", at, "requirement"), pair.requirement, lines) for at, pair in enumerate(framework.crosswalk)),
    ]
    for path, name, known in named:
        if name not in known:
            yield _fault(path, "FRAMEWORK-NAME-UNKNOWN", name=name)


def _inputs(framework: Framework) -> Iterator[Remark]:
    """An input's name is no function's; an earlier value is that of an input with the same unit."""
    for name, spec in framework.inputs.items():
        if name in FUNCTIONS:
            yield _fault(("inputs", name), "FRAMEWORK-NAME-TAKEN", name=name)
        source = framework.inputs.get(spec.of or "")
        is_whole = (spec.of is None) == (spec.years_before is None)
        if not is_whole or (spec.of and (source is None or source.of or source.unit != spec.unit)):
            yield _fault(("inputs", name), "FRAMEWORK-EARLIER", name=name)


def _declared(framework: Framework, names: Iterable[str], path: Path) -> Iterator[Remark]:
    for name in sorted(set(names) - framework.inputs.keys()):
        yield _fault(path, "FRAMEWORK-NAME-UNKNOWN", name=name)


def _languages(framework: Framework) -> Iterator[Remark]:
    """Every text stands in the framework's language; texts that lack the other one are counted in a note."""
    texts = list(_texts(framework.model_dump(by_alias=True), ()))
    for path, text in texts:
        if framework.language not in text:
            yield _fault(path, "FRAMEWORK-TEXT-LANGUAGE", language=framework.language)
    for language in LANGUAGES:
        missing = [path for path, text in texts if language not in text]
        if missing and language != framework.language:
            values = {"language": language, "count": len(missing), "total": len(texts)}
            yield Remark(missing[0], "FRAMEWORK-TRANSLATION", Severity.NOTE, values)


def _texts(part: object, path: Path) -> Iterator[tuple[Path, Mapping[str, str]]]:
    """All texts by language in a dumped model, with their paths."""
    if isinstance(part, Mapping):
        for key, value in part.items():
            if key in {"text", "title", "notice", "rights", "topic", "note", "boundary"} and value is not None:
                yield (*path, key), value
            else:
                yield from _texts(value, (*path, key))
    elif isinstance(part, list | tuple):
        for index, value in enumerate(part):
            yield from _texts(value, (*path, index))


def _group(group: Group, path: Path) -> Iterator[Remark]:
    """k-of-n has k electives at least, of one weight; other rules have none of its keys."""
    electives = [line for line in group.requirements if group.is_elective(line) and line.counts]
    if (group.rule == "k_of_n") != (group.k is not None):
        yield _fault((*path, "k"), "FRAMEWORK-K")
    elif group.k is not None and group.k > len(electives):
        yield _fault((*path, "k"), "FRAMEWORK-K-LARGE", k=group.k, n=len(electives))
    if len({line.weight for line in electives}) > 1:
        yield _fault(path, "FRAMEWORK-K-WEIGHTS")
    if group.points_min is not None:
        possible = sum(line.weight * line.points_max for line in group.requirements if line.counts)
        if group.rule != "sum_points" or group.points_min > possible:
            yield _fault((*path, "points_min"), "FRAMEWORK-POINTS-MIN", possible=possible)
    for index, line in enumerate(group.requirements):
        if line.obligation == "elective" and group.rule != "k_of_n":
            yield _fault((*path, "requirements", index, "obligation"), "FRAMEWORK-ELECTIVE")


def _line(framework: Framework, line: Requirement, path: Path) -> Iterator[Remark]:
    yield from _keys(framework, line, path)
    yield from _twice(((*path, "checklist", at, "id"), item.id) for at, item in enumerate(line.checklist))
    yield from _line_names(framework, line, path)
    units = {name: spec.unit for name, spec in framework.inputs.items()}
    for at, condition in enumerate(line.applicability):
        yield from _condition(condition, units, (*path, "applicability", at))
    if isinstance(line.target, ByClass):
        for at, case in enumerate(line.target.by_class):
            yield from _condition(case.when, units, (*path, "target", "by_class", at, "when"))
    if line.formula is not None:
        yield from _formula(line, units, (*path, "formula"))
    table = framework.references.get(line.target.reference) if isinstance(line.target, FromReference) else None
    if table and _dimension(table.unit) != _dimension(line.unit):
        yield _fault((*path, "target", "reference"), "FRAMEWORK-REFERENCE-UNIT", unit=table.unit, expected=line.unit)


def _keys(framework: Framework, line: Requirement, path: Path) -> Iterator[Remark]:
    """The keys that each rule needs, and none that it would leave unread."""
    rule = line.rule
    compares = rule in COMPARISONS
    needs: dict[str, tuple[bool, bool]] = {  # key: (is it there, must it be, where None either way)
        "rule": (rule is not None, line.kind != "disclosure"),
        "target": (line.target is not None, compares or rule in {"between", "trend"}),
        "points": (bool(line.points), rule == "points"),
        "trend": (line.trend is not None, rule == "trend"),
    }
    for key, (is_there, must) in needs.items():
        if is_there != must:
            yield _fault((*path, key), "FRAMEWORK-KEY-NEEDED" if must else "FRAMEWORK-KEY-UNREAD", key=key)
    if rule not in {None, "is_true", "points"} and line.formula is None:
        yield _fault(path, "FRAMEWORK-KEY-NEEDED", key="formula")
    for key, is_there, is_read in (
        ("unit", bool(line.unit), line.is_computed and rule != "is_true"),
        ("window", line.window is not None, line.is_computed),
        ("possible", line.possible is not None, line.is_computed and rule != "is_true"),
        ("checklist", bool(line.checklist), rule == "is_true" and not line.is_computed),
        ("partly_share", line.partly_share is not None, compares or bool(line.checklist)),
        ("respondents", bool(line.respondents), not line.is_computed),
    ):
        if is_there and not is_read:
            yield _fault((*path, key), "FRAMEWORK-KEY-UNREAD", key=key)
    yield from _target(framework, line, path)
    if line.points:
        yield from _points(line, path)


def _target(framework: Framework, line: Requirement, path: Path) -> Iterator[Remark]:
    is_range = isinstance(line.target, Between)
    if line.target is not None and is_range != (line.rule == "between"):
        yield _fault((*path, "target"), "FRAMEWORK-TARGET-KIND", rule=str(line.rule))
    if line.rule == "trend" and line.target is not None and not isinstance(line.target, float):
        yield _fault((*path, "target"), "FRAMEWORK-TARGET-KIND", rule="trend")
    if isinstance(line.target, Between) and line.target.low > line.target.high:
        yield _fault((*path, "target", "low"), "FRAMEWORK-RANGE")
    if line.possible and line.possible.low > line.possible.high:
        yield _fault((*path, "possible"), "FRAMEWORK-RANGE")
    if isinstance(line.target, FromReference) and line.target.reference not in framework.references:
        yield _fault((*path, "target", "reference"), "FRAMEWORK-NAME-UNKNOWN", name=line.target.reference)
    if line.partly_share is not None:
        if framework.aggregation.partly is None:
            yield _fault((*path, "partly_share"), "FRAMEWORK-PARTLY")
        if isinstance(line.target, float) and line.target <= 0:
            yield _fault((*path, "partly_share"), "FRAMEWORK-PARTLY-TARGET")


def _points(line: Requirement, path: Path) -> Iterator[Remark]:
    """Steps by value have ranges, one at most without; steps by judgement have none and differ."""
    bare = [step for step in line.points if step.above is None and step.below is None]
    if not line.is_computed and len(bare) < len(line.points):
        yield _fault((*path, "points"), "FRAMEWORK-POINTS-JUDGED")
    if line.is_computed and (len(bare) > 1 or (bare and bare[0] is not line.points[-1])):
        yield _fault((*path, "points"), "FRAMEWORK-POINTS-RANGES")
    if line.points_max <= 0 or (not line.is_computed and len({step.points for step in bare}) < len(bare)):
        yield _fault((*path, "points"), "FRAMEWORK-POINTS-VALUES")
    for at, step in enumerate(line.points):
        if step.above is not None and step.below is not None and step.above > step.below:
            yield _fault((*path, "points", at), "FRAMEWORK-RANGE")


def _line_names(framework: Framework, line: Requirement, path: Path) -> Iterator[Remark]:
    if line.population is not None and line.population not in framework.populations:
        yield _fault((*path, "population"), "FRAMEWORK-NAME-UNKNOWN", name=line.population)
    if line.survey:
        named = [name for name in (line.survey.answered, line.survey.of) if name]
        yield from _declared(framework, named, (*path, "survey"))
        if line.survey.response_min is not None and line.survey.of is None:
            yield _fault((*path, "survey"), "FRAMEWORK-KEY-NEEDED", key="of")


def _read(text: str, units: Mapping[str, str], path: Path) -> tuple[Dimension | Truth | None, list[Remark]]:
    """The dimension of a formula, None where it can't be told, and its faults."""
    try:
        formula = read_formula(text)
        unknown = [_fault(path, "FRAMEWORK-NAME-UNKNOWN", name=name) for name in sorted(formula.names - units.keys())]
        dimensions = {name: _dimension(units[name]) for name in formula.names & units.keys()}
        known = {name: dimension for name, dimension in dimensions.items() if dimension is not None}
        if unknown or len(known) < len(dimensions):
            return None, unknown
        return dimension_of(formula, known), []
    except FormulaFault as fault:
        return None, [_fault(path, fault.code, **fault.values)]


def _condition(text: str, units: Mapping[str, str], path: Path) -> Iterator[Remark]:
    dimension, faults = _read(text, units, path)
    yield from faults
    if isinstance(dimension, Dimension):
        yield _fault(path, "FORMULA-NO-CONDITION", formula=text)


def _formula(line: Requirement, units: Mapping[str, str], path: Path) -> Iterator[Remark]:
    """The formula's dimension is that of the line's unit; a truth value for ``is_true`` and nothing else."""
    assert line.formula is not None  # noqa: S101 (narrows the type)
    found, faults = _read(line.formula, units, path)
    yield from faults
    expected = _dimension(line.unit)
    if expected is None:
        yield _fault((*path[:-1], "unit"), "FRAMEWORK-UNIT", unit=line.unit)
    if found is None or expected is None:
        return
    if isinstance(found, Truth) != (line.rule == "is_true"):
        yield _fault(
            path, "FORMULA-NO-CONDITION" if line.rule == "is_true" else "FORMULA-CONDITION", formula=line.formula
        )
    elif isinstance(found, Dimension) and found != expected:
        yield _fault(path, "FORMULA-DIMENSION", formula=line.formula, found=str(found), unit=line.unit or "1")
    elif line.unit.strip() == "%" and read_formula(line.formula).has_hundred:
        yield _fault(path, "FORMULA-PERCENT", formula=line.formula)


def _unused(framework: Framework) -> Iterator[Remark]:
    """Inputs that no line reads: a name was misspelt, or the line forgotten."""
    used = {population.count for population in framework.populations.values()}
    used |= {spec.of for spec in framework.inputs.values() if spec.of}
    for _, line in framework.lines():
        texts = [line.formula, *line.applicability]
        texts += [case.when for case in line.target.by_class] if isinstance(line.target, ByClass) else []
        used |= {name for text in texts if text for name in read_formula(text).names}
        used |= {name for name in (line.survey.answered, line.survey.of) if name} if line.survey else set()
    for name in framework.inputs.keys() - used:
        yield Remark(("inputs", name), "FRAMEWORK-INPUT-UNUSED", Severity.WARNING, {"name": name})
