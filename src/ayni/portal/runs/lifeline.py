"""A child process that dies with its parent, however the parent ends. No Django here."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

PR_SET_PDEATHSIG = 1
ORPHANED = 75
"""Exit code of a child whose parent is gone."""


def die_with_parent(parent: int) -> None:
    """Be killed by the kernel when the thread that made this process ends (Linux); leave if it has ended already."""
    if sys.platform == "linux":
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "prctl")
    if os.getppid() != parent:
        os._exit(ORPHANED)


def leave_at_end_of(read: Callable[[], object]) -> None:
    """Leave when ``read`` returns or meets the end of a pipe that only the parent holds open (every system)."""

    def watch() -> None:
        with suppress(EOFError, OSError):
            read()
        os._exit(ORPHANED)

    threading.Thread(target=watch, name="lifeline", daemon=True).start()
