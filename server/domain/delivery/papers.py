"""The two papers of a delivery, frozen when signed: PDI sheet and delivery confirmation; corrections make revisions."""

import copy
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import Words, now
from server.domain.checklists import Progress, Question, Run, runs
from server.domain.checklists.runs import Signature
from server.domain.delivery.deliveries import Delivery
from server.domain.delivery.handover import Walk
from server.domain.delivery.pdi import Inspection, of, run_of
from server.domain.people import ROLE_NAMES, Person, Role, Staff, Store
from server.domain.people.staff import titles
from server.domain.records import Paper, papers
from server.domain.records.files import File
from server.domain.refusals import Invalid, N_, NotThere

PDI_SHEET, CONFIRMATION = "pdi_sheet", "delivery_confirmation"
SIGNERS: dict[str, Words] = {
    "customer": {"zh": "客户", "en": "Customer"},
    "consultant": ROLE_NAMES[Role.CONSULTANT],
    "technician": ROLE_NAMES[Role.TECHNICIAN],
}
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
        "lists": [_list(session, run, progress)],
        "signatures": _signatures(session, run, None),
    }
    content["car"]["odometer_km"] = _counted(progress, "km")
    content["car"]["keys"] = _counted(progress, "key")
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
            _list(session, walk.handover_run, walk.handover), _list(session, walk.training_run, walk.training)
        ],
        "signatures": _signatures(session, walk.handover_run, None),
    }  # fmt: skip
    content["car"]["odometer_km"] = _counted(pdi, "km")
    content["car"]["keys"] = _counted(walk.handover, "key") or _counted(pdi, "key")
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
    item["answer"] |= {"verdict": verdict, "by": by.display, "at": _stamp(now())}
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


def _list(session: Session, run: Run, progress: Progress) -> dict[str, Any]:
    names = titles(session, run.store_id)
    hashes = _hashes(session, progress)
    sheet = progress.sheet
    return {
        "code": sheet.code, "title": sheet.title, "version": sheet.version,
        "sections": [
            {
                "title": part.title,
                "items": [_item(q, progress, names, hashes) for q in part.questions if q.kind != "signature"],
                "signatures": _signatures(session, run, part.id),
            }
            for part in sheet.parts
        ],
    }  # fmt: skip


def _item(question: Question, progress: Progress, names: dict[UUID, Words], hashes: dict[UUID, str]) -> dict[str, Any]:
    answer = progress.newest.get(question.id)
    number = None if answer is None or answer.number is None else f"{answer.number:.{question.decimals or 0}f}"
    chosen = [choice for choice in question.choices or [] if answer and choice["code"] == answer.choice]
    photos = progress.photos.get(question.id, [])
    return {
        "no": question.code, "zh": question.text["zh"], "en": question.text["en"], "blocking": question.blocking,
        "answer": {
            "verdict": progress.verdict(question) or "none", "number": number, "unit": question.unit,
            "limits": question.limits or None, "text": answer.text if answer else None,
            "choice": {"zh": chosen[0]["zh"], "en": chosen[0]["en"]} if chosen else None,
            "notes": [answer.note] if answer and answer.note else [],
            "by": names[answer.by_id]["zh"] if answer else None, "at": _stamp(answer.device_at) if answer else None,
            "photos": [
                {"file": str(photo.file_id), "sha256": hashes[photo.file_id], "caption": None} for photo in photos
            ],
        },
    }  # fmt: skip


def _hashes(session: Session, progress: Progress) -> dict[UUID, str]:
    wanted = [photo.file_id for photos in progress.photos.values() for photo in photos]
    rows = session.execute(select(File.id, File.sha256).where(File.id.in_(wanted)))
    return {row.id: row.sha256 for row in rows}


def _signatures(session: Session, run: Run, section_id: UUID | None) -> list[dict[str, Any]]:
    """The last signature of each role, in the order of signing."""
    query = select(Signature).where(Signature.run_id == run.id)
    where = Signature.section_id.is_(None) if section_id is None else Signature.section_id == section_id
    newest = {signature.role: signature for signature in session.scalars(query.where(where).order_by(Signature.at))}
    return [
        {
            "role": SIGNERS[signature.role], "name": signature.name, "at": _stamp(signature.device_at or signature.at),
            "ink": signature.ink, "typed": signature.ink is None,
        }
        for signature in newest.values()
    ]  # fmt: skip


def _counted(progress: Progress, what: str) -> int | None:
    """The number given at the item that counts kilometres or keys; there is at most one of each in a list."""
    units = {"km": ("km",), "key": ("key", "keys")}[what]
    for question in progress.sheet.questions():
        answer = progress.newest.get(question.id)
        if question.unit and question.unit["en"] in units and answer and answer.number is not None:
            return int(answer.number)
    return None


def _fact(zh: str, en: str, value: str) -> dict[str, Any]:
    return {"label": {"zh": zh, "en": en}, "value": value}


def _stamp(at: Any) -> str:
    return msgspec.to_builtins(at.replace(microsecond=0))
