"""Who gets into the addresses of publications: everybody reads them, only officers of the country make them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from access import EVERYBODY, RECORD_READERS, Entry
from ayni.portal.dashboards.models import Publication
from ayni.portal.dashboards.publications import publish
from ayni.portal.people.actor import Actor, Grant
from ayni.portal.people.models import Role
from ayni.portal.records.models import SubmissionState
from portal_samples import World
from records_samples import YEAR, make_accepted, own_rows


def accepted(world: World) -> Mapping[str, Any]:
    """A year with something to publish."""
    people = world.people
    if not world.site.submissions.filter(year=YEAR, state=SubmissionState.ACCEPTED).exists():
        make_accepted(world.site, own_rows(world.site), people["firm_manager"], people["officer"])
    return {"year": YEAR}


def publication(world: World) -> Mapping[str, Any]:
    """A publication; none of the personas answers for the whole country, so somebody else makes it."""
    year = accepted(world)["year"]
    if made := Publication.objects.filter(year=year).first():
        return {"year": year, "number": made.number}
    author = Actor(world.people["officer"], (Grant(Role.OFFICER, world.ministry.pk, ""),), has_second_factor=True)
    return {"year": year, "number": publish(author, year).number}


def published_total(world: World) -> Mapping[str, Any]:
    """One total of it."""
    return {**publication(world), "area": "PE", "code": "energy.total"}


def year_published(world: World) -> Mapping[str, Any]:
    """The year of a publication."""
    return {"year": publication(world)["year"]}


def site_year(world: World) -> Mapping[str, Any]:
    """The own site's year."""
    return {"site": world.site.pk, **accepted(world)}


ENTRIES = [
    Entry("dashboards:publications", EVERYBODY),
    Entry("dashboards:publish", frozenset(), "POST", kwargs=accepted),
    Entry("dashboards:publication", EVERYBODY, kwargs=publication),
    Entry("dashboards:publication_csv", EVERYBODY, kwargs=publication),
    Entry("dashboards:publication_json", EVERYBODY, kwargs=publication),
    Entry("dashboards:published_total", EVERYBODY, kwargs=published_total),
    Entry("api:dashboards_publications", EVERYBODY),
    Entry("api:dashboards_totals", EVERYBODY, kwargs=year_published),
    Entry("api:dashboards_firm", RECORD_READERS - {"elevated_administrator"}, kwargs=site_year),
]
