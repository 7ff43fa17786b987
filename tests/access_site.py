"""The permission table of what every page shares."""

from __future__ import annotations

from access import EVERYBODY, Entry

ENTRIES: list[Entry] = [Entry("site:set_language", EVERYBODY, "POST", data=lambda _: {"language": "en"})]
