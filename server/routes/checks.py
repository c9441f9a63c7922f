"""The three-level inspection on the phone, what it sends back, and the wash after it."""

from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.domain.checklists import MOST_INK, read_ink
from server.domain.people import Person, Right
from server.domain.refusals import N_, NotAllowed, NotThere, Refusal, WrongMove
from server.domain.workshop import checking
from server.domain.workshop.reach import visible_to
from server.domain.workshop.reworks import LEVELS
from server.forms import Form, uuid_or_none
from server.routes.check_walks import CheckWalking
from server.routes.checklists import walk_page
from server.visit import field, needs
from server.web import Html, Page

SEES, HANDS = needs(Right.SEE_WORKSHOP), field(Right.SEE_WORKSHOP)


@get("/repair-orders/{order_id:uuid}/inspection", opt=SEES, sync_to_thread=True)
def show(order_id: UUID, session: Session, person: Person, page: Page, section: UUID | None = None) -> Html:
    """One level of the inspection; without saying which, the one whose turn it is."""
    order = visible_to(session, person).one(order_id)
    if order.inspection_run_id is None:
        return page.go(order.address)
    walking = CheckWalking(session, person, order)
    return page.go(walking.where_one_was()) if section is None else walk_page(walking, page, section)


@post("/repair-orders/{order_id:uuid}/inspection", opt=SEES, status_code=200, sync_to_thread=True)
def begin(order_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Begin, where it did not begin by itself."""
    order = visible_to(session, person).one(order_id)
    checking.begin(session, order, by=person)
    return page.go(f"{order.address}/inspection")


@post("/repair-orders/{order_id:uuid}/inspection/{level:str}/signature", opt=HANDS, status_code=200,
      sync_to_thread=True)  # fmt: skip
def sign(order_id: UUID, level: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """One level is good."""
    walking = _walking(session, person, order_id, level)
    try:
        ink = read_ink(form.text("ink", most=MOST_INK))
        name = form.text("typed_name", most=60) or (person.display if ink else "")
        form.check()
        seen_at = form.stamp("seen_at")
        checking.sign(session, walking.order, level, by=person, name=name, ink=ink, seen_at=seen_at)
    except Refusal as wrong:
        return walk_page(walking, page, walking.checks.part(level).id, wrong, form)
    return page.go(f"{walking.back}/inspection", N_("Signed."))


@post("/repair-orders/{order_id:uuid}/inspection/{level:str}/failure", opt=HANDS, status_code=200,
      sync_to_thread=True)  # fmt: skip
def fail(order_id: UUID, level: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Back to work, with the reason."""
    walking = _walking(session, person, order_id, level)
    try:
        jobs = [one for said in form.every("jobs") if (one := uuid_or_none(said))]
        why = form.text("why", most=300)
        form.check()
        checking.fail(session, walking.order, level, jobs, why, by=person)
    except Refusal as wrong:
        return walk_page(walking, page, walking.checks.part(level).id, wrong, form)
    return page.go(f"{walking.back}/inspection", N_("The car goes back to work; who did it is told."), tone="warn")


@post("/repair-orders/{order_id:uuid}/wash", opt=HANDS, status_code=200, sync_to_thread=True)
def wash(order_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Take the car to the wash."""
    order = visible_to(session, person).one(order_id)
    checking.start_wash(session, order, by=person)
    return page.go(f"{order.address}/inspection")


@post("/repair-orders/{order_id:uuid}/wash/end", opt=HANDS, status_code=200, sync_to_thread=True)
def washed(order_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """The car is clean, and ready."""
    order = visible_to(session, person).one(order_id)
    checking.end_wash(session, order, by=person)
    return page.go(f"{order.address}/inspection", N_("The car is ready; the advisor is told."))


@post("/repair-orders/{order_id:uuid}/wash/skip", opt=needs(Right.WRITE_ORDERS), status_code=200, sync_to_thread=True)
def unwashed(order_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """Ready without a wash."""
    order = visible_to(session, person).one(order_id)
    checking.skip_wash(session, order, by=person)
    return page.go(order.address, N_("The car is ready."))


def _walking(session: Session, person: Person, order_id: UUID, level: str) -> CheckWalking:
    if level not in LEVELS:
        raise NotThere
    order = visible_to(session, person).one(order_id)
    if not person.may(checking.RIGHT[level]):
        raise NotAllowed
    if order.inspection_run_id is None:
        raise WrongMove(N_("The inspection has not begun."))
    return CheckWalking(session, person, order)


ALL = [show, begin, sign, fail, wash, washed, unwashed]
