"""The board: every car in the workshop as a card, with where it stands, who is at it and what holds it up.

A card holds only what a screen shows, and nothing that changes by itself every minute: two equal cards look
the same, so that a live screen is told of a car only when something has become of it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256
from uuid import UUID

from server.database import Words
from server.domain.refusals import N_
from server.domain.workshop.repair_orders import State

WAITING = "waiting"
"""The column of cars that nobody works on yet."""
BY_STATE = {state: str(state) for state in (State.INTAKE, State.INSPECTION, State.WASHING, State.READY)}
LATE, SOON, OVER, PARTS, APPROVAL, PAUSED = "late", "soon", "over", "parts", "approval", "paused"
STUCK: dict[str, str] = {
    LATE: N_("Later than promised"), OVER: N_("Over the planned time"), PARTS: N_("Waits for parts"),
    APPROVAL: N_("Waits for the customer"), PAUSED: N_("Paused for long"), SOON: N_("Promised soon"),
}  # fmt: skip
"""What holds a car up, the worst first."""
BAY, TECHNICIAN = "bay", "technician"


@dataclass(frozen=True)
class Task:
    """One job on a card."""

    name: Words
    state: str
    skill: str


@dataclass(frozen=True)
class Card:
    """One car. `bay` and `technician` say in which column it stands on either board."""

    id: UUID
    number: str
    plate: str
    model: Words
    kind: str
    state: str
    promised_at: datetime | None
    arrived_at: datetime
    key_number: str
    waits_here: bool
    bay: str
    technician: str
    bay_name: Words | None
    technician_name: Words | None
    task: Task | None
    """What is done now or comes next."""
    done: int
    jobs: int
    since: datetime | None
    """When who is at it clocked on."""
    stuck: tuple[str, ...]
    today: date
    """The day on which it is looked at: a card says “today” and “tomorrow”."""

    @property
    def rank(self) -> str:
        """Its place in a column: the promised first."""
        return f"{self.promised_at.isoformat() if self.promised_at else '9'} {self.arrived_at.isoformat()} {self.id}"

    @property
    def tone(self) -> str:
        """How urgently it wants to be looked at."""
        if any(why in self.stuck for why in (LATE, OVER, PARTS)):
            return "bad"
        return "warn" if self.stuck else ""

    def column(self, by: str) -> str:
        """Where it stands."""
        return self.technician if by == TECHNICIAN else self.bay


@dataclass(frozen=True)
class Column:
    """A bay, a technician, or where a car stands without either."""

    key: str
    name: Words | None
    """None: named by its state."""
    skills: tuple[str, ...] = ()


@dataclass(frozen=True)
class Board:
    """All cards at one moment."""

    cards: tuple[Card, ...]
    by_bay: tuple[Column, ...]
    by_technician: tuple[Column, ...]

    def columns(self, by: str) -> Sequence[Column]:
        """From the door to the door."""
        return self.by_technician if by == TECHNICIAN else self.by_bay

    def within(self, by: str) -> dict[str, list[Card]]:
        """The cards of every column, the promised first."""
        found: dict[str, list[Card]] = {column.key: [] for column in self.columns(by)}
        for card in sorted(self.cards, key=lambda one: one.rank):
            found.get(card.column(by), found[WAITING]).append(card)
        return found

    @property
    def held_up(self) -> int:
        """How many cars somebody has to look at."""
        return sum(bool(card.stuck) for card in self.cards)

    @property
    def version(self) -> str:
        """The same for whoever shows the same, in every process."""
        return sha256(repr((self.cards, self.by_bay, self.by_technician)).encode()).hexdigest()[:16]
