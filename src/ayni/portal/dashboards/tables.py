"""Lists of dashboards."""

from __future__ import annotations

import django_tables2 as tables

from ayni.portal.places.words import said


class SiteTable(tables.Table):
    """The sites whose records the reader may read, each with its dashboard."""

    name = tables.Column(
        verbose_name=said("places.column.firm"), linkify=("dashboards:firm", {"pk": tables.A("pk")}),
        order_by=("name", "pk"),
    )  # fmt: skip
    park = tables.Column(
        verbose_name=said("places.column.park"), accessor="park__name", default="–", order_by=("park__name", "pk")
    )
    district = tables.Column(
        verbose_name=said("places.column.district"), accessor="district__name", order_by=("district__name", "pk")
    )
