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

    def __init__(self, name: str) -> None:
        self.name = name
        super().__init__(f"{name} must be set")


@dataclass(frozen=True)
class Environment:
    """The portal's surroundings. ``data`` holds the SQLite file and the files that people hand in.

    ``proxy`` is the address of the web server in front, whose word on the visitor's address and scheme is taken.
    ``lease_seconds`` is how long a run stays with a worker that gives no sign of life; ``run_memory`` [bytes] binds
    the child process in which a run computes (0: unbound).
    """

    mode: Mode
    data: Path
    secret_key: str
    field_key: str
    database_url: str
    hosts: tuple[str, ...]
    mail_url: str
    proxy: str
    lease_seconds: float
    run_memory: int


def read_environment() -> Environment:
    """The environment as it is. Raises MissingSetting for a secret that production asks for."""
    mode = Mode(os.environ.get("AYNI_MODE", Mode.LOCAL))
    data = Path(os.environ.get("AYNI_DATA", "ayni-data")).resolve()
    hosts = _asked("AYNI_HOSTS", mode) or "127.0.0.1,localhost,[::1]"
    return Environment(
        mode=mode,
        data=data,
        secret_key=_secret("AYNI_SECRET_KEY", mode),
        field_key=_asked("AYNI_FIELD_KEY", mode),
        database_url=os.environ.get("DATABASE_URL", f"sqlite:///{data / 'ayni.sqlite3'}"),
        hosts=tuple(host for host in hosts.split(",") if host),
        mail_url=os.environ.get("AYNI_MAIL_URL", ""),
        proxy=os.environ.get("AYNI_PROXY", "127.0.0.1" if mode is Mode.PRODUCTION else ""),
        lease_seconds=float(os.environ.get("AYNI_LEASE_SECONDS", "30")),
        run_memory=int(os.environ.get("AYNI_RUN_MEMORY_MB", "4096")) * 2**20,
    )


def _secret(name: str, mode: Mode) -> str:
    """A secret of the environment; on one machine one is drawn, and sessions end with the process."""
    return _asked(name, mode) or secrets.token_urlsafe(50)


def _asked(name: str, mode: Mode) -> str:
    """A variable without which production does not start; empty where it is not set elsewhere."""
    found = os.environ.get(name, "")
    if not found and mode is Mode.PRODUCTION:
        raise MissingSetting(name)
    return found
