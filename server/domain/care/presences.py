"""Who was at the owner's, from when to when, and where if the owner agreed: each of the team signs in on their own."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import msgspec
from sqlalchemy import ForeignKey, Numeric, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Versioned, now, uuid7
from server.domain.care import door_consents
from server.domain.care.door_consents import PLACE
from server.domain.care.visits import MOVES, HomeVisit, State, move, tell
from server.domain.people import Person, Right
from server.domain.records.events import take_turn
from server.domain.refusals import N_, NotAllowed, WrongMove

AT_THE_DOOR = (State.BOOKED, State.CONFIRMED, State.ON_THE_WAY, State.THERE, State.DONE, State.BROKEN_OFF)
"""While pieces of a visit may come in: devices of a team arrive in any order, so one may be home before the one on
which it was confirmed. It goes on only once both calls and the departure have arrived."""
DECIMALS = 4
"""Of a degree: some ten metres, enough to know the house and not the room."""
DEGREES: Numeric[float] = Numeric(9, DECIMALS, asdecimal=False)


class Place(msgspec.Struct, frozen=True):
    """Where a device says that it is."""

    longitude: float
    latitude: float
    accuracy: int = 0
    """Metres."""

    def rounded(self) -> "Place":
        """As it is kept."""
        return Place(round(self.longitude, DECIMALS), round(self.latitude, DECIMALS), self.accuracy)


class Presence(OfStore, Versioned, Base):
    """One of the team at the owner's, once for each visit."""

    __tablename__ = "visit_presences"
    __table_args__ = (UniqueConstraint("visit_id", "staff_id"),)

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("home_visits.id"))
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    in_at: Mapped[datetime]
    out_at: Mapped[datetime | None]
    in_longitude: Mapped[float | None] = mapped_column(DEGREES)
    in_latitude: Mapped[float | None] = mapped_column(DEGREES)
    in_accuracy: Mapped[int | None]
    out_longitude: Mapped[float | None] = mapped_column(DEGREES)
    out_latitude: Mapped[float | None] = mapped_column(DEGREES)
    out_accuracy: Mapped[int | None]

    @property
    def in_place(self) -> Place | None:
        """Where they signed in, if the owner agreed."""
        return _place(self.in_longitude, self.in_latitude, self.in_accuracy)

    @property
    def out_place(self) -> Place | None:
        """Where they signed out, if the owner agreed."""
        return _place(self.out_longitude, self.out_latitude, self.out_accuracy)

    def forget_places(self) -> None:
        """From now on nobody knows where they were."""
        self.in_longitude = self.in_latitude = self.in_accuracy = None
        self.out_longitude = self.out_latitude = self.out_accuracy = None
        self.version += 1

    @property
    def is_there(self) -> bool:
        """Whether they have not signed out."""
        return self.out_at is None


def require_at_the_door(visit: HomeVisit, by: Person) -> None:
    """Raises NotAllowed for who does not go on visits, WrongMove before it is confirmed and after it is closed."""
    if not by.may(Right.GO_ON_VISITS):
        raise NotAllowed
    if visit.state not in AT_THE_DOOR:
        raise WrongMove(N_("Nothing is kept here now: the visit is “%(now)s”."), now=visit.state_name)


def sign_in(
    session: Session, visit: HomeVisit, *, by: Person, place_agreed: bool | None = None, place: Place | None = None
) -> Presence:  # fmt: skip
    """They are there. Without the owner's consent no place is kept; signed in twice is signed in once."""
    require_at_the_door(visit, by)
    take_turn(session, visit.store_id)  # of two who arrive at once one moves the visit
    if place_agreed is not None:
        door_consents.answer(session, visit, PLACE, place_agreed, by=by)
    found = of(session, visit, by.id)
    at = min(by.moment(), now())
    if found is None:
        found = Presence(
            id=uuid7(), store_id=visit.store_id, version=0, visit_id=visit.id, staff_id=by.id, in_at=at, out_at=None
        )
        session.add(found)
        tell(session, "visit.signed_in", visit, by=by)
    found.in_at = min(found.in_at, at)
    if place is not None and door_consents.agreed(session, visit, PLACE):
        kept = place.rounded()
        found.in_longitude, found.in_latitude, found.in_accuracy = kept.longitude, kept.latitude, kept.accuracy
    found.version += 1
    session.flush()  # the visit is aligned with it
    align(session, visit, by=by)
    return found


def sign_out(session: Session, visit: HomeVisit, *, by: Person, place: Place | None = None) -> Presence:
    """They leave; once everybody who came has left, the visit is done. Raises WrongMove for who never signed in."""
    require_at_the_door(visit, by)
    take_turn(session, visit.store_id)
    found = of(session, visit, by.id)
    if found is None:
        raise WrongMove(N_("You have not signed in here."))
    if found.out_at is None:
        tell(session, "visit.signed_out", visit, by=by)
    found.out_at = max(found.in_at, min(by.moment(), now()))
    if place is not None and door_consents.agreed(session, visit, PLACE):
        kept = place.rounded()
        found.out_longitude, found.out_latitude, found.out_accuracy = kept.longitude, kept.latitude, kept.accuracy
    found.version += 1
    session.flush()  # the visit is aligned with it
    align(session, visit, by=by)
    return found


def align(session: Session, visit: HomeVisit, *, by: Person) -> None:
    """The visit is where its people are: there once somebody is, done once all who came have left."""
    present = of_visit(session, visit)
    if not present:
        return
    visit.signed_in_at = min(one.in_at for one in present)
    if visit.state == State.ON_THE_WAY and State.THERE in MOVES[State.ON_THE_WAY]:
        move(session, visit, State.THERE, "visit.arrived", by=by)
    out = [one.out_at for one in present if one.out_at is not None]
    if len(out) == len(present) and visit.state == State.THERE:
        visit.signed_out_at = max(out)
        move(session, visit, State.DONE, "visit.done", by=by)
    elif len(out) == len(present) and visit.state == State.DONE:
        visit.signed_out_at = max(out)


def of(session: Session, visit: HomeVisit, staff_id: UUID) -> Presence | None:
    """One of the team, if they have signed in."""
    return next((one for one in of_visit(session, visit) if one.staff_id == staff_id), None)


def of_visit(session: Session, visit: HomeVisit) -> Sequence[Presence]:
    """Everybody who signed in, the first one first."""
    query = select(Presence).where(Presence.store_id == visit.store_id, Presence.visit_id == visit.id)
    return session.scalars(query.order_by(Presence.in_at, Presence.id)).all()


def _place(longitude: float | None, latitude: float | None, accuracy: int | None) -> Place | None:
    return None if longitude is None or latitude is None else Place(longitude, latitude, accuracy or 0)
