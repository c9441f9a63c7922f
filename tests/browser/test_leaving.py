"""A tablet changes hands, or somebody signs out: their work stays and goes out in their name, their pages go (G6)."""

import pytest
from playwright.sync_api import expect

from server.commands.demonstration.stores import PIN
from server.commands.faults.modes import Mode
from tests.browser.field import OUTBOX

COPIES = """async () => (await Promise.all((await caches.keys()).filter((name) => name.startsWith('pages-'))
  .map(async (name) => (await (await caches.open(name)).keys()).length))).reduce((sum, one) => sum + one, 0)"""
EMPTY = f"async () => !(await ({OUTBOX})()).length"


@pytest.fixture
def shared(tablet, yard):
    """A tablet on which Zhou has tapped an item that cannot be sent."""
    one = tablet("zhou")
    one.take_along(yard.pdi)
    yard.proxy.become(Mode.RESET, only=lambda asked: asked.path.startswith("/runs/"))
    one.go(yard.pdi.sections[6])
    tap(one)
    return one


def tap(desk):
    """Another verdict than there is."""
    checked = desk.page.locator(".rag input:checked")
    desk.before = checked.get_attribute("value") if checked.count() else "none"
    desk.page.locator(f"label.{'good' if desk.before == 'watch' else 'warn'}").click()
    desk.kept()


def by(yard):
    """Who gave the last answer."""
    return yard.ask("""SELECT staff.name FROM checklist_answers JOIN staff ON staff.id = checklist_answers.by_id
                       ORDER BY checklist_answers.id DESC LIMIT 1""")[0][0]  # fmt: skip


def is_unseen(desk, yard):
    """The other person sees a count and nothing more."""
    desk.go("/outbox")
    expect(desk.page.locator("p[data-others]")).to_contain_text("1")
    expect(desk.page.locator("[data-op]")).to_have_count(0)
    expect(desk.bar).to_have_text(f"↑ {desk.says('othersCount', count=1)}")
    desk.go(yard.pdi.sections[6])
    assert desk.page.locator(".mark").count() == 0
    assert desk.page.locator(f".rag input:checked:not([value={desk.before}])").count() == 0


def test_the_tablet_changes_hands_while_work_waits(shared, yard):
    shared.take_over("wu")
    is_unseen(shared, yard)
    yard.proxy.become(Mode.PASS)
    shared.until(EMPTY)
    assert by(yard) == "zhou"


def test_no_copy_is_anybodys_while_the_tablet_changes_hands(shared, yard):
    shared.go("/switch?name=wu")
    shared.page.fill("#pin", PIN)
    yard.proxy.become(Mode.RESET, only=lambda asked: not asked.is_post or asked.path.startswith("/runs/"))
    shared.press("form.card button.primary")
    expect(shared.page.locator("[data-of-page]")).to_be_visible()
    shared.go(yard.pdi.sections[0])
    expect(shared.page.locator("[data-of-page]")).to_be_visible()
    yard.proxy.become(Mode.RESET, only=lambda asked: asked.path.startswith("/runs/"))
    shared.go("/")
    assert "吴" in shared.page.locator("h1").inner_text()
    is_unseen(shared, yard)


def test_without_a_network_the_tablet_stays_with_whoever_has_it(shared, yard):
    shared.go("/switch?name=wu")
    shared.page.fill("#pin", PIN)
    shared.offline()
    shared.press("form.card button.primary")
    expect(shared.page.locator("[data-back]:visible")).to_be_visible()
    shared.go(yard.pdi.sections[6])
    expect(shared.page.locator(".item .mark")).to_contain_text("↑")


def test_after_signing_out_no_page_opens_and_the_work_still_goes_out(tablet, shared, yard):
    shared.go("/me")
    shared.press("form[action='/sign-out'] button")
    shared.page.wait_for_url("**/sign-in")
    assert shared.run(COPIES) == 0
    shared.offline()
    for page in ("/", "/outbox", yard.pdi.address, yard.pdi.sections[6]):
        shared.go(page)
        expect(shared.page.locator("[data-of-page]")).to_be_visible()
    shared.offline(False)
    shared.sign_in("wu").ready()
    is_unseen(shared, yard)
    yard.proxy.become(Mode.PASS)
    shared.until(EMPTY)
    assert by(yard) == "zhou"


def test_signing_out_without_a_network_is_heard_before_anything_else(shared, yard):
    shared.go("/me")
    (session,) = [one["value"] for one in shared.context.cookies() if one["name"] == "huanche_session"]
    shared.offline()
    shared.press("form[action='/sign-out'] button")
    expect(shared.page.locator("[data-of-leaving]")).to_be_visible()
    expect(shared.page.locator("[data-of-waiting]")).to_contain_text("1")
    assert shared.run(COPIES) == 0
    shared.go(yard.pdi.sections[6])
    expect(shared.page.locator("[data-of-leaving]")).to_be_visible()

    asked = []
    yard.proxy.become(Mode.RESET, only=lambda one: asked.append(one.path) or False)
    shared.offline(False)
    shared.go("/")
    assert shared.path == "/sign-in"
    assert next(one for one in asked if not one.startswith("/static/")) == "/sign-out"
    shared.until(EMPTY)
    assert by(yard) == "zhou"
    stranger = shared.context.browser.new_context(base_url=yard.address)
    stranger.add_cookies([{"name": "huanche_session", "value": session, "url": yard.address}])
    assert stranger.request.get("/", max_redirects=0).status == 303, "the session itself is over"
    stranger.close()


def test_a_network_that_lies_does_not_end_the_sign_out_early(shared, yard):
    shared.go("/me")
    yard.proxy.become(Mode.PORTAL)
    shared.press("form[action='/sign-out'] button")
    assert shared.path != "/sign-in"
    yard.proxy.become(Mode.PASS)
    shared.go("/me")
    assert shared.path == "/sign-in"
    shared.until(EMPTY)
