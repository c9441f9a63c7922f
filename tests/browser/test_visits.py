"""Whoever comes in: received without a network on a tablet, asked what they need, and driving with a phone in hand."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from server.commands.trial.chromium import PHONE
from server.commands.trial.desk import Desk
from server.commands.trial.house import demonstration
from tests.browser.test_offline import kept, ready

BLANK_IS_KEPT = """async () => {
  const shelves = (await caches.keys()).filter((name) => name.startsWith('pages-'));
  const kept = await Promise.all(shelves.map(async (name) => (await caches.open(name)).keys()));
  return kept.flat().some(({ url }) => url.includes('/receptions/00000000'))
    && kept.flat().filter(({ url }) => url.includes('/checklist?section=')).length === 4
    && kept.flat().some(({ url }) => url.endsWith('/receptions'));
}"""


def until(desk: Desk, script: str) -> None:
    """What the browser itself answers only later. Raises AssertionError when it takes too long."""
    for _ in range(150):
        if desk.run(script):
            return
        desk.page.wait_for_timeout(100)
    raise AssertionError(script)


@pytest.fixture(scope="module")
def own_house() -> Iterator[str]:
    """A house of its own: people are written down here."""
    with demonstration() as address:
        yield address


def test_somebody_is_received_where_there_is_no_network(browser: Browser, own_house: str) -> None:
    """One tap starts the clock; they agree, are written down, and leave; then it goes out by itself."""
    desk = ready(Desk(browser, own_house).sign_in("lin"))
    page = desk.page
    until(desk, BLANK_IS_KEPT)
    page.wait_for_load_state("networkidle")  # the ticket, too, is there
    desk.context.set_offline(True)
    page.get_by_role("button", name="客户进店").click()
    page.wait_for_url(re.compile("/receptions/[0-9a-f-]{36}$"))
    expect(page.get_by_role("timer")).to_have_text(re.compile(r"\d\d:\d\d"))
    expect(page.get_by_label("客户姓名")).to_be_hidden()
    page.get_by_role("button", name="同意", exact=True).click()
    expect(page.get_by_label("客户姓名")).to_be_visible()
    page.get_by_label("客户姓名").fill("郝思嘉")
    page.get_by_label("电话").fill("13787650912")
    page.get_by_role("button", name="登记").click()
    kept(page)
    place = page.url
    page.get_by_role("link", name="迎接").click()  # the list runs along
    page.wait_for_url(re.compile("/checklist[?]section="))
    boxes = page.locator(".item .tick.box").all()
    for box in boxes:
        box.click()
    kept(page)
    page.get_by_role("link", name=re.compile("留档")).last.click()
    page.wait_for_url(re.compile("/checklist[?]section="))
    desk.go("/receptions")  # still without a network: it is found again
    expect(page.locator("[data-unsent-visits] a")).to_have_text("郝思嘉")
    assert page.locator("[data-unsent-visits] a").evaluate("link => link.href") == place
    desk.context.set_offline(False)
    desk.go("/outbox")
    desk.press_send()
    expect(page.locator("[data-nothing]")).to_be_visible(timeout=60_000)
    page.goto(place)
    expect(page.get_by_role("heading", level=1)).to_have_text("郝思嘉")
    expect(page.get_by_text(f"{len(boxes) + 1}/")).to_be_visible()  # and how many came, which the house knows
    page.get_by_role("link", name="购车参谋").click()
    page.get_by_label("家用").check()
    page.get_by_label("15–20 万").check()
    expect(page.locator("#matches")).to_contain_text("在预算内")
    desk.close()
    assert [fault for fault in desk.faults if "ERR_INTERNET_DISCONNECTED" not in fault] == []


LIST_IS_KEPT = """async () => {
  const sections = document.querySelector('[data-put-by]').dataset.putBy.split(' ');
  const shelves = (await caches.keys()).filter((name) => name.startsWith('pages-'));
  const kept = (await Promise.all(shelves.map(async (name) => (await caches.open(name)).keys()))).flat();
  return sections.every((place) => kept.some(({ url }) => url.endsWith(place)));
}"""


def test_the_list_of_whoever_is_here_opens_when_the_network_goes(browser: Browser, own_house: str) -> None:
    """Begun at the house: every section was put by with the page of the reception, and so was the way to them."""
    desk = ready(Desk(browser, own_house).sign_in("lin"))
    page = desk.page
    page.get_by_role("button", name="客户进店").click()
    page.wait_for_url(re.compile("/receptions/[0-9a-f-]{36}$"))
    until(desk, LIST_IS_KEPT)
    place = page.url
    sections = page.locator("[data-put-by]").get_attribute("data-put-by") or ""
    desk.context.set_offline(True)
    desk.go(f"{place}/checklist")
    for section in sections.split():
        assert page.url.split("#")[0].endswith(section)
        expect(page.locator(".item").first).to_be_visible()
        if section != sections.split()[-1]:
            page.locator("a.primary[href*='/checklist?section=']").last.click()
            page.wait_for_url(lambda url, before=section: before not in url)
    desk.context.set_offline(False)
    desk.close()


def test_who_was_written_down_again_without_a_network_is_found_to_be_on_file(browser: Browser, own_house: str) -> None:
    """They had left by the time the house was heard of: the visit is theirs with one tap, and nothing is stuck."""
    desk = ready(Desk(browser, own_house).sign_in("lin"))
    page = desk.page
    until(desk, BLANK_IS_KEPT)
    page.wait_for_load_state("networkidle")
    desk.context.set_offline(True)
    page.get_by_role("button", name="客户进店").click()
    page.wait_for_url(re.compile("/receptions/[0-9a-f-]{36}$"))
    place = page.url
    page.get_by_role("button", name="同意", exact=True).click()
    page.get_by_label("客户姓名").fill("孙涛")
    page.get_by_label("电话").fill("13855301002")
    page.get_by_role("button", name="登记").click()
    page.get_by_role("button", name=re.compile("送客")).click()
    kept(page)
    desk.context.set_offline(False)
    desk.go("/outbox")
    desk.press_send()
    expect(page.locator("[data-op].bad, [data-op] .bad").first).to_be_visible(timeout=60_000)
    expect(page.locator("[data-op]")).to_have_count(1)  # what else there was has gone out
    page.goto(place)
    page.get_by_label("来过吗").fill("5301002")
    page.get_by_role("button", name=re.compile("就是这位")).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("孙涛")
    desk.close()


def test_a_drive_is_booked_and_prepared_on_a_phone(browser: Browser, own_house: str) -> None:
    """In English: from the calendar of tomorrow to the list before the drive, and what is wrong at its field."""
    desk = Desk(browser, own_house, PHONE, language="en").sign_in("lin")
    page = desk.page
    desk.go("/test-drives")
    desk.go("/prospects?show=mine")
    page.locator(".row .whole").last.click()
    page.get_by_role("link", name="Book a test drive").click()
    page.get_by_label("Begins").fill("2020-01-01T10:00")
    page.locator("label:has(input[name=car])").first.click()
    page.locator("label:has(input[name=route])").last.click()
    page.get_by_role("button", name="Book", exact=True).click()
    expect(page.locator("#starts_at-error")).to_be_visible()
    assert set(desk.faults) <= {"422 POST /test-drives"}, "the page hears of it where it was the page that sent it"
    desk.faults.clear()
    tomorrow = page.evaluate("() => new Date(Date.now() + 2 * 864e5).toISOString().slice(0, 10)")
    page.get_by_label("Begins").fill(f"{tomorrow}T15:00")
    page.get_by_role("button", name="Book", exact=True).click()
    page.wait_for_url(re.compile("/test-drives/[0-9a-f-]{36}$"))
    expect(page.get_by_text("The licence has not been looked at").first).to_be_visible()
    page.get_by_text("C2", exact=True).click()
    page.get_by_label("First issued on").fill("2016-05-01")
    page.get_by_label("Valid until").fill("2036-05-01")
    page.get_by_label("Licence number").fill("340204198805122216")
    page.get_by_role("button", name="Keep the licence").click()
    expect(page.get_by_text("340***********2216").first).to_be_visible()
    desk.close()
    assert desk.faults == []
