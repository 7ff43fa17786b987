"""One's own account, and the page that leads to the second factor."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode

from ayni.base.texts import say
from ayni.portal.people import queries, services
from ayni.portal.people.actor import asking
from ayni.portal.people.forms import ProfileForm
from ayni.portal.people.language import keep_language
from ayni.portal.people.models import User
from ayni.portal.people.second_factor import is_recent, second_factor_at


def signed_in(request: HttpRequest) -> User:
    """The person of a page that asks for one."""
    assert isinstance(request.user, User)  # noqa: S101 login_required let nobody else in
    return request.user


def confirm_url(request: HttpRequest, back_to: str) -> str:
    """Where the person gives a second factor again and goes on; where none is set up, the page that leads to one."""
    methods = get_adapter(request).get_reauthentication_methods(signed_in(request))
    urls = [method["url"] for method in methods if method["id"].startswith("mfa_reauthenticate")]
    return f"{urls[0] if urls else reverse('people:second_factor')}?{urlencode({'next': back_to})}"


def has_recent_second_factor(request: HttpRequest) -> bool:
    """Whether a second factor was given within the last minutes."""
    return is_recent(second_factor_at(request, signed_in(request)))


@login_required
def account(request: HttpRequest) -> HttpResponse:
    """Name, language, memberships, second factor."""
    user = signed_in(request)
    form = ProfileForm(request.POST or None, initial={"name": user.name, "language": user.language})
    if request.method == "POST" and form.is_valid():
        language = form.cleaned_data["language"]
        services.change_profile(asking(request), form.cleaned_data["name"], language)
        messages.success(request, say("people.account.saved", language))
        response = redirect("people:account")
        keep_language(response, language)
        return response
    context = {
        "form": form, "memberships": queries.memberships_of(user), "factors": queries.factors_of(user),
        "pending": queries.pending_firm(user), "elevation": queries.running_elevation(user),
    }  # fmt: skip
    return render(request, "people/account.html", context)


@login_required
def second_factor(request: HttpRequest) -> HttpResponse:
    """Why a second factor is asked for, and where to set one up or to enter it."""
    user = signed_in(request)
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure()):
        target = reverse("welcome:home")
    if second_factor_at(request, user) is not None:
        return redirect(target)
    factors = queries.factors_of(user)
    context = {
        "factors": factors, "memberships": queries.memberships_of(user), "next": target,
        "confirm_url": confirm_url(request, target) if factors.is_set_up else "",
        "is_local": request.get_host().partition(":")[0].replace(".", "").isdigit(),
    }  # fmt: skip
    return render(request, "people/second_factor.html", context)
