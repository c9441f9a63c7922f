"""Writing an order: jobs with the parts that go into them, the class that the customer chose, and who pays.

Hours, rates and prices are those of the catalogue: nothing is charged that is not marked.
"""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from server.database import Words, uuid7
from server.domain.catalogue.jobs import Job
from server.domain.catalogue.parameters import value_of
from server.domain.catalogue.parts import Part
from server.domain.people import Person
from server.domain.refusals import Invalid, N_, NotThere, WrongMove
from server.domain.workshop import intake_list
from server.domain.workshop.intake import may_write, require_intake
from server.domain.workshop.order_lines import PAYERS, SELF, JobState, OrderJob, OrderPart, PartState, tell
from server.domain.workshop.repair_orders import RepairOrder
from server.domain.workshop.sums import labour, material

ONE = 100
"""One whole unit."""
MOST_QUANTITY = 100_000
PAYER_OF = {"warranty": "three_guarantee", "recall": "recall"}
"""Who pays for a job of this kind unless somebody says otherwise."""


def add_job(
    session: Session, order: RepairOrder, job: Job, *, by: Person, payer: str = "", extra_id: UUID | None = None,
    id: UUID | None = None,
) -> OrderJob:  # fmt: skip
    """One job of the catalogue with its usual parts, proposed to the customer. Raises WrongMove, Invalid at `payer`."""
    _may_add(order, by, extra_id)
    if id is not None and (known := session.get(OrderJob, id)):
        return _known(known, order)
    rate: int = value_of(session, order.store_id, f"labour_rate.{job.skill}")
    line = OrderJob(
        id=id or uuid7(), store_id=order.store_id, order_id=order.id, job_id=job.id, code=job.code, name=job.name,
        skill=job.skill, hours=job.hours, rate=rate, amount=labour(job.hours, rate),
        payer=_payer(payer or PAYER_OF.get(job.kind, "") or PAYER_OF.get(order.kind, SELF)), state=JobState.PROPOSED,
        position=_next(session, OrderJob, order), guarantee=job.guarantee, extra_id=extra_id, why_declined="",
    )  # fmt: skip
    session.add(line)
    session.flush()  # its parts and the event point at it
    tell(session, "order_job.added", order, line, by=by)
    usual = {str(one["code"]): int(one["quantity"]) for one in job.parts}
    for part in _parts(session, order.store_id, usual):
        add_part(
            session, order, part, by=by, quantity=usual[part.code], order_job=line, payer=line.payer, extra_id=extra_id
        )
    _touch(session, order, by, extra_id)
    return line


def add_part(
    session: Session, order: RepairOrder, part: Part, *, by: Person, quantity: int = ONE,
    order_job: OrderJob | None = None, payer: str = "", extra_id: UUID | None = None, id: UUID | None = None,
) -> OrderPart:  # fmt: skip
    """A part of the catalogue at its marked price. Raises WrongMove, Invalid at `quantity` or `payer`."""
    _may_add(order, by, extra_id)
    if id is not None and (known := session.get(OrderPart, id)):
        return _known(known, order)
    line = OrderPart(
        id=id or uuid7(), store_id=order.store_id, order_id=order.id, order_job_id=order_job.id if order_job else None,
        part_id=part.id, quantity=_quantity(quantity), payer=_payer(payer or SELF), own=False,
        state=PartState.PROPOSED, position=_next(session, OrderPart, order), extra_id=extra_id, why_declined="",
        **_of_the_catalogue(part, quantity),
    )  # fmt: skip
    session.add(line)
    session.flush()  # the event points at it
    tell(session, "order_part.added", order, line, by=by)
    _touch(session, order, by, extra_id)
    return line


def bring_part(
    session: Session,
    order: RepairOrder,
    name: str,
    *,
    by: Person,
    quantity: int = ONE,
    order_job: OrderJob | None = None,
    id: UUID | None = None,
) -> OrderPart:
    """A part that the customer brought along: it costs nothing and takes nothing out of the store.

    Raises WrongMove, Invalid at `own`.
    """
    _may_add(order, by, None)
    if id is not None and (known := session.get(OrderPart, id)):
        return _known(known, order)
    if not name:
        raise Invalid.at("own", N_("Please fill this in."))
    line = OrderPart(
        id=id or uuid7(), store_id=order.store_id, order_id=order.id, order_job_id=order_job.id if order_job else None,
        part_id=None, code="", name={"zh": name, "en": name}, brand="", part_class="", unit={"zh": "件", "en": "pc"},
        quantity=_quantity(quantity), price=0, amount=0, payer=SELF, own=True, state=PartState.PROPOSED,
        position=_next(session, OrderPart, order), extra_id=None, why_declined="",
    )  # fmt: skip
    session.add(line)
    session.flush()  # the event points at it
    tell(session, "order_part.brought", order, line, by=by)
    return line


def choose(session: Session, order: RepairOrder, line: OrderPart, part: Part, *, by: Person) -> None:
    """The customer takes another class of the same part. Raises Invalid at `part` when it is no stand-in."""
    _may_change(order, line, by)
    current = session.get(Part, line.part_id) if line.part_id else None
    if current is None or family(current) != family(part):
        raise Invalid.at("part", N_("Choose one of the offered."))
    before = line.part_class
    line.part_id = part.id
    for name, value in _of_the_catalogue(part, line.quantity).items():
        setattr(line, name, value)
    line.version += 1
    tell(session, "order_part.chosen", order, line, by=by, from_=before, to=part.part_class)
    _touch(session, order, by, line.extra_id)


def set_payer(session: Session, order: RepairOrder, line: OrderJob | OrderPart, payer: str, *, by: Person) -> None:
    """Who pays; with a job its parts. Raises Invalid at `payer`."""
    _may_change(order, line, by)
    together: list[OrderJob | OrderPart] = [line]
    if isinstance(line, OrderJob):
        query = select(OrderPart).where(OrderPart.store_id == order.store_id, OrderPart.order_job_id == line.id)
        together += session.scalars(query).all()
    for one in together:
        if one.payer != _payer(payer):
            tell(session, f"{_kind(one)}.payer", order, one, by=by, from_=one.payer, to=payer)
            one.payer = payer
            one.version += 1
    _touch(session, order, by, line.extra_id)


def set_quantity(session: Session, order: RepairOrder, line: OrderPart, quantity: int, *, by: Person) -> None:
    """How much of it, in hundredths of the unit. Raises Invalid at `quantity`."""
    _may_change(order, line, by)
    if line.quantity != _quantity(quantity):
        tell(session, "order_part.quantity", order, line, by=by, from_=line.quantity, to=quantity)
        line.quantity, line.amount = quantity, material(quantity, line.price)
        line.version += 1
    _touch(session, order, by, line.extra_id)


def remove(session: Session, order: RepairOrder, line: OrderJob | OrderPart, *, by: Person) -> None:
    """Taken off again before the customer has seen it; with a job its parts go."""
    _may_change(order, line, by)
    if isinstance(line, OrderJob):
        query = select(OrderPart).where(OrderPart.store_id == order.store_id, OrderPart.order_job_id == line.id)
        for part in session.scalars(query).all():
            tell(session, "order_part.removed", order, part, by=by)
            session.delete(part)
        session.flush()  # the parts point at the job
    tell(session, f"{_kind(line)}.removed", order, line, by=by)
    session.delete(line)
    _touch(session, order, by, line.extra_id)


def line_of(session: Session, order: RepairOrder, kind: type[Any], line_id: UUID) -> Any:
    """A job or part of this order. Raises NotThere."""
    query = select(kind).where(kind.store_id == order.store_id, kind.order_id == order.id, kind.id == line_id)
    found = session.scalar(query)
    if found is None:
        raise NotThere
    return found


def family(part: Part) -> str:
    """The code of the original that it is or stands in for."""
    return part.instead_of or part.code


def alternatives(session: Session, store_id: UUID, lines: Iterable[OrderPart]) -> dict[UUID, list[Part]]:
    """By part of the catalogue on these lines, every class in which it can be had, in one question."""
    ids = {line.part_id for line in lines if line.part_id}
    if not ids:
        return {}
    mine = select(Part.code, Part.instead_of).where(Part.store_id == store_id, Part.id.in_(ids)).subquery()
    same = or_(Part.code == mine.c.code, Part.code == mine.c.instead_of, Part.instead_of == mine.c.code,
               (Part.instead_of == mine.c.instead_of) & (Part.instead_of != ""))  # fmt: skip
    query = select(Part).join(mine, same).where(Part.store_id == store_id, or_(Part.active, Part.id.in_(ids)))
    found = {part.id: part for part in session.scalars(query.order_by(Part.price.desc(), Part.code))}
    return {one: [part for part in found.values() if family(part) == family(found[one])] for one in ids if one in found}


def _of_the_catalogue(part: Part, quantity: int) -> dict[str, Any]:
    name: Words = part.name
    return {
        "code": part.code, "name": name, "brand": part.brand, "part_class": part.part_class, "unit": part.unit,
        "price": part.price, "amount": material(quantity, part.price),
    }  # fmt: skip


def _may_add(order: RepairOrder, by: Person, extra_id: UUID | None) -> None:
    may_write(by)
    if extra_id is None:
        require_intake(order)
    elif not order.is_open:
        raise WrongMove(N_("The car has left; nothing is added any more."))


def _may_change(order: RepairOrder, line: OrderJob | OrderPart, by: Person) -> None:
    """What the customer was asked about or has agreed to stands."""
    may_write(by)
    if line.extra_id is None:
        require_intake(order)
    if line.state != JobState.PROPOSED:
        raise WrongMove(N_("The customer was asked about this; it stands as it is."))


def _touch(session: Session, order: RepairOrder, by: Person, extra_id: UUID | None) -> None:
    if extra_id is None:
        session.flush()  # the list counts the lines
        intake_list.fill(session, order, by=by)


def _next(session: Session, kind: type[Any], order: RepairOrder) -> int:
    query = select(func.max(kind.position)).where(kind.store_id == order.store_id, kind.order_id == order.id)
    return (session.scalar(query) or 0) + 1


def _parts(session: Session, store_id: UUID, codes: dict[str, int]) -> Sequence[Part]:
    if not codes:
        return ()
    found = session.scalars(select(Part).where(Part.store_id == store_id, Part.code.in_(codes), Part.active)).all()
    return sorted(found, key=lambda part: list(codes).index(part.code))


def _payer(payer: str) -> str:
    if payer not in PAYERS:
        raise Invalid.at("payer", N_("Choose one of the offered."))
    return payer


def _quantity(quantity: int) -> int:
    if not 0 < quantity <= MOST_QUANTITY:
        raise Invalid.at("quantity", N_("Give a quantity above nothing, at most %(most)s."), most=MOST_QUANTITY // ONE)
    return quantity


def _kind(line: OrderJob | OrderPart) -> str:
    return "order_job" if isinstance(line, OrderJob) else "order_part"


def _known(line: Any, order: RepairOrder) -> Any:
    if line.order_id != order.id:
        raise NotThere
    return line
