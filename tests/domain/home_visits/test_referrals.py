"""Whom owners recommend: no telephone without consent, a prospect and the referrer's merit with it."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.database import now, uuid7
from server.domain.care import Contact, presences, referrals
from server.domain.care.referrals import MOVES, Consent, Friend, Referral
from server.domain.care.visits import HomeVisit
from server.domain.customers import Customer
from server.domain.records import Event, consents
from server.domain.refusals import Invalid, NotThere, WrongMove
from server.domain.showroom import Prospect, register
from tests.cast import Cast, a_customer
from tests.domain.home_visits.at_home import a_confirmed_visit, on_the_road

PHONE = "13955301234"
KEPT = f"+86{PHONE}"


@pytest.fixture
def visit(session: Session, cast: Cast) -> HomeVisit:
    """He, Lin and Zhou are there."""
    visit = on_the_road(session, cast)
    presences.sign_in(session, visit, by=cast.lin)
    return visit


@pytest.fixture
def referral(session: Session, cast: Cast, visit: HomeVisit) -> Referral:
    """Somebody who is not there."""
    friend = Friend(name="李先生", relation="同事", phone=PHONE, wish="想换 SUV")
    return referrals.recommend(session, visit, friend, by=cast.lin)


def owed(session: Session, visit: HomeVisit, kind: str) -> int:
    query = select(func.count()).select_from(Contact).where(Contact.customer_id == visit.customer_id)
    return session.scalar(query.where(Contact.kind == kind, Contact.state == "owed")) or 0


@pytest.mark.parametrize("before", Consent)
@pytest.mark.parametrize("after", Consent)
def test_every_move_of_a_consent_is_in_the_table_or_refused(
    session: Session, cast: Cast, referral: Referral, before: Consent, after: Consent
) -> None:
    referral.consent = before
    if after in MOVES[before]:
        referrals.move(session, referral, after, "referral.tried", by=cast.lin)
        assert referral.consent == after
    else:
        with pytest.raises(WrongMove):
            referrals.move(session, referral, after, "referral.tried", by=cast.lin)
        assert referral.consent == before


def test_of_who_has_not_agreed_no_telephone_is_kept_and_the_asking_is_owed(
    session: Session, visit: HomeVisit, referral: Referral
) -> None:
    assert (referral.consent, referral.phone, referral.prospect_id) == ("unknown", None, None)
    assert session.scalar(select(func.count()).select_from(Customer).where(Customer.phone == KEPT)) == 0
    assert owed(session, visit, "referral_consent") == 1


def test_the_record_of_events_names_nobody_who_was_recommended(session: Session, referral: Referral) -> None:
    for event in session.scalars(select(Event).where(Event.subject_id == referral.id)):
        assert "李" not in str(event.data)
        assert PHONE not in str(event.data)


def test_who_is_there_and_agrees_is_a_prospect_at_once(session: Session, cast: Cast, visit: HomeVisit) -> None:
    friend = Friend(name="张女士", phone=PHONE, on_site=True, agrees=True, wish="七座")
    referral = referrals.recommend(session, visit, friend, by=cast.lin)
    prospect = session.get_one(Prospect, referral.prospect_id)
    assert (referral.consent, referral.phone, referral.is_new) == ("given", KEPT, True)
    assert (prospect.source, prospect.referrer_id, prospect.consultant_id, prospect.wish) == (
        "home_visit", visit.customer_id, cast.lin.id, "七座",
    )  # fmt: skip
    said = consents.standing(session, cast.store, prospect.customer_id)
    assert said["contact"].given
    assert owed(session, visit, "referral_consent") == 0, "nobody is left to be asked about"
    assert owed(session, visit, "referral_thanks") == 1


def test_who_agrees_writes_down_a_number(session: Session, cast: Cast, visit: HomeVisit) -> None:
    with pytest.raises(Invalid) as wrong:
        referrals.recommend(session, visit, Friend(name="张女士", agrees=True), by=cast.lin)
    assert list(wrong.value.errors) == ["phone"]


def test_asked_and_agreed_later_they_are_the_referrer_s_merit(
    session: Session, cast: Cast, visit: HomeVisit, referral: Referral
) -> None:
    referrals.ask(session, referral, by=cast.he)
    prospect = referrals.agree(session, referral, PHONE, by=cast.he, consultant_id=cast.fang.id)
    assert (prospect.referrer_id, prospect.consultant_id) == (visit.customer_id, cast.fang.id)
    assert referral.is_new
    assert owed(session, visit, "referral_consent") == 0
    assert owed(session, visit, "referral_thanks") == 1


def test_somebody_s_prospect_stays_theirs_and_is_nobody_s_merit(
    session: Session, cast: Cast, visit: HomeVisit, referral: Referral
) -> None:
    theirs = register(session, by=cast.fang, customer=a_customer(session, cast.fang, "李先生", PHONE),
                      source="walk_in", consultant_id=cast.fang.id)  # fmt: skip
    found = referrals.agree(session, referral, PHONE, by=cast.he, consultant_id=cast.lin.id)
    assert (found.id, found.consultant_id, found.source) == (theirs.id, cast.fang.id, "walk_in")
    assert not referral.is_new
    assert owed(session, visit, "referral_thanks") == 0


def test_who_refuses_is_left_alone(session: Session, cast: Cast, visit: HomeVisit, referral: Referral) -> None:
    referrals.refuse(session, referral, by=cast.he)
    assert (referral.consent, referral.phone) == ("refused", None)
    with pytest.raises(WrongMove):
        referrals.agree(session, referral, PHONE, by=cast.he)
    assert owed(session, visit, "referral_consent") == 0


def test_the_asking_is_owed_once_for_all_of_a_visit(
    session: Session, cast: Cast, visit: HomeVisit, referral: Referral
) -> None:
    second = referrals.recommend(session, visit, Friend(name="赵先生"), by=cast.lin)
    assert owed(session, visit, "referral_consent") == 1
    referrals.refuse(session, referral, by=cast.he)
    assert owed(session, visit, "referral_consent") == 1, "there is one more to be asked about"
    referrals.refuse(session, second, by=cast.he)
    assert owed(session, visit, "referral_consent") == 0


def test_a_referral_told_twice_by_a_device_is_one(session: Session, cast: Cast, visit: HomeVisit) -> None:
    born = uuid7()
    for _ in range(2):
        referrals.recommend(session, visit, Friend(name="赵先生", phone=PHONE, agrees=True), by=cast.lin, id=born)
    assert [one.id for one in referrals.of_visit(session, visit)] == [born]
    assert session.scalar(select(func.count()).select_from(Prospect).where(Prospect.source == "home_visit")) == 1
    with pytest.raises(NotThere):
        other = a_confirmed_visit(session, cast, number=2)
        referrals.recommend(session, other, Friend(name="赵先生"), by=cast.lin, id=born)


def test_lists_lead_on_and_know_their_neighbours(session: Session, cast: Cast, visit: HomeVisit) -> None:
    made = [referrals.recommend(session, visit, Friend(name=f"友{nth}"), by=cast.lin) for nth in range(30)]
    for nth, one in enumerate(made):
        one.at = now() - timedelta(days=30 - nth)
    session.flush()
    reach = referrals.visible_to(session, cast.he)
    first = reach.page("open")
    assert (len(first.referrals), first.earlier) == (25, None)
    second = reach.page("open", first.later)
    assert [one.id for one in (*first.referrals, *second.referrals)] == [one.id for one in made]
    assert reach.neighbours("open", made[3]) == (made[2].id, made[4].id)
    assert not referrals.visible_to(session, cast.tang).page("open").referrals
    assert not referrals.visible_to(session, cast.pei).page("open").referrals
