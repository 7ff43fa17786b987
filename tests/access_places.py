"""Who gets in where places are. Park, plot and site asked for are those of the own side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from access import EVERYBODY, PARK, RECORD_READERS, Entry
from ayni.portal.places.models import Plot
from portal_samples import World

KNOWERS = RECORD_READERS | PARK
OFFICERS = frozenset({"officer", "other_officer"})
PLOT_CHANGERS = frozenset({"park_operator", "officer"})
SITE_CHANGERS = frozenset({"firm_manager", "officer"})
MANAGER = frozenset({"firm_manager"})


def park(world: World) -> dict[str, Any]:
    return {"slug": world.park.slug}


def site(world: World) -> dict[str, Any]:
    return {"pk": world.site.pk}


def plot(world: World) -> dict[str, Any]:
    return {"pk": Plot.objects.create(park=world.park, code="L1", area=5000).pk}


def file_of(dataset: str) -> Callable[[World], dict[str, Any]]:
    return lambda _: {"dataset": dataset}


def park_values(world: World) -> dict[str, Any]:
    return {"name": "New", "district": world.park.district_id, "latitude": "-12.4", "longitude": "-76.7"}


def plot_values(_: World) -> dict[str, Any]:
    return {"code": "L9", "area": "2500"}


def site_values(world: World) -> dict[str, Any]:
    return {**park_values(world), "isic": "1020", "organisation": world.firm.pk, "ruc": world.firm.ruc or ""}


ENTRIES = [
    Entry("places:map", EVERYBODY),
    Entry("places:features", EVERYBODY),
    Entry("places:outline", EVERYBODY),
    Entry("places:parks", EVERYBODY),
    Entry("places:park", EVERYBODY, kwargs=park),
    Entry("places:park_features", EVERYBODY, kwargs=park),
    Entry("places:firms", EVERYBODY),
    Entry("places:districts", EVERYBODY),
    *(
        Entry(f"places:export_{form}", EVERYBODY, kwargs=file_of(dataset))
        for form in ("csv", "json")
        for dataset in ("parks", "facts", "districts", "firms")
    ),
    Entry("places:export_csv", frozenset(), kwargs=file_of("secrets")),
    Entry("places:site", KNOWERS, kwargs=site),
    Entry("places:park_new", OFFICERS),
    Entry("places:park_new", OFFICERS, "POST", data=park_values),
    Entry("places:park_edit", frozenset({"officer"}), kwargs=park),
    Entry("places:park_edit", frozenset({"officer"}), "POST", kwargs=park, data=park_values),
    Entry("places:plot_new", PLOT_CHANGERS, kwargs=park),
    Entry("places:plot_new", PLOT_CHANGERS, "POST", kwargs=park, data=plot_values),
    Entry("places:plot", PLOT_CHANGERS, kwargs=plot),
    Entry("places:plot", PLOT_CHANGERS, "POST", kwargs=plot, data=plot_values),
    Entry("places:plot_remove", PLOT_CHANGERS, "POST", kwargs=plot),
    Entry("places:site_new", OFFICERS | {"firm_manager", "other_firm_manager"}),
    Entry("places:site_new", OFFICERS | {"firm_manager", "other_firm_manager"}, "POST", data=site_values),
    Entry("places:site_edit", SITE_CHANGERS, kwargs=site),
    Entry("places:site_edit", SITE_CHANGERS, "POST", kwargs=site, data=site_values),
    Entry("places:publish", MANAGER, "POST", kwargs=site),
    Entry("places:hide", MANAGER, "POST", kwargs=site),
    Entry("places:share", MANAGER, "POST", kwargs=site),
    Entry("places:unshare", MANAGER, "POST", kwargs=site),
    *(Entry(f"api:places_{name}", EVERYBODY) for name in ("parks", "districts", "sites")),
    *(Entry(f"api:places_{name}", EVERYBODY, kwargs=park) for name in ("park", "park_facts")),
]
