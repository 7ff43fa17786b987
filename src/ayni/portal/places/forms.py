"""Forms of parks, plots and sites. What a person may not say is not in their form."""

from __future__ import annotations

import json
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from ayni.base.texts import has_text, say
from ayni.portal.people.actor import Actor
from ayni.portal.people.models import Kind, Organisation
from ayni.portal.places import queries
from ayni.portal.places.geojson import in_peru, outline_fault
from ayni.portal.places.models import District, Park, Plot, Site
from ayni.portal.places.permissions import may_assign_site
from ayni.portal.site.language import page_language

OUTLINE_LENGTH = 100_000


def _word(key: str, **values: object) -> str:
    return say(key, page_language(), **values)


class PlaceForm(forms.Form):
    """Labels ``places.field.<name>`` and helps ``places.help.<name>`` of the catalogue."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.label = _word(f"places.field.{name}")
            if has_text(f"places.help.{name}"):
                field.help_text = _word(f"places.help.{name}")

    def keep_only(self, *names: str) -> None:
        """Leave out every other field."""
        for name in set(self.fields) - set(names):
            del self.fields[name]


class _PositionedForm(PlaceForm):
    latitude = forms.FloatField(min_value=-90, max_value=90)
    longitude = forms.FloatField(min_value=-180, max_value=180)

    def clean(self) -> dict[str, Any]:
        """A position outside the country is most often a lost sign or two numbers in each other's place."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        latitude, longitude = values.get("latitude"), values.get("longitude")
        if latitude is not None and longitude is not None and not in_peru(latitude, longitude):
            self.add_error("latitude", _word("places.position.outside"))
        return values


class ParkForm(_PositionedForm):
    """A park, as an officer enters it."""

    name = forms.CharField(max_length=160)
    district = forms.ModelChoiceField(District.objects.none())
    operator = forms.ModelChoiceField(Organisation.objects.filter(kind=Kind.OPERATOR), required=False)
    place = forms.CharField(max_length=200, required=False)
    field_order = ("name", "district", "place", "latitude", "longitude", "operator")

    def __init__(self, *args: Any, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["district"].queryset = queries.districts_of_officer(actor)  # type: ignore[attr-defined]


class PlotForm(PlaceForm):
    """A plot; its outline is a polygon of GeoJSON."""

    code = forms.CharField(max_length=20)
    area = forms.FloatField(min_value=1, max_value=1e8)
    outline = forms.CharField(
        required=False, max_length=OUTLINE_LENGTH, widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"})
    )

    def clean_outline(self) -> dict[str, Any] | None:
        """The polygon, or None where nothing was said."""
        text = self.cleaned_data["outline"]
        if not text:
            return None
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as fault:
            raise ValidationError(_word("places.outline.kind")) from fault
        key = outline_fault(value)
        if key:
            raise ValidationError(_word(key))
        return value


class SiteForm(_PositionedForm):
    """A site. A manager says what stands there; an officer also in which park, on which plot, under which code."""

    organisation = forms.ModelChoiceField(Organisation.objects.none())
    ruc = forms.RegexField(r"^\d{11}$")
    name = forms.CharField(max_length=160)
    isic = forms.RegexField(r"^\d{2,4}$")
    district = forms.ModelChoiceField(District.objects.all())
    park = forms.ModelChoiceField(Park.objects.none(), required=False)
    plot = forms.ModelChoiceField(Plot.objects.none(), required=False)
    code = forms.CharField(max_length=20, required=False)
    is_operating = forms.BooleanField(required=False)
    field_order = (
        "organisation", "ruc", "name", "isic", "district", "park", "plot", "code", "latitude", "longitude",
        "is_operating",
    )  # fmt: skip

    OWN = ("name", "isic", "latitude", "longitude", "is_operating")
    ASSIGNED = (*OWN, "district", "park", "plot", "code")

    def __init__(self, *args: Any, actor: Actor, site: Site | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if site is None:
            self._for_new_site(actor)
        else:
            self._for_site(actor, site)

    def _for_new_site(self, actor: Actor) -> None:
        own = queries.own_firms(actor)
        officer_districts = queries.districts_of_officer(actor)
        base = ("name", "isic", "district", "latitude", "longitude")
        if actor.areas():
            self.keep_only("ruc", *base, "park", "code")
            self._choose("district", officer_districts)
            self._choose("park", Park.objects.filter(district__in=officer_districts))
        else:
            self.keep_only("organisation", *base)
            self._choose("organisation", own)

    def _for_site(self, actor: Actor, site: Site) -> None:
        if not may_assign_site(actor, site):
            self.keep_only(*self.OWN)
            return
        self.keep_only(*self.ASSIGNED)
        self.fields["code"].required = True
        self.fields["code"].help_text = ""
        districts = queries.districts_of_officer(actor)
        self._choose("district", districts)
        self._choose("park", Park.objects.filter(district__in=districts))
        self._choose("plot", Plot.objects.filter(park=site.park))

    def _choose(self, name: str, found: Any) -> None:
        self.fields[name].queryset = found  # type: ignore[attr-defined]

    def clean_ruc(self) -> str:
        """A tax number of a firm that is known here."""
        ruc: str = self.cleaned_data["ruc"]
        self.cleaned_data["organisation"] = queries.firm_by_ruc(ruc)
        if self.cleaned_data["organisation"] is None:
            raise ValidationError(_word("places.ruc.unknown"))
        return ruc
