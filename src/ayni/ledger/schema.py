"""The ledger's sheets: park, firms, processes, flows, electricity and fuel bills, contracts, prices, substances."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from functools import cache
from typing import Annotated

from pydantic import field_validator
from pydantic_core import PydanticCustomError

from ayni.base.sheets import Choice, MonthMark, Row, Sheet, column
from ayni.base.texts import LANGUAGES, say
from ayni.base.units import plain

OUTSIDE = ("environment", "market", "grid", "waste_operator", "unknown")
"""Named nodes beyond the park's firms. Every flow goes from a node to a node."""

Month = Annotated[datetime.date, MonthMark()]


@cache
def outside_names() -> Mapping[str, str]:
    """Every way to write an outside node, compared with ``plain`` → the node: its code, its words in each language."""
    return {plain(name): node for node in OUTSIDE for name in (node, *(say(f"node.{node}", one) for one in LANGUAGES))}


class DataOrigin(Choice):
    """Whether the workbook holds records or an example."""

    RECORDS = "records"
    MADE_UP = "made_up"


class SolarPlace(Choice):
    """Places with a monthly solar profile in ``data/factors/solar_pe.csv``."""

    LIMA_CALLAO = "Lima-Callao"
    CHILCA = "Chilca"
    AREQUIPA = "Arequipa"
    PIURA = "Piura"


class TariffOption(Choice):
    """Peru's medium-voltage options, a free contract, or the bill's own prices."""

    MT2 = "MT2"
    MT3 = "MT3"
    MT4 = "MT4"
    FREE = "free"
    OTHER = "other"


class BilledDemand(Choice):
    """How the billed distribution demand follows from monthly maxima."""

    MONTH_MAXIMUM = "month_maximum"
    MEAN_OF_TWO_HIGHEST_IN_SIX_MONTHS = "mean_of_two_highest_in_six_months"


class Measured(Choice):
    """How an amount was obtained; gives the default standard deviation."""

    METER = "meter"
    INVOICE = "invoice"
    ESTIMATE = "estimate"


class FlowKind(Choice):
    """What a flow is. Energy is entered in the bills, never here."""

    MATERIAL = "material"
    PRODUCT = "product"
    WATER = "water"
    WASTEWATER = "wastewater"
    WASTE = "waste"
    STOCK = "stock"


class Management(Choice):
    """What happens to a waste or a wastewater."""

    LANDFILL = "landfill"
    SECURE_LANDFILL = "secure_landfill"
    COPROCESSING = "coprocessing"
    INCINERATION = "incineration"
    RECYCLING = "recycling"
    REUSE = "reuse"
    COMPOSTING = "composting"
    TREATMENT = "treatment"
    SEWER = "sewer"


class BalanceOf(Choice):
    """Which quantity of a process must balance."""

    MASS = "mass"
    WATER = "water"
    NONE = "none"


class Carrier(Choice):
    """Energy carriers; fuels take their factors from ``data/factors/fuels.csv``."""

    ELECTRICITY = "electricity"
    NATURAL_GAS = "natural_gas"
    DIESEL = "diesel"
    LPG = "lpg"
    RESIDUAL_FUEL = "residual_fuel"
    COAL = "coal"
    BIOMASS = "biomass"


class Park(Row):
    """The park, the study year, and the study's one price date and exchange rate."""

    name: str = column("Park", "Name of the park or zone.")
    origin: DataOrigin = column(
        "Origin of the data", "Records of real firms, or a made-up example (marks every output SAMPLE)."
    )
    year: int = column("Study year", "Calendar year of bills and flows.", ge=2000, le=2100)
    place: SolarPlace = column("Solar place", "Place whose monthly sun is used.")
    latitude: float = column("Latitude", "Decimal degrees, south negative.", unit="°", ge=-90, le=90)
    longitude: float = column("Longitude", "Decimal degrees, west negative.", unit="°", ge=-180, le=180)
    area: float = column("Area", "Total area of the park.", unit="ha", gt=0)
    price_date: datetime.date = column("Price date", "The one date to which all prices of the study refer.")
    pen_per_usd: float = column("Exchange rate", "Soles per US dollar at the price date.", unit="PEN/USD", gt=1, lt=10)
    usd_per_eur: float = column("Euro rate", "US dollars per euro at the price date.", unit="USD/EUR", gt=0.5, lt=2)
    discount_rate: float = column(
        "Discount rate", "Real yearly rate for annuities and present value.", unit="%", ge=0, le=40
    )
    grid_factor_year: int = column(
        "Year of the grid factor", "Year of the grid emission factor (consumption basis).", ge=2000, le=2100
    )
    zone_tariff: TariffOption = column(
        "Tariff of the zone", "Tariff option of the zone's one connection in the design."
    )
    zone_gas_available: bool = column(
        "Natural gas in the zone", "Whether the zone's plant can be connected to natural gas."
    )
    grid_limit: float | None = column(
        "Grid connection limit", "Largest import of the zone; empty for no limit.", unit="MW", default=None, gt=0
    )


class Firm(Row):
    """A firm of the park."""

    firm: str = column("Firm", "Short code used in all sheets, such as E01.", pattern=r"^[A-Za-z0-9_]{1,20}$")
    ruc: str = column("RUC", "Tax number of 11 digits; the last one is a check digit.")
    name: str = column("Name", "Name of the firm.")
    isic: str = column("ISIC", "ISIC revision 4 class, two to four digits.", leading_zero=True, pattern=r"^\d{2,4}$")
    activity: str = column("Activity", "What the firm makes, in a few words.", default="")
    employees: int = column("Employees", "Mean number of employees in the study year.", ge=1)
    shifts: int = column("Shifts", "Shifts of eight hours on a working day.", ge=1, le=3)
    work_days: int = column("Working days", "Working days per week.", unit="days/week", ge=5, le=7)
    roof_area: float = column("Roof area", "Roof that could carry panels.", unit="m2", ge=0)
    latitude: float = column("Latitude", "Decimal degrees, south negative.", unit="°", ge=-90, le=90)
    longitude: float = column("Longitude", "Decimal degrees, west negative.", unit="°", ge=-180, le=180)

    @field_validator("ruc")
    @classmethod
    def check_ruc(cls, ruc: str) -> str:
        """Eleven digits with a right check digit (modulus 11, weights 5432765432)."""
        if not (ruc.isdigit() and len(ruc) == 11):
            raise PydanticCustomError("RUC-FORM", "RUC", {"ruc": ruc})
        if int(ruc[-1]) != ruc_check_digit(ruc[:10]):
            raise PydanticCustomError("RUC-DIGIT", "RUC", {"ruc": ruc})
        return ruc


def ruc_check_digit(first_ten: str) -> int:
    """Check digit of a RUC: 11 − (Σ digit·weight mod 11), 10 → 0, 11 → 1."""
    total = sum(int(digit) * weight for digit, weight in zip(first_ten, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2), strict=True))
    return {10: 0, 11: 1}.get(11 - total % 11, 11 - total % 11)


class Process(Row):
    """A process of a firm that flows can start or end at, and that must balance."""

    process: str = column("Process", "Code used in the flows, such as E03-TINTE.", pattern=r"^[A-Za-z0-9_\-]{1,30}$")
    firm: str = column("Firm", "Code of the firm.")
    name: str = column("Name", "Name of the process.")
    balance: BalanceOf = column("Balance", "Which quantity must balance: mass, water or none.")


class Flow(Row):
    """An amount of something that went from one node to another in a month."""

    month: Month = column("Month", "Month of the flow, such as 2025-03.")
    origin: str = column(
        "From", "Code of a firm or process, or an outside node: environment, market, grid, waste operator, unknown."
    )
    destination: str = column("To", "Code of a firm or process, or an outside node, as in the column From.")
    kind: FlowKind = column("Kind", "What the flow is. Energy is entered in the bills.")
    resource: str = column("Resource", "Name of the material, always spelt alike.")
    amount: float = column("Amount", "Amount in the month; zero if there was none.", ge=0)
    unit: str = column("Unit", "Unit of the amount: kg, t, L, m3.")
    measured: Measured = column("Measured by", "How the amount was obtained.")
    sigma: float | None = column(
        "Uncertainty",
        "Standard deviation; empty for the default (meter 2, invoice 5, estimate 30).",
        unit="%",
        default=None,
        gt=0,
        le=100,
    )
    waste_code: str | None = column(
        "Waste code", "Code of the European list of waste, such as 15 01 01; a star marks hazardous.", default=None
    )
    management: Management | None = column("Management", "What happens to a waste or wastewater.", default=None)
    unit_cost: float | None = column(
        "Unit cost", "What was paid per unit: purchase price, or disposal fee.", unit="PEN per unit", default=None, ge=0
    )

    @field_validator("origin", "destination")
    @classmethod
    def name_node(cls, node: str) -> str:
        """An outside node by its code, in whichever language it is written."""
        return outside_names().get(plain(node), node)


class ElectricityBill(Row):
    """One month of a firm's electricity bill."""

    firm: str = column("Firm", "Code of the firm.")
    month: Month = column("Month", "Billed month, such as 2025-03.")
    energy_peak: float = column("Energy in peak hours", "Active energy, 18:00–23:00.", unit="kWh", ge=0)
    energy_off_peak: float = column("Energy off peak", "Active energy in all other hours.", unit="kWh", ge=0)
    demand_peak: float = column("Maximum demand in peak hours", "Highest demand in peak hours.", unit="kW", ge=0)
    demand_off_peak: float = column("Maximum demand off peak", "Highest demand in all other hours.", unit="kW", ge=0)
    reactive: float = column("Reactive energy", "Reactive energy of the month.", unit="kvarh", ge=0, default=0.0)
    amount_paid: float | None = column(
        "Amount paid", "Billed amount without IGV, to compare with the computed bill.", unit="PEN", default=None, ge=0
    )


class Contract(Row):
    """How a firm buys electricity. Own prices are needed for the options free and other only."""

    firm: str = column("Firm", "Code of the firm.")
    option: TariffOption = column("Tariff option", "MT2, MT3, MT4, free, or other with the bill's own prices.")
    price_energy_peak: float | None = column(
        "Energy price in peak hours", "For free and other.", unit="PEN/kWh", default=None, ge=0
    )
    price_energy_off_peak: float | None = column(
        "Energy price off peak", "For free and other.", unit="PEN/kWh", default=None, ge=0
    )
    price_demand_peak: float | None = column(
        "Capacity price",
        "For free and other: on the maximum demand in peak hours.",
        unit="PEN/kW-month",
        default=None,
        ge=0,
    )
    price_demand_excess: float | None = column(
        "Excess demand price",
        "For other: on the excess of off-peak over peak demand.",
        unit="PEN/kW-month",
        default=None,
        ge=0,
    )
    price_fixed: float | None = column("Fixed charge", "For free and other.", unit="PEN/month", default=None, ge=0)
    billed_demand: BilledDemand = column(
        "Rule for billed demand",
        "How billed distribution demand follows from monthly maxima.",
        default=BilledDemand.MONTH_MAXIMUM,
    )
    rest_days_exempt: bool = column(
        "Rest days exempt", "Whether Sundays and holidays have no peak hours.", default=True
    )


class FuelBill(Row):
    """One month of a firm's purchases of a fuel, in the unit of the bill."""

    firm: str = column("Firm", "Code of the firm.")
    month: Month = column("Month", "Billed month, such as 2025-03.")
    carrier: Carrier = column("Fuel", "The fuel; electricity has its own sheet.")
    amount: float = column("Amount", "Amount of the bill; zero if there was none.", ge=0)
    unit: str = column("Unit", "Unit of the bill: m3, gal, L, kg, t, MMBtu.")
    measured: Measured = column("Measured by", "How the amount was obtained.", default=Measured.INVOICE)


class PriceItem(Choice):
    """What the study needs a price for."""

    NATURAL_GAS = "natural_gas"
    DIESEL = "diesel"
    LPG = "lpg"
    RESIDUAL_FUEL = "residual_fuel"
    COAL = "coal"
    BIOMASS = "biomass"
    WATER = "water"
    SEWER = "sewer"
    LANDFILL = "landfill"
    SECURE_LANDFILL = "secure_landfill"
    COPROCESSING = "coprocessing"
    INCINERATION = "incineration"
    FREIGHT = "freight"
    FREIGHT_MINIMUM = "freight_minimum"
    HANDLING = "handling"
    CARBON = "carbon"


class PriceStatus(Choice):
    """How well a price is founded."""

    SOURCED = "sourced"
    SECONDARY = "secondary"
    DERIVED = "derived"
    UNVERIFIED = "unverified"
    MADE_UP = "made_up"


class Price(Row):
    """One price of the study, with its band, date and source."""

    item: PriceItem = column("Item", "What the price is for.")
    value: float = column("Price", "Price per unit, without IGV.", ge=0)
    currency: str = column("Currency", "PEN, USD or EUR.", pattern=r"^(PEN|USD|EUR)$")
    unit: str = column("Unit", "Unit the price is for: m3, gal, kg, t, t km, MMBtu.")
    low: float | None = column("Low", "Lower end of the band.", default=None, ge=0)
    high: float | None = column("High", "Upper end of the band.", default=None, ge=0)
    date: str = column("Date", "Date of the price, such as 2023-11.")
    source: str = column("Source", "Where the price was read.")
    status: PriceStatus = column("Status", "How well the price is founded.")


class Substance(Row):
    """A chemical that a firm uses or stores."""

    firm: str = column("Firm", "Code of the firm.")
    substance: str = column("Substance", "Name of the substance.")
    cas: str = column("CAS", "CAS number, such as 7647-01-0; the last digit is a check digit.")
    use: float = column("Use", "Use in the study year.", unit="kg/year", ge=0)
    stock: float = column("Largest stock", "Largest stock in the study year.", unit="kg", ge=0)
    hazard_class: str = column("Hazard class", "GHS class, such as corrosive, flammable, toxic, oxidising.")
    store: str = column("Store", "Code of the store where it is kept.")

    @field_validator("cas")
    @classmethod
    def check_cas(cls, cas: str) -> str:
        """Form and check digit (Σ position·digit mod 10, from the right)."""
        digits = cas.replace("-", "")
        well_formed = digits.isdigit() and [len(part) for part in cas.split("-")][1:] == [2, 1] and len(digits) >= 5
        if not well_formed:
            raise PydanticCustomError("CAS-FORM", "CAS", {"cas": cas})
        total = sum(place * int(digit) for place, digit in enumerate(reversed(digits[:-1]), 1))
        if total % 10 != int(digits[-1]):
            raise PydanticCustomError("CAS-DIGIT", "CAS", {"cas": cas})
        return cas


PARK = Sheet("park", Park, form=True)
FIRMS = Sheet("firms", Firm, unique=("firm",))
PROCESSES = Sheet("processes", Process, unique=("process",), required=False)
FLOWS = Sheet("flows", Flow, unique=("month", "origin", "destination", "kind", "resource", "waste_code", "management"))
ELECTRICITY_BILLS = Sheet("electricity_bills", ElectricityBill, unique=("firm", "month"))
CONTRACTS = Sheet("contracts", Contract, unique=("firm",))
FUEL_BILLS = Sheet("fuel_bills", FuelBill, unique=("firm", "month", "carrier"), required=False)
PRICES = Sheet("prices", Price, unique=("item",))
SUBSTANCES = Sheet("substances", Substance, unique=("firm", "cas", "store"), required=False)
SHEETS = (PARK, FIRMS, PROCESSES, FLOWS, ELECTRICITY_BILLS, CONTRACTS, FUEL_BILLS, PRICES, SUBSTANCES)
