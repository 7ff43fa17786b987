"""Forms of allauth with what is ours: a firm's first person, codes that work once, passkeys that can be found."""

from __future__ import annotations

import re
from typing import Any

from allauth.account.forms import SignupForm
from allauth.mfa.adapter import get_adapter
from allauth.mfa.base import forms as codes
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest

from ayni.base.texts import say
from ayni.portal.people import services
from ayni.portal.people.models import User
from ayni.portal.people.permissions import may_register_ruc
from ayni.portal.people.ruc import RucField
from ayni.portal.site.language import page_language


class FirmSignupForm(SignupForm):
    """The first person of a firm: own name, the firm's name and RUC, address, password."""

    name = forms.CharField(max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    firm = forms.CharField(max_length=160, widget=forms.TextInput({"autocomplete": "organization"}))
    ruc = RucField()
    field_order = ("firm", "ruc", "name", "email", "password1", "password2")

    def __init__(self, *arguments: Any, **details: Any) -> None:
        super().__init__(*arguments, **details)
        for field in ("name", "firm", "ruc"):
            self.fields[field].label = say(f"people.field.{field}", page_language())
        self.fields["ruc"].help_text = say("people.field.ruc.help", page_language())

    def clean_ruc(self) -> str:
        """A RUC that no organisation has: a firm that is here already lets its manager invite."""
        ruc: str = self.cleaned_data["ruc"]
        answer = may_register_ruc(ruc)
        if answer.reason:
            raise forms.ValidationError(answer.reason.label(page_language()), code="taken")
        return ruc

    def custom_signup(self, request: HttpRequest, user: User) -> None:
        """Keep the firm until the address is confirmed."""
        super().custom_signup(request, user)
        data = self.cleaned_data
        services.remember_firm(user, data["name"], data["firm"], data["ruc"], page_language())


class _OnceOnly:
    """A code works once, also while the clock's tolerance would still take it."""

    def clean_code(self) -> str:
        """The code, spent."""
        code: str = super().clean_code()  # type: ignore[misc]
        user: User = self.user  # type: ignore[attr-defined]
        lifetime = (2 * settings.MFA_TOTP_TOLERANCE + 1) * 30
        if not cache.add(f"people.code:{user.pk}:{re.sub(r'[^0-9A-Za-z]', '', code)}", 1, timeout=lifetime):
            raise get_adapter().validation_error("incorrect_code")
        return code


class AuthenticateForm(_OnceOnly, codes.AuthenticateForm):
    """The code at sign-in."""


class ReauthenticateForm(_OnceOnly, codes.ReauthenticateForm):
    """The code where a fresh one is asked for."""


class AddPasskeyForm(AddWebAuthnForm):
    """A new passkey; unless told otherwise it can also sign in alone."""

    def __init__(self, *arguments: Any, **details: Any) -> None:
        super().__init__(*arguments, **details)
        self.fields["passwordless"].initial = True
        self.fields["name"].label = say("people.passkey.name", page_language())
        self.fields["passwordless"].label = say("people.passkey.alone", page_language())
        self.fields["passwordless"].help_text = say("people.passkey.alone.help", page_language())
