"""Files that runs make: their hash, and the type under which a browser may have them."""

from __future__ import annotations

import hashlib
from pathlib import Path

SAFE_TYPES = {
    ".pdf": "application/pdf",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".png": "image/png",
}
"""What is sent under its own type; everything else goes as bytes, so that no browser runs it."""


def safe_type(name: str) -> str:
    """The type under which a file of that name is sent."""
    return SAFE_TYPES.get(Path(name).suffix.lower(), "application/octet-stream")


def file_sha256(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
