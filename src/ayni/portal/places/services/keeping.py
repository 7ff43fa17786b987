"""Saving with the author in the history, and the one fault that two writers at once can make."""

from __future__ import annotations

from django.db import IntegrityError, models, transaction

from ayni.base.findings import Finding, Refused
from ayni.portal.people.actor import Actor


def keep(thing: models.Model, actor: Actor) -> None:
    """Save; the history names the actor, in a request or outside of one."""
    thing._history_user = actor.user  # type: ignore[attr-defined]
    thing.save()


def keep_once(thing: models.Model, actor: Actor, taken: Finding) -> None:
    """Save what must be the only one of its code. Raises Refused with ``taken`` where there is one already."""
    try:
        with transaction.atomic():
            keep(thing, actor)
    except IntegrityError as clash:
        raise Refused([taken]) from clash
