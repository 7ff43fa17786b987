"""A real result of a small park: made by the handler, read by every persona, opened figure by figure."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from ayni.base.findings import Refused
from ayni.portal.records.models import RecordRow
from ayni.portal.results import documents, queries
from ayni.portal.results.book import Book, book_of
from ayni.portal.results.confidentiality import FIRMS_MIN, SHARE_MAX, _Gate, published
from ayni.portal.results.handler import ORIGINS, handle
from ayni.portal.results.readers import Reader
from ayni.portal.results.shown import Shown, open_figure, rows_hash
from ayni.portal.runs.jobs import Job
from ayni.portal.runs.models import Run
from portal_samples import PERSONAS, World, make_world, sign_in
from results_samples import CODES, FakeJob, accepted_park, made_run

FULL = frozenset({"officer", "elevated_administrator"})
REDUCED = frozenset({"park_operator", "consultant", "firm_member", "firm_manager", "verifier"})
NOBODY = frozenset(PERSONAS) - FULL - REDUCED
OWN = {"firm_member": frozenset({"E01"}), "firm_manager": frozenset({"E01"}), "verifier": frozenset({"E01"})}


@pytest.fixture(scope="module")
def park(django_db_setup: None, django_db_blocker: Any) -> Iterator[World]:
    """A world whose own park has everything accepted: written once, each test works in a savepoint on top of it."""
    with django_db_blocker.unblock():
        whole = transaction.atomic()
        whole.__enter__()
        world = make_world()
        accepted_park(world)
    yield world
    with django_db_blocker.unblock():
        transaction.set_rollback(True)
        whole.__exit__(None, None, None)


@pytest.fixture(scope="module")
def job(park: World, django_db_blocker: Any, tmp_path_factory: pytest.TempPathFactory) -> FakeJob:
    """The job after the handler's work."""
    with django_db_blocker.unblock():
        made = FakeJob(made_run(park, state="running"), tmp_path_factory.mktemp("job"))
        handle(cast("Job", made))
    return made


@pytest.fixture(scope="module")
def finished(park: World, job: FakeJob, django_db_blocker: Any) -> Run:
    """A finished run with these files."""
    with django_db_blocker.unblock():
        return made_run(park, job.folder)


@pytest.fixture
def world(park: World, finished: Run, db: None) -> World:
    """The park's world, for one test."""
    return park


@pytest.fixture
def run(world: World, finished: Run) -> Run:
    """The finished run."""
    return finished


@pytest.fixture
def files(job: FakeJob) -> Path:
    """What the job made."""
    return job.folder


@pytest.fixture
def book(run: Run) -> Book:
    """Its results."""
    return book_of(run, "es")


def shown_to(world: World, run: Run, persona: str) -> Shown:
    return queries.shown(*queries.run_and_reader(world.actor(persona), run.pk), "es")


def test_the_handler_makes_every_file(job: FakeJob, files: Path) -> None:
    names = {path.name for path in files.iterdir()}
    both = {f"{name}_{language}.{end}" for name, end in (("report", "pdf"), ("results", "xlsx"), ("results", "json"))
            for language in ("es", "en")}  # fmt: skip
    assert names == both | {"own_2025.xlsx", ORIGINS}
    assert (files / "report_en.pdf").read_bytes()[:5] == b"%PDF-"
    parts = [done for _, done, _ in job.told]
    assert parts == sorted(parts)
    assert parts[-1] == 1.0
    assert [stage for place, (stage, _, _) in enumerate(job.told) if place == 0 or job.told[place - 1][0] != stage] == [
        "account", "assessment", "exchange", "design", "savings", "writing",
    ]  # fmt: skip


def test_results_hold_who_takes_part_and_are_marked_as_made_up(files: Path) -> None:
    for language in ("es", "en"):
        content = json.loads((files / f"results_{language}.json").read_text(encoding="utf-8"))
        assert {firm["firm"] for firm in content["park"]["firms"]} == set(CODES)
        assert content["park"]["origin"] == "made_up"
    assert set(json.loads((files / ORIGINS).read_text())["submissions"]) == {"", *CODES}


def test_every_row_of_every_figure_leads_to_the_row_that_was_handed_in(run: Run, book: Book) -> None:
    kept = set(RecordRow.objects.values_list("submission_id", "row"))
    submissions = {code: one["id"] for code, one in book.origins["submissions"].items()}
    for figure in book.figures.values():
        for item in figure["inputs"]:
            if "row" in item:
                code, number = book.origin(item["row"])
                assert (submissions[code], number) in kept or code == ""


def test_records_that_changed_since_are_refused(world: World, tmp_path: Path) -> None:
    run = made_run(world, state="running", inputs={"submissions": []})
    with pytest.raises(Refused, match="RESULTS-INPUTS-CHANGED"):
        handle(cast("Job", FakeJob(run, tmp_path)))


def test_records_that_contradict_a_check_end_in_findings(world: World, tmp_path: Path) -> None:
    bill = RecordRow.objects.filter(sheet="electricity_bills", submission__site__code="E02").first()
    assert bill is not None
    RecordRow.objects.filter(pk=bill.pk)._raw_delete("default")
    contract = RecordRow.objects.get(sheet="contracts", submission__site__code="E02")
    RecordRow.objects.filter(pk=contract.pk)._raw_delete("default")
    with pytest.raises(Refused) as refused:
        handle(cast("Job", FakeJob(made_run(world, state="running"), tmp_path)))
    assert refused.value.findings


@pytest.mark.parametrize("persona", PERSONAS)
def test_who_reads_in_full_who_reads_totals_and_who_nothing(
    world: World, run: Run, client: Client, persona: str
) -> None:
    if persona != "anonymous":
        sign_in(client, world.people[persona])
    answer = client.get(reverse("results:run", args=[run.pk]))
    assert (answer.status_code == 200) == (persona in FULL | REDUCED)
    file = client.get(reverse("runs:output", args=[run.pk, "results_es.json"]))
    _ = file.getvalue() if file.streaming else file.content
    assert (file.status_code == 200) == (persona in FULL)
    if answer.status_code == 200:
        assert ("Por empresa" in answer.content.decode()) == (persona in FULL)


def test_an_operator_reads_in_full_when_every_firm_shares(world: World, run: Run) -> None:
    assert not shown_to(world, run, "park_operator").reader.is_full
    for site in world.park.sites.all():
        site.is_shared_with_park = True
        site.save()
    assert shown_to(world, run, "park_operator").reader.is_full


def foreign_words(book: Book, own: frozenset[str]) -> set[str]:
    """Codes and names of firms, and texts of rows, that a reader of ``own`` must not see."""
    others = book.firms - own
    words = {book.firm_name(code) for code in others}
    words |= {one["name"] for code, one in book.origins["submissions"].items() if code in others}
    return {word for word in words if word}


@pytest.mark.parametrize("persona", sorted(REDUCED))
def test_no_figure_leaks_to_who_may_not_read_it(world: World, run: Run, persona: str) -> None:
    shown = shown_to(world, run, persona)
    book, own = shown.book, OWN.get(persona, frozenset())
    forbidden = foreign_words(book, own)
    for name in book.figures:
        opened = open_figure(shown, name)
        if opened is None:
            continue
        text = json.dumps(documents.opened_document(opened), ensure_ascii=False)
        assert not [word for word in forbidden if word in text], name
        assert book.named_in(text) <= own, name
        for part in (name, *(inner for inner, _ in opened.figures)):
            firms = book.firms_below(part) | book.firms_named(part)
            assert not firms or firms <= own or len(firms) >= FIRMS_MIN, part
        for row in opened.rows:
            assert row["firm"] in own or (row["firm"] == "" and shown.reader.reads_park)
        if opened.closed is not None and opened.closed.rows:
            assert opened.closed.firms == 0 or opened.closed.firms >= FIRMS_MIN - bool(own)


@pytest.mark.parametrize("persona", sorted(REDUCED))
def test_closed_figures_answer_like_figures_that_never_were(
    world: World, run: Run, client: Client, persona: str
) -> None:
    shown = shown_to(world, run, persona)
    sign_in(client, world.people[persona])
    closed = [name for name in shown.book.figures if name not in shown.open_figures]
    assert closed
    answers = {_shape(client, run, name) for name in [*closed[::25], "no.such.figure", "energy.diesel.E99.before"]}
    assert len(answers) == 1
    assert next(iter(answers))[0] == 404


def _shape(client: Client, run: Run, name: str) -> tuple[int, bytes]:
    answer = client.get(reverse("results:figure", args=[run.pk, name]))
    content = answer.content.replace(reverse("results:figure", args=[run.pk, name]).encode(), b"")
    return answer.status_code, b"".join(line for line in content.splitlines() if b"csrf" not in line.lower())


@pytest.mark.parametrize("persona", sorted(REDUCED))
def test_no_page_or_file_of_totals_names_a_firm(world: World, run: Run, client: Client, persona: str) -> None:
    shown = shown_to(world, run, persona)
    own = OWN.get(persona, frozenset())
    sign_in(client, world.people[persona])
    for name in ("results:run", "results:totals_json", "results:totals_csv"):
        text = client.get(reverse(name, args=[run.pk])).content.decode()
        assert not [word for word in foreign_words(shown.book, own) if word in text], name
        assert shown.book.named_in(text) <= own, name


@pytest.mark.parametrize("own", [frozenset(), frozenset({"E01"}), frozenset({"E04"}), frozenset(CODES[:3])])
def test_what_is_published_keeps_the_rule(book: Book, own: frozenset[str]) -> None:
    open_ones = published(book, own)
    gate = _Gate(book, own)
    for name in open_ones:
        if name.startswith(("assessment.", "design.", "park.", "exchange.links")):
            continue
        by_firm: dict[str, float] = {}
        parts = gate.parts(name)
        for (_, firms), amount in parts.items():
            for firm in firms if len(firms) < FIRMS_MIN else ():
                by_firm[firm] = by_firm.get(firm, 0.0) + abs(amount)
        whole = sum(abs(amount) for amount in parts.values())
        assert len({firm for _, firms in parts for firm in firms}) >= FIRMS_MIN, name
        assert all(amount <= SHARE_MAX * whole for amount in by_firm.values()), name


def test_fuels_of_one_firm_are_hidden_and_cannot_be_solved_for(book: Book) -> None:
    open_ones = published(book, frozenset())
    assert "energy.total.before" in open_ones
    assert "energy.electricity.before" in open_ones
    for carrier in ("residual_fuel", "biomass"):
        assert not [name for name in open_ones if carrier in name]
    hidden = [name for name in book.figures if name.startswith("energy.") and name.count(".") == 2
              and name.endswith(".before") and name not in open_ones and book.figures[name]["value"]]  # fmt: skip
    # energy and emissions are two equations: two hidden fuels alone would follow from them
    assert len(hidden) >= 3


def test_a_hash_of_rows_can_be_repeated_from_the_records_and_changes_with_them(book: Book) -> None:
    rows = book.rows_below("energy.electricity.before")
    kept = rows_hash(book, rows)
    assert kept == rows_hash(book, dict(reversed(rows.items())))
    key = next(iter(rows))
    assert kept != rows_hash(book, {**rows, key: {**rows[key], "value": 0.5}})


def test_a_reader_of_the_whole_opens_every_figure_down_to_rows(world: World, run: Run) -> None:
    shown = shown_to(world, run, "officer")
    for name in shown.book.figures:
        opened = open_figure(shown, name)
        assert opened is not None
        assert opened.closed is None


def test_own_figures_open_down_to_own_rows(world: World, run: Run, client: Client) -> None:
    shown = shown_to(world, run, "firm_member")
    assert "energy.electricity.E01.before" in shown.own_figures()
    sign_in(client, world.people["firm_member"])
    text = client.get(reverse("results:figure", args=[run.pk, "electricity.energy_peak.E01.before"])).content.decode()
    assert "2025-01 E01" in text


def test_a_level_asked_by_htmx_is_the_level_alone(world: World, run: Run, client: Client) -> None:
    sign_in(client, world.people["officer"])
    url = reverse("results:figure", args=[run.pk, "energy.total.before"])
    whole, part = client.get(url).content.decode(), client.get(url, headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert part.lstrip().startswith("<ul")
    assert "Energía final, electricidad, antes" in part


def test_both_languages(world: World, run: Run, client: Client) -> None:
    sign_in(client, world.people["park_operator"])
    client.cookies["ayni_language"] = "en"
    assert "Avoidable emissions" in client.get(reverse("results:run", args=[run.pk])).content.decode()


@pytest.mark.parametrize("persona", ["officer", "park_operator", "firm_member"])
def test_a_page_of_results_takes_few_queries(
    world: World, run: Run, client: Client, persona: str, django_assert_max_num_queries: Any
) -> None:
    sign_in(client, world.people[persona])
    client.get(reverse("results:run", args=[run.pk]))
    with django_assert_max_num_queries(16):
        client.get(reverse("results:run", args=[run.pk]))
    with django_assert_max_num_queries(16):
        client.get(reverse("results:figure", args=[run.pk, "energy.total.before"]))


def test_totals_close_when_one_firm_changes_and_open_when_three_do(world: World, run: Run, files: Path) -> None:
    def later(*codes: str) -> Run:
        inputs = json.loads(json.dumps(run.inputs))
        for one in inputs["submissions"]:
            if one["code"] in codes:
                one["hash"] = "f" * 64
        return made_run(world, files, inputs=inputs)

    one, three = later("E02"), later("E02", "E03", "E04")
    operator, firm = world.actor("park_operator"), world.actor("firm_member")
    assert not queries.run_and_reader(operator, run.pk)[1].is_closed
    assert queries.run_and_reader(operator, one.pk)[1].is_closed
    assert not queries.run_and_reader(operator, three.pk)[1].is_closed
    assert not queries.run_and_reader(world.actor("officer"), one.pk)[1].is_closed
    own = later("E01")
    assert not queries.run_and_reader(firm, own.pk)[1].is_closed
    closed = Shown(book_of(one, "es"), Reader(is_full=False, reads_park=True, firms=frozenset(), is_closed=True))
    assert closed.open_figures == frozenset()
    assert documents.totals(closed)["figures"] == {}
