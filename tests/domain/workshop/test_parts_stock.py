"""The parts store: kept, issued, brought back and counted; never below nothing, whoever asks at the same moment."""

import threading
from collections.abc import Callable
from itertools import product

import pytest
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.database import Database
from server.domain.catalogue.parts import Part
from server.domain.people import Person
from server.domain.refusals import Invalid, NotAllowed, WrongMove
from server.domain.workshop import OrderPart, PartState, RepairOrder, StockMove, intake, parts_desk, parts_stock
from server.domain.workshop.order_lines import PART_MOVES, move_part
from tests.cast import OTHER_VIN, VIN, Cast
from tests.domain.workshop.asked import BRAKES, a_car_in_work, a_draft, answer
from tests.domain.workshop.repairing import a_job, a_part, a_signed_order, a_written_order, sign

OIL = "M-B"


def lines_of(session: Session, order: RepairOrder) -> list[OrderPart]:
    session.flush()
    return list(intake.lines_of(session, order)[1])


def sums(session: Session, part: Part) -> tuple[int, int]:
    """What the moves of a part come to."""
    query = select(func.sum(StockMove.on_hand), func.sum(StockMove.reserved)).where(StockMove.part_id == part.id)
    on_hand, reserved = session.execute(query).one()
    return on_hand or 0, reserved or 0


def of(session: Session, line: OrderPart) -> Part:
    assert line.part_id is not None
    return session.get_one(Part, line.part_id, populate_existing=True)


@pytest.mark.parametrize(("before", "after"), list(product(PartState, PartState)))
def test_a_part_goes_only_where_the_table_says(
    session: Session, cast: Cast, before: PartState, after: PartState
) -> None:
    order = a_written_order(session, cast)
    line = lines_of(session, order)[0]
    line.state = before
    if after in PART_MOVES[before]:
        move_part(session, order, line, after, "order_part.moved", by=cast.pei)
        assert line.state == after
    else:
        with pytest.raises(WrongMove):
            move_part(session, order, line, after, "order_part.moved", by=cast.pei)


def test_a_signed_order_has_its_parts_kept_and_an_issue_takes_them_out(session: Session, cast: Cast) -> None:
    part = a_part(session, cast, a_job(session, cast, OIL).parts[0]["code"])
    lay = part.on_hand
    order = a_signed_order(session, cast, jobs=(OIL,))
    line = next(one for one in lines_of(session, order) if one.part_id == part.id)
    assert (line.state, part.on_hand, part.reserved) == (PartState.RESERVED, lay, line.quantity)
    parts_stock.issue(session, line, by=cast.pei)
    assert (line.state, part.on_hand, part.reserved) == (PartState.ISSUED, lay - line.quantity, 0)
    parts_stock.give_back(session, line, by=cast.pei, note="没用上")
    assert (line.state, part.on_hand, part.reserved) == (PartState.RETURNED, lay, 0)
    assert sums(session, part) == (0, 0)
    assert [move.kind for move in parts_desk.moves_of(session, part)] == ["return", "issue", "reserve"]


def test_what_lies_not_there_is_asked_for_and_kept_when_it_comes(session: Session, cast: Cast) -> None:
    part = a_part(session, cast, a_job(session, cast, OIL).parts[0]["code"])
    parts_stock.count(session, part, 0, by=cast.pei, why="年度盘点")
    first, second = a_signed_order(session, cast), a_signed_order(session, cast, OTHER_VIN)
    lines = [next(one for one in lines_of(session, order) if one.part_id == part.id) for order in (first, second)]
    assert {line.state for line in lines} == {PartState.APPROVED}
    (asked, _) = parts_desk.requests(session, cast.pei)
    assert asked.is_short
    with pytest.raises(WrongMove):
        parts_stock.issue(session, lines[0], by=cast.pei)
    kept = parts_stock.receive(session, part, lines[0].quantity, by=cast.pei, note="到货")
    assert [line.order_id for line in kept] == [first.id]
    assert [line.state for line in lines] == [PartState.RESERVED, PartState.APPROVED]
    assert part.free == 0
    assert part in parts_desk.stock(session, cast.pei, show=parts_desk.REORDER)
    assert part in parts_desk.stock(session, cast.pei, show=parts_desk.SHORT)
    assert parts_desk.wanted_of(session, cast.pei, [part]) == {part.id: lines[1].quantity}


def test_a_cancelled_order_lets_go_of_its_parts(session: Session, cast: Cast) -> None:
    order = a_signed_order(session, cast)
    line = lines_of(session, order)[0]
    part = of(session, line)
    assert part.reserved == line.quantity
    intake.cancel(session, order, by=cast.chen, why="客户改期")
    session.flush()
    assert (line.state, of(session, line).reserved) == (PartState.CANCELLED, 0)
    assert sums(session, part) == (0, 0)


def test_extra_work_that_is_agreed_to_has_its_parts_kept(session: Session, cast: Cast) -> None:
    from server.domain.workshop import answering, asking

    extra = a_draft(session, cast, a_car_in_work(session, cast))
    asking.send(session, extra, by=cast.chen, words="")
    session.flush()
    answer(session, answering.held(session, extra.id), "agree", "decline")
    extras = [line for line in lines_of(session, extra.order) if line.extra_id == extra.id]
    code = a_job(session, cast, BRAKES).parts[0]["code"]
    told = {line.code: line.state for line in extras}
    assert told[code] == PartState.RESERVED
    assert PartState.DECLINED in told.values()


def test_nothing_unapproved_leaves_the_store(session: Session, cast: Cast) -> None:
    order = a_written_order(session, cast)
    line = lines_of(session, order)[0]
    for deed in (parts_stock.issue, parts_stock.reserve, parts_stock.give_back):
        with pytest.raises(WrongMove):
            deed(session, line, by=cast.pei)
    sign(session, cast, order)
    with pytest.raises(NotAllowed):
        parts_stock.issue(session, line, by=cast.zhou)


def test_a_count_keeps_what_is_kept_for_orders_and_wants_a_reason(session: Session, cast: Cast) -> None:
    line = lines_of(session, a_signed_order(session, cast))[0]
    part = of(session, line)
    for found, note in ((line.quantity - 1, "盘点"), (part.on_hand, ""), (-1, "盘点")):
        with pytest.raises(Invalid):
            parts_stock.count(session, part, found, by=cast.pei, why=note)
    parts_stock.count(session, part, line.quantity, by=cast.pei, why="少了")
    assert (part.on_hand, part.free) == (line.quantity, 0)
    for quantity in (0, -100):
        with pytest.raises(Invalid):
            parts_stock.receive(session, part, quantity, by=cast.pei)


def test_what_is_not_needed_is_free_again_and_not_charged(session: Session, cast: Cast) -> None:
    line = lines_of(session, a_signed_order(session, cast))[0]
    parts_stock.not_needed(session, line, by=cast.chen)
    assert (line.state, line.is_billed, of(session, line).reserved) == (PartState.CANCELLED, False, 0)


def test_the_database_itself_keeps_the_counters_and_the_moves(session: Session, cast: Cast) -> None:
    line = lines_of(session, a_signed_order(session, cast))[0]
    move = session.scalars(select(StockMove).limit(1)).one()
    for deed in (
        update(Part).where(Part.id == line.part_id).values(on_hand=-1),
        update(Part).where(Part.id == line.part_id).values(reserved=10**9),
        update(StockMove).where(StockMove.id == move.id).values(on_hand=5),
        delete(StockMove).where(StockMove.id == move.id),
    ):
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(deed)


def test_two_desks_that_issue_the_last_one_do_not_both_get_it(database: Database, cast: Cast) -> None:
    """Eight at the same moment, each in a transaction of its own; there are enough for three."""
    vins = [f"LVVDB11B{number}RD33000{number}" for number in range(8)]
    with database.work(cast.store) as session:
        part = a_part(session, cast, a_job(session, cast, OIL).parts[0]["code"])
        parts_stock.count(session, part, 0, by=cast.pei, why="盘点")
        orders = [a_signed_order(session, cast, vin) for vin in (VIN, *vins[:7])]
        lines = [next(one for one in lines_of(session, order) if one.part_id == part.id) for order in orders]
        ids, quantity, part_id = [line.id for line in lines], lines[0].quantity, part.id
        # As when goods come in and nobody is served by itself: all eight find them free.
        session.execute(update(Part).where(Part.id == part_id).values(on_hand=3 * quantity))
    told = at_once([lambda line=line: _issue(database, cast.pei, line) for line in ids])
    with database.work(cast.store) as session:
        part = session.get_one(Part, part_id)
        states = [session.get_one(OrderPart, line).state for line in ids]
        issued = select(func.count()).where(StockMove.part_id == part_id, StockMove.kind == "issue")
        assert (part.on_hand, part.reserved) == (0, 0)
        assert sorted(told) == sorted(["issued"] * 3 + ["refused"] * 5)
        assert (states.count(PartState.ISSUED), states.count(PartState.APPROVED)) == (3, 5)
        assert session.scalar(issued) == 3


def test_issuing_cancelling_and_receiving_at_once_lose_nothing(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        order = a_signed_order(session, cast)
        other = a_signed_order(session, cast, OTHER_VIN)
        lines = [(one.id, one.part_id) for one in lines_of(session, order) if one.part_id]
        parts = {one: session.get_one(Part, one).on_hand for _, one in lines}
        order_id, other_id = order.id, other.id
        quantity = {one.id: one.quantity for one in lines_of(session, order)}

    def cancel() -> str:
        with database.work(cast.store) as session:
            intake.cancel(session, session.get_one(RepairOrder, other_id), by=cast.chen, why="不修了")
        return "cancelled"

    def receive() -> str:
        with database.work(cast.store) as session:
            parts_stock.receive(session, session.get_one(Part, lines[0][1]), 700, by=cast.pei)
        return "received"

    deeds: list[Callable[[], str]] = [lambda line=line: _issue(database, cast.pei, line) for line, _ in lines]
    told = at_once([*deeds, cancel, receive, receive])
    assert sorted(told) == sorted(["issued"] * len(lines) + ["cancelled", "received", "received"])
    with database.work(cast.store) as session:
        assert session.get_one(RepairOrder, order_id).state == "ordered"
        for line, part_id in lines:
            assert part_id is not None
            part = session.get_one(Part, part_id)
            more = 1400 if part_id == lines[0][1] else 0
            assert (part.on_hand, part.reserved) == (parts[part_id] + more - quantity[line], 0)


def _issue(database: Database, by: Person, line_id: object) -> str:
    try:
        with database.work(by.store_id) as session:
            parts_stock.issue(session, session.get_one(OrderPart, line_id), by=by)
    except WrongMove:
        return "refused"
    return "issued"


def at_once(deeds: list[Callable[[], str]]) -> list[str]:
    """All begin when all are there; what each came to."""
    told: list[str] = []
    ready = threading.Barrier(len(deeds))

    def run(deed: Callable[[], str]) -> None:
        ready.wait()
        told.append(deed())

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return told
