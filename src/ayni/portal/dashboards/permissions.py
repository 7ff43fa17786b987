"""Who sees live totals. Everybody else sees published totals, or that there are none yet.

Live totals for readers who may not read every contributing record would give single records away: by the difference
of two looks, or of a park and its firms.
"""

from __future__ import annotations

from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import YES, Answer, no
from ayni.portal.places.models import Park, Site
from ayni.portal.places.permissions import may_read_park_records, may_read_site_records, readable_sites
from ayni.portal.records.models import Submission, SubmissionState


def may_read_firm(actor: Actor, site: Site) -> Answer:
    """The dashboard of a site: those who may read its records."""
    return may_read_site_records(actor, site)


def may_see_tenants(actor: Actor, park: Park) -> Answer:
    """Which tenants handed in, without figures: those who may read what the park keeps."""
    return may_read_park_records(actor, park)


def may_see_live_park(actor: Actor, park: Park, year: int) -> Answer:
    """Live totals of a park: those who may read the record of every site that counts, at least one."""
    counted = Submission.objects.filter(site__park=park, year=year, state=SubmissionState.ACCEPTED)
    sites = set(counted.values_list("site", flat=True))
    if sites and readable_sites(actor).filter(pk__in=sites).count() == len(sites):
        return YES
    return no("dashboards.refused.live")


def may_see_live_area(actor: Actor, prefix: str) -> Answer:
    """Live totals of a region (first digits of the ubigeo) or, with nothing, of the country: officers of all of it."""
    return YES if actor.covers(prefix) or actor.is_elevated else no("dashboards.refused.live")


def may_publish(actor: Actor) -> Answer:
    """Make the totals of a year public, and read why some are hidden: officers of the country."""
    if "" not in actor.areas():
        return no("dashboards.refused.publish")
    return YES if actor.may_use("write") else no("dashboards.refused.scope")


def may_see_reasons(actor: Actor) -> Answer:
    """Why a published total is hidden: officers of the country, and elevated access."""
    return YES if "" in actor.areas() or actor.is_elevated else no("dashboards.refused.publish")
