"""What the environment says: mode, secrets, database, folders. The only place that reads it."""

from __future__ import annotations

import os
import secrets
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Mode(StrEnum):
    """``demo`` and ``local`` run on one machine over plain HTTP; ``production`` asks for every secret."""

    DEMO = "demo"
    LOCAL = "local"
    PRODUCTION = "production"


class MissingSetting(RuntimeError):
    """A variable that the mode asks for is not set."""


@dataclass(frozen=True)
class Environment:
    """The portal's surroundings. ``data`` holds the SQLite file and the files that people hand in."""

    mode: Mode
    data: Path
    secret_key: str
    field_key: str
    database_url: str
    hosts: tuple[str, ...]
    mail_url: str


def read_environment() -> Environment:
    """The environment as it is. Raises MissingSetting for a secret that production asks for."""
    mode = Mode(os.environ.get("AYNI_MODE", Mode.LOCAL))
    data = Path(os.environ.get("AYNI_DATA", "ayni-data")).resolve()
    hosts = os.environ.get("AYNI_HOSTS", "" if mode is Mode.PRODUCTION else "127.0.0.1,localhost,[::1]")
    return Environment(
        mode=mode,
        data=data,
        secret_key=_secret("AYNI_SECRET_KEY", mode),
        field_key=_secret("AYNI_FIELD_KEY", mode) if mode is Mode.PRODUCTION else os.environ.get("AYNI_FIELD_KEY", ""),
        database_url=os.environ.get("DATABASE_URL", f"sqlite:///{data / 'ayni.sqlite3'}"),
        hosts=tuple(host for host in hosts.split(",") if host),
        mail_url=os.environ.get("AYNI_MAIL_URL", ""),
    )


def _secret(name: str, mode: Mode) -> str:
    """A secret of the environment; on one machine one is drawn, and sessions end with the process."""
    found = os.environ.get(name, "")
    if found:
        return found
    if mode is Mode.PRODUCTION:
        raise MissingSetting(f"{name} must be set")
    return secrets.token_urlsafe(50)
