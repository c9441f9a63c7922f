"""The battery is empty in the middle of the work: all of it is there again, without a network (G6)."""

import base64
from types import SimpleNamespace

import pytest
from playwright.sync_api import Error, expect

from server.commands.faults.device import Device
from server.commands.faults.modes import Mode
from server.commands.trial import checklist
from tests.browser.field import OUTBOX, kept

BODIES = f"""async () => {{
  const photos = (await ({OUTBOX})()).filter(({{ path }}) => path.endsWith('/photos')).map(({{ key }}) => key);
  return (await ({kept("body")})()).filter(({{ key }}) => photos.includes(key)).map(({{ bytes }}) =>
    btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('')));
}}"""
STILL = "() => !document.querySelector('form[aria-busy=true], form[data-taking]')"


@pytest.fixture
def device(browser, yard, tmp_path):
    """Lin's tablet with a disk of its own, the handover taken along."""
    one = Device(SimpleNamespace(chromium=browser.browser_type), yard.address, tmp_path / "profile")
    one.sign_in("lin")
    one.go(yard.handover.address)
    one.page.locator("[data-take]").click()
    one.page.wait_for_url("**/aboard")
    yield one
    yard.proxy.become(Mode.PASS)
    one.close()


def item(device, nth):
    """On the page that is open."""
    return device.page.locator(".items > .item").nth(nth)


def test_nothing_is_lost_with_the_browser(device, yard):
    yard.proxy.become(Mode.REFUSE)
    sections = yard.handover.sections
    device.go(sections[6])
    for box in device.page.locator(".item .tick.box").all():
        box.click()
    device.page.wait_for_function(STILL)
    assert device.draw("#sign-section")
    device.page.wait_for_url(lambda url: url.endswith(sections[7]))
    device.go(sections[2])
    first, second = (item(device, nth) for nth in (0, 1))
    first.locator("label.warn").click()
    first.locator("form.photo input[type=file]").set_input_files(checklist.photo("划痕"))
    first.locator(".thumb.wait img").wait_for()
    device.page.wait_for_function(STILL)
    second.locator("summary").click()
    second.locator("[name=note]").press_sequentially("右后轮毂有一道")
    device.page.wait_for_timeout(500)  # longer than the pause after the last key
    waiting, bodies = device.waiting(), device.page.evaluate(BODIES)
    assert [op["path"].split("/")[-1] for op in waiting] == ["answer"] * 3 + ["signature", "answer", "photos"]

    device.kill()
    device.open()
    device.go(sections[2])
    first, second = (item(device, nth) for nth in (0, 1))
    assert device.waiting() == waiting
    assert device.page.evaluate(BODIES) == bodies
    assert base64.b64decode(bodies[0]).count(b"\xff\xd8\xff") == 1, "one photo, whole"
    expect(first.locator("label.warn input")).to_be_checked()
    expect(first.locator(".thumb.wait img")).to_be_visible()
    expect(first.locator(":scope > .mark")).to_contain_text("↑")
    expect(second.locator("[name=note]")).to_have_value("右后轮毂有一道")
    expect(second.locator("[name=note]")).to_be_focused()
    second.locator("[name=note]").press_sequentially("划痕")
    device.go(sections[6])
    expect(device.page.locator("#sign-section")).to_be_hidden()
    expect(device.page.locator("[data-sync]")).to_contain_text("↑")

    yard.proxy.become(Mode.PASS)
    device.drained()
    device.sign_in("lin")  # a cookie that was not yet on the disk is gone; the work went out all the same
    device.go(sections[6])
    expect(device.page.locator("figure.sign img.inked")).to_be_visible()
    device.go(sections[2])
    expect(first.locator("a.thumb")).to_have_count(1)


def test_nothing_is_lost_with_a_tab_or_its_page(device, yard):
    yard.proxy.become(Mode.REFUSE)
    device.go(yard.handover.sections[3])
    device.page.locator(".tick.box").first.click()
    device.page.wait_for_function(STILL)
    other = device.context.new_page()
    device.page.close()
    device.page = other
    device.go(yard.handover.sections[3])
    expect(first_of(other)).to_be_checked()
    other.locator(".tick.box").nth(1).click()
    other.wait_for_function(STILL)
    with pytest.raises(Error):
        other.goto("chrome://crash")
    device.page = device.context.new_page()
    device.go(yard.handover.sections[3])
    expect(first_of(device.page)).to_be_checked()
    expect(device.page.locator(".tick.box input").nth(1)).to_be_checked()
    assert len(device.waiting()) == 2
    yard.proxy.become(Mode.PASS)
    device.drained()


def first_of(page):
    """The box of the first item."""
    return page.locator(".tick.box input").first
