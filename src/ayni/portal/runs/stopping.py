"""How a run at work is told to stop."""

from __future__ import annotations

import threading
from enum import StrEnum


class Reason(StrEnum):
    """Why a run should stop: somebody asked, another attempt has taken over, or this worker is leaving."""

    CANCELLED = "cancelled"
    LOST = "lost"
    LEAVING = "leaving"


class Cancelled(Exception):
    """Raised inside a handler that should stop; let it pass."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason.value)


class StopSign:
    """Raised once, from any thread, with the first reason; read by the thread at work."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reason: Reason | None = None

    def show(self, reason: Reason) -> None:
        """Ask the run to stop."""
        with self._lock:
            self._reason = self._reason or reason

    @property
    def reason(self) -> Reason | None:
        """Why to stop; None while there is no need."""
        return self._reason

    def check(self) -> None:
        """Go on, or raise Cancelled."""
        if self._reason is not None:
            raise Cancelled(self._reason)
