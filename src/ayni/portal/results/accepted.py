"""What of a park's year is accepted: how many tenants, whether the park's own part, and the inputs of a run on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ayni.portal.places.models import Park, Site
from ayni.portal.records.models import Submission
from ayni.portal.records.queries import accepted_submissions

KIND = "park_results"
"""The kind of run that makes results."""

FIRMS_MIN = 3
"""Fewer firms have no results of their own: every total would be somebody's."""


@dataclass(frozen=True)
class Standing:
    """How far the records of a park's year are. ``tenants`` are the sites that operate in the park."""

    park: Park
    year: int
    tenants: int
    submissions: Mapping[str, Submission]

    @property
    def firms(self) -> int:
        """Tenants with an accepted record."""
        return len(self.submissions) - self.has_park_part

    @property
    def has_park_part(self) -> bool:
        """Whether the park's own record is accepted."""
        return "" in self.submissions

    @property
    def missing(self) -> int:
        """Tenants without an accepted record."""
        return max(self.tenants - self.firms, 0)

    @property
    def is_sample(self) -> bool:
        """Whether any of it was made up."""
        return self.park.is_sample or any(one.is_sample for one in self.submissions.values())


def standing_of(park: Park, year: int) -> Standing:
    """The records of a park's year: two queries."""
    found = {one.site.code if one.site else "": one for one in accepted_submissions(park, year)}
    codes = set(Site.objects.filter(park=park, is_operating=True).values_list("code", flat=True))
    return Standing(park, year, len(codes | (found.keys() - {""})), found)


def inputs_of(submissions: Mapping[str, Submission]) -> dict[str, Any]:
    """The inputs of a run on accepted records: every version with its hash, the park's own first."""
    return {
        "submissions": [
            {"id": one.pk, "site": one.site_id, "code": code, "version": one.version, "hash": one.content_hash}
            for code, one in sorted(submissions.items())
        ]
    }
