"""What the house knows of its devices: who used one last, what waits on it, whether it may still come in."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import clock
from server.database import Database, now, uuid7
from server.domain.people import Person, devices, sign_in
from server.domain.people.device_names import described
from server.domain.people.devices import Device
from server.domain.records import Event
from server.domain.refusals import NotThere
from tests.cast import PASSWORD, Cast

DEVICE = uuid7()
TABLET = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36"


@pytest.fixture
def tablet(session: Session, cast: Cast) -> Device:
    """Lin has signed in on it by password."""
    sign_in.by_password(session, "lin", PASSWORD, device=DEVICE, address="10.0.0.1", hours=12)
    session.flush()
    return session.get_one(Device, DEVICE)


AGENTS = {
    TABLET: "Android tablet · Chrome",
    TABLET.replace("Chrome/143.0.0.0", "Chrome/143.0.0.0 Mobile"): "Android phone · Chrome",
    TABLET.replace("Safari/537.36", "Safari/537.36 Edg/143.0"): "Android tablet · Edge",
    TABLET.replace("Safari/537.36", "Safari/537.36 HuaweiBrowser/15.0"): "Android tablet · Huawei Browser",
    "Mozilla/5.0 (Phone; OpenHarmony 5.0) AppleWebKit/537.36 Chrome/114.0 Safari/537.36 ArkWeb/4.1 Mobile": (
        "HarmonyOS phone · Chrome"
    ),
    "Mozilla/5.0 (iPad; CPU OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Version/18.1 Mobile/15E148 Safari/604.1": (
        "iPad · Safari"
    ),
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 MicroMessenger/8.0": (
        "iPhone · WeChat"
    ),
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.1 Safari/605.1.15": (
        "Mac or iPad · Safari"
    ),
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/143.0 Safari/537.36": "Mac · Chrome",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0": "Windows computer · Firefox",
    "": "Unknown device",
    "curl/8.0": "Unknown device",
}


@pytest.mark.parametrize(("agent", "said"), AGENTS.items())
def test_a_device_is_called_in_plain_words(agent: str, said: str) -> None:
    assert described(agent)["en"] == said
    assert described(agent)["zh"]


def test_a_contact_says_who_what_waits_and_when(session: Session, cast: Cast, tablet: Device) -> None:
    devices.heard_from(session, DEVICE, cast.chen, 7, TABLET)
    assert (tablet.last_person_id, tablet.waiting) == (cast.chen.id, 7)
    assert tablet.last_contact_at is not None
    assert tablet.called == {"zh": "安卓平板 · Chrome", "en": "Android tablet · Chrome"}


def test_nothing_new_is_written_once_a_minute(session: Session, cast: Cast, tablet: Device) -> None:
    devices.heard_from(session, DEVICE, cast.lin, 7, TABLET)
    session.flush()
    devices.heard_from(session, DEVICE, cast.lin, 7, TABLET)
    assert not session.dirty
    devices.heard_from(session, DEVICE, cast.lin, 6, TABLET)
    assert session.dirty
    session.flush()
    with clock.at(now() + timedelta(minutes=2)):
        devices.heard_from(session, DEVICE, cast.lin, 6, TABLET)
    assert session.dirty


def test_what_it_did_not_say_stays_as_it_was(session: Session, cast: Cast, tablet: Device) -> None:
    devices.heard_from(session, DEVICE, cast.lin, 7, TABLET)
    devices.heard_from(session, DEVICE, cast.chen, None, "")
    assert (tablet.last_person_id, tablet.waiting, tablet.agent) == (cast.chen.id, 7, TABLET)


def test_an_unknown_device_leaves_no_trace(session: Session, cast: Cast) -> None:
    devices.heard_from(session, uuid7(), cast.lin, 7, TABLET)
    assert not session.new
    assert session.scalars(select(Device)).all() == []


def test_nobody_of_another_store_reaches_a_device(database: Database, cast: Cast) -> None:
    with database.work() as session:
        sign_in.by_password(session, "lin", PASSWORD, device=DEVICE, address="10.0.0.1", hours=12)
    with database.work() as session:
        devices.heard_from(session, DEVICE, cast.tang, 7, TABLET)
        assert session.get_one(Device, DEVICE).waiting == 0
        with pytest.raises(NotThere):
            devices.one(session, DEVICE, cast.tang)
        assert devices.all_of(session, cast.tang) == []
    with database.work(cast.tang.store_id) as session, pytest.raises(NotThere):
        devices.one(session, DEVICE, cast.tang)


def test_what_waits_is_listed_first_then_what_was_used_last(session: Session, cast: Cast, tablet: Device) -> None:
    others = [another(session, cast.lin, day) for day in range(1, 4)]
    others[0].waiting = 2
    assert [device.id for device in devices.all_of(session, cast.admin)] == [
        others[0].id, others[2].id, others[1].id, tablet.id,
    ]  # fmt: skip


def another(session: Session, by: Person, day: int) -> Device:
    """Last heard of on that day of the month."""
    device = Device(
        id=uuid7(), store_id=by.store_id, name=f"Tablet {day}", first_seen=now(), trusted_until=now(),
        last_contact_at=now().replace(day=day),
    )  # fmt: skip
    session.add(device)
    return device


def test_a_device_is_renamed_and_it_is_recorded_once(session: Session, cast: Cast, tablet: Device) -> None:
    for _ in range(2):
        devices.rename(session, tablet, "前台平板", by=cast.admin)
    assert tablet.called == {"zh": "前台平板", "en": "前台平板"}
    session.flush()
    assert len(session.scalars(select(Event).where(Event.verb == "device.renamed")).all()) == 1


def test_what_was_refused_is_told_apart_from_what_waits(session: Session, cast: Cast, tablet: Device) -> None:
    devices.heard_from(session, DEVICE, cast.lin, 3, TABLET, needing=2)
    assert (tablet.waiting, tablet.needing, tablet.held) == (3, 2, 5)
    devices.heard_from(session, DEVICE, cast.lin, 0, TABLET)
    assert (tablet.waiting, tablet.needing, tablet.held) == (0, 2, 2), "what it does not say stays as it was"
    devices.heard_from(session, DEVICE, cast.lin, 0, TABLET, needing=0)
    assert tablet.held == 0
