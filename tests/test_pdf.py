"""Papers, made with everything real: templates, fonts, photos, ink."""

import io
import re
import subprocess
import sys
from typing import Any

import pytest
from fontTools.pens.recordingPen import RecordingPen
from fontTools.ttLib import TTFont
from pypdf import PdfReader

from server import pdf, press
from server.settings import ROOT
from server.typefaces import readiness
from tests.sample_papers import (
    PHOTOS,
    VERIFY,
    delivery_confirmation,
    pdi_sheet,
    signature,
)


def printed(content: dict[str, Any]) -> bytes:
    return pdf.render(content["kind"], content, PHOTOS, VERIFY)


def pages(content: dict[str, Any]) -> list[str]:
    return [page.extract_text() for page in PdfReader(io.BytesIO(printed(content))).pages]


def drawings(paper: bytes, sign: str) -> list[list[Any]]:
    """What each embedded font that claims to hold `sign` really draws for it."""
    found: list[list[Any]] = []
    for page in PdfReader(io.BytesIO(paper)).pages:
        for font in page["/Resources"]["/Font"].values():
            told = font["/ToUnicode"].get_data().decode()
            code = re.search(rf"<(\w{{4}})> <{sign.encode('utf-16-be').hex()}>", told)
            if code:
                found.append(_drawing(font["/DescendantFonts"][0]["/FontDescriptor"], int(code[1], 16)))
    return found


def _drawing(descriptor: Any, glyph: int) -> list[Any]:
    program = descriptor.get("/FontFile2") or descriptor["/FontFile3"]
    font = TTFont(io.BytesIO(program.get_data()))
    pen = RecordingPen()
    font.getGlyphSet()[font.getGlyphName(glyph)].draw(pen)
    return pen.value if glyph else []


def test_machine_is_ready():
    assert readiness() == []


@pytest.mark.parametrize(
    ("content", "chinese", "english"),
    [
        (pdi_sheet(), "新车交付前检查表", "Pre-delivery Inspection Sheet"),
        (delivery_confirmation(), "新车交付确认单", "Delivery Confirmation"),
    ],
)
def test_paper_speaks_both_languages(content: dict[str, Any], chinese: str, english: str):
    text = "".join(pages(content)).replace("\n", "")
    shown = [
        chinese,
        english,
        "欧阳建国",
        "LSJA24U62JG269225",
        "JC-20261122-0001",
        "盖章处",
        "2026-11-22 14:41",
    ]
    for checklist_ in content["lists"]:
        for section in checklist_["sections"]:
            shown += [section["title"]["zh"], section["title"]["en"]]
            shown += [words for item in section["items"] for words in (item["zh"], item["no"])]
    assert [words for words in shown if words not in text] == []


@pytest.mark.parametrize("content", [pdi_sheet(), delivery_confirmation()])
def test_every_page_says_which_of_how_many_and_of_which_paper(content: dict[str, Any]):
    texts = pages(content)
    assert len(texts) == 2
    for number, text in enumerate(texts, start=1):
        assert f"第 {number} 页 共 2 页·Page {number} of 2" in text
        assert "JC-20261122-0001" in text


def test_inspection_without_photos_fits_one_page_and_long_lists_repeat_their_head():
    content = pdi_sheet()
    for section in content["lists"][0]["sections"]:
        for item in section["items"]:
            item["answer"]["photos"] = []
    assert len(pages(content)) == 1
    content["lists"] *= 2
    assert ["记录·Record" in text for text in pages(content)] == [True, True]


def test_same_content_gives_same_bytes_here_and_in_the_pool():
    first = printed(delivery_confirmation())
    printed(pdi_sheet())
    content = delivery_confirmation()
    assert printed(content) == first
    assert press.printed(content["kind"], content, PHOTOS, VERIFY) == first


def test_the_house_itself_carries_nothing_of_the_printing():
    asked = "import sys, server.commands.serve; print({'weasyprint', 'fontTools'} & set(sys.modules))"
    told = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True, check=True)
    assert told.stdout == "set()\n"


def test_metadata_names_paper_store_and_time_of_issue():
    reader = PdfReader(io.BytesIO(printed(pdi_sheet())))
    assert reader.metadata.title == "新车交付前检查表（PDI） · Pre-delivery Inspection Sheet JC-20261122-0001"
    assert "环车汽车销售服务有限公司" in reader.metadata.author
    assert reader.metadata.creation_date.isoformat() == "2026-11-22T06:43:54+00:00"
    assert reader.trailer["/Root"]["/Lang"] == "zh-Hans"


@pytest.mark.parametrize("sign", "国㛃龘𬀩✓×")
def test_rare_characters_of_names_are_drawn(sign: str):
    paper = printed(delivery_confirmation(customer={"name": f"欧阳{sign}", "phone": "138"}))
    drawn = drawings(paper, sign)
    assert drawn
    assert all(drawn)


def test_what_no_font_has_is_named_by_its_number():
    text = pages(pdi_sheet(agent={"name": "王\U0002a6a5👍🏽✔\ufe0f"}))[0]
    assert "王〓(U+2A6A5)〓(U+1F44D)" in text
    assert "✓" in text


def test_correction_says_why():
    text = pages(pdi_sheet(revision=2, reason="胎压单位误录"))[0]
    assert "第 2 版·Revision 2" in text
    assert "更正原因·Reason 胎压单位误录" in text


def test_hostile_words_stay_words():
    hostile = '<img src="http://127.0.0.1:9/x"><script>alert(1)</script>{{ 7*7 }}'
    assert "<script>alert(1)" in "".join(pages(pdi_sheet(agent={"name": hostile}))).replace("\n", "")


def test_missing_photo_is_an_error_not_a_gap():
    content = pdi_sheet()
    content["lists"][0]["sections"][0]["items"][1]["answer"]["photos"][0]["file"] = "lost"
    with pytest.raises(KeyError, match="lost"):
        printed(content)


def test_signature_may_be_a_dot_or_nothing():
    dot = {**signature("客户", "Customer", "王", 1), "ink": [{"points": [{"x": 3, "y": 4}]}]}
    blank = {**signature("客户", "Customer", "王", 1), "ink": [{"points": []}]}
    content = pdi_sheet()
    content["signatures"] = [dot, blank]
    assert "客户·Customer" in "".join(pages(content))
