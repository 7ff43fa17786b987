"""What an assessment says: lines with their result and reason, categories, scores as bands, levels."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from babel.numbers import format_decimal

from ayni.assessment.amounts import rounded
from ayni.assessment.framework.schema import Between, Framework, Group, Requirement
from ayni.assessment.inputs import GivenInput
from ayni.assessment.schema import Answer
from ayni.base.findings import Finding
from ayni.base.texts import LOCALES, Language, Word, say


class Result(StrEnum):
    """Not met, no data and not applicable are three things."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    NO_DATA = "no_data"
    NOT_APPLICABLE = "not_applicable"

    @property
    def word(self) -> Word:
        """The result in words."""
        return Word(f"assessment.result.{self.value}")


@dataclass(frozen=True)
class Band:
    """What is earned with unknowns counted as nothing (official) and as all."""

    low: Fraction
    high: Fraction


@dataclass(frozen=True)
class Text:
    """A framework's own text as a value inside another one."""

    words: Mapping[str, str]

    def label(self, language: Language) -> str:
        """The text in ``language``, else in the first one that it has."""
        return self.words.get(language) or next(iter(self.words.values()))


@dataclass(frozen=True)
class Reason:
    """Why a line has its result: a text with values."""

    key: str
    values: Mapping[str, object] = field(default_factory=dict)

    def words(self, language: Language) -> str:
        """The reason in words."""
        return say(self.key, language, **self.values)


@dataclass(frozen=True)
class Survey:
    """How many answered, and which part of those asked [%] where that is known."""

    answered: float
    response: float | None


@dataclass(frozen=True)
class Line:
    """The result of one requirement. ``credit`` is the earned part of the line; None where it does not apply.

    ``value`` and ``target`` are in the line's unit (a relative trend's in %), unrounded.
    """

    group: Group
    requirement: Requirement
    result: Result
    why: Reason
    credit: Band | None
    value: float | None = None
    target: float | Between | None = None
    inputs: tuple[GivenInput, ...] = ()
    answers: tuple[Answer, ...] = ()
    survey: Survey | None = None


@dataclass(frozen=True)
class Score:
    """A score [%] with unknowns counted as not met (official) and as met; None where no line applies."""

    low: float | None
    high: float | None

    @property
    def band(self) -> tuple[float, float] | None:
        """Both ends, or None where there is no score."""
        return None if self.low is None or self.high is None else (self.low, self.high)


@dataclass(frozen=True)
class Category:
    """A group's score with its points, the number of its lines by result, and whether its rule is met."""

    group: Group
    score: Score
    points: Band
    points_possible: Fraction
    results: Mapping[Result, int]
    is_met: bool


@dataclass(frozen=True)
class Assessment:
    """An assessment, or a self-check where the framework is not official. Scores are unrounded."""

    framework: Framework
    year: int | None
    lines: tuple[Line, ...]
    categories: tuple[Category, ...]
    pooled: Score
    mean_of_groups: Score
    level: str | None
    level_high: str | None
    gates_failed: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def official(self) -> Score:
        """The score by the method that the framework declares."""
        return self.pooled if self.framework.aggregation.method == "pooled" else self.mean_of_groups

    @property
    def score(self) -> float | None:
        """The official score [%]: what has no data counts as not met."""
        return self.official.low

    @property
    def score_low(self) -> float | None:
        """The lower end of the band [%]: equal to the official score."""
        return self.official.low

    @property
    def score_high(self) -> float | None:
        """The upper end of the band [%]: what has no data counts as met."""
        return self.official.high

    def printed(self, score: float | None, language: Language) -> str:
        """A score as it is printed: the framework's decimals, half away from zero; a dash where there is none."""
        if score is None:
            return "–"
        decimals = self.framework.aggregation.rounding.decimals
        pattern = "0." + "0" * decimals if decimals else "0"
        return format_decimal(rounded(Fraction(repr(score)), decimals), format=pattern, locale=LOCALES[language])
