"""What the parts desk looks at: what is asked for, what lies there, what is to be ordered, and how it moved."""

from collections.abc import Sequence
from itertools import groupby
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session, joinedload

from server.domain.catalogue.parts import Part
from server.domain.people import Person, Right
from server.domain.refusals import NotThere
from server.domain.workshop.order_lines import OrderJob, OrderPart, PartState
from server.domain.workshop.parts_stock import HANDED_OUT, TAKEN_BACK
from server.domain.workshop.repair_orders import RepairOrder
from server.domain.workshop.stock_moves import StockMove

MOST = 60
MOST_WAITING = 400
ALL, REORDER, SHORT = "all", "reorder", "short"
SHOWN = (ALL, REORDER, SHORT)


class Wanted(msgspec.Struct, frozen=True):
    """One part that an order needs: the line, what lies there, and for which job."""

    line: OrderPart
    part: Part
    job: OrderJob | None

    @property
    def is_short(self) -> bool:
        """Whether too little is free and nothing is kept."""
        return self.line.state == PartState.APPROVED and self.part.free < self.line.quantity

    @property
    def is_out(self) -> bool:
        """Whether the technician has it."""
        return self.line.state == PartState.ISSUED


class Request(msgspec.Struct, frozen=True):
    """What one car needs of the store."""

    order: RepairOrder
    wanted: Sequence[Wanted]

    @property
    def waiting(self) -> Sequence[Wanted]:
        """What is not issued."""
        return [one for one in self.wanted if not one.is_out]

    @property
    def is_short(self) -> bool:
        """Whether something of it has to be got first."""
        return any(one.is_short for one in self.wanted)


def requests(session: Session, person: Person) -> Sequence[Request]:
    """The cars that wait for parts, the earliest promised first; asks as little about many as about one."""
    return [one for one in _requests(session, person, PartState.APPROVED, PartState.RESERVED) if one.waiting]


def handed_out(session: Session, person: Person) -> Sequence[Request]:
    """What technicians of open orders have in their hands."""
    return _requests(session, person, PartState.ISSUED)


def stock(session: Session, person: Person, q: str = "", show: str = ALL, after: str = "") -> Sequence[Part]:
    """The parts of the store by code, from the one after `after`; one more than a page shows."""
    query = select(Part).where(Part.store_id == person.store_id, Part.active)
    if q:
        words = q.replace("%", "").replace("_", "").lower()
        names = [Part.name["zh"].as_string(), Part.name["en"].as_string()]
        like = [func.lower(column).contains(words) for column in (Part.code, Part.brand, Part.bin, *names)]
        query = query.where(or_(*like))
    if show == REORDER:
        query = query.where(Part.on_hand - Part.reserved <= Part.reorder_at, Part.reorder_at > 0)
    if show == SHORT:
        waiting = select(OrderPart.part_id).join(RepairOrder, RepairOrder.id == OrderPart.order_id)
        waiting = waiting.where(OrderPart.store_id == person.store_id, OrderPart.state == PartState.APPROVED)
        query = query.where(Part.id.in_(waiting.where(RepairOrder.state.in_(HANDED_OUT))))
    if after:
        query = query.where(Part.code > after)
    return session.scalars(query.order_by(Part.code).limit(MOST + 1)).all()


def wanted_of(session: Session, person: Person, parts: Sequence[Part]) -> dict[UUID, int]:
    """How much of each is agreed to and not even reserved."""
    query = select(OrderPart.part_id, func.sum(OrderPart.quantity))
    query = query.join(RepairOrder, RepairOrder.id == OrderPart.order_id)
    query = query.where(OrderPart.store_id == person.store_id, OrderPart.state == PartState.APPROVED)
    query = query.where(RepairOrder.state.in_(HANDED_OUT), OrderPart.part_id.in_([part.id for part in parts]))
    rows = session.execute(query.group_by(OrderPart.part_id))
    return {part_id: int(quantity) for part_id, quantity in rows if part_id is not None}


def one(session: Session, person: Person, part_id: UUID) -> Part:
    """A part of the store. Raises NotThere."""
    found = session.scalar(select(Part).where(Part.store_id == person.store_id, Part.id == part_id))
    if found is None or not person.may(Right.SEE_WORKSHOP):
        raise NotThere
    return found


def moves_of(session: Session, part: Part, most: int = MOST) -> Sequence[StockMove]:
    """How it came and went, newest first."""
    query = select(StockMove).where(StockMove.store_id == part.store_id, StockMove.part_id == part.id)
    query = query.options(joinedload(StockMove.by))
    return session.scalars(query.order_by(StockMove.at.desc(), StockMove.id.desc()).limit(most)).all()


def numbers_of(session: Session, moves: Sequence[StockMove]) -> dict[UUID, tuple[str, str]]:
    """The order number and address behind each line that moved."""
    ids = [move.order_part_id for move in moves if move.order_part_id]
    query = select(OrderPart.id, RepairOrder.number, RepairOrder.id)
    query = query.join(RepairOrder, RepairOrder.id == OrderPart.order_id).where(OrderPart.id.in_(ids))
    return {row[0]: (row[1], f"/repair-orders/{row[2]}") for row in session.execute(query)} if ids else {}


def _requests(session: Session, person: Person, *states: PartState) -> Sequence[Request]:
    orders = TAKEN_BACK if PartState.ISSUED in states else HANDED_OUT
    query: Any = select(OrderPart, Part, RepairOrder, OrderJob).join(Part, Part.id == OrderPart.part_id)
    query = query.join(RepairOrder, RepairOrder.id == OrderPart.order_id)
    query = query.outerjoin(OrderJob, OrderJob.id == OrderPart.order_job_id)
    query = query.where(OrderPart.store_id == person.store_id, OrderPart.state.in_(states))
    query = query.where(RepairOrder.state.in_(orders))
    query = query.options(joinedload(RepairOrder.car), joinedload(OrderJob.technician))
    query = query.order_by(RepairOrder.promised_at, RepairOrder.id, OrderPart.position).limit(MOST_WAITING)
    rows = [tuple(row) for row in session.execute(query)] if person.may(Right.SEE_WORKSHOP) else []
    found: list[Request] = []
    for _, group in groupby(rows, key=lambda row: row[2].id):
        lines = list(group)
        found.append(Request(lines[0][2], [Wanted(line, part, job) for line, part, _, job in lines]))
    return found
