"""Who may start, read, stop and repeat a run. A kind may bring rules of its own; otherwise the run's place decides."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import YES, Answer, first_no, no
from ayni.portal.places.permissions import (
    PARK_ROLES,
    may_read_park_records,
    may_read_site_records,
    readable_parks,
    readable_sites,
)
from ayni.portal.runs.kinds import is_known, kind_of, registered
from ayni.portal.runs.models import OPEN_STATES, Run, RunState


def may_read_run(actor: Actor, run: Run) -> Answer:
    """Whoever may read the records of its place; its author where it has none; the kind's own rule where it has one."""
    if not actor.is_known:
        return no("runs.refused.sign_in")
    own_rule = kind_of(run.kind).may_read if is_known(run.kind) else None
    if own_rule is not None:
        return own_rule(actor, run)
    return _may_read_place(actor, run)


def may_read_contents(actor: Actor, run: Run) -> Answer:
    """Its files and findings: whoever may read it, narrowed by the kind's own rule where it has one."""
    narrower = kind_of(run.kind).may_read_contents if is_known(run.kind) else None
    return first_no(may_read_run(actor, run), narrower(actor, run) if narrower is not None else YES)


def readable_runs(actor: Actor) -> QuerySet[Run]:
    """The runs that the actor may read: the same rule as ``may_read_run``, as a query."""
    if actor.user is None:
        return Run.objects.none()
    own_rules = [(kind.name, kind.readable) for kind in registered() if kind.readable is not None]
    nowhere = Q(park=None, site=None) & (Q() if actor.is_elevated else Q(author=actor.user))
    rule = Q(site__in=readable_sites(actor)) | Q(site=None, park__in=readable_parks(actor)) | nowhere
    rule &= ~Q(kind__in=[name for name, _ in own_rules])
    for name, readable in own_rules:
        rule |= Q(kind=name) & readable(actor)
    return Run.objects.filter(rule)


def may_start_run(actor: Actor, run: Run) -> Answer:
    """Whoever may read the records of the place that it is for; the kind's own rule where it has one."""
    if not actor.is_known:
        return no("runs.refused.sign_in")
    if not actor.may_use("write"):
        return no("runs.refused.scope")
    own_rule = kind_of(run.kind).may_start
    return own_rule(actor, run) if own_rule is not None else _may_read_place(actor, run)


def may_cancel_run(actor: Actor, run: Run) -> Answer:
    """Its author and the operator of its park, while it is not over."""
    return first_no(
        _may_change(actor, run),
        YES if run.state in OPEN_STATES else no("runs.refused.over"),
        YES if run.cancel_asked_at is None else no("runs.refused.asked"),
    )


def may_retry_run(actor: Actor, run: Run) -> Answer:
    """Its author and the operator of its park, when it failed or was cancelled."""
    is_over = run.state in (RunState.FAILED, RunState.CANCELLED)
    return first_no(
        _may_change(actor, run),
        YES if is_over else no("runs.refused.not_failed"),
        may_start_run(actor, run) if is_known(run.kind) else no("runs.refused.kind"),
    )


def _may_change(actor: Actor, run: Run) -> Answer:
    """Whether the actor may touch the run, whatever its state."""
    is_author = actor.user is not None and actor.user.pk == run.author_id
    is_operator = run.park is not None and actor.holds(run.park.operator_id, *PARK_ROLES)
    return first_no(
        may_read_run(actor, run),
        YES if actor.may_use("write") else no("runs.refused.scope"),
        YES if is_author or is_operator or actor.is_elevated else no("runs.refused.not_yours"),
    )


def _may_read_place(actor: Actor, run: Run) -> Answer:
    if run.site is not None:
        return may_read_site_records(actor, run.site)
    if run.park is not None:
        return may_read_park_records(actor, run.park)
    is_author = actor.user is not None and actor.user.pk == run.author_id
    return YES if is_author or actor.is_elevated else no("runs.refused.not_yours")
