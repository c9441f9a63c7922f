"""Cards about the cars that customers compare ours with: what is good about them, what is not, and what we answer."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import ForeignKey, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, Versioned, Words

MOST = 4
SHORTEST = 2
"""Letters that a series has to be named by, when it is not named whole: 宋PLUS for 宋PLUS DM-i."""


class CompetitorCard(OfStore, Versioned, Base):
    """One car of another brand, as fairly as the store can put it."""

    __tablename__ = "competitor_cards"

    brand: Mapped[Words]
    series: Mapped[Words]
    against_id: Mapped[UUID | None] = mapped_column(ForeignKey("car_models.id"))
    """Which of ours it is compared with; None for any."""
    strengths: Mapped[Words]
    weaknesses: Mapped[Words]
    answer: Mapped[Words]
    """What a consultant says, without running the other car down."""
    active: Mapped[bool] = mapped_column(default=True)

    @property
    def name(self) -> Words:
        """Brand and series as one says them."""
        return {language: f"{self.brand[language]} {self.series[language]}" for language in ("zh", "en")}

    def is_meant_by(self, typed: str) -> bool:
        """Whether somebody who wrote this may mean it."""
        said = _plain(typed)
        brands = {_plain(name) for name in self.brand.values()}
        named = said
        for brand in brands:
            named = named.removeprefix(brand)
        series = {_plain(name) for name in self.series.values()}
        return any(name in said or (len(named) >= SHORTEST and name.startswith(named)) for name in series if name)


def cards_for(
    session: Session, store_id: UUID, named: Sequence[str], models: Sequence[UUID]
) -> Sequence[CompetitorCard]:
    """Those that the customer named; while they have named none, those that our models are compared with."""
    query = select(CompetitorCard).where(CompetitorCard.store_id == store_id, CompetitorCard.active)
    cards = session.scalars(query.order_by(CompetitorCard.id)).all()
    meant = [card for card in cards if any(card.is_meant_by(one) for one in named)]
    compared = [card for card in cards if card.against_id in models]
    return (meant if named else compared)[:MOST]


def _plain(said: str) -> str:
    return "".join(said.split()).casefold()
