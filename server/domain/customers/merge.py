"""Two files of one customer become one; nothing of either is lost."""

from sqlalchemy import Column, Table, select, update
from sqlalchemy.orm import Session

from server.database import Base, now
from server.domain.customers import households, personal_numbers, search_tokens
from server.domain.customers.customers import Customer
from server.domain.customers.reading import take_turn
from server.domain.customers.registration import all_tokens
from server.domain.customers.relations import Relation
from server.domain.people import Person, Right
from server.domain.records import Event, record
from server.domain.refusals import Invalid, N_, NotAllowed, NotThere, WrongMove

FILLED = ("phone", "phone_last4", "language", "address")
"""What the kept file takes from the other where it has nothing itself."""


def merge(session: Session, keep: Customer, gone: Customer, *, by: Person) -> None:
    """Everything that points at `gone`, in whatever room, points at `keep` from now on."""
    if not by.may(Right.MERGE_CUSTOMERS):
        raise NotAllowed
    take_turn(session, by)
    _refuse_wrong_pair(session, keep, gone, by)
    kept_before, gone_before = all_tokens(session, keep), all_tokens(session, gone)
    _end_doubled_relations(session, keep, gone)
    _join_households(session, keep, gone, by)
    session.flush()  # the rows below are moved past the session's back
    for table, column in pointing_at_customers():
        session.execute(
            update(table).where(table.c.store_id == by.store_id, column == gone.id).values({column: keep.id})
        )
    session.expire_all()
    _fill(keep, gone)
    keep.version += 1
    gone.version += 1
    gone.merged_into = keep.id
    gone.household_id = None
    session.flush()  # the names of the merged file are read back as ways to find the kept one
    search_tokens.rewrite(session, by.store_id, gone.id, gone_before, set())
    search_tokens.rewrite(session, by.store_id, keep.id, kept_before, all_tokens(session, keep))
    record(session, "customer.merged", keep, by=by, customer_id=keep.id, gone=str(gone.id))


def pointing_at_customers() -> list[tuple[Table, Column[object]]]:
    """Every column of the house that holds a customer's id, so that no room can be forgotten.

    The record of events stays as it was written; the file reads it under both identities.
    """
    return [
        (table, column)
        for table in Base.metadata.sorted_tables
        if table is not Event.__table__
        for column in table.columns
        if column.name == "customer_id" or any(key.target_fullname == "customers.id" for key in column.foreign_keys)
    ]


def _refuse_wrong_pair(session: Session, keep: Customer, gone: Customer, by: Person) -> None:
    for one in sorted((keep, gone), key=lambda one: one.id):
        session.refresh(one, with_for_update=True)
        if one.store_id != by.store_id:
            raise NotThere
    if keep.id == gone.id:
        raise Invalid.at("other", N_("Choose somebody else."))
    if keep.is_merged or gone.is_merged:
        raise WrongMove(N_("One of these files was merged already."))
    if keep.number_index and gone.number_index and keep.number_index != gone.number_index:
        raise Invalid.at("other", N_("Their personal numbers differ: these are two people."))


def _end_doubled_relations(session: Session, keep: Customer, gone: Customer) -> None:
    """Both drove the same car: one standing relation is enough."""
    query = select(Relation).where(Relation.store_id == keep.store_id, Relation.until.is_(None))
    rows = session.scalars(query.where(Relation.customer_id.in_((keep.id, gone.id)))).all()
    kept = {(row.car_id, row.kind) for row in rows if row.customer_id == keep.id}
    for row in rows:
        if row.customer_id == gone.id and (row.car_id, row.kind) in kept:
            row.until = now()


def _join_households(session: Session, keep: Customer, gone: Customer, by: Person) -> None:
    if gone.household_id and gone.household_id != keep.household_id:
        households.join(session, keep, gone, by=by)


def _fill(keep: Customer, gone: Customer) -> None:
    for name in FILLED:
        setattr(keep, name, getattr(keep, name) or getattr(gone, name))
    keep.note = "\n".join(note for note in (keep.note, gone.note) if note)
    if gone.number_sealed and not keep.number_sealed:
        number = personal_numbers.unseal(gone.number_sealed, gone.id)
        keep.number_sealed = personal_numbers.seal(number, keep.id)
        keep.number_index = gone.number_index
