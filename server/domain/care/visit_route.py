"""The order in which a team goes from the store to its visits of a day and back: the shortest one that keeps what
was agreed with customers.

Reckoned exactly by OR-Tools, which is heavy: `shortest` is called in a worker beside the house and knows no tables.
"""

# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false, reportUnknownVariableType=false

from collections.abc import Sequence
from itertools import pairwise

import msgspec

from server.domain.care.visit_places import km

SECONDS = 3.0
METRES = 1000
DAY = 24 * 60


class Stop(msgspec.Struct, frozen=True):
    """A visit on the way; `at` is the minute of the day that was agreed, None while none was."""

    key: str
    longitude: float
    latitude: float
    minutes: int
    at: int | None = None


class Task(msgspec.Struct, frozen=True):
    """What is to be put in order: from which place, at which minute of the day, how fast in km/h.

    `spare` minutes are left before each visit.
    """

    start: tuple[float, float]
    stops: list[Stop]
    leaves: int
    kmh: int
    spare: int


class Leg(msgspec.Struct, frozen=True):
    """One visit in its turn: how far it is, when the team is there, and when it begins."""

    key: str
    km: float
    arrives: int
    begins: int

    @property
    def is_late(self) -> bool:
        """Whether the team comes after the time that was agreed."""
        return self.arrives > self.begins


class Way(msgspec.Struct, frozen=True):
    """The whole of it; `usual` are the kilometres in the order in which the visits stood before."""

    legs: list[Leg]
    km: float
    usual: float
    leaves_at: int
    back_at: int

    @property
    def gain(self) -> float:
        """Kilometres that are saved; below nothing where agreed times cost some."""
        return self.usual - self.km

    @property
    def late(self) -> list[str]:
        """The visits that the team would come to after the agreed time."""
        return [leg.key for leg in self.legs if leg.is_late]


def shortest(task: Task, seconds: float = SECONDS) -> Way:
    """The shortest order that keeps all agreed times; if none does, they are gone to by time, the rest in between."""
    order = _solved(task, seconds) if len(task.stops) > 1 else list(range(len(task.stops)))
    if order is None:
        order = _by_time(task)
    if all(stop.at is None for stop in task.stops) and order and order[0] > order[-1]:
        order.reverse()  # both ways round are as long: the one that begins with the earlier of the list
    return along(task, order)


def along(task: Task, order: Sequence[int]) -> Way:
    """The way in this order, with its times."""
    table = _table(task)
    legs: list[Leg] = []
    before, free = 0, (leaves := _leaves(task, order, table))
    for place in order:
        stop, metres = task.stops[place], table[before][place + 1]
        arrives = free + _travel(task, metres)
        begins = stop.at if stop.at is not None else _round_up(arrives + task.spare)
        legs.append(Leg(stop.key, metres / METRES, arrives, begins))
        before, free = place + 1, max(arrives, begins) + stop.minutes
    last = table[before][0]
    as_before = [0, *(place + 1 for place in range(len(task.stops))), 0]
    usual = sum(table[one][other] for one, other in pairwise(as_before)) / METRES
    return Way(legs, sum(leg.km for leg in legs) + last / METRES, usual, leaves, free + _travel(task, last))


def _leaves(task: Task, order: Sequence[int], table: list[list[int]]) -> int:
    """At the usual minute, or earlier for who expects the team early."""
    first = task.stops[order[0]] if order else None
    if first is None or first.at is None:
        return task.leaves
    return max(0, min(task.leaves, first.at - task.spare - _travel(task, table[0][order[0] + 1])))


def _solved(task: Task, seconds: float) -> list[int] | None:
    """Every way round that keeps the times is a circuit through the store; None when there is none."""
    from ortools.sat.python import cp_model

    model, table = cp_model.CpModel(), _table(task)
    count = len(task.stops) + 1
    arcs = {
        (one, other): model.new_bool_var(f"{one} to {other}")
        for one in range(count) for other in range(count) if one != other
    }  # fmt: skip
    model.add_circuit([(one, other, chosen) for (one, other), chosen in arcs.items()])
    begins = [model.new_int_var(0, task.leaves, "leaves")]
    for stop in task.stops:
        earliest, latest = (0, 2 * DAY) if stop.at is None else (stop.at, stop.at)
        begins.append(model.new_int_var(earliest, latest, stop.key))
    for (one, other), chosen in arcs.items():
        if other:
            lasts = task.stops[one - 1].minutes if one else 0
            ready = begins[one] + lasts + _travel(task, table[one][other])
            spare = 0 if task.stops[other - 1].at is not None else task.spare
            model.add(begins[other] >= ready + spare).only_enforce_if(chosen)
    model.minimize(sum(table[one][other] * chosen for (one, other), chosen in arcs.items()))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return None
    follows = {one: other for (one, other), chosen in arcs.items() if solver.value(chosen)}
    return _one_way_round(follows)


def _one_way_round(follows: dict[int, int]) -> list[int]:
    """The order of a circuit that leaves and ends at the store."""
    order: list[int] = []
    here = follows[0]
    while here:
        order.append(here - 1)
        here = follows[here]
    return order


def _by_time(task: Task) -> list[int]:
    """Those with a time by their time; each other one where it costs the least way."""
    table = _table(task)
    fixed = [place for place, stop in enumerate(task.stops) if stop.at is not None]
    order = sorted(fixed, key=lambda place: task.stops[place].at or 0)
    for place in (place for place, stop in enumerate(task.stops) if stop.at is None):
        tries = [[*order[:turn], place, *order[turn:]] for turn in range(len(order) + 1)]
        order = min(tries, key=lambda one: _metres(one, table))
    return order


def _metres(order: Sequence[int], table: list[list[int]]) -> int:
    return sum(table[one][other] for one, other in pairwise([0, *(place + 1 for place in order), 0]))


def _table(task: Task) -> list[list[int]]:
    """Whole metres between every two places; the store is the first."""
    places = [task.start, *((stop.longitude, stop.latitude) for stop in task.stops)]
    return [[round(km(one, other) * METRES) for other in places] for one in places]


def _travel(task: Task, metres: int) -> int:
    """Begun minutes on the road."""
    return -(-metres * 60 // (task.kmh * METRES))


def _round_up(minute: int) -> int:
    """To five minutes, as times are said."""
    return -(-minute // 5) * 5
