"""Reach: who goes on visits and sees customers sees those of the store, a technician the ones they go on themselves.

Drafts are seen by who plans them only.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, tuple_
from sqlalchemy.orm import Session, aliased, joinedload

from server.domain.care import visit_plans
from server.domain.care.visit_plans import VisitPlan
from server.domain.care.visits import LIVE, HomeVisit, State, VisitMember
from server.domain.people import Person, Right
from server.domain.refusals import NotThere
from server.paging import Leaf, Ordering, Place

TO_COME, TO_CLOSE, OVER, DRAFTS = "to_come", "to_close", "over", "drafts"
SHOWN = (TO_COME, TO_CLOSE, OVER, DRAFTS)
MOST = 25
SOME_TIME = datetime(9999, 1, 1, tzinfo=UTC)
"""What has no hour yet stands last in its day."""


class ByClock(Ordering):
    """By day and hour. A place says the day alone: the hour is that of its visit."""

    def __init__(self, *, newest_first: bool = False) -> None:
        super().__init__(HomeVisit.day, HomeVisit.id, newest_first=newest_first)
        keys = (HomeVisit.day, func.coalesce(HomeVisit.starts_at, SOME_TIME), HomeVisit.id)
        self.here = tuple_(*keys)
        falling = tuple(key.desc() for key in keys)
        self.down, self.up = (falling, keys) if newest_first else (keys, falling)

    def _beyond(self, at: date, id: UUID, *, backwards: bool) -> ColumnElement[bool]:
        its = aliased(HomeVisit)
        clock = select(func.coalesce(its.starts_at, SOME_TIME)).where(its.id == id).scalar_subquery()
        place = tuple_(literal(at, HomeVisit.day.type), clock, literal(id, HomeVisit.id.type))
        return self.here > place if backwards == self.newest_first else self.here < place


IN_TURN, LATEST_FIRST = ByClock(), ByClock(newest_first=True)


class Reach:
    """The visits that one person may see."""

    def __init__(self, session: Session, person: Person) -> None:
        self.session, self.person = session, person
        query = select(HomeVisit).where(HomeVisit.store_id == person.store_id)
        if not (person.may(Right.GO_ON_VISITS) or person.may(Right.PLAN_VISITS)):
            query = query.where(HomeVisit.id.is_(None))
        elif not person.may(Right.PLAN_VISITS):
            released = select(VisitPlan.id).where(VisitPlan.state == visit_plans.State.RELEASED)
            query = query.where(or_(HomeVisit.plan_id.is_(None), HomeVisit.plan_id.in_(released)))
            if not person.may(Right.SEE_CUSTOMERS):
                query = query.where(self.goes())
        self.query: Select[HomeVisit] = query.options(
            joinedload(HomeVisit.customer), joinedload(HomeVisit.car), joinedload(HomeVisit.plan),
            joinedload(HomeVisit.leader),
        )  # fmt: skip

    def one(self, visit_id: UUID) -> HomeVisit:
        """By its identity. Raises NotThere."""
        found = self.session.scalar(self.query.where(HomeVisit.id == visit_id))
        if found is None:
            raise NotThere
        return found

    def has_run(self, run_id: UUID) -> bool:
        """Whether that is the list of one of them."""
        return self.session.scalar(self.query.where(HomeVisit.run_id == run_id)) is not None

    def page(self, show: str, mine: bool, place: Place[date] | None) -> Leaf[HomeVisit]:
        """One page of a list."""
        ordering = LATEST_FIRST if show == OVER else IN_TURN
        query = self._with_cars(self.listed(show, mine=mine))
        return ordering.page(lambda asked: self.session.scalars(asked).unique().all(), query, MOST, place)

    def neighbours(self, visit: HomeVisit, show: str, mine: bool) -> tuple[UUID | None, UUID | None]:
        """The one before and the one after in that list."""
        ordering = LATEST_FIRST if show == OVER else IN_TURN
        query = self.listed(show, mine=mine).with_only_columns(HomeVisit.id, maintain_column_froms=True)
        return ordering.beside(self.session, query, visit.day, visit.id)

    def between(self, first: date, last: date) -> Sequence[HomeVisit]:
        """Those of some days that were not cancelled, by day and turn."""
        query = self.query.where(HomeVisit.day >= first, HomeVisit.day <= last, HomeVisit.state != State.CANCELLED)
        query = query.order_by(HomeVisit.day, HomeVisit.position, HomeVisit.starts_at, HomeVisit.id)
        return self.session.scalars(self._with_cars(query).limit(1000)).unique().all()

    def mine(self, until: date) -> Sequence[HomeVisit]:
        """Those that this person goes on until that day and that are not over, in turn."""
        query = self.listed(TO_COME, mine=True).where(HomeVisit.day <= until)
        return self.session.scalars(self._with_cars(query).order_by(HomeVisit.day, HomeVisit.position)).unique().all()

    def listed(self, show: str, *, mine: bool) -> Select[HomeVisit]:
        """The question without an order."""
        drafts = select(VisitPlan.id).where(VisitPlan.state == visit_plans.State.DRAFT)
        is_draft = HomeVisit.plan_id.in_(drafts)
        query = self.query.where(is_draft if show == DRAFTS else or_(HomeVisit.plan_id.is_(None), ~is_draft))
        states = {TO_COME: LIVE, DRAFTS: LIVE, TO_CLOSE: (State.DONE,)}.get(show, ENDED)
        query = query.where(HomeVisit.state.in_(states))
        return query.where(self.goes()) if mine else query

    def goes(self) -> ColumnElement[bool]:
        """Whether this person goes on a visit, as one of the team or leading it."""
        theirs = select(VisitMember.visit_id).where(VisitMember.staff_id == self.person.id)
        return or_(HomeVisit.id.in_(theirs), HomeVisit.leader_id == self.person.id)

    def _with_cars(self, query: Select[HomeVisit]) -> Select[HomeVisit]:
        return query.options(
            joinedload(HomeVisit.team), joinedload(HomeVisit.vehicle), joinedload(HomeVisit.demo_car),
        )  # fmt: skip


ENDED = (State.CLOSED, State.BROKEN_OFF, State.CANCELLED)


def visible_to(session: Session, person: Person) -> Reach:
    """Where a person's look-ups of visits begin."""
    return Reach(session, person)
