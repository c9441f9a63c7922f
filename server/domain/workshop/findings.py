"""Findings: what a technician sees on a car beyond the job, in words, a number and photos, for the advisor to price."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words
from server.domain.people import Person, Staff
from server.domain.records import record
from server.domain.refusals import N_, WrongMove
from server.domain.workshop.repair_orders import RepairOrder

OK, WATCH, FAULT = "ok", "watch", "fault"
VERDICTS: dict[str, str] = {OK: N_("Good"), WATCH: N_("Watch"), FAULT: N_("At fault")}


class FindingState(StrEnum):
    """The life of a finding."""

    NEW = "new"
    PRICED = "priced"
    """It is part of extra work that the customer is asked about."""
    SET_ASIDE = "set_aside"
    """The advisor will not ask for it."""


FINDING_MOVES: dict[FindingState, set[FindingState]] = {
    FindingState.NEW: {FindingState.PRICED, FindingState.SET_ASIDE},
    FindingState.PRICED: {FindingState.NEW},
    FindingState.SET_ASIDE: {FindingState.NEW},
}
FINDING_STATE_NAMES: dict[FindingState, Words] = {
    FindingState.NEW: {"zh": "待报价", "en": "To be priced"},
    FindingState.PRICED: {"zh": "已报价", "en": "Priced"},
    FindingState.SET_ASIDE: {"zh": "暂不处理", "en": "Set aside"},
}


class WorkFinding(OfStore, Versioned, Base):
    """One finding. Its identity may have been made on the technician's phone."""

    __tablename__ = "work_findings"
    __table_args__ = (
        Index("ix_work_findings_order", "store_id", "order_id", "found_at"),
        Index("ix_work_findings_extra", "store_id", "extra_id"),
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey("repair_orders.id"))
    order_job_id: Mapped[UUID | None] = mapped_column(ForeignKey("order_jobs.id"))
    """On which job they were when they saw it."""
    verdict: Mapped[str]
    name: Mapped[str]
    """What it is about, such as the front brake pads."""
    note: Mapped[str] = mapped_column(default="")
    number: Mapped[str] = mapped_column(default="")
    """What was measured, with its unit, as written: `2.4 mm`."""
    state: Mapped[str] = mapped_column(default=FindingState.NEW)
    extra_id: Mapped[UUID | None]
    """The extra work it was priced in."""
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    found_at: Mapped[datetime]

    order: Mapped[RepairOrder] = relationship(lazy="raise")
    by: Mapped[Staff] = relationship(lazy="raise")
    photos: Mapped[list["FindingPhoto"]] = relationship(order_by="FindingPhoto.at", lazy="raise")

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return FINDING_STATE_NAMES[FindingState(self.state)]

    @property
    def verdict_name(self) -> str:
        """Good, watch or at fault, for the catalogue."""
        return VERDICTS[self.verdict]

    @property
    def photo_ids(self) -> list[UUID]:
        """The files of its photos, the first one first."""
        return [photo.file_id for photo in self.photos]

    @property
    def wants_pricing(self) -> bool:
        """Whether the advisor has still to decide about it."""
        return self.state == FindingState.NEW and self.verdict != OK


class FindingPhoto(OfStore, Base):
    """A picture of a finding."""

    __tablename__ = "finding_photos"
    __table_args__ = (
        Index("ix_finding_photos_finding", "store_id", "finding_id", "at"),
        UniqueConstraint("finding_id", "file_id"),
    )

    finding_id: Mapped[UUID] = mapped_column(ForeignKey("work_findings.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


def move_finding(
    session: Session, order: RepairOrder, finding: WorkFinding, to: FindingState, verb: str, *, by: Person
) -> None:
    """The one way of a finding from state to state. Raises WrongMove."""
    before = FindingState(finding.state)
    if to not in FINDING_MOVES[before]:
        raise WrongMove(
            N_("This finding is “%(now)s”; it cannot become “%(then)s”."),
            now=FINDING_STATE_NAMES[before], then=FINDING_STATE_NAMES[to],
        )  # fmt: skip
    finding.state = to
    finding.version += 1
    tell(session, verb, order, finding, by=by)


def tell(session: Session, verb: str, order: RepairOrder, finding: WorkFinding, *, by: Person) -> None:
    """Write into the record of events what happened to a finding."""
    record(
        session, verb, finding, by=by, customer_id=order.customer_id, car_id=order.car_id, number=order.number,
        name=finding.name, verdict=finding.verdict,
    )  # fmt: skip
