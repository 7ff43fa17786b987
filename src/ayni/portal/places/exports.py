"""Places as rows for CSV, JSON and the API; statuses and sources travel with the numbers."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any

from ayni.portal.people.actor import Actor
from ayni.portal.places.facts import OCCUPANCY, verdict_of
from ayni.portal.places.models import District, Park, ParkFact, Site
from ayni.portal.places.permissions import may_know_site_closely

Record = dict[str, Any]
FORMULA_SIGNS = ("=", "+", "-", "@", "\t", "\r")
"""A spreadsheet would calculate a text that begins so."""


def park_record(park: Park) -> Record:
    """A park of ``queries.parks``."""
    return {
        "slug": park.slug, "name": park.name, "operator": park.operator.name if park.operator else None,
        "district": park.district_id, "district_name": park.district.name, "place": park.place,
        "latitude": park.latitude, "longitude": park.longitude, "position_error": park.position_error,
        "position_source": park.position_source, "position_status": park.position_status, "source": park.source,
        "date": park.date, "status": park.status, "firm_count": park.firm_count,  # type: ignore[attr-defined]
        "is_sample": park.is_sample, "note_es": park.note_es, "note_en": park.note_en,
    }  # fmt: skip


def fact_record(fact: ParkFact) -> Record:
    """A fact of ``queries.facts``; ``meets_line`` is the verdict of an occupancy on the line."""
    return {
        "park": fact.park.slug, "quantity": fact.quantity, "basis": fact.basis, "part": fact.part,
        "qualifier": fact.qualifier, "value": fact.value, "low": fact.low, "high": fact.high, "unit": fact.unit,
        "date": fact.date, "source": fact.source, "status": fact.status,
        "meets_line": verdict_of(fact).value if fact.quantity == OCCUPANCY else None,
        "note_es": fact.note_es, "note_en": fact.note_en,
    }  # fmt: skip


def district_record(district: District) -> Record:
    """A district of ``queries.districts``."""
    return {
        "ubigeo": district.ubigeo, "name": district.name, "province": district.province, "region": district.region,
        "latitude": district.latitude, "longitude": district.longitude, "position_source": district.position_source,
        "position_status": district.position_status, "is_zis": district.is_zis, "source": district.source,
        "date": district.date, "status": district.status,
        "firm_count": district.firm_count, "park_count": district.park_count,  # type: ignore[attr-defined]
        "note_es": district.note_es, "note_en": district.note_en,
    }  # fmt: skip


def site_record(actor: Actor, site: Site) -> Record:
    """A site that the actor may know of; code and tax number only for those who know it closely."""
    is_close = bool(may_know_site_closely(actor, site))
    return {
        "id": site.pk, "name": site.name, "firm": site.organisation.name, "isic": site.isic,
        "district": site.district_id, "district_name": site.district.name,
        "park": site.park.slug if site.park else None, "latitude": site.latitude, "longitude": site.longitude,
        "is_operating": site.is_operating, "is_public": site.organisation.is_public, "is_sample": site.is_sample,
        "code": site.code if is_close else None, "ruc": site.organisation.ruc if is_close else None,
    }  # fmt: skip


def plain_cell(value: object) -> object:
    """A cell that no spreadsheet takes for a formula."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA_SIGNS) else value


def csv_text(headers: Iterable[str], records: Iterable[Mapping[str, Any]]) -> str:
    """Records as CSV with a line of headers."""
    names = list(headers)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(names)
    writer.writerows([plain_cell(record[name]) for name in names] for record in records)
    return out.getvalue()


PARK_HEADERS = (
    "slug", "name", "operator", "district", "district_name", "place", "latitude", "longitude", "position_error",
    "position_source", "position_status", "source", "date", "status", "firm_count", "is_sample", "note_es", "note_en",
)  # fmt: skip
FACT_HEADERS = (
    "park", "quantity", "basis", "part", "qualifier", "value", "low", "high", "unit", "date", "source", "status",
    "meets_line", "note_es", "note_en",
)  # fmt: skip
DISTRICT_HEADERS = (
    "ubigeo", "name", "province", "region", "latitude", "longitude", "position_source", "position_status", "is_zis",
    "source", "date", "status", "firm_count", "park_count", "note_es", "note_en",
)  # fmt: skip
SITE_HEADERS = (
    "id", "name", "firm", "isic", "district", "district_name", "park", "latitude", "longitude", "is_operating",
    "is_public", "is_sample", "code", "ruc",
)  # fmt: skip
