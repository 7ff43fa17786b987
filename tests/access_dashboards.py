"""Who gets into the addresses of dashboards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from access import EVERYBODY, RECORD_READERS, Entry
from ayni.portal.records.models import IndicatorValue
from portal_samples import World
from records_samples import YEAR, make_accepted, own_rows


def firm(world: World) -> Mapping[str, Any]:
    """The own site."""
    return {"pk": world.site.pk}


def park(world: World) -> Mapping[str, Any]:
    """The own park."""
    return {"slug": world.park.slug}


def _accept(world: World) -> str:
    people = world.people
    record = make_accepted(world.site, own_rows(world.site), people["firm_manager"], people["officer"])
    return IndicatorValue.objects.filter(submission=record, code="energy.total").get(month=0).code


def total(world: World) -> Mapping[str, Any]:
    """A total of the own site's accepted record."""
    return {"pk": world.site.pk, "year": YEAR, "code": _accept(world)}


def park_total(world: World) -> Mapping[str, Any]:
    """A total of the own park, of which only the own site handed in."""
    return {"slug": world.park.slug, "year": YEAR, "code": _accept(world)}


ENTRIES = [
    Entry("dashboards:home", EVERYBODY),
    Entry("dashboards:country", EVERYBODY),
    Entry("dashboards:region", EVERYBODY, kwargs=lambda _: {"ubigeo": "15"}),
    Entry("dashboards:park", EVERYBODY, kwargs=park),
    Entry("dashboards:park_indicator", RECORD_READERS, kwargs=park_total),
    Entry("dashboards:firm", RECORD_READERS, kwargs=firm),
    Entry("dashboards:indicator", RECORD_READERS, kwargs=total),
]
