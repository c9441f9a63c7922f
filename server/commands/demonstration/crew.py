"""Who works in the workshop of the demonstration: their skills and their week."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import add_many, uuid7
from server.domain.people import Person, Staff
from server.domain.workshop.capacity import Shift, TechnicianSkill


def employ(session: Session, described: list[dict[str, Any]], by: Person) -> None:
    """Those among them who work in this store."""
    query = select(Staff.name, Staff.id).where(Staff.store_id == by.store_id)
    here = {row.name: row.id for row in session.execute(query)}
    for one in (one for one in described if one["name"] in here):
        who: dict[str, Any] = {"store_id": by.store_id, "staff_id": here[one["name"]], "version": 1}
        skills = [TechnicianSkill(id=uuid7(), skill=skill, efficiency=efficiency, **who)
                  for skill, efficiency in one["skills"].items()]  # fmt: skip
        hours = {name: one[name] for name in ("begins", "ends", "minutes")}
        add_many(session, skills)
        add_many(session, [Shift(id=uuid7(), weekday=day, **hours, **who) for day in one["days"]])
