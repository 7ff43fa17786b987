"""Who gets at the front page, the first visit and the demonstration's accounts."""

from __future__ import annotations

from typing import Any

from access import EVERYBODY, Entry
from portal_samples import World


def _answers(_: World) -> dict[str, Any]:
    return {
        "branch": "bakery", "workers": "8", "shifts": "1", "power": "900", "power_in": "cost", "fuel": "none",
        "fuel_amount": "", "fuel_in": "cost",
    }  # fmt: skip


ENTRIES = [
    Entry("welcome:home", EVERYBODY),
    Entry("welcome:first_visit", EVERYBODY),
    Entry("welcome:first_visit", EVERYBODY, method="POST", data=_answers),
    # the tests' portal is no demonstration: nobody finds the page
    Entry("welcome:demo", frozenset()),
]
