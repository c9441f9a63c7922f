"""The way of a day: exact over few stops, true to what was agreed, and told when it cannot be."""

from datetime import timedelta
from itertools import pairwise, permutations

import pytest
from sqlalchemy.orm import Session

from server.domain.care import visit_before, visit_route, visit_ways
from server.domain.care.visit_places import Atlas, km
from server.domain.care.visit_route import Stop, Task
from server.domain.refusals import NotAllowed, WrongMove
from tests.cast import Cast
from tests.domain.home_visits.planned import a_team, a_visit, tomorrow

STORE = (118.36, 31.33)
EAST, NORTH, FAR, WEST = (118.40, 31.33), (118.40, 31.36), (118.36, 31.40), (118.30, 31.34)


def a_task(*places: tuple[float, float], at: dict[int, int] | None = None) -> Task:
    """Visits of an hour, from nine o'clock, thirty kilometres in an hour."""
    stops = [Stop(f"stop {turn}", *place, 60, (at or {}).get(turn)) for turn, place in enumerate(places)]
    return Task(STORE, stops, leaves=540, kmh=30, spare=10)


def test_a_degree_of_latitude_is_a_hundred_and_eleven_kilometres() -> None:
    assert km((118.0, 31.0), (118.0, 32.0)) == pytest.approx(111.19, abs=0.01)
    assert km((118.0, 31.0), (119.0, 31.0)) == pytest.approx(95.31, abs=0.01)
    assert km(STORE, STORE) == 0


def test_the_shortest_way_is_as_short_as_trying_every_order() -> None:
    places = (EAST, WEST, NORTH, FAR, (118.33, 31.30), (118.42, 31.30))
    way = visit_route.shortest(a_task(*places))
    tried = [[STORE, *order, STORE] for order in permutations(places)]
    assert way.km == pytest.approx(min(sum(km(*leg) for leg in pairwise(one)) for one in tried), abs=0.005)
    assert way.usual == pytest.approx(sum(km(*leg) for leg in pairwise([STORE, *places, STORE])), abs=0.005)
    assert way.gain == pytest.approx(way.usual - way.km)
    assert sorted(leg.key for leg in way.legs) == sorted(f"stop {turn}" for turn in range(6))


def test_times_follow_from_distance_and_spare_minutes_to_five_minutes() -> None:
    way = visit_route.shortest(a_task(EAST))
    [leg] = way.legs
    assert leg.km == pytest.approx(3.799, abs=0.001)
    assert (leg.arrives, leg.begins) == (540 + 8, 560)  # eight minutes on the road, ten to spare, rounded up
    assert way.leaves_at == 540
    assert way.back_at == 560 + 60 + 8
    assert way.km == pytest.approx(2 * leg.km)


def test_what_was_agreed_with_a_customer_is_kept_though_the_way_is_longer() -> None:
    free = visit_route.shortest(a_task(EAST, NORTH, WEST))
    kept = visit_route.shortest(a_task(EAST, NORTH, WEST, at={2: 600, 0: 720}))
    order = [leg.key for leg in kept.legs]
    assert order.index("stop 2") < order.index("stop 0")
    assert {leg.key: leg.begins for leg in kept.legs if leg.key != "stop 1"} == {"stop 2": 600, "stop 0": 720}
    assert kept.km >= free.km
    assert kept.late == []


def test_who_is_expected_early_makes_the_team_leave_early() -> None:
    way = visit_route.shortest(a_task(EAST, at={0: 545}))
    assert (way.leaves_at, way.legs[0].begins, way.late) == (545 - 10 - 8, 545, [])


def test_times_that_cannot_all_be_kept_are_gone_to_in_their_order_and_told() -> None:
    way = visit_route.shortest(a_task(EAST, WEST, at={0: 600, 1: 630}))
    assert [leg.key for leg in way.legs] == ["stop 0", "stop 1"]
    assert way.late == ["stop 1"]


def test_no_stop_is_no_way_and_nothing_is_reckoned_for_one() -> None:
    way = visit_route.shortest(a_task())
    assert (way.legs, way.km, way.gain) == ([], 0, 0)


def test_a_place_is_given_by_coordinates_or_by_the_middle_of_its_district(session: Session, cast: Cast) -> None:
    atlas = Atlas(session, cast.store)
    assert atlas.store == (118.3917, 31.3693)  # the store stands in Jiujiang District
    assert atlas.area_of("芜湖市镜湖区长江路 1 号") == {"zh": "镜湖区", "en": "Jinghu"}
    assert atlas.area_of("5 Main Road, Yijiang District") == {"zh": "弋江区", "en": "Yijiang"}
    assert atlas.area_of("上海市") == {"zh": "其他区域", "en": "Elsewhere"}
    visit = a_visit(session, cast)
    assert atlas.of_visit(visit) == (118.3853, 31.3405)
    visit.longitude, visit.latitude = 118.4, 31.4
    assert atlas.of_visit(visit) == (118.4, 31.4)
    visit.longitude = visit.latitude = None
    visit.area = atlas.area_of("上海市")
    assert atlas.of_visit(visit) is None


def test_the_way_is_put_into_the_visits_and_agreed_times_stand(session: Session, cast: Cast) -> None:
    team = a_team(session, cast)
    addresses = ("芜湖市湾沚区", "芜湖市镜湖区", "芜湖市弋江区")
    visits = [a_visit(session, cast, turn, team, address=one) for turn, one in enumerate(addresses, 1)]
    visit_before.book(session, visits[0], tomorrow(cast.he, 15), by=cast.he)
    [route] = visit_ways.of_day(session, visits[0].day, by=cast.he, drafts=True)
    assert route.task is not None
    way = visit_route.shortest(route.task)
    with pytest.raises(NotAllowed):
        visit_ways.lay(session, route, way, by=cast.lin)
    visit_ways.lay(session, route, way, by=cast.he)
    assert sorted(visit.position for visit in visits) == [1, 2, 3]
    assert visits[0].starts_at == tomorrow(cast.he, 15)
    for visit in visits[1:]:
        assert visit.starts_at is not None
        assert visit.starts_at < tomorrow(cast.he, 15) or visit.starts_at >= tomorrow(cast.he, 16)
    [again] = visit_ways.of_day(session, visits[0].day, by=cast.he, drafts=True)
    assert again.way is not None
    assert again.way.km == pytest.approx(way.km)
    assert [one.position for one in again.visits] == [1, 2, 3]


def test_a_way_of_other_visits_is_not_put_in(session: Session, cast: Cast) -> None:
    team = a_team(session, cast)
    visit = a_visit(session, cast, 1, team)
    [route] = visit_ways.of_day(session, visit.day, by=cast.he, drafts=True)
    assert route.task is not None
    way = visit_route.shortest(route.task)
    a_visit(session, cast, 2, team)
    [changed] = visit_ways.of_day(session, visit.day, by=cast.he, drafts=True)
    with pytest.raises(WrongMove):
        visit_ways.lay(session, changed, way, by=cast.he)


def test_a_visit_where_nobody_knows_the_district_is_on_no_way(session: Session, cast: Cast) -> None:
    visit = a_visit(session, cast, 1, address="上海市")
    [route] = visit_ways.of_day(session, visit.day, by=cast.he, drafts=True)
    assert (route.lost, route.task, route.way, route.key) == ([visit], None, None, "none")
    assert visit_ways.of_day(session, visit.day + timedelta(days=1), by=cast.he, drafts=True) == []
