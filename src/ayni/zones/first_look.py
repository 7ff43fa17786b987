"""A first look at a small firm: from its branch, its size and one month's bills to a band of savings and one measure.

Everything here is of the stage *potential*: nobody has seen the firm. Each measure saves a part of what its equipment
uses, and that equipment is a part of the bill; both parts are typical, wide and shown with their status. Measures on
one bill are joined as ``1 - Π(1 - part)``, which is less than their sum. A saved kWh is worth the average price less
what fixed and demand charges keep (``electricity_worth``), never the average price itself.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from ayni.base.factors import Factor, MissingFactor, data_rows, economics, factor_from_row, technology
from ayni.base.figures import Stage
from ayni.base.money import annuity
from ayni.base.sheets import Choice
from ayni.base.status import Status
from ayni.base.units import to_canonical
from ayni.ledger.fuels import emission_factors, energy_per, grid_factor, grid_years, physical_dimension
from ayni.ledger.schema import Carrier

SHARES, TERMS = "measures/first_look_shares", "measures/first_look_terms"
FUELS = (Carrier.NATURAL_GAS, Carrier.LPG, Carrier.DIESEL, Carrier.BIOMASS)
"""The fuels that a first visit asks for."""
BILL_UNITS: Mapping[Carrier, str] = {
    Carrier.ELECTRICITY: "kWh", Carrier.NATURAL_GAS: "m3", Carrier.LPG: "kg", Carrier.DIESEL: "gal",
    Carrier.BIOMASS: "t",
}  # fmt: skip
"""The unit in which a bill gives its quantity."""
MONTHS = 12
SHIFTS = (1, 2, 3)
PRICE_DATE = "2025-12-31"
LOAN_RATE = "loan_rate_small_firm_pen"
RUNS_ALL_DAY = frozenset({"refrigeration_upkeep"})
"""Measures whose saving does not follow the shifts."""
SMALL_WORKERS = 10
"""Up to here a firm is best served by somebody who comes and looks."""
CALL_INVESTMENT = 30_000.0
"""From this investment [PEN] on, with a payback above CALL_PAYBACK [a], a call that shares the cost is worth it."""
CALL_PAYBACK = 1.0


class Branch(Choice):
    """What a small firm makes."""

    BAKERY = "bakery"
    FOOD = "food"
    COLD_CHAIN = "cold_chain"
    GARMENTS = "garments"
    TEXTILE_FINISHING = "textile_finishing"
    LEATHER = "leather"
    WOOD = "wood"
    METAL = "metal"
    PLASTICS = "plastics"
    PRINTING = "printing"
    CHEMICALS = "chemicals"
    OTHER = "other"


class Step(Choice):
    """The one thing to do next."""

    SEND_BILLS = "send_bills"
    ASK_CITE = "ask_cite"
    ENTER_CALL = "enter_call"


@dataclass(frozen=True)
class Band:
    """A value between ``low`` and ``high``, none of them negative."""

    low: float
    middle: float
    high: float

    def __add__(self, other: Band) -> Band:
        return Band(self.low + other.low, self.middle + other.middle, self.high + other.high)

    def scaled(self, by: float) -> Band:
        """Each value times ``by``."""
        return Band(self.low * by, self.middle * by, self.high * by)

    def inverse(self) -> Band:
        """One over the band. Raises ZeroDivisionError where it touches zero."""
        return Band(1 / self.high, 1 / self.middle, 1 / self.low)

    def at_most(self, limit: float) -> Band:
        """No value above ``limit``."""
        return Band(min(self.low, limit), min(self.middle, limit), min(self.high, limit))


def exactly(value: float) -> Band:
    """A value that is known."""
    return Band(value, value, value)


def product_band(bands: Iterable[Band]) -> Band:
    """The product of independent factors: relative deviations are joined as the root of the sum of their squares.

    Taken on logarithms, so that the band stays positive (JCGM 100:2008, 5.1.6, for products of powers).
    """
    kept = list(bands)
    middle = math.prod(band.middle for band in kept)
    if middle == 0:
        return exactly(0.0)
    down = math.hypot(*(math.log(band.middle / band.low) for band in kept))
    up = math.hypot(*(math.log(band.high / band.middle) for band in kept))
    return Band(middle * math.exp(-down), middle, middle * math.exp(up))


def joint_band(parts: Iterable[Band]) -> Band:
    """What several measures save together of one bill: ``1 - Π(1 - part)``, each a part between 0 and 1."""
    kept = list(parts)
    low, middle, high = (
        1 - math.prod(1 - min(end, 1.0) for end in ends)
        for ends in ([p.low for p in kept], [p.middle for p in kept], [p.high for p in kept])
    )
    return Band(low, middle, high)


@dataclass(frozen=True)
class Bill:
    """What a firm paid [PEN, with IGV] or used [unit of BILL_UNITS] of a carrier last month; one of both is given."""

    carrier: Carrier
    paid: float | None = None
    used: float | None = None

    def __post_init__(self) -> None:
        amount = self.paid if self.used is None else self.used
        if (self.paid is None) == (self.used is None) or amount is None or not 0 <= amount < math.inf:
            raise ValueError("a bill has a cost or a quantity, zero or more")

    @property
    def is_empty(self) -> bool:
        """Whether nothing was paid or used."""
        return not (self.paid or self.used)


@dataclass(frozen=True)
class Visit:
    """The three answers of a first visit."""

    branch: Branch
    workers: int
    shifts: int
    bills: tuple[Bill, ...]


@dataclass(frozen=True)
class MeasureLook:
    """One measure and what it would bring. Its equipment is ``part`` of the bill, of which ``reduction`` is saved."""

    name: str
    carrier: Carrier
    part: Band
    reduction: Band
    saving: Band
    """[PEN/year]"""
    emissions: Band
    """[t CO2e/year]"""
    investment: Band
    """[PEN]"""
    payback: Band
    """Simple payback [years]."""
    net: float
    """Middle saving less the yearly cost of the investment at a small firm's loan rate [PEN/year]."""
    decisive: tuple[Factor, ...]
    """What the saving rests on."""
    factors: tuple[Factor, ...]
    """What saving, investment, payback and rank rest on."""

    @property
    def key(self) -> str:
        """Of the measure's name in the catalogue."""
        return f"first_look.measure.{self.name}"


@dataclass(frozen=True)
class FirstLook:
    """What a first visit shows. ``yearly_bill`` is twelve times the bills that were given [PEN/year]."""

    yearly_bill: Band
    saving: Band
    """[PEN/year], all measures of the branch together."""
    emissions: Band
    """[t CO2e/year]"""
    measure: MeasureLook
    others: tuple[MeasureLook, ...]
    step: Step
    is_size_odd: bool
    """Whether what is paid per worker is outside what small plants pay."""
    factors: tuple[Factor, ...]
    stage: Stage = Stage.POTENTIAL

    @property
    def unverified(self) -> int:
        """How many of the inputs that decide the result are unverified."""
        return sum(factor.status is Status.UNVERIFIED for factor in self.factors)


class NothingToSee(ValueError):
    """No bill with an amount was given: the visit has to ask again."""


def first_look(visit: Visit) -> FirstLook:
    """The band of savings, the measure that brings most, and the next step.

    Raises NothingToSee where every bill is empty.
    """
    bills = [bill for bill in visit.bills if not bill.is_empty]
    if not bills:
        raise NothingToSee("no bill with an amount")
    saving, emissions, yearly = exactly(0.0), exactly(0.0), exactly(0.0)
    looks: list[MeasureLook] = []
    for bill in bills:
        of_bill = [_measure(name, share, bill, visit.shifts) for name, share in _shares(visit.branch, bill.carrier)]
        joint = joint_band(look.reduction for look in of_bill)
        paid, energy = _paid(bill), _energy(bill)
        season = _band(_term("month_to_year"))
        saving += product_band([joint, season, _band(_worth(bill)), paid]).at_most(MONTHS * paid.high)
        emissions += product_band([joint, season, energy, _intensity(bill.carrier)])
        yearly += paid.scaled(MONTHS)
        looks += of_bill
    best, *others = sorted(looks, key=lambda look: -look.net)
    decisive = [factor for look in looks for factor in look.decisive] + list(best.factors)
    return FirstLook(
        yearly, saving, emissions, best, tuple(others), _step(visit, best), _is_size_odd(visit, yearly),
        tuple({factor.id: factor for factor in decisive}.values()),
    )  # fmt: skip


def _measure(name: str, share: Factor, bill: Bill, shifts: int) -> MeasureLook:
    """One measure on one bill: ``part * reduction * months * (paid * worth | energy)``, each with its band."""
    less, cost, life = (_property(name, parameter) for parameter in ("saving", "investment", "life"))
    rate, price, worth, season = economics(LOAN_RATE), _price(bill.carrier), _worth(bill), _term("month_to_year")
    costs = (cost, *_cost_terms(name, shifts))
    reduction = product_band([_percent(share), _percent(less)])
    saving = product_band([reduction, _band(season), _band(worth), _paid(bill)]).at_most(MONTHS * _paid(bill).high)
    energy = [reduction, _band(season), _energy(bill)]
    investment = product_band([*energy, *map(_band, costs)])
    price_per_mwh = _band(price).scaled(1 / _mwh_per_unit(bill.carrier))
    payback = product_band([*map(_band, costs), price_per_mwh.inverse(), _band(worth).inverse()])
    decisive = (share, less, season, worth, price, *_emission_inputs(bill.carrier))
    return MeasureLook(
        name, bill.carrier, _percent(share), reduction, saving, product_band([*energy, _intensity(bill.carrier)]),
        investment, payback, saving.middle - investment.middle * annuity(rate.value / 100, life.value),
        decisive, (*decisive, *costs, life, rate),
    )  # fmt: skip


def _cost_terms(measure: str, shifts: int) -> tuple[Factor, ...]:
    """What the world's investment per saved MWh is multiplied with: soles, Peru, and hours of running."""
    local = (economics("usd_pen", PRICE_DATE), technology("all", "peru_cost_factor"))
    return local if measure in RUNS_ALL_DAY else (*local, _term(f"hours_{shifts}"))


def _step(visit: Visit, measure: MeasureLook) -> Step:
    if measure.investment.middle >= CALL_INVESTMENT and measure.payback.middle > CALL_PAYBACK:
        return Step.ENTER_CALL
    return Step.ASK_CITE if visit.workers <= SMALL_WORKERS else Step.SEND_BILLS


def _is_size_odd(visit: Visit, yearly: Band) -> bool:
    usual = _band(_term("bill_per_worker"))
    return not usual.low <= yearly.middle / MONTHS / visit.workers <= usual.high


def _paid(bill: Bill) -> Band:
    """What a month costs [PEN]."""
    return exactly(bill.paid) if bill.paid is not None else _band(_price(bill.carrier)).scaled(bill.used or 0.0)


def _energy(bill: Bill) -> Band:
    """What a month uses [MWh, lower heating value]."""
    used = (
        exactly(bill.used) if bill.used is not None else _band(_price(bill.carrier)).inverse().scaled(bill.paid or 0.0)
    )
    return used.scaled(_mwh_per_unit(bill.carrier))


def _mwh_per_unit(carrier: Carrier) -> float:
    """Energy in one unit of the bill [MWh]."""
    canonical = physical_dimension(carrier)
    return to_canonical(1.0, BILL_UNITS[carrier]) * energy_per(carrier, canonical)


def _intensity(carrier: Carrier) -> Band:
    """Emissions per energy [t CO2e/MWh]."""
    if carrier is Carrier.ELECTRICITY:
        return exactly(grid_factor(max(grid_years())).value)
    return exactly(emission_factors(carrier, physical_dimension(carrier)).co2e)


def _emission_inputs(carrier: Carrier) -> tuple[Factor, ...]:
    if carrier is Carrier.ELECTRICITY:
        return (grid_factor(max(grid_years())),)
    found = emission_factors(carrier, physical_dimension(carrier))
    return (found.ch4, found.n2o) if found.is_biogenic else (found.co2,)


@cache
def _shares(branch: Branch, carrier: Carrier) -> tuple[tuple[str, Factor], ...]:
    """The measures of a branch on a carrier's bill, with the part of it that their equipment is."""
    is_electric = carrier is Carrier.ELECTRICITY
    return tuple(
        (row["measure"], factor_from_row(SHARES, row, f"{row['branch']}/{row['measure']}"))
        for row in data_rows(SHARES)[1]
        if row["branch"] == branch.value and row["unit"].endswith("electricity bill") == is_electric
    )


def measures() -> Iterator[str]:
    """The name of every measure that a first visit can show, once each."""
    return iter(dict.fromkeys(row["measure"] for row in data_rows(SHARES)[1]))


def _property(measure: str, parameter: str) -> Factor:
    """``saving``, ``investment`` or ``life`` of a measure: of the technologies, else of the first look's own terms."""
    try:
        return technology(measure, parameter)
    except MissingFactor:
        return _term(f"{measure}_{parameter}")


@cache
def _term(item: str) -> Factor:
    for row in data_rows(TERMS)[1]:
        if row["item"] == item:
            return factor_from_row(TERMS, row, item)
    raise MissingFactor(f"{TERMS}/{item}")


def _price(carrier: Carrier) -> Factor:
    return _term(f"{carrier.value}_price")


def _worth(bill: Bill) -> Factor:
    return _term("electricity_worth" if bill.carrier is Carrier.ELECTRICITY else "fuel_worth")


def _band(factor: Factor) -> Band:
    low = factor.value if factor.low is None else factor.low
    high = factor.value if factor.high is None else factor.high
    return Band(low, factor.value, high)


def _percent(factor: Factor) -> Band:
    return _band(factor).scaled(0.01)
