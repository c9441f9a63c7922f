"""Follow-ups: each time somebody spoke to a prospect, what was said, and what comes next."""

from datetime import date, datetime, time, timedelta
from uuid import UUID

import msgspec
from sqlalchemy import ForeignKey, Index, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.database import Base, OfStore, uuid7
from server.domain.catalogue import entries, grades
from server.domain.people import Person, Staff, notices
from server.domain.refusals import Invalid, N_, NotThere, Said, WrongMove
from server.domain.showroom import grading
from server.domain.showroom.prospects import Prospect, State, next_day, tell

FOLLOWED = (State.OPEN, State.ORDERED, State.LOST)


class FollowUp(OfStore, Base):
    """One talk, or one try of it, kept for good."""

    __tablename__ = "follow_ups"
    __table_args__ = (
        Index("ix_follow_ups_prospect", "store_id", "prospect_id", "made_at"),
        Index("ix_follow_ups_made", "store_id", "made_at"),
    )

    prospect_id: Mapped[UUID] = mapped_column(ForeignKey("prospects.id"))
    made_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    method: Mapped[str]
    reached: Mapped[bool]
    content: Mapped[str]
    customer_words: Mapped[str]
    """What the customer said, unpolished."""
    countermeasure: Mapped[str]
    """What is done about what holds them back."""
    grade_before: Mapped[str]
    grade_after: Mapped[str]
    expected_on: Mapped[date | None]
    """By when they mean to buy, as they said this time."""
    next_at: Mapped[datetime]
    next_method: Mapped[str]
    was_overdue: Mapped[bool]

    maker: Mapped[Staff] = relationship()


class FollowUpComment(OfStore, Base):
    """What a manager says about a follow-up."""

    __tablename__ = "follow_up_comments"
    __table_args__ = (Index("ix_follow_up_comments_follow_up", "store_id", "follow_up_id"),)

    follow_up_id: Mapped[UUID] = mapped_column(ForeignKey("follow_ups.id"))
    made_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    text: Mapped[str]

    maker: Mapped[Staff] = relationship()


class Talk(msgspec.Struct, kw_only=True):
    """What is written down of a follow-up. Without `next_at` the grade decides; nobody reached is tried tomorrow."""

    method: str
    reached: bool = True
    content: str = ""
    customer_words: str = ""
    countermeasure: str = ""
    expected_on: date | None = None
    next_at: datetime | None = None
    next_method: str = ""


def make(session: Session, prospect: Prospect, talk: Talk, *, by: Person, id: UUID | None = None) -> FollowUp:
    """Keep a talk: the grade follows from the day they name, and the next contact is set. Raises Invalid, WrongMove.

    One that waited on a device while a later one was kept changes neither.
    """
    _may_be_followed(session, prospect, id)
    _check(session, talk, by)
    made_at, before = by.moment(), prospect.grade
    newest = session.scalar(select(func.max(FollowUp.made_at)).where(FollowUp.prospect_id == prospect.id))
    is_newest = newest is None or newest <= made_at
    was_overdue = prospect.is_overdue(made_at)
    if was_overdue and is_newest:
        _count_overdue(prospect, made_at)
    if is_newest and prospect.is_open and talk.reached:
        grading.refuse_day(by, talk.expected_on)
        grading.regrade(session, prospect, talk.expected_on, grading.FOLLOWED_UP, by=by)
    next_at = _next(session, prospect, talk, by=by)
    follow_up = FollowUp(
        id=id or uuid7(), store_id=prospect.store_id, prospect_id=prospect.id, made_by=by.id, made_at=made_at,
        method=talk.method, reached=talk.reached, content=talk.content, customer_words=talk.customer_words,
        countermeasure=talk.countermeasure, grade_before=before, grade_after=prospect.grade,
        expected_on=prospect.expected_on, next_at=next_at, next_method=talk.next_method or talk.method,
        was_overdue=was_overdue,
    )  # fmt: skip
    session.add(follow_up)
    if is_newest:
        _go_on(prospect, follow_up)
    # The record of events is never erased, a customer may be: nothing that was said is written there.
    tell(
        session, "prospect.followed_up", prospect, by=by, method=talk.method, reached=talk.reached, from_=before,
        to=prospect.grade,
    )  # fmt: skip
    return follow_up


def _count_overdue(prospect: Prospect, at: datetime) -> None:
    """Once for each contact that was missed: the calendar may not have come round to it yet."""
    if prospect.overdue_counted_at is None or prospect.overdue_counted_at < prospect.next_contact_at:
        prospect.overdue_times += 1
        prospect.overdue_counted_at = at


def of(session: Session, prospect: Prospect, follow_up_id: UUID) -> FollowUp:
    """One of this prospect's. Raises NotThere."""
    found = session.get(FollowUp, follow_up_id)
    if found is None or found.prospect_id != prospect.id:
        raise NotThere
    return found


def comment(session: Session, prospect: Prospect, follow_up: FollowUp, *, by: Person, text: str) -> FollowUpComment:
    """A manager's word on a follow-up; whoever made it is told."""
    if not text:
        raise Invalid.at("text", N_("Please fill this in."))
    said = FollowUpComment(
        store_id=by.store_id, follow_up_id=follow_up.id, made_by=by.id, at=by.moment(), text=text
    )  # fmt: skip
    session.add(said)
    tell(session, "prospect.commented", prospect, by=by)
    place = f"/prospects/{prospect.number}#follow-up-{follow_up.id}"
    notices.tell(session, follow_up.made_by, "follow_up.commented", place, by=by, customer=prospect.customer.name)
    return said


def longest_wait(session: Session, prospect: Prospect, day: date, code: str = "") -> date:
    """The last day for the next contact that the grade allows; who is lost or has ordered may wait a quarter."""
    if not prospect.is_open:
        return day + timedelta(days=90)
    wanted = code or prospect.grade
    days = next((one.follow_up_days for one in grades(session, prospect.store_id, day) if one.code == wanted), 1)
    return day + timedelta(days=days)


def _may_be_followed(session: Session, prospect: Prospect, id: UUID | None) -> None:
    if prospect.state not in FOLLOWED:
        raise WrongMove(N_("This prospect has the car; care calls go on from here."))
    if prospect.in_pool:
        raise WrongMove(N_("This prospect lies in the pool. Take it first."))
    if id is not None and session.get(FollowUp, id) is not None:
        raise WrongMove(N_("This follow-up is kept already."))


def _check(session: Session, talk: Talk, by: Person) -> None:
    errors: dict[str, Said] = {}
    methods = {entry.code for entry in entries(session, by.store_id, "method")}
    for field, code in (("method", talk.method), ("next_method", talk.next_method or talk.method)):
        if code not in methods:
            errors[field] = Said(N_("Choose one of the offered."))
    if talk.reached and not talk.content:
        errors["content"] = Said(N_("Write in a few words what was talked about."))
    if errors:
        raise Invalid(errors)


def _next(session: Session, prospect: Prospect, talk: Talk, *, by: Person) -> datetime:
    """When they are spoken to next. Raises Invalid at `next_at`."""
    made_at = by.moment()
    day = made_at.astimezone(by.zone).date()
    last = longest_wait(session, prospect, day)
    if talk.next_at is None:
        return next_day(made_at, by, (last - day).days if talk.reached else 1)
    if talk.next_at <= made_at:
        raise Invalid.at("next_at", N_("The next contact is still to come. Choose a later time."))
    if talk.next_at > datetime.combine(last, time.max, by.zone):
        raise Invalid.at(
            "next_at", N_("Grade %(grade)s is spoken to again by %(day)s. Correct the day to buy, or come sooner."),
            grade=prospect.grade, day=f"{last:%Y-%m-%d}",
        )  # fmt: skip
    return talk.next_at


def _go_on(prospect: Prospect, made: FollowUp) -> None:
    prospect.next_contact_at, prospect.next_method = made.next_at, made.next_method
    prospect.climbed_at = None
    prospect.version += 1
    if made.reached:
        prospect.last_contact_at = made.made_at
        prospect.first_contact_at = prospect.first_contact_at or made.made_at
