"""A record's life: handed in, submitted, returned or accepted, corrected, superseded, never changed."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ayni.ledger.account import account
from ayni.ledger.reading import read_ledger
from ayni.ledger.schema import DataOrigin
from ayni.parks.example import example_rows
from ayni.parks.parts import write_firm_template
from ayni.portal.people.actor import Grant
from ayni.portal.people.answers import Forbidden
from ayni.portal.people.models import Role
from ayni.portal.records import services
from ayni.portal.records.frozen import Frozen
from ayni.portal.records.models import (
    Channel,
    Evidence,
    FlowTotal,
    IndicatorValue,
    RecordRow,
    Submission,
    SubmissionEvent,
    SubmissionState,
)
from ayni.portal.records.queries import assemble, rows_of_submission
from portal_samples import PERSONAS, World
from records_samples import (
    PROFILE,
    YEAR,
    accept_example,
    example_parts,
    firm_actor,
    make_accepted,
    make_draft,
    make_submitted,
    own_rows,
    profile_content,
    values_of,
)

pytestmark = pytest.mark.django_db


def hand_in(world: World, **more: Any) -> Submission:
    rows = values_of(own_rows(world.site)) | more
    profile = [(io.BytesIO(profile_content()), PROFILE)]
    actor = world.actor("firm_manager")
    return services.hand_in_rows(actor, world.site, YEAR, rows, Channel.API, "es", profiles=profile)


def codes(submission: Submission, severity: str = "error") -> list[str]:
    return [finding["code"] for finding in submission.findings if finding["severity"] == severity]


def test_from_hand_in_to_acceptance_with_indicators_flows_and_events(world: World) -> None:
    draft = hand_in(world)
    assert (draft.state, draft.version, codes(draft)) == ("draft", 1, [])
    assert draft.completeness == 1.0
    submitted = services.submit(world.actor("firm_manager"), draft, accept_warnings=True)
    assert submitted.state == "submitted"
    accepted = services.accept(world.actor("officer"), submitted, "conforme")
    assert (accepted.state, accepted.decided_by) == ("accepted", world.people["officer"])
    values = {one.code: one for one in IndicatorValue.objects.filter(submission=accepted, month=0)}
    assert values["energy.electricity"].value == pytest.approx(959.6, rel=1e-3)
    assert values["energy.electricity"].status == "declared"
    assert values["cost.total"].status == "unverified"
    assert values["completeness"].value == 1.0
    months = IndicatorValue.objects.filter(submission=accepted, code="energy.electricity", month__gt=0)
    assert sum(one.value for one in months) == pytest.approx(values["energy.electricity"].value)
    assert values["emissions.scope2"].factors[0]["version"]
    assert FlowTotal.objects.filter(submission=accepted, kind="energy", name="electricity", giver="grid").exists()
    events = SubmissionEvent.objects.filter(submission=accepted)
    assert [event.state for event in events] == ["draft", "submitted", "accepted"]


def test_errors_leave_findings_and_no_rows_and_block(world: World) -> None:
    bills = values_of(own_rows(world.site))["electricity_bills"]
    draft = hand_in(world, electricity_bills=bills[:7])
    assert codes(draft) == ["BILL-MONTHS"]
    assert not draft.rows.exists()
    with pytest.raises(Forbidden) as refused:
        services.submit(world.actor("firm_manager"), draft)
    assert refused.value.reason is not None
    assert refused.value.reason.key == "records.refused.errors"


def test_warnings_are_accepted_by_a_person_and_counted(world: World) -> None:
    firm = {**values_of(own_rows(world.site))["firms"][0], "latitude": -3.0}
    draft = hand_in(world, firms=[firm])
    warnings = codes(draft, "warning")
    assert "FIRM-FAR" in warnings
    with pytest.raises(Forbidden) as refused:
        services.submit(world.actor("firm_manager"), draft)
    assert refused.value.reason is not None
    assert refused.value.reason.key == "records.refused.warnings"
    draft.refresh_from_db()
    assert draft.state == "draft"
    services.submit(world.actor("firm_manager"), draft, accept_warnings=True)
    event = SubmissionEvent.objects.get(submission=draft, state="submitted")
    assert (event.warnings_accepted, event.author) == (len(warnings), world.people["firm_manager"])


def test_returned_with_remarks_corrected_as_a_new_version_and_superseding(world: World) -> None:
    manager, officer = world.actor("firm_manager"), world.actor("officer")
    first = services.accept(officer, services.submit(manager, hand_in(world), accept_warnings=True))
    second = services.submit(manager, services.correct(manager, first), accept_warnings=True)
    assert second.version == 2
    assert [row.content for row in second.rows.all()] == [row.content for row in first.rows.all()]
    assert second.content_hash == first.content_hash
    with pytest.raises(Forbidden):
        services.return_for_correction(officer, second, "  ")
    services.return_for_correction(officer, second, "Falta el ticket de balanza de marzo")
    second.refresh_from_db()
    assert (second.state, second.remarks) == ("returned", "Falta el ticket de balanza de marzo")
    first.refresh_from_db()
    assert first.state == "accepted"
    third = services.submit(manager, services.correct(manager, second), accept_warnings=True)
    services.accept(officer, third)
    first.refresh_from_db()
    third.refresh_from_db()
    assert (first.state, third.state, third.version) == ("superseded", "accepted", 3)
    assert IndicatorValue.objects.filter(submission=first).exists()


def test_equal_rows_make_no_new_version(world: World) -> None:
    draft = hand_in(world)
    assert hand_in(world).pk == draft.pk
    manager = world.actor("firm_manager")
    accepted = services.accept(world.actor("officer"), services.submit(manager, draft, accept_warnings=True))
    again = services.hand_in_rows(manager, world.site, YEAR, values_of(own_rows(world.site)), Channel.API)
    assert again.pk == accepted.pk
    assert Submission.objects.filter(site=world.site).count() == 1


def test_nothing_is_handed_in_while_a_version_is_under_review(world: World) -> None:
    manager = world.actor("firm_manager")
    submitted = services.submit(manager, hand_in(world), accept_warnings=True)
    with pytest.raises(Forbidden) as refused:
        hand_in(world)
    assert refused.value.reason is not None
    assert refused.value.reason.key == "records.refused.in_review"
    services.withdraw(manager, submitted)
    assert hand_in(world).version == 2


@pytest.mark.parametrize("persona", PERSONAS)
def test_who_hands_in_and_who_reviews(world: World, persona: str) -> None:
    actor = world.actor(persona)
    draft = make_draft(world.site, own_rows(world.site), world.people["firm_member"])
    own = persona in ("firm_member", "firm_manager")
    for step in (
        lambda: services.hand_in_rows(actor, world.site, YEAR, {}, Channel.API),
        lambda: services.correct(actor, draft),
        lambda: services.save_form_row(actor, draft, "processes", {}, "es"),
        lambda: services.withdraw(actor, draft),
    ):
        if not own:
            with pytest.raises(Forbidden):
                step()
    submitted = make_submitted(world.neighbours[0], own_rows(world.neighbours[0]), world.people["firm_member"])
    if persona == "officer":
        assert services.accept(actor, submitted).state == "accepted"
    else:
        with pytest.raises(Forbidden):
            services.accept(actor, submitted)
        with pytest.raises(Forbidden):
            services.return_for_correction(actor, submitted, "x")
    park_rows = values_of(example_parts()[0])
    if persona in ("park_operator", "consultant"):
        handed = services.hand_in_rows(actor, world.park, YEAR, park_rows, Channel.API)
        assert codes(handed) == []
        assert services.submit(actor, handed, accept_warnings=True).state == "submitted"
    else:
        with pytest.raises(Forbidden):
            services.hand_in_rows(actor, world.park, YEAR, park_rows, Channel.API)


def test_nobody_reviews_their_own(world: World) -> None:
    officer = world.actor("officer")
    authored = make_submitted(world.site, own_rows(world.site), world.people["officer"])
    with pytest.raises(Forbidden) as refused:
        services.accept(officer, authored)
    assert refused.value.reason is not None
    assert refused.value.reason.key == "records.refused.own_review"
    of_own_firm = make_submitted(world.neighbours[0], own_rows(world.neighbours[0]), world.people["firm_member"])
    grant = Grant(Role.FIRM_MEMBER, world.neighbours[0].organisation_id)
    both = replace(officer, grants=(*officer.grants, grant))
    with pytest.raises(Forbidden):
        services.accept(both, of_own_firm)


def test_a_token_without_scope_writes_nothing(world: World) -> None:
    reading = replace(world.actor("firm_manager"), scopes=frozenset({"read"}))
    with pytest.raises(Forbidden):
        services.hand_in_rows(reading, world.site, YEAR, {}, Channel.API)
    submitted = make_submitted(world.site, own_rows(world.site), world.people["firm_member"])
    with pytest.raises(Forbidden):
        services.accept(replace(world.actor("officer"), scopes=frozenset({"read"})), submitted)


def test_what_was_submitted_never_changes(world: World) -> None:
    submitted = make_submitted(world.site, own_rows(world.site), world.people["firm_member"])
    row = submitted.rows.first()
    assert row is not None
    attempts: list[Callable[[], object]] = [
        row.save, row.delete, submitted.rows.all().delete, submitted.save, submitted.delete,
        lambda: submitted.rows.update(row=9), lambda: Submission.objects.filter(pk=submitted.pk).update(year=2024),
        lambda: Submission.objects.all().delete(), lambda: Submission.objects.update(content_hash=""),
        lambda: RecordRow.objects.create(submission=submitted, sheet="flows", row=9000, content={}),
        lambda: RecordRow.objects.bulk_create([RecordRow(submission=submitted, sheet="flows", row=9000, content={})]),
        lambda: RecordRow.objects.bulk_update([row], ["content"]),
        lambda: Submission.objects.bulk_update([submitted], ["year"]),
        lambda: Evidence.objects.filter(submission=submitted).delete(),
        SubmissionEvent.objects.filter(submission=submitted)[0].save,
        SubmissionEvent.objects.filter(submission=submitted)[0].delete,
    ]  # fmt: skip
    for attempt in attempts:
        with pytest.raises(Frozen):
            attempt()
    draft = make_draft(world.neighbours[0], own_rows(world.neighbours[0]), world.people["firm_member"])
    draft.rows.filter(sheet="flows").delete()
    draft.completeness = 0.5
    draft.save()
    assert Submission.objects.get(pk=draft.pk).completeness == 0.5


def test_the_accepted_example_put_together_gives_the_examples_account(world: World) -> None:
    example = accept_example(world)
    assembled = assemble(example.park, YEAR, "es")
    assert assembled.has_park_record
    assert (assembled.missing_sites, assembled.findings) == ([], ())
    assert list(assembled.attachments) == [PROFILE]
    ledger, findings = read_ledger(assembled.rows)
    whole, _ = read_ledger(example_rows("es"))
    assert ledger is not None, findings
    assert whole is not None
    assert account(ledger).totals == pytest.approx(account(whole).totals, rel=1e-9)
    sums: dict[str, float] = {}
    for value in IndicatorValue.objects.filter(month=0).exclude(code="completeness"):
        sums[value.code] = sums.get(value.code, 0.0) + value.value
    expected = {key: value for key, value in account(whole).totals.items() if key in sums}
    assert sums == pytest.approx(expected, rel=1e-9)
    assert len(sums) > 20


def test_only_accepted_rows_are_put_together_and_who_is_missing_is_said(world: World) -> None:
    author, officer = world.people["firm_member"], world.people["officer"]
    make_accepted(world.site, own_rows(world.site), author, officer)
    make_submitted(world.neighbours[0], own_rows(world.neighbours[0]), author)
    assembled = assemble(world.park, YEAR, "en")
    assert [site.code for site in assembled.missing_sites] == ["E02", "E03"]
    assert not assembled.has_park_record
    assert {row.firm for row in assembled.rows["firms"]} == {"E01"}  # type: ignore[attr-defined]
    ledger, findings = read_ledger(assembled.rows)
    assert ledger is not None, findings


def test_assembling_asks_no_more_for_twelve_sites_than_for_one(world: World, django_assert_num_queries: Any) -> None:
    author, officer = world.people["firm_member"], world.people["officer"]
    make_accepted(world.site, own_rows(world.site), author, officer)
    with django_assert_num_queries(4):
        assemble(world.park, YEAR, "es")
    for site in world.neighbours:
        make_accepted(site, own_rows(site), author, officer)
    with django_assert_num_queries(4):
        assemble(world.park, YEAR, "es")


def test_a_parks_record_gives_none_of_the_ledgers_totals_and_its_study_counts_for_its_firms(world: World) -> None:
    author, officer = world.people["park_operator"], world.people["officer"]
    rows = dict(example_parts()[0])
    rows["park"] = [row.model_copy(update={"origin": DataOrigin.RECORDS}) for row in rows["park"]]
    own = make_accepted(world.park, rows, author, officer)
    assert list(IndicatorValue.objects.filter(submission=own).values_list("code", flat=True)) == ["completeness"]
    assert not FlowTotal.objects.exists()
    accepted = make_accepted(world.site, own_rows(world.site), author, officer)
    gas = next(
        factor
        for factor in IndicatorValue.objects.get(submission=accepted, code="cost.natural_gas").factors
        if factor["id"] == "prices/natural_gas"
    )
    assert gas["value"] == 0.275


def test_the_flows_part_as_a_workbook_takes_the_rest_from_the_version_before(world: World, tmp_path: Path) -> None:
    from ayni.base.xlsx_writing import write_workbook
    from ayni.parks.parts import FIRM_SHEETS

    manager = world.actor("firm_manager")
    first = services.accept(world.actor("officer"), services.submit(manager, hand_in(world), accept_warnings=True))
    path = tmp_path / "part.xlsx"
    own = own_rows(world.site)
    write_workbook(path, [sheet for sheet in FIRM_SHEETS if sheet.name == "fuel_bills"], "es", own)
    with path.open("rb") as upload:
        draft = services.hand_in_workbook(manager, world.site, YEAR, upload, "../../Recibos.xlsx", "es")
    assert draft.pk == first.pk  # equal rows: nothing new
    path = tmp_path / "whole.xlsx"
    own["fuel_bills"] = own["fuel_bills"][:0]
    own["equipment"] = [row for row in own["equipment"] if row.carrier != "natural_gas"]  # type: ignore[attr-defined]
    write_firm_template(path, "es", own)
    with path.open("rb") as upload:
        draft = services.hand_in_workbook(manager, world.site, YEAR, upload, "..\\..\\Recibos.xlsx", "es")
    assert codes(draft) == []
    assert (draft.version, draft.evidence.get(kind="workbook").name) == (2, "Recibos.xlsx")
    assert "fuel_bills" not in rows_of_submission(draft)


def test_a_sample_site_gives_made_up_values(world: World) -> None:
    world.site.is_sample = True
    world.site.save()
    author, officer = world.people["firm_member"], world.people["officer"]
    accepted = make_accepted(world.site, own_rows(world.site), author, officer)
    assert accepted.is_sample
    values = IndicatorValue.objects.filter(submission=accepted).exclude(code="completeness")
    assert {one.status for one in values} == {"made_up"}


def test_a_firm_types_its_record_row_by_row(world: World) -> None:
    member = world.actor("firm_member")
    draft = services.start_form(member, world.site, YEAR)
    assert services.start_form(member, world.site, YEAR).pk == draft.pk
    values = values_of(own_rows(world.site))
    for sheet, records in values.items():
        if sheet in ("firms", "contracts", "electricity_bills", "processes"):
            for record in records:
                row, found = services.save_form_row(member, draft, sheet, record, "es")
                assert row is not None, found
    draft.refresh_from_db()
    assert codes(draft) == []
    again, found = services.save_form_row(member, draft, "firms", values["firms"][0], "es")
    assert (again, [finding.code for finding in found]) == (None, ["ROW-TWICE"])
    faulty = {**values["electricity_bills"][0], "energy_peak": "-3"}
    kept, found = services.save_form_row(member, draft, "electricity_bills", faulty, "es", row=2)
    assert (kept, [finding.code for finding in found]) == (None, ["CELL-RANGE"])
    services.delete_form_row(member, draft, "electricity_bills", 3, "es")
    draft.refresh_from_db()
    assert codes(draft) == ["BILL-MONTHS"]
    assert draft.rows.filter(sheet="electricity_bills").count() == 11
    row, _ = services.save_form_row(member, draft, "electricity_bills", values["electricity_bills"][1], "es")
    assert row is not None
    draft.refresh_from_db()
    assert services.submit(member, draft, accept_warnings=True).state == SubmissionState.SUBMITTED
    assert firm_actor(world.site, world.people["firm_member"]).user == world.people["firm_member"]


def test_a_faulty_file_takes_no_rows_from_a_draft(world: World) -> None:
    good = hand_in(world)
    count = good.rows.count()
    bad = services.hand_in_workbook(world.actor("firm_manager"), world.site, YEAR, io.BytesIO(b"no book"), "x", "es")
    good.refresh_from_db()
    assert (good.state, good.rows.count(), bad.version, codes(bad)) == ("withdrawn", count, 2, ["FILE-NO-WORKBOOK"])
    manager = world.actor("firm_manager")
    services.withdraw(manager, bad)
    assert services.correct(manager, good).rows.count() == count


def test_a_record_under_a_code_that_its_site_no_longer_has_is_not_counted(world: World) -> None:
    author, officer = world.people["firm_member"], world.people["officer"]
    for site in (world.site, world.neighbours[0]):
        make_accepted(site, own_rows(site), author, officer)
    world.site.code = "E77"
    world.site.save()
    assembled = assemble(world.park, YEAR, "es")
    assert [site.code for site in assembled.missing_sites] == ["E03", "E77"]
    assert list(assembled.submissions) == ["E02"]
    assert [finding.code for finding in assembled.findings] == ["PART-CODE-OLD"]
