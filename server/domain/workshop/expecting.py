"""What the calendar does to appointments: calls fall due before them, and who does not come is counted."""

from datetime import datetime, time, timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from server.domain.catalogue import value_of
from server.domain.people import Store
from server.domain.records.events import Clock
from server.domain.workshop.appointments import EXPECTED, Appointment, State, move, tell
from server.domain.workshop.diary import RULES

DAY, HOUR = "day", "hour"
BEFORE = {DAY: timedelta(days=1), HOUR: timedelta(hours=1)}
MOST = 500
"""In one go; what is left follows in the next."""


def remind(session: Session, store: Store, at: datetime) -> int:
    """The calls of the day and of the hour before are owed from that day's morning on; how many became so."""
    midnight = datetime.combine(at.astimezone(store.zone).date() + timedelta(days=1), time(), store.zone)
    due = session.scalars(_to_remind(store, at, midnight)).all()
    for appointment in due:
        which, tomorrow = (DAY, HOUR), midnight + timedelta(days=1)
        for one, since, until in zip(which, (midnight, at), (tomorrow, midnight), strict=True):
            _remind(session, appointment, one, since, until, at)
    return len(due)


def miss(session: Session, store: Store, at: datetime) -> int:
    """Who is later than the store waits did not come; how many it were."""
    rules: dict[str, Any] = value_of(session, store.id, RULES, at.astimezone(store.zone).date())
    query = _expected(store).where(Appointment.starts_at < at - timedelta(minutes=rules["late_minutes"]))
    missed = session.scalars(query.order_by(Appointment.starts_at).limit(MOST)).all()
    for appointment in missed:
        move(session, appointment, State.NO_SHOW, "appointment.missed", by=Clock(store.id))
    return len(missed)


def _to_remind(store: Store, at: datetime, midnight: datetime) -> Select[Appointment]:
    tomorrow = midnight + timedelta(days=1)
    day = Appointment.day_reminded_at.is_(None) & (Appointment.starts_at < tomorrow)
    hour = Appointment.hour_reminded_at.is_(None) & (Appointment.starts_at < midnight)
    query = _expected(store).where(Appointment.starts_at > at, or_(day, hour))
    return query.order_by(Appointment.starts_at).limit(MOST)


def _remind(
    session: Session, appointment: Appointment, which: str, since: datetime, until: datetime, at: datetime
) -> None:  # fmt: skip
    field = f"{which}_reminded_at"
    if getattr(appointment, field) is not None or appointment.starts_at >= until:
        return
    setattr(appointment, field, at)
    appointment.version += 1
    # Who has said already that they come is not called the day before; on the day itself that call is too late.
    if since <= appointment.starts_at and (which == HOUR or appointment.state != State.CONFIRMED):
        due = appointment.starts_at - BEFORE[which]
        tell(session, "appointment.reminded", appointment, by=Clock(appointment.store_id), which=which, due=due)


def _expected(store: Store) -> Select[Appointment]:
    return select(Appointment).where(Appointment.store_id == store.id, Appointment.state.in_(EXPECTED))
