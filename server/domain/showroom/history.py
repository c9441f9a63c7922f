"""What happened with a prospect, newest first: talks with their comments, grades, changes of hands, outcomes."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, raiseload

from server.database import Words
from server.domain.catalogue import DemoCar
from server.domain.people import Person, Right
from server.domain.records import Event
from server.domain.showroom.follow_ups import FollowUp, FollowUpComment
from server.domain.showroom.grading import FOLLOWED_UP, GradeChange
from server.domain.showroom.hands import Hand
from server.domain.showroom.lost_deals import LostDeal
from server.domain.showroom.lost_deals import State as LossState
from server.domain.showroom.prospects import Prospect
from server.domain.showroom.receptions import Reception
from server.domain.showroom.receptions import State as ReceptionState
from server.domain.showroom.test_drives import TestDrive

MOST = 100
SEES_ALL = Right.SEE_ALL_PROSPECTS
VISIT: Words = {"zh": "到店", "en": "In the showroom"}
LOST = "prospect.lost"
OUTCOMES: dict[str, Words] = {
    "prospect.ordered": {"zh": "已下单", "en": "Has ordered"},
    "prospect.order_cancelled": {"zh": "退订，重新跟进", "en": "Order cancelled: to be won again"},
    "prospect.delivered": {"zh": "已交车", "en": "Has the car"},
    LOST: {"zh": "战败", "en": "Lost"},
    "prospect.came_again": {"zh": "战败后再次到来", "en": "Came again after being lost"},
    "prospect.hushed": {"zh": "客户不希望被联系", "en": "Does not want to be contacted"},
    "prospect.unhushed": {"zh": "客户同意再联系", "en": "May be contacted again"},
}


class Deed(msgspec.Struct, frozen=True, kw_only=True):
    """Something that was done with them and has a page of its own: a visit, a drive, a quotation, an order."""

    name: Words
    address: str = ""
    """Its page, where the reader may open it."""
    number: str = ""
    how: Words | None = None
    """How it stands, or how long it took."""
    amount: int | None = None
    """Fen."""
    starts_at: datetime | None = None
    about: Sequence[Words | str] = ()
    """With which car."""
    note: str = ""
    who: UUID | None = None


class Entry(msgspec.Struct, frozen=True):
    """One of these; the others are None."""

    at: datetime
    follow_up: FollowUp | None = None
    comments: Sequence[FollowUpComment] = ()
    change: GradeChange | None = None
    hand: Hand | None = None
    outcome: Words | None = None
    loss: LostDeal | None = None
    """Of an outcome: why it was lost, and to whom."""
    deed: Deed | None = None


def of_prospect(session: Session, prospect: Prospect, deals: Sequence[LostDeal] = ()) -> list[Entry]:
    """Everything, newest first. A grade that moved in a talk stands with the talk.

    `deals` are their applications as lost, newest first: those that were agreed to say why it was lost.
    """
    deals = [deal for deal in deals if deal.state == LossState.AGREED]
    talks = _talks(session, prospect)
    comments = _comments(session, [talk.id for talk in talks])
    entries: list[Entry] = [Entry(talk.made_at, follow_up=talk, comments=comments[talk.id]) for talk in talks]
    entries += [Entry(change.at, change=change) for change in _changes(session, prospect)]
    entries += [Entry(hand.at, hand=hand) for hand in _hands(session, prospect)]
    query = select(Event.at, Event.verb).where(Event.store_id == prospect.store_id, Event.subject_id == prospect.id)
    rows = session.execute(query.where(Event.verb.in_(tuple(OUTCOMES))).order_by(Event.position.desc()))
    why = iter(deals)
    for at, verb in rows:
        entries.append(Entry(at, outcome=OUTCOMES[verb], loss=next(why, None) if verb == LOST else None))
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


def deeds(session: Session, prospect: Prospect, *, by: Person) -> list[Entry]:
    """Their visits with what was said of them, whoever received them, and their test drives."""
    return [*_visits(session, prospect, by), *_drives(session, prospect, by)]


def _visits(session: Session, prospect: Prospect, by: Person) -> list[Entry]:
    query = select(Reception).where(Reception.store_id == prospect.store_id, Reception.prospect_id == prospect.id)
    query = query.where(Reception.state != ReceptionState.ABANDONED).order_by(Reception.arrived_at.desc())
    return [
        Entry(visit.arrived_at, deed=Deed(
            name=VISIT, note=visit.story, who=visit.consultant_id, how=_stayed(visit),
            address=f"/receptions/{visit.id}" if by.id == visit.consultant_id or by.may(SEES_ALL) else "",
        ))
        for visit in session.scalars(query.options(raiseload("*")).limit(MOST))
    ]  # fmt: skip


def _stayed(visit: Reception) -> Words:
    minutes = visit.stayed(visit.left_at or visit.arrived_at)
    if visit.left_at is None:
        return visit.state_name
    return {"zh": f"停留 {minutes} 分钟", "en": f"stayed {minutes} min"}


def _drives(session: Session, prospect: Prospect, by: Person) -> list[Entry]:
    query = select(TestDrive).where(TestDrive.store_id == prospect.store_id, TestDrive.prospect_id == prospect.id)
    told = (raiseload("*"), joinedload(TestDrive.car).joinedload(DemoCar.model))
    rows = session.scalars(query.options(*told).order_by(TestDrive.starts_at.desc()).limit(MOST))
    return [
        Entry(drive.out_at or drive.created_at, deed=Deed(
            name=drive.kind_name, number=drive.number, how=drive.state_name, note=_said_of(drive),
            starts_at=drive.starts_at, about=(drive.car.model.called, drive.car.plate),
            who=drive.consultant_id, address=f"/test-drives/{drive.id}" if by.may(Right.BOOK_DRIVES) else "",
        ))
        for drive in rows
    ]  # fmt: skip


def _said_of(drive: TestDrive) -> str:
    """Afterwards: the customer's own words."""
    return " · ".join([*drive.impressions, *([drive.opinion] if drive.opinion else [])])


def _talks(session: Session, prospect: Prospect) -> Sequence[FollowUp]:
    query = select(FollowUp).where(FollowUp.store_id == prospect.store_id, FollowUp.prospect_id == prospect.id)
    query = query.options(joinedload(FollowUp.maker)).order_by(FollowUp.made_at.desc())
    return session.scalars(query.limit(MOST)).all()


def _comments(session: Session, talks: Sequence[UUID]) -> dict[UUID, list[FollowUpComment]]:
    found: dict[UUID, list[FollowUpComment]] = defaultdict(list)
    query = select(FollowUpComment).where(FollowUpComment.follow_up_id.in_(talks))
    query = query.options(joinedload(FollowUpComment.maker)).order_by(FollowUpComment.at)
    for comment in session.scalars(query) if talks else ():
        found[comment.follow_up_id].append(comment)
    return found


def _changes(session: Session, prospect: Prospect) -> Sequence[GradeChange]:
    query = select(GradeChange).where(GradeChange.store_id == prospect.store_id, GradeChange.prospect_id == prospect.id)
    # An order given up may leave the grade as it was: that is no move of it.
    query = query.where(GradeChange.why != FOLLOWED_UP, GradeChange.before != GradeChange.after).order_by(
        GradeChange.at.desc()
    )
    return session.scalars(query.limit(MOST)).all()


def _hands(session: Session, prospect: Prospect) -> Sequence[Hand]:
    query = select(Hand).where(Hand.store_id == prospect.store_id, Hand.prospect_id == prospect.id)
    return session.scalars(query.order_by(Hand.at.desc()).limit(MOST)).all()
