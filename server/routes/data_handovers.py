"""Handovers of data: what is to be taken over, the receipt; leavers; and what is in nobody's hands."""

from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.database import now
from server.domain.care import data_handovers, handover_papers, leaving, unowned
from server.domain.care.belongings import BY_CODE, GROUPS
from server.domain.care.data_handovers import DataHandover, visible_to
from server.domain.people import Person, Right, Staff, of_store
from server.domain.people.staff import with_right
from server.domain.records import papers
from server.domain.refusals import N_, Refusal
from server.forms import Form, uuid_or_none
from server.visit import field, needs
from server.web import Html, Page


@get("/data-handovers", opt=needs(Right.MAKE_CONTACTS), sync_to_thread=True)
def index(session: Session, person: Person, page: Page, show: str = "open") -> Html:
    """What is to be taken over, and what was."""
    reach = visible_to(session, person)
    found = reach.done() if show == "done" else reach.open()
    return page("data_handovers/index.html", handovers=found, show=show, at=now())


@get("/data-handovers/{handover_id:uuid}", opt=needs(Right.MAKE_CONTACTS), sync_to_thread=True)
def show(handover_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """What is handed over: the customer, their car, what they agreed to, and what is owed to them."""
    handover = visible_to(session, person).one(handover_id)
    return page("data_handovers/show.html", **_shown(session, person, handover))


@post("/data-handovers/{handover_id:uuid}/taking", opt=field(Right.MAKE_CONTACTS), status_code=200, sync_to_thread=True)
def take(handover_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Service looks after them from now on."""
    handover = visible_to(session, person).one(handover_id)
    try:
        note = form.text("note", most=300)
        form.check()
        data_handovers.take(session, handover, by=person, note=note)
    except Refusal as wrong:
        return page.again("data_handovers/show.html", wrong, form, **_shown(session, person, handover))
    return page.go(f"/data-handovers/{handover_id}", N_("Taken over. The receipt is here."))


@post(
    "/data-handovers/{handover_id:uuid}/redirection", opt=needs(Right.KEEP_STAFF), status_code=200, sync_to_thread=True
)
def redirect(handover_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Another advisor is to take them over."""
    handover = visible_to(session, person).one(handover_id)
    try:
        to = form.ident("to")
        form.check()
        assert to is not None  # checked just above
        data_handovers.redirect(session, handover, of_store(session, Staff, to, person.store_id), by=person)
    except Refusal as wrong:
        return page.again("data_handovers/show.html", wrong, form, **_shown(session, person, handover))
    return page.go(f"/data-handovers/{handover_id}", N_("They have been told."))


@get("/leavers", opt=needs(Right.KEEP_STAFF), sync_to_thread=True)
def leavers(session: Session, person: Person, page: Page, who: str = "") -> Html:
    """Who leaves, and what is in their hands."""
    return page("data_handovers/leavers.html", **_leaver(session, person, uuid_or_none(who)))


@post("/leavers", opt=needs(Right.KEEP_STAFF), status_code=200, sync_to_thread=True)
def leave(form: Form, session: Session, person: Person, page: Page) -> Html:
    """Everything of one goes to others in one act."""
    leaver = form.ident("from")
    try:
        if not form.yes("sure"):
            form.wrong("sure", N_("Tick this to go on."))
        note = form.text("note", most=300)
        form.check()
        assert leaver is not None  # checked just above
        offered = leaving.takers(session, person.store_id, leaver)
        to = {
            group: [one for one in able if str(one.id) in form.every(f"to-{group}")] for group, able in offered.items()
        }
        gone = of_store(session, Staff, leaver, person.store_id)
        receipt = leaving.hand_over(session, gone, to, by=person, note=note)
    except Refusal as wrong:
        return page.again("data_handovers/leavers.html", wrong, form, **_leaver(session, person, leaver))
    return page.go(f"/data-handovers/{receipt.id}", N_("Everything is in other hands. The receipt is here."))


@get("/unowned", opt=needs(Right.KEEP_STAFF), sync_to_thread=True)
def nobodys(session: Session, person: Person, page: Page) -> Html:
    """What is alive and in nobody's hands."""
    found = unowned.find(session, person.store_id)
    kinds = {one.code: [item for item in found if item.code == one.code] for one in BY_CODE.values()}
    return page(
        "data_handovers/unowned.html", kinds={code: some for code, some in kinds.items() if some}, names=BY_CODE,
        pages=PAGES,
    )  # fmt: skip


PAGES = {
    "prospects": "/prospects/{called}", "quotations": "/quotations/{called}", "orders": "/orders/{called}",
    "test_drives": "/test-drives/{key}", "receptions": "/receptions/{key}", "deliveries": "/deliveries/{called}",
    "deliveries_served": "/deliveries/{called}", "appointments": "/appointments/{key}",
    "repair_orders": "/repair-orders/{key}", "customers": "/customers/{key}",
    "data_handovers": "/data-handovers/{key}", "jobs": "/repair-orders/{key}", "inspections": "/deliveries/{key}",
    "visit_seats": "/visits/{key}", "visits": "/visits/{key}", "team_seats": "/visits/teams/{key}",
    "contacts": "/contacts/{key}", "absences": "/absences",
}  # fmt: skip
"""Where each kind of thing is settled."""


def _shown(session: Session, person: Person, handover: DataHandover) -> dict[str, Any]:
    delivered = handover.customer_id is not None
    return {
        "handover": handover, "at": now(), "may_take": data_handovers.may_take(session, handover, person),
        "consents": handover_papers.consents_of(session, handover),
        "owed": handover_papers.owed_to(session, handover) if delivered else (),
        "papers": papers.of_subject(session, handover.store_id, handover.id),
        "advisors": with_right(session, person.store_id, Right.WRITE_ORDERS) if person.may(Right.KEEP_STAFF) else (),
    }  # fmt: skip


def _leaver(session: Session, person: Person, who: UUID | None) -> dict[str, Any]:
    holders = leaving.holders(session, person.store_id)
    held = {staff.id: counts for staff, counts in holders}.get(who, {}) if who else {}
    return {
        "holders": holders, "who": who, "held": held, "kinds": BY_CODE, "groups": leaving.groups_of(held),
        "group_names": GROUPS, "takers": leaving.takers(session, person.store_id, who),
    }  # fmt: skip


ALL = [index, show, take, redirect, leavers, leave, nobodys]
