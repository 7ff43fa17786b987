"""The example's workbook, spoilt in every way that comes to mind: never a traceback, never silence.

Each mutation is drawn from a seed that a failure names. ``AYNI_SOAK=1`` draws 5,000 of them instead of 200. One in
twenty goes through the real child process; the others run the child's code in this one, which is quicker.
"""

import datetime
import io
import json
import os
import random
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from enum import Enum, auto
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar
from xml.sax.saxutils import escape

import pytest
from annotated_types import Ge, Gt, Le, Lt
from pydantic.fields import FieldInfo

from ayni.base import xlsx_parsing, xlsx_reading
from ayni.base.findings import Finding, Refused, has_errors
from ayni.base.sheets import Choice, Row, Sheet, kind_of
from ayni.base.texts import LANGUAGES, say
from ayni.base.xlsx_parsing import Position
from ayni.base.xlsx_reading import CellFault, Value, read_raw_workbook
from ayni.parks.example import write_example
from ayni.parks.intake import take_in
from ayni.parks.workbook import SHEETS

SOAK = "AYNI_SOAK" in os.environ
COUNT, SHARDS, CHILD_EVERY = (5_000, 50, 20) if SOAK else (200, 8, 20)

pytestmark = [pytest.mark.soak] if SOAK else []

Grid = list[list[Value]]
T = TypeVar("T")


class Outcome(Enum):
    """What must come of a mutation."""

    REFUSED = auto()
    UNCHANGED = auto()
    REFUSED_OR_UNCHANGED = auto()
    ANYTHING = auto()


@dataclass
class Draft:
    """A workbook to be spoilt: its parts, the cells of each sheet, merged ranges, cells far away."""

    parts: dict[str, bytes]
    grids: dict[str, Grid]
    touched: set[str] = field(default_factory=set)
    merged: list[str] = field(default_factory=list)
    stray: list[Position] = field(default_factory=list)

    def part(self, sheet: Sheet) -> str:
        """The part that holds a sheet; the instructions come first."""
        return f"xl/worksheets/sheet{SHEETS.index(sheet) + 2}.xml"

    def grid(self, sheet: Sheet) -> Grid:
        """The cells of a sheet, to be changed."""
        self.touched.add(sheet.name)
        return self.grids[sheet.name]

    def content(self) -> bytes:
        """The file."""
        stream = io.BytesIO()
        for sheet in SHEETS:
            if sheet.name in self.touched:
                self.parts[self.part(sheet)] = self._xml(self.grids[sheet.name])
        with zipfile.ZipFile(stream, "w") as archive:
            for name, content in self.parts.items():
                archive.writestr(name, content)
        return stream.getvalue()

    def _xml(self, grid: Grid) -> bytes:
        rows = [
            f'<row r="{down + 1}">{"".join(_cell(Position(down, at), value) for at, value in enumerate(row))}</row>'
            for down, row in enumerate(grid)
        ]
        rows += [f'<row r="{at.row + 1}"><c r="{at.name}"><v>1</v></c></row>' for at in self.stray]
        merged = "".join(f'<mergeCell ref="{ref}"/>' for ref in self.merged)
        return (
            f'<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
            f"<sheetData>{''.join(rows)}</sheetData><mergeCells>{merged}</mergeCells></worksheet>"
        ).encode()


def _cell(at: Position, value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return f'<c r="{at.name}" t="b"><v>{int(value)}</v></c>'
        case float():
            return f'<c r="{at.name}"><v>{value!r}</v></c>'
        case datetime.date():
            return f'<c r="{at.name}" t="d"><v>{value.isoformat()}</v></c>'
        case CellFault("error", text):
            return f'<c r="{at.name}" t="e"><v>{text}</v></c>'
        case CellFault():
            return f'<c r="{at.name}"><f>A1*2</f></c>'
        case _:
            return f'<c r="{at.name}" t="inlineStr"><is><t xml:space="preserve">{escape(str(value))}</t></is></c>'


@dataclass(frozen=True)
class Spot:
    """A cell for a value of a row: where it is and what it should hold."""

    sheet: Sheet
    field: str
    row: int
    column: int

    @property
    def info(self) -> FieldInfo:
        """The declaration of its column."""
        return self.sheet.row.model_fields[self.field]


def spots(draft: Draft, wanted: Callable[[Sheet, str, FieldInfo], bool]) -> Iterator[tuple[Sheet, str, int]]:
    """Sheet, field and its index, of all columns that are wanted."""
    for sheet in SHEETS:
        for index, (name, info) in enumerate(sheet.row.model_fields.items()):
            if wanted(sheet, name, info) and len(draft.grids[sheet.name]) > 1:
                yield sheet, name, index


def pick(draft: Draft, rng: random.Random, wanted: Callable[[Sheet, str, FieldInfo], bool]) -> Spot:
    """A random cell of a random column that is wanted."""
    sheet, name, index = rng.choice(list(spots(draft, wanted)))
    if sheet.form:
        return Spot(sheet, name, index + 1, 1)
    return Spot(sheet, name, rng.randrange(1, len(draft.grids[sheet.name])), index)


def put(draft: Draft, spot: Spot, value: Any) -> None:
    draft.grid(spot.sheet)[spot.row][spot.column] = value


def any_list(rng: random.Random, wanted: Callable[[Sheet], bool] = lambda _: True) -> Sheet:
    """A random sheet with a row per record."""
    return rng.choice([sheet for sheet in SHEETS if not sheet.form and wanted(sheet)])


def is_number(info: FieldInfo) -> bool:
    return kind_of(info) in (int, float)


MUTATIONS: list[tuple[Outcome, Callable[[Draft, random.Random], None]]] = []
SPOILERS: list[tuple[Outcome, Callable[[bytes, random.Random], bytes]]] = []
F = TypeVar("F", bound=Callable[..., None])
G = TypeVar("G", bound=Callable[..., bytes])


def of_cells(outcome: Outcome) -> Callable[[F], F]:
    """Register a mutation of the cells or parts."""

    def keep(mutation: F) -> F:
        MUTATIONS.append((outcome, mutation))
        return mutation

    return keep


def of_bytes(outcome: Outcome) -> Callable[[G], G]:
    """Register a mutation of the file's bytes."""

    def keep(mutation: G) -> G:
        SPOILERS.append((outcome, mutation))
        return mutation

    return keep


@of_cells(Outcome.REFUSED)
def text_in_a_number(draft: Draft, rng: random.Random) -> None:
    spot = pick(draft, rng, lambda _, __, info: is_number(info))
    put(draft, spot, rng.choice(["doce", "12 t", "1,5", "12.5", "n/a", "—", "1e", "#"]))


@of_cells(Outcome.REFUSED)
def number_out_of_range(draft: Draft, rng: random.Random) -> None:
    bounded = (Ge, Gt, Le, Lt)
    spot = pick(draft, rng, lambda _, __, info: is_number(info) and any(isinstance(m, bounded) for m in info.metadata))
    beyond: list[Any] = []
    for mark in spot.info.metadata:
        match mark:
            case Ge(ge=bound):
                beyond += [_plus(bound, -1), _plus(bound, -1e9)]
            case Gt(gt=bound):
                beyond += [bound, _plus(bound, -1)]
            case Le(le=bound):
                beyond += [_plus(bound, 1)]
            case Lt(lt=bound):
                beyond += [bound, _plus(bound, 1)]
    put(draft, spot, float(rng.choice(beyond)))


def _plus(bound: Any, step: float) -> Any:
    return bound + step


@of_cells(Outcome.REFUSED)
def boolean_in_a_number(draft: Draft, rng: random.Random) -> None:
    put(draft, pick(draft, rng, lambda _, __, info: is_number(info)), rng.random() < 0.5)


@of_cells(Outcome.REFUSED)
def error_cell(draft: Draft, rng: random.Random) -> None:
    fault = CellFault("error", rng.choice(["#DIV/0!", "#REF!", "#N/A", "#VALUE!", "#SPILL!"]))
    put(draft, pick(draft, rng, lambda *_: True), fault)


@of_cells(Outcome.REFUSED)
def formula_without_value(draft: Draft, rng: random.Random) -> None:
    put(draft, pick(draft, rng, lambda *_: True), CellFault("uncached", ""))


@of_cells(Outcome.REFUSED)
def blank_required_cell(draft: Draft, rng: random.Random) -> None:
    put(draft, pick(draft, rng, lambda _, __, info: info.is_required()), rng.choice([None, "", "   ", "\u00a0"]))


@of_cells(Outcome.REFUSED)
def date_nonsense(draft: Draft, rng: random.Random) -> None:
    nonsense: list[Value] = [
        "31/02/2025",
        "2025-13",
        "ayer",
        "00/00/0000",
        "29/02/2025",
        "31/03/25",
        2025.1,
        45000.0,
        True,
    ]
    put(draft, pick(draft, rng, lambda _, __, info: kind_of(info) is datetime.date), rng.choice(nonsense))


@of_cells(Outcome.REFUSED)
def month_of_another_year(draft: Draft, rng: random.Random) -> None:
    spot = pick(draft, rng, lambda _, name, __: name == "month")
    put(draft, spot, datetime.date(rng.choice([1999, 2024, 2026]), rng.randint(1, 12), 1))


@of_cells(Outcome.REFUSED)
def duplicate_row(draft: Draft, rng: random.Random) -> None:
    grid = draft.grid(any_list(rng, lambda sheet: bool(sheet.unique)))
    grid.insert(rng.randrange(1, len(grid) + 1), list(rng.choice(grid[1:])))


@of_cells(Outcome.REFUSED)
def delete_required_column(draft: Draft, rng: random.Random) -> None:
    spot = pick(draft, rng, lambda _, __, info: info.is_required())
    _delete_column(draft, spot)


@of_cells(Outcome.ANYTHING)
def delete_optional_column(draft: Draft, rng: random.Random) -> None:
    _delete_column(draft, pick(draft, rng, lambda _, __, info: not info.is_required()))


def _delete_column(draft: Draft, spot: Spot) -> None:
    grid = draft.grid(spot.sheet)
    if spot.sheet.form:
        del grid[spot.row]
    else:
        for row in grid:
            del row[spot.column]


@of_cells(Outcome.REFUSED)
def rename_column(draft: Draft, rng: random.Random) -> None:
    spot = pick(draft, rng, lambda *_: True)
    grid = draft.grid(spot.sheet)
    down, across = (spot.row, 0) if spot.sheet.form else (0, spot.column)
    grid[down][across] = rng.choice([f"{grid[down][across]} x", "Columna", "#REF!", "x"])


@of_cells(Outcome.REFUSED)
def blank_header(draft: Draft, rng: random.Random) -> None:
    spot = pick(draft, rng, lambda _, __, info: info.is_required())
    down, across = (spot.row, 0) if spot.sheet.form else (0, spot.column)
    draft.grid(spot.sheet)[down][across] = None


@of_cells(Outcome.REFUSED)
def rename_sheet(draft: Draft, rng: random.Random) -> None:
    title = rng.choice(SHEETS).title("es")
    _edit_workbook(draft, f'name="{title}"', f'name="{rng.choice(["Hoja1", title + " 2", title[:-2] + "x"])}"')


@of_cells(Outcome.REFUSED)
def delete_required_sheet(draft: Draft, rng: random.Random) -> None:
    _delete_sheet(draft, rng.choice([sheet for sheet in SHEETS if sheet.required]))


@of_cells(Outcome.ANYTHING)
def delete_optional_sheet(draft: Draft, rng: random.Random) -> None:
    _delete_sheet(draft, rng.choice([sheet for sheet in SHEETS if not sheet.required]))


def _delete_sheet(draft: Draft, sheet: Sheet) -> None:
    title = re.escape(sheet.title("es"))
    xml = draft.parts["xl/workbook.xml"].decode()
    without, count = re.subn(f'<sheet name="{title}"[^>]*/>', "", xml)
    assert count == 1
    draft.parts["xl/workbook.xml"] = without.encode()


def _edit_workbook(draft: Draft, old: str, new: str) -> None:
    xml = draft.parts["xl/workbook.xml"].decode()
    assert old in xml
    draft.parts["xl/workbook.xml"] = xml.replace(old, new, 1).encode()


@of_cells(Outcome.REFUSED)
def empty_sheet(draft: Draft, rng: random.Random) -> None:
    draft.grid(rng.choice(SHEETS)).clear()


@of_cells(Outcome.REFUSED)
def merge_cells(draft: Draft, rng: random.Random) -> None:
    sheet = rng.choice(SHEETS)
    height = len(draft.grid(sheet))
    first = rng.randrange(height)
    draft.merged.append(f"A{first + 1}:{rng.choice('ABC')}{first + 1 + rng.randint(1, 3)}")


@of_cells(Outcome.REFUSED)
def title_above_the_headers(draft: Draft, rng: random.Random) -> None:
    sheet = any_list(rng)
    draft.grid(sheet).insert(0, [rng.choice([None, sheet.title("es"), "Versión final"])])


@of_cells(Outcome.REFUSED)
def cell_far_away(draft: Draft, rng: random.Random) -> None:
    draft.grid(rng.choice(SHEETS))
    draft.stray.append(Position(*rng.choice([(1_048_575, 16_383), (60_000, 0), (49_999, 199), (5_000, 300)])))


@of_cells(Outcome.REFUSED)
def missing_bill(draft: Draft, rng: random.Random) -> None:
    grid = draft.grid(any_list(rng, lambda sheet: sheet.name in {"electricity_bills", "fuel_bills"}))
    del grid[rng.randrange(1, len(grid))]


@of_cells(Outcome.REFUSED)
def unknown_choice(draft: Draft, rng: random.Random) -> None:
    spot = pick(draft, rng, lambda _, __, info: kind_of(info) is bool or issubclass(kind_of(info), Choice))
    put(draft, spot, rng.choice(["quizás", "?", 7.0, datetime.date(2025, 1, 1)]))


@of_cells(Outcome.REFUSED)
def wrong_tax_number(draft: Draft, rng: random.Random) -> None:
    spot = pick(draft, rng, lambda _, name, __: name == "ruc")
    ruc = str(draft.grids[spot.sheet.name][spot.row][spot.column])
    put(draft, spot, rng.choice([ruc[:-1] + str((int(ruc[-1]) + 1) % 10), ruc[:-1], float(ruc) + 1, "RUC"]))


@of_cells(Outcome.REFUSED)
def unknown_firm(draft: Draft, rng: random.Random) -> None:
    put(draft, pick(draft, rng, lambda _, name, __: name == "firm"), rng.choice(["E99", "e01", "E 01", 1.0]))


@of_cells(Outcome.REFUSED)
def unknown_node(draft: Draft, rng: random.Random) -> None:
    spot = pick(draft, rng, lambda sheet, name, _: sheet.name == "flows" and name in {"origin", "destination"})
    put(draft, spot, rng.choice(["bodega", "E99-X", "market "[::-1]]))


@of_cells(Outcome.REFUSED)
def wrong_unit(draft: Draft, rng: random.Random) -> None:
    spot = pick(draft, rng, lambda sheet, name, _: name == "unit" and sheet.name in {"flows", "fuel_bills", "prices"})
    put(draft, spot, rng.choice(["m2", "parihuela", "kW", "kg/m3", "€"]))


@of_cells(Outcome.REFUSED)
def unknown_waste_code(draft: Draft, rng: random.Random) -> None:
    spot = pick(draft, rng, lambda _, name, __: name == "waste_code")
    put(draft, spot, rng.choice(["99 99 99", "papel", "15-01-01-01", "00 01 01"]))


@of_cells(Outcome.ANYTHING)
def odd_number(draft: Draft, rng: random.Random) -> None:
    odd = [0.0, 1e-300, 1e15, 1e300, -0.0, 0.1, 123456.789]
    put(draft, pick(draft, rng, lambda _, __, info: is_number(info)), rng.choice(odd))


@of_cells(Outcome.ANYTHING)
def stranger_in_a_cell(draft: Draft, rng: random.Random) -> None:
    one, other = (pick(draft, rng, lambda *_: True) for _ in range(2))
    put(draft, one, draft.grids[other.sheet.name][other.row][other.column])


@of_cells(Outcome.ANYTHING)
def delete_row(draft: Draft, rng: random.Random) -> None:
    grid = draft.grid(rng.choice(SHEETS))
    del grid[rng.randrange(len(grid))]


@of_cells(Outcome.REFUSED)
def entity_declaration(draft: Draft, rng: random.Random) -> None:
    name = rng.choice([name for name in draft.parts if name.endswith((".xml", ".rels"))])
    draft.parts[name] = draft.parts[name].replace(b"?>", b'?><!DOCTYPE x [<!ENTITY a "b">]>', 1)


@of_cells(Outcome.REFUSED_OR_UNCHANGED)
def lost_part(draft: Draft, rng: random.Random) -> None:
    del draft.parts[rng.choice(list(draft.parts))]


@of_cells(Outcome.ANYTHING)
def noise_in_a_part(draft: Draft, rng: random.Random) -> None:
    name = rng.choice([name for name in draft.parts if name.startswith("xl/")])
    content = bytearray(draft.parts[name])
    for _ in range(rng.randint(1, 4)):
        content[rng.randrange(len(content))] = rng.choice(b'<>"/&AZ09.- \x00\xff')
    draft.parts[name] = bytes(content)


@of_cells(Outcome.UNCHANGED)
def swapped_columns(draft: Draft, rng: random.Random) -> None:
    sheet = any_list(rng)
    one, other = (rng.randrange(len(sheet.row.model_fields)) for _ in range(2))
    for row in draft.grid(sheet):
        row[one], row[other] = row[other], row[one]


@of_cells(Outcome.UNCHANGED)
def blanks_around_texts(draft: Draft, rng: random.Random) -> None:
    grid = draft.grid(rng.choice(SHEETS))
    for row in grid:
        row[:] = [f" {value}\u00a0 " if isinstance(value, str) else value for value in row]


@of_cells(Outcome.UNCHANGED)
def empty_rows_and_columns(draft: Draft, rng: random.Random) -> None:
    grid = draft.grid(any_list(rng))
    at = rng.randrange(len(grid[0]) + 1)
    for row in grid:
        row.insert(at, None)
    for _ in range(3):
        grid.insert(rng.randrange(1, len(grid) + 1), [None, " "])


@of_cells(Outcome.UNCHANGED)
def words_of_the_other_language(draft: Draft, rng: random.Random) -> None:
    sheet = rng.choice(SHEETS)
    words = {say(key, "es"): say(key, "en") for key in ("yes", "no")}
    for info in sheet.row.model_fields.values():
        kind = kind_of(info)
        if issubclass(kind, Choice):
            words |= {choice.label("es"): rng.choice([choice.value, choice.label("en").upper()]) for choice in kind}
    fields = list(sheet.row.model_fields)
    grid = draft.grid(sheet)
    for down, row in enumerate(grid):
        for at, value in enumerate(row[:2] if sheet.form else row):
            name = fields[down - 1] if sheet.form else fields[at]
            kind = kind_of(sheet.row.model_fields[name])
            is_value = down > 0 and (at == 1 or not sheet.form)
            if is_value and isinstance(value, str) and (kind is bool or issubclass(kind, Choice)):
                row[at] = words[value]
    down, across = (1, 0) if sheet.form else (0, 0)
    grid[down][across] = sheet.header(fields[0], "en").upper()


@of_bytes(Outcome.REFUSED)
def truncated(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(len(content) - 1)]


@of_bytes(Outcome.REFUSED_OR_UNCHANGED)
def flipped_bits(content: bytes, rng: random.Random) -> bytes:
    spoilt = bytearray(content)
    for _ in range(rng.randint(1, 3)):
        spoilt[rng.randrange(len(spoilt))] ^= 1 << rng.randrange(8)
    return bytes(spoilt)


@of_bytes(Outcome.REFUSED_OR_UNCHANGED)
def flipped_bits_in_the_directory(content: bytes, rng: random.Random) -> bytes:
    spoilt = bytearray(content)
    start = content.index(b"PK\x01\x02")
    spoilt[rng.randrange(start, len(spoilt))] ^= 1 << rng.randrange(8)
    return bytes(spoilt)


@of_bytes(Outcome.REFUSED_OR_UNCHANGED)
def garbage_at_an_end(content: bytes, rng: random.Random) -> bytes:
    garbage = rng.randbytes(rng.randint(1, 2_000))
    return rng.choice([garbage + content, content + garbage])


@of_bytes(Outcome.REFUSED_OR_UNCHANGED)
def lost_middle(content: bytes, rng: random.Random) -> bytes:
    start = rng.randrange(len(content))
    return content[:start] + content[start + rng.randint(1, 5_000) :]


@dataclass(frozen=True)
class Example:
    """The example's file, what it holds, and what is read from it."""

    folder: Path
    parts: Mapping[str, bytes]
    grids: Mapping[str, Grid]
    rows: Mapping[str, list[Mapping[str, object]]]


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Example:
    folder = tmp_path_factory.mktemp("park")
    path = write_example(folder, "es")
    raw = read_raw_workbook(path).sheets
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    grids = {sheet.name: [list(row) for row in raw[sheet.title("es")].cells] for sheet in SHEETS}
    park, findings = take_in(path)
    assert not has_errors(findings)
    return Example(folder, MappingProxyType(parts), MappingProxyType(grids), _plain(park.rows))


def _plain(rows: Mapping[str, Sequence[Row]]) -> dict[str, list[Mapping[str, object]]]:
    return {name: [row.__dict__ for row in kept] for name, kept in rows.items()}


def _parse_here(path: Path) -> object:
    return json.loads(json.dumps(xlsx_parsing.parse(str(path)), allow_nan=False))


def _spoilt(example: Example, rng: random.Random) -> tuple[str, Outcome, bytes]:
    """Name, expected outcome and content of a mutation."""
    draft = Draft(dict(example.parts), deepcopy(dict(example.grids)))
    chosen = rng.randrange(len(MUTATIONS) + len(SPOILERS))
    if chosen < len(MUTATIONS):
        outcome, mutation = MUTATIONS[chosen]
        mutation(draft, rng)
        return mutation.__name__, outcome, draft.content()
    outcome, spoiler = SPOILERS[chosen - len(MUTATIONS)]
    return spoiler.__name__, outcome, spoiler(draft.content(), rng)


def _taken_in(path: Path) -> tuple[dict[str, list[Mapping[str, object]]] | None, tuple[Finding, ...]]:
    try:
        park, findings = take_in(path)
    except Refused as refused:
        return None, refused.findings
    return _plain(park.rows), findings


@pytest.mark.parametrize("shard", range(SHARDS))
def test_never_a_traceback_never_silence(example: Example, monkeypatch: pytest.MonkeyPatch, shard: int) -> None:
    for seed in range(shard, COUNT, SHARDS):
        rng = random.Random(seed)  # noqa: S311
        name, outcome, content = _spoilt(example, rng)
        path = example.folder / f"{seed}.xlsx"
        path.write_bytes(content)
        with monkeypatch.context() as patch:
            if seed % CHILD_EVERY:
                patch.setattr(xlsx_reading, "parse_in_child", _parse_here)
            try:
                rows, findings = _taken_in(path)
            except BaseException as fault:
                fault.add_note(f"seed {seed}: {name}, {path}")
                raise
        story = f"seed {seed}: {name}: {[finding.code for finding in findings][:10]}, {path}"
        assert has_errors(findings) == (rows is None), story
        for finding in findings[:20]:
            assert all(finding.message(language) for language in LANGUAGES), story
            assert finding.place.file, story
        is_unchanged = rows == example.rows
        if outcome is Outcome.REFUSED:
            assert rows is None, story
        elif outcome is Outcome.UNCHANGED:
            assert is_unchanged, story
        elif outcome is Outcome.REFUSED_OR_UNCHANGED:
            assert rows is None or is_unchanged, story
        path.unlink()
