"""Finding a slot: fourteen days with their load, the times of one of them, the jobs wanted and the parts they need."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from server.database import Words
from server.domain.catalogue.jobs import KINDS, SKILLS, Job
from server.domain.customers import Car
from server.domain.people import Person
from server.domain.refusals import N_
from server.domain.workshop import choosing, diary, slots
from server.domain.workshop.appointments import STAYS
from server.domain.workshop.capacity import MINUTES, Load
from server.domain.workshop.diary import Day
from server.domain.workshop.slots import Booker
from server.forms import Form, uuid_or_none

SHOWN = 14
"""Days that are offered at once."""


class Slot(msgspec.Struct, frozen=True):
    """A time at which a car can be received, and how full it would make the day or the hour."""

    time: str
    load: Load
    is_past: bool


class Planning:
    """What the page of a booking shows: it asks as little about fourteen days as about one."""

    def __init__(
        self, session: Session, by: Booker, *, day: str = "", hours: Mapping[str, int] | None = None,
        but: UUID | None = None, first: date | None = None,
    ) -> None:  # fmt: skip
        self.at = by.moment().astimezone(by.zone)
        self.by, self.hours = by, dict(hours or {})
        self.first = first or self.at.date()
        self.days = diary.days(session, by.store_id, by.zone, self.first, SHOWN, but=but)
        wanted = day_of(day)
        self.day = next((one for one in self.days if one.day == wanted), None) or self._next_open()

    @property
    def later(self) -> date:
        """Where the next fourteen days begin."""
        return self.first + timedelta(days=SHOWN)

    @property
    def earlier(self) -> date | None:
        """Where those before begin; nothing before today."""
        before = max(self.at.date(), self.first - timedelta(days=SHOWN))
        return before if before < self.first else None

    def load_of(self, day: Day) -> Load:
        """How full a day is with this booking in it."""
        return day.with_more(self.hours)

    @property
    def slots(self) -> list[Slot]:
        """The times of the chosen day."""
        begins = datetime.combine(self.day.day, time(), self.by.zone)
        ahead = 0 if isinstance(self.by, Person) else self.day.rules["ahead_hours"]
        soonest = self.at + timedelta(hours=ahead)
        return [
            Slot(
                f"{minute // MINUTES:02d}:{minute % MINUTES:02d}", self.day.fullest(minute, self.hours),
                begins + timedelta(minutes=minute) < soonest,
            )
            for minute in self.day.slots()
        ]  # fmt: skip

    def _next_open(self) -> Day:
        return next((one for one in self.days if one.is_open and not self._is_over(one)), self.days[0])

    def _is_over(self, day: Day) -> bool:
        return day.day == self.at.date() and self.at.hour * MINUTES + self.at.minute >= day.rules["closes"]


class Wanted:
    """The jobs that are wanted: the usual ones of such a visit, those looked for, and those ticked."""

    def __init__(
        self, session: Session, store_id: UUID, car: Car, values: Mapping[str, Any], ids: Sequence[str]
    ) -> None:  # fmt: skip
        self.kind = str(values.get("kind", "")) if values.get("kind") in KINDS else "maintenance"
        self.q = str(values.get("job_q", ""))[:60]
        self.chosen = slots.jobs_named(session, store_id, [one for one in map(uuid_or_none, ids) if one])
        offered = [*choosing.usual(session, store_id, self.kind, car.model_id)]
        offered += choosing.find_jobs(session, store_id, self.q, car.model_id)
        known = {job.id for job in self.chosen}
        self.offered: list[Job] = [*self.chosen, *(job for job in dict.fromkeys(offered) if job.id not in known)]
        self.hours = slots.hours_of(self.kind, self.chosen)
        self.short = slots.shortages(session, store_id, self.chosen)

    def is_chosen(self, job: Job) -> bool:
        """Whether it is ticked."""
        return any(one.id == job.id for one in self.chosen)


def starts_at(form: Form, by: Booker) -> datetime | None:
    """Day and time as chosen, on the store's clock; what is missing is noted at its field."""
    day = day_of(form.text("day", most=10))
    typed = form.text("time", most=5)
    try:
        at = time.fromisoformat(typed)
    except ValueError:
        at = None
    if day is None or at is None:
        form.wrong("starts_at", N_("Choose a day and a time."))
        return None
    return datetime.combine(day, at, by.zone)


def day_of(typed: str) -> date | None:
    """A day of an address; what makes no sense there is left out."""
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


WEEKDAYS: list[Words] = [
    {"zh": f"周{zh}", "en": en}
    for zh, en in zip("一二三四五六日", ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"), strict=True)
]
WORDS: dict[str, Any] = {"kinds": KINDS, "stays": STAYS, "skills": SKILLS, "weekdays": WEEKDAYS}
