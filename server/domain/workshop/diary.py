"""The diary of the workshop: who works when, what is booked, and how full each day and each hour is."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.catalogue import value_of
from server.domain.people import Staff
from server.domain.workshop.appointments import COUNTED, Appointment
from server.domain.workshop.capacity import (
    MINUTES,
    Load,
    Shift,
    TechnicianSkill,
    Worker,
    added,
    hours_of,
    spread,
    tightest,
)

RULES = "appointment_rules"
LAST = 24 * MINUTES


class Hour(msgspec.Struct, frozen=True):
    """One hour of a day, by the store's clock."""

    hour: int
    load: Load

    @property
    def name(self) -> str:
        """When it begins."""
        return f"{self.hour:02d}:00"


class Day(msgspec.Struct, frozen=True):
    """One day: its people, what is asked of them, and how full that makes it."""

    day: date
    workers: tuple[Worker, ...]
    rules: dict[str, Any]
    booked: tuple[tuple[int, dict[str, int]], ...]
    """Of each appointment the minute of the day and its hours by skill."""

    @property
    def load(self) -> Load:
        """The whole day, walk-ins included."""
        return self.with_more({})

    @property
    def count(self) -> int:
        """How many cars are expected, or came."""
        return len(self.booked)

    @property
    def is_open(self) -> bool:
        """Whether anybody works."""
        return bool(self.workers)

    @property
    def skills(self) -> dict[str, Load]:
        """Each skill by itself."""
        demand = self._demand({})
        known = sorted({skill for worker in self.workers for skill in worker.skills} | demand.keys())
        can = {skill: hours_of(self.workers, self.rules["attendance"], (skill,)) for skill in known}
        limits = {"warn": self.rules["warn"], "full": self.rules["full"]}
        return {skill: Load(demand.get(skill, 0), can[skill], (skill,), **limits) for skill in known}

    @property
    def hours(self) -> list[Hour]:
        """Hour by hour while the workshop is open."""
        return self.hours_with_more(None, {})

    def with_more(self, hours: dict[str, int]) -> Load:
        """How full the day is with so many hours more."""
        return self._load(self._demand(hours), (0, LAST))

    def hours_with_more(self, minute: int | None, more: dict[str, int]) -> list[Hour]:
        """The same hour by hour, with one more car at that minute."""
        opens, closes = self._span()
        falls: dict[int, dict[str, int]] = {}
        for begins, hours in [*self.booked, *([(minute, more)] if minute is not None else [])]:
            for hour, demand in spread(hours, max(begins, opens), closes).items():
                falls[hour] = added(falls.get(hour, {}), demand)
        walk_ins, whole = self.rules["walk_ins"], max(1, closes - opens)
        shown: list[Hour] = []
        for hour in range(opens // MINUTES, -(-closes // MINUTES)):
            begins, ends = max(opens, hour * MINUTES), min(closes, (hour + 1) * MINUTES)
            share = {skill: round(hours * (ends - begins) / whole) for skill, hours in walk_ins.items()}
            demand = added(falls.get(hour, {}), share if self.workers else {})
            shown.append(Hour(hour, self._load(demand, (hour * MINUTES, (hour + 1) * MINUTES))))
        return shown

    def fullest(self, minute: int, more: dict[str, int]) -> Load:
        """What a booking at that minute makes fullest: the day, or the hour in which it comes."""
        here = next((one.load for one in self.hours_with_more(minute, more) if one.hour == minute // MINUTES), None)
        day = self.with_more(more)
        return max((day, here or day), key=lambda load: load.percent)

    def slots(self) -> list[int]:
        """The minutes of the day at which cars are received."""
        return list(range(self.rules["opens"], self.rules["closes"], self.rules["step"])) if self.workers else []

    def _span(self) -> tuple[int, int]:
        begins = min((worker.begins for worker in self.workers), default=self.rules["opens"])
        return begins, max((worker.ends for worker in self.workers), default=self.rules["closes"])

    def _demand(self, more: dict[str, int]) -> dict[str, int]:
        return added(self.rules["walk_ins"] if self.workers else {}, *(hours for _, hours in self.booked), more)

    def _load(self, demand: dict[str, int], span: tuple[int, int]) -> Load:
        load = tightest(self.workers, self.rules["attendance"], demand, *span)
        return msgspec.structs.replace(load, warn=self.rules["warn"], full=self.rules["full"])


def days(
    session: Session, store_id: UUID, zone: ZoneInfo, first: date, count: int = 1, *, but: UUID | None = None
) -> list[Day]:
    """Several days from the first on, in as many questions as for one. `but` leaves one appointment out."""
    rules: dict[str, Any] = value_of(session, store_id, RULES, first)
    workers = _workers(session, store_id)
    booked = _booked(session, store_id, zone, first, count, but)
    wanted = [first + timedelta(days=number) for number in range(count)]
    return [Day(day, tuple(workers.get(day.weekday(), ())), rules, tuple(booked.get(day, ()))) for day in wanted]


def minute_of(at: datetime, zone: ZoneInfo) -> int:
    """The minute of its day, by the store's clock."""
    here = at.astimezone(zone)
    return here.hour * MINUTES + here.minute


def _workers(session: Session, store_id: UUID) -> dict[int, list[Worker]]:
    """By weekday, everybody with a skill who works then."""
    skilled = select(TechnicianSkill.staff_id, TechnicianSkill.skill, TechnicianSkill.efficiency)
    skilled = skilled.join(Staff, Staff.id == TechnicianSkill.staff_id)
    skills: dict[UUID, dict[str, int]] = {}
    for row in session.execute(skilled.where(TechnicianSkill.store_id == store_id, Staff.active)):
        skills.setdefault(row.staff_id, {})[row.skill] = row.efficiency
    found: dict[int, list[Worker]] = {}
    for shift in session.scalars(select(Shift).where(Shift.store_id == store_id)):
        if shift.staff_id in skills:
            worker = Worker(skills[shift.staff_id], shift.minutes, shift.begins, shift.ends)
            found.setdefault(shift.weekday, []).append(worker)
    return found


def _booked(
    session: Session, store_id: UUID, zone: ZoneInfo, first: date, count: int, but: UUID | None
) -> dict[date, Sequence[tuple[int, dict[str, int]]]]:
    begins = datetime.combine(first, time(), zone)
    until = datetime.combine(first + timedelta(days=count), time(), zone)
    query = select(Appointment.id, Appointment.starts_at, Appointment.hours).where(Appointment.store_id == store_id)
    query = query.where(Appointment.state.in_(COUNTED), Appointment.starts_at >= begins, Appointment.starts_at < until)
    found: dict[date, list[tuple[int, dict[str, int]]]] = {}
    for row in session.execute(query.order_by(Appointment.starts_at, Appointment.id)):
        if row.id != but:
            day = row.starts_at.astimezone(zone).date()
            found.setdefault(day, []).append((minute_of(row.starts_at, zone), row.hours))
    return {day: tuple(rows) for day, rows in found.items()}
