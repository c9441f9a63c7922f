"""Registering a prospect: new, or one who was lost and comes again; nobody's prospect is taken from them."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import uuid7
from server.domain.billing import next_number
from server.domain.catalogue import CarModel, entries
from server.domain.customers import Customer
from server.domain.people import Person, Staff
from server.domain.records import consents
from server.domain.records.events import take_turn
from server.domain.refusals import Invalid, N_, Said, Stale, WrongMove
from server.domain.showroom import grading
from server.domain.showroom.prospects import Prospect, State, move, next_day, tell

LONGEST_WISH, MOST_COMPETITORS, LONGEST_COMPETITOR = 500, 6, 80


class LookedAfter(WrongMove):
    """The customer has a consultant already; `prospect` is theirs."""

    def __init__(self, prospect: Prospect, consultant: Staff | None) -> None:
        if consultant is None:
            super().__init__(N_("This customer is in the pool already; take them from there."))
        else:
            super().__init__(
                N_("%(who)s looks after this customer already. A manager can hand them over."), who=consultant.title
            )
        self.prospect = prospect
        self.consultant = consultant


def register(
    session: Session, *, by: Person, customer: Customer, source: str, id: UUID | None = None,
    consultant_id: UUID | None = None, expected_on: date | None = None, sub_source: str = "",
    model: CarModel | None = None, competitors: Sequence[str] = (), wish: str = "", referrer: Customer | None = None,
    method: str = "phone",
) -> Prospect:  # fmt: skip
    """Somebody may buy. Without a consultant they go into the pool; a lost one is taken up again.

    They are spoken to again on the next day. Raises LookedAfter, or Invalid with what is wrong.
    """
    take_turn(session, by.store_id)  # two at once would both find nobody
    _check(session, by, source, sub_source, expected_on)
    known = standing(session, by.store_id, customer.id)
    if known is not None and known.is_open:
        raise LookedAfter(known, known.consultant)
    if known is not None:
        return _come_again(session, known, by=by, consultant_id=consultant_id, expected_on=expected_on, wish=wish)
    moment = by.moment()
    grade = grading.grade_for(session, by.store_id, expected_on, moment.astimezone(by.zone).date())
    prospect = Prospect(
        id=id or uuid7(), store_id=by.store_id, number=next_number(session, "QK", by=by), state=State.OPEN,
        customer=customer, consultant_id=consultant_id, consultant_since=moment, grade=grade, first_grade=grade,
        expected_on=expected_on, source=source, sub_source=sub_source, model=model,
        competitors=[name[:LONGEST_COMPETITOR] for name in competitors][:MOST_COMPETITORS], wish=wish[:LONGEST_WISH],
        referrer=referrer, quiet=is_quiet(session, customer.store_id, customer.id),
        next_contact_at=next_day(moment, by), next_method=method, overdue_times=0, created_at=moment,
    )  # fmt: skip
    session.add(prospect)
    session.flush()  # the grade and the event point at it
    grading.keep(session, prospect, "", grading.TYPED, at=moment, by=by)
    tell(session, "prospect.registered", prospect, by=by, source=source, grade=grade)
    return prospect


def change(
    session: Session, prospect: Prospect, *, by: Person, version: int, model: CarModel | None, wish: str,
    competitors: Sequence[str],
) -> None:  # fmt: skip
    """What they want, as it is known now. Raises Stale when somebody else wrote meanwhile."""
    if prospect.version != version:
        raise Stale({"wish": wish}, {"wish": prospect.wish})
    prospect.model, prospect.wish = model, wish[:LONGEST_WISH]
    prospect.competitors = [name[:LONGEST_COMPETITOR] for name in competitors][:MOST_COMPETITORS]
    prospect.version += 1
    tell(session, "prospect.changed", prospect, by=by)


def standing(session: Session, store_id: UUID, customer_id: UUID) -> Prospect | None:
    """The customer's prospect that is open, or else was lost, whoever looks after it: a new one would be a double."""
    query = select(Prospect).where(Prospect.store_id == store_id, Prospect.customer_id == customer_id)
    rows = session.scalars(query.where(Prospect.state.in_((State.OPEN, State.LOST)))).all()
    return min(rows, key=lambda row: (not row.is_open, -row.created_at.timestamp()), default=None)


def is_quiet(session: Session, store_id: UUID, customer_id: UUID) -> bool:
    """Whether the customer has said that they do not want to be contacted."""
    said = consents.standing(session, store_id, customer_id).get("contact")
    return said is not None and not said.given


def _come_again(
    session: Session, prospect: Prospect, *, by: Person, consultant_id: UUID | None, expected_on: date | None, wish: str
) -> Prospect:
    """Who was lost comes back: at the grade that the store gives them, unless they name a nearer day."""
    again = grading.rules_of(session, by.store_id)["again"]
    asked = by.moment().astimezone(by.zone).date()
    prospect.consultant_id, prospect.consultant_since = consultant_id, by.moment()
    prospect.wish = wish[:LONGEST_WISH] or prospect.wish
    prospect.next_contact_at = next_day(by.moment(), by)
    prospect.quiet = is_quiet(session, by.store_id, prospect.customer_id)
    prospect.expected_on = expected_on or grading.last_day(session, by.store_id, again, asked)
    before, prospect.grade = prospect.grade, again
    grading.keep(session, prospect, before, grading.AGAIN, at=by.moment(), by=by)
    move(session, prospect, State.OPEN, "prospect.came_again", by=by, grade=again)
    return prospect


def _check(session: Session, by: Person, source: str, sub_source: str, expected_on: date | None) -> None:
    wrong = Said(N_("Choose one of the offered."))
    errors = {
        field: wrong
        for field, code in (("source", source), ("sub_source", sub_source))
        if (code or field == "source") and code not in {e.code for e in entries(session, by.store_id, field)}
    }
    if errors:
        raise Invalid(errors)
    grading.refuse_day(by, expected_on)
