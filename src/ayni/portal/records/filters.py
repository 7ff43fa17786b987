"""How the list of records is narrowed down."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from ayni.base.texts import say
from ayni.portal.places.models import Park
from ayni.portal.places.words import said
from ayni.portal.records.models import Submission, SubmissionState
from ayni.portal.site.language import page_language


class SubmissionFilter(django_filters.FilterSet):
    """By words of the site's or the park's name, state, year and park."""

    q = django_filters.CharFilter(method="by_words", label=said("records.filter.q"), max_length=100)
    state = django_filters.ChoiceFilter(label=said("records.column.state"), empty_label=said("records.filter.all"))
    year = django_filters.NumberFilter(label=said("records.column.year"), min_value=2000, max_value=2100)
    park = django_filters.ModelChoiceFilter(
        queryset=Park.objects.all(), to_field_name="slug", method="by_park", label=said("records.column.park"),
        empty_label=said("records.filter.all"),
    )  # fmt: skip

    class Meta:
        model = Submission
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = page_language()
        states = [(state.value, say(f"records.state.{state.value}", language)) for state in SubmissionState]
        self.filters["state"].extra["choices"] = states
        self.filters["q"].extra["widget"] = forms.TextInput(attrs={"type": "search"})

    def by_words(self, found: QuerySet[Submission], _: str, value: str) -> QuerySet[Submission]:
        """Every word stands in the name of the site or of the park."""
        for word in value.split()[:6]:
            found = found.filter(Q(site__name__icontains=word) | Q(park__name__icontains=word))
        return found

    def by_park(self, found: QuerySet[Submission], _: str, value: Park) -> QuerySet[Submission]:
        """Of the park itself and of its sites."""
        return found.filter(Q(park=value) | Q(site__park=value))
