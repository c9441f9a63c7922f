"""Reach: who goes on visits sees those of the store, drafts only who plans them."""

from uuid import UUID

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload

from server.domain.care import visit_plans
from server.domain.care.visit_plans import VisitPlan
from server.domain.care.visits import HomeVisit
from server.domain.people import Person, Right
from server.domain.refusals import NotThere


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


def visible_to(session: Session, person: Person) -> Reach:
    """Where a person's look-ups of visits begin."""
    return Reach(session, person)
