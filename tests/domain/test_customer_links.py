"""Links for customers: who has one comes in until it ends, and guessing leads nowhere."""

from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from server.database import Database, now, uuid7
from server.domain.customers import links
from server.domain.customers.links import CustomerLink, Miss, TooMany
from server.domain.records import Event
from server.domain.refusals import NotThere
from tests.cast import Cast, a_customer

DAY = timedelta(days=1)
HERE = "198.51.100.7"


PHONES = (f"1380000{number}" for number in count(2000))


def a_link(session: Session, cast: Cast, kind: str = links.FOLLOW) -> CustomerLink:
    customer, subject = a_customer(session, cast.chen, phone=next(PHONES)), uuid7()
    links.issue(session, kind, subject, customer.id, by=cast.chen, valid=DAY)
    link = links.current(session, cast.store, kind, subject)
    assert link is not None
    return link


def test_a_token_opens_its_thing_and_is_nowhere_in_the_tables(session: Session, cast: Cast) -> None:
    link = a_link(session, cast)
    assert links.open_link(session, link.token, address=HERE).subject_id == link.subject_id
    assert len(link.token) == 43
    assert link.token not in {str(getattr(link, column.key)) for column in CustomerLink.__table__.columns}
    assert link.address.endswith(f"/c/{link.token}")


def test_every_link_has_another_token(session: Session, cast: Cast) -> None:
    assert len({a_link(session, cast).token for _ in range(20)}) == 20


@pytest.mark.parametrize("kind", links.KINDS)
def test_a_link_of_another_kind_does_not_open(session: Session, cast: Cast, kind: str) -> None:
    link = a_link(session, cast, links.EXTRA)
    if kind == links.EXTRA:
        assert links.open_link(session, link.token, kind, address=HERE).id == link.id
    else:
        with pytest.raises(NotThere):
            links.open_link(session, link.token, kind, address=HERE)


@pytest.mark.parametrize("end", ["expired", "revoked", "replaced", "guessed", "empty", "its hash"])
def test_what_has_ended_or_never_was_does_not_open(session: Session, cast: Cast, end: str) -> None:
    link = a_link(session, cast)
    token = {"guessed": "A" * 43, "empty": "", "its hash": link.token_hash}.get(end, link.token)
    if end == "expired":
        link.expires_at = now() - timedelta(seconds=1)
    if end == "revoked":
        links.revoke(session, link.kind, link.subject_id, by=cast.chen)
    if end == "replaced":
        links.issue(session, link.kind, link.subject_id, link.customer_id, by=cast.chen, valid=DAY)
    session.flush()
    with pytest.raises(NotThere):
        links.open_link(session, token, address=HERE)


def test_of_one_thing_the_newest_link_is_open_and_others_stay(session: Session, cast: Cast) -> None:
    first, other = a_link(session, cast), a_link(session, cast)
    token = links.issue(session, first.kind, first.subject_id, first.customer_id, by=cast.chen, valid=DAY)
    current = links.current(session, cast.store, first.kind, first.subject_id)
    assert current is not None
    assert current.token == token != first.token
    assert other.is_open


def test_another_store_has_no_hand_on_it(session: Session, cast: Cast) -> None:
    link = a_link(session, cast)
    links.revoke(session, link.kind, link.subject_id, by=cast.tang)
    assert link.is_open
    assert links.current(session, cast.tang.store_id, link.kind, link.subject_id) is None


def test_many_misses_hold_an_address_up_for_a_while_and_no_other(session: Session, cast: Cast) -> None:
    link = a_link(session, cast)
    for _ in range(links.MISSES - 1):
        links.missed(session, HERE)
    assert links.open_link(session, link.token, address=HERE)
    links.missed(session, HERE)
    with pytest.raises(TooMany):
        links.open_link(session, link.token, address=HERE)
    assert links.open_link(session, link.token, address="203.0.113.9")
    session.execute(update(Miss).values(at=now() - links.WINDOW))
    assert links.open_link(session, link.token, address=HERE)
    links.missed(session, "203.0.113.9")
    assert session.scalars(select(Miss.address)).all() == ["203.0.113.9"], "old misses are not kept"


def test_the_advisor_sees_that_it_was_opened(session: Session, cast: Cast) -> None:
    link = a_link(session, cast)
    for _ in range(3):
        links.opened(session, link)
        session.refresh(link)
    assert link.opens == 3
    assert link.last_opened_at is not None
    told = session.scalars(select(Event).where(Event.verb == "customer_link.opened")).all()
    assert [(one.actor_id, one.actor) for one in told] == [(link.customer_id, "客户")]


def test_it_reaches_the_store_whoever_asked_before(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        token = a_link(session, cast).token
    with database.session(writing=False, store=cast.tang.store_id) as session:
        assert links.open_link(session, token, address=HERE).store_id == cast.store
        assert session.info["store"] == cast.store


@pytest.mark.parametrize(
    ("name", "shown"), [("王建国", "王**"), ("王五", "王*"), ("欧", "欧"), ("芜湖远景物流有限公司", "芜**")]
)
def test_names_are_masked(name: str, shown: str) -> None:
    assert links.masked_name(name) == shown


@pytest.mark.parametrize(("plate", "shown"), [("皖B12345", "皖B·**345"), ("皖BD12345", "皖B·**345"), (None, "")])
def test_plates_are_masked(plate: str | None, shown: str) -> None:
    assert links.masked_plate(plate) == shown
