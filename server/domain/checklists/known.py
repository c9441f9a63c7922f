"""What the house knows already is not asked again: it answers the items of a list by itself."""

from sqlalchemy.orm import Session

from server.domain.checklists import runs, taps
from server.domain.checklists.progress import Progress
from server.domain.checklists.runs import Run
from server.domain.checklists.sheets import Question
from server.domain.checklists.taps import Tap
from server.domain.people import Person
from server.domain.refusals import Invalid


def answer_known(session: Session, run: Run, known: dict[str, Tap], *, by: Person) -> None:
    """Answer the items of an open list that are known by their code, wherever the answer is another than before."""
    standing = runs.progress(session, run)
    for question in standing.sheet.questions():
        if (tap := known.get(question.code)) and _is_new(standing, question, tap):
            _answer(session, run, question, tap, standing, by)


def _answer(session: Session, run: Run, question: Question, tap: Tap, standing: Progress, by: Person) -> None:
    before = standing.last.get(question.id)
    tap = Tap(verdict=tap.verdict, choice=tap.choice, text=tap.text, base=before.id if before else None)
    try:
        taps.answer(session, run, question.id, tap, by=by)
    except Invalid:  # the store's own version of the list asks it otherwise: then somebody answers it
        return


def _is_new(standing: Progress, question: Question, tap: Tap) -> bool:
    said = standing.newest.get(question.id)
    if question.kind not in ("text", "choice", "tick", "rag"):
        return False
    if said is None:
        return True
    return (tap.text or None, tap.choice or None) != (said.text, said.choice) if tap.text or tap.choice else False
