"""What a slot has to hold: the hours that are wanted, the parts for them, and whether day and hour have room."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.catalogue.jobs import KINDS, Job
from server.domain.catalogue.parts import Part
from server.domain.customers.links import Guest
from server.domain.people import Person, Right
from server.domain.refusals import Invalid, N_, Said
from server.domain.workshop import diary
from server.domain.workshop.appointments import LEAVES, STAYS
from server.domain.workshop.capacity import HUNDREDTHS, MINUTES, Load
from server.domain.workshop.diary import Day, minute_of

Booker = Person | Guest
MOST_JOBS = 12
UNSAID = {"maintenance": 100, "repair": 150, "body": 300, "warranty": 150, "recall": 100}
"""Hundredths of an hour, for who does not know yet what is to be done."""
USUAL_SKILL = {"body": "body"}


class Wish(msgspec.Struct, kw_only=True, frozen=True):
    """What a customer wants: for what, when, and how they stay."""

    kind: str
    starts_at: datetime
    jobs: Sequence[Job] = ()
    stay: str = LEAVES
    said: str = ""
    advisor_id: UUID | None = None
    over: bool = False
    """Book it although the day is full."""


class Full(Invalid):
    """The day or the hour holds no more; `load` is how full it would be."""

    def __init__(self, load: Load, *, may: bool) -> None:
        said = N_("This would fill it to %(percent)s %%. Choose another time.")
        if may:
            said = N_("This would fill it to %(percent)s %%. Choose another time, or book it even so.")
        super().__init__({"starts_at": Said(said, percent=load.percent)})
        self.load, self.may = load, may


def hours_of(kind: str, jobs: Sequence[Job]) -> dict[str, int]:
    """What the jobs take, by skill; without any, what such a visit takes as a rule."""
    if not jobs:
        return {USUAL_SKILL.get(kind, "mechanic"): UNSAID.get(kind, HUNDREDTHS)}
    hours: dict[str, int] = {}
    for job in jobs:
        hours[job.skill] = hours.get(job.skill, 0) + job.hours
    return hours


def shortages(session: Session, store_id: UUID, jobs: Sequence[Job]) -> list[dict[str, Any]]:
    """Parts of these jobs of which less lies free than they need: to be ordered before the day."""
    wanted: dict[str, int] = {}
    for part in (part for job in jobs for part in job.parts):
        wanted[part["code"]] = wanted.get(part["code"], 0) + part["quantity"]
    rows = session.scalars(select(Part).where(Part.store_id == store_id, Part.code.in_(list(wanted))))
    known = {part.code: part for part in rows}
    return [
        {"code": code, "name": known[code].name, "wanted": need, "free": known[code].free}
        for code, need in wanted.items() if code in known and known[code].free < need
    ]  # fmt: skip


def jobs_named(session: Session, store_id: UUID, ids: Sequence[UUID]) -> list[Job]:
    """These jobs of the catalogue, in the order in which they were asked for."""
    rows = session.scalars(select(Job).where(Job.store_id == store_id, Job.active, Job.id.in_(list(ids))))
    known = {job.id: job for job in rows}
    return [known[one] for one in dict.fromkeys(ids) if one in known]


def line(job: Job) -> dict[str, Any]:
    """A job as an appointment keeps it."""
    return {"job_id": str(job.id), "code": job.code, "name": job.name, "skill": job.skill, "hours": job.hours}


def check(
    session: Session, wish: Wish, hours: dict[str, int], by: Booker, but: UUID | None = None
) -> Load:  # fmt: skip
    """How full the slot would be. Raises Invalid at what makes no sense, Full."""
    starts_at, zone = wish.starts_at.astimezone(by.zone), by.zone
    day = diary.days(session, by.store_id, zone, starts_at.date(), but=but)[0]
    errors = _wrong(wish, day, starts_at, by)
    if errors:
        raise Invalid(errors)
    load = day.fullest(minute_of(starts_at, zone), hours)
    if load.is_over:
        may = isinstance(by, Person) and by.may(Right.OVERBOOK)
        if not (may and wish.over):
            raise Full(load, may=may)
    return load


def _wrong(wish: Wish, day: Day, starts_at: datetime, by: Booker) -> dict[str, Said]:
    errors: dict[str, Said] = {}
    if wish.kind not in KINDS:
        errors["kind"] = Said(N_("Choose one of the offered."))
    if wish.stay not in STAYS:
        errors["stay"] = Said(N_("Choose one of the offered."))
    if len(wish.jobs) > MOST_JOBS:
        errors["jobs"] = Said(N_("At most %(most)s."), most=MOST_JOBS)
    here = by.moment()
    soonest = here if isinstance(by, Person) else here + timedelta(hours=day.rules["ahead_hours"])
    minute = starts_at.hour * MINUTES + starts_at.minute
    if starts_at < soonest:
        errors["starts_at"] = Said(N_("This time has passed. Choose a later one."))
    elif day.day > (here.astimezone(by.zone) + timedelta(days=day.rules["ahead_days"])).date():
        errors["starts_at"] = Said(N_("At most %(days)s days ahead."), days=day.rules["ahead_days"])
    elif not day.is_open or not day.rules["opens"] <= minute < day.rules["closes"]:
        errors["starts_at"] = Said(N_("The workshop does not receive cars then."))
    return errors
