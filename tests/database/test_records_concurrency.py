"""Two people at once: one acceptance, one version, no row twice; on both databases, with a connection each."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import Forbidden
from ayni.portal.people.models import Membership, Role, User
from ayni.portal.records import services
from ayni.portal.records.models import Channel, IndicatorValue, RecordRow, Submission, SubmissionEvent
from portal_samples import World, make_world
from records_samples import YEAR, make_accepted, make_submitted, own_rows, values_of

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def crowd(transactional_db: None) -> World:
    """A world with a second officer of the same area."""
    world = make_world()
    second = User.objects.create_user("second.officer@example.org", "a long enough password", name="Second")
    Membership.objects.create(user=second, organisation=world.ministry, role=Role.OFFICER, area="15")
    world.people["second_officer"] = second
    return world


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """The results of acts that begin together, each in a thread and on a connection of its own; exceptions too."""
    barrier = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            barrier.wait(timeout=30)
            results[place] = act()
        except Forbidden as refused:
            results[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=120)
    assert not any(thread.is_alive() for thread in threads)
    return results


def submitted(world: World) -> Submission:
    few = {name: rows for name, rows in own_rows(world.site).items() if name in ("firms", "processes")}
    return make_submitted(world.site, few, world.people["firm_member"])


def test_two_acceptances_end_in_one_and_the_loser_is_told(crowd: World) -> None:
    found = submitted(crowd)
    one, other = crowd.actor("officer"), crowd.actor("second_officer")
    results = at_once(lambda: services.accept(one, found), lambda: services.accept(other, found))
    won = [result for result in results if isinstance(result, Submission)]
    lost = [result for result in results if isinstance(result, services.Conflict)]
    assert (len(won), len(lost)) == (1, 1)
    assert "aceptado" in lost[0].words("es")
    assert str(won[0].decided_by) in lost[0].words("es")
    assert SubmissionEvent.objects.filter(submission=found, state="accepted").count() == 1
    codes = list(IndicatorValue.objects.filter(submission=found, month=0).values_list("code", flat=True))
    assert len(codes) == len(set(codes)) > 5


def test_acceptance_and_return_at_once_end_in_one_of_them(crowd: World) -> None:
    found = submitted(crowd)
    one, other = crowd.actor("officer"), crowd.actor("second_officer")
    at_once(lambda: services.accept(one, found), lambda: services.return_for_correction(other, found, "x"))
    found.refresh_from_db()
    assert found.state in ("accepted", "returned")
    assert SubmissionEvent.objects.filter(submission=found, state__in=("accepted", "returned")).count() == 1
    assert IndicatorValue.objects.filter(submission=found).exists() == (found.state == "accepted")


def test_acceptance_and_withdrawal_at_once_end_in_one_of_them(crowd: World) -> None:
    found = submitted(crowd)
    officer, manager = crowd.actor("officer"), crowd.actor("firm_manager")
    results = at_once(lambda: services.accept(officer, found), lambda: services.withdraw(manager, found))
    assert sum(isinstance(result, services.Conflict) for result in results) == 1
    found.refresh_from_db()
    assert found.state in ("accepted", "withdrawn")


def test_of_two_submissions_of_one_draft_one_is_kept(crowd: World) -> None:
    rows = values_of({"firms": own_rows(crowd.site)["firms"]})
    member, manager = crowd.actor("firm_member"), crowd.actor("firm_manager")
    draft = services.hand_in_rows(member, crowd.site, YEAR, rows, Channel.API)

    def submit(actor: Actor) -> Submission:
        return services.submit(actor, draft, accept_warnings=True)

    results = at_once(lambda: submit(member), lambda: submit(manager))
    assert sum(isinstance(result, Submission) for result in results) == 1
    assert SubmissionEvent.objects.filter(submission=draft, state="submitted").count() == 1


def test_two_uploads_at_once_make_one_draft_with_rows_of_one(crowd: World) -> None:
    few = values_of({"firms": own_rows(crowd.site)["firms"]})
    more = values_of({name: own_rows(crowd.site)[name] for name in ("firms", "processes")})
    member, manager = crowd.actor("firm_member"), crowd.actor("firm_manager")
    at_once(
        lambda: services.hand_in_rows(member, crowd.site, YEAR, few, Channel.API),
        lambda: services.hand_in_rows(manager, crowd.site, YEAR, more, Channel.API),
    )
    (draft,) = Submission.objects.filter(site=crowd.site)
    assert draft.version == 1
    counts = sum(map(len, few.values())), sum(map(len, more.values()))
    assert RecordRow.objects.filter(submission=draft).count() in counts


def test_an_acceptance_that_fails_half_way_leaves_nothing(crowd: World, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = own_rows(crowd.site)
    first = make_accepted(crowd.site, rows, crowd.people["firm_member"], crowd.people["officer"])
    second = make_submitted(crowd.site, rows, crowd.people["firm_member"])

    def broken(*_: Any) -> None:
        raise RuntimeError("the power went out")

    monkeypatch.setattr("ayni.portal.records.services.decisions._keep_computed", broken)
    with pytest.raises(RuntimeError):
        services.accept(crowd.actor("officer"), second)
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.decided_by) == ("accepted", "submitted", None)
    assert not IndicatorValue.objects.filter(submission=second).exists()
