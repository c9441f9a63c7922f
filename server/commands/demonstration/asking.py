"""What customers are asked this morning and what is checked: one answer is awaited, one last check."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import clock, pictures
from server.commands.demonstration.deliveries import People, tap_of
from server.commands.demonstration.repairs import Service
from server.commands.demonstration.working import AT_WORK, Floor
from server.domain.catalogue.jobs import Job
from server.domain.checklists import taps
from server.domain.customers import links
from server.domain.workshop import RepairOrder, answering, asking, checking, customer_links, noting, working
from server.domain.workshop.answering import AGREE, DECLINE, Consent
from server.domain.workshop.checking import Checks
from server.domain.workshop.reworks import SELF, TEAM, WASHED

CHECKED: dict[str, Any] = {
    "name": "汪建明", "phone": "13905536671", "plate": "皖B7Q52L", "vin": "LVVDB11B0PD206655", "series": "瑞虎8 PRO",
    "sold": 3, "km": 63_180, "minutes": 170, "by": "chen", "kind": "maintenance", "jobs": ["M-A"], "waits": False,
    "key": "A19", "words": ["来做小保养，顺便看看雨刮", "下雨天", "", "刮不干净"],
}  # fmt: skip
PADS, WIPERS, FILTER = "R-PADR1", "M-WIPER", "M-CAB"


def ask(session: Session, people: People) -> None:
    """By the verbs of the house."""
    answered = _answered(session, people)
    _check(session, people, answered)
    _sent(session, people)


def _sent(session: Session, people: People) -> None:
    """What Zhou found under the car that he works on: the customer has the link and has not answered."""
    floor, chen = Floor(session, people), people["chen"]
    order = floor.car(AT_WORK)
    with clock.at(floor.ago(order, 12)):
        found = [one for one in noting.of_order(session, order) if one.wants_pricing]
        extra = asking.draft(session, order, found, by=chen)
        for finding, code in zip(found, (PADS, FILTER), strict=True):
            asking.add_item(session, extra, _job(session, people, code), by=chen, finding=finding)
        words = "郭先生，后制动片只剩 2.8 毫米，建议这次一起换；空调滤芯偏脏，可以这次换，也可以下次。"
        asking.send(session, extra, by=chen, words=words)
        customer_links.give(session, links.FOLLOW, order.id, order.customer_id, by=chen)


def _answered(session: Session, people: People) -> RepairOrder:
    """Wipers agreed to, a filter not; the work is done."""
    service, floor, chen, zhou = Service(session, people), Floor(session, people), people["chen"], people["zhou"]
    order = service.write(CHECKED)
    service.sign(order, CHECKED)
    floor.give(order, "zhou", 150)
    job = floor.begin(order, "zhou", 145)
    with clock.at(floor.ago(order, 120)):
        hard = noting.note(session, order, by=zhou, verdict="watch", name="雨刮片老化", job=job)
        noting.add_photo(session, order, hard, pictures.photo(33), by=zhou)
        dirty = noting.note(session, order, by=zhou, verdict="watch", name="空调滤芯脏", job=job)
        extra = asking.draft(session, order, (hard, dirty), by=chen)
        for finding, code in ((hard, WIPERS), (dirty, FILTER)):
            asking.add_item(session, extra, _job(session, people, code), by=chen, finding=finding)
        asking.send(session, extra, by=chen, words="雨刮片已经刮不干净了，空调滤芯也该换了。")
        session.flush()  # the customer reads it
    with clock.at(floor.ago(order, 105)):
        _say(session, extra.id, AGREE, DECLINE)
    for minutes in (100, 80):
        with clock.at(floor.ago(order, minutes)):
            _finish_one(session, order, people)
    return order


def _say(session: Session, extra_id: Any, *words: str) -> None:
    """The customer signs at the link."""
    extra = answering.held(session, extra_id)
    rows = answering.lines_of(session, extra)
    link = links.current(session, extra.store_id, links.EXTRA, extra.id)
    assert link is not None  # just sent
    links.opened(session, link)
    said = {row.item.id: word for row, word in zip(rows, words, strict=True)}
    name = extra.order.sender.name
    consent = Consent(said, name, pictures.signature(name), seen=answering.digest(extra, rows))
    answering.sign(session, extra, consent, by=links.guest_of(session, link))
    session.flush()  # the technician reads it


def _finish_one(session: Session, order: RepairOrder, people: People) -> None:
    """What runs is finished; then the next one is begun."""
    zhou = people["zhou"]
    for job in working.whole(session, order.id)[order.id].jobs:
        if job.state == "approved":
            working.clock_on(session, job, by=zhou)
        if job.state in ("working", "paused"):
            working.finish(session, job, by=zhou)
    session.flush()  # the inspection reads it


def _check(session: Session, people: People, order: RepairOrder) -> None:
    """The technician and the leader have signed; the inspector has still to look."""
    floor = Floor(session, people)
    for level, name, minutes in ((SELF, "zhou", 60), (TEAM, "wu", 50)):
        by = people[name]
        with clock.at(floor.ago(order, minutes)):
            checks = Checks(session, order)
            for question in checks.part(level).questions:
                if question.kind != "signature" and question.code != WASHED:
                    taps.answer(session, checks.run, question.id, tap_of(question), by=by)
            session.flush()  # it is signed over what was answered
            ink = pictures.signature(by.display)
            checking.sign(session, order, level, by=by, name=by.display, ink=ink)
            session.flush()  # the next one reads it


def _job(session: Session, people: People, code: str) -> Job:
    return session.scalars(select(Job).where(Job.store_id == people["chen"].store_id, Job.code == code)).one()
