"""Results are asked for: by whom, on what, and not twice on the same."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from ayni.base.texts import LANGUAGES
from ayni.portal.people.answers import Forbidden
from ayni.portal.places.models import Site
from ayni.portal.records.models import Submission, SubmissionState
from ayni.portal.results import queries, services
from ayni.portal.results.accepted import inputs_of, standing_of
from ayni.portal.results.permissions import may_read, may_start, readable
from ayni.portal.runs.models import Run, RunState
from portal_samples import PERSONAS, World, make_site, sign_in
from results_samples import YEAR, accept, accepted_park, made_run, parts

STARTERS = frozenset({"park_operator", "consultant", "officer", "elevated_administrator"})


def refusal(world: World, persona: str = "park_operator") -> str:
    reason = may_start(world.actor(persona), standing_of(world.park, YEAR)).reason
    assert reason is not None
    assert all(reason.label(language) for language in LANGUAGES)
    return reason.key


@pytest.mark.parametrize("persona", PERSONAS)
def test_who_may_ask_for_results(world: World, persona: str) -> None:
    accepted_park(world)
    assert bool(may_start(world.actor(persona), standing_of(world.park, YEAR))) == (persona in STARTERS)


def test_the_refusal_says_what_is_missing(world: World) -> None:
    park_rows, firm_rows = parts()
    assert refusal(world) == "results.refused.no_park_part"
    accept(world, world.park, park_rows)
    assert refusal(world) == "results.refused.few"
    for site in (world.site, world.neighbours[0]):
        accept(world, site, firm_rows[site.code])
    answer = may_start(world.actor("park_operator"), standing_of(world.park, YEAR))
    assert answer.reason is not None
    assert answer.reason.values == {"accepted": 2, "tenants": 3, "least": 3}
    accept(world, world.neighbours[1], firm_rows["E03"])
    make_site(world.park, 90, "A late tenant")
    standing = standing_of(world.park, YEAR)
    assert may_start(world.actor("park_operator"), standing)
    assert (standing.firms, standing.tenants, standing.missing) == (3, 4, 1)


def test_a_token_that_only_reads_starts_nothing(world: World) -> None:
    accepted_park(world)
    actor = world.actor("park_operator")
    reading = type(actor)(**{**vars(actor), "scopes": frozenset({"read"})})
    with pytest.raises(Forbidden):
        services.start(reading, world.park, YEAR)


def test_a_run_names_its_records_and_the_same_is_not_made_twice(world: World) -> None:
    accepted_park(world)
    first = services.start(world.actor("park_operator"), world.park, YEAR)
    assert first.is_new
    named = {one["id"]: one["hash"] for one in first.run.inputs["submissions"]}
    assert named == dict(Submission.objects.values_list("pk", "content_hash"))
    assert not services.start(world.actor("officer"), world.park, YEAR).is_new
    Run.objects.update(state=RunState.FAILED)
    assert services.start(world.actor("officer"), world.park, YEAR).is_new


def test_a_corrected_record_makes_a_new_run(world: World) -> None:
    accepted_park(world)
    first = services.start(world.actor("park_operator"), world.park, YEAR)
    Submission.objects.filter(site=world.site).update(state=SubmissionState.SUPERSEDED)
    rows = parts()[1]["E01"]
    accept(world, world.site, {**rows, "offers": []}, version=2)
    second = services.start(world.actor("park_operator"), world.park, YEAR)
    assert second.is_new
    assert second.run.inputs_hash != first.run.inputs_hash


def test_what_samples_make_is_a_sample(world: World) -> None:
    accepted_park(world)
    assert not standing_of(world.park, YEAR).is_sample
    world.park.is_sample = True
    assert standing_of(world.park, YEAR).is_sample
    world.park.save()
    assert services.start(world.actor("park_operator"), world.park, YEAR).run.is_sample


def test_the_button_starts_a_run_and_leads_to_it(world: World, client: Client) -> None:
    accepted_park(world)
    sign_in(client, world.people["park_operator"])
    page = client.get(reverse("results:list", args=[world.park.slug])).content.decode()
    assert "Calcular resultados" in page
    answer = client.post(reverse("results:start", args=[world.park.slug, YEAR]))
    run = Run.objects.get()
    assert answer["Location"] == reverse("runs:run", args=[run.pk])
    assert client.get(answer["Location"]).status_code == 200
    assert client.get(reverse("results:run", args=[run.pk]))["Location"] == answer["Location"]


def test_the_grey_button_says_why(world: World, client: Client) -> None:
    accept(world, world.site, parts()[1]["E01"])
    sign_in(client, world.people["park_operator"])
    page = client.get(reverse("results:list", args=[world.park.slug])).content.decode()
    assert 'aria-disabled="true"' in page
    assert "Falta el registro aceptado del propio parque" in page


@pytest.mark.parametrize("persona", PERSONAS)
@pytest.mark.parametrize("state", [RunState.QUEUED, RunState.FAILED, RunState.DONE])
def test_the_rule_for_one_run_is_the_rule_for_lists(world: World, persona: str, state: str) -> None:
    run = made_run(world, state=state, inputs=inputs_of({}))
    actor = world.actor(persona)
    assert bool(may_read(actor, run)) == Run.objects.filter(readable(actor), pk=run.pk).exists()


def test_findings_of_a_failed_run_are_withheld_from_readers_of_totals(world: World, client: Client) -> None:
    accepted_park(world)
    found = {"code": "X", "severity": "error", "file": None, "sheet": None, "cell": None, "row": None, "column": None,
             "message": {"es": "E02 no cuadra", "en": "E02 is open"}}  # fmt: skip
    run = made_run(world, state=RunState.FAILED, error=[found])
    for persona, sees in (("park_operator", False), ("officer", True)):
        sign_in(client, world.people[persona])
        page = client.get(reverse("runs:run", args=[run.pk])).content.decode()
        assert ("E02 no cuadra" in page) == sees


def test_a_list_of_results_takes_as_many_queries_for_30_runs_as_for_3(
    world: World, client: Client, django_assert_max_num_queries: Any
) -> None:
    inputs = inputs_of({})
    sign_in(client, world.people["park_operator"])
    for many in (3, 27):
        for _ in range(many):
            made_run(world, inputs=inputs)
        with django_assert_max_num_queries(18):
            client.get(reverse("results:list", args=[world.park.slug]))


def test_a_tenant_that_left_reads_no_results_of_the_park(world: World) -> None:
    accepted_park(world)
    run = made_run(world)
    assert queries.run_and_reader(world.actor("firm_member"), run.pk)
    Site.objects.filter(pk=world.site.pk).update(park=None)
    assert not may_read(world.actor("firm_member"), run)
