"""The lines of an order while it is written: looked for, added, changed and taken off."""

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.domain.catalogue.jobs import Job
from server.domain.catalogue.parts import Part
from server.domain.people import Person, Right, of_store
from server.domain.refusals import N_, Refusal
from server.domain.workshop import OrderJob, OrderPart, RepairOrder, choosing, lines
from server.domain.workshop.reach import visible_to
from server.forms import Form, uuid_or_none
from server.routes.order_page import WORDS
from server.routes.repair_orders import WRITES, again
from server.visit import needs
from server.web import Html, Page

HUNDREDTHS = 100


@get("/repair-orders/{order_id:uuid}/catalogue", opt=needs(Right.WRITE_ORDERS), sync_to_thread=True)
def look_for(order_id: UUID, session: Session, person: Person, page: Page, q: str = "") -> Html:
    """Jobs and parts that are called so, and fit the car."""
    order = visible_to(session, person).one(order_id)
    store, model = person.store_id, order.car.model_id
    jobs, parts = (find(session, store, q, model) for find in (choosing.find_jobs, choosing.find_parts))
    return page("workshop/_found.html", order=order, q=q, jobs=jobs, parts=parts, **WORDS)


@post("/repair-orders/{order_id:uuid}/jobs", opt=WRITES, status_code=200, sync_to_thread=True)
def add_job(order_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """One more job with its usual parts."""
    order = visible_to(session, person).one(order_id)
    try:
        chosen, born = form.ident("job"), uuid_or_none(form.text("id", most=36))
        form.check()
        assert chosen is not None  # checked just above
        lines.add_job(session, order, of_store(session, Job, chosen, person.store_id), by=person, id=born)
    except Refusal as wrong:
        return again(session, person, page, order_id, wrong, form)
    return _back(page, order)


@post("/repair-orders/{order_id:uuid}/parts", opt=WRITES, status_code=200, sync_to_thread=True)
def add_part(order_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """A part by itself, of the catalogue or the customer's own."""
    order = visible_to(session, person).one(order_id)
    try:
        chosen, born = form.ident("part", required=False), uuid_or_none(form.text("id", most=36))
        own = form.text("own", most=80)
        form.check()
        if chosen is None:
            lines.bring_part(session, order, own, by=person, id=born)
        else:
            lines.add_part(session, order, of_store(session, Part, chosen, person.store_id), by=person, id=born)
    except Refusal as wrong:
        return again(session, person, page, order_id, wrong, form)
    return _back(page, order)


@post("/repair-orders/{order_id:uuid}/jobs/{line_id:uuid}", opt=WRITES, status_code=200, sync_to_thread=True)
def change_job(order_id: UUID, line_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Who pays for a job and its parts."""
    order = visible_to(session, person).one(order_id)
    try:
        line = lines.line_of(session, order, OrderJob, line_id)
        lines.set_payer(session, order, line, form.text("payer", most=40), by=person)
    except Refusal as wrong:
        return again(session, person, page, order_id, wrong, form)
    return _back(page, order)


@post("/repair-orders/{order_id:uuid}/parts/{part_line_id:uuid}", opt=WRITES, status_code=200, sync_to_thread=True)
def change_part(order_id: UUID, part_line_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Which class the customer takes, how much, and who pays."""
    order = visible_to(session, person).one(order_id)
    try:
        line: OrderPart = lines.line_of(session, order, OrderPart, part_line_id)
        quantity, chosen = _quantity(form), form.ident("part", required=False)
        form.check()
        if chosen is not None and chosen != line.part_id:
            lines.choose(session, order, line, of_store(session, Part, chosen, person.store_id), by=person)
        if quantity is not None:
            lines.set_quantity(session, order, line, quantity, by=person)
        lines.set_payer(session, order, line, form.text("payer", most=40), by=person)
    except Refusal as wrong:
        return again(session, person, page, order_id, wrong, form)
    return _back(page, order)


@post("/repair-orders/{order_id:uuid}/jobs/{line_id:uuid}/removal", opt=WRITES, status_code=200, sync_to_thread=True)
def remove_job(order_id: UUID, line_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Take a job and its parts off again."""
    return _remove(session, person, page, order_id, OrderJob, line_id)


@post(
    "/repair-orders/{order_id:uuid}/parts/{part_line_id:uuid}/removal", opt=WRITES, status_code=200, sync_to_thread=True
)  # fmt: skip
def remove_part(order_id: UUID, part_line_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Take a part off again."""
    return _remove(session, person, page, order_id, OrderPart, part_line_id)


def _remove(session: Session, person: Person, page: Page, order_id: UUID, kind: type[Any], line_id: UUID) -> Html:
    order = visible_to(session, person).one(order_id)
    lines.remove(session, order, lines.line_of(session, order, kind, line_id), by=person)
    return _back(page, order)


def _back(page: Page, order: RepairOrder) -> Html:
    return page.go(f"{order.address}#lines")


def _quantity(form: Form) -> int | None:
    """In hundredths, from `4.5`."""
    typed = form.text("quantity", most=12)
    try:
        return int(Decimal(typed) * HUNDREDTHS) if typed else None
    except (InvalidOperation, ValueError, OverflowError):
        form.wrong("quantity", N_("Type a number, such as 2.4."))
        return None


ALL = [look_for, add_job, add_part, change_job, change_part, remove_job, remove_part]
