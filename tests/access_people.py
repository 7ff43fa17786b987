"""Who gets in at the addresses of people, and at those of allauth under /cuenta/."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.utils import timezone

from access import EVERYBODY, FIRM, SIGNED_IN, Entry
from ayni.portal.people.actor import Actor, actor_of
from ayni.portal.people.models import Elevation, Engagement, Membership, Role
from ayni.portal.people.services import invite
from portal_samples import World

ADMINISTRATORS = frozenset({"administrator", "elevated_administrator"})
ELEVATED = frozenset({"elevated_administrator"})
MANAGER = frozenset({"firm_manager"})
NOBODY: frozenset[str] = frozenset()
ANONYMOUS = frozenset({"anonymous"})


def _firm(world: World) -> Mapping[str, Any]:
    return {"pk": world.firm.pk}


def _operator(world: World) -> Mapping[str, Any]:
    assert world.park.operator is not None
    return {"pk": world.park.operator.pk}


def _ministry(world: World) -> Mapping[str, Any]:
    return {"pk": world.ministry.pk}


def _verifiers(world: World) -> Mapping[str, Any]:
    return {"pk": world.verifiers.pk}


def _manager(world: World) -> Actor:
    return actor_of(world.people["firm_manager"])


def _open_invitation(world: World) -> Mapping[str, Any]:
    return {"pk": invite(_manager(world), world.firm, "asked@example.org", Role.FIRM_MEMBER)[0].pk}


def _secret(world: World) -> Mapping[str, Any]:
    return {"secret": invite(_manager(world), world.firm, "asked@example.org", Role.FIRM_MEMBER)[1]}


def _membership(persona: str) -> Callable[[World], Mapping[str, Any]]:
    return lambda world: {"pk": Membership.objects.get(user=world.people[persona]).pk}


def _engagement(world: World) -> Mapping[str, Any]:
    return {"pk": Engagement.objects.get(firm=world.firm).pk}


def _elevation(world: World) -> Mapping[str, Any]:
    return {"pk": Elevation.objects.get(user=world.people["elevated_administrator"]).pk}


def _invited(role: Role) -> Callable[[World], Mapping[str, Any]]:
    day = timezone.localdate().replace(year=timezone.localdate().year + 1, day=1).isoformat()
    return lambda _: {"email": "new@example.org", "role": role.value, "until": day}


def _engaged(world: World) -> Mapping[str, Any]:
    year = timezone.localdate().year + 1
    return {"verifier": world.verifiers.pk, "until": f"{year}-01-31"}


ENTRIES = [
    Entry("api:people_me", SIGNED_IN),
    Entry("people:account", SIGNED_IN),
    Entry("people:account", SIGNED_IN, "POST", data=lambda _: {"name": "Ana", "language": "en"}),
    Entry("people:second_factor", SIGNED_IN),
    Entry("people:organisation", FIRM | ELEVATED, kwargs=_firm),
    Entry("people:organisation", frozenset({"park_operator", "consultant"}) | ADMINISTRATORS, kwargs=_operator),
    Entry("people:organisation", frozenset({"officer", "other_officer"}) | ADMINISTRATORS, kwargs=_ministry),
    Entry("people:organisation", frozenset({"verifier"}) | ADMINISTRATORS, kwargs=_verifiers),
    Entry("people:invite", MANAGER | ELEVATED, "POST", kwargs=_firm, data=_invited(Role.FIRM_MEMBER)),
    Entry("people:invite", frozenset({"park_operator"}) | ELEVATED, "POST", _operator, _invited(Role.CONSULTANT)),
    Entry("people:invite", ADMINISTRATORS, "POST", kwargs=_ministry, data=_invited(Role.OFFICER)),
    Entry("people:invite", ADMINISTRATORS, "POST", kwargs=_verifiers, data=_invited(Role.VERIFIER)),
    Entry("people:withdraw_invitation", MANAGER | ELEVATED, "POST", kwargs=_open_invitation),
    Entry("people:end_membership", FIRM | ELEVATED, "POST", kwargs=_membership("firm_member")),
    Entry("people:end_membership", NOBODY, "POST", kwargs=_membership("firm_manager")),
    Entry("people:end_membership", ADMINISTRATORS | {"officer"}, "POST", kwargs=_membership("officer")),
    Entry(
        "people:end_membership", frozenset({"park_operator", "consultant"}) | ELEVATED, "POST",
        kwargs=_membership("consultant"),
    ),
    Entry("people:engage", MANAGER, "POST", kwargs=_firm, data=_engaged),
    Entry("people:end_engagement", MANAGER, "POST", kwargs=_engagement),
    Entry("people:publish", MANAGER, "POST", kwargs=_firm, data=lambda _: {"is_public": "yes"}),
    Entry("people:invitation", EVERYBODY, kwargs=_secret),
    Entry(
        "people:invitation", ANONYMOUS, "POST", kwargs=_secret,
        data=lambda _: {"name": "Ana", "password": "qwe asd zxc 99", "password_again": "qwe asd zxc 99"},
    ),
    Entry("people:members", ADMINISTRATORS),
    Entry("people:members", ADMINISTRATORS, "POST", data=lambda _: {"kind": "verifier", "organisation_name": "New"}),
    Entry("people:elevations", ADMINISTRATORS),
    Entry("people:elevations", frozenset({"administrator"}), "POST", data=lambda _: {"reason": "A firm complained"}),
    Entry("people:elevation", ADMINISTRATORS, kwargs=_elevation),
    Entry("people:end_elevation", ELEVATED, "POST", kwargs=_elevation),
    Entry("account_login", EVERYBODY),
    Entry("account_logout", EVERYBODY),
    Entry("account_inactive", EVERYBODY),
    Entry("account_signup", EVERYBODY),
    Entry("account_reauthenticate", SIGNED_IN),
    Entry("account_email", SIGNED_IN),
    Entry("account_email_verification_sent", EVERYBODY),
    Entry("account_change_password", SIGNED_IN),
    Entry("account_set_password", SIGNED_IN),
    Entry("account_reset_password", EVERYBODY),
    Entry("account_confirm_login_code", SIGNED_IN),
    Entry("account_confirm_email", EVERYBODY, kwargs=lambda _: {"key": "none"}),
    Entry("account_reset_password_from_key_done", EVERYBODY),
    Entry("account_reset_password_from_key", EVERYBODY, kwargs=lambda _: {"uidb36": "1", "key": "none-none"}),
    Entry("account_reset_password_done", EVERYBODY),
    Entry("mfa_index", SIGNED_IN),
    Entry("mfa_authenticate", SIGNED_IN),
    Entry("mfa_reauthenticate", NOBODY),
    Entry("mfa_activate_totp", NOBODY),
    Entry("mfa_deactivate_totp", NOBODY),
    Entry("mfa_view_recovery_codes", NOBODY),
    Entry("mfa_generate_recovery_codes", NOBODY),
    Entry("mfa_download_recovery_codes", NOBODY),
    Entry("mfa_list_webauthn", SIGNED_IN),
    Entry("mfa_add_webauthn", NOBODY),
    Entry("mfa_reauthenticate_webauthn", NOBODY),
    Entry("mfa_remove_webauthn", NOBODY, kwargs=lambda _: {"pk": 1}),
    Entry("mfa_edit_webauthn", NOBODY, kwargs=lambda _: {"pk": 1}),
    Entry("mfa_login_webauthn", SIGNED_IN),
]  # fmt: skip
"""Pages of second factors ask for the password or a factor again: to the table's eye, nobody gets in at once."""
