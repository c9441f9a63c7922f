"""The best day where skills and stages differ, by OR-Tools: promises first, then the shortest day.

OR-Tools ships without complete types, weighs 90 MB and takes its time: it is loaded where a plan is made,
in a worker beside the house.
"""

# pyright: reportUnknownMemberType=false, reportMissingTypeStubs=false, reportUnknownVariableType=false

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from server.domain.workshop.scheduling.day import Day, Hand, Place, Plan, Slot, Task

SECONDS = 3.0
"""The longest time a person waits for a proposal; the best found until then is taken."""


@dataclass(frozen=True)
class _Way:
    """One of the ways in which a task could be done: chosen or not."""

    hand: Hand
    place: Place
    chosen: Any


@dataclass(frozen=True)
class _Stage:
    """A task in the model."""

    task: Task
    starts: Any
    ends: Any
    ways: list[_Way]


def best(day: Day, known: Plan, seconds: float = SECONDS) -> Plan:
    """A plan that breaks promises by fewer minutes than `known`, or is shorter; else `known` itself."""
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    stages = _stages(model, day, _horizon(day, known))
    _one_after_the_other(model, stages)
    last = model.new_int_var(0, _horizon(day, known), "last")
    for stage in stages:
        model.add(last >= stage.ends)
    model.minimize(_lateness(model, stages, _horizon(day, known)) * (_horizon(day, known) + 1) + last)
    _hint(model, stages, known)
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    if solver.solve(model) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return known
    found = Plan(tuple(_slot(solver, stage) for stage in stages))
    return min(known, found, key=lambda plan: (plan.lateness, plan.makespan))


def _horizon(day: Day, known: Plan) -> int:
    """Minutes after which nothing need be looked for."""
    free = max((one.free_at for one in (*day.hands, *day.places, *day.tasks)), default=0)
    return max(known.makespan, free) + max((task.minutes * 2 for task in day.tasks), default=0)


def _stages(model: Any, day: Day, horizon: int) -> list[_Stage]:
    """Every task with its ways; whoever and whatever is taken is taken by one task at a time."""
    taken: dict[str, list[Any]] = defaultdict(list)
    made = [_stage(model, day, task, horizon, taken) for task in day.tasks if day.ways(task)]
    for intervals in taken.values():
        model.add_no_overlap(intervals)
    return made


def _stage(model: Any, day: Day, task: Task, horizon: int, taken: dict[str, list[Any]]) -> _Stage:
    starts, ends = (model.new_int_var(0, horizon, f"{task.key} {what}") for what in ("starts", "ends"))
    ways: list[_Way] = []
    for hand, place, took in day.ways(task):
        chosen = model.new_bool_var(f"{task.key} {hand.key} {place.key}")
        interval = model.new_optional_interval_var(starts, took, ends, chosen, f"{task.key} {hand.key} {place.key}")
        model.add(starts >= max(hand.free_at, place.free_at, task.free_at)).only_enforce_if(chosen)
        taken[f"hand {hand.key}"].append(interval)
        taken[f"place {place.key}"].append(interval)
        ways.append(_Way(hand, place, chosen))
    model.add_exactly_one(way.chosen for way in ways)
    return _Stage(task, starts, ends, ways)


def _one_after_the_other(model: Any, stages: list[_Stage]) -> None:
    """A car's tasks keep their order."""
    cars: dict[str, list[_Stage]] = defaultdict(list)
    for stage in stages:
        cars[stage.task.car].append(stage)
    for row in cars.values():
        for earlier, later in pairwise(row):
            model.add(later.starts >= earlier.ends)


def _lateness(model: Any, stages: list[_Stage], horizon: int) -> Any:
    """Minutes over all cars; of a car its last task counts."""
    last = {stage.task.car: stage for stage in stages}
    late: list[Any] = []
    for car, stage in last.items():
        if stage.task.due is not None:
            over = model.new_int_var(0, horizon + abs(stage.task.due), f"{car} late")
            model.add(over >= stage.ends - stage.task.due)
            late.append(over)
    return sum(late)


def _hint(model: Any, stages: list[_Stage], known: Plan) -> None:
    """Where the search begins: a plan that works."""
    slots = {slot.task.key: slot for slot in known.slots}
    for stage in stages:
        slot = slots[stage.task.key]
        model.add_hint(stage.starts, slot.starts)
        for way in stage.ways:
            model.add_hint(way.chosen, way.hand == slot.hand and way.place == slot.place)


def _slot(solver: Any, stage: _Stage) -> Slot:
    way = next(way for way in stage.ways if solver.value(way.chosen))
    return Slot(stage.task, way.hand, way.place, solver.value(stage.starts), solver.value(stage.ends))
