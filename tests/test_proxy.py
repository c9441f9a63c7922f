"""The proxy of the fault suite: each way of being wrong, against a real server on loopback."""

from collections.abc import Iterator
from http.client import HTTPConnection, RemoteDisconnected
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from uuid import uuid4

import pytest

from server.commands.faults.modes import PORTAL, Mode
from server.commands.faults.proxy import Proxy


class House(ThreadingHTTPServer):
    """Keeps what reaches it, and knows a key that it has seen."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.heard: list[str] = []


class Answering(BaseHTTPRequestHandler):
    """One answer in chunks, the others whole."""

    protocol_version = "HTTP/1.1"
    server: House

    def do_GET(self) -> None:
        self.server.heard.append(self.path)
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.wfile.write(b"5\r\nhouse\r\n0\r\n\r\n")

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        key = self.headers.get("Idempotency-Key", "")
        self.send_response(200)
        if key and key in self.server.heard:
            self.send_header("Idempotent-Replayed", "true")
        self.server.heard.append(key or self.path)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def house() -> Iterator[House]:
    with House() as house:
        thread = Thread(target=house.serve_forever)
        thread.start()
        yield house
        house.shutdown()
        thread.join()


@pytest.fixture
def proxy(house: House) -> Iterator[Proxy]:
    with Proxy(house.server_port) as proxy:
        yield proxy


def ask(proxy: Proxy, path: str = "/", key: str = "", body: bytes = b"tap", patience: float = 5) -> tuple[int, bytes]:
    """A reading, or with a key a deed."""
    line = HTTPConnection("127.0.0.1", proxy.port, timeout=patience)
    try:
        line.request("POST" if key else "GET", path, body if key else None, {"Idempotency-Key": key} if key else {})
        answer = line.getresponse()
        return answer.status, answer.read()
    finally:
        line.close()


def test_what_passes_is_what_was_said(proxy: Proxy, house: House) -> None:
    assert ask(proxy) == (200, b"house")
    large = bytes(range(256)) * 4000
    assert ask(proxy, "/photo", str(uuid4()), large) == (200, large)
    assert proxy.deliveries == 1
    assert not proxy.struck


def test_one_connection_carries_many(proxy: Proxy, house: House) -> None:
    line = HTTPConnection("127.0.0.1", proxy.port)
    for path in ("/a", "/b", "/c"):
        line.request("GET", path)
        assert line.getresponse().read() == b"house"
    line.close()
    assert house.heard == ["/a", "/b", "/c"]


def test_a_cut_answer_was_given_by_the_house(proxy: Proxy, house: House) -> None:
    key = str(uuid4())
    proxy.become(Mode.CUT, times=1)
    assert ask(proxy) == (200, b"house"), "a reading is no delivery"
    with pytest.raises((RemoteDisconnected, ConnectionError)):
        ask(proxy, "/runs", key)
    assert house.heard == ["/", key]
    assert ask(proxy, "/runs", key) == (200, b"tap"), "it has struck its times"
    assert (proxy.struck[Mode.CUT], proxy.deliveries, proxy.replayed, len(proxy.keys)) == (1, 2, 1, 1)


def test_a_reset_one_never_reached_the_house(proxy: Proxy, house: House) -> None:
    proxy.become(Mode.RESET)
    with pytest.raises((RemoteDisconnected, ConnectionError)):
        ask(proxy, "/runs", str(uuid4()))
    assert house.heard == []
    assert (proxy.struck[Mode.RESET], proxy.deliveries) == (1, 0)


def test_nobody_listens_and_then_the_same_door_opens_again(proxy: Proxy, house: House) -> None:
    proxy.become(Mode.REFUSE)
    with pytest.raises(ConnectionRefusedError):
        ask(proxy)
    proxy.become(Mode.PASS)
    assert ask(proxy) == (200, b"house")
    assert proxy.struck[Mode.REFUSE] == 1


def test_what_falls_into_the_hole_is_not_answered(proxy: Proxy, house: House) -> None:
    proxy.become(Mode.BLACKHOLE)
    with pytest.raises(TimeoutError):
        ask(proxy, patience=0.3)
    assert proxy.struck[Mode.BLACKHOLE] == 1
    assert house.heard == []


def test_somebody_else_answers_for_the_house(proxy: Proxy, house: House) -> None:
    proxy.become(Mode.PORTAL)
    assert ask(proxy) == (200, PORTAL)
    assert ask(proxy, "/runs", str(uuid4())) == (200, PORTAL)
    proxy.become(Mode.TROUBLE, only=lambda asked: asked.path == "/runs/poison")
    assert ask(proxy, "/runs/poison", str(uuid4()))[0] == 500
    assert ask(proxy, "/runs/other", str(uuid4())) == (200, b"tap")
    assert (proxy.struck[Mode.PORTAL], proxy.struck[Mode.TROUBLE], len(house.heard)) == (2, 1, 1)


def test_the_suite_is_told_of_each_delivery_and_each_answer(proxy: Proxy) -> None:
    told: list[str] = []
    proxy.on_delivery = lambda number: told.append(f"has {number}, {proxy.under_way} under way")

    def answered(number: int) -> bool:
        told.append(f"answered {number}")
        return number < 2

    proxy.on_answer = answered
    assert ask(proxy, "/runs", str(uuid4())) == (200, b"tap")
    with pytest.raises((RemoteDisconnected, ConnectionError)):
        ask(proxy, "/runs", str(uuid4()))
    assert told == ["has 1, 1 under way", "answered 1", "has 2, 1 under way", "answered 2"]


def test_coming_and_going_ends_in_passing(proxy: Proxy, house: House) -> None:
    proxy.flap(seed=7, turns=4).result(20)
    assert proxy.mode is Mode.PASS
    assert ask(proxy) == (200, b"house")
