"""The project's own checklists, entered into a store that has none."""

import json
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.checklists.templates import CannedNote, enter, publish
from server.domain.records import Actor

FOLDER = Path(__file__).parent / "seed"


def enter_lists(session: Session, store_id: UUID, *, by: Actor) -> None:
    """All twelve lists, published, with the remarks made ready for them."""
    for path in sorted(FOLDER.glob("C*.json")):
        publish(session, enter(session, store_id, _read(path)), by=by)
    for note in _read(FOLDER / "canned_notes.json"):
        session.add(
            CannedNote(
                store_id=store_id,
                list_code=note["list"],
                item_code=note["item"],
                severity=note["severity"],
                text={"zh": note["zh"], "en": note["en"]},
            )
        )


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))
