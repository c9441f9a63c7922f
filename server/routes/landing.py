"""Where a tablet opens after it has changed hands."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlparse

from litestar import Litestar
from litestar.exceptions import HTTPException
from sqlalchemy.orm import Session

from server.domain.care import VisitTeam, visit_reach
from server.domain.care import reach as contacts
from server.domain.deals import Order, TradeIn, reach
from server.domain.people import Person, Right, of_store
from server.domain.refusals import NotThere
from server.domain.showroom import drives, losses, visible_to, visits
from server.visit import SIGNED_IN

TODAY = "/"
REACHES: dict[str, Callable[[Session, Person, Any], Any]] = {
    "contact_id": lambda session, person, of: contacts.visible_to(session, person).one(of),
    "deal_id": lambda session, person, of: losses.visible_to(session, person).one(of),
    "drive_id": lambda session, person, of: drives.visible_to(session, person).one(of),
    "order_number": lambda session, person, of: reach.orders(session, person).only(Order.number == of),
    "prospect_number": lambda session, person, of: visible_to(session, person).one(of),
    "quotation_number": reach.versions,
    "reception_id": lambda session, person, of: visits.visible_to(session, person).one(of),
    "team_id": lambda session, person, of: of_store(session, VisitTeam, of, person.store_id),
    "trade_in_id": lambda session, person, of: reach.trade_ins(session, person).of_id(of, TradeIn),
    "visit_id": lambda session, person, of: visit_reach.visible_to(session, person).one(of),
}
"""By the name in an address, how a person finds what is theirs. Each raises NotThere."""
NEVER = {"/switch", "/me"}
"""Pages of one's own: nobody goes on with those of another."""


def landing(app: Litestar, session: Session, person: Person, address: str) -> str:
    """The page where the one before was, if this person may see it; else today."""
    path = urlparse(address).path
    try:
        _, handler, _, gaps, _ = app.asgi_router.handle_routing(path=path, method="GET")
    except HTTPException:
        return TODAY
    needed = handler.opt.get("needs")
    open_to_all = needed == SIGNED_IN["needs"] and path not in NEVER
    allowed = open_to_all or (isinstance(needed, Right) and person.may(needed))
    return address if allowed and _within_reach(session, person, gaps) else TODAY


def _within_reach(session: Session, person: Person, gaps: dict[str, Any]) -> bool:
    """A store's people see the same files and deliveries; a call, a prospect or a deal is seen by whose it is."""
    try:
        for name in REACHES.keys() & gaps.keys():
            REACHES[name](session, person, gaps[name])
    except NotThere:
        return False
    return True
