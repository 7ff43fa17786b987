"""The worked MT2 bill of the knowledge base, through the same functions as every other bill."""

import numpy as np
import pandas as pd
import pytest

from ayni.ledger.cost import electricity_bill, quantities
from ayni.ledger.schema import Contract, TariffOption
from ayni.ledger.tariffs import medium_voltage_tariff


@pytest.mark.parametrize(("load_factor", "price"), [(0.50, 0.454), (0.75, 0.384), (0.90, 0.361)])
def test_effective_price_of_mt2(load_factor: float, price: float) -> None:
    """tariffs_pe.csv, rows effective_price_flat_load: 0.454, 0.384, 0.361 PEN/kWh, fixed charge left out.

    730 hours from 1 March 2023 hold 26 days with 5 peak hours: 130. The load is flat but for one hour at the maximum of
    1 MW. That hour must be a peak hour: the published prices charge 61.35 + 15.13 PEN/kW on the whole maximum.
    """
    tariff = medium_voltage_tariff(Contract(firm="E01", option=TariffOption.MT2))
    hours = pd.date_range("2023-03-01", periods=730, freq="h")
    load = np.full(730, (load_factor * 730 - 1) / 729)
    load[hours.get_loc(pd.Timestamp("2023-03-15 19:00"))] = 1.0
    monthly = quantities(load, hours, tariff)
    assert monthly["hours_peak"].sum() == 130
    bill = electricity_bill(monthly, tariff).drop(columns="fixed")
    assert bill.to_numpy().sum() / (load.sum() * 1000) == pytest.approx(price, abs=0.0005)
