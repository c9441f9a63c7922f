"""What a customer signs for on the tablet is what stands on the paper, word for word, in both languages."""

import re
from html import unescape

import pytest

from server.domain.customers import register
from server.domain.people import Staff
from server.domain.records import Paper
from server.domain.showroom import TestDrive, bookings, driving
from server.domain.showroom.agreement import CLAUSES
from server.pdf import page
from tests.domain.drives import a_demo_car, prepared, soon
from tests.routes.browsing import Browser
from tests.routes.world import World


def clauses_read(html: str) -> list[str]:
    """The clauses on a page, without marks."""
    shown = re.search(r'<ol class="plainly clauses">(.*?)</ol>', html, re.DOTALL)
    assert shown is not None
    return [unescape(one) for one in re.findall(r"<li>(.*?)</li>", shown[1], re.DOTALL)]


def booked(world: World, kind: str, hours: int, phone: str) -> TestDrive:
    """A drive of Lin's for somebody new."""
    lin = world.cast.lin
    with world.database.work(world.cast.store) as session:
        return bookings.book(
            session, by=lin, customer=register(session, by=lin, name="纪念", phone=phone, even_so=True),
            car=a_demo_car(session, lin, f"皖B3000{hours}"), consultant=session.get_one(Staff, lin.id), route="city",
            starts_at=soon(lin, hours), minutes=30, kind=kind,
        )  # fmt: skip


@pytest.mark.parametrize(("kind", "hours"), [("drive", 5), ("ride", 6)])
def test_the_clauses_on_the_tablet_are_those_of_the_paper(world: World, kind: str, hours: int) -> None:
    drive = booked(world, kind, hours, f"1355550000{hours}")
    place, browser = f"/test-drives/{drive.id}", Browser(world.visitor("lin"))
    read = {"zh": clauses_read(browser.go(place).text)}
    read["en"] = clauses_read(browser.send("/language", language="en").go(place).text)
    browser.send("/language", language="zh")
    with world.database.work(world.cast.store) as session:
        ready = prepared(session, world.cast, session.get_one(TestDrive, drive.id))
        driving.set_out(session, ready, by=world.cast.lin)
    paper: Paper = world.one(Paper, Paper.number == drive.number)
    printed = re.findall(r"<li>(.*?)<i>(.*?)</i></li>", page(paper.kind, paper.content, "https://h.example/p"))
    assert read["zh"] == [unescape(zh) for zh, _ in printed] == [clause["zh"] for clause in CLAUSES[kind]]
    assert read["en"] == [unescape(en) for _, en in printed]
