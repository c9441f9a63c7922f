"""Damages of a walk-around: noted where they were tapped, photographed, struck out, or repaired since."""

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict, Unpack
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now, uuid7
from server.domain.people import Person
from server.domain.records import files
from server.domain.refusals import Invalid, N_, NotThere, Said, WrongMove
from server.domain.workshop import walk_round
from server.domain.workshop.bodies import PANELS, SIDES, TYRES
from server.domain.workshop.walk_arounds import DAMAGE_KINDS, SIZES, Damage, DamagePhoto, WalkAround, tell

THOUSAND = 1000


class Seen(TypedDict):
    """A damage as it was tapped."""

    panel: str
    kind: str
    size: int
    side: str
    x: int
    y: int
    note: str


def note(
    session: Session, walk: WalkAround, *, by: Person, id: UUID | None = None, **seen: Unpack[Seen]
) -> Damage:  # fmt: skip
    """A damage where it was tapped; told once more by a device it is the same. Raises Invalid, WrongMove."""
    if id is not None and (known := session.get(Damage, id)):
        if known.walk_id != walk.id:
            raise NotThere
        return known
    walk_round.require_open(walk, by)
    _check(seen)
    damage = Damage(
        id=id or uuid7(), store_id=walk.store_id, walk_id=walk.id, noted_by=by.id, noted_at=min(by.moment(), now()),
        known_from_id=None, struck_at=None, gone_at=None, **seen,
    )  # fmt: skip
    session.add(damage)
    session.flush()  # its photos point at it
    tell(session, "walk_around.damage_noted", walk, by=by, panel=damage.panel, kind=damage.kind, size=damage.size)
    return damage


def strike(session: Session, walk: WalkAround, damage: Damage, *, by: Person) -> None:
    """It was noted by mistake; one that was known is repaired instead. Raises WrongMove."""
    walk_round.require_open(walk, by)
    if damage.is_known:
        raise WrongMove(N_("This was there on the last visit. If it is not any more, say that it is repaired."))
    if damage.struck_at is None:
        damage.struck_at = by.moment()
        damage.version += 1
        tell(session, "walk_around.damage_struck", walk, by=by, panel=damage.panel, kind=damage.kind)


def repaired(session: Session, walk: WalkAround, damage: Damage, is_gone: bool, *, by: Person) -> None:
    """What was known is there no more, or is there after all. Raises WrongMove."""
    walk_round.require_open(walk, by)
    if not damage.is_known:
        raise WrongMove(N_("This was noted on this visit: take it away instead."))
    if (damage.gone_at is not None) != is_gone:
        damage.gone_at = by.moment() if is_gone else None
        damage.version += 1
        tell(session, "walk_around.damage_gone", walk, by=by, panel=damage.panel, gone=is_gone)


def add_photo(
    session: Session, walk: WalkAround, damage: Damage, upload: bytes, *, by: Person, original: str | None = None
) -> None:
    """A picture of a damage; the same picture again is the same. Raises Invalid at `photo`, WrongMove."""
    walk_round.require_open(walk, by)
    file = files.keep_photo(session, upload, by=by)
    same = select(DamagePhoto.id).where(DamagePhoto.damage_id == damage.id, DamagePhoto.file_id == file.id)
    if session.scalar(same) is None:
        session.add(DamagePhoto(
            id=uuid7(), store_id=walk.store_id, damage_id=damage.id, file_id=file.id, by_id=by.id,
            at=min(by.moment(), now()), original_hash=original,
        ))  # fmt: skip


def one(session: Session, walk: WalkAround, damage_id: UUID) -> Damage:
    """A damage of this walk. Raises NotThere."""
    damage = session.get(Damage, damage_id)
    if damage is None or damage.walk_id != walk.id:
        raise NotThere
    return damage


def changed_by_others(walk: WalkAround, since: datetime, by: Person) -> Sequence[Damage]:
    """What somebody else noted after a page was made: whoever signs that page has not seen it."""
    return [one for one in walk.damages if one.noted_at > since and one.noted_by != by.id and one.stands]


def _check(seen: Seen) -> None:
    offered = {"panel": PANELS, "kind": DAMAGE_KINDS, "size": SIZES, "side": SIDES}
    errors = {name: Said(N_("Choose one of the offered.")) for name, of in offered.items() if seen[name] not in of}
    if seen["kind"] == "bulge" and seen["panel"] not in TYRES:
        errors["kind"] = Said(N_("Only a tyre bulges: choose another kind."))
    if not all(0 <= seen[axis] <= THOUSAND for axis in ("x", "y")):
        errors["panel"] = Said(N_("Tap the place on the drawing."))
    if errors:
        raise Invalid(errors)
