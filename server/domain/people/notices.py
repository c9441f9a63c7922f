"""Notices: what a colleague has to know, shown on their page for today until it is read, and pushed to who wishes."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, exists, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, now, uuid7
from server.domain.people import hands, pushes
from server.domain.people.staff import Person
from server.domain.records.events import Actor
from server.domain.refusals import N_, NotThere

WORDS = {
    "delivery.planned": N_("You hand over %(number)s: %(model)s, %(time)s"),
    "delivery.assigned": N_("%(customer)s's handover is yours to serve: %(model)s, %(time)s"),
    "delivery.unlocked": N_("PDI passed: %(number)s can be handed over"),
    "delivery.locked": N_("PDI failed: %(number)s waits for rework"),
    "delivery.rework": N_("Rework done: %(number)s is being checked again"),
    "delivery.completed": N_("%(customer)s has taken the %(model)s. Please take over the care of this car."),
    "pdi.owed": N_("PDI to do: %(number)s, %(model)s, needed by %(time)s"),
    "contact.overdue": N_("Overdue since %(time)s: %(what)s, %(customer)s"),
    "follow_up.commented": N_("A word on your follow-up with %(customer)s"),
    "prospect.aged": N_("%(customer)s is now grade %(grade)s: the day to buy comes nearer or has passed"),
    "prospects.aged": N_("%(count)s of your prospects moved to another grade by their day"),
    "prospect.fell_back": N_("%(customer)s was overdue for too long and went to the pool"),
    "prospect.handed_over": N_("%(customer)s is yours to look after now"),
    "prospects.handed_over": N_("%(count)s prospects of %(who)s are yours to look after now"),
    "prospects.overdue": N_("%(count)s prospects of %(who)s have waited for more than %(days)s days"),
    "lost_deal.applied": N_("%(who)s gives %(customer)s up as lost. Do you agree?"),
    "lost_deal.agreed": N_("%(customer)s counts as lost. They are asked again after some months."),
    "lost_deal.rejected": N_("Not lost yet: see the advice for %(customer)s"),
    "demo_car.ends": N_("Insurance or inspection of %(plate)s ends on %(day)s"),
    "reception.anothers": N_("%(customer)s is in the showroom; %(who)s receives them for you"),
    "reception.handover_asked": N_("%(who)s asks for %(customer)s, whom %(whose)s looks after"),
    "contacts.climbed": N_("%(count)s contacts of %(who)s are overdue"),
    "contact.escalated": N_("Tried %(tries)s times in vain: %(what)s, %(customer)s. How does it go on?"),
    "contact.passed_on": N_("Yours to make now: %(what)s, %(customer)s"),
    "contact.resumed": N_("Please try again: %(what)s, %(customer)s"),
    "absence.stand_in": N_("You stand in for %(who)s from %(first)s to %(last)s"),
    "absence.over": N_("%(who)s is back: you no longer stand in for them"),
    "data_handover.offered": N_("%(customer)s is yours to take over"),
    "data_handover.taken": N_("%(customer)s was taken over by service"),
    "data_handover.late": N_("%(who)s has not taken %(customer)s over in time"),
    "leaver.taken_over": N_("Work of %(who)s, who leaves, is yours now"),
    "leaver.gone": N_("%(who)s has handed everything over: %(count)s things. The account can be closed."),
    "unowned.found": N_("In nobody's hands: %(count)s things"),
    "contacts.overdue": N_("%(count)s of your calls are overdue"),
    "approval.asked": N_("%(who)s asks for your approval: %(number)s, %(model)s"),
    "approval.approved": N_("Approved: %(number)s, %(model)s"),
    "approval.refused": N_("Not approved: %(number)s, %(model)s. See what is possible instead."),
    "trade_in.registered": N_("%(who)s has an old car to value: %(what)s"),
    "trade_in.valued": N_("The old car is valued: %(what)s"),
    "job.given": N_("A job for you on %(plate)s: %(what)s"),
    "job.asked": N_("%(who)s asks about %(plate)s: %(words)s"),
    "parts.asked": N_("%(who)s waits for %(parts)s parts at %(plate)s"),
    "finding.noted": N_("%(who)s found on %(plate)s: %(finding)s"),
    "extra_work.answered": N_("The customer has answered extra work %(number)s"),
    "extra_work.call_wanted": N_("The customer asks to be called about extra work %(number)s"),
    "extra_work.expired": N_("Extra work %(number)s was not answered in time"),
    "extra_work.approved": N_("The customer approved more work on %(number)s"),
    "check.owed": N_("%(number)s waits for a check: %(level)s"),
    "check.failed": N_("%(number)s came back from a check: %(why)s"),
    "visit_plan.released": N_("The home visits of %(month)s are released; %(count)s of them are yours"),
    "visit.planned": N_("You go on a home visit: %(customer)s, %(day)s"),
    "visit.booked": N_("Home visit agreed: %(customer)s, %(time)s"),
    "visit.moved": N_("Home visit changed: %(customer)s, now on %(day)s"),
    "visit.cancelled": N_("Home visit cancelled: %(customer)s, %(day)s"),
    "visit.broken_off": N_("Home visit broken off: %(customer)s, %(why)s"),
    "contact.complained": N_("%(customer)s is not satisfied (%(what)s); an answer is owed by %(time)s"),
    "visit.complained": N_("%(customer)s complained on a home visit; an answer is owed by %(time)s"),
    "repair_order.ready": N_("%(number)s is ready: tell the customer"),
    "import.done": N_("“%(name)s” is brought in: %(count)s rows"),
}


class Notice(OfStore, Base):
    """One thing to know; `gaps` fill the sentence of its kind."""

    __tablename__ = "notices"
    __table_args__ = (Index("ix_notices_unread", "store_id", "staff_id", "read_at"),)

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    kind: Mapped[str]
    gaps: Mapped[dict[str, Any]]
    address: Mapped[str]
    """The page to open."""
    created_at: Mapped[datetime]
    read_at: Mapped[datetime | None]

    @property
    def words(self) -> str:
        """The sentence with gaps, for the catalogue."""
        return WORDS[self.kind]


def tell(session: Session, staff_id: UUID, kind: str, address: str, *, by: Actor, **gaps: Any) -> None:
    """Leave a notice; nobody is told of their own deed."""
    tell_all(session, [staff_id], kind, address, by=by, **gaps)


def tell_all(session: Session, staff_ids: Collection[UUID], kind: str, address: str, *, by: Actor, **gaps: Any) -> None:
    """Leave the same notice for several; nobody is told of their own deed."""
    others = [staff_id for staff_id in staff_ids if staff_id != by.id]
    _leave(session, [_notice(by.store_id, staff_id, kind, address, now(), gaps) for staff_id in others])


def remind(
    session: Session, store_id: UUID, staff_id: UUID, kind: str, address: str, *, at: datetime, **gaps: Any
) -> None:
    """Leave a notice of what the clock brought about: nobody did it."""
    _leave(session, [_notice(store_id, staff_id, kind, address, at, gaps)])


def settle(session: Session, kind: str, address: str, *, by: Person) -> None:
    """What everybody was told is done or taken: nobody has to read it any more."""
    waiting = update(Notice).where(Notice.store_id == by.store_id, Notice.read_at.is_(None))
    session.execute(waiting.where(Notice.kind == kind, Notice.address == address).values(read_at=now()))


def unread(session: Session, person: Person) -> Sequence[Notice]:
    """What waits to be read, newest first."""
    query = select(Notice).where(Notice.store_id == person.store_id, Notice.staff_id == person.id)
    return session.scalars(query.where(Notice.read_at.is_(None)).order_by(Notice.created_at.desc()).limit(20)).all()


def read(session: Session, notice_id: UUID, *, by: Person) -> Notice:
    """Mark as read."""
    notice = session.get(Notice, notice_id)
    if notice is None or notice.staff_id != by.id:
        raise NotThere
    notice.read_at = notice.read_at or now()
    return notice


def is_for_who_holds(session: Session, notice_id: UUID, device_id: UUID) -> bool:
    """Whether a notice is meant for whoever has this device in their hands now."""
    holder = hands.holders(session, {device_id}).get(device_id)
    mine = exists().where(Notice.id == notice_id, Notice.staff_id == holder)
    return holder is not None and bool(session.scalar(select(mine)))


def _notice(store_id: UUID, staff_id: UUID, kind: str, address: str, at: datetime, gaps: dict[str, Any]) -> Notice:
    return Notice(
        id=uuid7(), store_id=store_id, staff_id=staff_id, kind=kind, gaps=gaps, address=address, created_at=at,
        read_at=None,
    )  # fmt: skip


def _leave(session: Session, left: Sequence[Notice]) -> None:
    session.add_all(left)
    pushes.owe(session, left)
