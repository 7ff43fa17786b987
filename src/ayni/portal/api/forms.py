"""The form of a new token."""

from __future__ import annotations

from typing import Any

from django import forms

from ayni.base.texts import say
from ayni.portal.api.models import Scope
from ayni.portal.api.queries import organisations_of
from ayni.portal.people.models import Organisation, User
from ayni.portal.site.language import page_language

DAYS = (30, 90, 180, 365)


class TokenForm(forms.Form):
    """Name, scopes, time, and the organisation to which it is bound, if to one."""

    name = forms.CharField(max_length=80)
    scopes = forms.MultipleChoiceField(widget=forms.CheckboxSelectMultiple)
    days = forms.TypedChoiceField(coerce=int)
    organisation: Any = forms.ModelChoiceField(queryset=Organisation.objects.none(), required=False)

    def __init__(self, user: User, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"scopes": [Scope.READ], "days": 90})
        super().__init__(*args, **kwargs)
        language = page_language()
        for name, field in self.fields.items():
            field.label = say(f"api.form.{name}", language)
            field.help_text = say(f"api.form.{name}.help", language)
        self._choices("scopes", [(scope.value, scope.words(language)) for scope in Scope])
        self._choices("days", [(str(days), say("api.form.days.choice", language, days=days)) for days in DAYS])
        organisation = self.fields["organisation"]
        if isinstance(organisation, forms.ModelChoiceField):
            organisation.queryset = organisations_of(user)
            organisation.empty_label = say("api.form.organisation.all", language)

    def _choices(self, name: str, choices: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        if isinstance(field, forms.ChoiceField):
            field.choices = choices
