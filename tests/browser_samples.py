"""What browser tests share: sizes, the axe check, and a page that watches itself.

An error in the console, a breach of the Content-Security-Policy, a request to another origin or an answer of 500 is a
fault of the page.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, Request, Response

from ayni.portal.people.models import User

DESKTOP, PHONE = (1280, 900), (390, 844)
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update",
    "--disable-sync",
)  # fmt: skip
PASSWORD, SECRET = "a long enough password", "JBSWY3DPEHPK3PXP"
"""What every persona signs in with, and the secret behind an officer's one-time codes."""
SERIOUS = ("serious", "critical")
EXPECTED_REFUSALS = "the server responded with a status of 4"
"""What the console says of a page that a test knows to be refused; a file that is missing is a fault all the same."""


def chromium_path() -> str:
    """Debian's chromium. Fails with the command that installs it."""
    found = shutil.which("chromium")
    if found is None:
        pytest.fail("Chromium is missing: apt-get install -y chromium", pytrace=False)
    return found


@dataclass
class Watched:
    """A page with what went wrong on it."""

    page: Page
    origin: str
    faults: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        """Go to a path of the portal."""
        self.page.goto(self.origin + path)
        return self.page

    def see_console(self, message: Any) -> None:
        """Errors of scripts and breaches of the policy come here."""
        if message.type == "error" and EXPECTED_REFUSALS not in message.text:
            self.faults.append(f"console: {message.text}")

    def see_request(self, request: Request) -> None:
        """Nothing may be asked of another origin."""
        if not request.url.startswith((self.origin, "data:", "blob:")):
            self.faults.append(f"request to {request.url}")

    def see_response(self, response: Response) -> None:
        """No answer may be a fault of the server, no file of a page may be missing."""
        if response.status >= 500 or (response.status >= 400 and "/static/" in response.url):
            self.faults.append(f"{response.status} from {response.url}")


def axe_faults(page: Page) -> list[str]:
    """What axe finds serious or critical on the page."""
    found = Axe().run(page).response["violations"]
    return [
        f"{one['id']} ({one['impact']}): {node['html'][:160]}"
        for one in found
        if one["impact"] in SERIOUS
        for node in one["nodes"][:3]
    ]


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than the window; 0 where nothing is cut."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width


def address(page: Page, path: str) -> str:
    """A path on the server that the page came from."""
    return urljoin(page.url, path)


def current_code() -> str:
    """The one-time code of this moment."""
    code: str = format_hotp_value(hotp_value(SECRET, next(iter(yield_hotp_counters_from_time()))))
    return code


def enter(watched: Watched, user: User, *, with_code: bool = False) -> Page:
    """Sign in as a person does."""
    page = watched.open("/cuenta/login/")
    page.locator("input[name=login]").fill(user.email)
    page.locator("input[name=password]").fill(PASSWORD)
    page.locator("main form button.button").first.click()
    if with_code:
        page.locator("input[name=code]").fill(current_code())
        page.locator("main form button.button").first.click()
    page.wait_for_url("**/")
    return page
