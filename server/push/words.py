"""What a push says on a locked screen: the delivery and the car. Never a customer: what is not listed stays here."""

import hashlib
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from server import i18n
from server.domain.people.notices import Notice
from server.domain.people.pushes import TOPIC_OF
from server.domain.refusals import N_, Said

TITLES = {
    "delivery.planned": N_("A handover for you"),
    "delivery.assigned": N_("A car for you to look after"),
    "delivery.locked": N_("PDI failed, waits for rework"),
    "delivery.rework": N_("Rework done, being checked again"),
    "delivery.unlocked": N_("PDI passed, ready to hand over"),
    "delivery.completed": N_("Handed over: please take over the care"),
    "pdi.owed": N_("PDI to do"),
    "contact.overdue": N_("A call is overdue"),
    "contacts.overdue": N_("%(count)s calls are overdue"),
    "contacts.climbed": N_("%(count)s contacts of a colleague are overdue"),
    "contact.escalated": N_("Tried in vain too often: how does it go on?"),
    "contact.passed_on": N_("A contact is yours now"),
    "contact.resumed": N_("Please try a contact again"),
    "data_handover.offered": N_("A customer for you to take over"),
    "data_handover.late": N_("A customer was not taken over in time"),
    "absence.stand_in": N_("You stand in for a colleague"),
    "leaver.taken_over": N_("Work of a leaver is yours now"),
    "prospect.handed_over": N_("A prospect is yours now"),
    "prospects.handed_over": N_("%(count)s prospects are yours now"),
    "prospect.aged": N_("A prospect has another grade"),
    "prospects.aged": N_("%(count)s prospects have another grade"),
    "prospect.fell_back": N_("A prospect went to the pool"),
    "prospects.overdue": N_("%(count)s prospects have waited too long"),
    "reception.anothers": N_("A customer of yours is in the showroom"),
    "reception.handover_asked": N_("A hand-over is asked for: the customer waits"),
    "follow_up.commented": N_("Your manager's word on a follow-up"),
    "lost_deal.applied": N_("A lost deal for you to decide"),
    "lost_deal.agreed": N_("The lost deal is agreed"),
    "lost_deal.rejected": N_("The lost deal was sent back with advice"),
    "approval.asked": N_("Your approval is asked for"),
    "approval.approved": N_("Approved"),
    "approval.refused": N_("Not approved"),
    "trade_in.registered": N_("An old car to value"),
    "trade_in.valued": N_("The old car is valued"),
    "extra_work.answered": N_("Extra work is answered"),
    "extra_work.call_wanted": N_("A customer asks to be called"),
    "extra_work.expired": N_("Extra work was not answered in time"),
    "extra_work.approved": N_("More work was approved"),
    "check.owed": N_("A car waits for a check"),
    "check.failed": N_("A car came back from a check"),
    "visit_plan.released": N_("Home visits are planned for you"),
    "visit.planned": N_("A home visit for you"),
    "visit.booked": N_("A home visit is agreed"),
    "visit.moved": N_("A home visit was changed"),
    "visit.cancelled": N_("A home visit was cancelled"),
    "visit.broken_off": N_("A home visit was broken off"),
    "contact.complained": N_("A customer is not satisfied"),
    "visit.complained": N_("A complaint on a home visit"),
    "repair_order.ready": N_("A car is ready"),
    "job.given": N_("A job for you"),
    "job.asked": N_("The workshop asks you something"),
    "parts.asked": N_("Somebody waits for parts"),
    "finding.noted": N_("Something was found on a car"),
}
TOLD = ("number", "what", "model", "time")
"""The gaps of a notice that may leave the house, in this order."""
URGENT = "delivery"


def letter(notice: Notice, language: str, zone: tzinfo) -> bytes:
    """What the device's worker reads: words in the person's language, the page to open, and whose notice it is."""
    gaps = {name: _told(name, value, language, zone) for name, value in notice.gaps.items() if name in TOLD}
    title = Said(TITLES[notice.kind], count=notice.gaps["count"]) if "count" in notice.gaps else TITLES[notice.kind]
    said: dict[str, Any] = {
        "id": notice.id, "person": notice.staff_id, "address": notice.address, "tag": topic(notice),
        "title": i18n.tell(title, language), "body": " · ".join(gaps[name] for name in TOLD if gaps.get(name)),
        "lang": "zh-Hans" if language == "zh" else "en", "at": int(notice.created_at.timestamp() * 1000),
    }  # fmt: skip
    return msgspec.json.encode(said)


def topic(notice: Notice) -> str:
    """32 letters: of two notices about the same thing that wait for a device, the newer replaces the older."""
    return hashlib.sha256(f"{TOPIC_OF[notice.kind]} {notice.address}".encode()).hexdigest()[:32]


def urgency(notice: Notice) -> str:
    """A customer may be waiting for what locks or unlocks a car; all else bears a sleeping phone."""
    return "high" if TOPIC_OF[notice.kind] == URGENT else "normal"


def _told(name: str, value: Any, language: str, zone: tzinfo) -> str:
    if name == "time":
        return i18n.moment(datetime.fromisoformat(value), language, zone)
    return i18n.say(value, language)
