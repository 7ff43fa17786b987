"""Words for kinds, stages, states and lines of the log."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ayni.base.texts import Language, has_text, say
from ayni.portal.runs.models import Run, RunLine, RunState

STATE_CHIPS = {
    RunState.QUEUED: "", RunState.RUNNING: "info", RunState.DONE: "met", RunState.FAILED: "not", RunState.CANCELLED: "",
}  # fmt: skip
"""The class of the chip that shows a state."""


def kind_words(kind: str, language: Language) -> str:
    """A kind's name: the text ``runs.kind.<kind>`` where its app brings one."""
    return _said(f"runs.kind.{kind}", kind, language)


def stage_words(stage: str, language: Language) -> str:
    """A stage in words: the text ``runs.stage.<stage>`` where an app brings one."""
    return _said(f"runs.stage.{stage}", stage, language) if stage else ""


def state_words(run: Run, language: Language) -> str:
    """The state; one that is about to stop is called so."""
    is_stopping = run.state == RunState.RUNNING and run.cancel_asked_at is not None
    return say("runs.state.stopping" if is_stopping else f"runs.state.{run.state}", language)


def line_words(line: RunLine, language: Language) -> str:
    """A line of the log; what was kept in every language is said in this one."""
    return say(line.key, language, **{name: _in(language, value) for name, value in line.values.items()})


def input_lines(inputs: Mapping[str, Any], language: Language) -> list[tuple[str, str]]:
    """Inputs as words and hash, lists of objects one by one.

    An input's name is the text ``runs.input.<name>`` where there is one; an object's own name is its ``title``,
    ``name``, ``code`` or ``id``, and its ``version`` stands behind it.
    """
    lines: list[tuple[str, str]] = []
    for name, value in inputs.items():
        said = _said(f"runs.input.{name}", name, language)
        for part in value if isinstance(value, list) else [value]:
            if isinstance(part, Mapping):
                own = next((str(part[key]) for key in ("title", "name", "code", "id") if key in part), "")
                version = f"v{part['version']}" if "version" in part else ""
                lines.append((" · ".join(filter(None, [said, own, version])), str(part.get("hash", ""))))
            else:
                lines.append((said, str(part)))
    return lines


def _in(language: Language, value: Any) -> Any:
    return value[language] if isinstance(value, dict) else value


def _said(key: str, other: str, language: Language) -> str:
    return say(key, language) if has_text(key) else other
