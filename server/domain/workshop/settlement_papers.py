"""The papers of the return: 结算清单 for each payer, a receipt for each amount, and the gate pass 出门证."""

from typing import Any

import msgspec
from sqlalchemy.orm import Session

from server.database import Words
from server.domain.billing import Payment, payments
from server.domain.catalogue import named
from server.domain.people import ROLE_NAMES, Person, Role
from server.domain.records import Paper
from server.domain.workshop.order_lines import PAYERS
from server.domain.workshop.papers import KIND_NAMES, fact, head, local
from server.domain.workshop.papers import issue as issue_paper
from server.domain.workshop.repair_orders import OLD_PARTS, RepairOrder
from server.domain.workshop.settlements import Settlement

LIST, RECEIPT, REFUND, GATE_PASS = "settlement_list", "service_receipt", "service_refund", "gate_pass"


def issue_list(session: Session, order: RepairOrder, settlement: Settlement, *, by: Person) -> Paper:
    """Freeze what one payer pays, labour and parts apart, each line with its guarantee."""
    assert settlement.number is not None  # given just before
    content = head(session, order)
    content["facts"] += [
        fact("委托单号", "Repair order", order.number), fact("付费方", "Payer", PAYERS[settlement.payer]),
        fact("维修类别", "Kind", KIND_NAMES[order.kind]), fact("进厂时间", "Arrived", local(order.arrived_at, content)),
        fact("完工时间", "Ready", local(order.ready_at, content)),
        fact("旧件", "Old parts", OLD_PARTS[order.old_parts]),
        fact("故障描述", "What was said", "；".join(one["what"] for one in order.words)),
    ]  # fmt: skip
    content |= settlement.content
    content["sums"] = {
        "labour": settlement.labour, "parts": settlement.parts_total, "other": settlement.other,
        "other_name": settlement.other_name, "discount": settlement.discount, "why": settlement.discount_why,
        "rounding": settlement.rounding, "total": settlement.total, "rate": settlement.tax_rate,
        "tax": settlement.tax, "net": settlement.net,
    }  # fmt: skip
    content["signatures"] = [
        {"role": {"zh": "托修方", "en": "Customer"}, "name": "", "at": None, "ink": None, "typed": False},
        {"role": ROLE_NAMES[Role.ADVISOR], "name": order.advisor.title["zh"], "at": None, "ink": None, "typed": False},
    ]
    return issue_paper(session, LIST, settlement.number, order, content, by=by)


def issue_receipt(
    session: Session, order: RepairOrder, payment: Payment, asked: int, balance: int, *, by: Person,
    settlement: Settlement | None = None,
) -> Paper:  # fmt: skip
    """Freeze one amount that changed hands, with what was asked and paid in all, in fen."""
    content, payer = head(session, order), PAYERS[settlement.payer if settlement else "self"]
    number = settlement.number or "" if settlement else ""
    content["facts"] += [
        fact("委托单号", "Repair order", order.number), fact("结算单号", "Settlement", number),
        fact("付费方", "Payer", payer), fact("款项", "For", payment.kind_name), fact("备注", "Note", payment.note),
        fact("方式", "Paid by", named(session, order.store_id, "pay_method", payment.method) or payment.method),
    ]  # fmt: skip
    content["payment"] = {
        "amount": payment.amount, "total": asked, "paid": balance,
        "taken_at": msgspec.to_builtins(payment.taken_at.replace(microsecond=0)),
    }  # fmt: skip
    content["signatures"] = [_signs(payer, ""), _signs({"zh": "收款人", "en": "Taken by"}, by.title["zh"])]
    kind = REFUND if payment.kind == payments.REFUND else RECEIPT
    return issue_paper(session, kind, payment.number, order, content, by=by)


def issue_gate_pass(session: Session, order: RepairOrder, *, by: Person) -> Paper:
    """What the gate wants to see: this car may leave. Nothing of whose it is."""
    content = head(session, order)
    content["customer"] = None
    content["facts"] = [
        fact("委托单号", "Repair order", order.number), fact("出厂时间", "Leaves", local(order.left_at, content)),
        fact("放行人", "Let out by", by.title),
    ]  # fmt: skip
    content["signatures"] = [_signs(ROLE_NAMES[Role.ADVISOR], by.title["zh"]), _signs({"zh": "门卫", "en": "Gate"}, "")]
    return issue_paper(session, GATE_PASS, f"{order.number}-CM", order, content, by=by)


def _signs(role: Words, name: str) -> dict[str, Any]:
    return {"role": role, "name": name, "at": None, "ink": None, "typed": False}
