"""Owed contacts with no network: dialled, made, tried in vain, promised; a customer taken over; quiet hours."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from server.commands.demonstration.at_home import CLOSED, NOW
from server.commands.trial.chromium import PHONE, TABLET
from server.database import uuid7

OPEN = """UPDATE parameters SET value = '{"opens": 0, "closes": 1440}' WHERE key = 'calling_hours'"""
TODAY_ALONE = """INSERT INTO calling_wishes (id, store_id, customer_id, opens, closes, weekdays, taken_by, at)
    SELECT ?, store_id, customer_id, 0, 1440, ?, owed_by, created_at FROM contacts WHERE id = ?"""


@pytest.fixture
def lin(yard, tablet):
    """Lin on the phone, at a store that calls day and night: whenever this runs, somebody may be called."""
    yard.set(OPEN)
    return tablet("lin", PHONE)


@pytest.fixture
def call(yard):
    """What Lin owes first, besides her prospects."""
    question = """SELECT o.id FROM contacts o JOIN staff s ON s.id = o.owed_by
        WHERE s.name = 'lin' AND o.state = 'owed' AND o.prospect_id IS NULL ORDER BY o.due_at LIMIT 1"""
    return f"/contacts/{yard.ask(question)[0][0]}"


def dialled(desk, place):
    """One tap: where the telephone would be led to, and what was kept."""
    desk.run(
        "() => addEventListener('click', (tap) => tap.target.closest('[href^=tel]') && tap.preventDefault(), true)"
    )
    place.click()
    desk.kept()


def outcomes(yard, call):
    """What the house holds of every time it was tried."""
    tries = "SELECT outcome, note, begun_at IS NOT NULL FROM contact_tries WHERE contact_id = ? ORDER BY made_at"
    return yard.ask(tries, call.rpartition("/")[2])


def test_one_tap_dials_and_begins_and_the_outcome_takes_two_more_without_a_network(lin, yard, call):
    lin.go("/contacts")
    lin.go(call)
    lin.go("/contacts")
    lin.offline()
    lin.page.reload()
    row = lin.page.locator("li.row", has=lin.page.locator(f"a.whole[href^='{call}']"))
    dial = row.locator("a[href^='tel:']")
    assert dial.get_attribute("href").startswith("tel:+86")
    dialled(lin, dial)
    lin.page.wait_for_url(f"**{call}")
    (begun,) = lin.queue
    assert begun["path"] == f"{call}/begin"
    lin.page.locator("#outcome label", has_text="满意，没有问题").click()
    lin.press(".dock button.primary")
    assert [op["path"] for op in lin.queue] == [f"{call}/begin", f"{call}/outcome"]
    expect(row.locator(".chip.wait")).to_be_visible()
    expect(dial).to_be_hidden()

    lin.offline(False)
    lin.send()
    assert outcomes(yard, call) == [("reached", "满意，没有问题", 1)]


def test_three_tries_in_vain_without_a_network_ask_the_manager(tablet, yard, call):
    yard.set(OPEN)
    lin = tablet("lin", PHONE)
    lin.go(call)
    lin.offline()
    for _ in range(3):
        lin.go(call)
        lin.page.locator("#outcome label").first.click()
        lin.press(".dock button.primary")
    lin.offline(False)
    lin.send()
    tries = outcomes(yard, call)
    assert {one[0] for one in tries} == {"not_reached"}
    assert len(tries) == 3
    gao = tablet("gao", TABLET)
    gao.go("/contacts?only=escalated")
    row = gao.page.locator("li.row", has=gao.page.locator(f"a.whole[href^='{call}']"))
    expect(row.locator(".chip.warn")).to_have_text("多次未接通")
    gao.go(call)
    gao.page.locator("input[name=way][value=pass]").check(force=True)
    gao.page.select_option("#to", label="方远")
    gao.press("form[action$='/direction'] button")
    assert yard.ask(
        "SELECT s.name FROM contacts o JOIN staff s ON s.id = o.owed_by WHERE o.id = ?", call.rpartition("/")[2]
    ) == [("fang",)]


def test_a_page_that_lies_there_for_a_day_shows_no_telephone_any_more(lin, yard, call):
    here = datetime.now(ZoneInfo("Asia/Shanghai"))
    yard.set(TODAY_ALONE, str(uuid7()), f"[{here.weekday()}]", call.rpartition("/")[2])
    lin.go(call)
    lin.offline()
    lin.page.clock.install(time=here)
    lin.go(call)
    dial = lin.page.locator("form[data-callable]")
    expect(dial).to_be_visible()
    lin.page.clock.fast_forward("24:00:00")
    expect(dial).to_be_hidden()
    expect(lin.page.locator("[data-closed]")).to_contain_text("客户要求只在 周")


def test_something_is_promised_without_a_network_in_two_taps(lin, yard):
    (customer,) = yard.ask("SELECT id FROM customers WHERE name = ?", CLOSED)[0]
    lin.go(f"/customers/{customer}")
    lin.offline()
    lin.go(f"/customers/{customer}")
    lin.page.locator("#owed summary", has_text="答应客户").click()
    form = lin.page.locator("form.promise", has_text="答应回电")
    form.locator("button", has_text="明天").click()
    lin.kept()
    (op,) = lin.queue
    assert op["path"].endswith("/promises")
    lin.offline(False)
    lin.send()
    made = "SELECT count(*) FROM contacts WHERE customer_id = ? AND kind = 'call_back' AND state = 'owed'"
    assert yard.ask(made, customer) == [(1,)]


def test_a_customer_is_taken_over_without_a_network_and_the_receipt_follows(tablet, yard):
    question = """SELECT h.id FROM data_handovers h JOIN customers c ON c.id = h.customer_id
        WHERE c.name = ? AND h.state = 'offered'"""
    place = f"/data-handovers/{yard.ask(question, NOW)[0][0]}"
    chen = tablet("chen", TABLET)
    chen.go(place)
    expect(chen.page.locator("#consents")).to_have_text("客户授权（随资料移交）")
    chen.offline()
    chen.go(place)
    chen.page.fill("#note", "首保已约")
    chen.press(".dock button.primary")
    assert len(chen.queue) == 1
    chen.offline(False)
    chen.send()
    chen.go(place)
    expect(chen.page.locator("a[href$='.pdf']")).to_contain_text("移交单")
    assert yard.ask("SELECT state, note FROM data_handovers WHERE id = ?", place.rpartition("/")[2]) == [
        ("taken", "首保已约")
    ]


def test_a_choice_without_a_network_says_so_and_the_list_stays_as_it_was(lin):
    lin.go("/contacts")
    lin.offline()
    lin.page.reload()
    rows = lin.page.locator("#list li.row").count()
    assert rows
    lin.page.select_option("[name=only]", "overdue")
    expect(lin.page.locator("[data-search-word]")).to_be_visible()
    expect(lin.page.locator("[name=only]")).to_have_value("")
    assert lin.page.locator("#list li.row").count() == rows
