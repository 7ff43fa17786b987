"""Rate limits on the database's cache: uploads, tokens and whatever else must not be asked for too often."""

from __future__ import annotations

import hashlib
import time

from django.core.cache import cache


def within_limit(key: str, count: int, seconds: int) -> bool:
    """Whether ``key`` (such as ``upload:<user>``) was asked for fewer than ``count`` times in this window of seconds.

    Each yes takes one place of the window for good, so that however many ask at once no window gives more than
    ``count``; windows begin at multiples of ``seconds``, so two that touch may give 2·count within ``seconds``.
    """
    window = int(time.time()) // seconds
    name = f"limit:{hashlib.sha256(key.encode()).hexdigest()}:{seconds}:{window}"
    first = cache.get(name, 0)
    for place in range(first, count):
        if cache.add(f"{name}:{place}", 1, timeout=2 * seconds):
            cache.set(name, place + 1, timeout=2 * seconds)
            return True
    return False
