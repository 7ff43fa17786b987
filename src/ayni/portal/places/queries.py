"""What pages, exports and the API read of places; none of it grows in queries with its rows."""

from __future__ import annotations

from django.db.models import Count, Prefetch, Q, QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from ayni.portal.people.actor import Actor
from ayni.portal.people.models import Kind, Organisation, Role
from ayni.portal.places.models import District, Park, ParkFact, Plot, Site
from ayni.portal.places.permissions import may_know_site, visible_sites

AT_WORK = Q(sites__is_operating=True)


def parks() -> QuerySet[Park]:
    """Every park with district, operator, facts and ``firm_count``: the firms that have a working site there."""
    facts = Prefetch("facts", ParkFact.objects.order_by("quantity", "basis", "part", "date", "pk"))
    counted = Park.objects.annotate(firm_count=Count("sites__organisation", filter=AT_WORK, distinct=True))
    return counted.select_related("district", "operator").prefetch_related(facts).order_by("name", "pk")


def park_of(slug: str) -> Park:
    """The park of an address. Raises Http404."""
    return get_object_or_404(parks(), slug=slug)


def facts() -> QuerySet[ParkFact]:
    """Every dated fact with its park."""
    return ParkFact.objects.select_related("park").order_by("park__name", "quantity", "basis", "part", "date", "pk")


def districts() -> QuerySet[District]:
    """Every district with ``firm_count`` and ``park_count``. How many firms there are is public, which ones is not."""
    return District.objects.annotate(
        firm_count=Count("sites__organisation", filter=AT_WORK, distinct=True),
        park_count=Count("parks", distinct=True),
    ).order_by("ubigeo")


def sites(actor: Actor) -> QuerySet[Site]:
    """The sites that the actor may know of, with all that a list says of them."""
    return visible_sites(actor).select_related("organisation", "district", "park")


def site_of(actor: Actor, pk: int) -> Site:
    """The site of an address. Raises Http404 where there is none, or none that the actor may know of."""
    found = Site.objects.select_related("organisation", "district", "park__operator", "park__district", "plot")
    site = get_object_or_404(found, pk=pk)
    if not may_know_site(actor, site):
        raise Http404
    return site


def tenants(actor: Actor, park: Park) -> QuerySet[Site]:
    """The sites of a park that the actor may know of."""
    return sites(actor).filter(park=park)


def plots(park: Park) -> QuerySet[Plot]:
    """The plots of a park with ``site_count``."""
    return Plot.objects.filter(park=park).annotate(site_count=Count("sites")).order_by("code")


def districts_of_officer(actor: Actor) -> QuerySet[District]:
    """The districts in which an officer may enter things."""
    rule = Q(pk__in=[])
    for area in actor.areas():
        rule |= Q(ubigeo__startswith=area)
    return District.objects.filter(rule)


def own_firms(actor: Actor) -> QuerySet[Organisation]:
    """The firms that the actor manages."""
    return Organisation.objects.filter(kind=Kind.FIRM, pk__in=actor.organisations(Role.FIRM_MANAGER))


def firm_by_ruc(ruc: str) -> Organisation | None:
    """The firm of a tax number."""
    return Organisation.objects.filter(kind=Kind.FIRM, ruc=ruc).first()
