"""Filters of lists of people."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from ayni.base.texts import say
from ayni.portal.people.models import Membership, Role
from ayni.portal.site.language import page_language

STAFF_ROLES = (Role.OFFICER, Role.ADMINISTRATOR, Role.VERIFIER, Role.PARK_OPERATOR, Role.CONSULTANT)


class StaffFilter(django_filters.FilterSet):
    """By name or address, and by role."""

    q = django_filters.CharFilter(method="search", widget=forms.TextInput({"type": "search"}))
    role = django_filters.ChoiceFilter(choices=[(role.value, role.value) for role in STAFF_ROLES])

    def __init__(self, *arguments: Any, **details: Any) -> None:
        super().__init__(*arguments, **details)
        language = page_language()
        self.form.fields["q"].label = say("people.filter.q", language)
        self.form.fields["role"].label = say("people.column.role", language)
        self.form.fields["role"].empty_label = say("people.filter.all", language)
        self.form.fields["role"].choices = [(role.value, role.words(language)) for role in STAFF_ROLES]

    def search(self, queryset: QuerySet[Membership], _name: str, value: str) -> QuerySet[Membership]:
        """Those whose name, address or organisation holds the words."""
        return queryset.filter(
            Q(user__name__icontains=value) | Q(user__email__icontains=value) | Q(organisation__name__icontains=value)
        )
