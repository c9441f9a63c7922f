"""Absences: who is away from when to when, and who stands in; what is theirs goes back by itself."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, ForeignKey, Index, or_, select
from sqlalchemy.orm import Mapped, Session, joinedload, mapped_column, relationship

from server.database import Base, OfStore, Versioned, now, uuid7
from server.domain.people import notices
from server.domain.people.roles import Right
from server.domain.people.staff import Person, Staff
from server.domain.records import record
from server.domain.refusals import Invalid, N_, NotAllowed, NotThere, WrongMove

LONGEST = timedelta(days=200)


class Absence(OfStore, Versioned, Base):
    """Somebody is away; on each of these days another does what falls due."""

    __tablename__ = "absences"
    __table_args__ = (
        Index("ix_absences_stand_in", "store_id", "stand_in_id", "until"),
        Index("ix_absences_staff", "store_id", "staff_id", "until"),
    )

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    stand_in_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    first_day: Mapped[date]
    last_day: Mapped[date]
    since: Mapped[datetime]
    """The first day's midnight on the store's clock."""
    until: Mapped[datetime]
    """The midnight after the last day."""
    note: Mapped[str] = mapped_column(default="")
    made_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    made_at: Mapped[datetime]
    called_off_at: Mapped[datetime | None]

    staff: Mapped[Staff] = relationship(foreign_keys=[staff_id])
    stand_in: Mapped[Staff] = relationship(foreign_keys=[stand_in_id])

    def is_on(self, at: datetime) -> bool:
        """Whether somebody stands in at that moment."""
        return self.called_off_at is None and self.since <= at < self.until


def leave(
    session: Session, staff: Staff, stand_in: Staff, first_day: date, last_day: date, *, by: Person, note: str = ""
) -> Absence:
    """Somebody will be away, and another stands in. Raises Invalid, NotAllowed.

    Nobody stands in for another while they are away themselves: so nothing is passed on twice.
    """
    if by.id != staff.id and not by.may(Right.KEEP_STAFF):
        raise NotAllowed
    if {staff.store_id, stand_in.store_id} != {by.store_id}:
        raise NotThere
    absence = Absence(
        id=uuid7(), store_id=by.store_id, staff_id=staff.id, stand_in_id=stand_in.id, first_day=first_day,
        last_day=last_day, since=datetime.combine(first_day, time(), by.zone),
        until=datetime.combine(last_day + timedelta(days=1), time(), by.zone), note=note, made_by=by.id,
        made_at=by.moment(), called_off_at=None,
    )  # fmt: skip
    _check(session, absence, stand_in)
    session.add(absence)
    session.flush()  # the event points at it
    record(
        session, "absence.begun", absence, by=by, who=staff.title, stand_in=stand_in.title, first=first_day,
        last=last_day,
    )  # fmt: skip
    gaps = {"who": staff.title, "first": first_day.isoformat(), "last": last_day.isoformat()}
    notices.tell(session, stand_in.id, "absence.stand_in", "/contacts", by=by, **gaps)
    return absence


def call_off(session: Session, absence: Absence, *, by: Person) -> None:
    """They are back, or do not go: from now on everything is theirs again."""
    if by.id != absence.staff_id and not by.may(Right.KEEP_STAFF):
        raise NotAllowed
    if absence.called_off_at is not None or absence.until <= by.moment():
        raise WrongMove(N_("This absence is over already."))
    absence.called_off_at = by.moment()
    absence.version += 1
    record(session, "absence.called_off", absence, by=by)
    notices.tell(session, absence.stand_in_id, "absence.over", "/contacts", by=by, who=absence.staff.title)


def covered_by(session: Session, person: Person, at: datetime | None = None) -> Mapping[UUID, datetime]:
    """For whom this person stands in at that moment, and until when."""
    at = at or now()
    query = select(Absence.staff_id, Absence.until).where(Absence.store_id == person.store_id)
    query = query.where(Absence.stand_in_id == person.id, *_on(at))
    return {row.staff_id: row.until for row in session.execute(query)}


def stand_ins(session: Session, at: datetime) -> Mapping[UUID, UUID]:
    """Who stands in for whom at that moment, in every store that the session reaches."""
    query = select(Absence.staff_id, Absence.stand_in_id).where(*_on(at))
    return {row.staff_id: row.stand_in_id for row in session.execute(query)}


def of_store(session: Session, person: Person) -> Sequence[Absence]:
    """What is on or still to come; everybody's for a manager, else one's own and those one stands in for."""
    query = select(Absence).where(Absence.store_id == person.store_id, Absence.called_off_at.is_(None))
    query = query.where(Absence.until > now())
    if not person.may(Right.KEEP_STAFF):
        query = query.where(or_(Absence.staff_id == person.id, Absence.stand_in_id == person.id))
    query = query.options(joinedload(Absence.staff), joinedload(Absence.stand_in))
    return session.scalars(query.order_by(Absence.since, Absence.id).limit(100)).all()


def one(session: Session, absence_id: UUID, *, by: Person) -> Absence:
    """By its identity: one's own, or anybody's for a manager. Raises NotThere."""
    query = select(Absence).where(Absence.store_id == by.store_id, Absence.id == absence_id)
    if not by.may(Right.KEEP_STAFF):
        query = query.where(Absence.staff_id == by.id)
    found = session.scalar(query.options(joinedload(Absence.staff)))
    if found is None:
        raise NotThere
    return found


def _check(session: Session, absence: Absence, stand_in: Staff) -> None:
    if absence.last_day < absence.first_day:
        raise Invalid.at("last_day", N_("The last day is not before the first."))
    if absence.until <= now():
        raise Invalid.at("last_day", N_("These days are over."))
    if absence.until - absence.since > LONGEST:
        raise Invalid.at("last_day", N_("Who is away for so long hands everything over instead."))
    if absence.staff_id == absence.stand_in_id or not stand_in.active:
        raise Invalid.at("stand_in", N_("Choose a colleague who is there."))
    _refuse_overlap(session, absence)


def _refuse_overlap(session: Session, absence: Absence) -> None:
    query = select(Absence).where(Absence.store_id == absence.store_id, Absence.called_off_at.is_(None))
    query = query.where(Absence.since < absence.until, Absence.until > absence.since)
    for other in session.scalars(query.options(joinedload(Absence.staff))):
        if other.staff_id == absence.staff_id:
            raise Invalid.at("first_day", N_("This person is away on some of these days already."))
        if other.staff_id == absence.stand_in_id:
            raise Invalid.at("stand_in", N_("This colleague is away on some of these days."))
        if other.stand_in_id == absence.staff_id:
            raise Invalid.at(
                "first_day", N_("They stand in for %(who)s on some of these days. Find somebody else for that first."),
                who=other.staff.title,
            )  # fmt: skip


def _on(at: datetime) -> tuple[ColumnElement[bool], ...]:
    return (Absence.called_off_at.is_(None), Absence.since <= at, Absence.until > at)
