"""A list of prospects as an Excel file: exactly what the list shows to this person, as it is narrowed down."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.datastructures import State
from sqlalchemy.orm import Session

from server import i18n
from server.database import now
from server.domain.imports import excel, taking_out
from server.domain.people import Person, Right
from server.domain.showroom.lists import Lists
from server.routes.imports import as_file
from server.routes.prospect_lists import Asked
from server.visit import Visit, needs
from server.web import Html, Page

Ask = Request[Any, Any, State]
HERE = "/prospects/excel"


@post(HERE, opt=needs(Right.SEE_PROSPECTS), status_code=200, sync_to_thread=True)
def ask(request: Ask, session: Session, person: Person, page: Page) -> Html:
    """Write down that a list is taken out, then hand it over."""
    asked = Asked(request.query_params, person)
    taking_out.write_down(session, by=person, asked=asked.said())
    return page.go(asked.address(HERE))


@get(HERE, opt=needs(Right.SEE_PROSPECTS), sync_to_thread=True)
def fetch(request: Ask, session: Session, person: Person, visit: Visit, page: Page) -> Response[Any]:
    """The list. Who has not asked for it by its button is led to it: taking customers out is never a mere address."""
    asked, at = Asked(request.query_params, person), now()
    if not taking_out.is_written_down(session, person, at):
        return page.go(asked.address())

    def say(words: Any) -> str:
        return i18n.say(words, visit.language)

    rows = taking_out.rows(session, person, Lists(session, person, at).every(asked.wanted), say)
    return as_file(excel.write([say(name) for name in taking_out.headings()], rows), "huanche-prospects.xlsx")


ALL = [ask, fetch]
