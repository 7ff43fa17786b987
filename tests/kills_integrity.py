"""What must hold of records and runs whatever was killed: each check is a function that gives what is wrong."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator

from django.core.files.storage import default_storage
from django.db.models import Model
from django.db.models.fields.files import FieldFile

from ayni.base.texts import LANGUAGES
from ayni.portal.records.contents import content_hash, rebuilt
from ayni.portal.records.indicators import compute_all
from ayni.portal.records.models import Submission, SubmissionEvent, SubmissionState
from ayni.portal.runs.models import OPEN_STATES, Run, RunState

DECIDED = (SubmissionState.ACCEPTED, SubmissionState.SUPERSEDED)


def faults_of_records(acknowledged: Iterable[int], accepted_rows: int, deeply: int | None = None) -> list[str]:
    """No accepted row lost, doubled or half-loaded. ``acknowledged`` are submissions whose acceptance was seen.

    ``deeply``: so many of the last submissions are read to their rows; without it all.
    """
    submissions = list(Submission.objects.select_related("site__organisation", "site__park", "park").order_by("pk"))
    read = submissions if deeply is None else submissions[-deeply:]
    found = [fault for submission in read for fault in _faults_of_submission(submission, accepted_rows)]
    decided = {submission.pk for submission in submissions if submission.state in DECIDED}
    found += [f"{pk}: acceptance lost" for pk in set(acknowledged) - decided]
    by_subject: dict[object, list[int]] = {}
    for submission in submissions:
        by_subject.setdefault((submission.subject, submission.year), []).append(submission.version)
    found += [f"{key}: versions {own}" for key, own in by_subject.items() if sorted(own) != [*range(1, len(own) + 1)]]
    current = Counter(s.subject for s in submissions if s.state == SubmissionState.ACCEPTED)
    return found + [f"{subject}: accepted {count} times" for subject, count in current.items() if count > 1]


def _faults_of_submission(submission: Submission, accepted_rows: int) -> Iterator[str]:
    rows = list(submission.rows.all())
    if submission.content_hash and content_hash(rebuilt(rows, LANGUAGES[0])) != submission.content_hash:
        yield f"{submission.pk}: rows are not those of its hash"
    if not submission.content_hash and rows:
        yield f"{submission.pk}: rows without a hash"
    for evidence in submission.evidence.all():
        yield from _faults_of_file(evidence, evidence.file, evidence.size, evidence.sha256)
    events = Counter(submission.events.values_list("state", flat=True))
    accepted = events[SubmissionState.ACCEPTED]
    values = Counter(submission.indicators.values_list("code", "month", "value"))
    if submission.state not in DECIDED:
        if accepted or values or submission.flow_totals.exists():
            yield f"{submission.pk}: {submission.state}, and yet accepted in part"
        return
    if accepted != 1:
        yield f"{submission.pk}: accepted {accepted} times"
    if len(rows) != accepted_rows:
        yield f"{submission.pk}: {len(rows)} rows of {accepted_rows}"
    computed = compute_all(submission)
    if values != Counter((one.code, one.month, one.value) for one in computed.values):
        yield f"{submission.pk}: indicators are not those of its rows"
    if submission.flow_totals.count() != len(computed.flows):
        yield f"{submission.pk}: flows are not those of its rows"


def faults_of_runs(attempts_max: int) -> list[str]:
    """Every run finished or marked, once, with the outputs of one attempt."""
    return [fault for run in Run.objects.all() for fault in _faults_of_run(run, attempts_max)]


def _faults_of_run(run: Run, attempts_max: int) -> Iterator[str]:
    outputs = list(run.outputs.all())
    if run.state in OPEN_STATES:
        yield f"{run.pk}: still {run.state}"
    if run.attempt > attempts_max:
        yield f"{run.pk}: {run.attempt} attempts"
    if (run.state == RunState.FAILED) != (run.error is not None):
        yield f"{run.pk}: {run.state} with findings {run.error}"
    if len(outputs) != (1 if run.state == RunState.DONE else 0):
        yield f"{run.pk}: {run.state} with {len(outputs)} outputs"
    for output in outputs:
        yield from _faults_of_file(output, output.file, output.size, output.sha256)
        if output.attempt != run.attempt:
            yield f"{run.pk}: output of attempt {output.attempt}, ended by {run.attempt}"
    taken = [line.values["attempt"] for line in run.lines.filter(key="runs.line.taken")]
    if taken != [*range(1, run.attempt + 1)]:
        yield f"{run.pk}: taken up as {taken}"


def _faults_of_file(owner: Model, file: FieldFile, size: int, sha256: str) -> Iterator[str]:
    if not default_storage.exists(str(file.name)):
        yield f"{owner}: file {file.name} is gone"
        return
    with file.open("rb") as content:
        data = content.read()
    if (len(data), hashlib.sha256(data).hexdigest()) != (size, sha256):
        yield f"{owner}: file {file.name} is not what was kept"


def accepted_events() -> int:
    """How often something was accepted."""
    return SubmissionEvent.objects.filter(state=SubmissionState.ACCEPTED).count()
