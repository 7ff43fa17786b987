"""The assessment's figures: scores open to categories, these to lines, these to answers and inputs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ayni.assessment.inputs import GivenInput
from ayni.assessment.results import Assessment, Category, Line, Result, Text
from ayni.assessment.schema import Answer, AnswerValue
from ayni.assessment.writing import unit_of
from ayni.base.figures import FigureBook, SourceRow
from ayni.base.status import Status, worst
from ayni.base.texts import Word

METHODS = {
    "pooled": "100 * sum of points / sum of possible points of the lines that apply",
    "mean_of_groups": "sum of weight * category / sum of weights of the categories that apply",
}


def add_figures(book: FigureBook, assessment: Assessment, *, row_status: Status = Status.DECLARED) -> None:
    """Add ``assessment.score``, ``.score_low``, ``.score_high``, ``.category.<c>``, ``.line.<l>``, ``.lines_no_data``.

    The ledger's figures must be in the book first; ``row_status`` is that of the rows of answers and inputs.
    """
    adding = _Adding(book, assessment, row_status)
    for line in assessment.lines:
        adding.line(line)
    for part in assessment.categories:
        adding.category(part)
    adding.scores()


@dataclass(frozen=True)
class _Adding:
    book: FigureBook
    assessment: Assessment
    row_status: Status

    def add(self, name: str, value: float, unit: str, formula: str, sources: Sequence[str | SourceRow],
            band: tuple[float, float] | None = None, **words: Any) -> None:  # fmt: skip
        """A figure with the label of its kind; what rests on a framework that is not official is unverified at best."""
        kind = name.partition(".")[0]
        statuses = [self.book[source].status if isinstance(source, str) else source.status for source in sources]
        if not self.assessment.framework.is_official:
            statuses.append(Status.UNVERIFIED)
        low, high = band or (None, None)
        self.book.add(
            f"assessment.{name}", value, unit, f"figure.assessment.{kind}", formula, sources,
            low=low, high=high, status=worst(statuses), **words,
        )  # fmt: skip

    def line(self, line: Line) -> None:
        """The line's credit, from its value and answers; none for a line that does not apply."""
        if line.credit is None:
            return
        name, low, high = line.requirement.id, float(line.credit.low), float(line.credit.high)
        sources: list[str | SourceRow] = [*self._value(line)]
        sources += [self._answer(answer) for answer in line.answers]
        formula = line.requirement.rule or "disclosure"
        self.add(f"line.{name}", low, "", formula, sources, (low, high), line=name, result=line.result.word)

    def _value(self, line: Line) -> list[str]:
        if line.value is None:
            return []
        name = line.requirement.id
        sources = [self._input(item) for item in line.inputs]
        self.add(f"value.{name}", line.value, unit_of(line), line.requirement.formula or "", sources, line=name)
        return [f"assessment.value.{name}"]

    def _input(self, item: GivenInput) -> str:
        """The id of the input's own figure, made when it is first used."""
        name = f"assessment.input.{item.name}.{item.year}"
        if name not in self.book:
            known = [source for source in item.sources if not isinstance(source, str) or source in self.book]
            sources = [
                replace(source, status=self.row_status) if isinstance(source, SourceRow) else source for source in known
            ]
            self.book.add(
                name, item.value, item.unit, "figure.assessment.input", item.formula or "as entered", sources,
                name=item.name, year=str(item.year),
            )  # fmt: skip
        return name

    def _answer(self, answer: Answer) -> SourceRow:
        place = answer.read_from
        words = [answer.requirement, answer.answer.value, answer.respondent, answer.evidence]
        value = answer.points if answer.points is not None else float(answer.answer is AnswerValue.YES)
        text = ", ".join(word for word in words if word)
        return SourceRow(place.sheet or place.file or "answers", place.row or 0, text, value, "", self.row_status)

    def category(self, part: Category) -> None:
        """The category's score [%] from its lines."""
        band = part.score.band
        if band is None:
            return
        own = (line.requirement for line in self.assessment.lines if line.group is part.group)
        sources = self._known(f"line.{requirement.id}" for requirement in own if requirement.counts)
        words: dict[str, Any] = {"category": Text(part.group.text), "standing": self.standing}
        self.add(f"category.{part.group.id}", band[0], "%", METHODS["pooled"], sources, band, **words)

    @property
    def standing(self) -> Word:
        """The framework's status in words: no score is printed without it."""
        return Word(f"assessment.status.{self.assessment.framework.status}")

    def scores(self) -> None:
        """The official score, the ends of its band, and how many lines have no data."""
        band, framework = self.assessment.official.band, self.assessment.framework
        parts = self._known(f"category.{group.id}" for group in framework.groups if group.weight > 0)
        formula = METHODS[framework.aggregation.method]
        words: dict[str, Any] = {"framework": framework.code, "standing": self.standing}
        if band is not None:
            self.add("score", band[0], "%", formula, parts, band, **words)
            self.add("score_low", band[0], "%", formula, parts, **words)
            self.add("score_high", band[1], "%", formula, parts, **words)
        scored = (line for line in self.assessment.lines if line.requirement.counts)
        unknown = [line for line in scored if line.result is Result.NO_DATA]
        sources = self._known(f"line.{line.requirement.id}" for line in unknown)
        self.add("lines_no_data", len(unknown), "", "number of lines", sources)

    def _known(self, names: Iterable[str]) -> list[str]:
        return [f"assessment.{name}" for name in names if f"assessment.{name}" in self.book]
