"""Tables in: the three CSV files of a matching, every fault a finding."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from ayni.base.csv_reading import read_csv_rows
from ayni.base.findings import Finding, error, refuse_errors
from ayni.base.sheets import Row, column


class OfferRow(Row):
    """What can be given."""

    offer: str = column("Offer", "Code of the offer.")
    amount: float = column("Amount", "Largest amount that can be given.", ge=0)


class WantRow(Row):
    """What can be taken."""

    want: str = column("Want", "Code of the want.")
    amount: float = column("Amount", "Largest amount that can be taken.", ge=0)


class EdgeRow(Row):
    """A possible exchange."""

    offer: str = column("Offer", "Code of an offer.")
    want: str = column("Want", "Code of a want.")
    value: float = column("Value", "Value per unit exchanged; a value of zero or less is never used.")


@dataclass(frozen=True)
class MatchTables:
    """The tables that ``match`` takes."""

    offers: pd.DataFrame
    wants: pd.DataFrame
    edges: pd.DataFrame


def read_match(offers_path: Path, wants_path: Path, edges_path: Path) -> tuple[MatchTables, tuple[Finding, ...]]:
    """The tables of the three files and their findings. Raises Refused where a finding blocks."""
    offers, findings = read_csv_rows(offers_path, OfferRow, ("offer",))
    wants, want_findings = read_csv_rows(wants_path, WantRow, ("want",))
    edges, edge_findings = read_csv_rows(edges_path, EdgeRow, ("offer", "want"))
    findings += want_findings + edge_findings
    if not findings:
        findings += _unknown_codes(edges, {row.offer for row in offers}, {row.want for row in wants})
    tables = MatchTables(_table(OfferRow, offers), _table(WantRow, wants), _table(EdgeRow, edges))
    return tables, refuse_errors(findings)


def _unknown_codes(edges: Iterable[EdgeRow], offers: set[str], wants: set[str]) -> list[Finding]:
    """Edges that name an offer or a want that no row declares."""
    return [
        error("EDGE-UNKNOWN-CODE", row.place_of(name), column=name, found=code)
        for row in edges
        for name, code, known in (("offer", row.offer, offers), ("want", row.want, wants))
        if code not in known
    ]


def _table(model: type[Row], rows: Iterable[Row]) -> pd.DataFrame:
    fields = list(model.model_fields)
    return pd.DataFrame([[getattr(row, field) for field in fields] for row in rows], columns=fields)
