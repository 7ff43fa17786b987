"""The front page, the first visit, and what a demonstration shows first."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from ayni.portal.demo import PASSWORD
from ayni.portal.site.language import page_language
from ayni.portal.welcome.demonstration import accounts_shown, code_seconds, story
from ayni.portal.welcome.forms import FirstVisitForm
from ayni.portal.welcome.queries import look_shown, published


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The front page; in a demonstration with what to try."""
    language = page_language()
    values: dict[str, Any] = {"published": published(language)}
    if settings.IS_DEMO:
        values |= {"steps": story(language), "accounts": accounts_shown(language)}
    return render(request, "welcome/home.html", values)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def first_visit(request: HttpRequest) -> HttpResponse:
    """Three questions and their answer. Nothing is kept: no row, no session, no address with what was typed."""
    if request.method != "POST":
        return render(request, "welcome/first_visit.html", {"form": FirstVisitForm()})
    form = FirstVisitForm(request.POST)
    if not form.is_valid():
        return render(request, "welcome/first_visit.html", {"form": form}, status=422)
    look = look_shown(form.visit(), page_language())
    return render(request, "welcome/first_visit.html", {"form": form, "look": look})


@never_cache
@require_safe
def demo(request: HttpRequest) -> HttpResponse:
    """The accounts of a demonstration with the codes of this moment; nowhere else is there such a page."""
    if not settings.IS_DEMO:
        raise Http404
    values = {"accounts": accounts_shown(page_language()), "password": PASSWORD, "seconds": code_seconds()}
    part = "welcome/accounts.html" if getattr(request, "htmx", False) else "welcome/demo.html"
    return render(request, part, values)
