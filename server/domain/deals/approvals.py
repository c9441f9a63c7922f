"""Approvals: somebody asks for more than their role gives, a manager agrees or refuses with a word."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words, uuid7
from server.domain.people import Person, Right, Staff, notices
from server.domain.people.staff import with_right
from server.domain.records import record
from server.domain.refusals import Invalid, N_, NotAllowed, WrongMove

DISCOUNT, REFUND = "discount", "refund"
KIND_NAMES: dict[str, Words] = {
    DISCOUNT: {"zh": "让利审批", "en": "Approval of a discount"},
    REFUND: {"zh": "退款审批", "en": "Approval of a refund"},
}
ASKED = "approval.asked"


class State(StrEnum):
    """The life of an approval."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    VOID = "void"


MOVES: dict[State, set[State]] = {
    State.ASKED: {State.APPROVED, State.REFUSED, State.VOID},
    State.APPROVED: set(),
    State.REFUSED: set(),
    State.VOID: set(),
}
STATE_NAMES: dict[State, Words] = {
    State.ASKED: {"zh": "待审批", "en": "Waits for the manager"},
    State.APPROVED: {"zh": "已批准", "en": "Approved"},
    State.REFUSED: {"zh": "未批准", "en": "Refused"},
    State.VOID: {"zh": "已作废", "en": "Void"},
}


class Approval(OfStore, Versioned, Base):
    """One question to the manager, about exactly one version of one thing."""

    __tablename__ = "approvals"
    __table_args__ = (
        Index("ix_approvals_subject", "store_id", "subject_id"),
        Index("ix_approvals_state", "store_id", "state", "asked_at"),
    )

    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default=State.ASKED)
    subject_id: Mapped[UUID]
    digest: Mapped[str]
    """What was asked for, sealed: for anything else the answer does not count."""
    amount: Mapped[int]
    """Fen that are asked for."""
    granted: Mapped[int]
    """Fen that the asker may give without being allowed to."""
    why: Mapped[str]
    address: Mapped[str]
    asked_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    asked_at: Mapped[datetime]
    word: Mapped[str] = mapped_column(default="")
    decided_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    decided_at: Mapped[datetime | None]

    asker: Mapped[Staff] = relationship(foreign_keys=[asked_by])
    decider: Mapped[Staff | None] = relationship(foreign_keys=[decided_by])

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return STATE_NAMES[State(self.state)]

    @property
    def is_waiting(self) -> bool:
        """Whether the manager has still to decide."""
        return self.state == State.ASKED

    def covers(self, digest: str) -> bool:
        """Whether it allows exactly this."""
        return self.state == State.APPROVED and self.digest == digest


def ask(
    session: Session, kind: str, subject_id: UUID, digest: str, *, by: Person, amount: int, granted: int, why: str,
    address: str, number: str, model: Words,
) -> Approval:  # fmt: skip
    """Ask everybody who may decide; `address` is the page on which they do."""
    approval = Approval(
        id=uuid7(), store_id=by.store_id, kind=kind, state=State.ASKED, subject_id=subject_id, digest=digest,
        amount=amount, granted=granted, why=why, address=address, asked_by=by.id, asked_at=by.moment(),
    )  # fmt: skip
    session.add(approval)
    session.flush()  # the event points at it
    record(session, ASKED, approval, by=by, number=number, amount=amount, why=why)
    managers = [staff.id for staff in with_right(session, by.store_id, Right.APPROVE)]
    notices.tell_all(session, managers, ASKED, address, by=by, number=number, model=model, who=by.title)
    return approval


def decide(
    session: Session, approval: Approval, *, by: Person, agree: bool, word: str, number: str, model: Words
) -> None:
    """The manager's answer; whoever asked is told. Raises Invalid at `word`: a refusal says what to do instead."""
    if not by.may(Right.APPROVE):
        raise NotAllowed
    if approval.asked_by == by.id:
        raise WrongMove(N_("Nobody approves what they ask for themselves."))
    if not agree and not word:
        raise Invalid.at("word", N_("Say what would be possible instead."))
    verb = "approval.approved" if agree else "approval.refused"
    approval.word, approval.decided_by, approval.decided_at = word, by.id, by.moment()
    move(session, approval, State.APPROVED if agree else State.REFUSED, verb, by=by, number=number)
    notices.settle(session, ASKED, approval.address, by=by)
    notices.tell(session, approval.asked_by, verb, approval.address, by=by, number=number, model=model)


def void(session: Session, subject_id: UUID, *, by: Person) -> None:
    """What was asked about is not wanted any more."""
    for approval in of_subjects(session, by.store_id, [subject_id]):
        if approval.is_waiting:
            move(session, approval, State.VOID, "approval.voided", by=by)
            notices.settle(session, ASKED, approval.address, by=by)


def move(session: Session, approval: Approval, to: State, verb: str, *, by: Person, number: str = "") -> None:
    """The one way from state to state. Raises WrongMove."""
    before = State(approval.state)
    if to not in MOVES[before]:
        raise WrongMove(
            N_("This question is “%(now)s”; it cannot become “%(then)s”."),
            now=STATE_NAMES[before],
            then=STATE_NAMES[to],
        )
    approval.state = to
    approval.version += 1
    record(session, verb, approval, by=by, number=number, from_=before, to=to)


def of_subjects(session: Session, store_id: UUID, subject_ids: Sequence[UUID]) -> Sequence[Approval]:
    """All that was asked about these things, newest first."""
    query = select(Approval).where(Approval.store_id == store_id, Approval.subject_id.in_(subject_ids))
    query = query.options(joinedload(Approval.asker), joinedload(Approval.decider))
    return session.scalars(query.order_by(Approval.asked_at.desc())).all()


def waiting(session: Session, store_id: UUID, subject_id: UUID) -> Approval:
    """What the manager is asked about it. Raises WrongMove when that is nothing, or decided."""
    found = next((one for one in of_subjects(session, store_id, [subject_id]) if one.is_waiting), None)
    if found is None:
        raise WrongMove(N_("Nothing is asked about this any more."))
    return found
