"""A finished run's results as pages read them: the figures of one language, and whose each row is. Kept in memory."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any

from ayni.base.texts import Language
from ayni.portal.results.handler import ORIGINS
from ayni.portal.results.main_job import output_name
from ayni.portal.runs.models import Run, RunOutput

BOOKS_KEPT = 8
"""Parsed results in the memory of one process: about 10 MB each."""
HEAVY = ("weeks", "loads")
"""Tables of the design, hour by hour, that no page shows."""

AS_DESIGNED = "as exchanged and designed"
"""The formula of figures after exchanges and design."""

RowKey = tuple[str, int]


class NoResults(LookupError):
    """A finished run without the files that its pages are made of."""


@dataclass(frozen=True, eq=False)
class Book:
    """The results in one language. ``content`` is the document of ``results.json``, ``origins`` that of the handler."""

    content: Mapping[str, Any]
    origins: Mapping[str, Any]
    _firms: dict[str, frozenset[str]] = field(default_factory=dict)
    _named: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def figures(self) -> Mapping[str, Any]:
        """Figures by id."""
        return self.content["figures"]

    @property
    def factors(self) -> Mapping[str, Any]:
        """Factors by id."""
        return self.content["factors"]

    @property
    def year(self) -> int:
        """The year of the records."""
        return int(self.content["period"]["year"])

    @cached_property
    def firms(self) -> frozenset[str]:
        """The codes of all firms that take part."""
        return frozenset(code for code in self.origins["submissions"] if code)

    def firm_name(self, code: str) -> str:
        """A firm's name as its record gives it."""
        return next((firm["name"] for firm in self.content["park"]["firms"] if firm["firm"] == code), code)

    def origin(self, row: Mapping[str, Any]) -> tuple[str, int]:
        """Whose a row is (the park's own: an empty code), and its number where it was handed in.

        A form is one record over many rows of its sheet. Raises ValueError for a row that nobody handed in.
        """
        kept = self.origins["rows"][row["sheet"]]
        if str(row["row"]) in kept:
            code, number = kept[str(row["row"])]
            return code, number
        (whole,) = kept.values()
        return whole[0], row["row"]

    def is_of_plan(self, figure_id: str) -> bool:
        """Whether a figure is a result of exchanges and design, which rest on all records, whatever its inputs name."""
        return figure_id.startswith("design.") or self.figures[figure_id]["formula"] == AS_DESIGNED

    def firms_below(self, figure_id: str) -> frozenset[str]:
        """The firms whose rows a figure rests on; of the plan, those that it names, or all."""
        if self.is_of_plan(figure_id):
            return self.firms_named(figure_id) or self.firms
        if figure_id not in self._firms:
            found: set[str] = set()
            for item in self.figures[figure_id]["inputs"]:
                if "figure" in item:
                    found |= self.firms_below(item["figure"])
                elif "row" in item and self.origin(item["row"])[0]:
                    found.add(self.origin(item["row"])[0])
            self._firms[figure_id] = frozenset(found)
        return self._firms[figure_id]

    def firms_named(self, figure_id: str) -> frozenset[str]:
        """The firms that a figure's id or label names, by code or by name."""
        if figure_id not in self._named:
            self._named[figure_id] = self.named_in(f"{figure_id} {self.figures[figure_id]['label']}")
        return self._named[figure_id]

    def named_in(self, text: str) -> frozenset[str]:
        """The firms that a text names."""
        return frozenset(self._names[found.lower()] for found in self._pattern.findall(text))

    def rows_below(self, figure_id: str) -> dict[RowKey, Mapping[str, Any]]:
        """Every row that a figure rests on, once."""
        rows: dict[RowKey, Mapping[str, Any]] = {}
        for part in self.parts_below(figure_id):
            for item in self.figures[part]["inputs"]:
                if "row" in item:
                    rows.setdefault((item["row"]["sheet"], item["row"]["row"]), item["row"])
        return rows

    def factors_below(self, figure_id: str) -> list[str]:
        """Every factor that a figure rests on, once, in order."""
        inputs = (item for part in self.parts_below(figure_id) for item in self.figures[part]["inputs"])
        return sorted({item["factor"] for item in inputs if "factor" in item})

    def parts_below(self, figure_id: str) -> Iterator[str]:
        """The figure and every figure that it rests on, once."""
        seen, waiting = {figure_id}, [figure_id]
        while waiting:
            part = waiting.pop()
            yield part
            inputs = [item["figure"] for item in self.figures[part]["inputs"] if "figure" in item]
            waiting += [one for one in inputs if one not in seen]
            seen.update(inputs)

    @cached_property
    def _names(self) -> dict[str, str]:
        names = {firm["name"].lower(): firm["firm"] for firm in self.content["park"]["firms"]}
        names |= {one["name"].lower(): code for code, one in self.origins["submissions"].items() if one["name"]}
        return names | {code.lower(): code for code in self.firms}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        names = sorted(self._names, key=len, reverse=True)
        return re.compile(rf"(?<![^\W_])(?:{'|'.join(map(re.escape, names))})(?![^\W_])", re.IGNORECASE)


def book_of(run: Run, language: Language) -> Book:
    """The results of a finished run. Raises NoResults."""
    wanted = {output_name("results.json", language), ORIGINS}
    outputs = {one.name: one for one in run.outputs.filter(name__in=wanted)}
    if set(outputs) != wanted:
        raise NoResults(run.pk)
    return _read(*(outputs[name].pk for name in sorted(wanted, key=lambda name: name == ORIGINS)))


@lru_cache(maxsize=BOOKS_KEPT)
def _read(results: int, origins: int) -> Book:
    """The book of two files, by their keys: files of a run never change."""
    content = _document(results)
    for name in HEAVY:
        if content["design"] is not None:
            content["design"].pop(name, None)
    return Book(content, _document(origins))


def _document(output: int) -> dict[str, Any]:
    with RunOutput.objects.get(pk=output).file.open("rb") as stream:
        found: dict[str, Any] = json.load(stream)
    return found
