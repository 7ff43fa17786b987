"""Parks are entered and changed by the officers of their area, plots also by the park's operator."""

from __future__ import annotations

from typing import Any, TypedDict

from django.db import transaction
from django.utils.text import slugify

from ayni.base.findings import Place, Refused, error
from ayni.base.status import Status
from ayni.portal.people.actor import Actor
from ayni.portal.people.models import Organisation
from ayni.portal.places.models import District, Park, Plot, Site
from ayni.portal.places.permissions import may_change_park, may_change_plots, may_enter_in_district
from ayni.portal.places.services.keeping import keep, keep_once

SLUG_LENGTH = 40


class ParkValues(TypedDict, total=False):
    """What a person says of a park."""

    name: str
    district: District
    operator: Organisation | None
    place: str
    latitude: float
    longitude: float


@transaction.atomic
def create_park(
    actor: Actor,
    *,
    name: str,
    district: District,
    latitude: float,
    longitude: float,
    operator: Organisation | None = None,
    place: str = "",
    is_sample: bool = False,
) -> Park:
    """A new park in a district of the officer's area. Raises Forbidden; Refused where one of that name is there."""
    may_enter_in_district(actor, district).require()
    park = Park(
        slug=slugify(name)[:SLUG_LENGTH].strip("-") or "parque", name=name, district=district, operator=operator,
        place=place, latitude=latitude, longitude=longitude, position_status=Status.DECLARED, status=Status.DECLARED,
        is_sample=is_sample,
    )  # fmt: skip
    keep_once(park, actor, error("PLACE-PARK-TAKEN", Place(column="name"), name=name))
    return park


@transaction.atomic
def change_park(actor: Actor, park: Park, changes: ParkValues) -> Park:
    """The park with what changed, in its history. Raises Forbidden, Refused.

    A new operator is a new reader: firms that shared their records with the former one are asked again.
    """
    may_change_park(actor, park).require()
    kept = Park.objects.select_for_update().get(pk=park.pk)
    district = changes.get("district", kept.district)
    if district != kept.district:
        may_enter_in_district(actor, district).require()
        if kept.sites.exists():
            raise Refused([error("PLACE-PARK-DISTRICT", Place(column="district"))])
    changed: dict[str, Any] = {name: value for name, value in changes.items() if getattr(kept, name) != value}
    if "operator" in changed:
        for site in Site.objects.filter(park=kept, is_shared_with_park=True):
            site.is_shared_with_park = False
            keep(site, actor)
    if {"latitude", "longitude"} & changed.keys():
        changed |= {"position_status": Status.DECLARED, "position_source": "", "position_error": None}
    if "place" in changed:
        changed |= {"status": Status.DECLARED, "source": "", "date": "", "note_es": "", "note_en": ""}
    for name, value in changed.items():
        setattr(kept, name, value)
    if changed:
        keep(kept, actor)
    return kept


@transaction.atomic
def save_plot(
    actor: Actor, park: Park, plot: Plot | None, *, code: str, area: float, outline: dict[str, Any] | None
) -> Plot:
    """A plot of the park, new where ``plot`` is None. Raises Forbidden; Refused where the code is taken."""
    may_change_plots(actor, park).require()
    if plot is not None and plot.park_id != park.pk:
        raise ValueError("a plot of another park")
    kept = plot or Plot(park=park)
    kept.code, kept.area, kept.outline = code, area, outline
    keep_once(kept, actor, error("PLACE-CODE-TAKEN", Place(column="code"), what=code))
    return kept


@transaction.atomic
def remove_plot(actor: Actor, plot: Plot) -> None:
    """The plot is gone, its history stays. Raises Forbidden; Refused while a firm stands on it."""
    may_change_plots(actor, plot.park).require()
    if plot.sites.exists():
        raise Refused([error("PLACE-PLOT-USED", Place(column="code"), what=plot.code)])
    plot._history_user = actor.user  # type: ignore[attr-defined]
    plot.delete()
