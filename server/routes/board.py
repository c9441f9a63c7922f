"""The board of the workshop: by bay or by technician, on a desk, in a hand and on the wall; cars are moved on it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from litestar import Response, get, post
from sqlalchemy.orm import Session

from server.database import now
from server.domain.catalogue.bays import Bay, bays
from server.domain.people import Person, Right, Staff, of_store
from server.domain.people.staff import with_right
from server.domain.refusals import N_, Refusal, WrongMove
from server.domain.workshop import RepairOrder, board, dispatch, tasks
from server.domain.workshop.board_reading import read
from server.domain.workshop.reach import visible_to
from server.forms import Form, uuid_or_none
from server.visit import needs
from server.web import Html, Page, status_of

SEES, MOVES = needs(Right.SEE_WORKSHOP), needs(Right.DISPATCH)
WAYS = {board.BAY: N_("By bay"), board.TECHNICIAN: N_("By technician")}


@get("/board", opt=SEES, sync_to_thread=True)
def show(session: Session, person: Person, page: Page, by: str = board.BAY) -> Html:
    """Where every car stands now; what happens from now on comes by the stream."""
    return page("board/show.html", **_shown(session, person, by))


@get("/board/wall", opt=SEES, sync_to_thread=True)
def wall(session: Session, person: Person, page: Page, by: str = board.BAY) -> Html:
    """The same for a screen on the wall: everything large, nothing to tap."""
    return page("board/wall.html", **_shown(session, person, by))


@get("/board/cars/{order_id:uuid}", opt=MOVES, sync_to_thread=True)
def car(order_id: UUID, session: Session, person: Person, page: Page) -> Html:
    """One car with its jobs: who does each, and where."""
    return page("board/car.html", **_car(session, person, order_id))


@post("/board/cars/{order_id:uuid}/place", opt=MOVES, status_code=200, sync_to_thread=True)
def place(order_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html | Response[str]:
    """A car goes to a bay or to a technician, with all that can be done there."""
    order = visible_to(session, person).one(order_id)
    by, to = form.choice("by", WAYS), form.text("to", most=40)
    form.check()
    try:
        _give(session, order, by, to, person)
    except WrongMove as wrong:
        if page.visit.htmx:
            return page("board/_refused.html", status_of(wrong), said=wrong.said)
        raise
    return Response("", status_code=204) if page.visit.htmx else page.go(f"/board?by={by}")


@post("/board/jobs/{job_id:uuid}/place", opt=MOVES, status_code=200, sync_to_thread=True)
def job_place(job_id: UUID, form: Form, session: Session, person: Person, page: Page) -> Html:
    """One job alone: who, and where."""
    job = tasks.visible_to(session, person).one(job_id)
    people = {str(one.id) for one in with_right(session, person.store_id, Right.WORK)}
    technician = form.choice("technician", people, required=False)
    bay = form.choice("bay", {str(one.id) for one in bays(session, person.store_id)}, required=False)
    try:
        form.check()
        dispatch.assign(session, job.order, job, uuid_or_none(technician), uuid_or_none(bay), by=person)
    except Refusal as wrong:
        return page.again("board/car.html", wrong, form, **_car(session, person, job.order_id))
    return page.go(f"/board/cars/{job.order_id}", N_("The job is given."))


def _give(session: Session, order: RepairOrder, by: str, to: str, person: Person) -> None:
    whom = None if to == board.WAITING else uuid_or_none(to)
    if whom is None and to != board.WAITING:
        raise WrongMove(N_("A car is moved to a bay or a technician, or taken back."))
    if by == board.BAY:
        dispatch.give_to_bay(session, order, of_store(session, Bay, whom, person.store_id) if whom else None, by=person)
        return
    technician = of_store(session, Staff, whom, person.store_id) if whom else None
    known: Mapping[str, int] = {}
    if technician is not None:
        known = dispatch.can_do(dispatch.skills_of(session, person.store_id), technician.id)
    dispatch.give_to_technician(session, order, technician, known, by=person)


def _shown(session: Session, person: Person, by: str) -> dict[str, Any]:
    found = read(session, person.store_id, now())
    by = by if by in WAYS else board.BAY
    return {
        "board": found, "by": by, "ways": WAYS, "columns": found.columns(by), "within": found.within(by),
        "late": found.held_up, "at": now(), "waiting": board.WAITING, "stuck": board.STUCK,
    }  # fmt: skip


def _car(session: Session, person: Person, order_id: UUID) -> dict[str, Any]:
    order = visible_to(session, person).with_lines(order_id)
    return {
        "order": order, "bays": bays(session, person.store_id), "movable": dispatch.MOVABLE,
        "people": with_right(session, person.store_id, Right.WORK), "waiting": board.WAITING,
    }  # fmt: skip


ALL = [show, wall, car, place, job_place]
