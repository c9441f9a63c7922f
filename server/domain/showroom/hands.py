"""From hand to hand: a prospect is taken from the pool, given back, or handed to a colleague; each time is kept."""

from collections.abc import Sequence
from datetime import datetime, time
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ForeignKey, Index, case, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Words, now
from server.domain.catalogue import entries, value_of
from server.domain.people import Person, Right, Staff, notices
from server.domain.people.staff import with_right
from server.domain.records.events import Clock
from server.domain.refusals import Invalid, N_, NotAllowed, WrongMove
from server.domain.showroom.prospects import Prospect, State, next_day, tell

TAKEN, GIVEN_BACK, OVERDUE, HANDED_OVER = "taken", "given_back", "overdue", "handed_over"
WAYS: dict[str, Words] = {
    TAKEN: {"zh": "从公海领取", "en": "Taken from the pool"},
    GIVEN_BACK: {"zh": "退回公海", "en": "Given back to the pool"},
    OVERDUE: {"zh": "逾期过久，自动退回公海", "en": "Overdue for too long: back to the pool"},
    HANDED_OVER: {"zh": "移交", "en": "Handed over"},
}
LONGEST_REASON = 300


class Hand(OfStore, Base):
    """One change of hands, kept for good; no `to_id` is the pool."""

    __tablename__ = "prospect_hands"
    __table_args__ = (
        Index("ix_prospect_hands_prospect", "store_id", "prospect_id", "at"),
        Index("ix_prospect_hands_to", "store_id", "to_id", "way", "at"),
    )

    prospect_id: Mapped[UUID] = mapped_column(ForeignKey("prospects.id"))
    from_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    to_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    way: Mapped[str]
    why: Mapped[str]
    """A code of the list `give_back`, or empty."""
    note: Mapped[str]
    at: Mapped[datetime]
    by_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))

    @property
    def way_name(self) -> Words:
        """How it changed hands."""
        return WAYS[self.way]


class Holding(msgspec.Struct, frozen=True):
    """What changes hands when somebody leaves: how many are followed up, how many are ordered or lost."""

    holder: Staff
    followed: int
    ended: int


def take(session: Session, prospect: Prospect, *, by: Person) -> None:
    """Take it from the pool, within the store's limits. Raises WrongMove."""
    if not prospect.in_pool:
        raise WrongMove(N_("Somebody was quicker: this prospect is taken."))
    left = room_left(session, by)
    if left["held"] <= 0:
        raise WrongMove(N_("You look after as many prospects as one may. Bring some to an end first."))
    if left["today"] <= 0:
        raise WrongMove(N_("You have taken as many today as one may. Tomorrow there are more."))
    _pass(session, prospect, by.id, TAKEN, by=by)
    prospect.next_contact_at = next_day(by.moment(), by)
    tell(session, "prospect.taken", prospect, by=by)


def room_left(session: Session, by: Person) -> dict[str, int]:
    """How many more somebody may hold, and take today; a manager's word is the parameter `prospect_pool`."""
    rules: dict[str, int] = value_of(session, by.store_id, "prospect_pool")
    held = select(func.count()).select_from(Prospect).where(Prospect.store_id == by.store_id)
    held = held.where(Prospect.state == State.OPEN, Prospect.consultant_id == by.id)
    midnight = datetime.combine(by.moment().astimezone(by.zone).date(), time(), by.zone)
    taken = select(func.count()).select_from(Hand).where(Hand.store_id == by.store_id, Hand.to_id == by.id)
    taken = taken.where(Hand.way == TAKEN, Hand.at >= midnight)
    return {
        "held": rules["most_held"] - (session.scalar(held) or 0),
        "today": rules["most_taken_a_day"] - (session.scalar(taken) or 0),
    }


def give_back(session: Session, prospect: Prospect, *, by: Person, why: str, note: str = "") -> None:
    """Into the pool, with a reason of the store's list. Raises Invalid, WrongMove, NotAllowed."""
    if prospect.consultant_id != by.id and not by.may(Right.HAND_OVER_PROSPECTS):
        raise NotAllowed
    if not prospect.is_open or prospect.in_pool:
        raise WrongMove(N_("Only a prospect that somebody looks after can be given back."))
    if why not in {entry.code for entry in entries(session, by.store_id, "give_back")}:
        raise Invalid.at("why", N_("Choose why."))
    _pass(session, prospect, None, GIVEN_BACK, by=by, why=why, note=note[:LONGEST_REASON])
    tell(session, "prospect.given_back", prospect, by=by, reason=why)


def fall_back(session: Session, prospect: Prospect, *, clock: Clock, at: datetime) -> None:
    """Overdue for so long that somebody else may try."""
    before = prospect.consultant_id
    _pass(session, prospect, None, OVERDUE, by=clock)
    tell(session, "prospect.fell_back", prospect, by=clock)
    if before is not None:
        notices.remind(
            session, prospect.store_id, before, "prospect.fell_back", "/prospects?show=pool", at=at,
            customer=prospect.customer.name,
        )  # fmt: skip


def hand_over(session: Session, prospect: Prospect, to: Staff, *, by: Person, note: str = "") -> None:
    """To a colleague. Raises WrongMove when it is theirs, or the customer has the car."""
    if prospect.state == State.DELIVERED or prospect.consultant_id == to.id:
        raise WrongMove(N_("Choose somebody else: this one has it."))
    _pass(session, prospect, to.id, HANDED_OVER, by=by, note=note[:LONGEST_REASON])
    tell(session, "prospect.handed_over", prospect, by=by, who=to.title)
    place = f"/prospects/{prospect.number}"
    notices.tell(session, to.id, "prospect.handed_over", place, by=by, customer=prospect.customer.name)


def hand_over_all(session: Session, leaver: Staff, to: Sequence[Staff], *, by: Person, note: str = "") -> int:
    """Everything that somebody who leaves still looks after, dealt out in the order of the next contact.

    What was said, consented and graded belongs to the prospect and the customer, and goes with them.
    """
    if not by.may(Right.HAND_OVER_PROSPECTS):
        raise NotAllowed
    if not to or leaver.id in {one.id for one in to}:
        raise Invalid.at("to", N_("Choose who takes them over."))
    theirs = session.scalars(_of(leaver).order_by(Prospect.next_contact_at, Prospect.id)).all()
    counts = dict.fromkeys((one.id for one in to), 0)
    for place, prospect in enumerate(theirs):
        taker = to[place % len(to)]
        counts[taker.id] += 1
        _pass(session, prospect, taker.id, HANDED_OVER, by=by, note=note[:LONGEST_REASON])
        tell(session, "prospect.handed_over", prospect, by=by, who=taker.title)
    for taker_id, count in counts.items():
        if count:
            gaps: dict[str, Any] = {"count": count, "who": leaver.title}
            notices.tell(session, taker_id, "prospects.handed_over", "/prospects", by=by, **gaps)
    return len(theirs)


def takers(session: Session, store_id: UUID) -> Sequence[Staff]:
    """Who can look after prospects."""
    return with_right(session, store_id, Right.KEEP_PROSPECTS)


def holders(session: Session, store_id: UUID) -> list[Holding]:
    """Who looks after whom that has no car yet, those included who have left."""
    all_of_them, followed = func.count(), func.sum(case((Prospect.state == State.OPEN, 1), else_=0))
    query = select(Staff, followed, all_of_them).join(Prospect, Prospect.consultant_id == Staff.id)
    query = query.where(Staff.store_id == store_id, Prospect.state != State.DELIVERED)
    rows = session.execute(query.group_by(Staff.id).order_by(all_of_them.desc(), Staff.id))
    return [Holding(staff, open_ones, count - open_ones) for staff, open_ones, count in rows]


def _of(leaver: Staff) -> Any:
    query = select(Prospect).where(Prospect.store_id == leaver.store_id, Prospect.consultant_id == leaver.id)
    return query.where(Prospect.state != State.DELIVERED)


def _pass(
    session: Session, prospect: Prospect, to: UUID | None, way: str, *, by: Person | Clock, why: str = "",
    note: str = "",
) -> None:  # fmt: skip
    at = by.moment() if isinstance(by, Person) else now()
    session.add(
        Hand(
            store_id=prospect.store_id, prospect_id=prospect.id, from_id=prospect.consultant_id, to_id=to, way=way,
            why=why, note=note, at=at, by_id=by.id,
        )
    )  # fmt: skip
    prospect.consultant_id, prospect.consultant_since = to, at
    prospect.climbed_at = None
    prospect.version += 1
