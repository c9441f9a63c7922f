"""The link by which a customer follows their car: given and closed at the advisor's desk."""

from uuid import UUID

from litestar import post
from sqlalchemy.orm import Session

from server.domain.customers import links
from server.domain.people import Person, Right
from server.domain.refusals import N_
from server.domain.workshop import customer_links
from server.domain.workshop.reach import visible_to
from server.visit import needs
from server.web import Html, Page

DESK = needs(Right.WRITE_ORDERS)


@post("/repair-orders/{order_id:uuid}/link", opt=DESK, status_code=200, sync_to_thread=True)
def give(order_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Open one; the one before it is closed."""
    order = visible_to(session, person).one(order_id)
    customer_links.give(session, links.FOLLOW, order.id, order.customer_id, by=person)
    return page.go(f"{order.address}#link", N_("The link is ready. Let the customer scan it, or send it to them."))


@post("/repair-orders/{order_id:uuid}/link/revocation", opt=DESK, status_code=200, sync_to_thread=True)
def close(order_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Nobody follows the car by it any more."""
    order = visible_to(session, person).one(order_id)
    links.revoke(session, links.FOLLOW, order.id, by=person)
    return page.go(f"{order.address}#link", N_("The link is closed."))


ALL = [give, close]
