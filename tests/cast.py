"""The people of the tests, always the same: those of a store in Wuhu, and Tang of Hefei, who is an outsider there."""

from dataclasses import dataclass, fields
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import deliveries as work
from server.commands.demonstration.stores import furnish, open_store, opener, read
from server.database import Database, now
from server.domain import reactions
from server.domain.catalogue import CarModel
from server.domain.customers import Car, Customer, cars, register, relations
from server.domain.delivery import Delivery
from server.domain.people import Person, Staff, Store, as_person

PASSWORD, PIN = "huanche-demo", "246813"
VIN = "LVVDB11B1RD110231"
OTHER_VIN = "LVVDC21B9RD210368"
PLACE = {"zh": "A1 交车位", "en": "Bay A1"}


@dataclass(frozen=True)
class Cast:
    """Everybody by name, as the verbs want them."""

    lin: Person
    """Sales consultant."""
    fang: Person
    """Another sales consultant, who sees nothing of Lin's prospects."""
    chen: Person
    """Service advisor."""
    xu: Person
    """Another service advisor."""
    zhou: Person
    """Technician for engines and chassis."""
    sun: Person
    """Technician for everything electric."""
    ma: Person
    """Technician for bodywork."""
    luo: Person
    """Technician for paint."""
    wu: Person
    """Team leader."""
    qin: Person
    """Quality inspector: the last of the three who inspect."""
    pei: Person
    """Keeper of the parts store."""
    he: Person
    """Customer-care specialist."""
    gao: Person
    """Manager."""
    admin: Person
    tang: Person
    """Sales consultant of another store: whatever they ask for is not there."""

    @property
    def store(self) -> UUID:
        """The store in Wuhu."""
        return self.lin.store_id

    @property
    def of_wuhu(self) -> dict[str, Person]:
        """Those of one store, as the demonstration's verbs want them."""
        return {name: person for name, person in vars(self).items() if name != "tang"}


def enter(database: Database) -> None:
    """Both stores with their people, catalogues and checklists; no customer yet."""
    reactions.connect()
    with database.work() as session:
        for described in read("people.json"):
            furnish(session, opener(open_store(session, described)))


def gather(database: Database) -> Cast:
    """Find everybody in a house that they were entered into."""
    with database.work() as session:
        query = select(Staff, Store).join(Store, Store.id == Staff.store_id)
        rows = session.execute(query.where(Staff.name.in_([field.name for field in fields(Cast)]))).all()
        return Cast(**{staff.name: as_person(staff, store) for staff, store in rows})


def a_customer(session: Session, by: Person, name: str = "王建国", phone: str = "13800001101") -> Customer:
    """Somebody on file."""
    return register(session, by=by, name=name, phone=phone, even_so=True)


def a_car(session: Session, by: Person, owner: Customer, vin: str = VIN, energy: str = "ice") -> Car:
    """A car of the catalogue with an owner."""
    model = a_model(session, by, energy)
    car = cars.on_file(session, by=by, vin=vin, plate=None, model=model, colour={"zh": "珠光白", "en": "Pearl white"})
    relations.add(session, car, owner, "owner", by=by)
    return car


def a_model(session: Session, by: Person, energy: str = "ice") -> CarModel:
    """The first model with this kind of drive."""
    query = select(CarModel).where(CarModel.store_id == by.store_id, CarModel.energy == energy)
    return session.scalars(query.order_by(CarModel.id).limit(1)).one()


def a_delivery(session: Session, cast: Cast, vin: str = VIN, *, energy: str = "ice") -> Delivery:
    """Planned for an hour from now; its PDI is not begun."""
    customer = a_customer(session, cast.lin, phone=f"1380000{vin[-4:]}")
    car = a_car(session, cast.lin, customer, vin, energy)
    return work.plan(session, cast.of_wuhu, customer, car, now() + timedelta(hours=1), PLACE)


def a_ready_delivery(session: Session, cast: Cast, vin: str = VIN, *, energy: str = "ice") -> Delivery:
    """Its PDI is passed and signed."""
    delivery = a_delivery(session, cast, vin, energy=energy)
    work.inspect(session, cast.of_wuhu, delivery)
    return delivery


def a_completed_delivery(session: Session, cast: Cast, vin: str = VIN, *, energy: str = "ice") -> Delivery:
    """Handed over, signed by both, its two papers issued and its care calls owed."""
    delivery = a_ready_delivery(session, cast, vin, energy=energy)
    work.hand_over(session, cast.of_wuhu, delivery)
    return delivery
