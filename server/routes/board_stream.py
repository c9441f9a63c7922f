"""The stream of a live board: what has become of the cars, as it happens.

It stands outside the life of a request, which holds answers back until they are whole: it reads in sessions of
its own, and looks again and again whether whoever watches still may.
"""

from asyncio import get_running_loop, wait_for
from collections.abc import AsyncGenerator
from time import monotonic
from typing import Any

from anyio.to_thread import run_sync
from litestar import MediaType, Request, Response, get
from litestar.response import Stream

from server.database import EVERY_STORE, Database
from server.domain.people import Person, Right
from server.domain.people.sign_in import recognise
from server.live import Screen, Watcher
from server.visit import SESSION, Visit, needs

BEAT = 15.0
"""Seconds of silence after which a word is sent that says nothing: proxies close what is still."""
AGAIN = b"event: anew\ndata: {}\n\n"
BYE = b"event: bye\ndata: {}\n\n"
STILL_HERE = b": still here\n\n"
HEADERS = {"cache-control": "no-store", "x-accel-buffering": "no", "x-content-type-options": "nosniff"}


@get("/board/stream", opt={"outside": True} | needs(Right.SEE_WORKSHOP))
async def stream(request: Request[Any, Any, Any], seen: str = "") -> Response[Any] | Stream:
    """Cards as server-sent events. `seen`: the version that the page shows; a browser that comes back says its own."""
    visit, watcher = Visit(request.scope), request.app.state.watcher
    person = await run_sync(_watches, watcher.database, visit)
    if person is None:
        return Response("", status_code=403, media_type=MediaType.TEXT)
    screen = Screen(person.store_id, visit.language, get_running_loop())
    shown = request.headers.get("last-event-id") or seen
    return Stream(_words(watcher, screen, visit, shown), media_type="text/event-stream", headers=HEADERS)


async def _words(watcher: Watcher, screen: Screen, visit: Visit, seen: str) -> AsyncGenerator[bytes]:
    await run_sync(watcher.open, screen, seen)
    try:
        yield STILL_HERE
        looked = monotonic()
        while (word := await _next(screen)) is not None:
            if monotonic() - looked >= BEAT:
                if await run_sync(_watches, watcher.database, visit) is None:
                    yield BYE
                    return
                looked = monotonic()
            yield word
        yield AGAIN
    finally:
        watcher.close(screen)


async def _next(screen: Screen) -> bytes | None:
    try:
        return await wait_for(screen.words.get(), BEAT)
    except TimeoutError:
        return STILL_HERE


def _watches(database: Database, visit: Visit) -> Person | None:
    """Who sits there, as long as their session lasts and they may see the workshop."""
    token = visit.cookies.get(SESSION)
    with database.session(writing=False, store=EVERY_STORE) as session:
        person = recognise(session, token) if token else None
    return person if person is not None and person.may(Right.SEE_WORKSHOP) else None


ALL = [stream]
