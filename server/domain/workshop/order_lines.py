"""What stands on a repair order: jobs and parts, who pays for each, and what became of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words
from server.domain.people import Staff
from server.domain.records import record
from server.domain.records.events import Actor, Clock
from server.domain.refusals import N_, WrongMove
from server.domain.workshop.repair_orders import RepairOrder

SELF = "self"
PAYERS: dict[str, Words] = {
    SELF: {"zh": "客户自付", "en": "The customer"},
    "three_guarantee": {"zh": "三包", "en": "Three guarantees"},
    "insurance": {"zh": "保险", "en": "Insurance"},
    "recall": {"zh": "召回", "en": "Recall"},
    "comeback": {"zh": "返修", "en": "Comeback"},
    "goodwill": {"zh": "善意索赔", "en": "Goodwill"},
}


class JobState(StrEnum):
    """The life of a job on an order."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    WORKING = "working"
    PAUSED = "paused"
    DONE = "done"
    CANCELLED = "cancelled"


class PartState(StrEnum):
    """The life of a part on an order."""

    PROPOSED = "proposed"
    APPROVED = "approved"
    DECLINED = "declined"
    RESERVED = "reserved"
    ISSUED = "issued"
    RETURNED = "returned"
    CANCELLED = "cancelled"


JOB_MOVES: dict[JobState, set[JobState]] = {
    JobState.PROPOSED: {JobState.APPROVED, JobState.DECLINED},
    JobState.APPROVED: {JobState.WORKING, JobState.CANCELLED},
    JobState.DECLINED: set(),
    JobState.WORKING: {JobState.PAUSED, JobState.DONE},
    JobState.PAUSED: {JobState.WORKING, JobState.DONE},
    JobState.DONE: {JobState.WORKING},
    JobState.CANCELLED: set(),
}
PART_MOVES: dict[PartState, set[PartState]] = {
    PartState.PROPOSED: {PartState.APPROVED, PartState.DECLINED},
    PartState.APPROVED: {PartState.RESERVED, PartState.CANCELLED},
    PartState.DECLINED: set(),
    PartState.RESERVED: {PartState.ISSUED, PartState.APPROVED},
    PartState.ISSUED: {PartState.RETURNED},
    PartState.RETURNED: set(),
    PartState.CANCELLED: set(),
}
JOB_STATE_NAMES: dict[JobState, Words] = {
    JobState.PROPOSED: {"zh": "待客户确认", "en": "Waits for the customer's word"},
    JobState.APPROVED: {"zh": "已确认", "en": "Approved"},
    JobState.DECLINED: {"zh": "客户未同意", "en": "Declined"},
    JobState.WORKING: {"zh": "作业中", "en": "In work"},
    JobState.PAUSED: {"zh": "暂停", "en": "Paused"},
    JobState.DONE: {"zh": "已完工", "en": "Done"},
    JobState.CANCELLED: {"zh": "已取消", "en": "Cancelled"},
}
PART_STATE_NAMES: dict[PartState, Words] = {
    PartState.PROPOSED: {"zh": "待客户确认", "en": "Waits for the customer's word"},
    PartState.APPROVED: {"zh": "待备料", "en": "To be reserved"},
    PartState.DECLINED: {"zh": "客户未同意", "en": "Declined"},
    PartState.RESERVED: {"zh": "已预留", "en": "Reserved"},
    PartState.ISSUED: {"zh": "已领料", "en": "Issued"},
    PartState.RETURNED: {"zh": "已退料", "en": "Returned"},
    PartState.CANCELLED: {"zh": "已取消", "en": "Cancelled"},
}
OF_THE_CUSTOMER = frozenset(
    {"order_job.declined", "order_part.declined", "order_job.withdrawn", "order_part.withdrawn"}
)
"""What of a line stands in the customer's file: the rest would bury it."""
BILLED_JOBS = (JobState.APPROVED, JobState.WORKING, JobState.PAUSED, JobState.DONE)
BILLED_PARTS = (PartState.APPROVED, PartState.RESERVED, PartState.ISSUED)
"""What the customer agreed to and still gets; nothing else is ever charged."""


class OrderJob(OfStore, Versioned, Base):
    """One job on one order. Its words, hours and rate are its own: the catalogue may move on."""

    __tablename__ = "order_jobs"
    __table_args__ = (
        Index("ix_order_jobs_order", "store_id", "order_id", "position"),
        Index("ix_order_jobs_whose", "store_id", "technician_id", "state"),
        Index("ix_order_jobs_bay", "store_id", "bay_id", "planned_start"),
        Index("ix_order_jobs_extra", "store_id", "extra_id"),
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey("repair_orders.id"))
    job_id: Mapped[UUID | None] = mapped_column(ForeignKey("jobs.id"))
    code: Mapped[str]
    name: Mapped[Words]
    skill: Mapped[str]
    hours: Mapped[int]
    """Hundredths of a labour hour."""
    rate: Mapped[int]
    """Fen for one labour hour."""
    amount: Mapped[int]
    """Fen, tax included."""
    payer: Mapped[str] = mapped_column(default=SELF)
    state: Mapped[str] = mapped_column(default=JobState.PROPOSED)
    technician_id: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    bay_id: Mapped[UUID | None] = mapped_column(ForeignKey("bays.id"))
    planned_start: Mapped[datetime | None]
    planned_end: Mapped[datetime | None]
    position: Mapped[int] = mapped_column(default=0)
    guarantee: Mapped[str] = mapped_column(default="minor")
    extra_id: Mapped[UUID | None]
    """The extra work it was proposed with; None: ordered when the car came in."""
    why_declined: Mapped[str] = mapped_column(default="")

    order: Mapped[RepairOrder] = relationship(back_populates="jobs", lazy="raise")
    technician: Mapped[Staff | None] = relationship(foreign_keys=[technician_id])

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return JOB_STATE_NAMES[JobState(self.state)]

    @property
    def is_billed(self) -> bool:
        """Whether it was agreed to and is or will be done."""
        return self.state in BILLED_JOBS


class OrderPart(OfStore, Versioned, Base):
    """One part on one order. `quantity` is in hundredths of the unit, `price` in fen for one unit."""

    __tablename__ = "order_parts"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity"),
        Index("ix_order_parts_order", "store_id", "order_id", "position"),
        Index("ix_order_parts_state", "store_id", "state", "part_id"),
        Index("ix_order_parts_extra", "store_id", "extra_id"),
    )

    order_id: Mapped[UUID] = mapped_column(ForeignKey("repair_orders.id"))
    order_job_id: Mapped[UUID | None] = mapped_column(ForeignKey("order_jobs.id"))
    part_id: Mapped[UUID | None] = mapped_column(ForeignKey("parts.id"))
    code: Mapped[str]
    name: Mapped[Words]
    brand: Mapped[str] = mapped_column(default="")
    part_class: Mapped[str]
    unit: Mapped[Words]
    quantity: Mapped[int]
    price: Mapped[int]
    amount: Mapped[int]
    payer: Mapped[str] = mapped_column(default=SELF)
    own: Mapped[bool] = mapped_column(default=False)
    """Brought along by the customer."""
    state: Mapped[str] = mapped_column(default=PartState.PROPOSED)
    position: Mapped[int] = mapped_column(default=0)
    extra_id: Mapped[UUID | None]
    why_declined: Mapped[str] = mapped_column(default="")

    order: Mapped[RepairOrder] = relationship(back_populates="parts", lazy="raise")

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return PART_STATE_NAMES[PartState(self.state)]

    @property
    def is_billed(self) -> bool:
        """Whether it was agreed to and is or will be built in."""
        return self.state in BILLED_PARTS


def move_job(
    session: Session, order: RepairOrder, job: OrderJob, to: JobState, verb: str, *, by: Actor | Clock, **data: Any
) -> None:
    """The one way of a job from state to state. Raises WrongMove."""
    before = JobState(job.state)
    if to not in JOB_MOVES[before]:
        raise WrongMove(
            N_("This job is “%(now)s”; it cannot become “%(then)s”."),
            now=JOB_STATE_NAMES[before],
            then=JOB_STATE_NAMES[to],
        )
    job.state = to
    job.version += 1
    tell(session, verb, order, job, by=by, from_=before, to=to, **data)


def move_part(
    session: Session, order: RepairOrder, part: OrderPart, to: PartState, verb: str, *, by: Actor | Clock, **data: Any
) -> None:
    """The one way of a part from state to state. Raises WrongMove."""
    before = PartState(part.state)
    if to not in PART_MOVES[before]:
        raise WrongMove(
            N_("This part is “%(now)s”; it cannot become “%(then)s”."),
            now=PART_STATE_NAMES[before],
            then=PART_STATE_NAMES[to],
        )
    part.state = to
    part.version += 1
    tell(session, verb, order, part, by=by, from_=before, to=to, **data)


def tell(
    session: Session, verb: str, order: RepairOrder, line: OrderJob | OrderPart, *, by: Actor | Clock, **data: Any
) -> None:
    """Write into the record of events what happened to a line; in the files of customer and car only what they said."""
    said = {name.rstrip("_"): value for name, value in data.items()}
    theirs = {"customer_id": order.customer_id, "car_id": order.car_id} if verb in OF_THE_CUSTOMER else {}
    record(session, verb, line, by=by, number=order.number, code=line.code, **theirs, **said)
