"""What a browser reads before it puts Huanche on a home screen."""

import io
import json
from collections.abc import Callable

import pytest
from PIL import Image

from tests.visitor import Visitor

Come = Callable[..., Visitor]
FOR_ALL = ["/", "/deliveries"]
SHORTCUTS = {
    None: ["/"],
    "lin": ["/", "/customers/new", "/deliveries"],
    "zhou": ["/", "/deliveries", "/pdi"],
    "admin": ["/", "/deliveries"],
}


def manifest(visitor: Visitor, language: str = "zh") -> dict[str, object]:
    visitor.http.cookies["huanche_language"] = language
    answer = visitor.get("/manifest.webmanifest")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/manifest+json"
    return json.loads(answer.text)


def test_it_starts_on_today_in_a_window_of_its_own(client: Come) -> None:
    told = manifest(client())
    assert (told["id"], told["start_url"], told["scope"], told["display"]) == ("/", "/", "/", "standalone")


def test_it_speaks_the_language_of_the_visit_and_stays_the_same_app(client: Come) -> None:
    visitor = client("lin")
    zh, en = manifest(visitor, "zh"), manifest(visitor, "en")
    assert zh["id"] == en["id"]
    assert (zh["lang"], en["lang"]) == ("zh-Hans", "en")
    assert zh["short_name"] == "环车"
    for key in ("name", "short_name", "description"):
        assert zh[key] != en[key]
    assert [one["name"] for one in zh["shortcuts"]] != [one["name"] for one in en["shortcuts"]]


@pytest.mark.parametrize(("name", "addresses"), SHORTCUTS.items())
def test_shortcuts_lead_only_where_the_person_may_go(client: Come, name: str | None, addresses: list[str]) -> None:
    visitor = client(name)
    told = [one["url"] for one in manifest(visitor)["shortcuts"]]
    assert told == addresses
    if name:
        assert [visitor.get(address).status_code for address in told] == [200] * len(told)


def test_every_picture_is_there_in_the_size_that_is_said(client: Come) -> None:
    visitor = client("lin")
    told = manifest(visitor)
    pictures = [*told["icons"], *(picture for one in told["shortcuts"] for picture in one["icons"])]
    assert {"192x192", "512x512"} <= {one["sizes"] for one in pictures if "purpose" not in one}
    assert {"192x192", "512x512"} == {one["sizes"] for one in pictures if one.get("purpose") == "maskable"}
    for one in pictures:
        answer = visitor.get(one["src"])
        assert answer.headers["content-type"] == one["type"]
        if one["type"] == "image/png":
            drawn = Image.open(io.BytesIO(answer.content))
            assert "{}x{}".format(*drawn.size) == one["sizes"]
            masked = one.get("purpose") == "maskable"
            corner = drawn.convert("RGBA").getpixel((0, 0))
            assert corner == ((10, 85, 102, 255) if masked else (0, 0, 0, 0)), "only a maskable one fills its corners"


@pytest.mark.parametrize("name", [None, "lin", "zhou", "admin"])
def test_every_page_names_the_manifest_and_asks_for_it_as_this_visitor(client: Come, name: str | None) -> None:
    page = client(name).get("/" if name else "/sign-in").text
    assert '<link rel="manifest" href="/manifest.webmanifest" crossorigin="use-credentials">' in page
    assert page.count('name="theme-color"') == 2
    assert 'rel="apple-touch-icon"' in page


def test_a_chosen_appearance_is_the_colour_of_the_bar(client: Come) -> None:
    visitor = client("lin")
    visitor.http.cookies["huanche_theme"] = "dark"
    page = visitor.get("/").text
    assert '<meta name="theme-color" content="#0d141b">' in page
    assert page.count('name="theme-color"') == 1


IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1"
ANDROID = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 Chrome/143.0.0.0 Mobile Safari/537.36"


@pytest.mark.parametrize(("agent", "first"), [(IPHONE, "iPhone"), (ANDROID, "Android")])
def test_how_it_is_done_by_hand_is_open_for_this_device(client: Come, agent: str, first: str) -> None:
    visitor = client()
    visitor.http.headers["user-agent"] = agent
    visitor.http.cookies["huanche_language"] = "en"
    page = visitor.get("/install").text
    opened = page.split("<details open>")[1]
    assert page.count("<details open>") == 1
    assert first in opened.partition("</summary>")[0]


def test_the_way_to_the_home_screen_starts_on_ones_own_page(client: Come) -> None:
    lin = client("lin")
    assert 'href="/install"' in lin.get("/me").text
    assert lin.get("/install").status_code == 200
    assert 'href="/devices"' not in lin.get("/me").text
    assert 'href="/devices"' in client("admin").get("/me").text
