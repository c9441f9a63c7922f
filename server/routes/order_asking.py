"""What the page of a repair order shows of findings, extra work, the customer's link and the inspection."""

from typing import Any

from sqlalchemy.orm import Session

from server.domain.customers import links
from server.domain.people import Person
from server.domain.workshop import RepairOrder, asking, coming_back, diagnoses, noting
from server.domain.workshop.checking import Checks
from server.domain.workshop.reworks import LEVEL_NAMES


def asked(session: Session, person: Person, order: RepairOrder) -> dict[str, Any]:
    """What was found, what the customer was asked, and the link by which they follow the car."""
    found = noting.of_order(session, order)
    return {
        "found": found, "to_price": [one for one in found if one.wants_pricing],
        "extras": asking.of_order(session, order),
        "follow_link": links.current(session, order.store_id, links.FOLLOW, order.id),
    }  # fmt: skip


def checked(session: Session, person: Person, order: RepairOrder) -> dict[str, Any]:
    """Where the three-level inspection stands."""
    return {"checks": Checks(session, order) if order.inspection_run_id else None, "level_names": LEVEL_NAMES}


def came_back(session: Session, person: Person, order: RepairOrder) -> dict[str, Any]:
    """Whether this visit may be the return of an earlier one, and how many hard faults are looked for."""
    return {
        "comebacks": coming_back.of_order(session, order), "diagnoses": len(diagnoses.of_order(session, order)),
    }  # fmt: skip
