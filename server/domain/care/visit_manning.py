"""Teams are put together, changed and dissolved; visits that they were to make keep their people."""

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import uuid7
from server.domain.care.visit_changing import strangers
from server.domain.care.visit_teams import TeamMember, Vehicle, VisitTeam
from server.domain.people import Person, Right, Staff
from server.domain.records import record
from server.domain.records.events import take_turn
from server.domain.refusals import Invalid, N_, NotAllowed, Said


def found(session: Session, name: str, vehicle: Vehicle | None, crew: Mapping[UUID, str], *, by: Person) -> VisitTeam:
    """People who go together from now on. Raises NotAllowed, Invalid."""
    _check(session, None, name, vehicle, crew, by)
    team = VisitTeam(id=uuid7(), store_id=by.store_id, name=name, vehicle=vehicle, active=True, members=[])
    session.add(team)
    _man(session, team, crew)
    session.flush()  # the event points at it
    record(session, "visit_team.founded", team, by=by, name=name)
    return team


def change(
    session: Session, team: VisitTeam, name: str, vehicle: Vehicle | None, crew: Mapping[UUID, str], *, by: Person
) -> None:
    """From now on these. Raises NotAllowed, Invalid."""
    _check(session, team, name, vehicle, crew, by)
    team.name, team.vehicle, team.active = name, vehicle, True
    team.version += 1
    _man(session, team, crew)
    record(session, "visit_team.changed", team, by=by, name=name)


def disband(session: Session, team: VisitTeam, *, by: Person) -> None:
    """It is given nothing any more. Raises NotAllowed."""
    _may_plan(by)
    team.active = False
    team.version += 1
    record(session, "visit_team.disbanded", team, by=by, name=team.name)


def _man(session: Session, team: VisitTeam, crew: Mapping[UUID, str]) -> None:
    kept = {member.staff_id: member for member in team.members}
    staff = {one.id: one for one in session.scalars(select(Staff).where(Staff.id.in_(crew.keys() - kept.keys())))}
    for staff_id, role in crew.items():
        if staff_id in kept:
            kept[staff_id].role = role
        else:
            kept[staff_id] = TeamMember(
                id=uuid7(), store_id=team.store_id, staff_id=staff_id, staff=staff[staff_id], role=role
            )
    team.members[:] = [kept[staff_id] for staff_id in crew]


def _check(
    session: Session, team: VisitTeam | None, name: str, vehicle: Vehicle | None, crew: Mapping[UUID, str], by: Person
) -> None:
    _may_plan(by)
    take_turn(session, by.store_id)  # two teams of one name are one too many
    errors: dict[str, Said] = {}
    query = select(VisitTeam.id).where(VisitTeam.store_id == by.store_id, VisitTeam.name == name)
    if (known := session.scalar(query)) is not None and (team is None or known != team.id):
        errors["name"] = Said(N_("Another team is called so."))
    if not crew or strangers(session, by, crew):
        errors["crew"] = Said(N_("Choose colleagues who go on visits."))
    if vehicle is not None and len(crew) > vehicle.seats:
        errors["vehicle"] = Said(N_("It has %(seats)s seats."), seats=vehicle.seats)
    if errors:
        raise Invalid(errors)


def _may_plan(by: Person) -> None:
    if not by.may(Right.PLAN_VISITS):
        raise NotAllowed
