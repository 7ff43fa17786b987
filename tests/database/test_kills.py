"""Worker and web process are killed (SIGKILL) at random points of upload, acceptance and run; nothing may come of it.

A round hands in a workbook, submits and accepts it over HTTP and starts two runs; meanwhile one worker and the web
process are killed. The driver does what a person does whose page did not come: looks again, and presses again.
``AYNI_SOAK=1`` with ``-m soak`` drills 100 rounds.
"""

from __future__ import annotations

import os
import random
import secrets
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse

from ayni.parks.parts import write_firm_template
from ayni.portal.people.models import Membership, Role
from ayni.portal.places.models import Site
from ayni.portal.records.models import Submission, SubmissionState
from ayni.portal.runs.models import OPEN_STATES, Run, RunState
from ayni.portal.runs.services import start
from ayni.portal.runs.sweeping import living_workers
from kills_drill import GONE, Browser, Fleet, children_of, is_alive, wait_until
from kills_integrity import accepted_events, faults_of_records, faults_of_runs
from portal_samples import World, make_world, sign_in
from records_samples import YEAR, own_rows
from runs_samples import register_samples

pytestmark = pytest.mark.django_db(transaction=True)

ROUNDS, ROUNDS_SOAK = 5, 100
PATIENCE = 60.0
"""Seconds within which a run is finished or marked, and a person's wish is done, whatever was killed."""
ATTEMPTS_MAX = 3


def database_url() -> str:
    """The database of this test as processes of the portal take it."""
    known = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{known['NAME']}"
    port = f":{known['PORT']}" if known["PORT"] else ""
    secret = f":{known['PASSWORD']}" if known["PASSWORD"] else ""
    return f"postgresql://{known['USER']}{secret}@{known['HOST']}{port}/{known['NAME']}"


@pytest.fixture
def town(transactional_db: None) -> World:
    register_samples()
    world = make_world()
    second = Site.objects.get(park=world.park, code="E02")
    Membership.objects.create(
        user=world.people["firm_manager"], organisation=second.organisation, role=Role.FIRM_MANAGER
    )
    return world


@pytest.fixture
def fleet(town: World, tmp_path: Path) -> Iterator[Fleet]:
    log = tmp_path / "processes.log"
    with Fleet(database_url(), Path(settings.ENVIRONMENT.data), workers=2, log=log) as made:
        wait_until(lambda: len(living_workers()) == 2, PATIENCE, "the workers give no sign of life")
        yield made
    assert "locked" not in log.read_text()


class Drill:
    """One site's records and some runs, handled over HTTP until they are as wished."""

    def __init__(self, town: World, fleet: Fleet, folder: Path) -> None:
        self.town, self.fleet = town, fleet
        self.site = Site.objects.select_related("organisation", "park").get(park=town.park, code="E02")
        self.firm, self.officer = (self._browser(persona) for persona in ("firm_manager", "officer"))
        self.rows = own_rows(self.site)
        self.books = {employees: self._book(folder, employees) for employees in (280, 281)}
        self.acknowledged: set[int] = set()
        self.wish = 280

    @property
    def rows_in_all(self) -> int:
        return sum(map(len, self.rows.values()))

    def round(self) -> None:
        """New rows handed in and accepted, two runs started."""
        self.wish = 281 if self.wish == 280 else 280
        for kind, parameters in (("test_slow", {"seconds": 1}), ("test_child", {"function": "add"})):
            start(self.town.actor("park_operator"), kind, park=self.town.park, parameters=parameters)
        deadline = time.monotonic() + PATIENCE
        while not self._is_done():
            assert time.monotonic() < deadline, "the wish was not done in time"
            try:
                self._press()
            except GONE:
                time.sleep(0.2)

    def settle(self) -> None:
        """Wait until no run is open."""
        still_open = Run.objects.filter(state__in=OPEN_STATES)
        wait_until(lambda: not still_open.exists(), PATIENCE, "runs are neither finished nor marked")

    def _browser(self, persona: str) -> Browser:
        client = sign_in(Client(), self.town.people[persona])
        return Browser(self.fleet.port, client.cookies["ayni_session"].value)

    def _book(self, folder: Path, employees: int) -> bytes:
        firm = self.rows["firms"][0].model_copy(update={"employees": employees})
        write_firm_template(folder / "book.xlsx", "es", {**self.rows, "firms": [firm]})
        return (folder / "book.xlsx").read_bytes()

    def _latest(self) -> Submission | None:
        return Submission.objects.filter(site=self.site).order_by("-version").first()

    def _is_wished(self, submission: Submission) -> bool:
        return submission.rows.filter(sheet="firms", content__employees=self.wish).exists()

    def _is_done(self) -> bool:
        latest = self._latest()
        if latest is None or latest.state != SubmissionState.ACCEPTED or not self._is_wished(latest):
            return False
        self.acknowledged.add(latest.pk)
        return True

    def _press(self) -> None:
        """The next button, by what the record is now."""
        latest = self._latest()
        if latest is not None and latest.state == SubmissionState.SUBMITTED:
            self._follow(self.officer.post(reverse("records:accept", kwargs={"pk": latest.pk}), {"remarks": "ok"}))
        elif latest is not None and latest.is_draft and self._is_wished(latest):
            submit = reverse("records:submit", kwargs={"pk": latest.pk})
            self._follow(self.firm.post(submit, {"accept_warnings": "on"}))
        else:
            file = SimpleUploadedFile("libro.xlsx", self.books[self.wish])
            data = {"subject": f"site-{self.site.pk}", "year": YEAR, "file": file}
            self._follow(self.firm.upload(reverse("records:upload"), data))

    def _follow(self, answer: tuple[int, str]) -> None:
        status, location = answer
        assert status == 302, answer
        assert "login" not in location, answer


def drill(town: World, fleet: Fleet, folder: Path, rounds: int, seed: int) -> dict[str, int]:
    """So many rounds; what happened in them."""
    subject, drawn = Drill(town, fleet, folder), random.Random(seed)  # noqa: S311 repeatable
    begun = time.monotonic()
    subject.round()
    length = time.monotonic() - begun
    subject.settle()
    counts = {"kills": 0, "kills_web": 0, "kills_worker": 0}
    for number in range(rounds):
        cache.clear()
        killers = [
            threading.Thread(target=_kill, args=(fleet, role, drawn.uniform(0, length), drawn.randrange(9), counts))
            for role in ("web", "worker")
        ]
        for killer in killers:
            killer.start()
        subject.round()
        for killer in killers:
            killer.join()
        subject.settle()
        assert faults_of_records(subject.acknowledged, subject.rows_in_all, deeply=2) == [], (seed, number)
        assert accepted_events() == number + 2
    assert faults_of_records(subject.acknowledged, subject.rows_in_all) + faults_of_runs(ATTEMPTS_MAX) == [], seed
    counts["attempts"] = sum(Run.objects.values_list("attempt", flat=True))
    counts["runs"] = Run.objects.count()
    counts["failed"] = Run.objects.filter(state=RunState.FAILED).count()
    return counts


def _kill(fleet: Fleet, role: str, delay: float, number: int, counts: dict[str, int]) -> None:
    time.sleep(delay)
    if fleet.kill(role, number) is not None:
        counts[f"kills_{role}"] += 1
        counts["kills"] += 1


def drawn_seed() -> int:
    """The seed of a drill; ``AYNI_SEED`` repeats one."""
    return int(os.environ.get("AYNI_SEED", "0")) or secrets.randbelow(2**31)


def tell(seed: int, counts: Mapping[str, int]) -> None:
    """The seed and what came of it, for whoever watches (``-s``) or reads a failure."""
    sys.stdout.write(f"seed {seed}: {dict(counts)}\n")


def test_nothing_is_lost_doubled_or_half_loaded_when_processes_are_killed(
    town: World, fleet: Fleet, tmp_path: Path
) -> None:
    seed = drawn_seed()
    tell(seed, {})
    counts = drill(town, fleet, tmp_path, ROUNDS, seed)
    tell(seed, counts)
    assert counts["kills"] >= ROUNDS


@pytest.mark.soak
def test_many_rounds_of_kills(town: World, fleet: Fleet, tmp_path: Path) -> None:
    seed = drawn_seed()
    tell(seed, {})
    counts = drill(town, fleet, tmp_path, ROUNDS_SOAK, seed)
    tell(seed, counts)
    assert counts["kills"] >= ROUNDS_SOAK


def test_two_workers_take_distinct_runs_and_the_database_is_never_locked(town: World, fleet: Fleet) -> None:
    actor = town.actor("park_operator")
    runs = [start(actor, "test_nothing", park=town.park) for _ in range(60)]
    wait_until(lambda: not Run.objects.filter(state__in=OPEN_STATES).exists(), PATIENCE, "runs are still open")
    assert set(Run.objects.values_list("state", "attempt")) == {("done", 1)}
    assert Run.objects.count() == len(runs)
    assert Run.objects.values_list("worker", flat=True).order_by("worker").distinct().count() == 2


def test_everything_dies_with_the_supervisor(town: World, fleet: Fleet) -> None:
    run = start(town.actor("park_operator"), "test_child", park=town.park, parameters={"function": "sleep"})
    wait_until(lambda: run.lines.filter(key="runs.run.inputs").exists(), PATIENCE, "the child does not report")
    pids = [*fleet.pids("web"), *fleet.pids("worker")]
    pids += [child for pid in pids for child in children_of(pid)]
    assert len(pids) >= 4
    fleet.kill_supervisor()
    wait_until(lambda: not any(map(is_alive, pids)), 20, "processes outlive their supervisor")
