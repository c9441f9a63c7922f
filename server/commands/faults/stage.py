"""What stands in the house before a fault: cars that are being inspected, and cars that are being handed over."""

import io
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import count
from uuid import UUID

from PIL import Image, ImageDraw
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration import deliveries as work
from server.commands.faults.houses import House
from server.database import now, uuid7
from server.domain import reactions
from server.domain.care import visit_before
from server.domain.care.visits import HomeVisit, State, VisitMember, move
from server.domain.catalogue import CarModel
from server.domain.checklists import runs
from server.domain.customers import cars, register, relations, vins
from server.domain.delivery import Delivery, handover, pdi
from server.domain.people import Person, Staff, Store, as_person

PLACE = {"zh": "A1 交车位", "en": "Bay A1"}
_numbers = count(1)


@dataclass(frozen=True)
class Job:
    """A checklist under way: its run, and its sections with the items in each that are answered by ✓ ! ✕."""

    delivery: str
    page: str
    run: UUID
    sections: tuple[tuple[UUID, tuple[str, ...]], ...]
    safety: frozenset[str]
    taker: str

    @property
    def items(self) -> list[str]:
        """All of them, in the order of the list."""
        return [item for _, items in self.sections for item in items]

    def address(self, section: UUID) -> str:
        """The page of a section."""
        return f"{self.page}?section={section}"

    def section_of(self, item: str) -> UUID:
        """Where an item is asked."""
        return next(section for section, items in self.sections if item in items)


def inspection(house: House) -> Job:
    """A PDI that Zhou has begun."""
    with house.database.work() as session:
        people = _people(session)
        delivery = _planned(session, people)
        run = pdi.start(session, pdi.of(session, delivery), by=people["zhou"])
        return _job(session, delivery, run, "pdi")


def handing_over(house: House) -> Job:
    """A handover that Lin has begun."""
    with house.database.work() as session:
        people = _people(session)
        delivery = _planned(session, people)
        work.inspect(session, people, delivery)
        handover.start(session, delivery, by=people["lin"])
        return _job(session, delivery, session.get_one(runs.Run, delivery.handover_id), "handover")


def home_visit(house: House) -> UUID:
    """A visit of He, Lin and Zhou, who are on their way."""
    with house.database.work() as session:
        people = _people(session)
        delivery = _planned(session, people)
        visit = HomeVisit(
            id=uuid7(), store_id=delivery.store_id, number=f"SF-{next(_numbers):04d}", state=State.CONFIRMED,
            customer_id=delivery.customer_id, car_id=delivery.car_id, leader_id=people["he"].id, day=now().date(),
            starts_at=now(), minutes=60, address="中山路 1 号", area={"zh": "镜湖区", "en": "Jinghu"}, reasons=[],
            note="", why="", position=0, created_at=now(), version=1,
        )  # fmt: skip
        team = {"he": "care_manager", "lin": "consultant", "zhou": "technician"}
        visit.members = [
            VisitMember(id=uuid7(), store_id=visit.store_id, staff_id=people[name].id, role=role)
            for name, role in team.items()
        ]
        session.add(visit)
        session.flush()  # its list points at it
        visit_before.begin_list(session, visit, by=people["he"])
        move(session, visit, State.ON_THE_WAY, "visit.set_out", by=people["he"])
        return visit.id


def photo(label: str, *, grainy: bool = False) -> bytes:
    """A small picture that no other is equal to, as a JPEG; a grainy one is as heavy as a camera's."""
    picture = Image.effect_noise((1600, 1200), 90).convert("RGB") if grainy else Image.new("RGB", (640, 480))
    draw = ImageDraw.Draw(picture)
    draw.text((20, 20), label, fill=(250, 250, 250))
    for nth, letter in enumerate(label.encode()):
        draw.rectangle((20 + nth * 12, 80, 30 + nth * 12, 80 + letter), fill=(letter, 255 - letter, 120))
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=85)
    return out.getvalue()


@cache
def _ready() -> None:
    reactions.connect()


def _people(session: Session) -> dict[str, Person]:
    _ready()
    rows = session.execute(select(Staff, Store).join(Store, Store.id == Staff.store_id)).all()
    return {staff.name: as_person(staff, store) for staff, store in rows}


def _planned(session: Session, people: dict[str, Person]) -> Delivery:
    number = next(_numbers)
    lin = people["lin"]
    owner = register(session, by=lin, name="王建国", phone=f"1391{number:07d}", even_so=True)
    model = session.scalars(select(CarModel).where(CarModel.energy == "ice").order_by(CarModel.id).limit(1)).one()
    vin = f"LVVDB11B0RD{number:06d}"
    vin = vin[: vins.CHECK_AT] + vins.check_digit(vin) + vin[vins.CHECK_AT + 1 :]
    colour = {"zh": "珠光白", "en": "Pearl white"}
    car = cars.on_file(session, by=lin, vin=vin, plate=None, model=model, colour=colour)
    relations.add(session, car, owner, "owner", by=lin)
    return work.plan(session, people, owner, car, now() + timedelta(hours=1), PLACE)


def _job(session: Session, delivery: Delivery, run: runs.Run, page: str) -> Job:
    sheet = runs.sheet_of(session, run)
    asked = {part.id: [one for one in part.questions if one.kind == "rag"] for part in sheet.parts}
    sections = tuple((section, tuple(str(one.id) for one in rows)) for section, rows in asked.items() if rows)
    safety = frozenset(str(one.id) for rows in asked.values() for one in rows if one.safety)
    address = f"/deliveries/{delivery.number}/{page}"
    return Job(delivery.number, address, run.id, sections, safety, delivery.taker)
