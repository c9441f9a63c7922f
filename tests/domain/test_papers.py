"""Papers: frozen when signed, corrected only by a new revision with its reason, numbered without a gap."""

import copy
import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import clock
from server.database import Database, now
from server.domain.billing import next_number
from server.domain.delivery import Delivery, papers, pdi
from server.domain.records import Event, Paper
from server.domain.records import papers as issued
from server.domain.refusals import Invalid, NotThere
from tests.cast import OTHER_VIN, Cast, a_completed_delivery, a_delivery

SHANGHAI = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def delivery(session: Session, cast: Cast) -> Delivery:
    """Handed over; both papers are issued."""
    return a_completed_delivery(session, cast)


def paper_of(session: Session, number: str | None) -> Paper:
    """The revision in force."""
    return session.scalars(select(Paper).where(Paper.number == number).order_by(Paper.revision.desc())).first()


def test_the_confirmation_says_what_was_found_and_signed(session: Session, cast: Cast, delivery: Delivery) -> None:
    content = paper_of(session, delivery.number).content
    assert content["customer"] == {"name": delivery.customer.name, "phone": delivery.customer.phone}
    assert (content["car"]["vin"], content["car"]["odometer_km"], content["car"]["keys"]) == (delivery.car.vin, 12, 2)
    assert [one["code"] for one in content["lists"]] == ["C06", "C07"]
    assert [signature["role"]["en"] for signature in content["signatures"]] == ["Customer", "Sales consultant"]
    assert all(signature["ink"] for signature in content["signatures"])
    signed = [section for one in content["lists"] for section in one["sections"] if section["signatures"]]
    assert len(signed) == 5
    items = [item for one in content["lists"] for section in one["sections"] for item in section["items"]]
    assert {item["answer"]["verdict"] for item in items} == {"ok"}
    assert sum(len(item["answer"]["photos"]) for item in items) == 2
    assert content["facts"][0]["value"] == pdi.of(session, delivery).number


def test_what_is_on_a_paper_stays_though_the_house_changes(session: Session, cast: Cast, delivery: Delivery) -> None:
    before = copy.deepcopy(paper_of(session, delivery.number).content)
    delivery.customer.name, delivery.car.plate, delivery.note = "别人", "皖B99999", "后来写的"
    session.flush()
    session.expire_all()
    paper = paper_of(session, delivery.number)
    assert (paper.content, paper.digest()) == (before, paper.hash)


def test_the_hash_is_over_everything_it_says(session: Session, delivery: Delivery) -> None:
    paper = paper_of(session, delivery.number)
    assert paper.code == paper.hash[:16]
    for field, other in (("number", "JC-1"), ("revision", 2), ("reason", "x"), ("previous", "0"), ("kind", "other")):
        kept = getattr(paper, field)
        setattr(paper, field, other)
        assert paper.digest() != paper.hash, field
        setattr(paper, field, kept)
    paper.content = paper.content | {"customer": {"name": "别人", "phone": ""}}
    assert paper.digest() != paper.hash
    session.expire(paper)


def test_a_correction_is_a_second_revision_and_the_first_stays(
    session: Session, cast: Cast, delivery: Delivery
) -> None:
    first = paper_of(session, delivery.number)
    before = copy.deepcopy(first.content)
    second = _correct(session, cast, delivery)
    assert (second.revision, second.reason, second.previous) == (2, "漏记划痕", first.hash)
    session.expire_all()
    assert (first.content, first.revision, first.digest()) == (before, 1, first.hash)
    changed = next(one for one in papers._items(second.content) if one["no"] == "C06-02")
    assert (changed["answer"]["verdict"], changed["answer"]["notes"], changed["corrected"]) == (
        "watch",
        ["右后门划痕"],
        True,
    )
    assert changed["answer"]["by"] == "高峰"
    others = [one for one in papers._items(second.content) if one["no"] != "C06-02"]
    assert others == [one for one in papers._items(before) if one["no"] != "C06-02"]
    assert (second.content["signatures"], second.content["revision"]) == (before["signatures"], 2)
    assert issued.newest(session, cast.store, delivery.number) is second
    assert issued.first_false(session, cast.store) is None
    third = _correct(session, cast, delivery)
    assert (third.revision, third.previous) == (3, second.hash)
    event = session.scalars(select(Event).where(Event.verb == "paper.issued").order_by(Event.position.desc())).first()
    assert event is not None
    assert (event.data["revision"], event.data["why"], event.data["hash"]) == (3, "漏记划痕", third.hash)


def _correct(session: Session, cast: Cast, delivery: Delivery, **how: str) -> Paper:
    said = {"code": "C06-02", "verdict": "watch", "note": "右后门划痕", "reason": "漏记划痕"} | how
    made = papers.correct(session, delivery, said.pop("number", delivery.number), by=cast.gao, **said)
    session.flush()
    return made


@pytest.mark.parametrize(("field", "typed"), [("reason", ""), ("verdict", "none"), ("verdict", ""), ("code", "C99-01")])
def test_a_correction_that_says_too_little(
    session: Session, cast: Cast, delivery: Delivery, field: str, typed: str
) -> None:
    with pytest.raises(Invalid) as wrong:
        _correct(session, cast, delivery, **{field: typed})
    assert set(wrong.value.errors) == {field}
    assert paper_of(session, delivery.number).revision == 1


def test_only_papers_of_this_delivery_are_corrected(session: Session, cast: Cast, delivery: Delivery) -> None:
    other = a_completed_delivery(session, cast, OTHER_VIN)
    for number in (other.number, "JC-19990101-0001"):
        with pytest.raises(NotThere):
            _correct(session, cast, delivery, number=number)


def test_papers_of_a_delivery_newest_first(session: Session, cast: Cast, delivery: Delivery) -> None:
    _correct(session, cast, delivery)
    listed = papers.of_delivery(session, delivery)
    assert [(one.kind, one.revision) for one in listed] == [
        (papers.CONFIRMATION, 2), (papers.CONFIRMATION, 1), (papers.PDI_SHEET, 1),
    ]  # fmt: skip


# --- Numbers --------------------------------------------------------------------------------------


def test_numbers_of_a_day_have_no_gap_and_stores_count_for_themselves(session: Session, cast: Cast) -> None:
    taken = [next_number(session, "JC", by=cast.lin) for _ in range(3)]
    assert [re.fullmatch(r"JC-\d{8}-(\d{4})", number).group(1) for number in taken] == ["0001", "0002", "0003"]
    assert next_number(session, "PDI", by=cast.lin).endswith("-0001")


def test_every_store_begins_at_one(database: Database, cast: Cast) -> None:
    for person in (cast.lin, cast.tang):
        with database.work(person.store_id) as session:
            assert next_number(session, "JC", by=person).endswith("-0001")


def test_a_number_of_what_was_rolled_back_is_given_again(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        first = a_delivery(session, cast).number
    with pytest.raises(RuntimeError), database.work(cast.store) as session:
        lost = a_delivery(session, cast, OTHER_VIN).number
        raise RuntimeError
    with database.work(cast.store) as session:
        second = a_delivery(session, cast, OTHER_VIN).number
    assert second == lost
    assert int(second[-4:]) == int(first[-4:]) + 1


def test_the_day_of_a_number_is_the_store_s(session: Session, cast: Cast) -> None:
    evening = datetime(2026, 11, 22, 23, 59, tzinfo=SHANGHAI)
    with clock.at(evening):
        assert next_number(session, "JC", by=cast.lin) == "JC-20261122-0001"
    with clock.at(evening + timedelta(minutes=2)):
        assert next_number(session, "JC", by=cast.lin) == "JC-20261123-0001"
    with clock.at(datetime(2026, 11, 22, 16, 30, tzinfo=ZoneInfo("UTC"))):
        assert next_number(session, "JC", by=cast.lin) == "JC-20261123-0002"


def test_a_paper_says_when_it_was_issued(session: Session, delivery: Delivery) -> None:
    paper = paper_of(session, delivery.number)
    assert abs(paper.issued_at - now()) < timedelta(minutes=1)
    assert paper.content["issued_at"].endswith("Z")
