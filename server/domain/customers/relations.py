"""Who has to do with which car: owner, driver, sender and agent are four different things."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, now
from server.domain.customers.cars import Car
from server.domain.customers.customers import Customer
from server.domain.customers.reach import seen
from server.domain.people import Person
from server.domain.records import record
from server.domain.refusals import Invalid, N_, NotThere

KINDS = {
    "owner": N_("Owner"),
    "driver": N_("Driver"),
    "sender": N_("Brings it to service"),
    "agent": N_("Acts for the owner"),
}


class Relation(OfStore, Base):
    """One customer to one car from a moment until another. An ended one stays: a car has a history."""

    __tablename__ = "relations"
    __table_args__ = (
        Index("ix_relations_customer", "store_id", "customer_id"),
        Index("ix_relations_car", "store_id", "car_id"),
    )

    car_id: Mapped[UUID] = mapped_column(ForeignKey("cars.id"))
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("customers.id"))
    kind: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime | None]

    @property
    def stands(self) -> bool:
        """Whether it has not ended."""
        return self.until is None


def add(session: Session, car: Car, customer: Customer, kind: str, *, by: Person) -> Relation:
    """Relate them from now on. A new owner follows the one before; the same relation is not made twice."""
    if kind not in KINDS:
        raise Invalid.at("kind", N_("Choose one of the offered."))
    if {car.store_id, customer.store_id} != {by.store_id}:
        raise NotThere
    standing = [one for one in of_car(session, car) if one.kind == kind]
    for one in standing:
        if one.customer_id == customer.id:
            return one
    if kind == "owner":
        for one in standing:
            end(session, one, by=by)
    relation = Relation(
        store_id=by.store_id, car_id=car.id, customer_id=customer.id, kind=kind, since=now(), until=None
    )
    session.add(relation)
    session.flush()  # the event points at it
    record(session, "relation.added", relation, by=by, customer_id=customer.id, car_id=car.id, kind=kind)
    return relation


def end(session: Session, relation: Relation, *, by: Person) -> None:
    """From now on no more; ending it twice changes nothing."""
    if relation.until is None:
        relation.until = now()
        record(
            session, "relation.ended", relation, by=by, customer_id=relation.customer_id, car_id=relation.car_id,
            kind=relation.kind,
        )  # fmt: skip


def one_visible_to(session: Session, person: Person, relation_id: UUID) -> Relation:
    """A relation of the person's store. Raises NotThere."""
    return seen(session, Relation, relation_id, person)


def of_car(session: Session, car: Car) -> Sequence[Relation]:
    """The standing relations of a car."""
    query = select(Relation).where(Relation.store_id == car.store_id, Relation.car_id == car.id)
    return session.scalars(query.where(Relation.until.is_(None)).order_by(Relation.since)).all()


def owner_of(session: Session, car: Car) -> Customer | None:
    """Whose car it is now."""
    query = (
        select(Customer)
        .join(Relation, Relation.customer_id == Customer.id)
        .where(Relation.store_id == car.store_id, Relation.car_id == car.id, Relation.kind == "owner")
        .where(Relation.until.is_(None))
    )
    return session.scalar(query.order_by(Relation.since.desc()).limit(1))
