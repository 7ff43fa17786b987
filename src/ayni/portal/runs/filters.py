"""How the list of runs is narrowed down."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from ayni.base.texts import say
from ayni.portal.places.words import said
from ayni.portal.runs.kinds import registered
from ayni.portal.runs.models import Run, RunState
from ayni.portal.runs.words import kind_words
from ayni.portal.site.language import page_language

WORDS_MAX = 6


class RunFilter(django_filters.FilterSet):
    """By words of place and author, kind and state."""

    q = django_filters.CharFilter(
        method="by_words", label=said("runs.field.search"), max_length=100,
        widget=forms.TextInput(attrs={"type": "search"}),
    )  # fmt: skip
    kind = django_filters.ChoiceFilter(label=said("runs.field.kind"), empty_label=said("runs.list.all"))
    state = django_filters.ChoiceFilter(label=said("runs.field.state"), empty_label=said("runs.list.all"))

    class Meta:
        model = Run
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        language = page_language()
        self.filters["kind"].extra["choices"] = [(kind.name, kind_words(kind.name, language)) for kind in registered()]
        self.filters["state"].extra["choices"] = [
            (state.value, say(f"runs.state.{state.value}", language)) for state in RunState
        ]

    def by_words(self, found: QuerySet[Run], _: str, value: str) -> QuerySet[Run]:
        """Every word stands in the name of the park, of the site or of the author."""
        for word in value.split()[:WORDS_MAX]:
            found = found.filter(
                Q(park__name__icontains=word) | Q(site__name__icontains=word) | Q(author__name__icontains=word)
            )
        return found
