"""The life of a token: made, shown once, used, bound, expired, revoked."""

from __future__ import annotations

import datetime
import re

import pytest
from django.test import Client
from django.utils import timezone

from api_samples import bearer, headed, issue
from ayni.base.findings import Refused
from ayni.portal.api.models import Scope, Token
from ayni.portal.api.permissions import OPEN_MAX
from ayni.portal.api.services import make_token, note_use, revoke_token
from ayni.portal.people.actor import actor_of
from ayni.portal.people.answers import Forbidden
from ayni.portal.people.models import Engagement, Membership, Organisation, Role
from portal_samples import World, sign_in

ME = "/api/v1/people/me"
THIS = "/api/v1/token"
FORM = {"name": "boiler meter", "scopes": ["read", "write"], "days": "90"}


def asked(headers: dict[str, str]) -> tuple[int, str]:
    """Status, and the code of the first finding, if any."""
    answer = Client().get(ME, headers=headers)
    findings = answer.json().get("findings", [])
    return answer.status_code, findings[0]["code"] if findings else ""


def test_the_secret_is_shown_once_and_kept_nowhere(world: World, client: Client) -> None:
    page = sign_in(client, world.people["firm_manager"]).post("/api/claves/", FORM)
    assert page.headers["Cache-Control"] == "no-store"
    secret = re.findall(r'value="(ayni_[0-9a-f]{48})"', page.content.decode())[0]
    assert asked(headed(secret)) == (200, "")
    later = client.get("/api/claves/").content.decode()
    assert "boiler meter" in later
    assert secret not in later
    assert secret[:12] in later
    assert all(secret not in str(value) for value in Token.objects.values().get().values())


def test_a_token_says_who_it_is(world: World) -> None:
    user = world.people["firm_manager"]
    issued = issue(user, Scope.READ, organisation=world.firm)
    assert Client().get(ME, headers=headed(issued.secret)).json()["email"] == user.email
    said = Client().get(THIS, headers=headed(issued.secret)).json()
    assert (said["name"], said["prefix"], said["scopes"]) == ("test", issued.secret[:12], ["read"])
    assert (said["organisation"], said["has_second_factor"]) == ("Firm 1", True)
    assert datetime.datetime.fromisoformat(said["expires_at"]) - timezone.now() <= datetime.timedelta(days=30)


@pytest.mark.parametrize("which", ["expired", "revoked"])
def test_a_token_that_ended_opens_nothing(world: World, which: str) -> None:
    issued, now = issue(world.people["firm_manager"]), timezone.now()
    change = {
        "expired": {"created_at": now - datetime.timedelta(days=9), "expires_at": now - datetime.timedelta(seconds=1)},
        "revoked": {"revoked_at": now},
    }
    Token.objects.filter(pk=issued.token.pk).update(**change[which])
    assert asked(headed(issued.secret)) == (401, "API-TOKEN-ENDED")


def test_an_account_that_was_closed_takes_its_tokens_along(world: World) -> None:
    user = world.people["firm_manager"]
    headers = bearer(user)
    user.is_active = False
    user.save()
    assert asked(headers) == (401, "API-TOKEN-ENDED")


def test_a_membership_that_ended_is_gone_from_its_token(world: World) -> None:
    user = world.people["firm_manager"]
    headers = bearer(user)
    Membership.objects.filter(user=user).update(ended_at=timezone.now())
    assert Client().get(ME, headers=headers).json()["holdings"] == []


@pytest.mark.parametrize(
    "header",
    ["", "Bearer", "Bearer ", "Bearer  x", "Basic eDp5", "Bearer ayni_", "bearer ayni_" + "0" * 48, "Token x",
     "Bearer ñandú", "Bearer a b c", "Bearer " + "a" * 10_000, "Bearer \x00"],
)  # fmt: skip
def test_a_garbled_header_is_refused_and_not_taken_for_nobody(world: World, header: str) -> None:
    assert asked({"Authorization": header}) == (401, "API-TOKEN-UNKNOWN")


def test_the_scheme_may_be_written_small(world: World) -> None:
    secret = issue(world.people["firm_manager"]).secret
    assert asked({"Authorization": f"bearer {secret}"}) == (200, "")


def test_a_token_without_the_scope_of_reading_reads_nothing(world: World) -> None:
    assert asked(bearer(world.people["firm_manager"], Scope.WRITE)) == (403, "API-SCOPE")


def test_a_session_counts_for_nothing(world: World, client: Client) -> None:
    assert sign_in(client, world.people["firm_manager"]).get(THIS).status_code == 401
    assert client.get(ME).status_code == 401


def test_a_token_of_one_organisation_carries_that_one_only(world: World) -> None:
    user = world.people["verifier"]
    strangers = Membership.objects.get(user=world.people["other_verifier"]).organisation
    Membership.objects.create(user=user, organisation=strangers, role=Role.VERIFIER)
    soon = timezone.now() + datetime.timedelta(days=1)
    Engagement.objects.create(firm=world.other_firm, verifier=strangers, until=soon)
    issued = issue(user, organisation=strangers)
    grants = Client().get(ME, headers=headed(issued.secret)).json()["holdings"]
    assert [grant["organisation"] for grant in grants] == [strangers.name]
    bound = actor_of(user, has_second_factor=True, organisation_id=strangers.pk)
    assert bound.engaged_firms == {world.other_firm.pk}


def test_a_token_made_without_second_factor_carries_no_guarded_role(world: World) -> None:
    user = world.people["officer"]
    Membership.objects.create(user=user, organisation=world.firm, role=Role.FIRM_MEMBER)
    issued = issue(user)
    roles = {grant["role"] for grant in Client().get(ME, headers=headed(issued.secret)).json()["holdings"]}
    assert roles == {"officer", "firm_member"}
    Token.objects.filter(pk=issued.token.pk).update(has_second_factor=False)
    roles = {grant["role"] for grant in Client().get(ME, headers=headed(issued.secret)).json()["holdings"]}
    assert roles == {"firm_member"}


def test_who_works_with_a_second_factor_makes_tokens_with_it(world: World, client: Client) -> None:
    with pytest.raises(Forbidden) as refused:
        issue(world.people["officer"], has_second_factor=False)
    assert refused.value.reason is not None
    assert refused.value.reason.key == "api.refused.second_factor"
    client.force_login(world.people["officer"])
    assert client.post("/api/claves/", FORM).status_code in (302, 403)
    assert not Token.objects.exists()
    assert not issue(world.people["firm_manager"], has_second_factor=False).token.has_second_factor


def test_elevated_access_is_for_pages_only(world: World) -> None:
    user = world.people["elevated_administrator"]
    assert actor_of(user, has_second_factor=True).is_elevated
    assert not actor_of(user, has_second_factor=True, scopes=frozenset({"read"})).is_elevated


def test_a_token_neither_makes_nor_revokes_tokens(world: World) -> None:
    user = world.people["firm_manager"]
    actor = actor_of(user, scopes=frozenset({"read", "write"}))
    with pytest.raises(Forbidden):
        make_token(actor, name="x", scopes=[Scope.READ], days=1)
    with pytest.raises(Forbidden):
        revoke_token(actor, issue(user).token)


@pytest.mark.parametrize("days", [0, 366, -1])
def test_no_token_lasts_longer_than_a_year(world: World, days: int) -> None:
    with pytest.raises(Refused, match="API-TOKEN-DAYS"):
        issue(world.people["firm_manager"], days=days)


def test_a_token_is_bound_only_to_an_own_organisation(world: World) -> None:
    with pytest.raises(Refused, match="API-TOKEN-ORGANISATION"):
        issue(world.people["firm_manager"], organisation=world.other_firm)


def test_the_form_refuses_what_the_service_refuses(world: World, client: Client) -> None:
    sign_in(client, world.people["firm_manager"])
    faults: tuple[dict[str, object], ...] = (
        {"days": "999"}, {"scopes": []}, {"name": ""}, {"organisation": str(world.other_firm.pk)},
    )  # fmt: skip
    for wrong in faults:
        page = client.post("/api/claves/", {**FORM, **wrong})
        assert page.status_code == 422, wrong
        assert "errorlist" in page.content.decode()
    assert not Token.objects.exists()


def test_tokens_are_not_without_end(world: World, client: Client) -> None:
    user = world.people["firm_manager"]
    for _ in range(OPEN_MAX):
        token = issue(user).token
    with pytest.raises(Forbidden):
        issue(user)
    assert 'name="days"' not in sign_in(client, user).get("/api/claves/").content.decode()
    revoke_token(actor_of(user), token)
    issue(user)


def test_only_the_owner_revokes(world: World, client: Client) -> None:
    issued = issue(world.people["firm_manager"])
    assert (
        sign_in(client, world.people["firm_member"]).post(f"/api/claves/{issued.token.pk}/revocar/").status_code == 404
    )
    assert asked(headed(issued.secret)) == (200, "")
    assert (
        sign_in(client, world.people["firm_manager"]).post(f"/api/claves/{issued.token.pk}/revocar/").status_code == 302
    )
    assert asked(headed(issued.secret)) == (401, "API-TOKEN-ENDED")
    assert client.post(f"/api/claves/{issued.token.pk}/revocar/").status_code == 403


def test_use_is_noted_at_most_once_a_minute(world: World) -> None:
    issued = issue(world.people["firm_manager"])
    headers = headed(issued.secret)
    Client().get(ME, headers=headers)
    first = Token.objects.get().last_used_at
    assert first is not None
    Client().get(ME, headers=headers)
    assert Token.objects.get().last_used_at == first
    Token.objects.update(last_used_at=first - datetime.timedelta(minutes=2))
    Client().get(ME, headers=headers)
    again = Token.objects.get().last_used_at
    assert again is not None
    assert again > first


def test_two_that_note_at_once_write_once(world: World) -> None:
    token = issue(world.people["firm_manager"]).token
    same = Token.objects.get(pk=token.pk)
    note_use(token)
    noted = Token.objects.get().last_used_at
    note_use(same)
    assert Token.objects.get().last_used_at == noted


def test_the_page_asks_as_often_for_many_tokens_as_for_few(
    world: World, client: Client, django_assert_max_num_queries: pytest.FixtureRequest
) -> None:
    user = world.people["firm_manager"]
    sign_in(client, user)
    counts = []
    for more in (2, 12):
        for _ in range(more):
            issue(user, organisation=Organisation.objects.get(pk=world.firm.pk))
        with django_assert_max_num_queries(30) as asked_for:  # type: ignore[operator]
            client.get("/api/claves/")
        counts.append(len(asked_for))
    assert counts[0] == counts[1]
