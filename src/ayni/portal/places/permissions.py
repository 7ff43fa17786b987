"""Who may read a place's records, and who may change the place. Records and dashboards ask here."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import YES, Answer, no
from ayni.portal.people.models import Role
from ayni.portal.places.models import Park, Site

FIRM_ROLES = (Role.FIRM_MEMBER, Role.FIRM_MANAGER)
PARK_ROLES = (Role.PARK_OPERATOR, Role.CONSULTANT)


def may_read_site_records(actor: Actor, site: Site) -> Answer:
    """The firm itself, officers of its district, verifiers that it engaged, elevated access; its park if it agreed."""
    if (
        actor.holds(site.organisation_id, *FIRM_ROLES)
        or actor.covers(site.district_id)
        or site.organisation_id in actor.engaged_firms
        or actor.is_elevated
    ):
        return YES
    if site.park and actor.holds(site.park.operator_id, *PARK_ROLES):
        return YES if site.is_shared_with_park else no("places.refused.tenant_records")
    return no("places.refused.site_records")


def may_read_park_records(actor: Actor, park: Park) -> Answer:
    """What the park itself keeps (prices, answers, inputs): its operator and consultants, officers, elevated access."""
    if actor.holds(park.operator_id, *PARK_ROLES) or actor.covers(park.district_id) or actor.is_elevated:
        return YES
    return no("places.refused.park_records")


def readable_sites(actor: Actor) -> QuerySet[Site]:
    """The sites whose records the actor may read: the same rule as ``may_read_site_records``, as a query."""
    if actor.is_elevated:
        return Site.objects.all()
    rule = Q(organisation__in=actor.organisations(*FIRM_ROLES)) | Q(organisation__in=actor.engaged_firms)
    rule |= Q(is_shared_with_park=True, park__operator__in=actor.organisations(*PARK_ROLES))
    for area in actor.areas():
        rule |= Q(district__ubigeo__startswith=area)
    return Site.objects.filter(rule)


def readable_parks(actor: Actor) -> QuerySet[Park]:
    """The parks whose own records the actor may read: the same rule as ``may_read_park_records``, as a query."""
    if actor.is_elevated:
        return Park.objects.all()
    rule = Q(operator__in=actor.organisations(*PARK_ROLES))
    for area in actor.areas():
        rule |= Q(district__ubigeo__startswith=area)
    return Park.objects.filter(rule)
