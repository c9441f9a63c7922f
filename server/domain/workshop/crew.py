"""The crew: who works in the workshop, on which days from when to when, and what each does how quickly."""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import Words, uuid7
from server.domain.catalogue import value_of
from server.domain.catalogue.jobs import SKILLS
from server.domain.people import Person, Right, Staff
from server.domain.people.staff import with_right
from server.domain.records import record
from server.domain.refusals import Invalid, N_, NotAllowed, NotThere, Said, Stale
from server.domain.workshop import diary
from server.domain.workshop.capacity import MINUTES, Shift, TechnicianSkill, Worker, hours_of

DAYS = range(7)
"""0 is Monday."""
SLOWEST, QUICKEST = 10, 300
"""Per cent."""
AHEAD = 28
"""Days that are looked at for more work than is left to do it."""


class Hours(msgspec.Struct, frozen=True):
    """A working day, in minutes of the day; `pause` of them are breaks."""

    begins: int
    ends: int
    pause: int

    @property
    def minutes(self) -> int:
        """At work."""
        return self.ends - self.begins - self.pause

    @property
    def comes(self) -> str:
        """When they begin, by the clock."""
        return _clock(self.begins)

    @property
    def goes(self) -> str:
        """When they end."""
        return _clock(self.ends)


class Member(msgspec.Struct, frozen=True):
    """One of the crew: weekday → hours, skill → efficiency in per cent."""

    id: UUID
    name: Words
    week: Mapping[int, Hours]
    skills: Mapping[str, int]

    @property
    def seen(self) -> str:
        """What a form of theirs was made from: who changes what has changed since is told."""
        said = msgspec.json.encode([sorted(self.week.items()), sorted(self.skills.items())])
        return hashlib.sha256(said).hexdigest()[:16]


def members(session: Session, store_id: UUID) -> list[Member]:
    """Everybody who works on cars, by name."""
    people = with_right(session, store_id, Right.WORK)
    weeks, skills = _weeks(session, store_id), _skills(session, store_id)
    return [Member(one.id, one.title, weeks.get(one.id, {}), skills.get(one.id, {})) for one in people]


def member(session: Session, store_id: UUID, staff_id: UUID) -> Member:
    """One of them. Raises NotThere."""
    for one in members(session, store_id):
        if one.id == staff_id:
            return one
    raise NotThere


def capacity(session: Session, store_id: UUID, crew: Sequence[Member], on: date) -> list[int]:
    """What they can do on each day of the week together, in hundredths of an hour, as the diary reckons on that day."""
    attendance: int = value_of(session, store_id, diary.RULES, on)["attendance"]
    return [hours_of(_workers(crew, weekday), attendance, SKILLS) for weekday in DAYS]


def change(
    session: Session, one: Member, week: Mapping[int, Hours], skills: Mapping[str, int], *, seen: str, by: Person
) -> None:  # fmt: skip
    """Another week, other skills. Raises NotAllowed, Invalid at `begins-0` and its like, Stale."""
    if not by.may(Right.KEEP_CREW):
        raise NotAllowed
    _check(week, skills)
    staff = session.get_one(Staff, one.id, with_for_update=True)  # one at a time, so that what changed is seen
    here = member(session, by.store_id, one.id)
    wanted = Member(one.id, one.name, week, skills)
    if wanted.seen == here.seen:
        return
    if seen != here.seen:
        raise Stale({}, {})
    _keep_week(session, here, week, by)
    _keep_skills(session, here, skills, by)
    record(session, "crew.changed", staff, by=by, was=_said(here), to=_said(wanted))


def overfull(session: Session, by: Person) -> list[date]:
    """The days to come on which more is booked than the crew can do now."""
    today = by.moment().astimezone(by.zone).date()
    coming = diary.days(session, by.store_id, by.zone, today, AHEAD)
    return [day.day for day in coming if day.count and day.load.is_over]


def _weeks(session: Session, store_id: UUID) -> dict[UUID, dict[int, Hours]]:
    found: dict[UUID, dict[int, Hours]] = {}
    columns = (Shift.staff_id, Shift.weekday, Shift.begins, Shift.ends, Shift.minutes)
    for row in session.execute(select(*columns).where(Shift.store_id == store_id)):
        hours = Hours(row.begins, row.ends, row.ends - row.begins - row.minutes)
        found.setdefault(row.staff_id, {})[row.weekday] = hours
    return found


def _skills(session: Session, store_id: UUID) -> dict[UUID, dict[str, int]]:
    found: dict[UUID, dict[str, int]] = {}
    columns = (TechnicianSkill.staff_id, TechnicianSkill.skill, TechnicianSkill.efficiency)
    for row in session.execute(select(*columns).where(TechnicianSkill.store_id == store_id)):
        found.setdefault(row.staff_id, {})[row.skill] = row.efficiency
    return found


def _workers(crew: Sequence[Member], weekday: int) -> list[Worker]:
    here = ((one.skills, one.week[weekday]) for one in crew if weekday in one.week)
    return [Worker(skills, hours.minutes, hours.begins, hours.ends) for skills, hours in here]


def _check(week: Mapping[int, Hours], skills: Mapping[str, int]) -> None:
    errors: dict[str, Said] = {}
    for weekday, hours in week.items():
        if not 0 <= hours.begins < hours.ends <= 24 * MINUTES:
            errors[f"ends-{weekday}"] = Said(N_("It ends after it begins."))
        elif hours.pause < 0 or hours.minutes <= 0:
            errors[f"pause-{weekday}"] = Said(N_("The break is shorter than the day."))
    for skill, efficiency in skills.items():
        if skill not in SKILLS or not SLOWEST <= efficiency <= QUICKEST:
            errors[f"skill-{skill}"] = Said(N_("Between %(least)s and %(most)s."), least=SLOWEST, most=QUICKEST)
    if errors:
        raise Invalid(errors)


def _keep_week(session: Session, here: Member, week: Mapping[int, Hours], by: Person) -> None:
    kept = {one.weekday: one for one in session.scalars(select(Shift).where(Shift.staff_id == here.id))}
    for weekday, shift in kept.items():
        if weekday not in week:
            session.delete(shift)
    for weekday, hours in week.items():
        if here.week.get(weekday) == hours:
            continue
        shift = kept.get(weekday)
        if shift is None:
            shift = Shift(id=uuid7(), store_id=by.store_id, staff_id=here.id, weekday=weekday, version=0)
            session.add(shift)
        shift.begins, shift.ends, shift.minutes = hours.begins, hours.ends, hours.minutes
        shift.version += 1


def _keep_skills(session: Session, here: Member, skills: Mapping[str, int], by: Person) -> None:
    query = select(TechnicianSkill).where(TechnicianSkill.staff_id == here.id)
    kept = {one.skill: one for one in session.scalars(query)}
    for skill, row in kept.items():
        if skill not in skills:
            session.delete(row)
    for skill, efficiency in skills.items():
        if here.skills.get(skill) == efficiency:
            continue
        row = kept.get(skill)
        if row is None:
            row = TechnicianSkill(id=uuid7(), store_id=by.store_id, staff_id=here.id, skill=skill, version=0)
            session.add(row)
        row.efficiency = efficiency
        row.version += 1


def _clock(minute: int) -> str:
    return f"{minute // MINUTES:02d}:{minute % MINUTES:02d}"


def _said(one: Member) -> dict[str, Any]:
    week = {str(day): [hours.begins, hours.ends, hours.minutes] for day, hours in sorted(one.week.items())}
    return {"week": week, "skills": dict(one.skills)}
