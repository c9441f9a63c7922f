"""What follows from what, across rooms, in the same transaction: the whole of it on this page."""

from collections.abc import Sequence

from sqlalchemy.orm import Session

from server.domain.care import (
    after_visits,
    contacts,
    data_handovers,
    delivery_calls,
    presences,
    retention,
    workshop_calls,
)
from server.domain.care import prospects as calls
from server.domain.care.referrals import Referral
from server.domain.care.visits import HomeVisit
from server.domain.customers import Customer
from server.domain.customers.links import Guest
from server.domain.deals import Order, offering, orders
from server.domain.deals import cars as ordered_cars
from server.domain.delivery import Delivery, Inspection, papers, pdi
from server.domain.people import Person, Right, notices
from server.domain.people.staff import with_right
from server.domain.records import events
from server.domain.records.consents import Consent
from server.domain.records.events import Clock
from server.domain.showroom import Prospect, TestDrive, outcomes
from server.domain.showroom.many import standing_of
from server.domain.showroom.prospects import next_day
from server.domain.workshop import (
    OrderJob,
    RepairOrder,
    checking,
    coming_back,
    parts_stock,
    returning,
    settling,
    walk_round,
)
from server.domain.workshop.appointments import Appointment
from server.domain.workshop.expecting import BEFORE, DAY, HOUR
from server.domain.workshop.extra_works import ExtraWork


def delivery_planned(session: Session, delivery: Delivery, *, by: Person) -> None:
    """Its order has a day now; a car that is promised is inspected first, and who is concerned knows at once."""
    ordered_cars.delivery_planned(session, delivery.id, delivery.car.vin, delivery.customer.id, by=by)
    pdi.open_for(session, delivery)
    plan = {"number": delivery.number, "model": delivery.model.name, "time": delivery.planned_at.isoformat()}
    notices.tell(session, delivery.consultant.id, "delivery.planned", f"/deliveries/{delivery.number}", by=by, **plan)
    workshop = [staff.id for staff in with_right(session, by.store_id, Right.INSPECT)]
    notices.tell_all(session, workshop, "pdi.owed", f"/deliveries/{delivery.number}", by=by, **plan)


def delivery_cancelled(session: Session, delivery: Delivery, *, by: Person) -> None:
    """There is nothing to inspect any more; the order keeps its car."""
    ordered_cars.delivery_cancelled(session, delivery.id, by=by)
    _inspected_by_somebody(session, delivery, by=by)


def _inspected_by_somebody(session: Session, delivery: Delivery, *, by: Person) -> None:
    notices.settle(session, "pdi.owed", f"/deliveries/{delivery.number}", by=by)


def pdi_started(session: Session, inspection: Inspection, *, by: Person) -> None:
    """One has taken the car; the others need not."""
    _inspected_by_somebody(session, inspection.delivery, by=by)


def pdi_rework(session: Session, inspection: Inspection, *, by: Person) -> None:
    """The consultant who waits for the car knows that it goes on."""
    delivery = inspection.delivery
    notices.tell(
        session, delivery.consultant_id, "delivery.rework", f"/deliveries/{delivery.number}", by=by,
        number=delivery.number, model=delivery.model.name,
    )  # fmt: skip


def pdi_passed(session: Session, inspection: Inspection, *, by: Person) -> None:
    """What the technician signed becomes a paper."""
    papers.issue_pdi_sheet(session, inspection, by=by)


def delivery_completed(session: Session, delivery: Delivery, *, by: Person) -> None:
    """The paper is issued, service takes the car over, care calls are owed; the prospect who ordered has the car."""
    ordered_cars.delivered(session, delivery.id, by=by)
    outcomes.delivered(session, by.store_id, delivery.customer_id, by=by)
    papers.issue_confirmation(session, delivery, by=by)
    notices.tell(
        session, delivery.advisor_id, "delivery.completed", f"/customers/{delivery.customer_id}", by=by,
        number=delivery.number, customer=delivery.customer.name, model=delivery.model.name,
    )  # fmt: skip
    data_handovers.offer(session, delivery, by=by)
    assert delivery.completed_at is not None
    delivery_calls.owe_care_calls(
        session, by=by, customer=delivery.customer, car=delivery.car, consultant=delivery.consultant,
        since=delivery.completed_at,
    )  # fmt: skip


def order_placed(session: Session, order: Order, *, by: Person) -> None:
    """The prospect has been won."""
    if order.prospect.is_open:
        outcomes.ordered(session, order.prospect, by=by)


def order_cancelled(session: Session, order: Order, *, by: Person) -> None:
    """The prospect is to be won again, unless another order of theirs stands."""
    if order.prospect.state == "ordered" and not orders.others_stand(session, order):
        outcomes.order_cancelled(session, order.prospect, by=by)


def prospect_lost(session: Session, prospect: Prospect, *, by: Person) -> None:
    """What was offered to them is withdrawn; somebody asks again after some months."""
    offering.withdraw_all(session, prospect, by=by)
    prospect_changed(session, prospect, by=by)


def prospect_changed(session: Session, prospect: Prospect, *, by: Person | Clock) -> None:
    """Whoever looks after a prospect owes them their next contact, and nobody else does."""
    calls.align(session, prospect, by=by)


def prospects_changed(session: Session, prospects: Sequence[Prospect], *, by: Person | Clock) -> None:
    """The same for many at once."""
    calls.align_many(session, prospects, by=by)


def prospects_registered(session: Session, prospects: Sequence[Prospect], *, by: Person | Clock) -> None:
    """The same for many new ones at once."""
    calls.owe_many(session, prospects, by=by)


def prospect_followed_up(session: Session, prospect: Prospect, *, by: Person) -> None:
    """That was the call that was owed; the next one is."""
    calls.settle(session, prospect, by=by)


def test_drive_missed(session: Session, drive: TestDrive, *, by: Person) -> None:
    """Who did not come is called; a prospect's next contact is that call already."""
    if drive.prospect is None or not drive.prospect.is_open:
        due = next_day(by.moment(), by)
        contacts.owe(session, "missed_drive", drive.customer, drive.consultant_id, due, by=by)


def contact_consent_answered(session: Session, consent: Consent, *, by: Person) -> None:
    """Who does not want to be contacted is left alone from now on, and asked again once they agree."""
    if consent.purpose == "contact":
        outcomes.heed(session, consent.store_id, consent.customer_id, by=by)
        if not consent.given:
            calls.hush(session, consent.store_id, consent.customer_id, by=by)
    retention.withdrawn(session, consent, by=by)


def contact_consents_answered(session: Session, said: Sequence[Consent], *, by: Person) -> None:
    """The same for many at once: only for whom somebody waits or asks is there anything to do."""
    ids = [consent.customer_id for consent in said]
    concerned = set(standing_of(session, by.store_id, ids)) | calls.waited_for(session, by.store_id, ids)
    for consent in said:
        if consent.customer_id in concerned:
            contact_consent_answered(session, consent, by=by)


def customers_merged(session: Session, customer: Customer, *, by: Person) -> None:
    """What either of the two said about being contacted counts for the one."""
    outcomes.heed(session, customer.store_id, customer.id, by=by)


def work_ended(session: Session, order: RepairOrder, *, by: Person) -> None:
    """The list of its inspection is there for the first of the three who look."""
    checking.begin(session, order, by=by)


def repair_order_opened(session: Session, order: RepairOrder, *, by: Person) -> None:
    """A car that comes is walked round, with what was known of it in view."""
    walk_round.begin(session, order, by=by)


def order_was_heard(session: Session, order: RepairOrder, *, by: Person) -> None:
    """What the customer says may be the fault of the visit before."""
    coming_back.look(session, order, by=by)


def order_job_added(session: Session, job: OrderJob, *, by: Person) -> None:
    """The same job again so soon may be a comeback."""
    coming_back.look(session, session.get_one(RepairOrder, job.order_id), by=by)


def repair_order_signed(session: Session, order: RepairOrder, *, by: Person) -> None:
    """What goes into the car is kept for it, as far as it lies there."""
    parts_stock.reserve_all(session, order, by=by)


def repair_order_ready(session: Session, order: RepairOrder, *, by: Person) -> None:
    """The list of the return is there, and what is known already is answered."""
    returning.begin(session, order, by=by)


def check_failed(session: Session, order: RepairOrder, *, by: Person) -> None:
    """A car that was settled and went back to work is settled anew."""
    settling.reverse_standing(session, order, by=by, why="返工")


def repair_order_closed(session: Session, order: RepairOrder, *, by: Person) -> None:
    """The customer is called some days after the car has left."""
    workshop_calls.left(session, order, by=by)


def repair_order_cancelled(session: Session, order: RepairOrder, *, by: Person) -> None:
    """Nothing is kept for it any more."""
    parts_stock.let_go_all(session, order, by=by)


def repair_order_noted(session: Session, order: RepairOrder, *, by: Person) -> None:
    """The mileage is read once."""
    walk_round.read_with_the_order(session, order, by=by)


def appointment_reminded(session: Session, appointment: Appointment, *, by: Clock) -> None:
    """The calendar says that somebody calls: the hour before, or the day before."""
    which = DAY if appointment.hour_reminded_at is None else HOUR
    workshop_calls.remind_of(session, appointment, which, appointment.starts_at - BEFORE[which], by=by)


def appointment_confirmed(session: Session, appointment: Appointment, *, by: Person | Guest) -> None:
    """They have said that they come: nobody asks them on the day before."""
    workshop_calls.no_reminders(session, appointment, "appointment_day", by=by)


def appointment_over(session: Session, appointment: Appointment, *, by: Person | Guest) -> None:
    """They are here, or come at another time, or not at all: the calls before it are not owed any more."""
    workshop_calls.no_reminders(session, appointment, by=by)


def appointment_missed(session: Session, appointment: Appointment, *, by: Clock) -> None:
    """They did not come: they are asked on the next morning."""
    workshop_calls.missed_appointment(session, appointment, by=by)


def extra_work_answered(session: Session, extra: ExtraWork, *, by: Person | Guest) -> None:
    """What was agreed to is kept in the parts store; what was declined is asked about once more, some days later."""
    parts_stock.reserve_all(session, extra.order, by=by)
    workshop_calls.declined(session, extra, by=by)


def appointment_booked(session: Session, appointment: Appointment, *, by: Person | Guest) -> None:
    """What was found on a home visit need not be offered any more."""
    after_visits.booked(session, appointment, by=by)


def visit_set_out(session: Session, visit: HomeVisit, *, by: Person) -> None:
    """Whoever has signed in already, on a device that was heard of first, is there."""
    presences.align(session, visit, by=by)


def visit_complained(session: Session, visit: HomeVisit, *, by: Person) -> None:
    """A complaint starts where it is made: an answer is owed."""
    after_visits.complained(session, visit, by=by)


def visit_closed(session: Session, visit: HomeVisit, *, by: Person) -> None:
    """Thanks are owed, and an appointment where something was found."""
    after_visits.closed(session, visit, by=by)


def referral_recorded(session: Session, referral: Referral, *, by: Person) -> None:
    """The owner is asked whether their friend may be called."""
    after_visits.recorded(session, referral, by=by)


def referral_answered(session: Session, referral: Referral, *, by: Person) -> None:
    """Once all friends have answered nobody asks the owner any more."""
    after_visits.answered(session, referral, by=by)


def referral_registered(session: Session, referral: Referral, *, by: Person) -> None:
    """Who recommended a new prospect is thanked."""
    after_visits.registered(session, referral, by=by)


REACTIONS: dict[str, events.Reaction] = {
    "delivery.planned": delivery_planned,
    "delivery.cancelled": delivery_cancelled,
    "pdi.started": pdi_started,
    "pdi.rework": pdi_rework,
    "pdi.passed": pdi_passed,
    "delivery.completed": delivery_completed,
    "order.placed": order_placed,
    "order.cancelled": order_cancelled,
    "prospect.registered": prospect_changed,
    "prospect.came_again": prospect_changed,
    "prospect.followed_up": prospect_followed_up,
    "prospect.taken": prospect_changed,
    "prospect.given_back": prospect_changed,
    "prospect.fell_back": prospect_changed,
    "prospect.handed_over": prospect_changed,
    "prospect.kept": prospect_changed,
    "prospect.hushed": prospect_changed,
    "prospect.unhushed": prospect_changed,
    "prospect.visited": prospect_changed,
    "prospect.needs_dated": prospect_changed,
    "prospect.driven": prospect_changed,
    "prospect.missed_drive": prospect_changed,
    "test_drive.missed": test_drive_missed,
    "prospect.ordered": prospect_changed,
    "prospect.order_cancelled": prospect_changed,
    "prospect.delivered": prospect_changed,
    "prospect.lost": prospect_lost,
    "consent.given": contact_consent_answered,
    "consent.withdrawn": contact_consent_answered,
    "consent.declined": contact_consent_answered,
    "customer.merged": customers_merged,
    "appointment.booked": appointment_booked,
    "appointment.reminded": appointment_reminded,
    "visit.set_out": visit_set_out,
    "visit.complained": visit_complained,
    "visit.closed": visit_closed,
    "referral.recorded": referral_recorded,
    "referral.agreed": referral_answered,
    "referral.refused": referral_answered,
    "referral.registered": referral_registered,
    "appointment.confirmed": appointment_confirmed,
    "appointment.moved": appointment_over,
    "appointment.cancelled": appointment_over,
    "appointment.arrived": appointment_over,
    "appointment.missed": appointment_missed,
    "repair_order.opened": repair_order_opened,
    "repair_order.noted": repair_order_noted,
    "extra_work.answered": extra_work_answered,
    "repair_order.ordered": repair_order_signed,
    "repair_order.heard": order_was_heard,
    "order_job.added": order_job_added,
    "repair_order.cancelled": repair_order_cancelled,
    "repair_order.ready": repair_order_ready,
    "repair_order.closed": repair_order_closed,
    "check.failed": check_failed,
    "repair_order.work_ended": work_ended,
}
REACTIONS_OF_MANY: dict[str, events.Reaction] = {
    "prospect.registered": prospects_registered,
    "prospect.aged": prospects_changed,
    "consent.given": contact_consents_answered,
    "consent.withdrawn": contact_consents_answered,
}


def connect() -> None:
    """Let the record of events set these off."""
    events.REACTIONS.update(REACTIONS)
    events.REACTIONS_OF_MANY.update(REACTIONS_OF_MANY)
