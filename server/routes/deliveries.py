"""Deliveries: the list, the plan, the one delivery, its cancellation and corrections."""

from datetime import UTC, datetime
from typing import Any

from litestar import get, post
from sqlalchemy.orm import Session

from server.database import now
from server.domain.checklists import Reading, runs
from server.domain.customers import Customer, customers
from server.domain.deals import Order, orders, reach
from server.domain.delivery import Delivery, deliveries, handover, papers, pdi, visible_to
from server.domain.people import Person, Right
from server.domain.records.papers import newest
from server.domain.refusals import Invalid, N_, NotThere, Refusal, Stale
from server.domain.showroom import visible_to as prospects_of
from server.domain.showroom.ratings import DELIVERY
from server.forms import Form
from server.routes import planning
from server.routes.ratings import asked
from server.visit import needs
from server.web import Html, Page


@get("/deliveries", opt=needs(Right.SEE_DELIVERIES), sync_to_thread=True)
def index(session: Session, person: Person, page: Page, show: str = "open", before: str = "") -> Html:
    """What is to be handed over, or what was."""
    reach = visible_to(session, person)
    listed = reach.done(_moment(before)) if show == "done" else reach.open()
    return page("delivery/index.html", deliveries=listed, inspections=pdi.of_many(session, listed), show=show)


@get("/deliveries/new", opt=needs(Right.PLAN_DELIVERIES), sync_to_thread=True)
def new(session: Session, person: Person, page: Page, customer: str = "", car: str = "", order: str = "") -> Html:
    """The plan's form; a known customer or car, or all that an order says, is filled in and marked as such."""
    if order:
        known_order = reach.orders(session, person).only(Order.number == order)
        values = planning.of_order(known_order)
        told = planning.choices(session, person)
        return page("delivery/new.html", form=values, customer=known_order.customer, **told)
    form = Form({"customer": customer, "car": car}, {}, {})
    known = form.ident("customer", required=False)
    found = customers.visible_to(session, person).one(known) if known else None
    values = {"customer": str(found.id) if found else "", "name": found.name if found else ""}
    return page("delivery/new.html", form=values, **planning.choices(session, person), customer=found)


@post("/deliveries", opt=needs(Right.PLAN_DELIVERIES), status_code=200, sync_to_thread=True)
def plan(form: Form, session: Session, person: Person, page: Page) -> Html:
    """Promise a car to a customer."""
    found: Customer | None = None
    try:
        known = form.ident("customer", required=False)
        found = customers.visible_to(session, person).one(known) if known else None
        delivery = planning.plan(form, session, person, found)
    except Invalid as wrong:
        told = {"customer": found, "likely": getattr(wrong, "likely", ())}
        return page.again("delivery/new.html", wrong, form, **planning.choices(session, person) | told)
    return page.go(f"/deliveries/{delivery.number}", N_("Delivery %(number)s is planned."), number=delivery.number)


@get("/deliveries/{number:str}", opt=needs(Right.SEE_DELIVERIES), sync_to_thread=True)
def show(number: str, session: Session, person: Person, page: Page) -> Html:
    """One delivery: what comes next, and what there is."""
    return _show(session, person, page, visible_to(session, person).one(number))


@get("/deliveries/{number:str}/schedule", opt=needs(Right.PLAN_DELIVERIES), sync_to_thread=True)
def schedule(number: str, session: Session, person: Person, page: Page) -> Html:
    """The form for another time or place."""
    delivery = visible_to(session, person).one(number)
    return page("delivery/schedule.html", delivery=delivery, stale=None, **planning.choices(session, person))


@post("/deliveries/{number:str}/schedule", opt=needs(Right.PLAN_DELIVERIES), status_code=200, sync_to_thread=True)
def reschedule(number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Another time or place; two people at once see both versions."""
    delivery = visible_to(session, person).one(number)
    try:
        planned_at, place = planning.when(form, person), planning.place(form, session, person)
        version = form.whole("version") or 0
        note, agent = form.text("note", most=500), form.text("agent", most=80)
        form.check()
        assert planned_at is not None
        deliveries.reschedule(
            session, delivery, by=person, version=version, planned_at=planned_at, place=place, note=note, agent=agent
        )
    except (Invalid, Stale) as wrong:
        stale = wrong if isinstance(wrong, Stale) else None
        choices = planning.choices(session, person)
        return page.again("delivery/schedule.html", wrong, form, delivery=delivery, stale=stale, **choices)
    return page.go(f"/deliveries/{number}", N_("The delivery is moved."))


@post("/deliveries/{number:str}/cancellation", opt=needs(Right.PLAN_DELIVERIES), status_code=200, sync_to_thread=True)
def cancel(number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Give the plan up, with a reason."""
    delivery = visible_to(session, person).one(number)
    try:
        deliveries.cancel(session, delivery, by=person, why=form.text("why", most=300))
    except Refusal as wrong:
        return _show(session, person, page, delivery, wrong=wrong, form=form)
    return page.go(f"/deliveries/{number}", N_("The delivery is cancelled."))


@get("/deliveries/{number:str}/correction", opt=needs(Right.CORRECT_PAPERS), sync_to_thread=True)
def correction(number: str, session: Session, person: Person, page: Page, paper: str = "") -> Html:
    """The form for a correction of a signed paper."""
    delivery = visible_to(session, person).one(number)
    standing = newest(session, person.store_id, paper or delivery.number)
    if standing is None or standing.subject_id != delivery.id:
        raise NotThere
    return page("delivery/correction.html", delivery=delivery, paper=standing, items=papers.correctable(standing))


@post("/deliveries/{number:str}/correction", opt=needs(Right.CORRECT_PAPERS), status_code=200, sync_to_thread=True)
def correct(number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """A new revision with its reason; what was signed stays as it is."""
    delivery = visible_to(session, person).one(number)
    standing = newest(session, person.store_id, form.text("paper", most=40))
    if standing is None or standing.subject_id != delivery.id:
        raise NotThere
    try:
        verdict, note = form.text("verdict", most=10), form.text("note", most=500)
        code, reason = form.text("code", most=20), form.text("reason", most=300)
        form.check()
        paper = papers.correct(
            session, delivery, standing.number, by=person, code=code, verdict=verdict, note=note, reason=reason
        )
    except Invalid as wrong:
        items = papers.correctable(standing)
        return page.again("delivery/correction.html", wrong, form, delivery=delivery, paper=standing, items=items)
    return page.go(f"/deliveries/{number}", N_("Revision %(revision)s is issued."), revision=paper.revision)


def _show(
    session: Session, person: Person, page: Page, delivery: Delivery, wrong: Refusal | None = None,
    form: Form | None = None,
) -> Html:  # fmt: skip
    inspection = pdi.of(session, delivery)
    reading = Reading(session, runs.several(session, delivery.handover_id, delivery.training_id, inspection.run_id))
    walk = handover.Walk(session, delivery, reading) if delivery.handover_id else None
    context: dict[str, Any] = {
        "delivery": delivery, "inspection": inspection, "walk": walk, "papers": papers.of_delivery(session, delivery),
        "pdi_progress": pdi.progress(inspection, reading), "now": now(),
        **_sold(session, person, delivery),
    }  # fmt: skip
    if wrong and form:
        return page.again("delivery/show.html", wrong, form, **context)
    return page("delivery/show.html", **context)


def _sold(session: Session, person: Person, delivery: Delivery) -> dict[str, Any]:
    """The order that it fulfils; once the car is being handed over, how that felt is asked."""
    if not person.may(Right.SELL):
        return {"order": None, "ratings": None}
    order = orders.of_delivery(session, person.store_id, delivery.id)
    if delivery.handover_id is None:
        return {"order": order, "ratings": None}
    prospect = order.prospect if order else prospects_of(session, person).of_customer(delivery.customer_id)
    return {"order": order, **asked(session, person, prospect, DELIVERY)}


def _moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
        return at.astimezone(UTC) if at.tzinfo else None
    except (ValueError, OverflowError):
        return None


ALL = [index, new, plan, show, schedule, reschedule, cancel, correction, correct]
