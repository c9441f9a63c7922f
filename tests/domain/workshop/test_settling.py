"""Settling by payer to the fen, paying in parts, and reversing as a whole; what was issued stands still."""

from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from server.database import now, uuid7
from server.domain.billing import payments
from server.domain.records import papers
from server.domain.refusals import Invalid, NotAllowed, WrongMove
from server.domain.workshop import (
    PartState,
    Settlement,
    SettlementState,
    State,
    cashing,
    checking,
    intake,
    lines,
    parts_stock,
    settlements,
    settling,
)
from server.domain.workshop.settlements import SETTLEMENT_MOVES
from server.domain.workshop.sums import tax_share
from tests.cast import Cast
from tests.domain.workshop.repairing import a_job, a_written_order, sign
from tests.domain.workshop.returned import a_ready_car, a_settled_car, make_ready, pay

PAYING = ("M-B", "R-PADF1", "T-RADIO")


def two_payers(session: Session, cast: Cast) -> tuple[list[Settlement], int]:
    """A maintenance that the customer pays and a warranty job; the settlements and what the lines come to."""
    order = a_written_order(session, cast, jobs=("M-B",))
    lines.add_job(session, order, a_job(session, cast, "T-RADIO"), by=cast.chen)
    sign(session, cast, order)
    order.wash = False
    make_ready(session, cast, order)
    jobs, parts = intake.lines_of(session, order)
    return settling.issue(session, order, by=cast.chen), sum(line.amount for line in (*jobs, *parts))


@pytest.mark.parametrize(("before", "after"), list(product(SettlementState, SettlementState)))
def test_a_settlement_goes_only_where_the_table_says(
    session: Session, cast: Cast, before: SettlementState, after: SettlementState
) -> None:
    order = a_written_order(session, cast)
    one = Settlement(
        id=uuid7(),
        store_id=cast.store,
        version=1,
        order_id=order.id,
        payer="self",
        state=before,
        created_at=now(),
        content={},
    )
    session.add(one)
    if after in SETTLEMENT_MOVES[before]:
        settlements.move(session, one, after, "settlement.moved", by=cast.chen)
        assert one.state == after
    else:
        with pytest.raises(WrongMove):
            settlements.move(session, one, after, "settlement.moved", by=cast.chen)


def test_each_payer_pays_their_lines_to_the_fen_with_the_tax_in_them(session: Session, cast: Cast) -> None:
    (own, maker), lines_sum = two_payers(session, cast)
    assert (own.payer, maker.payer) == ("self", "three_guarantee")
    assert own.total + maker.total == lines_sum + own.rounding
    assert -10 < own.rounding <= 0
    assert own.total % 10 == 0
    assert maker.rounding == 0
    for one in (own, maker):
        assert one.total == one.labour + one.parts_total + one.other - one.discount + one.rounding
        assert (one.tax, one.net + one.tax) == (tax_share(one.total, 13), one.total)
        told = one.content
        assert sum(line["amount"] for line in told["jobs"]) == one.labour
        assert sum(line["amount"] for line in told["parts"]) == one.parts_total
        assert all(line["guarantee"]["km"] and line["guarantee"]["days"] for line in (*told["jobs"], *told["parts"]))
    assert own.number != maker.number


def test_a_deposit_and_part_payments_settle_the_order_with_the_last_fen(session: Session, cast: Cast) -> None:
    order = a_ready_car(session, cast)
    cashing.take(session, order, by=cast.chen, method="wechat", amount=5_000, note="配件订金")
    (one,) = settling.issue(session, order, by=cast.chen)
    assert (order.state, cashing.owed(session, order)) == (State.READY, one.total - 5_000)
    cashing.take(session, order, by=cast.chen, method="cash", amount=1)
    with pytest.raises(Invalid):
        cashing.take(session, order, by=cast.chen, method="cash", amount=one.total - 5_000)
    cashing.take(session, order, by=cast.chen, method="cash", amount=one.total - 5_001)
    assert (order.state, one.state) == (State.SETTLED, SettlementState.PAID)
    assert order.settled_at is not None
    assert [paid.kind for paid in cashing.payments_of(session, order, [one])] == ["deposit", "service", "service"]
    kinds = [paper.kind for paper in papers.of_subject(session, cast.store, order.id)]
    assert kinds.count("service_receipt") == 3
    assert kinds.count("settlement_list") == 1


def test_the_same_payment_sent_twice_is_one(session: Session, cast: Cast) -> None:
    order = a_ready_car(session, cast)
    settling.issue(session, order, by=cast.chen)
    born = uuid7()
    first = cashing.take(session, order, by=cast.chen, method="cash", amount=100, id=born)
    again = cashing.take(session, order, by=cast.chen, method="cash", amount=100, id=born)
    assert first.id == again.id
    assert cashing.paid(session, order) == 100


def test_a_paid_settlement_is_only_reversed_and_the_counter_takes_every_fen_back(session: Session, cast: Cast) -> None:
    order = a_settled_car(session, cast)
    (one,) = settling.standing(session, order)
    with pytest.raises(Invalid):
        settling.reverse(session, one, by=cast.chen, why="")
    counter = settling.reverse(session, one, by=cast.chen, why="工时开错")
    fields = ("labour", "parts_total", "other", "discount", "rounding", "total", "tax")
    assert all(getattr(one, name) + getattr(counter, name) == 0 for name in fields)
    assert (one.state, counter.state, counter.reverses_id) == ("reversed", "reversed", one.id)
    assert (order.state, order.settled_at) == (State.READY, None)
    assert settling.standing(session, order) == []
    assert cashing.owed(session, order) == -one.total
    with pytest.raises(WrongMove):
        settling.reverse(session, counter, by=cast.chen, why="再冲")
    with pytest.raises(Invalid):
        cashing.refund(session, order, by=cast.chen, method="cash", amount=one.total + 1)
    settling.adjust(session, order, "self", by=cast.chen, discount=100, why="致歉")
    (anew,) = settling.issue(session, order, by=cast.chen)
    assert anew.total < one.total
    assert order.state == State.SETTLED, "what was paid before counts"
    back = cashing.refund(session, order, by=cast.chen, method="cash", amount=one.total - anew.total)
    assert (back.kind, cashing.owed(session, order)) == (payments.REFUND, 0)


def test_the_database_itself_keeps_what_was_issued(session: Session, cast: Cast) -> None:
    order = a_settled_car(session, cast)
    (one,) = settling.standing(session, order)
    session.flush()
    changes: list[dict[str, Any]] = [{"total": 1, "labour": 1}, {"content": {}}, {"number": "1"}, {"payer": "recall"}]
    for change in changes:
        with pytest.raises(IntegrityError), session.begin_nested():
            session.execute(update(Settlement).where(Settlement.id == one.id).values(**change))
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(Settlement.__table__.delete().where(Settlement.id == one.id))  # type: ignore[attr-defined]


def test_an_advisor_leaves_off_so_much_and_the_manager_more(session: Session, cast: Cast) -> None:
    order = a_ready_car(session, cast)
    (share,) = settling.shares(session, order)
    allowed = share.before * 5 // 100
    for discount, why, by in (
        (allowed + 1, "老客户", cast.chen),
        (allowed, "", cast.chen),
        (share.before + 1, "老客户", cast.gao),
    ):
        with pytest.raises(Invalid):
            settling.adjust(session, order, "self", by=by, discount=discount, why=why)
    settling.adjust(session, order, "self", by=cast.chen, discount=allowed, why="老客户")
    settling.adjust(
        session, order, "self", by=cast.gao, discount=allowed + 777, why="老客户", other=20_000, other_name="拖车"
    )
    (share,) = settling.shares(session, order)
    assert (share.discount, share.other) == (allowed + 777, 20_000)
    (one,) = settling.issue(session, order, by=cast.chen)
    assert one.total == share.total == one.labour + one.parts_total + 20_000 - allowed - 777 + one.rounding
    with pytest.raises(WrongMove):
        settling.adjust(session, order, "self", by=cast.gao, discount=1, why="再让")


def test_a_car_is_settled_when_it_is_ready_and_nothing_is_left_open(session: Session, cast: Cast) -> None:
    order = a_ready_car(session, cast, issued=False)
    left = settling.open_parts(session, order)
    assert left
    with pytest.raises(WrongMove):
        settling.issue(session, order, by=cast.chen)
    for part in left:
        parts_stock.not_needed(session, part, by=cast.chen)
    (one,) = settling.issue(session, order, by=cast.chen)
    assert one.parts_total == 0
    with pytest.raises(NotAllowed):
        settling.issue(session, order, by=cast.zhou)
    with pytest.raises(WrongMove):
        settling.issue(session, order, by=cast.chen)


def test_nothing_comes_back_to_the_store_once_it_is_on_a_settlement(session: Session, cast: Cast) -> None:
    order = a_ready_car(session, cast)
    part = next(one for one in intake.lines_of(session, order)[1] if one.state == PartState.ISSUED)
    settling.issue(session, order, by=cast.chen)
    with pytest.raises(WrongMove):
        parts_stock.give_back(session, part, by=cast.pei)


def test_an_insurer_pays_later_and_in_parts(session: Session, cast: Cast) -> None:
    (own, maker), _ = two_payers(session, cast)
    order = settling.whole(session, own.order_id)[own.order_id]
    pay(session, cast, order)
    assert order.state == State.SETTLED, "nobody at the desk waits for the maker"
    assert maker.state == SettlementState.ISSUED
    cashing.take_from(session, maker, by=cast.chen, method="transfer", amount=maker.total - 1)
    assert maker.state == SettlementState.ISSUED
    with pytest.raises(Invalid):
        cashing.take_from(session, maker, by=cast.chen, method="transfer", amount=2)
    cashing.take_from(session, maker, by=cast.chen, method="transfer", amount=1)
    assert maker.state == SettlementState.PAID
    with pytest.raises(WrongMove):
        cashing.take_from(session, own, by=cast.chen, method="transfer", amount=1)


def test_a_car_that_goes_back_to_work_is_settled_anew(session: Session, cast: Cast) -> None:
    order = a_ready_car(session, cast)
    (one,) = settling.issue(session, order, by=cast.chen)
    job = intake.lines_of(session, order)[0][0]
    checking.fail(session, order, "final", [job.id], "仍有异响", by=cast.qin)
    session.flush()
    assert (order.state, one.state) == (State.IN_WORK, SettlementState.REVERSED)
    make_ready(session, cast, order)
    (anew,) = settling.issue(session, order, by=cast.chen)
    assert anew.total == one.total
    rows = session.scalars(select(Settlement).where(Settlement.order_id == order.id)).all()
    assert sum(row.total for row in rows) == anew.total


def test_what_the_store_bears_itself_is_owed_by_nobody(session: Session, cast: Cast) -> None:
    order = a_ready_car(session, cast)
    for line in (*intake.lines_of(session, order)[0], *intake.lines_of(session, order)[1]):
        line.payer = "comeback"
    (one,) = settling.issue(session, order, by=cast.chen)
    assert (one.payer, one.state, order.state) == ("comeback", SettlementState.PAID, State.SETTLED)
    assert cashing.owed(session, order) == 0
    assert one.total > 0
    assert order.settled_at is not None
    assert order.settled_at <= now() + timedelta(seconds=1)
