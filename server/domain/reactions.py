"""What follows from what, across rooms, in the same transaction: the whole of it on this page."""

from sqlalchemy.orm import Session

from server.domain.care import contacts
from server.domain.delivery import Delivery, Inspection, papers, pdi
from server.domain.people import Person, notices
from server.domain.records import events


def delivery_planned(session: Session, delivery: Delivery, *, by: Person) -> None:
    """A car that is promised is inspected first."""
    pdi.open_for(session, delivery)


def pdi_passed(session: Session, inspection: Inspection, *, by: Person) -> None:
    """What the technician signed becomes a paper."""
    papers.issue_pdi_sheet(session, inspection, by=by)


def delivery_completed(session: Session, delivery: Delivery, *, by: Person) -> None:
    """The paper is issued, service takes the car over, care calls are owed."""
    papers.issue_confirmation(session, delivery, by=by)
    notices.tell(
        session, delivery.advisor_id, "delivery.completed", f"/customers/{delivery.customer_id}", by=by,
        customer=delivery.customer.name, model=delivery.model.name,
    )  # fmt: skip
    assert delivery.completed_at is not None
    contacts.owe_care_calls(
        session, by=by, customer=delivery.customer, car=delivery.car, consultant=delivery.consultant,
        since=delivery.completed_at,
    )  # fmt: skip


REACTIONS: dict[str, events.Reaction] = {
    "delivery.planned": delivery_planned,
    "pdi.passed": pdi_passed,
    "delivery.completed": delivery_completed,
}


def connect() -> None:
    """Let the record of events set these off."""
    events.REACTIONS.update(REACTIONS)
