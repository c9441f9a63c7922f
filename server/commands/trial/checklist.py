"""Filling in a checklist as a person does: tap by tap, with readings, notes and photos."""

import io

from PIL import Image, ImageDraw, ImageFont
from playwright.sync_api import FilePayload, Locator

from server.commands.demonstration import pictures
from server.commands.demonstration.deliveries import READINGS
from server.commands.trial.desk import Desk

READ = READINGS | {"把": READINGS["keys"]}


def open_items(desk: Desk) -> list[Locator]:
    """The items of the section that is open."""
    ids: list[str] = desk.run("() => [...document.querySelectorAll('.items > .item')].map((item) => item.id)")
    return [desk.page.locator(f"#{one}") for one in ids]


def fill_in(desk: Desk, label: str) -> None:
    """Everything that is asked in this section, as good."""
    for place, item in enumerate(open_items(desk), 1):
        answer(desk, item)
        if item.locator(".thumb.add.must, form.photo").count() and _wants_photo(item):
            add_photo(desk, item, f"{label} {place}")
    desk.settle()


def answer(desk: Desk, item: Locator) -> None:
    """The reading, if one is asked, and a good verdict."""
    reading = item.locator("fieldset:not([disabled]) input[name=number]")
    if reading.count() and not reading.input_value():
        unit = (item.locator(".measure > span").text_content() or "").split()[0]
        measure(desk, item, READ[unit])
    if item.locator("label.good").count() and not item.locator(".rag input:checked").count():
        tap(desk, item.locator("label.good"))
    tick = item.locator(".tick.box input[type=checkbox]")
    if tick.count() and not tick.is_checked():
        tap(desk, tick)


def measure(desk: Desk, item: Locator, value: str) -> None:
    """Write a reading and leave the field."""
    reading = item.locator("input[name=number]")
    reading.fill(value)
    reading.blur()
    desk.settle()


def tap(desk: Desk, place: Locator) -> None:
    """A tap that is kept at once."""
    place.click()
    desk.settle()


def add_photo(desk: Desk, item: Locator, label: str) -> None:
    """Take a photo at an item."""
    pictures = item.locator("a.thumb").count()
    item.locator("form.photo input[type=file]").set_input_files(photo(label))
    item.locator("a.thumb").nth(pictures).wait_for()
    desk.settle()


def photo(label: str) -> FilePayload:
    """A picture as large as a phone takes them, with its label on it."""
    small = Image.open(io.BytesIO(pictures.photo(sum(map(ord, label)))))
    drawn = small.transform((3200, 2400), Image.Transform.EXTENT, (0, 0, *small.size))
    ImageDraw.Draw(drawn).text((80, 60), label, font=ImageFont.load_default(160), fill=(24, 32, 44))
    out = io.BytesIO()
    drawn.save(out, "JPEG", quality=85)
    return {"name": f"{label}.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


def _wants_photo(item: Locator) -> bool:
    asked = item.locator(".thumb.add.must").count() or not item.locator("form:not(.photo)").count()
    return bool(asked) and not item.locator("a.thumb").count()
