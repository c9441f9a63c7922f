"""Walk-arounds: what a car looked like when it came, on a drawing of it, with photos, signed by the customer."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from server.database import Base, OfStore, Versioned, Words
from server.domain.people import Staff
from server.domain.records import record
from server.domain.records.events import Actor, Clock
from server.domain.refusals import N_, WrongMove
from server.domain.workshop.bodies import PANELS, SEDAN
from server.domain.workshop.repair_orders import RepairOrder


class WalkState(StrEnum):
    """The life of a walk-around."""

    OPEN = "open"
    SIGNED = "signed"


WALK_MOVES: dict[WalkState, set[WalkState]] = {WalkState.OPEN: {WalkState.SIGNED}, WalkState.SIGNED: set()}
WALK_STATE_NAMES: dict[WalkState, Words] = {
    WalkState.OPEN: {"zh": "检查中", "en": "Being walked"},
    WalkState.SIGNED: {"zh": "客户已签字", "en": "Signed"},
}
DAMAGE_KINDS: dict[str, Words] = {
    "scratch": {"zh": "划痕", "en": "Scratch"},
    "dent": {"zh": "凹陷", "en": "Dent"},
    "chip": {"zh": "掉漆", "en": "Chipped paint"},
    "deformed": {"zh": "变形", "en": "Deformed"},
    "crack": {"zh": "裂纹", "en": "Crack"},
    "broken": {"zh": "破损", "en": "Broken"},
    "missing": {"zh": "缺失", "en": "Missing"},
    "rust": {"zh": "锈蚀", "en": "Rust"},
    "repaired": {"zh": "修复痕迹", "en": "Repaired before"},
    "bulge": {"zh": "轮胎鼓包", "en": "Tyre bulge"},
}
DAMAGE_CODES: dict[str, str] = {
    "scratch": "HH", "dent": "AX", "chip": "DQ", "deformed": "BX", "crack": "LW", "broken": "PS", "missing": "QS",
    "rust": "XS", "repaired": "XF", "bulge": "GB",
}  # fmt: skip
"""As they are written beside the mark on the drawing: the initials of the Chinese word."""
SIZES: dict[int, Words] = {
    1: {"zh": "小（10 × 10 cm 以内）", "en": "Small (within 10 × 10 cm)"},
    2: {"zh": "中（20 × 30 cm 以内）", "en": "Medium (within 20 × 30 cm)"},
    3: {"zh": "大（超过 20 × 30 cm）", "en": "Large (more than that)"},
}
LAMPS: dict[str, Words] = {
    "engine": {"zh": "发动机故障", "en": "Engine"},
    "oil": {"zh": "机油压力", "en": "Oil pressure"},
    "coolant": {"zh": "水温", "en": "Coolant temperature"},
    "battery": {"zh": "充电系统", "en": "Charging"},
    "brake": {"zh": "制动系统", "en": "Brakes"},
    "abs": {"zh": "ABS", "en": "ABS"},
    "airbag": {"zh": "安全气囊", "en": "Airbag"},
    "tyre": {"zh": "胎压", "en": "Tyre pressure"},
    "steering": {"zh": "转向助力", "en": "Power steering"},
    "stability": {"zh": "车身稳定", "en": "Stability control"},
    "high_voltage": {"zh": "动力电池/高压", "en": "Traction battery"},
    "service": {"zh": "保养提示", "en": "Service due"},
}
WHEELS: dict[str, Words] = {
    "front_left": {"zh": "左前", "en": "Front left"},
    "front_right": {"zh": "右前", "en": "Front right"},
    "rear_left": {"zh": "左后", "en": "Rear left"},
    "rear_right": {"zh": "右后", "en": "Rear right"},
}
LEAST_TREAD = 16
"""Tenths of a millimetre: less has to be replaced."""


class WalkAround(OfStore, Versioned, Base):
    """One walk round the car of one repair order; its list is C09."""

    __tablename__ = "walk_arounds"
    __table_args__ = (UniqueConstraint("order_id"), Index("ix_walk_arounds_car", "store_id", "car_id", "started_at"))

    state: Mapped[str] = mapped_column(default=WalkState.OPEN)
    order_id: Mapped[UUID] = mapped_column(ForeignKey("repair_orders.id"))
    car_id: Mapped[UUID] = mapped_column(ForeignKey("cars.id"))
    body: Mapped[str] = mapped_column(default=SEDAN)
    km: Mapped[int | None]
    energy_level: Mapped[int | None]
    """Fuel or charge in per cent."""
    lamps: Mapped[list[Any]] = mapped_column(default=list)
    """Warning lamps that are lit: codes of `LAMPS`."""
    valuables: Mapped[str] = mapped_column(default="")
    """What stays in the car at the customer's wish."""
    settings: Mapped[str] = mapped_column(default="")
    """Radio, climate and seat as they were, to be put back."""
    tread: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """Tenths of a millimetre by wheel, as in `WHEELS`."""
    started_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    started_at: Mapped[datetime]
    signed_at: Mapped[datetime | None]

    order: Mapped[RepairOrder] = relationship(foreign_keys=[order_id])
    starter: Mapped[Staff] = relationship(foreign_keys=[started_by])
    damages: Mapped[list["Damage"]] = relationship(
        order_by="(Damage.noted_at, Damage.id)", lazy="raise", back_populates="walk"
    )

    @property
    def is_open(self) -> bool:
        """Whether something may still be noted."""
        return self.state == WalkState.OPEN

    @property
    def standing(self) -> list["Damage"]:
        """What the car shows: without what was noted by mistake or is repaired since."""
        return [damage for damage in self.damages if damage.stands]

    @property
    def worn(self) -> list[str]:
        """Wheels whose tread is below the limit."""
        return [wheel for wheel in WHEELS if self.tread.get(wheel, LEAST_TREAD) < LEAST_TREAD]


class Damage(OfStore, Versioned, Base):
    """One damage on one panel. What was known from the last visit points at what was noted then."""

    __tablename__ = "damages"
    __table_args__ = (
        Index("ix_damages_walk", "store_id", "walk_id", "noted_at"),
        CheckConstraint("size BETWEEN 1 AND 3", name="size"),
    )

    walk_id: Mapped[UUID] = mapped_column(ForeignKey("walk_arounds.id"))
    panel: Mapped[str]
    """A code of `bodies.PANELS`."""
    kind: Mapped[str]
    size: Mapped[int]
    side: Mapped[str]
    """On which of the five drawings it was put, as in `bodies.SIDES`."""
    x: Mapped[int]
    y: Mapped[int]
    """Where on that drawing, in thousandths of its width and height."""
    note: Mapped[str] = mapped_column(default="")
    known_from_id: Mapped[UUID | None] = mapped_column(ForeignKey("damages.id"))
    noted_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    noted_at: Mapped[datetime]
    struck_at: Mapped[datetime | None]
    """It was noted by mistake."""
    gone_at: Mapped[datetime | None]
    """It was known and is repaired since."""

    walk: Mapped[WalkAround] = relationship(lazy="raise", back_populates="damages")
    photos: Mapped[list["DamagePhoto"]] = relationship(order_by="DamagePhoto.at", lazy="raise")

    @property
    def stands(self) -> bool:
        """Whether the car shows it."""
        return self.struck_at is None and self.gone_at is None

    @property
    def is_known(self) -> bool:
        """Whether it was there on the last visit."""
        return self.known_from_id is not None

    @property
    def panel_name(self) -> Words:
        """Which part of the car."""
        return PANELS[self.panel]

    @property
    def kind_name(self) -> Words:
        """What kind of damage."""
        return DAMAGE_KINDS[self.kind]

    @property
    def code(self) -> str:
        """How it is written on the drawing, such as `HH2`."""
        return f"{DAMAGE_CODES[self.kind]}{self.size}"

    @property
    def size_name(self) -> Words:
        """How large."""
        return SIZES[self.size]


class DamagePhoto(OfStore, Base):
    """A picture of a damage; written once."""

    __tablename__ = "damage_photos"
    __table_args__ = (
        Index("ix_damage_photos_damage", "store_id", "damage_id", "at"),
        UniqueConstraint("damage_id", "file_id"),
    )

    damage_id: Mapped[UUID] = mapped_column(ForeignKey("damages.id"))
    file_id: Mapped[UUID] = mapped_column(ForeignKey("files.id"))
    by_id: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))
    at: Mapped[datetime]
    original_hash: Mapped[str | None]
    """SHA-256 of what the camera gave, before the device shrank it."""


def move(session: Session, walk: WalkAround, to: WalkState, verb: str, *, by: Actor | Clock, **data: Any) -> None:
    """The one way from state to state. Raises WrongMove."""
    before = WalkState(walk.state)
    if to not in WALK_MOVES[before]:
        raise WrongMove(
            N_("This walk-around is “%(now)s”; it cannot become “%(then)s”."),
            now=WALK_STATE_NAMES[before], then=WALK_STATE_NAMES[to],
        )  # fmt: skip
    walk.state = to
    walk.version += 1
    tell(session, verb, walk, by=by, **data)


def tell(session: Session, verb: str, walk: WalkAround, *, by: Actor | Clock, **data: Any) -> None:
    """Write into the record of events what happened on a walk-around."""
    order = walk.order
    record(
        session, verb, walk, by=by, customer_id=order.customer_id, car_id=order.car_id, number=order.number, **data
    )  # fmt: skip
