"""The PDI on the technician's phone."""

from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.domain.checklists import MOST_INK, read_ink
from server.domain.delivery import pdi, visible_to
from server.domain.people import Person, Right
from server.domain.refusals import N_, Refusal
from server.forms import Form
from server.routes.checklists import walk_page
from server.routes.delivery_walks import PDI, DeliveryWalking
from server.visit import field, needs
from server.web import Html, Page


@get("/pdi", opt=needs(Right.SEE_DELIVERIES), sync_to_thread=True)
def queue(session: Session, person: Person, page: Page) -> Html:
    """What waits for its inspection, by the time the customer comes."""
    return page("pdi/index.html", inspections=pdi.queue(session, person.store_id))


@get("/deliveries/{number:str}/pdi", opt=needs(Right.SEE_DELIVERIES), sync_to_thread=True)
def show(number: str, session: Session, person: Person, page: Page, section: UUID | None = None) -> Html:
    """One section of the PDI; without saying which, the one where somebody last was."""
    delivery = visible_to(session, person).one(number)
    if pdi.of(session, delivery).run_id is None:
        return page.go(f"/deliveries/{number}")
    walking = DeliveryWalking(session, person, delivery, PDI)
    if section is None:
        return page.go(walking.where_one_was())
    return walk_page(walking, page, section)


@post("/deliveries/{number:str}/pdi", opt=needs(Right.INSPECT), status_code=200, sync_to_thread=True)
def start(number: str, session: Session, person: Person, page: Page) -> Html:
    """Begin."""
    delivery = visible_to(session, person).one(number)
    pdi.start(session, pdi.of(session, delivery), by=person)
    return page.go(f"/deliveries/{number}/pdi")


@post("/deliveries/{number:str}/pdi/failure", opt=field(Right.INSPECT), status_code=200, sync_to_thread=True)
def fail(number: str, session: Session, person: Person, page: Page) -> Html:
    """Send the car to rework."""
    delivery = visible_to(session, person).one(number)
    pdi.fail(session, pdi.of(session, delivery), by=person)
    return page.go(f"/deliveries/{number}", N_("The PDI has failed. The car goes to rework."), tone="warn")


@post("/deliveries/{number:str}/pdi/rework", opt=field(Right.INSPECT), status_code=200, sync_to_thread=True)
def rework(number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """What was put right; then the items at fault are looked at again."""
    delivery = visible_to(session, person).one(number)
    inspection = pdi.of(session, delivery)
    try:
        pdi.rework(session, inspection, form.text("what", most=500), by=person)
    except Refusal as wrong:
        walking = DeliveryWalking(session, person, delivery, PDI)
        return walk_page(walking, page, walking.steps[-1].part.id, wrong, form)
    return page.go(f"/deliveries/{number}/pdi", N_("Check the items at fault once more."), tone="warn")


@post("/deliveries/{number:str}/pdi/signature", opt=field(Right.INSPECT), status_code=200, sync_to_thread=True)
def sign_off(number: str, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Pass and sign; the delivery is unlocked."""
    delivery = visible_to(session, person).one(number)
    try:
        ink = read_ink(form.text("ink", most=MOST_INK))
        name = form.text("typed_name", most=60) or (person.display if ink else "")
        form.check()
        pdi.sign_off(session, pdi.of(session, delivery), by=person, name=name, ink=ink, seen_at=form.stamp("seen_at"))
    except Refusal as wrong:
        walking = DeliveryWalking(session, person, delivery, PDI)
        return walk_page(walking, page, walking.steps[-1].part.id, wrong, form)
    return page.go(f"/deliveries/{number}", N_("PDI passed and signed. The delivery is unlocked."))


ALL = [queue, show, start, fail, rework, sign_off]
