"""The papers of an order: 维修委托书 as the customer signed it, and 派工单 for the workshop, without their data."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from server.database import Words, now
from server.domain.catalogue.bays import bays
from server.domain.catalogue.parameters import values_beginning
from server.domain.catalogue.validity import today
from server.domain.checklists import Run, frozen
from server.domain.people import ROLE_NAMES, Person, Role, Store
from server.domain.people.staff import titles
from server.domain.records import Paper, papers
from server.domain.workshop import estimates
from server.domain.workshop.order_lines import PAYERS, OrderJob, OrderPart
from server.domain.workshop.repair_orders import OLD_PARTS, RepairOrder

REPAIR_ORDER, DISPATCH = "repair_order", "dispatch_sheet"
KIND_NAMES: dict[str, Words] = {
    "maintenance": {"zh": "保养", "en": "Maintenance"},
    "repair": {"zh": "维修", "en": "Repair"},
    "body": {"zh": "钣喷", "en": "Bodywork"},
    "warranty": {"zh": "三包维修", "en": "Warranty"},
    "recall": {"zh": "召回", "en": "Recall"},
}
SKILL_NAMES: dict[str, Words] = {
    "mechanic": {"zh": "机修", "en": "Mechanic"},
    "electric": {"zh": "电工", "en": "Electric"},
    "body": {"zh": "钣金", "en": "Body"},
    "paint": {"zh": "喷漆", "en": "Paint"},
    "wash": {"zh": "洗车", "en": "Wash"},
}
CLASS_NAMES: dict[str, Words] = {
    "original": {"zh": "原厂配件", "en": "Original"},
    "equal": {"zh": "质量相当配件", "en": "Equal quality"},
    "remanufactured": {"zh": "再制造配件", "en": "Remanufactured"},
    "reused": {"zh": "回用配件", "en": "Reused"},
}
GUARANTEE_NAMES: dict[str, Words] = {
    "major": {"zh": "整车或总成修理", "en": "Whole car or assembly"},
    "second": {"zh": "二级维护", "en": "Second-level maintenance"},
    "minor": {"zh": "保养、小修、专项修理", "en": "Maintenance, small and special repairs"},
}
YES: Words = {"zh": "是", "en": "Yes"}
NO: Words = {"zh": "否", "en": "No"}


def issue_order(
    session: Session, order: RepairOrder, jobs: Sequence[OrderJob], parts: Sequence[OrderPart], *, by: Person
) -> Paper:
    """Freeze what the customer signed, under the number of the order."""
    assert order.intake_run_id is not None  # begun with the order
    run = session.get_one(Run, order.intake_run_id)
    content = head(session, order)
    content["facts"] += _visit(order, content)
    content |= {
        "words": order.words, "jobs": [job_line(job) for job in jobs], "parts": [part_line(part) for part in parts],
        "sums": sums(estimates.estimate(jobs, parts, estimates.tax_rate(session, order.store_id))),
        "guarantees": guarantees(session, order, jobs),
        "signatures": [*frozen.signatures(session, run, None), _advisor(order)],
    }  # fmt: skip
    return issue(session, REPAIR_ORDER, order.number, order, content, by=by)


def issue_dispatch(
    session: Session, order: RepairOrder, jobs: Sequence[OrderJob], parts: Sequence[OrderPart], *, by: Person
) -> Paper:
    """What the workshop works by, as it is planned now; printed again it is the next revision."""
    content = head(session, order)
    content["customer"] = None  # the workshop needs the car, not whose it is
    names, places = titles(session, order.store_id), {bay.id: bay.name for bay in bays(session, order.store_id)}
    content["facts"] = [
        fact("钥匙号", "Key", order.key_number),
        fact("预计交车", "Promised", local(order.promised_at, content)),
        fact("在店等候", "Waits here", YES if order.waits_here else NO),
        fact("洗车", "Wash", YES if order.wash else NO),
    ]
    content |= {
        "words": order.words, "parts": [part_line(part) for part in parts if part.is_billed],
        "jobs": [
            job_line(job) | {
                "technician": names.get(job.technician_id, "") if job.technician_id else "",
                "bay": places.get(job.bay_id, "") if job.bay_id else "",
                "start": local(job.planned_start, content), "end": local(job.planned_end, content),
            }
            for job in jobs if job.is_billed
        ],
    }  # fmt: skip
    return issue(session, DISPATCH, f"{order.number}-PG", order, content, by=by)


def head(session: Session, order: RepairOrder) -> dict[str, Any]:
    """What every paper of an order begins with: the store, the owner, the car, who sends it and who advises."""
    store, car, owner = session.get_one(Store, order.store_id), order.car, order.owner or order.sender
    facts = [] if order.owner is None else [
        fact("送修人", "Sender", order.sender.name), fact("送修人电话", "Sender's phone", order.sender.phone or ""),
    ]  # fmt: skip
    return {
        "timezone": store.timezone,
        "store": {
            "name": store.name, "address": store.address, "phone": store.phone, "credit_code": store.credit_code,
        },
        "customer": {"name": owner.name, "phone": owner.phone or ""},
        "agent": None,
        "car": {
            "vin": car.vin or "", "model": car.model or {"zh": "", "en": ""}, "colour": car.colour or None,
            "plate": car.plate, "engine_no": car.engine_no or None, "odometer_km": order.km, "keys": None,
        },
        "people": [{"role": ROLE_NAMES[Role.ADVISOR], "name": order.advisor.title["zh"]}],
        "facts": facts, "lists": [], "statements": [], "verdict": None, "signatures": [],
    }  # fmt: skip


def issue(
    session: Session, kind: str, number: str, order: RepairOrder, content: Mapping[str, Any], *, by: Person,
    reason: str | None = None,
) -> Paper:  # fmt: skip
    """Freeze the content as a paper of this order."""
    return papers.issue(
        session, kind, number, order, content, by=by, customer_id=order.customer_id, car_id=order.car_id,
        reason=reason,
    )  # fmt: skip


def fact(zh: str, en: str, value: str | Words) -> dict[str, Any]:
    """One line of what is known; without a value it is left out where it is printed."""
    return {"label": {"zh": zh, "en": en}, "value": value}


def job_line(job: OrderJob) -> dict[str, Any]:
    """A job as papers print it; hours in hundredths, money in fen."""
    return {
        "code": job.code, "name": job.name, "skill": SKILL_NAMES.get(job.skill, job.skill), "hours": job.hours,
        "rate": job.rate, "amount": job.amount, "payer": PAYERS[job.payer],
    }  # fmt: skip


def part_line(part: OrderPart) -> dict[str, Any]:
    """A part as papers print it; quantities in hundredths of the unit, money in fen."""
    return {
        "code": part.code, "name": part.name, "brand": part.brand, "class": CLASS_NAMES.get(part.part_class, ""),
        "unit": part.unit, "quantity": part.quantity, "price": part.price, "amount": part.amount,
        "payer": PAYERS[part.payer], "own": part.own,
    }  # fmt: skip


def sums(estimate: estimates.Estimate) -> dict[str, Any]:
    """What each payer pays, with the tax in it."""
    shares = [
        {"payer": one.name, "labour": one.labour, "parts": one.parts, "total": one.total, "tax": one.tax}
        for one in estimate.shares
    ]
    return {"rate": estimate.rate, "total": estimate.total, "shares": shares}


def guarantees(session: Session, order: RepairOrder, jobs: Sequence[OrderJob]) -> list[dict[str, Any]]:
    """How long the work of these jobs is guaranteed, by kind of work."""
    day = today(session, order.store_id, now())
    rules = values_beginning(session, order.store_id, "guarantee.", day)
    kinds = [kind for kind in GUARANTEE_NAMES if any(job.guarantee == kind for job in jobs)]
    return [{"name": GUARANTEE_NAMES[kind], **rules[f"guarantee.{kind}"]} for kind in kinds]


def _visit(order: RepairOrder, content: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        fact("驾驶人", "Driver", " ".join(filter(None, (order.driver_name, order.driver_phone)))),
        fact("作业分类", "Kind", KIND_NAMES[order.kind]), fact("进厂时间", "Arrived", local(order.arrived_at, content)),
        fact("预计交车", "Promised", local(order.promised_at, content)),
        fact("油量/电量", "Fuel or charge", "" if order.energy_level is None else f"{order.energy_level} %"),
        fact("旧件", "Old parts", OLD_PARTS[order.old_parts]), fact("洗车", "Wash", YES if order.wash else NO),
        fact("在店等候", "Waits here", YES if order.waits_here else NO), fact("钥匙号", "Key", order.key_number),
    ]  # fmt: skip


def local(at: datetime | None, content: Mapping[str, Any]) -> str:
    """A moment on the store's clock, as papers print it."""
    return f"{at.astimezone(ZoneInfo(content['timezone'])):%Y-%m-%d %H:%M}" if at else ""


def _advisor(order: RepairOrder) -> dict[str, Any]:
    return {
        "role": ROLE_NAMES[Role.ADVISOR], "name": order.advisor.title["zh"],
        "at": frozen.stamp(order.ordered_at) if order.ordered_at else None, "ink": None, "typed": False,
    }  # fmt: skip
