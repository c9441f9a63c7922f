"""Notices on this device (E2): switched on at one's own page, shown by the worker to who holds the device."""

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from playwright.sync_api import Browser, CDPSession
from sqlalchemy import select

from server import push
from server.commands.trial.chromium import PHONE
from server.commands.trial.chromium import Device as Size
from server.commands.trial.desk import Desk
from server.database import Database, now
from server.domain.people import notices
from server.domain.people.subscriptions import Subscription
from tests.cast import Cast
from tests.push_service import Device, PushService

# Debian's Chromium reaches no push service from here, and there is no other that it would take: what its push manager
# would have given is given by the test. Everything else is the browser's own.
A_SUBSCRIPTION = """
(told) => {
  const made = (options) => ({
    endpoint: told.endpoint, options, unsubscribe: async () => { localStorage.removeItem("subscribed"); return true; },
    toJSON: () => ({ endpoint: told.endpoint, expirationTime: null, keys: { p256dh: told.p256dh, auth: told.auth } }),
  });
  PushManager.prototype.subscribe = async function (options) {
    localStorage.setItem("subscribed", JSON.stringify([...options.applicationServerKey]));
    return this.getSubscription();
  };
  PushManager.prototype.getSubscription = async function () {
    const kept = localStorage.getItem("subscribed");
    return kept && made({ userVisibleOnly: true, applicationServerKey: new Uint8Array(JSON.parse(kept)).buffer });
  };
}
"""
SHOWN = """
async (wanted) => {
  const { ready } = navigator.serviceWorker;
  for (let turn = 0; ; turn += 1) {
    const found = (await (await ready).getNotifications()).map(
      ({ title, body, lang, tag, data }) => ({ title, body, lang, tag, ...data }));
    const fits = wanted === null ? found.length === 0 : found.some(({ title }) => title === wanted);
    if (fits || turn === 12) return found;
    await new Promise((next) => { setTimeout(next, 250); });
  }
}
"""
NOTHING = None
# Only a finger may open a window or bring one to the front, and a browser without a window has no notices to tap: the
# tap is made here, and what the worker asks the browser for is written down.
TAP = """
async () => {
  const done = [];
  const path = (address) => new URL(address, location.origin).pathname;
  Clients.prototype.openWindow = async (address) => { done.push(`opened ${path(address)}`); };
  WindowClient.prototype.focus = async function () { done.push(`focused ${path(this.url)}`); };
  const [notification] = await registration.getNotifications();
  const tap = new NotificationEvent("notificationclick", { notification });
  dispatchEvent(tap);
  for (let turn = 0; turn < 100 && !done.length; turn += 1) await new Promise((next) => { setTimeout(next, 20); });
  return done;
}
"""


@pytest.fixture
def sit(browser: Browser, address: str) -> Iterator[Callable[..., Desk]]:
    """`sit("lin")` at a device of a house of one's own; what breaks on any page fails the test."""
    opened: list[Desk] = []

    def sit(name: str, size: Size = PHONE, **wishes: Any) -> Desk:
        desk = Desk(browser, address, size, **wishes)
        opened.append(desk)
        return desk.sign_in(name)

    yield sit
    faults = [fault for desk in opened for fault in desk.faults]
    for desk in opened:
        desk.close()
    assert faults == []


def state(desk: Desk) -> str:
    """What the card says."""
    desk.go("/me")
    desk.page.wait_for_selector("#push[data-state]")
    return desk.page.locator("#push").get_attribute("data-state") or ""


def allow(desk: Desk) -> None:
    desk.context.grant_permissions(["notifications"], origin=desk.address)


def given(desk: Desk, device: Device) -> None:
    """What the browser's push manager has."""
    desk.context.add_init_script(f"({A_SUBSCRIPTION})({json.dumps(device.told)})")


def switched_on(desk: Desk, device: Device) -> None:
    allow(desk)
    given(desk, device)
    assert state(desk) == "off"
    desk.press("#push form[action='/me/push'] button")
    desk.page.wait_for_selector("#push[data-state=on]")


def tell(database: Database, cast: Cast, kind: str, number: str) -> None:
    """Zhou does something of which Lin has to know, and the round sends it."""
    with database.work(cast.store) as session:
        model = {"zh": "瑞虎 8", "en": "Tiggo 8"}
        notices.tell(session, cast.lin.id, kind, "/deliveries", by=cast.zhou, number=number, model=model)
    send(database)


def send(database: Database) -> None:
    """The round, in a thread of its own as in the house."""
    with ThreadPoolExecutor(1) as beside:
        beside.submit(push.send_due, database, now()).result()


class Mailbox:
    """Hands to the worker what has come for its device, as the browser does."""

    def __init__(self, desk: Desk, device: Device) -> None:
        self.desk, self.device = desk, device
        self.wire: CDPSession = desk.context.new_cdp_session(desk.page)
        self.registrations: list[str] = []
        self.wire.on("ServiceWorker.workerRegistrationUpdated", self._heard)
        self.wire.send("ServiceWorker.enable")

    def read(self) -> dict[str, Any]:
        """The newest letter, opened."""
        return self.device.read(self.device.letters[-1])

    def deliver(self) -> None:
        """The newest letter, to the worker."""
        self.desk.until("async () => (await navigator.serviceWorker.ready).active.state === 'activated'")
        self.wire.send("ServiceWorker.deliverPushMessage", {
            "origin": self.desk.address, "registrationId": self.registrations[-1], "data": json.dumps(self.read()),
        })  # fmt: skip

    def shows(self, title: str) -> list[dict[str, Any]]:
        """What the device shows once this stands there.

        Whoever asks a browser without a window for its notices just while one is put up makes it forget that one, so
        it is handed over again: the worker puts the same in its place.
        """
        for _ in range(5):
            self.deliver()
            found = self.desk.run(SHOWN, title)
            if any(one["title"] == title for one in found):
                break
        return found

    def _heard(self, told: dict[str, Any]) -> None:
        self.registrations += [one["registrationId"] for one in told["registrations"] if not one["isDeleted"]]


def test_notices_are_switched_on_and_off_on_ones_own_page(
    sit: Callable[..., Desk], service: PushService, database: Database, cast: Cast
) -> None:
    lin, device = sit("lin"), Device(service)
    switched_on(lin, device)
    with database.work() as session:
        kept = session.scalars(select(Subscription)).one()
        assert (kept.staff_id, kept.endpoint, kept.language) == (cast.lin.id, device.told["endpoint"], "zh")
    assert lin.page.locator("#push [data-when=on]:visible").count() == 3
    lin.page.locator("#push [value=overdue]").uncheck()
    lin.press("#push form[action='/me/push/topics'] button")
    assert not lin.page.locator("#push [value=overdue]").is_checked()
    lin.press("#push form[action='/me/push/removal'] button")
    lin.page.wait_for_selector("#push[data-state=off]")
    assert state(lin) == "off"


def test_a_browser_whose_push_service_gives_nothing_says_so(sit: Callable[..., Desk]) -> None:
    """Nothing stands in for anything here: a private window of this browser has no push service."""
    lin = sit("lin", language="en")
    allow(lin)
    assert state(lin) == "off"
    lin.page.click("#push form[action='/me/push'] button")
    lin.page.wait_for_selector("#push[data-state=failed]")
    assert "does not answer" in lin.page.locator("#push [role=alert]").inner_text()
    assert lin.page.locator("#push form[action='/me/push'] button").is_enabled()
    (said,) = lin.faults
    assert "incognito" in said
    lin.faults.clear()


def test_a_browser_that_was_told_no_says_how_to_change_that(sit: Callable[..., Desk], browser: Browser) -> None:
    lin = sit("lin", language="en")
    wire = browser.new_browser_cdp_session()
    (page,) = [one for one in wire.send("Target.getTargets")["targetInfos"] if one["url"] == lin.page.url]
    wire.send("Browser.setPermission", {
        "permission": {"name": "notifications"}, "setting": "denied", "browserContextId": page["browserContextId"],
    })  # fmt: skip
    assert state(lin) == "blocked"
    assert "Allow them in its settings" in lin.page.locator("#push p[data-when=blocked]").inner_text()
    assert not lin.page.locator("#push form:visible").count()


def test_an_older_browser_says_that_it_cannot(sit: Callable[..., Desk]) -> None:
    lin = sit("lin", language="en")
    lin.context.add_init_script("delete window.PushManager")
    assert state(lin) == "unsupported"
    assert "cannot receive notices" in lin.page.locator("#push p[data-when=unsupported]").inner_text()


def test_an_iphone_is_told_to_put_it_on_the_home_screen_first(sit: Callable[..., Desk]) -> None:
    lin = sit("lin", language="en")
    agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Safari/604.1"
    wire = lin.context.new_cdp_session(lin.page)
    wire.send("Emulation.setUserAgentOverride", {"userAgent": agent, "platform": "iPhone"})
    assert state(lin) == "install"
    lin.press("#push p[data-when=install] a")
    assert lin.path == "/install"


def test_what_arrives_is_shown_in_the_language_it_came_in(
    sit: Callable[..., Desk], service: PushService, database: Database, cast: Cast
) -> None:
    lin, device = sit("lin"), Device(service)
    switched_on(lin, device)
    box = Mailbox(lin, device)
    tell(database, cast, "delivery.unlocked", "JC-7")
    shown, said = box.shows("PDI 通过，可以交车"), box.read()
    first = {
        "title": "PDI 通过，可以交车", "body": "JC-7 · 瑞虎 8", "lang": "zh-Hans", "tag": said["tag"],
        "address": "/deliveries",
    }  # fmt: skip
    assert shown == [first]

    lin.speak("en")
    tell(database, cast, "delivery.locked", "JC-7")
    (second,) = box.shows("PDI failed, waits for rework")  # about the same car: it takes the place of the first
    assert (second["title"], second["body"]) == ("PDI failed, waits for rework", "JC-7 · Tiggo 8")
    assert second["lang"] == "en"


def test_the_first_one_s_notice_does_not_appear_to_who_took_the_tablet_over(
    sit: Callable[..., Desk], service: PushService, database: Database, cast: Cast
) -> None:
    tablet, device = sit("lin"), Device(service)
    switched_on(tablet, device)
    box = Mailbox(tablet, device)
    tell(database, cast, "delivery.locked", "JC-8")  # sent, and still on its way
    tablet.take_over("chen")
    assert state(tablet) == "off", "what Lin switched on is Lin's"
    with tablet.context.expect_event("request", lambda asked: asked.url.endswith("/holder")) as asked:
        box.deliver()
    assert asked.value.response().json() == {"here": False}
    assert tablet.run(SHOWN, NOTHING) == []
    tell(database, cast, "delivery.unlocked", "JC-8")
    assert len(device.letters) == 1, "and what happens now is not even sent"


def test_a_tap_on_a_notice_brings_its_open_page_to_the_front_or_opens_it(
    sit: Callable[..., Desk], service: PushService, database: Database, cast: Cast
) -> None:
    lin, device = sit("lin"), Device(service)
    switched_on(lin, device)
    box = Mailbox(lin, device)
    tell(database, cast, "delivery.unlocked", "JC-9")
    for page, done in (("/customers", "opened /deliveries"), ("/deliveries", "focused /deliveries")):
        lin.go(page)
        assert len(box.shows("PDI 通过，可以交车")) == 1
        worker = lin.context.service_workers[-1]
        assert worker.evaluate(TAP) == [done]
        assert lin.run(SHOWN, NOTHING) == [], "a notice that was tapped is put away"
