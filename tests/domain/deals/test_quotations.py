"""Quotations: within the limit offered at once, above it the manager decides on exactly that version."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue import parameters
from server.domain.deals import Approval, approvals, offering, placing, quotations, reach, trade_ins
from server.domain.deals.finance import Terms
from server.domain.deals.quotations import MOVES, State
from server.domain.people.notices import Notice
from server.domain.records import papers
from server.domain.refusals import Invalid, NotAllowed, NotThere, WrongMove
from tests.cast import Cast
from tests.domain.deals.selling import GUIDE, OWN, STORE, a_choice, a_prospect, a_quotation


def test_within_the_own_limit_it_is_offered_with_its_paper(session: Session, cast: Cast) -> None:
    """A number of the series, seven days from today on, and what stands on the paper is what was quoted."""
    quotation = a_quotation(session, cast.lin, OWN)
    assert quotation.state == State.OFFERED
    assert quotation.number.startswith("BJ-")
    assert quotation.given == OWN
    assert quotation.until == now().astimezone(cast.lin.zone).date() + timedelta(days=6)
    paper = papers.newest(session, cast.store, f"{quotation.number}-1")
    assert paper is not None
    assert paper.content["deal"]["total"] == quotation.total == GUIDE - OWN + 59_800 + 110_000


def test_one_fen_above_the_own_limit_the_manager_is_asked(session: Session, cast: Cast) -> None:
    """With a reason, on their phone; nothing is offered until they agree."""
    prospect = a_prospect(session, cast.lin)
    with pytest.raises(Invalid) as wrong:
        offering.quote(session, prospect, a_choice(session, cast.lin, OWN + 1), by=cast.lin)
    assert set(wrong.value.errors) == {"why"}
    choice = a_choice(session, cast.lin, OWN + 1, why="同城他店报价更低")
    quotation = offering.quote(session, prospect, choice, by=cast.lin)
    assert quotation.state == State.ASKED
    assert papers.newest(session, cast.store, f"{quotation.number}-1") is None
    told = session.scalars(select(Notice).where(Notice.staff_id == cast.gao.id, Notice.kind == "approval.asked")).one()
    assert told.address == quotation.address


def test_above_what_the_store_gives_nobody_is_asked(session: Session, cast: Cast) -> None:
    """It is refused at the field, for the manager too."""
    prospect = a_prospect(session, cast.lin)
    for who in (cast.lin, cast.gao):
        with pytest.raises(Invalid) as wrong:
            offering.quote(session, prospect, a_choice(session, who, STORE + 1, why="老客户"), by=who)
        assert set(wrong.value.errors) == {"discount"}


def test_a_manager_within_their_own_limit_asks_nobody(session: Session, cast: Cast) -> None:
    """Their role gives more."""
    assert a_quotation(session, cast.gao, STORE).state == State.OFFERED


def test_the_manager_agrees_or_refuses_with_a_word(session: Session, cast: Cast) -> None:
    """Whoever asked is told; a refusal says what would be possible."""
    agreed, refused = (
        offering.quote(session, a_prospect(session, cast.lin, phone), a_choice(session, cast.lin, OWN + 1, why="竞品"),
                       by=cast.lin) for phone in ("13800007002", "13800007003")
    )  # fmt: skip
    offering.decide(session, agreed, by=cast.gao, agree=True, word="")
    assert agreed.state == State.OFFERED
    assert papers.newest(session, cast.store, f"{agreed.number}-1") is not None
    with pytest.raises(Invalid):
        offering.decide(session, refused, by=cast.gao, agree=False, word="")
    offering.decide(session, refused, by=cast.gao, agree=False, word="可以送脚垫")
    assert refused.state == State.REFUSED
    kinds = set(session.scalars(select(Notice.kind).where(Notice.staff_id == cast.lin.id)))
    assert {"approval.approved", "approval.refused"} <= kinds


def test_only_a_manager_decides_and_never_twice(session: Session, cast: Cast) -> None:
    """Nobody approves what they asked for."""
    quotation = a_quotation(session, cast.lin, OWN + 1, why="竞品")
    with pytest.raises((NotAllowed, WrongMove)):
        offering.decide(session, quotation, by=cast.lin, agree=True, word="")
    offering.decide(session, quotation, by=cast.gao, agree=True, word="好")
    with pytest.raises(WrongMove):
        offering.decide(session, quotation, by=cast.gao, agree=False, word="不")


def test_an_approval_is_for_exactly_that_version(session: Session, cast: Cast) -> None:
    """Another version asks anew, and a version whose lines are not those that were asked about is not offered."""
    first = a_quotation(session, cast.lin, OWN + 1, why="竞品")
    offering.decide(session, first, by=cast.gao, agree=True, word="")
    again = offering.quote(
        session, first.prospect, a_choice(session, cast.lin, OWN + 2, why="再降一分"), by=cast.lin, like=first
    )
    assert (again.number, again.revision, again.state) == (first.number, 2, State.ASKED)
    approvals.waiting(session, cast.store, again.id).digest = first.digest
    with pytest.raises(WrongMove):
        offering.decide(session, again, by=cast.gao, agree=True, word="")


def test_an_approval_ends_with_what_it_is_about(session: Session, cast: Cast) -> None:
    """Nothing waits on the manager's phone that nobody wants any more."""
    quotation = a_quotation(session, cast.lin, OWN + 1, why="竞品")
    offering.withdraw(session, quotation, by=cast.lin)
    approval = session.scalars(select(Approval).where(Approval.subject_id == quotation.id)).one()
    assert approval.state == approvals.State.VOID
    waiting = select(Notice).where(Notice.kind == "approval.asked", Notice.read_at.is_(None))
    assert session.scalars(waiting).all() == []


def test_one_version_is_accepted_and_the_others_are_off_the_table(session: Session, cast: Cast) -> None:
    """Whatever they were."""
    first = a_quotation(session, cast.lin)
    second = offering.quote(session, first.prospect, a_choice(session, cast.lin, 10_000), by=cast.lin, like=first)
    placing.place(session, second, by=cast.lin)
    session.refresh(first)
    assert (first.state, second.state) == (State.WITHDRAWN, State.ACCEPTED)


def test_after_its_days_it_is_not_accepted_and_expires(session: Session, cast: Cast) -> None:
    """On the last day it holds, the day after it does not."""
    quotation = a_quotation(session, cast.lin)
    on_the_last = now() + timedelta(days=6)
    assert quotations.expire(session, cast.store, on_the_last) == 0
    quotation.until = now().astimezone(cast.lin.zone).date() - timedelta(days=1)
    session.flush()
    with pytest.raises(WrongMove):
        quotations.accept(session, quotation, by=cast.lin)
    assert quotations.expire(session, cast.store, now()) == 1
    assert quotation.state == State.EXPIRED


def test_the_rules_are_those_of_the_day(session: Session, cast: Cast) -> None:
    """Another limit from tomorrow on changes nothing today."""
    today = now().astimezone(cast.lin.zone).date()
    name = {"zh": "让利上限", "en": "Limits"}
    value = {"consultant": 1, "manager": 5}
    parameters.set_from(session, "discount_limits", value, name, today + timedelta(days=1), by=cast.admin)
    assert a_quotation(session, cast.lin, OWN).state == State.OFFERED
    parameters.set_from(session, "discount_limits", value, name, today, by=cast.admin)
    assert offering.limits(session, GUIDE, by=cast.lin) == offering.Limits(GUIDE // 100, GUIDE * 5 // 100)


def test_a_loan_stands_on_the_version_with_what_it_costs(session: Session, cast: Cast) -> None:
    """The down payment is what is not borrowed."""
    quotation = a_quotation(session, cast.lin, loan=Terms(10_000_000, 36, 30_000, "flat"))
    assert quotation.finance["down"] == quotation.total - 10_000_000
    assert quotation.finance["interest"] == 900_000
    with pytest.raises(Invalid):
        offering.loan_of(Terms(10, 36, 30_000), 1_000)


def test_an_old_car_is_taken_at_its_value_and_only_once(session: Session, cast: Cast) -> None:
    """Not before somebody has valued it; taken with the order."""
    prospect = a_prospect(session, cast.lin)
    old = trade_ins.OldCar(model="大众 朗逸", year=2018, mileage_km=86_000, condition="fair", expected=5_000_000)
    trade_in = trade_ins.register(session, prospect, old, by=cast.lin)
    with pytest.raises(Invalid):
        offering.quote(session, prospect, a_choice(session, cast.lin, trade_in=trade_in), by=cast.lin)
    with pytest.raises(NotAllowed):
        trade_ins.value(session, trade_in, by=cast.lin, amount=5_000_000)
    trade_ins.value(session, trade_in, by=cast.gao, amount=4_200_000, note="前保险杠喷过漆")
    quotation = offering.quote(session, prospect, a_choice(session, cast.lin, trade_in=trade_in), by=cast.lin)
    assert quotation.total == GUIDE + 59_800 + 110_000 - 4_200_000
    assert trade_in.valued_by == cast.gao.id
    placing.place(session, quotation, by=cast.lin)
    assert trade_in.state == trade_ins.State.TAKEN
    with pytest.raises(WrongMove):
        trade_ins.value(session, trade_in, by=cast.gao, amount=1)


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_every_pair_of_states(session: Session, cast: Cast, before: State, after: State) -> None:
    """Only what the table of moves has."""
    quotation = a_quotation(session, cast.lin)
    quotation.state = before
    if after in MOVES[before]:
        quotations.move(session, quotation, after, "quotation.tried", by=cast.lin)
        assert quotation.state == after
    else:
        with pytest.raises(WrongMove):
            quotations.move(session, quotation, after, "quotation.tried", by=cast.lin)


@pytest.mark.parametrize("before", approvals.State)
@pytest.mark.parametrize("after", approvals.State)
def test_every_pair_of_states_of_an_approval(
    session: Session, cast: Cast, before: approvals.State, after: approvals.State
) -> None:
    """Only what the table of moves has."""
    quotation = a_quotation(session, cast.lin, OWN + 1, why="竞品")
    approval = approvals.waiting(session, cast.store, quotation.id)
    approval.state = before
    if after in approvals.MOVES[before]:
        approvals.move(session, approval, after, "approval.tried", by=cast.gao)
        assert approval.state == after
    else:
        with pytest.raises(WrongMove):
            approvals.move(session, approval, after, "approval.tried", by=cast.gao)


@pytest.mark.parametrize("before", trade_ins.State)
@pytest.mark.parametrize("after", trade_ins.State)
def test_every_pair_of_states_of_a_trade_in(
    session: Session, cast: Cast, before: trade_ins.State, after: trade_ins.State
) -> None:
    """Only what the table of moves has."""
    old = trade_ins.OldCar(model="大众 朗逸", year=2018, mileage_km=86_000, condition="fair")
    trade_in = trade_ins.register(session, a_prospect(session, cast.lin), old, by=cast.lin)
    trade_in.state = before
    if after in trade_ins.MOVES[before]:
        trade_ins.move(session, trade_in, after, "trade_in.tried", by=cast.lin)
        assert trade_in.state == after
    else:
        with pytest.raises(WrongMove):
            trade_ins.move(session, trade_in, after, "trade_in.tried", by=cast.lin)


def test_who_sees_a_quotation(session: Session, cast: Cast) -> None:
    """Who made it and the manager; whoever looks after the prospect now; nobody else."""
    quotation = a_quotation(session, cast.lin)
    for who in (cast.lin, cast.gao):
        assert reach.versions(session, who, quotation.number) == [quotation]
    for who in (cast.tang, cast.chen, cast.zhou):
        with pytest.raises(NotThere):
            reach.versions(session, who, quotation.number)
