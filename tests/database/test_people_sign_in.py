"""Signing in and up through the pages: second factor, dropped grants, limits, language, the log of elevated access."""

from __future__ import annotations

import re
import time
from typing import Any
from urllib.parse import urlparse

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client
from django.urls import reverse

from ayni.portal.people import services
from ayni.portal.people.models import ElevatedAccess, Elevation, Membership, Organisation, Role, User
from ayni.portal.people.second_factor import code_at
from portal_samples import World, ruc, sign_in

SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"  # noqa: S105 a test's
PASSWORD = "a long enough password"  # noqa: S105 a test's
SIGN_UP = {
    "firm": "Tejidos", "ruc": ruc(900), "name": "Ana", "email": "ana@example.org", "password1": "qwe asd zxc 99",
    "password2": "qwe asd zxc 99",
}  # fmt: skip


@pytest.fixture
def officer(world: World) -> User:
    """An officer who has no second factor yet."""
    user = world.people["officer"]
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


@pytest.fixture
def guarded(officer: User) -> User:
    """The officer with an authenticator."""
    data = {"secret": get_adapter().encrypt(SECRET)}
    Authenticator.objects.create(user=officer, type=Authenticator.Type.TOTP, data=data)
    return officer


def _post(client: Client, name: str, data: dict[str, Any], **kwargs: Any) -> Any:
    return client.post(reverse(name, kwargs=kwargs or None), data)


def _enter(client: Client, user: User, password: str = PASSWORD) -> Any:
    return _post(client, "account_login", {"login": user.email, "password": password})


def _leads_to(response: Any) -> str:
    return str(urlparse(response["Location"]).path)


def _code(client: Client) -> Any:
    return _post(client, "mfa_authenticate", {"code": code_at(SECRET, time.time())})


def test_sign_in_asks_for_the_code_and_takes_it_once(client: Client, guarded: User) -> None:
    answer = _enter(client, guarded)
    assert _leads_to(answer) == reverse("mfa_authenticate")
    assert not client.get(reverse("people:account")).wsgi_request.user.is_authenticated
    wrong = f"{(int(code_at(SECRET, time.time())) + 1) % 10**6:06d}"
    assert _post(client, "mfa_authenticate", {"code": wrong}).status_code == 200
    code = code_at(SECRET, time.time())
    assert _leads_to(_post(client, "mfa_authenticate", {"code": code})) == "/"
    actor = client.get(reverse("people:account")).wsgi_request.actor  # type: ignore[attr-defined]
    assert actor.has_second_factor
    assert actor.has_role(Role.OFFICER)
    other = Client()
    _enter(other, guarded)
    assert _post(other, "mfa_authenticate", {"code": code}).status_code == 200
    assert not other.get(reverse("people:account")).wsgi_request.user.is_authenticated


def test_without_a_second_factor_the_role_waits_and_one_page_says_so(client: Client, officer: User) -> None:
    _enter(client, officer)
    page = client.get("/?tab=1")
    assert page["Location"] == reverse("people:second_factor") + "?next=%2F%3Ftab%3D1"
    clear = client.get(page["Location"])
    assert clear.status_code == 200
    actor = clear.wsgi_request.actor  # type: ignore[attr-defined]
    assert not actor.grants
    assert [grant.role for grant in actor.held_back] == [Role.OFFICER]
    for name in ("people:account", "mfa_index", "account_change_password"):
        assert client.get(reverse(name)).status_code == 200
    assert _leads_to(_post(client, "people:members", {"kind": "verifier"})) == reverse("people:second_factor")


def test_roles_that_need_none_work_without(client: Client, world: World) -> None:
    client.force_login(world.people["firm_manager"])
    page = client.get(reverse("people:organisation", kwargs={"pk": world.firm.pk}))
    assert page.status_code == 200
    assert page.wsgi_request.actor.grants  # type: ignore[attr-defined]


@pytest.mark.django_db(transaction=True)
def test_setting_up_a_second_factor_counts_at_once_and_taking_it_away_too(client: Client, officer: User) -> None:
    _enter(client, officer)
    assert _leads_to(client.get(reverse("mfa_activate_totp"))) == reverse("account_reauthenticate")
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    client.get(reverse("mfa_activate_totp"))
    secret = client.session["mfa.totp.secret"]
    answer = _post(client, "mfa_activate_totp", {"code": code_at(secret, time.time())})
    assert _leads_to(answer) == reverse("mfa_view_recovery_codes")
    assert client.get("/").status_code == 200
    assert _leads_to(client.get(reverse("people:second_factor") + "?next=/lugares/")) == "/lugares/"
    _post(client, "mfa_deactivate_totp", {})
    assert _leads_to(client.get("/")) == reverse("people:second_factor")


def test_the_page_of_the_second_factor_leads_nowhere_else(client: Client, officer: User) -> None:
    sign_in(client, officer)
    page = client.get(reverse("people:second_factor") + "?next=https://example.com/")
    assert page["Location"] == "/"


def test_a_second_factor_that_is_set_up_is_entered_in_the_session(client: Client, guarded: User) -> None:
    client.force_login(guarded)
    page = client.get(reverse("people:second_factor"))
    assert reverse("mfa_reauthenticate") in page.content.decode()
    answer = client.post(reverse("mfa_reauthenticate") + "?next=/", {"code": code_at(SECRET, time.time())})
    assert _leads_to(answer) == "/"
    assert client.get("/").status_code == 200


def test_another_persons_second_factor_is_none(client: Client, world: World) -> None:
    sign_in(client, world.people["officer"])
    session = client.session
    session["account_authentication_methods_user"] = str(world.people["verifier"].pk)
    session.save()
    assert _leads_to(client.get("/")) == reverse("people:second_factor")


def test_a_recovery_code_serves_once(client: Client, guarded: User) -> None:
    seed = {"seed": get_adapter().encrypt("0" * 80), "used_mask": 0}
    kept = Authenticator.objects.create(user=guarded, type=Authenticator.Type.RECOVERY_CODES, data=seed)
    code = kept.wrap().get_unused_codes()[0]
    _enter(client, guarded)
    assert _leads_to(_post(client, "mfa_authenticate", {"code": code})) == "/"
    other = Client()
    _enter(other, guarded)
    assert _post(other, "mfa_authenticate", {"code": code}).status_code == 200


def test_wrong_passwords_are_soon_not_looked_at(client: Client, world: World) -> None:
    user = world.people["firm_manager"]
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    for _ in range(5):
        assert _enter(client, user, "wrong").status_code == 200
    refused = _enter(client, user)
    assert refused.status_code == 200
    assert not refused.wsgi_request.user.is_authenticated
    assert _enter(Client(), world.people["firm_member"]).status_code == 302, "others from the same place still get in"


def test_too_many_sign_ins_from_one_place_are_refused_on_our_page(client: Client, db: None) -> None:
    answers = [_post(client, "account_login", {"login": "", "password": ""}).status_code for _ in range(31)]
    assert answers == [200] * 30 + [429]
    page = _post(client, "account_login", {}).content.decode()
    assert "Demasiados intentos" in page
    assert "site-head" in page


def test_too_many_sign_ups_and_resets_are_refused(client: Client, db: None) -> None:
    for name in ("account_signup", "account_reset_password"):
        answers = [_post(client, name, {"email": f"{number}@example.org"}).status_code for number in range(11)]
        assert answers[10] == 429
        assert 429 not in answers[:10]


def test_a_firms_first_person_signs_up_and_confirms(client: Client, db: None) -> None:
    assert _leads_to(_post(client, "account_signup", SIGN_UP)) == reverse("account_email_verification_sent")
    assert not Organisation.objects.exists()
    user = User.objects.get(email="ana@example.org")
    assert user.name == "Ana"
    assert _leads_to(_enter(client, user, "qwe asd zxc 99")) == reverse("account_email_verification_sent")
    link = re.search(r"http://testserver(\S+)", str(mail.outbox[0].body))
    assert link
    assert client.get(link[1]).status_code == 200
    client.post(link[1])
    firm = Organisation.objects.get(ruc=SIGN_UP["ruc"])
    assert firm.name == "Tejidos"
    assert not firm.is_public
    assert [one.role for one in Membership.objects.filter(user=user, organisation=firm)] == [Role.FIRM_MANAGER]
    assert _leads_to(_enter(client, user, "qwe asd zxc 99")) == "/"


@pytest.mark.parametrize("number", ["20123456789", "123", ruc(900)[:-1] + "x"])
def test_a_wrong_ruc_is_said(client: Client, db: None, number: str) -> None:
    page = _post(client, "account_signup", {**SIGN_UP, "ruc": number})
    assert "Este RUC no es válido" in page.content.decode()
    assert not User.objects.exists()


def test_a_ruc_that_is_here_leads_to_its_manager(client: Client, world: World) -> None:
    page = _post(client, "account_signup", {**SIGN_UP, "ruc": world.firm.ruc})
    assert "Pida una invitación" in page.content.decode()
    assert not User.objects.filter(email=SIGN_UP["email"]).exists()


def test_signing_up_does_not_tell_which_addresses_are_known(client: Client, world: World) -> None:
    known = _post(client, "account_signup", {**SIGN_UP, "email": "officer@example.org"})
    unknown = _post(Client(), "account_signup", SIGN_UP)
    assert known["Location"] == unknown["Location"]


def test_the_persons_language_comes_with_them(client: Client, world: World) -> None:
    user = world.people["firm_manager"]
    User.objects.filter(pk=user.pk).update(language="en")
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    assert "Sign out" not in client.get("/", headers={"accept-language": "es"}).content.decode()
    assert _enter(client, user).cookies["ayni_language"].value == "en"
    assert "Sign out" in client.get("/", headers={"accept-language": "es"}).content.decode()
    client.post(reverse("site:set_language"), {"language": "es", "next": "/"})
    assert User.objects.get(pk=user.pk).language == "es"


def test_changing_the_profile_changes_name_and_language(client: Client, world: World) -> None:
    sign_in(client, world.people["firm_member"])
    answer = _post(client, "people:account", {"name": "Eva", "language": "en"})
    assert answer.cookies["ayni_language"].value == "en"
    user = User.objects.get(pk=world.people["firm_member"].pk)
    assert (user.name, user.language) == ("Eva", "en")


def test_what_elevated_access_opens_is_logged_until_it_is_ended(client: Client, world: World) -> None:
    sign_in(client, world.people["administrator"])
    client.get("/")
    assert not ElevatedAccess.objects.exists()
    _post(client, "people:elevations", {"reason": "A complaint of firm 1"})
    elevation = Elevation.objects.get(user=world.people["administrator"])
    firm = reverse("people:organisation", kwargs={"pk": world.firm.pk})
    assert client.get(firm + "?a=1").status_code == 200
    assert client.get(reverse("people:organisation", kwargs={"pk": 10**9})).status_code == 404
    client.post(reverse("people:end_elevation", kwargs={"pk": elevation.pk}))
    assert client.get(firm).status_code == 403
    logged = list(
        ElevatedAccess.objects.filter(elevation=elevation).order_by("pk").values_list("method", "path", "status")
    )
    assert logged == [
        ("GET", firm + "?a=1", 200), ("GET", reverse("people:organisation", kwargs={"pk": 10**9}), 404),
        ("POST", reverse("people:end_elevation", kwargs={"pk": elevation.pk}), 302),
    ]  # fmt: skip


def test_elevated_access_waits_for_a_fresh_second_factor(client: Client, world: World) -> None:
    sign_in(client, world.people["administrator"])
    session = client.session
    session["account_authentication_methods"] = [{"method": "mfa", "type": "totp", "at": time.time() - 301}]
    session.save()
    answer = _post(client, "people:elevations", {"reason": "A complaint of firm 1"})
    assert _leads_to(answer) == reverse("people:second_factor")
    assert not Elevation.objects.filter(user=world.people["administrator"]).exists()


def test_an_invitation_is_taken_up_at_its_page(client: Client, world: World) -> None:
    sign_in(client, world.people["firm_manager"])
    _post(client, "people:invite", {"email": "new@example.org", "role": "firm_member"}, pk=world.firm.pk)
    here = reverse("people:organisation", kwargs={"pk": world.firm.pk})
    found = re.search(r"http://testserver(/personas/invitacion/[^/]+/)", client.get(here).content.decode())
    assert found, "without a mail server the link is shown"
    assert "/personas/invitacion/" not in client.get(here).content.decode(), "once"
    assert found[1] in mail.outbox[-1].body
    guest = Client()
    form = {"name": "Eva", "password": "qwe asd zxc 99", "password_again": "other"}
    assert guest.post(found[1], form).status_code == 200
    answer = guest.post(found[1], {**form, "password_again": form["password"]})
    assert _leads_to(answer) == reverse("people:account")
    assert guest.get(reverse("people:account")).status_code == 200
    assert Client().get(found[1]).status_code == 410
    assert Client().get(reverse("people:invitation", kwargs={"secret": "guess"})).status_code == 404


def test_a_weak_password_is_refused_at_an_invitation(client: Client, world: World) -> None:
    _, secret = services.invite(world.actor("firm_manager"), world.firm, "new@example.org", Role.FIRM_MEMBER)
    path = reverse("people:invitation", kwargs={"secret": secret})
    assert client.post(path, {"name": "Eva", "password": "12345678", "password_again": "12345678"}).status_code == 200
    assert not User.objects.filter(email="new@example.org").exists()


def test_a_known_person_signs_in_and_then_accepts(client: Client, world: World) -> None:
    _, secret = services.invite(world.actor("firm_manager"), world.firm, "consultant@example.org", Role.FIRM_MEMBER)
    path = reverse("people:invitation", kwargs={"secret": secret})
    assert client.post(path)["Location"] == f"{reverse('account_login')}?next={path}"
    client.force_login(world.people["consultant"])
    assert _leads_to(client.post(path)) == reverse("people:account")
    assert Membership.objects.filter(user=world.people["consultant"], organisation=world.firm).exists()


ALLAUTH_PAGES = (
    "account_email", "account_change_password", "mfa_index", "mfa_activate_totp", "mfa_add_webauthn",
    "mfa_list_webauthn", "account_reauthenticate", "account_logout", "people:account", "people:second_factor",
)  # fmt: skip
INLINE = re.compile(r"\sstyle=|<style|\son[a-z]+=|<script(?![^>]*(?:\ssrc=|type=\"application/json\"))", re.IGNORECASE)


@pytest.mark.parametrize("language", ["es", "en"])
def test_pages_of_accounts_carry_nothing_inline(client: Client, officer: User, language: str) -> None:
    client.cookies["ayni_language"] = language
    for name in ("account_login", "account_signup", "account_reset_password", "account_email_verification_sent"):
        _is_ours(client.get(reverse(name)), language)
    client.force_login(officer)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    for name in ALLAUTH_PAGES:
        _is_ours(client.get(reverse(name)), language)


def _is_ours(page: Any, language: str) -> None:
    text = page.content.decode()
    assert page.status_code == 200, page.wsgi_request.path
    assert not INLINE.search(text), page.wsgi_request.path
    assert f'<html lang="{"en" if language == "en" else "es-PE"}"' in text
    assert text.count("<h1") == 1, page.wsgi_request.path


@pytest.mark.parametrize("name", ["people:members", "people:elevations", "people:organisation"])
def test_queries_do_not_grow_with_rows(
    client: Client, world: World, name: str, django_assert_max_num_queries: Any
) -> None:
    sign_in(client, world.people["elevated_administrator"])
    path = reverse(name, kwargs={"pk": world.ministry.pk} if name == "people:organisation" else None)
    client.get(path)
    counts = []
    for round_ in range(2):
        for number in range(3 if round_ == 0 else 20):
            email = f"{round_}.{number}@example.org"
            user = services.make_account(email, email, None)
            Membership.objects.create(user=user, organisation=world.ministry, role=Role.OFFICER)
            Elevation.objects.create(user=user, reason="test", expires_at=world.firm.created_at)
            services.invite(world.actor("administrator"), world.ministry, f"i.{email}", Role.OFFICER)
        with django_assert_max_num_queries(40) as caught:
            client.get(path)
        counts.append(len(caught))
    assert counts[0] == counts[1]
