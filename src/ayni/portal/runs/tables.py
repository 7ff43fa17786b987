"""The list of runs."""

from __future__ import annotations

import django_tables2 as tables
from django.utils.html import format_html
from django.utils.safestring import SafeString

from ayni.portal.places.words import said
from ayni.portal.runs.models import Run, RunState
from ayni.portal.runs.words import STATE_CHIPS, kind_words, state_words
from ayni.portal.site.language import page_language
from ayni.portal.site.templatetags.words import moment


class RunTable(tables.Table):
    """Runs that the reader may read."""

    kind = tables.Column(
        verbose_name=said("runs.field.kind"), linkify=("runs:run", {"pk": tables.A("pk")}), order_by=("kind", "pk")
    )
    state = tables.Column(verbose_name=said("runs.field.state"), order_by=("state", "pk"))
    place = tables.Column(
        verbose_name=said("runs.field.place"), empty_values=(), order_by=("site__name", "park__name", "pk")
    )
    year = tables.Column(verbose_name=said("runs.field.year"), order_by=("year", "pk"))
    author = tables.Column(verbose_name=said("runs.field.author"), order_by=("author__name", "pk"))
    created_at = tables.Column(verbose_name=said("runs.field.created"), order_by=("created_at", "pk"))

    def render_kind(self, value: str) -> str:
        """The kind in words."""
        return kind_words(value, page_language())

    def render_state(self, record: Run) -> SafeString:
        """The state as a chip."""
        chip = STATE_CHIPS[RunState(record.state)]
        return format_html('<span class="chip {}">{}</span>', chip, state_words(record, page_language()))

    def render_place(self, record: Run) -> str:
        """The firm's site or the park."""
        return str(record.site or record.park or "–")

    def render_created_at(self, record: Run) -> str:
        """When it was asked for."""
        return moment(record.created_at)
