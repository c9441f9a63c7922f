"""Test drives on the page: booked, refused with what is free, driven, evaluated; and from a device with no network."""

import re
from datetime import datetime, time, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select

from server.database import now, uuid7
from server.domain.catalogue import DemoCar
from server.domain.customers import register
from server.domain.showroom import Prospect, TestDrive
from server.domain.showroom import register as register_prospect
from tests.domain.drives import a_demo_car, prepared, soon
from tests.routes.browsing import Browser
from tests.routes.sending import Sending, said
from tests.routes.world import World


@pytest.fixture(scope="module")
def prospect(world: World) -> str:
    """The number of a prospect of Lin's; and a second car."""
    with world.database.work(world.cast.store) as session:
        a_demo_car(session, world.cast.lin, "皖B20002")
        customer = register(session, by=world.cast.lin, name="闻笛", phone="13511112222", even_so=True)
        return register_prospect(
            session, by=world.cast.lin, customer=customer, source="walk_in", consultant_id=world.cast.lin.id
        ).number


def booking(world: World, prospect: str, at: datetime, plate: str = "皖B20002") -> dict[str, Any]:
    """What the form says."""
    car = world.one(DemoCar, DemoCar.plate == plate)
    typed = at.astimezone(world.cast.lin.zone).strftime("%Y-%m-%dT%H:%M")
    return {
        "prospect": prospect, "car": str(car.id), "consultant": str(world.cast.lin.id), "route": "ring",
        "starts_at": typed, "minutes": "30", "kind": "drive", "id": str(uuid7()),
    }  # fmt: skip


def test_a_drive_from_the_booking_to_the_evaluation_without_a_script(world: World, prospect: str) -> None:
    browser = Browser(world.visitor("lin"))
    wanted = booking(world, prospect, soon(world.cast.lin, 3))
    browser.go(f"/test-drives/new?prospect={prospect}").send("/test-drives", **wanted)
    place = browser.place
    young = {"licence_class": "C1", "licence_first_on": "2015-05-01", "licence_until": "2031-05-01"}
    assert "还没有核验驾驶证" in browser.text
    browser.send(f"{place}/licence", licence_number="340202199001011234", **young)
    assert "340202199001011234" not in browser.text
    with world.database.work(world.cast.store) as session:
        prepared(session, world.cast, session.get_one(TestDrive, wanted["id"]))
    browser.go(place).send(f"{place}/departure")
    assert "/during" in browser.place
    browser.go(place).send(f"{place}/return", km="20", energy="70")
    marks = dict.fromkeys(
        ("power", "handling", "braking", "comfort", "space", "advice", "condition", "route", "programme", "whole"),
        "good",
    )
    browser.go(place).send(
        f"{place}/evaluation", **marks, impression_1="安静", helped="much", horizon="H", typed_name="闻笛"
    )
    assert "很满意" in browser.text
    drive: TestDrive = world.one(TestDrive, TestDrive.id == wanted["id"])
    assert (drive.state, drive.km) == ("evaluated", 8)
    pdf = world.visitor("lin").get(f"/papers/{drive.number}.pdf")
    assert pdf.content.startswith(b"%PDF")


def test_a_booking_without_a_network_that_clashes_needs_you_with_the_free_times(
    world: World, prospect: str, outbox: Sending
) -> None:
    """Two devices booked the same car while there was no network."""
    wanted = booking(world, prospect, soon(world.cast.lin, 5))
    assert "outbox-location" in outbox("lin").send("/test-drives", **wanted).headers
    other: dict[str, Any] = wanted | {"id": str(uuid7()), "route": "hill", "consultant": str(world.cast.gao.id)}
    late = outbox("gao").send("/test-drives", ago=60, **other)
    assert late.status_code == 409
    assert "可约" in said(late)
    assert (soon(world.cast.lin, 5) + timedelta(minutes=30)).strftime("%H:%M") in said(late)
    assert 'name="starts_at" value="' in late.text
    with world.database.work(world.cast.store) as session:
        at = soon(world.cast.lin, 5)
        assert len(session.scalars(select(TestDrive).where(TestDrive.starts_at == at)).all()) == 1


def test_the_calendar_shows_a_day_by_car_and_by_consultant(world: World, prospect: str) -> None:
    at = soon(world.cast.lin, 6)
    world.visitor("lin").post("/test-drives", **booking(world, prospect, at))
    day = at.astimezone(world.cast.lin.zone).date().isoformat()
    for by, word in (("car", "皖B20002"), ("consultant", "林悦")):
        page = world.visitor("lin").get(f"/test-drives?day={day}&by={by}").text
        assert word in page
        assert "闻笛" in page.split("<tbody>")[1].split("</tbody>")[0]
    assert world.visitor("lin").get("/test-drives?day=nonsense&by=moon").status_code == 200


def test_the_wished_car_and_its_next_free_time_are_chosen_already(world: World, prospect: str) -> None:
    lin = world.visitor("lin")
    with world.database.work(world.cast.store) as session:
        wished = session.scalars(select(Prospect).where(Prospect.number == prospect)).one()
        cars = session.scalars(select(DemoCar).where(DemoCar.store_id == world.cast.store)).all()
        wished.model_id, car = cars[0].model_id, cars[0].id
    page = lin.get(f"/test-drives/new?prospect={prospect}").text
    assert re.search(rf'name="car" value="{car}" checked', page)
    begins = re.search(r'id="starts_at"[^>]* value="(\d{4}-\d\d-\d\dT\d\d:\d\d)"', page)
    assert begins
    wanted = booking(world, prospect, soon(world.cast.lin)) | {"starts_at": begins[1], "car": str(car)}
    assert lin.post("/test-drives", **wanted).status_code == 303
    assert begins[1] not in lin.get(f"/test-drives/new?prospect={prospect}").text, "taken meanwhile"


def test_a_drive_outside_the_hours_is_listed_once(world: World, prospect: str) -> None:
    wanted = booking(world, prospect, soon(world.cast.lin, 24 * 5))
    late = datetime.combine(soon(world.cast.lin).date(), time(23), world.cast.lin.zone)
    assert world.visitor("lin").post("/test-drives", **wanted).status_code == 303
    with world.database.work(world.cast.store) as session:
        drive = session.get_one(TestDrive, UUID(wanted["id"]))
        drive.starts_at, drive.ends_at = late, late + timedelta(minutes=30)
    page = world.visitor("lin").get(f"/test-drives?day={late.date().isoformat()}").text
    assert page.count(f"/test-drives/{wanted['id']}") == 1
    assert "营业时段之外" in page


def test_what_is_wrong_is_told_at_its_field_and_nothing_is_booked(world: World, prospect: str) -> None:
    before = world.counts()["test_drives"]
    wanted: dict[str, Any] = booking(world, prospect, now() - timedelta(days=1))
    wanted |= {"minutes": "5", "route": "moon", "car": ""}
    answer = world.visitor("lin").post("/test-drives", **wanted)
    assert answer.status_code == 422
    assert answer.text.count("field wrong") >= 2
    assert world.visitor("lin").post("/test-drives", car="", prospect="").status_code == 422
    assert world.counts()["test_drives"] == before


def test_a_licence_that_ends_before_it_began_says_so_at_its_end(world: World) -> None:
    place = f"/test-drives/{world.examples()['drive_id']}"
    for first, until, words in (
        ("2024-05-01", "2020-01-01", "有效期止不能早于初次领证日期"), ("2100-05-01", "2101-01-01", "这个日期还没到")
    ):  # fmt: skip
        answer = world.visitor("lin").post(
            f"{place}/licence", licence_class="C1", licence_first_on=first, licence_until=until,
            licence_number="340202199001015678",
        )  # fmt: skip
        assert answer.status_code == 422
        assert words in answer.text


def test_a_typed_number_of_a_licence_is_not_shown_again(world: World) -> None:
    place = f"/test-drives/{world.examples()['drive_id']}"
    answer = world.visitor("lin").post(
        f"{place}/licence", licence_class="C1", licence_first_on="", licence_until="2031-05-01",
        licence_number="340202199001015678",
    )  # fmt: skip
    assert answer.status_code == 422
    assert "340202199001015678" not in answer.text
