"""The page of the API, one's own tokens, and what is answered where no operation is."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from ayni.base.findings import Refused, error
from ayni.portal.api.document import groups
from ayni.portal.api.errors import CODES, problem
from ayni.portal.api.forms import TokenForm
from ayni.portal.api.models import Scope
from ayni.portal.api.mounting import api
from ayni.portal.api.permissions import may_make_token, may_revoke
from ayni.portal.api.queries import tokens_of
from ayni.portal.api.services import make_token, revoke_token
from ayni.portal.people.models import User
from ayni.portal.site.language import page_language


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """How to get a token, examples, every operation."""
    listed = groups(api.get_openapi_schema())
    context = {
        "groups": listed, "public": [one for group in listed for one in group.operations if one.is_public],
        "origin": request.build_absolute_uri("/").rstrip("/"), "codes": sorted({**CODES, 422: "api.codes.422"}.items()),
    }  # fmt: skip
    return render(request, "api/home.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def tokens(request: HttpRequest) -> HttpResponse:
    """One's own tokens, and the form of a new one."""
    user = _user(request)
    form = TokenForm(user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = _make(request, form)
        if made is not None:
            return made
    listed = [(token, may_revoke(request.actor, token)) for token in tokens_of(user)]  # type: ignore[attr-defined]
    context = {"form": form, "tokens": listed, "answer": may_make_token(request.actor)}  # type: ignore[attr-defined]
    return render(request, "api/tokens.html", context, status=422 if form.errors else 200)


def _make(request: HttpRequest, form: TokenForm) -> HttpResponse | None:
    """The page that shows the secret, once; None where the form must be shown again with what is wrong."""
    given = form.cleaned_data
    scopes = [Scope(scope) for scope in given["scopes"]]
    try:
        issued = make_token(
            request.actor,  # type: ignore[attr-defined]
            name=given["name"], scopes=scopes, days=given["days"], organisation=given["organisation"],
        )  # fmt: skip
    except Refused as refused:
        for finding in refused.findings:
            form.add_error(None, finding.message(page_language()))
        return None
    context = {"issued": issued, "origin": request.build_absolute_uri("/").rstrip("/")}
    response = render(request, "api/token_made.html", context)
    response["Cache-Control"] = "no-store"
    return response


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int) -> HttpResponse:
    """Ends a token of one's own."""
    token = tokens_of(_user(request)).filter(pk=pk).first()
    if token is None:
        raise Http404
    revoke_token(request.actor, token)  # type: ignore[attr-defined]
    return redirect("api:tokens")


def _user(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise Http404
    return request.user


@csrf_exempt
def unknown(_: HttpRequest, path: str) -> HttpResponse:  # noqa: ARG001
    """404 in the API's form."""
    return problem(404, error("API-NOT-FOUND"))
