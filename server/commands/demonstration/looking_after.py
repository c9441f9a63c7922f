"""Who looks after whom in the demonstration: a customer taken over, a promise, calls in vain, and a colleague away."""

from datetime import datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import clock
from server.commands.demonstration.at_home import CLOSED
from server.commands.demonstration.deliveries import People
from server.database import now
from server.domain.care import Contact, making
from server.domain.care.contacts import NOT_REACHED, owe
from server.domain.care.contacts import State as ContactState
from server.domain.care.data_handovers import DataHandover, take
from server.domain.customers import Customer
from server.domain.people import Person, Staff, absences

AWAY = 2
"""More days than today."""


def look_after(session: Session, people: People) -> None:
    """On top of everything that the other rooms have done."""
    _take_over(session, people["chen"])
    _promise(session, people["lin"])
    _try_in_vain(session, people["he"])
    _be_away(session, people["xu"], people["chen"])


def _take_over(session: Session, advisor: Person) -> None:
    """The owner who was delivered first, on the day after; the other one still waits."""
    theirs = select(DataHandover).join(DataHandover.customer).where(Customer.name == CLOSED)
    handover = session.scalars(theirs).one()
    with clock.at(handover.made_at + timedelta(hours=18)):
        take(session, handover, by=advisor, note="首保已约，客户偏好微信联系。")


def _promise(session: Session, consultant: Person) -> None:
    customer = session.scalars(select(Customer).where(Customer.name == CLOSED)).one()
    due = now() + timedelta(hours=1)
    with clock.at(due - timedelta(hours=4)):
        owe(session, "find_out", customer, consultant.id, due, by=consultant, about="儿童安全座椅能不能装在第三排")


def _try_in_vain(session: Session, care: Person) -> None:
    """As often as it takes until a manager has to say how it goes on."""
    query = select(Contact).where(Contact.owed_by == care.id, Contact.state == ContactState.OWED)
    contact = session.scalars(query.where(Contact.kind == "after_service").order_by(Contact.due_at, Contact.id)).first()
    assert contact is not None  # cars have left the workshop
    yesterday = now().astimezone(care.zone).date() - timedelta(days=1)
    for hour in (10, 14, 18):
        with clock.at(datetime.combine(yesterday, time(hour, 5), care.zone)):
            making.begin(session, contact, by=care)
            making.make(session, contact, by=care, outcome=NOT_REACHED, note="")


def _be_away(session: Session, away: Person, stand_in: Person) -> None:
    first = now().astimezone(away.zone).date()
    there, gone = (session.get_one(Staff, one.id) for one in (stand_in, away))
    absences.leave(session, gone, there, first, first + timedelta(days=AWAY), by=away, note="外出培训")
