"""Who starts the results of a park, who reads them in full, and what the others read of them."""

from __future__ import annotations

from django.db.models import Q, QuerySet

from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import YES, Answer, first_no, no
from ayni.portal.places.models import Park, Site
from ayni.portal.places.permissions import may_read_park_records, readable_parks, readable_sites
from ayni.portal.results.accepted import FIRMS_MIN, KIND, Standing, standing_of
from ayni.portal.results.readers import Reader
from ayni.portal.runs.models import Run, RunState


def may_start_park(actor: Actor, park: Park) -> Answer:
    """Operator and consultants of the park, officers who answer for it, elevated access; a token that may write."""
    if not actor.is_known:
        return no("results.refused.sign_in")
    if not may_read_park_records(actor, park):
        return no("results.refused.role")
    return YES if actor.may_use("write") else no("results.refused.scope")


def may_start(actor: Actor, standing: Standing) -> Answer:
    """The same, where the park's own part and at least three tenants are accepted; says what is missing."""
    return first_no(
        may_start_park(actor, standing.park),
        YES if standing.has_park_part else no("results.refused.no_park_part", year=str(standing.year)),
        YES
        if standing.firms >= FIRMS_MIN
        else no("results.refused.few", accepted=standing.firms, tenants=standing.tenants, least=FIRMS_MIN),
    )


def may_start_run(actor: Actor, run: Run) -> Answer:
    """The rule for the run as it would be."""
    if run.park is None or run.year is None:
        return no("results.refused.role")
    return may_start(actor, standing_of(run.park, run.year))


def may_know_park(actor: Actor, park: Park) -> bool:
    """Whether the park's results are any matter of the actor's: its people, officers, and the people of its firms."""
    return bool(may_read_park_records(actor, park)) or readable_sites(actor).filter(park=park).exists()


def reader_of(actor: Actor, run: Run) -> Reader | None:
    """What the actor reads of a run; None for whom it does not exist. One query."""
    if run.park is None:
        return None
    reads_park = bool(may_read_park_records(actor, run.park))
    if not reads_park and run.state != RunState.DONE:
        return None
    taking_part = {one["site"]: one["code"] for one in run.inputs.get("submissions", ()) if one["site"]}
    found = readable_sites(actor).filter(Q(park=run.park) | Q(pk__in=list(taking_part))).values_list("pk", "park_id")
    if not reads_park and run.park.pk not in {park for _, park in found}:
        return None
    codes = frozenset(taking_part[pk] for pk, _ in found if pk in taking_part)
    return Reader(is_full=reads_park and len(codes) == len(taking_part), reads_park=reads_park, firms=codes)


def may_read(actor: Actor, run: Run) -> Answer:
    """Whether the run exists for the actor, in full or reduced."""
    return YES if reader_of(actor, run) is not None else no("results.refused.read")


def may_read_in_full(actor: Actor, run: Run) -> Answer:
    """Who may read the records of the park and of every firm that takes part: tables by firm, files, findings."""
    reader = reader_of(actor, run)
    return YES if reader is not None and reader.is_full else no("results.refused.full")


def readable(actor: Actor) -> Q:
    """The same rule as ``may_read``, as a query."""
    of_firms = Site.objects.filter(pk__in=readable_sites(actor).values("pk")).exclude(park=None).values("park")
    return Q(park__in=readable_parks(actor)) | Q(state=RunState.DONE, park__in=of_firms)


def readable_results(actor: Actor) -> QuerySet[Run]:
    """The finished results that the actor may know of."""
    return Run.objects.filter(readable(actor), kind=KIND, state=RunState.DONE)
