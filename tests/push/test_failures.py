"""When a push service fails, is slow, leads elsewhere or does not know a device any more."""

import threading
from collections.abc import Callable
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from itertools import pairwise

import pytest
from sqlalchemy import select, update

from server import push
from server.database import Database, now
from server.domain.people.pushes import Push, State
from server.domain.people.subscriptions import Subscription
from server.push import wire
from tests.push_service import Device, PushService

Tell = Callable[..., None]
States = Callable[[], list[str]]
Pushed = Callable[[], list[Push]]


@pytest.mark.parametrize("status", [404, 410])
def test_a_place_that_is_gone_is_forgotten_with_what_was_owed_to_it(
    phone: Device, service: PushService, database: Database, status: int, told: Tell, states: States
) -> None:
    tablet = Device(service, "/tablet")
    with database.work() as session:
        tablet.subscribed(session, tablet.taken_by(session, "lin"))
    service.say("/lin", status)
    told(number="JC-1")
    push.send_due(database, now())
    with database.work() as session:
        assert [one.endpoint for one in session.scalars(select(Subscription))] == [tablet.told["endpoint"]]
    told(number="JC-2")
    push.send_due(database, now())
    assert (len(phone.letters), len(tablet.letters)) == (1, 2)
    assert states() == [State.SENT, State.SENT]


def test_a_push_that_failed_is_tried_again_ever_more_seldom_and_given_up_after_a_day(
    phone: Device, service: PushService, database: Database, told: Tell, pushed: Pushed
) -> None:
    service.say("/lin", 500)
    told()
    tried, began = [], now()
    while (owed := pushed()[0]).state == State.OWED:
        tried.append(owed.due_at)
        push.send_due(database, owed.due_at - timedelta(seconds=1))
        assert len(phone.letters) == len(tried) - 1, "not before it is due"
        push.send_due(database, max(owed.due_at, began))
    pauses = [(after - before).total_seconds() for before, after in pairwise(tried[1:])]
    assert pauses[:4] == [60, 120, 240, 480]
    assert set(pauses[8:]) == {3600}
    assert timedelta(hours=22) < tried[-1] - tried[0] <= timedelta(days=1)
    assert (pushed()[0].state, pushed()[0].fault) == (State.GIVEN_UP, "500")
    assert len(phone.letters) == len(tried)


def test_what_failed_arrives_when_the_service_is_well_again(
    phone: Device, service: PushService, database: Database, told: Tell, states: States, pushed: Pushed
) -> None:
    service.say("/lin", 503, Retry_After="300")
    told()
    at = now()
    push.send_due(database, at)
    assert abs((pushed()[0].due_at - at).total_seconds() - 300) < 1
    service.replies.clear()
    push.send_due(database, at + timedelta(seconds=299))
    assert len(phone.letters) == 1
    push.send_due(database, at + timedelta(seconds=301))
    assert (len(phone.letters), states()) == (2, [State.SENT])
    assert int(phone.letters[1].headers["ttl"]) <= 86400 - 301


def test_a_service_that_is_not_there_does_not_hold_up_the_others(
    phone: Device, service: PushService, database: Database, told: Tell, states: States
) -> None:
    with database.work() as session:
        session.execute(update(Subscription).values(endpoint="http://127.0.0.1:1/nobody"))
        tablet = Device(service, "/tablet")
        tablet.subscribed(session, tablet.taken_by(session, "lin"))
    told()
    push.send_due(database, now())
    assert sorted(states()) == [State.OWED, State.SENT]
    assert len(tablet.letters) == 1


def test_a_service_that_never_answers_is_not_waited_for(
    phone: Device, service: PushService, database: Database, monkeypatch: pytest.MonkeyPatch, told: Tell, pushed: Pushed
) -> None:
    over = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        while not over.wait(0.05):  # a byte now and then keeps every other kind of patience awake
            handler.wfile.write(b"H")

    monkeypatch.setattr(wire, "PATIENCE", 0.5)
    service.replies["/lin"] = drip
    told()
    push.send_due(database, now())
    over.set()
    assert (pushed()[0].state, pushed()[0].fault[:12]) == (State.OWED, "TimeoutError")


def test_an_answer_without_an_end_is_not_read(
    phone: Device, service: PushService, database: Database, told: Tell, states: States
) -> None:
    closed = threading.Event()

    def pour(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(201)
        handler.end_headers()
        try:
            while True:
                handler.wfile.write(b"x" * 65536)
        except OSError:
            closed.set()

    service.replies["/lin"] = pour
    told()
    push.send_due(database, now())
    assert closed.wait(20)
    assert states() == [State.SENT]


def test_nobody_is_led_on_to_another_address(
    phone: Device, service: PushService, database: Database, told: Tell, states: States
) -> None:
    service.say("/lin", 307, Location=f"{service.address}/elsewhere")
    told()
    push.send_due(database, now())
    assert [one.path for one in service.received] == ["/lin"]
    assert states() == [State.OWED]
