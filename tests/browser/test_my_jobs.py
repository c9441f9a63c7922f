"""A technician's day where there is no network, and a board that shows it as soon as there is one."""

import re
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from playwright.sync_api import Browser, expect

from server.commands.demonstration import pictures
from server.commands.trial.chromium import PHONE, Device
from server.commands.trial.desk import Desk
from server.commands.trial.house import serving
from tests.browser.field import Tablet

PARTS = "等待配件"
WIDE = Device("desktop", 3600, 900, mobile=False)
"""Every lane is in view."""


@pytest.fixture(scope="module")
def own_house() -> Iterator[str]:
    """A house of its own: cars are worked on here."""
    with TemporaryDirectory(prefix="huanche-") as folder, serving(Path(folder), "run") as address:
        yield address


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """What a camera gives."""
    place = tmp_path / "pads.jpg"
    place.write_bytes(pictures.photo(7))
    return place


def test_a_technicians_day_is_done_without_a_network(browser: Browser, own_house: str, photo: Path) -> None:
    """Paused for parts, gone on, a finding with its photo, a question, finished; then all of it goes out in order."""
    zhou = Tablet(browser, own_house, PHONE)
    zhou.come("zhou")
    page = zhou.page
    zhou.go("/")
    page.locator("[data-take]").click()
    page.wait_for_url("**/aboard")
    expect(page.locator("[data-aboard]")).to_contain_text("今天")
    zhou.offline()
    zhou.go("/my-jobs")
    page.locator("#mine a.whole").first.click()
    page.wait_for_url(re.compile("/my-jobs/[0-9a-f-]{36}$"))
    job = page.url
    clock = page.locator("[data-clock]")
    page.get_by_role("button", name="继续").click()  # it was paused for the customer's word
    expect(clock.locator(".chip.good").first).to_be_visible()
    page.get_by_role("button", name=PARTS).click()
    expect(clock.locator(".chip.warn")).to_be_visible()
    expect(clock.get_by_role("button", name=PARTS)).to_be_hidden()
    page.get_by_role("button", name="继续").click()
    expect(clock.locator(".chip.good").first).to_be_visible()
    page.locator(".rag label.bad").click()
    page.get_by_role("button", name="制动片磨损").click()
    page.get_by_label("测量值").fill("2.1 mm")
    chosen = page.locator("#finding input[type=file]")
    chosen.set_input_files({"name": "a.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"})
    expect(page.locator("#finding .evidence .error")).to_be_visible()
    chosen.set_input_files(photo)
    expect(page.locator("#finding .evidence .error")).to_have_count(0)
    expect(page.locator(".thumb[data-enclosed]")).to_have_count(1)
    page.get_by_role("button", name="保存发现").click()
    expect(page.locator("[data-hanging]")).to_contain_text("2.1 mm")
    page.get_by_label("您的问题").fill("后片要一起换吗？")
    page.get_by_role("button", name="提问").click()
    zhou.kept()
    page.reload()  # whatever was killed in between is still there
    expect(clock.locator(".chip.good").first).to_be_visible()
    page.get_by_role("button", name="完工").click()
    expect(clock.get_by_role("button")).to_have_count(0)
    zhou.kept()
    assert len(zhou.queue) == 6
    zhou.offline(False)
    zhou.send()
    page.goto(job)
    expect(clock).to_contain_text("完工")
    expect(page.locator("#finding .row").last).to_contain_text("2.1 mm")
    expect(page.locator("#finding .row").last.locator("img")).to_have_count(1)
    zhou.close()
    assert zhou.faults == []
    chen = Desk(browser, own_house).sign_in("chen")
    expect(chen.page.locator("#notices")).to_contain_text("后片要一起换吗？")
    expect(chen.page.locator("#notices")).to_contain_text("制动片磨损")
    chen.close()


def test_a_car_is_dragged_on_one_board_and_moves_on_the_other(browser: Browser, own_house: str) -> None:
    """The leader drags it; the screen on the wall follows by itself, and only that card was touched."""
    wu, wall = (Desk(browser, own_house, WIDE).sign_in(name) for name in ("wu", "qin"))
    wall.go("/board/wall")
    wu.go("/board")
    page = wu.page
    card = page.locator('[data-lane="waiting"] .car').first
    name = card.get_attribute("id") or ""
    free = page.locator(".lane[data-takes]:not(:has(.car))")
    lanes = free.evaluate_all("all => all.map(lane => lane.dataset.lane)")
    wall.run("() => { document.querySelector('.lane h2').dataset.untouched = 'yes' }")
    for lane in lanes:  # the first in which something of it can be done
        where = page.locator(f'[data-lane="{lane}"]')
        here, there = card.locator("small").first.bounding_box(), where.bounding_box()
        assert here is not None
        assert there is not None
        page.mouse.move(here["x"] + 5, here["y"] + 5)
        page.mouse.down()
        page.mouse.move(there["x"] + 60, there["y"] + 90, steps=4)
        expect(where).to_have_class(re.compile("over"))
        page.mouse.up()
        page.wait_for_function("name => !document.getElementById(name).ariaBusy", arg=name)
        if page.locator("[data-said]").is_visible():
            page.locator("[data-rest]").click()
            continue
        break
    for desk in (wu, wall):
        expect(desk.page.locator(f'[data-lane="{lane}"] #{name}')).to_be_visible()
    assert wall.run("() => document.querySelector('.lane h2').dataset.untouched") == "yes"
    faults = [fault for one in (wu, wall) for fault in one.faults if not fault.startswith("409 POST /board/cars/")]
    wu.close()
    wall.close()
    assert faults == []


def test_on_a_phone_a_car_is_moved_by_two_taps(browser: Browser, own_house: str) -> None:
    """In English, by technician: tap the car, tap who gets it."""
    wu = Desk(browser, own_house, PHONE, language="en").sign_in("wu")
    page = wu.page
    wu.go("/board?by=technician")
    card = page.locator('[data-lane="waiting"] .car').first
    name = card.get_attribute("id")
    card.locator("[data-move]").click()
    bar = page.locator("form.moving")
    expect(bar).to_be_visible()
    bar.get_by_role("button", name="Wu Gang").click()
    expect(page.locator(f'[data-lane]:not([data-lane="waiting"]) #{name}')).to_be_visible()
    expect(bar).to_be_hidden()
    wu.close()
    assert wu.faults == []
