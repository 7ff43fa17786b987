"""What happens after allauth's own steps: a confirmed address founds the firm, a second factor counts at once."""

from __future__ import annotations

from typing import Any

from allauth.account.models import EmailAddress
from allauth.account.signals import email_confirmed
from allauth.mfa.models import Authenticator
from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.dispatch import receiver
from django.http import HttpRequest

from ayni.portal.people import second_factor, services
from ayni.portal.people.models import User

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


@receiver(email_confirmed)
def _found_firm(email_address: EmailAddress, **_: Any) -> None:
    services.found_firm(email_address.user)


@receiver(authenticator_added)
def _count_at_once(request: HttpRequest, user: User, authenticator: Authenticator, **_: Any) -> None:
    if authenticator.type in FACTORS:
        second_factor.remember_set_up(request.session, user)


@receiver(authenticator_removed)
def _count_no_more(request: HttpRequest, user: User, **_: Any) -> None:
    if not Authenticator.objects.filter(user=user, type__in=FACTORS).exists():
        second_factor.forget(request.session)
