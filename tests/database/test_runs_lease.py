"""Taking up, keeping and ending a run: what one attempt may do, and that late ones change nothing."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    multiple,
    precondition,
    rule,
    run_state_machine_as_test,
)

from ayni.base.findings import error
from ayni.portal.runs.execution import failed
from ayni.portal.runs.lease import (
    Ending,
    Lease,
    Line,
    Standing,
    ask_cancel,
    cancel_queued,
    claim,
    finish,
    look,
    note_progress,
    renew,
)
from ayni.portal.runs.models import OPEN_STATES, Run, RunOutput, RunState
from ayni.portal.runs.services import start
from ayni.portal.runs.sweeping import sweep
from ayni.portal.runs.tasks import put_back
from portal_samples import World
from runs_samples import register_samples

ATTEMPTS_MAX = 3


@pytest.fixture(autouse=True)
def _kinds() -> None:
    register_samples()


def begin(world: World, **fields: Any) -> Run:
    return start(world.actor("park_operator"), "test_quick", park=world.park, **fields)


def take(run: Run, worker: str = "one") -> Lease:
    lease = claim(run.pk, worker, ATTEMPTS_MAX)
    assert lease is not None
    return lease


def expire(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - datetime.timedelta(days=1))


def done(folder: Path, text: str = "it") -> Ending:
    path = folder / "answer.txt"
    path.write_text(text, encoding="utf-8")
    return Ending(RunState.DONE, (path,))


def test_a_run_is_taken_up_once(world: World) -> None:
    run = begin(world)
    assert take(run).attempt == 1
    assert claim(run.pk, "two", ATTEMPTS_MAX) is None
    run.refresh_from_db()
    assert (run.state, run.worker, run.attempt) == ("running", "one", 1)
    assert run.lease_until is not None
    assert run.heartbeat_at is not None
    assert 29 < (run.lease_until - run.heartbeat_at).total_seconds() < 31


def test_a_run_whose_lease_ended_is_taken_up_by_another_and_the_late_attempt_changes_nothing(
    world: World, tmp_path: Path
) -> None:
    run = begin(world)
    late = take(run)
    expire(run)
    second = take(run, "two")
    assert second.attempt == 2
    assert renew(late) is Standing.LOST
    assert not note_progress(late, "stage", 0.7, Line("runs.run.waiting"))
    assert finish(late, done(tmp_path, "late")) is None
    assert finish(late, failed(error("RUN-CRASHED", signal="x"))) is None
    run.refresh_from_db()
    assert (run.state, run.worker, run.progress, run.error) == ("running", "two", 0.0, None)
    assert run.outputs.count() == 0
    assert finish(second, done(tmp_path, "second")) is RunState.DONE
    with run.outputs.get().file.open() as content:
        assert content.read() == b"second"
    assert finish(late, done(tmp_path, "late")) is None
    assert default_storage.listdir(f"runs/{run.pk}/1")[1] == []
    assert [line.key for line in run.lines.all()] == ["runs.line.taken", "runs.line.taken"]


def test_a_sign_of_life_prolongs_the_lease(world: World) -> None:
    run = begin(world)
    lease = take(run)
    expire(run)
    assert renew(lease) is Standing.HELD
    run.refresh_from_db()
    assert run.lease_until is not None
    assert run.lease_until > timezone.now()
    sweep()
    assert look(lease) is Standing.HELD


def test_what_a_dead_worker_had_goes_back_to_the_queue_and_fails_after_the_last_attempt(
    world: World,
) -> None:
    run = begin(world)
    for attempt in range(1, ATTEMPTS_MAX + 1):
        task = Run.objects.get(pk=run.pk).task_id
        assert take(run).attempt == attempt
        expire(run)
        sweep()
        run.refresh_from_db()
        assert run.state == ("queued" if attempt < ATTEMPTS_MAX else "failed")
        assert (run.task_id != task) == (attempt < ATTEMPTS_MAX)
    assert run.error is not None
    assert [finding["code"] for finding in run.error] == ["RUN-LOST"]
    assert run.finished_at is not None
    assert [line.key for line in run.lines.all()].count("runs.line.worker_lost") == ATTEMPTS_MAX - 1


def test_a_run_that_was_asked_to_stop_is_cancelled_even_when_it_is_done_or_its_worker_is_dead(
    world: World, tmp_path: Path
) -> None:
    first, second = begin(world), begin(world)
    lease, _ = take(first), take(second)
    for run in (first, second):
        assert ask_cancel(run.pk)
        assert not cancel_queued(run.pk)
    assert look(lease) is Standing.CANCEL_ASKED
    assert finish(lease, done(tmp_path)) is RunState.CANCELLED
    assert not default_storage.exists(f"runs/{first.pk}/1/answer.txt")
    expire(second)
    sweep()
    assert set(Run.objects.values_list("state", flat=True)) == {"cancelled"}
    assert not RunOutput.objects.exists()


def test_a_queued_run_is_cancelled_at_once_and_never_taken_up(world: World) -> None:
    run = begin(world)
    assert cancel_queued(run.pk)
    assert claim(run.pk, "one", ATTEMPTS_MAX) is None
    assert not ask_cancel(run.pk)


def test_files_of_an_attempt_that_died_before_its_end_are_removed(world: World, tmp_path: Path) -> None:
    run = begin(world)
    take(run)
    default_storage.save(f"runs/{run.pk}/1/half.txt", ContentFile(b"half"))
    expire(run)
    sweep()
    assert finish(take(run), done(tmp_path)) is RunState.DONE
    assert not default_storage.exists(f"runs/{run.pk}/1/half.txt")


class Life(RuleBasedStateMachine):
    """Any order of what workers, sweepers, readers and clocks can do to runs."""

    runs: Bundle[Run] = Bundle("runs")
    leases: Bundle[Lease] = Bundle("leases")
    world: World
    folder: Path

    def __init__(self) -> None:
        super().__init__()
        self.over: dict[Any, str] = {}
        self.mine: set[Any] = set()
        self.attempts: dict[Any, int] = {}

    @rule(target=runs)
    def begin(self) -> Run:
        run = begin(self.world)
        self.mine.add(run.pk)
        return run

    @rule(target=leases, run=runs, worker=st.sampled_from(["one", "two"]))
    def take(self, run: Run, worker: str) -> Any:
        lease = claim(run.pk, worker, ATTEMPTS_MAX)
        if lease is None:
            return multiple()
        assert run.pk not in self.over, "taken up after its end"
        assert lease.attempt == self.attempts.get(run.pk, 0) + 1
        self.attempts[run.pk] = lease.attempt
        return lease

    @rule(run=runs)
    def worker_dies(self, run: Run) -> None:
        Run.objects.filter(pk=run.pk, state=RunState.RUNNING).update(
            lease_until=timezone.now() - datetime.timedelta(days=1)
        )

    @rule(lease=leases)
    def live(self, lease: Lease) -> None:
        assert (renew(lease) is not Standing.LOST) == self._holds(lease)

    @rule(lease=leases, part=st.floats(-1, 2))
    def work(self, lease: Lease, part: float) -> None:
        holds = self._holds(lease)
        before = self._row(lease.run_id)
        assert note_progress(lease, "stage", part, Line("runs.run.waiting")) == holds
        assert holds or self._row(lease.run_id) == before

    @rule(lease=leases, fails=st.booleans())
    def end(self, lease: Lease, fails: bool) -> None:
        holds = self._holds(lease)
        before = self._row(lease.run_id)
        ending = failed(error("RUN-CRASHED", signal="x")) if fails else done(self.folder)
        state = finish(lease, ending)
        assert (state is not None) == holds
        assert holds or self._row(lease.run_id) == before

    @rule(lease=leases)
    def leave(self, lease: Lease) -> None:
        run = Run.objects.get(pk=lease.run_id)
        holds = self._holds(lease)
        assert put_back(lease) == (holds and run.cancel_asked_at is None)
        run.refresh_from_db()
        assert not holds or (run.state == RunState.CANCELLED) == (run.cancel_asked_at is not None)

    @rule(run=runs)
    def cancel(self, run: Run) -> None:
        is_open = Run.objects.get(pk=run.pk).state in OPEN_STATES
        assert (cancel_queued(run.pk) or ask_cancel(run.pk)) == is_open

    @precondition(lambda self: self.mine)
    @rule()
    def sweep(self) -> None:
        sweep()
        ended = Run.objects.filter(state=RunState.RUNNING, lease_until__lt=timezone.now())
        assert not ended.exists()

    @invariant()
    def laws_hold(self) -> None:
        for run in Run.objects.filter(pk__in=self.mine):
            if run.pk in self.over:
                assert run.state == self.over[run.pk], "an end was changed"
            if run.state not in OPEN_STATES:
                self.over[run.pk] = run.state
            assert run.outputs.count() == (run.state == RunState.DONE)
            assert (run.finished_at is None) == (run.state in OPEN_STATES)
            assert (run.state == RunState.FAILED) == (run.error is not None)

    def _holds(self, lease: Lease) -> bool:
        run = Run.objects.get(pk=lease.run_id)
        return run.state == RunState.RUNNING and run.attempt == lease.attempt

    def _row(self, pk: Any) -> tuple[Any, ...]:
        return (*Run.objects.filter(pk=pk).values_list().get(), RunOutput.objects.filter(run=pk).count())


def test_laws_of_a_run_hold_in_any_order_of_events(world: World, tmp_path: Path) -> None:
    machine = type("LifeOfThisWorld", (Life,), {"world": world, "folder": tmp_path})
    run_state_machine_as_test(
        machine, settings=hypothesis_settings(max_examples=25, stateful_step_count=25, deadline=None)
    )
