"""The two papers of a delivery, frozen when signed: PDI sheet and delivery confirmation; corrections make revisions."""

import copy
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from server.database import now
from server.domain.checklists import frozen, runs
from server.domain.delivery.deliveries import Delivery
from server.domain.delivery.handover import Walk
from server.domain.delivery.pdi import Inspection, of, run_of
from server.domain.people import ROLE_NAMES, Person, Role, Staff, Store
from server.domain.records import Paper, papers
from server.domain.refusals import Invalid, N_, NotThere

PDI_SHEET, CONFIRMATION = "pdi_sheet", "delivery_confirmation"
VERDICTS = ("ok", "watch", "fault")


def issue_pdi_sheet(session: Session, inspection: Inspection, *, by: Person) -> Paper:
    """Freeze what the technician found and signed."""
    delivery, run = inspection.delivery, run_of(session, inspection)
    progress = runs.progress(session, run)
    people = [(Role.TECHNICIAN, inspection.inspector or session.get_one(Staff, by.id))]
    content: dict[str, Any] = _head(session, delivery, people) | {
        "verdict": "passed",
        "customer": None,
        "facts": [_fact("返工次数", "Rounds of rework", str(len(inspection.reworks)))]
        + [_fact("返工内容", "Put right", rework["what"]) for rework in inspection.reworks],
        "lists": [frozen.of_list(session, run, progress)],
        "signatures": frozen.signatures(session, run, None),
    }
    content["car"]["odometer_km"] = frozen.counted(progress, "km")
    content["car"]["keys"] = frozen.counted(progress, "key")
    return _issue(session, PDI_SHEET, inspection.number or "", delivery, content, by=by)


def issue_confirmation(session: Session, delivery: Delivery, *, by: Person) -> Paper:
    """Freeze the handover as both have signed it."""
    walk = Walk(session, delivery)
    inspection = of(session, delivery)
    people = [(Role.CONSULTANT, delivery.consultant), (Role.ADVISOR, delivery.advisor)]
    pdi = runs.progress(session, run_of(session, inspection))
    content: dict[str, Any] = _head(session, delivery, people) | {
        "verdict": None,
        "facts": [_fact("PDI 检查单号", "PDI sheet", inspection.number or "")],
        "lists": [
            frozen.of_list(session, walk.handover_run, walk.handover),
            frozen.of_list(session, walk.training_run, walk.training),
        ],
        "signatures": frozen.signatures(session, walk.handover_run, None),
    }  # fmt: skip
    content["car"]["odometer_km"] = frozen.counted(pdi, "km")
    content["car"]["keys"] = frozen.counted(walk.handover, "key") or frozen.counted(pdi, "key")
    return _issue(session, CONFIRMATION, delivery.number, delivery, content, by=by)


def of_delivery(session: Session, delivery: Delivery) -> Sequence[Paper]:
    """Every revision of both papers, newest first."""
    return papers.of_subject(session, delivery.store_id, delivery.id)


def correct(
    session: Session, delivery: Delivery, number: str, *, by: Person, code: str, verdict: str, note: str, reason: str
) -> Paper:
    """Put one item right on a signed paper: what was signed stays, a new revision says what is so and why."""
    before = papers.newest(session, delivery.store_id, number)
    if before is None or before.subject_id != delivery.id:
        raise NotThere
    if not reason:
        raise Invalid.at("reason", N_("A correction needs its reason."))
    if verdict not in VERDICTS:
        raise Invalid.at("verdict", N_("Choose one of the offered."))
    content = copy.deepcopy(before.content)
    item = next((one for one in _items(content) if one["no"] == code), None)
    if item is None:
        raise Invalid.at("code", N_("Choose one of the offered."))
    item["answer"] |= {"verdict": verdict, "by": by.display, "at": frozen.stamp(now())}
    item["answer"]["notes"] = [note] if note else []
    item["corrected"] = True
    return _issue(session, before.kind, number, delivery, content, by=by, reason=reason)


def correctable(paper: Paper) -> list[dict[str, Any]]:
    """The items of a paper that a correction can be about."""
    return [item for item in _items(paper.content) if item["answer"]["verdict"] in VERDICTS]


def _items(content: dict[str, Any]) -> list[dict[str, Any]]:
    return [item for one in content["lists"] for section in one["sections"] for item in section["items"]]


def _issue(
    session: Session, kind: str, number: str, delivery: Delivery, content: dict[str, Any], *, by: Person,
    reason: str | None = None,
) -> Paper:  # fmt: skip
    return papers.issue(
        session, kind, number, delivery, content, by=by, reason=reason,
        customer_id=delivery.customer_id, car_id=delivery.car_id,
    )  # fmt: skip


def _head(session: Session, delivery: Delivery, people: Sequence[tuple[Role, Staff]]) -> dict[str, Any]:
    store = session.get_one(Store, delivery.store_id)
    car = delivery.car
    return {
        "timezone": store.timezone,
        "store": {
            "name": store.name, "address": store.address, "phone": store.phone, "credit_code": store.credit_code,
        },
        "customer": {"name": delivery.customer.name, "phone": delivery.customer.phone or ""},
        "agent": {"name": delivery.agent} if delivery.agent else None,
        "car": {
            "vin": car.vin, "model": delivery.model.name, "colour": car.colour, "plate": car.plate,
            "engine_no": car.engine_no, "odometer_km": None, "keys": None,
        },
        "people": [{"role": ROLE_NAMES[role], "name": staff.title["zh"]} for role, staff in people],
        "statements": [],
    }  # fmt: skip


def _fact(zh: str, en: str, value: str) -> dict[str, Any]:
    return {"label": {"zh": zh, "en": en}, "value": value}
