"""Giving the car back: the list of the return, the next service, the customer's mark, and leaving the shop."""

from datetime import date, datetime

from sqlalchemy.orm import Session

from server.database import now
from server.domain.checklists import Ink, Progress, Run, Tap, runs, taps
from server.domain.checklists.findings import OK
from server.domain.checklists.known import answer_known
from server.domain.checklists.runs import CLOSED, OPEN, Signature
from server.domain.customers.cars import MOST_KM
from server.domain.customers.links import Guest
from server.domain.people import Person, Right
from server.domain.refusals import Invalid, N_, NotAllowed, Said, WrongMove
from server.domain.workshop import cashing, promises, settlement_papers, settling
from server.domain.workshop.repair_orders import RepairOrder, State, move, tell
from server.domain.workshop.settlements import SettlementState
from server.domain.workshop.tasks import whole

CODE = "C12"
CUSTOMER = "customer"
MARKS = range(1, 6)
BACK = (State.READY, State.SETTLED)
"""While the car is given back."""


def begin(session: Session, order: RepairOrder, *, by: Person) -> Run:
    """The list of the return is there; a car that went back to work goes on in the same one."""
    if order.return_run_id is not None:
        run = session.get_one(Run, order.return_run_id)
        if run.state != CLOSED:
            return run
    run = runs.start(session, CODE, order, by=by, energy=order.car.energy or "ice")
    order.return_run_id = run.id
    return run


def fill(session: Session, order: RepairOrder, *, by: Person) -> None:
    """What the house knows by itself is not asked again."""
    if order.return_run_id is None or order.state not in BACK:
        return
    run = session.get_one(Run, order.return_run_id)
    if run.state != OPEN:
        return
    known: dict[str, Tap] = {}
    if order.inspected_at is not None:
        known["C12-01"] = Tap(verdict=OK)
    if order.next_service_on is not None:
        known["C12-11"] = Tap(verdict=OK)
    if settling.standing(session, order):
        known |= {"C12-14": Tap(verdict=OK), "C12-15": Tap(verdict=OK)}
    answer_known(session, run, known, by=by)


def sign(
    session: Session, order: RepairOrder, *, by: Person, name: str, ink: Ink | None, seen_at: datetime | None = None
) -> None:
    """The customer has the car shown and the sums explained, and signs. Raises WrongMove while something is open."""
    may_give_back(by)
    if order.state not in BACK:
        raise WrongMove(N_("The car is not ready to be given back: it is “%(now)s”."), now=order.state_name)
    if not settling.standing(session, order):
        raise WrongMove(N_("Issue the settlement first."))
    run = begin(session, order, by=by)
    fill(session, order, by=by)
    session.flush()  # the answers that the house gave are read back
    open_ones = [one for one in runs.progress(session, run).in_the_way if one.kind != "signature"]
    if open_ones:
        raise WrongMove(N_("Before signing: %(item)s"), item=open_ones[0].text)
    taps.sign(session, run, by=by, role=CUSTOMER, name=name, ink=ink, seen_at=seen_at)
    tell(session, "repair_order.returned", order, by=by)


def signed(session: Session, order: RepairOrder, progress: Progress | None = None) -> Signature | None:
    """The customer's name under the return, if nothing was settled anew since."""
    if order.return_run_id is None:
        return None
    progress = progress or runs.progress(session, session.get_one(Run, order.return_run_id))
    found = progress.signature(None, CUSTOMER)
    assert found is None or isinstance(found, Signature)
    issued = [one.issued_at for one in settling.standing(session, order) if one.issued_at]
    return found if found and issued and found.at >= max(issued) else None


def set_next(
    session: Session, order: RepairOrder, on: date | None, km: int | None, *, by: Person
) -> None:  # fmt: skip
    """When the car is due again, whichever comes first. Raises Invalid at `next_service_on` or `next_service_km`."""
    may_give_back(by)
    if order.state not in BACK:
        raise WrongMove(N_("The car is not ready to be given back: it is “%(now)s”."), now=order.state_name)
    errors: dict[str, Said] = {}
    if on is None or on <= now().astimezone(by.zone).date():
        errors["next_service_on"] = Said(N_("Choose a day that is still to come."))
    if km is not None and not (order.km or 0) < km <= MOST_KM:
        errors["next_service_km"] = Said(N_("More than the car has now."))
    if errors:
        raise Invalid(errors)
    if (order.next_service_on, order.next_service_km) != (on, km):
        order.next_service_on, order.next_service_km = on, km
        order.version += 1
        tell(session, "repair_order.next_service", order, by=by, on=on, km=km)
    fill(session, order, by=by)


def rate(session: Session, order: RepairOrder, mark: int, *, by: Person | Guest) -> None:
    """The customer's mark from one to five; the last tap counts. Raises Invalid at `rating`, WrongMove."""
    if mark not in MARKS:
        raise Invalid.at("rating", N_("Choose one of the offered."))
    if order.state not in (*BACK, State.CLOSED):
        raise WrongMove(N_("The car is not ready to be given back: it is “%(now)s”."), now=order.state_name)
    if order.rating != mark:
        order.rating = mark
        order.version += 1
        tell(session, "repair_order.rated", order, by=by, rating=mark)


def missing(session: Session, order: RepairOrder, *, has_signed: bool | None = None) -> list[Said]:
    """What keeps the car from leaving, in the order in which it is done."""
    reasons: list[Said] = []
    if order.state == State.READY:
        found = settling.standing(session, order)
        at_desk = [one for one in found if one.state == SettlementState.ISSUED and one.payer == "self"]
        reasons.append(Said(N_("The customer has not paid.")) if at_desk else Said(N_("Issue the settlement first.")))
    if cashing.owed(session, order) < 0:
        reasons.append(Said(N_("The customer paid more than is owed: give it back.")))
    if order.next_service_on is None:
        reasons.append(Said(N_("Say when the next service is due.")))
    has_signed = signed(session, order) is not None if has_signed is None else has_signed
    if not has_signed:
        reasons.append(Said(N_("The customer has not signed the return.")))
    return reasons


def leave(session: Session, order: RepairOrder, *, by: Person) -> None:
    """The car leaves with its gate pass; from now on its guarantee runs. Raises WrongMove while something is open."""
    may_give_back(by)
    order = whole(session, order.id)[order.id]
    if order.state not in BACK:
        raise WrongMove(N_("The car is not ready to be given back: it is “%(now)s”."), now=order.state_name)
    reasons = missing(session, order)
    if reasons:
        raise WrongMove(N_("Before the car leaves: %(item)s"), item=reasons[0])
    assert order.return_run_id is not None  # it was signed
    runs.close(session.get_one(Run, order.return_run_id))
    order.left_at = max(min(by.moment(), now()), order.settled_at or now())
    settlement_papers.issue_gate_pass(session, order, by=by)
    move(session, order, State.CLOSED, "repair_order.closed", by=by, punctual=is_punctual(session, order))


def is_punctual(session: Session, order: RepairOrder) -> bool | None:
    """Whether it was ready by the promised time, as it was agreed on before it lapsed; None when nothing was promised.

    A car that is not ready yet is judged by now.
    """
    due = promises.due_at(order, promises.changes(session, order))
    if due is None:
        return None
    return (order.ready_at or now()) <= due


def may_give_back(by: Person) -> None:
    """Raises NotAllowed."""
    if not by.may(Right.SETTLE):
        raise NotAllowed
