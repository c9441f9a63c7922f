"""Capacity: the labour hours that the people of a day can do, each in their skills, against what is booked.

Hours are hundredths of a labour hour throughout, as in the catalogue of jobs.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from uuid import UUID

import msgspec
from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from server.database import Base, OfStore, Versioned

MINUTES, HUNDREDTHS, WHOLE = 60, 100, 100
WARN, FULL = 85, 100
"""Per cent, unless the store says otherwise: above the one a day is nearly full, above the other it takes a right."""


class TechnicianSkill(OfStore, Versioned, Base):
    """What one technician can do, and how quickly: at 110 % an hour's work of the catalogue takes 55 minutes."""

    __tablename__ = "technician_skills"
    __table_args__ = (UniqueConstraint("staff_id", "skill"),)

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    skill: Mapped[str]
    """As in `catalogue.jobs.SKILLS`."""
    efficiency: Mapped[int] = mapped_column(default=100)
    """Per cent."""


class Shift(OfStore, Versioned, Base):
    """When somebody works on a day of the week. From `begins` to `ends` they are here, `minutes` of it at work."""

    __tablename__ = "shifts"
    __table_args__ = (UniqueConstraint("staff_id", "weekday"),)

    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    weekday: Mapped[int]
    """0 is Monday."""
    begins: Mapped[int]
    ends: Mapped[int]
    """Minutes of the day."""
    minutes: Mapped[int]


class Worker(msgspec.Struct, frozen=True):
    """A technician on one day: minutes at work within the time they are here, and skill → efficiency in per cent."""

    skills: Mapping[str, int]
    minutes: int
    begins: int = 0
    ends: int = 24 * MINUTES

    def within(self, begins: int, ends: int) -> float:
        """Their minutes at work in a stretch of the day: breaks are spread over it evenly."""
        here = self.ends - self.begins
        shared = max(0, min(ends, self.ends) - max(begins, self.begins))
        return self.minutes * shared / here if here > 0 else 0.0


def hours_of(
    workers: Iterable[Worker], attendance: int, skills: Iterable[str], begins: int = 0, ends: int = 24 * MINUTES
) -> int:
    """What they can do together in any of these skills: technicians × shift × attendance × efficiency (§7.1).

    Whoever has several of the skills is counted once, at their best.
    """
    wanted, minutes = set(skills), 0.0
    for worker in workers:
        best = max((worker.skills[skill] for skill in worker.skills.keys() & wanted), default=0)
        minutes += worker.within(begins, ends) * best / WHOLE
    return round(minutes * attendance / WHOLE * HUNDREDTHS / MINUTES)


class Load(msgspec.Struct, frozen=True):
    """What is asked of a stretch of time, and what can be done in it."""

    demand: int
    capacity: int
    skills: tuple[str, ...] = ()
    """In which skills it is tightest."""
    warn: int = WARN
    full: int = FULL

    @property
    def percent(self) -> int:
        """How full, in whole per cent, rounded up: what is over 100 is never shown as 100."""
        if self.demand <= 0:
            return 0
        return -(-self.demand * WHOLE // self.capacity) if self.capacity else NOBODY

    @property
    def tone(self) -> str:
        """How it is shown: good, warn above the one limit, bad above the other."""
        return "bad" if self.is_over else "warn" if self.percent > self.warn else "good"

    @property
    def is_over(self) -> bool:
        """Whether it takes a right to book it."""
        return self.percent > self.full


NOBODY = 999
"""Per cent, where something is asked that nobody there can do."""


def tightest(
    workers: Sequence[Worker], attendance: int, demand: Mapping[str, int], begins: int = 0, ends: int = 24 * MINUTES
) -> Load:
    """The set of skills in which the most is asked of those who have any of them.

    People with several skills can be shared out exactly when no set of skills is asked for more than its people
    can do, so the fullest set is how full the whole is.
    """
    asked = sorted(skill for skill, hours in demand.items() if hours > 0)
    sets = (some for size in range(1, len(asked) + 1) for some in combinations(asked, size))
    loads = [Load(sum(demand[skill] for skill in some), hours_of(workers, attendance, some, begins, ends), some)
             for some in sets]  # fmt: skip
    everything = Load(
        0, hours_of(workers, attendance, {skill for one in workers for skill in one.skills}, begins, ends)
    )
    return max(loads, key=lambda load: (load.percent, load.demand), default=everything)


def added(*demands: Mapping[str, int]) -> dict[str, int]:
    """Several demands together."""
    together: dict[str, int] = {}
    for demand in demands:
        for skill, hours in demand.items():
            together[skill] = together.get(skill, 0) + hours
    return together


def spread(demand: Mapping[str, int], begins: int, until: int) -> dict[int, dict[str, int]]:
    """Where in the day the work falls: `{hour: {skill: hours}}`, one job after the other from `begins` on.

    What does not fit before `until` stands in the last hour: somebody has to do it, if only tomorrow.
    """
    falls: dict[int, dict[str, int]] = {}
    at = float(begins)
    for skill, hours in demand.items():
        left = float(hours)
        while left > 0:
            hour = min(int(at) // MINUTES, (until - 1) // MINUTES)
            room = (hour + 1) * MINUTES - at
            done = left if room <= 0 or at >= until else min(left, room * HUNDREDTHS / MINUTES)
            into = falls.setdefault(hour, {})
            into[skill] = into.get(skill, 0) + round(done)
            left -= done
            at += done * MINUTES / HUNDREDTHS
    return falls
