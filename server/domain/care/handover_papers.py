"""客户资料移交单: who hands what to whom, with every consent as it stands, frozen when it is taken over."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from server.database import Words
from server.domain.care.calling_hours import CallingHours
from server.domain.care.contacts import Contact, State
from server.domain.people import Person, Staff, Store
from server.domain.people.staff import titles
from server.domain.records import Paper, consents, papers

if TYPE_CHECKING:
    from server.domain.care.data_handovers import DataHandover

RECEIPT = "data_handover"
PURPOSES: dict[str, Words] = {
    "file": {"zh": "建立客户档案", "en": "Keep a customer file"},
    "contact": {"zh": "电话联系", "en": "Be called about the car"},
    "marketing": {"zh": "接收优惠信息", "en": "Receive offers"},
    "profile": {"zh": "记录个人情况", "en": "Answer questions about themselves"},
    "photo": {"zh": "交车合影", "en": "Be photographed at the handover"},
    "visit_place": {"zh": "上门时记录位置", "en": "Where a home visit was"},
    "visit_photo": {"zh": "上门时拍照", "en": "Be photographed on a home visit"},
}
YES: Words = {"zh": "同意", "en": "Given"}
NO: Words = {"zh": "不同意或已撤回", "en": "Refused or withdrawn"}


def issue_of_delivery(session: Session, handover: "DataHandover", *, by: Person) -> Paper:
    """The receipt of a customer who goes from sales to service."""
    delivery, customer = handover.delivery, handover.customer
    assert delivery is not None
    assert customer is not None
    content: dict[str, Any] = _head(session, handover, by) | {
        "customer": {"name": customer.name, "phone": customer.phone or ""},
        "car": {
            "vin": delivery.car.vin, "model": delivery.model.name, "colour": delivery.car.colour,
            "plate": delivery.car.plate, "engine_no": delivery.car.engine_no, "odometer_km": None, "keys": None,
        },
        "consents": _consents(session, handover), "owed": _owed(session, handover),
    }  # fmt: skip
    hours = CallingHours(session, handover.store_id, [customer.id]).of(customer.id)
    content["facts"] += [
        _fact("交车单号", "Delivery", delivery.number),
        _fact("可致电时间", "May be called", hours.said),
        _fact("服务语言", "Speaks", customer.language or ""),
    ]
    return _issue(session, handover, content, by=by)


def issue_of_leaver(session: Session, handover: "DataHandover", *, by: Person) -> Paper:
    """The receipt of everything that somebody leaves behind."""
    content: dict[str, Any] = _head(session, handover, by) | {"customer": None, "car": _no_car()}
    return _issue(session, handover, content | {"consents": [], "owed": [], "left": handover.lines}, by=by)


def consents_of(session: Session, handover: "DataHandover") -> Sequence[dict[str, Any]]:
    """What the customer agreed to, as it stands now."""
    return _consents(session, handover)


def owed_to(session: Session, handover: "DataHandover") -> Sequence[Contact]:
    """What is still owed to the customer."""
    query = select(Contact).where(Contact.store_id == handover.store_id, Contact.state == State.OWED)
    query = query.where(Contact.customer_id == handover.customer_id).options(joinedload(Contact.what))
    return session.scalars(query.order_by(Contact.due_at, Contact.id).limit(50)).all()


def _head(session: Session, handover: "DataHandover", by: Person) -> dict[str, Any]:
    store = session.get_one(Store, handover.store_id)
    giver = session.get_one(Staff, handover.from_id)
    taker = session.get_one(Staff, handover.to_id) if handover.to_id else None
    people = [({"zh": "移交人", "en": "Handed over by"}, giver), ({"zh": "接收人", "en": "Taken over by"}, taker)]
    return {
        "timezone": store.timezone,
        "store": {
            "name": store.name, "address": store.address, "phone": store.phone, "credit_code": store.credit_code,
        },
        "agent": None, "verdict": None, "lists": [], "statements": [], "left": [],
        "people": [{"role": role, "name": one.title["zh"]} for role, one in people if one],
        "facts": [
            _fact("移交时间", "Handed over", _local(handover.made_at, store.zone)),
            _fact("接收时间", "Taken over", _local(handover.taken_at, store.zone)),
            _fact("经办人", "Done by", by.title["zh"]),
            _fact("备注", "Note", handover.note),
        ],
        "signatures": [],
    }  # fmt: skip


def _no_car() -> dict[str, Any]:
    return {"vin": "", "model": "", "colour": None, "plate": "", "engine_no": "", "odometer_km": None, "keys": None}


def _consents(session: Session, handover: "DataHandover") -> list[dict[str, Any]]:
    if handover.customer_id is None:
        return []
    store = session.get_one(Store, handover.store_id)
    names = titles(session, handover.store_id)
    standing = consents.standing(session, handover.store_id, handover.customer_id)
    return [
        {
            "purpose": PURPOSES.get(purpose, {"zh": purpose, "en": purpose}), "given": said.given,
            "word": YES if said.given else NO, "at": _local(said.at, store.zone),
            "by": names.get(said.taken_by, {"zh": "", "en": ""}),
        }
        for purpose, said in sorted(standing.items())
    ]  # fmt: skip


def _owed(session: Session, handover: "DataHandover") -> list[dict[str, Any]]:
    zone, names = session.get_one(Store, handover.store_id).zone, titles(session, handover.store_id)
    return [
        {"what": one.name, "about": one.about, "due": _local(one.due_at, zone), "by": names[one.owed_by]}
        for one in owed_to(session, handover)
    ]  # fmt: skip


def _issue(session: Session, handover: "DataHandover", content: dict[str, Any], *, by: Person) -> Paper:
    car = handover.delivery.car_id if handover.delivery else None
    return papers.issue(
        session, RECEIPT, handover.number, handover, content, by=by, customer_id=handover.customer_id, car_id=car
    )


def _fact(zh: str, en: str, value: Any) -> dict[str, Any]:
    return {"label": {"zh": zh, "en": en}, "value": value}


def _local(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).strftime("%Y-%m-%d %H:%M") if at else ""
