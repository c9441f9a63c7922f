"""Walking the lists of a test drive: before, on the road, and after."""

from functools import cached_property
from uuid import UUID

from sqlalchemy.orm import Session

from server.database import now
from server.domain.checklists import Run
from server.domain.people import Person, Right
from server.domain.refusals import N_, NotThere, Refusal, WrongMove
from server.domain.showroom import TestDrive
from server.domain.showroom.drives import visible_to
from server.domain.showroom.receptions import AFTERWARDS
from server.domain.showroom.test_drives import State
from server.routes.walks import Walking

BEFORE, DURING, AFTER = "before", "during", "after"
WALKED_IN = {BEFORE: (State.BOOKED,), DURING: (State.OUT,), AFTER: (State.BACK, State.EVALUATED)}


class DriveWalking(Walking):
    """One of the three lists of a test drive under way."""

    area = "test_drives"

    def __init__(self, session: Session, person: Person, drive: TestDrive, kind: str) -> None:
        super().__init__(session, person)
        self.drive, self.kind, self.lane = drive, kind, drive.id
        self.back = f"/test-drives/{drive.id}"
        self.base = f"{self.back}/{kind}"

    @property
    def run_id(self) -> UUID | None:
        """Which list; None before it is begun."""
        return {BEFORE: self.drive.before_id, DURING: self.drive.during_id, AFTER: self.drive.after_id}[self.kind]

    @cached_property
    def run(self) -> Run:
        """C02, C03 or C04 in the version in which it was begun."""
        if self.run_id is None:
            raise NotThere
        return self.session.get_one(Run, self.run_id)

    @property
    def may_tap(self) -> bool:
        """Whoever books drives, walks along."""
        return self.person.may(Right.BOOK_DRIVES)

    @property
    def editable(self) -> bool:
        """Each list in its own time; the last one for a day longer."""
        if not self.may_tap or self.drive.state not in WALKED_IN[self.kind]:
            return False
        back = self.drive.back_at
        return self.kind != AFTER or back is None or now() - back < AFTERWARDS

    @property
    def over(self) -> Refusal:
        """Its time is over or has not come."""
        return WrongMove(N_("Nothing is kept here now: the test drive is “%(now)s”."), now=self.drive.state_name)

    @property
    def templates(self) -> dict[str, str]:
        """Its own parts of the page."""
        return {
            "head": "test_drives/_walk_head.html", "facts": "test_drives/_walk_facts.html",
            "closing": "test_drives/_walk_closing.html",
        }  # fmt: skip


def of_run(session: Session, person: Person, run: Run) -> Walking:
    """The list of a test drive that a run is. Raises NotThere."""
    drive = visible_to(session, person).one(run.subject_id)
    kinds = {drive.before_id: BEFORE, drive.during_id: DURING, drive.after_id: AFTER}
    return DriveWalking(session, person, drive, kinds[run.id])
