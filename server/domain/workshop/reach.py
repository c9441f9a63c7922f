"""Reach: whoever has to do with the workshop sees the repair orders of the store."""

from uuid import UUID

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from server.domain.people import Person, Right
from server.domain.refusals import NotThere
from server.domain.workshop.order_lines import OrderJob
from server.domain.workshop.repair_orders import RepairOrder


class Reach:
    """The repair orders that one person may see."""

    def __init__(self, session: Session, person: Person) -> None:
        self.session = session
        query = select(RepairOrder).where(RepairOrder.store_id == person.store_id)
        if not person.may(Right.SEE_WORKSHOP):
            query = query.where(RepairOrder.id.is_(None))
        self.query: Select[RepairOrder] = query.options(
            joinedload(RepairOrder.sender), joinedload(RepairOrder.owner), joinedload(RepairOrder.car),
            joinedload(RepairOrder.advisor),
        )  # fmt: skip

    def one(self, order_id: UUID) -> RepairOrder:
        """By its identity, without its lines. Raises NotThere."""
        return self._only(self.query, RepairOrder.id == order_id)

    def numbered(self, number: str) -> RepairOrder:
        """By its number. Raises NotThere."""
        return self._only(self.query, RepairOrder.number == number)

    def with_lines(self, order_id: UUID) -> RepairOrder:
        """With its jobs, who does them, and its parts; read anew. Raises NotThere."""
        query = self.query.options(
            selectinload(RepairOrder.jobs).joinedload(OrderJob.technician), selectinload(RepairOrder.parts)
        )
        return self._only(query.execution_options(populate_existing=True), RepairOrder.id == order_id)

    def _only(self, query: Select[RepairOrder], which: ColumnElement[bool]) -> RepairOrder:
        found = self.session.scalar(query.where(which))
        if found is None:
            raise NotThere
        return found


def visible_to(session: Session, person: Person) -> Reach:
    """Where a person's look-ups of repair orders begin."""
    return Reach(session, person)
