"""What it costs to carry a material from firm to firm."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, cos, radians, sin, sqrt

from ayni.ledger.ledger import Ledger
from ayni.ledger.prices import FREIGHT_UNIT, price_per
from ayni.ledger.schema import Firm, Park, PriceItem

EARTH_RADIUS = 6371.0088
"""Mean radius [km] (IUGG)."""

ITEMS = (PriceItem.FREIGHT, PriceItem.FREIGHT_MINIMUM, PriceItem.HANDLING)


@dataclass(frozen=True)
class Carriage:
    """A way between two firms: ``distance`` [km, great circle], ``freight`` and ``handling`` [PEN per unit]."""

    distance: float
    freight: float
    handling: float


def carriage(ledger: Ledger, giver: str, taker: str, unit: str) -> Carriage:
    """The carriage of a tonne, or of a cubic metre. Raises MissingPrice.

    Freight per tonne = max(distance × price per t km, price of a short haul). Water flows in a pipe: the price list has
    no price for it, and what pipe and pump cost belongs to the offer's treatment cost.
    """
    distance = great_circle(ledger.firms[giver], ledger.firms[taker])
    if unit != "t":
        return Carriage(distance, 0.0, 0.0)
    per_km = price_per(ledger, PriceItem.FREIGHT, FREIGHT_UNIT)
    short_haul, handling = (price_per(ledger, item, unit) for item in (PriceItem.FREIGHT_MINIMUM, PriceItem.HANDLING))
    return Carriage(distance, max(distance * per_km, short_haul), handling)


def great_circle(origin: Firm | Park, destination: Firm | Park) -> float:
    """Distance on the sphere [km] (haversine formula, Sinnott 1984)."""
    latitudes = radians(origin.latitude), radians(destination.latitude)
    half_latitude = (latitudes[1] - latitudes[0]) / 2
    half_longitude = radians(destination.longitude - origin.longitude) / 2
    chord = sin(half_latitude) ** 2 + cos(latitudes[0]) * cos(latitudes[1]) * sin(half_longitude) ** 2
    return 2 * EARTH_RADIUS * asin(sqrt(min(chord, 1.0)))
