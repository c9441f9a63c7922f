"""In whose hands a device is decides whose notices reach it."""

from collections.abc import Callable
from datetime import timedelta

import msgspec
from sqlalchemy import select, update

from server import push
from server.database import Database, now
from server.domain.people import Person, Staff, notices, sign_in
from server.domain.people.notices import Notice
from server.domain.people.pushes import State
from server.domain.people.sign_in import SignIn
from tests.cast import Cast
from tests.push_service import Device

Tell = Callable[..., None]
States = Callable[[], list[str]]


def test_who_takes_the_tablet_over_sees_nothing_of_the_first_one_s(
    phone: Device, database: Database, cast: Cast, told: Tell, states: States
) -> None:
    with database.work() as session:
        lin = session.scalars(select(SignIn).where(SignIn.device_id == phone.id)).one()
        at_it = phone.handed(session, "chen", by=_on(cast.lin, phone))
        lin.ended_at = now()
        phone.subscribed(session, at_it)  # the same browser, the same endpoint
    told(number="JC-1")
    with database.work(cast.store) as session:
        notices.tell(session, cast.chen.id, "delivery.assigned", "/deliveries/JC-2", by=cast.zhou, number="JC-2",
                     model={"zh": "瑞虎", "en": "Tiggo"}, time=now().isoformat())  # fmt: skip
        query = select(Notice.staff_id, Notice.id)
        of = {row.staff_id: row.id for row in session.execute(query)}
        assert not notices.is_for_who_holds(session, of[cast.lin.id], phone.id)
        assert notices.is_for_who_holds(session, of[cast.chen.id], phone.id)
    push.send_due(database, now())
    assert [phone.read(letter)["address"] for letter in phone.letters] == ["/deliveries/JC-2"]
    assert sorted(states()) == [State.SENT, State.WITHHELD]

    with database.work() as session:  # and back again
        phone.handed(session, "lin", by=_on(cast.chen, phone))
    told(number="JC-3")
    push.send_due(database, now())
    assert phone.read(phone.letters[-1])["address"] == "/deliveries/JC-3"


def test_who_signs_out_is_told_nothing_there(phone: Device, database: Database, told: Tell, states: States) -> None:
    with database.work() as session:
        person, token = sign_in.by_password(session, "lin", "huanche-demo", device=phone.id, address="", hours=12)
        sign_in.leave(session, token, by=person)
    told()
    push.send_due(database, now())
    assert (phone.letters, states()) == ([], [State.WITHHELD])


def test_a_session_that_ran_out_of_time_leaves_the_device_with_its_person(
    phone: Device, database: Database, told: Tell
) -> None:
    with database.work() as session:
        session.execute(update(SignIn).values(expires_at=now() - timedelta(hours=1)))
    told()
    push.send_due(database, now())
    assert len(phone.letters) == 1


def test_who_no_longer_works_here_is_told_nothing(phone: Device, database: Database, cast: Cast, told: Tell) -> None:
    told()
    with database.work() as session:
        session.get_one(Staff, cast.lin.id).active = False
    push.send_due(database, now())
    assert phone.letters == []


def _on(person: Person, device: Device) -> Person:
    return msgspec.structs.replace(person, device_id=device.id)
