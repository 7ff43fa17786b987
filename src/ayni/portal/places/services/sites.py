"""Sites: a firm's manager says what stands there, an officer says in which park and under which code."""

from __future__ import annotations

import re
from typing import Any, TypedDict

from django.db import transaction

from ayni.base.findings import Place, Refused, error
from ayni.portal.people.actor import Actor
from ayni.portal.people.models import Kind, Organisation
from ayni.portal.places.models import District, Park, Plot, Site
from ayni.portal.places.permissions import (
    may_assign_site,
    may_change_site,
    may_create_site,
    may_enter_in_district,
)
from ayni.portal.places.services.keeping import keep_once

NUMBERED = re.compile(r"^([A-Z]+)(\d+)$", re.ASCII)


class SiteValues(TypedDict, total=False):
    """What is said of a site; ``park``, ``plot``, ``code`` and ``district`` are said by officers."""

    name: str
    isic: str
    latitude: float
    longitude: float
    is_operating: bool
    park: Park | None
    plot: Plot | None
    code: str
    district: District


ASSIGNED = frozenset({"park", "plot", "code", "district"})


@transaction.atomic
def create_site(
    actor: Actor,
    organisation: Organisation,
    *,
    name: str,
    isic: str,
    district: District,
    latitude: float,
    longitude: float,
    park: Park | None = None,
    plot: Plot | None = None,
    code: str = "",
    is_sample: bool = False,
) -> Site:
    """A new site of the firm. In a park only an officer enters it, and it lies in the park's district.

    Without ``code`` it gets the next one of its park. Raises Forbidden, Refused.
    """
    if organisation.kind != Kind.FIRM:
        raise Refused([error("PLACE-NOT-A-FIRM", Place(column="organisation"), name=organisation.name)])
    where = park.district if park else district
    (may_enter_in_district(actor, where) if park or code else may_create_site(actor, organisation, where)).require()
    _refuse_strange_plot(park, plot)
    site = Site(
        organisation=organisation, park=park, plot=plot, district=where, code=code or next_code(organisation, park),
        name=name, isic=isic, latitude=latitude, longitude=longitude, is_sample=is_sample,
    )  # fmt: skip
    _keep(site, actor)
    return site


def next_code(organisation: Organisation, park: Park | None) -> str:
    """The code after the last of its park (E12 → E13), or after those of the firm where it stands in no park."""
    sites = Site.objects.filter(park=park) if park else Site.objects.filter(organisation=organisation)
    found = [match for code in sites.values_list("code", flat=True) if (match := NUMBERED.match(code))]
    numbers = [int(match[2]) for match in found if match[1] == "E"]
    return f"E{max(numbers, default=0) + 1:02d}"


@transaction.atomic
def change_site(actor: Actor, site: Site, changes: SiteValues) -> Site:
    """The site with what changed, in its history. Raises Forbidden, Refused.

    A site that goes to another park no longer shares its records: the firm agreed for the former one.
    """
    may_change_site(actor, site).require()
    kept = Site.objects.select_for_update(of=("self",)).select_related("park", "organisation").get(pk=site.pk)
    changed: dict[str, Any] = {name: value for name, value in changes.items() if getattr(kept, name) != value}
    if changed.keys() & ASSIGNED:
        _assign(actor, kept, changed)
    for name, value in changed.items():
        setattr(kept, name, value)
    if changed:
        _keep(kept, actor)
    return kept


def _assign(actor: Actor, kept: Site, changed: dict[str, Any]) -> None:
    """Permission for a new park, plot, code or district, and what follows from it. Raises Forbidden, Refused."""
    may_assign_site(actor, kept).require()
    park = changed.get("park", kept.park)
    if park is not None and park.district_id != kept.district_id:
        changed["district"] = park.district
    if park is not None and changed.get("district", park.district) != park.district:
        raise Refused([error("PLACE-SITE-DISTRICT", Place(column="district"), park=park.name)])
    if "district" in changed:
        may_enter_in_district(actor, changed["district"]).require()
    if "park" in changed:
        changed["is_shared_with_park"] = False
        changed.setdefault("plot", None)
    _refuse_strange_plot(park, changed.get("plot", kept.plot))


def _refuse_strange_plot(park: Park | None, plot: Plot | None) -> None:
    if plot is not None and (park is None or plot.park_id != park.pk):
        raise Refused([error("PLACE-PLOT-ELSEWHERE", Place(column="plot"), what=plot.code)])


def _keep(site: Site, actor: Actor) -> None:
    keep_once(site, actor, error("PLACE-CODE-TAKEN", Place(column="code"), what=site.code))
