"""Walking round a car: a tap on the drawing and its photo; the same where there is no network."""

import re

import pytest
from playwright.sync_api import expect

from server.commands.demonstration import pictures
from server.commands.trial.chromium import PHONE, TABLET

VIN = "LVVDB11B1RD119901"
SMALL = """() => [...document.querySelectorAll('a.spot')].map((spot) => {
  const { width, height } = spot.getBoundingClientRect();
  return [spot.closest('svg').dataset.side, spot.dataset.panel, Math.round(width), Math.round(height)];
}).filter(([, , width, height]) => width < 44 || height < 44)"""


ALL_SENT = """async () => {
  const entry = document.querySelector('script[type=module]').src;
  return !(await (await import(entry.replace('huanche.js', 'outbox.js'))).list()).length;
}"""


def receive(desk, vin):
    """A car that is here for the first time; the address of its order."""
    desk.go("/repair-orders/new")
    form = desk.page.locator("#new")
    form.locator("[name=plate]").fill("皖B" + vin[-5:])
    form.locator("[name=vin]").fill(vin)
    form.locator("[name=name]").fill("钱学文")
    form.locator("[name=phone]").fill("139" + vin[-4:] * 2)
    desk.press(form.locator("button.primary"))
    return re.fullmatch(r"/repair-orders/[0-9a-f-]{36}", desk.path).group()


def tap(desk, side, panel, kind, *, photo=False, note=""):
    """A part of the drawing, what is wrong with it, and the picture."""
    spot = desk.page.locator(f"svg[data-side={side}] a[data-panel={panel}]")
    spot.scroll_into_view_if_needed()
    spot.dispatch_event("click")
    sheet = desk.page.locator("#note[open]")
    sheet.locator(f"[name=kind][value={kind}]").check()
    if note:
        sheet.locator("[name=note]").fill(note)
    if photo:
        picture = {"name": "damage.jpg", "mimeType": "image/jpeg", "buffer": pictures.photo(7)}
        sheet.locator("[name=photo]").set_input_files(picture)
        expect(sheet.locator(".taken")).to_be_visible()
    sheet.locator("button.primary").click()
    expect(desk.page.locator("#note[open]")).to_have_count(0)


@pytest.mark.parametrize("device", [TABLET, PHONE], ids=lambda device: device.name)
def test_every_part_of_every_body_can_be_tapped_with_a_thumb(desk, device):
    chen = desk("chen", device)
    walk = f"{receive(chen, VIN[:-1] + ('2' if device is TABLET else '3'))}/walk-around"
    chen.go(walk)
    for body in ("sedan", "suv", "mpv"):
        chosen = chen.page.locator(f"[name=body][value={body}]")
        if not chosen.is_checked():
            chosen.check()
            chen.settle()
        chen.page.wait_for_load_state("networkidle")
        chen.go(walk)
        expect(chosen).to_be_checked()
        assert chen.run(SMALL) == [], body


def test_a_tap_becomes_a_damage_with_its_photo(desk):
    chen = desk("chen")
    chen.go(f"{receive(chen, VIN)}/walk-around")
    tap(chen, "left", "front_door_left", "scratch", photo=True, note="停车场刮的")
    row = chen.page.locator("#damages li[id^=damage-]")
    expect(row).to_contain_text("左前门")
    expect(row.locator("img")).to_be_visible()
    expect(chen.page.locator("svg[data-side=left] a.dot")).to_have_count(1)
    tap(chen, "rear", "boot", "dent")
    expect(row).to_have_count(2)
    row.nth(1).locator("form:not(.photo) button").click()
    expect(row).to_have_count(1)


def test_what_is_no_picture_is_refused_before_the_damage_is_kept(desk):
    chen = desk("chen")
    chen.go(f"{receive(chen, VIN[:-1] + '6')}/walk-around")
    chen.page.locator("svg[data-side=left] a[data-panel=front_door_left]").dispatch_event("click")
    sheet = chen.page.locator("#note[open]")
    sheet.locator("[name=photo]").set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    expect(sheet.locator(".evidence .error")).to_contain_text("不是能读取的照片")
    expect(sheet.locator(".taken")).to_have_count(0)
    picture = {"name": "b.jpg", "mimeType": "image/jpeg", "buffer": pictures.photo(7)}
    sheet.locator("[name=photo]").set_input_files(picture)
    expect(sheet.locator(".taken")).to_be_visible()
    expect(sheet.locator(".evidence .error")).to_have_count(0)


def test_a_walk_is_done_where_there_is_no_network(tablet, yard):
    chen = tablet("chen", PHONE)
    order = receive(chen, VIN[:-1] + "5")
    walk = f"{order}/walk-around"
    chen.go(walk)
    chen.offline()
    tap(chen, "left", "front_door_left", "scratch", photo=True)
    tap(chen, "right", "rear_wheel_right", "bulge")
    expect(chen.page.locator("#damages li[data-pending]")).to_have_count(2)
    expect(chen.page.locator("svg[data-side=left] circle[data-pending]")).to_have_count(1)
    chen.page.fill("#km", "23456")
    chen.page.locator("#km").blur()
    chen.kept()
    assert [op["path"].rpartition("/")[2] for op in chen.queue] == ["damages", "damages", "facts"]
    chen.go(walk)  # closed and opened again: what was done is seen
    expect(chen.page.locator("#damages li[data-pending]")).to_have_count(2)
    expect(chen.page.locator("#km")).to_have_value("23456")

    chen.offline(False)
    chen.send()
    chen.until(ALL_SENT)
    kept = yard.ask(
        "SELECT d.panel, count(p.id) FROM damages d JOIN walk_arounds w ON w.id = d.walk_id "
        "LEFT JOIN damage_photos p ON p.damage_id = d.id WHERE w.order_id = ? GROUP BY d.id ORDER BY d.noted_at",
        order.rpartition("/")[2],
    )
    assert kept == [("front_door_left", 1), ("rear_wheel_right", 0)]
    assert yard.ask("SELECT km FROM walk_arounds WHERE order_id = ?", order.rpartition("/")[2]) == [(23456,)]


def test_a_car_that_the_house_has_not_heard_of_is_walked_round_too(tablet, yard):
    chen = tablet("chen", PHONE)
    chen.offline()
    order = receive(chen, VIN[:-1] + "6")
    chen.press(f"a[href='{order}/walk-around']")
    tap(chen, "front", "front_bumper", "broken")
    expect(chen.page.locator("#damages li[data-pending]")).to_have_count(1)
    chen.offline(False)
    chen.send()
    chen.until(ALL_SENT)
    kept = yard.ask(
        "SELECT d.panel FROM damages d JOIN walk_arounds w ON w.id = d.walk_id WHERE w.order_id = ?",
        order.rpartition("/")[2],
    )
    assert kept == [("front_bumper",)]
