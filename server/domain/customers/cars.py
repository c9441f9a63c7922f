"""Cars: each has a file of its own, because it outlives its owners here."""

from datetime import datetime
from typing import Any, Protocol, TypedDict, Unpack
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Versioned, Words, now, uuid7
from server.domain.customers import plates, search_tokens, vins
from server.domain.customers.reach import seen
from server.domain.customers.reading import Reading, refuse_stale, take_turn
from server.domain.people import Person
from server.domain.records import record
from server.domain.refusals import Invalid, N_, Said

MOST_KM = 3_000_000
LONGEST_ENGINE_NO = 40


class Model(Protocol):
    """A model of the catalogue, as far as a car has to know it."""

    @property
    def id(self) -> Any: ...
    @property
    def name(self) -> Words: ...
    @property
    def energy(self) -> Any: ...


class Car(OfStore, Versioned, Base):
    """One vehicle. The words of its model and colour are its own: the catalogue may move on."""

    __tablename__ = "cars"
    __table_args__ = (UniqueConstraint("store_id", "vin"), Index("ix_cars_plate", "store_id", "plate"))

    vin: Mapped[str | None]
    plate: Mapped[str | None]
    model_id: Mapped[UUID | None]
    model: Mapped[Words] = mapped_column(default=dict)
    energy: Mapped[str | None]
    colour: Mapped[Words] = mapped_column(default=dict)
    engine_no: Mapped[str] = mapped_column(default="")
    odometer_km: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(default=now)
    created_by: Mapped[UUID]

    @property
    def label(self) -> str:
        """How people call it at the desk: its plate, and the end of its VIN while it has none."""
        return label(self.plate, self.vin)

    @property
    def vin_warning(self) -> Said | None:
        """A word of caution when the check digit does not fit."""
        return vins.vin_warning(self.vin) if self.vin else None


class CarDetails(TypedDict, total=False):
    """What is typed about a car; a field that is not given stays as it is."""

    vin: str | None
    plate: str | None
    model: Model | None
    colour: Words
    engine_no: str
    odometer_km: int | None


def label(plate: str | None, vin: str | None) -> str:
    """The plate as it is written, or the last eight of the VIN."""
    return plates.spaced(plate) or f"…{(vin or '')[-8:]}"


def register(session: Session, *, by: Person, id: UUID | None = None, **details: Unpack[CarDetails]) -> Car:
    """Open a car's file. Raises Invalid, also when the VIN is on file already."""
    columns = _columns(details)
    if not columns.get("vin") and not columns.get("plate"):
        raise Invalid.at("vin", N_("Give the VIN or the plate."))
    take_turn(session, by)
    _refuse_known_vin(session, by.store_id, columns.get("vin"))
    blank = {"vin": None, "plate": None, "model_id": None, "energy": None, "odometer_km": None}
    car = Car(id=id or uuid7(), store_id=by.store_id, created_by=by.id, **blank | columns)
    session.add(car)
    session.flush()  # the event points at it
    search_tokens.rewrite(session, by.store_id, car.id, set(), search_tokens.of_car(car.vin, car.plate), car=True)
    record(session, "car.registered", car, by=by, car_id=car.id, vin=car.vin)
    return car


def change(session: Session, car: Car, *, by: Person, version: int, **details: Unpack[CarDetails]) -> Car:
    """Correct a car that was seen in that version. Raises Invalid, Stale."""
    take_turn(session, by)
    session.flush()  # what was changed just now would be forgotten in the next line
    session.refresh(car, with_for_update=True)
    columns = _columns(details)
    theirs = {name: getattr(car, name) for name in columns}
    refuse_stale(version, car.version, _shown(columns), _shown(theirs))
    changed = [name for name in columns if columns[name] != theirs[name]]
    if not changed:
        return car
    if "vin" in changed:
        _refuse_known_vin(session, by.store_id, columns["vin"])
    before = search_tokens.of_car(car.vin, car.plate)
    for name in changed:
        setattr(car, name, columns[name])
    car.version += 1
    search_tokens.rewrite(session, by.store_id, car.id, before, search_tokens.of_car(car.vin, car.plate), car=True)
    record(session, "car.changed", car, by=by, car_id=car.id, fields=sorted(changed))
    return car


def known(session: Session, store_id: UUID, *, vin: str | None, plate: str | None = None) -> Car | None:
    """The car with this VIN, or without one the car that bears this plate. Numbers as they are kept."""
    query = select(Car).where(Car.store_id == store_id)
    if vin:
        return session.scalar(query.where(Car.vin == vin))
    if plate:
        return session.scalar(query.where(Car.plate == plate).order_by(Car.created_at.desc()).limit(1))
    return None


def on_file(session: Session, *, by: Person, **details: Unpack[CarDetails]) -> Car:
    """The car that is known by this VIN or plate, or else a new file for it."""
    vin, plate = vins.read(details.get("vin") or ""), plates.read(details.get("plate") or "")
    return known(session, by.store_id, vin=vin, plate=plate) or register(session, by=by, **details)


class Reach:
    """The cars that one person may see."""

    def __init__(self, session: Session, person: Person) -> None:
        self._session = session
        self._person = person

    def one(self, car_id: UUID) -> Car:
        """The car. Raises NotThere."""
        return seen(self._session, Car, car_id, self._person)


def visible_to(session: Session, person: Person) -> Reach:
    """Where a person's look-ups of cars begin."""
    return Reach(session, person)


def _columns(details: CarDetails) -> dict[str, Any]:
    reading = Reading()
    columns: dict[str, Any] = {}
    if "vin" in details:
        columns["vin"] = reading.take(vins.read, details["vin"])
    if "plate" in details:
        columns["plate"] = reading.take(plates.read, details["plate"])
    if "engine_no" in details:
        columns["engine_no"] = reading.text("engine_no", details["engine_no"], LONGEST_ENGINE_NO).upper()
    if "odometer_km" in details:
        columns["odometer_km"] = km = details["odometer_km"]
        if km is not None and not 0 <= km <= MOST_KM:
            reading.errors["odometer_km"] = Said(N_("Between %(least)s and %(most)s."), least=0, most=MOST_KM)
    if "colour" in details:
        columns["colour"] = dict(details["colour"])
    if model := details.get("model"):
        columns |= {"model_id": model.id, "model": model.name, "energy": model.energy}
    reading.check()
    return columns


def _refuse_known_vin(session: Session, store_id: UUID, vin: str | None) -> None:
    if vin and known(session, store_id, vin=vin):
        raise Invalid.at("vin", N_("A car with this VIN is on file already."))


def _shown(columns: dict[str, Any]) -> dict[str, str]:
    """What two people compare."""
    hidden = ("model_id", "energy", "model", "colour")
    plain = {name: "" if value is None else str(value) for name, value in columns.items() if name not in hidden}
    words: dict[str, Words] = {name: columns[name] for name in ("model", "colour") if name in columns}
    return plain | {name: value.get("zh", "") for name, value in words.items()}
