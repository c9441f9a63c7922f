"""Who came in: recognised by a few letters, met, and seen off; nobody's prospect is taken at the door."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload

from server.database import Words, now
from server.domain.catalogue import CarModel
from server.domain.customers import Customer, find
from server.domain.people import Person, Right, notices
from server.domain.people.staff import with_right
from server.domain.records import consents
from server.domain.refusals import Invalid, N_, WrongMove
from server.domain.showroom import hands, visit_list
from server.domain.showroom.prospects import Prospect, next_day
from server.domain.showroom.prospects import State as ProspectState
from server.domain.showroom.prospects import tell as tell_of_prospect
from server.domain.showroom.receptions import LONGEST_STORY, Reception, State, move, require_here, tell
from server.domain.showroom.registration import register

MOST_KNOWN = 8
GOING_ON = (ProspectState.OPEN, ProspectState.ORDERED, ProspectState.LOST)


class Known(msgspec.Struct):
    """Somebody who has been here, and who looks after them."""

    id: UUID
    name: str
    detail: str
    """The masked telephone, or the car by which they were found."""
    prospect: Prospect | None = None
    consultant: Words | None = None
    mine: bool = False
    lost_at: datetime | None = None
    """When they were given up as lost, where nothing has begun since: whoever receives them begins anew."""
    last_visit: datetime | None = None


def recognise(session: Session, by: Person, typed: str) -> list[Known]:
    """By a few digits or letters, at most eight. The number of questions does not depend on what is found."""
    found: dict[UUID, Known] = {}
    for one in find(session, by, typed):
        people = [(link.id, link.name) for link in one.links] if one.of_car else [(one.id, one.name)]
        for id, name in people:
            found.setdefault(id, Known(id, name, one.name if one.of_car else one.detail))
    return _told_of(session, by, list(found.values())[:MOST_KNOWN])


def known(session: Session, by: Person, customers: Sequence[Customer]) -> list[Known]:
    """The same about these customers: they were found otherwise."""
    return _told_of(session, by, [Known(one.id, one.name, one.masked_phone) for one in customers[:MOST_KNOWN]])


def _told_of(session: Session, by: Person, found: list[Known]) -> list[Known]:
    shown = {one.id: one for one in found}
    if shown:
        _add_prospects(session, by, shown)
        _add_visits(session, by, shown)
    return found


def meet(
    session: Session, reception: Reception, customer: Customer, *, by: Person, expected_on: date | None = None,
    model: CarModel | None = None, sub_source: str = "",
) -> Prospect:  # fmt: skip
    """It is this customer: their prospect goes on, or one begins. A colleague's stays theirs, and they are told.

    For a day it can be said of somebody who has left: without a network nobody was recognised.
    Raises WrongMove when somebody else was met here already, or what the pool allows is used up.
    """
    if not reception.may_be_completed(now()):
        require_here(reception)
    if reception.customer_id not in (None, customer.id):
        raise WrongMove(N_("Somebody else is written down here already. Begin a reception for each party."))
    if reception.agreed:
        consents.answer(session, customer.id, "file", True, by=by)
    reception.customer, reception.customer_id = customer, customer.id
    if reception.is_first is None:
        reception.is_first = _has_never_been_here(session, reception)
    prospect = _going_on(session, customer)
    if prospect is None or prospect.state == ProspectState.LOST:
        prospect = register(
            session, by=by, customer=customer, source=reception.source, consultant_id=by.id, expected_on=expected_on,
            model=model, sub_source=sub_source,
        )  # fmt: skip
    elif prospect.in_pool:
        hands.take(session, prospect, by=by)
    elif prospect.consultant_id not in (None, by.id):
        notices.tell(
            session, prospect.consultant_id, "reception.anothers", f"/prospects/{prospect.number}", by=by,
            customer=customer.name, who=by.title,
        )  # fmt: skip
    reception.prospect, reception.prospect_id = prospect, prospect.id
    reception.version += 1
    tell(session, "reception.met", reception, by=by)
    if not reception.is_open:
        _owe_call(session, reception, by=by)
    return prospect


def ask_for_handover(session: Session, reception: Reception, *, by: Person) -> None:
    """The manager is asked to hand a colleague's prospect over; once for each reception. Raises WrongMove."""
    prospect = reception.prospect
    if prospect is None or prospect.consultant is None or not reception.is_anothers:
        raise WrongMove(N_("Nobody else looks after them."))
    if reception.asked_at is not None:
        raise WrongMove(N_("The manager has been asked already."))
    assert reception.customer is not None
    reception.asked_at = by.moment()
    reception.version += 1
    able = [staff.id for staff in with_right(session, by.store_id, Right.HAND_OVER_PROSPECTS)]
    notices.tell_all(
        session, able, "reception.handover_asked", f"/prospects/{prospect.number}", by=by,
        customer=reception.customer.name, who=by.title, whose=prospect.consultant.title,
    )  # fmt: skip
    tell(session, "reception.handover_asked", reception, by=by, number=prospect.number)


def see_off(session: Session, reception: Reception, *, by: Person, story: str = "") -> None:
    """They leave: how long they stayed is known, and the call of the next day is owed. Raises WrongMove, Invalid."""
    if len(story) > LONGEST_STORY:
        raise Invalid.at("story", N_("At most %(most)s letters; these are %(count)s."), most=1000, count=len(story))
    reception.story = story
    move(session, reception, State.LEFT, "reception.left", by=by)
    assert reception.left_at is not None
    visit_list.fill(session, reception.run_id, visit_list.MINUTES, max(1, reception.stayed(reception.left_at)), by=by)
    _owe_call(session, reception, by=by)


def _owe_call(session: Session, reception: Reception, *, by: Person) -> None:
    """The call of the day after a visit."""
    prospect = reception.prospect
    if prospect is None or not prospect.is_open or reception.left_at is None:
        return
    tomorrow = next_day(reception.left_at, by)
    if prospect.first_contact_at is not None or prospect.next_contact_at > tomorrow:
        prospect.next_contact_at = tomorrow
        prospect.version += 1
    tell_of_prospect(session, "prospect.visited", prospect, by=by)


def _going_on(session: Session, customer: Customer) -> Prospect | None:
    """The prospect that a visit is about: an open one, else one who waits for the car, else one who was lost."""
    query = select(Prospect).where(Prospect.store_id == customer.store_id, Prospect.customer_id == customer.id)
    rows = session.scalars(query.where(Prospect.state.in_(GOING_ON)).options(joinedload(Prospect.consultant))).all()
    return min(
        rows, key=lambda row: (GOING_ON.index(ProspectState(row.state)), -row.created_at.timestamp()), default=None
    )


def _has_never_been_here(session: Session, reception: Reception) -> bool:
    earlier = select(Reception.id).where(Reception.store_id == reception.store_id, Reception.id != reception.id)
    query = earlier.where(Reception.customer_id == reception.customer_id, Reception.state == State.LEFT)
    return session.scalar(query.limit(1)) is None


def _add_prospects(session: Session, by: Person, shown: dict[UUID, Known]) -> None:
    query = select(Prospect).where(Prospect.store_id == by.store_id, Prospect.customer_id.in_(list(shown)))
    query = query.where(Prospect.state.in_(GOING_ON)).options(joinedload(Prospect.consultant))
    rows: Sequence[Any] = session.scalars(query.order_by(Prospect.created_at)).all()
    for row in sorted(rows, key=lambda row: GOING_ON.index(ProspectState(row.state)), reverse=True):
        one = shown[row.customer_id]
        one.lost_at = row.ended_at if row.state == ProspectState.LOST else None
        one.prospect, one.mine = row, row.consultant_id == by.id and one.lost_at is None
        one.consultant = row.consultant.title if row.consultant else None


def _add_visits(session: Session, by: Person, shown: dict[UUID, Known]) -> None:
    query = select(Reception.customer_id, func.max(Reception.arrived_at)).where(Reception.store_id == by.store_id)
    query = query.where(Reception.customer_id.in_(list(shown)), Reception.state == State.LEFT)
    for customer_id, at in session.execute(query.group_by(Reception.customer_id)):
        if customer_id is not None:
            shown[customer_id].last_visit = at
