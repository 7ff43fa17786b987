"""The mail server as ``AYNI_MAIL_URL`` names it: ``smtp://user:password@host:587/?from=ayni@example.pe``."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import parse_qs, unquote, urlsplit

PORTS = {"smtp": 587, "smtps": 465, "smtp+plain": 25}
"""``smtp`` speaks STARTTLS, ``smtps`` TLS from the first byte; ``smtp+plain`` is for a relay on the same machine."""


@dataclass(frozen=True)
class Mail:
    """What Django asks for about mail. Without a server messages are written to the terminal."""

    backend: str = "django.core.mail.backends.console.EmailBackend"
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    use_tls: bool = False
    use_ssl: bool = False
    sender: str = "ayni@localhost"


def read_mail(url: str) -> Mail:
    """The mail server of a URL. Raises ValueError for one that names no server."""
    if not url:
        return Mail()
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("AYNI_MAIL_URL must look like smtp://user:password@host:587/?from=ayni@example.pe")
    return Mail(
        backend="django.core.mail.backends.smtp.EmailBackend",
        host=parts.hostname,
        port=parts.port or PORTS[parts.scheme],
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        use_tls=parts.scheme == "smtp",
        use_ssl=parts.scheme == "smtps",
        sender=parse_qs(parts.query).get("from", [f"ayni@{parts.hostname}"])[0],
    )
