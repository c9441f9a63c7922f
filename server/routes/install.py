"""The installable app: what a browser reads before it puts Huanche on a home screen, and how a person gets there."""

import msgspec
from litestar import Response, get

from server import i18n
from server.domain.people import Right
from server.domain.refusals import N_, Said
from server.static import static_url
from server.visit import ANYONE, Visit
from server.web import Html, Page

BRAND, GROUND = "#0a5566", "#f2f5f7"
SHORTCUTS: tuple[tuple[str, str, str, Right | None], ...] = (
    ("today", N_("Today"), "/", None),
    ("customer", N_("New customer"), "/customers/new", Right.KEEP_CUSTOMERS),
    ("deliveries", N_("Deliveries"), "/deliveries", Right.SEE_DELIVERIES),
    ("pdi", N_("PDI"), "/pdi", Right.INSPECT),
)
"""Drawing, words, address, and who has use for it."""


@get("/manifest.webmanifest", opt=ANYONE, sync_to_thread=False)
def manifest(visit: Visit) -> Response[bytes]:
    """In the language of the visit, with the shortcuts that this person has use for."""
    answer = msgspec.json.encode(_manifest(visit))
    headers = {"cache-control": "private, no-cache", "vary": "Cookie, Accept-Language"}
    return Response(answer, media_type="application/manifest+json", headers=headers)


@get("/install", opt=ANYONE, sync_to_thread=False)
def install(visit: Visit, page: Page) -> Html:
    """How to get Huanche onto the home screen of this device, and what that is good for."""
    agent = visit.headers.get("user-agent", "")
    # Safari on an iPad says that it is a Mac unless it is told otherwise.
    by_apple = any(word in agent for word in ("iPhone", "iPad", "Macintosh"))
    return page("people/install.html", by_apple=by_apple)


def _manifest(visit: Visit) -> dict[str, object]:
    language = visit.language

    def say(word: str) -> str:
        return i18n.tell(Said(word), language)

    return {
        "id": "/", "start_url": "/", "scope": "/", "lang": "zh-Hans" if language == "zh" else "en", "dir": "ltr",
        "name": say(N_("Huanche, the dealership in your hands")), "short_name": say(N_("Huanche")),
        "description": say(N_("Customers, deliveries, inspections and papers of the store. Works without a network.")),
        "display": "standalone", "theme_color": BRAND, "background_color": GROUND,
        "categories": ["business", "productivity"], "icons": _icons(),
        "shortcuts": [
            {"name": say(words), "url": address, "icons": [_png(f"shortcut-{drawing}", 96)]}
            for drawing, words, address, right in SHORTCUTS
            if right is None or (visit.person is not None and visit.person.may(right))
        ],
    }  # fmt: skip


def _icons() -> list[dict[str, str]]:
    plain = [_png("huanche-192", 192), _png("huanche-512", 512)]
    drawn = {"src": static_url("icons/huanche.svg"), "sizes": "any", "type": "image/svg+xml"}
    masked = [_png(f"huanche-maskable-{size}", size) | {"purpose": "maskable"} for size in (192, 512)]
    return [*plain, drawn, *masked]


def _png(name: str, size: int) -> dict[str, str]:
    return {"src": static_url(f"icons/{name}.png"), "sizes": f"{size}x{size}", "type": "image/png"}


ALL = [manifest, install]
