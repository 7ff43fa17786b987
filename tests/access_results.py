"""Who gets in: results of the own park, of which nothing is accepted yet."""

from __future__ import annotations

from typing import Any

from access import FIRM, PARK, Entry
from portal_samples import World
from results_samples import YEAR, accepted_park, tiny_run

RECORDS = PARK | {"officer", "elevated_administrator"}
KNOWERS = RECORDS | FIRM | {"verifier"}
"""Those who read the results of the own park, in full or as totals."""
KNOWERS_BY_TOKEN = KNOWERS - {"elevated_administrator"}
"""Elevated access counts at pages only: no token carries it."""


def _park(world: World) -> dict[str, Any]:
    return {"slug": world.park.slug}


def _run(world: World) -> dict[str, Any]:
    return {"pk": tiny_run(world).pk}


def _figure(world: World) -> dict[str, Any]:
    return {**_run(world), "figure": "park.firms"}


def _start(world: World) -> dict[str, Any]:
    accepted_park(world)
    return {"slug": world.park.slug, "year": YEAR}


ENTRIES = [
    Entry("results:list", KNOWERS, kwargs=_park),
    Entry("results:start", RECORDS, "POST", kwargs=_start),
    Entry("results:run", KNOWERS, kwargs=_run),
    Entry("results:totals_json", KNOWERS, kwargs=_run),
    Entry("results:totals_csv", KNOWERS, kwargs=_run),
    Entry("results:figure", KNOWERS, kwargs=_figure),
    Entry("api:results_list", KNOWERS_BY_TOKEN, kwargs=_park),
    Entry("api:results_result", KNOWERS_BY_TOKEN, kwargs=lambda world: {"run_id": tiny_run(world).pk}),
    Entry("api:results_figure", KNOWERS_BY_TOKEN, kwargs=lambda world: {"run_id": tiny_run(world).pk},
          query=lambda _: {"id": "park.firms"}),
]  # fmt: skip
