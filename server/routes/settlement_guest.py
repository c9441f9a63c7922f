"""What a customer reads at the link of their settlement: every line, the guarantee, the next service, and one tap."""

from typing import Any

from litestar import post
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from server.domain.customers import links
from server.domain.refusals import N_
from server.domain.workshop import RepairOrder, cashing, returning, settling
from server.domain.workshop.order_lines import SELF
from server.forms import Form
from server.routes.guests import Guests
from server.routes.settling import FACES, MARKS
from server.visit import GUEST, Visit
from server.web import Html, Page


def settled(at: Guests, page: Page) -> Html:
    """The page at the link."""
    return page("guests/settlement.html", **_shown(at))


@post("/c/{token:str}/rating", opt=GUEST, status_code=200, sync_to_thread=True)
def rate(token: str, form: Form, session: Session, visit: Visit, page: Page) -> Html:
    """One tap; the last one counts."""
    at = Guests(session, visit, token, links.SETTLEMENT)
    mark = form.whole("rating", least=1, most=5)
    form.check()
    returning.rate(session, _order(session, at), mark or 0, by=at.guest)
    return page.go(at.base, N_("Thank you for the mark."))


def _shown(at: Guests) -> dict[str, Any]:
    order = _order(at.session, at)
    standing = [one for one in settling.standing(at.session, order) if one.payer == SELF]
    return at.frame() | {
        "order": order, "settlements": standing, "owed": cashing.owed(at.session, order) if standing else 0,
        "covered": [one for one in settling.standing(at.session, order) if one.payer != SELF],
        "plate": links.masked_plate(order.car.plate), "faces": FACES, "marks": MARKS,
    }  # fmt: skip


def _order(session: Session, at: Guests) -> RepairOrder:
    query = select(RepairOrder).where(RepairOrder.id == at.link.subject_id)
    return session.scalars(query.options(joinedload(RepairOrder.car), joinedload(RepairOrder.advisor))).one()


ALL = [rate]
