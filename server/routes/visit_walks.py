"""Walking the list of a home visit (C08), and what all pages at the owner's door read."""

from functools import cached_property
from typing import Any
from uuid import UUID

from msgspec.structs import replace
from sqlalchemy.orm import Session

from server.database import now
from server.domain.care import door_consents, presences, visit_findings
from server.domain.care.presences import AT_THE_DOOR, Presence
from server.domain.care.visit_papers import PICTURE_ITEM
from server.domain.care.visit_reach import visible_to
from server.domain.care.visits import HomeVisit
from server.domain.checklists import Run
from server.domain.checklists.steps import Step
from server.domain.people import Person, Right
from server.domain.refusals import N_, Refusal, WrongMove
from server.routes.walks import Walking

PAGES = ("programme", "check", "talk", "effect")
"""What is done at the door, each on a page of its own."""


class VisitWalking(Walking):
    """The list of a visit; its picture is taken beside it, with consent."""

    kind = "checklist"
    area = "visits"

    def __init__(self, session: Session, person: Person, visit: HomeVisit) -> None:
        super().__init__(session, person)
        self.visit, self.lane = visit, visit.id
        self.back = f"/visits/{visit.id}/programme"
        self.base = f"/visits/{visit.id}/checklist"

    @cached_property
    def run(self) -> Run:
        """C08 in the version in which it was begun."""
        return visit_findings.run_of(self.session, self.visit)

    @cached_property
    def steps(self) -> list[Step]:
        """The sections without the picture."""
        return [
            replace(step, part=replace(step.part, questions=tuple(
                question for question in step.part.questions if question.code != PICTURE_ITEM
            )))
            for step in super().steps
        ]  # fmt: skip

    @property
    def may_tap(self) -> bool:
        """Who goes on visits, and who plans them."""
        return self.person.may(Right.GO_ON_VISITS) or self.person.may(Right.PLAN_VISITS)

    @property
    def editable(self) -> bool:
        """Until it is closed: what a device brings late is kept too."""
        return self.may_tap and self.visit.state in (*AT_THE_DOOR, "planned") and self.run.state == "open"

    @property
    def over(self) -> Refusal:
        """It is closed, or does not take place."""
        return WrongMove(N_("Nothing is kept here now: the visit is “%(now)s”."), now=self.visit.state_name)

    @property
    def templates(self) -> dict[str, str]:
        """Its own parts of the page."""
        return {
            "head": "visits/_walk_head.html", "facts": "visits/_walk_facts.html",
            "closing": "visits/_walk_closing.html",
        }  # fmt: skip


class AtTheDoor:
    """What the pages of a visit at the owner's share."""

    def __init__(self, session: Session, person: Person, visit: HomeVisit) -> None:
        self.session, self.person, self.visit = session, person, visit
        self.lane = visit.id
        self.base = f"/visits/{visit.id}"
        self.read_at = now()

    @property
    def may_keep(self) -> bool:
        """Whether this person's deeds are kept here now."""
        return self.person.may(Right.GO_ON_VISITS) and self.visit.state in AT_THE_DOOR

    @cached_property
    def present(self) -> list[Presence]:
        """Who signed in."""
        return list(presences.of_visit(self.session, self.visit))

    @property
    def mine(self) -> Presence | None:
        """This person's own signing in and out."""
        return next((one for one in self.present if one.staff_id == self.person.id), None)

    @cached_property
    def consents(self) -> dict[str, bool]:
        """What the owner said, by purpose."""
        said = door_consents.said(self.session, self.visit)
        return {purpose: answer.given for purpose, answer in said.items()}

    @property
    def my_roles(self) -> list[str]:
        """What this person does on the visit."""
        return [one.role for one in self.visit.members if one.staff_id == self.person.id]

    def shown(self) -> dict[str, Any]:
        """What every template here reads."""
        return {"door": self, "home": self.visit, "base": self.base, "lane": self.lane, "pages": PAGES}


def at(session: Session, person: Person, visit_id: UUID) -> AtTheDoor:
    """A visit within their reach. Raises NotThere."""
    return AtTheDoor(session, person, visible_to(session, person).one(visit_id))


def of_run(session: Session, person: Person, run: Run) -> Walking:
    """The visit that a run belongs to. Raises NotThere."""
    return VisitWalking(session, person, visible_to(session, person).one(run.subject_id))


def visit_pages(session: Session, person: Person, visit: HomeVisit) -> list[str]:
    """What a device needs of a visit where there is no network."""
    walking = VisitWalking(session, person, visit)
    listed = [walking.address(step) for step in walking.steps] if visit.run_id is not None else []
    return [f"/visits/{visit.id}/{page}" for page in PAGES] + listed
