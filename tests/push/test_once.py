"""Each push once, however many rounds and servers there are, and whatever dies."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path

from server import push
from server.database import Database, now
from server.domain.people import pushes
from server.domain.people.pushes import State
from server.settings import ROOT
from tests.push_service import Device

Tell = Callable[..., None]
States = Callable[[], list[str]]


def test_rounds_that_claim_at_the_same_time_send_each_push_once(
    phone: Device, database: Database, told: Tell, states: States
) -> None:
    for number in range(60):
        told(number=f"JC-{number}")
    together = threading.Barrier(4)

    def send() -> None:
        together.wait()
        push.send_due(database, now())

    with ThreadPoolExecutor(4) as rounds:
        for one in [rounds.submit(send) for _ in range(4)]:
            one.result()
    arrived = [phone.read(letter)["address"] for letter in phone.letters]
    assert sorted(arrived) == sorted(f"/deliveries/JC-{number}" for number in range(60))
    assert states() == [State.SENT] * 60


def test_two_servers_of_one_house_send_each_push_once(
    phone: Device, database: Database, tmp_path: Path, told: Tell, states: States
) -> None:
    for number in range(40):
        told(number=f"JC-{number}")
    with ExitStack() as servers:
        for _ in range(2):
            servers.enter_context(Server(database, tmp_path))
        until = time.monotonic() + 60
        while set(states()) != {State.SENT} and time.monotonic() < until:
            time.sleep(0.1)
        told(number="JC-late")  # while both are at work
        while set(states()) != {State.SENT} and time.monotonic() < until:
            time.sleep(0.1)
    arrived = [phone.read(letter)["address"] for letter in phone.letters]
    assert sorted(arrived) == sorted([f"/deliveries/JC-{number}" for number in range(40)] + ["/deliveries/JC-late"])
    assert states() == [State.SENT] * 41


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


def test_what_a_dead_round_had_claimed_is_sent_by_the_next(
    phone: Device, database: Database, told: Tell, states: States
) -> None:
    told()
    at = now()
    with database.work() as session:
        (mine,) = pushes.claim(session, at, 20)
    push.send_due(database, at + timedelta(minutes=1))
    assert phone.letters == [], "somebody is on it"
    push.send_due(database, at + pushes.LEASE + timedelta(seconds=1))
    assert (len(phone.letters), states()) == (1, [State.SENT])
    with database.work() as session:  # the dead one was only slow: it has nothing to say any more
        pushes.failed(session, mine, at, "500")
        pushes.gone(session, mine)
    assert states() == [State.SENT]


def test_what_lay_for_more_than_a_day_is_not_news(
    phone: Device, database: Database, told: Tell, states: States
) -> None:
    told()
    push.send_due(database, now() + timedelta(hours=25))
    assert (phone.letters, states()) == ([], [State.GIVEN_UP])


def test_what_was_settled_long_ago_is_swept_away(phone: Device, database: Database, told: Tell, states: States) -> None:
    told()
    push.send_due(database, now())
    for days, left in ((29, 1), (31, 0)):
        with database.work() as session:
            pushes.sweep(session, now() + timedelta(days=days))
        assert len(states()) == left
