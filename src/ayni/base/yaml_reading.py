"""YAML in: plain data with the line of every entry. Aliases, tags, twice-written keys and bombs are findings.

The document is built from the parser's events, so that nothing is constructed but text, numbers, lists and mappings.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from ayni.base.findings import Place, Refused, error

SIZE_MAX = 1_000_000
"""Largest document [bytes]; a framework of 51 lines in two languages has less than a tenth of it."""

DEPTH_MAX = 12
"""Deepest nesting that a document of ours can need, with some left over."""

ENTRIES_MAX = 40_000
"""Most keys and values; ten times what a long framework has, and read in seconds."""

Path: TypeAlias = tuple[str | int, ...]
Plain: TypeAlias = "bool | int | float | str | tuple[Plain, ...] | Mapping[str, Plain] | None"

_INT = re.compile(r"[-+]?[0-9]{1,15}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]{1,3})?")
_WORDS: Mapping[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


@dataclass(frozen=True)
class Document:
    """Plain data and the line (from 1) of each entry by its path."""

    data: Plain
    lines: Mapping[Path, int]

    def line_of(self, path: Path) -> int:
        """The line of the deepest known entry on ``path``."""
        known = (path[:length] for length in range(len(path), -1, -1) if path[:length] in self.lines)
        return self.lines[next(known, ())]


class _Fault(Exception):
    def __init__(self, code: str, line: int, **values: object) -> None:
        self.code, self.line, self.values = code, line, values


def read_yaml(raw: bytes, file: str) -> Document:
    """The one document in ``raw``. Raises Refused with the line of the fault."""
    if len(raw) > SIZE_MAX:
        raise Refused([error("YAML-SIZE", Place(file=file), limit=SIZE_MAX // 1000)])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        line = raw.count(b"\n", 0, fault.start) + 1
        raise Refused([error("YAML-ENCODING", Place(file=file, row=line))]) from fault
    try:
        return _document(YAML(pure=True).parse(text))
    except _Fault as fault:
        raise Refused([error(fault.code, Place(file=file, row=fault.line), **fault.values)]) from fault
    except MarkedYAMLError as fault:
        mark = fault.problem_mark or fault.context_mark
        problem = str(fault.problem or fault.context or "").split("\n")[0]
        place = Place(file=file, row=mark.line + 1 if mark else None)
        raise Refused([error("YAML-FORM", place, fault=problem)]) from fault
    except (YAMLError, ValueError) as fault:
        raise Refused([error("YAML-FORM", Place(file=file), fault=str(fault).split("\n")[0])]) from fault


def _document(events: Iterator[Event]) -> Document:
    """All events into one document, by a stack of open collections. Raises _Fault."""
    builder = _Builder()
    for event in events:
        builder.take(event)
    return Document(builder.root, builder.lines)


class _Builder:
    """Open collections from the outermost in; ``keys`` holds the key that waits for its value, or the next index."""

    def __init__(self) -> None:
        self.root: Plain = None
        self.lines: dict[Path, int] = {(): 1}
        self.open: list[dict[str, Plain] | list[Plain]] = []
        self.path: list[str | int | None] = []
        self.documents = 0
        self.entries = 0

    def take(self, event: Event) -> None:
        """Take in the next event."""
        line = event.start_mark.line + 1
        if isinstance(event, DocumentStartEvent):
            self.documents += 1
            if self.documents > 1:
                raise _Fault("YAML-DOCUMENTS", line)
        elif isinstance(event, NodeEvent):
            self._check_node(event, line)
            self._node(event, line)
        elif isinstance(event, MappingEndEvent | SequenceEndEvent):
            content = self.open.pop()
            self.path.pop()
            self._put(tuple(content) if isinstance(content, list) else content)

    def _check_node(self, event: NodeEvent, line: int) -> None:
        self.entries += 1
        if self.entries > ENTRIES_MAX:
            raise _Fault("YAML-ENTRIES", line, limit=ENTRIES_MAX)
        if isinstance(event, AliasEvent) or event.anchor is not None:
            raise _Fault("YAML-ALIAS", line, name=str(event.anchor))
        tag = getattr(event, "tag", None)
        if tag is not None:
            raise _Fault("YAML-TAG", line, tag=str(tag))
        if isinstance(event, MappingStartEvent | SequenceStartEvent) and len(self.open) >= DEPTH_MAX:
            raise _Fault("YAML-DEEP", line, limit=DEPTH_MAX)

    def _node(self, event: NodeEvent, line: int) -> None:
        inside = self.open[-1] if self.open else None
        if isinstance(inside, dict) and self.path[-1] is None:
            self._key(event, inside, line)
            return
        if isinstance(inside, list):
            self.path[-1] = len(inside)
            self.lines[self._here()] = line
        if isinstance(event, ScalarEvent):
            self._put(_scalar(event))
        else:
            self.open.append({} if isinstance(event, MappingStartEvent) else [])
            self.path.append(None)

    def _key(self, event: NodeEvent, inside: dict[str, Plain], line: int) -> None:
        if not isinstance(event, ScalarEvent):
            raise _Fault("YAML-KEY", line)
        if event.value in inside:
            raise _Fault("YAML-KEY-TWICE", line, key=event.value)
        self.path[-1] = event.value
        self.lines[self._here()] = line

    def _put(self, value: Plain) -> None:
        """A finished value goes into the innermost open collection, or is the document."""
        if not self.open:
            self.root = value
            return
        inside = self.open[-1]
        if isinstance(inside, list):
            inside.append(value)
        else:
            inside[str(self.path[-1])] = value
        self.path[-1] = None

    def _here(self) -> Path:
        return tuple(part for part in self.path if part is not None)


def _scalar(event: ScalarEvent) -> Plain:
    """Quoted and block text stays text; plain words are numbers, truth values or null where YAML 1.2 says so."""
    text = str(event.value)
    if not event.implicit[0]:
        return text
    if text in _WORDS:
        return _WORDS[text]
    if _INT.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
