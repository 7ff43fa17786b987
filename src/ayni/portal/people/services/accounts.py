"""Accounts: made by an invitation, by a firm's sign-up, or for a demonstration."""

from __future__ import annotations

from allauth.account.models import EmailAddress
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from django.db import IntegrityError, transaction

from ayni.base.texts import LANGUAGES
from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import no
from ayni.portal.people.models import Kind, Membership, Organisation, PendingFirm, Role, User


@transaction.atomic
def make_account(email: str, name: str, password: str | None, *, language: str = "es", totp_secret: str = "") -> User:
    """A new account whose address counts as confirmed; with ``totp_secret`` (base32) an authenticator is active.

    For demonstrations and for invitations: whoever calls knows that the address is the person's. Raises IntegrityError
    for an address that has an account.
    """
    user = User.objects.create_user(email, password, name=name, language=language)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    if totp_secret:
        secret = get_adapter().encrypt(totp_secret)
        Authenticator.objects.create(user=user, type=Authenticator.Type.TOTP, data={"secret": secret})
    return user


def change_profile(actor: Actor, name: str, language: str) -> User:
    """Change one's own name and language."""
    user = _known(actor)
    user.name, user.language = name, language
    user.save(update_fields=["name", "language"])
    return user


def remember_language(user: User, language: str) -> None:
    """Keep the language that a person chose, for their next sign-in."""
    if language in LANGUAGES and language != user.language:
        user.language = language
        user.save(update_fields=["language"])


@transaction.atomic
def remember_firm(user: User, name: str, firm: str, ruc: str, language: str) -> PendingFirm:
    """Keep what a firm's first person signed up for until the address is confirmed."""
    user.name, user.language = name, language
    user.save(update_fields=["name", "language"])
    return PendingFirm.objects.create(user=user, name=firm, ruc=ruc)


@transaction.atomic
def found_firm(user: User) -> Organisation | None:
    """Make the firm that a person signed up for, now that their address is confirmed, with them as its manager.

    None where nothing waits, or where somebody else's firm took the RUC meanwhile: then it goes on waiting, and the
    account's page says so.
    """
    pending = PendingFirm.objects.select_for_update().filter(user=user).first()
    if pending is None:
        return None
    try:
        with transaction.atomic():
            firm = Organisation.objects.create(kind=Kind.FIRM, name=pending.name, ruc=pending.ruc)
    except IntegrityError:
        return None
    Membership.objects.create(user=user, organisation=firm, role=Role.FIRM_MANAGER)
    pending.delete()
    return firm


def _known(actor: Actor) -> User:
    if actor.user is None:
        no("people.refused.sign_in").require()
    assert actor.user is not None  # noqa: S101 the line above refused
    return actor.user
