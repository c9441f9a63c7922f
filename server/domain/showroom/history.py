"""What happened with a prospect, newest first: talks with their comments, grades, changes of hands, outcomes."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from server.database import Words
from server.domain.records import Event
from server.domain.showroom.follow_ups import FollowUp, FollowUpComment
from server.domain.showroom.grading import FOLLOWED_UP, GradeChange
from server.domain.showroom.hands import Hand
from server.domain.showroom.prospects import Prospect

MOST = 100
OUTCOMES: dict[str, Words] = {
    "prospect.ordered": {"zh": "已下单", "en": "Has ordered"},
    "prospect.order_cancelled": {"zh": "退订，重新跟进", "en": "Order cancelled: to be won again"},
    "prospect.delivered": {"zh": "已交车", "en": "Has the car"},
    "prospect.lost": {"zh": "战败", "en": "Lost"},
    "prospect.came_again": {"zh": "战败后再次到来", "en": "Came again after being lost"},
    "prospect.hushed": {"zh": "客户不希望被联系", "en": "Does not want to be contacted"},
    "prospect.unhushed": {"zh": "客户同意再联系", "en": "May be contacted again"},
}


class Entry(msgspec.Struct, frozen=True):
    """One of these; the others are None."""

    at: datetime
    follow_up: FollowUp | None = None
    comments: Sequence[FollowUpComment] = ()
    change: GradeChange | None = None
    hand: Hand | None = None
    outcome: Words | None = None


def of_prospect(session: Session, prospect: Prospect) -> list[Entry]:
    """Everything, newest first. A grade that moved in a talk stands with the talk."""
    talks = _talks(session, prospect)
    comments = _comments(session, [talk.id for talk in talks])
    entries: list[Entry] = [Entry(talk.made_at, follow_up=talk, comments=comments[talk.id]) for talk in talks]
    entries += [Entry(change.at, change=change) for change in _changes(session, prospect)]
    entries += [Entry(hand.at, hand=hand) for hand in _hands(session, prospect)]
    query = select(Event.at, Event.verb).where(Event.store_id == prospect.store_id, Event.subject_id == prospect.id)
    rows = session.execute(query.where(Event.verb.in_(tuple(OUTCOMES))))
    entries += [Entry(at, outcome=OUTCOMES[verb]) for at, verb in rows]
    return sorted(entries, key=lambda entry: entry.at, reverse=True)


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
    query = query.where(GradeChange.why != FOLLOWED_UP).order_by(GradeChange.at.desc())
    return session.scalars(query.limit(MOST)).all()


def _hands(session: Session, prospect: Prospect) -> Sequence[Hand]:
    query = select(Hand).where(Hand.store_id == prospect.store_id, Hand.prospect_id == prospect.id)
    return session.scalars(query.order_by(Hand.at.desc()).limit(MOST)).all()
