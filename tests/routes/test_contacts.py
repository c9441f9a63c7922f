"""Owed contacts on the page: dialled, made, tried in vain, decided; promised to a customer; and from a device."""

from datetime import timedelta
from itertools import count
from uuid import UUID

import pytest

from server.database import now, uuid7
from server.domain.care import Contact
from server.domain.care.contacts import REACHED, owe
from server.domain.care.making import Try
from server.domain.customers import Customer
from server.domain.people.notices import Notice
from server.domain.records import consents
from tests.cast import a_customer
from tests.routes.browsing import Browser
from tests.routes.sending import Sending, said
from tests.routes.world import World

NUMBERS = count(13955570001)


@pytest.fixture
def owed(world: World) -> UUID:
    """Lin owes a call to somebody who may be called day and night."""
    return a_call(world, "call_back")


def a_call(world: World, kind: str) -> UUID:
    """One that was due an hour ago, by a customer of its own."""
    cast = world.cast
    with world.database.work(cast.store) as session:
        customer = a_customer(session, cast.lin, phone=str(next(NUMBERS)))
        contact = owe(session, kind, customer, cast.lin.id, now() - timedelta(hours=1), by=cast.lin)
        assert contact is not None
        contact.due_at = now() - timedelta(hours=1)
        made, whose = contact.id, customer.id
    wishes(world, whose, opens="0", closes="24")
    return made


def wishes(world: World, customer: UUID, **said: str | list[str]) -> None:
    """When they want to be called."""
    answer = world.visitor("lin").post(f"/customers/{customer}/calling-wish", **said)
    assert answer.status_code == 303, answer.text


def as_it_stands(world: World, contact: UUID) -> Contact:
    """What the house holds."""
    return world.one(Contact, Contact.id == contact)


def not_today(world: World) -> list[str]:
    """The days of the week on which nobody is called if today is none of them."""
    today = now().astimezone(world.cast.lin.zone).weekday()
    return [str((today + days) % 7) for days in (2, 3)]


def test_an_outcome_takes_two_taps_and_no_script(world: World, owed: UUID) -> None:
    place = f"/contacts/{owed}"
    browser = Browser(world.visitor("lin")).go(place)
    assert "王建国您好，我是芜湖一店的林悦。说好给您回电话" in browser.text, "the script, with the names in it"
    browser.send(f"{place}/outcome", outcome="reached.satisfied")
    made = as_it_stands(world, owed)
    assert (made.state, made.outcome, made.note, made.tries) == ("done", REACHED, "满意，没有问题", 1)
    assert place in browser.go("/contacts?show=done").text


def test_what_comes_next_is_owed_from_then_on(world: World, owed: UUID) -> None:
    lin, place = world.visitor("lin"), f"/contacts/{owed}/outcome"
    wrong = lin.post(place, outcome="reached.satisfied", next="3")
    assert wrong.status_code == 422
    assert "请填写下一步" in wrong.text
    assert lin.post(place, outcome="reached.satisfied", next="3", next_what="发配置表").status_code == 303
    then: Contact = world.one(Contact, Contact.follows_id == owed)
    assert (then.kind, then.about, then.owed_by) == ("next_step", "发配置表", world.cast.lin.id)
    assert (then.due_at - now()).days in (2, 3)


def test_who_is_not_satisfied_is_owed_an_answer_and_the_manager_knows(world: World, owed: UUID) -> None:
    lin, place = world.visitor("lin"), f"/contacts/{owed}/outcome"
    silent = lin.post(place, outcome="reached.unhappy")
    assert (silent.status_code, "请写下客户不满意什么" in silent.text) == (422, True)
    assert as_it_stands(world, owed).state == "owed"
    assert lin.post(place, outcome="reached.unhappy", note="空调有异味").status_code == 303
    answer: Contact = world.one(Contact, Contact.follows_id == owed)
    assert (answer.kind, answer.about, answer.owed_by) == ("complaint_answer", "空调有异味", world.cast.lin.id)
    assert now() < answer.due_at <= now() + timedelta(hours=25)
    told: Notice = world.one(Notice, Notice.kind == "contact.complained", Notice.staff_id == world.cast.gao.id)
    assert told.address == f"/contacts/{answer.id}"


def test_nothing_chosen_is_asked_for_at_its_place(world: World, owed: UUID) -> None:
    for typed in ({}, {"outcome": "reached.nonsense"}, {"outcome": REACHED}):
        answer = world.visitor("lin").post(f"/contacts/{owed}/outcome", **typed)
        assert (answer.status_code, 'class="error"' in answer.text) == (422, True), typed
    assert as_it_stands(world, owed).state == "owed"


def test_a_call_that_was_begun_and_made_far_from_the_house_comes_once(
    world: World, outbox: Sending, owed: UUID
) -> None:
    phone, begun, made = outbox("lin"), uuid7(), uuid7()
    for _ in range(2):
        assert phone.send(f"/contacts/{owed}/begin", key=begun, ago=900).status_code == 200
        done = phone.send(f"/contacts/{owed}/outcome", key=made, ago=600, outcome="reached.answered", note="周六来")
        assert done.status_code == 200
    with world.database.work(world.cast.store) as session:
        tries = session.query(Try).where(Try.contact_id == owed).all()
        assert [(one.outcome, one.note, one.minutes, one.made_by) for one in tries] == [
            (REACHED, "有疑问，已解答 · 周六来", 5, world.cast.lin.id)
        ]


def test_the_third_try_in_vain_asks_the_manager_who_gives_it_to_a_colleague(world: World, owed: UUID) -> None:
    lin, gao, place = world.visitor("lin"), Browser(world.visitor("gao")), f"/contacts/{owed}"
    for _ in range(3):
        assert lin.post(f"{place}/outcome", outcome="not_reached").status_code == 303
    assert world.one(Notice, Notice.kind == "contact.escalated", Notice.address == place).staff_id == world.cast.gao.id
    assert "请等经理决定" in lin.get(place).text
    assert "请决定如何处理" in gao.go(place).text
    assert lin.post(f"{place}/direction", way="again").status_code == 403
    assert gao.visitor.post(f"{place}/direction", way="drop").status_code == 422, "not without a reason"
    gao.send(f"{place}/direction", way="pass", to=str(world.cast.fang.id))
    assert (as_it_stands(world, owed).owed_by, as_it_stands(world, owed).tries) == (world.cast.fang.id, 0)
    assert lin.get(place).status_code == 404
    assert place in world.visitor("fang").get("/contacts").text + world.visitor("fang").get("/contacts?show=later").text


def test_who_is_not_to_be_called_now_cannot_be_dialled_and_why_is_said(world: World, owed: UUID) -> None:
    lin, place = world.visitor("lin"), f"/contacts/{owed}"
    customer = as_it_stands(world, owed).customer_id
    assert "data-callable" in lin.get(place).text
    wishes(world, customer, opens="0", closes="24", weekday=not_today(world))
    assert "客户要求只在 周" in lin.get(place).text
    assert lin.post(f"{place}/begin").status_code == 409


def test_who_wants_no_calls_is_owed_only_what_they_asked_for(world: World, owed: UUID) -> None:
    answer = a_call(world, "question_answer")
    with world.database.work(world.cast.store) as session:
        for contact in (owed, answer):
            customer = session.get_one(Contact, contact).customer_id
            consents.answer(session, customer, "contact", False, by=world.cast.lin)
    lin = world.visitor("lin")
    assert "不再需要" in lin.get(f"/contacts/{owed}").text
    page = lin.get(f"/contacts/{answer}").text
    assert "客户不希望接到电话" in page
    assert "tel:" not in page.split('class="split')[1]
    assert lin.post(f"/contacts/{answer}/begin").status_code == 409


def test_a_safety_recall_is_called_all_the_same_by_right_and_with_a_reason(world: World) -> None:
    recall = a_call(world, "safety_recall")
    wishes(world, as_it_stands(world, recall).customer_id, opens="0", closes="24", weekday=not_today(world))
    lin, gao, place = world.visitor("lin"), world.visitor("gao"), f"/contacts/{recall}"
    assert "涉及安全，不能等" not in lin.get(place).text
    assert "涉及安全，不能等" in gao.get(place).text
    assert lin.post(f"{place}/begin", why="气囊召回").status_code == 409
    assert gao.post(f"{place}/begin").status_code == 422
    assert gao.post(f"{place}/begin", why="气囊召回").status_code == 303
    assert "tel:" in gao.get(place).text.split('class="split')[1]


def test_a_promise_takes_two_taps_on_the_customer_s_page(world: World) -> None:
    with world.database.work(world.cast.store) as session:
        customer = a_customer(session, world.cast.lin, phone=str(next(NUMBERS))).id
    lin, place = world.visitor("lin"), f"/customers/{customer}"
    assert "答应客户一件事" in lin.get(place).text
    answer = lin.post(f"{place}/promises", kind="call_back", when="1", about="装潢报价")
    assert (answer.status_code, answer.headers["location"]) == (303, f"{place}#owed")
    made: Contact = world.one(Contact, Contact.customer_id == customer)
    assert (made.kind, made.about, made.owed_by) == ("call_back", "装潢报价", world.cast.lin.id)
    assert lin.post(f"{place}/promises", kind="care_3", when="1").status_code == 422, "nobody promises that"
    with world.database.work(world.cast.store) as session:
        consents.answer(session, customer, "contact", False, by=world.cast.lin)
    assert lin.post(f"{place}/promises", kind="call_back", when="1").status_code == 409
    assert lin.post(f"{place}/promises", kind="question_answer", when="1").status_code == 303, "they asked for it"


def test_a_promise_made_without_a_network_is_one_promise(world: World, outbox: Sending) -> None:
    customer, born, key = world.one(Customer, Customer.name == "王建国").id, uuid7(), uuid7()
    phone = outbox("lin")
    for _ in range(2):
        sent = phone.send(
            f"/customers/{customer}/promises", key=key, ago=3_600, id=str(born), kind="find_out", when="3", about="脚垫"
        )
        assert sent.status_code == 200, said(sent)
    assert as_it_stands(world, born).about == "脚垫"


def test_what_is_owed_by_others_is_not_there(world: World, owed: UUID) -> None:
    place = f"/contacts/{owed}"
    for name in ("fang", "he", "stranger"):
        assert world.visitor(name).get(place).status_code == 404, name
        assert world.visitor(name).post(f"{place}/begin").status_code == 404, name
    assert world.visitor("zhou").get("/contacts").status_code == 403


def test_the_list_is_narrowed_by_way_and_by_what_presses(world: World, owed: UUID) -> None:
    lin, place = world.visitor("lin"), f"/contacts/{owed}"
    assert place in lin.get("/contacts?way=promise&only=overdue").text
    assert place not in lin.get("/contacts?way=survey").text
    part = lin.get("/contacts?only=promised", htmx=True).text
    assert part.lstrip().startswith('<section class="card" id="list"')
    assert "已承诺" in part
