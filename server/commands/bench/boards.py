"""The board with two hundred cars: how soon it is there, and how soon fifty screens show what was done."""

import re
import threading
import time
from datetime import datetime, timedelta
from functools import partial
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from queue import Queue
from statistics import median
from typing import Any
from urllib.parse import urlparse
from uuid import UUID, uuid5

from sqlalchemy import insert, select

from server.commands.bench.houses import Houses, somebody
from server.commands.bench.measure import in_turn, say
from server.commands.bench.pages import LEAST
from server.commands.bench.wire import NotThePage, Wire
from server.database import Database, now
from server.domain.customers import Car
from server.domain.people import Staff
from server.domain.workshop import OrderJob, RepairOrder

CARS, SCREENS, DEEDS = 200, 50, 40
SEEN = re.compile(r"/board/stream\?seen=(\w+)")
PATIENCE = 30
"""Seconds until a screen that shows nothing is a failure."""


def measure(houses: Houses) -> None:
    """The page, and a car that goes from one technician to another."""
    technicians, car = _fill(houses.folder)
    floor, house = Wire(houses.floor), Wire(houses.house, "wu")
    in_turn(
        f"board, {CARS} cars (floor: list page, 20)", partial(floor.get, "/customers", LEAST),
        partial(house.get, "/board", 100 * CARS), rows=houses.rows, rounds=20,
    )  # fmt: skip
    screens = Screens(house, houses.house, SCREENS)
    taken: list[float] = []
    for nth in range(DEEDS):
        began = time.perf_counter()
        house.post(f"/board/cars/{car}/place", by="technician", to=str(technicians[nth % 2]))
        taken.append((screens.shown() - began) * 1000)
    say(
        measure=f"a car moved: shown on {SCREENS} screens", cars=CARS, ours_ms=round(median(taken), 1),
        slowest_ms=round(max(taken), 1), deeds=DEEDS,
    )  # fmt: skip


class Screens:
    """Open boards, each on a connection of its own."""

    def __init__(self, who: Wire, address: str, count: int) -> None:
        self.count = count
        self._heard: Queue[float] = Queue()
        found = SEEN.search(who.get("/board").decode())
        assert found is not None
        cookie = "; ".join(f"{name}={value}" for name, value in who.cookies.items())
        for _ in range(count):
            screen = _open(address, found[1], cookie)
            threading.Thread(target=self._listen, args=(screen,), daemon=True).start()

    def shown(self) -> float:
        """When the last screen has shown it."""
        return max(self._heard.get(timeout=PATIENCE) for _ in range(self.count))

    def _listen(self, screen: HTTPResponse) -> None:
        while line := screen.readline():
            if line.startswith(b"data: "):
                self._heard.put(time.perf_counter())


def _open(address: str, seen: str, cookie: str) -> HTTPResponse:
    connection = HTTPConnection(urlparse(address).netloc, timeout=600)
    connection.request("GET", f"/board/stream?seen={seen}", headers={"cookie": cookie})
    answer = connection.getresponse()
    if answer.status != 200:
        raise NotThePage(f"/board/stream: {answer.status}")
    answer.readline()  # the first word: it listens
    return answer


def _fill(folder: Path) -> tuple[list[UUID], UUID]:
    """Cars in the workshop; two technicians, and a car that is to be moved."""
    database = Database(f"sqlite:///{folder / 'huanche.sqlite3'}")
    with database.work() as session:
        people = {staff.name: staff for staff in session.scalars(select(Staff))}
        session.execute(insert(Car), [_car(nth, people["chen"]) for nth in range(CARS)])
        session.execute(insert(RepairOrder), [_order(nth, people["chen"]) for nth in range(CARS)])
        session.execute(insert(OrderJob), [_job(nth, place, people["chen"]) for nth in range(CARS) for place in (0, 1)])
    database.engine.dispose()
    return [people[name].id for name in ("zhou", "wu")], _id("order", 0)


def _id(kind: str, nth: int) -> UUID:
    return uuid5(UUID(int=7), f"{kind} {nth}")


def _car(nth: int, by: Staff) -> dict[str, Any]:
    return {
        "id": _id("car", nth), "store_id": by.store_id, "version": 1, "vin": f"LVVDB11B1RB{nth:06d}",
        "plate": f"皖B{nth:05d}", "model": {"zh": "奇瑞 瑞虎8 PRO", "en": "Chery Tiggo 8 PRO"}, "colour": {},
        "engine_no": "", "created_at": now(), "created_by": by.id,
    }  # fmt: skip


def _order(nth: int, by: Staff) -> dict[str, Any]:
    at: datetime = now() - timedelta(minutes=nth)
    return {
        "id": _id("order", nth), "store_id": by.store_id, "version": 1, "number": f"WX-20260101-{nth:04d}",
        "state": ("ordered", "in_work", "inspection", "ready")[nth % 4], "customer_id": somebody(nth).id,
        "car_id": _id("car", nth), "advisor_id": by.id, "kind": "maintenance", "words": [], "waits_here": nth % 5 == 0,
        "wash": True, "old_parts": "leave", "key_number": f"A{nth:02d}", "estimate": 0, "driver_name": "",
        "driver_phone": "", "why": "", "created_at": at, "arrived_at": at, "received_at": at, "ordered_at": at,
        "promised_at": now() + timedelta(minutes=60 + nth),
    }  # fmt: skip


def _job(nth: int, place: int, by: Staff) -> dict[str, Any]:
    return {
        "id": _id("job", nth * 2 + place), "store_id": by.store_id, "version": 1, "order_id": _id("order", nth),
        "code": "M-B", "name": {"zh": "常规保养", "en": "Regular service"}, "skill": "mechanic", "hours": 60,
        "rate": 16_000, "amount": 9_600, "payer": "self", "state": "done" if nth % 4 > 1 else "approved",
        "position": place, "guarantee": "minor", "why_declined": "",
    }  # fmt: skip
