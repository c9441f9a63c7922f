"""A browser without service workers: no page opens without a network, and everything else is as with them (G6)."""

import re

import pytest
from playwright.sync_api import expect

from server.commands.trial import checklist
from tests.browser.field import OUTBOX

EMPTY = f"async () => !(await ({OUTBOX})()).length"


@pytest.fixture
def lin(tablet):
    """Lin's tablet, with an old browser."""
    return tablet("lin", workers=False)


def test_what_is_done_on_an_open_page_waits_and_is_sent(lin, yard):
    lin.go(yard.handover.sections[0])
    item = next(one for one in lin.items() if one.locator("form.photo").count())
    pictures = item.locator("a.thumb").count()
    lin.offline()
    item.locator("label.warn").click()
    item.locator("[name=note]").fill("电量只有一格")
    item.locator("[name=note]").blur()
    item.locator("form.photo input[type=file]").set_input_files(checklist.photo("电量"))
    item.locator(".thumb.wait").wait_for()
    expect(item.locator(":scope > .mark")).to_contain_text("↑")
    expect(lin.bar).to_have_text(f"↑ {lin.says('waitingCount', 'offline', count=3)}")

    lin.offline(False)
    lin.until(EMPTY)
    expect(item.locator(":scope > .mark")).to_contain_text("✓")
    expect(lin.bar).to_be_hidden()
    expect(item.locator("a.thumb")).to_have_count(pictures + 1)


def test_a_form_that_leads_on_stays_where_it_is(lin, yard):
    lin.go("/customers/new")
    lin.page.fill("#name", "冯小刚")
    lin.page.fill("#phone", "13955512431")
    lin.offline()
    lin.page.locator(".dock button.primary").click()
    expect(lin.bar).to_have_text(f"↑ {lin.says('waitingCount', 'offline', count=1)}")
    expect(lin.page.locator("#name")).to_have_value("")
    assert lin.path == "/customers/new"
    lin.page.fill("#name", "陈小春")
    lin.page.fill("#phone", "13955512432")
    lin.page.locator(".dock button.primary").click()
    expect(lin.bar).to_have_text(f"↑ {lin.says('waitingCount', 'offline', count=2)}")
    lin.offline(False)
    lin.until(EMPTY)
    assert yard.ask("SELECT count(*) FROM customers WHERE name IN ('冯小刚', '陈小春')") == [(2,)]


def test_signing_out_without_a_network_is_done_on_return(lin):
    lin.go("/me")
    lin.offline()
    with lin.page.expect_event("requestfailed", lambda one: one.is_navigation_request()):
        lin.page.locator("form[action='/sign-out'] button").click()
    lin.offline(False)
    lin.go("/customers")
    lin.page.wait_for_url(re.compile("/sign-in"))  # whichever hears of the network first: this page, or the one before
