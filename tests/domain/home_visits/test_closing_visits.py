"""A visit is closed when everything is answered: the record is frozen, thanks and offers are owed, old things go."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from server.commands.demonstration.pictures import photo
from server.database import now
from server.domain.care import (
    Contact,
    closing,
    door_consents,
    pieces,
    presences,
    referrals,
    retention,
    visit_findings,
    visit_papers,
    visit_photos,
)
from server.domain.care.presences import Place
from server.domain.care.referrals import Friend
from server.domain.care.visits import HomeVisit
from server.domain.people import Store
from server.domain.people.notices import Notice
from server.domain.records.files import File
from server.domain.refusals import WrongMove
from server.pdf import render
from tests.cast import Cast
from tests.domain.home_visits.at_home import a_made_visit, answered, on_the_road

HERE = Place(118.376451, 31.326319, 12)


@pytest.fixture
def visit(session: Session, cast: Cast) -> HomeVisit:
    """Everybody is back; one thing is at fault."""
    return a_made_visit(session, cast)


def kinds(session: Session, visit: HomeVisit) -> set[str]:
    query = select(Contact.kind).where(Contact.customer_id == visit.customer_id, Contact.state == "owed")
    return set(session.scalars(query)) & {"visit_thanks", "visit_offer", "visit_answer", "referral_consent"}


def test_it_is_not_closed_while_something_is_missing(session: Session, cast: Cast) -> None:
    visit = on_the_road(session, cast)
    presences.sign_in(session, visit, by=cast.he)
    with pytest.raises(WrongMove):
        closing.close(session, visit, by=cast.he, name="何敏", ink=None)
    presences.sign_out(session, visit, by=cast.he)
    assert visit.state == "done"
    pages = [one.page.partition("#")[0] for one in closing.missing(session, visit)]
    assert {"check", "checklist", "effect"} <= set(pages)
    with pytest.raises(WrongMove):
        closing.close(session, visit, by=cast.he, name="何敏", ink=None)
    answered(session, cast, visit)
    visit_findings.explain(session, visit, by=cast.zhou, name="王建国", ink=None)
    pieces.rate(session, visit, by=cast.he, score=5, words="")
    presences.sign_in(session, visit, by=cast.lin)
    assert [one.page for one in closing.missing(session, visit)] == ["programme"], "Lin has not signed out"
    presences.sign_out(session, visit, by=cast.lin)
    closing.close(session, visit, by=cast.he, name="何敏", ink=None)
    assert visit.state == "closed"


def test_closed_it_is_a_paper_with_everything_but_friends_and_faces(
    session: Session, cast: Cast, visit: HomeVisit, tmp_path: Path
) -> None:
    referrals.recommend(session, visit, Friend(name="李先生", wish="七座"), by=cast.lin)
    door_consents.answer(session, visit, "visit_photo", True, by=cast.lin)
    kept = visit_photos.add(session, visit, photo(8), by=cast.lin, shows="people")
    assert kept is not None
    paper = closing.close(session, visit, by=cast.he, name="何敏", ink=None)
    assert (paper.kind, paper.number, paper.revision) == ("visit_record", visit.number, 1)
    content = str(paper.content)
    for said in ("P0301", "刹车有点软", "何敏", "500 ml"):
        assert said in content
    for hidden in ("李先生", "七座", str(kept.file_id), "118.37"):
        assert hidden not in content
    pdf = render("visit_record", paper.content, {}, "https://huanche.test/papers/x")
    assert pdf.startswith(b"%PDF")


def test_closed_thanks_and_an_appointment_are_owed(session: Session, cast: Cast, visit: HomeVisit) -> None:
    closing.close(session, visit, by=cast.he, name="何敏", ink=None)
    assert kinds(session, visit) >= {"visit_thanks", "visit_offer"}


def test_without_a_finding_nothing_is_offered(session: Session, cast: Cast, visit: HomeVisit) -> None:
    for finding in visit_findings.of_visit(session, visit):
        visit_findings.strike(session, visit, finding, by=cast.zhou)
    session.flush()
    closing.close(session, visit, by=cast.he, name="何敏", ink=None)
    assert "visit_offer" not in kinds(session, visit)


def test_a_complaint_is_owed_an_answer_within_a_day_and_the_manager_knows(
    session: Session, cast: Cast, visit: HomeVisit
) -> None:
    pieces.say(session, visit, by=cast.lin, kind="complaint", words="上次保养等太久")
    contact = session.scalars(select(Contact).where(Contact.kind == "visit_answer")).one()
    assert contact.owed_by == cast.he.id
    assert contact.due_at <= now() + timedelta(hours=48)
    told = session.scalars(select(Notice.staff_id).where(Notice.kind == "visit.complained")).all()
    assert set(told) == {cast.he.id, cast.gao.id}


# --- What is not kept --------------------------------------------------------------------------------


def swept(session: Session, cast: Cast, days: int) -> int:
    """The nightly round, so many days from now."""
    return retention.forget(session, session.get_one(Store, cast.store), now() + timedelta(days=days))


def test_places_pictures_and_friends_go_when_their_time_is_over(session: Session, cast: Cast, visit: HomeVisit) -> None:
    presences.sign_in(session, visit, by=cast.he, place_agreed=True, place=HERE)
    kept = visit_photos.add(session, visit, photo(9), by=cast.lin, shows="car")
    asked, refused = (referrals.recommend(session, visit, Friend(name=name), by=cast.lin) for name in ("李", "赵"))
    referrals.refuse(session, refused, by=cast.he)
    assert kept is not None
    session.flush()
    assert swept(session, cast, 6) == 0
    assert swept(session, cast, 8) == 1
    assert (refused.name, asked.name) == ("—", "李")
    assert swept(session, cast, 31) == 1
    assert all(one.in_place is None for one in presences.of_visit(session, visit))
    assert swept(session, cast, 91) == 1
    assert asked.name == "—"
    assert swept(session, cast, 181) == 1
    assert not visit_photos.of_visit(session, visit)
    assert session.get_one(File, kept.file_id).erased_at is not None
    assert swept(session, cast, 400) == 0


def test_a_picture_that_is_shown_elsewhere_keeps_its_bytes(session: Session, cast: Cast, visit: HomeVisit) -> None:
    finding = visit_findings.of_visit(session, visit)[0]
    visit_findings.add_photo(session, visit, finding, photo(10), by=cast.zhou)
    session.flush()
    kept = visit_photos.add(session, visit, photo(10), by=cast.lin, shows="car")
    assert kept is not None
    swept(session, cast, 200)
    assert session.get_one(File, kept.file_id).erased_at is None


def test_who_agreed_is_not_forgotten(session: Session, cast: Cast, visit: HomeVisit) -> None:
    friend = referrals.recommend(
        session, visit, Friend(name="张女士", phone="13955301234", agrees=True), by=cast.lin
    )  # fmt: skip
    swept(session, cast, 4000)
    assert (friend.name, friend.phone) == ("张女士", "+8613955301234")


def test_the_count_of_visits_is_not_touched_by_forgetting(session: Session, cast: Cast, visit: HomeVisit) -> None:
    swept(session, cast, 4000)
    assert session.scalar(select(func.count()).select_from(HomeVisit)) == 1
    assert visit_papers.of_visit(session, visit) == []
