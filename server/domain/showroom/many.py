"""Many prospects at once, as they come from a list, by the rules that hold for one."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from server.database import add_many, uuid7
from server.domain.billing.numbers import next_numbers
from server.domain.catalogue import CarModel
from server.domain.customers import Customer
from server.domain.people import Person
from server.domain.records.events import record_many, take_turn
from server.domain.showroom import grading
from server.domain.showroom.grading import GradeChange, Scale
from server.domain.showroom.prospects import Prospect, State, next_day
from server.domain.showroom.registration import LONGEST_COMPETITOR, LONGEST_WISH, MOST_COMPETITORS

PHONE = "phone"


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a list says of somebody who may buy. Codes are the store's; a day to buy by lies ahead."""

    source: str
    sub_source: str = ""
    consultant_id: UUID | None = None
    expected_on: date | None = None
    model: CarModel | None = None
    competitors: Sequence[str] = ()
    words: str = ""
    next_at: datetime | None = None


def standing_of(session: Session, store_id: UUID, customer_ids: Collection[UUID]) -> dict[UUID, Prospect]:
    """The prospect of each customer that a new one would double: open, else ordered, else lost."""
    query = select(Prospect).where(Prospect.store_id == store_id, Prospect.customer_id.in_(customer_ids))
    order = list(map(str, (State.OPEN, State.ORDERED, State.LOST)))
    rows = session.scalars(query.where(Prospect.state.in_(order)).options(joinedload(Prospect.consultant))).all()
    found: dict[UUID, Prospect] = {}
    for row in sorted(rows, key=lambda row: (-order.index(row.state), row.created_at)):
        found[row.customer_id] = row
    return found


def register_many(
    session: Session, wanted: Sequence[tuple[Customer, Wish]], *, by: Person, scale: Scale, quiet: Collection[UUID]
) -> list[Prospect]:
    """Each customer becomes a prospect, in the same order; `quiet` are those who want no contact.

    That nobody of them is one already has been looked up before, in this transaction.
    """
    if not wanted:
        return []
    take_turn(session, by.store_id)
    numbers = next_numbers(session, "QK", len(wanted), by=by)
    made = [
        _prospect(customer, wish, number, by, scale, quiet=customer.id in quiet)
        for (customer, wish), number in zip(wanted, numbers, strict=True)
    ]
    add_many(session, made)
    add_many(session, [_change(one, "", grading.TYPED, by) for one in made])
    happened = [
        (one, one.customer_id, {"number": one.number, "source": one.source, "grade": one.grade}) for one in made
    ]
    record_many(session, "prospect.registered", happened, by=by)
    return made


def fill_in(prospect: Prospect, wish: Wish, *, by: Person, scale: Scale) -> list[GradeChange] | None:
    """What was not known of an open prospect is known now; what somebody has written stays, and so does the consultant.

    None when there was nothing to add; else the change of the grade, if it moved.
    """
    before = (prospect.model_id, prospect.wish, list(prospect.competitors), prospect.expected_on)
    if wish.model is not None and prospect.model_id is None:
        prospect.model_id = wish.model.id
    prospect.wish = prospect.wish or wish.words[:LONGEST_WISH]
    prospect.competitors = prospect.competitors or _rivals(wish)
    moved = _date(prospect, wish, by, scale) if wish.expected_on and prospect.expected_on is None else []
    if before == (prospect.model_id, prospect.wish, list(prospect.competitors), prospect.expected_on):
        return None
    prospect.version += 1
    return moved


def tell_changed(session: Session, changed: Sequence[Prospect], *, by: Person) -> None:
    """What they want is known better now: into the record of events."""
    happened = [(one, one.customer_id, {"number": one.number}) for one in changed]
    record_many(session, "prospect.changed", happened, by=by)


def _prospect(customer: Customer, wish: Wish, number: str, by: Person, scale: Scale, *, quiet: bool) -> Prospect:
    moment, tomorrow = by.moment(), next_day(by.moment(), by)
    grade = scale.grade_for(wish.expected_on)
    return Prospect(
        id=uuid7(), store_id=by.store_id, version=1, number=number, state=State.OPEN, customer_id=customer.id,
        consultant_id=wish.consultant_id, consultant_since=moment, grade=grade, first_grade=grade,
        expected_on=wish.expected_on, source=wish.source, sub_source=wish.sub_source,
        model_id=wish.model.id if wish.model else None, competitors=_rivals(wish), wish=wish.words[:LONGEST_WISH],
        referrer_id=None, quiet=quiet, next_contact_at=max(wish.next_at or tomorrow, tomorrow), next_method=PHONE,
        first_contact_at=None, last_contact_at=None, overdue_times=0, overdue_counted_at=None, climbed_at=None,
        created_at=moment, ended_at=None,
    )  # fmt: skip


def _date(prospect: Prospect, wish: Wish, by: Person, scale: Scale) -> list[GradeChange]:
    before = prospect.grade
    prospect.expected_on, prospect.grade = wish.expected_on, scale.grade_for(wish.expected_on)
    return [] if prospect.grade == before else [_change(prospect, before, grading.LISTED, by)]


def _change(prospect: Prospect, before: str, why: str, by: Person) -> GradeChange:
    return GradeChange(
        id=uuid7(), store_id=prospect.store_id, prospect_id=prospect.id, before=before, after=prospect.grade, why=why,
        at=by.moment(), by_id=by.id,
    )  # fmt: skip


def _rivals(wish: Wish) -> list[str]:
    return [name[:LONGEST_COMPETITOR] for name in wish.competitors][:MOST_COMPETITORS]
