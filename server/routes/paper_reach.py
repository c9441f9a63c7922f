"""Who may read an issued paper: whoever may see what it is about."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

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


SUBJECTS: dict[str, Callable[[Session, Person, UUID], Any]] = {
    delivery_papers.PDI_SHEET: _delivery,
    delivery_papers.CONFIRMATION: _delivery,
    drive_papers.AGREEMENT: _test_drive,
    deal_papers.QUOTATION: _quotation,
    deal_papers.ORDER: _order,
    deal_papers.RECEIPT: _order,
    deal_papers.REFUND: _order,
}
"""By the kind of a paper, the fetch within reach of what it is about; each raises NotThere."""


def require_readable(session: Session, person: Person, paper: Paper) -> None:
    """A technician's paper is the PDI sheet; what names a customer is for who sees customers. Raises NotThere."""
    if paper.content["customer"] is not None and not person.may(Right.SEE_CUSTOMERS):
        raise NotThere
    SUBJECTS[paper.kind](session, person, paper.subject_id)
