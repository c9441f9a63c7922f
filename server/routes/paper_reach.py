"""Who may read an issued paper: whoever may see what it is about."""

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.care import data_handovers, handover_papers, visit_papers, visit_reach
from server.domain.deals import papers as deal_papers
from server.domain.deals import reach as deals
from server.domain.deals.orders import Order
from server.domain.deals.quotations import Quotation
from server.domain.delivery import papers as delivery_papers
from server.domain.delivery.reach import visible_to
from server.domain.people import Person, Right
from server.domain.records import Paper
from server.domain.refusals import NotThere
from server.domain.showroom import drive_papers, drives
from server.domain.workshop import check_papers, extra_papers, settlement_papers, walk_papers
from server.domain.workshop import papers as repair_papers
from server.domain.workshop import reach as workshop
from server.domain.workshop.extra_works import ExtraWork


def _delivery(session: Session, person: Person, subject: UUID) -> Any:
    return visible_to(session, person).of_id(subject)


def _quotation(session: Session, person: Person, subject: UUID) -> Any:
    return deals.quotations(session, person).of_id(subject, Quotation)


def _order(session: Session, person: Person, subject: UUID) -> Any:
    return deals.orders(session, person).of_id(subject, Order)


def _test_drive(session: Session, person: Person, subject: UUID) -> Any:
    drive = drives.visible_to(session, person).one(subject)  # the calendar is everybody's
    if not drive.is_of(person):
        raise NotThere
    return drive


def _repair_order(session: Session, person: Person, subject: UUID) -> Any:
    return workshop.visible_to(session, person).one(subject)


def _extra_work(session: Session, person: Person, subject: UUID) -> Any:
    extra = session.get(ExtraWork, subject)
    if extra is None or extra.store_id != person.store_id:
        raise NotThere
    return _repair_order(session, person, extra.order_id)


def _visit(session: Session, person: Person, subject: UUID) -> Any:
    return visit_reach.visible_to(session, person).one(subject)


def _data_handover(session: Session, person: Person, subject: UUID) -> Any:
    return data_handovers.visible_to(session, person).one(subject)


SUBJECTS: dict[str, Callable[[Session, Person, UUID], Any]] = {
    handover_papers.RECEIPT: _data_handover,
    delivery_papers.PDI_SHEET: _delivery,
    delivery_papers.CONFIRMATION: _delivery,
    drive_papers.AGREEMENT: _test_drive,
    deal_papers.QUOTATION: _quotation,
    deal_papers.ORDER: _order,
    deal_papers.RECEIPT: _order,
    deal_papers.REFUND: _order,
    repair_papers.REPAIR_ORDER: _repair_order,
    repair_papers.DISPATCH: _repair_order,
    walk_papers.SHEET: _repair_order,
    extra_papers.EXTRA_WORK: _extra_work,
    check_papers.INSPECTION: _repair_order,
    settlement_papers.LIST: _repair_order,
    settlement_papers.RECEIPT: _repair_order,
    settlement_papers.REFUND: _repair_order,
    settlement_papers.GATE_PASS: _repair_order,
    visit_papers.RECORD: _visit,
}
"""By the kind of a paper, the fetch within reach of what it is about; each raises NotThere."""


def require_readable(session: Session, person: Person, paper: Paper) -> None:
    """A technician's paper is the PDI sheet; what names a customer is for who sees customers. Raises NotThere."""
    if not _names_nobody_to_hide(person, paper):
        raise NotThere
    SUBJECTS[paper.kind](session, person, paper.subject_id)


def readable(person: Person, papers: Sequence[Paper]) -> list[Paper]:
    """Of the papers of something that this person sees, those that open for them."""
    return [paper for paper in papers if _names_nobody_to_hide(person, paper)]


def _names_nobody_to_hide(person: Person, paper: Paper) -> bool:
    return paper.content["customer"] is None or person.may(Right.SEE_CUSTOMERS)
