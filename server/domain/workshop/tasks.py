"""Tasks: the jobs of open orders as the workshop sees them. It sees cars and work, and no customer."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from server.domain.people import Person, Right
from server.domain.refusals import NotThere
from server.domain.workshop.order_lines import JobState, OrderJob
from server.domain.workshop.repair_orders import RepairOrder, State

TO_DO = (JobState.APPROVED, JobState.WORKING, JobState.PAUSED)
"""What is agreed to and not done."""
IN_THE_WORKSHOP = (State.ORDERED, State.IN_WORK, State.INSPECTION)


class Reach:
    """The jobs that somebody may see: those of their store, for who sees the workshop."""

    def __init__(self, session: Session, person: Person) -> None:
        self.session, self.person = session, person
        self.query = (
            select(OrderJob)
            .join(OrderJob.order)
            .where(OrderJob.store_id == person.store_id)
            .options(contains_eager(OrderJob.order).joinedload(RepairOrder.car))
            .options(joinedload(OrderJob.technician))
        )
        if not person.may(Right.SEE_WORKSHOP):
            self.query = self.query.where(OrderJob.id.is_(None))

    def one(self, job_id: UUID) -> OrderJob:
        """A job with its order and car. Raises NotThere."""
        found = self.session.scalar(self.query.where(OrderJob.id == job_id))
        if found is None:
            raise NotThere
        return found

    def mine(self) -> Sequence[OrderJob]:
        """What this person is to do or did on cars that are still in the workshop: the promised first."""
        return self._open(OrderJob.technician_id == self.person.id)

    def nobodys(self) -> Sequence[OrderJob]:
        """What nobody was given yet."""
        return self._open(OrderJob.technician_id.is_(None), OrderJob.state == JobState.APPROVED)

    def _open(self, *which: ColumnElement[bool]) -> Sequence[OrderJob]:
        query = self.query.where(RepairOrder.state.in_(IN_THE_WORKSHOP), *which)
        shown = or_(OrderJob.state.in_(TO_DO), OrderJob.state == JobState.DONE)
        order = (RepairOrder.promised_at.is_(None), RepairOrder.promised_at, RepairOrder.id, OrderJob.position)
        return self.session.scalars(query.where(shown).order_by(*order).limit(100)).all()


def visible_to(session: Session, person: Person) -> Reach:
    """What this person may see."""
    return Reach(session, person)


def whole(session: Session, *order_ids: UUID) -> dict[UUID, RepairOrder]:
    """These orders as they stand now, held until the transaction ends, each with all its jobs.

    Held before anything is written, and always in one order: two that want the same cars wait, and none for ever.
    """
    query = select(RepairOrder).where(RepairOrder.id.in_(order_ids)).order_by(RepairOrder.id)
    query = query.options(selectinload(RepairOrder.jobs)).execution_options(populate_existing=True)
    found = session.scalars(query.with_for_update(of=RepairOrder, key_share=True)).all()
    for order in found:
        for job in order.jobs:
            set_committed_value(job, "order", order)  # reading anew forgets what it knew of its order
    return {order.id: order for order in found}
