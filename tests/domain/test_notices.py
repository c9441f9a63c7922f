"""Who is told of what, and what nobody has to read any more."""

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.database import now
from server.domain.checklists import Tap, runs, taps
from server.domain.delivery import Delivery, deliveries, pdi
from server.domain.people import Person, Staff, notices
from server.domain.people.notices import Notice
from tests.cast import PLACE, Cast, a_delivery, a_model


def kinds(session: Session, person: Person) -> list[str]:
    session.flush()
    return [notice.kind for notice in notices.unread(session, person)]


def fail(session: Session, delivery: Delivery, by: Person) -> pdi.Inspection:
    inspection = pdi.of(session, delivery)
    run = pdi.start(session, inspection, by=by)
    noise = next(question for question in runs.sheet_of(session, run).questions() if question.code == "C05-20")
    taps.answer(session, run, noise.id, Tap(verdict="fault", note="异响"), by=by)
    session.flush()
    pdi.fail(session, inspection, by=by)
    return inspection


def test_a_planned_delivery_is_told_to_who_serves_and_who_may_inspect_but_not_to_its_planner(
    session: Session, cast: Cast
) -> None:
    a_delivery(session, cast)
    told = {name: kinds(session, person) for name, person in cast.of_wuhu.items()}
    assert {name: kinds for name, kinds in told.items() if kinds} == {
        "chen": ["delivery.assigned"], **{name: ["pdi.owed"] for name in ("zhou", "sun", "ma", "luo", "wu")},
    }  # fmt: skip


def test_what_a_manager_plans_for_a_consultant_is_told_to_the_consultant(session: Session, cast: Cast) -> None:
    people = cast.of_wuhu
    delivery = a_delivery(session, cast)
    session.flush()
    deliveries.cancel(session, delivery, by=cast.lin, why="改期")
    deliveries.plan(
        session, by=cast.gao, customer=delivery.customer, car=delivery.car, model=a_model(session, cast.lin),
        advisor=session.get_one(Staff, people["chen"].id), consultant=session.get_one(Staff, cast.lin.id),
        planned_at=now() + timedelta(hours=2), place=PLACE,
    )  # fmt: skip
    assert kinds(session, cast.lin) == ["delivery.planned"]
    assert kinds(session, cast.gao) == []


def test_a_car_that_one_has_taken_waits_for_nobody_else(session: Session, cast: Cast) -> None:
    delivery = a_delivery(session, cast)
    session.flush()
    pdi.start(session, pdi.of(session, delivery), by=cast.zhou)
    assert (kinds(session, cast.zhou), kinds(session, cast.wu)) == ([], [])


def test_a_cancelled_delivery_is_no_work_for_the_workshop(session: Session, cast: Cast) -> None:
    delivery = a_delivery(session, cast)
    session.flush()
    deliveries.cancel(session, delivery, by=cast.lin, why="客户退订")
    assert (kinds(session, cast.zhou), kinds(session, cast.wu)) == ([], [])


def test_the_consultant_follows_the_car_from_failure_to_rework(session: Session, cast: Cast) -> None:
    delivery = a_delivery(session, cast)
    session.flush()
    inspection = fail(session, delivery, cast.zhou)
    assert kinds(session, cast.lin) == ["delivery.locked"]
    pdi.rework(session, inspection, "紧固下摆臂", by=cast.wu)
    assert sorted(kinds(session, cast.lin)) == ["delivery.locked", "delivery.rework"]


def test_a_notice_of_the_workshop_names_no_customer(session: Session, cast: Cast) -> None:
    delivery = a_delivery(session, cast)
    session.flush()
    for notice in session.scalars(select(Notice).where(Notice.kind == "pdi.owed")):
        assert delivery.customer.name not in str(notice.gaps)
        assert "customer" not in notice.gaps
