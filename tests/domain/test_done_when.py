"""What was done on a device is dated by when it was done, wherever somebody reads of it."""

from datetime import timedelta
from uuid import uuid4

import msgspec
from sqlalchemy.orm import Session

from server.database import now
from server.domain.customers import registration, timeline
from server.domain.records import consents, events
from tests.cast import Cast


def test_consents_and_the_timeline_say_when_it_was_done_and_the_chain_when_it_was_heard(
    session: Session, cast: Cast
) -> None:
    then = now() - timedelta(hours=3)
    lin = msgspec.structs.replace(cast.lin, acted_at=then, device_id=uuid4())
    customer = registration.register(session, by=lin, name="孙大圣")
    consent = consents.answer(session, customer.id, "contact", True, by=lin)
    assert consent.at == then
    consents.answer(session, customer.id, "marketing", True, by=cast.lin)
    session.flush()
    at_the_desk, said, recorded = timeline.of_customer(session, customer).moments
    assert [one.done_at for one in (said, recorded)] == [then, then]
    assert said.at > then + timedelta(hours=2), "the record itself keeps when the house heard of it"
    assert at_the_desk.done_at == at_the_desk.at
    assert events.first_break(session, cast.store) is None


def test_what_was_taken_back_earlier_does_not_stand_because_it_arrived_later(session: Session, cast: Cast) -> None:
    customer = registration.register(session, by=cast.lin, name="孙大圣")
    consents.answer(session, customer.id, "contact", False, by=cast.lin)
    earlier = msgspec.structs.replace(cast.chen, acted_at=now() - timedelta(hours=1))
    consents.answer(session, customer.id, "contact", True, by=earlier)
    session.flush()
    assert consents.standing(session, cast.store, customer.id)["contact"].given is False
