"""Receptions: the clock, the privacy notice, who is met, whose they are, and how they are seen off."""

from datetime import timedelta
from uuid import UUID

import msgspec
import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from server.database import Database, now, uuid7
from server.domain.care.contacts import Contact
from server.domain.checklists import Run, Tap, runs, taps
from server.domain.people import Person
from server.domain.people.notices import Notice
from server.domain.records import consents
from server.domain.refusals import Invalid, NotThere, WrongMove
from server.domain.showroom import Prospect, Reception, meeting, receptions, register
from server.domain.showroom.prospects import State as ProspectState
from server.domain.showroom.prospects import move as move_prospect
from server.domain.showroom.prospects import next_day
from server.domain.showroom.receptions import MOVES, State
from server.domain.showroom.visits import visible_to
from tests.cast import Cast, a_customer


def a_reception(session: Session, by: Person, minutes: int = 25) -> Reception:
    """Somebody who came so many minutes ago."""
    return receptions.begin(session, by=msgspec.structs.replace(by, acted_at=now() - timedelta(minutes=minutes)))


def owed(session: Session, prospect: Prospect) -> Contact:
    """The call that is owed to them."""
    return session.scalars(select(Contact).where(Contact.prospect_id == prospect.id, Contact.state == "owed")).one()


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize("after", State)
def test_every_move_is_in_the_table_or_refused(session: Session, cast: Cast, before: State, after: State) -> None:
    reception = a_reception(session, cast.lin)
    reception.state = before
    if after in MOVES[before]:
        receptions.move(session, reception, after, "reception.tried", by=cast.lin)
        assert reception.state == after
        assert reception.left_at is not None
    else:
        with pytest.raises(WrongMove):
            receptions.move(session, reception, after, "reception.tried", by=cast.lin)
        assert reception.state == before


def test_one_tap_starts_the_clock_and_the_list(session: Session, cast: Cast) -> None:
    reception = a_reception(session, cast.lin, minutes=12)
    assert (reception.state, reception.stayed(now())) == (State.RECEIVING, 12)
    assert reception.run_id is not None
    assert session.get_one(Run, reception.run_id).code == "C01"


def test_the_list_knows_how_many_came_until_somebody_says_otherwise(session: Session, cast: Cast) -> None:
    reception = a_reception(session, cast.lin)

    def note_down(party: int) -> None:
        known = {"purpose": "", "source": "walk_in", "is_first": None}
        receptions.note_down(session, reception, by=cast.lin, party=party, **known)

    def people() -> tuple[UUID, float | None]:
        session.flush()
        standing = runs.progress(session, session.get_one(Run, reception.run_id))
        return next((item, answer.number) for item, answer in standing.newest.items())

    assert people()[1] == 1
    note_down(3)
    item, count = people()
    assert count == 3
    taps.answer(session, session.get_one(Run, reception.run_id), item, Tap(number="4"), by=cast.lin)
    session.flush()
    note_down(2)
    assert people()[1] == 4, "what somebody has said stays"


def test_an_identity_from_the_device_is_used_once(session: Session, cast: Cast) -> None:
    born = uuid7()
    assert receptions.begin(session, by=cast.lin, id=born).id == born
    with pytest.raises(WrongMove):
        receptions.begin(session, by=cast.lin, id=born)


def test_somebody_new_becomes_a_prospect_whom_a_call_is_owed_tomorrow(session: Session, cast: Cast) -> None:
    reception = a_reception(session, cast.lin)
    receptions.answer_privacy(session, reception, True, by=cast.lin)
    customer = a_customer(session, cast.lin)
    prospect = meeting.meet(session, reception, customer, by=cast.lin)
    assert (prospect.consultant_id, prospect.source, reception.is_first) == (cast.lin.id, "walk_in", True)
    assert consents.standing(session, cast.store, customer.id)["file"].given
    meeting.see_off(session, reception, by=cast.lin, story="看了两款车")
    tomorrow = now().astimezone(cast.lin.zone).date() + timedelta(days=1)
    contact = owed(session, prospect)
    assert (contact.kind, contact.owed_by) == ("first_contact", cast.lin.id)
    assert contact.due_at.astimezone(cast.lin.zone).date() == tomorrow
    assert (reception.state, reception.story) == (State.LEFT, "看了两款车")


def test_how_long_they_stayed_stands_in_the_list(session: Session, cast: Cast) -> None:
    """It is counted, not typed: the question for minutes is answered by the clock."""
    reception = a_reception(session, cast.lin, minutes=37)
    meeting.see_off(session, reception, by=cast.lin)
    session.flush()
    progress = runs.progress(session, session.get_one(Run, reception.run_id))
    minutes = next(q for q in progress.sheet.questions() if q.unit and q.unit["en"] == "min")
    assert progress.newest[minutes.id].number == 37


def test_their_own_prospect_goes_on(session: Session, cast: Cast) -> None:
    customer = a_customer(session, cast.lin)
    known = register(session, by=cast.lin, customer=customer, source="online", consultant_id=cast.lin.id)
    known.first_contact_at, known.next_contact_at = now(), now() + timedelta(days=6)
    reception = a_reception(session, cast.lin)
    assert meeting.meet(session, reception, customer, by=cast.lin) is known
    meeting.see_off(session, reception, by=cast.lin)
    tomorrow = now().astimezone(cast.lin.zone).date() + timedelta(days=1)
    assert known.next_contact_at.astimezone(cast.lin.zone).date() == tomorrow
    assert owed(session, known).due_at == known.next_contact_at


def test_who_lies_in_the_pool_is_taken(session: Session, cast: Cast) -> None:
    customer = a_customer(session, cast.lin)
    pooled = register(session, by=cast.gao, customer=customer, source="online")
    assert meeting.meet(session, a_reception(session, cast.lin), customer, by=cast.lin) is pooled
    assert pooled.consultant_id == cast.lin.id


def test_who_was_lost_begins_anew(session: Session, cast: Cast) -> None:
    customer = a_customer(session, cast.lin)
    lost = register(session, by=cast.gao, customer=customer, source="online", consultant_id=cast.gao.id)
    move_prospect(session, lost, ProspectState.LOST, "prospect.lost", by=cast.gao)
    session.flush()
    (found,) = meeting.known(session, cast.lin, [customer])
    assert (found.mine, found.lost_at) == (False, lost.ended_at), "nobody looks after them now"
    assert meeting.meet(session, a_reception(session, cast.lin), customer, by=cast.lin) is lost
    assert (lost.state, lost.grade, lost.consultant_id) == ("open", "C", cast.lin.id)


def test_who_waits_for_their_car_gets_no_second_prospect(session: Session, cast: Cast) -> None:
    customer = a_customer(session, cast.lin)
    waiting = register(session, by=cast.lin, customer=customer, source="online", consultant_id=cast.lin.id)
    move_prospect(session, waiting, ProspectState.ORDERED, "prospect.ordered", by=cast.lin)
    assert meeting.meet(session, a_reception(session, cast.lin), customer, by=cast.lin) is waiting


def test_a_colleagues_prospect_stays_theirs_and_they_are_told(session: Session, cast: Cast) -> None:
    customer = a_customer(session, cast.gao)
    theirs = register(session, by=cast.gao, customer=customer, source="online", consultant_id=cast.gao.id)
    reception = a_reception(session, cast.lin)
    assert meeting.meet(session, reception, customer, by=cast.lin) is theirs
    assert theirs.consultant_id == cast.gao.id
    assert reception.is_anothers
    session.flush()
    told = session.scalars(select(Notice).where(Notice.staff_id == cast.gao.id)).all()
    assert "reception.anothers" in {notice.kind for notice in told}


def test_the_manager_is_asked_once_to_hand_them_over(session: Session, cast: Cast) -> None:
    customer = a_customer(session, cast.he)
    register(session, by=cast.gao, customer=customer, source="online", consultant_id=cast.he.id)
    reception = a_reception(session, cast.lin)
    with pytest.raises(WrongMove):
        meeting.ask_for_handover(session, reception, by=cast.lin)
    meeting.meet(session, reception, customer, by=cast.lin)
    meeting.ask_for_handover(session, reception, by=cast.lin)
    session.flush()
    asked = session.scalars(select(Notice).where(Notice.kind == "reception.handover_asked")).all()
    assert {notice.staff_id for notice in asked} == {cast.gao.id}
    with pytest.raises(WrongMove):
        meeting.ask_for_handover(session, reception, by=cast.lin)


def test_one_reception_is_of_one_party(session: Session, cast: Cast) -> None:
    reception = a_reception(session, cast.lin)
    meeting.meet(session, reception, a_customer(session, cast.lin), by=cast.lin)
    with pytest.raises(WrongMove):
        meeting.meet(session, reception, a_customer(session, cast.lin, "孙倩", "13800008801"), by=cast.lin)
    with pytest.raises(WrongMove):
        receptions.abandon(session, reception, by=cast.lin)


def test_what_is_noted_down_is_of_the_lists(session: Session, cast: Cast) -> None:
    reception = a_reception(session, cast.lin)
    receptions.note_down(session, reception, by=cast.lin, party=3, purpose="drive", source="referral", is_first=False)
    assert (reception.party, reception.purpose, reception.source, reception.is_first) == (3, "drive", "referral", False)
    with pytest.raises(Invalid) as wrong:
        receptions.note_down(session, reception, by=cast.lin, party=0, purpose="?", source="", is_first=None)
    assert set(wrong.value.errors) == {"party", "purpose", "source"}


def test_nothing_is_written_into_a_visit_that_is_over(session: Session, cast: Cast) -> None:
    reception = a_reception(session, cast.lin)
    meeting.see_off(session, reception, by=cast.lin)
    with pytest.raises(WrongMove):
        receptions.answer_privacy(session, reception, True, by=cast.lin)
    assert reception.may_be_completed(now())
    assert not reception.may_be_completed(now() + timedelta(days=2))


def test_who_left_before_they_were_recognised_is_named_within_a_day(session: Session, cast: Cast) -> None:
    customer = a_customer(session, cast.lin)
    mine = register(session, by=cast.lin, customer=customer, source="online", consultant_id=cast.lin.id)
    mine.first_contact_at = now()
    reception = a_reception(session, cast.lin)
    meeting.see_off(session, reception, by=cast.lin)
    assert meeting.meet(session, reception, customer, by=cast.lin) is mine
    assert reception.left_at is not None
    assert mine.next_contact_at == next_day(reception.left_at, cast.lin), "the call of the day after is owed"
    late = a_reception(session, cast.lin)
    meeting.see_off(session, late, by=cast.lin)
    late.left_at = now() - timedelta(days=2)
    with pytest.raises(WrongMove):
        meeting.meet(session, late, customer, by=cast.lin)


def test_a_consultant_sees_their_own_a_manager_all_and_other_stores_none(session: Session, cast: Cast) -> None:
    reception = a_reception(session, cast.lin)
    session.flush()
    for who in (cast.lin, cast.gao):
        assert visible_to(session, who).one(reception.id) is reception
        assert list(visible_to(session, who).here()) == [reception]
    for who in (cast.tang, cast.chen, cast.zhou):
        with pytest.raises(NotThere):
            visible_to(session, who).one(reception.id)


def test_who_has_been_here_is_known_by_a_few_digits_and_asked_for_in_few_questions(
    session: Session, cast: Cast, database: Database
) -> None:
    for number, name in enumerate(("王芳", "王刚", "王敏", "王强", "王磊")):
        customer = a_customer(session, cast.lin, name, f"1380000770{number}")
        register(session, by=cast.gao, customer=customer, source="online", consultant_id=cast.gao.id)
        visit = a_reception(session, cast.lin)
        meeting.meet(session, visit, customer, by=cast.lin)
        meeting.see_off(session, visit, by=cast.lin)
    session.flush()
    asked: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *said: asked.append(said[2]))
    one = meeting.recognise(session, cast.lin, "7703")
    of_one = len(asked)
    several = meeting.recognise(session, cast.lin, "wang")
    assert [known.name for known in one] == ["王强"]
    assert (one[0].consultant, one[0].mine, one[0].last_visit is not None) == (cast.gao.title, False, True)
    assert len(several) == 5
    assert len(asked) - of_one <= of_one <= 5
