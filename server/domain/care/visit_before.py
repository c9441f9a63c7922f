"""Before a visit: booked by telephone, confirmed again, everything packed; without all of it nobody leaves."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now, uuid7
from server.domain.care import visit_calls, visit_holds
from server.domain.care.visit_goods import Packed
from server.domain.care.visit_places import Atlas
from server.domain.care.visits import BEFORE, HomeVisit, State, move
from server.domain.catalogue import ListEntry, entries
from server.domain.checklists import Run, Tap, runs
from server.domain.checklists.findings import FAULT, OK
from server.domain.people import Person, Right, notices
from server.domain.records.events import take_turn
from server.domain.refusals import Invalid, N_, NotAllowed, NotThere, Said, WrongMove
from server.domain.workshop import walk_list

EQUIPMENT = "visit_equipment"
LIST = "C08"
DEMO_CAR = "demo_car"
PLANNED_ITEM, BOOKED_ITEM, CONFIRMED_ITEM, PACKED_ITEM, PAPERS_ITEM = (f"{LIST}-{number:02}" for number in range(1, 6))
LATE_ENTRY = timedelta(hours=12)
GONE = (State.ON_THE_WAY, State.THERE, State.DONE, State.CLOSED, State.BROKEN_OFF)
"""Once somebody of the team has said that they leave."""
EARLIEST = timedelta(days=1)
"""A confirmation that was made longer before the day says too little."""


def begin_list(session: Session, visit: HomeVisit, *, by: Person) -> None:
    """Its list C08 is there to be walked; what the plan knows is answered."""
    if visit.run_id is None:
        visit.run_id = runs.start(session, LIST, visit, by=by, energy=visit.car.energy or "ice").id
        _answer(session, visit, PLANNED_ITEM, OK, visit.number, by=by)


def book(
    session: Session, visit: HomeVisit, starts_at: datetime, *, by: Person, address: str = "", note: str = ""
) -> None:
    """They have agreed on day, hour and place by telephone; people and cars are held.

    Raises Invalid, WrongMove for a draft, Taken when somebody is elsewhere then.
    """
    _may_go(by)
    if visit.is_draft:
        raise WrongMove(N_("The plan of the month is a draft. Release it first."))
    if starts_at < by.moment() - LATE_ENTRY:
        raise Invalid.at("starts_at", N_("This time has passed. Choose a later one."))
    if not (address or visit.address):
        raise Invalid.at("address", N_("Please fill this in."))
    _settle(session, visit, starts_at, address, by)
    move(session, visit, State.BOOKED, "visit.booked", by=by, starts=starts_at)
    visit.booked_at, visit.booked_by = by.moment(), by.id
    visit_holds.hold(session, visit)
    visit_calls.made(session, visit, visit_calls.BOOKING, note or f"{starts_at.astimezone(by.zone):%m-%d %H:%M}", by=by)
    visit_calls.owe_confirmation(session, visit, by=by)
    begin_list(session, visit, by=by)
    _answer(session, visit, BOOKED_ITEM, OK, note, by=by)
    notices.tell_all(
        session, list(visit.crew | {visit.leader_id}), "visit.booked", f"/visits/{visit.id}", by=by,
        number=visit.number, customer=visit.customer.name, time=starts_at.isoformat(),
    )  # fmt: skip


def confirm(session: Session, visit: HomeVisit, *, by: Person, note: str = "") -> None:
    """They were called once more and say that it stands. Raises WrongMove when the day is still far away.

    Said by another of the team, before or after they left, it is said once.
    """
    _may_go(by)
    if visit.state in (State.CONFIRMED, *GONE):
        return
    if visit.starts_at is not None and by.moment().astimezone(by.zone).date() < visit.day - EARLIEST:
        raise WrongMove(N_("It is confirmed on the day before or on the day itself."))
    move(session, visit, State.CONFIRMED, "visit.confirmed", by=by)
    visit.confirmed_at, visit.confirmed_by = by.moment(), by.id
    visit_calls.made(session, visit, visit_calls.CONFIRMATION, note or visit.number, by=by)
    _answer(session, visit, CONFIRMED_ITEM, OK, note, by=by)


def pack(session: Session, visit: HomeVisit, code: str, packed: bool, *, by: Person) -> None:
    """One thing of the equipment lies in the car, or does not after all; said twice it is said once.

    Raises NotThere for what is not on the list, WrongMove once they have left.
    """
    _may_go(by)
    take_turn(session, visit.store_id)  # two who pack the same thing pack it once
    if code not in {entry.code for entry in equipment(session, visit)}:
        raise NotThere
    known = packed_of(session, visit).get(code)
    if packed and known is not None:
        return
    if visit.state not in BEFORE:
        raise WrongMove(N_("This visit is “%(now)s”; it cannot be changed any more."), now=visit.state_name)
    if packed:
        session.add(
            Packed(id=uuid7(), store_id=visit.store_id, visit_id=visit.id, code=code, by_id=by.id, at=by.moment())
        )
    elif known is not None:
        session.delete(known)
    session.flush()  # what is packed is counted
    if not unpacked(session, visit):
        _answer(session, visit, PACKED_ITEM, OK, "", by=by)
        _answer_papers(session, visit, by=by)
    elif code == DEMO_CAR and packed:
        _answer_papers(session, visit, by=by)


def set_out(session: Session, visit: HomeVisit, *, by: Person, even_so: bool = False) -> None:
    """They leave; the second of a team who says so says nothing new.

    Raises WrongMove with what is missing, and on another day than was agreed unless it is meant `even_so`.
    """
    _may_go(by)
    if visit.state in GONE:
        return
    if visit.state == State.CONFIRMED and (reasons := why_not(session, visit)):
        raise WrongMove(N_("Before you leave: %(why)s"), why=reasons[0])
    is_its_day = by.moment().astimezone(by.zone).date() == visit.day
    if visit.state == State.CONFIRMED and not (is_its_day or even_so):
        raise WrongMove(
            N_("It was agreed for %(day)s. Move the visit, or say that you leave today."), day=visit.day.isoformat()
        )
    move(session, visit, State.ON_THE_WAY, "visit.set_out", by=by)
    visit.set_out_at = min(by.moment(), now())


def why_not(session: Session, visit: HomeVisit) -> list[Said]:
    """What keeps the team from leaving."""
    reasons: list[Said] = []
    if visit.booked_at is None:
        reasons.append(Said(N_("The call to book it was not made.")))
    if visit.confirmed_at is None:
        reasons.append(Said(N_("The call to confirm it was not made.")))
    if missing := unpacked(session, visit):
        names = "、".join(entry.name["zh"] for entry in missing)
        reasons.append(Said(N_("Not packed yet: %(count)s of the equipment."), count=len(missing), names=names))
    if visit.demo_car is not None and not visit.demo_car.may_drive_on(visit.day):
        reasons.append(Said(N_("The papers of %(plate)s do not hold on that day."), plate=visit.demo_car.plate))
    if not visit.members:
        reasons.append(Said(N_("Nobody goes yet.")))
    return reasons


def equipment(session: Session, visit: HomeVisit) -> Sequence[ListEntry]:
    """What goes along on that day."""
    return entries(session, visit.store_id, EQUIPMENT, visit.day)


def packed_of(session: Session, visit: HomeVisit) -> Mapping[str, Packed]:
    """What lies in the car, by its code."""
    query = select(Packed).where(Packed.store_id == visit.store_id, Packed.visit_id == visit.id)
    return {one.code: one for one in session.scalars(query)}


def unpacked(session: Session, visit: HomeVisit) -> list[ListEntry]:
    """What is still to be packed; the demonstration car only where one is shown."""
    there = packed_of(session, visit)
    return [
        entry for entry in equipment(session, visit)
        if entry.code not in there and (entry.code != DEMO_CAR or visit.demo_car_id is not None)
    ]  # fmt: skip


def _settle(session: Session, visit: HomeVisit, starts_at: datetime, address: str, by: Person) -> None:
    """What was agreed on the telephone."""
    day = starts_at.astimezone(by.zone).date()
    if day != visit.day:
        visit.day, visit.position = day, 0
    visit.starts_at = starts_at
    if address and address != visit.address:
        visit.address, visit.longitude, visit.latitude = address, None, None
        visit.area = Atlas(session, visit.store_id).area_of(address)


def _answer_papers(session: Session, visit: HomeVisit, *, by: Person) -> None:
    """Where no car is shown, nothing of its papers is amiss."""
    car = visit.demo_car
    hold = car is None or car.may_drive_on(visit.day)
    _answer(session, visit, PAPERS_ITEM, OK if hold else FAULT, "" if car is None or hold else car.plate, by=by)


def _answer(session: Session, visit: HomeVisit, code: str, verdict: str, note: str, *, by: Person) -> None:
    if visit.run_id is not None:
        run = session.get_one(Run, visit.run_id)
        walk_list.answer(session, run, {code: Tap(verdict=verdict, note=note)}, by=by)


def _may_go(by: Person) -> None:
    if not (by.may(Right.GO_ON_VISITS) or by.may(Right.PLAN_VISITS)):
        raise NotAllowed
