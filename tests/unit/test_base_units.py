import pytest
from hypothesis import given
from hypothesis import strategies as st

from ayni.base.units import UnknownUnit, WrongUnit, canonical_unit, convert, to_canonical


@pytest.mark.parametrize(
    ("amount", "unit", "expected", "canonical"),
    [
        (2.0, "t", 2000.0, "kg"),
        (1.0, "Tonelada", 1000.0, "kg"),
        (1500.0, "kWh", 1.5, "MWh"),
        (1.0, "galón", 0.003785411784, "m3"),
        (1.0, "US gallon", 0.003785411784, "m3"),
        (3.6, "GJ", 1.0, "MWh"),
        (1.0, "MMBtu", 0.29307107, "MWh"),
        (5.0, "m³", 5.0, "m3"),
        (12.0, "hL", 1.2, "m3"),
        (250.0, "kW", 0.25, "MW"),
        (50.0, "%", 0.5, ""),
    ],
)
def test_amounts_become_canonical(amount: float, unit: str, expected: float, canonical: str) -> None:
    assert to_canonical(amount, unit) == pytest.approx(expected, rel=1e-7)
    assert canonical_unit(unit) == canonical


@pytest.mark.parametrize("unit", ["kilowatios", "kWh/", "⚡", "degC", "m/s", "__import__", "kg; t"])
def test_unknown_units_are_refused(unit: str) -> None:
    with pytest.raises(UnknownUnit):
        to_canonical(1.0, unit)


def test_power_is_never_energy() -> None:
    with pytest.raises(WrongUnit):
        convert(1.0, "kW", "kWh")


@given(st.floats(1e-6, 1e12), st.sampled_from([("t", "kg"), ("gal", "L"), ("GJ", "kWh"), ("MW", "kW")]))
def test_conversion_goes_there_and_back(amount: float, pair: tuple[str, str]) -> None:
    there, back = pair
    assert convert(convert(amount, there, back), back, there) == pytest.approx(amount, rel=1e-12)
