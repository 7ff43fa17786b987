"""Pages of publications: the list, one publication area by area, one published total opened, and the act itself."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from ayni.base.findings import Refused
from ayni.base.texts import say
from ayni.portal.dashboards import published
from ayni.portal.dashboards.areas import COUNTRY
from ayni.portal.dashboards.permissions import may_publish, may_see_reasons
from ayni.portal.dashboards.publications import publish, years_to_publish
from ayni.portal.people.actor import asking
from ayni.portal.places.exports import csv_text
from ayni.portal.site.charts import month_names
from ayni.portal.site.language import page_language

YEAR_MIN, YEAR_MAX = 2000, 2100


@require_safe
def publications(request: HttpRequest) -> HttpResponse:
    """What was published, and for officers of the country the button."""
    answer = may_publish(asking(request))
    return render(request, "dashboards/publications.html", {
        "publications": published.publications(), "may_publish": answer,
        "years": years_to_publish() if answer else [],
    })  # fmt: skip


@require_POST
def publish_year(request: HttpRequest, year: int) -> HttpResponse:
    """Make a publication of the year."""
    if not YEAR_MIN <= year <= YEAR_MAX:
        raise Http404
    try:
        made = publish(asking(request), year)
    except Refused as refused:
        for finding in refused.findings:
            messages.error(request, finding.message(page_language()))
        return redirect("dashboards:publications")
    messages.success(request, say("dashboards.publication.made", page_language(), year=str(year), number=made.number))
    return redirect("dashboards:publication", year=year, number=made.number)


@require_safe
def publication(request: HttpRequest, year: int, number: int) -> HttpResponse:
    """One publication: its totals area by area, and for officers why some are hidden."""
    found = published.publication_of(year, number)
    language = page_language()
    names = published.area_names(language)
    there = set(published.cells(found).values_list("area", flat=True).distinct())
    area = request.GET.get("area", COUNTRY)
    if area not in there:
        raise Http404
    return render(request, "dashboards/publication.html", {
        "publication": found, "area": area, "name": names.get(area, area),
        "areas": [(code, name) for code, name in names.items() if code in there],
        "rows": published.rows_of(found, area, language), "sees_reasons": may_see_reasons(asking(request)),
        "counts": published.counts(found), "share": found.rule["share_max"] * 100,
    })  # fmt: skip


@require_safe
def published_total(request: HttpRequest, year: int, number: int, area: str, code: str) -> HttpResponse:
    """How a published total came about, as far as everybody may see: no rows, but what stands behind them."""
    found = published.publication_of(year, number)
    branch = request.GET.get("branch", "")
    cell = get_object_or_404(published.cells(found), area=area, code=code, branch=branch, month=0)
    language = page_language()
    months = list(zip(month_names(language), published.months_of(cell), strict=False))
    label = published.rows_from([cell], language)[0].label
    return render(request, "dashboards/published_total.html", {
        "publication": found, "cell": cell, "state": published.state_of(cell), "label": label,
        "chip": published.chip_of(cell.status),
        "name": published.area_names(language).get(area, area), "months": months,
        "sees_reasons": may_see_reasons(asking(request)),
    })  # fmt: skip


@require_safe
def publication_file(request: HttpRequest, year: int, number: int, form: str) -> HttpResponse:  # noqa: ARG001
    """Every cell of a publication as CSV or JSON."""
    found = published.publication_of(year, number)
    records = [published.cell_record(cell) for cell in published.cells(found)]
    if form == "csv":
        response = HttpResponse(csv_text(published.HEADERS, records), content_type="text/csv; charset=utf-8")
    else:
        content = {"publication": published.publication_record(found), "items": records}
        response = JsonResponse(content, json_dumps_params={"ensure_ascii": False})
    response["Content-Disposition"] = f'attachment; filename="ayni-{year}-{number}.{form}"'
    return response
