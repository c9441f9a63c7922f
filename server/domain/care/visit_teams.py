"""Teams that visit owners at home, and the cars they go in."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words
from server.domain.people import Staff


class Vehicle(OfStore, Versioned, Base):
    """A car of the house that teams go in."""

    __tablename__ = "visit_vehicles"
    __table_args__ = (UniqueConstraint("store_id", "plate"),)

    plate: Mapped[str]
    name: Mapped[Words]
    seats: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)


class VisitTeam(OfStore, Versioned, Base):
    """People who go together. A visit keeps who went, whatever becomes of the team."""

    __tablename__ = "visit_teams"
    __table_args__ = (UniqueConstraint("store_id", "name"),)

    name: Mapped[str]
    vehicle_id: Mapped[UUID | None] = mapped_column(ForeignKey("visit_vehicles.id"))
    active: Mapped[bool] = mapped_column(default=True)

    vehicle: Mapped[Vehicle | None] = relationship()
    members: Mapped[list["TeamMember"]] = relationship(
        order_by="TeamMember.id", cascade="all, delete-orphan", lazy="selectin"
    )

    @property
    def roles(self) -> dict[UUID, str]:
        """Who goes as what."""
        return {member.staff_id: member.role for member in self.members}

    @property
    def leader_id(self) -> UUID | None:
        """Who answers for what the team does: its first member."""
        return self.members[0].staff_id if self.members else None


class TeamMember(OfStore, Base):
    """Somebody of a team, and what they do there."""

    __tablename__ = "visit_team_members"
    __table_args__ = (UniqueConstraint("team_id", "staff_id"),)

    team_id: Mapped[UUID] = mapped_column(ForeignKey("visit_teams.id"), index=True)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    role: Mapped[str]
    """A code of the list `visit_role`."""

    staff: Mapped[Staff] = relationship(lazy="joined")


def teams(session: Session, store_id: UUID) -> Sequence[VisitTeam]:
    """The teams at work, by name."""
    query = select(VisitTeam).where(VisitTeam.store_id == store_id, VisitTeam.active)
    return session.scalars(query.order_by(VisitTeam.name)).unique().all()


def vehicles(session: Session, store_id: UUID) -> Sequence[Vehicle]:
    """The cars that teams may go in, by plate."""
    query = select(Vehicle).where(Vehicle.store_id == store_id, Vehicle.active)
    return session.scalars(query.order_by(Vehicle.plate)).all()
