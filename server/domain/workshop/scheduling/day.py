"""What is to be done in the workshop and by whom it can be: the day as a schedule sees it, in minutes from now."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product


@dataclass(frozen=True)
class Task:
    """One job on one car; a car's tasks are done one after the other, in the order in which they stand."""

    key: str
    car: str
    skill: str
    minutes: int
    """By somebody of ordinary speed."""
    due: int | None = None
    """When the car is promised; of every task of a car the same."""
    free_at: int = 0
    """Not before then: somebody is at the car now."""
    by: str | None = None
    """Whose it is: they have begun it."""


@dataclass(frozen=True)
class Hand:
    """A technician: what they can do, and how quickly in per cent of the ordinary."""

    key: str
    skills: tuple[tuple[str, int], ...]
    free_at: int = 0

    def takes(self, task: Task) -> int | None:
        """Minutes for a task; None when it is not their trade."""
        speed = dict(self.skills).get(task.skill) if task.by in (None, self.key) else None
        return None if not speed else max(1, -(-task.minutes * 100 // speed))


@dataclass(frozen=True)
class Place:
    """A bay and what can be done in it."""

    key: str
    skills: frozenset[str]
    free_at: int = 0


@dataclass(frozen=True)
class Day:
    """Everything that a proposal is made from; the tasks as the cars came."""

    tasks: tuple[Task, ...]
    hands: tuple[Hand, ...]
    places: tuple[Place, ...]

    def ways(self, task: Task) -> list[tuple[Hand, Place, int]]:
        """Who could do a task and where, with the minutes they take."""
        pairs = product(self.hands, (place for place in self.places if task.skill in place.skills))
        return [(hand, place, took) for hand, place in pairs if (took := hand.takes(task)) is not None]

    @property
    def cars(self) -> dict[str, list[Task]]:
        """The tasks of each car, in their order."""
        found: dict[str, list[Task]] = {}
        for task in self.tasks:
            found.setdefault(task.car, []).append(task)
        return found

    @property
    def impossible(self) -> tuple[Task, ...]:
        """Tasks for which there is nobody, or no bay."""
        return tuple(task for task in self.tasks if not self.ways(task))


@dataclass(frozen=True)
class Slot:
    """A task with who does it, where and when."""

    task: Task
    hand: Hand
    place: Place
    starts: int
    ends: int


@dataclass(frozen=True)
class Plan:
    """A day that could be worked so."""

    slots: tuple[Slot, ...]

    @property
    def makespan(self) -> int:
        """When the last task is done."""
        return max((slot.ends for slot in self.slots), default=0)

    @property
    def lateness(self) -> int:
        """By how many minutes promises are broken, over all cars."""
        return sum(max(0, end - due) for end, due in self._promised)

    @property
    def late(self) -> tuple[str, ...]:
        """The cars that are not ready when promised."""
        ends = self._ends
        return tuple(car for car, due in self._due.items() if ends[car] > due)

    @property
    def _ends(self) -> dict[str, int]:
        ends: dict[str, int] = {}
        for slot in self.slots:
            ends[slot.task.car] = max(ends.get(slot.task.car, 0), slot.ends)
        return ends

    @property
    def _due(self) -> dict[str, int]:
        return {slot.task.car: slot.task.due for slot in self.slots if slot.task.due is not None}

    @property
    def _promised(self) -> list[tuple[int, int]]:
        return [(self._ends[car], due) for car, due in self._due.items()]


@dataclass
class _Free:
    """From when on everybody and everything is free again."""

    at: dict[str, int] = field(default_factory=dict[str, int])

    def until(self, hand: Hand, place: Place, task: Task) -> int:
        at = self.at.get
        theirs = (at(f"h{hand.key}", hand.free_at), at(f"p{place.key}", place.free_at))
        return max(*theirs, at(f"c{task.car}", task.free_at))

    def take(self, slot: Slot) -> None:
        for key in (f"h{slot.hand.key}", f"p{slot.place.key}", f"c{slot.task.car}"):
            self.at[key] = slot.ends


def in_turn(day: Day, order: Sequence[str]) -> Plan:
    """Car after car in this order, each task by whoever is done with it first: as a dispatcher without a plan does."""
    free, slots, cars = _Free(), list[Slot](), day.cars
    for car in order:
        for task in cars[car]:
            ways = [(free.until(hand, place, task), took, hand, place) for hand, place, took in day.ways(task)]
            if not ways:
                continue
            starts, took, hand, place = min(ways, key=lambda way: (way[0] + way[1], way[1], way[2].key, way[3].key))
            slot = Slot(task, hand, place, starts, starts + took)
            slots.append(slot)
            free.take(slot)
    return Plan(tuple(slots))


def as_they_came(day: Day) -> Plan:
    """First come, first served."""
    return in_turn(day, list(day.cars))


def by_promise(day: Day) -> Plan:
    """Whoever is promised first, first; who has no promised time last."""
    due = {car: tasks[0].due for car, tasks in day.cars.items()}
    return in_turn(day, sorted(due, key=lambda car: ((when := due[car]) is None, when or 0)))
