"""From the cause to the device: encrypted, proven, once, again when it failed, and to nobody who is not meant."""

import asyncio
import os
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import pytest
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from server import push
from server.database import Database, now
from server.domain.checklists import Tap, runs, taps
from server.domain.delivery import Delivery, pdi
from server.domain.people import Person, Staff, notices, pushes, sign_in, subscriptions
from server.domain.people.notices import Notice
from server.domain.people.pushes import Push, State
from server.domain.people.sign_in import SignIn
from server.domain.people.subscriptions import Subscription
from server.push import keys, wire
from server.settings import ROOT, settings
from tests.cast import Cast, a_delivery
from tests.push_service import Device, PushService, claims_of, push_service

NOISE = "C05-20"


@pytest.fixture
def service(monkeypatch: pytest.MonkeyPatch) -> Iterator[PushService]:
    """A push service on this machine, to which the house is allowed to write."""
    monkeypatch.setenv("HUANCHE_PUSH_LOOPBACK", "1")
    settings.cache_clear()
    with push_service() as service:
        yield service
    monkeypatch.undo()
    settings.cache_clear()


@pytest.fixture
def phone(service: PushService, database: Database, cast: Cast) -> Device:
    """Lin's, switched on in Chinese."""
    device = Device(service)
    with database.work() as session:
        device.subscribed(session, device.taken_by(session, "lin"))
    return device


def told(database: Database, cast: Cast, kind: str = "delivery.locked", number: str = "JC-1") -> None:
    """Zhou does something of which Lin has to know."""
    with database.work(cast.store) as session:
        model = {"zh": "瑞虎 8", "en": "Tiggo 8"}
        notices.tell(session, cast.lin.id, kind, f"/deliveries/{number}", by=cast.zhou, number=number, model=model)


def states(database: Database) -> list[str]:
    with database.work() as session:
        return list(session.scalars(select(Push.state).order_by(Push.created_at, Push.id)))


def fails_its_pdi(session: Session, cast: Cast, delivery: Delivery) -> None:
    inspection = pdi.of(session, delivery)
    run = pdi.start(session, inspection, by=cast.zhou)
    noise = next(question for question in runs.sheet_of(session, run).questions() if question.code == NOISE)
    taps.answer(session, run, noise.id, Tap(verdict="fault", note="异响"), by=cast.zhou)
    session.flush()
    pdi.fail(session, inspection, by=cast.zhou)


# --- What arrives -------------------------------------------------------------------------------


def test_a_failed_pdi_reaches_the_consultant_s_phone_sealed_and_proven(
    phone: Device, database: Database, cast: Cast
) -> None:
    with database.work(cast.store) as session:
        delivery = a_delivery(session, cast)
        fails_its_pdi(session, cast, delivery)
        number, model = delivery.number, delivery.model.name["zh"]
        customer, notice = (
            delivery.customer,
            session.scalars(select(Notice).where(Notice.kind == "delivery.locked")).one(),
        )
    assert phone.letters == [], "nothing leaves before its transaction has ended"

    push.send_due(database, now())
    (letter,) = phone.letters
    said = phone.read(letter)
    assert said["title"] == "PDI 未通过，等待返工"
    assert said["body"] == f"{number} · {model}"
    assert (said["address"], said["lang"], said["id"]) == (f"/deliveries/{number}", "zh-Hans", str(notice.id))
    assert said["person"] == str(cast.lin.id)
    for secret in (customer.name, customer.phone, customer.phone[-4:], number):
        assert secret.encode() not in letter.body
        assert secret == number or secret not in str(said)
    key, claims = claims_of(letter.headers["authorization"])
    assert key == push.public_key()
    assert claims["aud"] == phone.service.address
    assert claims["sub"] == settings().push_contact
    assert time.time() < claims["exp"] <= time.time() + 86400
    assert (letter.headers["urgency"], letter.headers["content-encoding"]) == ("high", "aes128gcm")
    assert 86000 < int(letter.headers["ttl"]) <= 86400
    assert (letter.headers["topic"], len(letter.headers["topic"])) == (said["tag"], 32)
    assert states(database) == [State.SENT]
    push.send_due(database, now() + timedelta(days=2))
    assert len(phone.letters) == 1


@pytest.mark.parametrize("kind", sorted(pushes.TOPIC_OF))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_kind_of_notice_takes_a_customer_s_name_along(
    service: PushService, database: Database, cast: Cast, kind: str, language: str
) -> None:
    phone = Device(service)
    gaps = {
        "number": "JC-1", "model": {"zh": "瑞虎", "en": "Tiggo"}, "customer": "王建国", "time": now().isoformat(),
        "what": {"zh": "回访", "en": "Call"},
    }  # fmt: skip
    with database.work(cast.store) as session:
        place = phone.subscribed(session, phone.taken_by(session, "lin"), language)
        place.topics = list(subscriptions.TOPICS)
        more = {"count": 3} if kind == "contacts.overdue" else {}
        notices.tell(session, cast.lin.id, kind, "/contacts", by=cast.zhou, **gaps, **more)
    push.send_due(database, now())
    said = phone.read(phone.letters[0])
    assert "王建国" not in str(said)
    assert ("Tiggo" in said["body"], said["lang"]) == ((True, "en") if language == "en" else (False, "zh-Hans"))
    assert said["title"]
    assert said["title"].isascii() == (language == "en")
    assert "%" not in said["title"]


def test_the_device_s_language_is_the_notice_s(phone: Device, database: Database, cast: Cast) -> None:
    with database.work() as session:
        subscriptions.speak(session, "en", by=phone.taken_by(session, "lin"))
    told(database, cast, "delivery.unlocked")
    push.send_due(database, now())
    assert phone.read(phone.letters[0])["title"] == "PDI passed, ready to hand over"


def test_nothing_is_owed_for_a_deed_that_was_taken_back(phone: Device, database: Database, cast: Cast) -> None:
    with pytest.raises(InterruptedError), database.work(cast.store) as session:
        fails_its_pdi(session, cast, a_delivery(session, cast))
        assert session.scalar(select(func.count()).select_from(Push)) == 1
        raise InterruptedError
    assert states(database) == []


def test_only_what_was_chosen_is_pushed(phone: Device, database: Database, cast: Cast) -> None:
    with database.work() as session:
        subscriptions.choose(session, ["work", "nonsense"], by=phone.taken_by(session, "lin"))
    told(database, cast, "delivery.locked", "JC-1")
    told(database, cast, "delivery.planned", "JC-2")
    push.send_due(database, now())
    assert [phone.read(letter)["address"] for letter in phone.letters] == ["/deliveries/JC-2"]


def test_what_was_read_meanwhile_is_not_pushed_any_more(phone: Device, database: Database, cast: Cast) -> None:
    told(database, cast)
    with database.work(cast.store) as session:
        notices.read(session, notices.unread(session, cast.lin)[0].id, by=cast.lin)
    push.send_due(database, now())
    assert (phone.letters, states(database)) == ([], [State.WITHHELD])


# --- In whose hands -----------------------------------------------------------------------------


def test_who_takes_the_tablet_over_sees_nothing_of_the_first_one_s(
    phone: Device, database: Database, cast: Cast
) -> None:
    with database.work() as session:
        lin = session.scalars(select(SignIn).where(SignIn.device_id == phone.id)).one()
        at_it = phone.handed(session, "chen", by=_on(cast.lin, phone))
        lin.ended_at = now()
        phone.subscribed(session, at_it)  # the same browser, the same endpoint
    told(database, cast, number="JC-1")
    with database.work(cast.store) as session:
        notices.tell(session, cast.chen.id, "delivery.assigned", "/deliveries/JC-2", by=cast.zhou, number="JC-2",
                     model={"zh": "瑞虎", "en": "Tiggo"}, time=now().isoformat())  # fmt: skip
        query = select(Notice.staff_id, Notice.id)
        of = {row.staff_id: row.id for row in session.execute(query)}
        assert not notices.is_for_who_holds(session, of[cast.lin.id], phone.id)
        assert notices.is_for_who_holds(session, of[cast.chen.id], phone.id)
    push.send_due(database, now())
    assert [phone.read(letter)["address"] for letter in phone.letters] == ["/deliveries/JC-2"]
    assert sorted(states(database)) == [State.SENT, State.WITHHELD]

    with database.work() as session:  # and back again
        phone.handed(session, "lin", by=_on(cast.chen, phone))
    told(database, cast, number="JC-3")
    push.send_due(database, now())
    assert phone.read(phone.letters[-1])["address"] == "/deliveries/JC-3"


def test_who_signs_out_is_told_nothing_there(phone: Device, database: Database, cast: Cast) -> None:
    with database.work() as session:
        person, token = sign_in.by_password(session, "lin", "huanche-demo", device=phone.id, address="", hours=12)
        sign_in.leave(session, token, by=person)
    told(database, cast)
    push.send_due(database, now())
    assert (phone.letters, states(database)) == ([], [State.WITHHELD])


def test_a_session_that_ran_out_of_time_leaves_the_device_with_its_person(
    phone: Device, database: Database, cast: Cast
) -> None:
    with database.work() as session:
        session.execute(update(SignIn).values(expires_at=now() - timedelta(hours=1)))
    told(database, cast)
    push.send_due(database, now())
    assert len(phone.letters) == 1


def test_who_no_longer_works_here_is_told_nothing(phone: Device, database: Database, cast: Cast) -> None:
    told(database, cast)
    with database.work() as session:
        session.get_one(Staff, cast.lin.id).active = False
    push.send_due(database, now())
    assert phone.letters == []


def _on(person: Person, device: Device) -> Person:
    return msgspec.structs.replace(person, device_id=device.id)


# --- When it does not go well -------------------------------------------------------------------


@pytest.mark.parametrize("status", [404, 410])
def test_a_place_that_is_gone_is_forgotten_with_what_was_owed_to_it(
    phone: Device, service: PushService, database: Database, cast: Cast, status: int
) -> None:
    tablet = Device(service, "/tablet")
    with database.work() as session:
        tablet.subscribed(session, tablet.taken_by(session, "lin"))
    service.say("/lin", status)
    told(database, cast, number="JC-1")
    push.send_due(database, now())
    with database.work() as session:
        assert [one.endpoint for one in session.scalars(select(Subscription))] == [tablet.told["endpoint"]]
    told(database, cast, number="JC-2")
    push.send_due(database, now())
    assert (len(phone.letters), len(tablet.letters)) == (1, 2)
    assert states(database) == [State.SENT, State.SENT]


def test_a_push_that_failed_is_tried_again_ever_more_seldom_and_given_up_after_a_day(
    phone: Device, service: PushService, database: Database, cast: Cast
) -> None:
    service.say("/lin", 500)
    told(database, cast)
    tried, began = [], now()
    while (owed := _one(database)).state == State.OWED:
        tried.append(owed.due_at)
        push.send_due(database, owed.due_at - timedelta(seconds=1))
        assert len(phone.letters) == len(tried) - 1, "not before it is due"
        push.send_due(database, max(owed.due_at, began))
    pauses = [(after - before).total_seconds() for before, after in pairwise(tried[1:])]
    assert pauses[:4] == [60, 120, 240, 480]
    assert set(pauses[8:]) == {3600}
    assert timedelta(hours=22) < tried[-1] - tried[0] <= timedelta(days=1)
    assert (_one(database).state, _one(database).fault) == (State.GIVEN_UP, "500")
    assert len(phone.letters) == len(tried)


def test_what_failed_arrives_when_the_service_is_well_again(
    phone: Device, service: PushService, database: Database, cast: Cast
) -> None:
    service.say("/lin", 503, Retry_After="300")
    told(database, cast)
    at = now()
    push.send_due(database, at)
    assert abs((_one(database).due_at - at).total_seconds() - 300) < 1
    service.replies.clear()
    push.send_due(database, at + timedelta(seconds=299))
    assert len(phone.letters) == 1
    push.send_due(database, at + timedelta(seconds=301))
    assert (len(phone.letters), states(database)) == (2, [State.SENT])
    assert int(phone.letters[1].headers["ttl"]) <= 86400 - 301


def test_a_service_that_is_not_there_does_not_hold_up_the_others(
    phone: Device, service: PushService, database: Database, cast: Cast
) -> None:
    with database.work() as session:
        session.execute(update(Subscription).values(endpoint="http://127.0.0.1:1/nobody"))
        tablet = Device(service, "/tablet")
        tablet.subscribed(session, tablet.taken_by(session, "lin"))
    told(database, cast)
    push.send_due(database, now())
    assert sorted(states(database)) == [State.OWED, State.SENT]
    assert len(tablet.letters) == 1


def test_a_service_that_never_answers_is_not_waited_for(
    phone: Device, service: PushService, database: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    over = threading.Event()

    def drip(handler: BaseHTTPRequestHandler) -> None:
        while not over.wait(0.05):  # a byte now and then keeps every other kind of patience awake
            handler.wfile.write(b"H")

    monkeypatch.setattr(wire, "PATIENCE", 0.5)
    service.replies["/lin"] = drip
    told(database, cast)
    push.send_due(database, now())
    over.set()
    assert (_one(database).state, _one(database).fault[:12]) == (State.OWED, "TimeoutError")


def test_an_answer_without_an_end_is_not_read(
    phone: Device, service: PushService, database: Database, cast: Cast
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
    told(database, cast)
    push.send_due(database, now())
    assert closed.wait(20)
    assert states(database) == [State.SENT]


def test_nobody_is_led_on_to_another_address(
    phone: Device, service: PushService, database: Database, cast: Cast
) -> None:
    service.say("/lin", 307, Location=f"{service.address}/elsewhere")
    told(database, cast)
    push.send_due(database, now())
    assert [one.path for one in service.received] == ["/lin"]
    assert states(database) == [State.OWED]


def _one(database: Database) -> Push:
    with database.work() as session:
        return session.scalars(select(Push)).one()


# --- Once ---------------------------------------------------------------------------------------


def test_rounds_that_claim_at_the_same_time_send_each_push_once(phone: Device, database: Database, cast: Cast) -> None:
    for number in range(60):
        told(database, cast, number=f"JC-{number}")
    together = threading.Barrier(4)

    def send() -> None:
        together.wait()
        push.send_due(database, now())

    with ThreadPoolExecutor(4) as rounds:
        for one in [rounds.submit(send) for _ in range(4)]:
            one.result()
    arrived = [phone.read(letter)["address"] for letter in phone.letters]
    assert sorted(arrived) == sorted(f"/deliveries/JC-{number}" for number in range(60))
    assert states(database) == [State.SENT] * 60


def test_two_servers_of_one_house_send_each_push_once(
    phone: Device, database: Database, cast: Cast, tmp_path: Path
) -> None:
    for number in range(40):
        told(database, cast, number=f"JC-{number}")
    with ExitStack() as servers:
        for _ in range(2):
            servers.enter_context(Server(database, tmp_path))
        until = time.monotonic() + 60
        while set(states(database)) != {State.SENT} and time.monotonic() < until:
            time.sleep(0.1)
        told(database, cast, number="JC-late")  # while both are at work
        while set(states(database)) != {State.SENT} and time.monotonic() < until:
            time.sleep(0.1)
    arrived = [phone.read(letter)["address"] for letter in phone.letters]
    assert sorted(arrived) == sorted([f"/deliveries/JC-{number}" for number in range(40)] + ["/deliveries/JC-late"])
    assert states(database) == [State.SENT] * 41


class Server:
    """`./huanche serve` on this database."""

    def __init__(self, database: Database, data: Path) -> None:
        url = database.engine.url.render_as_string(hide_password=False).replace("+psycopg", "")
        kept = {name: value for name, value in os.environ.items() if not name.startswith("HUANCHE_")}
        own = {"HUANCHE_DATA": str(data), "HUANCHE_DATABASE_URL": url, "HUANCHE_PUSH_LOOPBACK": "1", "PORT": "0"}
        self.command = [sys.executable, "-m", "server.commands", "serve"]
        self.surroundings = kept | own

    def __enter__(self) -> None:
        self.process = subprocess.Popen(self.command, cwd=ROOT, env=self.surroundings)

    def __exit__(self, *_: object) -> None:
        self.process.terminate()
        assert self.process.wait(timeout=20) in (0, -15)


def test_what_a_dead_round_had_claimed_is_sent_by_the_next(phone: Device, database: Database, cast: Cast) -> None:
    told(database, cast)
    at = now()
    with database.work() as session:
        (mine,) = pushes.claim(session, at, 20)
    push.send_due(database, at + timedelta(minutes=1))
    assert phone.letters == [], "somebody is on it"
    push.send_due(database, at + pushes.LEASE + timedelta(seconds=1))
    assert (len(phone.letters), states(database)) == (1, [State.SENT])
    with database.work() as session:  # the dead one was only slow: it has nothing to say any more
        pushes.failed(session, mine, at, "500")
        pushes.gone(session, mine)
    assert states(database) == [State.SENT]


def test_what_lay_for_more_than_a_day_is_not_news(phone: Device, database: Database, cast: Cast) -> None:
    told(database, cast)
    push.send_due(database, now() + timedelta(hours=25))
    assert (phone.letters, states(database)) == ([], [State.GIVEN_UP])


def test_what_was_settled_long_ago_is_swept_away(phone: Device, database: Database, cast: Cast) -> None:
    told(database, cast)
    push.send_due(database, now())
    for days, left in ((29, 1), (31, 0)):
        with database.work() as session:
            pushes.sweep(session, now() + timedelta(days=days))
        assert len(states(database)) == left


# --- Where nothing is sent ----------------------------------------------------------------------


@pytest.mark.parametrize(
    "endpoint",
    [
        "", "https://", "http://push.example.com/x", "ftp://push.example.com/x", "https://127.0.0.1/x",
        "https://[::1]/x", "https://10.0.0.5/x", "https://169.254.169.254/latest", "https://2130706433/x",
        "https://localhost/x", "https://push.example.com:8443/x", "https://push.example.com:x/",
        "https://me@push.example.com/x", "https://me:you@127.0.0.1/x", "http://127.0.0.1:80/x", "file:///etc/passwd",
    ],
)  # fmt: skip
def test_an_endpoint_is_https_on_a_public_host(endpoint: str) -> None:
    assert not settings().push_loopback
    assert not push.is_place(endpoint)
    assert push.is_place("https://updates.push.services.mozilla.com/wpush/v2/gAAAA")
    assert push.is_place("https://web.push.apple.com:443/x")


def test_loopback_is_only_for_tests_and_only_this_machine(service: PushService) -> None:
    assert push.is_place(service.address)
    for endpoint in ("http://10.0.0.5/x", "http://localhost/x", "https://127.0.0.1/x", "http://push.example.com/x"):
        assert not push.is_place(endpoint)


@pytest.mark.parametrize(
    ("address", "public"),
    [
        ("8.8.8.8", True), ("2606:4700::1111", True), ("::ffff:8.8.8.8", True), ("64:ff9b::808:808", True),
        ("127.0.0.1", False), ("10.1.2.3", False), ("172.16.0.1", False), ("192.168.1.1", False),
        ("169.254.169.254", False), ("100.64.0.1", False), ("0.0.0.0", False), ("224.0.0.1", False), ("::1", False),
        ("::", False), ("fe80::1", False), ("fd00::1", False), ("::ffff:127.0.0.1", False), ("ff02::1", False),
        ("64:ff9b::a00:1", False), ("2002:7f00:1::", False),
    ],
)  # fmt: skip
def test_what_is_out_in_the_world(address: str, public: bool) -> None:
    assert wire.is_public(ip_address(address)) is public


def test_a_name_that_leads_back_into_the_house_is_not_asked(service: PushService) -> None:
    port = urlsplit(service.address).port
    with pytest.raises(wire.Forbidden):
        asyncio.run(wire._look_up(urlsplit(f"https://localhost:{port}/x")))
    assert service.received == []


# --- The key ------------------------------------------------------------------------------------


def test_the_key_is_made_once_and_read_by_nobody_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    def again() -> str:
        settings.cache_clear()
        keys._vapid.cache_clear()
        return push.public_key()

    request.addfinalizer(lambda: (settings.cache_clear(), keys._vapid.cache_clear()))
    with monkeypatch.context() as patch:
        patch.setenv("HUANCHE_DATA", str(tmp_path))
        first = again()
        assert stat.S_IMODE((tmp_path / "push-key").stat().st_mode) == 0o600
        assert again() == first
        given = (tmp_path / "push-key").read_text()
        (tmp_path / "push-key").unlink()
        assert again() != first
        patch.setenv("HUANCHE_PUSH_KEY", given)
        assert again() == first
