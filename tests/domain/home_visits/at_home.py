"""A home visit as the tests make one: confirmed, on the road, made."""

from datetime import date

from sqlalchemy.orm import Session

from server.database import now, uuid7
from server.domain.care import pieces, presences, visit_findings
from server.domain.care.visits import HomeVisit, State, VisitMember, move
from server.domain.checklists import Tap, runs, taps
from server.domain.customers import Car, Customer
from tests.cast import OTHER_VIN, VIN, Cast, a_car, a_customer

TEAM = {"he": "care_manager", "lin": "consultant", "zhou": "technician"}
VINS = (VIN, OTHER_VIN)


def a_visit(
    session: Session, cast: Cast, customer: Customer, car: Car, *, day: date | None = None,
    team: dict[str, str] = TEAM, number: int = 1, state: State = State.CONFIRMED,
) -> HomeVisit:  # fmt: skip
    """One visit with its team and its list."""
    at = now()
    visit = HomeVisit(
        id=uuid7(), store_id=cast.store, number=f"SF-{number:04d}", state=state, customer=customer, car=car,
        leader_id=getattr(cast, next(iter(team))).id, day=day or at.astimezone(cast.he.zone).date(), starts_at=at,
        minutes=60, address="芜湖市镜湖区中山路 1 号", area={"zh": "镜湖区", "en": "Jinghu"}, position=0, reasons=[],
        note="", why="", created_at=at, version=1,
    )  # fmt: skip
    visit.members = [
        VisitMember(id=uuid7(), store_id=cast.store, staff_id=getattr(cast, name).id, role=role)
        for name, role in team.items()
    ]
    session.add(visit)
    session.flush()  # its list points at it
    visit.run_id = runs.start(session, "C08", visit, by=cast.he, energy=car.energy or "ice").id
    session.flush()  # whoever asks reads it back
    return visit


def a_confirmed_visit(session: Session, cast: Cast, *, number: int = 1) -> HomeVisit:
    """He, Lin and Zhou are expected at a customer's."""
    customer = a_customer(session, cast.lin, "王建国", f"1380000110{number}")
    return a_visit(session, cast, customer, a_car(session, cast.lin, customer, VINS[number - 1]), number=number)


def on_the_road(session: Session, cast: Cast, visit: HomeVisit | None = None) -> HomeVisit:
    """They have set out."""
    visit = visit or a_confirmed_visit(session, cast)
    move(session, visit, State.ON_THE_WAY, "visit.set_out", by=cast.he)
    session.flush()  # whoever asks reads it back
    return visit


def answered(session: Session, cast: Cast, visit: HomeVisit) -> None:
    """Everything in the list that stands in the way is good."""
    run = visit_findings.run_of(session, visit)
    for question in runs.progress(session, run).in_the_way:
        if question.kind in ("tick", "rag"):
            taps.answer(session, run, question.id, Tap(verdict="ok"), by=cast.he)
    session.flush()  # whoever asks reads it back


def a_made_visit(session: Session, cast: Cast) -> HomeVisit:
    """All three were there, found something, had it signed, and are back."""
    visit = on_the_road(session, cast)
    for person in (cast.he, cast.lin, cast.zhou):
        presences.sign_in(session, visit, by=person)
    visit_findings.note(session, visit, by=cast.zhou, way="electronic", verdict="fault", name="P0301 一缸失火")
    pieces.top_up(session, visit, by=cast.zhou, fluid="oil", amount=500)
    pieces.say(session, visit, by=cast.lin, kind="use", words="刹车有点软")
    answered(session, cast, visit)
    visit_findings.explain(session, visit, by=cast.zhou, name="王建国", ink=None)
    pieces.rate(session, visit, by=cast.he, score=4, words="")
    for person in (cast.he, cast.lin, cast.zhou):
        presences.sign_out(session, visit, by=person)
    return visit
