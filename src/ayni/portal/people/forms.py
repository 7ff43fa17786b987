"""Forms of people: profile, invitations, organisations, engagements, elevated access."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.auth.password_validation import password_validators_help_text_html, validate_password
from django.core.exceptions import ValidationError
from django.utils import timezone

from ayni.base.texts import say
from ayni.portal.people.actor import Actor
from ayni.portal.people.models import Kind, Organisation, Role, User
from ayni.portal.people.permissions import may_register_ruc, roles_to_give
from ayni.portal.people.queries import bodies_of_verifiers
from ayni.portal.people.ruc import RucField
from ayni.portal.people.services.elevation import REASON_MIN
from ayni.portal.site.language import page_language


class Spoken(forms.Form):
    """A form whose labels, and helps where there are any, stand in the catalogue as ``people.field.<name>``."""

    helped: frozenset[str] = frozenset()

    def __init__(self, *arguments: Any, **details: Any) -> None:
        super().__init__(*arguments, **details)
        for name, field in self.fields.items():
            field.label = say(f"people.field.{name}", page_language())
            if name in self.helped:
                field.help_text = say(f"people.field.{name}.help", page_language())


def _date() -> forms.DateInput:
    return forms.DateInput({"type": "date"}, format="%Y-%m-%d")


def end_of(day: datetime.date) -> datetime.datetime:
    """The last moment of a day in Lima."""
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time.max))


class ProfileForm(Spoken):
    """One's own name and language."""

    name = forms.CharField(max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    language = forms.ChoiceField(choices=settings.LANGUAGES)


class InviteForm(Spoken):
    """An address, the role, and what belongs to the role."""

    helped = frozenset({"area", "until"})
    email = forms.EmailField(widget=forms.EmailInput({"autocomplete": "off"}))
    role = forms.ChoiceField()
    area = forms.RegexField(r"^(\d{2}|\d{4}|\d{6})$", required=False, widget=forms.TextInput({"inputmode": "numeric"}))
    until = forms.DateField(required=False, widget=_date())

    def __init__(self, actor: Actor, organisation: Organisation, *arguments: Any, **details: Any) -> None:
        super().__init__(*arguments, **details)
        roles = roles_to_give(actor, organisation)
        self.fields["role"].choices = [(role.value, role.words(page_language())) for role in roles]  # type: ignore[attr-defined]
        self.fields["area"].error_messages["invalid"] = say("people.field.area.wrong", page_language())
        if Role.OFFICER not in roles:
            del self.fields["area"]
        if Role.CONSULTANT not in roles:
            self.fields["until"].help_text = say("people.field.until.open", page_language())

    @property
    def membership_until(self) -> datetime.datetime | None:
        """The last moment of the membership."""
        day = self.cleaned_data["until"]
        return end_of(day) if day else None


class AcceptForm(Spoken):
    """A new account: name and password."""

    name = forms.CharField(max_length=120, widget=forms.TextInput({"autocomplete": "name"}))
    password = forms.CharField(strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"}))
    password_again = forms.CharField(strip=False, widget=forms.PasswordInput({"autocomplete": "new-password"}))

    def __init__(self, email: str, *arguments: Any, **details: Any) -> None:
        super().__init__(*arguments, **details)
        self.email = email
        self.fields["password"].help_text = password_validators_help_text_html()

    def clean(self) -> dict[str, Any]:
        """The passwords are the same, and good enough for this person."""
        data: dict[str, Any] = super().clean() or {}
        password = data.get("password")
        if password and password != data.get("password_again"):
            self.add_error("password_again", say("people.field.password_again.wrong", page_language()))
        if password:
            try:
                validate_password(password, User(email=self.email, name=data.get("name", "")))
            except ValidationError as error:
                self.add_error("password", error)
        return data


class OrganisationForm(Spoken):
    """An operator, a directorate or a body of verifiers."""

    helped = frozenset({"ruc"})
    kind = forms.ChoiceField()
    organisation_name = forms.CharField(max_length=160)
    ruc = RucField(required=False)

    def __init__(self, *arguments: Any, **details: Any) -> None:
        super().__init__(*arguments, **details)
        kinds = [kind for kind in Kind if kind is not Kind.FIRM]
        self.fields["kind"].choices = [(kind.value, kind.words(page_language())) for kind in kinds]  # type: ignore[attr-defined]

    def clean_ruc(self) -> str:
        """A RUC that no organisation has."""
        ruc: str = self.cleaned_data["ruc"]
        answer = may_register_ruc(ruc)
        if ruc and answer.reason:
            raise ValidationError(answer.reason.label(page_language()), code="taken")
        return ruc


class EngageForm(Spoken):
    """A body of verifiers and a day."""

    verifier = forms.ModelChoiceField(Organisation.objects.none())
    until = forms.DateField(widget=_date())

    def __init__(self, *arguments: Any, **details: Any) -> None:
        super().__init__(*arguments, **details)
        self.fields["verifier"].queryset = bodies_of_verifiers()  # type: ignore[attr-defined]


class ElevateForm(Spoken):
    """Why elevated access is needed."""

    helped = frozenset({"reason"})
    reason = forms.CharField(min_length=REASON_MIN, max_length=500, widget=forms.Textarea({"rows": 3}))
