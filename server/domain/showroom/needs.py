"""The needs of a prospect: what was learned in a conversation, each answer kept as it comes."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import ForeignKey, UniqueConstraint, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from server.database import Base, OfStore, uuid7
from server.domain.catalogue import CarModel, car_models, entries, grades
from server.domain.catalogue.competitors import CompetitorCard, cards_for
from server.domain.catalogue.price_list import guide_prices
from server.domain.catalogue.selling import on_the_road, sold_here
from server.domain.people import Person
from server.domain.records import consents
from server.domain.refusals import Invalid, N_, Said, WrongMove
from server.domain.showroom import grading
from server.domain.showroom.matching import Match, Wish, rank
from server.domain.showroom.prospects import Prospect, next_day, tell
from server.domain.showroom.registration import LONGEST_COMPETITOR, MOST_COMPETITORS

ONE, MANY, TEXT = "one", "many", "text"
LONGEST = 500


class Asked(msgspec.Struct, frozen=True):
    """One question: a choice of a list, several of them, or words of their own."""

    code: str
    words: str
    kind: str = ONE
    list: str = ""
    """The catalogue's list; of `body`, `energy` and `seats` the choices are those of a car."""


TOPICS: dict[str, tuple[str, tuple[Asked, ...]]] = {
    "use": (N_("What the car is for"), (
        Asked("purchase", N_("First car, one more, or instead of one?"), list="purchase_type"),
        Asked("use", N_("What will it be used for?"), list="car_use"),
        Asked("user", N_("Who will drive it most?"), list="car_user"),
    )),
    "money": (N_("Budget"), (
        Asked("budget", N_("What may it cost, ready to drive?"), list="budget"),
        Asked("payment", N_("How would they pay?"), list="payment_wish"),
    )),
    "car": (N_("The car itself"), (
        Asked("concerns", N_("What matters most?"), MANY, "concern"),
        Asked("energy", N_("Which drive?"), list="energy"),
        Asked("body", N_("Which body?"), list="body"),
        Asked("seats", N_("How many seats at least?"), list="seats"),
    )),
    "now": (N_("What they drive now"), (
        Asked("old_car", N_("Model, year, kilometres; would they trade it in?"), TEXT),
    )),
    "notes": (N_("In their own words"), (
        Asked("words", N_("What they said"), TEXT), Asked("plan", N_("What comes next"), TEXT),
    )),
    "person": (N_("About the person (optional)"), (
        Asked("age", N_("Age"), list="age"), Asked("household", N_("Living together"), list="household"),
        Asked("driving", N_("Driving for"), list="driving_years"), Asked("income", N_("Income a year"), list="income"),
        Asked("education", N_("Education"), list="education"),
    )),
}  # fmt: skip
OPTIONAL, PURPOSE = "person", "profile"
SEATS = ("2", "4", "5", "6", "7")


class Needs(OfStore, Base):
    """What is known of one prospect's needs; `answers` by the code of the question."""

    __tablename__ = "needs"
    __table_args__ = (UniqueConstraint("store_id", "prospect_id"),)

    prospect_id: Mapped[UUID] = mapped_column(ForeignKey("prospects.id"))
    answers: Mapped[dict[str, Any]]
    begun_at: Mapped[datetime | None]
    """When the first answer was kept; not known of the oldest."""
    changed_at: Mapped[datetime]
    changed_by: Mapped[UUID] = mapped_column(ForeignKey("staff.id"))


def of(session: Session, prospect: Prospect) -> dict[str, Any]:
    """What is known, by the code of the question."""
    row = _row(session, prospect)
    return dict(row.answers) if row else {}


def keep(session: Session, prospect: Prospect, topic: str, said: Mapping[str, Any], *, by: Person) -> None:
    """Keep one topic as it was answered just now. Raises Invalid, or WrongMove without consent to the optional one."""
    if not prospect.is_open:
        raise WrongMove(N_("Only of somebody who may still buy are needs written down."))
    if topic == OPTIONAL and not may_ask(session, prospect):
        raise WrongMove(N_("These questions are optional: ask first whether they want to answer them."))
    answers = _read(session, by, topic, said)
    row = _row(session, prospect)
    if row is None:
        row = Needs(
            id=uuid7(), store_id=prospect.store_id, prospect_id=prospect.id, answers={}, begun_at=by.moment(),
            changed_at=by.moment(), changed_by=by.id,
        )  # fmt: skip
        session.add(row)
    row.answers = row.answers | answers
    row.changed_at, row.changed_by = by.moment(), by.id
    session.flush()  # the page reads it back
    # The record of events is never erased, a customer may be: what was said is not written there.
    tell(session, "prospect.needs_kept", prospect, by=by, topic=topic)


def choose(
    session: Session, prospect: Prospect, *, by: Person, model: CarModel | None, competitors: Sequence[str]
) -> None:
    """Which of ours and which of others they look at: the prospect itself knows it."""
    prospect.model = model
    prospect.competitors = [name[:LONGEST_COMPETITOR] for name in competitors][:MOST_COMPETITORS]
    prospect.version += 1
    tell(session, "prospect.changed", prospect, by=by)


def decide_when(session: Session, prospect: Prospect, expected_on: date | None, *, by: Person) -> None:
    """By when they mean to buy: the grade follows, and they are spoken to no later than it asks."""
    grading.refuse_day(by, expected_on)
    before = prospect.grade
    grading.regrade(session, prospect, expected_on, grading.ASKED, by=by)
    day = by.moment().astimezone(by.zone).date()
    days = next(one.follow_up_days for one in grades(session, by.store_id, day) if one.code == prospect.grade)
    prospect.next_contact_at = min(prospect.next_contact_at, next_day(by.moment(), by, days))
    prospect.version += 1
    tell(session, "prospect.needs_dated", prospect, by=by, from_=before, to=prospect.grade)


def agree(session: Session, prospect: Prospect, given: bool, *, by: Person) -> None:
    """Whether they want to answer questions about themselves; without, what they had said of it is forgotten."""
    consents.answer(session, prospect.customer_id, PURPOSE, given, by=by)
    row = _row(session, prospect)
    if row is not None and not given:
        own = {asked.code for asked in TOPICS[OPTIONAL][1]}
        row.answers = {code: answer for code, answer in row.answers.items() if code not in own}


def may_ask(session: Session, prospect: Prospect) -> bool:
    """Whether they agreed to the optional questions."""
    said = consents.standing(session, prospect.store_id, prospect.customer_id).get(PURPOSE)
    return said is not None and said.given


def matches(session: Session, prospect: Prospect, answers: Mapping[str, Any]) -> list[Match]:
    """Our models that fit, the best first."""
    store = prospect.store_id
    models = sold_here(session, store)
    if prospect.model is not None and prospect.model not in models:
        models = [*models, prospect.model]
    return rank(models, guide_prices(session, store), wish_of(prospect, answers), on_the_road(session, store, models))


def cards(session: Session, prospect: Prospect, found: Sequence[Match]) -> Sequence[CompetitorCard]:
    """What to know of the cars that they compare ours with."""
    return cards_for(session, prospect.store_id, prospect.competitors, [match.model.id for match in found])


def without_card(prospect: Prospect, found: Sequence[CompetitorCard]) -> list[str]:
    """What they named and nothing is known of yet."""
    return [one for one in prospect.competitors if not any(card.is_meant_by(one) for card in found)]


def wish_of(prospect: Prospect, answers: Mapping[str, Any]) -> Wish:
    """The answers as the matching reads them."""
    seats = str(answers.get("seats", ""))
    return Wish(
        budget=band(str(answers.get("budget", ""))), energy=answers.get("energy", ""), body=answers.get("body", ""),
        seats=int(seats) if seats in SEATS else None, use=answers.get("use", ""), model_id=prospect.model_id,
        concerns=answers.get("concerns", ()),
    )  # fmt: skip


def band(code: str) -> tuple[int, int] | None:
    """`100-150` of the list of budgets is from 100,000 to 150,000 yuan: in fen. Nothing for any other code."""
    low, dash, high = code.partition("-")
    return (int(low) * 100_000, int(high) * 100_000) if dash and low.isdigit() and high.isdigit() else None


def offered(session: Session, store_id: UUID, asked: Asked) -> dict[str, Any]:
    """The choices of a question, by code, in words of both languages."""
    if asked.list == "seats":
        return {code: {"zh": f"{code} 座", "en": code} for code in SEATS}
    if asked.list in ("energy", "body"):
        return dict(car_models.ENERGIES if asked.list == "energy" else car_models.BODIES)
    return {entry.code: entry.name for entry in entries(session, store_id, asked.list)}


def _row(session: Session, prospect: Prospect) -> Needs | None:
    query = select(Needs).where(Needs.store_id == prospect.store_id, Needs.prospect_id == prospect.id)
    return session.scalar(query)


def _read(session: Session, by: Person, topic: str, said: Mapping[str, Any]) -> dict[str, Any]:
    answers: dict[str, Any] = {}
    errors: dict[str, Said] = {}
    for asked in TOPICS[topic][1]:
        answer = said.get(asked.code, [] if asked.kind == MANY else "")
        given = answer if asked.kind == MANY else [answer] if answer else []
        if asked.kind == TEXT:
            answers[asked.code] = str(answer)[:LONGEST]
        elif set(given) - set(offered(session, by.store_id, asked)):
            errors[asked.code] = Said(N_("Choose one of the offered."))
        else:
            answers[asked.code] = list(given) if asked.kind == MANY else answer
    if errors:
        raise Invalid(errors)
    return answers
