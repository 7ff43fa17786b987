"""Figures: published numbers that open to their inputs, down to workbook rows and factors."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from enum import StrEnum

from ayni.base.factors import Factor
from ayni.base.status import Status, worst
from ayni.base.texts import Language, say


class Stage(StrEnum):
    """How far a saving has come. Stages never mix in one total. ``recorded`` is for what is no saving."""

    RECORDED = "recorded"
    POTENTIAL = "potential"
    FEASIBILITY = "feasibility"
    COMMITTED = "committed"
    REPORTED = "reported"
    VERIFIED = "verified"


@dataclass(frozen=True)
class SourceRow:
    """A workbook row that a figure rests on: sheet, row number (1-based), what it says, its value and unit."""

    sheet: str
    row: int
    text: str
    value: float
    unit: str
    status: Status = Status.DECLARED


@dataclass(frozen=True)
class Figure:
    """One number: ``value`` in ``unit``, with an optional band, and the inputs that ``formula`` joins.

    ``label`` is a key of the text catalogue, ``label_values`` fill it. ``formula`` is plain algebra in words,
    such as ``before - after``. ``inputs`` are ids of other figures, factors and workbook rows.
    """

    id: str
    value: float
    unit: str
    label: str
    formula: str
    inputs: tuple[str | Factor | SourceRow, ...] = ()
    stage: Stage = Stage.RECORDED
    status: Status = Status.DERIVED
    low: float | None = None
    high: float | None = None
    label_values: Mapping[str, object] = field(default_factory=dict)

    def title(self, language: Language) -> str:
        """The label in words."""
        return say(self.label, language, **self.label_values)


class FigureBook:
    """The figures of one result, in the order in which they were made."""

    def __init__(self) -> None:
        self._figures: dict[str, Figure] = {}

    def __iter__(self) -> Iterator[Figure]:
        return iter(self._figures.values())

    def __len__(self) -> int:
        return len(self._figures)

    def __getitem__(self, figure_id: str) -> Figure:
        return self._figures[figure_id]

    def __contains__(self, figure_id: object) -> bool:
        return figure_id in self._figures

    def add(
        self,
        figure_id: str,
        value: float,
        unit: str,
        label: str,
        formula: str,
        inputs: Iterable[str | Factor | SourceRow] = (),
        *,
        stage: Stage = Stage.RECORDED,
        low: float | None = None,
        high: float | None = None,
        status: Status | None = None,
        **label_values: object,
    ) -> Figure:
        """Keep a new figure; its status is the worst of its inputs unless one is given.

        Raises KeyError where an input names a figure that is not in the book, ValueError where the id is taken.
        """
        if figure_id in self._figures:
            raise ValueError(f"figure {figure_id} stands twice")
        kept = tuple(inputs)
        statuses = [self._figures[item].status if isinstance(item, str) else item.status for item in kept]
        figure = Figure(
            figure_id, float(value), unit, label, formula, kept, stage,
            status or worst(statuses), low, high, dict(label_values),
        )  # fmt: skip
        self._figures[figure_id] = figure
        return figure

    def factors(self) -> dict[str, Factor]:
        """Every factor that some figure names, by id."""
        return {item.id: item for figure in self for item in figure.inputs if isinstance(item, Factor)}

    def as_json(self, language: Language) -> dict[str, dict[str, object]]:
        """Every figure by id: value, unit, label, stage, status, low, high, formula and inputs.

        An input is ``{"figure": id}``, ``{"factor": id}`` or ``{"row": {sheet, row, text, value, unit, status}}``.
        """
        return {
            figure.id: {
                "value": figure.value,
                "unit": figure.unit,
                "label": figure.title(language),
                "stage": figure.stage.value,
                "status": figure.status.value,
                "low": figure.low,
                "high": figure.high,
                "formula": figure.formula,
                "inputs": [_input_json(item) for item in figure.inputs],
            }
            for figure in self
        }

    def factors_json(self) -> dict[str, dict[str, object]]:
        """Every factor that some figure names: value, unit, band, date, source, status, basis, version, note."""
        return {
            key: {name: value for name, value in asdict(factor).items() if name != "id"}
            for key, factor in self.factors().items()
        }


def _input_json(item: str | Factor | SourceRow) -> dict[str, object]:
    if isinstance(item, str):
        return {"figure": item}
    return {"factor": item.id} if isinstance(item, Factor) else {"row": asdict(item)}
