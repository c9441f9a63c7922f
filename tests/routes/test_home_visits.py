"""Home visits on the page: planned and released, booked, confirmed, packed; and from a device with no network."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from server.database import uuid7
from server.domain.care.visit_goods import Gift
from server.domain.care.visit_plans import VisitPlan
from server.domain.care.visit_teams import VisitTeam
from server.domain.care.visits import HomeVisit
from server.domain.people.notices import Notice
from tests.domain.home_visits.planned import (
    a_booked_visit,
    a_gift,
    a_team,
    a_visit,
    an_owner,
    next_month,
    packed,
    tomorrow,
)
from tests.routes.browsing import Browser
from tests.routes.sending import Sending, keyed, said
from tests.routes.world import World


@pytest.fixture(scope="module")
def team(world: World) -> UUID:
    """He, Fang and Luo, with presents in the cupboard and a dozen owners who wait."""
    with world.database.work(world.cast.store) as session:
        found = a_team(
            session, world.cast, "路测队", {"he": "care_manager", "fang": "consultant", "luo": "technician"}, "皖B20009"
        )
        a_gift(session, world.cast, 40)
        for number in range(101, 113):
            an_owner(session, world.cast, number, address=("芜湖市镜湖区", "芜湖市弋江区", "芜湖市鸠江区")[number % 3])
        return found.id


def a_visit_of(world: World, team: UUID, number: int, *, booked: bool = False, hour: int = 10) -> UUID:
    """Of another owner, for tomorrow."""
    with world.database.work(world.cast.store) as session:
        its = session.get_one(VisitTeam, team)
        make = (
            a_booked_visit(session, world.cast, number, its, hour)
            if booked
            else a_visit(session, world.cast, number, its)
        )
        return make.id


def visit_now(world: World, visit_id: UUID) -> HomeVisit:
    """As it stands."""
    return world.one(HomeVisit, HomeVisit.id == visit_id)


def test_a_month_is_planned_and_released_without_a_script(world: World, team: UUID) -> None:
    month = f"{next_month(world.cast.he):%Y-%m}"
    browser, place = Browser(world.visitor("he")), f"/visits/plan/{month}"
    owner = world.one(HomeVisit).customer_id
    browser.go(place)
    assert "从未拜访" in browser.text
    found = world.visitor("he").get(place).text.split('name="customer" value="')[1:4]
    chosen = [one.split('"')[0] for one in found]
    assert str(owner) not in chosen
    answer = world.visitor("he").post(f"{place}/choice", customer=chosen)
    assert (answer.status_code, answer.headers["location"]) == (303, place)
    assert world.visitor("lin").get("/visits?whose=all").text.count('class="row long"') == world.visitor("gao").get(
        "/visits?whose=all"
    ).text.count('class="row long"')
    assert world.visitor("lin").get("/visits?show=drafts").text.count("草稿") == 0
    browser.go(place).send(f"{place}/release")
    assert "已发布" in browser.text
    plan: VisitPlan = world.one(VisitPlan, VisitPlan.month == next_month(world.cast.he))
    assert plan.is_released
    with world.database.work(world.cast.store) as session:
        visits = session.scalars(select(HomeVisit).where(HomeVisit.plan_id == plan.id)).all()
        assert {str(one.customer_id) for one in visits} == set(chosen)
        told = session.scalars(select(Notice.staff_id).where(Notice.kind == "visit_plan.released")).all()
    assert len(visits) == 3
    assert told


def test_nobody_but_who_plans_opens_a_plan(world: World) -> None:
    for name in ("lin", "zhou", "chen"):
        assert world.visitor(name).get("/visits/plan/2026-12").status_code == 403
        assert world.visitor(name).post("/visits/plan/2026-12/proposal").status_code == 403
    assert world.visitor("pei").get("/visits").status_code == 403
    assert world.visitor("he").get("/visits/plan/gibberish").status_code == 404


def test_a_visit_from_the_telephone_to_the_door_without_a_script(world: World, team: UUID) -> None:
    visit_id = a_visit_of(world, team, 201)
    place = f"/visits/{visit_id}"
    browser = Browser(world.visitor("he"))
    browser.go(place)
    assert "预约上门" in browser.text or "免费做一次" in browser.text  # what is said on the telephone
    at = tomorrow(world.cast.he, 9)
    browser.send(f"{place}/tries")
    assert visit_now(world, visit_id).state == "planned"
    browser.go(place).send(f"{place}/booking", day=at.date().isoformat(), clock="09:00", note="在家")
    visit = visit_now(world, visit_id)
    assert (visit.state, visit.starts_at) == ("booked", at)
    browser.go(place).send(f"{place}/confirmation")
    refused = world.visitor("luo").post(f"{place}/departure")
    assert refused.status_code == 409
    for thing in ("brochures", "cards", "computer", "oil", "antifreeze", "washer", "toolbox", "torch", "gift"):
        browser.go(place).send(f"{place}/equipment/{thing}", packed="yes")
    gift: Gift = world.one(Gift)
    browser.go(place).send(f"{place}/gifts/{gift.id}", count="2")
    assert world.one(Gift).on_hand == gift.on_hand - 2
    browser.go(place).send(f"{place}/departure", today="1")
    assert browser.place == f"{place}/programme"
    assert visit_now(world, visit_id).state == "on_the_way"


def test_two_visits_of_one_team_at_one_time_are_refused_with_who_is_elsewhere(world: World, team: UUID) -> None:
    first, second = a_visit_of(world, team, 202, booked=True, hour=14), a_visit_of(world, team, 203)
    at = tomorrow(world.cast.he, 14)
    answer = world.visitor("he").post(
        f"/visits/{second}/booking", day=at.date().isoformat(), clock="14:30", address="芜湖市镜湖区"
    )
    assert answer.status_code == 409
    assert "罗平" in answer.text
    assert "待预约" in answer.text  # what is shown beside it is what stands
    assert (visit_now(world, first).state, visit_now(world, second).state) == ("booked", "planned")


def test_a_visit_is_arranged_anew_and_a_second_desk_is_told(world: World, team: UUID) -> None:
    visit_id = a_visit_of(world, team, 204, booked=True, hour=17)
    place = f"/visits/{visit_id}"
    browser = Browser(world.visitor("gao"))
    browser.go(f"{place}/setting").send(f"{place}/setting", note="带上儿童座椅")
    visit = visit_now(world, visit_id)
    assert (visit.state, visit.note) == ("booked", "带上儿童座椅")
    stale: dict[str, Any] = {
        "version": "1", "day": visit.day.isoformat(), "clock": "17:00", "minutes": "60", "address": "芜湖市弋江区",
        f"role-{world.cast.he.id}": "care_manager",
    }  # fmt: skip
    answer = world.visitor("he").post(f"{place}/setting", **stale)
    assert answer.status_code == 409
    wrong = stale | {"version": str(visit.version), "minutes": "5", "longitude": "999", "day": "x"}
    answer = world.visitor("he").post(f"{place}/setting", **wrong)
    assert answer.status_code == 422
    assert answer.text.count('class="error"') >= 3
    browser.go(place).send(f"{place}/cancellation", why="客户出差")
    assert visit_now(world, visit_id).state == "cancelled"


def test_the_road_of_a_day_is_drawn_and_put_in_the_shortest_order(world: World, team: UUID) -> None:
    day = tomorrow(world.cast.he).date() + timedelta(days=3)
    ids = [a_visit_of(world, team, number) for number in (205, 206, 207)]
    with world.database.work(world.cast.store) as session:
        for visit_id, place in zip(ids, ("镜湖区", "湾沚区", "弋江区"), strict=True):
            visit = session.get_one(HomeVisit, visit_id)
            visit.day, visit.area = day, {"zh": place, "en": place}
    place = f"/visits/route/{day.isoformat()}"
    he = world.visitor("he")
    shown = he.get(place).text
    assert shown.count('r="13"') == 3
    assert "km</text>" in shown
    proposed = he.get(f"{place}/proposal")
    assert proposed.status_code == 200
    order = [UUID(one.split('"')[0]) for one in proposed.text.split('name="visit" value="')[1:]]
    assert set(order) == set(ids)
    answer = he.post(place, team=str(team), visit=[str(one) for one in order])
    assert answer.headers["location"] == place
    assert [visit_now(world, one).position for one in order] == [1, 2, 3]
    assert he.post(place, team=str(team), visit=[str(order[0])]).status_code == 409
    assert world.visitor("zhou").post(place, team=str(team)).status_code == 403
    assert he.get("/visits/route/never").status_code == 404


def test_a_team_is_put_together_changed_and_dissolved(world: World) -> None:
    browser = Browser(world.visitor("he"))
    roles = {f"role-{world.cast.sun.id}": "technician", f"role-{world.cast.xu.id}": "advisor"}
    browser.go("/visits/teams").send("/visits/teams", name="三队", **roles)
    team: VisitTeam = world.one(VisitTeam, VisitTeam.name == "三队")
    assert {one.staff_id: one.role for one in team.members} == {
        world.cast.sun.id: "technician", world.cast.xu.id: "advisor",
    }  # fmt: skip
    again = world.visitor("gao").post("/visits/teams", name="三队", **roles)
    assert again.status_code == 422
    nobody = world.visitor("gao").post("/visits/teams", name="四队")
    assert nobody.status_code == 422
    place = f"/visits/teams/{team.id}"
    others = {f"role-{world.cast.xu.id}": "", f"role-{world.cast.ma.id}": "technician"}
    browser.go(place).send(place, name="三队", **others)
    assert {one.staff_id for one in world.one(VisitTeam, VisitTeam.id == team.id).members} == {
        world.cast.sun.id, world.cast.ma.id,
    }  # fmt: skip
    browser.go(place)
    world.visitor("he").post(place, end="yes")
    assert not world.one(VisitTeam, VisitTeam.id == team.id).active


def test_presents_are_counted(world: World, team: UUID) -> None:
    gift: Gift = world.one(Gift)
    place = f"/visits/gifts/{gift.id}"
    assert world.visitor("he").post(place, found="33").status_code == 303
    assert world.one(Gift).on_hand == 33
    assert world.visitor("he").post(place, found="x").status_code == 422
    assert world.visitor("lin").post(place, found="1").status_code == 403


def test_a_visit_outside_of_the_plan_is_put_in_from_the_customer(world: World, team: UUID) -> None:
    with world.database.work(world.cast.store) as session:
        owner = an_owner(session, world.cast, 208)
        customer, car = owner.customer_id, owner.car_id
    browser = Browser(world.visitor("he"))
    browser.go(f"/visits/new?customer={customer}")
    day = tomorrow(world.cast.he).date().isoformat()
    browser.send("/visits", customer=str(customer), car=str(car), day=day)
    assert world.one(HomeVisit, HomeVisit.customer_id == customer).state == "planned"
    twice = world.visitor("he").post("/visits", customer=str(customer), car=str(car), day=day)
    assert twice.status_code == 422
    assert world.visitor("he").get("/visits/new").headers["location"] == "/customers"


def test_packing_and_leaving_without_a_network_arrive_in_order(world: World, team: UUID, outbox: Sending) -> None:
    visit_id = a_visit_of(world, team, 209, booked=True, hour=17)
    place = f"/visits/{visit_id}"
    with world.database.work(world.cast.store) as session:
        packed(session, session.get_one(HomeVisit, visit_id), world.cast.zhou)
    assert "outbox-location" in outbox("lin").send(f"{place}/confirmation", ago=120).headers
    assert "outbox-location" in outbox("luo").send(f"{place}/equipment/torch", ago=90, packed="no").headers
    late = outbox("luo").send(f"{place}/departure", ago=80)
    assert late.status_code == 409
    assert said(late)
    outbox("luo").send(f"{place}/equipment/torch", ago=70, packed="yes")
    assert "outbox-location" in outbox("luo").send(f"{place}/departure", ago=60, today="1").headers
    visit = visit_now(world, visit_id)
    assert visit.state == "on_the_way"
    assert visit.set_out_at is not None


@pytest.mark.parametrize("name", ["he", "lin", "luo", "gao"])
def test_a_visit_is_taken_along_with_all_its_pages(world: World, team: UUID, name: str) -> None:
    from tests.routes.test_aboard import opened

    number = {"he": 210, "lin": 211, "luo": 212, "gao": 213}[name]
    visit_id = a_visit_of(world, team, number)
    visitor = world.visitor(name)
    load = visitor.http.post(f"/visits/{visit_id}/aboard", headers=keyed(visitor)).json()
    assert (load["id"], load["lane"]) == (str(visit_id), str(visit_id))
    assert f"/visits/{visit_id}/programme" in load["pages"]
    assert any("/checklist?section=" in one for one in load["pages"])
    opened(visitor, load)


@pytest.mark.parametrize("name", ["tang", "stranger"])
def test_a_visit_of_another_store_is_not_there(world: World, team: UUID, name: str) -> None:
    place = f"/visits/{world.examples()['visit_id']}"
    visitor = world.visitor(name)
    assert visitor.get(place).status_code == 404
    for deed in ("booking", "confirmation", "departure", "cancellation", "equipment/oil", "aboard"):
        assert visitor.post(f"{place}/{deed}").status_code == 404
    assert visitor.post(f"{place}/gifts/{uuid7()}").status_code == 404


def test_an_owner_who_is_asked_about_a_friend_is_not_called_at_night(world: World) -> None:
    place = f"/referrals/{world.examples()['referral_id']}"
    shown = world.visitor("he").get(place).text
    assert re.search(r'data-opens="[0-9:]+" data-closes="[0-9:]+"', shown)
    link = re.search(r"<a class=\"button wide\" data-callable[^>]*>", shown)
    closed = re.search(r"<p class=\"soft\" data-closed( hidden)?>", shown)
    assert link
    assert closed
    assert (" hidden" in link[0]) == (closed[1] is None), "either it can be tapped, or it says why not"
