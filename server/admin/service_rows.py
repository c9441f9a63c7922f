"""Jobs, parts and bays kept by hand: numbers that make sense, and lists that name what there is."""

from collections.abc import Iterable, Mapping
from typing import Annotated, Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.catalogue import CarModel
from server.domain.catalogue.bays import Bay
from server.domain.catalogue.jobs import SKILLS, Job
from server.domain.catalogue.parts import Part
from server.domain.people import Person
from server.domain.refusals import Invalid, N_, Said

Changed = Mapping[str, Any]
MOST = 10_000_000


class Needed(msgspec.Struct):
    """A part that a job usually needs."""

    code: str
    quantity: Annotated[int, msgspec.Meta(gt=0, le=MOST)]
    """In hundredths of its unit."""


def check_job(session: Session, _row: Job, changed: Changed, by: Person) -> None:
    """Raises Invalid at the columns."""
    errors = _limits(changed, {"hours": 0, "every_km": 1, "every_months": 1})
    if "parts" in changed:
        errors |= _parts(session, changed["parts"], by)
    _raise(errors)


def check_part(session: Session, row: Part, changed: Changed, by: Person) -> None:
    """What lies in the store is counted there, never typed here. Raises Invalid at the columns."""
    errors = _limits(changed, {"price": 0, "reorder_at": 0})
    for name in ("on_hand", "reserved"):
        lies_there = getattr(row, name) if row in session else 0
        if changed.get(name, lies_there) != lies_there:
            errors[name] = Said(N_("Stock is received, issued and counted at the parts desk."))
    if "for_models" in changed:
        errors |= _models(session, changed["for_models"], by)
    stands_in = changed.get("instead_of", "")
    if stands_in and stands_in not in _codes(session, by, [stands_in]):
        errors["instead_of"] = Said(N_("There is no such part: %(code)s"), code=stands_in)
    _raise(errors)


def check_bay(_session: Session, _row: Bay, changed: Changed, _by: Person) -> None:
    """Raises Invalid at `skills`."""
    try:
        skills = set(msgspec.convert(changed.get("skills", []), list[str]))
    except msgspec.ValidationError:
        skills = {""}  # no skill is called so
    if not skills <= set(SKILLS):
        raise Invalid.at("skills", N_("A list of: %(skills)s."), skills=", ".join(SKILLS))


def _limits(changed: Changed, least: Mapping[str, int]) -> dict[str, Said]:
    given = {name: changed[name] for name in least if changed.get(name) is not None}
    return {
        name: Said(N_("Between %(least)s and %(most)s."), least=least[name], most=MOST)
        for name, value in given.items() if not least[name] <= value <= MOST
    }  # fmt: skip


def _parts(session: Session, typed: Any, by: Person) -> dict[str, Said]:
    try:
        needed = msgspec.convert(typed, list[Needed])
    except msgspec.ValidationError:
        return {"parts": Said(N_("Write it as in the hint, with quantities in hundredths."))}
    known = _codes(session, by, (one.code for one in needed))
    unknown = next((one.code for one in needed if one.code not in known), None)
    return {} if unknown is None else {"parts": Said(N_("There is no such part: %(code)s"), code=unknown)}


def _models(session: Session, typed: Any, by: Person) -> dict[str, Said]:
    try:
        wanted = set(msgspec.convert(typed, list[UUID]))
    except msgspec.ValidationError:
        wanted = {by.id}  # no model is called so
    query = select(CarModel.id).where(CarModel.store_id == by.store_id, CarModel.id.in_(wanted))
    fits = set(session.scalars(query)) == wanted
    return {} if fits else {"for_models": Said(N_("A list of identities of car models; empty for all."))}


def _codes(session: Session, by: Person, codes: Iterable[str]) -> set[str]:
    query = select(Part.code).where(Part.store_id == by.store_id, Part.code.in_(list(codes)))
    return set(session.scalars(query))


def _raise(errors: Mapping[str, Said]) -> None:
    if errors:
        raise Invalid(errors)
