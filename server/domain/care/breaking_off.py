"""A visit that cannot be finished is broken off with its reason, and who forgot to sign out is signed out."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.database import now
from server.domain.care import presences, visit_holds
from server.domain.care.presences import Presence
from server.domain.care.visits import HomeVisit, State, move, tell
from server.domain.people import Person, Right, notices
from server.domain.records.events import take_turn
from server.domain.refusals import Invalid, N_, NotAllowed, NotThere, WrongMove

LONGEST = 300


def break_off(session: Session, visit: HomeVisit, *, by: Person, why: str) -> None:
    """They leave before it is done; what was written down stays. Told by a second device it is said once.

    Raises Invalid at `why`, NotAllowed, WrongMove.
    """
    presences.require_at_the_door(visit, by)
    if not why:
        raise Invalid.at("why", N_("Please fill this in."))
    take_turn(session, visit.store_id)  # of two devices one breaks it off
    if visit.state == State.BROKEN_OFF:
        return
    visit.why = why[:LONGEST]
    move(session, visit, State.BROKEN_OFF, "visit.broken_off", by=by, why=visit.why)
    visit.signed_out_at = min(by.moment(), now())
    visit_holds.release(session, visit)
    notices.tell_all(
        session, list({visit.leader_id, *visit.crew} - {by.id}), "visit.broken_off", f"/visits/{visit.id}/record",
        by=by, customer=visit.customer.name, why=visit.why,
    )  # fmt: skip


def sign_out_for(session: Session, visit: HomeVisit, staff_id: UUID, *, by: Person) -> Presence:
    """Whose device is lost or empty is signed out by who leads the visit or plans; what they say later counts more.

    Raises NotAllowed, NotThere for who never signed in, WrongMove.
    """
    if not (by.id == visit.leader_id or by.may(Right.PLAN_VISITS)):
        raise NotAllowed
    if visit.state != State.THERE:
        raise WrongMove(N_("Nothing is kept here now: the visit is “%(now)s”."), now=visit.state_name)
    take_turn(session, visit.store_id)
    found = presences.of(session, visit, staff_id)
    if found is None:
        raise NotThere
    if found.out_at is None:
        found.out_at = max(found.in_at, min(by.moment(), now()))
        found.version += 1
        tell(session, "visit.signed_out_for", visit, by=by, staff=str(staff_id))
        session.flush()  # the visit is aligned with it
        presences.align(session, visit, by=by)
    return found
