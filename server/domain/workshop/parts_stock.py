"""The parts store: what comes in, is kept for an order, goes out, comes back and is counted.

The counters of a part are changed by one statement that refuses to go below nothing, so two desks that issue the last
one at the same moment do not both get it. Orders are held before the store's turn is taken, never after.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from server.database import uuid7
from server.domain.catalogue.parts import Part
from server.domain.people import Person, Right
from server.domain.records import record
from server.domain.records.events import take_turn
from server.domain.refusals import Invalid, N_, NotAllowed, NotThere, WrongMove
from server.domain.workshop.order_lines import OrderPart, PartState, move_part
from server.domain.workshop.repair_orders import RepairOrder, State
from server.domain.workshop.settlements import STANDING, Settlement
from server.domain.workshop.stock_moves import COUNT, ISSUE, RECEIVE, RELEASE, RESERVE, RETURN, StockMove
from server.domain.workshop.tasks import whole

MOST = 10_000_000
"""Hundredths of a unit that one move can be about."""
HANDED_OUT = (State.ORDERED, State.IN_WORK, State.INSPECTION)
"""Of which orders parts are issued."""
TAKEN_BACK = (*HANDED_OUT, State.READY)
WAITING = (PartState.APPROVED, PartState.RESERVED)


def receive(session: Session, part: Part, quantity: int, *, by: Person, note: str = "") -> Sequence[OrderPart]:
    """Goods have come in; what waited for them is reserved, the earliest promised first, and given back.

    Raises Invalid at `quantity`.
    """
    _may(by)
    if not 0 < quantity <= MOST:
        raise Invalid.at("quantity", N_("Type a quantity above nothing."))
    waiting = _that_wait(session, part)
    _hold(session, by, *{line.order_id for line in waiting})
    _move(session, part.id, RECEIVE, quantity, 0, by=by, note=note)
    return [line for line in _that_wait(session, part) if _reserve(session, line, by=by)]


def count(session: Session, part: Part, found: int, *, by: Person, why: str) -> None:
    """So much lies there. Raises Invalid at `found` below what is kept for orders, or at `why` without a reason."""
    _may(by)
    _hold(session, by)
    session.refresh(part, ["on_hand", "reserved"])
    if not 0 <= found <= MOST or found < part.reserved:
        raise Invalid.at("found", N_("At least %(least)s is kept for orders."), least=f"{part.reserved / 100:g}")
    if not why:
        raise Invalid.at("why", N_("Please fill this in."))
    _move(session, part.id, COUNT, found - part.on_hand, 0, by=by, note=why)


def reserve(session: Session, line: OrderPart, *, by: Person) -> None:
    """Keep it for its order. Raises WrongMove when too little is free."""
    line = _held_line(session, line, by)
    if not _reserve(session, line, by=by):
        raise _too_little(session, line)


def release(session: Session, line: OrderPart, *, by: Person) -> None:
    """Others may have it. Raises WrongMove when it is not reserved."""
    _release(session, _held_line(session, line, by), by=by)


def issue(session: Session, line: OrderPart, *, by: Person) -> None:
    """Into the technician's hands, from what is kept or, if nothing is, from what is free. Raises WrongMove."""
    line = _held_line(session, line, by)
    order = session.get_one(RepairOrder, line.order_id)
    if order.state not in HANDED_OUT:
        raise WrongMove(N_("Parts are issued while the car is in work; it is “%(now)s”."), now=order.state_name)
    if line.state == PartState.APPROVED and not _reserve(session, line, by=by):
        raise _too_little(session, line)
    move_part(session, order, line, PartState.ISSUED, "order_part.issued", by=by)
    _move(session, _part_id(line), ISSUE, -line.quantity, -line.quantity, by=by, line=line)


def give_back(session: Session, line: OrderPart, *, by: Person, note: str = "") -> None:
    """It was not built in and lies in the store again; it is not charged. Raises WrongMove."""
    line = _held_line(session, line, by)
    order = session.get_one(RepairOrder, line.order_id)
    if order.state not in TAKEN_BACK or _is_settled(session, order):
        raise WrongMove(N_("The car is settled; nothing comes back for it now."))
    move_part(session, order, line, PartState.RETURNED, "order_part.returned", by=by)
    _move(session, _part_id(line), RETURN, line.quantity, 0, by=by, line=line, note=note)


def not_needed(session: Session, line: OrderPart, *, by: Person) -> None:
    """Agreed to and not built in: what was kept is free again, and it is not charged. Raises WrongMove."""
    if not (by.may(Right.KEEP_PARTS) or by.may(Right.WRITE_ORDERS)):
        raise NotAllowed
    _hold(session, by, line.order_id)
    session.refresh(line)
    _drop(session, line, by=by)


def reserve_all(session: Session, order: RepairOrder, *, by: Any) -> None:
    """The customer has agreed: whatever lies there is kept for them. What does not is asked for at the desk.

    It follows from an event, so the turn is taken already.
    """
    for line in _lines(session, order, PartState.APPROVED):
        _reserve(session, line, by=by)


def let_go_all(session: Session, order: RepairOrder, *, by: Any) -> None:
    """The order is given up: nothing is kept for it."""
    for line in _lines(session, order, PartState.RESERVED):
        _drop(session, line, by=by)


def line_of(session: Session, store_id: UUID, line_id: UUID) -> OrderPart:
    """A part of an order of this store. Raises NotThere."""
    found = session.scalar(select(OrderPart).where(OrderPart.store_id == store_id, OrderPart.id == line_id))
    if found is None:
        raise NotThere
    return found


def _reserve(session: Session, line: OrderPart, *, by: Any) -> bool:
    """Whether so much was free."""
    if line.part_id is None or line.state != PartState.APPROVED:
        return False
    if not _change(session, line.part_id, 0, line.quantity):
        return False
    order = session.get_one(RepairOrder, line.order_id)
    move_part(session, order, line, PartState.RESERVED, "order_part.reserved", by=by)
    _note(session, line.part_id, RESERVE, 0, line.quantity, by=by, line=line)
    return True


def _release(session: Session, line: OrderPart, *, by: Any) -> None:
    order = session.get_one(RepairOrder, line.order_id)
    if line.state != PartState.RESERVED:
        raise WrongMove(N_("This part is not reserved."))
    move_part(session, order, line, PartState.APPROVED, "order_part.released", by=by)
    _move(session, _part_id(line), RELEASE, 0, -line.quantity, by=by, line=line)


def _drop(session: Session, line: OrderPart, *, by: Any) -> None:
    if line.state == PartState.RESERVED:
        _release(session, line, by=by)
    order = session.get_one(RepairOrder, line.order_id)
    move_part(session, order, line, PartState.CANCELLED, "order_part.cancelled", by=by)


def _move(
    session: Session, part_id: UUID, kind: str, on_hand: int, reserved: int, *, by: Any, line: OrderPart | None = None,
    note: str = "",
) -> None:  # fmt: skip
    if not _change(session, part_id, on_hand, reserved):
        raise WrongMove(N_("So much does not lie there."))
    _note(session, part_id, kind, on_hand, reserved, by=by, line=line, note=note)


def _change(session: Session, part_id: UUID, on_hand: int, reserved: int) -> bool:
    """Both counters at once, or neither: one statement, which the database makes while nobody else does."""
    after_hand, after_reserved = Part.on_hand + on_hand, Part.reserved + reserved
    change = update(Part).where(Part.id == part_id, after_hand >= 0, after_reserved >= 0, after_reserved <= after_hand)
    change = change.values(on_hand=after_hand, reserved=after_reserved).returning(Part.on_hand, Part.reserved)
    row = session.execute(change, execution_options={"synchronize_session": False}).one_or_none()
    if row is None:
        return False
    known = session.identity_map.get(session.identity_key(Part, part_id))
    if known is not None:  # what was read before says the same as the table
        set_committed_value(known, "on_hand", row.on_hand)
        set_committed_value(known, "reserved", row.reserved)
    return True


def _note(
    session: Session, part_id: UUID, kind: str, on_hand: int, reserved: int, *, by: Any, line: OrderPart | None = None,
    note: str = "",
) -> None:  # fmt: skip
    move = StockMove(
        id=uuid7(), store_id=by.store_id, part_id=part_id, kind=kind, on_hand=on_hand, reserved=reserved,
        order_part_id=line.id if line else None, note=note, at=by.moment(), by_id=_who(session, line, by),
    )  # fmt: skip
    session.add(move)
    session.flush()  # the event points at it
    record(session, f"stock.{kind}", move, by=by, part_id=part_id, on_hand=on_hand, reserved=reserved)


def _who(session: Session, line: OrderPart | None, by: Any) -> UUID:
    """Who answers for it: what a customer sets off at their link is done by the advisor of the order."""
    if isinstance(by, Person) or line is None:
        return by.id
    return session.get_one(RepairOrder, line.order_id).advisor_id


def _hold(session: Session, by: Person, *order_ids: UUID) -> None:
    """First the orders, then the turn of the store."""
    if order_ids:
        whole(session, *order_ids)
    take_turn(session, by.store_id)


def _held_line(session: Session, line: OrderPart, by: Person) -> OrderPart:
    _may(by)
    _hold(session, by, line.order_id)
    session.refresh(line)
    return line


def _lines(session: Session, order: RepairOrder, state: PartState) -> Sequence[OrderPart]:
    session.flush()  # the lines are read as they stand now
    query = select(OrderPart).where(OrderPart.store_id == order.store_id, OrderPart.order_id == order.id)
    query = query.where(OrderPart.state == state, OrderPart.part_id.is_not(None))
    return session.scalars(query.order_by(OrderPart.position, OrderPart.id)).all()


def _that_wait(session: Session, part: Part) -> Sequence[OrderPart]:
    query = select(OrderPart).join(RepairOrder, RepairOrder.id == OrderPart.order_id)
    query = query.where(OrderPart.store_id == part.store_id, OrderPart.part_id == part.id)
    query = query.where(OrderPart.state == PartState.APPROVED, RepairOrder.state.in_(HANDED_OUT))
    query = query.order_by(RepairOrder.promised_at, RepairOrder.id, OrderPart.position)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def _is_settled(session: Session, order: RepairOrder) -> bool:
    query = select(Settlement.id).where(Settlement.store_id == order.store_id, Settlement.order_id == order.id)
    return session.scalar(query.where(Settlement.state.in_(STANDING)).limit(1)) is not None


def _part_id(line: OrderPart) -> UUID:
    if line.part_id is None:
        raise WrongMove(N_("The customer brought this part along; the store has nothing to do with it."))
    return line.part_id


def _too_little(session: Session, line: OrderPart) -> WrongMove:
    part = session.get_one(Part, _part_id(line), populate_existing=True)
    return WrongMove(
        N_("Of %(code)s only %(free)s is free, and %(wanted)s is wanted."), code=part.code,
        free=f"{part.free / 100:g}", wanted=f"{line.quantity / 100:g}",
    )  # fmt: skip


def _may(by: Person) -> None:
    if not by.may(Right.KEEP_PARTS):
        raise NotAllowed
