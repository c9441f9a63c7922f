"""The lists of a workshop: its bays, its jobs with hours and parts, and the parts store with what lies in it."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import crew
from server.database import add_many, uuid7
from server.domain.catalogue import CarModel
from server.domain.catalogue.bays import Bay
from server.domain.catalogue.jobs import Job
from server.domain.catalogue.parts import Part
from server.domain.people import Person

HUNDREDTHS = 100
FEN = 100


def furnish_workshop(session: Session, described: Any, by: Person) -> None:
    """What stands in the list, for one store."""
    session.flush()  # the models that parts fit
    models = session.scalars(select(CarModel).where(CarModel.store_id == by.store_id)).all()
    series: dict[str, list[str]] = {}
    for model in models:
        series.setdefault(model.series["zh"], []).append(str(model.id))
    add_many(session, [_bay(row, by) for row in described["bays"]])
    add_many(session, [_job(row, by) for row in described["jobs"]])
    add_many(session, [_part(row, described["units"], series, by) for row in described["parts"]])
    crew.employ(session, described["crew"], by)


def _bay(row: list[Any], by: Person) -> Bay:
    code, zh, en, skills = row
    return Bay(
        id=uuid7(), store_id=by.store_id, version=1, code=code, name={"zh": zh, "en": en}, skills=skills, active=True
    )  # fmt: skip


def _job(row: list[Any], by: Person) -> Job:
    code, zh, en, kind, skill, hours, guarantee, parts, every_km, every_months = row
    return Job(
        id=uuid7(), store_id=by.store_id, version=1, code=code, name={"zh": zh, "en": en}, kind=kind, skill=skill,
        hours=round(hours * HUNDREDTHS), model_id=None, guarantee=guarantee,
        parts=[{"code": part, "quantity": round(count * HUNDREDTHS)} for part, count in parts.items()],
        every_km=every_km, every_months=every_months, active=True,
    )  # fmt: skip


def _part(row: list[Any], units: dict[str, list[str]], series: dict[str, list[str]], by: Person) -> Part:
    code, zh, en, brand, unit, part_class, price, on_hand, reorder_at, bin_, fits, instead_of = row
    return Part(
        id=uuid7(), store_id=by.store_id, version=1, code=code, name={"zh": zh, "en": en}, brand=brand,
        unit=dict(zip(("zh", "en"), units[unit], strict=True)), part_class=part_class, instead_of=instead_of,
        price=round(price * FEN), reorder_at=reorder_at * HUNDREDTHS, on_hand=on_hand * HUNDREDTHS, reserved=0,
        for_models=[one for name in fits for one in series.get(name, ())], bin=bin_, active=True,
    )  # fmt: skip
