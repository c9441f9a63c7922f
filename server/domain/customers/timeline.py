"""The timeline of a customer or a car: a reading of the record of events."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, bindparam, select
from sqlalchemy.orm import Session

from server.database import Words
from server.domain.customers.cars import Car
from server.domain.customers.customers import Customer
from server.domain.customers.links import CUSTOMER
from server.domain.customers.relations import KINDS, Relation
from server.domain.people import Staff
from server.domain.records import Event, consents
from server.domain.records.events import Clock
from server.domain.refusals import N_

PAGE = 30
FURTHEST = 2**31 - 1
SOMETHING = N_("Something was recorded")
WORDS: dict[str, str] = {
    "admin.changed": N_("Changed by the administrator"),
    "car.changed": N_("Car details corrected"),
    "car.registered": N_("Car recorded"),
    "checklist.signed": N_("Checklist signed"),
    "consent.given": N_("Consent given"),
    "consent.withdrawn": N_("Consent withdrawn"),
    "consent.declined": N_("Consent declined"),
    "absences.passed_on": N_("Somebody else stands in"),
    "appointments.passed_on": N_("Appointment passed to a colleague"),
    "calling_wish.said": N_("When to be called was written down"),
    "contact.begun": N_("Being called"),
    "contact.done": N_("Contact made"),
    "contact.escalated": N_("Tried in vain too often; the manager was told"),
    "contact.let_go": N_("The manager let a contact go"),
    "contact.missed": N_("Not reached"),
    "contact.overridden": N_("Called all the same, for safety"),
    "contact.owed": N_("Contact planned"),
    "contact.passed_on": N_("Contact passed to a colleague"),
    "contact.resumed": N_("Contact to be tried again"),
    "contact.withdrawn": N_("Contact no longer needed"),
    "contacts.passed_on": N_("Contact passed to a colleague"),
    "customers.passed_on": N_("Looked after by somebody else"),
    "data_handover.left": N_("Everything of a leaver handed over"),
    "data_handover.offered": N_("To be taken over by service"),
    "data_handover.redirected": N_("To be taken over by somebody else"),
    "data_handover.taken": N_("Taken over by service, with a receipt"),
    "data_handovers.passed_on": N_("To be taken over by somebody else"),
    "deliveries.passed_on": N_("Delivery passed to a colleague"),
    "order_jobs.passed_on": N_("Job passed to a colleague"),
    "orders.passed_on": N_("Order passed to a colleague"),
    "pdi_inspections.passed_on": N_("PDI passed to a colleague"),
    "quotations.passed_on": N_("Quotation passed to a colleague"),
    "receptions.passed_on": N_("Reception passed to a colleague"),
    "repair_orders.passed_on": N_("Repair order passed to a colleague"),
    "home_visits.passed_on": N_("Home visit passed to a colleague"),
    "visit.passed_on": N_("Home visit passed to a colleague"),
    "test_drives.passed_on": N_("Test drive passed to a colleague"),
    "customer.changed": N_("Customer details corrected"),
    "customer.merged": N_("Two files merged"),
    "customer.registered": N_("Customer recorded"),
    "customer.unmasked": N_("Personal number read"),
    "delivery.cancelled": N_("Handover cancelled"),
    "delivery.completed": N_("Car handed over"),
    "delivery.locked": N_("Handover locked"),
    "delivery.moved": N_("Handover moved to another time"),
    "delivery.planned": N_("Handover planned"),
    "delivery.started": N_("Handover begun"),
    "delivery.unlocked": N_("Handover can begin"),
    "household.joined": N_("Joined a household"),
    "household.left": N_("Left the household"),
    "paper.issued": N_("Paper issued"),
    "pdi.failed": N_("PDI failed"),
    "pdi.passed": N_("PDI passed"),
    "pdi.rework": N_("PDI rework begun"),
    "pdi.started": N_("PDI begun"),
    "person.signed_in": N_("Signed in"),
    "lost_deal.agreed": N_("Counted as lost"),
    "lost_deal.applied": N_("Given up as lost; the manager decides"),
    "lost_deal.rejected": N_("Not counted as lost"),
    "lost_deal.voided": N_("No longer given up as lost"),
    "parameter.set": N_("Target set"),
    "prospect.aged": N_("Grade moved by the calendar"),
    "prospect.changed": N_("What the prospect wants was written down"),
    "prospect.came_again": N_("Came again after being lost"),
    "prospect.commented": N_("Manager's word on a follow-up"),
    "prospect.delivered": N_("Prospect has the car"),
    "prospect.fell_back": N_("Overdue for too long: went to the pool"),
    "prospect.followed_up": N_("Prospect followed up"),
    "prospect.given_back": N_("Prospect given back to the pool"),
    "prospect.handed_over": N_("Prospect handed over"),
    "prospect.hushed": N_("Is not to be contacted"),
    "prospect.kept": N_("Goes on being followed up"),
    "prospect.lost": N_("Prospect lost"),
    "prospect.order_cancelled": N_("Order cancelled"),
    "prospect.ordered": N_("Order placed"),
    "prospect.registered": N_("Prospect registered"),
    "prospect.taken": N_("Prospect taken from the pool"),
    "prospect.unhushed": N_("May be contacted again"),
    "quotation.asked": N_("Quotation made; the manager decides on the discount"),
    "quotation.offered": N_("Quotation offered"),
    "quotation.refused": N_("Discount refused"),
    "quotation.accepted": N_("Quotation accepted"),
    "quotation.expired": N_("Quotation expired"),
    "quotation.withdrawn": N_("Quotation withdrawn"),
    "trade_in.registered": N_("Old car written down"),
    "trade_in.valued": N_("Old car valued"),
    "trade_in.declined": N_("Old car not traded in"),
    "trade_in.taken": N_("Old car taken in payment"),
    "trade_in.given_back": N_("Old car given back"),
    "order.placed": N_("Order signed"),
    "order.car_assigned": N_("A car is kept for the order"),
    "order.car_released": N_("The car kept for the order is free again"),
    "order.delivery_planned": N_("Delivery of the order planned"),
    "order.delivery_cancelled": N_("The order waits for another delivery"),
    "order.delivered": N_("Order fulfilled"),
    "order.cancelled": N_("Order given up"),
    "order.refund_allowed": N_("Refund allowed by the manager"),
    "payment.taken": N_("Money received"),
    "payment.refunded": N_("Money given back"),
    "prospect.visited": N_("Prospect was in the showroom"),
    "reception.abandoned": N_("Reception begun by mistake"),
    "reception.agreed": N_("Agreed to be recorded"),
    "reception.begun": N_("Came in"),
    "reception.declined": N_("Did not want to be recorded"),
    "reception.handover_asked": N_("The manager was asked to hand them over"),
    "reception.left": N_("Seen off"),
    "reception.met": N_("Was received in the showroom"),
    "approval.approved": N_("Approved by the manager"),
    "approval.asked": N_("The manager was asked"),
    "approval.refused": N_("Refused by the manager"),
    "approval.voided": N_("The manager need not decide any more"),
    "prospect.driven": N_("Prospect has driven the car"),
    "prospect.step_rated": N_("A step of the sale was rated"),
    "prospect.needs_dated": N_("Day to buy asked for"),
    "prospect.needs_kept": N_("Needs written down"),
    "prospect.missed_drive": N_("Prospect did not come to the test drive"),
    "test_drive.back": N_("Back from the test drive"),
    "test_drive.booked": N_("Test drive booked"),
    "test_drive.cancelled": N_("Test drive cancelled"),
    "test_drive.changed": N_("Test drive changed"),
    "test_drive.evaluated": N_("Test drive evaluated"),
    "test_drive.licence_shown": N_("Driving licence looked at"),
    "test_drive.missed": N_("Did not come to the test drive"),
    "test_drive.out": N_("Out on a test drive"),
    "test_drive.photos_deleted": N_("Photos of the licence deleted"),
    "visit.booked": N_("Home visit agreed by telephone"),
    "visit.cancelled": N_("Home visit cancelled"),
    "visit.confirmed": N_("Home visit confirmed again"),
    "visit.gift_back": N_("Present for a home visit brought back"),
    "visit.gift_taken": N_("Present taken along for a home visit"),
    "visit.laid": N_("Home visit has its turn on the way"),
    "visit.moved": N_("Home visit changed"),
    "visit.planned": N_("Home visit planned"),
    "visit.released": N_("Home visit to be booked"),
    "visit.set_out": N_("On the way to a home visit"),
    "visit.unbooked": N_("Home visit to be agreed on anew"),
    "visit_gift.counted": N_("Presents counted"),
    "visit_plan.opened": N_("Plan of home visits begun"),
    "visit_plan.released": N_("Plan of home visits released"),
    "visit.arrived": N_("Home visit: the team is there"),
    "visit.signed_in": N_("Home visit: signed in"),
    "visit.signed_out": N_("Home visit: signed out"),
    "visit.found": N_("Found on a home visit"),
    "visit.finding_struck": N_("Noted on a home visit by mistake"),
    "visit.explained": N_("Findings of a home visit explained and signed"),
    "visit.topped_up": N_("Topped up on a home visit"),
    "visit.talked": N_("Said on a home visit"),
    "visit.complained": N_("Complaint made on a home visit"),
    "visit.model_shown": N_("A model was shown on a home visit"),
    "visit.rated": N_("Home visit rated by the team"),
    "visit.photographed": N_("Picture taken on a home visit"),
    "visit.photo_not_kept": N_("A picture was not kept: no consent"),
    "visit.place_deleted": N_("Place of a home visit deleted"),
    "visit.photos_deleted": N_("Pictures of a home visit deleted"),
    "visit.done": N_("Home visit made"),
    "visit.closed": N_("Home visit closed"),
    "visit.broken_off": N_("Home visit broken off"),
    "visit.signed_out_for": N_("Home visit: signed out by who leads"),
    "referral.recorded": N_("Recommended somebody"),
    "referral.asked": N_("Asks a friend whether they may be called"),
    "referral.agreed": N_("Who was recommended may be called"),
    "referral.refused": N_("Who was recommended does not want to be called"),
    "referral.registered": N_("Who was recommended is a prospect"),
    "referral.erased": N_("What was known of somebody recommended is deleted"),
    "car_sale.set": N_("Day of the sale written down"),
    "repair_order.opened": N_("Car received by the workshop"),
    "repair_order.noted": N_("Visit noted"),
    "repair_order.heard": N_("The customer's words written down"),
    "repair_order.promised": N_("Time promised"),
    "repair_order.promise_changed": N_("Promised time changed"),
    "repair_order.ordered": N_("Repair order signed by the customer"),
    "repair_order.cancelled": N_("Repair order cancelled"),
    "repair_order.work_started": N_("Work on the car began"),
    "repair_order.work_ended": N_("Work on the car is done"),
    "job.assigned": N_("Job given to a technician or a bay"),
    "job.clocked_on": N_("Job in work"),
    "job.paused": N_("Job paused"),
    "job.finished": N_("Job done"),
    "job.asked": N_("The technician asked the advisor"),
    "parts.asked": N_("The technician asked for parts"),
    "finding.noted": N_("Something was found on the car"),
    "finding.photographed": N_("A finding was photographed"),
    "finding.set_aside": N_("A finding was set aside"),
    "finding.taken_up": N_("A finding is to be priced after all"),
    "customer_link.issued": N_("Link for the customer given"),
    "customer_link.opened": N_("The customer opened their link"),
    "customer_link.revoked": N_("Link for the customer closed"),
    "extra_work.drafted": N_("Extra work is being priced"),
    "extra_work.described": N_("Extra work put into other words"),
    "extra_work.sent": N_("Extra work sent to the customer"),
    "extra_work.answered": N_("The customer answered extra work"),
    "extra_work.call_wanted": N_("The customer asked to be called about extra work"),
    "extra_work.expired": N_("Extra work was not answered in time"),
    "extra_work.dropped": N_("Extra work withdrawn"),
    "finding.priced": N_("A finding was priced"),
    "finding.unpriced": N_("A finding is to be priced anew"),
    "order_job.withdrawn": N_("Job withdrawn"),
    "order_part.withdrawn": N_("Part withdrawn"),
    "order_job.declined": N_("Job declined"),
    "order_part.declined": N_("Part declined"),
    "repair_order.extended": N_("Back to work for what was approved"),
    "check.begun": N_("Inspection of the work begun"),
    "check.signed": N_("A check of the work was signed"),
    "check.failed": N_("A check failed: back to work"),
    "job.sent_back": N_("Job sent back by a check"),
    "repair_order.passed": N_("The work passed its inspection"),
    "repair_order.wash_started": N_("Car is being washed"),
    "repair_order.ready": N_("Car is ready"),
    "repair_order.settled": N_("Everything at the desk is paid"),
    "repair_order.unsettled": N_("A settlement was reversed"),
    "repair_order.next_service": N_("Next service agreed on"),
    "repair_order.returned": N_("Car given back, signed by the customer"),
    "repair_order.rated": N_("The customer gave a mark"),
    "repair_order.closed": N_("Car has left the workshop"),
    "settlement.adjusted": N_("Other charge or discount written down"),
    "order_part.reserved": N_("Part reserved"),
    "order_part.released": N_("Part no longer reserved"),
    "order_part.issued": N_("Part issued"),
    "order_part.returned": N_("Part came back to the store"),
    "order_part.cancelled": N_("Part not needed"),
    "diagnosis.begun": N_("Diagnosis of a hard fault begun"),
    "walk_around.noted": N_("Mileage, lamps and tyres noted on the walk-around"),
    "walk_around.damage_noted": N_("A damage was noted"),
    "walk_around.damage_struck": N_("A damage had been noted by mistake"),
    "walk_around.damage_gone": N_("A known damage was looked at again"),
    "walk_around.signed": N_("Walk-around signed by the customer"),
    "appointment.booked": N_("Appointment booked"),
    "appointment.moved": N_("Appointment put to another time"),
    "appointment.unconfirmed": N_("Appointment is to be confirmed anew"),
    "appointment.confirmed": N_("Appointment confirmed by the customer"),
    "appointment.reminded": N_("The customer was reminded of the appointment"),
    "appointment.arrived": N_("Came to the appointment"),
    "appointment.cancelled": N_("Appointment cancelled"),
    "appointment.missed": N_("Did not come to the appointment"),
    "relation.added": N_("Related to a car"),
    "relation.ended": N_("No longer related to a car"),
}
"""What each verb says to a reader; other rooms add theirs."""

FIELDS: dict[str, str] = {
    "name": N_("Customer's name"),
    "phone": N_("Telephone"),
    "kind": N_("Person or company"),
    "language": N_("Language"),
    "address": N_("Address"),
    "note": N_("Note"),
    "number_sealed": N_("Personal number"),
    "vin": N_("VIN"),
    "plate": N_("Plate"),
    "model": N_("Model"),
    "colour": N_("Colour"),
    "engine_no": N_("Engine number"),
    "odometer_km": N_("Odometer"),
}
"""What the fields are called, where an event or a stale form names them."""

NOBODY = {Clock.display: N_("Huanche"), CUSTOMER: N_("Customer")}
"""Who acts without being one of the staff, by how the record calls them."""
GOOD = frozenset(
    {"delivery.completed", "pdi.passed", "delivery.unlocked", "consent.given", "contact.done", "prospect.ordered"}
)
BAD = frozenset({"pdi.failed", "delivery.locked", "delivery.cancelled", "contact.missed", "prospect.lost"})


class Moment(msgspec.Struct):
    """One event as it stands on the timeline."""

    position: int
    at: datetime
    actor: str
    """As they were called then."""
    title: Words | None
    """What one of the staff is called now, in both languages."""
    verb: str
    subject: str
    detail: dict[str, Any]
    """What the event holds besides."""

    @property
    def done_at(self) -> datetime:
        """When it was done; on a device that was without a network that is before the house heard of it."""
        said = self.detail.get("acted_at")
        return datetime.fromisoformat(said) if isinstance(said, str) else self.at

    @property
    def nobody(self) -> str:
        """For the catalogue, where it was none of the staff: the house by itself, or the customer."""
        return NOBODY.get(self.actor, "") if self.title is None else ""

    @property
    def words(self) -> str:
        """The sentence, for the catalogue."""
        return WORDS.get(self.verb, SOMETHING)

    @property
    def tone(self) -> str:
        """How it is marked."""
        return "good" if self.verb in GOOD else "bad" if self.verb in BAD else ""

    @property
    def number(self) -> str:
        """Of the delivery or the paper that it was about."""
        return self.detail.get("number", "")

    @property
    def about(self) -> list[str]:
        """What it was about in particular, for the catalogue: fields, a purpose of consent, a relation."""
        fields: list[str] = self.detail.get("fields", [])
        purpose = consents.PURPOSES.get(self.detail.get("purpose", ""))
        kind = KINDS.get(self.detail.get("kind", "")) if self.subject == Relation.__tablename__ else None
        return [*(FIELDS.get(field, field) for field in fields), *filter(None, (purpose, kind))]

    @property
    def why(self) -> str:
        """The reason that was given."""
        said = self.detail.get("why")
        return said if isinstance(said, str) else ""


class Timeline(msgspec.Struct):
    """One page of it, newest first; `older` is where the next page begins."""

    moments: list[Moment]
    older: int | None


def of_customer(session: Session, customer: Customer, before: int | None = None) -> Timeline:
    """Everything of this customer, and of the files that were merged into this one."""
    former = session.scalars(FORMER, {"store_id": customer.store_id, "kept": customer.id}).all()
    # One is asked for as one: for a list of them a database might walk the whole record backwards.
    query, whose = (OF_SEVERAL, [customer.id, *former]) if former else (OF_CUSTOMER, customer.id)
    return _page(session, query, before, store_id=customer.store_id, whose=whose)


def of_car(session: Session, car: Car, before: int | None = None) -> Timeline:
    """Everything of this car, whoever had it."""
    return _page(session, OF_CAR, before, store_id=car.store_id, whose=car.id)


def _page(session: Session, query: "Line", before: int | None, **whose: Any) -> Timeline:
    until = FURTHEST if before is None else min(max(before, 0), FURTHEST)
    moments = [Moment(*event) for event in session.execute(query, whose | {"before": until})]
    shown = moments[:PAGE]
    older = shown[-1].position if len(moments) > PAGE else None
    # The record is in the order in which the house heard of things: a page of it is read by when they were done.
    return Timeline(sorted(shown, key=lambda one: (one.done_at, one.position), reverse=True), older)


def _line(whose: ColumnElement[bool]) -> "Line":
    return (
        select(Event.position, Event.at, Event.actor, Staff.title, Event.verb, Event.subject, Event.data)
        .outerjoin(Staff, Staff.id == Event.actor_id)
        .where(Event.store_id == bindparam("store_id"), whose, Event.position < bindparam("before"))
        .order_by(Event.position.desc())
        .limit(PAGE + 1)
    )


# Composed once: to compose them takes longer than to ask them.
Line = Select[int, datetime, str, Words, str, str, dict[str, Any]]
OF_CUSTOMER = _line(Event.customer_id == bindparam("whose"))
OF_SEVERAL = _line(Event.customer_id.in_(bindparam("whose")))
OF_CAR = _line(Event.car_id == bindparam("whose"))
FORMER = select(Customer.id).where(
    Customer.store_id == bindparam("store_id"), Customer.merged_into == bindparam("kept")
)
