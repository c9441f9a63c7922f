"""What really happened, as the database has it, against what a person did on the screen."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import String, cast, func, select

from server.commands.faults.houses import House
from server.database import EVERY_STORE
from server.domain.checklists.runs import Answer, Photo, Signature
from server.domain.records.receipts import Receipt


@dataclass(frozen=True)
class Deed:
    """One thing done: an answer at an item, a photo (by its hash) at an item, a signature under a section."""

    kind: str
    place: str
    value: str
    by: str = ""
    device: str = ""


ANSWER, PHOTO, SIGNATURE = "answer", "photo", "signature"


@dataclass
class Account:
    """Deeds against rows."""

    operations: int = 0
    lost: int = 0
    doubled: int = 0
    out_of_order: int = 0
    words: list[str] = field(default_factory=list[str])

    def add(self, other: "Account") -> None:
        """Both together."""
        self.operations += other.operations
        self.lost += other.lost
        self.doubled += other.doubled
        self.out_of_order += other.out_of_order
        self.words += other.words


def kept(house: House, run: UUID) -> list[Deed]:
    """Every row of a run, in the order in which the house took them in."""
    with house.database.session(writing=False, store=EVERY_STORE) as session:
        answers = session.scalars(select(Answer).where(Answer.run_id == run).order_by(Answer.id)).all()
        photos = session.scalars(select(Photo).where(Photo.run_id == run).order_by(Photo.id)).all()
        signatures = session.scalars(select(Signature).where(Signature.run_id == run).order_by(Signature.id)).all()
    return [
        *(Deed(ANSWER, str(one.item_id), one.verdict, str(one.by_id), str(one.device_id)) for one in answers),
        *(Deed(PHOTO, str(one.item_id), one.original_hash or "", str(one.by_id)) for one in photos),
        *(Deed(SIGNATURE, str(one.section_id), one.role, str(one.by_id), str(one.device_id)) for one in signatures),
    ]


def receipts(house: House, run: UUID) -> int:
    """How many keys the house has done something for, of one run's answers and photos."""
    path = f"/runs/{run}/%"
    query = select(func.count()).where(cast(Receipt.path, String).like(path), Receipt.status < 300)
    with house.database.session(writing=False, store=EVERY_STORE) as session:
        return session.scalar(query) or 0


def count(house: House, run: UUID, done: Sequence[Deed]) -> Account:
    """Lost, doubled and out of order: each device's deeds have an order of their own, between devices there is none."""
    rows = kept(house, run)
    account = Account(operations=len(done))
    wanted, found = Counter(map(_what, done)), Counter(map(_what, rows))
    lost, doubled = wanted - found, found - wanted
    keyed = receipts(house, run) - sum(deed.kind != SIGNATURE for deed in done)
    account.lost = max(lost.total(), -keyed)
    account.doubled = max(doubled.total(), keyed)
    account.words = [f"lost {deed}" for deed in lost] + [f"too many {deed}" for deed in doubled]
    if not lost and not doubled:
        account.out_of_order = sum(
            mine != theirs
            for kind, device in {(deed.kind, deed.device) for deed in done}
            for mine, theirs in zip(_of(done, kind, device), _of(rows, kind, device), strict=False)
        )
    return account


def _what(deed: Deed) -> tuple[str, str, str, str]:
    return deed.kind, deed.place, deed.value, deed.by


def _of(deeds: Sequence[Deed], kind: str, device: str) -> list[tuple[str, str, str, str]]:
    return [_what(deed) for deed in deeds if deed.kind == kind and (deed.device == device or kind == PHOTO)]
