"""环车检查单: the car as it came, drawn with its damages, as the customer signed it."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.checklists import Progress, Run, frozen
from server.domain.people import Person
from server.domain.records import Paper
from server.domain.records.files import File
from server.domain.workshop import papers
from server.domain.workshop.bodies import BODIES
from server.domain.workshop.walk_arounds import LAMPS, SIZES, WHEELS, Damage, WalkAround

SHEET = "walk_around_sheet"


def issue(session: Session, walk: WalkAround, run: Run, progress: Progress, *, by: Person) -> Paper:
    """Freeze it under the number of the order."""
    content = papers.head(session, walk.order)
    content["car"]["odometer_km"] = walk.km
    content["facts"] += _facts(walk, content)
    shown = _numbered(walk)
    content |= {
        "body": walk.body, "marks": [_mark(number, damage) for number, damage in shown],
        "tread": [
            {"wheel": name, "mm": f"{walk.tread[wheel] / 10:.1f}", "worn": wheel in walk.worn}
            for wheel, name in WHEELS.items() if wheel in walk.tread
        ],
        "lists": [_damages(session, shown), frozen.of_list(session, run, progress)],
        "signatures": frozen.signatures(session, run, None),
    }  # fmt: skip
    return papers.issue(session, SHEET, f"{walk.order.number}-HC", walk.order, content, by=by)


def _numbered(walk: WalkAround) -> list[tuple[int, Damage]]:
    """As they are numbered on the drawing."""
    return list(enumerate(walk.standing, 1))


def _mark(number: int, damage: Damage) -> dict[str, Any]:
    return {
        "no": number, "side": damage.side, "x": damage.x, "y": damage.y, "code": damage.code, "known": damage.is_known,
    }  # fmt: skip


def _damages(session: Session, shown: list[tuple[int, Damage]]) -> dict[str, Any]:
    """The damages as one more list: so their photos are numbered and printed like all others."""
    hashes = _hashes(session, [photo.file_id for _, damage in shown for photo in damage.photos])
    return {
        "code": "", "title": {"zh": "车身损伤", "en": "Damage to the body"}, "version": None,
        "sections": [{
            "title": {"zh": "图上编号", "en": "As numbered on the drawing"}, "signatures": [],
            "items": [_item(number, damage, hashes) for number, damage in shown],
        }] if shown else [],
    }  # fmt: skip


def _item(number: int, damage: Damage, hashes: dict[UUID, str]) -> dict[str, Any]:
    said = {language: f"{damage.panel_name[language]} · {damage.kind_name[language]}" for language in ("zh", "en")}
    return {
        "no": str(number), "zh": said["zh"], "en": said["en"], "blocking": False,
        "answer": {
            "verdict": "known" if damage.is_known else "new", "number": None, "unit": None, "limits": None,
            "text": damage.code, "choice": SIZES[damage.size], "notes": [damage.note] if damage.note else [],
            "by": None, "at": frozen.stamp(damage.noted_at),
            "photos": [
                {"file": str(photo.file_id), "sha256": hashes[photo.file_id], "caption": None}
                for photo in damage.photos
            ],
        },
    }  # fmt: skip


def _hashes(session: Session, wanted: list[UUID]) -> dict[UUID, str]:
    rows = session.execute(select(File.id, File.sha256).where(File.id.in_(wanted)))
    return {row.id: row.sha256 for row in rows}


def _facts(walk: WalkAround, content: dict[str, Any]) -> list[dict[str, Any]]:
    lit = [LAMPS[lamp] for lamp in LAMPS if lamp in walk.lamps]
    lamps = {language: "、".join(one[language] for one in lit) for language in ("zh", "en")}
    none = {"zh": "无", "en": "None"}
    return [
        papers.fact("油量/电量", "Fuel or charge", "" if walk.energy_level is None else f"{walk.energy_level} %"),
        papers.fact("故障灯", "Warning lamps", lamps if lit else none),
        papers.fact("车内留存物品", "Left in the car", walk.valuables or none),
        papers.fact("电台/空调/座椅", "Radio, climate, seat", walk.settings),
        papers.fact("车身", "Body", BODIES[walk.body]),
        papers.fact("检查时间", "Walked round", papers.local(walk.signed_at, content)),
    ]  # fmt: skip
