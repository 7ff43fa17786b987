"""The programme's own places as they ship: districts, parks, dated facts, the line of occupancy, the outline."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from ayni.base.csv_reading import read_csv_rows
from ayni.base.findings import refuse_errors
from ayni.base.sheets import Row, RowOf, column

FOLDER = Path(str(resources.files("ayni.data"))) / "programme"

DATE = r"\d{4}(-\d{2}(-\d{2})?|–\d{4})?"
"""A day, a month, a year, or the two years between which it lies."""
STATUS = "sourced|derived|secondary|unverified"


class _DataRow(Row):
    source: str = column("Source", "Publisher and document.")
    date: str = column("Date", "Day, month, year, or the two years between which it lies.", pattern=f"^{DATE}$")
    status: str = column("Status", "How well it is founded.", pattern=f"^({STATUS})$")


class _NotedRow(_DataRow):
    note_es: str = column("Note in Spanish", "What a reader must know.", default="")
    note_en: str = column("Note in English", "What a reader must know.", default="")


class _PlacedRow(_NotedRow):
    name: str = column("Name", "Name.")
    ubigeo: str = column("District", "Its code, six digits.", pattern=r"^\d{6}$")
    latitude: float = column("Latitude", "South negative.", unit="°", ge=-90, le=90)
    longitude: float = column("Longitude", "West negative.", unit="°", ge=-180, le=180)
    position_source: str = column("Source of the position", "Publisher and document.")
    position_status: str = column("Status of the position", "How well it is founded.", pattern=f"^({STATUS})$")


class DistrictRow(_PlacedRow):
    """A district."""

    province: str = column("Province", "Name.")
    region: str = column("Region", "Name.")
    is_zis: bool = column("ZIS", "Whether it is one of the Sustainable Industrial Zones.")


class ParkRow(_PlacedRow):
    """A park."""

    slug: str = column("Slug", "Its name in addresses.", pattern=r"^[a-z0-9-]+$")
    position_error: float = column("Error of the position", "How far the true place may be.", unit="km", ge=0)
    place: str = column("Place", "Where it lies, in words.")


class FactRow(_NotedRow):
    """What a source said of a park: a value, or a range."""

    park: str = column("Park", "Slug.")
    quantity: str = column("Quantity", "What is said.")
    basis: str = column("Basis", "What an occupancy counts.", default="")
    part: str = column("Part", "Part of the park.", default="")
    qualifier: str = column("Qualifier", "About, more than, from.", pattern="^(about|more_than|from)?$", default="")
    value: float | None = column("Value", "Value.", default=None)
    low: float | None = column("Low", "Low end.", default=None)
    high: float | None = column("High", "High end.", default=None)
    unit: str = column("Unit", "Unit.", default="")


class LineRow(_NotedRow):
    """What a framework asks of a quantity."""

    quantity: str = column("Quantity", "What is asked of.")
    comparator: str = column("Comparator", "At least.", pattern="^>=$")
    target: float = column("Target", "The line.")
    unit: str = column("Unit", "Unit.")


def _rows(name: str, model: type[RowOf], *unique: str) -> tuple[RowOf, ...]:
    rows, findings = read_csv_rows(FOLDER / name, model, unique)
    refuse_errors(findings)
    return tuple(rows)


def district_rows() -> tuple[DistrictRow, ...]:
    """The districts. Raises Refused where the file is not as it should be; so do the others."""
    return _rows("districts.csv", DistrictRow, "ubigeo")


def park_rows() -> tuple[ParkRow, ...]:
    """The parks."""
    return _rows("parks.csv", ParkRow, "slug")


def fact_rows() -> tuple[FactRow, ...]:
    """Every dated fact of a park."""
    return _rows("park_facts.csv", FactRow, "park", "quantity", "basis", "part", "date", "source")


@cache
def occupancy_line() -> LineRow:
    """The line that an occupancy is held against."""
    return _rows("park_lines.csv", LineRow, "quantity")[0]


@cache
def outline() -> bytes:
    """The country's outline as GeoJSON."""
    return (FOLDER / "outline_pe.geojson").read_bytes()
