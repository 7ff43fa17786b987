"""The main navigation: what a reader can use stands there, what they cannot does not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse

from ayni.base.texts import say
from ayni.portal.site.language import page_language


@dataclass(frozen=True)
class Entry:
    """A place in the navigation; apps add theirs when they are loaded. ``order`` sorts them."""

    key: str
    url_name: str
    order: int
    is_for: Callable[[HttpRequest], bool] = lambda _: True


@dataclass(frozen=True)
class Item:
    """An entry as the page shows it."""

    title: str
    url: str
    is_current: bool


_entries: list[Entry] = []


def add_entry(entry: Entry) -> None:
    """Offer a place in the navigation; called from an app's ``ready``."""
    _entries.append(entry)
    _entries.sort(key=lambda one: one.order)


def items(request: HttpRequest) -> list[Item]:
    """The navigation of this reader's page."""
    shown = [(entry, reverse(entry.url_name)) for entry in _entries if entry.is_for(request)]
    return [Item(say(entry.key, page_language()), url, request.path.startswith(url)) for entry, url in shown]
