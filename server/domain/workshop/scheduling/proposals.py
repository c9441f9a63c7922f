"""What a dispatcher is offered: the order of the cars by the rule that fits the day, and what it gains."""

from dataclasses import dataclass

from server.domain.workshop.scheduling import johnson, solver
from server.domain.workshop.scheduling.day import Day, Plan, as_they_came, by_promise, in_turn
from server.domain.workshop.scheduling.johnson import TwoStage

PROMISE, JOHNSON, SOLVER = "promise", "johnson", "solver"


@dataclass(frozen=True)
class Proposal:
    """A plan, the rule it was made by, and what would come of serving the cars as they came."""

    rule: str
    plan: Plan
    usual: Plan

    @property
    def gain(self) -> int:
        """Minutes by which the whole work is done earlier; below nothing where promises cost time."""
        return self.usual.makespan - self.plan.makespan

    @property
    def punctual(self) -> int:
        """Minutes by which promises are broken less."""
        return self.usual.lateness - self.plan.lateness


def propose(day: Day, seconds: float = solver.SECONDS) -> Proposal:
    """The rule that fits: one stage by promise, two stages with one place each by Johnson, else the solver.

    Promises go before a short day: Johnson's order is taken when it makes nobody later.
    """
    usual, promised = as_they_came(day), by_promise(day)
    if not any(len(tasks) > 1 for tasks in day.cars.values()) and _are_alike(day):
        return Proposal(PROMISE, min(promised, usual, key=_worth), usual)
    if _is_two_stages(day):
        short = in_turn(day, [job.name for job in johnson.shortest(_two_stages(day)).order])
        best = min(short, promised, usual, key=_worth)
        return Proposal(JOHNSON if best is short else PROMISE, best, usual)
    known = min(promised, usual, key=_worth)
    return Proposal(SOLVER, solver.best(day, known, seconds), usual)


def _worth(plan: Plan) -> tuple[int, int]:
    return plan.lateness, plan.makespan


def _are_alike(day: Day) -> bool:
    """Whether anybody can do anything anywhere, equally fast."""
    skills = {task.skill for task in day.tasks}
    everybody = all({(skill, 100) for skill in skills} <= set(hand.skills) for hand in day.hands)
    return everybody and all(skills <= place.skills for place in day.places)


def _is_two_stages(day: Day) -> bool:
    """Every car passes the same two skills, and for each there is one hand and one place, free now."""
    ways = {tuple(task.skill for task in tasks) for tasks in day.cars.values()}
    if len(ways) != 1 or len(stages := next(iter(ways))) != 2:
        return False
    first, second = map(day.ways, next(iter(day.cars.values())))
    if not len(first) == len(second) == 1:
        return False
    one, other = first[0], second[0]
    apart = stages[0] != stages[1] and one[0] != other[0] and one[1] != other[1]
    busy = any(part.free_at for way in (one, other) for part in way[:2]) or any(task.free_at for task in day.tasks)
    return apart and not busy


def _two_stages(day: Day) -> list[TwoStage]:
    """The cars as Johnson's rule sees them."""
    return [TwoStage(car, day.ways(one)[0][2], day.ways(two)[0][2], one.due) for car, (one, two) in day.cars.items()]
