"""Fixtures of the API's tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.signals import request_finished, request_started
from django.db import close_old_connections


@pytest.fixture
def without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    """As many requests as a drill makes: rate limits have their own tests."""
    monkeypatch.setattr("ayni.portal.api.authentication.within_limit", lambda *_: True)


@pytest.fixture
def kept_connection() -> Iterator[None]:
    """The web server's door is used inside the test's transaction: as in Django's own client, nothing is closed."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
