"""The rule on one total: at least three firms, none with more than 85 %."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from ayni.portal.dashboards.confidentiality.schema import Reason, Record

FIRMS_MIN = 3
SHARE_MAX = 0.85
ROUNDING = 1e-9
"""Relative size below which a difference of amounts is the noise of floating point."""


def by_firm(records: Iterable[Record], measure: tuple[str, int]) -> dict[int, float]:
    """Amounts of a measure of a month (0 is the year) by firm; what is nothing is left out."""
    firms: dict[int, float] = defaultdict(float)
    for record in records:
        amount = record.amounts.get(measure, 0.0)
        if amount > 0:
            firms[record.firm] += amount
    return dict(firms)


def objection(firms: Mapping[int, float]) -> Reason | None:
    """Why a total of these firms' amounts (all above zero) must be hidden; None where nothing stands against it."""
    if len(firms) < FIRMS_MIN:
        return Reason.FEW
    if max(firms.values()) > SHARE_MAX * sum(firms.values()):
        return Reason.DOMINANT
    return None


def remainder_objection(whole: Mapping[int, float], parts: Iterable[Mapping[int, float]]) -> Reason | None:
    """The same for what is left of a total when others are taken away, both by firm.

    No objection where nothing is left, nor where something was taken away that was not in it: that is no total.
    """
    left = dict(whole)
    for part in parts:
        for firm, amount in part.items():
            left[firm] = left.get(firm, 0.0) - amount
    noise = ROUNDING * max((abs(amount) for amount in whole.values()), default=0.0)
    left = {firm: amount for firm, amount in left.items() if abs(amount) > noise}
    if not left or any(amount < 0 for amount in left.values()):
        return None
    return objection(left)
