"""Consent of customers: to what, when, in which words, and taken back as easily as given."""

from collections.abc import Collection, Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import Index, bindparam, select
from sqlalchemy.orm import Mapped, Session

from server.database import Base, OfStore, add_many, now, uuid7
from server.domain.records.events import Actor, record, record_many
from server.domain.refusals import Invalid, N_

PURPOSES = {
    "file": N_("Keep a customer file"),
    "contact": N_("Be called about the car"),
    "marketing": N_("Receive offers"),
    "profile": N_("Answer questions about themselves"),
    "photo": N_("Be photographed at the handover"),
    "visit_place": N_("Have the place of a home visit kept"),
    "visit_photo": N_("Be photographed on a home visit"),
}


class Consent(OfStore, Base):
    """One answer of a customer for one purpose; the newest one counts."""

    __tablename__ = "consents"
    __table_args__ = (Index("ix_consents_customer", "store_id", "customer_id", "purpose"),)

    customer_id: Mapped[UUID]
    purpose: Mapped[str]
    given: Mapped[bool]
    how: Mapped[str]
    at: Mapped[datetime]
    taken_by: Mapped[UUID]


def answer(
    session: Session, customer_id: UUID, purpose: str, given: bool, *, by: Actor, how: str = "spoken"
) -> Consent:
    """Keep what the customer said. Nothing is overwritten: a withdrawal is a new answer."""
    if purpose not in PURPOSES:
        raise Invalid.at("purpose", N_("Choose what the consent is for."))
    verb = "consent.given" if given else _no(session, customer_id, purpose, by)
    consent = Consent(
        store_id=by.store_id, customer_id=customer_id, purpose=purpose, given=given, how=how, at=by.moment(),
        taken_by=by.id,
    )  # fmt: skip
    session.add(consent)
    session.flush()  # the event points at it
    record(
        session, verb, consent, by=by, customer_id=customer_id, purpose=purpose, how=how,
    )  # fmt: skip
    return consent


def _no(session: Session, customer_id: UUID, purpose: str, by: Actor) -> str:
    """What was given is withdrawn by a no; what never was is declined."""
    before = standing(session, by.store_id, customer_id).get(purpose)
    return "consent.withdrawn" if before is not None and before.given else "consent.declined"


def answer_many(session: Session, given: Mapping[UUID, bool], purpose: str, *, by: Actor, how: str) -> None:
    """What many customers said for one purpose, in a number of statements that does not grow with them."""
    said = [
        Consent(
            id=uuid7(), store_id=by.store_id, customer_id=customer_id, purpose=purpose, given=yes, how=how, at=now(),
            taken_by=by.id,
        )
        for customer_id, yes in given.items()
    ]  # fmt: skip
    add_many(session, said)
    for verb, yes in (("consent.given", True), ("consent.withdrawn", False)):
        happened = [(one, one.customer_id, {"purpose": purpose, "how": how}) for one in said if one.given is yes]
        record_many(session, verb, happened, by=by)


def refusing(session: Session, store_id: UUID, customer_ids: Collection[UUID], purpose: str) -> set[UUID]:
    """Those of them whose newest answer for this purpose is no."""
    query = select(Consent.customer_id, Consent.given).where(Consent.store_id == store_id, Consent.purpose == purpose)
    answers = session.execute(query.where(Consent.customer_id.in_(customer_ids)).order_by(Consent.at))
    newest = dict(answers.all())
    return {customer_id for customer_id, given in newest.items() if not given}


def standing(session: Session, store_id: UUID, customer_id: UUID) -> dict[str, Consent]:
    """The newest answer for each purpose."""
    rows = session.scalars(ANSWERS, {"store_id": store_id, "customer_id": customer_id})
    return {row.purpose: row for row in rows}


# Composed once: to compose it takes longer than to ask it.
ANSWERS = (
    select(Consent)
    .where(Consent.store_id == bindparam("store_id"), Consent.customer_id == bindparam("customer_id"))
    .order_by(Consent.at)
)
