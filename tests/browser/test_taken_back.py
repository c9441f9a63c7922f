"""An answer that is taken back is none, with a network as without: nobody is asked to sign what is not done (G6)."""

import pytest
from playwright.sync_api import expect

from tests.browser.field import OUTBOX

LAST = 8  # the service advisor is introduced: four boxes, and the customer signs


@pytest.fixture
def lin(tablet, yard):
    """Lin at the last section but one of the handover, all of it ticked on the tablet or at the house."""
    one = tablet("lin")
    one.take_along(yard.handover)
    one.go(yard.handover.sections[LAST])
    return one


def boxes(lin):
    """Where something is ticked."""
    return [item for item in lin.items() if item.locator(".tick.box input").count()]


def tap_all(lin):
    """Each of them once."""
    for item in boxes(lin):
        item.locator(".tick.box").click()
        lin.kept()


def tell(lin):
    """What the page counts: of the section, of the whole, and whether the customer is asked to sign."""
    done = lin.page.locator("[aria-current=step] [data-done]").inner_text()
    return done, lin.page.locator("[data-total]").inner_text(), lin.page.locator("#sign-section").is_visible()


def stands(lin, counts):
    """Until the page counts so again."""
    done, total, is_asked = counts
    expect(lin.page.locator("[aria-current=step] [data-done]")).to_have_text(done)
    expect(lin.page.locator("[data-total]")).to_have_text(total)
    expect(lin.page.locator("#sign-section")).to_be_visible(visible=is_asked)


def test_what_is_unticked_without_a_network_is_open_again(lin, yard):
    before = tell(lin)
    assert before[2] is False
    lin.offline()
    lin.go(yard.handover.sections[LAST])
    tap_all(lin)
    assert tell(lin)[2] is True
    tap_all(lin)
    stands(lin, before)
    expect(lin.page.locator("#open-count")).to_have_class("chip push warn")
    lin.go(yard.handover.sections[LAST])
    expect(lin.page.locator("[data-owing=section]")).to_be_visible()
    stands(lin, before)
    lin.offline(False)
    lin.send()
    lin.go(yard.handover.sections[LAST])
    stands(lin, before)


def test_what_stood_at_the_house_is_open_again_once_it_is_unticked(lin, yard):
    before = tell(lin)
    tap_all(lin)
    expect(lin.bar).to_be_hidden()
    lin.go(yard.handover.sections[LAST])
    assert tell(lin)[2] is True
    lin.offline()
    lin.go(yard.handover.sections[LAST])
    tap_all(lin)
    stands(lin, before)
    lin.offline(False)
    lin.send()
    lin.go(yard.handover.sections[LAST])
    stands(lin, before)


def test_unticking_counts_at_once_with_a_network_too(lin, yard):
    before = tell(lin)
    box = boxes(lin)[0]
    for ticked in (True, False):
        box.locator(".tick.box").click()
        expect(box.locator(":scope > .mark")).to_contain_text("✓")
        expect(box.locator(".tick.box input")).to_be_checked(checked=ticked)
    expect(lin.bar).to_be_hidden()
    expect(lin.page.locator("[aria-current=step] [data-done]")).to_have_text(before[0])
    stands(lin, before)


def test_a_copy_from_before_shows_what_the_house_has_taken_since(lin, yard):
    before, place = tell(lin), yard.handover.sections[LAST]

    def lose(route, request):
        if "outbox-stock" not in request.headers:
            return route.continue_()
        return route.abort()

    lin.context.route(f"**{place}", lose)
    boxes(lin)[0].locator(".tick.box").click()
    lin.kept()
    lin.until(f"async () => !(await ({OUTBOX})()).length")
    lin.offline()
    lin.go(place)
    expect(boxes(lin)[0].locator(".tick.box input")).to_be_checked()
    assert tell(lin) != before
    lin.context.unroute(f"**{place}")
    boxes(lin)[0].locator(".tick.box").click()
    lin.kept()
    stands(lin, before)
    lin.go(place)
    expect(boxes(lin)[0].locator(".tick.box input")).not_to_be_checked()
    lin.offline(False)
    lin.send()
    lin.go(place)
    stands(lin, before)
