"""Receptions: somebody came in; who received them, who they are, how long they stayed."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words, now, uuid7
from server.domain.catalogue import entries
from server.domain.checklists import runs
from server.domain.customers import Customer
from server.domain.people import Person, Staff
from server.domain.records import record
from server.domain.refusals import Invalid, N_, Said, WrongMove
from server.domain.showroom import visit_list
from server.domain.showroom.prospects import Prospect

WALKED_IN = "walk_in"
LIST, ANY = "C01", "ice"
"""The checklist of a reception; no car is part of it, so it asks nothing of what drives one."""
MOST_PEOPLE = 20
LONGEST_STORY = 1000
AFTERWARDS = timedelta(days=1)
"""How long the list of a reception may still be completed when they have left."""


class State(StrEnum):
    """The life of a reception."""

    RECEIVING = "receiving"
    LEFT = "left"
    ABANDONED = "abandoned"


MOVES: dict[State, set[State]] = {
    State.RECEIVING: {State.LEFT, State.ABANDONED},
    State.LEFT: set(),
    State.ABANDONED: set(),
}
STATE_NAMES: dict[State, Words] = {
    State.RECEIVING: {"zh": "接待中", "en": "Being received"},
    State.LEFT: {"zh": "已离店", "en": "Has left"},
    State.ABANDONED: {"zh": "误点作废", "en": "Started by mistake"},
}


class Reception(OfStore, Versioned, Base):
    """One visit. Who came is known only when they agreed to be recorded, or were on file before."""

    __tablename__ = "receptions"
    __table_args__ = (
        Index("ix_receptions_arrived", "store_id", "arrived_at"),
        Index("ix_receptions_whose", "store_id", "consultant_id", "arrived_at"),
        Index("ix_receptions_customer", "store_id", "customer_id", "arrived_at"),
        Index("ix_receptions_prospect", "store_id", "prospect_id", "arrived_at"),
    )

    state: Mapped[str] = mapped_column(default=State.RECEIVING)
    consultant_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    customer_id: Mapped[UUID | None] = mapped_column(ForeignKey("customers.id"))
    prospect_id: Mapped[UUID | None] = mapped_column(ForeignKey("prospects.id"))
    run_id: Mapped[UUID | None] = mapped_column(ForeignKey("checklist_runs.id"))
    arrived_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    party: Mapped[int] = mapped_column(default=1)
    """How many came together."""
    purpose: Mapped[str] = mapped_column(default="")
    source: Mapped[str] = mapped_column(default=WALKED_IN)
    is_first: Mapped[bool | None]
    told_at: Mapped[datetime | None]
    """When they were told what their data would be used for."""
    agreed: Mapped[bool | None]
    story: Mapped[str] = mapped_column(default="")
    asked_at: Mapped[datetime | None]
    """When the manager was asked to hand a colleague's prospect over."""

    consultant: Mapped[Staff] = relationship(foreign_keys=[consultant_id])
    customer: Mapped[Customer | None] = relationship(foreign_keys=[customer_id])
    prospect: Mapped[Prospect | None] = relationship(foreign_keys=[prospect_id])

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return STATE_NAMES[State(self.state)]

    @property
    def is_open(self) -> bool:
        """Whether they are still here."""
        return self.state == State.RECEIVING

    @property
    def is_anothers(self) -> bool:
        """Whether a colleague looks after who came."""
        return self.prospect is not None and self.prospect.consultant_id not in (None, self.consultant_id)

    def may_be_completed(self, at: datetime) -> bool:
        """Whether its list can still be filled."""
        left = self.left_at
        return self.is_open or (self.state == State.LEFT and left is not None and at - left < AFTERWARDS)

    def stayed(self, at: datetime) -> int:
        """Whole minutes in the store, until now while they are here."""
        return int(((self.left_at or at) - self.arrived_at).total_seconds() // 60)


def begin(session: Session, *, by: Person, id: UUID | None = None) -> Reception:
    """Somebody came in: the clock starts, and the list of a reception runs along. Raises WrongMove."""
    if id is not None and session.get(Reception, id) is not None:
        raise WrongMove(N_("This reception is kept already."))
    reception = unborn(by=by, id=id or uuid7())
    session.add(reception)
    session.flush()  # its list points at it
    # The list goes by its reception's identity: whoever began both without a network has tapped in it by that.
    reception.run_id = runs.start(session, LIST, reception, by=by, energy=ANY, id=reception.id).id
    visit_list.fill(session, reception.run_id, visit_list.PEOPLE, reception.party, by=by)
    tell(session, "reception.begun", reception, by=by)
    return reception


def unborn(*, by: Person, id: UUID) -> Reception:
    """A reception that begins now, kept nowhere yet."""
    return Reception(
        id=id, store_id=by.store_id, state=State.RECEIVING, consultant_id=by.id, arrived_at=by.moment(),
        party=1, purpose="", source=WALKED_IN, story="",
    )  # fmt: skip


def note_down(
    session: Session, reception: Reception, *, by: Person, party: int, purpose: str, source: str, is_first: bool | None
) -> None:
    """How many came, what for, from where they know the store. Raises Invalid, WrongMove."""
    require_here(reception)
    errors: dict[str, Said] = {}
    for field, list_, code in (("purpose", "visit_purpose", purpose), ("source", "source", source)):
        if (code or field == "source") and code not in {one.code for one in entries(session, by.store_id, list_)}:
            errors[field] = Said(N_("Choose one of the offered."))
    if not 1 <= party <= MOST_PEOPLE:
        errors["party"] = Said(N_("Between %(least)s and %(most)s."), least=1, most=MOST_PEOPLE)
    if errors:
        raise Invalid(errors)
    before = reception.party
    reception.party, reception.purpose, reception.source = party, purpose, source
    visit_list.fill(session, reception.run_id, visit_list.PEOPLE, party, by=by, before=before)
    reception.is_first = is_first
    reception.version += 1


def answer_privacy(session: Session, reception: Reception, agreed: bool, *, by: Person) -> None:
    """They were told what their data is for, and agreed to be recorded or did not."""
    require_here(reception)
    if reception.customer_id is not None and not agreed:
        raise WrongMove(N_("They are on file already. A consent is withdrawn in the customer's file."))
    reception.told_at, reception.agreed = by.moment(), agreed
    reception.version += 1
    tell(session, "reception.agreed" if agreed else "reception.declined", reception, by=by)


def abandon(session: Session, reception: Reception, *, by: Person) -> None:
    """It was started by mistake: it counts nowhere."""
    if reception.customer_id is not None:
        raise WrongMove(N_("Somebody was received here; let them leave instead."))
    move(session, reception, State.ABANDONED, "reception.abandoned", by=by)


def move(session: Session, reception: Reception, to: State, verb: str, *, by: Person, **data: Any) -> None:
    """The one way from state to state. Raises WrongMove."""
    before = State(reception.state)
    if to not in MOVES[before]:
        raise WrongMove(
            N_("This reception is “%(now)s”; it cannot become “%(then)s”."),
            now=STATE_NAMES[before], then=STATE_NAMES[to],
        )  # fmt: skip
    reception.state = to
    reception.left_at = max(reception.arrived_at, min(by.moment(), now()))
    reception.version += 1
    tell(session, verb, reception, by=by, **data)


def require_here(reception: Reception) -> None:
    """Raises WrongMove when they have left."""
    if not reception.is_open:
        raise WrongMove(N_("They have left; begin a new reception when they come again."))


def tell(session: Session, verb: str, reception: Reception, *, by: Person, **data: Any) -> None:
    """Write into the record of events what happened in a reception."""
    record(session, verb, reception, by=by, customer_id=reception.customer_id, car_id=None, **data)
