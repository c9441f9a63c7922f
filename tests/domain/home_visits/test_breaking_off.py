"""A visit that cannot be finished, and somebody whose device does not come home."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.domain.care import breaking_off, closing, pieces, presences, visit_candidates, visit_holds
from server.domain.care.visits import HomeVisit
from server.domain.people.notices import Notice
from server.domain.refusals import Invalid, NotAllowed, NotThere, WrongMove
from tests.cast import Cast
from tests.domain.home_visits.at_home import on_the_road
from tests.domain.home_visits.planned import an_owner

WHY = "客户家中有急事"


@pytest.fixture
def visit(session: Session, cast: Cast) -> HomeVisit:
    """He and Zhou are there; Lin has not signed in."""
    visit = on_the_road(session, cast)
    for person in (cast.he, cast.zhou):
        presences.sign_in(session, visit, by=person)
    visit_holds.hold(session, visit)
    return visit


def test_a_visit_is_broken_off_with_its_reason_and_holds_nobody(session: Session, cast: Cast, visit: HomeVisit) -> None:
    pieces.say(session, visit, by=cast.he, kind="use", words="刚开始就要走了。")
    with pytest.raises(Invalid):
        breaking_off.break_off(session, visit, by=cast.zhou, why="")
    breaking_off.break_off(session, visit, by=cast.zhou, why=WHY)
    assert (visit.state, visit.why) == ("broken_off", WHY)
    assert not visit_holds.held(session, visit)
    told = session.scalars(select(Notice.staff_id).where(Notice.kind == "visit.broken_off")).all()
    assert set(told) == {cast.he.id, cast.lin.id}
    breaking_off.break_off(session, visit, by=cast.he, why="另一台设备也说了")
    assert visit.why == WHY, "said by two devices it is said once"


def test_what_other_devices_bring_home_is_kept(session: Session, cast: Cast, visit: HomeVisit) -> None:
    breaking_off.break_off(session, visit, by=cast.zhou, why=WHY)
    pieces.say(session, visit, by=cast.he, kind="wish", words="下次周末来。")
    presences.sign_out(session, visit, by=cast.he)
    assert len(pieces.talks(session, visit)) == 1
    assert visit.state == "broken_off"
    with pytest.raises(WrongMove):
        closing.close(session, visit, by=cast.he, name="何敏", ink=None)


def test_nobody_breaks_off_what_has_not_begun_or_what_they_do_not_go_on(session: Session, cast: Cast) -> None:
    visit = on_the_road(session, cast)
    with pytest.raises(WrongMove):
        breaking_off.break_off(session, visit, by=cast.he, why=WHY)
    with pytest.raises(NotAllowed):
        breaking_off.break_off(session, visit, by=cast.pei, why=WHY)
    assert visit.state == "on_the_way"


def test_who_was_not_visited_after_all_may_be_visited_soon(session: Session, cast: Cast, visit: HomeVisit) -> None:
    owner = an_owner(session, cast, 7)
    visit.customer, visit.customer_id = owner.customer, owner.customer_id
    session.flush()  # the candidates are asked for
    assert owner.customer_id not in {one.customer.id for one in visit_candidates.ranked(session, cast.he)}
    breaking_off.break_off(session, visit, by=cast.he, why=WHY)
    session.flush()
    [again] = [one for one in visit_candidates.ranked(session, cast.he) if one.customer.id == owner.customer_id]
    assert again.reasons[0]["code"] == "never"


def test_whose_device_is_lost_is_signed_out_by_who_leads(session: Session, cast: Cast, visit: HomeVisit) -> None:
    presences.sign_out(session, visit, by=cast.he)
    with pytest.raises(NotAllowed):
        breaking_off.sign_out_for(session, visit, cast.zhou.id, by=cast.lin)
    with pytest.raises(NotThere):
        breaking_off.sign_out_for(session, visit, cast.lin.id, by=cast.he)
    found = breaking_off.sign_out_for(session, visit, cast.zhou.id, by=cast.he)
    assert found.out_at is not None
    assert visit.state == "done"
    said, found.in_at = found.out_at, found.in_at - timedelta(minutes=50)
    presences.sign_out(session, visit, by=cast.zhou)
    assert found.out_at is not None
    assert found.out_at >= said, "what they say themselves counts more"
