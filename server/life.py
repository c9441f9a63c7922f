"""The life of a request: recognise, claim the key, one transaction, one answer, and only then the reply."""

from typing import Any
from uuid import UUID, uuid4

from anyio.to_thread import run_sync
from litestar import Request, Response
from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Receive, Scope, Send
from sqlalchemy.orm import Session

from server import bodies, web
from server.answers import Answer
from server.database import EVERY_STORE, Database, reach
from server.domain.people import Person
from server.domain.people.sign_in import recognise
from server.domain.people.tickets import holder
from server.domain.records import receipts
from server.domain.refusals import Invalid, N_, NotAllowed, NotThere, Refusal, WrongMove
from server.forms import uuid_or_none
from server.settings import settings
from server.visit import SESSION, ForeignForm, SignInFirst, SomebodyElseNow, Visit, admit

REMEMBERED = {400, 409, 422}
"""Refusals that would be the same again; 401, 403 and faults of ours would not."""


class LifeOfARequest(ASGIMiddleware):
    """See `docs/decisions/0001`."""

    scopes = (ScopeType.HTTP,)
    exclude_opt_key = "outside"

    def __init__(self, database: Database) -> None:
        self.database = database

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """One request from its first byte to its last."""
        visit = Visit(scope)
        scope["state"]["visit"] = visit
        visit.session = self.database.session(writing=visit.writing, store=EVERY_STORE)
        visit.aside = self.database.work
        visit.guest = bool(scope["route_handler"].opt.get("guest"))
        answer = Answer(visit)
        try:
            await self._live(scope, receive, next_app, visit, answer)
        except SomebodyElseNow:
            await answer.instead(Response(None, status_code=204), scope, receive)
        except ConnectionError:
            return  # the device went away in the middle of its sending; nothing was kept
        except Exception as fault:  # noqa: BLE001 -- whatever broke, the person gets a page and nothing is half kept
            await answer.instead(_page_of(fault, scope), scope, receive)
        finally:
            await run_sync(visit.session.close)
        await answer.go(send)

    async def _live(self, scope: Scope, receive: Receive, next_app: ASGIApp, visit: Visit, answer: Answer) -> None:
        opt: dict[str, Any] = scope["route_handler"].opt
        if visit.writing:
            visit.body = await bodies.whole(receive, _limit(visit))
        earlier = await run_sync(_enter, visit, opt)
        if earlier is not None:
            answer.repeat(earlier)
            return
        await next_app(scope, bodies.again(visit.body, receive), answer.take)
        if visit.writing:  # closing the session is the end of a reading
            await run_sync(_end, visit, opt, answer)


def _limit(visit: Visit) -> int:
    """Bytes; photos may be larger than words."""
    of_files = visit.headers.get("content-type", "").startswith("multipart/")
    return settings().upload_limit if of_files else settings().body_limit


def _page_of(fault: Exception, scope: Scope) -> Response[Any]:
    request: Request[Any, Any, Any] = Request(scope)
    return web.refused(request, fault) if isinstance(fault, Refusal) else web.failed(request, fault)


def _enter(visit: Visit, opt: dict[str, Any]) -> receipts.Receipt | None:
    """In a thread: begin, recognise, let in; of a writing visit also check the form and claim its key."""
    assert visit.session is not None
    if "\0" in visit.path or "%00" in visit.query:
        raise NotThere  # PostgreSQL has no letter NUL, so nothing can be called that
    visit.person = _who(visit, visit.session, opt)
    if visit.person:
        reach(visit.session, visit.person.store_id)
    if visit.stocks_for_another:
        raise SomebodyElseNow
    if visit.writing:
        return _claim(visit, opt)
    admit(visit, opt)
    return None


def _who(visit: Visit, session: Session, opt: dict[str, Any]) -> Person | None:
    """Who asks: by the session of this browser, or by the ticket of an outbox where a route takes one."""
    if visit.sending is None:
        token = None if visit.guest else visit.cookies.get(SESSION)
        return recognise(session, token) if token else None
    if not opt.get("by_ticket"):
        raise NotAllowed
    if not visit.sending.understood:
        raise WrongMove(N_("This was kept by another version of the app. Load the newest one and send it again."))
    return holder(session, visit.sending)


def _claim(visit: Visit, opt: dict[str, Any]) -> receipts.Receipt | None:
    assert visit.session is not None
    if opt.get("greeting"):
        visit.key = uuid4()
        return None
    token, key = _form_keys(visit)
    if visit.person is None and opt.get("needs") is not None:
        raise SignInFirst
    if visit.sending is None and not visit.csrf_fits(token):  # a ticket is no cookie: no other site can send it along
        raise ForeignForm
    admit(visit, opt)
    visit.key = _key(key)
    return None if _is_forgotten(opt) else receipts.claim(visit.session, _draft(visit))


def _is_forgotten(opt: dict[str, Any]) -> bool:
    return bool(opt.get("unremembered") or opt.get("greeting"))


def _form_keys(visit: Visit) -> tuple[str, str]:
    """Token of the browser and key of the deed: a script says them in headers, a form in hidden fields."""
    if visit.sending is not None:
        return "", visit.headers.get("idempotency-key", "")
    token, key = visit.headers.get("x-csrf-token"), visit.headers.get("idempotency-key")
    typed = visit.typed() if token is None or key is None else {}
    return typed.get("_csrf", "") if token is None else token, typed.get("_key", "") if key is None else key


def _key(given: str) -> UUID:
    key = uuid_or_none(given)
    if key is None:
        raise Invalid.at("_key", N_("This form has no key. Open the page again and send it once more."))
    return key


def _draft(visit: Visit) -> receipts.Receipt:
    assert visit.key is not None
    person = visit.person
    path = f"{visit.path}?{visit.query}" if visit.query else visit.path
    whose = (person.id, person.store_id) if person else (None, None)
    return receipts.draft(visit.key, *whose, visit.method, path, visit.essence)


def _end(visit: Visit, opt: dict[str, Any], answer: Answer) -> None:
    """In a thread: keep the deed and its receipt together, or neither."""
    session = visit.session
    assert session is not None
    if visit.key is None:
        session.rollback()
        return
    if answer.status >= 400 and not visit.keep_refusal:
        session.rollback()
        if answer.status not in REMEMBERED or _is_forgotten(opt):
            return
        if receipts.claim(session, _draft(visit)) is not None:
            return
    if not _is_forgotten(opt):
        receipts.keep(session, _draft(visit), answer.status, answer.kept_headers(), answer.body)
    session.commit()
