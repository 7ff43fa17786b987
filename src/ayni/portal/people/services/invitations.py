"""Invitations: an address is asked into a role; the link in the message holds the secret, which we do not keep."""

from __future__ import annotations

import datetime
import logging
import secrets
from smtplib import SMTPException

from django.core.mail import send_mail
from django.db import transaction
from django.utils import timezone

from ayni.base.texts import Language, Word, say
from ayni.portal.people.actor import Actor
from ayni.portal.people.answers import YES, Answer, no
from ayni.portal.people.models import Invitation, Kind, Membership, Organisation, Role, User, token_hash
from ayni.portal.people.permissions import may_accept, may_give, may_withdraw
from ayni.portal.people.services.accounts import make_account

LIFETIME = datetime.timedelta(days=7)

logger = logging.getLogger(__name__)


@transaction.atomic
def invite(
    actor: Actor,
    organisation: Organisation,
    email: str,
    role: str,
    *,
    area: str = "",
    until: datetime.datetime | None = None,
) -> tuple[Invitation, str]:
    """A new invitation and the secret of its link, which is nowhere kept. Raises Forbidden."""
    may_give(actor, organisation, role).require()
    _is_whole(organisation, email, role, until).require()
    return _make(organisation, email, role, area if role == Role.OFFICER else "", until, actor.user)


def invite_first_administrator(email: str, ministry: str) -> tuple[Invitation, str]:
    """An invitation for an administrator from the server's own terminal, into the ministry of that name."""
    organisation, _ = Organisation.objects.get_or_create(kind=Kind.MINISTRY, name=ministry)
    return _make(organisation, email, Role.ADMINISTRATOR, "", None, None)


def send_invitation(invitation: Invitation, link: str, language: Language) -> bool:
    """Send the link to the invited address; whether the mail server took it."""
    values = {
        "organisation": invitation.organisation.name, "role": Word(f"people.role.{invitation.role}"), "link": link,
        "who": str(invitation.invited_by or "Ayni"), "day": timezone.localtime(invitation.expires_at).date(),
    }  # fmt: skip
    subject, body = (say(f"people.invitation.mail.{part}", language, **values) for part in ("subject", "body"))
    try:
        send_mail(subject, body, None, [invitation.email])
    except (SMTPException, OSError):
        logger.exception("the invitation %s was not sent", invitation.pk)
        return False
    return True


@transaction.atomic
def withdraw_invitation(actor: Actor, invitation: Invitation) -> None:
    """Take an invitation back: its link no longer works. Raises Forbidden."""
    fresh = Invitation.objects.select_for_update().get(pk=invitation.pk)
    may_withdraw(actor, fresh).require()
    fresh.withdrawn_at = timezone.now()
    fresh.save(update_fields=["withdrawn_at"])


@transaction.atomic
def accept_invitation(user: User, invitation: Invitation) -> Membership:
    """Take the invitation up: once, in time, by the address that was asked. Raises Forbidden."""
    fresh = Invitation.objects.select_for_update().get(pk=invitation.pk)
    may_accept(user, fresh).require()
    membership, _ = Membership.objects.update_or_create(
        user=user, organisation=fresh.organisation, role=fresh.role, area=fresh.area, ended_at=None,
        defaults={"until": fresh.membership_until},
    )  # fmt: skip
    fresh.accepted_at = timezone.now()
    fresh.save(update_fields=["accepted_at"])
    return membership


@transaction.atomic
def accept_as_new(invitation: Invitation, name: str, password: str, language: str) -> User:
    """The account of somebody who opened the link that was sent to their address, with what they were asked into.

    Raises Forbidden, also where the address has an account already: its person signs in first.
    """
    fresh = Invitation.objects.select_for_update().get(pk=invitation.pk)
    may_accept(None, fresh).require()
    if User.objects.filter(email__iexact=fresh.email).exists():
        no("people.refused.account_exists").require()
    user = make_account(fresh.email, name, password, language=language)
    accept_invitation(user, fresh)
    return user


def _is_whole(organisation: Organisation, email: str, role: str, until: datetime.datetime | None) -> Answer:
    """Whether nothing is missing: a consultant comes until a day, and nobody is asked twice."""
    now = timezone.now()
    if role == Role.CONSULTANT and until is None:
        return no("people.refused.consultant_until")
    if until is not None and until <= now:
        return no("people.refused.until_past")
    waiting = Invitation.objects.filter(
        organisation=organisation,
        email__iexact=email,
        role=role,
        accepted_at=None,
        withdrawn_at=None,
        expires_at__gt=now,
    )
    return no("people.refused.invited_already") if waiting.exists() else YES


def _make(
    organisation: Organisation, email: str, role: str, area: str, until: datetime.datetime | None, author: User | None
) -> tuple[Invitation, str]:
    secret = secrets.token_urlsafe(32)
    invitation = Invitation.objects.create(
        organisation=organisation, email=email.lower(), role=role, area=area, membership_until=until, invited_by=author,
        secret_hash=token_hash(secret), expires_at=timezone.now() + LIFETIME,
    )  # fmt: skip
    return invitation, secret
