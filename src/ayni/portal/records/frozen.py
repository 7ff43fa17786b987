"""What was submitted never changes: the guard that models carry, whoever writes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NoReturn

from django.db import models

if TYPE_CHECKING:
    from ayni.portal.records.models import Submission

DRAFT = "draft"
DECISION_FIELDS = frozenset({"state", "decided_at", "decided_by", "remarks"})
"""What a decision writes; nothing else of a submission changes once it left its author's hands."""


class Frozen(Exception):
    """A change was asked for of what is kept as it is: a fault of the program."""


def refuse_frozen(model: type[Submission], submissions: Iterable[int | None]) -> None:
    """Go on where all the submissions are drafts. Raises Frozen."""
    if model._default_manager.filter(pk__in=list(submissions)).exclude(state=DRAFT).exists():
        raise Frozen("only drafts change")


class SubmissionQuerySet(models.QuerySet["Submission"]):
    """Submissions: those that are no drafts take nothing but a decision."""

    def update(self, **values: Any) -> int:
        """Update. Raises Frozen for more than a decision on what is no draft."""
        if set(values) - DECISION_FIELDS and self.exclude(state=DRAFT).exists():
            raise Frozen("a submitted record takes only a decision")
        return super().update(**values)

    def delete(self) -> NoReturn:
        """Nothing is deleted. Raises Frozen."""
        raise Frozen("records are withdrawn or superseded, never deleted")

    def bulk_update(self, *_: Any, **__: Any) -> NoReturn:
        """Not offered. Raises Frozen."""
        raise Frozen("submissions change one by one")


class OfDraft(models.QuerySet[Any]):
    """Rows and files: they change only while their submission is a draft."""

    def _refuse(self, submissions: Iterable[int | None]) -> None:
        refuse_frozen(self.model._meta.get_field("submission").related_model, submissions)

    def update(self, **values: Any) -> int:
        """Update rows of drafts. Raises Frozen."""
        self._refuse(set(self.values_list("submission", flat=True)))
        return super().update(**values)

    def delete(self) -> tuple[int, dict[str, int]]:
        """Delete rows of drafts. Raises Frozen."""
        self._refuse(set(self.values_list("submission", flat=True)))
        return super().delete()

    def bulk_create(self, objs: Iterable[Any], *args: Any, **kwargs: Any) -> list[Any]:
        """Add rows to drafts. Raises Frozen."""
        kept = list(objs)
        self._refuse({one.submission_id for one in kept})
        return super().bulk_create(kept, *args, **kwargs)

    def bulk_update(self, *_: Any, **__: Any) -> NoReturn:
        """Not offered. Raises Frozen."""
        raise Frozen("rows change one by one")


class AppendOnly:
    """Mixed into models whose rows are written once."""

    pk: Any
    _state: Any

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Write it, once. Raises Frozen."""
        if not self._state.adding:
            raise Frozen("written once")
        super().save(*args, **kwargs)  # type: ignore[misc]

    def delete(self, *_: Any, **__: Any) -> NoReturn:
        """Never. Raises Frozen."""
        raise Frozen("written once")
