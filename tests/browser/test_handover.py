"""On the phone at the car and on the tablet with the customer (S8)."""

import io

import pytest
from PIL import Image

from server.commands.trial import checklist
from server.commands.trial.chromium import PHONE


def test_a_reading_out_of_limits_is_told_on_the_phone(desk, scene):
    zhou = desk("zhou", PHONE)
    zhou.go(scene.pdi_sections[1])
    item = next(one for one in checklist.open_items(zhou) if one.locator(".measure", has_text="bar").count())
    checklist.measure(zhou, item, "1.2")

    assert item.locator(".caution").is_visible()


def test_a_photo_is_kept_no_larger_than_it_is_looked_at(desk, scene):
    zhou = desk("zhou", PHONE)
    zhou.go(scene.pdi_sections[1])
    item = checklist.open_items(zhou)[0]
    checklist.add_photo(zhou, item, "左前")
    kept = Image.open(io.BytesIO(zhou.fetch(item.locator("a.thumb").last.get_attribute("href"))))

    assert max(kept.size) <= 1600


def test_the_customer_signs_a_section_by_hand(desk, scene):
    lin = desk("lin")
    lin.go(scene.handover_sections[6])
    checklist.fill_in(lin, "7")
    lin.sign("section")
    lin.go(scene.handover_sections[6])

    assert lin.page.locator("figure.sign img.inked").is_visible()


def test_an_empty_signature_is_asked_for_again(desk, scene):
    lin = desk("lin")
    lin.go(scene.handover_sections[2])
    checklist.fill_in(lin, "3")
    form = lin.page.locator("#sign-section")
    form.locator("canvas[data-width]").wait_for()
    form.locator("button.primary").click()

    assert form.locator(".error").is_visible()


@pytest.mark.parametrize(("paper", "verdict"), [("genuine", "good"), ("replaced", "warn")])
def test_the_code_on_a_paper_says_whether_it_stands(desk, scene, paper, verdict):
    stranger = desk(device=PHONE)
    stranger.go(getattr(scene, paper))

    assert stranger.page.locator(f".verdict.{verdict}").is_visible()
    assert "吴晓东" not in stranger.page.inner_text("body")


def test_an_owed_call_is_made(desk, scene):
    lin = desk("lin")
    lin.go(scene.contact)
    lin.page.locator("input[name=outcome][value=reached]").check()
    lin.page.fill("#note", "一切都好")
    lin.press(".dock button.primary")
    lin.go("/contacts?show=done")

    assert lin.page.locator(f"a[href^='{scene.contact}']").count() == 1
