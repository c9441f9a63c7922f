"""The card on one's own page, and who may be told of what where."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from server import push
from server.database import Database, uuid7
from server.domain.people import notices
from server.domain.people.notices import Notice
from server.domain.people.subscriptions import Subscription
from tests.cast import PIN, Cast
from tests.push_service import Device, PushService
from tests.visitor import Visitor

Come = Callable[..., Visitor]


def kept(database: Database) -> list[Subscription]:
    with database.work() as session:
        return list(session.scalars(select(Subscription).order_by(Subscription.created_at)))


def test_the_card_knows_the_key_and_offers_what_concerns_the_role(client: Come) -> None:
    offered = {
        "lin": ["delivery", "work", "overdue"], "gao": ["delivery", "work", "overdue"], "chen": ["work", "overdue"],
        "he": ["work", "overdue"], "zhou": ["work"], "admin": ["work"],
    }  # fmt: skip
    for name, topics in offered.items():
        page = client(name).get("/me").text
        assert f'data-key="{push.public_key()}"' in page, name
        assert [topic for topic in ("delivery", "work", "overdue") if f'value="{topic}"' in page] == topics, name
        assert 'data-endpoint=""' in page


def test_it_is_switched_on_chosen_and_switched_off(
    client: Come, service: PushService, database: Database, cast: Cast
) -> None:
    lin, phone = client("lin"), Device(service)
    answer = lin.post("/me/push", **phone.told)
    assert (answer.status_code, answer.headers["location"]) == (303, "/me#push")
    (one,) = kept(database)
    assert (one.staff_id, one.endpoint, one.language) == (cast.lin.id, phone.told["endpoint"], "zh")
    assert one.topics == ["delivery", "work", "overdue", "prospects", "lost", "deals"]
    assert f'data-endpoint="{phone.told["endpoint"]}"' in lin.get("/me").text

    lin.post("/me/push/topics", topics="overdue")
    assert kept(database)[0].topics == ["overdue"]
    assert lin.get("/me").text.count("checked>") >= 1
    lin.post("/me/push/topics")
    assert kept(database)[0].topics == []
    lin.post("/language", language="en", next="/me")
    assert kept(database)[0].language == "en"

    assert lin.post("/me/push/removal").status_code == 303
    assert kept(database) == []
    assert lin.post("/me/push/topics", topics="work").status_code == 303, "a late tap finds nothing to choose"
    assert kept(database) == []


def test_a_renewed_subscription_takes_the_old_one_s_place_and_choice(
    client: Come, service: PushService, database: Database
) -> None:
    lin = client("lin")
    lin.post("/me/push", **Device(service, "/old").told)
    lin.post("/me/push/topics", topics="work")
    lin.post("/me/push", **Device(service, "/new").told)
    assert [(one.endpoint, one.topics) for one in kept(database)] == [(f"{service.address}/new", ["work"])]


def test_two_people_of_one_tablet_are_told_apart(
    client: Come, service: PushService, database: Database, cast: Cast
) -> None:
    tablet, browser = client("lin"), Device(service)
    tablet.post("/me/push", **browser.told)
    assert tablet.post("/switch", name="chen", pin=PIN).status_code == 303
    tablet._token = None
    assert browser.told["endpoint"] not in tablet.get("/me").text, "what Lin switched on is Lin's"
    tablet.post("/me/push", **browser.told)
    assert [one.staff_id for one in kept(database)] == [cast.lin.id, cast.chen.id]
    assert len({one.device_id for one in kept(database)}) == 1
    tablet.post("/me/push/removal")
    assert [one.staff_id for one in kept(database)] == [cast.lin.id]


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": ""}, {"endpoint": "https://10.0.0.5/x"}, {"endpoint": "http://push.example.com/x"},
        {"endpoint": "https://push.example.com/" + "x" * 2000}, {"p256dh": ""}, {"p256dh": "AAAA"},
        {"p256dh": "环车"}, {"auth": ""}, {"auth": "AAAA"},
    ],
)  # fmt: skip
def test_what_cannot_be_a_subscription_is_refused(
    client: Come, service: PushService, database: Database, wrong: dict[str, str]
) -> None:
    answer = client("lin").post("/me/push", **Device(service).told | wrong)
    assert answer.status_code == 422
    assert "这台设备没有给出接收通知的地址" in answer.text
    assert kept(database) == []


def test_a_device_learns_whether_a_notice_is_for_who_holds_it(client: Come, database: Database, cast: Cast) -> None:
    tablet = client("lin")
    with database.work(cast.store) as session:
        for person in (cast.lin, cast.chen):
            notices.tell(session, person.id, "delivery.locked", "/", by=cast.zhou, number="JC-1")
        session.flush()
        query = select(Notice.id).where(Notice.kind == "delivery.locked")
        mine, hers = (session.scalars(query.where(Notice.staff_id == one.id)).one() for one in (cast.lin, cast.chen))
    assert [_is_here(tablet, notice) for notice in (mine, hers, uuid7())] == [True, False, False]
    tablet.post("/switch", name="chen", pin=PIN)
    tablet._token = None
    assert [_is_here(tablet, notice) for notice in (mine, hers)] == [False, True]
    tablet.post("/sign-out")
    assert [_is_here(tablet, notice) for notice in (mine, hers)] == [False, False]
    assert not _is_here(client(), mine), "a device from the street"


def _is_here(visitor: Visitor, notice: UUID) -> bool:
    answer = visitor.get(f"/notices/{notice}/holder")
    assert (answer.status_code, answer.headers["cache-control"]) == (200, "no-store")
    return answer.json()["here"]
