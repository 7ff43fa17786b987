"""The portal on one machine: a web process and workers under one supervisor."""

from __future__ import annotations

import http.client
import logging
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from time import monotonic

from ayni.base.findings import Refused, error
from ayni.portal.config.preparing import prepare, set_up
from ayni.portal.config.supervising import Post, Supervisor

MODULE = "ayni.portal.config.processes"
BACKLOG = 128
DEMO_FOLDER = "demo/portal"
READY_WITHIN = 90.0
"""Seconds within which the front page must answer and the workers must have given a sign of life."""


@dataclass(frozen=True)
class Wish:
    """What the command line asked for. ``once``: start, look whether everything works, stop."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    demo: bool = False
    once: bool = False


def serve(wish: Wish, tell: Callable[[str], None]) -> bool:
    """Serve until told to stop; ``tell`` gets the address when the front page answers. False where it never did.

    Raises Refused where a setting is missing or the port is taken.
    """
    if wish.demo:
        os.environ["AYNI_MODE"] = "demo"
        os.environ.setdefault("AYNI_DATA", DEMO_FOLDER)
    set_up()
    with listen(wish.host, wish.port) as listener:
        prepare()
        if wish.demo:
            _load_demonstration()
        _close_connections()
        host, port = listener.getsockname()[:2]
        return _supervise(wish, listener.fileno(), port, lambda: tell(f"http://{_spoken(host)}:{port}/"))


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections. Raises Refused where the port is taken or the address is not ours."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0][0]
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as fault:
        raise Refused([error("SERVE-PORT", host=host, port=str(port), fault=fault.strerror or str(fault))]) from fault


def _supervise(wish: Wish, descriptor: int, port: int, tell: Callable[[], None]) -> bool:
    web = Post("web", ["web", str(descriptor)], [descriptor])
    workers = [Post(f"worker {number}", ["worker"]) for number in range(1, wish.workers + 1)]
    with Supervisor(MODULE, [web, *workers]) as supervisor:
        deadline = monotonic() + READY_WITHIN
        is_ready = False

        def ready_or_late() -> bool:
            nonlocal is_ready
            is_ready = answers(wish.host, port) and has_signs_of_life(workers)
            return is_ready or monotonic() > deadline

        if not supervisor.run(ready_or_late):
            return True
        if is_ready:
            tell()
        if not wish.once:
            supervisor.run()
        return is_ready


def answers(host: str, port: int) -> bool:
    """Whether the front page answers with 200."""
    from django.conf import settings

    logging.getLogger("django.request").setLevel(logging.ERROR)
    asked = next((name for name in settings.ALLOWED_HOSTS if name != "*"), "localhost")
    headers = {"Host": asked.lstrip("."), "X-Forwarded-Proto": "https"}
    own = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 compared, not bound
    connection = http.client.HTTPConnection(own, port, timeout=2)
    try:
        connection.request("GET", "/", headers=headers)
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()


def has_signs_of_life(posts: list[Post]) -> bool:
    """Whether each worker has been seen by the others."""
    from ayni.portal.runs.sweeping import living_workers

    living = living_workers()
    _close_connections()
    pids = [post.process.pid for post in posts if post.process is not None]
    return len(pids) == len(posts) and all(any(f"-{pid}-" in name for name in living) for pid in pids)


def _load_demonstration() -> None:
    from ayni.portal.demo import NotADemonstration, load_once

    try:
        load_once()
    except NotADemonstration as reason:
        raise Refused([error("SERVE-DEMO", reason=str(reason))]) from reason


def _close_connections() -> None:
    """The supervisor holds no connection while it waits."""
    from django.db import connections

    connections.close_all()


def _spoken(host: str) -> str:
    """A host as it stands in an address."""
    return f"[{host}]" if ":" in host else host
