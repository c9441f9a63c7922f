"""Asking for extra work: findings are priced from the catalogue and sent to the customer as a link."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from server.database import now, uuid7
from server.domain.billing.numbers import next_number
from server.domain.catalogue.jobs import Job
from server.domain.customers import links
from server.domain.people import Person
from server.domain.people.notices import remind
from server.domain.records.events import Clock
from server.domain.refusals import Invalid, N_, NotThere, WrongMove
from server.domain.workshop import customer_links, lines
from server.domain.workshop.extra_works import (
    CAN_WAIT,
    SAFETY,
    SOON,
    UNANSWERED,
    URGENCIES,
    ExtraItem,
    ExtraState,
    ExtraWork,
    move_extra,
    tell,
)
from server.domain.workshop.findings import FAULT, WATCH, FindingState, WorkFinding, move_finding
from server.domain.workshop.intake import may_write
from server.domain.workshop.order_lines import JobState, OrderJob, OrderPart, PartState, move_job, move_part
from server.domain.workshop.repair_orders import RepairOrder, State

WHILE = (State.ORDERED, State.IN_WORK, State.INSPECTION)
"""When something can still be added to what is done to a car."""
URGENCY = {FAULT: SAFETY, WATCH: SOON}
LONGEST_WORDS = 300


def draft(session: Session, order: RepairOrder, findings: Iterable[WorkFinding], *, by: Person) -> ExtraWork:
    """Begin to price what was found. Raises WrongMove when nothing is added to this order any more."""
    may_write(by)
    _require_open(order)
    extra = ExtraWork(
        id=uuid7(), store_id=by.store_id, number=next_number(session, "ZX", by=by), order=order,
        state=ExtraState.DRAFT, words="", created_by=by.id, created_at=now(), call_words="", said_by="", said_on="",
        covers="",
    )  # fmt: skip
    session.add(extra)
    session.flush()  # the findings and the event point at it
    tell(session, "extra_work.drafted", extra, by=by)
    for finding in findings:
        take_finding(session, extra, finding, by=by)
    return extra


def take_finding(session: Session, extra: ExtraWork, finding: WorkFinding, *, by: Person) -> None:
    """Price this finding, too."""
    _require_priceable(extra, by)
    if finding.order_id != extra.order_id:
        raise NotThere
    move_finding(session, extra.order, finding, FindingState.PRICED, "finding.priced", by=by)
    finding.extra_id = extra.id


def add_item(
    session: Session, extra: ExtraWork, job: Job, *, by: Person, finding: WorkFinding | None = None, words: str = "",
    payer: str = "", id: UUID | None = None,
) -> ExtraItem:  # fmt: skip
    """One line: a job of the catalogue with its usual parts, and what speaks for it."""
    _require_priceable(extra, by)
    if id is not None and (known := session.get(ExtraItem, id)):
        return known
    line = lines.add_job(session, extra.order, job, by=by, payer=payer, extra_id=extra.id)
    item = ExtraItem(
        id=id or uuid7(), store_id=extra.store_id, extra_id=extra.id, order_job_id=line.id,
        finding_id=finding.id if finding else None, words=(words or _words_of(finding))[:LONGEST_WORDS],
        urgency=URGENCY.get(finding.verdict, CAN_WAIT) if finding else CAN_WAIT, position=line.position,
    )  # fmt: skip
    session.add(item)
    extra.version += 1
    session.flush()  # whoever reads the list next sees it
    return item


def describe(session: Session, extra: ExtraWork, item: ExtraItem, *, words: str, urgency: str, by: Person) -> None:
    """In plain words what a line is for, and how urgent. Raises Invalid at `urgency`."""
    _require_priceable(extra, by)
    if urgency not in URGENCIES:
        raise Invalid.at("urgency", N_("Choose one of the offered."))
    if (item.words, item.urgency) != (words, urgency):
        item.words, item.urgency = words, urgency
        extra.version += 1
        tell(session, "extra_work.described", extra, by=by, item=str(item.id))


def remove_item(session: Session, extra: ExtraWork, item: ExtraItem, *, by: Person) -> None:
    """Not asked for after all."""
    _require_priceable(extra, by)
    job = session.get_one(OrderJob, item.order_job_id)
    session.delete(item)
    session.flush()  # it points at the job
    lines.remove(session, extra.order, job, by=by)
    extra.version += 1


def send(
    session: Session, extra: ExtraWork, *, by: Person, words: str = "", promised_at: datetime | None = None
) -> links.CustomerLink:
    """Ask the customer; the link is open for as long as the prices hold. Raises WrongMove, Invalid at `promised_at`."""
    may_write(by)
    _require_open(extra.order)
    if not items_of(session, extra):
        raise WrongMove(N_("Add what is to be done first."))
    if promised_at is not None and promised_at <= now():
        raise Invalid.at("promised_at", N_("This time is past."))
    link = customer_links.give(session, links.EXTRA, extra.id, extra.order.customer_id, by=by)
    extra.words, extra.promised_at, extra.sent_at, extra.expires_at = words, promised_at, now(), link.expires_at
    move_extra(session, extra, ExtraState.SENT, "extra_work.sent", by=by, until=link.expires_at)
    return link


def drop(session: Session, extra: ExtraWork, *, by: Person, why: str) -> None:
    """Not asked any more: its lines will not be done, its findings can be priced anew. Raises Invalid at `why`."""
    may_write(by)
    if not why:
        raise Invalid.at("why", N_("Please fill this in."))
    if extra.state == ExtraState.DRAFT:  # nobody was asked: nothing of it was declined
        for item in items_of(session, extra):
            remove_item(session, extra, item, by=by)
    move_extra(session, extra, ExtraState.DROPPED, "extra_work.dropped", by=by, why=why)
    links.revoke(session, links.EXTRA, extra.id, by=by)
    jobs, parts = lines_of(session, extra)
    for job in jobs:
        move_job(session, extra.order, job, JobState.DECLINED, "order_job.withdrawn", by=by)
        job.why_declined = why
    for part in parts:
        move_part(session, extra.order, part, PartState.DECLINED, "order_part.withdrawn", by=by)
        part.why_declined = why
    for finding in session.scalars(select(WorkFinding).where(WorkFinding.extra_id == extra.id)):
        move_finding(session, extra.order, finding, FindingState.NEW, "finding.unpriced", by=by)
        finding.extra_id = None


def expire(session: Session, store_id: UUID, at: datetime) -> int:
    """What was not answered in time; how many. The advisors are told."""
    query = select(ExtraWork).where(ExtraWork.store_id == store_id, ExtraWork.state == ExtraState.SENT)
    query = query.where(ExtraWork.expires_at < at).options(selectinload(ExtraWork.order)).with_for_update(of=ExtraWork)
    late = session.scalars(query.limit(100)).all()
    for extra in late:
        move_extra(session, extra, ExtraState.EXPIRED, "extra_work.expired", by=Clock(store_id))
        remind(session, store_id, extra.created_by, "extra_work.expired", extra.address, at=at, number=extra.number)
    return len(late)


def items_of(session: Session, extra: ExtraWork) -> Sequence[ExtraItem]:
    """The lines with their jobs, findings and photos, in order; read anew."""
    query = select(ExtraItem).where(ExtraItem.store_id == extra.store_id, ExtraItem.extra_id == extra.id)
    query = query.options(
        selectinload(ExtraItem.job), selectinload(ExtraItem.finding).selectinload(WorkFinding.photos)
    ).execution_options(populate_existing=True)
    return session.scalars(query.order_by(ExtraItem.position, ExtraItem.id)).all()


def lines_of(session: Session, extra: ExtraWork) -> tuple[Sequence[OrderJob], Sequence[OrderPart]]:
    """The jobs and parts that were proposed with it."""
    jobs = select(OrderJob).where(OrderJob.store_id == extra.store_id, OrderJob.extra_id == extra.id)
    parts = select(OrderPart).where(OrderPart.store_id == extra.store_id, OrderPart.extra_id == extra.id)
    anew = {"populate_existing": True}
    return (
        session.scalars(jobs.order_by(OrderJob.position).execution_options(**anew)).all(),
        session.scalars(parts.order_by(OrderPart.position).execution_options(**anew)).all(),
    )


def of_order(session: Session, order: RepairOrder) -> Sequence[ExtraWork]:
    """All that the customer was or will be asked about this order, newest first."""
    query = select(ExtraWork).where(ExtraWork.store_id == order.store_id, ExtraWork.order_id == order.id)
    return session.scalars(query.order_by(ExtraWork.created_at.desc())).all()


def unanswered(session: Session, order: RepairOrder) -> Sequence[ExtraWork]:
    """What the customer has still to be asked or to answer."""
    return [extra for extra in of_order(session, order) if extra.state in UNANSWERED]


def _words_of(finding: WorkFinding | None) -> str:
    return "；".join(filter(None, (finding.name, finding.number, finding.note))) if finding else ""


def _require_priceable(extra: ExtraWork, by: Person) -> None:
    may_write(by)
    if not extra.is_priceable:
        raise WrongMove(N_("The customer was asked about this; it stands as it is."))


def _require_open(order: RepairOrder) -> None:
    if order.state not in WHILE:
        raise WrongMove(N_("Nothing is added to this order now: it is “%(now)s”."), now=order.state_name)
