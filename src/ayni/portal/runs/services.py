"""Every write that people ask for: start a run, ask it to stop, start it again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import no
from ayni.portal.places.models import Park, Site
from ayni.portal.runs import lease
from ayni.portal.runs.kinds import kind_of
from ayni.portal.runs.models import Run
from ayni.portal.runs.permissions import may_cancel_run, may_retry_run, may_start_run
from ayni.portal.runs.tasks import enqueue


@transaction.atomic
def start(
    actor: Actor, kind: str, *, park: Park | None = None, site: Site | None = None, year: int | None = None,
    parameters: Mapping[str, Any] | None = None, inputs: Mapping[str, Any] | None = None, is_sample: bool = False,
) -> Run:  # fmt: skip
    """A run in the queue. ``inputs`` names what it reads, each with its hash: ``{name: hash}``, or a list of objects.

    Raises Forbidden, UnknownKind.
    """
    kind_of(kind)
    if actor.user is None:
        no("runs.refused.sign_in").require()
    run = Run(
        kind=kind, park=park, site=site, author=actor.user, year=year, parameters=dict(parameters or {}),
        inputs=dict(inputs or {}), inputs_hash=hash_of(inputs or {}), is_sample=is_sample,
    )  # fmt: skip
    may_start_run(actor, run).require()
    run.save(force_insert=True)
    enqueue(run.pk)
    return run


def ask_cancel(actor: Actor, run: Run) -> None:
    """Cancel a run in the queue at once; ask one at work to stop. Raises Forbidden."""
    may_cancel_run(actor, run).require()
    if not lease.cancel_queued(run.pk) and not lease.ask_cancel(run.pk):
        no("runs.refused.over").require()


def retry(actor: Actor, run: Run) -> Run:
    """A new run on the same inputs. Raises Forbidden."""
    may_retry_run(actor, run).require()
    return start(
        actor, run.kind, park=run.park, site=run.site, year=run.year, parameters=run.parameters, inputs=run.inputs,
        is_sample=run.is_sample,
    )  # fmt: skip


def hash_of(inputs: Mapping[str, Any]) -> str:
    """The SHA-256 of inputs in canonical JSON."""
    text = json.dumps(inputs, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()
