"""Who gets in where runs are. The run asked for is one of the own park."""

from __future__ import annotations

from typing import Any

from access import PARK, SIGNED_IN, Entry
from ayni.portal.runs.models import Run, RunState
from portal_samples import World
from runs_samples import make_done_run, make_run

READERS = PARK | {"officer", "elevated_administrator"}
CHANGERS = PARK | {"elevated_administrator"}


BY_TOKEN = READERS - {"elevated_administrator"}, CHANGERS - {"elevated_administrator"}
"""Elevated access counts at pages only: no token carries it."""


def open_run(world: World) -> dict[str, Any]:
    return {"pk": make_run(world).pk}


def failed_run(world: World) -> dict[str, Any]:
    run = make_run(world)
    Run.objects.filter(pk=run.pk).update(state=RunState.FAILED, error=[])
    return {"pk": run.pk}


def output(world: World) -> dict[str, Any]:
    return {"pk": make_done_run(world).pk, "name": "answer.txt"}


def of_api(kwargs: dict[str, Any]) -> dict[str, Any]:
    return {"run_id" if name == "pk" else name: value for name, value in kwargs.items()}


ENTRIES = [
    Entry("runs:list", SIGNED_IN),
    Entry("runs:run", READERS, kwargs=open_run),
    Entry("runs:output", READERS, kwargs=output),
    Entry("runs:cancel", CHANGERS, "POST", kwargs=open_run),
    Entry("runs:retry", CHANGERS, "POST", kwargs=failed_run),
    Entry("api:runs_list", SIGNED_IN),
    Entry("api:runs_run", BY_TOKEN[0], kwargs=lambda world: of_api(open_run(world))),
    Entry("api:runs_output", BY_TOKEN[0], kwargs=lambda world: of_api(output(world))),
    Entry("api:runs_cancel", BY_TOKEN[1], "POST", kwargs=lambda world: of_api(open_run(world))),
]
