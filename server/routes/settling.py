"""Settling and giving back: the sums by payer, the money, the next service, the customer's signature, the gate."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.database import now
from server.domain.billing import payments
from server.domain.catalogue import entries
from server.domain.checklists import MOST_INK, read_ink
from server.domain.customers import links
from server.domain.people import Person, Right
from server.domain.people.staff import titles
from server.domain.records import papers
from server.domain.refusals import N_, Refusal
from server.domain.workshop import (
    OrderPart,
    RepairOrder,
    State,
    cashing,
    customer_links,
    lines,
    next_service,
    parts_stock,
    returning,
    settling,
)
from server.domain.workshop.order_lines import PAYERS
from server.domain.workshop.reach import visible_to
from server.domain.workshop.repair_orders import OLD_PARTS
from server.forms import Form, uuid_or_none
from server.routes.checklists import walk_page
from server.routes.return_walks import ReturnWalking
from server.visit import field, needs
from server.web import Html, Page

SETTLES = needs(Right.SETTLE)
FACES = {1: "frown", 2: "meh", 3: "smile", 4: "laugh", 5: "party-popper"}
MARKS: dict[int, str] = {
    1: N_("Bad"), 2: N_("Not good"), 3: N_("All right"), 4: N_("Good mark"), 5: N_("Excellent"),
}  # fmt: skip
SETTLED = "/repair-orders/{order_id:uuid}/settlement"


@get(SETTLED, opt=SETTLES, sync_to_thread=True)
def show(order_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """What each payer pays, what was paid, and what is left until the car leaves."""
    return page("settling/show.html", **shown(session, person, order_id))


@post(SETTLED, opt=SETTLES, status_code=200, sync_to_thread=True)
def issue(order_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Freeze the sums; the settlement lists are there."""

    def deed(order: RepairOrder) -> str:
        settling.issue(session, order, by=person)
        returning.fill(session, order, by=person)
        return N_("The settlement is issued.")

    return _done(order_id, form, session, person, page, deed)


@post(SETTLED + "/shares/{payer:str}", opt=SETTLES, status_code=200, sync_to_thread=True)
def adjust(order_id: UUID, payer: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Another charge, or something left off, before it is issued."""

    def deed(order: RepairOrder) -> str:
        other, discount = form.money("other", required=False) or 0, form.money("discount", required=False) or 0
        name, why = form.text("other_name", most=80), form.text("discount_why", most=200)
        form.check()
        settling.adjust(
            session, order, payer, by=person, other=other, other_name=name, discount=discount, why=why
        )  # fmt: skip
        return N_("The sums are kept.")

    return _done(order_id, form, session, person, page, deed)


@post(SETTLED + "/withdrawals", opt=SETTLES, status_code=200, sync_to_thread=True)
def take_off(order_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """A part that was not built in is not charged."""

    def deed(order: RepairOrder) -> str:
        chosen = form.ident("part")
        form.check()
        assert chosen is not None  # checked just above
        line = lines.line_of(session, order, OrderPart, chosen)
        parts_stock.not_needed(session, line, by=person)
        return N_("The part is taken off.")

    return _done(order_id, form, session, person, page, deed)


@post(SETTLED + "/payments", opt=SETTLES, status_code=200, sync_to_thread=True)
def pay(order_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """The customer pays, all or a part."""

    def deed(order: RepairOrder) -> str:
        cashing.take(session, order, by=person, **_money(form))
        return N_("The money is taken; the receipt is ready.")

    return _done(order_id, form, session, person, page, deed)


@post(SETTLED + "/refunds", opt=SETTLES, status_code=200, sync_to_thread=True)
def refund(order_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Give back what was paid too much."""

    def deed(order: RepairOrder) -> str:
        cashing.refund(session, order, by=person, **_money(form))
        return N_("The money is given back; the receipt is ready.")

    return _done(order_id, form, session, person, page, deed)


@post("/settlements/{settlement_id:uuid}/payments", opt=SETTLES, status_code=200, sync_to_thread=True)
def take_from(settlement_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Another payer pays its settlement."""
    settlement = settling.settlement_of(session, person.store_id, settlement_id)

    def deed(_: RepairOrder) -> str:
        cashing.take_from(session, settlement, by=person, **_money(form))
        return N_("The money is taken; the receipt is ready.")

    return _done(settlement.order_id, form, session, person, page, deed)


@post("/settlements/{settlement_id:uuid}/reversal", opt=SETTLES, status_code=200, sync_to_thread=True)
def reverse(settlement_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Take a settlement back as a whole."""
    settlement = settling.settlement_of(session, person.store_id, settlement_id)

    def deed(_: RepairOrder) -> str:
        settling.reverse(session, settlement, by=person, why=form.text("why", most=300))
        return N_("The settlement is reversed; settle anew.")

    return _done(settlement.order_id, form, session, person, page, deed)


@post(SETTLED + "/next-service", opt=SETTLES, status_code=200, sync_to_thread=True)
def set_next(order_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """When the car is due again."""

    def deed(order: RepairOrder) -> str:
        on, km = form.day("next_service_on"), form.whole("next_service_km", required=False)
        form.check()
        returning.set_next(session, order, on, km, by=person)
        return N_("The next service is kept.")

    return _done(order_id, form, session, person, page, deed, at="#next")


@post(SETTLED + "/signature", opt=field(Right.SETTLE), status_code=200, sync_to_thread=True)
def sign(order_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """The customer signs that the car and the sums were shown."""

    def deed(order: RepairOrder) -> str:
        ink = read_ink(form.text("ink", most=MOST_INK))
        name = form.text("typed_name", most=60) or (order.sender.name if ink else "")
        returning.sign(session, order, by=person, name=name, ink=ink, seen_at=form.stamp("seen_at"))
        return N_("Signed. The car may leave once it is paid.")

    return _done(order_id, form, session, person, page, deed, at="#leaving")


@post(SETTLED + "/rating", opt=SETTLES, status_code=200, sync_to_thread=True)
def rate(order_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """The customer taps a face on our tablet."""

    def deed(order: RepairOrder) -> str:
        returning.rate(session, order, form.whole("rating") or 0, by=person)
        return N_("Thank you for the mark.")

    return _done(order_id, form, session, person, page, deed, at="#rating")


@post(SETTLED + "/link", opt=SETTLES, status_code=200, sync_to_thread=True)
def give_link(order_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """The settlement on the customer's own phone."""
    order = visible_to(session, person).one(order_id)
    customer_links.give(session, links.SETTLEMENT, order.id, order.customer_id, by=person)
    said = N_("The link is ready. Let the customer scan it, or send it to them.")
    return page.go(f"{order.address}/settlement#link", said)


@post(SETTLED + "/link/revocation", opt=SETTLES, status_code=200, sync_to_thread=True)
def close_link(order_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Nobody reads it by that link any more."""
    order = visible_to(session, person).one(order_id)
    links.revoke(session, links.SETTLEMENT, order.id, by=person)
    return page.go(f"{order.address}/settlement#link", N_("The link is closed."))


@post("/repair-orders/{order_id:uuid}/exit", opt=SETTLES, status_code=200, sync_to_thread=True)
def leave(order_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Through the gate: everything about this visit is closed."""

    def deed(order: RepairOrder) -> str:
        returning.leave(session, order, by=person)
        return N_("The car may leave: the gate pass is ready.")

    return _done(order_id, form, session, person, page, deed)


@get("/repair-orders/{order_id:uuid}/return", opt=SETTLES, sync_to_thread=True)
def walk(order_id: UUID, session: Session, person: Person, page: Page, section: UUID | None = None) -> Html:
    """One section of the list of the return."""
    order = visible_to(session, person).one(order_id)
    if order.return_run_id is None:
        return page.go(f"{order.address}/settlement", N_("The list of the return begins when the car is ready."))
    walking = ReturnWalking(session, person, order)
    return page.go(walking.where_one_was()) if section is None else walk_page(walking, page, section)


def shown(session: Session, person: Person, order_id: UUID) -> dict[str, Any]:
    """What the page reads; it asks as little about many lines as about one."""
    order = visible_to(session, person).one(order_id)
    found = settling.of_order(session, order)
    standing = [one for one in found if one.stands]
    open_ones = settling.shares(session, order) if order.state in settling.WRITTEN_WHILE else []
    drafts = {one.payer: one for one in settling.drafts(session, order)}
    walking = ReturnWalking(session, person, order) if order.return_run_id else None
    signed = returning.signed(session, order, walking.progress) if walking else None
    back = order.state in returning.BACK
    return {
        "order": order, "settlements": found, "standing": standing, "shares": open_ones, "drafts": drafts,
        "payers": PAYERS, "payments": cashing.payments_of(session, order, found), "at": now(),
        "owed": cashing.owed(session, order), "paid": cashing.paid(session, order),
        "owed_by": {one.id: settling.owed_of(session, order, one) for one in standing},
        "open_parts": settling.open_parts(session, order) if order.state == State.READY else [],
        "methods": entries(session, order.store_id, "pay_method"), "walking": walking, "signed": signed,
        "due": next_service.propose(session, order, person.zone) if back and not order.next_service_on else None,
        "missing": returning.missing(session, order, has_signed=signed is not None) if back else [],
        "punctual": returning.is_punctual(session, order), "names": titles(session, order.store_id),
        "papers": [one for one in papers.of_subject(session, order.store_id, order.id) if one.kind in PAPERS],
        "old_parts_words": OLD_PARTS, "faces": FACES, "marks": MARKS, "yuan": payments.yuan,
        "link": links.current(session, order.store_id, links.SETTLEMENT, order.id), "paper_words": PAPERS,
    }  # fmt: skip


PAPERS: dict[str, str] = {
    "settlement_list": N_("Settlement list"), "service_receipt": N_("Receipt"), "service_refund": N_("Refund"),
    "gate_pass": N_("Gate pass"),
}  # fmt: skip


def _money(form: Form) -> dict[str, Any]:
    amount, method = form.money("amount"), form.text("method", most=40)
    note, born = form.text("note", most=200), uuid_or_none(form.text("id", most=36))
    form.check()
    assert amount is not None  # checked just above
    return {"amount": amount, "method": method, "note": note, "id": born}


def _done(
    order_id: UUID, form: Form, session: Session, person: Person, page: Page, deed: Callable[[RepairOrder], str],
    at: str = "",
) -> Html:  # fmt: skip
    """Do it and come back to the page, or show the page again with what is wrong."""
    order = visible_to(session, person).one(order_id)
    try:
        word = deed(order)
    except Refusal as wrong:
        return page.again("settling/show.html", wrong, form, **shown(session, person, order_id))
    return page.go(f"{order.address}/settlement{at}", word)


ALL = [
    show, issue, adjust, take_off, pay, refund, take_from, reverse, set_next, sign, rate, give_link, close_link, leave,
    walk,
]  # fmt: skip
