"""Which copies of pages lie on a device, and to whom they are shown: no redirect, no part, nothing of a colleague."""

import pytest

from server.commands.demonstration.stores import PIN
from server.commands.trial.chromium import PHONE

COPIES = """async () => {
  const found = [];
  for (const name of await caches.keys()) {
    if (!name.startsWith("pages-")) continue;
    const shelf = await caches.open(name);
    for (const { url } of await shelf.keys()) {
      const copy = await shelf.match(url, { ignoreVary: true });
      const [kind, text] = [copy.headers.get("Content-Type") ?? "", await copy.text()];
      found.push({ shelf: name, path: url.slice(location.origin.length), status: copy.status,
        redirected: copy.redirected, leave: copy.headers.get("X-Offline"),
        whole: !kind.startsWith("text/html") || text.startsWith("<!doctype html>"), text });
    }
  }
  return found;
}"""
AT_HAND = """async (person) => {
  const shelf = await caches.open(`pages-${person}`);
  return (await shelf.keys()).length >= 3;
}"""
PERSON = "() => document.querySelector('meta[name=person]')?.content ?? ''"


@pytest.fixture
def tablet(desk):
    """Lin's, with its worker at work and what is always at hand on board."""
    one = desk("lin")
    one.until("() => navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))")
    one.until(AT_HAND, one.run(PERSON))
    return one


def test_only_whole_pages_are_kept_each_on_the_shelf_of_its_person(tablet, scene):
    leads_on = f"{scene.handing_over}/handover"
    for path in ("/customers?q=wjg", scene.customer, "/deliveries", leads_on, "/nowhere/at/all", "/install"):
        tablet.go(path)
    tablet.page.goto("/customers")
    with tablet.page.expect_response(lambda answer: "/customers" in answer.url and answer.request.method == "GET"):
        tablet.page.fill("#q", "wang")  # what comes is a part of the page
    tablet.page.wait_for_timeout(1000)
    found = tablet.run(COPIES)
    person = tablet.run(PERSON)

    assert {scene.customer, "/deliveries", "/"} <= {copy["path"] for copy in found}
    assert {copy["shelf"] for copy in found} == {f"pages-{person}"}
    for copy in found:
        told = {name: copy[name] for name in ("status", "redirected", "whole", "leave")}
        assert told == {"status": 200, "redirected": False, "whole": True, "leave": f"u={person}"}, copy["path"]
    assert leads_on not in {copy["path"] for copy in found}, "where it leads is kept, not the way there"
    assert "/nowhere/at/all" not in {copy["path"] for copy in found}
    tablet.faults.clear()


def test_a_colleague_who_takes_the_tablet_over_is_shown_none_of_the_first_ones_pages(tablet, scene):
    tablet.go(scene.customer)
    name = tablet.page.locator("h1").inner_text()
    first = tablet.run(PERSON)
    tablet.go("/switch?name=wu")
    tablet.page.fill("#pin", PIN)
    tablet.press("form.card button.primary")
    second = tablet.run(PERSON)
    tablet.until(AT_HAND, second)
    assert second not in {"", first}

    tablet.context.set_offline(True)
    for path in (scene.customer, "/", "/outbox"):
        tablet.go(path)
        assert name not in tablet.page.locator("body").inner_text()
        assert tablet.run(PERSON) in {"", second}
    assert tablet.page.locator("a[href='/customers']").count() == 0, "a technician's page, not a consultant's"

    tablet.context.set_offline(False)
    tablet.go("/switch?name=lin")
    tablet.page.fill("#pin", PIN)
    tablet.press("form.card button.primary")
    tablet.until(AT_HAND, first)
    tablet.context.set_offline(True)
    tablet.go(scene.customer)
    assert tablet.page.locator("h1").inner_text() == name, "the first one finds their own again"


def test_whoever_signs_out_leaves_no_page_behind(desk, scene):
    phone = desk("chen", PHONE)
    phone.until("() => navigator.serviceWorker.ready.then(() => Boolean(navigator.serviceWorker.controller))")
    phone.until(AT_HAND, phone.run(PERSON))
    phone.go(scene.customer)
    phone.go("/me")
    phone.page.click("form[action='/sign-out'] button")
    phone.page.wait_for_url("**/sign-in")
    assert phone.run(COPIES) == []
    phone.context.set_offline(True)
    phone.go(scene.customer)
    assert phone.run(PERSON) == ""
