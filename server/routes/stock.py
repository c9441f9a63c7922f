"""The stock: which new cars can be sold today, which are kept, which are on the way."""

from datetime import date
from typing import Any

from litestar import Request, get
from litestar.datastructures import MultiDict, State
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue import words_of
from server.domain.catalogue.price_list import guide_prices
from server.domain.deals import stock
from server.domain.deals.stock import FREE, SHOWN, Wanted
from server.domain.people import Person, Right
from server.forms import uuid_or_none
from server.paging import Place
from server.routes import places
from server.visit import needs
from server.web import Html, Page

Ask = Request[Any, Any, State]


class Asked:
    """The wishes of an address; in the address of an order `stock` says that one came from here."""

    def __init__(self, query: MultiDict[Any]) -> None:
        show = str(query.get("stock") or query.get("show") or "")
        self.wanted = Wanted(show if show in SHOWN else FREE, uuid_or_none(str(query.get("model") or "")))
        self.place = places.day(query)

    def address(self, place: Place[date] | None = None, **other: str) -> str:
        """The same list from another place on, or with another wish."""
        return places.address("/stock", {"show": self.wanted.show, "model": self._model} | other, place)

    def record(self, address: str) -> str:
        """The order that keeps a car of this page."""
        return places.address(address, {"stock": self.wanted.show, "model": self._model}, self.place)

    @property
    def here(self) -> str:
        """This very page of the list."""
        return self.address(self.place)

    @property
    def _model(self) -> str:
        return str(self.wanted.model or "")


@get("/stock", opt=needs(Right.SELL), sync_to_thread=True)
def index(request: Ask, session: Session, person: Person, page: Page) -> Html:
    """The cars of one kind, of one model when it is said."""
    store, asked = person.store_id, Asked(request.query_params)
    return page(
        "stock/index.html", asked=asked, listed=stock.page(session, store, asked.wanted, asked.place),
        counts=stock.counts(session, store), models=stock.models(session, store),
        today=now().astimezone(person.zone).date(), guides=guide_prices(session, store),
        colours=words_of(session, store, "colour")["colour"],
    )  # fmt: skip


ALL = [index]
