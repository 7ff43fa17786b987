"""The API's own operation: what a token is."""

from __future__ import annotations

import datetime

from django.http import HttpRequest
from ninja import Router, Schema
from pydantic import Field

from ayni.portal.api.authentication import Asker, Unauthorized

router = Router(tags=["api"])


class TokenSchema(Schema):
    """What a token carries and until when."""

    name: str
    prefix: str = Field(description="how it begins")
    organisation: str | None = Field(description="the organisation to which it is bound, if to one")
    scopes: list[str]
    has_second_factor: bool = Field(description="whether it carries roles that need a second factor")
    created_at: datetime.datetime
    expires_at: datetime.datetime


@router.get("/token", response=TokenSchema, operation_id="api_token", summary="This token")
def this_token(request: HttpRequest) -> TokenSchema:
    """The token that asks: its name, its scopes, its end."""
    asker: Asker = request.auth  # type: ignore[attr-defined]
    token = asker.token
    if token is None:  # not reached behind NeededToken
        raise Unauthorized("API-TOKEN-NEEDED")
    return TokenSchema(
        name=token.name, prefix=token.prefix, organisation=token.organisation.name if token.organisation else None,
        scopes=token.scopes, has_second_factor=token.has_second_factor, created_at=token.created_at,
        expires_at=token.expires_at,
    )  # fmt: skip
