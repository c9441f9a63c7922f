"""Steps 6 and 7: the handover with the customer, section by section; left and come back to; signed; completed."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlparse

from server.commands.trial import checklist
from server.commands.trial.chromium import PHONE
from server.commands.trial.desk import Desk

if TYPE_CHECKING:
    from server.commands.main_job.journey import Journey


def make(journey: Journey) -> None:
    """Until the keys are handed over, the advisor knows and the calls are owed."""
    desk = journey.tablet
    desk.go("/")
    journey.shoot(desk, "today-unlocked")
    desk.go(f"/deliveries/{journey.number}")
    journey.shoot(desk, "delivery-ready")
    desk.press("main button.primary")
    _walk(journey)
    _sign_the_whole(journey)
    _told_and_owed(journey)


def _walk(journey: Journey) -> None:
    desk, page, typed = journey.tablet, journey.tablet.page, False
    for step in range(1, 30):
        checklist.fill_in(desk, f"{journey.number} {step}")
        journey.shoot(desk, f"handover-{step}")
        if step == 3:
            _come_back_elsewhere(journey)
        last = not page.locator(".dock a.primary").count()
        if page.locator("#sign-section").count():
            # One of the sections is signed from the keyboard.
            desk.sign("section", typed=None if typed else journey.customer)
            typed = True
        elif not last:
            desk.press(".dock a.primary")
        if last:
            break


def _come_back_elsewhere(journey: Journey) -> None:
    """Another device goes on where this one was."""
    other = Desk(journey.browser, journey.address, PHONE).sign_in("lin")
    other.go(f"/deliveries/{journey.number}")
    other.press("a.button.primary.wide")
    here, there = (urlparse(desk.page.url).query for desk in (journey.tablet, other))
    if here != there:
        journey.missing.append(f"coming back on another device: at {there}, not at {here}")
    journey.shoot(other, "handover-on-another-device")
    journey.missing += other.faults
    other.close()


def _sign_the_whole(journey: Journey) -> None:
    desk, page = journey.tablet, journey.tablet.page
    journey.shoot(desk, "handover-signing", lambda: desk.draw(page.locator("#sign-customer")))
    desk.press("#sign-customer button.primary")
    desk.sign("consultant")
    journey.shoot(desk, "handover-signed")
    desk.press("#signing form[action$='/completion'] button.primary")
    journey.shoot(desk, "handed-over")
    journey.expect(desk, "handed over", "ol.steps li:nth-child(4).good")
    if page.locator("a[href*='.pdf']").count() != 2:
        journey.missing.append("two papers on the delivery's page")


def _told_and_owed(journey: Journey) -> None:
    desk = journey.tablet
    desk.go("/")
    journey.expect(desk, "the call of the same day on today", f"#owed >> text={journey.customer}")
    journey.shoot(desk, "today-care-call")
    desk.go("/contacts?show=later")
    journey.expect(desk, "the call after 7 days", f"main >> text={journey.customer}")
    journey.shoot(desk, "calls-later")
    desk.take_over("chen")
    journey.expect(desk, "the service advisor is told", f"#notices >> text={journey.customer}")
    journey.shoot(desk, "advisor-told")
    desk.take_over("he")
    desk.go("/contacts?show=later")
    journey.expect(desk, "the calls after 3 and 30 days", f"main >> text={journey.customer}")
    journey.shoot(desk, "care-calls-later")
