"""The stock: which new cars can be sold today, which are kept, which are on the way."""

from litestar import get
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue import words_of
from server.domain.catalogue.price_list import guide_prices
from server.domain.deals import stock
from server.domain.people import Person, Right
from server.forms import uuid_or_none
from server.visit import needs
from server.web import Html, Page


@get("/stock", opt=needs(Right.SELL), sync_to_thread=True)
def index(session: Session, person: Person, page: Page, show: str = stock.FREE, model: str = "") -> Html:
    """The cars of one kind, of one model when it is said."""
    store, wanted = person.store_id, show if show in stock.SHOWN else stock.FREE
    chosen = uuid_or_none(model)
    return page(
        "stock/index.html", show=wanted, model=chosen, cars=stock.listed(session, store, wanted, chosen),
        counts=stock.counts(session, store), models=stock.models(session, store),
        today=now().astimezone(person.zone).date(), guides=guide_prices(session, store),
        colours=words_of(session, store, "colour")["colour"], most=stock.MOST,
    )  # fmt: skip


ALL = [index]
