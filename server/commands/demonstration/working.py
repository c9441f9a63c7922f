"""What the technicians do this morning: one is at work, one waits for parts, one has not begun."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from server.commands.demonstration import clock, pictures
from server.commands.demonstration.deliveries import People
from server.database import now
from server.domain.catalogue.bays import bays
from server.domain.customers import Car
from server.domain.people import Staff
from server.domain.workshop import OrderJob, RepairOrder, dispatch, noting, working

AT_WORK, WAITS, NOT_BEGUN = "皖B3K27Q", "皖B8F61D", "皖B2M90A"
"""By their plates; whatever else has come is still to be given out."""


def work(session: Session, people: People) -> None:
    """By the verbs of the house, each after the car was ordered."""
    floor = Floor(session, people)
    at_work, waits, not_begun = (floor.car(plate) for plate in (AT_WORK, WAITS, NOT_BEGUN))
    floor.give(at_work, "zhou", 100)
    floor.give(waits, "sun", 90)
    floor.give(not_begun, "ma", 60)
    first = floor.begin(at_work, "zhou", 48)
    floor.find(first, "zhou", 20)
    held_up = floor.begin(waits, "sun", 75)
    floor.pause(held_up, "sun", 35, working.PARTS)


class Floor:
    """Deeds of so many minutes ago, but never before the order was signed."""

    def __init__(self, session: Session, people: People) -> None:
        self.session, self.people, self.store_id = session, people, people["wu"].store_id

    def car(self, plate: str) -> RepairOrder:
        """The order of the car that is here."""
        query = select(RepairOrder).join(Car, Car.id == RepairOrder.car_id).where(Car.plate == plate)
        return self.session.scalars(query.order_by(RepairOrder.arrived_at.desc()).limit(1)).one()

    def give(self, order: RepairOrder, name: str, minutes: int) -> None:
        """To a technician, in the first bay where something of it can be done."""
        skills = {job.skill for job in self._jobs(order.id)}
        bay = next(one for one in bays(self.session, self.store_id) if skills & set(one.skills))
        technician = self.session.get_one(Staff, self.people[name].id)
        known = dispatch.can_do(dispatch.skills_of(self.session, self.store_id), technician.id)
        with clock.at(self.ago(order, minutes)):
            dispatch.give_to_bay(self.session, order, bay, by=self.people["wu"])
            dispatch.give_to_technician(self.session, order, technician, known, by=self.people["wu"])

    def begin(self, order: RepairOrder, name: str, minutes: int) -> OrderJob:
        """Clocked on to the first of their jobs."""
        mine = [job for job in self._jobs(order.id) if job.technician_id == self.people[name].id]
        with clock.at(self.ago(order, minutes)):
            working.clock_on(self.session, mine[0], by=self.people[name])
        return mine[0]

    def find(self, job: OrderJob, name: str, minutes: int) -> None:
        """Something that wants the advisor's word, with its photo."""
        by = self.people[name]
        with clock.at(self.ago(job.order, minutes)):
            finding = noting.note(
                self.session, job.order, by=by, verdict="fault", name="后制动片磨损", number="2.8 mm",
                note="低于 3 mm，建议更换", job=job,
            )  # fmt: skip
            noting.add_photo(self.session, job.order, finding, pictures.photo(61), by=by)
            noting.note(self.session, job.order, by=by, verdict="watch", name="空调滤芯脏", job=job)

    def pause(self, job: OrderJob, name: str, minutes: int, why: str) -> None:
        """For a reason of the list."""
        with clock.at(self.ago(job.order, minutes)):
            working.pause(self.session, job, why, by=self.people[name])

    def ago(self, order: RepairOrder, minutes: int) -> datetime:
        """So many minutes ago, but not before the order was signed."""
        assert order.ordered_at is not None
        return max(now() - timedelta(minutes=minutes), order.ordered_at + timedelta(minutes=1))

    def _jobs(self, order_id: UUID) -> list[OrderJob]:
        query = select(OrderJob).where(OrderJob.order_id == order_id).options(joinedload(OrderJob.order))
        return list(self.session.scalars(query.order_by(OrderJob.position)))
