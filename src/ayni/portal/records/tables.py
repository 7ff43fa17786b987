"""Lists of records."""

from __future__ import annotations

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ayni.base.texts import number, say
from ayni.portal.places.words import said
from ayni.portal.records.models import Submission
from ayni.portal.records.queries import OwnYear
from ayni.portal.site.language import page_language
from ayni.portal.site.templatetags.words import moment

NUMBER = {"th": {"class": "n"}, "td": {"class": "n"}}
CHIPS = {
    "accepted": "met", "submitted": "info", "returned": "not", "draft": "part", "superseded": "", "withdrawn": "",
    "missing": "",
}  # fmt: skip
"""State → how its chip looks; the word stands in it."""


def state_chip(state: str) -> SafeString:
    """A state as a chip."""
    return format_html('<span class="chip {}">{}</span>', CHIPS[state], say(f"records.state.{state}", page_language()))


def share_text(value: float) -> str:
    """A share from 0 to 1 in percent."""
    return f"{number(100 * value, page_language(), 0)} %"


def whose(submission: Submission) -> str:
    """The site's name, or that of the park for its own record."""
    if submission.site is not None:
        return submission.site.name
    return say("records.form.park", page_language(), name=submission.subject.name)


class SubmissionTable(tables.Table):
    """Submissions that the reader may read."""

    subject = tables.Column(
        verbose_name=said("records.column.whose"), accessor="pk", order_by=("site__name", "park__name", "pk"),
        linkify=("records:submission", {"pk": tables.A("pk")}),
    )  # fmt: skip
    park_name = tables.Column(
        verbose_name=said("records.column.park"), accessor="site__park__name", default="–",
        order_by=("site__park__name", "pk"),
    )  # fmt: skip
    year = tables.Column(verbose_name=said("records.column.year"), attrs=NUMBER, order_by=("year", "pk"))
    version = tables.Column(verbose_name=said("records.column.version"), attrs=NUMBER, order_by=("version", "pk"))
    state = tables.Column(verbose_name=said("records.column.state"), order_by=("state", "pk"))
    completeness = tables.Column(
        verbose_name=said("records.column.complete"), attrs=NUMBER, order_by=("completeness", "pk")
    )
    submitted_at = tables.Column(
        verbose_name=said("records.column.submitted"), default="–", order_by=("submitted_at", "pk")
    )

    def render_subject(self, record: Submission) -> str:
        """Whose record it is."""
        return whose(record)

    def render_year(self, value: int) -> str:
        """A year has no mark of thousands."""
        return str(value)

    def render_state(self, value: str, record: Submission) -> SafeString:  # noqa: ARG002
        """The state in a word."""
        return state_chip(record.state)

    def render_completeness(self, value: float) -> str:
        """In percent."""
        return share_text(value)

    def render_submitted_at(self, value: Any) -> str:
        """Day and time in Lima."""
        return moment(value)


class OwnTable(tables.Table):
    """The years of one's own sites and parks, with the next step of each."""

    subject = tables.Column(verbose_name=said("records.column.whose"), orderable=False)
    year = tables.Column(verbose_name=said("records.column.year"), attrs=NUMBER, orderable=False)
    state = tables.Column(verbose_name=said("records.column.state"), orderable=False)
    complete = tables.Column(
        verbose_name=said("records.column.complete"), attrs=NUMBER, empty_values=(), orderable=False
    )
    next = tables.Column(verbose_name=said("records.column.next"), empty_values=(), orderable=False)

    def render_subject(self, record: OwnYear) -> str:
        """Whose record it is."""
        name = record.subject.name
        return say("records.form.park", page_language(), name=name) if record.is_park else name

    def render_year(self, value: int) -> str:
        """A year has no mark of thousands."""
        return str(value)

    def render_state(self, value: str, record: OwnYear) -> SafeString:
        """The latest version's state, and that something is accepted where that is another version."""
        chip = state_chip(value)
        if record.latest and record.accepted and record.accepted != record.latest:
            text = say("records.also_accepted", page_language(), version=record.accepted.version)
            return format_html("{} <span class='note'>{}</span>", chip, text)
        return chip

    def render_complete(self, record: OwnYear) -> str:
        """How complete the latest version is."""
        return share_text(record.latest.completeness) if record.latest else "–"

    def render_next(self, record: OwnYear) -> SafeString:
        """The one step that leads on."""
        label = say(f"records.next.{record.state}", page_language())
        if record.latest is None:
            address = f"{reverse('records:new')}?subject={record.key}&year={record.year}"
        else:
            address = reverse("records:submission", kwargs={"pk": record.latest.pk})
        return format_html('<a href="{}">{}</a>', address, label)
