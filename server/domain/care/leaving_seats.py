"""Seats of a leaver: on visits that are still to come, and in the teams that go on them."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.care import visit_holds
from server.domain.care.visit_teams import TeamMember
from server.domain.care.visits import HomeVisit, VisitMember, tell
from server.domain.people import Person, Staff
from server.domain.records import record


def pass_on(session: Session, seat: VisitMember | TeamMember, to: Staff, *, by: Person) -> None:
    """Another sits there; who sits in it already leaves the seat free. Raises Taken when they are elsewhere then."""
    if isinstance(seat, VisitMember):
        _of_visit(session, seat, to, by)
    else:
        _of_team(session, seat, to, by)


def _of_visit(session: Session, seat: VisitMember, to: Staff, by: Person) -> None:
    visit = session.get_one(HomeVisit, seat.visit_id)
    with session.begin_nested():
        if visit.leader_id == seat.staff_id:
            visit.leader_id = to.id
        if any(member.staff_id == to.id for member in visit.members):
            visit.members.remove(seat)
        else:
            seat.staff = to
        session.flush()  # what is held is counted in the database
        if visit_holds.held(session, visit):
            visit_holds.hold(session, visit)
    visit.version += 1
    tell(session, "visit.passed_on", visit, by=by, who=to.title)


def _of_team(session: Session, seat: TeamMember, to: Staff, by: Person) -> None:
    theirs = select(TeamMember.id).where(TeamMember.team_id == seat.team_id, TeamMember.staff_id == to.id)
    record(session, "visit_team.passed_on", seat, by=by, who=to.title)
    if session.scalar(theirs) is not None:
        session.delete(seat)
    else:
        seat.staff = to
    session.flush()  # the next one looks who sits there
