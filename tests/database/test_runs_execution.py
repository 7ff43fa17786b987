"""Runs brought to their end: outputs, refusals, faults, children that break, wishes to stop, workers that leave."""

from __future__ import annotations

import hashlib
import logging
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.db import connections
from django.utils import timezone

from ayni.portal.runs.children import Answered, Child, value_of
from ayni.portal.runs.execution import perform
from ayni.portal.runs.models import Run
from ayni.portal.runs.services import ask_cancel, start
from ayni.portal.runs.tasks import put_back
from portal_samples import World, make_world
from runs_samples import is_without_django, perform_now, register_samples

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def town(transactional_db: None) -> World:
    """The small world, visible to other threads."""
    register_samples()
    return make_world()


def begin(town: World, kind: str, **parameters: Any) -> Run:
    return start(town.actor("park_operator"), kind, park=town.park, parameters=parameters)


def ended(run: Run) -> Run:
    run.refresh_from_db()
    return run


def codes(run: Run) -> list[str]:
    return [finding["code"] for finding in ended(run).error or []]


def wait_for_line(run: Run, key: str) -> dict[str, Any]:
    for _ in range(200):
        line = run.lines.filter(key=key).last()
        if line is not None:
            return dict(line.values)
        time.sleep(0.05)
    raise AssertionError(key)


class Attempts:
    """Attempts in threads of their own, as workers make them."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []
        self.leaving = threading.Event()
        self.results: list[str] = []

    def begin(self, run: Run) -> None:
        self.threads.append(threading.Thread(target=self._perform, args=(run.pk,)))
        self.threads[-1].start()

    def end(self) -> list[str]:
        for thread in self.threads:
            thread.join(20)
            assert not thread.is_alive()
        return self.results

    def _perform(self, run_id: UUID) -> None:
        self.results.append(perform(run_id, "thread", self.leaving, put_back))
        connections.close_all()


@pytest.fixture
def attempts() -> Iterator[Attempts]:
    made = Attempts()
    yield made
    made.end()


def test_what_a_handler_leaves_in_its_folder_becomes_the_outputs(town: World) -> None:
    run = begin(town, "test_quick", text="ñandú")
    assert perform_now(run.pk) == "done"
    output = ended(run).outputs.get()
    assert (output.name, output.size, output.attempt) == ("answer.txt", 7, 1)
    assert output.sha256 == hashlib.sha256("ñandú".encode()).hexdigest()
    with output.file.open() as content:
        assert content.read().decode() == "ñandú"
    assert (run.progress, run.error, run.lease_until) == (1.0, None, None)
    assert list((Path(settings.ENVIRONMENT.data) / "work").glob(f"{run.pk}.*")) == []
    assert perform_now(run.pk) == "not taken"


def test_a_refusal_is_kept_as_findings_in_both_languages(town: World) -> None:
    run = begin(town, "test_refuse")
    assert perform_now(run.pk) == "failed"
    assert codes(run) == ["RUN-MEMORY", "FILE-MISSING"]
    assert run.error is not None
    assert set(run.error[0]["message"]) == {"es", "en"}


def test_what_nobody_foresaw_fails_the_run_and_its_words_stand_only_in_the_log_file(
    town: World, caplog: pytest.LogCaptureFixture
) -> None:
    run = begin(town, "test_fail")
    with caplog.at_level(logging.ERROR):
        assert perform_now(run.pk) == "failed"
    assert codes(run) == ["RUN-FAILED"]
    assert "a secret of the program" in caplog.text
    assert "secret" not in str(run.error) + str(list(run.lines.values()))


def test_a_run_of_a_kind_that_no_app_registered_is_marked(town: World) -> None:
    run = begin(town, "test_quick")
    Run.objects.filter(pk=run.pk).update(kind="gone")
    assert perform_now(run.pk) == "failed"
    assert codes(run) == ["RUN-KIND-UNKNOWN"]


def test_a_child_computes_and_reports(town: World) -> None:
    run = begin(town, "test_child", function="add")
    assert perform_now(run.pk) == "done"
    with ended(run).outputs.get().file.open() as content:
        assert content.read() == b"42"
    assert [line.key for line in run.lines.all()] == ["runs.line.taken", "runs.run.waiting"]


@pytest.mark.parametrize(
    ("function", "code"),
    [
        ("segfault", "RUN-CRASHED"),
        ("killed", "RUN-CRASHED"),
        ("devour", "RUN-MEMORY"),
        ("refuse", "FILE-MISSING"),
        ("divide", "RUN-FAILED"),
    ],
)
def test_a_child_that_breaks_fails_its_run_and_nothing_else(town: World, function: str, code: str) -> None:
    run = begin(town, "test_child", function=function)
    assert perform_now(run.pk) == "failed"
    assert codes(run) == [code]


def test_the_fault_of_a_child_stands_in_the_log_file(town: World, caplog: pytest.LogCaptureFixture) -> None:
    perform_now(begin(town, "test_child", function="divide").pk)
    assert "ZeroDivisionError" in caplog.text


def test_a_child_needs_no_django() -> None:
    with Child(is_without_django, (), 0) as child:
        said = child.listen(30)
    assert isinstance(said, Answered)
    assert value_of(said) is True


def test_a_run_at_work_stops_when_it_is_asked_to(town: World, attempts: Attempts) -> None:
    run = begin(town, "test_slow", seconds=60)
    attempts.begin(run)
    wait_for_line(run, "runs.line.taken")
    ask_cancel(town.actor("park_operator"), ended(run))
    assert attempts.end() == ["cancelled"]
    assert ended(run).outputs.count() == 0


def test_the_child_of_a_run_that_is_asked_to_stop_is_killed(town: World, attempts: Attempts) -> None:
    run = begin(town, "test_child", function="sleep")
    attempts.begin(run)
    child = int(wait_for_line(run, "runs.run.inputs")["process"])
    os.kill(child, 0)
    asked_at = time.monotonic()
    ask_cancel(town.actor("park_operator"), ended(run))
    assert attempts.end() == ["cancelled"]
    assert time.monotonic() - asked_at < 15
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


def test_a_worker_that_leaves_puts_its_run_back_with_a_new_task(town: World, attempts: Attempts) -> None:
    run = begin(town, "test_slow", seconds=60)
    task = ended(run).task_id
    attempts.begin(run)
    wait_for_line(run, "runs.line.taken")
    attempts.leaving.set()
    assert attempts.end() == ["queued"]
    assert ended(run).state == "queued"
    assert run.task_id != task
    wait_for_line(run, "runs.line.put_back")


def test_an_attempt_that_lost_its_lease_stops_and_leaves_no_trace(town: World, attempts: Attempts) -> None:
    run = begin(town, "test_slow", seconds=60)
    attempts.begin(run)
    wait_for_line(run, "runs.line.taken")
    Run.objects.filter(pk=run.pk).update(attempt=2, lease_until=timezone.now(), worker="other")
    assert attempts.end() == ["lost"]
    assert (ended(run).state, run.worker, run.outputs.count()) == ("running", "other", 0)


def test_a_long_run_gives_signs_of_life(town: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ayni.portal.runs.lease.seconds", lambda: 1.2)
    monkeypatch.setattr("ayni.portal.runs.execution.seconds", lambda: 1.2)
    run = begin(town, "test_slow", seconds=2.5)
    assert perform_now(run.pk) == "done"
    assert ended(run).started_at is not None
    assert run.heartbeat_at is not None
    assert (run.heartbeat_at - run.started_at).total_seconds() > 2  # type: ignore[operator]
