"""Publications: what is frozen, what is hidden, and that a hidden total is nowhere to be found."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Mapping

import pytest
from django.db.models import Count, QuerySet
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from ayni.base.findings import Refused
from ayni.base.texts import number
from ayni.portal.dashboards import published, queries
from ayni.portal.dashboards.models import Publication, PublicationCell
from ayni.portal.dashboards.publications import publish
from ayni.portal.people.actor import Actor, actor_of
from ayni.portal.people.answers import Forbidden
from ayni.portal.people.models import Membership, Role, User
from ayni.portal.places.models import Park, Site
from ayni.portal.records.frozen import Frozen
from ayni.portal.records.models import Channel, IndicatorValue, Submission, SubmissionState
from portal_samples import World, make_site, sign_in
from records_samples import accept_example

YEAR = 2024
pytestmark = pytest.mark.django_db
Amounts = Mapping[tuple[str, int], float]


@pytest.fixture
def officer(world: World) -> Actor:
    """An officer of the country."""
    user = User.objects.create_user("country@example.org", "a long enough password", name="Country")
    Membership.objects.create(user=user, organisation=world.ministry, role=Role.OFFICER, area="")
    return actor_of(user, has_second_factor=True)


def accept(world: World, site: Site, amounts: Amounts, version: int = 1, *, is_sample: bool = False) -> Submission:
    """An accepted record with these amounts; the version before is superseded."""
    Submission.objects.filter(site=site, year=YEAR, state=SubmissionState.ACCEPTED).update(
        state=SubmissionState.SUPERSEDED
    )
    made = Submission.objects.create(
        site=site, year=YEAR, version=version, state=SubmissionState.ACCEPTED, channel=Channel.API,
        author=world.people["firm_manager"], submitted_at=timezone.now(), content_hash=f"{site.pk}-{version}",
        is_sample=is_sample,
    )  # fmt: skip
    IndicatorValue.objects.bulk_create(
        IndicatorValue(
            submission=made, code=code, month=month, value=value, unit="MWh", stage="recorded", status="declared",
            factors=[{"id": "fuels/test", "version": "abc", "value": 1, "unit": "t", "status": "sourced"}],
        )
        for (code, month), value in amounts.items()
    )  # fmt: skip
    return made


def power(amount: float) -> dict[tuple[str, int], float]:
    """A year of electricity only, alike in every month."""
    months = {("energy.electricity", month): amount / 12 for month in range(1, 13)}
    return {("energy.electricity", 0): amount, ("energy.total", 0): amount, **months}


def cell(publication: Publication, area: str, code: str = "energy.total", month: int = 0) -> PublicationCell:
    return PublicationCell.objects.get(publication=publication, area=area, branch="", code=code, month=month)


def fill(world: World, park: Park, amounts: Iterable[float], first: int = 20) -> list[Site]:
    sites = [make_site(park, first + place, f"Firm {first + place}") for place, _ in enumerate(amounts)]
    for site, amount in zip(sites, amounts, strict=True):
        accept(world, site, power(amount))
    return sites


def test_only_officers_of_the_country_publish(world: World, officer: Actor) -> None:
    fill(world, world.park, [10, 20, 30])
    for persona in ("anonymous", "firm_manager", "park_operator", "officer", "verifier", "elevated_administrator"):
        with pytest.raises(Forbidden):
            publish(world.actor(persona), YEAR)
    assert publish(officer, YEAR).number == 1


def test_a_token_that_may_only_read_does_not_publish(world: World, officer: Actor) -> None:
    fill(world, world.park, [10, 20, 30])
    assert officer.user is not None
    with pytest.raises(Forbidden):
        publish(actor_of(officer.user, has_second_factor=True, scopes=frozenset({"read"})), YEAR)


def test_totals_are_sums_with_what_stands_behind_them(world: World, officer: Actor) -> None:
    fill(world, world.park, [10, 20, 30])
    made = publish(officer, YEAR)
    for area in ("PE", "15", "150505", "park:own"):
        total = cell(made, area)
        assert (total.value, total.firms, total.unit, total.stage, total.status) == (
            60,
            3,
            "MWh",
            "recorded",
            "declared",
        )
        assert total.factors[0]["id"] == "fuels/test"
        assert len(total.rows_hash) == 64
    assert cell(made, "PE", "energy.electricity", 7).value == pytest.approx(5)
    assert made.rule == {"firms_min": 3, "share_max": 0.85}


def test_two_firms_and_a_dominant_one_are_hidden_and_so_is_what_would_give_them_away(
    world: World, officer: Actor
) -> None:
    fill(world, world.park, [10, 20, 30], first=20)
    fill(world, world.other_park, [7, 8], first=40)
    made = publish(officer, YEAR)
    assert cell(made, "PE").value == 75
    assert cell(made, "park:other").reason == "few"
    assert cell(made, "park:other").value is None
    assert cell(made, "park:own").reason == "derivable"  # the country less this park would be the two firms
    fill(world, world.other_park, [1000], first=50)
    again = publish(officer, YEAR)
    assert cell(again, "park:other").reason == "dominant"


def test_one_firm_more_does_not_renew_a_total_and_three_do(world: World, officer: Actor) -> None:
    fill(world, world.park, [10, 20, 30, 40], first=20)
    first = publish(officer, YEAR)
    fill(world, world.park, [15], first=40)
    second = publish(officer, YEAR)
    kept = cell(second, "PE")
    assert (kept.value, kept.shown_id, kept.reason, kept.firms) == (100, first.pk, "change", 4)
    assert cell(second, "PE", "energy.electricity", 3).shown_id == first.pk
    fill(world, world.park, [16, 17], first=50)
    third = publish(officer, YEAR)
    assert (cell(third, "PE").value, cell(third, "PE").shown_id) == (148, third.pk)


def test_the_correction_of_one_firm_does_not_show(world: World, officer: Actor) -> None:
    sites = fill(world, world.park, [10, 20, 30, 40])
    publish(officer, YEAR)
    accept(world, sites[0], power(11), version=2)
    assert cell(publish(officer, YEAR), "PE").value == 100
    for site, amount in zip(sites[1:], (21, 31, 41), strict=True):
        accept(world, site, power(amount), version=2)
    assert cell(publish(officer, YEAR), "PE").value == 104


def test_nothing_new_and_nothing_at_all_are_refused(world: World, officer: Actor) -> None:
    with pytest.raises(Refused, match="PUBLICATION-EMPTY"):
        publish(officer, YEAR)
    fill(world, world.park, [10, 20, 30])
    publish(officer, YEAR)
    with pytest.raises(Refused, match="PUBLICATION-SAME"):
        publish(officer, YEAR)


def test_made_up_records_are_not_added_to_real_ones(world: World, officer: Actor) -> None:
    fill(world, world.park, [10, 20, 30])
    accept(world, make_site(world.park, 50, "Made up"), power(40), is_sample=True)
    made = publish(officer, YEAR)
    assert (cell(made, "PE").value, made.is_sample) == (60, False)


def test_a_publication_never_changes(world: World, officer: Actor) -> None:
    fill(world, world.park, [10, 20, 30])
    made = publish(officer, YEAR)
    with pytest.raises(Frozen):
        made.save()
    with pytest.raises(Frozen):
        made.delete()


def test_a_moved_site_stays_where_it_was_first_counted(world: World, officer: Actor) -> None:
    sites = fill(world, world.park, [10, 20, 30, 40])
    publish(officer, YEAR)
    Site.objects.filter(pk=sites[0].pk).update(park=world.other_park, district=world.other_park.district)
    fill(world, world.other_park, [5, 6, 7], first=40)
    made = publish(officer, YEAR)
    assert cell(made, "park:own").value == 100
    assert cell(made, "park:other").value == 18


SECRETS = (7013.25, 8027.75)


@pytest.fixture
def secretive(world: World, officer: Actor) -> Publication:
    """A publication with hidden totals whose figures would be seen."""
    fill(world, world.park, [10_000, 20_000, 30_000], first=20)
    fill(world, world.other_park, SECRETS, first=40)
    return publish(officer, YEAR)


def _leaks(text: str) -> list[str]:
    """The hidden totals, whole and by month, in every way in which they could be written."""
    amounts = (*SECRETS, sum(SECRETS), sum(SECRETS) / 12, *(one / 12 for one in SECRETS), 60_000.0, 5_000.0)
    forms = {
        form
        for one in amounts
        for form in (
            f"{one:.2f}",
            repr(one),
            number(one, "es"),
            number(one, "en"),
            f"{one:.0f}",
            f"{one:,.2f}",
            f"{one:,.0f}",
        )
    }
    # as figures: the digits inside of hashes, keys and tokens are nobody's amounts
    return [form for form in forms if re.search(rf"(?<![\w.,]){re.escape(form)}(?![\w])", text)]


PERSONAS = ("anonymous", "firm_manager", "park_operator", "officer", "other_officer", "verifier", "administrator")


@pytest.mark.parametrize("persona", PERSONAS)
def test_a_hidden_total_is_on_no_page_and_in_no_file(
    world: World, secretive: Publication, client: Client, persona: str
) -> None:
    if persona != "anonymous":
        sign_in(client, world.people[persona])
    address = {"year": YEAR, "number": secretive.number}
    areas = list(PublicationCell.objects.values_list("area", flat=True).distinct())
    urls = [reverse("dashboards:publications")]
    urls += [reverse(f"dashboards:publication_{form}", kwargs=address) for form in ("csv", "json")]
    urls += [f"{reverse('dashboards:publication', kwargs=address)}?area={area}" for area in areas]
    urls += [
        reverse("dashboards:published_total", kwargs={**address, "area": area, "code": code})
        for area in areas for code in ("energy.total", "energy.electricity")
    ]  # fmt: skip
    for url in urls:
        answer = client.get(url)
        assert answer.status_code == 200
        assert _leaks(answer.content.decode()) == [], url
        for reason in ("Menos de tres empresas", "Una empresa tiene"):
            assert reason not in answer.content.decode()


@pytest.mark.parametrize("persona", ["anonymous", "park_operator", "other_officer"])
def test_dashboards_show_the_publication_to_those_without_live_totals(
    world: World, officer: Actor, client: Client, persona: str
) -> None:
    fill(world, world.park, [10_000, 20_000, 30_000.75], first=20)
    publish(officer, YEAR)
    fill(world, world.park, [1_234.5], first=40)
    if persona != "anonymous":
        sign_in(client, world.people[persona])
    for path in ("parques/own", "regiones/15", "pais"):
        page = client.get(f"/tableros/{path}/", {"year": YEAR}).content.decode()
        assert number(60_000.75, "es") in page
        assert "Publicación 1" in page
        assert number(61_235.25, "es") not in page
        assert 'class="sankey ' in page
        assert "style=" not in page


def test_dashboards_hide_what_the_publication_hides(world: World, secretive: Publication, client: Client) -> None:
    for path in ("parques/other", "regiones/07", "parques/own"):
        page = client.get(f"/tableros/{path}/", {"year": YEAR}).content.decode()
        assert "Reservado" in page
        assert _leaks(page) == []
        assert "<svg" not in page.partition("<main")[2]


def test_a_year_that_was_not_published_is_not_told(world: World, secretive: Publication, client: Client) -> None:
    assert client.get("/tableros/pais/", {"year": YEAR - 1}).status_code == 404


def test_programs_read_the_publication_and_nothing_hidden(secretive: Publication, client: Client) -> None:
    assert [one["number"] for one in client.get("/api/v1/dashboards/publications").json()] == [1]
    answer = client.get(f"/api/v1/dashboards/totals/{YEAR}")
    assert len(answer.json()) == PublicationCell.objects.count()
    assert _leaks(answer.content.decode()) == []
    country = client.get(f"/api/v1/dashboards/totals/{YEAR}", {"area": "PE", "code": "energy.total"}).json()
    assert {one["state"] for one in country} == {"shown"}
    assert client.get(f"/api/v1/dashboards/totals/{YEAR}", {"publication": 2}).status_code == 404


def test_the_search_for_leaks_finds_figures_and_no_digits_of_a_hash() -> None:
    assert _leaks(f"<td>{number(SECRETS[0], 'es')} MWh</td>")
    assert _leaks(f'"value": {sum(SECRETS)},')
    assert not _leaks("ab5845f8028c7013e")


def test_hidden_totals_are_not_even_in_the_database(secretive: Publication) -> None:
    hidden = PublicationCell.objects.filter(shown=None)
    assert hidden.filter(area="park:other").exists()
    assert hidden.filter(area="park:own").exists()
    assert set(hidden.values_list("value", "firms", "rows_hash")) == {(None, None, "")}
    assert all(one.factors == [] for one in hidden)


def test_files_hold_every_cell_alike(secretive: Publication, client: Client) -> None:
    address = {"year": YEAR, "number": 1}
    lines = list(csv.DictReader(io.StringIO(
        client.get(reverse("dashboards:publication_csv", kwargs=address)).content.decode())))  # fmt: skip
    content = json.loads(client.get(reverse("dashboards:publication_json", kwargs=address)).content)
    assert len(lines) == len(content["items"]) == PublicationCell.objects.count()
    country = next(one for one in content["items"] if (one["area"], one["code"]) == ("PE", "energy.total"))
    assert country["value"] == pytest.approx(60_000 + sum(SECRETS))
    assert {one["state"] for one in lines} == {"shown", "hidden"}
    assert {one["value"] for one in lines if one["state"] == "hidden"} == {""}


def test_officers_of_the_country_see_why_and_press_the_button(
    world: World, secretive: Publication, officer: Actor, client: Client
) -> None:
    assert officer.user is not None
    sign_in(client, officer.user)
    page = client.get(
        reverse("dashboards:publication", kwargs={"year": YEAR, "number": 1}), {"area": "park:other"}
    ).content.decode()
    assert "Menos de tres empresas" in page
    fill(world, world.other_park, [500, 600, 700], first=60)
    answer = client.post(reverse("dashboards:publish", kwargs={"year": YEAR}), follow=True)
    assert answer.redirect_chain[-1][0] == reverse("dashboards:publication", kwargs={"year": YEAR, "number": 2})
    again = client.post(reverse("dashboards:publish", kwargs={"year": YEAR}), follow=True)
    assert "Nada cambió" in again.content.decode()


def test_the_number_of_queries_does_not_grow(
    world: World,
    secretive: Publication,
    officer: Actor,
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    url = reverse("dashboards:publication", kwargs={"year": YEAR, "number": 1})
    with django_assert_num_queries(6):
        client.get(url)
    fill(world, world.park, range(100, 130), first=100)
    again = publish(officer, YEAR)
    with django_assert_num_queries(6):
        client.get(reverse("dashboards:publication", kwargs={"year": YEAR, "number": again.number}))
    with django_assert_num_queries(1):
        _records(published.publications())


def _records(found: QuerySet[Publication]) -> None:
    for one in found:
        published.publication_record(one)


def test_the_example_park_is_published_as_a_sample(world: World, officer: Actor) -> None:
    accept_example(None)
    made = publish(officer, 2025)
    park = cell(made, "park:zona-demostrativa-chilca")
    assert made.is_sample
    assert park.value
    assert park.firms == 12
    hidden = PublicationCell.objects.filter(publication=made, area=park.area, month=0, shown=None)
    behind = dict(
        IndicatorValue.objects.filter(code__in=hidden.values("code"), month=0, value__gt=0)
        .values_list("code")
        .annotate(Count("pk"))
    )
    assert min(behind.values()) < 3


def test_the_funnel_counts_firms_once_and_is_for_officers_of_the_area(world: World, client: Client) -> None:
    sites = fill(world, world.park, [10, 20], first=20)
    accept(world, sites[0], power(12), version=2)
    Submission.objects.create(
        site=world.site, year=YEAR, version=1, state=SubmissionState.SUBMITTED, channel=Channel.API,
        author=world.people["firm_manager"], submitted_at=timezone.now(),
    )  # fmt: skip
    assert queries.funnel("15", YEAR) == (5, 3, 2)
    assert queries.funnel("07", YEAR) == (3, 0, 0)
    sign_in(client, world.people["officer"])
    page = client.get("/tableros/regiones/15/", {"year": YEAR}).content.decode()
    assert "Cuántas empresas llegan" in page
    assert "Cuántas empresas llegan" not in client.get("/tableros/pais/").content.decode()
