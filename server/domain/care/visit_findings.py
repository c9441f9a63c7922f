"""What the technician finds at the owner's, by computer and by hand, with photos; explained, and signed for."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, selectinload

from server.database import Base, OfStore, Versioned, Words, now, uuid7
from server.domain.care.presences import require_at_the_door
from server.domain.care.visits import HomeVisit, tell
from server.domain.checklists import Ink, Run, runs, taps
from server.domain.checklists.runs import Signature
from server.domain.people import Person, Staff
from server.domain.records import files
from server.domain.records.events import take_turn
from server.domain.refusals import Invalid, N_, NotThere, Said

ELECTRONIC, MECHANICAL = "electronic", "mechanical"
WAYS: dict[str, Words] = {
    ELECTRONIC: {"zh": "电脑检测", "en": "By computer"},
    MECHANICAL: {"zh": "机械检测", "en": "By hand"},
}
OK, WATCH, FAULT = "ok", "watch", "fault"
VERDICTS: dict[str, Words] = {
    OK: {"zh": "正常", "en": "Good"},
    WATCH: {"zh": "注意", "en": "Watch"},
    FAULT: {"zh": "异常", "en": "At fault"},
}
LONGEST_NAME, LONGEST_NOTE = 120, 300
CUSTOMER = "customer"
EXPLAINED_IN = "check"
"""The section of the list (C08) under which the owner signs."""


class VisitFinding(OfStore, Versioned, Base):
    """One finding; its identity was made on the technician's device."""

    __tablename__ = "visit_findings"
    __table_args__ = (Index("ix_visit_findings_visit", "store_id", "visit_id", "found_at"),)

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("home_visits.id"))
    way: Mapped[str]
    verdict: Mapped[str]
    name: Mapped[str]
    """A fault code with its words, or a part of the car."""
    number: Mapped[str] = mapped_column(default="")
    """What was measured, with its unit, as written."""
    note: Mapped[str] = mapped_column(default="")
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    found_at: Mapped[datetime]
    arrived_at: Mapped[datetime]
    """When the house heard of it: a page made before then did not show it."""
    struck_at: Mapped[datetime | None]
    """It was noted by mistake."""

    by: Mapped[Staff] = relationship(lazy="joined")
    photos: Mapped[list["FindingPicture"]] = relationship(order_by="FindingPicture.at", lazy="raise")

    @property
    def way_name(self) -> Words:
        """How it was found."""
        return WAYS[self.way]

    @property
    def verdict_name(self) -> Words:
        """Good, watch or at fault."""
        return VERDICTS[self.verdict]

    @property
    def wants_work(self) -> bool:
        """Whether somebody has to offer an appointment for it."""
        return self.struck_at is None and self.verdict != OK


class FindingPicture(OfStore, Base):
    """A picture of a finding: of the car, never of people."""

    __tablename__ = "visit_finding_photos"
    __table_args__ = (
        Index("ix_visit_finding_photos_finding", "store_id", "finding_id", "at"),
        UniqueConstraint("finding_id", "file_id"),
    )

    finding_id: Mapped[UUID] = mapped_column(ForeignKey("visit_findings.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


class Explanation(OfStore, Base):
    """What the owner signed for: exactly those findings that stood on the screen."""

    __tablename__ = "visit_explanations"
    __table_args__ = (Index("ix_visit_explanations_visit", "store_id", "visit_id", "at"),)

    visit_id: Mapped[UUID] = mapped_column(ForeignKey("home_visits.id"))
    signature_id: Mapped[UUID] = mapped_column(ForeignKey("checklist_signatures.id"))
    finding_ids: Mapped[list[Any]]
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]


def note(
    session: Session, visit: HomeVisit, *, by: Person, way: str, verdict: str, name: str, number: str = "",
    note: str = "", id: UUID | None = None,
) -> VisitFinding:  # fmt: skip
    """Keep what was found; told once more by a device it is the same. Raises Invalid, WrongMove."""
    if id is not None and (known := session.get(VisitFinding, id)):
        if known.visit_id != visit.id:
            raise NotThere
        return known
    require_at_the_door(visit, by)
    errors = {
        field: Said(N_("Choose one of the offered."))
        for field, said, offered in (("way", way, WAYS), ("verdict", verdict, VERDICTS)) if said not in offered
    }  # fmt: skip
    if not name:
        errors["name"] = Said(N_("Please fill this in."))
    if errors:
        raise Invalid(errors)
    finding = VisitFinding(
        id=id or uuid7(), store_id=visit.store_id, version=1, visit_id=visit.id, way=way, verdict=verdict,
        name=name[:LONGEST_NAME], number=number, note=note[:LONGEST_NOTE], by_id=by.id,
        found_at=min(by.moment(), now()), arrived_at=now(), struck_at=None,
    )  # fmt: skip
    session.add(finding)
    session.flush()  # its photos and the event point at it
    tell(session, "visit.found", visit, by=by, way=way, verdict=verdict, name=finding.name)
    return finding


def add_photo(session: Session, visit: HomeVisit, finding: VisitFinding, upload: bytes, *, by: Person) -> None:
    """A picture of it; the same picture again is the same. Raises Invalid at `photo`, WrongMove."""
    require_at_the_door(visit, by)
    file = files.keep_photo(session, upload, by=by)
    same = select(FindingPicture.id).where(FindingPicture.finding_id == finding.id, FindingPicture.file_id == file.id)
    if session.scalar(same) is None:
        at = min(by.moment(), now())
        session.add(FindingPicture(
            id=uuid7(), store_id=visit.store_id, finding_id=finding.id, file_id=file.id, by_id=by.id, at=at,
        ))  # fmt: skip


def strike(session: Session, visit: HomeVisit, finding: VisitFinding, *, by: Person) -> None:
    """It was noted by mistake: it stays in the record, struck out."""
    require_at_the_door(visit, by)
    if finding.struck_at is None:
        finding.struck_at = min(by.moment(), now())
        finding.version += 1
        tell(session, "visit.finding_struck", visit, by=by, name=finding.name)


def of_visit(session: Session, visit: HomeVisit) -> Sequence[VisitFinding]:
    """Everything that stands, as it was found, with its photos."""
    query = select(VisitFinding).where(VisitFinding.store_id == visit.store_id, VisitFinding.visit_id == visit.id)
    query = query.where(VisitFinding.struck_at.is_(None)).options(selectinload(VisitFinding.photos))
    ordered = query.order_by(VisitFinding.found_at, VisitFinding.id).execution_options(populate_existing=True)
    return session.scalars(ordered).unique().all()


def one(session: Session, visit: HomeVisit, finding_id: UUID) -> VisitFinding:
    """A finding of this visit. Raises NotThere."""
    finding = session.get(VisitFinding, finding_id)
    if finding is None or finding.visit_id != visit.id:
        raise NotThere
    return finding


def explain(
    session: Session, visit: HomeVisit, *, by: Person, name: str, ink: Ink | None, seen_at: datetime | None = None
) -> Explanation:  # fmt: skip
    """The owner signs for what stood on this screen. What another device had found meanwhile is told beside it.

    Raises Invalid at `typed_name` when there is neither ink nor name.
    """
    require_at_the_door(visit, by)
    take_turn(session, visit.store_id)
    run = run_of(session, visit)
    section = next(part.id for part in runs.sheet_of(session, run).parts if part.code == EXPLAINED_IN)
    shown = [one for one in of_visit(session, visit) if seen_at is None or _was_shown(one, seen_at, by)]
    signed = taps.sign(
        session, run, by=by, role=CUSTOMER, name=name, ink=ink, section_id=section, seen_at=seen_at
    )  # fmt: skip
    explained = Explanation(
        id=uuid7(), store_id=visit.store_id, visit_id=visit.id, signature_id=signed.id,
        finding_ids=[str(one.id) for one in shown], by_id=by.id, at=taps.acted_at(run, by=by),
    )  # fmt: skip
    session.add(explained)
    session.flush()  # the page reads it back
    tell(session, "visit.explained", visit, by=by, findings=len(shown))
    return explained


def explanation(session: Session, visit: HomeVisit) -> tuple[Explanation, Signature] | None:
    """The last one that was signed."""
    query = select(Explanation, Signature).join(Signature, Signature.id == Explanation.signature_id)
    query = query.where(Explanation.store_id == visit.store_id, Explanation.visit_id == visit.id)
    found = session.execute(query.order_by(Explanation.at.desc(), Explanation.id.desc()).limit(1)).one_or_none()
    return (found[0], found[1]) if found else None


def run_of(session: Session, visit: HomeVisit) -> Run:
    """The list of the visit (C08). Raises NotThere before it was begun."""
    if visit.run_id is None:
        raise NotThere
    return session.get_one(Run, visit.run_id)


def _was_shown(finding: VisitFinding, at: datetime, by: Person) -> bool:
    return finding.arrived_at <= at or finding.by_id == by.id
