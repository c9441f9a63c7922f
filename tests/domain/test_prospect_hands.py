"""Prospects from hand to hand: the pool and its limits, and everything of somebody who leaves."""

from collections import Counter

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now
from server.domain.care import Contact
from server.domain.catalogue import parameters
from server.domain.people import Staff
from server.domain.people.notices import Notice
from server.domain.records import consents
from server.domain.refusals import Invalid, NotAllowed, WrongMove
from server.domain.showroom import Prospect, follow_ups, hands, history, outcomes, register
from server.domain.showroom.follow_ups import Talk
from tests.cast import Cast, a_customer
from tests.domain.test_prospects import a_prospect

NAME = {"zh": "公海", "en": "Pool"}


def pooled(session: Session, cast: Cast, number: int) -> Prospect:
    """Somebody whom nobody looks after."""
    customer = a_customer(session, cast.gao, "李四", f"1380000990{number}")
    return register(session, by=cast.gao, customer=customer, source="online")


def allow(session: Session, cast: Cast, held: int, today: int) -> None:
    """The limits of the pool, from today on."""
    value = {"most_held": held, "most_taken_a_day": today, "overdue_days": 15}
    day = now().astimezone(cast.gao.zone).date()
    parameters.set_from(session, "prospect_pool", value, NAME, day, by=cast.gao)


def test_one_may_take_so_many_a_day(session: Session, cast: Cast) -> None:
    allow(session, cast, held=50, today=2)
    lying = [pooled(session, cast, number) for number in range(3)]
    for prospect in lying[:2]:
        hands.take(session, prospect, by=cast.lin)
        session.flush()
    with pytest.raises(WrongMove):
        hands.take(session, lying[2], by=cast.lin)
    hands.take(session, lying[2], by=cast.fang)
    assert lying[2].consultant_id == cast.fang.id


def test_one_may_hold_so_many(session: Session, cast: Cast) -> None:
    allow(session, cast, held=1, today=9)
    a_prospect(session, cast.lin)
    with pytest.raises(WrongMove):
        hands.take(session, pooled(session, cast, 1), by=cast.lin)


def test_what_somebody_has_taken_is_gone(session: Session, cast: Cast) -> None:
    prospect = pooled(session, cast, 1)
    hands.take(session, prospect, by=cast.fang)
    with pytest.raises(WrongMove):
        hands.take(session, prospect, by=cast.lin)


def test_giving_back_needs_a_reason_and_a_hand_that_has_it(session: Session, cast: Cast) -> None:
    prospect = a_prospect(session, cast.lin)
    with pytest.raises(NotAllowed):
        hands.give_back(session, prospect, by=cast.fang, why="no_time")
    with pytest.raises(Invalid):
        hands.give_back(session, prospect, by=cast.lin, why="tired")
    hands.give_back(session, prospect, by=cast.lin, why="no_time", note="手上太多")
    assert prospect.in_pool
    with pytest.raises(WrongMove):
        hands.give_back(session, prospect, by=cast.gao, why="no_time")


def test_all_of_a_leaver_s_go_in_one_act_with_what_was_said_and_agreed(session: Session, cast: Cast) -> None:
    theirs = [
        a_prospect(session, cast.lin, a_customer(session, cast.lin, "周一", f"1380000770{number}"))
        for number in range(5)
    ]
    consents.answer(session, theirs[0].customer_id, "marketing", True, by=cast.lin)
    follow_ups.make(session, theirs[0], Talk(method="phone", content="x"), by=cast.lin)
    session.flush()
    lin, fang, gao = (session.get_one(Staff, one.id) for one in (cast.lin, cast.fang, cast.gao))
    with pytest.raises(NotAllowed):
        hands.hand_over_all(session, lin, [fang], by=cast.lin)
    for wrong in ([], [lin, fang]):
        with pytest.raises(Invalid):
            hands.hand_over_all(session, lin, wrong, by=cast.gao)
    assert hands.hand_over_all(session, lin, [fang, gao], by=cast.gao, note="离职") == 5
    session.flush()
    assert Counter(one.consultant_id for one in theirs) == {fang.id: 3, gao.id: 2}
    owners = session.scalars(select(Contact.owed_by).where(Contact.state == "owed", Contact.prospect_id.is_not(None)))
    assert Counter(owners) == {fang.id: 3, gao.id: 2}
    kinds = [bool(entry.follow_up) or bool(entry.hand) for entry in history.of_prospect(session, theirs[0])]
    assert kinds.count(True) == 2
    assert consents.standing(session, cast.store, theirs[0].customer_id)["marketing"].given
    told = session.scalars(select(Notice).where(Notice.kind == "prospects.handed_over")).all()
    assert [(one.staff_id, one.gaps["count"]) for one in told] == [(fang.id, 3)], "nobody is told of their own deed"


def test_who_leaves_is_told_what_goes_along_beside_what_is_followed_up(session: Session, cast: Cast) -> None:
    theirs = [
        a_prospect(session, cast.lin, a_customer(session, cast.lin, "周一", f"1380000770{number}"))
        for number in range(3)
    ]
    outcomes.ordered(session, theirs[0], by=cast.lin)
    session.flush()
    found = {one.holder.id: (one.followed, one.ended) for one in hands.holders(session, cast.store)}
    assert found[cast.lin.id] == (2, 1)
    lin, fang = (session.get_one(Staff, one.id) for one in (cast.lin, cast.fang))
    assert hands.hand_over_all(session, lin, [fang], by=cast.gao) == sum(found[cast.lin.id])


def test_one_is_handed_to_a_colleague(session: Session, cast: Cast) -> None:
    prospect, fang = a_prospect(session, cast.lin), session.get_one(Staff, cast.fang.id)
    hands.hand_over(session, prospect, fang, by=cast.gao)
    assert prospect.consultant_id == fang.id
    with pytest.raises(WrongMove):
        hands.hand_over(session, prospect, fang, by=cast.gao)
