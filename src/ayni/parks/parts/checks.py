"""Everything that the rooms check of a whole park, asked of one firm's part in the context of its park."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from pathlib import Path

from ayni.assessment.answers import answer_table
from ayni.assessment.framework import load_framework
from ayni.assessment.inputs import input_table, typed_inputs
from ayni.assessment.schema import Answer, Input
from ayni.base.findings import Finding, Place, error, has_errors, note
from ayni.base.sheets import Row, rows_of
from ayni.exchange.checks import check_exchange
from ayni.exchange.schema import Offer, Want
from ayni.ledger.checks import check_ledger
from ayni.ledger.ledger import ZONE, Ledger
from ayni.ledger.reading import read_ledger
from ayni.ledger.row_checks import check_rows
from ayni.ledger.schema import (
    CONTRACTS,
    FIRMS,
    OUTSIDE,
    PARK,
    PRICES,
    PROCESSES,
    BalanceOf,
    Contract,
    Firm,
    Flow,
    Park,
    Process,
    TariffOption,
)
from ayni.parks.parts.sheets import FIRM_SHEETS, PARK_SHEETS, Rows, node_owners, owner_of
from ayni.parks.references import check_references
from ayni.parks.run import FRAMEWORK
from ayni.zones.build import check_zone

CONTEXT = "ayni context"
"""Place of the rows that a part is checked with and that are not its own: what is said of them is not the firm's."""

PRICE_CODES = frozenset({"LEDGER-FUEL-PRICE-MISSING", "LEDGER-PRICE-MISSING"})
"""What a firm cannot mend: a price that its park's study lacks."""


@dataclass(frozen=True)
class FirmContext:
    """What one firm's part is read in: its code and RUC, the park's rows, the neighbours' nodes, the profile files.

    ``park_rows`` holds the sheets park and prices, of the park's accepted study or the national one. ``neighbours`` are
    nodes with the codes of their firms; a neighbour's code alone stands for itself.
    """

    firm: str
    park_rows: Rows
    folder: Path
    ruc: str | None = None
    neighbours: Mapping[str, str] = field(default_factory=dict)


def check_firm(rows: Rows, context: FirmContext, faulty: AbstractSet[str] = frozenset()) -> tuple[Finding, ...]:
    """Everything that is wrong with a firm's part. ``faulty`` names the sheets that hold errors.

    What only the park can mend is no error here: a missing price is a note, and the firm's cost is not computed.
    """
    whole = {PARK.name, *(sheet.name for sheet in FIRM_SHEETS)} - faulty
    findings = [*_check_code(rows, context), *_check_park_year(context)]
    park = {PARK.name: _in_context(context.park_rows.get(PARK.name, ()))}
    findings += _own(check_references({**rows, **park}, whole))
    if faulty or has_errors(findings):
        return tuple(findings)
    together = firm_and_context(rows, context)
    ledger, found = read_ledger(together)
    findings += _own(found)
    if ledger is not None and not has_errors(findings):
        findings += _own(_check_ledger(ledger, rows, together, context.folder))
    return tuple(findings)


def check_park(rows: Rows, year: int | None = None) -> tuple[Finding, ...]:
    """Everything that is wrong with what a park says of itself: study (of ``year``), prices, answers and inputs."""
    if not rows.get(PARK.name):
        return (error("LEDGER-PARK"),)
    park = rows_of(rows, Park)[0]
    findings = list(check_rows(rows, park))
    if year is not None and park.year != year:
        findings.append(error("PART-YEAR-OTHER", park.place_of("year"), year=str(park.year), own=str(year)))
    if has_errors(findings):
        return tuple(findings)
    framework = load_framework(FRAMEWORK)
    answers = [answer for answer in rows_of(rows, Answer) if answer.framework == framework.code]
    findings += answer_table(framework, answers)[1]
    findings += input_table(framework, typed_inputs(rows_of(rows, Input)))[1]
    return tuple(findings)


def firm_and_context(rows: Rows, context: FirmContext) -> dict[str, list[Row]]:
    """The firm's rows with what the rooms need beside them: the park's study, its neighbours, the zone's contract."""
    together: dict[str, list[Row]] = {name: list(kept) for name, kept in rows.items()}
    for name in (PARK.name, PRICES.name):
        together[name] = _in_context(context.park_rows.get(name, ()))
    own = rows_of(rows, Firm)
    nodes = _neighbour_nodes(rows, context)
    if own:
        firms = [own[0].model_copy(update={"firm": code, "name": code}) for code in sorted(set(nodes.values()))]
        together[FIRMS.name] = [*together[FIRMS.name], *_in_context(firms)]
    processes = [
        Process(process=node, firm=code, name=node, balance=BalanceOf.NONE)
        for node, code in nodes.items()
        if node != code
    ]
    together.setdefault(PROCESSES.name, []).extend(_in_context(processes))
    zone = Contract(firm=ZONE, option=TariffOption.MT3)
    together.setdefault(CONTRACTS.name, []).extend(_in_context([zone]))
    return together


def park_rows_of(rows: Rows) -> dict[str, list[Row]]:
    """Of a park's part, what its firms are checked with."""
    return {name: list(rows.get(name, ())) for name in (PARK.name, PRICES.name)}


def _check_ledger(ledger: Ledger, rows: Rows, together: Rows, folder: Path) -> Iterator[Finding]:
    """What the ledger, the exchange and the zone show; without a price there is no exchange to be checked."""
    found = check_ledger(ledger)
    yield from map(_softened, found)
    if has_errors(map(_softened, found)):
        return
    if not any(finding.code in PRICE_CODES for finding in found):
        yield from check_exchange(ledger, rows_of(rows, Offer), rows_of(rows, Want))
    yield from check_zone(ledger, together, folder)


def _softened(finding: Finding) -> Finding:
    if finding.code in PRICE_CODES:
        return note("PART-PRICE-MISSING", finding.place, **finding.values)
    return finding


def _own(findings: Iterable[Finding]) -> Iterator[Finding]:
    """What is said of the part itself."""
    foreign = {CONTEXT, *(sheet.name for sheet in PARK_SHEETS)}
    return (finding for finding in findings if finding.place.sheet not in foreign)


def _in_context(rows: Sequence[Row]) -> list[Row]:
    """Copies of rows, placed as what is not the part's own."""
    copies = [row.model_copy() for row in rows]
    for copy in copies:
        copy._read_from, copy._cells = Place(sheet=CONTEXT), {}
    return copies


def _check_code(rows: Rows, context: FirmContext) -> Iterator[Finding]:
    """The part is of one firm, of the code and the RUC under which the firm is known."""
    for row in rows_of(rows, Firm):
        if row.firm != context.firm:
            yield error("PART-FIRM-OTHER", row.place_of("firm"), firm=row.firm, own=context.firm)
        elif context.ruc and row.ruc != context.ruc:
            yield error("PART-RUC-OTHER", row.place_of("ruc"), ruc=row.ruc, own=context.ruc)


def _check_park_year(context: FirmContext) -> Iterator[Finding]:
    if not context.park_rows.get(PARK.name):
        yield error("LEDGER-PARK")


def _neighbour_nodes(rows: Rows, context: FirmContext) -> dict[str, str]:
    """The nodes of other firms that the flows name, and the firms that they belong to."""
    own = node_owners(rows)
    nodes: dict[str, str] = {}
    for flow in rows_of(rows, Flow):
        for node in (flow.origin, flow.destination):
            if node in own or node in OUTSIDE:
                continue
            owner = owner_of(node, context.neighbours)
            if owner in context.neighbours and owner != context.firm:
                nodes |= {owner: owner, node: owner}
    return nodes
