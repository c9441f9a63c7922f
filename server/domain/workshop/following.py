"""Following a car: the steps of an order as its customer sees them, without a word of what is inside."""

from datetime import datetime

import msgspec

from server.database import Words
from server.domain.workshop.repair_orders import RepairOrder, State

STEPS: tuple[tuple[State, str, Words], ...] = (
    (State.INTAKE, "received_at", {"zh": "已接车", "en": "Received"}),
    (State.ORDERED, "ordered_at", {"zh": "已委托，待派工", "en": "Ordered, waits its turn"}),
    (State.IN_WORK, "work_started_at", {"zh": "维修中", "en": "In work"}),
    (State.INSPECTION, "work_ended_at", {"zh": "质量检验", "en": "Being inspected"}),
    (State.WASHING, "wash_started_at", {"zh": "洗车", "en": "Being washed"}),
    (State.READY, "ready_at", {"zh": "可以取车", "en": "Ready for you"}),
    (State.CLOSED, "left_at", {"zh": "已出厂", "en": "Handed back"}),
)
PLACE = {state: place for place, (state, _, _) in enumerate(STEPS)}
PLACE[State.SETTLED] = PLACE[State.READY]  # the customer waits for the key, not for the till


class Step(msgspec.Struct, frozen=True):
    """One step: what it is, since when, and whether it is behind the car, under way, or to come."""

    name: Words
    at: datetime | None
    is_done: bool
    is_now: bool


def steps(order: RepairOrder) -> list[Step]:
    """From the arrival to the return; a car that went back shows what is still before it."""
    here = PLACE.get(State(order.state), -1)
    shown = [one for one in STEPS if order.wash or one[0] != State.WASHING]
    ended = order.state == State.CLOSED
    return [
        Step(
            name, getattr(order, field) if PLACE[state] <= here else None, PLACE[state] < here or ended,
            PLACE[state] == here and not ended,
        )
        for state, field, name in shown
    ]  # fmt: skip
