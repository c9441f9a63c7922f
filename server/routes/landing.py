"""Where a tablet opens after it has changed hands."""

from typing import Any
from urllib.parse import urlparse

from litestar import Litestar
from litestar.exceptions import HTTPException
from sqlalchemy.orm import Session

from server.domain.care import contacts
from server.domain.people import Person, Right
from server.domain.refusals import NotThere
from server.visit import SIGNED_IN

TODAY = "/"
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
    """A store's people see the same files and deliveries; a call is seen by who owes it."""
    if "contact_id" not in gaps:
        return True
    try:
        contacts.visible_to(session, person).one(gaps["contact_id"])
    except NotThere:
        return False
    return True
