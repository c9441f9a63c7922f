"""上门拜访记录: who was there, what was found and explained, as it was signed; frozen when the visit is closed.

Whom the owner recommended and pictures of people stay off it: they are not kept as long as a paper.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import Words
from server.domain.care import door_consents, pieces, presences, programme, referrals, visit_findings
from server.domain.care.visit_findings import VisitFinding
from server.domain.care.visits import HomeVisit
from server.domain.catalogue import words_of
from server.domain.checklists import Run, frozen, runs
from server.domain.people import Person, Store
from server.domain.people.staff import titles
from server.domain.records import Paper, papers
from server.domain.records.files import File
from server.domain.workshop.papers import fact, local

RECORD = "visit_record"
PICTURE_ITEM = "C08-16"
"""The picture of the visit: taken beside the list, with consent."""
ROLES = "visit_role"
YES: Words = {"zh": "同意", "en": "Agreed"}
NO: Words = {"zh": "不同意", "en": "Not agreed"}
UNASKED: Words = {"zh": "未征求", "en": "Not asked"}


def issue(session: Session, visit: HomeVisit, run: Run, *, by: Person) -> Paper:
    """Freeze it under the number of the visit."""
    store, car, customer = session.get_one(Store, visit.store_id), visit.car, visit.customer
    content: dict[str, Any] = {
        "timezone": store.timezone,
        "store": {
            "name": store.name, "address": store.address, "phone": store.phone, "credit_code": store.credit_code,
        },
        "customer": {"name": customer.name, "phone": customer.phone or ""}, "agent": None,
        "car": {
            "vin": car.vin or "", "model": car.model or {"zh": "", "en": ""}, "colour": car.colour or None,
            "plate": car.plate, "engine_no": None, "odometer_km": None, "keys": None,
        },
        "people": _team(session, visit), "statements": [], "verdict": None, "facts": [],
        "signatures": frozen.signatures(session, run, None),
    }  # fmt: skip
    findings = visit_findings.of_visit(session, visit)
    content["facts"] = _facts(session, visit, content)
    content |= {
        "present": _present(session, visit, content), "steps": _steps(session, visit, content),
        "topped_up": [
            {"fluid": one.fluid_name, "amount": f"{one.amount} ml"} for one in pieces.top_ups(session, visit)
        ],
        "talks": [{"kind": one.kind_name, "words": one.words} for one in pieces.talks(session, visit)],
        "models": [
            {"model": one.model.name, "interest": one.interest_name} for one in pieces.shown(session, visit).values()
        ],
        "lists": [_found(session, visit, findings), _walked(session, run)],
    }  # fmt: skip
    return papers.issue(
        session, RECORD, visit.number, visit, content, by=by, customer_id=visit.customer_id, car_id=visit.car_id
    )  # fmt: skip


def of_visit(session: Session, visit: HomeVisit) -> Sequence[Paper]:
    """Every revision, newest first."""
    return papers.of_subject(session, visit.store_id, visit.id)


def _team(session: Session, visit: HomeVisit) -> list[dict[str, Any]]:
    roles, names = words_of(session, visit.store_id, ROLES)[ROLES], titles(session, visit.store_id)
    unsaid: Words = {"zh": "随行", "en": "Team"}
    return [{"role": roles.get(one.role, unsaid), "name": names[one.staff_id]["zh"]} for one in visit.members]


def _facts(session: Session, visit: HomeVisit, content: dict[str, Any]) -> list[dict[str, Any]]:
    said = door_consents.said(session, visit)
    answers = {
        purpose: UNASKED if purpose not in said else YES if said[purpose].given else NO
        for purpose in door_consents.PURPOSES
    }
    recommended = len(referrals.of_visit(session, visit))
    return [
        fact("拜访地址", "Address", visit.address),
        fact("到达签到", "Signed in", local(visit.signed_in_at, content)),
        fact("离开签退", "Signed out", local(visit.signed_out_at, content)),
        fact("保存定位", "Place kept", answers[door_consents.PLACE]),
        fact("合影", "Photo of people", answers[door_consents.PHOTO]),
        fact("推荐亲友", "Recommended", f"{recommended} 人" if recommended else ""),
    ]  # fmt: skip


def _present(session: Session, visit: HomeVisit, content: dict[str, Any]) -> list[dict[str, Any]]:
    names = titles(session, visit.store_id)
    return [
        {"name": names[one.staff_id]["zh"], "in": local(one.in_at, content), "out": local(one.out_at, content)}
        for one in presences.of_visit(session, visit)
    ]


def _steps(session: Session, visit: HomeVisit, content: dict[str, Any]) -> list[dict[str, Any]]:
    done = programme.done(session, visit)
    return [
        {
            "name": step.name, "planned": f"{step.begins}–{step.ends}",
            "at": local(done[step.code].at, content) if step.code in done else "",
        }
        for step in programme.steps(session, visit.store_id)
    ]  # fmt: skip


def _walked(session: Session, run: Run) -> dict[str, Any]:
    """C08 without the picture, which is taken beside the list."""
    listed = frozen.of_list(session, run, runs.progress(session, run))
    for section in listed["sections"]:
        section["items"] = [item for item in section["items"] if item["no"] != PICTURE_ITEM]
    return listed


def _found(session: Session, visit: HomeVisit, findings: Sequence[VisitFinding]) -> dict[str, Any]:
    """The findings as one more list, each saying whether the owner signed for it."""
    hashes, names = _hashes(session, findings), titles(session, visit.store_id)
    explained = visit_findings.explanation(session, visit)
    covered = set(explained[0].finding_ids) if explained else set[str]()
    items = [_item(place, one, names, hashes, covered) for place, one in enumerate(findings, 1)]
    return {
        "code": "", "title": {"zh": "检测发现", "en": "What was found"}, "version": None,
        "sections": [{
            "title": {"zh": "逐项", "en": "One by one"}, "signatures": [], "items": items,
        }] if items else [],
    }  # fmt: skip


def _item(
    place: int, finding: VisitFinding, names: dict[UUID, Words], hashes: dict[UUID, str], covered: set[str]
) -> dict[str, Any]:
    way = finding.way_name
    late = [] if str(finding.id) in covered or not covered else ["签字后补记·noted after the signature"]
    return {
        "no": str(place), "zh": f"{way['zh']} · {finding.name}", "en": f"{way['en']} · {finding.name}",
        "blocking": False,
        "answer": {
            "verdict": finding.verdict, "number": None, "unit": None, "limits": None, "text": finding.number or None,
            "choice": None, "notes": [*([finding.note] if finding.note else []), *late],
            "by": names[finding.by_id]["zh"], "at": frozen.stamp(finding.found_at),
            "photos": [
                {"file": str(one.file_id), "sha256": hashes[one.file_id], "caption": None} for one in finding.photos
            ],
        },
    }  # fmt: skip


def _hashes(session: Session, findings: Sequence[VisitFinding]) -> dict[UUID, str]:
    wanted = [photo.file_id for finding in findings for photo in finding.photos]
    rows = session.execute(select(File.id, File.sha256).where(File.id.in_(wanted)))
    return {row.id: row.sha256 for row in rows}
