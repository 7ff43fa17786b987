"""XLSX reading: what is no workbook is refused with one finding that says why; what hides in cells comes to light."""

import datetime
import errno
import io
import os
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
import xlsxwriter

from ayni.base import xlsx_parsing, xlsx_reading
from ayni.base.findings import Finding, Refused
from ayni.base.xlsx_reading import SIZE_MAX, CellFault, RawSheet, read_raw_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = f'<?xml version="1.0"?><worksheet xmlns="{MAIN}"><sheetData>{{}}</sheetData></worksheet>'
SHEET_PART = "xl/worksheets/sheet1.xml"
HALF_PAST_FIVE = datetime.datetime.fromisoformat("2025-03-01T05:30")
Parts = dict[str, bytes]


def book(fill: Callable[[xlsxwriter.Workbook], object] | None = None) -> bytes:
    """A small workbook with one sheet «Hoja» unless ``fill`` makes others."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream) as workbook:
        if fill is None:
            worksheet = workbook.add_worksheet("Hoja")
            worksheet.write_row(0, 0, ["Empresa", "Energía"])
            worksheet.write_row(1, 0, ["E01", 12.5])
        else:
            fill(workbook)
    return stream.getvalue()


def parts_of(content: bytes) -> Parts:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts: Parts, compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def with_sheet(body: str) -> bytes:
    """A workbook whose sheet has the rows of XML in ``body``."""
    return packed({**parts_of(book()), SHEET_PART: SHEET.format(body).encode()})


def with_part(name: str, edit: Callable[[bytes], bytes]) -> bytes:
    parts = parts_of(book())
    return packed({**parts, name: edit(parts.get(name, b""))})


def save(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "park.xlsx"
    path.write_bytes(content)
    return path


def read(tmp_path: Path, content: bytes) -> RawSheet:
    """The first sheet."""
    return next(iter(read_raw_workbook(save(tmp_path, content)).sheets.values()))


def refusal(path: Path) -> Finding:
    with pytest.raises(Refused) as caught:
        read_raw_workbook(path)
    (finding,) = caught.value.findings
    assert finding.place.file == path.name
    assert all(finding.message(language) for language in ("es", "en"))
    return finding


def test_values_keep_their_types(tmp_path: Path) -> None:
    def fill(workbook: xlsxwriter.Workbook) -> None:
        worksheet = workbook.add_worksheet("Hoja")
        day = workbook.add_format({"num_format": "yyyy-mm"})
        worksheet.write_datetime(0, 0, datetime.date(2025, 3, 1), day)
        worksheet.write_datetime(0, 1, HALF_PAST_FIVE, day)
        worksheet.write_row(1, 0, [True, 7, "  E01 ", 0.1, None])
        worksheet.write_string(1, 5, "=1+1")

    assert read(tmp_path, book(fill)).cells == (
        (datetime.date(2025, 3, 1), HALF_PAST_FIVE, None, None, None, None),
        (True, 7.0, "  E01 ", 0.1, None, "=1+1"),
    )


def test_dates_of_the_1904_calendar(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    workbook.active["A1"] = datetime.date(2025, 3, 31)
    workbook.save(tmp_path / "park.xlsx")
    (sheet,) = read_raw_workbook(tmp_path / "park.xlsx").sheets.values()
    assert sheet.cells == ((datetime.date(2025, 3, 31),),)


def test_sheets_come_in_order_and_hidden_ones_too(tmp_path: Path) -> None:
    def fill(workbook: xlsxwriter.Workbook) -> None:
        workbook.add_worksheet("b").write(2, 1, "x")
        workbook.add_worksheet("a").hide()
        chart = workbook.add_chart({"type": "bar"})
        chart.add_series({"values": "=b!$A$1:$A$3"})
        workbook.add_chartsheet("Gráfico").set_chart(chart)

    sheets = read_raw_workbook(save(tmp_path, book(fill))).sheets
    assert list(sheets) == ["b", "a", "Gráfico"]
    assert sheets["b"].cells == ((None, None), (None, None), (None, "x"))
    assert sheets["a"].cells == sheets["Gráfico"].cells == ()


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>', CellFault("error", "#DIV/0!")),
        ('<c r="A1" t="e"><v></v></c>', CellFault("error", "#?")),
        ('<c r="A1" t="inlineStr"><is><t>#N/A</t></is></c>', CellFault("error", "#N/A")),
        ('<c r="A1"><v>1e999</v></c>', CellFault("error", "inf")),
        ('<c r="A1"><v>NaN</v></c>', CellFault("error", "nan")),
        ('<c r="A1"><f>B1*2</f></c>', CellFault("uncached", "=B1*2")),
        ('<c r="A1"><f>B1*2</f><v></v></c>', CellFault("uncached", "=B1*2")),
        ('<c r="A1"><f>B1*2</f><v/></c>', CellFault("uncached", "=B1*2")),
        ('<c r="A1" t="str"><f>B1</f></c>', CellFault("uncached", "=B1")),
        ('<c r="A1"><f t="shared" si="0"/></c>', CellFault("uncached", "=")),
        ('<c r="A1"><f>B1*2</f><v>0</v></c>', 0.0),
        ('<c r="A1"><f>B1*2</f><v>6.5</v></c>', 6.5),
        ('<c r="A1" t="str"><f>B1</f><v>x</v></c>', "x"),
        ('<c r="A1" t="str"><f>IF(B1,"","")</f><v></v></c>', None),
        ('<c r="A1" t="d"><v>2025-03-31</v></c>', datetime.date(2025, 3, 31)),
        ("<c><v>3</v></c>", 3.0),
    ],
)
def test_errors_and_formulas_without_value_are_faults(tmp_path: Path, cell: str, value: object) -> None:
    content = with_sheet(f"<row>{cell}</row>")
    parts = parts_of(content)
    calculated = parts["xl/workbook.xml"].replace(b' fullCalcOnLoad="1"', b"")
    sheet = read(tmp_path, packed({**parts, "xl/workbook.xml": calculated}))
    assert sheet.cells == ((value,),)


@pytest.mark.parametrize("found", ["#SPILL!", "#CALC!", "#GETTING_DATA", "Err:502"])
def test_an_error_that_the_library_does_not_know_is_told_with_its_place(tmp_path: Path, found: str) -> None:
    finding = refusal(save(tmp_path, with_sheet(f'<row r="3"><c r="B3" t="e"><v>{found}</v></c></row>')))
    assert (finding.code, finding.place.sheet, finding.place.cell) == ("CELL-ERROR", "Hoja", "B3")
    assert found in finding.message("es")


def test_a_placeholder_zero_of_a_writing_library_is_no_value(tmp_path: Path) -> None:
    def fill(workbook: xlsxwriter.Workbook) -> None:
        worksheet = workbook.add_worksheet("Hoja")
        worksheet.write_formula("A1", "=2+3")
        worksheet.write_formula("B1", "=2+3", None, 5)

    assert read(tmp_path, book(fill)).cells == ((CellFault("uncached", "=2+3"), 5.0),)


def test_a_formula_that_openpyxl_saved_has_no_value(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active["B2"] = "=SUM(A1:A3)"
    workbook.save(tmp_path / "park.xlsx")
    (sheet,) = read_raw_workbook(tmp_path / "park.xlsx").sheets.values()
    assert sheet.cells[1][1] == CellFault("uncached", "=SUM(A1:A3)")


def test_percentages_are_no_plain_numbers(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    for cell, pattern in (("A1", "0%"), ("B1", "0.00%"), ("C1", "#,##0.0 %"), ("D1", '0.0" %"'), ("E1", "General")):
        workbook.active[cell] = 0.58
        workbook.active[cell].number_format = pattern
    workbook.active["A2"] = "texto"
    workbook.active["A2"].number_format = "0%"
    workbook.save(tmp_path / "park.xlsx")
    (sheet,) = read_raw_workbook(tmp_path / "park.xlsx").sheets.values()
    assert sheet.cells[0] == (*[CellFault("percent", "58 %")] * 3, 0.58, 0.58)
    assert sheet.cells[1][0] == "texto"


def test_only_merged_ranges_with_content_are_told(tmp_path: Path) -> None:
    workbook = openpyxl.Workbook()
    workbook.active["B2"] = "x"
    workbook.active.merge_cells("B2:C3")
    workbook.active.merge_cells("E1:F1")
    workbook.save(tmp_path / "park.xlsx")
    (sheet,) = read_raw_workbook(tmp_path / "park.xlsx").sheets.values()
    assert sheet.merged == ("B2:C3",)


def test_a_formatted_cell_far_away_is_nothing_and_content_there_is_a_finding(tmp_path: Path) -> None:
    row = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"{}</row>'
    assert read(tmp_path, with_sheet(row.format(' s="0"/>'))).cells == ((1.0,),)
    finding = refusal(save(tmp_path, with_sheet(row.format("><v>2</v></c>"))))
    assert (finding.code, finding.place.sheet, finding.place.cell) == ("SHEET-TOO-LARGE", "Hoja", "XFD1048576")


def test_two_far_corners_do_not_fill_the_memory(tmp_path: Path) -> None:
    rows = f'<row r="{xlsx_parsing.ROWS_MAX}"><c r="GR{xlsx_parsing.ROWS_MAX}"><v>1</v></c></row>'
    assert refusal(save(tmp_path, with_sheet(rows))).code == "FILE-CELLS"


def test_a_sheet_in_a_part_of_another_name_is_looked_through_too(tmp_path: Path) -> None:
    parts = parts_of(with_sheet('<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'))
    parts["xl/worksheets/sheet1.bin"] = parts.pop(SHEET_PART)
    for name in ("xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        parts[name] = parts[name].replace(b"sheet1.xml", b"sheet1.bin")
    assert refusal(save(tmp_path, packed(parts))).code == "SHEET-TOO-LARGE"


def test_no_file_and_a_folder(tmp_path: Path) -> None:
    assert refusal(tmp_path / "absent.xlsx").code == "FILE-MISSING"
    assert refusal(tmp_path).code == "FILE-MISSING"


def test_a_file_without_permission(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def denied(_: Path) -> bytes:
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))

    path = save(tmp_path, book())
    monkeypatch.setattr(Path, "read_bytes", denied)  # root may read every file, whatever its mode
    assert refusal(path).code == "FILE-UNREADABLE"


def test_200_mb_are_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path, b"PK\x03\x04")
    os.truncate(path, 200_000_000)
    monkeypatch.setattr(Path, "read_bytes", lambda _: pytest.fail("the file was read"))
    finding = refusal(path)
    assert (finding.code, finding.values["size"], finding.values["limit"]) == ("FILE-SIZE", 200, SIZE_MAX // 1_000_000)


OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)


def encrypted(content: bytes) -> bytes:
    """The same archive with the flag of encryption on every entry."""
    return re.sub(rb"(PK\x01\x02.{4})(.)", lambda hit: hit[1] + bytes([hit[2][0] | 1]), content, flags=re.DOTALL)


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "FILE-NO-WORKBOOK"),
        (b"Empresa,RUC\nE01,20100070970\n", "FILE-NO-WORKBOOK"),
        (OLE + "EncryptedPackage".encode("utf-16-le") + bytes(600), "FILE-PASSWORD"),
        (OLE + "Workbook".encode("utf-16-le") + bytes(600), "FILE-OLD-XLS"),
        (packed({}), "FILE-NO-WORKBOOK"),
        (packed({"leame.txt": b"hola"}), "FILE-NO-WORKBOOK"),
        (packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<document/>"}), "FILE-NO-WORKBOOK"),
        (packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "FILE-NO-WORKBOOK"),
        (encrypted(book()), "FILE-PASSWORD"),
        (with_part("xl/vbaProject.bin", lambda _: b"x"), "FILE-MACROS"),
        (
            with_part("[Content_Types].xml", lambda xml: xml.replace(
                b"openxmlformats-officedocument.spreadsheetml.sheet.main", b"ms-excel.sheet.macroEnabled.main")),
            "FILE-MACROS",
        ),
        (with_part("xl/media/bomb.bin", lambda _: bytes(40 << 20)), "FILE-BOMB"),
        (packed({**parts_of(book()), **{f"x/{number}": b"" for number in range(2_000)}}), "FILE-BOMB"),
        (packed(parts_of(book()), zipfile.ZIP_LZMA), "FILE-CORRUPT"),
        (book()[:3_000], "FILE-CORRUPT"),
        (book()[:-10], "FILE-CORRUPT"),
        (with_part(SHEET_PART, lambda xml: xml[:-40]), "FILE-CORRUPT"),
        (with_part("xl/sharedStrings.xml", lambda _: b"<sst"), "FILE-CORRUPT"),
        (with_sheet('<row r="1"><c r="A1" t="s"><v>99</v></c></row>'), "FILE-CORRUPT"),
        (with_sheet('<row r="1"><c r="A0"><v>1</v></c></row>'), "FILE-CORRUPT"),
        (with_sheet('<row r="1"><c r="1A"><v>1</v></c></row>'), "FILE-CORRUPT"),
        (with_sheet('<row r="x"><c><v>1</v></c></row>'), "FILE-CORRUPT"),
        (with_part("xl/_rels/workbook.xml.rels", lambda xml: xml.replace(b"sheet1", b"sheet7")), "FILE-CORRUPT"),
        (with_part("xl/workbook.xml", lambda xml: xml.replace(b"<sheet ", b"<other ")), "FILE-CORRUPT"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_no_fit_workbook_is_one_finding(tmp_path: Path, content: bytes, code: str) -> None:
    assert refusal(save(tmp_path, content)).code == code


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize(
    "part", [SHEET_PART, "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml", "docProps/app.xml"]
)
def test_declarations_of_entities_are_refused_in_every_part(tmp_path: Path, part: str) -> None:
    content = with_part(part, lambda xml: xml.replace(b"?>", b"?>" + BOMB, 1))
    assert refusal(save(tmp_path, content)).code == "FILE-DOCTYPE"
    wide = with_part(
        part, lambda xml: xml.replace(b"?>", b"?>" + BOMB, 1).decode().replace("UTF-8", "UTF-16").encode("utf-16")
    )
    assert refusal(save(tmp_path, wide)).code == "FILE-DOCTYPE"


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_entries_of_one_name_are_refused(tmp_path: Path) -> None:
    path = save(tmp_path, book())
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(SHEET_PART, SHEET.format(""))
    assert refusal(path).code == "FILE-CORRUPT"


def test_a_flipped_bit_in_a_sheet_is_noticed(tmp_path: Path) -> None:
    path = save(tmp_path, packed(parts_of(book()), zipfile.ZIP_STORED))
    content = path.read_bytes()
    assert content.count(b"<v>12.5</v>") == 1
    path.write_bytes(content.replace(b"<v>12.5</v>", b"<v>13.5</v>"))
    assert refusal(path).code == "FILE-CORRUPT"


@pytest.mark.parametrize(
    ("program", "code"),
    [
        ("raise RuntimeError", "FILE-CORRUPT"),
        ("print('no json')", "FILE-CORRUPT"),
        ("print('[' * 100_000)", "FILE-CORRUPT"),
        ("print('[]')", "FILE-CORRUPT"),
        ("""print('{"sheets": [{"name": "a"}]}')""", "FILE-CORRUPT"),
        ("""print('{"sheets": [{"name": "a", "rows": [[{"date": "x"}]], "merged": []}]}')""", "FILE-CORRUPT"),
        ("""print('{"sheets": [{"name": "a", "rows": [[[1]]], "merged": []}]}')""", "FILE-CORRUPT"),
        ("""print('{"refused": ["EVIL", {}]}')""", "FILE-CORRUPT"),
        ("import os; os.abort()", "FILE-HEAVY"),
        ("import os; os.kill(os.getpid(), 9)", "FILE-HEAVY"),
        ("import time; time.sleep(60)", "FILE-HEAVY"),
    ],
)
def test_whatever_the_child_does_is_a_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str, code: str
) -> None:
    script = tmp_path / "child.py"
    script.write_text(
        f"import resource\nresource.setrlimit(resource.RLIMIT_CORE, (0, 0))\n{program}\n", encoding="utf-8"
    )
    monkeypatch.setattr(xlsx_reading, "xlsx_parsing", SimpleNamespace(__file__=str(script)))
    monkeypatch.setattr(xlsx_reading, "SECONDS_MAX", 2)
    assert refusal(save(tmp_path, book())).code == code


def test_the_child_can_not_take_more_memory_than_its_limit() -> None:
    program = "from ayni.base import xlsx_parsing as p; p.MEMORY_MAX = 1 << 28; p.limit_resources(); bytearray(1 << 29)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert b"MemoryError" in ended.stderr


def test_the_child_can_not_answer_more_than_its_limit(tmp_path: Path) -> None:
    program = "from ayni.base import xlsx_parsing as p; p.ANSWER_MAX = 99; p.limit_resources(); print('x' * 9_999)"
    with (tmp_path / "answer").open("wb") as answer:
        ended = subprocess.run([sys.executable, "-c", program], stdout=answer, stderr=subprocess.DEVNULL, check=False)
    assert ended.returncode != 0
    assert (tmp_path / "answer").stat().st_size <= 99


def test_the_child_binds_itself() -> None:
    program = (
        "import resource; from ayni.base import xlsx_parsing as p; p.limit_resources();"
        "print(resource.getrlimit(resource.RLIMIT_CPU), resource.getrlimit(resource.RLIMIT_AS))"
    )
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    seconds, memory = xlsx_parsing.CPU_SECONDS_MAX, xlsx_parsing.MEMORY_MAX
    assert ended.stdout.strip() == f"({seconds}, {seconds}) ({memory}, {memory})"


def test_the_child_imports_nothing_heavy() -> None:
    program = f"import runpy, sys; runpy.run_path({xlsx_parsing.__file__!r}); print(*sys.modules)"
    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert not {"pandas", "numpy", "pydantic", "ayni", "ayni.base", "babel"} & set(ended.stdout.split())
