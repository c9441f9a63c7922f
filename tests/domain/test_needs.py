"""Needs: kept topic by topic, the optional ones with consent, models ranked with reasons, cards of competitors."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration.visits import equip
from server.database import now, uuid7
from server.domain.care.contacts import Contact
from server.domain.catalogue import CarModel
from server.domain.refusals import Invalid, WrongMove
from server.domain.showroom import Prospect, needs, register
from server.domain.showroom.grading import GradeChange
from server.domain.showroom.matching import Wish, rank
from tests.cast import Cast, a_customer


@pytest.fixture
def prospect(session: Session, cast: Cast) -> Prospect:
    """Somebody of Lin's."""
    customer = a_customer(session, cast.lin)
    return register(session, by=cast.lin, customer=customer, source="walk_in", consultant_id=cast.lin.id)


def a_model(series: str, energy: str = "ice", body: str | None = "suv", seats: int | None = 5) -> CarModel:
    """One of the catalogue."""
    words = {"zh": series, "en": series}
    return CarModel(id=uuid7(), brand=words, series=words, trim={}, energy=energy, year=2026, body=body, seats=seats)


def test_each_topic_is_kept_by_itself_and_the_others_stay(session: Session, cast: Cast, prospect: Prospect) -> None:
    needs.keep(session, prospect, "use", {"purchase": "first", "use": "family", "user": ""}, by=cast.lin)
    needs.keep(session, prospect, "car", {"concerns": ["space", "safety"], "seats": "7"}, by=cast.lin)
    needs.keep(session, prospect, "use", {"purchase": "more", "use": "family", "user": "self"}, by=cast.lin)
    answers = needs.of(session, prospect)
    assert (answers["purchase"], answers["user"], answers["concerns"]) == ("more", "self", ["space", "safety"])


def test_only_what_the_store_offers_is_an_answer(session: Session, cast: Cast, prospect: Prospect) -> None:
    with pytest.raises(Invalid) as wrong:
        needs.keep(session, prospect, "car", {"concerns": ["space", "fame"], "seats": "9", "body": "boat"}, by=cast.lin)
    assert set(wrong.value.errors) == {"concerns", "seats", "body"}


def test_questions_about_the_person_want_their_consent(session: Session, cast: Cast, prospect: Prospect) -> None:
    with pytest.raises(WrongMove):
        needs.keep(session, prospect, "person", {"age": "30"}, by=cast.lin)
    needs.agree(session, prospect, True, by=cast.lin)
    needs.keep(session, prospect, "person", {"age": "30"}, by=cast.lin)
    assert needs.of(session, prospect)["age"] == "30"
    needs.agree(session, prospect, False, by=cast.lin)
    assert "age" not in needs.of(session, prospect)
    assert not needs.may_ask(session, prospect)


def test_the_day_to_buy_decides_the_grade_and_the_call(session: Session, cast: Cast, prospect: Prospect) -> None:
    day = now().astimezone(cast.lin.zone).date() + timedelta(days=12)
    needs.decide_when(session, prospect, day, by=cast.lin)
    session.flush()
    assert prospect.grade == "A"
    assert session.scalars(select(GradeChange).where(GradeChange.why == "needs")).one().after == "A"
    owed = session.scalars(select(Contact).where(Contact.prospect_id == prospect.id, Contact.state == "owed")).one()
    assert owed.due_at == prospect.next_contact_at


def test_nothing_is_asked_of_somebody_lost(session: Session, cast: Cast, prospect: Prospect) -> None:
    prospect.state = "lost"
    with pytest.raises(WrongMove):
        needs.keep(session, prospect, "use", {"use": "family"}, by=cast.lin)


def test_the_best_stands_first_with_its_reasons() -> None:
    big, small, electric = a_model("大七座", seats=7), a_model("小五座"), a_model("纯电", "nev", "hatch", 4)
    prices = {big.id: 16_000_000, small.id: 9_000_000, electric.id: 30_000_000}
    wish = Wish(budget=(15_000_000, 20_000_000), energy="ice", body="suv", seats=7, use="family")
    found = rank([small, electric, big], prices, wish)
    assert [match.model for match in found][:2] == [big, small]
    assert {said.message for said in found[0].reasons} >= {
        "Within the budget",
        "The drive they want",
        "%(seats)s seats",
    }
    assert "%(seats)s seats" in {said.message for said in found[1].doubts}
    assert electric not in [match.model for match in found]


@pytest.mark.parametrize(
    ("price", "said"),
    [(20_000_000, "Within the budget"), (21_900_000, "A little above the budget"), (22_100_000, "Above the budget")],
)
def test_the_budget_has_an_edge(price: int, said: str) -> None:
    model = a_model("一款")
    match = rank([model], {model.id: price}, Wish(budget=(15_000_000, 20_000_000), energy="ice", body="suv"))
    assert not match or said in {one.message for one in (*match[0].reasons, *match[0].doubts)}


def test_what_the_catalogue_does_not_know_counts_neither_way() -> None:
    model = a_model("新车", body=None, seats=None)
    match = rank([model], {}, Wish(budget=(0, 1), energy="ice", body="sedan", seats=7))[0]
    assert (match.points, match.price, match.doubts) == (3, None, [])
    assert rank([model], {}, Wish()) == []


@pytest.mark.parametrize(("code", "fen"), [("100-150", (10_000_000, 15_000_000)), ("", None), ("much", None)])
def test_a_band_is_read_in_fen(code: str, fen: tuple[int, int] | None) -> None:
    assert needs.band(code) == fen


def test_cards_of_cars_that_were_named_come_first(session: Session, cast: Cast, prospect: Prospect) -> None:
    equip(session, cast.lin)
    needs.choose(session, prospect, by=cast.lin, model=None, competitors=["吉利 星越L"])
    needs.keep(session, prospect, "car", {"concerns": [], "body": "suv", "energy": "ice", "seats": "7"}, by=cast.lin)
    found = needs.matches(session, prospect, needs.of(session, prospect))
    cards = needs.cards(session, prospect, found)
    assert cards[0].series["zh"] == "星越L"
    assert cards[0].answer["en"]


def test_the_car_they_named_stands_there_whatever_speaks_against_it() -> None:
    named, others = a_model("点名的", "nev", "sedan", 5), [a_model(f"大 {place}", seats=7) for place in range(4)]
    found = rank([*others, named], {}, Wish(energy="ice", body="suv", seats=7, model_id=named.id))
    assert len(found) == 4
    assert found[-1].model is named
    assert "The one they named" in {said.message for said in found[-1].reasons}


def test_a_car_with_the_drive_they_want_stands_there_though_others_fit_better() -> None:
    plug_in, others = a_model("插混", "phev", "suv", 5), [a_model(f"大 {place}", seats=7) for place in range(4)]
    prices = {one.id: 16_000_000 for one in others} | {plug_in.id: 30_000_000}
    found = rank([*others, plug_in], prices, Wish(budget=(15_000_000, 20_000_000), energy="phev", body="suv", seats=7))
    assert [match.model for match in found][-1] is plug_in
    assert len(found) == 4


def test_a_budget_means_the_whole_of_it(session: Session, cast: Cast, prospect: Prospect) -> None:
    """149,900 on the list is not within 150,000 ready to drive."""
    model = a_model("一款")
    wish = Wish(budget=(10_000_000, 15_000_000), energy="ice")
    match = rank([model], {model.id: 14_990_000}, wish, {model.id: 16_800_000})[:1]
    assert "Within the budget" not in {said.message for one in match for said in one.reasons}
    needs.keep(session, prospect, "money", {"budget": "100-150", "payment": "cash"}, by=cast.lin)
    for one in needs.matches(session, prospect, needs.of(session, prospect)):
        assert one.on_road is not None
        assert one.price is not None
        within = "Within the budget" in {said.message for said in one.reasons}
        assert within == (one.on_road <= 15_000_000)
        assert one.on_road > one.price


def test_only_cards_of_cars_that_were_named_are_shown(session: Session, cast: Cast, prospect: Prospect) -> None:
    equip(session, cast.lin)
    needs.choose(session, prospect, by=cast.lin, model=None, competitors=["宋PLUS", "星瑞"])
    cards = needs.cards(session, prospect, needs.matches(session, prospect, {"body": "suv"}))
    assert [card.series["zh"] for card in cards] == ["宋PLUS DM-i"]
    assert needs.without_card(prospect, cards) == ["星瑞"]
