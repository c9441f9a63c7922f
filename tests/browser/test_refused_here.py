"""What is wrong is said at its field: at once where the page can see it, and by the house before one's eyes (G6)."""

import pytest
from playwright.sync_api import expect

from server.commands.trial import checklist
from server.commands.trial.chromium import PHONE


@pytest.fixture
def lin(tablet):
    """Lin on the phone."""
    return tablet("lin", PHONE)


def press(lin):
    """The main button, which leads nowhere this time."""
    lin.page.locator(".dock button.primary").click()


def error(lin, field):
    """What stands at a field."""
    return lin.page.locator(f".field:has(#{field}) .error")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_the_page_can_see_is_refused_at_once_without_a_network(tablet, language):
    lin = tablet("lin", PHONE, language=language)
    said = {"zh": ("请填写", "11"), "en": ("Please fill", "11 digits")}[language]
    lin.offline()
    lin.go("/customers/new")
    lin.page.fill("#phone", "123")
    press(lin)
    expect(error(lin, "name")).to_contain_text(said[0])
    expect(error(lin, "phone")).to_contain_text(said[1])
    expect(lin.page.locator("#name")).to_be_focused()
    assert lin.queue == []
    lin.page.fill("#name", "   ")
    press(lin)
    assert lin.queue == []

    lin.page.fill("#name", "钱多多")
    expect(error(lin, "name")).to_have_count(0)
    lin.page.fill("#phone", "138 5530 7788")
    lin.press(".dock button.primary")
    assert lin.path.startswith("/customers/0")
    (op,) = lin.queue
    assert op["words"] == [{"zh": "个人", "en": "Person"}[language], "钱多多", "138 5530 7788"]


def test_an_outcome_has_to_be_chosen(lin):
    lin.go("/contacts?show=later")
    lin.press(lin.page.locator("a.whole[href^='/contacts/']").first)
    lin.offline()
    lin.page.reload()
    press(lin)
    expect(lin.page.locator("#outcome .error")).to_be_visible()
    assert lin.queue == []
    lin.page.locator("#outcome label").nth(1).click()
    expect(lin.page.locator("#outcome .error")).to_have_count(0)


def test_neither_a_word_for_a_number_nor_a_paper_for_a_photo_is_kept(tablet, yard):
    zhou = tablet("zhou", PHONE)
    zhou.take_along(yard.pdi)
    zhou.offline()
    zhou.go(yard.pdi.sections[2])
    item = zhou.items()[1]
    for wrong in ("十二伏", "-3", "999999999"):
        item.locator("[name=number]").fill(wrong)
        item.locator("[name=number]").blur()
        expect(item.locator(".error")).to_be_visible()
        assert zhou.queue == [], wrong
    photo = zhou.items()[0].locator("form.photo")
    for name, kind in (("list.txt", "text/plain"), ("broken.jpg", "image/jpeg")):
        photo.locator("input[type=file]").set_input_files({"name": name, "mimeType": kind, "buffer": b"no picture"})
        expect(photo.locator(".error")).to_be_visible()
        zhou.kept()
        assert zhou.queue == [], name
        photo.locator(".error").evaluate("(one) => one.remove()")
    photo.locator("input[type=file]").set_input_files(checklist.photo("轮胎"))
    expect(photo.locator(".thumb.wait")).to_have_count(1)
    item.locator("[name=number]").fill("１２.６")
    item.locator("[name=number]").blur()
    expect(item.locator(".error")).to_have_count(0)
    zhou.kept()
    assert sorted(op["path"].split("/")[-1] for op in zhou.queue) == ["answer", "photos"]
    zhou.offline(False)
    zhou.send()


def test_what_the_house_refuses_on_the_open_page_is_a_draft_and_waits_for_nobody(lin):
    lin.go("/customers/new")
    lin.page.fill("#name", "何其多")
    lin.page.fill("#personal_number", "34020219900101")
    press(lin)
    expect(error(lin, "personal_number")).to_be_visible()
    expect(lin.bar).to_be_hidden()
    assert lin.queue == []
    lin.speak("en")
    expect(lin.page.locator("#name")).to_have_value("何其多")
    expect(lin.bar).to_be_hidden()
    lin.speak("zh")
    press(lin)
    expect(error(lin, "personal_number")).to_be_visible()
    lin.press(".dock a.button")  # not now
    expect(lin.bar).to_be_hidden()
    lin.go("/customers/new")
    expect(lin.page.locator("#name")).to_have_value("何其多")
    expect(lin.page.locator("#personal_number")).to_have_value("34020219900101")
    lin.page.fill("#personal_number", "")
    lin.press(".dock button.primary")
    expect(lin.page.locator("h1")).to_have_text("何其多")
    lin.go("/customers/new")
    lin.page.wait_for_timeout(500)  # long enough for a draft to be given back
    assert lin.page.input_value("#name") == ""


def test_what_is_refused_while_nobody_looks_needs_its_person(lin):
    lin.offline()
    lin.go("/customers/new")
    lin.page.fill("#name", "何其少")
    lin.page.fill("#personal_number", "34020219900102")
    lin.press(".dock button.primary")
    lin.go("/outbox")
    lin.offline(False)
    row = lin.page.locator("[data-op]")
    expect(row.locator("[data-why]")).to_be_visible(timeout=20_000)
    expect(row).to_contain_text("何其少")
    assert "34020219900102" not in row.inner_text()
    assert not lin.run("() => /[0-9a-f]{8}-[0-9a-f]{4}-/.test(document.querySelector('[data-outbox]').innerText)")
    lin.press(row.locator("[data-way]"))
    expect(error(lin, "personal_number")).to_have_text(lin.queue[0]["said"])
    lin.page.fill("#personal_number", "")
    lin.press(".dock button.primary")
    expect(lin.page.locator("h1")).to_have_text("何其少")
    expect(lin.bar).to_be_hidden()


def test_nobody_is_promised_that_what_was_refused_goes_by_itself(tablet):
    lin, admin = tablet("lin"), tablet("admin")
    lin.go("/me")
    lin.offline()
    for number in ("34020219900103", "34020219900104"):
        lin.go("/customers/new")
        lin.page.fill("#name", "李雷")
        lin.page.fill("#personal_number", number)
        lin.press(".dock button.primary")
    lin.go("/outbox")
    lin.offline(False)
    expect(lin.page.locator("[data-op].bad")).to_have_count(2, timeout=20_000)
    lin.offline()
    lin.go("/customers/new")
    lin.page.fill("#name", "韩梅梅")
    lin.press(".dock button.primary")
    lin.go("/me")
    lin.press("form[action='/sign-out'] button")
    expect(lin.page.locator("[data-of-waiting]")).to_contain_text("1")
    expect(lin.page.locator("[data-of-needing]")).to_contain_text("2 项被退回")

    lin.offline(False)
    lin.go("/sign-in")
    lin.sign_in("chen")
    expect(lin.bar).to_have_text("! 同事 2 项需本人处理", timeout=20_000)
    lin.go("/outbox")
    expect(lin.page.locator("[data-others]")).to_be_hidden()
    expect(lin.page.locator("[data-others-needing]")).to_contain_text("2")
    own = next(cookie["value"] for cookie in lin.context.cookies() if cookie["name"] == "huanche_device")
    admin.go("/devices")
    row = admin.page.locator("li.row", has=admin.page.locator(f"a[href='/devices/{own}']"))
    expect(row).to_contain_text("! 2 项被退回")
    expect(row).not_to_contain_text("↑")
