"""What the tests need is told at their start, with the command that helps."""

import os
import subprocess
import sys
from pathlib import Path

PROGRAM = Path(__file__).parents[2] / "tools" / "check_needs.py"
NOBODY = "postgresql://nobody@127.0.0.1:9/test"
"""The port of discard: nothing answers there."""


def check(tmp_path: Path, *, has_chromium: bool) -> subprocess.CompletedProcess[str]:
    if has_chromium:
        (tmp_path / "chromium").touch(mode=0o755)
    return subprocess.run(
        [sys.executable, PROGRAM, NOBODY], env={**os.environ, "PATH": str(tmp_path)}, capture_output=True, text=True
    )


def test_a_missing_chromium_and_a_silent_postgresql_are_both_told(tmp_path: Path) -> None:
    done = check(tmp_path, has_chromium=False)
    assert done.returncode == 1
    assert "apt-get install -y chromium" in done.stdout
    assert "apt-get install -y postgresql" in done.stdout
    assert NOBODY in done.stdout


def test_what_is_there_is_not_told(tmp_path: Path) -> None:
    done = check(tmp_path, has_chromium=True)
    assert done.returncode == 1
    assert "chromium" not in done.stdout
