"""The one write of this app: the results of a park's year are asked for."""

from __future__ import annotations

from dataclasses import dataclass

import ayni
from ayni.portal.people.actor import Actor
from ayni.portal.places.models import Park
from ayni.portal.results.accepted import KIND, inputs_of, standing_of
from ayni.portal.results.permissions import may_start
from ayni.portal.runs import services as runs
from ayni.portal.runs.models import OPEN_STATES, Run, RunState


@dataclass(frozen=True)
class Started:
    """A run, and whether it was made by this call."""

    run: Run
    is_new: bool


def start(actor: Actor, park: Park, year: int) -> Started:
    """The results of the park's accepted records of a year; where the same are there or on their way, those.

    Raises Forbidden with what is missing.
    """
    standing = standing_of(park, year)
    may_start(actor, standing).require()
    inputs, parameters = inputs_of(standing.submissions), {"version": ayni.__version__}
    same = Run.objects.filter(
        kind=KIND, park=park, year=year, inputs_hash=runs.hash_of(inputs), parameters=parameters,
        state__in=[*OPEN_STATES, RunState.DONE], cancel_asked_at=None,
    ).first()  # fmt: skip
    if same is not None:
        return Started(same, is_new=False)
    made = runs.start(
        actor, KIND, park=park, year=year, parameters=parameters, inputs=inputs, is_sample=standing.is_sample
    )
    return Started(made, is_new=True)
