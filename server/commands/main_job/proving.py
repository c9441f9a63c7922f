"""Step 8: both papers are fetched and read, and the QR code leads a stranger to the proof."""

from __future__ import annotations

import unicodedata
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from pypdf import PdfReader

from server.commands.trial.chromium import PHONE
from server.commands.trial.desk import Desk
from server.commands.trial.proof import codes_on, first_page

if TYPE_CHECKING:
    from server.commands.main_job.journey import Journey

SHEET, CONFIRMATION = "pdi-sheet", "delivery-confirmation"
HEADINGS = {
    SHEET: ("新车交付前检查表", "Pre-delivery Inspection Sheet", "合格，准予交付", "Passed, released for delivery"),
    CONFIRMATION: ("新车交付确认单", "Delivery Confirmation", "双方确认", "Both parties confirm"),
}
PEOPLE = {SHEET: ("周强",), CONFIRMATION: ("林悦", "陈思")}


def make(journey: Journey) -> None:
    """Fetch, read, prove."""
    desk = journey.tablet
    desk.take_over("lin")
    desk.go(f"/deliveries/{journey.number}")
    links = [link.get_attribute("href") or "" for link in desk.page.locator("a[href*='.pdf']").all()]
    for link in links:
        paper = CONFIRMATION if journey.number in link else SHEET
        place = journey.camera.folder / f"{paper}.pdf"
        place.write_bytes(desk.fetch(link))
        journey.missing += [f"{paper}: {lack}" for lack in _lacks(journey, paper, place)]
        _prove(journey, paper, place)


def _lacks(journey: Journey, paper: str, place: Path) -> list[str]:
    """What cannot be read in a paper."""
    read = PdfReader(BytesIO(place.read_bytes()))
    text = _plain("".join(page.extract_text() for page in read.pages))
    wanted = [*HEADINGS[paper], journey.vin, *PEOPLE[paper], "签字·Signatures", f"{len(read.pages)}"]
    if paper == CONFIRMATION:
        wanted += [journey.customer, journey.number, "键入·typed"]
    lacks = [f"text {want}" for want in wanted if _plain(want) not in text]
    if paper == CONFIRMATION and text.count(_plain(journey.customer)) < 2:
        lacks.append("the customer's signature")
    if not sum(len(page.images) for page in read.pages):
        lacks.append("photos")
    return lacks


def _plain(text: str) -> str:
    """Without spaces: readers put them where a line ends or a letter is narrow."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _prove(journey: Journey, paper: str, place: Path) -> None:
    """Somebody without sign-in scans the paper."""
    place.with_suffix(".png").write_bytes(first_page(place.read_bytes()))
    codes = codes_on(journey.tablet, place.read_bytes())
    stranger = Desk(journey.browser, journey.address, PHONE)
    stranger.go(next((code for code in codes if "/papers/" in code), "/papers/none"))
    journey.expect(stranger, f"{paper}: proof from its QR code", ".verdict.good")
    if stranger.page.locator(f"text={journey.customer}").count():
        journey.missing.append(f"{paper}: the proof shows the customer's name")
    journey.shoot(stranger, f"proof-{paper}")
    journey.missing += stranger.faults
    stranger.close()
