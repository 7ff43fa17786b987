"""The permission table's entries of API operations, by operation."""

from __future__ import annotations

import importlib
from pathlib import Path

from access import Entry
from api_samples import operations

_TABLES = sorted(path.stem for path in Path(__file__).parent.glob("access_*.py"))
_KNOWN = operations()
ENTRIES: dict[str, Entry] = {
    entry.url.removeprefix("api:"): entry
    for name in _TABLES
    for entry in importlib.import_module(name).ENTRIES
    if entry.url.removeprefix("api:") in _KNOWN
}
"""The first entry of each operation."""
