"""What was typed and not sent: it outlives a change of language and a reload, and is gone once it was sent."""

from playwright.sync_api import expect

from server.commands.trial.chromium import PHONE
from tests.browser.field import OUTBOX, kept

DRAFTS = kept("draft")
WRITTEN = f"async (word) => JSON.stringify(await ({DRAFTS})()).includes(word)"


def test_what_was_typed_outlives_a_change_of_language(tablet):
    lin = tablet("lin")
    lin.go("/customers/new")
    lin.page.fill("#name", "钱多多")
    lin.page.fill("#note", "周末带家人来看车")
    lin.speak("en")
    expect(lin.page.locator("#name")).to_have_value("钱多多")
    expect(lin.page.locator("#note")).to_have_value("周末带家人来看车")


def test_what_was_typed_is_gone_once_it_is_kept(tablet):
    lin = tablet("lin")
    lin.offline()
    lin.go("/customers/new")
    lin.page.fill("#name", "郑一鸣")
    lin.until(WRITTEN, "郑一鸣")
    lin.press(".dock button.primary")
    assert lin.run(DRAFTS) == []
    lin.go("/customers/new")
    lin.page.wait_for_timeout(500)  # long enough for a draft to be given back
    assert lin.page.input_value("#name") == ""
    lin.offline(False)
    lin.send()


def test_a_note_breaks_off_and_is_written_on(tablet, yard):
    zhou = tablet("zhou", PHONE)
    zhou.go(yard.pdi.sections[7])
    item = zhou.items()[1]
    note = item.locator("[name=note]")
    item.locator("summary").click()
    note.press_sequentially("踏板垫还没")
    zhou.until(WRITTEN, "踏板垫还没")
    assert zhou.queue == []
    zhou.page.reload()
    expect(note).to_have_value("踏板垫还没")
    expect(note).to_be_focused()
    assert zhou.queue == [], "nobody has left the line"
    note.press_sequentially("到货")
    zhou.press(".dock a.button")
    zhou.go(yard.pdi.sections[7])
    expect(note).to_have_value("踏板垫还没到货")
    zhou.until(f"async () => !(await ({DRAFTS})()).length")


def test_a_change_of_language_answers_nothing_once_more(tablet, yard):
    zhou = tablet("zhou", PHONE)
    zhou.go(yard.pdi.sections[2])
    number = zhou.items()[1].locator("[name=number]")
    number.fill("12.6")
    number.blur()
    zhou.kept()
    zhou.until(f"async () => !(await ({OUTBOX})()).length")
    answers = yard.ask("SELECT count(*) FROM checklist_answers")
    for language in ("en", "zh"):
        zhou.speak(language)
        expect(number).to_have_value("12.6")
        zhou.page.wait_for_timeout(500)  # long enough for a draft to be given back
        assert zhou.queue == []
    assert yard.ask("SELECT count(*) FROM checklist_answers") == answers


def test_a_form_that_needs_the_house_says_that_nothing_was_sent(tablet):
    lin = tablet("lin", language="en")
    lin.go("/me")
    lin.go("/deliveries/new")
    lin.page.locator("textarea[name=note]").fill("Bring the red ribbon")
    lin.offline()
    lin.press(".dock button.primary")
    expect(lin.page.locator("h1:visible")).to_have_text("No network, and this cannot be done without one")
    lin.offline(False)
    lin.press("[data-back]")
    expect(lin.page.locator("textarea[name=note]")).to_have_value("Bring the red ribbon")


def test_no_password_and_no_pin_is_ever_written_down(tablet):
    lin = tablet("lin")
    lin.go("/me")
    for field in lin.page.locator("main input[type=password]").all():
        field.press_sequentially("135790")
    lin.page.wait_for_timeout(600)  # twice the pause after which a draft is written
    lin.go("/switch?name=zhou")
    lin.page.locator("#pin").press_sequentially("135790")
    lin.page.wait_for_timeout(600)
    assert "135790" not in str(lin.run(DRAFTS))
