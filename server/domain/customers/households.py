"""Households: people who live together share cars, telephones and decisions."""

from collections.abc import Sequence

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.database import uuid7
from server.domain.customers.customers import Customer
from server.domain.people import Person
from server.domain.records import record
from server.domain.refusals import Invalid, N_


def join(session: Session, customer: Customer, other: Customer, *, by: Person) -> None:
    """From now on one household, with everybody who lived with either of them."""
    if customer.id == other.id:
        raise Invalid.at("other", N_("Choose somebody else."))
    if customer.household_id and customer.household_id == other.household_id:
        return
    household = customer.household_id or other.household_id or uuid7()
    for one in (customer, other):
        if one.household_id and one.household_id != household:
            _move(session, one, household)
        one.household_id = household
        record(session, "household.joined", one, by=by, customer_id=one.id, household=str(household))


def leave(session: Session, customer: Customer, *, by: Person) -> None:
    """Lives alone from now on; leaving twice changes nothing."""
    if customer.household_id:
        record(
            session, "household.left", customer, by=by, customer_id=customer.id, household=str(customer.household_id)
        )
        customer.household_id = None


def members(session: Session, customer: Customer) -> Sequence[Customer]:
    """The others of the household."""
    if customer.household_id is None:
        return []
    query = select(Customer).where(Customer.store_id == customer.store_id, Customer.merged_into.is_(None))
    query = query.where(Customer.household_id == customer.household_id, Customer.id != customer.id)
    return session.scalars(query.order_by(Customer.created_at)).all()


def _move(session: Session, one: Customer, household: object) -> None:
    everybody = update(Customer).where(
        Customer.store_id == one.store_id, Customer.household_id == one.household_id
    )  # fmt: skip
    session.execute(everybody.values(household_id=household))
