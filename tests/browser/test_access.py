"""What axe, a reader of screens in effect, finds (both languages, light and dark)."""

import pytest

from server.commands.tour.barriers import barriers
from server.commands.tour.pages import stops
from server.commands.trial.chromium import PHONE

MAIN = (
    "sign-in",
    "today-lin",
    "customers-found",
    "customer",
    "prospect",
    "reception-known",
    "order",
    "delivery-new",
    "handover-3",
    "proof-genuine",
    "admin",
)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_axe_finds_nothing_on_the_main_pages(desk, scene, language):
    found = []
    for stop in stops(scene):
        if stop.name.partition("-")[2] in MAIN:
            reader = desk(stop.who, PHONE, language=language)
            stop.open(reader)
            for look in ("light", "dark"):
                reader.page.emulate_media(color_scheme=look)
                found += barriers(reader, f"{stop.name} {look}")
    assert [str(one) for one in found] == []
