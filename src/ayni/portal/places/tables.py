"""Lists of places."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from ayni.base.texts import number, say
from ayni.portal.places.branches import branch_words
from ayni.portal.places.facts import GROUPS, OCCUPANCY, fact_lines
from ayni.portal.places.models import District, Park, ParkFact, Plot, Site
from ayni.portal.places.words import said
from ayni.portal.site.language import page_language

NUMBER = {"th": {"class": "n"}, "td": {"class": "n"}}
BASES = {str(group): frozenset(map(str, bases)) for group, bases in GROUPS}


class SiteTable(tables.Table):
    """Sites that the reader may know of; ``code`` is left out for those who do not know them closely."""

    code = tables.Column(verbose_name=said("places.field.code"), orderable=False)
    name = tables.Column(
        verbose_name=said("places.column.firm"), linkify=("places:site", {"pk": tables.A("pk")}),
        order_by=("name", "pk"),
    )  # fmt: skip
    isic = tables.Column(verbose_name=said("places.column.branch"))
    district = tables.Column(verbose_name=said("places.column.district"), order_by=("district__name", "pk"))
    park = tables.Column(
        verbose_name=said("places.column.park"), linkify=lambda record: _park_url(record), order_by=("park__name", "pk")
    )
    is_operating = tables.Column(verbose_name=said("places.column.state"))

    def render_name(self, record: Site) -> SafeString | str:
        """The site, and its firm where that has another name."""
        if record.organisation.name == record.name:
            return record.name
        return format_html("{} · {}", record.name, record.organisation.name)

    def render_isic(self, value: str) -> str:
        """The branch in words."""
        return branch_words(value, page_language())

    def render_is_operating(self, value: bool) -> str:
        """Working or not."""
        return say("places.state.operating" if value else "places.state.stopped", page_language())


def _park_url(site: Site) -> str | None:
    return reverse("places:park", kwargs={"slug": site.park.slug}) if site.park else None


class ParkTable(tables.Table):
    """Parks with area and both bases of occupancy."""

    name = tables.Column(
        verbose_name=said("places.column.park"), linkify=("places:park", {"slug": tables.A("slug")}),
        order_by=("name", "pk"),
    )  # fmt: skip
    district = tables.Column(verbose_name=said("places.column.district"), order_by=("district__name", "name"))
    area = tables.Column(verbose_name=said("places.fact.area"), empty_values=(), orderable=False)
    plots_sold = tables.Column(verbose_name=said("places.column.plots_sold"), empty_values=(), orderable=False)
    firms_operating = tables.Column(
        verbose_name=said("places.column.firms_operating"), empty_values=(), orderable=False
    )
    firm_count = tables.Column(verbose_name=said("places.column.firm_count"), attrs=NUMBER)

    def render_area(self, record: Park) -> SafeString | str:
        """Every area with its date."""
        return _told([fact for fact in record.facts.all() if fact.quantity == "area"])

    def render_plots_sold(self, record: Park) -> SafeString | str:
        """Occupancy by plots sold."""
        return _told(_occupancy(record, "plots_sold"))

    def render_firms_operating(self, record: Park) -> SafeString | str:
        """Occupancy by firms at work."""
        return _told(_occupancy(record, "firms_operating"))


def _occupancy(park: Park, group: str) -> list[ParkFact]:
    return [fact for fact in park.facts.all() if fact.quantity == OCCUPANCY and fact.basis in BASES[group]]


def _told(facts: list[ParkFact]) -> SafeString | str:
    """Values with part and date, one under the other; 'not known' where there is none."""
    language = page_language()
    if not facts:
        return say("places.not_known", language)
    lines = fact_lines(facts, language)
    rows = [(line.value, " · ".join(filter(None, [line.part, line.date]))) for line in lines]
    return format_html(
        '<ul class="plain tight">{}</ul>',
        format_html_join("", '<li>{} <span class="band">{}</span></li>', rows),
    )


class DistrictTable(tables.Table):
    """Districts with how many firms and parks they hold."""

    name = tables.Column(verbose_name=said("places.column.district"), linkify=lambda record: _firms_url(record))
    province = tables.Column(verbose_name=said("places.column.province"))
    ubigeo = tables.Column(verbose_name=said("places.column.ubigeo"))
    is_zis = tables.Column(verbose_name=said("places.column.zis"))
    firm_count = tables.Column(verbose_name=said("places.column.firm_count"), attrs=NUMBER)
    park_count = tables.Column(verbose_name=said("places.column.park_count"), attrs=NUMBER)
    source = tables.Column(verbose_name=said("places.column.source"), orderable=False)

    def render_is_zis(self, value: bool) -> SafeString:
        """The mark of the zones."""
        return format_html('<span class="chip met">{}</span>', "ZIS") if value else format_html("{}", "–")

    def render_source(self, record: District) -> SafeString | str:
        """Source and status of the mark, and the note."""
        language = page_language()
        status = say(f"status.{record.status}", language) if record.status else ""
        note = record.note_es if language == "es" else record.note_en
        head = " · ".join(filter(None, [record.source, status]))
        return format_html('{}<span class="why">{}</span>', head, note) if note else head


def _firms_url(district: District) -> str:
    return f"{reverse('places:firms')}?district={district.ubigeo}"


class PlotTable(tables.Table):
    """Plots of a park; ``places:plot`` changes one."""

    code = tables.Column(verbose_name=said("places.field.code"))
    area = tables.Column(verbose_name=said("places.column.area_m2"), attrs=NUMBER)
    site_count = tables.Column(verbose_name=said("places.column.firm_count"), attrs=NUMBER)

    def __init__(self, *args: Any, may_change: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.may_change = may_change

    def render_code(self, record: Plot) -> SafeString | str:
        """The code, as a link for those who may change the plot."""
        if not self.may_change:
            return record.code
        return format_html('<a href="{}">{}</a>', reverse("places:plot", kwargs={"pk": record.pk}), record.code)

    def render_area(self, value: float) -> str:
        """The area in the reader's form."""
        return number(value, page_language())
