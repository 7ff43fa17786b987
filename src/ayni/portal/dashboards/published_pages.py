"""What pages show to those who see no live totals: the last publication of the year."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ayni.base.texts import Language, say
from ayni.ledger.schema import Carrier
from ayni.portal.dashboards import published
from ayni.portal.dashboards.charts import ENERGY, Picture, energy_by_month, picture_of
from ayni.portal.dashboards.measures import CARRIERS
from ayni.portal.dashboards.models import Publication, PublicationCell
from ayni.portal.dashboards.sankey import Band, Node
from ayni.portal.places.branches import branch_words
from ayni.portal.site.charts import Chart
from ayni.reports.style import CARRIER_COLOURS

TOTAL = "energy.total"
NOISE = 1e-6


def context_of(area: str, name: str, year: int, language: Language) -> Mapping[str, Any]:
    """The published totals of an area with their charts; nothing where the year was not published."""
    publication = Publication.objects.filter(year=year).order_by("-number").first()
    if publication is None:
        return {}
    cells = list(published.cells(publication).filter(area=area))
    if not cells:
        return {}
    values = {(one.code, one.month): one.value for one in cells if one.value is not None and not one.branch}
    return {
        "publication": publication, "rows": published.rows_from(cells, language),
        "energy": _energy(cells, values, name, language), "months": _months(values, language),
        "is_sample": publication.is_sample,
    }  # fmt: skip


def _months(values: Mapping[tuple[str, int], float], language: Language) -> Chart | None:
    """The published months; the bars are not the whole energy where a carrier is not published."""
    chart = energy_by_month(values)
    return replace(chart, note=say("dashboards.publication.months_note", language)) if chart else None


def _energy(
    cells: list[PublicationCell], values: Mapping[tuple[str, int], float], name: str, language: Language
) -> Picture | None:
    """Carrier → area → branch, from published totals alone; what is not shown apart stands in one band."""
    total = values.get((TOTAL, 0))
    if total is None:
        return None
    area, rest = Node(1, name), say("dashboards.publication.rest", language)
    carriers = [(code, values[code, 0]) for code in CARRIERS if (code, 0) in values]
    bands = [
        Band(
            Node(0, Carrier(code.removeprefix("energy.")).label(language)), area, amount,
            colour=CARRIER_COLOURS.get(code.removeprefix("energy."), ""),
        )
        for code, amount in carriers
    ]  # fmt: skip
    branches = [one for one in cells if one.branch and one.code == TOTAL and one.value is not None]
    targets = [(branch_words(one.branch, language), one.value or 0.0) for one in branches]
    bands += [Band(area, Node(2, words), amount) for words, amount in targets]
    left_over = total - sum(amount for _, amount in carriers)
    if left_over > NOISE * total:
        bands.append(Band(Node(0, rest), area, left_over))
    if branches and (right := total - sum(amount for _, amount in targets)) > NOISE * total:
        bands.append(Band(area, Node(2, rest), right))
    return picture_of(ENERGY, bands, "MWh", "")
