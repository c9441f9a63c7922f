"""Files of every kind, honest and not: what is read of them, and what is refused before it does harm."""

import io
import tracemalloc
from datetime import date

import pytest
from openpyxl import Workbook, load_workbook

from server.domain.imports import excel
from server.domain.imports.files import MOST_BYTES, MOST_ROWS, below, look
from server.domain.refusals import Invalid
from tests.lists import HEAD, people, sheet, somebody, text, zipped


def refused(content: bytes) -> str:
    """Why a file is not taken in; always told at its field."""
    with pytest.raises(Invalid) as why:
        _ = list(below(content, look(content).head_row))
    [(field, said)] = why.value.errors.items()
    assert field == "file"
    return said.message


@pytest.mark.parametrize("between", [",", "\t", ";"], ids=["comma", "tab", "semicolon"])
@pytest.mark.parametrize("letters", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_text_file_is_read_in_any_usual_form(between: str, letters: str) -> None:
    rows = [somebody(1, 姓名="歐陽龘，等"), somebody(2, 姓名="a;b,c\td"), somebody(3, 姓名="两\n行")]
    content = text(rows, between=between, letters=letters)
    opened = look(content)
    assert (opened.head, opened.head_row) == (list(HEAD), 1)
    assert [[*cells, *[""] * (len(HEAD) - len(cells))] for _, cells in below(content, 1)] == rows


def test_a_sheet_is_read_as_a_person_reads_it() -> None:
    book = Workbook()
    page = book.active
    assert page is not None
    page.append(["潜客名单（十一月）"])
    page.append([])
    page.append(["姓名", "电话", "日期", "金额", "是"])
    page.append(["王芳", 13900000001, date(2026, 11, 22), 12.5, True])
    page.append([None] * 5)
    page.append(["李雷", "013900000002", "2026/11/23", None, False])
    book.create_sheet("别的").append(["不", "读"])
    out = io.BytesIO()
    book.save(out)
    opened = look(out.getvalue())
    assert (opened.head, opened.head_row) == (["姓名", "电话", "日期", "金额", "是"], 3)
    assert list(below(out.getvalue(), 3)) == [
        (4, ["王芳", "13900000001", "2026-11-22", "12.5", "1"]), (6, ["李雷", "013900000002", "2026/11/23", "", "0"]),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "no list"),
        (text([]), "no list"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500), "old kind"),
        (b"%PDF-1.7\n" + bytes(range(256)) * 4, "neither"),
        (b"\xff\xd8\xff\xe0" + bytes(2000), "neither"),
        (b"PK\x03\x04" + bytes(100), "cannot be read"),
        (zipped(**{"word/document.xml": b"<w/>"}), "cannot be read"),
        (sheet(people(50))[:-400], "cannot be read"),
        (text(people(2)).replace("客户".encode(), b"\xff\xff"), "letters"),
        (text(people(2)) + b'"' + b"x" * 200_000, "broken"),
        (bytes(MOST_BYTES + 1), "15 MB"),
    ],
    ids=["empty", "head only", "xls", "pdf", "jpeg", "torn zip", "docx", "torn xlsx", "letters", "quotes", "large"],
)  # fmt: skip
def test_what_is_no_list_is_told_at_the_field(content: bytes, words: str) -> None:
    assert words in refused(content)


def test_more_rows_than_may_be_are_refused() -> None:
    content = b"a,b\n" + b"x,y\n" * (MOST_ROWS + 1)
    assert "At most %(most)s rows" in refused(content)


PARTS = {
    "[Content_Types].xml": b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/'
    b'content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    b'<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.'
    b'sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-'
    b'officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    b'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    b'officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": b'<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/'
    b'package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    b'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/workbook.xml": b'<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/'
    b'main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="a" '
    b'sheetId="1" r:id="r1"/></sheets></workbook>',
}
SHEET = (
    b'<?xml version="1.0"?>%s<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    b'<dimension ref="A1:XFD1048576"/><sheetData>%s</sheetData></worksheet>'
)
TWO = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t>%s</t></is></c><c r="B%d" t="inlineStr"><is><t>b</t></is></c></row>'


def book(rows: bytes, before: bytes = b"") -> bytes:
    """A workbook written by hand."""
    return zipped(**PARTS, **{"xl/worksheets/sheet1.xml": SHEET % (before, rows)})


def two(number: int, said: bytes) -> bytes:
    """A row of two cells."""
    return TWO % (number, number, said, number)


def test_a_sheet_that_claims_to_be_endless_is_as_long_as_it_is() -> None:
    far = two(1, b"head") + two(2, b"x") + b'<row r="3"><c r="XFD3"><v>1</v></c></row>' + two(1048576, b"last")
    assert list(below(book(far), 1)) == [(2, ["x", "b"])]


BOMBS = {
    "many zeros": zipped(**PARTS, **{"xl/worksheets/sheet1.xml": bytes(200 * 2**20)}),
    "one endless row": book(b'<row r="1">' + b"<c/>" * 2_000_000 + b"</row>"),
    "large styles": zipped(**PARTS, **{"xl/worksheets/sheet1.xml": SHEET % (b"", two(1, b"x")),
                                       "xl/styles.xml": b"<a>" + b"<b/>" * 3_000_000 + b"</a>"}),
    "laughter": book(
        two(1, b"&j;") + two(2, b"&j;"),
        b"<!DOCTYPE z [<!ENTITY a \"" + b"ha" * 50 + b"\">" + b"".join(
            b'<!ENTITY %c "%s">' % (letter, b"&%c;" % (letter - 1) * 10) for letter in range(ord("b"), ord("k"))
        ) + b"]>",
    ),
    "a stranger's file": book(
        two(1, b"&x;") + two(2, b"&x;"), b'<!DOCTYPE z [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BOMBS)
def test_what_would_grow_without_measure_is_refused_while_it_is_small(name: str) -> None:
    content = BOMBS[name]
    tracemalloc.start()
    try:
        refused(content)
        assert tracemalloc.get_traced_memory()[1] < 60 * 2**20
    finally:
        tracemalloc.stop()


def test_nothing_that_is_written_is_ever_computed() -> None:
    dangerous = ["=1+1", "+861390000", "-2", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x")', "普通", "\x07=1"]
    page = load_workbook(io.BytesIO(excel.write(["a"], [[text_] for text_ in dangerous]))).active
    assert page is not None
    cells = [row[0] for row in page.iter_rows(min_row=2)]
    assert {cell.data_type for cell in cells} == {"s"}
    assert [cell.value for cell in cells] == [*dangerous[:-1], "=1"]
    assert all(cell.quotePrefix for cell in cells if cell.value != "普通")
