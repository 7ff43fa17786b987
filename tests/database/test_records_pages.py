"""The pages of records: what they show, that they do not ask more for more rows, what hostile files come to."""

from __future__ import annotations

import gzip
import io
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ayni.parks.example import write_example
from ayni.parks.parts import write_firm_template
from ayni.portal.records.models import Evidence, Submission
from ayni.portal.records.queries import rows_of_submission
from portal_samples import World, make_site, sign_in
from records_samples import (
    PROFILE,
    YEAR,
    example_parts,
    make_accepted,
    make_draft,
    make_submitted,
    own_rows,
    profile_content,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(world: World) -> Client:
    return sign_in(Client(), world.people["firm_manager"])


@pytest.fixture
def officer(world: World) -> Client:
    return sign_in(Client(), world.people["officer"])


def upload(client: Client, world: World, content: bytes, name: str = "libro.xlsx", **more: Any) -> Submission:
    data = {"subject": f"site-{world.site.pk}", "year": YEAR, "file": SimpleUploadedFile(name, content), **more}
    answer = client.post(reverse("records:upload"), data)
    assert answer.status_code == 302, answer.content.decode()
    return Submission.objects.get(pk=int(answer["Location"].strip("/").split("/")[-1]))


def profile() -> SimpleUploadedFile:
    return SimpleUploadedFile(PROFILE, profile_content())


def codes(submission: Submission) -> list[str]:
    return [finding["code"] for finding in submission.findings if finding["severity"] == "error"]


def page(client: Client, submission: Submission, **query: Any) -> str:
    answer = client.get(reverse("records:submission", kwargs={"pk": submission.pk}), query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_template_filled_uploaded_submitted_and_accepted_by_hand(
    world: World, manager: Client, officer: Client
) -> None:
    author = world.people["firm_member"]
    make_accepted(world.site, own_rows(world.site), author, world.people["officer"])
    book = manager.get(reverse("records:template"), {"subject": f"site-{world.site.pk}", "lang": "en"}).content
    draft = upload(manager, world, book)
    assert codes(draft) == []
    assert draft.version == 1  # equal rows make no new version
    template = manager.get(reverse("records:template"), {"kind": "park"})
    assert template["Content-Disposition"] == 'attachment; filename="registro_de_parque.xlsx"'
    correction = manager.post(reverse("records:correct", kwargs={"pk": draft.pk}), follow=True)
    assert "Agregar fila" in correction.content.decode()
    second = Submission.objects.get(site=world.site, version=2)
    text = page(manager, second)
    assert "Enviar a revisión" in text
    manager.post(reverse("records:submit", kwargs={"pk": second.pk}), {"accept_warnings": "on"})
    queue = officer.get(reverse("records:home")).content.decode()
    assert world.site.name in queue
    assert "Aceptar" in page(officer, second)
    officer.post(reverse("records:accept", kwargs={"pk": second.pk}), {"remarks": "Conforme"})
    second.refresh_from_db()
    assert (second.state, second.remarks) == ("accepted", "Conforme")
    assert "Conforme" in page(manager, second)


def test_rows_of_an_uploaded_workbook_are_those_of_the_file(world: World, manager: Client, tmp_path: Path) -> None:
    rows = own_rows(world.site)
    write_firm_template(tmp_path / "book.xlsx", "es", rows)
    draft = upload(manager, world, (tmp_path / "book.xlsx").read_bytes(), profiles=[profile()])
    assert codes(draft) == []
    kept = rows_of_submission(draft)
    assert {name: [row.model_dump() for row in own] for name, own in kept.items()} == {
        name: [row.model_dump() for row in own] for name, own in rows.items() if own
    }
    exported = manager.get(reverse("records:export", kwargs={"pk": draft.pk})).content
    again = upload(manager, world, exported)
    assert again.content_hash == draft.content_hash
    assert "3,200" in page(manager, draft, sheet="firms")


def test_a_whole_parks_workbook_gives_the_firm_its_rows_and_the_park_its_own(
    world: World, manager: Client, tmp_path: Path
) -> None:
    whole = write_example(tmp_path, "es").read_bytes()
    draft = upload(manager, world, whole, profiles=[profile()])
    assert codes(draft) == []
    assert {one["code"] for one in draft.findings} >= {"PART-OTHER-FIRMS", "PART-PARK-SHEETS"}
    assert set(draft.rows.filter(sheet="firms").values_list("content__firm", flat=True)) == {"E01"}
    operator = sign_in(Client(), world.people["park_operator"])
    data = {"subject": f"park-{world.park.pk}", "year": YEAR, "file": SimpleUploadedFile("p.xlsx", whole)}
    operator.post(reverse("records:upload"), data)
    own = Submission.objects.get(park=world.park)
    assert codes(own) == []
    assert own.rows.filter(sheet="prices").count() == 15
    assert not own.rows.filter(sheet="flows").exists()


def test_findings_stand_in_place_and_nothing_is_half_loaded(world: World, manager: Client, tmp_path: Path) -> None:
    rows = own_rows(world.site)
    rows["electricity_bills"] = rows["electricity_bills"][:-1]
    write_firm_template(tmp_path / "book.xlsx", "es", rows)
    draft = upload(manager, world, (tmp_path / "book.xlsx").read_bytes(), name="<b>recibos</b>.xlsx")
    assert codes(draft) == ["BILL-MONTHS"]
    assert not draft.rows.exists()
    evidence = draft.evidence.get(kind="workbook")
    assert evidence.name == "b>.xlsx"
    text = page(manager, draft)
    assert "BILL-MONTHS" in text
    assert "hoja Recibos de electricidad" in text or "hoja Electricidad" in text
    assert 'aria-disabled="true">Enviar a revisión' in text
    assert "<b>recibos" not in text


def test_a_missing_profile_is_attached_afterwards_and_the_workbook_is_read_again(
    world: World, manager: Client, tmp_path: Path
) -> None:
    write_firm_template(tmp_path / "book.xlsx", "es", own_rows(world.site))
    draft = upload(manager, world, (tmp_path / "book.xlsx").read_bytes())
    assert codes(draft) == ["PROFILE-MISSING"]
    data = {"kind": "profile", "file": profile()}
    manager.post(reverse("records:attach", kwargs={"pk": draft.pk}), data)
    draft.refresh_from_db()
    assert codes(draft) == []
    assert draft.rows.exists()


def zipped(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as book:
        for name, content in files.items():
            book.writestr(name, content)
    return stream.getvalue()


def workbook_with(path: Path, name: str, content: bytes) -> bytes:
    write_firm_template(path, "es")
    with zipfile.ZipFile(path) as book:
        files = {one: book.read(one) for one in book.namelist()}
    return zipped(files | {name: content})


DOCTYPE = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><worksheet>&a;</worksheet>'


def test_hostile_files_become_findings_and_are_not_kept(world: World, manager: Client, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    hostile = {
        "FILE-NO-WORKBOOK": b"<html><script>alert(1)</script></html>",
        "FILE-BOMB": workbook_with(path, "xl/worksheets/sheet2.xml", b" " * 400_000_000),
        "FILE-DOCTYPE": workbook_with(path, "xl/worksheets/sheet2.xml", DOCTYPE),
        "FILE-MACROS": workbook_with(path, "xl/vbaProject.bin", b"macro"),
        "FILE-PASSWORD": b"\xd0\xcf\x11\xe0" + "EncryptedPackage".encode("utf-16-le"),
        "EVIDENCE-SIZE": b"PK\x03\x04" + b"0" * 25_000_001,
    }
    for code, content in hostile.items():
        draft = upload(manager, world, content)
        assert codes(draft) == [code]
        assert not draft.rows.exists()
        assert not draft.evidence.exists()


@pytest.mark.parametrize(
    ("name", "content", "is_taken"),
    [
        ("recibo.pdf", b"%PDF-1.7 x", True),
        ("foto.png", b"\x89PNG\r\n\x1a\n0", True),
        ("foto.jpg", b"\xff\xd8\xff0", True),
        ("datos.csv", b"interval_start,value\n2025-01-01,1\n", True),
        ("datos.csv.gz", gzip.compress(b"interval_start,value\n", mtime=0), True),
        ("recibo.pdf", b"<html><script>alert(1)</script>", False),
        ("dibujo.svg", b'<svg xmlns="http://www.w3.org/2000/svg"></svg>', False),
        ("datos.csv", b"<?xml version='1.0'?><a>,</a>", False),
        ("datos.csv.gz", gzip.compress(b"<html>,</html>", mtime=0), False),
        ("rota.csv.gz", b"\x1f\x8b\x08broken", False),
        ("programa.exe", b"MZ\x90\x00", False),
        ("vacio.pdf", b"", False),
    ],
)
def test_evidence_is_known_by_its_content(
    world: World, manager: Client, name: str, content: bytes, is_taken: bool
) -> None:
    draft = make_draft(world.neighbours[0], {}, world.people["firm_member"])
    draft = make_draft(world.site, {"firms": own_rows(world.site)["firms"]}, world.people["firm_member"])
    data = {"kind": "other", "file": SimpleUploadedFile(name, content, "text/html")}
    manager.post(reverse("records:attach", kwargs={"pk": draft.pk}), data)
    assert draft.evidence.exists() == is_taken
    if is_taken:
        kept = draft.evidence.get()
        assert name.split(".")[0] not in str(kept.file.name)
        answer = manager.get(reverse("records:evidence", kwargs={"pk": kept.pk}))
        assert answer.content == content
        assert answer["Content-Type"] == "application/octet-stream"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Content-Disposition"].startswith("attachment")
        manager.post(reverse("records:evidence_remove", kwargs={"pk": kept.pk}))
        assert not draft.evidence.exists()


def test_a_file_is_removed_only_when_no_version_stands_on_it(
    world: World, manager: Client, django_capture_on_commit_callbacks: Any
) -> None:
    author, officer = world.people["firm_member"], world.people["officer"]
    first = make_accepted(world.site, own_rows(world.site), author, officer)
    manager.post(reverse("records:correct", kwargs={"pk": first.pk}))
    second = Submission.objects.get(site=world.site, version=2)
    shared = second.evidence.get()
    assert shared.file.name == first.evidence.get().file.name
    with django_capture_on_commit_callbacks(execute=True):
        manager.post(reverse("records:evidence_remove", kwargs={"pk": shared.pk}))
    kept = first.evidence.get()
    assert kept.file.storage.exists(str(kept.file.name))
    data = {"kind": "other", "file": SimpleUploadedFile("a.pdf", b"%PDF-1.7")}
    manager.post(reverse("records:attach", kwargs={"pk": second.pk}), data)
    own = second.evidence.get()
    with django_capture_on_commit_callbacks(execute=True):
        manager.post(reverse("records:evidence_remove", kwargs={"pk": own.pk}))
    assert not own.file.storage.exists(str(own.file.name))


def test_nobody_reads_the_files_and_rows_of_others(world: World) -> None:
    submitted = make_submitted(world.site, own_rows(world.site), world.people["firm_member"])
    file = Evidence.objects.get(submission=submitted)
    for persona in ("other_firm_manager", "park_operator", "other_officer", "other_verifier", "administrator"):
        client = sign_in(Client(), world.people[persona])
        for name, pk in (("submission", submitted.pk), ("export", submitted.pk), ("evidence", file.pk)):
            assert client.get(reverse(f"records:{name}", kwargs={"pk": pk})).status_code == 404
        assert world.site.name not in client.get(reverse("records:list")).content.decode()


def test_rows_are_typed_in_a_form_made_from_the_schema(world: World, manager: Client) -> None:
    data = {"subject": f"site-{world.site.pk}", "year": YEAR, "way": "form"}
    answer = manager.post(reverse("records:new"), data)
    draft = Submission.objects.get(site=world.site)
    assert answer["Location"] == reverse("records:submission", kwargs={"pk": draft.pk})
    address = reverse("records:row_new", kwargs={"pk": draft.pk, "sheet": "firms"})
    form = manager.get(address).content.decode()
    assert 'value="E01"' in form
    assert f'value="{world.site.organisation.ruc}"' in form
    answer = manager.post(address, {"firm": "E01", "ruc": "20100000000", "name": "X"})
    assert answer.status_code == 422
    assert "aria-invalid" in answer.content.decode()
    typed = {
        "firm": "E01", "ruc": world.site.organisation.ruc, "name": "Firma", "isic": "1010", "employees": "12",
        "shifts": "1", "work_days": "6", "roof_area": "250.5", "latitude": "-12.4", "longitude": "-76.7",
    }  # fmt: skip
    manager.post(address, typed)
    assert draft.rows.get().content["roof_area"] == 250.5
    bills = reverse("records:row_new", kwargs={"pk": draft.pk, "sheet": "electricity_bills"})
    assert 'type="month"' in manager.get(bills).content.decode()
    bill = {"firm": "E01", "month": "2025-01", "energy_peak": "1", "energy_off_peak": "2", "demand_peak": "1",
            "demand_off_peak": "1", "another": "1"}  # fmt: skip
    assert manager.post(bills, bill)["Location"] == bills
    assert 'value="2025-02"' in manager.get(bills).content.decode()
    draft.refresh_from_db()
    assert "BILL-MONTHS" in codes(draft)
    edit = reverse("records:row", kwargs={"pk": draft.pk, "sheet": "firms", "number": 2})
    assert 'value="250.5"' in manager.get(edit).content.decode()
    manager.post(edit, typed | {"roof_area": "1e3"})
    assert draft.rows.get(sheet="firms").content["roof_area"] == 1000.0
    manager.post(reverse("records:row_delete", kwargs={"pk": draft.pk, "sheet": "firms", "number": 2}))
    assert not draft.rows.filter(sheet="firms").exists()
    assert manager.get(reverse("records:row_new", kwargs={"pk": draft.pk, "sheet": "prices"})).status_code == 404


def test_the_officer_returns_with_remarks_and_sees_what_changed(world: World, manager: Client, officer: Client) -> None:
    author = world.people["firm_member"]
    make_accepted(world.site, own_rows(world.site), author, world.people["officer"])
    rows = own_rows(world.site)
    rows["firms"] = [rows["firms"][0].model_copy(update={"employees": 999})]
    rows["flows"] = rows["flows"][1:]
    second = make_submitted(world.site, rows, author)
    text = page(officer, second)
    assert "999" in text
    assert "Filas nuevas: 0 · quitadas: 1 · cambiadas: 0" in text
    address = reverse("records:return", kwargs={"pk": second.pk})
    assert "Escriba qué hay que corregir" in officer.post(address, {}, follow=True).content.decode()
    officer.post(address, {"remarks": "Sobran empleados"})
    assert "Sobran empleados" in page(manager, second)
    late = officer.post(reverse("records:accept", kwargs={"pk": second.pk}), follow=True).content.decode()
    assert "Ya fue decidido" in late


def test_the_park_sees_how_far_its_tenants_are_and_not_their_figures(world: World) -> None:
    make_submitted(world.site, own_rows(world.site), world.people["firm_member"])
    operator = sign_in(Client(), world.people["park_operator"])
    make_draft(world.park, example_parts()[0], world.people["park_operator"])
    text = operator.get(reverse("records:home")).content.decode()
    assert "en revisión" in text
    assert "sin entregar" in text
    assert "/registros/" in text


def test_pages_ask_no_more_for_more_rows(world: World, django_assert_max_num_queries: Any) -> None:
    author, officer = world.people["firm_member"], world.people["officer"]
    client = sign_in(Client(), officer)
    few = make_submitted(world.site, {"firms": own_rows(world.site)["firms"]}, author)

    def count(address: str) -> int:
        with django_assert_max_num_queries(40) as counted:
            assert client.get(address).status_code == 200
        return len(counted)

    lists = [reverse("records:home"), reverse("records:list"), reverse("records:list_csv")]
    before = [count(address) for address in lists]
    for number in range(20, 50):
        make_submitted(make_site(world.park, number, f"Firm {number}"), {}, author)
    assert [count(address) for address in lists] == before
    many = make_submitted(world.neighbours[0], own_rows(world.neighbours[0]), author)
    pages = [reverse("records:submission", kwargs={"pk": one.pk}) for one in (few, many)]
    assert count(pages[0]) == count(pages[1])


def test_every_page_of_a_full_record_is_there_in_english(world: World, manager: Client) -> None:
    draft = make_draft(world.site, own_rows(world.site), world.people["firm_member"])
    manager.cookies["ayni_language"] = "en"
    for sheet in ("firms", "flows", "electricity_bills", "equipment", "profiles", "measures", "offers", "wants"):
        assert "Rows" in page(manager, draft, sheet=sheet)
        assert manager.get(reverse("records:row_new", kwargs={"pk": draft.pk, "sheet": sheet})).status_code == 200
    assert "Next step" in page(manager, draft, sheet="flows", page=3)
    assert "Hand in a record" in manager.get(reverse("records:home")).content.decode()
    assert manager.get(reverse("records:list"), {"state": "draft", "year": str(YEAR), "q": "firm"}).status_code == 200
