"""The zone's sheets: equipment, heat and cold needs, waste heat, load profiles, measures."""

from __future__ import annotations

from ayni.base.sheets import Choice, Row, Sheet, column
from ayni.ledger.schema import Carrier


class EquipmentKind(Choice):
    """What an equipment does with its carrier. Boilers and chillers can be replaced by the design."""

    STEAM_BOILER = "steam_boiler"
    HOT_WATER_BOILER = "hot_water_boiler"
    FURNACE = "furnace"
    CHILLER = "chiller"
    COMPRESSOR = "compressor"
    ENGINE = "engine"
    MOTORS = "motors"
    LIGHTING = "lighting"
    VEHICLES = "vehicles"
    OTHER = "other"


class NeedKind(Choice):
    """Heat or cold."""

    HEAT = "heat"
    COLD = "cold"


class ProfileUnit(Choice):
    """Unit of the values in a profile file."""

    KWH = "kWh"
    KW = "kW"


class MeasureKind(Choice):
    """What a measure acts on."""

    EFFICIENCY = "efficiency"
    CHEMICALS = "chemicals"


class Equipment(Row):
    """A consumer of a carrier; ``share`` says which part of the firm's bills of that carrier it takes."""

    equipment: str = column("Equipment", "Code, such as E03-CAL1.", pattern=r"^[A-Za-z0-9_\-]{1,30}$")
    firm: str = column("Firm", "Code of the firm.")
    kind: EquipmentKind = column("Kind", "What it does.")
    carrier: Carrier = column("Carrier", "Electricity, natural gas, diesel, LPG, residual fuel oil, coal or biomass.")
    share: float = column(
        "Share of the carrier", "Part of the firm's yearly use of the carrier that it takes.", unit="%", gt=0, le=100
    )
    efficiency: float = column(
        "Efficiency or COP",
        "Useful output per input (lower heating value); COP for chillers.",
        gt=0,
        le=10,
        default=1.0,
    )
    capacity: float | None = column("Capacity", "Rated useful output.", unit="MW", default=None, gt=0)


class HeatNeed(Row):
    """A firm's need of heat or cold at one temperature, as a share of what its boilers or chillers give."""

    firm: str = column("Firm", "Code of the firm.")
    kind: NeedKind = column("Kind", "Heat or cold.")
    temperature: float = column("Temperature", "Temperature at which it is needed.", unit="°C", ge=-60, le=1500)
    share: float = column(
        "Share", "Part of the useful heat (or cold) of the firm's boilers (or chillers).", unit="%", gt=0, le=100
    )


class WasteHeat(Row):
    """Heat that leaves a firm unused and could be recovered."""

    firm: str = column("Firm", "Code of the firm.")
    source: str = column("Source", "Where the heat arises, such as furnace flue gas.")
    temperature: float = column("Temperature", "Temperature of the source.", unit="°C", gt=0, le=1500)
    energy: float = column(
        "Heat", "Recoverable heat per year, before the exchanger's effectiveness.", unit="MWh/year", gt=0
    )


class Profile(Row):
    """A measured load profile in a CSV beside the workbook; only its shape is used, bills give the level."""

    firm: str = column("Firm", "Code of the firm.")
    file: str = column(
        "File", "CSV beside the workbook with the columns interval_start and value.", pattern=r"^[\w\-.]+\.csv(\.gz)?$"
    )
    unit: ProfileUnit = column("Unit", "kWh per interval, or mean kW.")
    year: int = column("Year", "Year in which it was measured.", ge=1990, le=2100)
    is_foreign: bool = column(
        "Of another plant",
        "Yes if the profile was measured at another plant; it is aligned to the study year and labelled.",
    )
    source: str = column("Source", "Where the profile comes from, with its licence.")


class Measure(Row):
    """A measure that the design may choose: saves a share of an equipment's energy, or a substance."""

    measure: str = column("Measure", "Code, such as M07.", pattern=r"^[A-Za-z0-9_\-]{1,30}$")
    firm: str = column("Firm", "Code of the firm.")
    name: str = column("Name", "What is done.")
    kind: MeasureKind = column("Kind", "Efficiency or chemicals.")
    equipment: str | None = column("Equipment", "Code of the equipment it acts on; for efficiency.", default=None)
    saving: float | None = column(
        "Saving", "Part of the equipment's energy that is saved.", unit="%", default=None, gt=0, le=95
    )
    saving_low: float | None = column("Saving, low", "Lower end of the band.", unit="%", default=None, ge=0, le=95)
    saving_high: float | None = column("Saving, high", "Upper end of the band.", unit="%", default=None, ge=0, le=95)
    substance: str | None = column("Substance", "CAS number of the substance avoided; for chemicals.", default=None)
    substance_avoided: float | None = column(
        "Substance avoided", "Amount avoided per year.", unit="kg/year", default=None, ge=0
    )
    cost_avoided: float | None = column(
        "Cost avoided", "Purchase and disposal avoided per year, for chemicals.", unit="PEN/year", default=None, ge=0
    )
    investment: float = column("Investment", "Investment.", unit="PEN", ge=0)
    operation_cost: float = column("Operation cost", "Additional yearly cost.", unit="PEN/year", default=0.0)
    life: float = column("Life", "Years that the measure lasts.", unit="years", gt=0, le=60)
    source: str = column("Source", "Where effect and cost come from, with status.")


EQUIPMENT = Sheet("equipment", Equipment, unique=("equipment",))
HEAT_NEEDS = Sheet("heat_needs", HeatNeed, unique=("firm", "kind", "temperature"), required=False)
WASTE_HEAT = Sheet("waste_heat", WasteHeat, unique=("firm", "source"), required=False)
PROFILES = Sheet("profiles", Profile, unique=("firm",), required=False)
MEASURES = Sheet("measures", Measure, unique=("measure",), required=False)
SHEETS = (EQUIPMENT, HEAT_NEEDS, WASTE_HEAT, PROFILES, MEASURES)
