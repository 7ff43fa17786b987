"""The exchange's sheets: offers and wants. Amounts come from the ledger's flows, so none is typed here."""

from __future__ import annotations

from ayni.base.sheets import Choice, Row, Sheet, column


class OutputClass(Choice):
    """Class of a listing; it decides who may receive it."""

    BY_PRODUCT = "by_product"
    DISCARDED_MATERIAL = "discarded_material"
    WASTE = "waste"


class Offer(Row):
    """A resource that a firm gives off and another could use."""

    offer: str = column("Offer", "Code, such as O01.", pattern=r"^[A-Za-z0-9_\-]{1,30}$")
    firm: str = column("Firm", "Code of the giving firm.")
    resource: str = column("Resource", "Name of the resource as in the flows that leave the firm.")
    material: str = column(
        "Material",
        "Material class shared with wants, such as cardboard, PET, wood, organic, ferrous scrap, treated water.",
    )
    output_class: OutputClass = column("Class", "By-product, discarded material or waste.")
    hazardous: bool = column("Hazardous", "Whether it is on the hazardous list.")
    share: float = column("Share on offer", "Part of the monthly flow that is on offer.", unit="%", gt=0, le=100)
    quality: str | None = column(
        "Quality parameter", "What limits the use, such as moisture or contaminants.", default=None
    )
    quality_value: float | None = column(
        "Quality value", "Value of the parameter, in the unit of the want.", default=None, ge=0
    )
    treatment_cost: float = column(
        "Treatment cost", "Sorting, baling or treatment per tonne (or m3).", unit="PEN/t", ge=0, default=0.0
    )
    instrument_covers: bool = column(
        "Covered by the instrument", "Whether the giver's environmental instrument covers the delivery."
    )


class Want(Row):
    """A resource that a firm buys and could take from another."""

    want: str = column("Want", "Code, such as W01.", pattern=r"^[A-Za-z0-9_\-]{1,30}$")
    firm: str = column("Firm", "Code of the taking firm.")
    resource: str = column("Resource", "Name of the resource as in the flows that enter the firm.")
    material: str = column("Material", "Material class shared with offers.")
    share: float = column(
        "Share replaceable", "Part of the monthly purchase that can be replaced.", unit="%", gt=0, le=100
    )
    substitution: float = column(
        "Substitution", "Amount of the bought resource replaced per unit received.", gt=0, le=2, default=1.0
    )
    quality: str | None = column("Quality parameter", "Same parameter as in the offers.", default=None)
    quality_max: float | None = column("Quality limit", "Largest accepted value of the parameter.", default=None, ge=0)
    purchase_price: float = column(
        "Purchase price", "Price of what is bought now, per tonne (or m3).", unit="PEN/t", ge=0
    )
    is_waste_operator: bool = column(
        "Waste operator", "Whether the firm is a registered waste operator (EO-RS) for valorisation."
    )
    instrument_covers: bool = column(
        "Covered by the instrument", "Whether the taker's environmental instrument covers the use."
    )


OFFERS = Sheet("offers", Offer, unique=("offer",), required=False)
WANTS = Sheet("wants", Want, unique=("want",), required=False)
SHEETS = (OFFERS, WANTS)
