"""Presents for visits: taken out of stock by counters that never fall below nothing, and brought back."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.database import uuid7
from server.domain.care.visit_goods import Gift, VisitGift
from server.domain.care.visits import UNFINISHED, HomeVisit, tell
from server.domain.people import Person, Right, of_store
from server.domain.records import record
from server.domain.records.events import take_turn
from server.domain.refusals import Invalid, N_, NotAllowed, NotThere, WrongMove

MOST = 20
"""Of one present on one visit."""
MOST_IN_STOCK = 100_000


def in_stock(session: Session, store_id: UUID) -> Sequence[Gift]:
    """What may be taken along, by its name's code."""
    query = select(Gift).where(Gift.store_id == store_id, Gift.active)
    return session.scalars(query.order_by(Gift.code)).all()


def of_visit(session: Session, visit: HomeVisit) -> Sequence[VisitGift]:
    """What is out for a visit."""
    query = select(VisitGift).where(VisitGift.store_id == visit.store_id, VisitGift.visit_id == visit.id)
    return session.scalars(query.where(VisitGift.pieces > 0).order_by(VisitGift.id)).all()


def take(session: Session, visit: HomeVisit, gift_id: UUID, count: int, *, by: Person) -> None:
    """Put some into the car. Raises Invalid at `count`, WrongMove when fewer are there."""
    _may_pack(visit, by)
    gift = _gift(session, gift_id, by)
    line = _line(session, visit, gift, by)
    if not 0 < count <= MOST - line.pieces:
        raise Invalid.at("count", N_("Between %(least)s and %(most)s."), least=1, most=MOST - line.pieces)
    _move(session, gift, -count)
    line.pieces, line.by_id, line.at = line.pieces + count, by.id, by.moment()
    tell(session, "visit.gift_taken", visit, by=by, gift=gift.name, count=count)


def bring_back(session: Session, visit: HomeVisit, gift_id: UUID, *, by: Person) -> None:
    """All of one present that is out for a visit was not given: it lies in the cupboard again."""
    gift = _gift(session, gift_id, by)
    _bring_back(session, visit, _line(session, visit, gift, by), by=by)


def bring_all_back(session: Session, visit: HomeVisit, *, by: Person) -> None:
    """Nothing is given."""
    take_turn(session, visit.store_id)
    for line in of_visit(session, visit):
        _bring_back(session, visit, line, by=by)


def count(session: Session, gift_id: UUID, found: int, *, by: Person) -> None:
    """So many lie there. Raises Invalid at `found`, NotAllowed."""
    if not by.may(Right.PLAN_VISITS):
        raise NotAllowed
    gift = _gift(session, gift_id, by)
    if not 0 <= found <= MOST_IN_STOCK:
        raise Invalid.at("found", N_("Between %(least)s and %(most)s."), least=0, most=MOST_IN_STOCK)
    before, gift.on_hand = gift.on_hand, found
    gift.version += 1
    record(session, "visit_gift.counted", gift, by=by, gift=gift.name, before=before, found=found)


def _bring_back(session: Session, visit: HomeVisit, line: VisitGift, *, by: Person) -> None:
    if not line.pieces:
        return
    _move(session, line.gift, line.pieces)
    tell(session, "visit.gift_back", visit, by=by, gift=line.gift.name, count=line.pieces)
    line.pieces, line.by_id, line.at = 0, by.id, by.moment()


def _move(session: Session, gift: Gift, count: int) -> None:
    """One statement that refuses to go below nothing: of two who take the last one, one gets it."""
    session.flush()
    change = update(Gift).where(Gift.id == gift.id, Gift.on_hand + count >= 0)
    changed = session.execute(change.values(on_hand=Gift.on_hand + count, version=Gift.version + 1).returning(Gift.id))
    if changed.scalar() is None:
        session.refresh(gift)
        raise WrongMove(N_("Only %(count)s of “%(gift)s” are left."), count=gift.on_hand, gift=gift.name)
    session.refresh(gift)


def _line(session: Session, visit: HomeVisit, gift: Gift, by: Person) -> VisitGift:
    query = select(VisitGift).where(VisitGift.store_id == visit.store_id, VisitGift.visit_id == visit.id)
    line = session.scalar(query.where(VisitGift.gift_id == gift.id))
    if line is None:
        line = VisitGift(
            id=uuid7(), store_id=visit.store_id, visit_id=visit.id, gift_id=gift.id, gift=gift, pieces=0, by_id=by.id,
            at=by.moment(),
        )  # fmt: skip
        session.add(line)
    return line


def _gift(session: Session, gift_id: UUID, by: Person) -> Gift:
    take_turn(session, by.store_id)  # two devices that take the same present have one line between them
    gift = of_store(session, Gift, gift_id, by.store_id)
    if not gift.active:
        raise NotThere
    return gift


def _may_pack(visit: HomeVisit, by: Person) -> None:
    if not (by.may(Right.GO_ON_VISITS) or by.may(Right.PLAN_VISITS)):
        raise NotAllowed
    if visit.state not in UNFINISHED:
        raise WrongMove(N_("This visit is “%(now)s”; it cannot be changed any more."), now=visit.state_name)
