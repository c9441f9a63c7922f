"""Lists of prospects and car models brought in on a tablet and a telephone, in both languages, and one fetched."""

import io
import re
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from server.commands.trial.chromium import PHONE, TABLET, Device
from server.database import uuid7
from tests.domain.test_import_models import COMPLAINTS
from tests.lists import sheet, somebody, text

BOTH = pytest.mark.parametrize(("device", "language"), [(PHONE, "zh"), (TABLET, "en")], ids=["phone-zh", "tablet-en"])


def send(desk, file: Path, kind: str) -> None:
    """The file, and the columns as they are guessed."""
    desk.go("/imports")
    desk.page.locator(f"label:has(input[name=kind][value={kind}])").click()
    desk.page.set_input_files("#file", file)
    desk.press("form[action='/imports'] button.primary")
    desk.page.wait_for_url(re.compile(r"/imports/[0-9a-f-]{36}"))
    desk.press(".dock button.primary")
    expect(desk.page.locator("#go")).to_be_visible(timeout=60_000)  # the page follows the work by itself


def tiles(desk) -> list[str]:
    """The figures of an import."""
    return desk.page.locator("#import .tile b").all_inner_texts()


@BOTH
def test_a_list_of_prospects_is_brought_in_and_its_mistakes_come_back(
    desk, device: Device, language: str, tmp_path: Path
) -> None:
    gao = desk("gao", device, language=language)
    first = uuid7().int % 10**7
    rows = [somebody(first + number) for number in range(30)] + [somebody(1, 手机号="12"), somebody(first)]
    file = tmp_path / f"{language}.xlsx"
    file.write_bytes(sheet(rows))
    send(gao, file, "prospects")
    assert tiles(gao) == ["30", "1", "1"]
    gao.press(gao.page.locator("#import .tabs a[href$='show=same']"))
    expect(gao.page.locator("#rows li")).to_have_count(1)
    gao.press("#go button.primary")
    expect(gao.page.locator("#import .notice.good")).to_be_visible(timeout=60_000)
    assert tiles(gao) == ["30", "0", "1", "1"]
    with gao.page.expect_download() as fetched:
        gao.page.click("a[href$='/faults']")
    page = load_workbook(io.BytesIO(Path(fetched.value.path()).read_bytes())).active
    assert page is not None
    assert (page["A2"].value, page["D2"].value) == (32, "12")
    gao.press(gao.page.locator("#import .tabs a[href$='show=made']"))
    gao.press(gao.page.locator("#rows a.whole").first)
    expect(gao.page.locator("h1")).to_contain_text("客户")


@BOTH
def test_a_catalogue_is_brought_in(desk, device: Device, language: str, tmp_path: Path) -> None:
    gao = desk("gao", device, language=language)
    brand = f"试牌{uuid7().hex[-6:]}"
    rows = [["1", brand, "甲", f"20{n}款 1.5T 豪华型", "", "", "", ""] for n in (18, 19, 20, 18)]
    file = tmp_path / "complaints.csv"
    file.write_bytes(text(rows, COMPLAINTS, letters="gb18030"))
    send(gao, file, "models")
    assert tiles(gao) == ["3", "1", "0"]
    gao.press("#go button.primary")
    expect(gao.page.locator("#import .notice.good")).to_be_visible(timeout=60_000)
    assert tiles(gao) == ["3", "0", "1", "0"]


def test_what_is_no_list_is_told_at_the_field(desk, tmp_path: Path) -> None:
    gao = desk("gao", PHONE)
    file = tmp_path / "photo.xlsx"
    file.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(300))
    gao.go("/imports")
    gao.page.set_input_files("#file", file)
    gao.page.click("form[action='/imports'] button.primary")
    expect(gao.page.locator("#file-error")).to_contain_text("不是 Excel 文件")
    gao.faults.clear()  # the refusal is what was asked for


@BOTH
def test_the_list_that_is_seen_is_fetched(desk, device: Device, language: str) -> None:
    lin = desk("lin", device, language=language)
    lin.go("/prospects?show=overdue")
    names = lin.page.locator("#list a.whole").all_inner_texts()
    with lin.page.expect_download() as fetched:
        lin.page.click("#list form[action*='/prospects/excel'] button")
    page = load_workbook(io.BytesIO(Path(fetched.value.path()).read_bytes())).active
    assert page is not None
    assert [row[1].value for row in page.iter_rows(min_row=2)][: len(names)] == names
