"""The crew's pages: everybody's week, and one person's form."""

from datetime import timedelta
from urllib.parse import unquote

import pytest

from server.database import Database
from server.domain.workshop import booking, crew
from server.domain.workshop.crew import Hours
from server.domain.workshop.slots import Wish
from tests.cast import VIN, Cast, a_car, a_customer
from tests.routes.browsing import Come, Forms
from tests.visitor import Visitor


def a_week(*days: int, **other: str) -> dict[str, str]:
    """What the form says: these days from 9 to 5 with an hour's break."""
    said: dict[str, str] = {}
    for day in range(7):
        said |= {f"begins-{day}": "09:00", f"ends-{day}": "17:00", f"pause-{day}": "60"}
    return said | {f"works-{day}": "1" for day in days} | {"skill-mechanic": "110"} | other


def seen(visitor: Visitor, place: str) -> str:
    """What the form was made from."""
    return next(fields["seen"] for action, fields in Forms(visitor.get(place).text).found if action == place)


def test_the_manager_changes_a_week_and_sees_it(client: Come, database: Database, cast: Cast) -> None:
    gao, place = client("gao"), f"/workshop/crew/{cast.zhou.id}"
    answer = gao.post(place, **a_week(0, 2, seen=seen(gao, place)))
    assert (answer.status_code, answer.headers["location"]) == (303, "/workshop/crew")
    with database.work(cast.store) as session:
        assert crew.member(session, cast.store, cast.zhou.id).week == dict.fromkeys((0, 2), Hours(540, 1020, 60))
    shown = gao.get("/workshop/crew").text
    assert cast.zhou.title["zh"] in shown
    assert shown.count("09:00") == 2


@pytest.mark.parametrize("begins", ["08:30", "8:30", "0830", "830", "８：３０"])
def test_a_time_is_read_as_it_is_typed(client: Come, database: Database, cast: Cast, begins: str) -> None:
    gao, place = client("gao"), f"/workshop/crew/{cast.zhou.id}"
    week = a_week(0, seen=seen(gao, place)) | {"begins-0": begins, "ends-0": "24:00"}
    assert gao.post(place, **week).status_code == 303
    with database.work(cast.store) as session:
        assert crew.member(session, cast.store, cast.zhou.id).week == {0: Hours(510, 1440, 60)}


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"begins-0": "halb neun"}, "begins-0"), ({"begins-0": "8:75"}, "begins-0"), ({"ends-0": "24:01"}, "ends-0"),
        ({"ends-0": ""}, "ends-0"), ({"ends-0": "08:00"}, "ends-0"), ({"pause-0": "480"}, "pause-0"),
        ({"pause-0": "-5"}, "pause-0"), ({"skill-paint": "5"}, "skill-paint"), ({"skill-paint": "?"}, "skill-paint"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_at_its_field_and_what_was_typed_stays(
    client: Come, cast: Cast, wrong: dict[str, str], field: str
) -> None:
    gao, place = client("gao"), f"/workshop/crew/{cast.zhou.id}"
    answer = gao.post(place, **(a_week(0, 3, seen=seen(gao, place)) | wrong))
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    typed = next(fields for action, fields in Forms(answer.text).found if action == place)
    assert typed[field] == wrong[field]
    assert [day for day in range(7) if f'name="works-{day}" value="1" checked' in answer.text] == [0, 3]


def test_a_form_of_before_is_refused_with_what_stands_now(client: Come, cast: Cast) -> None:
    gao, place = client("gao"), f"/workshop/crew/{cast.zhou.id}"
    old = seen(gao, place)
    assert gao.post(place, **a_week(0, seen=old)).status_code == 303
    answer = gao.post(place, **a_week(1, seen=old))
    assert answer.status_code == 409
    assert "现在是" in answer.text
    assert gao.post(place, **a_week(1, seen=seen(gao, place))).status_code == 303


def test_the_leader_looks_and_changes_nothing(client: Come, cast: Cast) -> None:
    leader = client("wu")
    shown = leader.get("/workshop/crew")
    assert shown.status_code == 200
    assert f"/workshop/crew/{cast.zhou.id}" not in shown.text
    assert leader.get(f"/workshop/crew/{cast.zhou.id}").status_code == 403
    assert leader.post(f"/workshop/crew/{cast.zhou.id}", **a_week(0)).status_code == 403


def test_a_day_on_which_more_is_booked_than_can_be_done_now_is_told(
    client: Come, database: Database, cast: Cast
) -> None:
    here = cast.gao.moment().astimezone(cast.gao.zone)
    monday = (here + timedelta(days=7 - here.weekday())).replace(hour=9, minute=0, second=0, microsecond=0)
    with database.work(cast.store) as session:
        customer = a_customer(session, cast.chen)
        wish = Wish(kind="repair", starts_at=monday)
        booking.book(session, wish, by=cast.chen, customer=customer, car=a_car(session, cast.chen, customer, VIN))
    gao, told = client("gao"), []
    with database.work(cast.store) as session:
        crew_now = crew.members(session, cast.store)
    for one in crew_now:
        place = f"/workshop/crew/{one.id}"
        answer = gao.post(place, **a_week(3, seen=seen(gao, place)))
        told.append(unquote(answer.headers["set-cookie"].split("huanche_flash=")[1].split(";")[0]).strip('"'))
    assert told[0] == "good|排班已保存。"
    assert told[-1] == f"warn|已保存。以下日期预约已超出能力：{monday.month}-{monday.day}"
