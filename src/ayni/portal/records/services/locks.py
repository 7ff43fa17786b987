"""Rows held until the transaction ends, so that two people cannot change one thing at once."""

from __future__ import annotations

from ayni.portal.places.models import Park, Site
from ayni.portal.records.models import Submission
from ayni.portal.records.permissions import Subject


def locked(submission: Submission) -> Submission:
    """The submission as it is now, held until the transaction ends."""
    Submission.objects.select_for_update().get(pk=submission.pk)
    return Submission.objects.select_related("site__organisation", "site__park", "park").get(pk=submission.pk)


def lock_subject(subject: Subject) -> None:
    """Hold a site's or a park's versions until the transaction ends. SQLite holds the whole database anyway."""
    model = Site if isinstance(subject, Site) else Park
    model.objects.select_for_update(no_key=True).get(pk=subject.pk)
