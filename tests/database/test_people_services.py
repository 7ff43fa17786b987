"""Who may give which role, how invitations live and die, who remains in charge, what elevated access leaves behind."""

from __future__ import annotations

import datetime
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.core import mail
from django.core.management import call_command
from django.db import connection
from django.utils import timezone

from ayni.base.texts import say
from ayni.portal.people import queries, services
from ayni.portal.people.actor import ANONYMOUS, actor_of
from ayni.portal.people.answers import Forbidden
from ayni.portal.people.models import (
    ElevatedAccess,
    Elevation,
    Invitation,
    Kind,
    Membership,
    Organisation,
    PendingFirm,
    Role,
    User,
)
from ayni.portal.people.permissions import (
    may_elevate,
    may_end,
    may_give,
    may_read_elevations,
    may_read_members,
    may_read_organisation,
)
from portal_samples import PERSONAS, World, ruc

IN_A_YEAR = datetime.timedelta(days=365)
GIVERS = {
    ("firm", Role.FIRM_MEMBER): {"firm_manager", "elevated_administrator"},
    ("firm", Role.FIRM_MANAGER): {"firm_manager", "elevated_administrator"},
    ("operator", Role.PARK_OPERATOR): {"park_operator", "elevated_administrator"},
    ("operator", Role.CONSULTANT): {"park_operator", "elevated_administrator"},
    ("ministry", Role.OFFICER): {"administrator", "elevated_administrator"},
    ("ministry", Role.ADMINISTRATOR): {"administrator", "elevated_administrator"},
    ("verifiers", Role.VERIFIER): {"administrator", "elevated_administrator"},
    ("firm", Role.OFFICER): set(),
    ("ministry", Role.FIRM_MANAGER): set(),
}


def _organisation(world: World, name: str) -> Organisation:
    assert world.park.operator is not None
    return {
        "firm": world.firm, "operator": world.park.operator, "ministry": world.ministry, "verifiers": world.verifiers,
    }[name]  # fmt: skip


def _membership(world: World, persona: str) -> Membership:
    return Membership.objects.get(user=world.people[persona], ended_at=None)


def _refused(key: str, **values: object) -> str:
    return re.escape(say(f"people.{key}", "en", **values))


@pytest.mark.parametrize("place", GIVERS, ids=lambda place: " ".join(place))
def test_roles_are_given_by_those_named_only(world: World, place: tuple[str, Role]) -> None:
    name, role = place
    answers = {persona: may_give(world.actor(persona), _organisation(world, name), role) for persona in PERSONAS}
    assert {persona for persona, answer in answers.items() if answer} == GIVERS[place]
    assert all(answer or answer.reason for answer in answers.values())


@pytest.mark.parametrize("persona", PERSONAS)
def test_people_of_an_organisation_are_seen_by_its_own(world: World, persona: str) -> None:
    seen = {"firm_member", "firm_manager", "elevated_administrator"}
    assert bool(may_read_organisation(world.actor(persona), world.firm)) == (persona in seen)


def test_officers_of_the_whole_country_read_the_lists_and_others_do_not(world: World) -> None:
    readers = {"administrator", "elevated_administrator"}
    for may in (may_read_members, may_read_elevations):
        assert {persona for persona in PERSONAS if may(world.actor(persona))} == readers
    Membership.objects.filter(user=world.people["officer"]).update(area="")
    assert may_read_members(world.actor("officer"))
    assert may_read_elevations(world.actor("officer"))
    assert not may_elevate(world.actor("officer"))


def test_an_administrator_brings_the_first_operator_of_a_park_and_no_second(world: World) -> None:
    administrator = world.actor("administrator")
    new = services.add_organisation(administrator, Kind.OPERATOR, "New operator")
    assert may_give(administrator, new, Role.PARK_OPERATOR)
    assert not may_give(administrator, new, Role.CONSULTANT)
    Membership.objects.create(user=world.people["park_operator"], organisation=new, role=Role.PARK_OPERATOR)
    assert not may_give(administrator, new, Role.PARK_OPERATOR)


def test_organisations_are_added_by_administrators_and_firms_sign_up(world: World) -> None:
    with pytest.raises(Forbidden):
        services.add_organisation(world.actor("officer"), Kind.VERIFIER, "Mine")
    with pytest.raises(Forbidden, match=_refused("refused.firms_sign_up")):
        services.add_organisation(world.actor("administrator"), Kind.FIRM, "Mine")
    number = ruc(700)
    services.add_organisation(world.actor("administrator"), Kind.VERIFIER, "First", number)
    with pytest.raises(Forbidden, match=_refused("refused.ruc_taken")):
        services.add_organisation(world.actor("administrator"), Kind.VERIFIER, "Second", number)


def _invite(world: World, email: str = "new@example.org", role: Role = Role.FIRM_MEMBER) -> tuple[Invitation, str]:
    return services.invite(world.actor("firm_manager"), world.firm, email, role)


def test_an_invitation_makes_an_account_and_a_membership_once(world: World) -> None:
    invitation, secret = _invite(world)
    assert secret not in str(Invitation.objects.values())
    found = queries.invitation_of(secret)
    assert found == invitation
    user = services.accept_as_new(invitation, "Ana", "qwe asd zxc 99", "en")
    assert (user.email, user.language) == ("new@example.org", "en")
    assert actor_of(user).holds(world.firm.pk, Role.FIRM_MEMBER)
    for again in (lambda: services.accept_invitation(user, invitation), lambda: _accept_new(invitation)):
        with pytest.raises(Forbidden, match=_refused("invitation.accepted")):
            again()
    assert Membership.objects.filter(user=user).count() == 1


def _accept_new(invitation: Invitation) -> User:
    return services.accept_as_new(invitation, "Eva", "qwe asd zxc 99", "es")


def test_an_invitation_expires_after_seven_days(world: World) -> None:
    invitation, _ = _invite(world)
    assert datetime.timedelta(days=6.9) < invitation.expires_at - timezone.now() <= datetime.timedelta(days=7)
    Invitation.objects.update(expires_at=timezone.now())
    with pytest.raises(Forbidden, match=_refused("invitation.expired")):
        _accept_new(invitation)
    assert not User.objects.filter(email="new@example.org").exists()


def test_an_invitation_is_for_one_address(world: World) -> None:
    invitation, _ = _invite(world)
    with pytest.raises(Forbidden, match=_refused("invitation.other_address")):
        services.accept_invitation(world.people["other_firm_manager"], invitation)
    mine, _ = _invite(world, "Other.Firm.Manager@example.org")
    assert services.accept_invitation(world.people["other_firm_manager"], mine).organisation == world.firm


def test_a_known_address_signs_in_rather_than_making_a_second_account(world: World) -> None:
    invitation, _ = _invite(world, "verifier@example.org")
    with pytest.raises(Forbidden, match=_refused("refused.account_exists")):
        _accept_new(invitation)


def test_a_withdrawn_invitation_lets_nobody_in(world: World) -> None:
    invitation, _ = _invite(world)
    with pytest.raises(Forbidden):
        services.withdraw_invitation(world.actor("firm_member"), invitation)
    services.withdraw_invitation(world.actor("firm_manager"), invitation)
    with pytest.raises(Forbidden, match=_refused("invitation.withdrawn")):
        _accept_new(invitation)
    with pytest.raises(Forbidden, match=_refused("refused.invitation_closed")):
        services.withdraw_invitation(world.actor("firm_manager"), invitation)


def test_nobody_is_asked_twice_into_one_role(world: World) -> None:
    _invite(world)
    with pytest.raises(Forbidden, match=_refused("refused.invited_already")):
        _invite(world, "NEW@example.org")
    _invite(world, role=Role.FIRM_MANAGER)


def test_a_consultant_comes_until_a_day_and_then_is_gone(world: World) -> None:
    operator, organisation = world.actor("park_operator"), _organisation(world, "operator")
    with pytest.raises(Forbidden, match=_refused("refused.consultant_until")):
        services.invite(operator, organisation, "c@example.org", Role.CONSULTANT)
    with pytest.raises(Forbidden, match=_refused("refused.until_past")):
        services.invite(operator, organisation, "c@example.org", Role.CONSULTANT, until=timezone.now())
    until = timezone.now() + IN_A_YEAR
    invitation, _ = services.invite(operator, organisation, "c@example.org", Role.CONSULTANT, until=until)
    user = _accept_new(invitation)
    assert actor_of(user).holds(organisation.pk, Role.CONSULTANT)
    Membership.objects.filter(user=user).update(until=timezone.now())
    assert not actor_of(user).grants


def test_an_area_belongs_to_officers_only(world: World) -> None:
    invitation, _ = services.invite(
        world.actor("administrator"), world.ministry, "o@example.org", Role.OFFICER, area="1505"
    )
    assert actor_of(_accept_new(invitation), has_second_factor=True).covers("150505")
    invitation, _ = services.invite(
        world.actor("administrator"), world.verifiers, "v@example.org", Role.VERIFIER, area="15"
    )
    assert invitation.area == ""


def test_an_invitation_is_mailed_in_words(world: World) -> None:
    invitation, secret = _invite(world)
    assert services.send_invitation(invitation, f"https://example.org/{secret}", "es")
    message = mail.outbox[-1]
    assert message.to == ["new@example.org"]
    assert secret in message.body
    assert world.firm.name in message.subject
    assert "Integrante de empresa" in message.body


def test_mail_that_fails_is_told(world: World, settings: pytest.FixtureRequest) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # type: ignore[attr-defined]
    invitation, secret = _invite(world)
    assert not services.send_invitation(invitation, secret, "es")


def test_the_first_administrator_comes_from_the_terminal(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("invite_administrator", "first@example.org", ministry="Ministry")
    secret = re.search(r"/invitacion/([^/]+)/", capsys.readouterr().out)
    assert secret
    invitation = queries.invitation_of(secret[1])
    assert invitation is not None
    user = _accept_new(invitation)
    assert actor_of(user, has_second_factor=True).has_role(Role.ADMINISTRATOR)


def test_the_last_manager_stays(world: World) -> None:
    for persona in ("firm_manager", "park_operator"):
        with pytest.raises(Forbidden, match=_refused("refused.last_manager")):
            services.end_membership(world.actor(persona), _membership(world, persona))
    invitation, _ = _invite(world, role=Role.FIRM_MANAGER)
    second = _accept_new(invitation)
    services.end_membership(actor_of(second), _membership(world, "firm_manager"))
    assert not actor_of(world.people["firm_manager"]).grants
    with pytest.raises(Forbidden, match=_refused("refused.last_manager")):
        services.end_membership(actor_of(second), Membership.objects.get(user=second))


def test_of_two_administrators_one_can_go(world: World) -> None:
    services.end_membership(world.actor("administrator"), _membership(world, "elevated_administrator"))
    answer = may_end(world.actor("administrator"), _membership(world, "administrator"))
    assert answer.reason
    assert answer.reason.key == "people.refused.last_manager"


def test_a_person_who_is_switched_off_keeps_nobody_in_charge(world: World) -> None:
    User.objects.filter(pk=world.people["elevated_administrator"].pk).update(is_active=False)
    assert not may_end(world.actor("administrator"), _membership(world, "administrator"))


def test_an_ended_membership_gives_nothing_and_takes_its_invitations_back(world: World) -> None:
    first, _ = _invite(world, role=Role.FIRM_MANAGER)
    second = _accept_new(first)
    third, _ = services.invite(actor_of(second), world.firm, "third@example.org", Role.FIRM_MANAGER)
    services.end_membership(world.actor("firm_manager"), Membership.objects.get(user=second))
    assert not actor_of(second).grants
    with pytest.raises(Forbidden, match=_refused("invitation.withdrawn")):
        _accept_new(third)
    with pytest.raises(Forbidden, match=_refused("refused.membership_ended")):
        services.end_membership(world.actor("firm_manager"), Membership.objects.get(user=second))
    assert Membership.history.filter(user=second).count() == 2


def test_a_firm_engages_verifiers_until_it_ends_that(world: World) -> None:
    strangers = Organisation.objects.get(name="Other verifiers")
    manager, until = world.actor("firm_manager"), timezone.now() + IN_A_YEAR
    with pytest.raises(Forbidden):
        services.engage(world.actor("other_firm_manager"), world.firm, strangers, until)
    with pytest.raises(Forbidden, match=_refused("refused.verifiers_only")):
        services.engage(manager, world.firm, world.ministry, until)
    with pytest.raises(Forbidden, match=_refused("refused.until_past")):
        services.engage(manager, world.firm, strangers, timezone.now())
    engagement = services.engage(manager, world.firm, strangers, until)
    assert world.firm.pk in world.actor("other_verifier").engaged_firms
    assert services.engage(manager, world.firm, strangers, until + IN_A_YEAR).pk == engagement.pk
    services.end_engagement(manager, engagement)
    assert world.firm.pk not in world.actor("other_verifier").engaged_firms
    with pytest.raises(Forbidden, match=_refused("refused.engagement_ended")):
        services.end_engagement(manager, engagement)


def test_a_name_is_shown_by_the_firms_own_act(world: World) -> None:
    for persona in ("firm_member", "officer", "elevated_administrator"):
        with pytest.raises(Forbidden):
            services.publish_name(world.actor(persona), world.firm, is_public=True)
    services.publish_name(world.actor("firm_manager"), world.firm, is_public=True)
    assert Organisation.objects.get(pk=world.firm.pk).is_public


def test_a_confirmed_address_founds_the_firm_that_was_signed_up_for(db: None) -> None:
    user = services.make_account("ana@example.org", "", "qwe asd zxc 99")
    services.remember_firm(user, "Ana", "Tejidos", ruc(800), "es")
    assert not Organisation.objects.filter(ruc=ruc(800)).exists()
    firm = services.found_firm(user)
    assert firm is not None
    assert actor_of(user).holds(firm.pk, Role.FIRM_MANAGER)
    assert services.found_firm(user) is None
    assert not PendingFirm.objects.exists()


def test_of_two_who_sign_up_with_one_ruc_the_first_confirmed_gets_it(db: None) -> None:
    users = [services.make_account(f"{name}@example.org", name, "qwe asd zxc 99") for name in ("ana", "eva")]
    for user in users:
        services.remember_firm(user, user.name, "Tejidos", ruc(801), "es")
    assert services.found_firm(users[1])
    assert services.found_firm(users[0]) is None
    assert queries.pending_firm(users[0])
    assert not actor_of(users[0]).grants


def test_elevated_access_asks_for_role_reason_and_a_fresh_second_factor(world: World) -> None:
    now, reason = timezone.now(), "A complaint of firm 1"
    for persona in set(PERSONAS) - {"administrator", "elevated_administrator"}:
        with pytest.raises(Forbidden, match=_refused("refused.administrators_only")):
            services.ask_elevation(world.actor(persona), reason, now)
    actor = world.actor("administrator")
    for confirmed in (None, now - datetime.timedelta(minutes=6)):
        with pytest.raises(Forbidden, match=_refused("refused.second_factor_old")):
            services.ask_elevation(actor, reason, confirmed)
    with pytest.raises(Forbidden, match=_refused("refused.reason_short", count=10)):
        services.ask_elevation(actor, "because", now)
    elevation = services.ask_elevation(actor, reason, now)
    assert elevation.expires_at - now <= datetime.timedelta(minutes=30, seconds=5)
    assert world.actor("administrator").elevation_id == elevation.pk
    with pytest.raises(Forbidden, match=_refused("refused.elevated_already")):
        services.ask_elevation(actor, reason, now)


def test_elevated_access_ends_by_time_by_button_and_with_the_role(world: World) -> None:
    assert world.actor("elevated_administrator").is_elevated
    assert not actor_of(world.people["elevated_administrator"]).is_elevated, "without a second factor"
    elevation = Elevation.objects.get()
    with pytest.raises(Forbidden, match=_refused("refused.elevation_other")):
        services.end_elevation(world.actor("administrator"), elevation)
    services.end_elevation(world.actor("elevated_administrator"), elevation)
    assert not world.actor("elevated_administrator").is_elevated
    Elevation.objects.update(ended_at=None, expires_at=timezone.now())
    assert not world.actor("elevated_administrator").is_elevated
    Elevation.objects.update(expires_at=timezone.now() + IN_A_YEAR)
    services.end_membership(world.actor("administrator"), _membership(world, "elevated_administrator"))
    assert not world.actor("elevated_administrator").is_elevated


def test_long_addresses_are_logged_cut(world: World) -> None:
    services.log_access(Elevation.objects.get().pk, "GET", "/" + "x" * 900, 200)
    assert len(ElevatedAccess.objects.get().path) == 500


def test_an_actor_bound_to_a_token_is_never_elevated(world: World) -> None:
    user = world.people["elevated_administrator"]
    assert not actor_of(user, has_second_factor=True, scopes=frozenset({"read"})).is_elevated
    assert not ANONYMOUS.is_known


def _at_once(*acts: Callable[[], object]) -> list[bool]:
    """What each act came to, all begun together: True, or False where it was refused."""
    gate = threading.Barrier(len(acts))

    def one(act: Callable[[], object]) -> bool:
        try:
            gate.wait(timeout=30)
            act()
        except Forbidden:
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(len(acts)) as threads:
        return list(threads.map(one, acts))


@pytest.mark.django_db(transaction=True)
def test_two_managers_who_end_each_other_at_once_leave_one(world: World) -> None:
    second = _accept_new(_invite(world, role=Role.FIRM_MANAGER)[0])
    first, other = world.actor("firm_manager"), actor_of(second)
    mine, theirs = _membership(world, "firm_manager"), Membership.objects.get(user=second)
    ended = _at_once(
        lambda: services.end_membership(first, theirs), lambda: services.end_membership(other, mine),
    )  # fmt: skip
    assert sorted(ended) == [False, True]
    assert Membership.objects.filter(organisation=world.firm, role=Role.FIRM_MANAGER, ended_at=None).count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_invitation_taken_up_twice_at_once_is_taken_once(world: World) -> None:
    invitation, _ = _invite(world)
    assert sorted(_at_once(*[lambda: _accept_new(invitation)] * 3)) == [False, False, True]
    assert User.objects.filter(email="new@example.org").count() == 1
    assert Membership.objects.filter(user__email="new@example.org").count() == 1


@pytest.mark.django_db(transaction=True)
def test_elevated_access_asked_for_twice_at_once_is_given_once(world: World) -> None:
    actor, now = world.actor("administrator"), timezone.now()
    assert sorted(_at_once(*[lambda: services.ask_elevation(actor, "A complaint of firm 1", now)] * 2)) == [False, True]
