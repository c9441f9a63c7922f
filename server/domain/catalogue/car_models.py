"""The car models the store sells and serves."""

from collections import Counter
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
SHORTEST = 2


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
    def called(self) -> Words:
        """Short for a list: the series, with its brand before it where it is little more than a number."""
        return {
            language: said if len(said) > SHORTEST else f"{self.brand.get(language, '')} {said}".strip()
            for language, said in self.series.items()
        }

    @property
    def is_charged(self) -> bool:
        """Whether it has a traction battery that is charged from outside."""
        return self.energy in CHARGED


def told_apart(models: Sequence[CarModel]) -> dict[UUID, Words]:
    """What each is called in a list of them: with its year where two would be called the same."""
    times = Counter(model.name["zh"] for model in models)
    return {model.id: model.name if times[model.name["zh"]] == 1 else _with_year(model) for model in models}


def on_sale(session: Session, store_id: UUID) -> Sequence[CarModel]:
    """Every model on file that is still made, whoever makes it, by brand, series and trim."""
    rows = session.scalars(select(CarModel).where(CarModel.store_id == store_id, CarModel.active)).all()
    return sorted(rows, key=lambda model: (model.name["zh"], model.year))


def _with_year(model: CarModel) -> Words:
    name = model.name
    return {"zh": f"{name['zh']} {model.year}款", "en": f"{name['en']} {model.year}"}
