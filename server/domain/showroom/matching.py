"""Which of our models fit what somebody wants, and why: counted openly, so that a consultant can argue with it."""

from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from server.domain.catalogue import CarModel
from server.domain.refusals import N_, Said

SHOWN = 3
NEARLY = 80
A_LITTLE_MORE = 110
"""Per cent of the budget up to which a car is shown as a little above it."""
ROOMY, FRUGAL = ("suv", "mpv"), ("nev", "phev", "hev")


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What was said so far; empty is no wish. The budget is in fen, from and to."""

    budget: tuple[int, int] | None = None
    energy: str = ""
    body: str = ""
    seats: int | None = None
    use: str = ""
    concerns: Sequence[str] = ()
    model_id: UUID | None = None

    @property
    def says_something(self) -> bool:
        """Whether there is anything to go by."""
        return any((self.budget, self.energy, self.body, self.seats, self.use, self.concerns, self.model_id))


class Match(msgspec.Struct):
    """A model with its points, and what speaks for it and against it."""

    model: CarModel
    price: int | None
    """The guide price in fen."""
    on_road: int | None = None
    """What it comes to with tax, insurance and fees: by this a budget is measured, which means the whole."""
    points: int = 0
    reasons: list[Said] = []
    doubts: list[Said] = []

    def count(self, points: int, said: Said) -> None:
        """Points for or against, with the reason."""
        self.points += points
        (self.reasons if points > 0 else self.doubts).append(said)


def rank(
    models: Sequence[CarModel], prices: Mapping[UUID, int], wish: Wish, on_road: Mapping[UUID, int] | None = None
) -> list[Match]:
    """The best first; nothing while nothing was said. What the catalogue does not know counts neither way.

    The one that they named stands among them whatever speaks against it, and so does one with the drive they want.
    """
    if not wish.says_something:
        return []
    whole = prices if on_road is None else on_road
    matches = [_match(model, prices.get(model.id), whole.get(model.id), wish) for model in models]
    ranked = sorted(matches, key=lambda match: (-match.points, match.model.name["zh"]))
    best = [match for match in ranked if match.points > 0][:SHOWN]
    if wish.energy and all(match.model.energy != wish.energy for match in best):
        best += [match for match in ranked if match.model.energy == wish.energy][:1]
    return best + [match for match in ranked if match.model.id == wish.model_id and match not in best]


def _match(model: CarModel, price: int | None, on_road: int | None, wish: Wish) -> Match:
    match = Match(model, price, on_road, reasons=[], doubts=[])
    if wish.model_id == model.id:
        match.count(2, Said(N_("The one they named")))
    _budget(match, wish)
    if wish.energy:
        fits = model.energy == wish.energy
        match.count(3 if fits else -2, Said(N_("The drive they want")) if fits else Said(N_("Another drive")))
    if wish.body and model.body:
        fits = model.body == wish.body
        match.count(2 if fits else -1, Said(N_("The body they want")) if fits else Said(N_("Another body")))
    if wish.seats and model.seats:
        fits = model.seats >= wish.seats
        match.count(2 if fits else -3, Said(N_("%(seats)s seats"), seats=model.seats))
    _use(match, wish)
    return match


def _budget(match: Match, wish: Wish) -> None:
    if wish.budget is None or match.on_road is None:
        return
    least, most = wish.budget
    if match.on_road <= most:  # who names a band does not look for half of it
        match.count(4 if match.on_road * 100 >= least * NEARLY else 2, Said(N_("Within the budget")))
    elif match.on_road * 100 <= most * A_LITTLE_MORE:
        match.count(-1, Said(N_("A little above the budget")))
    else:
        match.count(-4, Said(N_("Above the budget")))


def _use(match: Match, wish: Wish) -> None:
    model = match.model
    roomy, frugal = model.body in ROOMY, model.energy in FRUGAL
    if wish.use == "family" and roomy:
        match.count(1, Said(N_("Room for a family")))
    if wish.use == "business" and model.body == "sedan":
        match.count(1, Said(N_("A sedan for business")))
    if wish.use == "commercial" and frugal:
        match.count(1, Said(N_("Costs little on many kilometres")))
    if "consumption" in wish.concerns and frugal:
        match.count(1, Said(N_("Uses little")))
    if "space" in wish.concerns and roomy:
        match.count(1, Said(N_("Roomy")))
