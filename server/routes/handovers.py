"""The handover with the customer on the tablet."""

from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.domain.checklists import MOST_INK, Ink, read_ink
from server.domain.delivery import Delivery, handover, visible_to
from server.domain.people import Person, Right
from server.domain.refusals import N_, NotThere, Refusal
from server.forms import Form
from server.routes.checklists import walk_page
from server.routes.delivery_walks import HANDOVER, DeliveryWalking
from server.visit import field, needs
from server.web import Html, Page

ROLES = (handover.CUSTOMER, handover.CONSULTANT)


@get("/deliveries/{number:str}/handover", opt=needs(Right.SEE_CUSTOMERS), sync_to_thread=True)
def show(number: str, session: Session, person: Person, page: Page, section: UUID | None = None) -> Html:
    """One section; without saying which, the one where somebody last was, on whichever device."""
    delivery = visible_to(session, person).one(number)
    if delivery.handover_id is None:
        return page.go(f"/deliveries/{number}")
    walking = DeliveryWalking(session, person, delivery, HANDOVER)
    if section is None:
        return page.go(walking.where_one_was())
    return walk_page(walking, page, section)


@post("/deliveries/{number:str}/handover", opt=needs(Right.HAND_OVER), status_code=200, sync_to_thread=True)
def start(number: str, session: Session, person: Person, page: Page) -> Html:
    """Begin; refused while the PDI has not passed."""
    delivery = visible_to(session, person).one(number)
    handover.start(session, delivery, by=person)
    return page.go(f"/deliveries/{number}/handover")


@post(
    "/deliveries/{number:str}/sections/{section_id:uuid}/signature",
    opt=field(Right.HAND_OVER), status_code=200, sync_to_thread=True,
)  # fmt: skip
def sign_section(number: str, section_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """The customer signs a section; then on to the next one."""
    walking = _walking(session, person, number)
    step = walking.step_in(section_id)
    try:
        name, ink = _signature(form, walking.delivery.taker)
        handover.sign_section(
            session, walking.delivery, step.run, section_id, by=person, name=name, ink=ink,
            seen_at=form.stamp("seen_at"),
        )  # fmt: skip
    except Refusal as wrong:
        return walk_page(walking, page, section_id, wrong, form)
    after = walking.after(step)
    return page.go(walking.address(after or step), N_("Signed."))


@post("/deliveries/{number:str}/signature", opt=field(Right.HAND_OVER), status_code=200, sync_to_thread=True)
def sign_whole(number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """The customer, then the consultant, sign the whole."""
    walking = _walking(session, person, number)
    role = form.choice("role", ROLES)
    try:
        form.check()
        name, ink = _signature(form, walking.delivery.taker if role == handover.CUSTOMER else person.display)
        handover.sign_whole(
            session, walking.delivery, by=person, role=role, name=name, ink=ink, seen_at=form.stamp("seen_at")
        )
    except Refusal as wrong:
        return walk_page(walking, page, walking.steps[-1].part.id, wrong, form)
    return page.go(f"{walking.address(walking.steps[-1])}#signing", N_("Signed."))


@post("/deliveries/{number:str}/completion", opt=field(Right.HAND_OVER), status_code=200, sync_to_thread=True)
def complete(number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Hand the keys over; paper, service advisor and care calls follow."""
    delivery: Delivery = visible_to(session, person).one(number)
    try:
        handover.complete(session, delivery, by=person)
    except Refusal as wrong:
        if delivery.handover_id is None:
            raise
        walking = DeliveryWalking(session, person, delivery, HANDOVER)
        return walk_page(walking, page, walking.steps[-1].part.id, wrong, form)
    return page.go(f"/deliveries/{number}", N_("The car is handed over. The paper is ready."))


def _walking(session: Session, person: Person, number: str) -> DeliveryWalking:
    delivery = visible_to(session, person).one(number)
    if delivery.handover_id is None:
        raise NotThere
    walking = DeliveryWalking(session, person, delivery, HANDOVER)
    walking.require_under_way()
    return walking


def _signature(form: Form, who: str) -> tuple[str, Ink | None]:
    """What was drawn, with the name of who drew it, or the name as typed instead."""
    ink = read_ink(form.text("ink", most=MOST_INK))
    typed = form.text("typed_name", most=60)
    form.check()
    return typed or (who if ink else ""), ink


ALL = [show, start, sign_section, sign_whole, complete]
