"""Lists of people and of elevated access."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html

from ayni.base.texts import say
from ayni.portal.people.models import Elevation, Membership, Role
from ayni.portal.site.language import page_language
from ayni.portal.site.templatetags.words import day, moment


class Spoken(tables.Table):
    """A table whose headers stand in the catalogue as ``people.column.<name>``."""

    def __init__(self, *arguments: Any, **details: Any) -> None:
        super().__init__(*arguments, **details)
        for bound in self.columns:
            bound.column.verbose_name = say(f"people.column.{bound.name}", page_language())
        self.empty_text = say("people.column.none", page_language())


class StaffTable(Spoken):
    """People of the ministry, of operators and verifiers."""

    person = tables.Column(accessor="user", order_by=("user__name", "user__email"))
    email = tables.Column(accessor="user__email")
    role = tables.Column()
    organisation = tables.Column(order_by="organisation__name")
    area = tables.Column(empty_values=())
    until = tables.Column()
    has_factor = tables.Column()

    def render_role(self, record: Membership) -> str:
        """The role in words."""
        return record.role_word.label(page_language())

    def render_organisation(self, record: Membership) -> str:
        """The organisation, leading to its page."""
        url = reverse("people:organisation", kwargs={"pk": record.organisation_id})
        return format_html('<a href="{}">{}</a>', url, record.organisation.name)

    def render_area(self, record: Membership) -> str:
        """An officer's area; nothing for others."""
        if record.role != Role.OFFICER:
            return "–"
        return record.area or say("people.area.country", page_language())

    def render_until(self, value: Any) -> str:
        """The day."""
        return day(value)

    def render_has_factor(self, value: bool) -> str:
        """Yes or no."""
        return say("yes" if value else "no", page_language())


class ElevationTable(Spoken):
    """Every elevated access."""

    started_at = tables.Column()
    person = tables.Column(accessor="user", order_by=("user__name", "user__email"))
    reason = tables.Column(orderable=False)
    end = tables.Column(accessor="expires_at", order_by="expires_at")
    requests = tables.Column(attrs={"th": {"class": "n"}, "td": {"class": "n"}})

    def render_started_at(self, record: Elevation) -> str:
        """The moment, leading to what was answered."""
        url = reverse("people:elevation", kwargs={"pk": record.pk})
        return format_html('<a href="{}">{}</a>', url, moment(record.started_at))

    def render_end(self, record: Elevation) -> str:
        """When it ended or will end."""
        if record.is_running:
            return say("people.elevation.until", page_language(), moment=moment(record.expires_at))
        return moment(min(record.ended_at or record.expires_at, record.expires_at))


class AccessTable(Spoken):
    """What was answered under one elevated access."""

    at = tables.Column()
    method = tables.Column()
    path = tables.Column()
    status = tables.Column(attrs={"th": {"class": "n"}, "td": {"class": "n"}})

    def render_at(self, value: Any) -> str:
        """The moment."""
        return moment(value)

    def render_status(self, value: int) -> str:
        """The code as it is."""
        return str(value)
