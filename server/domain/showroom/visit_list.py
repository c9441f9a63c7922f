"""What is known of a visit is not asked again: it answers the list of a reception (C01) by itself."""

from uuid import UUID

from sqlalchemy.orm import Session

from server.domain.checklists import Run, Tap, runs, taps
from server.domain.people import Person

PEOPLE, MINUTES = "people", "min"
"""What the numbers in the list count."""


def fill(
    session: Session, run_id: UUID | None, counted: str, number: int, *, by: Person, before: int | None = None
) -> None:
    """Answer the question that counts this.

    With `before`, the number that was known until now, one that somebody typed stays.
    """
    if run_id is None:
        return
    run = session.get_one(Run, run_id)
    standing = runs.progress(session, run)
    for question in standing.sheet.questions():
        if question.kind == "number" and question.unit and question.unit["en"] == counted:
            known = standing.newest.get(question.id)
            if known is None or (known.number != number and before in (None, known.number)):
                base = standing.last[question.id].id if known else None
                taps.answer(session, run, question.id, Tap(number=str(number), base=base), by=by)
