"""Who gets into the addresses and operations of records."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from access import FIRM, PARK, RECORD_READERS, SIGNED_IN, Entry
from ayni.portal.records.models import Submission
from portal_samples import World
from records_samples import PROFILE, YEAR, make_accepted, make_draft, make_submitted, own_rows

Made = Callable[[World], Submission]
HANDING_IN = FIRM | PARK | {"other_firm_manager", "other_park_operator", "other_consultant"}


def draft(world: World) -> Submission:
    """A draft of the own site, in few rows."""
    rows = {name: kept for name, kept in own_rows(world.site).items() if name in ("firms", "processes", "profiles")}
    return make_draft(world.site, rows, world.people["firm_member"])


def submitted(world: World) -> Submission:
    """What the own firm submitted."""
    return make_submitted(world.site, own_rows(world.site), world.people["firm_member"])


def accepted(world: World) -> Submission:
    """What was accepted of the own firm."""
    rows = own_rows(world.site)
    return make_accepted(world.site, rows, world.people["firm_member"], world.people["officer"])


def pk(make: Made, **more: Any) -> Callable[[World], Mapping[str, Any]]:
    """The address of a submission that is made."""
    return lambda world: {"pk": make(world).pk, **more}


def file_of(make: Made) -> Callable[[World], Mapping[str, Any]]:
    """The address of a file behind a submission that is made."""
    return lambda world: {"pk": make(world).evidence.get(name=PROFILE).pk}


def bill(_: World) -> Mapping[str, Any]:
    """A file to be attached."""
    return {"kind": "bill", "file": SimpleUploadedFile("recibo.pdf", b"%PDF-1.7 bill")}


def new_record(world: World) -> Mapping[str, Any]:
    """A choice of one's own: who has nothing of their own is refused before it is read."""
    return {"subject": f"site-{world.site.pk}", "year": YEAR, "way": "form"}


def by_id(make: Made) -> Callable[[World], Mapping[str, Any]]:
    """The path of an operation on a submission that is made."""
    return lambda world: {"submission_id": make(world).pk}


def complete_draft(world: World) -> Submission:
    """A draft of the own site that can be submitted."""
    return make_draft(world.site, own_rows(world.site), world.people["firm_member"])


def own_year(world: World) -> dict[str, Any]:
    """The own site's record of the year."""
    return {"subject": f"site-{world.site.pk}", "year": YEAR}


def a_file() -> SimpleUploadedFile:
    """A file that is no workbook."""
    return SimpleUploadedFile("libro.xlsx", b"no workbook")


RECORD_READERS_BY_TOKEN = RECORD_READERS - {"elevated_administrator"}

PAGES = [
    Entry("records:home", SIGNED_IN),
    Entry("records:list", SIGNED_IN),
    Entry("records:list_csv", SIGNED_IN),
    Entry("records:template", SIGNED_IN),
    Entry("records:template", FIRM, query=lambda world: {"subject": f"site-{world.site.pk}"}),
    Entry("records:template", PARK, query=lambda world: {"subject": f"park-{world.park.pk}"}),
    Entry("records:new", HANDING_IN),
    Entry("records:new", HANDING_IN, "POST", data=new_record),
    Entry("records:upload", HANDING_IN),
    Entry("records:upload", HANDING_IN, "POST", data=new_record),
    Entry("records:submission", RECORD_READERS, kwargs=pk(submitted)),
    Entry("records:submission", FIRM | {"elevated_administrator"}, kwargs=pk(draft)),
    Entry("records:export", RECORD_READERS, kwargs=pk(submitted)),
    Entry("records:evidence", RECORD_READERS, kwargs=file_of(submitted)),
    Entry("records:evidence", FIRM | {"elevated_administrator"}, kwargs=file_of(draft)),
    Entry("records:evidence_remove", FIRM, "POST", kwargs=file_of(draft)),
    Entry("records:submit", FIRM, "POST", kwargs=pk(draft)),
    Entry("records:withdraw", FIRM, "POST", kwargs=pk(submitted)),
    Entry("records:correct", FIRM, "POST", kwargs=pk(accepted)),
    Entry("records:recheck", FIRM, "POST", kwargs=pk(draft)),
    Entry("records:accept", frozenset({"officer"}), "POST", kwargs=pk(submitted)),
    Entry("records:return", frozenset({"officer"}), "POST", kwargs=pk(submitted), data=lambda _: {"remarks": "x"}),
    Entry("records:attach", FIRM, "POST", kwargs=pk(draft), data=bill),
    Entry("records:row_new", FIRM, kwargs=pk(draft, sheet="flows")),
    Entry("records:row_new", FIRM, "POST", kwargs=pk(draft, sheet="flows")),
    Entry("records:row", FIRM, kwargs=pk(draft, sheet="firms", number=2)),
    Entry("records:row", FIRM, "POST", kwargs=pk(draft, sheet="firms", number=2)),
    Entry("records:row_delete", FIRM, "POST", kwargs=pk(draft, sheet="firms", number=2)),
]

OPERATIONS = [
    Entry("api:records_submissions", SIGNED_IN),
    Entry("api:records_submission", RECORD_READERS_BY_TOKEN, kwargs=by_id(submitted)),
    Entry("api:records_rows", RECORD_READERS_BY_TOKEN, kwargs=by_id(submitted)),
    Entry("api:records_hand_in", FIRM, "POST", data=lambda world: {**own_year(world), "rows": {}}),
    Entry("api:records_upload", FIRM, "POST", data=lambda world: {**own_year(world), "file": a_file()}),
    Entry("api:records_submit", FIRM, "POST", kwargs=by_id(complete_draft), data=lambda _: {"accept_warnings": True}),
    Entry("api:records_withdraw", FIRM, "POST", kwargs=by_id(submitted)),
    Entry("api:records_accept", frozenset({"officer"}), "POST", kwargs=by_id(submitted)),
    Entry(
        "api:records_return", frozenset({"officer"}), "POST", kwargs=by_id(submitted), data=lambda _: {"remarks": "x"}
    ),
]
"""Elevated access is for pages: no token carries it."""

ENTRIES = [*PAGES, *OPERATIONS]
