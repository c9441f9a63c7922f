"""The car models the store sells and serves."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Versioned, Words
from server.domain.refusals import N_

ENERGIES = {
    "ice": N_("Petrol or diesel"),
    "hev": N_("Hybrid"),
    "phev": N_("Plug-in hybrid"),
    "nev": N_("Electric"),
}
BODIES = {"sedan": N_("Sedan"), "suv": N_("SUV"), "mpv": N_("MPV"), "hatch": N_("Hatchback")}
CHARGED = frozenset({"phev", "nev"})


class CarModel(OfStore, Versioned, Base):
    """One trim of one series in one model year."""

    __tablename__ = "car_models"

    brand: Mapped[Words]
    series: Mapped[Words]
    trim: Mapped[Words]
    energy: Mapped[str]
    year: Mapped[int]
    body: Mapped[str | None]
    seats: Mapped[int | None]
    active: Mapped[bool] = mapped_column(default=True)

    @property
    def name(self) -> Words:
        """Brand, series and trim as one says them."""
        parts = (self.brand, self.series, self.trim)
        return {language: " ".join(part[language] for part in parts if part.get(language)) for language in ("zh", "en")}

    @property
    def is_charged(self) -> bool:
        """Whether it has a traction battery that is charged from outside."""
        return self.energy in CHARGED


def on_sale(session: Session, store_id: UUID) -> Sequence[CarModel]:
    """What can be ordered today, by brand, series and trim."""
    rows = session.scalars(select(CarModel).where(CarModel.store_id == store_id, CarModel.active)).all()
    return sorted(rows, key=lambda model: (model.name["zh"], model.year))
