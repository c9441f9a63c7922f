"""The five-step diagnosis of a hard fault, written where the car is: what is known of the customer stays outside."""

from typing import Any
from uuid import UUID

from litestar import get, post
from sqlalchemy.orm import Session

from server.domain.people import Person, Right
from server.domain.people.staff import titles
from server.domain.refusals import N_, NotThere, Refusal
from server.domain.workshop import Diagnosis, RepairOrder, State, diagnoses
from server.domain.workshop.diagnoses import CONFIRMED, RULED_OUT, STEPS, SUSPECTED
from server.domain.workshop.reach import visible_to
from server.forms import Form, uuid_or_none
from server.visit import field, needs
from server.web import Html, Page

WRITES = field(Right.DIAGNOSE)
AT = "/repair-orders/{order_id:uuid}/diagnosis"
VERDICTS = {SUSPECTED: N_("Suspected"), RULED_OUT: N_("Ruled out"), CONFIRMED: N_("Confirmed")}


@get(AT, opt=needs(Right.SEE_WORKSHOP), sync_to_thread=True)
def show(order_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """The records of a visit, the newest first."""
    return page("diagnoses/show.html", **_shown(session, person, order_id))


@post(AT, opt=WRITES, status_code=200, sync_to_thread=True)
def begin(order_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """Begin a record."""
    order = visible_to(session, person).one(order_id)
    diagnoses.begin(session, order, by=person, id=uuid_or_none(form.text("id", most=36)))
    return page.go(f"{order.address}/diagnosis")


@post(AT + "/{diagnosis_id:uuid}/steps/{step:str}", opt=WRITES, status_code=200, sync_to_thread=True)
def write(
    order_id: UUID, diagnosis_id: UUID, step: str, form: Form, session: Session, person: Person, page: Page
) -> Html:  # fmt: skip
    """Write a step."""
    order = visible_to(session, person).one(order_id)
    diagnosis = _one(session, order, diagnosis_id)
    try:
        diagnoses.write(session, diagnosis, step, form.text("said", most=diagnoses.LONGEST), by=person)
    except Refusal as wrong:
        return page.again("diagnoses/show.html", wrong, form, **_shown(session, person, order_id))
    return page.go(f"{order.address}/diagnosis#{diagnosis.step or 'closing'}")


@post(AT + "/{diagnosis_id:uuid}/causes", opt=WRITES, status_code=200, sync_to_thread=True)
def judge(order_id: UUID, diagnosis_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """What a test said of one cause: `cause` is its place, counted from nought."""
    order = visible_to(session, person).one(order_id)
    diagnosis = _one(session, order, diagnosis_id)
    cause, verdict = form.whole("cause"), form.text("verdict", most=20)
    form.check()
    diagnoses.judge(session, diagnosis, cause if cause is not None else -1, verdict, by=person)
    return page.go(f"{order.address}/diagnosis#causes")


@post(AT + "/{diagnosis_id:uuid}/completion", opt=WRITES, status_code=200, sync_to_thread=True)
def close(order_id: UUID, diagnosis_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """All five steps are written."""
    order = visible_to(session, person).one(order_id)
    diagnoses.close(session, _one(session, order, diagnosis_id), by=person)
    return page.go(f"{order.address}/diagnosis", N_("The diagnosis is completed."))


def _one(session: Session, order: RepairOrder, diagnosis_id: UUID) -> Diagnosis:
    for one in diagnoses.of_order(session, order):
        if one.id == diagnosis_id:
            return one
    raise NotThere


def _shown(session: Session, person: Person, order_id: UUID) -> dict[str, Any]:
    order = visible_to(session, person).one(order_id)
    return {
        "order": order, "diagnoses": diagnoses.of_order(session, order), "steps": STEPS, "verdicts": VERDICTS,
        "may_write": person.may(Right.DIAGNOSE),
        "under_way": order.state in (State.INTAKE, State.ORDERED, State.IN_WORK, State.INSPECTION),
        "names": titles(session, order.store_id),
    }  # fmt: skip


ALL = [show, begin, write, judge, close]
