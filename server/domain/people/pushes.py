"""Pushes: a notice on its way to one device. Owed in the transaction of its cause, sent by a round, each once."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ForeignKey, Index, Select, delete, or_, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from server.database import Base, OfStore, uuid7
from server.domain.people import hands, subscriptions
from server.domain.people.staff import Staff
from server.domain.people.subscriptions import Subscription

if TYPE_CHECKING:
    from server.domain.people.notices import Notice

TOPIC_OF: Mapping[str, str] = {
    "delivery.locked": "delivery", "delivery.rework": "delivery", "delivery.unlocked": "delivery",
    "delivery.planned": "work", "delivery.assigned": "work", "delivery.completed": "work", "pdi.owed": "work",
    "contact.overdue": "overdue", "contacts.overdue": "overdue", "contacts.climbed": "overdue",
    "contact.escalated": "overdue", "contact.passed_on": "overdue", "contact.resumed": "overdue",
    "data_handover.offered": "work", "data_handover.late": "work", "absence.stand_in": "work",
    "leaver.taken_over": "work",
    "lost_deal.applied": "lost", "lost_deal.agreed": "lost", "lost_deal.rejected": "lost",
    "prospect.handed_over": "prospects", "prospects.handed_over": "prospects", "prospect.aged": "prospects",
    "prospects.aged": "prospects", "prospect.fell_back": "prospects", "prospects.overdue": "prospects",
    "follow_up.commented": "prospects", "reception.anothers": "prospects", "reception.handover_asked": "prospects",
    "approval.asked": "deals", "approval.approved": "deals", "approval.refused": "deals",
    "trade_in.registered": "deals", "trade_in.valued": "deals",
    "extra_work.answered": "workshop", "extra_work.call_wanted": "workshop", "extra_work.expired": "workshop",
    "extra_work.approved": "workshop", "check.owed": "workshop", "check.failed": "workshop",
    "repair_order.ready": "workshop", "visit.complained": "overdue", "contact.complained": "overdue",
    "visit_plan.released": "work", "visit.planned": "work", "visit.booked": "work", "visit.moved": "work",
    "visit.cancelled": "work", "visit.broken_off": "work",
    "job.given": "workshop", "job.asked": "workshop", "parts.asked": "workshop", "finding.noted": "workshop",
}  # fmt: skip
"""Under which topic a kind of notice is chosen; a kind that is not named here stays in the house."""
LEASE = timedelta(minutes=3)
"""A round that has not come back by then is dead, and its pushes are anybody's."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
LASTS = timedelta(days=1)
KEPT = timedelta(days=30)


class State(StrEnum):
    """The life of a push."""

    OWED = "owed"
    SENT = "sent"
    WITHHELD = "withheld"
    """The device was in other hands, or the notice was read already: it stays on the person's page."""
    GIVEN_UP = "given_up"


class Push(OfStore, Base):
    """One notice for one device."""

    __tablename__ = "pushes"
    __table_args__ = (Index("ix_pushes_owed", "state", "due_at"),)

    notice_id: Mapped[UUID] = mapped_column(ForeignKey("notices.id", ondelete="CASCADE"))
    subscription_id: Mapped[UUID] = mapped_column(ForeignKey("push_subscriptions.id", ondelete="CASCADE"), index=True)
    state: Mapped[str]
    due_at: Mapped[datetime]
    tries: Mapped[int]
    lease: Mapped[UUID | None]
    """Whose turn it is: of two rounds that claim a push, one gets it."""
    leased_until: Mapped[datetime | None]
    fault: Mapped[str]
    """What the last try came back with."""
    created_at: Mapped[datetime]

    notice: Mapped["Notice"] = relationship()
    subscription: Mapped[Subscription] = relationship()


def owe(session: Session, told: Sequence["Notice"]) -> None:
    """A push for every device on which somebody wants to be told of this."""
    wanted = {notice.staff_id for notice in told if notice.kind in TOPIC_OF}
    places = subscriptions.of(session, wanted) if wanted else ()
    for notice in told:
        for place in places:
            if place.staff_id == notice.staff_id and TOPIC_OF.get(notice.kind) in place.topics:
                session.add(_owed(notice, place))


def any_due(session: Session, at: datetime) -> bool:
    """Whether there is something to send."""
    return bool(session.scalar(select(_free(at).exists())))


def claim(session: Session, at: datetime, most: int) -> list[Push]:
    """Take what is due for one's own: nobody else gets it before the lease ends.

    What is not to be sent any more is settled on the way: read already, or the device is in other hands.
    """
    query = (
        _free(at)
        .options(joinedload(Push.notice, innerjoin=True), joinedload(Push.subscription, innerjoin=True))
        .order_by(Push.due_at)
        .limit(most)
        .with_for_update(of=Push, skip_locked=True)
    )
    found = session.scalars(query).all()
    held = hands.holders(session, {push.subscription.device_id for push in found})
    working = set(session.scalars(select(Staff.id).where(Staff.id.in_(held.values()), Staff.active)))
    lease = uuid7()
    for push in found:
        if push.created_at + LASTS < at:
            push.state = State.GIVEN_UP
        elif push.notice.read_at is None and _holds(push.subscription, held, working):
            push.lease, push.leased_until, push.tries = lease, at + LEASE, push.tries + 1
        else:
            push.state = State.WITHHELD
    return [push for push in found if push.state == State.OWED]


def sent(session: Session, push: Push) -> None:
    """The push service has taken it."""
    if own := _still_mine(session, push):
        own.state, own.leased_until, own.fault = State.SENT, None, ""


def gone(session: Session, push: Push) -> None:
    """There is no such place any more: the subscription goes, and what was owed to it."""
    if _still_mine(session, push):
        session.execute(delete(Subscription).where(Subscription.id == push.subscription_id))


def failed(session: Session, push: Push, at: datetime, fault: str, *, wait: timedelta | None = None) -> None:
    """Try again later, each time twice as long after, or as long as was asked for; given up after a day."""
    own = _still_mine(session, push)
    if own is None:
        return
    pause = min(max(wait or FIRST_PAUSE * 2 ** (own.tries - 1), FIRST_PAUSE), LONGEST_PAUSE)
    own.fault, own.leased_until, own.due_at = fault, None, at + pause
    if own.due_at > own.created_at + LASTS:
        own.state = State.GIVEN_UP


def sweep(session: Session, at: datetime) -> None:
    """What was settled long ago is not kept."""
    session.execute(delete(Push).where(Push.state != State.OWED, Push.created_at < at - KEPT))


def _owed(notice: "Notice", place: Subscription) -> Push:
    return Push(
        id=uuid7(), store_id=notice.store_id, notice=notice, subscription=place, state=State.OWED,
        due_at=notice.created_at, tries=0, lease=None, leased_until=None, fault="", created_at=notice.created_at,
    )  # fmt: skip


def _holds(place: Subscription, held: Mapping[UUID, UUID], working: set[UUID]) -> bool:
    return place.staff_id in working and held.get(place.device_id) == place.staff_id


def _free(at: datetime) -> Select[Push]:
    free = or_(Push.leased_until.is_(None), Push.leased_until < at)
    return select(Push).where(Push.state == State.OWED, Push.due_at <= at, free)


def _still_mine(session: Session, push: Push) -> Push | None:
    query = select(Push).where(Push.id == push.id, Push.lease == push.lease, Push.state == State.OWED)
    return session.scalar(query.with_for_update())
