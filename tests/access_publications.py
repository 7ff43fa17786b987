"""Who gets into the addresses of publications: everybody reads them, only officers of the country make them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from access import EVERYBODY, Entry
from ayni.portal.dashboards.publications import publish
from ayni.portal.people.actor import Actor, Grant
from ayni.portal.people.models import Role
from portal_samples import World
from records_samples import YEAR, make_accepted, own_rows


def accepted(world: World) -> Mapping[str, Any]:
    """A year with something to publish."""
    people = world.people
    make_accepted(world.site, own_rows(world.site), people["firm_manager"], people["officer"])
    return {"year": YEAR}


def publication(world: World) -> Mapping[str, Any]:
    """A publication; none of the personas answers for the whole country, so somebody else makes it."""
    year = accepted(world)["year"]
    author = Actor(world.people["officer"], (Grant(Role.OFFICER, world.ministry.pk, ""),), has_second_factor=True)
    return {"year": year, "number": publish(author, year).number}


def published_total(world: World) -> Mapping[str, Any]:
    """One total of it."""
    return {**publication(world), "area": "PE", "code": "energy.total"}


ENTRIES = [
    Entry("dashboards:publications", EVERYBODY),
    Entry("dashboards:publish", frozenset(), "POST", kwargs=accepted),
    Entry("dashboards:publication", EVERYBODY, kwargs=publication),
    Entry("dashboards:publication_csv", EVERYBODY, kwargs=publication),
    Entry("dashboards:publication_json", EVERYBODY, kwargs=publication),
    Entry("dashboards:published_total", EVERYBODY, kwargs=published_total),
]
