"""A delivery where there is no network: taken along, walked through, signed, completed, and sent on return (G6)."""

import re
from io import BytesIO

import pytest
from playwright.sync_api import Page, expect
from pypdf import PdfReader

from server.commands.demonstration.week import READY
from server.commands.trial import checklist
from server.commands.trial.desk import Desk
from server.commands.trial.house import demonstration
from tests.browser.field import OUTBOX

QUEUE = f"async () => (await ({OUTBOX})()).map(({{ path, state, said }}) => ({{ path, state, said }}))"


@pytest.fixture(scope="module")
def own_house():
    """A house of its own: here things are completed that others want to find begun."""
    with demonstration() as address:
        yield address


@pytest.fixture
def lin(browser, own_house):
    """Lin's tablet, with what the app keeps at hand."""
    desk = ready(Desk(browser, own_house).sign_in("lin"))
    yield desk
    desk.close()


def ready(desk: Desk) -> Desk:
    """Once its worker is at work and it holds a ticket."""
    desk.until("() => navigator.serviceWorker.ready.then((one) => Boolean(one.active))")
    desk.until("""async () => (await caches.keys()).some((name) => name.startsWith('pages-'))""")
    desk.go("/")
    return desk


def kept(page: Page) -> None:
    """Until what was done is on the disk of the device."""
    page.wait_for_function("() => !document.querySelector('[aria-busy=true]')")


def walk_without_network(desk: Desk) -> None:
    """Section after section as in the yard: taps, readings, photos, signatures."""
    page = desk.page
    for _ in range(30):
        for item in checklist.open_items(desk):
            reading = item.locator("fieldset:not([disabled]) input[name=number]")
            if reading.count() and not reading.input_value():
                unit = (item.locator(".measure > span").text_content() or "").split()[0]
                reading.fill(checklist.READ[unit])
                reading.blur()
            for place in (item.locator("label.good"), item.locator(".tick.box")):
                if place.count() and not item.locator("input:checked").count():
                    place.click()
            if item.locator(".thumb.add.must").count():
                item.locator("form.photo input[type=file]").set_input_files(checklist.photo("路上"))
                item.locator(".thumb.wait").first.wait_for()
            kept(page)
        last = not page.locator(".dock a.primary").count()
        if page.locator("#sign-section").count():
            desk.sign("section")
        elif not last:
            desk.press(".dock a.primary")
        if last:
            return


def test_a_delivery_is_done_wholly_without_a_network(lin):
    page = lin.page
    lin.go("/deliveries")
    lin.press(page.locator("a.whole", has_text=READY))
    number = re.search(r"JC-\d{8}-\d{4}", page.url).group()
    page.locator(f"[data-take='/deliveries/{number}/aboard']").click()
    page.wait_for_url("**/aboard")
    expect(page.locator("[data-list] .row")).to_contain_text(READY)

    lin.context.set_offline(True)
    lin.go(f"/deliveries/{number}")
    expect(page.locator("[data-sync]")).to_be_visible()
    lin.go(f"/deliveries/{number}/handover")
    walk_without_network(lin)
    lin.draw(page.locator("#sign-customer"))
    page.locator("#sign-customer button.primary").click()
    page.locator("#sign-consultant").wait_for()
    expect(page.locator("#sign-consultant .mark")).to_have_count(0)  # the customer's signature is not the consultant's
    lin.draw(page.locator("#sign-consultant"))
    page.locator("#sign-consultant button.primary").click()
    lin.press("#signing form[action$='/completion'] button.primary")
    assert lin.path == f"/deliveries/{number}"
    expect(page.locator(".notice.good[data-turns]")).to_have_count(2)
    expect(page.locator(".notice.good:visible")).to_have_count(1)
    expect(page.locator("ol.steps li.good:visible")).to_have_count(4)
    expect(page.locator(f"a.button[href='/deliveries/{number}/handover'], details:visible")).to_be_hidden()
    waiting = lin.run(QUEUE)
    assert len(waiting) > 40
    assert {one["state"] for one in waiting} == {"waiting"}
    lin.go("/outbox")
    expect(page.locator("[data-list] .row")).to_have_count(len(waiting))

    lin.context.set_offline(False)
    lin.press_send()
    expect(page.locator("[data-nothing]")).to_be_visible(timeout=60_000)
    assert lin.run(QUEUE) == []
    lin.go(f"/deliveries/{number}")
    expect(page.locator("ol.steps li:nth-child(4).good")).to_be_visible()
    paper = page.locator(f"a[href*='{number}.pdf']").first.get_attribute("href")
    said = "".join(one.extract_text() for one in PdfReader(BytesIO(lin.fetch(paper))).pages)
    plain = "".join(said.split())
    assert READY in plain
    assert "DeliveryConfirmation" in plain
    assert "双方确认" in plain
