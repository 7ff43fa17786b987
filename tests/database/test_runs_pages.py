"""Services, permissions and pages of runs."""

from __future__ import annotations

import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import DjangoAssertNumQueries

from ayni.base.findings import error
from ayni.portal.people.answers import Forbidden
from ayni.portal.places.models import Park
from ayni.portal.runs.kinds import Kind, UnknownKind, register
from ayni.portal.runs.models import Run, RunLine, RunState
from ayni.portal.runs.permissions import may_read_run, readable_runs
from ayni.portal.runs.services import ask_cancel, hash_of, retry, start
from ayni.portal.runs.sweeping import beat, mark_dead_tasks, prune, sweep
from ayni.portal.site.findings import kept
from portal_samples import PERSONAS, World, sign_in
from runs_samples import make_done_run, make_run


def page(client: Client, run: Run, **headers: str) -> Any:
    return client.get(reverse("runs:run", kwargs={"pk": run.pk}), headers=headers)


@pytest.fixture
def reader(client: Client, world: World) -> Client:
    return sign_in(client, world.people["park_operator"])


def test_a_run_is_in_the_queue_with_its_task_and_the_hash_of_its_inputs(world: World) -> None:
    run = make_run(world, inputs={"submissions": [{"id": 1, "hash": "ab"}]})
    run.refresh_from_db()
    task = DBTaskResult.objects.get(pk=str(run.task_id))
    assert task.args_kwargs["args"] == [str(run.pk)]
    assert (run.state, run.inputs_hash) == ("queued", hash_of({"submissions": [{"hash": "ab", "id": 1}]}))


def test_only_readers_of_the_park_may_start_a_run_of_a_known_kind(world: World) -> None:
    make_run(world)
    with pytest.raises(Forbidden):
        start(world.actor("other_park_operator"), "test_quick", park=world.park)
    with pytest.raises(Forbidden):
        start(world.actor("anonymous"), "test_quick")
    with pytest.raises(UnknownKind):
        start(world.actor("park_operator"), "no such kind", park=world.park)
    assert Run.objects.count() == DBTaskResult.objects.count() == 1


@pytest.mark.parametrize("persona", PERSONAS)
def test_the_list_holds_what_may_be_read_and_nothing_else(world: World, persona: str) -> None:
    actor = world.actor(persona)
    make_run(world)
    make_run(world, persona="officer")
    make_run(world, persona="firm_manager", park=None, site=world.site)
    make_run(world, persona="firm_manager", park=None)
    make_run(world, persona="other_park_operator", park=world.other_park)
    make_run(world, persona="other_firm_manager", park=None, site=world.other_site)
    readable = {run.pk for run in Run.objects.all() if may_read_run(actor, run)}
    assert set(readable_runs(actor).values_list("pk", flat=True)) == readable


def test_a_kind_with_a_rule_on_reading_gives_it_for_lists_too() -> None:
    with pytest.raises(ValueError, match="may_read"):
        register(Kind("half", print, may_read=lambda actor, run: may_read_run(actor, run)))


def test_who_may_not_read_a_run_learns_nothing_of_it(client: Client, world: World) -> None:
    run = make_done_run(world)
    sign_in(client, world.people["firm_manager"])
    assert page(client, run).status_code == 404
    assert client.get(reverse("runs:output", kwargs={"pk": run.pk, "name": "answer.txt"})).status_code == 404
    assert client.get(reverse("runs:run", kwargs={"pk": uuid4()})).status_code == 404


def test_cancelling_twice_and_cancelling_what_is_over_is_refused_with_a_reason(world: World) -> None:
    run, actor = make_run(world), world.actor("park_operator")
    ask_cancel(actor, run)
    run.refresh_from_db()
    assert run.state == "cancelled"
    with pytest.raises(Forbidden) as refusal:
        ask_cancel(actor, run)
    assert refusal.value.words("en") == "The run is over."
    stale = make_run(world)
    Run.objects.filter(pk=stale.pk).update(state=RunState.DONE)
    with pytest.raises(Forbidden):
        ask_cancel(actor, stale)


def test_a_failed_run_is_run_again_on_the_same_inputs(world: World) -> None:
    run = make_run(world, inputs={"a": "1"}, parameters={"text": "x"})
    with pytest.raises(Forbidden):
        retry(world.actor("park_operator"), run)
    run.state = RunState.FAILED
    again = retry(world.actor("consultant"), run)
    assert again.pk != run.pk
    assert (again.inputs_hash, again.parameters, again.year) == (run.inputs_hash, {"text": "x"}, 2025)
    assert again.author == world.people["consultant"]


def test_the_page_shows_state_progress_log_and_inputs_and_asks_again_while_it_is_open(
    reader: Client, world: World
) -> None:
    run = make_run(world, inputs={"submissions": [{"title": "E01", "hash": "abcdef"}]})
    text = page(reader, run).content.decode()
    assert "Ningún proceso atiende" in text
    beat("a worker")
    text = page(reader, run).content.decode()
    assert "En espera" in text
    assert 'hx-trigger="every 2s"' in text
    assert "abcdef" in text
    Run.objects.filter(pk=run.pk).update(state=RunState.RUNNING, progress=0.42, stage="design", attempt=1)
    RunLine.objects.create(run=run, attempt=1, key="runs.line.taken", values={"attempt": 1})
    text = page(reader, run).content.decode()
    assert "En curso" in text
    assert "42 %" in text
    assert "Lo tomó un proceso (intento 1)." in text
    assert "Cancelar" in text


def test_polling_gets_the_part_that_changes_and_the_whole_page_at_the_end(reader: Client, world: World) -> None:
    run = make_run(world)
    part = page(reader, run, HX_Request="true")
    assert "<html" not in part.content.decode()
    assert "HX-Refresh" not in part
    Run.objects.filter(pk=run.pk).update(state=RunState.FAILED, error=kept([error("RUN-CRASHED", signal="SIGSEGV")]))
    part = page(reader, run, HX_Request="true")
    assert part["HX-Refresh"] == "true"
    whole = page(reader, run).content.decode()
    assert "hx-trigger" not in whole
    assert "RUN-CRASHED" in whole
    assert "SIGSEGV" in whole
    assert "Hacer de nuevo" in whole


def test_a_file_is_saved_never_shown(reader: Client, world: World) -> None:
    run = make_done_run(world)
    assert "answer.txt" in page(reader, run).content.decode()
    response = reader.get(reverse("runs:output", kwargs={"pk": run.pk, "name": "answer.txt"}))
    assert response.getvalue() == b"an answer"
    assert response["Content-Disposition"] == 'attachment; filename="answer.txt"'
    assert response["X-Content-Type-Options"] == "nosniff"
    run.outputs.update(name="evil.html")
    response = reader.get(reverse("runs:output", kwargs={"pk": run.pk, "name": "evil.html"}))
    assert response["Content-Type"] == "application/octet-stream"


def test_who_may_only_know_of_a_run_gets_neither_its_files_nor_its_findings(reader: Client, world: World) -> None:
    run = make_done_run(world, kind="test_closed")
    url = reverse("runs:output", kwargs={"pk": run.pk, "name": "answer.txt"})
    text = page(reader, run).content.decode()
    assert "answer.txt" not in text
    assert "Solo quien pidió el trabajo" in text
    assert reader.get(url).status_code == 403
    Run.objects.filter(pk=run.pk).update(state=RunState.FAILED, error=kept([error("RUN-CRASHED", signal="SIGSEGV")]))
    text = page(reader, run).content.decode()
    assert "SIGSEGV" not in text
    assert "Solo quien pidió el trabajo" in text


def test_buttons_of_the_page_work(reader: Client, world: World) -> None:
    run = make_run(world)
    assert reader.post(reverse("runs:cancel", kwargs={"pk": run.pk})).status_code == 302
    run.refresh_from_db()
    assert run.state == "cancelled"
    response = reader.post(reverse("runs:retry", kwargs={"pk": run.pk}), follow=True)
    assert response.status_code == 200
    assert Run.objects.count() == 2
    assert reader.get(reverse("runs:cancel", kwargs={"pk": run.pk})).status_code == 405


def test_the_list_is_narrowed_down(reader: Client, world: World) -> None:
    make_done_run(world)
    make_run(world, persona="consultant")
    Park.objects.filter(pk=world.park.pk).update(name="Parque Uno")
    url = reverse("runs:list")
    assert reader.get(url).content.decode().count("data-label") == 2 * 6
    assert reader.get(url, {"state": "done"}).content.decode().count("data-label") == 6
    assert reader.get(url, {"q": "parque consultant"}).content.decode().count("data-label") == 6
    assert "coincide" in reader.get(url, {"q": "nobody"}).content.decode()


def test_queries_of_the_list_and_of_a_run_do_not_grow(
    reader: Client, world: World, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(3):
        run = make_run(world)
    reader.get(reverse("runs:list"))
    with django_assert_num_queries(LIST_QUERIES):
        reader.get(reverse("runs:list"))
    with django_assert_num_queries(RUN_QUERIES):
        page(reader, run)
    for _ in range(27):
        make_run(world)
    RunLine.objects.bulk_create(RunLine(run=run, attempt=1, key="runs.run.waiting") for _ in range(30))
    with django_assert_num_queries(LIST_QUERIES):
        reader.get(reverse("runs:list"))
    with django_assert_num_queries(RUN_QUERIES):
        page(reader, run)


LIST_QUERIES, RUN_QUERIES = 5, 7


def test_a_queued_run_whose_task_vanished_gets_a_new_one(world: World) -> None:
    run = make_run(world)
    sweep()
    run.refresh_from_db()
    first = run.task_id
    DBTaskResult.objects.all().delete()
    sweep()
    sweep()
    run.refresh_from_db()
    assert run.task_id != first
    assert DBTaskResult.objects.get().pk == run.task_id


def test_tasks_that_a_dead_worker_had_are_over_and_forgotten_in_time(world: World) -> None:
    run = make_run(world)
    long_ago = timezone.now() - datetime.timedelta(days=30)
    for worker in ("dead", "alive"):
        DBTaskResult.objects.create(
            args_kwargs={"args": [str(run.pk)], "kwargs": {}}, task_path="x", backend_name="default",
            run_after=long_ago, worker_ids=[worker], status="RUNNING", started_at=long_ago,
        )  # fmt: skip
    beat("alive")
    mark_dead_tasks()
    dead, alive = (DBTaskResult.objects.get(worker_ids=[worker]) for worker in ("dead", "alive"))
    assert (dead.status, alive.status) == ("FAILED", "RUNNING")
    prune()
    assert DBTaskResult.objects.count() == 3
    DBTaskResult.objects.filter(pk=dead.pk).update(finished_at=long_ago)
    prune()
    assert set(DBTaskResult.objects.values_list("pk", flat=True)) == {alive.pk, Run.objects.get().task_id}
