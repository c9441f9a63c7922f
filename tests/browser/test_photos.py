"""Photos before they are sent: small, upright, with the hash of what the camera gave, each one for itself (G6)."""

import hashlib
import io
import re

import pytest
from PIL import Image
from playwright.sync_api import expect

from server.commands.trial.chromium import PHONE
from tests.browser.field import OUTBOX

SIZES = f"async () => (await ({OUTBOX})()).filter(({{ path }}) => path.endsWith('/photos')).map(({{ size }}) => size)"
ORIENTATION, TURNED_RIGHT = 0x0112, 6


@pytest.fixture
def zhou(tablet, yard):
    """Zhou's phone, out of reach, on a section of the inspection."""
    phone = tablet("zhou", PHONE)
    phone.take_along(yard.pdi)
    phone.offline()
    phone.go(yard.pdi.sections[5])
    return phone


def from_camera(seed, *, size=(4000, 3000), orientation=1):
    """What a camera of twelve megapixels gives: grain, a red left edge, and how it was held."""
    grain = Image.effect_noise((size[0] // 4, size[1] // 4), 40 + seed).convert("RGB").resize(size)
    grain.paste((220, 20, 20), (0, 0, size[0] // 4, size[1]))
    told = Image.Exif()
    told[ORIENTATION] = orientation
    out = io.BytesIO()
    grain.save(out, "JPEG", quality=95, exif=told)
    return out.getvalue()


def take(phone, item, picture):
    """Take it, until it waits at the item."""
    before = item.locator(".thumb.wait").count()
    file = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": picture}
    item.locator("form.photo input[type=file]").set_input_files(file)
    expect(item.locator(".thumb.wait")).to_have_count(before + 1, timeout=20_000)
    phone.kept()


def originals(yard, item):
    """The hashes that are kept at an item."""
    found = yard.ask("SELECT original_hash FROM checklist_photos")
    return [one for (one,) in found if one in item]


def test_twelve_megapixels_are_shrunk_turned_and_known_by_their_hash(zhou, yard):
    picture = from_camera(1, orientation=TURNED_RIGHT)
    assert len(picture) > 1_000_000
    item = zhou.items()[1]
    take(zhou, item, picture)
    (size,) = zhou.run(SIZES)
    assert size < 1_000_000

    zhou.offline(False)
    expect(item.locator("a.thumb")).to_have_count(1)
    zhou.send()
    zhou.go(yard.pdi.sections[5])
    kept = Image.open(io.BytesIO(zhou.fetch(item.locator("a.thumb").get_attribute("href"))))
    assert kept.size == (1200, 1600), "upright"
    red, green, _ = kept.convert("RGB").getpixel((600, 100))
    assert red > 150 > green, "what was left on the sensor is on top"
    digest = hashlib.sha256(picture).hexdigest()
    assert originals(yard, {digest}) == [digest]


def test_two_equal_photos_are_two(zhou, yard):
    picture = from_camera(2, size=(800, 600))
    item = zhou.items()[2]
    for _ in range(2):
        take(zhou, item, picture)
    zhou.offline(False)
    zhou.send()
    zhou.go(yard.pdi.sections[5])
    expect(item.locator("a.thumb")).to_have_count(2)
    digest = hashlib.sha256(picture).hexdigest()
    assert originals(yard, {digest}) == [digest] * 2
    links = item.locator("a.thumb").evaluate_all("(all) => all.map((one) => one.getAttribute('href'))")
    assert all(re.fullmatch(r"/files/[0-9a-f-]{36}", link) for link in links)


def test_a_photo_that_is_refused_says_so_at_its_thumbnail(zhou, yard):
    item = zhou.items()[1]
    zhou.offline()
    item.locator("form.photo input[type=file]").set_input_files(
        {"name": "IMG_0002.heic", "mimeType": "image/heic", "buffer": b"no picture at all"}
    )
    expect(item.locator(".thumb.wait .mark")).to_have_text("↑")
    zhou.kept()
    zhou.offline(False)
    expect(item.locator(".thumb.bad .mark")).to_have_text("!")
    zhou.page.reload()
    expect(item.locator(".thumb.bad .mark")).to_have_text("!")
    expect(zhou.bar).to_have_class("chip bad")
