"""The addresses under which Piccolo's page writes: answered by the house, never by Piccolo's own SQL."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from uuid import UUID

import msgspec
from anyio.to_thread import run_sync
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from server import i18n
from server.admin import changes
from server.admin.wording import in_words, of_the_database
from server.database import Database
from server.domain.people import sign_in
from server.domain.refusals import Invalid, N_, NotThere, Refusal, Said
from server.forms import uuid_or_none
from server.visit import SESSION
from server.web import STATUS

Answer = Callable[[Session, Request, dict[str, Any]], Response]


def routes(database: Database) -> Sequence[Route]:
    """They stand before Piccolo's routes and after its check for forged requests."""
    table, row = "/api/tables/{table}/", "/api/tables/{table}/{row}/"
    return [
        Route(table, _in_one_transaction(database, _add), methods=["POST"]),
        Route(row, _in_one_transaction(database, _change), methods=["PATCH", "PUT"]),
        Route(row, _in_one_transaction(database, _remove), methods=["DELETE"]),
        Route("/public/logout/", _in_one_transaction(database, _leave), methods=["POST"]),
        Route("/public/login/", _elsewhere, methods=["GET", "POST"]),
        Route("/api/change-password/", _elsewhere, methods=["GET", "POST"]),
    ]


def _add(session: Session, request: Request, payload: dict[str, Any]) -> Response:
    row = changes.add(session, request.path_params["table"], payload, by=request.state.person)
    return JSONResponse([{"id": str(row.id)}], 201)


def _change(session: Session, request: Request, payload: dict[str, Any]) -> Response:
    row = changes.change(session, request.path_params["table"], _row(request), payload, by=request.state.person)
    return JSONResponse({"id": str(row.id)})


def _remove(session: Session, request: Request, _payload: dict[str, Any]) -> Response:
    changes.remove(session, request.path_params["table"], _row(request), by=request.state.person)
    return Response(status_code=204)


def _leave(session: Session, request: Request, _payload: dict[str, Any]) -> Response:
    sign_in.leave(session, request.cookies[SESSION], by=request.state.person)
    answer = JSONResponse({})
    answer.delete_cookie(SESSION, path="/", httponly=True, samesite="lax")
    return answer


async def _elsewhere(request: Request) -> Response:
    """There is one way to sign in and one to change a password."""
    said = Said(N_("This is not done here. Sign in on the sign-in page; passwords are set with the form for it."))
    return PlainTextResponse(i18n.tell(said, request.state.visit.language), 405)


def _row(request: Request) -> UUID:
    row = uuid_or_none(request.path_params["row"])
    if row is None:
        raise NotThere
    return row


def _in_one_transaction(database: Database, answer: Answer) -> Callable[[Request], Awaitable[Response]]:
    def work(request: Request, payload: dict[str, Any]) -> Response:
        with database.work(request.state.person.store_id) as session:
            return answer(session, request, payload)

    async def endpoint(request: Request) -> Response:
        language = request.state.visit.language
        try:
            return await run_sync(work, request, await _payload(request))
        except Refusal as refusal:
            status = next((STATUS[kind] for kind in type(refusal).__mro__ if kind in STATUS), 405)
            return PlainTextResponse(in_words(refusal, language), status)
        except DBAPIError as fault:
            return PlainTextResponse(in_words(of_the_database(fault), language), 409)

    return endpoint


async def _payload(request: Request) -> dict[str, Any]:
    body = await request.body()
    try:
        return msgspec.json.decode(body, type=dict[str, Any]) if body else {}
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise Invalid.at("", N_("This request could not be read. Open the page again.")) from None
