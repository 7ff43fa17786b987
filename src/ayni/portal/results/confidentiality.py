"""Rule 11 of the design on the figures of one run: which totals of the park may be read by whom.

Every total is taken apart, down to cells that are one firm's (or one pair's, or a result of the whole zone that nobody
can take apart). Totals are accepted in the order of what matters most. A total is refused where fewer than three firms
or one dominant firm stand behind it, or where it would give such a part away together with those accepted before: that
is, where some combination of the accepted totals rests on the cells of fewer than three firms alone.

For a reader who knows the rows of some firms, their cells are known and taken away first: of the others at least two
must stay together.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import numpy.typing as npt

from ayni.portal.results.book import Book

FIRMS_MIN = 3
SHARE_MAX = 0.85
TOLERANCE = 1e-9
"""Relative difference under which a sum is the sum of its parts."""
DIGITS = 7
"""Digits to which two cells count alike in every total, so that nothing tells them apart."""

Matrix = npt.NDArray[np.float64]
Cell = tuple[str, frozenset[str]]
"""A figure that is not taken apart, and its firms."""
Parts = Mapping[Cell, float]
"""What each cell holds of a total."""

ASSESSED = "assessment."
CARRIER_TOTAL = re.compile(r"energy\.(?!total\.)[^.]+\.before")


def published(book: Book, firms: frozenset[str]) -> frozenset[str]:
    """The park's figures that are open to who may read the rows of ``firms`` only."""
    gate = _Gate(book, firms)
    for group in _candidates(book):
        for figure_id in group:
            if not gate.accept(figure_id):
                break
    return frozenset(gate.accepted) | frozenset(_free(book, gate))


def _candidates(book: Book) -> Iterator[list[str]]:
    """Groups of figures in the order of what matters most; in a group each needs those before it."""
    carriers = sorted(
        (name.split(".")[1] for name in book.figures if CARRIER_TOTAL.fullmatch(name)),
        key=lambda carrier: -book.figures[f"energy.{carrier}.before"]["value"],
    )
    keys = ["emissions.total", "cost.total", "energy.total"]
    for carrier in carriers:
        keys += [f"energy.{carrier}", f"amount.{carrier}"]
    keys += ["water.total", "waste.total", "waste.landfill", "emissions.scope1", "emissions.scope2"]
    for key in keys:
        yield [name for name in (f"{key}.before", f"{key}.after", f"saving.{key}") if name in book.figures]
    exchanged = ("exchange.value", "exchange.amount.t", "exchange.amount.m3")
    yield from ([name] for name in exchanged if name in book.figures)
    for name in book.figures:
        if name.startswith("assessment.value."):
            inputs = [item["figure"] for item in book.figures[name]["inputs"] if "figure" in item]
            yield [*inputs, name]


def _free(book: Book, gate: _Gate) -> Iterator[str]:
    """Figures that hold nothing of a single firm: points of the self-check, counts, the plan of the whole zone."""
    for name in book.figures:
        if name.startswith(("assessment.line.", "assessment.category.", "assessment.score", "assessment.lines_")):
            yield name
    yield from (name for name in ("park.pen_per_usd", "park.usd_per_eur", "park.firms") if name in book.figures)
    if "energy.total.before" in gate.accepted:
        yield from (name for name in book.figures if name.startswith("design.") and _is_of_zone(book, name))
    if "exchange.value" in gate.accepted:
        yield "exchange.links"


def _is_of_zone(book: Book, name: str) -> bool:
    """Whether a figure of the plan is the zone's: its capacities, and its sums; no firm's own, no part of a sum."""
    return not book.firms_named(name) and not name.startswith("design.investment.")


@dataclass(eq=False)
class _Gate:
    """What is accepted so far, as vectors over cells."""

    book: Book
    known: frozenset[str]
    accepted: dict[str, Parts] = field(default_factory=dict)
    _parts: dict[str, Parts] = field(default_factory=dict)
    _places: dict[Cell, int] = field(default_factory=dict)
    _rows: list[dict[int, float]] = field(default_factory=list)

    def accept(self, figure_id: str) -> bool:
        """Take the figure up if it gives nothing away."""
        parts = self.parts(figure_id)
        is_parks_own = not parts and figure_id.startswith(ASSESSED)
        if not is_parks_own and not (self._is_safe_alone(parts) and self._is_safe_together(parts)):
            return False
        self.accepted[figure_id] = parts
        self._rows.append(self._row(parts))
        return True

    def parts(self, figure_id: str) -> Parts:
        """The figure taken apart."""
        if figure_id not in self._parts:
            self._parts[figure_id] = self._taken_apart(figure_id)
        return self._parts[figure_id]

    def _taken_apart(self, figure_id: str) -> Parts:
        figure, book = self.book.figures[figure_id], self.book
        value = figure["value"]
        if book.is_of_plan(figure_id):
            return {(figure_id, book.firms_below(figure_id)): value}
        inputs = [item["figure"] for item in figure["inputs"] if "figure" in item]
        own = [(book.origin(item["row"])[0], item["row"]["value"]) for item in figure["inputs"] if "row" in item]
        own = [(firm, amount) for firm, amount in own if firm]
        if inputs and not own:
            scaled = self._scaled(inputs, value)
            if scaled is not None:
                return scaled
        if own and not inputs and _same(sum(amount for _, amount in own), value):
            parts: dict[Cell, float] = defaultdict(float)
            for firm, amount in own:
                parts[figure_id, frozenset({firm})] += amount
            return dict(parts)
        firms = book.firms_below(figure_id) | book.firms_named(figure_id)
        return {(figure_id, firms): value} if firms else {}

    def _scaled(self, inputs: list[str], value: float) -> Parts | None:
        """A sum, a difference, or one figure times a factor; None for what is none of them."""
        values = [self.book.figures[name]["value"] for name in inputs]
        if _same(sum(values), value):
            return _added((self.parts(name), 1.0) for name in inputs)
        if len(inputs) == 2 and _same(values[0] - values[1], value):
            return _added((self.parts(name), sign) for name, sign in zip(inputs, (1.0, -1.0), strict=True))
        if len(inputs) == 1 and values[0]:
            return _added([(self.parts(inputs[0]), value / values[0])])
        return None

    def _is_safe_alone(self, parts: Parts) -> bool:
        """At least three firms, none with more than 85 %; of those that the reader does not know at least two."""
        for known, least in self._demands():
            hidden = {cell: amount for cell, amount in parts.items() if amount and cell[1] - known}
            if len(_firms(hidden) - known) < least or _dominant(hidden) or _touched_by_few(hidden, known, least):
                return False
        return True

    def _demands(self) -> tuple[tuple[frozenset[str], int], ...]:
        """Whose cells are known, and how many other firms must stay together."""
        everybody = (frozenset[str](), FIRMS_MIN)
        return (everybody, (self.known, FIRMS_MIN - 1)) if self.known else (everybody,)

    def _is_safe_together(self, parts: Parts) -> bool:
        rows = [*self._rows, self._row(parts)]
        matrix = np.zeros((len(rows), len(self._places)))
        for place, row in enumerate(rows):
            matrix[place, list(row)] = list(row.values())
        firms = [firms for _, firms in self._places]
        return not any(_gives_away(matrix, firms, known, least) for known, least in self._demands())

    def _row(self, parts: Parts) -> dict[int, float]:
        """A total as amounts by the places of its cells."""
        return {self._places.setdefault(cell, len(self._places)): amount for cell, amount in parts.items()}


def _gives_away(matrix: Matrix, firms: list[frozenset[str]], known: frozenset[str], least: int) -> bool:
    """Whether some combination of the totals rests on the cells of fewer than ``least`` firms alone.

    ``matrix`` is totals × cells [amount of the cell in the total].
    """
    vectors, holders = _columns(matrix, firms, known)
    small = {one for one in holders if len(one) < least}
    groups = small | {one | other for one, other in combinations(small, 2) if len(one | other) < least}
    rank = _rank(vectors) if groups else 0
    return any(_rank(vectors[:, [not one <= group for one in holders]]) < rank for group in groups)


def _rank(matrix: Matrix) -> int:
    """How many of the totals say something that the others do not."""
    if not matrix.size:
        return 0
    sizes = np.linalg.svd(matrix, compute_uv=False)
    return int((sizes > TOLERANCE * sizes[0]).sum())


def _columns(matrix: Matrix, firms: list[frozenset[str]], known: frozenset[str]) -> tuple[Matrix, list[frozenset[str]]]:
    """Cells that no total tells apart as one column, with their firms; where one of them dominates, that one alone."""
    held = [place for place in np.flatnonzero(np.any(matrix, axis=0)) if firms[place] - known]
    columns = matrix[:, held]
    scales = columns[np.argmax(columns != 0, axis=0), np.arange(len(held))]
    columns = columns / scales
    alike: dict[bytes, list[int]] = defaultdict(list)
    for place, key in enumerate(np.round(columns, DIGITS).T + 0.0):
        alike[key.tobytes()].append(place)
    holders = []
    for places in alike.values():
        cells = {(str(place), firms[held[place]]): float(scales[place]) for place in places}
        holders.append(_dominant(cells) or _firms(cells) - known)
    return columns[:, [places[0] for places in alike.values()]], holders


def _dominant(parts: Parts) -> frozenset[str]:
    """The firm that holds more than 85 % of a total; nobody where none does. A pair's cell counts for both."""
    by_firm: dict[str, float] = defaultdict(float)
    for (_, firms), amount in parts.items():
        for firm in firms if len(firms) < FIRMS_MIN else ():
            by_firm[firm] += abs(amount)
    whole = sum(abs(amount) for amount in parts.values())
    return frozenset(firm for firm, amount in by_firm.items() if amount > SHARE_MAX * whole)


def _touched_by_few(parts: Parts, known: frozenset[str], least: int) -> bool:
    """Whether fewer than ``least`` firms are at one end or the other of every exchange that a total adds up."""
    ends = [firms - known for _, firms in parts]
    if not all(0 < len(firms) < FIRMS_MIN for firms in ends):
        return False
    groups = combinations(sorted(frozenset[str]().union(*ends)), least - 1)
    return any(all(firms.intersection(group) for firms in ends) for group in groups)


def _firms(parts: Iterable[Cell]) -> frozenset[str]:
    return frozenset(firm for _, firms in parts for firm in firms)


def _added(terms: Iterable[tuple[Parts, float]]) -> Parts:
    total: dict[Cell, float] = defaultdict(float)
    for parts, weight in terms:
        for cell, amount in parts.items():
            total[cell] += weight * amount
    return dict(total)


def _same(one: float, other: float) -> bool:
    return abs(one - other) <= TOLERANCE * max(abs(one), abs(other), TOLERANCE)
