"""A month's plan: how many, who first and why, which team on which day; released, and then told."""

from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now, uuid7
from server.domain.care import Contact, slow_cars, visit_candidates, visit_planning, visit_spread
from server.domain.care.visit_places import Atlas
from server.domain.care.visit_planning import target
from server.domain.care.visit_reach import DRAFTS, TO_COME, visible_to
from server.domain.catalogue.stock_cars import StockCar
from server.domain.delivery import Delivery
from server.domain.records import consents
from server.domain.refusals import Invalid, NotAllowed, NotThere, WrongMove
from tests.cast import OTHER_VIN, VIN, Cast, a_car, a_customer, a_delivery
from tests.domain.drives import a_demo_car
from tests.domain.home_visits.planned import a_plan, a_team, a_visit, an_owner, next_month, told


@pytest.mark.parametrize(
    ("sold", "share", "owed"),
    [
        (0, 30, 0),
        (1, 30, 1),
        (3, 30, 1),
        (4, 30, 2),
        (10, 30, 3),
        (11, 30, 4),
        (120, 30, 36),
        (121, 30, 37),
        (7, 100, 7),
    ],
)
def test_the_share_of_the_cars_sold_is_rounded_up(sold: int, share: int, owed: int) -> None:
    assert target(sold, share) == owed


def test_of_a_month_that_lasts_cars_still_to_be_handed_over_count_too(session: Session, cast: Cast) -> None:
    today = now().astimezone(cast.he.zone).date()
    first = datetime.combine(today.replace(day=1), time(), cast.he.zone)
    assert visit_planning.sold_in(session, cast.he, today) == 0
    an_owner(session, cast, 1, at=first)
    an_owner(session, cast, 2, at=first - timedelta(seconds=1))
    assert visit_planning.sold_in(session, cast.he, today) == 1
    assert visit_planning.sold_in(session, cast.he, first.date() - timedelta(days=1)) == 1
    coming = an_owner(session, cast, 3, at=visit_planning.bounds(today, cast.he)[1] - timedelta(seconds=1))
    coming.state, coming.completed_at = "planned", None
    session.flush()
    assert visit_planning.sold_in(session, cast.he, today) == 2
    in_two_months, last_month = today + timedelta(days=70), first.date() - timedelta(days=1)
    for month, cars in ((last_month, 1), (today, 2), (in_two_months, 2)):
        assert visit_planning.wanted_for(session, cast.he, month) == cars, "one to come has as many as this one"


def test_a_month_has_one_plan_and_others_cannot_open_it(session: Session, cast: Cast) -> None:
    assert a_plan(session, cast) is a_plan(session, cast)
    with pytest.raises(NotAllowed):
        visit_planning.open_plan(session, next_month(cast.lin), by=cast.lin)


def test_who_comes_first_is_told_with_the_reasons(session: Session, cast: Cast) -> None:
    old = an_owner(session, cast, 1, at=now() - timedelta(days=100))
    new = an_owner(session, cast, 2, at=now() - timedelta(days=5))
    month = an_owner(session, cast, 3, at=now() - timedelta(days=31))
    found = visit_candidates.ranked(session, cast.he)
    assert [one.owner.delivery for one in found] == [old, month, new]
    assert [one.points for one in found] == [50, 40, 30]
    assert [[reason["code"] for reason in one.reasons] for one in found] == [
        ["never", "quarter"], ["never", "month"], ["never"],
    ]  # fmt: skip
    assert found[0].reasons[1] == {"code": "quarter", "points": 20, "days": 100}


def test_who_wants_no_contact_or_is_visited_already_is_no_candidate(session: Session, cast: Cast) -> None:
    silent, visited = an_owner(session, cast, 1), a_visit(session, cast, 2)
    consents.answer(session, silent.customer_id, "contact", False, by=cast.lin)
    assert visit_candidates.ranked(session, cast.he) == []
    visited.state = "closed"
    session.flush()
    assert visit_candidates.ranked(session, cast.he) == []  # it was only just now
    visited.day -= timedelta(days=370)
    session.flush()
    [again] = visit_candidates.ranked(session, cast.he)
    assert [reason["code"] for reason in again.reasons] == ["long_ago", "month"]


def test_several_cars_and_neighbours_speak_for_somebody(session: Session, cast: Cast) -> None:
    first = an_owner(session, cast, 1)
    another = an_owner(session, cast, 2)
    another.customer_id = first.customer_id
    a_visit(session, cast, 3)
    session.flush()
    session.expire(another)
    one = visit_candidates.ranked(session, cast.he)[0]
    assert one.customer.id == first.customer_id
    assert {reason["code"]: reason["points"] for reason in one.reasons} == {
        "never": 30, "cars": 8, "month": 10, "area": 5,
    }  # fmt: skip


def test_who_owns_a_car_from_before_is_a_candidate_and_who_waits_for_one_is_not(session: Session, cast: Cast) -> None:
    owner = a_customer(session, cast.lin, "老车主", "13712345678")
    car = a_car(session, cast.lin, owner, VIN)
    a_delivery(session, cast, OTHER_VIN)
    [one] = visit_candidates.ranked(session, cast.he)
    assert (one.customer, one.owner.car, one.owner.delivery, one.points) == (owner, car, None, 30)


def test_as_many_as_lack_are_proposed_those_with_most_points(session: Session, cast: Cast) -> None:
    month = next_month(cast.he)
    begins, _ = visit_planning.bounds(month, cast.he)
    for number in range(1, 6):
        coming = an_owner(session, cast, number, at=begins + timedelta(days=number))
        coming.state, coming.completed_at = "planned", None
    owners = [an_owner(session, cast, number, at=now() - timedelta(days=number)) for number in range(11, 15)]
    a_team(session, cast)
    plan = a_plan(session, cast)
    assert (plan.sold, plan.share, plan.target) == (5, 30, 2)
    made = visit_planning.propose(session, plan, by=cast.he)
    assert {one.customer_id for one in made} == {owners[-1].customer_id, owners[-2].customer_id}
    with pytest.raises(WrongMove):
        visit_planning.propose(session, plan, by=cast.he)
    more = visit_planning.choose(session, plan, [owners[0].customer_id], by=cast.he)
    assert len(visit_planning.visits_of(session, plan)) == 3
    with pytest.raises(Invalid):
        visit_planning.choose(session, plan, [owners[0].customer_id], by=cast.he)
    assert more[0].number.startswith("SF-")


def test_visits_of_one_area_go_on_one_day_and_no_team_has_more_than_it_can_do(session: Session, cast: Cast) -> None:
    atlas = Atlas(session, cast.store)
    jinghu, wuwei, yijiang = (atlas.area_of(name) for name in ("镜湖区", "无为市", "弋江区"))
    days = visit_spread.working_days(next_month(cast.he), next_month(cast.he) + timedelta(days=13), [0, 1, 2, 3, 4])
    assert len(days) == 10
    free = visit_spread.team_days(days[:3], [], 2)
    placed = visit_spread.place([jinghu, wuwei, jinghu, yijiang, jinghu, wuwei], free, atlas)
    assert [one and one.day for one in placed] == [days[0], days[2], days[0], days[1], days[1], days[2]]
    assert [one.areas for one in free] == [["镜湖区"] * 2, ["镜湖区", "弋江区"], ["无为市"] * 2]
    assert visit_spread.place([wuwei], free, atlas) == [None]


def test_a_plan_knows_team_vehicle_and_the_car_that_stands_for_longest(session: Session, cast: Cast) -> None:
    slow, quick = a_demo_car(session, cast.gao, "皖B10001"), a_demo_car(session, cast.gao, "皖B10002")
    models = session.scalars(select(type(slow.model)).where(type(slow.model).store_id == cast.store)).all()
    quick.model = next(one for one in models if one.id != slow.model_id)
    for model, days in ((slow.model, 400), (quick.model, 300)):
        session.add(_in_stock(cast, model.id, days))
    session.flush()
    month = next_month(cast.he)
    stood = [(one.car.plate, one.days) for one in slow_cars.slowest(session, cast.store, now().date())]
    assert stood == [("皖B10001", 400), ("皖B10002", 300)]
    slow.insured_until = month - timedelta(days=1)
    first, second = a_team(session, cast), a_team(session, cast, "二队", {"xu": "advisor", "sun": "technician"}, "皖B2")
    an_owner(session, cast, 1)
    plan = a_plan(session, cast)
    [visit] = visit_planning.choose(session, plan, [_owners(session)[0]], by=cast.he)
    assert visit.team in (first, second)
    assert visit.team is not None
    assert visit.vehicle == visit.team.vehicle
    assert {one.staff_id: one.role for one in visit.members} == {one.staff_id: one.role for one in visit.team.members}
    assert visit.leader_id == visit.team.members[0].staff_id
    assert visit.demo_car == quick  # the slower one is not insured then


def test_a_draft_is_seen_by_who_plans_alone_and_its_release_is_told(session: Session, cast: Cast) -> None:
    a_team(session, cast)
    an_owner(session, cast, 1)
    plan = a_plan(session, cast)
    with pytest.raises(WrongMove):
        visit_planning.release(session, plan, by=cast.he)
    [visit] = visit_planning.choose(session, plan, _owners(session), by=cast.he)
    assert visible_to(session, cast.he).page(DRAFTS, False, None).rows == [visit]
    assert visible_to(session, cast.he).page(TO_COME, False, None).rows == []
    with pytest.raises(NotThere):
        visible_to(session, cast.zhou).one(visit.id)
    assert told(session, cast.zhou) == []
    visit_planning.release(session, plan, by=cast.gao)
    assert visible_to(session, cast.zhou).one(visit.id) is visit
    assert visible_to(session, cast.zhou).page(TO_COME, True, None).rows == [visit]
    assert visible_to(session, cast.sun).page(TO_COME, True, None).rows == []
    for person in (cast.he, cast.lin, cast.zhou):
        assert told(session, person) == [("visit_plan.released", {"month": plan.code, "count": 1})]
    call = session.scalars(select(Contact).where(Contact.kind == "visit_booking")).one()
    assert (call.customer_id, call.owed_by, call.place) == (visit.customer_id, cast.he.id, f"/visits/{visit.id}")
    with pytest.raises(WrongMove):
        visit_planning.release(session, plan, by=cast.gao)


def _owners(session: Session) -> list[object]:
    query = select(Delivery.customer_id).where(Delivery.state == "completed").order_by(Delivery.id)
    return list(session.scalars(query))


def _in_stock(cast: Cast, model_id: object, days: int) -> StockCar:
    return StockCar(
        id=uuid7(), store_id=cast.store, vin=f"LVVDB11B1RD77{days:04}", model_id=model_id, colour="white",
        engine_no="", arrived_on=now().date() - timedelta(days=days), sold_at=None,
    )  # fmt: skip
