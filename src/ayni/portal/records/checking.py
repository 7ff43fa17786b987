"""A submission's rows checked in the context of its park, and what they come to."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from pathlib import Path

from ayni.base.findings import Finding
from ayni.base.sheets import rows_of
from ayni.base.texts import Language
from ayni.ledger.schema import PARK, DataOrigin, Process
from ayni.ledger.schema import Park as ParkRow
from ayni.parks.parts import FirmContext, Rows, check_firm, check_park, study_rows
from ayni.portal.places.models import Park, Site
from ayni.portal.records.contents import rebuilt
from ayni.portal.records.models import Evidence, EvidenceKind, RecordRow, SubmissionState

PROFILE_LIMIT = 25_000_000


def park_study(site: Site, year: int, language: Language = "es") -> tuple[Rows, int | None]:
    """The accepted study of the site's park for the year and the id of its submission; else the national study, None.

    Rows of a sample are marked as made up, whatever the study says of itself.
    """
    kept = list(
        RecordRow.objects.filter(
            submission__park=site.park_id, submission__year=year, submission__state=SubmissionState.ACCEPTED,
            sheet__in=("park", "prices"),
        )
    ) if site.park_id else []  # fmt: skip
    if kept:
        return rebuilt(kept, language), kept[0].submission_id
    rows = study_rows(year, site.latitude, site.longitude)
    if site.is_sample:
        rows[PARK.name] = [
            row.model_copy(update={"origin": DataOrigin.MADE_UP}) for row in rows_of(rows, ParkRow)
        ]  # fmt: skip
    return rows, None


def neighbours_of(site: Site, year: int) -> dict[str, str]:
    """The nodes of the other sites of the park: their codes, and the processes that their accepted records name."""
    if site.park_id is None:
        return {}
    codes = Site.objects.filter(park=site.park_id).exclude(pk=site.pk).values_list("code", flat=True)
    nodes = {code: code for code in codes}
    processes = RecordRow.objects.filter(
        submission__site__park=site.park_id, submission__year=year, submission__state=SubmissionState.ACCEPTED,
        sheet="processes",
    ).exclude(submission__site=site)  # fmt: skip
    for process in rows_of(rebuilt(processes, "es"), Process):
        nodes.setdefault(process.process, process.firm)
    return nodes


def context_of(site: Site, year: int, folder: Path) -> FirmContext:
    """What a site's rows of a year are checked in."""
    study, _ = park_study(site, year)
    return FirmContext(site.code, study, folder, site.organisation.ruc, neighbours_of(site, year))


def check_rows(
    subject: Site | Park, year: int, rows: Rows, folder: Path, faulty: AbstractSet[str] = frozenset()
) -> tuple[Finding, ...]:
    """Everything that is wrong with the rows of a site or of a park, its profile files lying in ``folder``.

    ``faulty`` names sheets that hold errors.
    """
    if isinstance(subject, Park):
        return () if faulty else check_park(rows, year)
    return check_firm(rows, context_of(subject, year, folder), faulty)


@contextmanager
def profile_folder(profiles: Iterable[Evidence]) -> Iterator[Path]:
    """A folder in which the profile files lie under the names that the rows give them, for as long as it is needed."""
    with tempfile.TemporaryDirectory(prefix="ayni-profiles-") as name:
        folder = Path(name)
        write_profiles({one.name: one for one in profiles}, folder)
        yield folder


def write_profiles(profiles: Mapping[str, Evidence], folder: Path) -> None:
    """Write profile files into ``folder`` under their names."""
    for name, evidence in profiles.items():
        if evidence.kind == EvidenceKind.PROFILE and name == Path(name).name and evidence.size <= PROFILE_LIMIT:
            with evidence.file.open("rb") as stream:
                (folder / name).write_bytes(stream.read())
