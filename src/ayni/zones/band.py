"""How sure a plan's worth is: every input at both ends of its range, the plan kept, the ledger billed again.

Sizes and running stay as planned; less sun or a poorer COP means more import in those hours, and a new bill. The
deviations of single inputs, taken as independent, are combined by the root of the sum of squares, upwards and downwards
apart. Inputs without a range get none: they are counted. Areas, standing losses and the study's own discount rate and
exchange rates are not varied.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from ayni.base.factors import Factor
from ayni.base.figures import SourceRow
from ayni.base.status import Status
from ayni.base.texts import Word
from ayni.ledger.ledger import ZONE, Ledger
from ayni.ledger.prices import FUEL_ITEMS
from ayni.ledger.schema import Carrier
from ayni.ledger.tariffs import tariff_of
from ayni.zones.build import CaseNotes, with_parameters
from ayni.zones.case import ZoneCase
from ayni.zones.connection import with_zone_contract
from ayni.zones.dispatch.plan import Plan, fuel_use
from ayni.zones.measures import measure_groups
from ayni.zones.money import (
    Worth,
    electricity_cost,
    investments,
    measures_taken,
    other_cost,
    parameter_key,
    worth,
)
from ayni.zones.parameters import LOCAL, Parameters
from ayni.zones.replay import replayed
from ayni.zones.sources import measure_source, price_source

DECISIVE = 0.01
"""An input is decisive where its range moves the net present value by this part of it, or where it has no range."""
NOT_VARIED = ("area", "peak_per_area", "approach", "loss")
NOT_FOUNDED = (Status.UNVERIFIED, Status.MADE_UP)


@dataclass(frozen=True)
class Range:
    """A value with its low and high end."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Input:
    """What a plan's worth rests on: where it comes from, and which property (``role``) of what (``subject``) it is.

    ``low`` and ``high`` are its range, None where it has none; ``at`` gives what the plan is worth at another value.
    """

    origin: Factor | SourceRow
    subject: Word | str
    role: Word
    low: float | None = None
    high: float | None = None
    at: Callable[[float], Worth | None] | None = None


@dataclass(frozen=True, eq=False)
class Swing:
    """An input and the plan's worth at its two ends; None at an end without range, or where the plan cannot be run."""

    input: Input
    low: Worth | None
    high: Worth | None
    is_decisive: bool

    @property
    def has_range(self) -> bool:
        """Whether at least one end was computed."""
        return self.low is not None or self.high is not None

    @property
    def is_unverified(self) -> bool:
        """Whether the value itself is recalled or made up."""
        return self.input.origin.status in NOT_FOUNDED


@dataclass(frozen=True, eq=False)
class Appraisal:
    """A plan's worth with its band. ``saving`` [PEN/a] is that of the running year, ``payback`` [a] the simple one.

    ``net_saving`` [PEN/a] is after annuities, ``avoided`` [t CO2e/a] at fixed emission factors.
    """

    worth: Worth
    investment: Range
    saving: Range
    net_saving: Range
    avoided: Range
    npv: Range
    payback: Range
    swings: tuple[Swing, ...]

    @property
    def decisive(self) -> tuple[Swing, ...]:
        """The inputs that matter."""
        return tuple(swing for swing in self.swings if swing.is_decisive)

    @property
    def unverified_count(self) -> int:
        """Decisive inputs that are recalled or made up."""
        return sum(swing.is_unverified for swing in self.decisive)

    @property
    def without_range_count(self) -> int:
        """Decisive inputs that enter without a band."""
        return sum(not swing.has_range for swing in self.decisive)

    @property
    def survives(self) -> bool:
        """Whether the plan still pays at the low end."""
        return self.npv.low > 0


def appraise(ledger: Ledger, case: ZoneCase, plan: Plan, notes: CaseNotes) -> Appraisal:
    """The worth of ``plan`` against ``ledger``, the state before it, with its band."""
    found = Inputs(ledger, case, plan, notes)
    central = found.central
    swings = tuple(_swing(item, central) for item in found.all())
    return Appraisal(
        central,
        _range(central, swings, lambda found: found.investment),
        _range(central, swings, lambda found: found.saving),
        _range(central, swings, lambda found: found.net_saving),
        _range(central, swings, lambda found: found.avoided),
        _range(central, swings, lambda found: found.npv),
        _range(central, swings, lambda found: found.payback),
        tuple(sorted(swings, key=lambda swing: -_reach(swing, central))),
    )


def _swing(item: Input, central: Worth) -> Swing:
    low, high = (item.at(end) if item.at is not None and end is not None else None for end in (item.low, item.high))
    swing = Swing(item, low, high, is_decisive=True)
    is_decisive = not swing.has_range or _reach(swing, central) >= DECISIVE * abs(central.npv)
    return replace(swing, is_decisive=is_decisive)


def _reach(swing: Swing, central: Worth) -> float:
    """Largest move of the net present value [PEN]."""
    return max((abs(end.npv - central.npv) for end in (swing.low, swing.high) if end is not None), default=0.0)


def _range(central: Worth, swings: tuple[Swing, ...], metric: Callable[[Worth], float]) -> Range:
    """Value and ends of one metric: deviations of single inputs, combined by the root of the sum of squares."""
    value = metric(central)
    if math.isinf(value):
        return Range(value, value, value)
    down = up = 0.0
    for swing in swings:
        moves = [metric(end) - value for end in (swing.low, swing.high) if end is not None]
        down += min([0.0, *moves]) ** 2
        up += max([0.0, *moves]) ** 2
    return Range(value, value - math.sqrt(down), value + math.sqrt(up))


class Inputs:
    """Everything that the worth of one plan rests on."""

    def __init__(self, ledger: Ledger, case: ZoneCase, plan: Plan, notes: CaseNotes) -> None:
        self.ledger, _ = with_zone_contract(ledger)
        self.case, self.plan, self.notes = case, plan, notes
        self.electricity_before = electricity_cost(ledger)
        self.cost_before = self.electricity_before + other_cost(ledger)
        self.central = self._worth(case, plan, notes.parameters)

    def all(self) -> Iterator[Input]:
        """Inputs by kind: plant, sun, fuel prices, tariffs, measures. Each factor once."""
        seen: set[str] = set()
        for item in (*self._plant(), *self._sun(), *self._prices(), *self._tariffs(), *self._measures()):
            origin = item.origin
            key = origin.id if isinstance(origin, Factor) else f"{origin.sheet}/{origin.row}/{item.role.key}"
            if key not in seen:
                seen.add(key)
                yield item

    def _plant(self) -> Iterator[Input]:
        parameters = self.notes.parameters
        built = dict.fromkeys(parameter_key(name, self.notes) for name in investments(self.case, self.plan))
        roles = [(name, role) for name, role in parameters.factors if name in built and role not in NOT_VARIED]
        if any(role != LOCAL and role.startswith("investment") for _, role in roles):
            roles.append(("all", "peru_cost_factor"))
        for name, role in roles:
            factor = parameters.factors[name, role]
            yield Input(
                factor,
                Word(f"technology.{name}"),
                Word(f"role.{role}"),
                factor.low,
                factor.high,
                self._at_parameter(factor),
            )

    def _at_parameter(self, factor: Factor) -> Callable[[float], Worth | None]:
        def at(value: float) -> Worth | None:
            parameters = self.notes.parameters.with_value(factor.id, value)
            return self._again(with_parameters(self.case, self.notes, parameters), parameters)

        return at

    def _again(self, changed: ZoneCase, parameters: Parameters) -> Worth | None:
        """The worth of the plan, run again in a changed case."""
        plan = replayed(self.case, self.plan, changed)
        if plan is None:
            return None
        return self._worth(changed, plan, parameters)

    def _worth(self, case: ZoneCase, plan: Plan, parameters: Parameters) -> Worth:
        return worth(self.cost_before, self.ledger, case, plan, self.notes, parameters)

    def _sun(self) -> Iterator[Input]:
        sun = self.notes.sun.factors
        for name, key, profile in (
            ("pv_roof", "pv_yield", "solar_pv"),
            ("solar_thermal_flat_plate", "heat_yield", "solar_heat"),
        ):
            if self.plan.capacities.get(name, 0.0) > 0.0:
                words = Word(f"technology.{name}"), Word(f"role.{key}")
                yield Input(sun[key], *words, sun[key].low, sun[key].high, self._at_yield(sun[key], profile))

    def _at_yield(self, factor: Factor, profile: str) -> Callable[[float], Worth | None]:
        def at(value: float) -> Worth | None:
            given = getattr(self.case, profile) * (value / factor.value)
            changed = (
                replace(self.case, solar_pv=given) if profile == "solar_pv" else replace(self.case, solar_heat=given)
            )
            return self._again(changed, self.notes.parameters)

        return at

    def _prices(self) -> Iterator[Input]:
        """Prices of the fuels of which the plan changes the use."""
        before = self.ledger.fuels.groupby("carrier")["energy"].sum()
        for fuel in self.case.fuels:
            use = self.case.weight * float(fuel_use(self.case, self.plan, fuel).sum())
            if math.isclose(use, float(before.get(fuel, 0.0)), rel_tol=1e-6, abs_tol=1e-6):
                continue
            price = self.ledger.prices[FUEL_ITEMS[Carrier(fuel)]]
            words = Word(f"choice.Carrier.{fuel}"), Word("role.price")
            yield Input(price_source(price), *words, price.low, price.high, self._at_price(Carrier(fuel)))

    def _at_price(self, carrier: Carrier) -> Callable[[float], Worth | None]:
        def at(value: float) -> Worth:
            item = FUEL_ITEMS[carrier]
            prices = {**self.ledger.prices, item: self.ledger.prices[item].model_copy(update={"value": value})}
            ledger = replace(self.ledger, prices=prices)
            cost_before = self.electricity_before + other_cost(ledger)
            return worth(cost_before, ledger, self.case, self.plan, self.notes, self.notes.parameters)

        return at

    def _tariffs(self) -> Iterator[Input]:
        """The zone's tariff and the firms', each sheet or contract as one input. None of them has a range."""
        for site in (ZONE, *self.ledger.electricity["site"].unique()):
            tariff = tariff_of(self.notes.ledger, str(site))
            yield Input(tariff.energy_off_peak, Word(f"choice.TariffOption.{tariff.option.value}"), Word("role.tariff"))

    def _measures(self) -> Iterator[Input]:
        """Savings of the measures taken, with their range; investments, which have none, where they are large."""
        for row in measures_taken(self.case, self.plan, self.notes):
            name = f"{row.measure} {row.name}"
            if row.investment >= DECISIVE * self.central.investment:
                yield Input(measure_source(row, "investment", self.ledger), name, Word("role.investment"))
            if row.saving is not None:
                source, at = measure_source(row, "saving", self.ledger), self._at_saving(row.measure)
                yield Input(source, name, Word("role.saving"), row.saving_low, row.saving_high, at)

    def _at_saving(self, code: str) -> Callable[[float], Worth | None]:
        def at(value: float) -> Worth | None:
            rows = [
                row.model_copy(update={"saving": value}) if row.measure == code else row
                for row in self.notes.rows.measures
            ]
            groups = measure_groups(rows, self.notes.equipment, self.notes.parameters.rate)
            return self._again(replace(self.case, measure_groups=groups), self.notes.parameters)

        return at
