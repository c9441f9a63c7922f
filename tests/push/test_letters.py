"""What arrives on a device: sealed, proven, in its language, and nothing of a customer."""

import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server import push
from server.database import Database, now
from server.domain.checklists import Tap, runs, taps
from server.domain.delivery import Delivery, pdi
from server.domain.people import notices, pushes, subscriptions
from server.domain.people.notices import Notice
from server.domain.people.pushes import Push, State
from server.settings import settings
from tests.cast import Cast, a_delivery
from tests.push_service import Device, PushService, claims_of

Tell = Callable[..., None]
States = Callable[[], list[str]]
NOISE = "C05-20"


def fails_its_pdi(session: Session, cast: Cast, delivery: Delivery) -> None:
    inspection = pdi.of(session, delivery)
    run = pdi.start(session, inspection, by=cast.zhou)
    noise = next(question for question in runs.sheet_of(session, run).questions() if question.code == NOISE)
    taps.answer(session, run, noise.id, Tap(verdict="fault", note="异响"), by=cast.zhou)
    session.flush()
    pdi.fail(session, inspection, by=cast.zhou)


def test_a_failed_pdi_reaches_the_consultant_s_phone_sealed_and_proven(
    phone: Device, database: Database, cast: Cast, states: States
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
    assert states() == [State.SENT]
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
        more = {"count": 3} if kind.startswith(("contacts.", "prospects.")) else {}
        notices.tell(session, cast.lin.id, kind, "/contacts", by=cast.zhou, **gaps, **more)
    push.send_due(database, now())
    said = phone.read(phone.letters[0])
    assert "王建国" not in str(said)
    assert ("Tiggo" in said["body"], said["lang"]) == ((True, "en") if language == "en" else (False, "zh-Hans"))
    assert said["title"]
    assert said["title"].isascii() == (language == "en")
    assert "%" not in said["title"]


def test_the_device_s_language_is_the_notice_s(phone: Device, database: Database, told: Tell) -> None:
    with database.work() as session:
        subscriptions.speak(session, "en", by=phone.taken_by(session, "lin"))
    told("delivery.unlocked")
    push.send_due(database, now())
    assert phone.read(phone.letters[0])["title"] == "PDI passed, ready to hand over"


def test_nothing_is_owed_for_a_deed_that_was_taken_back(
    phone: Device, database: Database, cast: Cast, states: States
) -> None:
    with pytest.raises(InterruptedError), database.work(cast.store) as session:
        fails_its_pdi(session, cast, a_delivery(session, cast))
        assert session.scalar(select(func.count()).select_from(Push)) == 1
        raise InterruptedError
    assert states() == []


def test_only_what_was_chosen_is_pushed(phone: Device, database: Database, told: Tell) -> None:
    with database.work() as session:
        subscriptions.choose(session, ["work", "nonsense"], by=phone.taken_by(session, "lin"))
    told("delivery.locked", "JC-1")
    told("delivery.planned", "JC-2")
    push.send_due(database, now())
    assert [phone.read(letter)["address"] for letter in phone.letters] == ["/deliveries/JC-2"]


def test_what_was_read_meanwhile_is_not_pushed_any_more(
    phone: Device, database: Database, cast: Cast, told: Tell, states: States
) -> None:
    told()
    with database.work(cast.store) as session:
        notices.read(session, notices.unread(session, cast.lin)[0].id, by=cast.lin)
    push.send_due(database, now())
    assert (phone.letters, states()) == ([], [State.WITHHELD])
