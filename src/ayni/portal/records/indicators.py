"""The registry of indicators: apps offer them, and what is accepted is computed once, with the factors it used.

No model is imported when this module is, so that apps may register as soon as they are loaded.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ayni.base.figures import Stage
from ayni.base.status import Status
from ayni.base.texts import Language, say
from ayni.ledger.account import NOT_STATED, unit_of
from ayni.ledger.schema import Carrier, Management
from ayni.parks.parts import FirmYear, FlowSum, Founded, Rows, completeness

if TYPE_CHECKING:
    from ayni.portal.records.models import Submission

COMPLETENESS = "completeness"
COST_ITEMS = ("electricity", *(one.value for one in Carrier if one is not Carrier.ELECTRICITY), "water", "sewer",
              "waste", "materials")  # fmt: skip
"""Items of the cost account that records give."""


@dataclass(frozen=True)
class Reading:
    """One value of an indicator; ``month`` is 0 for the year."""

    value: float
    status: Status
    factors: tuple[Mapping[str, Any], ...] = ()
    month: int = 0


@dataclass(frozen=True)
class SubjectYear:
    """What an indicator is computed from: a submission's rows, and of a site what they come to."""

    submission: Submission
    rows: Rows
    compute: Callable[[], FirmYear | None]

    @cached_property
    def firm(self) -> FirmYear | None:
        """The site's year; None of a park, which has no ledger of its own."""
        return self.compute()


@dataclass(frozen=True)
class Indicator:
    """A number of one accepted record.

    ``scope`` is ``site``, ``park`` or ``any``: whose records have it. ``compute`` gives the year's value, the months'
    too where they are known, and nothing where the rows do not tell; None where its app is not there yet.
    """

    code: str
    unit: str
    stage: Stage
    label_key: str
    scope: str
    compute: Callable[[SubjectYear], Iterable[Reading]] | None = None

    def label(self, language: Language) -> str:
        """Its name."""
        return say(self.label_key, language)


@dataclass(frozen=True)
class Valued:
    """A reading with what the database keeps of its indicator."""

    code: str
    month: int
    value: float
    unit: str
    stage: str
    status: str
    factors: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Computed:
    """Everything that an accepted record gives."""

    values: tuple[Valued, ...]
    flows: tuple[FlowSum, ...] = ()


_indicators: dict[str, Indicator] = {}


def register(indicator: Indicator) -> None:
    """Offer an indicator; called from an app's ``ready``. Raises ValueError for a code that is taken."""
    if indicator.code in _indicators and _indicators[indicator.code] != indicator:
        raise ValueError(f"{indicator.code} stands twice")
    _indicators[indicator.code] = indicator


def registered() -> tuple[Indicator, ...]:
    """All indicators, in the order in which they were offered."""
    return tuple(_indicators.values())


def indicator(code: str) -> Indicator:
    """The indicator of that code. Raises KeyError."""
    return _indicators[code]


def compute_all(submission: Submission) -> Computed:
    """Every registered indicator of a record that is about to be accepted, and what passes the site's fence."""
    from ayni.portal.records.yearly import subject_year

    year = subject_year(submission)
    values = tuple(_values(year, "site" if submission.site_id else "park"))
    return Computed(values, year.firm.flows if year.firm else ())


def _values(year: SubjectYear, scope: str) -> Iterator[Valued]:
    for one in registered():
        if one.compute is None or one.scope not in (scope, "any"):
            continue
        for reading in one.compute(year):
            yield Valued(
                one.code, reading.month, reading.value, one.unit, one.stage.value, reading.status.value,
                reading.factors,
            )  # fmt: skip


def own_codes() -> tuple[str, ...]:
    """The codes of the records' own indicators that the ledger gives."""
    wastes = ("total", "hazardous", *(one.value for one in Management if one is not Management.SEWER), NOT_STATED)
    return (
        "energy.total", *(f"energy.{carrier.value}" for carrier in Carrier),
        "emissions.total", "emissions.scope1", "emissions.scope2",
        "cost.total", *(f"cost.{item}" for item in COST_ITEMS),
        "water.total", "wastewater.total", *(f"waste.{name}" for name in wastes),
    )  # fmt: skip


def register_own() -> None:
    """The indicators of this app: the totals of the ledger, and how complete a record is."""
    for code in own_codes():
        compute = _months_of(code) if code.removeprefix("energy.") in list(Carrier) else _total_of(code)
        register(Indicator(code, unit_of(code), Stage.RECORDED, f"indicator.{code}", "site", compute))
    register(Indicator(COMPLETENESS, "", Stage.RECORDED, "indicator.completeness", "any", _completeness))


def _reading(founded: Founded, month: int = 0) -> Reading:
    return Reading(founded.value, founded.status, founded.factors, month)


def _total_of(code: str) -> Callable[[SubjectYear], Iterable[Reading]]:
    def compute(year: SubjectYear) -> Iterator[Reading]:
        if year.firm is not None and code in year.firm.totals:
            yield _reading(year.firm.totals[code])

    return compute


def _months_of(code: str) -> Callable[[SubjectYear], Iterable[Reading]]:
    def compute(year: SubjectYear) -> Iterator[Reading]:
        yield from _total_of(code)(year)
        if year.firm is not None:
            for (key, month), founded in year.firm.months.items():
                if key == code:
                    yield _reading(founded, month)

    return compute


def _completeness(year: SubjectYear) -> Iterator[Reading]:
    value = completeness(year.rows, of_park=year.submission.park_id is not None)
    yield Reading(value, Status.DERIVED)
