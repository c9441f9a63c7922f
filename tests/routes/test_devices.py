"""The administrator's page of devices: what is told, what is renamed, and what locking one out does."""

from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select, update

from server.database import Database
from server.domain.people import Person, devices, hands, tickets
from server.domain.people.devices import Device
from server.domain.records import Event
from server.outbox import Sending
from tests.cast import PIN, Cast
from tests.visitor import Visitor

Come = Callable[..., Visitor]
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Safari/604.1"
NOT_THEIRS = ["lin", "chen", "zhou", "wu", "he", "gao"]


@pytest.fixture
def lins(client: Come, database: Database, cast: Cast) -> tuple[Visitor, UUID]:
    """Lin has signed in on a telephone."""
    visitor = client()
    visitor.http.headers["user-agent"] = PHONE
    visitor.sign_in("lin")
    return visitor, UUID(visitor.http.cookies["huanche_device"])


def sent_with(ticket: str) -> Sending:
    """A deed that is delivered with this ticket."""
    return Sending(ticket, None, None, "zh", "1")


def waits(database: Database, device: UUID, by: Person, count: int) -> None:
    """It says that so much waits on it."""
    with database.work(by.store_id) as session:
        devices.heard_from(session, device, by, count, "")


def test_a_device_is_told_by_what_it_is_and_who_used_it(client: Come, lins: tuple[Visitor, UUID], cast: Cast) -> None:
    told = client("admin").get("/devices").text
    assert "iPhone · Safari" in told
    assert "林悦" in told


def test_the_last_hand_is_told_after_a_handover_by_pin(
    client: Come, database: Database, lins: tuple[Visitor, UUID], cast: Cast
) -> None:
    visitor, device = lins
    assert visitor.post("/switch", name="chen", pin=PIN).status_code == 303
    with database.work(cast.store) as session:
        assert session.get_one(Device, device).last_person_id == cast.chen.id


@pytest.mark.parametrize("name", NOT_THEIRS)
def test_only_the_administrator_sees_devices(client: Come, lins: tuple[Visitor, UUID], name: str) -> None:
    visitor = client(name)
    for address in ("/devices", f"/devices/{lins[1]}", f"/devices/{lins[1]}/revocation"):
        assert visitor.get(address).status_code == 403
    assert visitor.post(f"/devices/{lins[1]}/revocation", known="1").status_code == 403
    assert lins[0].get("/").status_code == 200


def test_a_device_gets_its_name_and_loses_it_again(client: Come, lins: tuple[Visitor, UUID]) -> None:
    admin = client("admin")
    address = f"/devices/{lins[1]}"
    assert admin.post(f"{address}/name", name="前台平板").status_code == 303
    assert "前台平板" in admin.get("/devices").text
    assert admin.post(f"{address}/name", name="x" * 41).status_code == 422
    assert admin.post(f"{address}/name", name="").status_code == 303
    assert "iPhone · Safari" in admin.get("/devices").text


def test_who_is_locked_out_is_out_at_once_and_comes_back_by_password(
    client: Come, database: Database, lins: tuple[Visitor, UUID], cast: Cast
) -> None:
    visitor, device = lins
    with database.work(cast.store) as session:
        ticket = tickets.issue(session, by=cast.lin, device=device)
    admin = client("admin")
    assert "林悦" in admin.get(f"/devices/{device}").text
    assert admin.post(f"/devices/{device}/revocation").status_code == 303

    assert visitor.get("/").status_code == 303
    with database.work(cast.store) as session:
        kept = session.get_one(Device, device)
        assert kept.revoked_at is not None
        assert not kept.may_switch
        assert tickets.holder(session, sent_with(ticket)) is None
        assert hands.holders(session, [device]) == {}, "no notice comes to it"
        told = session.scalars(select(Event).where(Event.verb == "device.revoked")).one()
        assert told.data == {"waiting": 0, "sessions": 1, "tickets": 1}
    assert "chip bad" in admin.get("/devices").text

    visitor._token = None
    visitor.sign_in("lin")
    assert visitor.get("/").status_code == 200
    with database.work(cast.store) as session:
        kept = session.get_one(Device, device)
        assert kept.revoked_at is None
        assert kept.may_switch
        assert tickets.holder(session, sent_with(ticket)) is None, "an old ticket stays fallen"


def test_a_device_that_is_locked_out_is_not_taken_over_by_pin(
    client: Come, database: Database, lins: tuple[Visitor, UUID], cast: Cast
) -> None:
    """Not even by a session that was opened in the same moment and is not closed yet."""
    visitor, device = lins
    with database.work(cast.store) as session:
        session.execute(update(Device).where(Device.id == device).values(trusted_until=Device.first_seen))
    assert visitor.post("/switch", name="chen", pin=PIN).status_code == 422


def test_where_work_waits_it_has_to_be_known(
    client: Come, database: Database, lins: tuple[Visitor, UUID], cast: Cast
) -> None:
    waits(database, lins[1], cast.lin, 7)
    admin = client("admin")
    address = f"/devices/{lins[1]}/revocation"
    assert "7" in admin.get(address).text
    assert admin.post(address).status_code == 422
    assert lins[0].get("/").status_code == 200, "nothing has happened yet"
    assert admin.post(address, known="1").status_code == 303
    assert lins[0].get("/").status_code == 303


def test_what_waits_on_a_device_that_is_locked_out_is_still_told(
    client: Come, database: Database, lins: tuple[Visitor, UUID], cast: Cast
) -> None:
    waits(database, lins[1], cast.lin, 7)
    admin = client("admin")
    admin.http.cookies["huanche_language"] = "en"
    admin.post(f"/devices/{lins[1]}/revocation", known="1")
    assert "7 pieces of work wait on it" in admin.get("/devices").text


def test_the_administrator_is_told_that_it_is_the_one_in_hand(client: Come) -> None:
    admin = client("admin")
    admin.http.cookies["huanche_language"] = "en"
    own = admin.http.cookies["huanche_device"]
    assert "the one in your hands" in admin.get(f"/devices/{own}/revocation").text
    assert admin.post(f"/devices/{own}/revocation").status_code == 303
    assert admin.get("/devices").status_code == 303


def test_a_device_of_another_store_is_not_there(client: Come) -> None:
    visitor = client("tang")
    admin = client("admin")
    theirs = visitor.http.cookies["huanche_device"]
    for address in (f"/devices/{theirs}", f"/devices/{theirs}/revocation"):
        assert admin.get(address).status_code == 404
    assert admin.post(f"/devices/{theirs}/revocation", known="1").status_code == 404
    assert visitor.get("/").status_code == 200
