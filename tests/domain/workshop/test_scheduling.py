"""The order in which cars are worked on: the rule that fits the day, who is late, and what it gains."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from server.domain.workshop.scheduling import Day, Hand, Place, Plan, Task, propose
from server.domain.workshop.scheduling.day import as_they_came, by_promise
from server.domain.workshop.scheduling.proposals import JOHNSON, PROMISE, SOLVER
from server.domain.workshop.scheduling.solver import best
from tests.domain.workshop.test_johnson import SIX

MECHANIC, ELECTRIC, WASH = "mechanic", "electric", "wash"
LI = Hand("li", ((MECHANIC, 100),))
WANG = Hand("wang", ((ELECTRIC, 100), (MECHANIC, 80)))
WASHER = Hand("washer", ((WASH, 100),))
LIFT, PIT, BAY = (Place(name, frozenset({MECHANIC, ELECTRIC})) for name in ("lift", "pit", "bay"))
WASHING = Place("washing", frozenset({WASH}))


def a_car(name: str, *stages: tuple[str, int], due: int | None = None) -> list[Task]:
    return [Task(f"{name}{nth}", name, skill, minutes, due) for nth, (skill, minutes) in enumerate(stages)]


def a_day(*cars: list[Task], hands: tuple[Hand, ...], places: tuple[Place, ...]) -> Day:
    return Day(tuple(task for car in cars for task in car), hands, places)


def order(plan: Plan) -> str:
    return "".join(dict.fromkeys(slot.task.car for slot in sorted(plan.slots, key=lambda slot: slot.starts)))


def two_stages(**due: int) -> Day:
    cars = [a_car(job.name, (MECHANIC, job.first), (WASH, job.second), due=due.get(job.name)) for job in SIX]
    return a_day(*cars, hands=(LI, WASHER), places=(LIFT, WASHING))


def test_repair_and_wash_go_by_johnsons_rule() -> None:
    proposal = propose(two_stages())
    assert (proposal.rule, order(proposal.plan)) == (JOHNSON, "ECDBAF")
    assert (proposal.plan.makespan, proposal.usual.makespan, proposal.gain) == (200, 220, 20)


def test_a_promise_goes_before_a_short_day() -> None:
    proposal = propose(two_stages(A=45))
    assert (proposal.rule, proposal.plan.late) == (PROMISE, ())
    assert order(proposal.plan)[0] == "A"


def test_where_everybody_does_everything_the_promised_go_first() -> None:
    day = a_day(
        a_car("x", (MECHANIC, 60)), a_car("y", (MECHANIC, 60), due=60), a_car("z", (MECHANIC, 30), due=30),
        hands=(LI,), places=(LIFT,),
    )  # fmt: skip
    proposal = propose(day)
    assert (proposal.rule, order(proposal.plan)) == (PROMISE, "zyx")
    assert (proposal.usual.lateness, proposal.plan.lateness, proposal.punctual) == (180, 30, 150)


def test_where_skills_differ_the_electrician_is_kept_for_what_only_she_can_do() -> None:
    """Who takes the first car that comes loses forty minutes of her: the solver sees what comes after."""
    day = a_day(
        a_car("x", (MECHANIC, 60)), a_car("y", (ELECTRIC, 60), (MECHANIC, 60)), a_car("z", (MECHANIC, 60)),
        hands=(WANG, LI), places=(LIFT, PIT, BAY),
    )  # fmt: skip
    proposal = propose(day)
    assert proposal.rule == SOLVER
    assert {slot.task.key: slot.hand.key for slot in proposal.plan.slots}["y0"] == "wang"
    assert proposal.plan.makespan <= proposal.usual.makespan
    assert proposal.plan.makespan == 135, "she works on two cars, sixty and seventy-five minutes; he on the others"


def test_what_nobody_can_do_is_named_and_not_planned() -> None:
    day = a_day(a_car("x", ("paint", 60)), a_car("y", (MECHANIC, 60)), hands=(LI,), places=(LIFT,))
    assert [task.key for task in day.impossible] == ["x0"]
    assert [slot.task.key for slot in propose(day).plan.slots] == ["y0"]


def test_who_is_at_work_begins_when_they_are_done() -> None:
    busy = Hand("li", ((MECHANIC, 100),), free_at=25)
    plan = propose(a_day(a_car("x", (MECHANIC, 60)), hands=(busy,), places=(LIFT,))).plan
    assert (plan.slots[0].starts, plan.makespan) == (25, 85)


def test_an_empty_day_is_a_plan_of_nothing() -> None:
    assert propose(a_day(hands=(LI,), places=(LIFT,))).plan.slots == ()


CARS = st.lists(
    st.tuples(
        st.lists(st.tuples(st.sampled_from([MECHANIC, ELECTRIC, WASH]), st.integers(5, 90)), min_size=1, max_size=3),
        st.none() | st.integers(10, 300),
    ),
    max_size=6,
)


@settings(max_examples=25, deadline=None)
@given(CARS)
def test_a_proposal_can_be_worked_and_is_never_worse(cars: list[tuple[list[tuple[str, int]], int | None]]) -> None:
    described = [a_car(f"car{nth}", *stages, due=due) for nth, (stages, due) in enumerate(cars)]
    day = a_day(*described, hands=(LI, WANG, WASHER), places=(LIFT, PIT, WASHING))
    known = min(as_they_came(day), by_promise(day), key=lambda plan: (plan.lateness, plan.makespan))
    plan = best(day, known, 0.3)
    assert (plan.lateness, plan.makespan) <= (known.lateness, known.makespan)
    can_be_worked(day, plan)


def can_be_worked(day: Day, plan: Plan) -> None:
    """Everything once, by who can, where it can be, and nobody and nothing twice at a time."""
    assert sorted(slot.task.key for slot in plan.slots) == sorted(task.key for task in day.tasks)
    for slot in plan.slots:
        assert slot.hand.takes(slot.task) == slot.ends - slot.starts
        assert slot.task.skill in slot.place.skills
    for who in ("hand", "place"):
        for key in {getattr(slot, who).key for slot in plan.slots}:
            apart(sorted((s.starts, s.ends) for s in plan.slots if getattr(s, who).key == key))
    for tasks in day.cars.values():
        keys = [task.key for task in tasks]
        times = sorted((slot.starts, slot.ends, slot.task.key) for slot in plan.slots if slot.task.key in keys)
        assert [key for _, _, key in times] == keys
        apart([(starts, ends) for starts, ends, _ in times])


def apart(times: list[tuple[int, int]]) -> None:
    for (_, earlier), (later, _) in pairwise(times):
        assert earlier <= later


@pytest.mark.parametrize("count", [40])
def test_a_full_day_is_planned_in_the_time_a_person_waits(count: int) -> None:
    """Forty cars, three hands: something usable comes back, whether or not the best was proven."""
    cars = [a_car(f"car{nth}", (MECHANIC, 20 + nth % 7 * 10), (WASH, 10), due=60 + nth * 12) for nth in range(count)]
    day = a_day(*cars, hands=(LI, WANG, WASHER), places=(LIFT, PIT, WASHING))
    proposal = propose(day, 1.5)
    can_be_worked(day, proposal.plan)
    assert proposal.plan.lateness <= proposal.usual.lateness


def test_what_somebody_has_begun_stays_theirs() -> None:
    begun = Task("x0", "x", MECHANIC, 60, by="wang")
    day = a_day([begun], hands=(LI, WANG), places=(LIFT, PIT))
    assert [(slot.hand.key, slot.ends) for slot in propose(day).plan.slots] == [("wang", 75)]


def test_a_car_that_somebody_is_at_is_free_when_they_are_done() -> None:
    day = a_day([Task("x0", "x", MECHANIC, 60, free_at=40)], hands=(LI, WANG), places=(LIFT, PIT))
    assert [(slot.starts, slot.ends) for slot in propose(day).plan.slots] == [(40, 100)]
