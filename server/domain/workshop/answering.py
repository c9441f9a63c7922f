"""The customer's word on extra work, line by line: on their own phone with a signature, or on the telephone.

This is the one place where what was proposed with extra work becomes approved: nothing else can be worked or billed.
"""

import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from server.database import now
from server.domain.checklists import Ink
from server.domain.customers import links
from server.domain.customers.links import Guest
from server.domain.people import Person, Staff, Store, as_person, notices
from server.domain.refusals import Invalid, N_, NotThere, Said, WrongMove
from server.domain.workshop import asking, extra_papers, promises, tasks
from server.domain.workshop.asking import WHILE
from server.domain.workshop.extra_works import BY_LINK, BY_PHONE, ExtraItem, ExtraState, ExtraWork, move_extra
from server.domain.workshop.intake import may_write
from server.domain.workshop.order_lines import SELF, JobState, OrderJob, OrderPart, PartState, move_job, move_part
from server.domain.workshop.repair_orders import RepairOrder, State, move

AGREE, DECLINE = "agree", "decline"
DECISIONS = (AGREE, DECLINE)


class Line(msgspec.Struct, frozen=True):
    """One line as the customer decides about it: the item, its job, and the parts that go into it."""

    item: ExtraItem
    parts: tuple[OrderPart, ...]

    @property
    def job(self) -> OrderJob:
        """What is to be done."""
        return self.item.job

    @property
    def amount(self) -> int:
        """Fen, whoever pays."""
        return self.job.amount + sum(part.amount for part in self.parts)

    @property
    def own(self) -> int:
        """Fen that the customer pays of it."""
        return sum(one.amount for one in (self.job, *self.parts) if one.payer == SELF)


class Consent(msgspec.Struct, frozen=True):
    """What somebody said: by item `agree` or `decline`, why not, and their name with ink or the number called."""

    decisions: Mapping[UUID, str]
    name: str
    ink: Ink | None = None
    whys: Mapping[UUID, str] = {}
    phone: str = ""
    seen: str = ""
    """`digest` of the lines that were on the screen."""


def lines_of(session: Session, extra: ExtraWork) -> list[Line]:
    """The lines in order, each with its parts; the same number of questions however many."""
    _, parts = asking.lines_of(session, extra)
    return [
        Line(item, tuple(part for part in parts if part.order_job_id == item.order_job_id))
        for item in asking.items_of(session, extra)
    ]


def digest(extra: ExtraWork, lines: Sequence[Line]) -> str:
    """What exactly is asked: the words, the prices, who pays, and the time."""
    said = [extra.number, extra.words, str(extra.promised_at and extra.promised_at.timestamp())]
    for line in lines:
        said += [str(line.item.id), line.item.words, line.item.urgency]
        said += [f"{one.code} {one.payer} {one.amount}" for one in (line.job, *line.parts)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()


def held(session: Session, extra_id: UUID) -> ExtraWork:
    """As it stands now, with its order, both held until the transaction ends."""
    order_id = session.scalar(select(ExtraWork.order_id).where(ExtraWork.id == extra_id))
    if order_id is None:
        raise NotThere
    tasks.whole(session, order_id)
    query = select(ExtraWork).where(ExtraWork.id == extra_id).options(selectinload(ExtraWork.order))
    return session.scalars(query.execution_options(populate_existing=True)).one()


def sign(session: Session, extra: ExtraWork, consent: Consent, *, by: Guest) -> None:
    """The customer decides and signs on their own phone. `extra` is held.

    Raises Invalid at an item without a decision or at `typed_name`, WrongMove.
    """
    if extra.state != ExtraState.SENT and extra.state != ExtraState.CALL_WANTED:
        raise WrongMove(N_("Nothing is asked about this any more."))
    lines = lines_of(session, extra)
    if consent.seen != digest(extra, lines):
        raise WrongMove(N_("The prices were changed meanwhile. Open the link again and look once more."))
    errors = _undecided(lines, consent)
    if not consent.name:
        errors["typed_name"] = Said(N_("Write your signature, or type your name."))
    if errors:
        raise Invalid(errors)
    _answer(session, extra, lines, consent, BY_LINK, by=by)
    notices.tell(session, extra.order.advisor_id, "extra_work.answered", extra.address, by=by, number=extra.number)


def hear(session: Session, extra: ExtraWork, consent: Consent, *, by: Person) -> None:
    """The advisor writes down what was said on the telephone: by whom, on which number. `extra` is held.

    Raises Invalid at an item, at `name` or `phone`, WrongMove.
    """
    may_write(by)
    lines = lines_of(session, extra)
    errors = _undecided(lines, consent)
    if not consent.name:
        errors["name"] = Said(N_("Write who was on the telephone."))
    if not consent.phone:
        errors["phone"] = Said(N_("Write which number was called."))
    if errors:
        raise Invalid(errors)
    if not lines:
        raise WrongMove(N_("Add what is to be done first."))
    extra.taken_by = by.id
    _answer(session, extra, lines, consent, BY_PHONE, by=by)
    links.revoke(session, links.EXTRA, extra.id, by=by)


def want_call(session: Session, extra: ExtraWork, words: str, *, by: Guest) -> None:
    """The customer would rather be called; the advisor knows at once. Asked again, it stands. `extra` is held."""
    if extra.state == ExtraState.CALL_WANTED:
        return
    extra.call_wanted_at, extra.call_words = now(), words
    move_extra(session, extra, ExtraState.CALL_WANTED, "extra_work.call_wanted", by=by)
    notices.tell(session, extra.order.advisor_id, "extra_work.call_wanted", extra.address, by=by, number=extra.number)


def _undecided(lines: Sequence[Line], consent: Consent) -> dict[str, Said]:
    return {
        f"item-{line.item.id}": Said(N_("Please choose for each line."))
        for line in lines
        if consent.decisions.get(line.item.id) not in DECISIONS
    }


def _answer(
    session: Session, extra: ExtraWork, lines: Sequence[Line], consent: Consent, how: str, *, by: Person | Guest
) -> None:
    order = extra.order
    if order.state not in WHILE:
        raise WrongMove(N_("Nothing is added to this order now: it is “%(now)s”."), now=order.state_name)
    agreed = [line for line in lines if consent.decisions[line.item.id] == AGREE]
    extra.covers, extra.how, extra.answered_at = digest(extra, lines), how, by.moment()
    extra.said_by, extra.said_on = consent.name, consent.phone
    extra.ink = msgspec.to_builtins(consent.ink) if consent.ink else None
    for line in lines:
        _decide(session, order, line, line in agreed, consent.whys.get(line.item.id, ""), by=by)
    total = sum(line.own for line in agreed)
    declined = [line.job.name for line in lines if line not in agreed]
    extra_papers.issue(session, extra, lines, by=by)
    move_extra(
        session, extra, ExtraState.ANSWERED, "extra_work.answered", by=by, how=how, agreed=len(agreed), total=total,
        declined=declined,
    )  # fmt: skip
    if agreed:
        _take_up(session, extra, agreed, by=by)


def _decide(session: Session, order: RepairOrder, line: Line, agreed: bool, why: str, *, by: Person | Guest) -> None:
    said = {} if agreed else {"why": why}
    job_to, part_to = (JobState.APPROVED, PartState.APPROVED) if agreed else (JobState.DECLINED, PartState.DECLINED)
    move_job(session, order, line.job, job_to, f"order_job.{job_to}", by=by, **said)
    line.job.why_declined = "" if agreed else why
    for part in line.parts:
        move_part(session, order, part, part_to, f"order_part.{part_to}", by=by)
        part.why_declined = "" if agreed else why


def _take_up(session: Session, extra: ExtraWork, agreed: Sequence[Line], *, by: Person | Guest) -> None:
    """Who found it does it, the promise moves as was agreed, and a car that was done goes back to work."""
    order = extra.order
    for line in agreed:
        if line.item.finding is not None and line.job.technician_id is None:
            line.job.technician_id = line.item.finding.by_id
    if order.state == State.INSPECTION:
        move(session, order, State.IN_WORK, "repair_order.extended", by=by, extra=extra.number)
    if extra.promised_at is not None and extra.promised_at != order.promised_at:
        advisor = by if isinstance(by, Person) else _advisor(session, extra)
        promises.change(session, order, extra.promised_at, by=advisor, agreed=True, why=extra.number)
    at_work = {line.job.technician_id for line in agreed if line.job.technician_id}
    notices.tell_all(session, at_work, "extra_work.approved", "/my-jobs", by=by, number=order.number)


def _advisor(session: Session, extra: ExtraWork) -> Person:
    staff = session.get_one(Staff, extra.created_by)
    return as_person(staff, session.get_one(Store, staff.store_id))
