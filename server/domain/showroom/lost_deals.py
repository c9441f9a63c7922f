"""Lost deals: a consultant applies with the reason and the story, a manager agrees or sends them back with advice."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

import msgspec
from sqlalchemy import ColumnElement, ForeignKey, Index, exists, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words, uuid7
from server.domain.catalogue import entries, value_of
from server.domain.people import Person, Right, Staff, notices
from server.domain.people.staff import with_right
from server.domain.records import record
from server.domain.refusals import Invalid, N_, NotAllowed, Said, WrongMove
from server.domain.showroom import prospects
from server.domain.showroom.prospects import Prospect, next_day

REACHES_MANAGER = "lost_deal.applied"


class State(StrEnum):
    """The life of an application."""

    APPLIED = "applied"
    AGREED = "agreed"
    REJECTED = "rejected"
    VOID = "void"


MOVES: dict[State, set[State]] = {
    State.APPLIED: {State.AGREED, State.REJECTED, State.VOID},
    State.AGREED: set(),
    State.REJECTED: set(),
    State.VOID: set(),
}
STATE_NAMES: dict[State, Words] = {
    State.APPLIED: {"zh": "待审批", "en": "Waits for the manager"},
    State.AGREED: {"zh": "已同意", "en": "Agreed"},
    State.REJECTED: {"zh": "已驳回", "en": "Sent back"},
    State.VOID: {"zh": "已作废", "en": "Void"},
}


class LostDeal(OfStore, Versioned, Base):
    """One application to count a prospect as lost. Whose it was and where they came from stand as they were then."""

    __tablename__ = "lost_deals"
    __table_args__ = (
        Index("ix_lost_deals_state", "store_id", "state", "applied_at"),
        Index("ix_lost_deals_prospect", "store_id", "prospect_id"),
    )

    prospect_id: Mapped[UUID] = mapped_column(ForeignKey("prospects.id"))
    state: Mapped[str] = mapped_column(default=State.APPLIED)
    reason: Mapped[str]
    competitor_brand: Mapped[str]
    competitor_model: Mapped[str]
    story: Mapped[str]
    consultant_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    source: Mapped[str]
    grade: Mapped[str]
    applied_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    applied_at: Mapped[datetime]
    advice: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]

    prospect: Mapped[Prospect] = relationship()
    consultant: Mapped[Staff] = relationship(foreign_keys=[consultant_id])
    decider: Mapped[Staff | None] = relationship(foreign_keys=[decided_by])

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return STATE_NAMES[State(self.state)]

    @property
    def is_waiting(self) -> bool:
        """Whether the manager has still to decide."""
        return self.state == State.APPLIED

    @property
    def competitor(self) -> str:
        """What they bought instead, as one says it."""
        return " ".join(part for part in (self.competitor_brand, self.competitor_model) if part)


class Loss(msgspec.Struct, kw_only=True):
    """What an application says."""

    reason: str
    story: str
    competitor_brand: str = ""
    competitor_model: str = ""


def apply(session: Session, prospect: Prospect, loss: Loss, *, by: Person, id: UUID | None = None) -> LostDeal:
    """Ask that a prospect be counted as lost; the managers are told. Raises Invalid, WrongMove."""
    if not prospect.is_open or prospect.consultant_id is None:
        raise WrongMove(N_("Only an open prospect that somebody looks after can be lost."))
    if waiting(session, prospect) is not None:
        raise WrongMove(N_("The manager has an application for this prospect already."))
    _check(session, loss, by)
    deal = LostDeal(
        id=id or uuid7(), store_id=by.store_id, prospect=prospect, state=State.APPLIED, reason=loss.reason,
        competitor_brand=loss.competitor_brand, competitor_model=loss.competitor_model, story=loss.story,
        consultant_id=prospect.consultant_id, source=prospect.source, grade=prospect.grade, applied_by=by.id,
        applied_at=by.moment(),
    )  # fmt: skip
    session.add(deal)
    session.flush()  # the event points at it
    _record(session, "lost_deal.applied", deal, by=by, reason=loss.reason)
    managers = [staff.id for staff in with_right(session, by.store_id, Right.APPROVE)]
    notices.tell_all(
        session, managers, "lost_deal.applied", f"/lost-deals/{deal.id}", by=by, customer=prospect.customer.name,
        who=by.title,
    )  # fmt: skip
    return deal


def agree(session: Session, deal: LostDeal, *, by: Person, advice: str = "") -> None:
    """The prospect is lost; after some months somebody asks again."""
    _decide(session, deal, State.AGREED, "lost_deal.agreed", by=by, advice=advice)
    days: int = value_of(session, by.store_id, "prospect_contacts")["lost"]
    deal.prospect.next_contact_at = next_day(by.moment(), by, days)
    prospects.move(session, deal.prospect, prospects.State.LOST, "prospect.lost", by=by, reason=deal.reason)


def reject(session: Session, deal: LostDeal, *, by: Person, advice: str) -> None:
    """Not yet: the consultant tries what the manager advises, tomorrow."""
    if not advice:
        raise Invalid.at("advice", N_("Say what the consultant should try."))
    _decide(session, deal, State.REJECTED, "lost_deal.rejected", by=by, advice=advice)
    soon = next_day(by.moment(), by)
    deal.prospect.next_contact_at = min(soon, deal.prospect.next_contact_at)
    prospects.tell(session, "prospect.kept", deal.prospect, by=by)


def void(session: Session, prospect: Prospect, *, by: Person) -> None:
    """They ordered after all, or the consultant thinks better of it."""
    deal = waiting(session, prospect)
    if deal is not None:
        _move(session, deal, State.VOID, "lost_deal.voided", by=by)
        notices.settle(session, REACHES_MANAGER, f"/lost-deals/{deal.id}", by=by)


def waiting(session: Session, prospect: Prospect) -> LostDeal | None:
    """The application that the manager has still to decide."""
    query = select(LostDeal).where(LostDeal.store_id == prospect.store_id, LostDeal.prospect_id == prospect.id)
    return session.scalar(query.where(LostDeal.state == State.APPLIED))


def is_waiting() -> ColumnElement[bool]:
    """The same as a question about many prospects."""
    applied = exists().where(LostDeal.prospect_id == Prospect.id, LostDeal.state == State.APPLIED)
    return applied.correlate(Prospect)


def of_prospect(session: Session, prospect: Prospect) -> Sequence[LostDeal]:
    """All of them, newest first."""
    query = select(LostDeal).where(LostDeal.store_id == prospect.store_id, LostDeal.prospect_id == prospect.id)
    return session.scalars(query.options(joinedload(LostDeal.decider)).order_by(LostDeal.applied_at.desc())).all()


def _decide(session: Session, deal: LostDeal, to: State, verb: str, *, by: Person, advice: str) -> None:
    if not by.may(Right.APPROVE):
        raise NotAllowed
    _move(session, deal, to, verb, by=by)
    deal.advice, deal.decided_by, deal.decided_at = advice, by.id, by.moment()
    place = f"/lost-deals/{deal.id}"
    notices.settle(session, REACHES_MANAGER, place, by=by)
    notices.tell(session, deal.applied_by, verb, place, by=by, customer=deal.prospect.customer.name)


def _move(session: Session, deal: LostDeal, to: State, verb: str, *, by: Person) -> None:
    before = State(deal.state)
    if to not in MOVES[before]:
        raise WrongMove(
            N_("This application is “%(now)s”; it cannot become “%(then)s”."),
            now=STATE_NAMES[before],
            then=STATE_NAMES[to],
        )
    deal.state = to
    deal.version += 1
    _record(session, verb, deal, by=by)


def _check(session: Session, loss: Loss, by: Person) -> None:
    errors: dict[str, Said] = {}
    if loss.reason not in {entry.code for entry in entries(session, by.store_id, "lost_reason")}:
        errors["reason"] = Said(N_("Choose why."))
    if loss.reason in competitor_asked(session, by.store_id):
        for field, given in (("brand", loss.competitor_brand), ("model", loss.competitor_model)):
            if not given:
                errors[f"competitor_{field}"] = Said(N_("This reason asks for the other car's brand and model."))
    if not loss.story:
        errors["story"] = Said(N_("Tell how it came about: the manager decides by it."))
    if errors:
        raise Invalid(errors)


def competitor_asked(session: Session, store_id: UUID) -> Sequence[str]:
    """The reasons with which the other car has to be named."""
    return value_of(session, store_id, "lost_rules")["competitor_for"]


def _record(session: Session, verb: str, deal: LostDeal, *, by: Person, **data: str) -> None:
    record(
        session, verb, deal, by=by, customer_id=deal.prospect.customer_id, car_id=None, number=deal.prospect.number,
        **data,
    )  # fmt: skip
