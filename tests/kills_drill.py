"""Processes of a drill: web process and workers under the portal's own supervisor, on the database of the test.

``python -m kills_drill WORKERS`` is that supervisor; it prints its port and keeps its processes going until it is told
to stop.
"""

from __future__ import annotations

import http.client
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlencode

LEASE_SECONDS = 4.0
TOKEN = "a" * 32
"""What the drill's browser sends as its token against forged requests, as cookie and as header."""


def main(arguments: list[str]) -> None:
    """The supervisor of a drill."""
    from ayni.portal.config.serving import MODULE, listen
    from ayni.portal.config.supervising import Post, Supervisor

    with listen("127.0.0.1", 0) as listener:
        web = Post("web", ["web", str(listener.fileno())], [listener.fileno()])
        workers = [Post(f"worker {number}", ["worker"]) for number in range(int(arguments[0]))]
        with Supervisor(MODULE, [web, *workers]) as supervisor:
            print(listener.getsockname()[1], flush=True)  # noqa: T201 the drill reads it
            supervisor.run()


class Fleet:
    """A supervisor with its web process and workers; killed whole at the end if it does not leave by itself."""

    def __init__(self, database: str, data: Path, workers: int, log: Path) -> None:
        self._log = log.open("wb")
        self._environment = {
            **os.environ, "DJANGO_SETTINGS_MODULE": "kills_settings", "DATABASE_URL": database, "AYNI_DATA": str(data),
            "AYNI_LEASE_SECONDS": str(LEASE_SECONDS), "PYTHONPATH": str(Path(__file__).parent), "AYNI_MODE": "local",
        }  # fmt: skip
        self._command = [sys.executable, "-m", "kills_drill", str(workers)]
        self.workers = workers
        self.port = 0

    def __enter__(self) -> Self:
        self._supervisor = subprocess.Popen(
            self._command, env=self._environment, stdout=subprocess.PIPE, stderr=self._log
        )
        assert self._supervisor.stdout is not None
        self.port = int(self._supervisor.stdout.readline())
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self._supervisor.terminate()
        try:
            self._supervisor.wait(30)
        finally:
            self._supervisor.kill()
            self._supervisor.wait()
            assert self._supervisor.stdout is not None
            self._supervisor.stdout.close()
            self._log.close()

    def pids(self, role: str) -> list[int]:
        """The processes of a role (``web``, ``worker``) that live now."""
        return [pid for pid in children_of(self._supervisor.pid) if role in _command_line(pid)]

    def kill(self, role: str, number: int) -> int | None:
        """SIGKILL to one of the role's processes; its id, None where none lives at the moment."""
        pids = self.pids(role)
        if not pids:
            return None
        pid = pids[number % len(pids)]
        os.kill(pid, signal.SIGKILL)
        return pid

    def kill_supervisor(self) -> None:
        """SIGKILL to the supervisor itself."""
        self._supervisor.kill()
        self._supervisor.wait()


def children_of(pid: int) -> list[int]:
    """The children of a process, whichever of its threads made them."""
    found: list[int] = []
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(child) for child in path.read_text().split()]
    return found


def is_alive(pid: int) -> bool:
    """Whether a process lives: one that has ended and is not buried yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _command_line(pid: int) -> list[str]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().split("\0")
    except FileNotFoundError:
        return []


class Browser:
    """A person at the pages, by plain HTTP. ``session`` is the key of a session that is signed in."""

    def __init__(self, port: int, session: str) -> None:
        self._port = port
        cookies = f"ayni_session={session}; csrftoken={TOKEN}"
        self._headers = {"Cookie": cookies, "X-CSRFToken": TOKEN, "Host": f"127.0.0.1:{port}"}

    def get(self, path: str) -> tuple[int, str]:
        """Status and body of a page."""
        status, _, body = self._ask("GET", path, b"", "")
        return status, body

    def post(self, path: str, data: Mapping[str, Any]) -> tuple[int, str]:
        """Status and where it leads, of a form without files."""
        status, location, _ = self._ask("POST", path, urlencode(data).encode(), "application/x-www-form-urlencoded")
        return status, location

    def upload(self, path: str, data: Mapping[str, Any]) -> tuple[int, str]:
        """Status and where it leads, of a form with files."""
        from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

        status, location, _ = self._ask("POST", path, encode_multipart(BOUNDARY, dict(data)), MULTIPART_CONTENT)
        return status, location

    def _ask(self, method: str, path: str, body: bytes, kind: str) -> tuple[int, str, str]:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            connection.request(method, path, body, {**self._headers, **({"Content-Type": kind} if kind else {})})
            answer = connection.getresponse()
            return answer.status, answer.getheader("Location") or "", answer.read().decode()
        finally:
            connection.close()


GONE = (ConnectionError, http.client.HTTPException, TimeoutError)
"""What a browser meets when the web process is killed under it."""


def wait_until(is_so: Any, seconds: float, what: str) -> None:
    """Look again and again until it is so. Raises AssertionError after that long."""
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline, what
        time.sleep(0.1)


if __name__ == "__main__":
    main(sys.argv[1:])
