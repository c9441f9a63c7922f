"""At the owner's: each of the team signs in on their own device, and whatever they bring is joined, in any order."""

from datetime import timedelta
from itertools import permutations
from typing import Any

import msgspec
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from server.commands.demonstration.pictures import photo
from server.database import now, uuid7
from server.domain.care import door_consents, pieces, presences, programme, visit_findings, visit_photos
from server.domain.care.presences import Place
from server.domain.care.visits import HomeVisit
from server.domain.people import Person
from server.domain.records import Event, consents
from server.domain.records.files import File
from server.domain.refusals import Invalid, NotAllowed, NotThere, WrongMove
from tests.cast import Cast
from tests.domain.home_visits.at_home import a_confirmed_visit, on_the_road

HERE = Place(118.376451, 31.326319, 12)


@pytest.fixture
def visit(session: Session, cast: Cast) -> HomeVisit:
    """He, Lin and Zhou are on their way."""
    return on_the_road(session, cast)


def later(person: Person, minutes: int, device: Any = None) -> Person:
    """The same person, on a device that was offline: the deed is so many minutes old."""
    return msgspec.structs.replace(person, acted_at=now() - timedelta(minutes=minutes), device_id=device or uuid7())


# --- Signing in and out ------------------------------------------------------------------------------


def test_the_first_who_signs_in_brings_the_visit_there_and_the_last_who_leaves_ends_it(
    session: Session, cast: Cast, visit: HomeVisit
) -> None:
    for person in (cast.he, cast.lin, cast.zhou):
        presences.sign_in(session, visit, by=person)
        assert visit.state == "there"
    for person in (cast.he, cast.lin):
        presences.sign_out(session, visit, by=person)
        assert visit.state == "there"
    presences.sign_out(session, visit, by=cast.zhou)
    assert visit.state == "done"
    assert visit.signed_in_at is not None
    assert visit.signed_out_at is not None
    assert visit.signed_in_at <= visit.signed_out_at


def test_signed_in_twice_is_signed_in_once_and_the_earlier_time_counts(
    session: Session, cast: Cast, visit: HomeVisit
) -> None:
    first = presences.sign_in(session, visit, by=later(cast.he, 5))
    again = presences.sign_in(session, visit, by=later(cast.he, 9))
    assert first.id == again.id
    assert len(presences.of_visit(session, visit)) == 1
    assert now() - again.in_at >= timedelta(minutes=9)


def test_who_never_signed_in_does_not_sign_out(session: Session, cast: Cast, visit: HomeVisit) -> None:
    with pytest.raises(WrongMove):
        presences.sign_out(session, visit, by=cast.lin)


@pytest.mark.parametrize("order", list(permutations(("he", "lin", "zhou"))), ids="-".join)
def test_devices_that_come_home_in_any_order_make_one_visit(
    session: Session, cast: Cast, visit: HomeVisit, order: tuple[str, ...]
) -> None:
    """Each device brings its whole hour at once; what the others have not brought yet is waited for."""
    for name in order:
        person: Person = getattr(cast, name)
        presences.sign_in(session, visit, by=later(person, 60))
        pieces.say(session, visit, by=later(person, 40), kind="use", words=f"{name}：开着很顺手")
        pieces.rate(session, visit, by=later(person, 10), score=4, words="")
        presences.sign_out(session, visit, by=later(person, 5))
    assert visit.state == "done"
    assert len(presences.of_visit(session, visit)) == 3
    assert {one.words.split("：")[0] for one in pieces.talks(session, visit)} == set(order)
    assert [one.score for one in pieces.effects(session, visit)] == [4, 4, 4]


def test_what_arrives_after_everybody_has_left_is_kept_and_what_came_before_setting_out_too(
    session: Session, cast: Cast
) -> None:
    visit = a_confirmed_visit(session, cast)
    presences.sign_in(session, visit, by=cast.zhou)
    assert visit.state == "confirmed", "the device of who drove has not spoken yet"
    on_the_road(session, cast, visit)
    assert visit.state == "there", "the sign-in that was here already counts now"
    presences.sign_out(session, visit, by=cast.zhou)
    assert visit.state == "done"
    finding = visit_findings.note(
        session, visit, by=later(cast.zhou, 20), way="mechanical", verdict="watch", name="雨刮"
    )
    assert [one.id for one in visit_findings.of_visit(session, visit)] == [finding.id]


@pytest.mark.parametrize("state", ["planned", "cancelled", "closed"])
def test_nothing_is_kept_of_a_visit_that_is_not_under_way(
    session: Session, cast: Cast, visit: HomeVisit, state: str
) -> None:
    visit.state = state
    with pytest.raises(WrongMove):
        presences.sign_in(session, visit, by=cast.he)
    with pytest.raises(WrongMove):
        pieces.say(session, visit, by=cast.he, kind="use", words="好")
    with pytest.raises(WrongMove):
        visit_findings.note(session, visit, by=cast.zhou, way="mechanical", verdict="ok", name="轮胎")


def test_who_does_not_go_on_visits_writes_nothing(session: Session, cast: Cast, visit: HomeVisit) -> None:
    with pytest.raises(NotAllowed):
        presences.sign_in(session, visit, by=cast.pei)


# --- The place ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(("agreed", "kept"), [(True, True), (False, False), (None, False)])
def test_the_place_is_kept_with_consent_alone(
    session: Session, cast: Cast, visit: HomeVisit, agreed: bool | None, kept: bool
) -> None:
    mine = presences.sign_in(session, visit, by=cast.he, place_agreed=agreed, place=HERE)
    presences.sign_out(session, visit, by=cast.he, place=HERE)
    assert (mine.in_place is not None, mine.out_place is not None) == (kept, kept)
    if kept:
        assert mine.in_place == Place(118.3765, 31.3263, 12), "as precise as the house, not as the room"
    said = consents.standing(session, cast.store, visit.customer_id).get("visit_place")
    assert (said.given if said else None) == agreed


def test_a_no_that_is_said_later_deletes_every_place(session: Session, cast: Cast, visit: HomeVisit) -> None:
    for person in (cast.he, cast.lin):
        presences.sign_in(session, visit, by=later(person, 30), place_agreed=True, place=HERE)
    door_consents.answer(session, visit, "visit_place", False, by=later(cast.he, 20))
    assert [one.in_place for one in presences.of_visit(session, visit)] == [None, None]
    presences.sign_out(session, visit, by=later(cast.he, 1), place=HERE)
    assert [one.out_place for one in presences.of_visit(session, visit)] == [None, None]


def test_a_no_that_was_said_before_a_yes_and_arrives_after_it_changes_nothing(
    session: Session, cast: Cast, visit: HomeVisit
) -> None:
    presences.sign_in(session, visit, by=later(cast.he, 10), place_agreed=True, place=HERE)
    door_consents.answer(session, visit, "visit_place", False, by=later(cast.lin, 30))
    assert door_consents.agreed(session, visit, "visit_place")
    assert presences.of_visit(session, visit)[0].in_place is not None


def test_a_consent_taken_back_in_the_file_deletes_what_the_visit_kept(
    session: Session, cast: Cast, visit: HomeVisit
) -> None:
    presences.sign_in(session, visit, by=later(cast.he, 10), place_agreed=True, place=HERE)
    door_consents.answer(session, visit, "visit_photo", True, by=later(cast.he, 9))
    kept = visit_photos.add(session, visit, photo(7), by=later(cast.he, 8), shows="people")
    assert kept is not None
    for purpose in ("visit_place", "visit_photo"):
        consents.answer(session, visit.customer_id, purpose, False, by=cast.he)
    assert presences.of_visit(session, visit)[0].in_place is None
    assert not visit_photos.of_visit(session, visit)
    assert session.get_one(File, kept.file_id).erased_at is not None


# --- The programme -----------------------------------------------------------------------------------


def test_the_programme_is_the_store_s_and_fills_its_hour(session: Session, cast: Cast) -> None:
    steps = programme.steps(session, cast.store)
    assert programme.minutes(steps) == 60
    assert [(step.begins, step.ends) for step in steps] == [(0, 5), (5, 30), (5, 50), (30, 45), (45, 55), (55, 60)]
    assert {step.code for step in programme.due_at(steps, 20)} == {"talk", "check"}, "the technician works beside"
    assert [step.code for step in programme.of_roles(steps, ["technician"])] == ["check", "explain"]


def test_a_step_done_on_two_devices_is_done_once_when_it_was_first_done(
    session: Session, cast: Cast, visit: HomeVisit
) -> None:
    programme.tick(session, visit, "greet", by=later(cast.lin, 5))
    programme.tick(session, visit, "greet", by=later(cast.he, 9))
    done = programme.done(session, visit)
    assert (list(done), done["greet"].by_id) == (["greet"], cast.he.id)
    with pytest.raises(NotThere):
        programme.tick(session, visit, "sing", by=cast.he)


def test_a_first_no_is_declined_and_only_what_was_given_is_withdrawn(
    session: Session, cast: Cast, visit: HomeVisit
) -> None:
    for minutes, given in ((9, False), (8, True), (7, False)):
        door_consents.answer(session, visit, "visit_place", given, by=later(cast.he, minutes))
    query = select(Event.verb).where(Event.verb.startswith("consent.")).order_by(Event.position.desc()).limit(3)
    assert session.scalars(query).all()[::-1] == ["consent.declined", "consent.given", "consent.withdrawn"]


# --- Findings and the signature ----------------------------------------------------------------------


def test_a_finding_told_twice_by_a_device_is_one(session: Session, cast: Cast, visit: HomeVisit) -> None:
    born = uuid7()
    for _ in range(2):
        visit_findings.note(session, visit, by=cast.zhou, way="electronic", verdict="fault", name="P0301", id=born)
    assert [one.id for one in visit_findings.of_visit(session, visit)] == [born]
    other = a_confirmed_visit(session, cast, number=2)
    with pytest.raises(NotThere):
        visit_findings.note(session, other, by=cast.zhou, way="electronic", verdict="fault", name="P0301", id=born)


@pytest.mark.parametrize(("field", "value"), [("way", "magic"), ("verdict", "fine"), ("name", "")])
def test_a_finding_says_how_what_and_how_bad(
    session: Session, cast: Cast, visit: HomeVisit, field: str, value: str
) -> None:
    said = {"way": "mechanical", "verdict": "watch", "name": "前制动片"} | {field: value}
    with pytest.raises(Invalid) as wrong:
        visit_findings.note(session, visit, by=cast.zhou, **said)
    assert list(wrong.value.errors) == [field]


def test_the_owner_signs_for_what_stood_on_the_screen_and_for_nothing_else(
    session: Session, cast: Cast, visit: HomeVisit
) -> None:
    seen = visit_findings.note(session, visit, by=cast.zhou, way="mechanical", verdict="watch", name="雨刮")
    page_made = now()
    unseen = visit_findings.note(session, visit, by=cast.lin, way="mechanical", verdict="fault", name="轮胎")
    explained = visit_findings.explain(session, visit, by=cast.zhou, name="王建国", ink=None, seen_at=page_made)
    assert explained.finding_ids == [str(seen.id)]
    assert str(unseen.id) not in explained.finding_ids
    again = visit_findings.explain(session, visit, by=cast.zhou, name="王建国", ink=None)
    assert set(again.finding_ids) == {str(seen.id), str(unseen.id)}
    found = visit_findings.explanation(session, visit)
    assert found is not None
    assert found[0].id == again.id
    with pytest.raises(Invalid):
        visit_findings.explain(session, visit, by=cast.zhou, name="", ink=None)


def test_what_was_noted_by_mistake_stays_struck_out(session: Session, cast: Cast, visit: HomeVisit) -> None:
    finding = visit_findings.note(session, visit, by=cast.zhou, way="mechanical", verdict="fault", name="轮胎")
    visit_findings.strike(session, visit, finding, by=cast.zhou)
    assert not visit_findings.of_visit(session, visit)
    assert not finding.wants_work
    assert session.get(type(finding), finding.id) is finding


# --- Pictures ----------------------------------------------------------------------------------------


def test_without_consent_nothing_of_a_picture_with_people_is_kept(
    session: Session, cast: Cast, visit: HomeVisit
) -> None:
    before = session.scalars(select(File)).all()
    assert visit_photos.add(session, visit, photo(3), by=cast.lin, shows="people") is None
    assert session.scalars(select(File)).all() == before
    assert visit_photos.add(session, visit, photo(4), by=cast.lin, shows="car") is not None, "the rest goes on"
    door_consents.answer(session, visit, "visit_photo", True, by=cast.lin)
    assert visit_photos.add(session, visit, photo(3), by=cast.lin, shows="people") is not None
    verbs = session.scalars(select(Event.verb).where(Event.subject_id == visit.id)).all()
    assert verbs.count("visit.photo_not_kept") == 1


def test_a_no_deletes_the_people_and_leaves_the_car(session: Session, cast: Cast, visit: HomeVisit) -> None:
    door_consents.answer(session, visit, "visit_photo", True, by=later(cast.lin, 9))
    for number, shows in ((5, "people"), (6, "car")):
        visit_photos.add(session, visit, photo(number), by=later(cast.lin, 8), shows=shows)
    door_consents.answer(session, visit, "visit_photo", False, by=later(cast.lin, 2))
    assert [one.shows for one in visit_photos.of_visit(session, visit)] == ["car"]


# --- Small pieces ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fluid", "amount", "wrong"), [("tea", 500, "fluid"), ("oil", 0, "amount"), ("oil", 10_001, "amount")]
)
def test_what_is_topped_up_is_a_fluid_and_an_amount(
    session: Session, cast: Cast, visit: HomeVisit, fluid: str, amount: int, wrong: str
) -> None:
    with pytest.raises(Invalid) as refused:
        pieces.top_up(session, visit, by=cast.zhou, fluid=fluid, amount=amount)
    assert list(refused.value.errors) == [wrong]


def test_pieces_told_twice_by_a_device_are_one(session: Session, cast: Cast, visit: HomeVisit) -> None:
    oil, word = uuid7(), uuid7()
    for _ in range(2):
        pieces.top_up(session, visit, by=cast.zhou, fluid="oil", amount=500, id=oil)
        pieces.say(session, visit, by=cast.lin, kind="wish", words="想要七座", id=word)
    assert ([one.id for one in pieces.top_ups(session, visit)], [one.id for one in pieces.talks(session, visit)]) == (
        [oil], [word]
    )  # fmt: skip


def test_one_s_own_rating_is_put_right_and_nobody_else_s(session: Session, cast: Cast, visit: HomeVisit) -> None:
    for person, score in ((cast.he, 2), (cast.lin, 5), (cast.he, 4)):
        pieces.rate(session, visit, by=person, score=score, words="")
    assert {one.staff_id: one.score for one in pieces.effects(session, visit)} == {cast.he.id: 4, cast.lin.id: 5}
    with pytest.raises(Invalid):
        pieces.rate(session, visit, by=cast.he, score=6, words="")


def test_a_device_that_is_home_before_the_one_on_which_it_was_confirmed_loses_nothing(
    session: Session, cast: Cast
) -> None:
    visit = a_confirmed_visit(session, cast)
    visit.state = "booked"
    presences.sign_in(session, visit, by=later(cast.zhou, 60))
    pieces.top_up(session, visit, by=later(cast.zhou, 40), fluid="oil", amount=300)
    presences.sign_out(session, visit, by=later(cast.zhou, 5))
    assert visit.state == "booked", "both calls and the departure have still to arrive"
    visit.state = "confirmed"
    on_the_road(session, cast, visit)
    assert visit.state == "done"
    assert len(pieces.top_ups(session, visit)) == 1
