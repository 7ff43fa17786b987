"""A real browser: Debian's chromium, driven by Playwright against the portal as pytest-django serves it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.totp.internal.auth import TOTP
from playwright.sync_api import Browser, sync_playwright

from browser_samples import DESKTOP, FLAGS, SECRET, Watched, chromium_path
from portal_samples import World, make_world
from records_samples import accept_example

os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright keeps an event loop in the thread of the test


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for the session."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium_path(), args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture
def visit(browser: Browser, live_server: Any) -> Iterator[Callable[..., Watched]]:
    """Opens a fresh visitor's page: ``visit()`` at a desk, ``visit(PHONE)`` on a phone, ``visit(language="en-US")``."""
    opened: list[tuple[Any, Watched]] = []

    def start(size: tuple[int, int] = DESKTOP, language: str = "es-PE") -> Watched:
        context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale=language)
        context.set_default_timeout(30_000)
        watched = Watched(context.new_page(), live_server.url)
        watched.page.on("console", watched.see_console)
        watched.page.on("pageerror", lambda error: watched.faults.append(f"script: {error}"))
        watched.page.on("request", watched.see_request)
        watched.page.on("response", watched.see_response)
        opened.append((context, watched))
        return watched

    yield start
    faults = [fault for _, watched in opened for fault in watched.faults]
    for context, _ in opened:
        context.close()
    assert faults == []


@pytest.fixture
def story(transactional_db: None) -> World:
    """The example park in the world's own park; the officer has a second factor."""
    world = make_world()
    accept_example(world)
    TOTP.activate(world.people["officer"], SECRET)
    for user in world.people.values():
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return world
