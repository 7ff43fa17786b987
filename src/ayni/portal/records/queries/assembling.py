"""A park's year put together from what is accepted."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ayni.base.findings import Finding, warning
from ayni.base.sheets import Row, rows_of
from ayni.base.texts import Language
from ayni.ledger.schema import PARK, DataOrigin, Firm
from ayni.ledger.schema import Park as ParkRow
from ayni.parks.parts import Origins, Rows, compare_reports, merge_park, study_rows
from ayni.portal.places.models import Park, Site
from ayni.portal.records.checking import write_profiles
from ayni.portal.records.contents import rebuilt
from ayni.portal.records.models import Evidence, EvidenceKind, RecordRow, Submission
from ayni.portal.records.queries.submissions import accepted_submissions
from ayni.zones.schema import PROFILES, Profile


@dataclass(frozen=True, eq=False)
class Assembled:
    """A park's year from what is accepted.

    ``rows`` stand where the assembled workbook has them, ``origins`` lead from there to the firm (or '' for the park)
    and the row that it handed in. ``submissions`` by firm code, '' for the park's own; without that the rows are those
    of the national study. ``attachments`` are the profile files by the names that the rows give them. ``findings`` say
    where firms contradict each other.
    """

    park: Park
    year: int
    rows: Mapping[str, list[Row]]
    origins: Origins
    submissions: Mapping[str, Submission]
    missing_sites: Sequence[Site]
    attachments: Mapping[str, Evidence]
    findings: tuple[Finding, ...]

    @property
    def has_park_record(self) -> bool:
        """Whether the park's own record is there; if not, prices and dates are the national study's."""
        return "" in self.submissions

    @property
    def is_sample(self) -> bool:
        """Whether any of it was made up."""
        return self.park.is_sample or any(one.is_sample for one in self.submissions.values())

    def inputs(self) -> dict[str, str]:
        """The versions that it was made of, with their hashes, as a run names its inputs."""
        return {code or "park": f"{one.pk}:{one.content_hash}" for code, one in self.submissions.items()}

    def write_attachments(self, folder: Path) -> None:
        """Write the profile files into ``folder`` under the names that the rows give them."""
        write_profiles(self.attachments, folder)


def assemble(park: Park, year: int, language: Language) -> Assembled:
    """The park's year from its accepted records: four queries, however many sites there are.

    A record under a code that its site no longer has is left out: another firm may have that code now.
    """
    accepted = {one.site.code if one.site else "": one for one in accepted_submissions(park, year)}
    kept = _rows_by_submission(accepted.values(), language)
    firm_rows: dict[str, Rows] = {code: kept[one.pk] for code, one in sorted(accepted.items()) if code}
    moved = [code for code, rows in firm_rows.items() if {firm.firm for firm in rows_of(rows, Firm)} != {code}]
    for code in moved:
        del firm_rows[code], accepted[code]
    own = accepted.get("")
    study: Rows = kept[own.pk] if own else study_rows(year, park.latitude, park.longitude)
    attachments, firm_rows = _attachments(accepted, firm_rows)
    if park.is_sample or any(one.is_sample for one in accepted.values()):
        study = _as_sample(study)
    rows, origins = merge_park(study, firm_rows, language)
    sites = Site.objects.filter(park=park, is_operating=True).exclude(code__in=firm_rows).order_by("code")
    return Assembled(
        park,
        year,
        rows,
        origins,
        accepted,
        list(sites),
        attachments,
        (*compare_reports(firm_rows), *(warning("PART-CODE-OLD", site=code) for code in moved)),
    )


def _rows_by_submission(accepted: Iterable[Submission], language: Language) -> dict[int, dict[str, list[Row]]]:
    pks = [one.pk for one in accepted]
    grouped: dict[int, list[RecordRow]] = {pk: [] for pk in pks}
    for row in RecordRow.objects.filter(submission__in=pks):
        grouped[row.submission_id].append(row)
    return {pk: rebuilt(rows, language) for pk, rows in grouped.items()}


def _as_sample(study: Rows) -> Rows:
    parks = [row.model_copy(update={"origin": DataOrigin.MADE_UP}) for row in rows_of(study, ParkRow)]
    return {**study, PARK.name: parks}


def _attachments(
    accepted: Mapping[str, Submission], firm_rows: Mapping[str, Rows]
) -> tuple[dict[str, Evidence], dict[str, Rows]]:
    """The profile files by name; where two firms use one name, the later's is preceded by its code, in its rows too."""
    evidence = Evidence.objects.filter(submission__in=list(accepted.values()), kind=EvidenceKind.PROFILE)
    files = {(one.submission_id, one.name): one for one in evidence}
    attachments: dict[str, Evidence] = {}
    renamed = dict(firm_rows)
    for code, rows in firm_rows.items():
        profiles: list[Row] = []
        for profile in rows_of(rows, Profile):
            file = files.get((accepted[code].pk, profile.file))
            name = f"{code}_{profile.file}" if profile.file in attachments else profile.file
            if file is not None:
                attachments[name] = file
            profiles.append(profile if name == profile.file else profile.model_copy(update={"file": name}))
        if profiles:
            renamed[code] = {**rows, PROFILES.name: profiles}
    return attachments, renamed
