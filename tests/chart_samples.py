"""A page with one chart of every kind, as addresses of their own for the browser tests."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import include, path

from ayni.portal.site.charts import Chart, Series, before_after, monthly_bars, monthly_lines, ranked_bars, stacked_bars

PAGE = """{% extends "site/base.html" %}{% block head %}{% include "site/chart_scripts.html" %}{% endblock %}
{% block content %}<h1>Charts</h1><div class="grid">{% for chart in charts %}<section class="card half">
<h2>{{ chart.title }}</h2>{% include "site/chart.html" %}</section>{% endfor %}</div>{% endblock %}"""
YEAR = [820.0, 790.5, 910.0, 880.0, None, 845.0, 860.0, 900.0, 910.0, 930.0, 940.0, 990.0]


def charts() -> list[Chart]:
    """One chart of every kind."""
    carriers = ["electricidad", "gas natural", "petróleo residual"]
    halves = [Series("electricidad", YEAR, "#264e7a"), Series("gas natural", [900.0] * 12, "#b9770e")]
    return [
        before_after("pairs", "Pairs", carriers, [12400, 1830.25, 62], [1726, 3228.0, None], "MWh", note="source"),
        ranked_bars("ranked", "Ranked", carriers, [12400, 3228, 62], "t CO2e"),
        stacked_bars("stacked", "Stacked", carriers, [Series("a", [5, 4, 3]), Series("b", [1, 2, None])], "t"),
        monthly_bars("bars", "Bars", halves, "MWh"),
        monthly_lines("lines", "Lines", halves, "MWh"),
    ]


def page(request: HttpRequest) -> HttpResponse:
    """All of them."""
    return HttpResponse(engines["django"].from_string(PAGE).render({"charts": charts()}, request))


urlpatterns = [path("charts/", page, name="charts"), path("", include("ayni.portal.config.urls"))]
