"""The permission table: one entry per address (or API operation) and method, with the personas that get in.

Each app lists its entries in ``tests/access_<app>.py`` as ``ENTRIES``. Everybody else must be sent to sign in (302),
or be refused (401, 403, 404). ``tests/database/test_access.py`` walks the table and fails for what no entry covers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from portal_samples import PERSONAS, World

EVERYBODY = frozenset(PERSONAS)
SIGNED_IN = EVERYBODY - {"anonymous"}
FIRM = frozenset({"firm_member", "firm_manager"})
PARK = frozenset({"park_operator", "consultant"})
RECORD_READERS = FIRM | {"officer", "verifier", "elevated_administrator"}
"""Those who may read the records of ``world.site``, which does not share them with its park."""


def _nothing(_: World) -> dict[str, Any]:
    return {}


@dataclass(frozen=True)
class Entry:
    """``url`` is the name of an address, or ``api:<operation id>``. ``kwargs`` fill the address, made of the own side.

    ``data`` is the body of a POST, PUT, PATCH (form fields; JSON for the API). ``query`` follows the question mark.
    """

    url: str
    allowed: frozenset[str]
    method: str = "GET"
    kwargs: Callable[[World], Mapping[str, Any]] = _nothing
    data: Callable[[World], Mapping[str, Any]] = _nothing
    query: Callable[[World], Mapping[str, Any]] = _nothing
