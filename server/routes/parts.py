"""The parts desk: what cars wait for, what lies there, what is to be ordered, and how each part came and went."""

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue.parts import CLASSES
from server.domain.people import Person, Right
from server.domain.refusals import N_, Refusal
from server.domain.workshop import OrderPart, PartState, parts_desk, parts_stock
from server.domain.workshop.parts_desk import ALL as EVERY
from server.domain.workshop.parts_desk import MOST, REORDER, SHORT, SHOWN
from server.domain.workshop.reach import visible_to
from server.forms import Form
from server.visit import needs
from server.web import Html, Page

HUNDREDTHS = 100
KEEPS = needs(Right.KEEP_PARTS)
FILTERS = {EVERY: N_("All parts"), SHORT: N_("Wanted and not there"), REORDER: N_("To be ordered")}


@get("/parts", opt=needs(Right.SEE_WORKSHOP), sync_to_thread=True)
def index(session: Session, person: Person, page: Page, show: str = "wanted") -> Html:
    """The cars that wait for parts; or what technicians have in their hands."""
    out = show == "out"
    found = parts_desk.handed_out(session, person) if out else parts_desk.requests(session, person)
    return page("parts/index.html", requests=found, show="out" if out else "wanted", at=now())


@get("/parts/stock", opt=needs(Right.SEE_WORKSHOP), sync_to_thread=True)
def stock(session: Session, person: Person, page: Page, q: str = "", show: str = EVERY, after: str = "") -> Html:
    """What lies there, by code."""
    chosen = show if show in SHOWN else EVERY
    found = parts_desk.stock(session, person, q[:100].strip(), chosen, after[:100])
    shown = found[:MOST]
    return page(
        "parts/stock.html", parts=shown, q=q[:100], show=chosen, filters=FILTERS, classes=CLASSES,
        wanted=parts_desk.wanted_of(session, person, shown), further=shown[-1].code if len(found) > MOST else None,
    )  # fmt: skip


@get("/parts/{part_id:uuid}", opt=needs(Right.SEE_WORKSHOP), sync_to_thread=True)
def show(part_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """One part and its moves."""
    return page("parts/show.html", **_shown(session, person, part_id))


@post("/parts/{part_id:uuid}/receipt", opt=KEEPS, status_code=200, sync_to_thread=True)
def receive(part_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Goods have come in."""
    part = parts_desk.one(session, person, part_id)
    try:
        quantity, note = hundredths(form, "quantity"), form.text("note", most=200)
        form.check()
        served = parts_stock.receive(session, part, quantity, by=person, note=note)
    except Refusal as wrong:
        return page.again("parts/show.html", wrong, form, **_shown(session, person, part_id))
    word = N_("Received; %(count)s lines that waited are reserved.") if served else N_("Received.")
    return page.go(f"/parts/{part_id}", word, count=len(served))


@post("/parts/{part_id:uuid}/count", opt=KEEPS, status_code=200, sync_to_thread=True)
def count(part_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """So much lies there."""
    part = parts_desk.one(session, person, part_id)
    try:
        found, why = hundredths(form, "found"), form.text("why", most=200)
        form.check()
        parts_stock.count(session, part, found, by=person, why=why)
    except Refusal as wrong:
        return page.again("parts/show.html", wrong, form, **_shown(session, person, part_id))
    return page.go(f"/parts/{part_id}", N_("The count is kept."))


@post("/part-lines/{part_line_id:uuid}/issue", opt=KEEPS, status_code=200, sync_to_thread=True)
def issue(part_line_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Into the technician's hands."""
    line = parts_stock.line_of(session, person.store_id, part_line_id)
    parts_stock.issue(session, line, by=person)
    return page.go("/parts", N_("%(code)s is issued."), code=line.code)


@post("/repair-orders/{order_id:uuid}/parts-issue", opt=KEEPS, status_code=200, sync_to_thread=True)
def issue_all(order_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Everything that is kept for one car."""
    order = visible_to(session, person).with_lines(order_id)
    kept = [line for line in order.parts if line.state == PartState.RESERVED]
    for line in kept:
        parts_stock.issue(session, line, by=person)
    return page.go("/parts", N_("%(count)s parts are issued."), count=len(kept))


@post("/part-lines/{part_line_id:uuid}/reservation", opt=KEEPS, status_code=200, sync_to_thread=True)
def reserve(part_line_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Keep it for its order."""
    line = parts_stock.line_of(session, person.store_id, part_line_id)
    parts_stock.reserve(session, line, by=person)
    return page.go("/parts", N_("%(code)s is reserved."), code=line.code)


@post("/part-lines/{part_line_id:uuid}/release", opt=KEEPS, status_code=200, sync_to_thread=True)
def release(part_line_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Others may have it."""
    line = parts_stock.line_of(session, person.store_id, part_line_id)
    parts_stock.release(session, line, by=person)
    return page.go("/parts", N_("%(code)s is free again."), code=line.code)


@post("/part-lines/{part_line_id:uuid}/return", opt=KEEPS, status_code=200, sync_to_thread=True)
def give_back(part_line_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """It was not built in."""
    line = parts_stock.line_of(session, person.store_id, part_line_id)
    parts_stock.give_back(session, line, by=person)
    return page.go("/parts?show=out", N_("%(code)s lies in the store again."), code=line.code)


@post("/part-lines/{part_line_id:uuid}/withdrawal", opt=KEEPS, status_code=200, sync_to_thread=True)
def not_needed(part_line_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Agreed to and not built in."""
    line: OrderPart = parts_stock.line_of(session, person.store_id, part_line_id)
    parts_stock.not_needed(session, line, by=person)
    return page.go("/parts", N_("%(code)s is taken off."), code=line.code)


def hundredths(form: Form, field: str) -> int:
    """In hundredths of the unit, from `4.5`; 0 with its error at the field when it is no number."""
    typed = form.text(field, required=True, most=12)
    try:
        return int(Decimal(typed) * HUNDREDTHS) if typed else 0
    except (InvalidOperation, ValueError, OverflowError):
        form.wrong(field, N_("Type a number, such as 2.4."))
        return 0


def _shown(session: Session, person: Person, part_id: UUID) -> dict[str, Any]:
    part = parts_desk.one(session, person, part_id)
    moves = parts_desk.moves_of(session, part)
    return {
        "part": part, "moves": moves, "orders": parts_desk.numbers_of(session, moves), "classes": CLASSES,
        "wanted": parts_desk.wanted_of(session, person, [part]).get(part.id, 0),
    }  # fmt: skip


ALL = [index, stock, show, receive, count, issue, issue_all, reserve, release, give_back, not_needed]
