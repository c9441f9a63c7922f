"""A walked list as it is frozen on a paper: answers with who gave them, photos by their hash, signatures as drawn."""

from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import Words
from server.domain.checklists.progress import Progress
from server.domain.checklists.runs import Run, Signature
from server.domain.checklists.sheets import Question
from server.domain.people import ROLE_NAMES, Role
from server.domain.people.staff import titles
from server.domain.records.files import File

SIGNERS: dict[str, Words] = {
    "customer": {"zh": "客户", "en": "Customer"},
    "consultant": ROLE_NAMES[Role.CONSULTANT],
    "technician": ROLE_NAMES[Role.TECHNICIAN],
    "advisor": ROLE_NAMES[Role.ADVISOR],
    "leader": ROLE_NAMES[Role.LEADER],
    "inspector": ROLE_NAMES[Role.INSPECTOR],
    "visit_leader": {"zh": "带队人", "en": "Who led the visit"},
}


def of_list(session: Session, run: Run, progress: Progress, *, unpictured: str = "") -> dict[str, Any]:
    """A list with every answer, its photos by file and hash, and the signatures under its sections.

    Photos of the section `unpictured` stay off the paper: they are not kept as long as it.
    """
    names = titles(session, run.store_id)
    hashes = _hashes(session, progress)
    sheet = progress.sheet
    return {
        "code": sheet.code, "title": sheet.title, "version": sheet.version,
        "sections": [
            {
                "title": part.title,
                "items": [
                    _item(q, progress, names, hashes if part.code != unpictured else {})
                    for q in part.questions if q.kind != "signature"
                ],
                "signatures": signatures(session, run, part.id),
            }
            for part in sheet.parts
        ],
    }  # fmt: skip


def _item(question: Question, progress: Progress, names: dict[UUID, Words], hashes: dict[UUID, str]) -> dict[str, Any]:
    answer = progress.newest.get(question.id)
    number = None if answer is None or answer.number is None else f"{answer.number:.{question.decimals or 0}f}"
    chosen = [choice for choice in question.choices or [] if answer and choice["code"] == answer.choice]
    photos = progress.photos.get(question.id, []) if hashes else []
    return {
        "no": question.code, "zh": question.text["zh"], "en": question.text["en"], "blocking": question.blocking,
        "answer": {
            "verdict": progress.verdict(question) or "none", "number": number, "unit": question.unit,
            "limits": question.limits or None, "text": answer.text if answer else None,
            "choice": {"zh": chosen[0]["zh"], "en": chosen[0]["en"]} if chosen else None,
            "notes": [answer.note] if answer and answer.note else [],
            "by": names[answer.by_id]["zh"] if answer else None, "at": stamp(answer.device_at) if answer else None,
            "photos": [
                {"file": str(photo.file_id), "sha256": hashes[photo.file_id], "caption": None} for photo in photos
            ],
        },
    }  # fmt: skip


def _hashes(session: Session, progress: Progress) -> dict[UUID, str]:
    wanted = [photo.file_id for photos in progress.photos.values() for photo in photos]
    rows = session.execute(select(File.id, File.sha256).where(File.id.in_(wanted)))
    return {row.id: row.sha256 for row in rows}


def signatures(session: Session, run: Run, section_id: UUID | None) -> list[dict[str, Any]]:
    """The last signature of each role, in the order of signing."""
    query = select(Signature).where(Signature.run_id == run.id)
    where = Signature.section_id.is_(None) if section_id is None else Signature.section_id == section_id
    newest = {signature.role: signature for signature in session.scalars(query.where(where).order_by(Signature.at))}
    return [
        {
            "role": SIGNERS[signature.role], "name": signature.name, "at": stamp(signature.device_at or signature.at),
            "ink": signature.ink, "typed": signature.ink is None,
        }
        for signature in newest.values()
    ]  # fmt: skip


def counted(progress: Progress, what: str) -> int | None:
    """The number given at the item that counts kilometres or keys; there is at most one of each in a list."""
    units = {"key": ("key", "keys")}.get(what, (what,))
    for question in progress.sheet.questions():
        answer = progress.newest.get(question.id)
        if question.unit and question.unit["en"] in units and answer and answer.number is not None:
            return int(answer.number)
    return None


def stamp(at: Any) -> str:
    """A moment to the second, as a paper keeps it."""
    return msgspec.to_builtins(at.replace(microsecond=0))
