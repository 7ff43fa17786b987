"""Who may know a place, read its records, and change it. Records and dashboards ask here."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import YES, Answer, first_no, no
from ayni.portal.people.models import Organisation, Role
from ayni.portal.places.models import District, Park, Site

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
    shared = Q(is_shared_with_park=True, park__operator__in=actor.organisations(*PARK_ROLES))
    return Site.objects.filter(_stands_near(actor) | shared)


def readable_parks(actor: Actor) -> QuerySet[Park]:
    """The parks whose own records the actor may read: the same rule as ``may_read_park_records``, as a query."""
    if actor.is_elevated:
        return Park.objects.all()
    rule = Q(operator__in=actor.organisations(*PARK_ROLES))
    for area in actor.areas():
        rule |= Q(district__ubigeo__startswith=area)
    return Park.objects.filter(rule)


def _stands_near(actor: Actor) -> Q:
    """Sites of the actor's own firms, of firms that engaged them, and of their area."""
    rule = Q(organisation__in=actor.organisations(*FIRM_ROLES)) | Q(organisation__in=actor.engaged_firms)
    for area in actor.areas():
        rule |= Q(district__ubigeo__startswith=area)
    return rule


def may_know_site_closely(actor: Actor, site: Site) -> Answer:
    """Code and tax number: readers of its records, and its park, which uses the code.

    Results of a park name firms by code: whoever knows a firm's code finds its figures there.
    """
    if site.park and actor.holds(site.park.operator_id, *PARK_ROLES):
        return YES
    return may_read_site_records(actor, site)


def may_know_site(actor: Actor, site: Site) -> Answer:
    """That the firm is here, and its name: everybody where the firm published it, else those who know it closely."""
    return YES if site.organisation.is_public else may_know_site_closely(actor, site)


def visible_sites(actor: Actor) -> QuerySet[Site]:
    """The sites that the actor may know of: the same rule as ``may_know_site``, as a query."""
    if actor.is_elevated:
        return Site.objects.all()
    in_own_parks = Q(park__operator__in=actor.organisations(*PARK_ROLES))
    return Site.objects.filter(Q(organisation__is_public=True) | in_own_parks | _stands_near(actor))


def _may_write(actor: Actor) -> Answer:
    return YES if actor.may_use("write") else no("places.refused.scope")


def may_create_park(actor: Actor) -> Answer:
    """An officer, in their own area."""
    return first_no(_may_write(actor), YES if actor.has_role(Role.OFFICER) else no("places.refused.officer"))


def may_enter_in_district(actor: Actor, district: District) -> Answer:
    """An officer whose area holds the district."""
    return first_no(_may_write(actor), YES if actor.covers(district.ubigeo) else no("places.refused.area"))


def may_change_park(actor: Actor, park: Park) -> Answer:
    """Officers of its area."""
    return first_no(_may_write(actor), YES if actor.covers(park.district_id) else no("places.refused.area"))


def may_change_plots(actor: Actor, park: Park) -> Answer:
    """The park's operator, and officers of its area; consultants do not."""
    allowed = actor.holds(park.operator_id, Role.PARK_OPERATOR) or actor.covers(park.district_id)
    return first_no(_may_write(actor), YES if allowed else no("places.refused.plots"))


def may_create_sites(actor: Actor) -> Answer:
    """Somebody who may enter a site somewhere: managers for their firm, officers for their area."""
    allowed = actor.has_role(Role.FIRM_MANAGER, Role.OFFICER)
    return first_no(_may_write(actor), YES if allowed else no("places.refused.site_change"))


def may_create_site(actor: Actor, organisation: Organisation, district: District) -> Answer:
    """The firm's manager anywhere, an officer in their area."""
    allowed = actor.holds(organisation.pk, Role.FIRM_MANAGER) or actor.covers(district.ubigeo)
    return first_no(_may_write(actor), YES if allowed else no("places.refused.site_change"))


def may_change_site(actor: Actor, site: Site) -> Answer:
    """The firm's manager, and officers of its area."""
    allowed = actor.holds(site.organisation_id, Role.FIRM_MANAGER) or actor.covers(site.district_id)
    return first_no(_may_write(actor), YES if allowed else no("places.refused.site_change"))


def may_assign_site(actor: Actor, site: Site) -> Answer:
    """Which park, plot, code and district a site has: officers of its area."""
    return first_no(_may_write(actor), YES if actor.covers(site.district_id) else no("places.refused.assign"))


def may_share_site(actor: Actor, site: Site) -> Answer:
    """Whether the park reads the firm's records is the firm's own act: its managers only."""
    if site.park_id is None:
        return no("places.refused.no_park")
    return may_publish_firm(actor, site.organisation_id)


def may_publish_firm(actor: Actor, organisation_id: int) -> Answer:
    """Whether everybody sees the firm's name is the firm's own act: its managers only."""
    allowed = actor.holds(organisation_id, Role.FIRM_MANAGER)
    return first_no(_may_write(actor), YES if allowed else no("places.refused.manager"))
