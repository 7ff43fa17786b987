"""How the lists of firms and parks are narrowed down."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from ayni.portal.places.branches import branch_choices
from ayni.portal.places.models import District, Park, Site
from ayni.portal.places.words import said
from ayni.portal.site.language import page_language


class FirmFilter(django_filters.FilterSet):
    """By words of the name, branch, district and park. Codes are not searched: not everybody may know them."""

    q = django_filters.CharFilter(method="by_words", label=said("places.filter.q"), max_length=100)
    branch = django_filters.ChoiceFilter(
        field_name="isic", lookup_expr="startswith", label=said("places.filter.branch"), empty_label=said("places.all")
    )
    district = django_filters.ModelChoiceFilter(
        queryset=District.objects.order_by("name"), label=said("places.filter.district"), empty_label=said("places.all")
    )
    park = django_filters.ModelChoiceFilter(
        queryset=Park.objects.all(), to_field_name="slug", label=said("places.filter.park"),
        empty_label=said("places.all"),
    )  # fmt: skip

    class Meta:
        model = Site
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.filters["branch"].extra["choices"] = branch_choices(page_language())
        self.filters["q"].extra["widget"] = forms.TextInput(attrs={"type": "search"})

    def by_words(self, found: QuerySet[Site], _: str, value: str) -> QuerySet[Site]:
        """Every word stands in the name of the site or of its firm."""
        for word in value.split()[:6]:
            found = found.filter(Q(name__icontains=word) | Q(organisation__name__icontains=word))
        return found


class ParkFilter(django_filters.FilterSet):
    """By words of the name and district."""

    q = django_filters.CharFilter(
        field_name="name", lookup_expr="icontains", label=said("places.filter.q"), max_length=100
    )
    district = django_filters.ModelChoiceFilter(
        queryset=District.objects.order_by("name"), label=said("places.filter.district"), empty_label=said("places.all")
    )

    class Meta:
        model = Park
        fields: tuple[str, ...] = ()
