"""Repair orders: the list, the one order, its promise, its dispatch sheet, and giving it up."""

from typing import Any
from uuid import UUID

from litestar import Request, get, post
from litestar.datastructures import State as Kept
from sqlalchemy.orm import Session

from server.database import now
from server.domain.people import Person, Right
from server.domain.refusals import N_, Refusal, WrongMove
from server.domain.workshop import State, intake, lists, papers, promises, three_guarantee
from server.domain.workshop.reach import visible_to
from server.forms import Form
from server.routes.checklists import walk_page
from server.routes.order_lists import Asked
from server.routes.order_page import shown
from server.routes.order_walks import IntakeWalking
from server.visit import field, needs
from server.web import Html, Page

Ask = Request[Any, Any, Kept]
SEES, WRITES = needs(Right.SEE_WORKSHOP), field(Right.WRITE_ORDERS)


@get("/repair-orders", opt=SEES, sync_to_thread=True)
def index(request: Ask, session: Session, person: Person, page: Page) -> Html:
    """The cars that are here, the newest arrival first."""
    asked = Asked(request.query_params, person)
    listed = lists.page(session, person, asked.wanted, asked.after, asked.before)
    return page("workshop/index.html", asked=asked, listed=listed, at=now())


@get("/repair-orders/{order_id:uuid}", opt=SEES, sync_to_thread=True)
def show(order_id: UUID, request: Ask, session: Session, person: Person, page: Page) -> Html:
    """Everything about one order."""
    order = visible_to(session, person).with_lines(order_id)
    asked = Asked(request.query_params, person)
    newer, older = lists.neighbours(session, person, asked.wanted, order)
    return page("workshop/show.html", asked=asked, newer=newer, older=older, **shown(session, person, order))


@get("/repair-orders/{order_id:uuid}/intake", opt=SEES, sync_to_thread=True)
def walk(order_id: UUID, session: Session, person: Person, page: Page, section: UUID | None = None) -> Html:
    """One section of the intake's list; without saying which, the one where somebody last was."""
    walking = IntakeWalking(session, person, visible_to(session, person).one(order_id))
    return page.go(walking.where_one_was()) if section is None else walk_page(walking, page, section)


@post("/repair-orders/{order_id:uuid}/promise", opt=WRITES, status_code=200, sync_to_thread=True)
def promise(order_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Tell the customer a time; later, another one with why and whether they agreed."""
    order = visible_to(session, person).one(order_id)
    try:
        at = form.moment("promised_at", person.zone)
        why, agreed = form.text("why", most=300), form.yes("agreed")
        form.check()
        assert at is not None  # checked just above
        if order.state == State.INTAKE:
            promises.promise(session, order, at, by=person)
            intake.intake_list.fill(session, order, by=person)
        else:
            promises.change(session, order, at, by=person, agreed=agreed, why=why)
    except Refusal as wrong:
        return again(session, person, page, order_id, wrong, form)
    return page.go(f"{order.address}#promise", N_("The time is kept."))


@post("/repair-orders/{order_id:uuid}/sale", opt=WRITES, status_code=200, sync_to_thread=True)
def sale(order_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """When the car was sold: from then on its guarantees count."""
    order = visible_to(session, person).one(order_id)
    try:
        invoiced, delivered = form.day("invoiced_on"), form.day("delivered_on")
        if invoiced is None and delivered is None:
            form.wrong("invoiced_on", N_("Please fill this in."))
        form.check()
        three_guarantee.set_sale(
            session, order.car, by=person, invoiced_on=invoiced, delivered_on=delivered,
            private=form.text("use", most=20) != "business",
        )  # fmt: skip
    except Refusal as wrong:
        return again(session, person, page, order_id, wrong, form)
    return page.go(f"{order.address}#guarantee", N_("The day of the sale is kept."))


@post("/repair-orders/{order_id:uuid}/dispatch-sheet", opt=needs(Right.DISPATCH), status_code=200, sync_to_thread=True)
def dispatch_sheet(order_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """The paper by which the workshop works, as it is planned now."""
    order = visible_to(session, person).with_lines(order_id)
    if order.state in (State.INTAKE, State.CANCELLED):
        raise WrongMove(N_("The customer has not signed; there is nothing to dispatch."))
    paper = papers.issue_dispatch(session, order, order.jobs, order.parts, by=person)
    return page.go(f"{order.address}#papers", N_("Dispatch sheet %(number)s is ready."), number=paper.number)


@post("/repair-orders/{order_id:uuid}/cancellation", opt=WRITES, status_code=200, sync_to_thread=True)
def cancel(order_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """The car leaves as it came."""
    order = visible_to(session, person).one(order_id)
    try:
        intake.cancel(session, order, by=person, why=form.text("why", most=300))
    except Refusal as wrong:
        return again(session, person, page, order_id, wrong, form)
    return page.go(order.address, N_("The repair order is cancelled."))


def again(session: Session, person: Person, page: Page, order_id: UUID, wrong: Refusal, form: Form) -> Html:
    """The page of the order with what is wrong in one of its forms."""
    order = visible_to(session, person).with_lines(order_id)
    told = {"asked": Asked({}, person), "newer": None, "older": None, **shown(session, person, order)}
    return page.again("workshop/show.html", wrong, form, **told)


ALL = [index, show, walk, promise, sale, dispatch_sheet, cancel]
