"""Assembles the application: routes, dependencies, the life of a request; nothing else."""

from copy import deepcopy

from litestar import Litestar, Router
from litestar.datastructures import State

from server import rounds, routes, web
from server.admin import mount_admin
from server.database import Database
from server.domain import reactions
from server.domain.refusals import Refusal
from server.life import LifeOfARequest
from server.live import Watcher
from server.settings import settings
from server.static import static_file


def create_app(database: Database | None = None, *, rounds_too: bool = False) -> Litestar:
    """The house, on the given database or the one of the settings; with its rounds where it really serves."""
    reactions.connect()
    database = database or Database(settings().database_url)
    # Litestar wraps a threaded handler once more each time its path is registered again, so all of them are
    # registered once, as one router, and every house gets its own copies.
    pages = Router("/", route_handlers=deepcopy([*routes.ALL, static_file]))
    return Litestar(
        route_handlers=[pages, mount_admin(database)],
        dependencies=dict(web.DEPENDENCIES),
        middleware=[LifeOfARequest(database)],
        lifespan=[rounds.beside(database)] if rounds_too else [],
        state=State({"watcher": Watcher(database)}),
        exception_handlers={Refusal: web.refused, Exception: web.failed},
        openapi_config=None,
        request_max_body_size=None,  # the life of a request counts for itself
    )
