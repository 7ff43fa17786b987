"""How allauth behaves here."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse

from ayni.portal.people import encryption
from ayni.portal.people.language import keep_language
from ayni.portal.people.models import User


class AccountAdapter(DefaultAccountAdapter):
    """Accounts begin with an invitation or by a firm's own sign-up; signing in brings the person's language."""

    def is_open_for_signup(self, _request: HttpRequest) -> bool:
        """Not where no mail would ever bring the link that confirms the address."""
        return bool(settings.ENVIRONMENT.mail_url) or not settings.IS_PRODUCTION

    def post_login(self, request: HttpRequest, user: User, **details: Any) -> HttpResponse:
        """The answer to a finished sign-in."""
        response = super().post_login(request, user, **details)
        keep_language(response, user.language)
        return response

    def format_email_subject(self, subject: str) -> str:
        """The subject under our name."""
        return f"{settings.ACCOUNT_EMAIL_SUBJECT_PREFIX}{subject}"


class MFAAdapter(DefaultMFAAdapter):
    """Second factors: their secrets are encrypted at rest when AYNI_FIELD_KEY is set."""

    def encrypt(self, text: str) -> str:
        """The secret for the database."""
        return encryption.encrypt(text, settings.ENVIRONMENT.field_key)

    def decrypt(self, encrypted_text: str) -> str:
        """The secret in clear."""
        return encryption.decrypt(encrypted_text, settings.ENVIRONMENT.field_key)
