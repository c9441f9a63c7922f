"""Piccolo Admin assembled in one language: its pages and its readings, our session and our writes."""

from html import escape
from urllib.parse import urlparse

from fastapi import FastAPI
from piccolo_admin.endpoints import AdminRouter, create_admin
from piccolo_admin.translations.data import ENGLISH, SIMPLIFIED_CHINESE
from piccolo_admin.translations.models import Translation
from starlette.authentication import AuthCredentials, AuthenticationBackend, BaseUser
from starlette.middleware.authentication import AuthenticationMiddleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import HTTPConnection
from starlette.routing import Mount

from server import i18n
from server.admin import naming, writes
from server.admin.engines import reading_engine
from server.admin.guarded import forms
from server.admin.tables import tables
from server.database import Database
from server.domain.people import Person
from server.domain.refusals import N_, Said
from server.settings import settings
from server.static import static_url

NAMES = {"menu": N_("Main navigation"), "choose": N_("Choose"), "open": N_("Open"), "pages": N_("Pages")}
"""What Piccolo's pictures are called for those who do not see them."""
TRANSLATIONS: dict[str, Translation] = {"zh": SIMPLIFIED_CHINESE, "en": ENGLISH}


def piccolo_app(database: Database, language: str) -> GZipMiddleware:
    """One application per language: the language is chosen in the house, not a second time in here."""

    def say(word: str) -> str:
        return i18n.tell(Said(word), language)

    spoken = TRANSLATIONS[language]
    router = create_admin(
        tables(reading_engine(database.engine), language),
        forms=forms(database, language),
        read_only=True,
        production=settings().secure_cookies,
        site_name=say(N_("Huanche administration")),
        default_language_code=spoken.language_code,
        translations=[spoken],
        auto_include_related=False,
        allowed_hosts=[urlparse(settings().public_url).hostname or ""],
        sidebar_links={
            say(N_("Back to Huanche")): "/",
            say(N_("Devices")): "/devices",
            say(N_("Language, appearance, PIN")): "/me",
        },
    )
    _hand_over(router, database, language)
    router.template = _page(router.template, language)
    return GZipMiddleware(naming.Addresses(router, language), minimum_size=2000)


def _hand_over(router: AdminRouter, database: Database, language: str) -> None:
    """Writes go to our routes; who is signed in, the door has found out already."""
    for route in router.router.routes:
        guard = route.app if isinstance(route, Mount) else None
        if isinstance(guard, AuthenticationMiddleware) and isinstance(guard.app, FastAPI):
            guard.backend = HouseSession()
            router.router.routes[:0] = [*writes.routes(database), *naming.routes(guard.app, language)]
            return
    raise RuntimeError("Piccolo Admin guards its addresses in another way now")


def _page(template: str, language: str) -> str:
    """Piccolo's page, with its language said and our way out of its own sign-in form."""
    own = f'<link rel="icon" href="{static_url("icons/huanche.svg")}" type="image/svg+xml">'
    own += f'<link rel="stylesheet" href="{static_url("css/admin.css")}">'
    own += f'<script type="module" src="{static_url("js/admin.js")}"></script></head>'
    names = {name: escape(i18n.tell(Said(word), language)) for name, word in NAMES.items()}
    said = "".join(f' data-{name}="{word}"' for name, word in names.items())
    return template.replace('lang="en"', f'lang="{language}"{said}').replace("</head>", own)


class Administrator(BaseUser):
    """The person at the door, as Piccolo's page wants to know them."""

    def __init__(self, person: Person) -> None:
        self.display = person.name
        self.user_id = str(person.id)

    @property
    def is_authenticated(self) -> bool:
        """Nobody gets here otherwise."""
        return True

    @property
    def display_name(self) -> str:
        """The sign-in name."""
        return self.display


class HouseSession(AuthenticationBackend):
    """The session of the house instead of Piccolo's own tables of users and sessions."""

    async def authenticate(self, conn: HTTPConnection) -> tuple[AuthCredentials, BaseUser]:
        """See the class."""
        return AuthCredentials(["authenticated"]), Administrator(conn.state.person)
