"""What a technician tells others from under the car: what they found, which parts they wait for, what they ask."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from server.database import now, uuid7
from server.domain.people import Person, Right, notices
from server.domain.people.staff import with_right
from server.domain.records import files, record
from server.domain.refusals import Invalid, N_, NotThere
from server.domain.workshop.findings import OK, VERDICTS, FindingPhoto, FindingState, WorkFinding, move_finding, tell
from server.domain.workshop.order_lines import OrderJob, OrderPart, PartState
from server.domain.workshop.repair_orders import RepairOrder

LONGEST = 300
AWAITED = (PartState.APPROVED, PartState.RESERVED)
"""Parts that were agreed to and are not in a technician's hands."""


def note(
    session: Session, order: RepairOrder, *, by: Person, verdict: str, name: str, note: str = "", number: str = "",
    job: OrderJob | None = None, id: UUID | None = None,
) -> WorkFinding:  # fmt: skip
    """Keep what was seen; what is not good is told to the advisor. Raises Invalid at `verdict` or `name`.

    A phone that tells of the same finding once more tells nothing new.
    """
    if id is not None and (known := session.get(WorkFinding, id)):
        if known.store_id != by.store_id or known.order_id != order.id:
            raise NotThere
        return known
    if verdict not in VERDICTS:
        raise Invalid.at("verdict", N_("Choose one of the offered."))
    if not name:
        raise Invalid.at("name", N_("Please fill this in."))
    finding = WorkFinding(
        id=id or uuid7(), store_id=by.store_id, order_id=order.id, order_job_id=job.id if job else None,
        verdict=verdict, name=name, note=note, number=number, by_id=by.id, found_at=min(by.moment(), now()),
        extra_id=None,
    )  # fmt: skip
    session.add(finding)
    session.flush()  # its photos and the event point at it
    tell(session, "finding.noted", order, finding, by=by)
    if verdict != OK:
        notices.tell(
            session, order.advisor_id, "finding.noted", order.address, by=by, number=order.number,
            model=order.car.model, plate=order.car.label, finding=name, who=by.title,
        )  # fmt: skip
    return finding


def add_photo(session: Session, order: RepairOrder, finding: WorkFinding, upload: bytes, *, by: Person) -> None:
    """A picture of it; the same picture again is the same. Raises Invalid at `photo`."""
    file = files.keep_photo(session, upload, by=by)
    query = select(FindingPhoto.id).where(FindingPhoto.finding_id == finding.id, FindingPhoto.file_id == file.id)
    if session.scalar(query) is not None:
        return
    session.add(FindingPhoto(
        id=uuid7(), store_id=by.store_id, finding_id=finding.id, file_id=file.id, by_id=by.id,
        at=min(by.moment(), now()),
    ))  # fmt: skip
    tell(session, "finding.photographed", order, finding, by=by)


def set_aside(session: Session, order: RepairOrder, finding: WorkFinding, *, by: Person) -> None:
    """The customer is not asked about it. Raises WrongMove."""
    move_finding(session, order, finding, FindingState.SET_ASIDE, "finding.set_aside", by=by)


def take_up(session: Session, order: RepairOrder, finding: WorkFinding, *, by: Person) -> None:
    """It is to be priced after all. Raises WrongMove."""
    move_finding(session, order, finding, FindingState.NEW, "finding.taken_up", by=by)


def of_order(session: Session, order: RepairOrder) -> Sequence[WorkFinding]:
    """What was found on this visit, in the order in which it was seen, with who saw it and its photos."""
    query = select(WorkFinding).where(WorkFinding.store_id == order.store_id, WorkFinding.order_id == order.id)
    query = query.options(joinedload(WorkFinding.by), selectinload(WorkFinding.photos))
    return session.scalars(query.order_by(WorkFinding.found_at, WorkFinding.id)).unique().all()


def one(session: Session, order: RepairOrder, finding_id: UUID) -> WorkFinding:
    """A finding of this order. Raises NotThere."""
    finding = session.get(WorkFinding, finding_id)
    if finding is None or finding.store_id != order.store_id or finding.order_id != order.id:
        raise NotThere
    return finding


def parts_of(session: Session, job: OrderJob) -> Sequence[OrderPart]:
    """What goes in with a job: its own parts, and those that stand on the order for no job in particular."""
    query = select(OrderPart).where(OrderPart.store_id == job.store_id, OrderPart.order_id == job.order_id)
    mine = OrderPart.order_job_id.is_(None) | (OrderPart.order_job_id == job.id)
    shown = OrderPart.state.in_((*AWAITED, PartState.ISSUED))
    return session.scalars(query.where(mine, shown).order_by(OrderPart.position, OrderPart.id)).all()


def ask_for_parts(session: Session, job: OrderJob, *, by: Person) -> int:
    """Tell the parts desk that somebody stands at the car and waits; how many parts they wait for."""
    awaited = [part for part in parts_of(session, job) if part.state in AWAITED]
    keepers = [staff.id for staff in with_right(session, by.store_id, Right.KEEP_PARTS)]
    order = job.order
    notices.tell_all(
        session, keepers, "parts.asked", "/parts", by=by, number=order.number, who=by.title,
        plate=order.car.label, parts=len(awaited),
    )  # fmt: skip
    _told(session, "parts.asked", job, by=by, parts=[part.code for part in awaited])
    return len(awaited)


def ask_advisor(session: Session, job: OrderJob, words: str, *, by: Person) -> None:
    """Ask whoever speaks with the customer. Raises Invalid at `words`."""
    if not words:
        raise Invalid.at("words", N_("Please fill this in."))
    order = job.order
    notices.tell(
        session, order.advisor_id, "job.asked", order.address, by=by, number=order.number, who=by.title,
        plate=order.car.label, words=words,
    )  # fmt: skip
    _told(session, "job.asked", job, by=by, words=words)


def _told(session: Session, verb: str, job: OrderJob, *, by: Person, **data: object) -> None:
    order = job.order
    record(
        session, verb, job, by=by, customer_id=order.customer_id, car_id=order.car_id, number=order.number,
        code=job.code, **data,
    )  # fmt: skip
