"""What must be in place before the portal serves: folders, tables, the programme's places, static files."""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

import dj_database_url

from ayni.base.findings import Refused, error
from ayni.portal.config.environment import MissingSetting, Mode, read_environment
from ayni.portal.config.mail import read_mail
from ayni.portal.config.processes import SETTINGS


def set_up() -> None:
    """Django, by the environment. Raises Refused where a setting is missing or makes no sense."""
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    try:
        environment = read_environment()
        read_mail(environment.mail_url)
        dj_database_url.parse(environment.database_url)
    except MissingSetting as missing:
        raise Refused([error("SERVE-SETTING", name=missing.name)]) from missing
    except ValueError as wrong:
        raise Refused([error("SERVE-SETTING-VALUE", fault=str(wrong))]) from wrong
    if environment.mode is not Mode.PRODUCTION:
        # one key for this process and those that it starts; sessions end with it
        os.environ.setdefault("AYNI_SECRET_KEY", secrets.token_urlsafe(50))
    environment.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    django.setup()


def prepare() -> None:
    """Tables, the cache's table, the programme's places, static files. Everything may be done again."""
    from django.core.management import call_command

    from ayni.portal.places.services import load_programme

    migrate()
    load_programme()
    if static_mark().is_stale():
        call_command("collectstatic", interactive=False, clear=True, verbosity=0)
        static_mark().write()


def migrate() -> None:
    """The tables of this version."""
    from django.core.management import call_command

    call_command("migrate", interactive=False, verbosity=0)
    call_command("createcachetable", verbosity=0)


class StaticMark:
    """What static files were collected from: they are collected again only when a source or a tool has changed."""

    def __init__(self, root: Path, mark: Path) -> None:
        self._root, self._mark = root, mark
        self._print = _fingerprint()

    def is_stale(self) -> bool:
        """Whether to collect."""
        is_there = (self._root / "staticfiles.json").exists() and self._mark.exists()
        return not is_there or self._mark.read_text(encoding="utf-8") != self._print

    def write(self) -> None:
        """Note that these sources are collected."""
        self._mark.write_text(self._print, encoding="utf-8")


def static_mark() -> StaticMark:
    """The mark beside the folder of static files."""
    from django.conf import settings

    root = Path(settings.STATIC_ROOT)
    return StaticMark(root, root.with_name(f"{root.name}.mark"))


def _fingerprint() -> str:
    lines = [*(f"{name} {version(name)}" for name in ("django", "whitenoise")), *sorted(_sources())]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _sources() -> Iterator[str]:
    from django.contrib.staticfiles.finders import get_finders

    for finder in get_finders():
        for path, storage in finder.list([]):
            state = Path(storage.path(path)).stat()
            yield f"{path} {state.st_size} {state.st_mtime_ns}"
