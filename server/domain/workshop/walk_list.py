"""What the walk knows already is not asked again: it answers the items of its list (C09) by itself."""

from sqlalchemy.orm import Session

from server.domain.checklists import Progress, Question, Run, Tap, runs, taps
from server.domain.checklists.findings import FAULT, OK, WATCH
from server.domain.people import Person
from server.domain.refusals import Invalid
from server.domain.workshop.walk_arounds import LAMPS, LEAST_TREAD, WHEELS, WalkAround

DONE_AT_INTAKE = "C10-08"
"""What the list of the intake asks of the walk."""


def fill(session: Session, walk: WalkAround, *, by: Person) -> None:
    """Mileage with the warning lamps, and the least tread once all four are measured."""
    if walk.order.walk_run_id is not None:
        answer(session, session.get_one(Run, walk.order.walk_run_id), _known(walk), by=by)


def tick_intake(session: Session, walk: WalkAround, *, by: Person) -> None:
    """The walk is done: the intake's list knows it."""
    if walk.order.intake_run_id is not None:
        answer(session, session.get_one(Run, walk.order.intake_run_id), {DONE_AT_INTAKE: Tap(verdict=OK)}, by=by)


def answer(session: Session, run: Run, known: dict[str, Tap], *, by: Person) -> None:
    """Answer these items of an open list, wherever the answer is another than before."""
    if run.state != runs.OPEN:
        return
    session.flush()  # what was answered just now is read back
    standing = runs.progress(session, run)
    for question in standing.sheet.questions():
        if (tap := known.get(question.code)) and _is_new(standing, question, tap):
            before = standing.last.get(question.id)
            again = Tap(verdict=tap.verdict, number=tap.number, note=tap.note, base=before.id if before else None)
            try:
                taps.answer(session, run, question.id, again, by=by)
            except Invalid:  # the store's own version of the list asks it otherwise: then somebody answers it
                continue


def _known(walk: WalkAround) -> dict[str, Tap]:
    known: dict[str, Tap] = {}
    if walk.km is not None:
        lit = "、".join(LAMPS[lamp]["zh"] for lamp in LAMPS if lamp in walk.lamps)
        known["C09-03"] = Tap(verdict=WATCH if lit else OK, number=str(walk.km), note=lit)
    if set(WHEELS) <= walk.tread.keys():
        least = min(walk.tread[wheel] for wheel in WHEELS)
        verdict = FAULT if least < LEAST_TREAD else OK
        note = "" if verdict == OK else "低于 1.6 mm"
        known["C09-14"] = Tap(verdict=verdict, number=f"{least / 10:.1f}", note=note)
    return known


def _is_new(standing: Progress, question: Question, tap: Tap) -> bool:
    said = standing.newest.get(question.id)
    if said is None:
        return True
    number = float(tap.number) if tap.number else None
    return (said.verdict, said.number) != (tap.verdict, number)
