"""What the supervisor starts: ``python -m ayni.portal.config.processes PARENT LIFELINE web SOCKET | worker``.

Nothing heavy is imported above: the children in which runs compute read this module again.
"""

from __future__ import annotations

import logging
import os
import signal
import sys

from ayni.portal.runs.lifeline import die_with_parent, leave_at_end_of

SETTINGS = "ayni.portal.config.settings"
THREADS = 8
UPLOAD_MAX = 64 * 2**20
"""Bytes of a request that are read at all."""
PROXY_HEADERS = {"x-forwarded-for", "x-forwarded-proto", "x-forwarded-host"}


def main(arguments: list[str]) -> None:
    """Live as long as the supervisor does, and do what it asked for."""
    parent, lifeline, role, *rest = arguments
    die_with_parent(int(parent))
    leave_at_end_of(lambda: os.read(int(lifeline), 1))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    if role == "web":
        serve_web(int(rest[0]))
    else:
        serve_runs()


def serve_web(descriptor: int) -> None:
    """Answer requests on a socket that the supervisor holds: what comes while this process is replaced waits."""
    import socket

    import waitress
    from django.conf import settings

    from ayni.portal.config.wsgi import application

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    proxy = settings.ENVIRONMENT.proxy
    trust = {"trusted_proxy": proxy, "trusted_proxy_headers": PROXY_HEADERS} if proxy else {}
    waitress.serve(
        application, sockets=[socket.socket(fileno=descriptor)], threads=THREADS, ident=None,
        max_request_body_size=UPLOAD_MAX, clear_untrusted_proxy_headers=True, **trust,
    )  # fmt: skip


def serve_runs() -> None:
    """Take up runs."""
    import django

    django.setup()
    from ayni.portal.runs.working import work

    work()


if __name__ == "__main__":
    main(sys.argv[1:])
