"""What a framework document holds: groups of requirements, their rules and targets, aggregation and levels.

Keys are explained with an example in ``docs/frameworks.md``. Everything that a model accepts is computed or, where its
docstring says so, only kept and shown; all else is refused when the document is loaded.
"""

from __future__ import annotations

import datetime
import hashlib
import json
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Discriminator, Field, Tag

from ayni.base.texts import Language

NAME = r"^[a-z][a-z0-9_]{0,59}$"
ID = r"^[A-Za-z0-9][A-Za-z0-9._\-]{0,39}$"

Identifier = Annotated[str, Field(pattern=ID)]
Name = Annotated[str, Field(pattern=NAME)]
FormulaText = Annotated[str, Field(min_length=1)]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
Year = Annotated[int, Field(ge=1990, le=2100)]
Weight = Annotated[float, Field(gt=0, le=1e6)]
Number = Annotated[float, Field(ge=-1e15, le=1e15)]
Words = Annotated[
    Mapping[Annotated[str, Field(pattern=r"^[a-z]{2}$")], Annotated[str, Field(min_length=1)]], Field(min_length=1)
]
"""A text by language code."""


def _date(value: object) -> object:
    """An ISO date as a date; all else is left for the type's own refusal."""
    try:
        return datetime.date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return value


Date = Annotated[datetime.date, BeforeValidator(_date)]
Version = Annotated[
    str, BeforeValidator(lambda value: str(value) if type(value) is int else value), Field(min_length=1)
]


class Part(BaseModel):
    """A part of a document: unknown keys and values of another type are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class InputSpec(Part):
    """A number that formulas name. ``of`` and ``years_before`` make it the earlier value of another input."""

    text: Words
    unit: str = ""
    basis_required: bool = False
    of: Name | None = None
    years_before: Annotated[int, Field(ge=1, le=50)] | None = None


class Population(Part):
    """The firms that a line is about, by a condition on the ledger's firms; the input ``count`` is their number."""

    text: Words
    where: FormulaText
    count: Name


class ReferenceValue(Part):
    """A country's value in a year; source and status are shown."""

    country: Country
    year: Year
    value: Number
    source: str
    status: Literal["sourced", "derived", "secondary", "unverified", "made_up"]


class Reference(Part):
    """A table of targets by country and year. An input of the same name fills a gap in it."""

    text: Words
    unit: str
    values: tuple[ReferenceValue, ...] = ()


class Between(Part):
    """A range as target."""

    low: Number
    high: Number
    low_closed: bool = True
    high_closed: bool = True


class ClassTarget(Part):
    """A target for the parks that meet a condition on inputs."""

    when: FormulaText
    target: Number


class ByClass(Part):
    """The target of the first class whose condition holds."""

    by_class: Annotated[tuple[ClassTarget, ...], Field(min_length=1)]


class FromReference(Part):
    """The target is a reference of the park's country and the assessed year."""

    reference: Name


class FromBaseline(Part):
    """The target is ``times`` the line's own value in ``baseline_year``."""

    baseline_year: Year
    times: Annotated[float, Field(gt=0, le=1000)]


def _target_tag(value: Any) -> str | None:
    if isinstance(value, Part):
        return type(value).__name__
    if not isinstance(value, Mapping):
        return "number"
    marks = {"by_class": "ByClass", "reference": "FromReference", "baseline_year": "FromBaseline"}
    return next((kind for key, kind in marks.items() if key in value), "Between")


Target: TypeAlias = Annotated[
    Annotated[Number, Tag("number")]
    | Annotated[Between, Tag("Between")]
    | Annotated[ByClass, Tag("ByClass")]
    | Annotated[FromReference, Tag("FromReference")]
    | Annotated[FromBaseline, Tag("FromBaseline")],
    Discriminator(_target_tag),
]


class PointsStep(Part):
    """Points for a range of values, or (without range) a step that an assessor chooses."""

    points: Annotated[float, Field(ge=0, le=1e6)]
    above: Number | None = Field(default=None, alias="from")
    from_closed: bool = True
    below: Number | None = Field(default=None, alias="to")
    to_closed: bool = False
    text: Words | None = None


class Trend(Part):
    """The change of the line's value over ``years``: relative [%] or absolute [the line's unit]."""

    years: Annotated[int, Field(ge=1, le=50)]
    change: Literal["relative", "absolute"]
    compare: Literal[">=", "<=", ">", "<"]


class Window(Part):
    """The years that a value covers: mean or sum of each input over them, the latest complete one, or as given."""

    years: Annotated[int, Field(ge=2, le=50)]
    take: Literal["mean", "sum", "latest", "given"]


class Qualifier(Part):
    """How the inputs must be counted; kept and shown, since they come counted."""

    within_days: Annotated[int, Field(ge=1)] | None = None
    firm_share_min: Annotated[float, Field(ge=0, le=100)] | None = None
    positive_share_min: Annotated[float, Field(ge=0, le=100)] | None = None


class Survey(Part):
    """The inputs that say how many answered and of how many; a response rate below the least one is a warning."""

    answered: Name
    of: Name | None = None
    response_min: Annotated[float, Field(gt=0, le=100)] | None = None


class ChecklistItem(Part):
    """A part of a composite requirement, answered under ``REQUIREMENT/ITEM``."""

    id: Identifier
    text: Words


class Possible(Part):
    """The range in which a value can lie; beyond it the inputs are wrong."""

    low: Number = -1e15
    high: Number = 1e15


class Requirement(Part):
    """One line. ``subject``, ``boundary``, ``qualifier``, ``evidence``, ``confidence`` and texts are kept and shown."""

    id: Identifier
    kind: Literal["prerequisite", "indicator", "guiding", "disclosure"] = "indicator"
    obligation: Literal["mandatory", "elective"] | None = None
    subject: Literal["park", "operator", "firm", "product", "region"] = "park"
    text: Words
    topic: Words | None = None
    note: Words | None = None
    weight: Weight = 1.0
    gate: Literal["veto", "none"] = "none"
    rule: Literal["is_true", ">=", "<=", ">", "<", "between", "points", "trend"] | None = None
    formula: FormulaText | None = None
    unit: str = ""
    target: Target | None = None
    points: tuple[PointsStep, ...] = ()
    trend: Trend | None = None
    partly_share: Annotated[float, Field(gt=0, lt=1)] | None = None
    possible: Possible | None = None
    applicability: tuple[FormulaText, ...] = ()
    population: Name | None = None
    window: Window | None = None
    boundary: Words | None = None
    qualifier: Qualifier | None = None
    survey: Survey | None = None
    checklist: tuple[ChecklistItem, ...] = ()
    evidence: tuple[Literal["document", "survey", "register", "metered", "interview", "site_visit"], ...] = ()
    respondents: Mapping[Name, Weight] | None = None
    confidence: Literal["high", "medium", "low"] | None = None

    @property
    def counts(self) -> bool:
        """Whether the line enters scores: guiding lines and disclosures never do."""
        return self.kind in {"prerequisite", "indicator"}

    @property
    def points_max(self) -> float:
        """The most points of a points table; 1 for every other line."""
        return max((step.points for step in self.points), default=1.0)

    @property
    def is_computed(self) -> bool:
        """Whether the line is computed from inputs: it is never answered then."""
        return self.formula is not None


class Group(Part):
    """Lines that are scored together. Weight 0 keeps a group out of the score, such as entry conditions."""

    id: Identifier
    text: Words
    weight: Annotated[float, Field(ge=0, le=1e6)] = 1.0
    rule: Literal["all", "k_of_n", "sum_points"] = "all"
    k: Annotated[int, Field(ge=1)] | None = None
    points_min: Annotated[float, Field(gt=0)] | None = None
    gate: Literal["veto", "none"] = "none"
    requirements: Annotated[tuple[Requirement, ...], Field(min_length=1)]

    def is_elective(self, requirement: Requirement) -> bool:
        """Whether a line is one of the n of k-of-n. In such a group a line is elective unless it says mandatory."""
        return self.rule == "k_of_n" and requirement.obligation != "mandatory"


class Rounding(Part):
    """How scores are printed; results keep them unrounded."""

    decimals: Annotated[int, Field(ge=0, le=6)] = 1
    rule: Literal["half_away_from_zero"] = "half_away_from_zero"


class Aggregation(Part):
    """How lines make the score. Both methods are always computed; ``method`` is the official one."""

    method: Literal["pooled", "mean_of_groups"]
    partly: Annotated[float, Field(gt=0, lt=1)] | None = None
    not_applicable: Literal["leaves_denominator"] = "leaves_denominator"
    no_data: Literal["zero_with_band"] = "zero_with_band"
    weights_sum: Weight | None = None
    rounding: Rounding = Rounding()


class Level(Part):
    """A level from a score [%] on; ``gates`` are groups or lines that it needs met."""

    id: Identifier
    text: Words
    start: Annotated[float, Field(ge=0, le=100, alias="from")]
    from_closed: bool = True
    gates: tuple[Identifier, ...] = ()


class Crosswalk(Part):
    """A line's counterpart in another framework; kept and shown."""

    requirement: Identifier
    framework: Identifier
    other: Identifier
    relation: Literal["same", "part", "related"]


class Certificate(Part):
    """What a certificate of this framework says; kept and shown. None is issued from a status that is not official."""

    subject: Literal["park", "operator", "firm", "product", "region"]
    valid_months: Annotated[int, Field(ge=1)] | None = None
    renewal_months: Annotated[int, Field(ge=1)] | None = None


class Parent(Part):
    """The framework that this one derives from: a citation, nothing is inherited."""

    code: Identifier
    version: Version


class Counts(Part):
    """Totals that the publication states; the document must add up to them."""

    requirements: int | None = None
    by_kind: Mapping[Literal["prerequisite", "indicator", "guiding", "disclosure"], int] = Field(default_factory=dict)
    by_group: Mapping[Identifier, int] = Field(default_factory=dict)


class Framework(Part):
    """A whole framework in one version."""

    code: Identifier
    version: Version
    title: Words
    status: Literal["official", "draft", "draft_unverified", "sample"]
    language: Literal["es", "en"]
    notice: Words | None = None
    rights: Words | None = None
    publishers: tuple[str, ...] = ()
    source: str = ""
    valid_from: Date | None = None
    valid_to: Date | None = None
    parent: Parent | None = None
    counts: Counts | None = None
    inputs: Mapping[Name, InputSpec] = Field(default_factory=dict)
    populations: Mapping[Name, Population] = Field(default_factory=dict)
    references: Mapping[Name, Reference] = Field(default_factory=dict)
    respondents: Mapping[Name, Weight] = Field(default_factory=dict)
    groups: Annotated[tuple[Group, ...], Field(min_length=1)]
    aggregation: Aggregation
    levels: tuple[Level, ...] = ()
    crosswalk: tuple[Crosswalk, ...] = ()
    certificate: Certificate | None = None

    @cached_property
    def hash(self) -> str:
        """SHA-256 of the content, hexadecimal: layout, comments and the order of keys don't count."""
        content = self.model_dump(mode="json", by_alias=True, exclude_unset=True)
        canonical = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()

    @property
    def is_official(self) -> bool:
        """Whether a result may be called an assessment; every other status yields a self-check."""
        return self.status == "official"

    def lines(self) -> Iterator[tuple[Group, Requirement]]:
        """All lines with their groups, in the document's order."""
        return ((group, requirement) for group in self.groups for requirement in group.requirements)

    def respondents_of(self, requirement: Requirement) -> Mapping[str, float]:
        """Who answers a line, with weights: the line's own list, else the framework's."""
        return self.respondents if requirement.respondents is None else requirement.respondents

    def words(self, text: Mapping[str, str], language: Language) -> str:
        """A text in ``language``, else in the framework's own language."""
        return text.get(language) or text[self.language]
