"""Handing data over: sales to service with a receipt, all of a leaver in one act, and nothing in nobody's hands."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands import rooms
from server.database import Base, Database, now
from server.domain.care import Contact, data_handovers, leaving, unowned
from server.domain.care.belongings import ALL, CALLS, SALES, SERVICE, VISITS, WORKSHOP, in_hands
from server.domain.care.contacts import owe
from server.domain.care.data_handovers import MOVES, DataHandover, State
from server.domain.customers import Customer
from server.domain.people import Person, Staff, Store
from server.domain.people.notices import Notice
from server.domain.records import Event, Paper, consents
from server.domain.refusals import Invalid, NotAllowed, NotThere, WrongMove
from server.domain.showroom import Prospect, TestDrive, bookings, register
from server.rounds import OVERDUE_CALLS, UNOWNED, turn
from tests.cast import OTHER_VIN, Cast, a_completed_delivery, a_customer, a_delivery
from tests.domain.deals.selling import an_order
from tests.domain.drives import a_drive
from tests.domain.home_visits.planned import a_booked_visit
from tests.domain.workshop.repairing import an_order as a_repair_order

DEEDS = {
    "made_by", "taken_by", "by_id", "changed_by", "created_by", "asked_by", "decided_by", "applied_by",
    "registered_by", "valued_by", "noted_by", "found_by", "started_by", "closed_by", "issued_by", "from_id",
    "booked_by", "confirmed_by", "released_by",
}  # fmt: skip
"""Columns that say who did something: that stays theirs, whoever goes."""
SEEN_TO_OTHERWISE = {
    "prospect_hands.to_id": "what has changed hands once",
    "reworks.technician_id": "goes with its job", "comebacks.technician_id": "whose work it was",
    "clockings.technician_id": "who worked", "order_jobs.technician_id": "", "shifts.staff_id": "of the account",
    "technician_skills.staff_id": "of the account", "notices.staff_id": "of the account",
    "push_subscriptions.staff_id": "of the account", "outbox_tickets.staff_id": "of the account",
    "sign_ins.staff_id": "of the account", "absences.staff_id": "of the account",
    "visit_presences.staff_id": "who was there", "visit_effects.staff_id": "who judged it",
    "step_ratings.consultant_id": "whose step it was", "lost_deals.consultant_id": "goes with its prospect",
}  # fmt: skip


@pytest.fixture
def delivered(session: Session, cast: Cast) -> DataHandover:
    """A car was handed over: its customer is to be taken over by Chen."""
    delivery = a_completed_delivery(session, cast)
    consents.answer(session, delivery.customer_id, "contact", True, by=cast.lin)
    consents.answer(session, delivery.customer_id, "marketing", False, by=cast.lin)
    return session.scalars(select(DataHandover)).one()


def told(session: Session, person: Person, kind: str) -> list[str]:
    return list(session.scalars(select(Notice.address).where(Notice.staff_id == person.id, Notice.kind == kind)))


def staff(session: Session, *people: Person) -> list[Staff]:
    return [session.get_one(Staff, person.id) for person in people]


def test_the_life_of_a_handover(session: Session, cast: Cast, delivered: DataHandover) -> None:
    assert {(before, after) for before, to in MOVES.items() for after in to} == {(State.OFFERED, State.TAKEN)}
    for before in State:
        for after in State:
            delivered.state = before
            if after in MOVES[before]:
                data_handovers.move(session, delivered, after, "data_handover.taken", by=cast.chen)
                assert delivered.state == after
            else:
                with pytest.raises(WrongMove):
                    data_handovers.move(session, delivered, after, "data_handover.taken", by=cast.chen)


def test_service_takes_a_customer_over_with_a_receipt_and_the_consents_travel(
    session: Session, cast: Cast, delivered: DataHandover
) -> None:
    customer = delivered.customer
    assert customer is not None
    assert (delivered.from_id, delivered.to_id, customer.advisor_id) == (cast.lin.id, cast.chen.id, None)
    assert round((delivered.due_at - delivered.made_at) / timedelta(hours=1)) == 24
    data_handovers.take(session, delivered, by=cast.chen, note="首保已提醒")
    session.flush()
    assert (customer.advisor_id, delivered.taken_by, delivered.state) == (cast.chen.id, cast.chen.id, State.TAKEN)
    paper = session.scalars(select(Paper).where(Paper.kind == "data_handover")).one()
    said = {one["purpose"]["en"]: one["word"]["en"] for one in paper.content["consents"]}
    assert said["Be called about the car"] == "Given"
    assert said["Receive offers"] == "Refused or withdrawn"
    assert {person["name"] for person in paper.content["people"]} == {
        staff(session, cast.lin)[0].title["zh"], staff(session, cast.chen)[0].title["zh"],
    }  # fmt: skip
    assert len(paper.content["owed"]) == 4, "the care calls travel too"
    assert (paper.number, paper.content["customer"]["name"]) == (delivered.number, customer.name)
    assert told(session, cast.lin, "data_handover.taken") == [f"/data-handovers/{delivered.id}"]
    with pytest.raises(WrongMove):
        data_handovers.take(session, delivered, by=cast.chen)


def test_who_may_see_and_take_it(session: Session, cast: Cast, delivered: DataHandover) -> None:
    for person in (cast.lin, cast.chen, cast.gao):
        assert data_handovers.visible_to(session, person).one(delivered.id) is delivered
    for person in (cast.fang, cast.xu, cast.zhou, cast.tang, cast.he):
        with pytest.raises(NotThere):
            data_handovers.visible_to(session, person).one(delivered.id)
    with pytest.raises(WrongMove):
        data_handovers.take(session, delivered, by=cast.lin)
    with pytest.raises(NotAllowed):
        data_handovers.redirect(session, delivered, staff(session, cast.xu)[0], by=cast.chen)
    with pytest.raises(WrongMove):
        data_handovers.redirect(session, delivered, staff(session, cast.fang)[0], by=cast.gao)
    data_handovers.redirect(session, delivered, staff(session, cast.xu)[0], by=cast.gao)
    data_handovers.take(session, delivered, by=cast.xu)
    assert delivered.customer is not None
    assert delivered.customer.advisor_id == cast.xu.id


def test_what_nobody_takes_over_in_time_climbs_once(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        a_completed_delivery(session, cast)
        due = session.scalars(select(DataHandover)).one().due_at
    for hours in (-1, 1, 2):
        turn(database, OVERDUE_CALLS, due + timedelta(hours=hours))
        with database.work(cast.store) as session:
            assert len(told(session, cast.gao, "data_handover.late")) == (0 if hours < 0 else 1)


def test_everything_of_a_leaver_goes_in_one_act_with_a_receipt(session: Session, cast: Cast) -> None:
    delivery, order, drive = a_delivery(session, cast, OTHER_VIN), an_order(session, cast.lin), a_drive(session, cast)
    customers = [a_customer(session, cast.lin, phone=f"1397777000{nth}") for nth in range(3)]
    prospects = [
        register(session, by=cast.lin, customer=one, source="walk_in", consultant_id=cast.lin.id) for one in customers
    ]
    call = owe(session, "call_back", customers[0], cast.lin.id, now(), by=cast.lin)
    assert call is not None
    session.flush()
    held = in_hands(session, cast.store, cast.lin.id)
    assert held == {"prospects": 5, "orders": 1, "test_drives": 1, "deliveries": 1, "contacts": 1}
    to = {SALES: staff(session, cast.fang, cast.gao), CALLS: staff(session, cast.he)}
    receipt = leaving.hand_over(session, staff(session, cast.lin)[0], to, by=cast.gao, note="调往合肥")
    session.flush()
    session.expire_all()
    assert in_hands(session, cast.store, cast.lin.id) == {}
    takers = {session.get_one(Prospect, one.id).consultant_id for one in prospects}
    assert takers == {cast.fang.id, cast.gao.id}
    assert {order.consultant_id, drive.consultant_id, delivery.consultant_id} <= {cast.fang.id, cast.gao.id}
    assert call.owed_by == cast.he.id
    follow_ups = session.scalars(select(Contact).where(Contact.prospect_id.is_not(None), Contact.state == "owed"))
    assert all(one.owed_by == session.get_one(Prospect, one.prospect_id).consultant_id for one in follow_ups)
    assert {line["what"]["en"]: line["count"] for line in receipt.lines} == {
        "Prospects": 5, "Orders": 1, "Test drives": 1, "Deliveries, sales": 1, "Contacts owed": 1,
    }  # fmt: skip
    paper = session.scalars(select(Paper).where(Paper.kind == "data_handover")).one()
    assert (paper.subject_id, paper.content["left"], paper.content["customer"]) == (receipt.id, receipt.lines, None)
    event = session.scalars(select(Event).where(Event.verb == "data_handover.left")).one()
    assert (event.actor_id, event.data["count"]) == (cast.gao.id, 9)
    assert told(session, cast.admin, "leaver.gone") == [f"/data-handovers/{receipt.id}"]
    assert told(session, cast.fang, "leaver.taken_over") == ["/contacts"]


def test_what_takes_somebody_s_time_goes_to_who_is_free(session: Session, cast: Cast) -> None:
    drive = a_drive(session, cast)
    session.add(
        bookings.Hold(
            store_id=cast.store, drive_id=drive.id, kind="consultant", resource=f"consultant:{cast.fang.id}",
            starts_at=drive.starts_at, ends_at=drive.ends_at,
        )
    )  # fmt: skip
    session.flush()
    lin, fang, gao = staff(session, cast.lin, cast.fang, cast.gao)
    # Fang's own hold is of another drive: give it one that stays.
    other = session.scalars(select(bookings.Hold).where(bookings.Hold.resource == f"consultant:{cast.fang.id}")).one()
    other.drive_id = None
    session.flush()
    with pytest.raises(Invalid) as wrong:
        leaving.hand_over(session, lin, {SALES: [fang]}, by=cast.gao)
    assert set(wrong.value.errors) == {f"to-{SALES}"}
    session.expire_all()
    assert session.get_one(TestDrive, drive.id).consultant_id == cast.lin.id
    leaving.hand_over(session, lin, {SALES: [fang, gao]}, by=cast.gao)
    session.flush()
    held = session.scalars(select(bookings.Hold.resource).where(bookings.Hold.drive_id == drive.id)).all()
    assert f"consultant:{cast.gao.id}" in held
    assert f"consultant:{cast.lin.id}" not in held


@pytest.mark.parametrize(("to", "left"), [(["lin"], 2), (["fang"], 3), (["xu", "fang"], 3)])
def test_seats_on_visits_go_to_who_is_free_and_the_visit_keeps_a_leader(
    session: Session, cast: Cast, to: list[str], left: int
) -> None:
    """He leads; Lin sits in the visit already, and Xu is elsewhere at that time."""
    visit = a_booked_visit(session, cast)
    held = session.scalars(select(bookings.Hold).where(bookings.Hold.visit_id == visit.id)).first()
    assert held is not None
    session.add(
        bookings.Hold(
            store_id=cast.store, drive_id=None, visit_id=None, kind="consultant", resource=f"consultant:{cast.xu.id}",
            starts_at=held.starts_at, ends_at=held.ends_at,
        )
    )  # fmt: skip
    session.flush()
    assert {"visits", "visit_seats", "team_seats"} <= set(in_hands(session, cast.store, cast.he.id))
    takers = staff(session, *(getattr(cast, name) for name in to))
    he = staff(session, cast.he)[0]
    everything = {SALES: [], VISITS: takers, CALLS: staff(session, cast.gao)}
    leaving.hand_over(session, he, everything, by=cast.gao)
    session.flush()
    session.expire_all()
    assert (cast.he.id in visit.crew, len(visit.members)) == (False, left)
    assert visit.leader_id in visit.crew
    assert visit.leader_id == getattr(cast, to[-1]).id
    found = set(session.scalars(select(bookings.Hold.resource).where(bookings.Hold.visit_id == visit.id)))
    assert {f"consultant:{one}" for one in visit.crew} <= found
    assert f"consultant:{cast.he.id}" not in found
    assert in_hands(session, cast.store, cast.he.id) == {}


def test_who_takes_over_must_be_there_and_able_and_every_group_needs_somebody(session: Session, cast: Cast) -> None:
    a_repair_order(session, cast)
    call = owe(session, "call_back", a_customer(session, cast.lin), cast.chen.id, now(), by=cast.lin)
    assert call is not None
    session.flush()
    chen, xu, he, zhou = staff(session, cast.chen, cast.xu, cast.he, cast.zhou)
    for to, wrong in (
        ({}, {SERVICE, CALLS}), ({SERVICE: [xu]}, {CALLS}), ({SERVICE: [he], CALLS: [he]}, {SERVICE}),
        ({SERVICE: [chen], CALLS: [chen]}, {SERVICE, CALLS}), ({SERVICE: [xu], CALLS: [zhou]}, {CALLS}),
    ):  # fmt: skip
        with pytest.raises(Invalid) as no:
            leaving.hand_over(session, chen, to, by=cast.gao)
        assert set(no.value.errors) == {f"to-{group}" for group in wrong}
    with pytest.raises(NotAllowed):
        leaving.hand_over(session, chen, {SERVICE: [xu], CALLS: [he]}, by=cast.chen)
    with pytest.raises(Invalid):
        leaving.hand_over(session, staff(session, cast.qin)[0], {WORKSHOP: [zhou]}, by=cast.gao)
    leaving.hand_over(session, chen, {SERVICE: [xu], CALLS: [he]}, by=cast.gao)
    assert call.owed_by == cast.he.id


def test_nothing_is_in_nobody_s_hands_after_a_working_day(session: Session, cast: Cast) -> None:
    a_completed_delivery(session, cast)
    an_order(session, cast.lin)
    session.flush()
    assert unowned.find(session, cast.store) == []


def test_what_somebody_who_has_left_still_holds_is_found_and_told(database: Database, cast: Cast) -> None:
    with database.work(cast.store) as session:
        a_completed_delivery(session, cast)
        data_handovers.take(session, session.scalars(select(DataHandover)).one(), by=cast.chen)
        a_delivery(session, cast, OTHER_VIN)
        session.flush()
        for person in (cast.lin, cast.chen):
            session.get_one(Staff, person.id).active = False
    with database.work(cast.store) as session:
        found = unowned.find(session, cast.store)
        assert {one.code for one in found} == {"deliveries", "deliveries_served", "customers", "contacts"}
        assert all(one.left is not None for one in found)
        assert {one.called for one in found if one.code in ("customers", "contacts")} == {"王建国"}, "by name"
        assert all(one.key == str(one.id) for one in found)
    turn(database, UNOWNED, now())
    with database.work(cast.store) as session:
        assert told(session, cast.gao, "unowned.found") == ["/unowned"]
        everything = {
            SALES: staff(session, cast.fang),
            SERVICE: staff(session, cast.xu),
            CALLS: staff(session, cast.he),
        }
        for person in (cast.lin, cast.chen):
            leaving.hand_over(session, staff(session, person)[0], everything, by=cast.gao)
        session.flush()
        assert unowned.find(session, cast.store) == []


def test_an_owner_whom_nobody_has_taken_over_is_found(session: Session, cast: Cast, delivered: DataHandover) -> None:
    assert unowned.find(session, cast.store) == [], "on the way from sales to service"
    delivered.state = State.TAKEN
    session.flush()
    (found,) = unowned.find(session, cast.store)
    assert (found.code, found.id, found.left) == ("customers", delivered.customer_id, None)
    session.get_one(Customer, delivered.customer_id).advisor_id = cast.chen.id
    session.flush()
    assert unowned.find(session, cast.store) == []


def test_the_look_stays_within_one_store(session: Session, cast: Cast, delivered: DataHandover) -> None:
    delivered.state = State.TAKEN
    session.flush()
    assert unowned.find(session, cast.tang.store_id) == []
    assert unowned.tell(session, Store(id=cast.tang.store_id), now()) == 0


def test_every_column_that_names_one_of_the_staff_is_a_belonging_or_a_deed() -> None:
    """A new room cannot forget: whatever points at the staff is handed over by a leaver, or stays as who did it."""
    assert rooms.METADATA is Base.metadata
    owned = {f"{one.table.__tablename__}.{one.owner.key}" for one in ALL}
    pointing: set[str] = {
        f"{table.name}.{column.name}"
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if any(key.target_fullname == "staff.id" for key in column.foreign_keys)
    }
    left: list[Any] = sorted(
        name for name in pointing - owned - set(SEEN_TO_OTHERWISE) if name.split(".")[1] not in DEEDS
    )
    assert left == []
