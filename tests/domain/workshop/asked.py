"""Extra work for tests: found by Zhou under a signed order, priced and sent by Chen, answered by the customer."""

from sqlalchemy.orm import Session

from server.domain.customers import links
from server.domain.customers.links import Guest
from server.domain.workshop import RepairOrder, answering, asking, noting, working
from server.domain.workshop.answering import Consent, Line
from server.domain.workshop.extra_works import ExtraWork
from server.domain.workshop.findings import FAULT, WATCH, WorkFinding
from tests.cast import VIN, Cast
from tests.domain.workshop.repairing import a_job, a_signed_order

BRAKES, WIPERS = "R-PADF3", "M-WIPER"


def a_car_in_work(session: Session, cast: Cast, vin: str = VIN) -> RepairOrder:
    """Zhou has clocked on to its first job."""
    order = a_signed_order(session, cast, vin)
    session.flush()
    working.clock_on(session, working.whole(session, order.id)[order.id].jobs[0], by=cast.zhou)
    return order


def two_findings(session: Session, cast: Cast, order: RepairOrder) -> tuple[WorkFinding, WorkFinding]:
    """Pads that are nearly gone, and wipers that have become hard."""
    pads = noting.note(session, order, by=cast.zhou, verdict=FAULT, name="前制动片", number="2.1 mm")
    wipers = noting.note(session, order, by=cast.zhou, verdict=WATCH, name="雨刮片老化")
    return pads, wipers


def a_draft(session: Session, cast: Cast, order: RepairOrder | None = None) -> ExtraWork:
    """Both findings priced, nothing sent."""
    order = order or a_car_in_work(session, cast)
    found = two_findings(session, cast, order)
    extra = asking.draft(session, order, found, by=cast.chen)
    for finding, code in zip(found, (BRAKES, WIPERS), strict=True):
        asking.add_item(session, extra, a_job(session, cast, code), by=cast.chen, finding=finding)
    return extra


def a_sent(session: Session, cast: Cast, order: RepairOrder | None = None) -> ExtraWork:
    """The customer has the link."""
    extra = a_draft(session, cast, order)
    asking.send(session, extra, by=cast.chen, words="王先生，制动片已到极限。")
    session.flush()
    return answering.held(session, extra.id)


def the_guest(session: Session, extra: ExtraWork) -> Guest:
    """The customer at their link."""
    link = links.current(session, extra.store_id, links.EXTRA, extra.id)
    assert link is not None
    return links.guest_of(session, link)


def a_word(extra: ExtraWork, lines: list[Line], *words: str, name: str = "王建国", phone: str = "") -> Consent:
    """What the customer says to each line, in order: `agree` or `decline`."""
    said = {line.item.id: word for line, word in zip(lines, words, strict=True)}
    whys = {line.item.id: "下次再说" for line, word in zip(lines, words, strict=True) if word == answering.DECLINE}
    return Consent(said, name, whys=whys, phone=phone, seen=answering.digest(extra, lines))


def answer(session: Session, extra: ExtraWork, *words: str) -> None:
    """The customer signs these words on their phone."""
    session.flush()
    lines = answering.lines_of(session, extra)
    answering.sign(session, extra, a_word(extra, lines, *words), by=the_guest(session, extra))
    session.flush()
