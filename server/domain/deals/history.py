"""What was offered to a prospect, asked, valued, ordered: entries for their history, each with the way to its page."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from server.domain.deals import approvals, reach, trade_ins
from server.domain.deals.approvals import Approval
from server.domain.deals.orders import Order
from server.domain.deals.quotations import Quotation
from server.domain.people import Person, Right
from server.domain.showroom import Prospect
from server.domain.showroom.history import Deed, Entry


def of_prospect(session: Session, person: Person, prospect: Prospect) -> list[Entry]:
    """As far as this person may see it."""
    if not person.may(Right.SELL):
        return []
    found = reach.of_prospect(session, person, prospect)
    quotations, orders = found["quotations"], found["orders"]
    asked = approvals.of_subjects(session, prospect.store_id, [one.id for one in (*quotations, *orders)])
    return [
        *map(_quoted, quotations), *_approved(asked), *_traded(session, prospect),
        *(entry for order in orders for entry in _ordered(order)),
    ]  # fmt: skip


def _quoted(quotation: Quotation) -> Entry:
    return Entry(quotation.created_at, deed=Deed(
        name={"zh": f"报价 第 {quotation.revision} 版", "en": f"Quotation, version {quotation.revision}"},
        number=quotation.number, address=quotation.address, how=quotation.state_name, amount=quotation.total,
        who=quotation.consultant_id,
    ))  # fmt: skip


def _approved(asked: Sequence[Approval]) -> list[Entry]:
    """The question to the manager where it is still open, and the answer with its word."""
    return [
        Entry(one.decided_at or one.asked_at, deed=Deed(
            name=approvals.KIND_NAMES[one.kind], how=one.state_name, amount=one.amount, address=one.address,
            note=one.word or one.why, who=one.decided_by or one.asked_by,
        ))
        for one in asked
    ]  # fmt: skip


def _traded(session: Session, prospect: Prospect) -> list[Entry]:
    return [
        Entry(one.valued_at or one.created_at, deed=Deed(
            name={"zh": f"旧车 {one.model} {one.year} 年", "en": f"Old car {one.model}, {one.year}"},
            address=f"/trade-ins/{one.id}", how=one.state_name, amount=one.valued, note=one.value_note,
            who=one.valued_by or one.registered_by,
        ))
        for one in trade_ins.of_prospect(session, prospect)
    ]  # fmt: skip


def _ordered(order: Order) -> list[Entry]:
    """When it was placed; and when it was given up, with the words for it."""
    placed = Deed(
        name={"zh": "订单", "en": "Order"}, number=order.number, address=order.address, amount=order.total,
        how=order.state_name, who=order.consultant_id,
    )  # fmt: skip
    entries = [Entry(order.placed_at, deed=placed)]
    if order.cancel_reason and order.ended_at is not None:
        gone = Deed(name=order.state_name, number=order.number, address=order.address, note=order.cancel_note)
        entries.append(Entry(order.ended_at, deed=gone))
    return entries
