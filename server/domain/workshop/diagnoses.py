"""The five-step diagnosis 诊断五步法 of a hard fault: each step after the one before, and nothing is skipped."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Versioned, Words, uuid7
from server.domain.people import Person, Right
from server.domain.records import record
from server.domain.refusals import Invalid, N_, NotAllowed, Said, WrongMove
from server.domain.workshop.repair_orders import RepairOrder, State

MOST_CAUSES, LONGEST = 8, 1000
SUSPECTED, RULED_OUT, CONFIRMED = "suspected", "ruled_out", "confirmed"
VERDICTS: dict[str, Words] = {
    SUSPECTED: {"zh": "待验证", "en": "Suspected"},
    RULED_OUT: {"zh": "已排除", "en": "Ruled out"},
    CONFIRMED: {"zh": "已确认", "en": "Confirmed"},
}
STEPS: tuple[tuple[str, Words, Words], ...] = (
    (
        "complaint", {"zh": "核实客户陈述", "en": "Verify the complaint"},
        {"zh": "故障能否再现？什么条件下？", "en": "Does it show again, and under which conditions?"},
    ),
    (
        "signs", {"zh": "初步检查与收集信息", "en": "First look and information"},
        {"zh": "维修记录、故障码、技术通报、外观", "en": "History, codes, bulletins, what is seen"},
    ),
    (
        "causes", {"zh": "分析推断可能原因", "en": "Infer the causes"},
        {"zh": "一行一个，最可能的在前", "en": "One a line, the likeliest first"},
    ),
    (
        "repair", {"zh": "检测确认并修复", "en": "Confirm by test, and repair"},
        {"zh": "怎么测的、数据多少、怎么修的", "en": "How it was tested, the numbers, what was done"},
    ),
    (
        "proof", {"zh": "验证并预防", "en": "Verify and prevent"},
        {"zh": "怎么证明修好了，今后怎么防", "en": "How it is proven, and how it stays away"},
    ),
)  # fmt: skip
"""Column, name and what is asked, in order."""


class DiagnosisState(StrEnum):
    """The life of a diagnosis."""

    OPEN = "open"
    CLOSED = "closed"


DIAGNOSIS_MOVES: dict[DiagnosisState, set[DiagnosisState]] = {
    DiagnosisState.OPEN: {DiagnosisState.CLOSED},
    DiagnosisState.CLOSED: set(),
}
STATE_NAMES: dict[DiagnosisState, Words] = {
    DiagnosisState.OPEN: {"zh": "诊断中", "en": "Under way"},
    DiagnosisState.CLOSED: {"zh": "已完成", "en": "Completed"},
}


class Diagnosis(OfStore, Versioned, Base):
    """One hard fault of one visit, step by step."""

    __tablename__ = "diagnoses"
    __table_args__ = (Index("ix_diagnoses_order", "store_id", "order_id", "started_at"),)

    order_id: Mapped[UUID] = mapped_column(ForeignKey("repair_orders.id"))
    state: Mapped[str] = mapped_column(default=DiagnosisState.OPEN)
    complaint: Mapped[str] = mapped_column(default="")
    signs: Mapped[str] = mapped_column(default="")
    causes: Mapped[list[Any]] = mapped_column(default=list)
    """`{"cause": ..., "verdict": suspected | ruled_out | confirmed}` each, the likeliest first."""
    repair: Mapped[str] = mapped_column(default="")
    proof: Mapped[str] = mapped_column(default="")
    started_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    started_at: Mapped[datetime]
    closed_by: Mapped[UUID | None] = mapped_column(ForeignKey("staff.id"))
    closed_at: Mapped[datetime | None]

    @property
    def state_name(self) -> Words:
        """What people call the state."""
        return STATE_NAMES[DiagnosisState(self.state)]

    @property
    def step(self) -> str | None:
        """The step that is to be written now; None when all are."""
        return next((name for name, _, _ in STEPS if not getattr(self, name)), None)

    def may_write(self, name: str) -> bool:
        """Whether a step can be written: everything before it is, and the record is open."""
        names = [one for one, _, _ in STEPS]
        before = names[: names.index(name)]
        return self.state == DiagnosisState.OPEN and all(getattr(self, one) for one in before)

    @property
    def confirmed(self) -> str | None:
        """The cause that was confirmed by test."""
        return next((one["cause"] for one in self.causes if one["verdict"] == CONFIRMED), None)


def begin(session: Session, order: RepairOrder, *, by: Person, id: UUID | None = None) -> Diagnosis:
    """Begin a record; the same identity again gives the one that is there. Raises WrongMove, NotAllowed."""
    _may(by)
    if id is not None and (known := session.get(Diagnosis, id)) and known.order_id == order.id:
        return known
    if order.state not in (State.INTAKE, State.ORDERED, State.IN_WORK, State.INSPECTION):
        raise WrongMove(N_("Nothing is looked for now: the order is “%(now)s”."), now=order.state_name)
    diagnosis = Diagnosis(
        id=id or uuid7(), store_id=order.store_id, order_id=order.id, state=DiagnosisState.OPEN, complaint="",
        signs="", causes=[], repair="", proof="", started_by=by.id, started_at=by.moment(),
    )  # fmt: skip
    session.add(diagnosis)
    session.flush()  # the event points at it
    record(session, "diagnosis.begun", diagnosis, by=by, car_id=order.car_id, number=order.number)
    return diagnosis


def write(session: Session, diagnosis: Diagnosis, step: str, said: str, *, by: Person) -> None:
    """Write a step; causes are one a line. Raises WrongMove out of turn, Invalid at the step when it says nothing."""
    _may(by)
    if step not in [name for name, _, _ in STEPS]:
        raise Invalid.at("step", N_("Choose one of the offered."))
    if not diagnosis.may_write(step):
        raise WrongMove(N_("The step before comes first, and what is completed stays as it is."))
    said = said.strip()[:LONGEST]
    if not said:
        raise Invalid({step: Said(N_("Please fill this in."))})
    if step == "causes":
        known = {one["cause"]: one["verdict"] for one in diagnosis.causes}
        lines = list(dict.fromkeys(line.strip() for line in said.splitlines() if line.strip()))
        if len(lines) > MOST_CAUSES:
            raise Invalid.at("causes", N_("At most %(most)s."), most=MOST_CAUSES)
        diagnosis.causes = [{"cause": line, "verdict": known.get(line, SUSPECTED)} for line in lines]
    else:
        setattr(diagnosis, step, said)
    diagnosis.version += 1
    record(session, "diagnosis.written", diagnosis, by=by, step=step)


def judge(session: Session, diagnosis: Diagnosis, cause: int, verdict: str, *, by: Person) -> None:
    """What a test said of one cause; at most one is confirmed. Raises Invalid, WrongMove."""
    _may(by)
    if diagnosis.state != DiagnosisState.OPEN:
        raise WrongMove(N_("The step before comes first, and what is completed stays as it is."))
    if verdict not in VERDICTS or not 0 <= cause < len(diagnosis.causes):
        raise Invalid.at("verdict", N_("Choose one of the offered."))
    told = [dict(one) for one in diagnosis.causes]
    if verdict == CONFIRMED:
        told = [one | {"verdict": SUSPECTED} if one["verdict"] == CONFIRMED else one for one in told]
    told[cause]["verdict"] = verdict
    diagnosis.causes = told
    diagnosis.version += 1
    record(session, "diagnosis.judged", diagnosis, by=by, cause=told[cause]["cause"], verdict=verdict)


def close(session: Session, diagnosis: Diagnosis, *, by: Person) -> None:
    """All five steps are written and one cause is confirmed. Raises WrongMove."""
    _may(by)
    if diagnosis.step is not None:
        raise WrongMove(N_("A step of the diagnosis is still open."))
    if diagnosis.confirmed is None:
        raise WrongMove(N_("No cause is confirmed by a test yet."))
    move(session, diagnosis, DiagnosisState.CLOSED, "diagnosis.closed", by=by)
    diagnosis.closed_by, diagnosis.closed_at = by.id, by.moment()


def move(session: Session, diagnosis: Diagnosis, to: DiagnosisState, verb: str, *, by: Person) -> None:
    """The one way from state to state. Raises WrongMove."""
    before = DiagnosisState(diagnosis.state)
    if to not in DIAGNOSIS_MOVES[before]:
        raise WrongMove(
            N_("This is “%(now)s”; it cannot become “%(then)s”."), now=STATE_NAMES[before], then=STATE_NAMES[to]
        )
    diagnosis.state = to
    diagnosis.version += 1
    record(session, verb, diagnosis, by=by, cause=diagnosis.confirmed)


def of_order(session: Session, order: RepairOrder) -> list[Diagnosis]:
    """Every record of a visit, the newest first."""
    query = select(Diagnosis).where(Diagnosis.store_id == order.store_id, Diagnosis.order_id == order.id)
    return list(session.scalars(query.order_by(Diagnosis.started_at.desc(), Diagnosis.id)))


def _may(by: Person) -> None:
    if not by.may(Right.DIAGNOSE):
        raise NotAllowed
