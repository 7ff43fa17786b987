"""Bills of random loads: they scale with the load, and no hour more makes them cheaper."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from numpy.typing import NDArray

from ayni.ledger.bills import electricity_bill, quantities
from ayni.ledger.schema import BilledDemand, Contract, TariffOption
from ayni.ledger.tariffs import Tariff, medium_voltage_tariff

HOURS = pd.date_range("2025-01-30", periods=120, freq="h")  # five days in two months, a Sunday among them
loads = arrays(np.float64, len(HOURS), elements=st.floats(0.0, 5.0, allow_subnormal=False))
options = st.sampled_from((TariffOption.MT2, TariffOption.MT3, TariffOption.MT4))
rules = st.sampled_from(tuple(BilledDemand))


def tariff(option: TariffOption, rule: BilledDemand) -> Tariff:
    return medium_voltage_tariff(Contract(firm="E01", option=option, billed_demand=rule))


@given(loads, options, rules, st.sampled_from((0.5, 2.0, 4.0)))
def test_everything_but_the_fixed_charge_scales_with_the_load(
    load: NDArray[np.float64], option: TariffOption, rule: BilledDemand, scale: float
) -> None:
    prices = tariff(option, rule)
    once, scaled = (electricity_bill(quantities(part, HOURS, prices), prices) for part in (load, scale * load))
    assert scaled["fixed"].to_list() == once["fixed"].to_list()
    moving = once.columns.drop("fixed")
    assert scaled[moving].to_numpy() == pytest.approx(scale * once[moving].to_numpy(), rel=1e-9, abs=1e-6)


@given(loads, rules, st.integers(0, len(HOURS) - 1), st.floats(0.0, 5.0))
def test_more_load_in_an_hour_never_lowers_an_mt2_bill(
    load: NDArray[np.float64], rule: BilledDemand, hour: int, more: float
) -> None:
    """MT2 has no classes: a higher peak-hour maximum saves 15.52 of excess and costs at least 61.35 + 15.13."""
    prices = tariff(TariffOption.MT2, rule)
    higher = load.copy()
    higher[hour] += more
    bills = [electricity_bill(quantities(part, HOURS, prices), prices).to_numpy().sum() for part in (load, higher)]
    assert bills[1] >= bills[0] - 1e-6
