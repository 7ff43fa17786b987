"""The ledger's figures: every total opens to the rows and factors that it rests on, and sums add up again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from ayni.base.figures import FigureBook, Stage
from ayni.base.texts import Word
from ayni.ledger.account import Account, difference, unit_of
from ayni.ledger.figures.electricity import add_electricity
from ayni.ledger.figures.flows import add_costs, add_flows, word
from ayni.ledger.figures.fuels import add_fuels
from ayni.ledger.figures.rows import source_rows
from ayni.ledger.figures.writer import When, Writer
from ayni.ledger.ledger import Ledger
from ayni.ledger.prices import FUEL_ITEMS
from ayni.ledger.schema import Carrier, Management

__all__ = ["add_figures", "add_savings", "subject"]

STATES: tuple[When, When] = ("before", "after")
NO_BANDS: Mapping[str, tuple[float, float]] = MappingProxyType({})


def add_figures(
    book: FigureBook,
    ledger: Ledger,
    account: Account,
    when: When,
    *,
    recorded: Ledger | None = None,
    made_by: Sequence[str] = (),
) -> None:
    """Every total of ``account`` as ``<key>.<when>``, with the figures that it rests on.

    For ``after``, ``recorded`` is the ledger before, whose figures are in the book, and ``made_by`` names the figures
    of the exchange and the design that the changed rows came from.
    """
    before = source_rows(recorded) if recorded else {}
    writer = Writer(book, ledger, account, when, source_rows(ledger), before, tuple(made_by))
    add_electricity(writer)
    add_fuels(writer)
    _add_sums(writer)
    add_flows(writer)
    add_costs(writer)


def _add_sums(writer: Writer) -> None:
    """Energy of all carriers; emissions by scope and of both scopes."""
    park = Word("figure.of.total")
    energy = [f"energy.{carrier.value}.{writer.when}" for carrier in Carrier]
    writer.total("energy.total", "MWh", "figure.energy", park, energy)
    fuels = [f"emissions.{carrier.value}.{writer.when}" for carrier in FUEL_ITEMS]
    scopes = [
        writer.total("emissions.scope1", "t CO2e", "figure.emissions", word("scope1"), fuels),
        writer.total(
            "emissions.scope2", "t CO2e", "figure.emissions", word("scope2"), [f"emissions.electricity.{writer.when}"]
        ),
    ]
    writer.total("emissions.total", "t CO2e", "figure.emissions", park, scopes)


def add_savings(
    book: FigureBook,
    before: Account,
    after: Account,
    *,
    stage: Stage = Stage.POTENTIAL,
    bands: Mapping[str, tuple[float, float]] = NO_BANDS,
) -> None:
    """``saving.<key>``, before − after, for every total of the two accounts, whose figures are in the book.

    ``bands`` gives low and high by key, where they are known.
    """
    for key in difference(before, after):
        ids = [f"{key}.{when}" for when in STATES]
        first, second = (book[one].value if one in book else 0.0 for one in ids)
        label = f"figure.saving.{key.partition('.')[0]}"
        low, high = bands.get(key, (None, None))
        book.add(
            f"saving.{key}", first - second, f"{unit_of(key)}/year", label, "before − after",
            [one for one in ids if one in book], stage=stage, low=low, high=high, what=subject(key),
        )  # fmt: skip


def subject(key: str) -> object:
    """What a total of the account is about, in words: a carrier, a management, an item, the whole park."""
    name = key.partition(".")[2]
    if name in list(Carrier):
        return Carrier(name)
    return Management(name) if name in list(Management) else word(name)
