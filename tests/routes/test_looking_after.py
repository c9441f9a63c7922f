"""Who looks after whom, on the page: absences, customers taken over with a receipt, leavers, and what is nobody's."""

from datetime import timedelta

import pytest

from server.database import now
from server.domain.care import belongings
from server.domain.care.data_handovers import DataHandover
from server.domain.customers import Customer
from server.domain.people import Staff
from server.domain.people.absences import Absence
from server.domain.people.notices import Notice
from server.domain.records import Paper
from server.routes.data_handovers import PAGES
from tests.routes.browsing import Browser
from tests.routes.sending import Sending
from tests.routes.world import World


def test_somebody_is_away_and_what_is_due_is_the_stand_in_s_until_they_are_back(world: World) -> None:
    he, chen, today = Browser(world.visitor("he")), world.visitor("chen"), now().astimezone(world.cast.he.zone).date()
    long = he.visitor.post(
        "/absences", stand_in=str(world.cast.chen.id), first_day=str(today), last_day=str(today + timedelta(days=400))
    )
    assert (long.status_code, "全部移交" in long.text) == (422, True)
    he.go("/absences").send(
        "/absences", stand_in=str(world.cast.chen.id), first_day=str(today), last_day=str(today + timedelta(days=1))
    )
    assert "代班人：陈思" in he.text
    away: Absence = world.newest(Absence)
    assert away.staff_id == world.cast.he.id
    assert world.one(Notice, Notice.kind == "absence.stand_in", Notice.staff_id == world.cast.chen.id)
    assert "何静" in chen.get("/absences").text
    assert chen.post(f"/absences/{away.id}/end").status_code == 404, "only they themselves or a manager"
    he.send(f"/absences/{away.id}/end")
    assert "代班人：陈思" not in he.text
    assert he.visitor.post(f"/absences/{away.id}/end").status_code == 409


def test_a_consultant_enters_nobody_else_s_absence(world: World) -> None:
    today = now().astimezone(world.cast.lin.zone).date()
    days = {"first_day": str(today), "last_day": str(today)}
    refused = world.visitor("fang").post("/absences", staff=world.cast.he.id, stand_in=world.cast.fang.id, **days)
    assert refused.status_code == 403


@pytest.fixture
def handover(world: World) -> DataHandover:
    """The customer whose car was handed over."""
    return world.one(DataHandover, DataHandover.kind == "delivery")


def test_service_takes_a_customer_over_far_from_the_house_with_a_receipt(
    world: World, outbox: Sending, handover: DataHandover
) -> None:
    place, chen = f"/data-handovers/{handover.id}", world.visitor("chen")
    page = chen.get(place).text
    assert "客户授权（随资料移交）" in page
    assert "交车 3 天回访" in page, "what is owed travels along"
    assert world.visitor("xu").get(place).status_code == 404
    gao = Browser(world.visitor("gao")).go(place)
    gao.send(f"{place}/redirection", to=str(world.cast.xu.id))
    assert chen.get(place).status_code == 404
    sent = outbox("xu").send(f"{place}/taking", ago=600, note="偏好微信")
    assert sent.status_code == 200
    taken: DataHandover = world.one(DataHandover, DataHandover.id == handover.id)
    assert (taken.state, taken.note, taken.taken_by) == ("taken", "偏好微信", world.cast.xu.id)
    assert world.one(Customer, Customer.id == taken.customer_id).advisor_id == world.cast.xu.id
    receipt: Paper = world.one(Paper, Paper.kind == "data_handover")
    assert world.visitor("xu").get(f"/papers/{receipt.number}.pdf").content.startswith(b"%PDF")
    assert world.visitor("lin").get(f"/papers/{receipt.number}.pdf").status_code == 200, "who handed over keeps it"
    assert world.visitor("fang").get(f"/papers/{receipt.number}.pdf").status_code == 404
    assert "服务顾问：许晴" in world.visitor("xu").get(f"/customers/{taken.customer_id}").text
    assert outbox("xu").send(f"{place}/taking").status_code == 409, "once"


def test_a_leaver_goes_in_one_act_or_not_at_all(world: World) -> None:
    gao, leaver = Browser(world.visitor("gao")), world.cast.lin.id
    place = f"/leavers?who={leaver}"
    assert world.visitor("chen").get("/leavers").status_code == 403
    assert "潜客" in gao.go(place).text
    taking = {"to-sales": [world.cast.fang.id], "to-calls": [world.cast.he.id], "to-visits": [world.cast.chen.id]}
    missing = gao.visitor.post(place, **{"from": leaver, "sure": "on", "to-sales": [world.cast.fang.id]})
    assert (missing.status_code, 'id="to-calls"' in missing.text) == (422, True)
    unsure = gao.visitor.post(place, **{"from": leaver, **taking})
    assert unsure.status_code == 422
    assert gao.go(place).text.count("to-sales") > 1, "nothing has changed hands yet"
    done = gao.visitor.post(place, **{"from": leaver, "sure": "on", "note": "离职", **taking})
    assert done.status_code == 303, done.text
    receipt = gao.go(done.headers["location"]).text
    assert "移交明细" in receipt
    assert "方远" in receipt
    assert "离职" in receipt
    assert "请选择离职人员" in gao.go(place).text, "nothing is in their hands any more"


def test_what_is_nobody_s_is_named_and_leads_to_where_it_is_settled(world: World) -> None:
    assert set(PAGES) == set(belongings.BY_CODE)
    gao = world.visitor("gao")
    assert world.visitor("he").get("/unowned").status_code == 403
    with world.database.work(world.cast.store) as session:
        session.get_one(Staff, world.cast.chen.id).active = False
    page = gao.get("/unowned").text
    with world.database.work(world.cast.store) as session:
        session.get_one(Staff, world.cast.chen.id).active = True
    assert "仍在已离职的陈思名下" in page
    assert f"/leavers?who={world.cast.chen.id}#takers" in page
    links = [one.split('"')[0] for one in page.split('<a class="whole" href="')[1:]]
    assert len(links) > 3
    for link in links:
        assert gao.get(link).status_code in (200, 303), link
