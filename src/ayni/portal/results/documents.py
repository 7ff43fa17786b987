"""Results as documents for programs: whole, or the park's totals as far as they are open; a figure opened."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from ayni.portal.results.shown import Opened, Shown

FIGURE_FIELDS = ("value", "unit", "label", "stage", "status", "low", "high", "formula")
LINE_FIELDS = ("line", "category", "kind", "text", "target", "verdict")


def document(shown: Shown) -> Mapping[str, Any]:
    """The results as ``results.json`` describes them for readers of the whole, else ``totals``."""
    return shown.book.content if shown.reader.is_full else totals(shown)


def totals(shown: Shown) -> dict[str, Any]:
    """What is open to the reader: ``scope`` says that it is not the whole. No firm, no row of another."""
    content, book = shown.book.content, shown.book
    figures = {name: figure(book.figures[name]) for name in book.figures if name in shown.open_figures}
    park = content["park"]
    return {
        "version": content["version"], "language": content["language"], "scope": "totals",
        "is_closed": shown.reader.is_closed,
        "park": {"name": park["name"], "place": park["place"], "origin": park["origin"], "firms": len(book.firms)},
        "period": content["period"], "missing": len(book.origins["missing"]), "figures": figures,
        "assessment": None if shown.reader.is_closed else _assessment(content["assessment"]),
    }  # fmt: skip


def figure(kept: Mapping[str, Any]) -> dict[str, Any]:
    """A figure without its inputs."""
    return {name: kept[name] for name in FIGURE_FIELDS}


def _assessment(card: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Verdicts by line, and the scores; values stand among the figures where they are open."""
    if card is None:
        return None
    heads = ("name", "code", "version", "status", "hash", "score_low", "score_high", "level")
    return {
        **{name: card[name] for name in heads},
        "categories": [{name: one[name] for name in ("category", "title", "score_low", "score_high")}
                       for one in card["categories"]],
        "lines": [{name: line[name] for name in LINE_FIELDS} for line in card["lines"]],
    }  # fmt: skip


def totals_csv(shown: Shown) -> str:
    """The open figures as a table."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(("figure", *FIGURE_FIELDS))
    for name, one in totals(shown)["figures"].items():
        writer.writerow((name, *("" if one[field] is None else one[field] for field in FIGURE_FIELDS)))
    return text.getvalue()


def opened_document(opened: Opened) -> dict[str, Any]:
    """A figure with its inputs of one level; ``closed`` says what lies below beyond the reader's permission."""
    return {
        "id": opened.id,
        **figure(opened.figure),
        "figures": [{"id": name, **figure(one)} for name, one in opened.figures],
        "factors": [dict(one) for one in opened.factors],
        "rows": [dict(one) for one in opened.rows],
        "closed": None if opened.closed is None else asdict(opened.closed),
    }
