"""The papers of a deal, frozen when made: quotation, order, and a receipt for each amount that changes hands."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy.orm import Session

from server.database import Words
from server.domain.billing import Payment, capitals, payments
from server.domain.catalogue import named
from server.domain.catalogue.price_list import KINDS
from server.domain.customers import Customer
from server.domain.deals.orders import Order
from server.domain.deals.quotations import Quotation
from server.domain.people import ROLE_NAMES, Person, Role, Staff, Store
from server.domain.records import Paper, papers

QUOTATION, ORDER, RECEIPT, REFUND = "quotation", "order", "receipt", "refund"
GROUPS: Mapping[str, Words] = {
    "car": {"zh": "车辆", "en": "Car"},
    "accessory": {"zh": "精品加装", "en": "Accessories"},
    "insurance": {"zh": "保险", "en": "Insurance"},
    "registration": {"zh": "上牌服务", "en": "Registration"},
    "service_pack": {"zh": "保养套餐", "en": "Service packs"},
    "tax": {"zh": "税", "en": "Tax"},
    "trade_in": {"zh": "置换", "en": "Trade-in"},
}
METHODS: Mapping[str, Words] = {
    "annuity": {"zh": "等额本息", "en": "Annuity"},
    "flat": {"zh": "固定费率", "en": "Flat rate"},
}
UNDECIDED: Words = {"zh": "待定", "en": "to be decided"}
TO_BE_ASSIGNED: Words = {"zh": "待配车", "en": "to be assigned"}
assert set(GROUPS) == {*KINDS, "tax", "trade_in"}


def issue_quotation(session: Session, quotation: Quotation, *, by: Person) -> Paper:
    """Freeze a version when it is offered. Its number says which version: each is a paper of its own."""
    content = _head(session, quotation.store_id, quotation.customer_id, quotation.consultant_id)
    content["deal"] = _deal(session, quotation)
    content["facts"] += [
        *_of_the_car(content["deal"]),
        _fact("报价版本", "Version", str(quotation.revision)),
        _fact("有效期至", "Valid until", quotation.until.isoformat()),
    ]
    number = f"{quotation.number}-{quotation.revision}"
    return _issue(session, QUOTATION, number, quotation, content, by=by)


def issue_order(session: Session, order: Order, *, by: Person) -> Paper:
    """Freeze what was agreed when the order was placed."""
    quotation = order.quotation
    content = _head(session, order.store_id, order.customer_id, order.consultant_id)
    content["deal"] = _deal(session, quotation)
    content["facts"] += [
        *_of_the_car(content["deal"]),
        _fact("车辆识别代号", "VIN", order.stock_car.vin if order.stock_car else TO_BE_ASSIGNED),
        _fact("约定交车日期", "Agreed delivery", order.promised_on.isoformat() if order.promised_on else UNDECIDED),
        _fact("报价单号", "Quotation", f"{quotation.number}-{quotation.revision}"),
    ]
    return _issue(session, ORDER, order.number, order, content, by=by)


def issue_receipt(session: Session, order: Order, payment: Payment, *, by: Person) -> Paper:
    """Freeze one payment or refund with what was paid in all."""
    content = _head(session, order.store_id, order.customer_id, payment.taken_by)
    content["facts"] += [
        _fact("订单号", "Order", order.number), _fact("车型", "Model", order.model.name),
        _fact("款项", "For", payment.kind_name), _fact("备注", "Note", payment.note),
        _fact("方式", "Paid by", named(session, order.store_id, "pay_method", payment.method) or payment.method),
    ]  # fmt: skip
    content["payment"] = {
        "amount": payment.amount, "capitals": capitals(payment.amount), "total": order.total,
        "paid": payments.balance(session, order.store_id, order.id),
        "taken_at": msgspec.to_builtins(payment.taken_at.replace(microsecond=0)),
    }  # fmt: skip
    kind = REFUND if payment.kind == payments.REFUND else RECEIPT
    return _issue(session, kind, payment.number, order, content, by=by)


def of_subjects(session: Session, store_id: UUID, *subjects: UUID) -> Sequence[Paper]:
    """Every paper of these things, newest first."""
    found = [paper for subject in subjects for paper in papers.of_subject(session, store_id, subject)]
    return sorted(found, key=lambda paper: paper.issued_at, reverse=True)


def _deal(session: Session, quotation: Quotation) -> dict[str, Any]:
    finance = dict(quotation.finance)
    if finance:
        finance["name"] = METHODS[finance["method"]]
    colour = named(session, quotation.store_id, "colour", quotation.colour) if quotation.colour else None
    return {
        "model": quotation.model.name, "year": quotation.model.year, "colour": colour, "guide": quotation.guide,
        "given": quotation.given, "total": quotation.total, "note": quotation.note, "finance": finance or None,
        "lines": [
            {
                "group": GROUPS[line.kind], "name": line.name, "marked": line.marked, "price": line.price,
                "given": line.given,
            }
            for line in quotation.lines
        ],
    }  # fmt: skip


def _of_the_car(deal: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [_fact("车型", "Model", deal["model"]), _fact("颜色", "Colour", deal["colour"] or UNDECIDED)]


def _fact(zh: str, en: str, value: str | Words) -> dict[str, Any]:
    return {"label": {"zh": zh, "en": en}, "value": value}


def _head(session: Session, store_id: UUID, customer_id: UUID, staff_id: UUID) -> dict[str, Any]:
    """What every paper begins with; the buyer stands among the facts, because nobody is an owner yet."""
    store, customer = session.get_one(Store, store_id), session.get_one(Customer, customer_id)
    staff = session.get_one(Staff, staff_id)
    role = next((ROLE_NAMES[Role(role)] for role in staff.roles), ROLE_NAMES[Role.CONSULTANT])
    return {
        "timezone": store.timezone,
        "store": {
            "name": store.name, "address": store.address, "phone": store.phone, "credit_code": store.credit_code,
        },
        "customer": {"name": "", "phone": ""},
        "agent": None,
        "car": {"vin": "", "model": {"zh": "", "en": ""}, "colour": None, "plate": None, "engine_no": None,
                "odometer_km": None, "keys": None},
        "people": [{"role": role, "name": staff.title["zh"]}],
        "facts": [_fact("客户", "Customer", customer.name), _fact("电话", "Phone", customer.phone or "")],
        "lists": [], "statements": [], "verdict": None,
        "signatures": [
            {"role": {"zh": "客户", "en": "Customer"}, "name": "", "at": None, "ink": None, "typed": False},
            {"role": role, "name": staff.title["zh"], "at": None, "ink": None, "typed": False},
        ],
    }  # fmt: skip


def _issue(
    session: Session, kind: str, number: str, subject: Quotation | Order, content: Mapping[str, Any], *, by: Person
) -> Paper:
    return papers.issue(session, kind, number, subject, content, by=by, customer_id=subject.customer_id)
