"""Step 5: the PDI on the phone, with a reading out of limits, a canned note, a blocking fault, rework, re-check."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.commands.trial import checklist
from server.commands.trial.checklist import open_items

if TYPE_CHECKING:
    from playwright.sync_api import Locator

    from server.commands.main_job.journey import Journey
    from server.commands.trial.desk import Desk

WHAT_WAS_PUT_RIGHT = (
    "已更换左前制动软管并排气，路试制动正常。 Left front brake hose replaced and bled; brakes are right."
)


def make(journey: Journey) -> None:
    """Until it is passed and signed."""
    desk, page = journey.phone, journey.phone.page
    desk.sign_in("zhou")
    journey.shoot(desk, "technician-today")
    desk.press(page.locator("#queue a.whole"))
    journey.shoot(desk, "technician-delivery")
    desk.press("main button.primary")
    _walk(journey)
    _fail_and_rework(journey)
    journey.shoot(desk, "pdi-signing", lambda: desk.draw(page.locator("#sign-pdi")))
    desk.press("#sign-pdi button.primary")
    journey.shoot(desk, "pdi-passed")
    journey.expect(desk, "PDI passed", "ol.steps li:nth-child(2).good")


def _walk(journey: Journey) -> None:
    desk = journey.phone
    tried = {"limits": False, "note": False, "fault": False}
    for step in range(1, 30):
        items = open_items(desk)
        if not tried["limits"]:
            tried["limits"] = any(_out_of_limits(journey, item) for item in items)
        checklist.fill_in(desk, f"PDI {step}")
        for name, found in (("note", _note), ("fault", _fault)):
            if not tried[name] and step > 1:
                tried[name] = any(found(desk, item) for item in items)
        journey.shoot(desk, f"pdi-{step}")
        if not _next(desk):
            break
    journey.missing += [f"PDI: {name}" for name, seen in tried.items() if not seen]


def _next(desk: Desk) -> bool:
    onward = desk.page.locator(".dock a.primary")
    if not onward.count():
        return False
    desk.press(onward)
    return True


def _out_of_limits(journey: Journey, item: Locator) -> bool:
    """A flat tyre is written, told, pumped up and written again."""
    if not item.locator(".measure", has_text="bar").count():
        return False
    checklist.measure(journey.phone, item, "1.2")
    item.locator(".caution").wait_for()
    journey.shoot(journey.phone, "pdi-out-of-limits")
    checklist.measure(journey.phone, item, "2.4")
    checklist.tap(journey.phone, item.locator("label.good"))
    return True


def _note(desk: Desk, item: Locator) -> bool:
    """A remark made ready, on an item that does not block."""
    notes = item.locator("[data-note][data-level=watch]")
    if item.locator("h3.must, .chip.bad, .measure").count() or not notes.count():
        return False
    summary = item.locator("summary")
    if not notes.first.is_visible():
        summary.click()
    checklist.tap(desk, notes.first)
    return item.locator(".rag .warn input:checked").count() == 1


def _fault(desk: Desk, item: Locator) -> bool:
    """✕ on an item that blocks."""
    if not item.locator("h3.must").count() or not item.locator("label.bad").count():
        return False
    checklist.tap(desk, item.locator("label.bad"))
    return True


def _fail_and_rework(journey: Journey) -> None:
    desk, page = journey.phone, journey.phone.page
    desk.press("#signing button.bad")
    journey.expect(desk, "the PDI fails by a blocking ✕", ".notice.wait li, .chip.bad")
    journey.shoot(desk, "pdi-failed")
    desk.press("a.button.primary.wide")
    while not page.locator("#what").count() and _next(desk):
        pass
    journey.shoot(desk, "pdi-rework", lambda: page.fill("#what", WHAT_WAS_PUT_RIGHT))
    desk.press("#signing form.form button.primary")
    _check_again(journey)


def _check_again(journey: Journey) -> None:
    """Back to the first section; the item at fault is looked at again, then on to the end."""
    desk = journey.phone
    desk.press(desk.page.locator("#progress .steps a").first)
    while True:
        for item in open_items(desk):
            if item.locator(".rag .bad input:checked").count():
                checklist.tap(desk, item.locator("label.good"))
                journey.shoot(desk, "pdi-checked-again")
        if not _next(desk):
            return
