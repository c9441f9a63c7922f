"""Lost deals: applied for, agreed or sent back; what follows, and what they teach."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now
from server.domain.care import Contact
from server.domain.deals import offering
from server.domain.people.notices import Notice
from server.domain.refusals import Invalid, NotAllowed, NotThere, WrongMove
from server.domain.showroom import Prospect, losses, lost_deals, outcomes, register
from server.domain.showroom.lost_deals import MOVES, Loss, LostDeal, State
from tests.cast import Cast, a_customer
from tests.domain.deals.selling import OWN, a_choice
from tests.domain.test_prospects import a_prospect

BOUGHT = Loss(reason="competitor", competitor_brand="比亚迪", competitor_model="宋 PLUS", story="周末交了定金")


def an_application(session: Session, cast: Cast, prospect: Prospect | None = None, loss: Loss = BOUGHT) -> LostDeal:
    """Lin gives somebody up."""
    return lost_deals.apply(session, prospect or a_prospect(session, cast.lin), loss, by=cast.lin)


@pytest.mark.parametrize(
    ("loss", "fields"),
    [
        (Loss(reason="moon", story="x"), {"reason"}),
        (Loss(reason="budget", story=""), {"story"}),
        (Loss(reason="competitor", story="x"), {"competitor_brand", "competitor_model"}),
        (Loss(reason="price", story="x", competitor_brand="吉利"), {"competitor_model"}),
    ],
)
def test_what_an_application_lacks_is_told(session: Session, cast: Cast, loss: Loss, fields: set[str]) -> None:
    with pytest.raises(Invalid) as wrong:
        an_application(session, cast, loss=loss)
    assert set(wrong.value.errors) == fields


def test_the_manager_is_asked_once(session: Session, cast: Cast) -> None:
    deal = an_application(session, cast)
    session.flush()
    told = session.scalars(select(Notice).where(Notice.kind == "lost_deal.applied")).one()
    assert (told.staff_id, told.address) == (cast.gao.id, f"/lost-deals/{deal.id}")
    with pytest.raises(WrongMove):
        an_application(session, cast, deal.prospect)


def test_agreed_they_are_lost_and_asked_again_after_ninety_days(session: Session, cast: Cast) -> None:
    deal = an_application(session, cast)
    lost_deals.agree(session, deal, by=cast.gao)
    session.flush()
    call = session.scalars(select(Contact).where(Contact.state == "owed", Contact.prospect_id.is_not(None))).one()
    in_ninety_days = now().astimezone(cast.lin.zone).date() + timedelta(days=90)
    assert (deal.prospect.state, call.kind) == ("lost", "reactivation")
    assert call.due_at.astimezone(cast.lin.zone).date() == in_ninety_days
    assert session.scalars(select(Notice.staff_id).where(Notice.kind == "lost_deal.agreed")).all() == [cast.lin.id]


def test_who_was_lost_and_comes_again_is_a_c(session: Session, cast: Cast) -> None:
    prospect = a_prospect(session, cast.lin, days=3)
    lost_deals.agree(session, an_application(session, cast, prospect), by=cast.gao)
    again = register(session, by=cast.fang, customer=prospect.customer, source="walk_in", consultant_id=cast.fang.id)
    assert again is prospect
    assert (again.state, again.grade, again.first_grade, again.consultant_id) == ("open", "C", "H", cast.fang.id)


def test_sent_back_they_go_on_with_advice(session: Session, cast: Cast) -> None:
    deal = an_application(session, cast)
    with pytest.raises(Invalid) as wrong:
        lost_deals.reject(session, deal, by=cast.gao, advice="")
    assert set(wrong.value.errors) == {"advice"}
    lost_deals.reject(session, deal, by=cast.gao, advice="再谈一次置换补贴")
    assert (deal.prospect.state, deal.state, deal.advice) == ("open", "rejected", "再谈一次置换补贴")
    assert an_application(session, cast, deal.prospect).is_waiting


def test_only_who_approves_decides(session: Session, cast: Cast) -> None:
    with pytest.raises(NotAllowed):
        lost_deals.agree(session, an_application(session, cast), by=cast.lin)


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", [State.AGREED, State.REJECTED, State.VOID])
def test_every_pair_of_states(session: Session, cast: Cast, before: State, after: State) -> None:
    deal = an_application(session, cast)
    deal.state = before
    session.flush()
    ways = {
        State.AGREED: lambda: lost_deals.agree(session, deal, by=cast.gao),
        State.REJECTED: lambda: lost_deals.reject(session, deal, by=cast.gao, advice="x"),
        State.VOID: lambda: lost_deals._move(session, deal, State.VOID, "lost_deal.voided", by=cast.gao),
    }
    if after in MOVES[before]:
        ways[after]()
        assert deal.state == after
    else:
        with pytest.raises(WrongMove):
            ways[after]()


def test_an_order_makes_the_application_void(session: Session, cast: Cast) -> None:
    deal = an_application(session, cast)
    session.flush()
    outcomes.ordered(session, deal.prospect, by=cast.lin)
    session.flush()
    notice = session.scalars(select(Notice).where(Notice.kind == "lost_deal.applied")).one()
    assert deal.state == "void"
    assert notice.read_at is not None


def test_why_deals_are_lost_can_be_drilled_into(session: Session, cast: Cast) -> None:
    budget = Loss(reason="budget", story="x")
    for number, (loss, agreed) in enumerate([(BOUGHT, True), (BOUGHT, True), (budget, True), (budget, False)]):
        customer = a_customer(session, cast.lin, "周二", f"1380000660{number}")
        deal = an_application(session, cast, a_prospect(session, cast.lin, customer), loss)
        if agreed:
            lost_deals.agree(session, deal, by=cast.gao)
        else:
            lost_deals.reject(session, deal, by=cast.gao, advice="x")
    session.flush()
    since, until = now() - timedelta(days=1), now() + timedelta(minutes=1)
    reach = losses.visible_to(session, cast.gao)
    assert [(share.key, share.count) for share in reach.shares("reason", since, until, {})] == [
        ("competitor", 2),
        ("budget", 1),
    ]
    narrowed = {"competitor": "比亚迪", "consultant": str(cast.lin.id)}
    assert [share.count for share in reach.shares("source", since, until, narrowed)] == [2]
    assert len(reach.decided(since, until, narrowed)) == 2
    clarity = reach.clarity(since, until)
    assert (clarity.agreed, clarity.applied, clarity.percent) == (3, 4, 75.0)


def test_nobody_sees_the_lost_deals_of_a_colleague(session: Session, cast: Cast) -> None:
    deal = an_application(session, cast)
    session.flush()
    for who in (cast.fang, cast.tang, cast.zhou):
        with pytest.raises(NotThere):
            losses.visible_to(session, who).one(deal.id)
    assert losses.visible_to(session, cast.gao).one(deal.id) is deal


def test_what_was_offered_to_them_is_withdrawn_and_stays_so_when_they_come_again(session: Session, cast: Cast) -> None:
    prospect = a_prospect(session, cast.lin)
    offered = offering.quote(session, prospect, a_choice(session, cast.lin), by=cast.lin)
    asked = offering.quote(session, prospect, a_choice(session, cast.lin, OWN + 1, why="同城更低"), by=cast.lin)
    lost_deals.agree(session, an_application(session, cast, prospect), by=cast.gao)
    assert [offered.state, asked.state] == ["withdrawn", "withdrawn"]
    with pytest.raises(WrongMove):
        offering.decide(session, asked, by=cast.gao, agree=True, word="")
    register(session, by=cast.lin, customer=prospect.customer, source="walk_in", consultant_id=cast.lin.id)
    assert (prospect.state, prospect.grade, offered.state) == ("open", "C", "withdrawn")
