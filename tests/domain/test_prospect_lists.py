"""Lists of prospects: what each shows, one page after the other, and the neighbours of a record."""

from collections.abc import Iterator
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from server.database import now
from server.domain.people import Person
from server.domain.showroom import Prospect, hands, register
from server.domain.showroom.lists import PAGE, SHOWN, Lists, Place, Wanted
from tests.cast import Cast, a_customer, a_model
from tests.domain.test_prospects import a_prospect


def some(session: Session, by: Person, count: int, **said: object) -> list[Prospect]:
    """So many, spoken to one after the other; two of each share a moment."""
    made: list[Prospect] = []
    for number in range(count):
        customer = a_customer(session, by, f"客户{number}", f"13{number:09d}")
        prospect = register(session, by=by, customer=customer, source="walk_in", consultant_id=by.id)
        prospect.next_contact_at = now() + timedelta(hours=number // 2 + 1)
        for name, value in said.items():
            setattr(prospect, name, value)
        made.append(prospect)
    session.flush()
    return sorted(made, key=lambda one: (one.next_contact_at, one.id))


def walked(lists: Lists, wanted: Wanted, *, backwards_from: Place | None = None) -> Iterator[list[str]]:
    """Page after page."""
    place = backwards_from
    while True:
        listed = lists.page(wanted, place)
        yield [one.number for one in listed.prospects]
        place = listed.earlier if backwards_from else listed.later
        if place is None:
            return


def test_every_prospect_stands_on_one_page(session: Session, cast: Cast) -> None:
    made = [one.number for one in some(session, cast.lin, 2 * PAGE + 3)]
    lists = Lists(session, cast.lin, now())
    pages = list(walked(lists, Wanted()))
    assert [number for page in pages for number in page] == made
    assert [len(page) for page in pages] == [PAGE, PAGE, 3]


def test_one_turns_back_to_where_one_came_from(session: Session, cast: Cast) -> None:
    some(session, cast.lin, 2 * PAGE + 3)
    lists = Lists(session, cast.lin, now())
    first = lists.page(Wanted())
    second = lists.page(Wanted(), first.later)
    third = lists.page(Wanted(), second.later)
    assert (first.earlier, third.later) == (None, None)
    assert third.earlier is not None
    assert lists.page(Wanted(), third.earlier).prospects == second.prospects
    assert second.earlier is not None
    back = lists.page(Wanted(), second.earlier)
    assert (back.prospects, back.earlier) == (first.prospects, None)


def test_a_record_knows_the_one_before_and_the_one_after(session: Session, cast: Cast) -> None:
    made = some(session, cast.lin, 5)
    lists = Lists(session, cast.lin, now())
    known = [lists.neighbours(Wanted(), one) for one in made]
    numbers = [None, *(one.number for one in made), None]
    assert known == [(numbers[place], numbers[place + 2]) for place in range(5)]


def test_the_neighbours_are_those_of_the_narrowed_list(session: Session, cast: Cast) -> None:
    made = some(session, cast.lin, 5)
    for one in made[1:4:2]:
        one.grade = "H"
    session.flush()
    lists = Lists(session, cast.lin, now())
    assert lists.neighbours(Wanted(grade="H"), made[1]) == (None, made[3].number)


@pytest.mark.parametrize("show", SHOWN)
def test_each_list_shows_its_own(session: Session, cast: Cast, show: str) -> None:
    at = now()
    late, today, quiet, ordered, lost, delivered, pooled, other = some(session, cast.lin, 8)
    late.next_contact_at = at - timedelta(hours=1)
    today.next_contact_at = at + timedelta(seconds=1)
    for one in (quiet, ordered, lost, delivered, pooled, other):
        one.next_contact_at = at + timedelta(days=3)
    quiet.quiet, quiet.next_contact_at = True, at - timedelta(days=1)
    ordered.state, lost.state, delivered.state = "ordered", "lost", "delivered"
    hands.give_back(session, pooled, by=cast.lin, why="no_time")
    other.consultant_id = cast.fang.id
    session.flush()
    wanted = {
        "mine": {late, today, quiet}, "overdue": {late}, "today": {late, today}, "pool": {pooled},
        "all": {late, today, quiet, pooled, other}, "ordered": {ordered}, "lost": {lost}, "delivered": {delivered},
    }  # fmt: skip
    before_midnight = Lists(session, cast.gao if show == "all" else cast.lin, at)
    before_midnight.midnight = at + timedelta(hours=2)
    assert set(before_midnight.page(Wanted(show=show)).prospects) == wanted[show]


def test_a_list_is_narrowed_by_what_people_ask(session: Session, cast: Cast) -> None:
    model = a_model(session, cast.lin)
    first, second, third, *_ = some(session, cast.lin, 6)
    first.grade, second.source, third.model = "H", "online", model
    session.flush()
    lists = Lists(session, cast.lin, now())
    for wanted, only in (
        (Wanted(grade="H"), first), (Wanted(source="online"), second), (Wanted(model=model.id), third),
        (Wanted(q="客户0"), None), (Wanted(q="kehu3"), None), (Wanted(consultant=cast.fang.id), ()),
    ):  # fmt: skip
        found = lists.page(wanted).prospects
        assert len(found) == (0 if only == () else 1)
        assert only in (None, ()) or found == [only]


def test_found_by_the_tail_of_the_telephone(session: Session, cast: Cast) -> None:
    prospect = a_prospect(session, cast.lin, a_customer(session, cast.lin, "欧阳娜娜", "13912345678"))
    a_prospect(session, cast.lin)
    session.flush()
    lists = Lists(session, cast.lin, now())
    for typed in ("5678", "oynn", "ouyang", "欧阳", "13912345678"):
        assert lists.page(Wanted(q=typed)).prospects == [prospect], typed
    assert lists.page(Wanted(q="nobody")).prospects == []


def test_the_counts_are_one_s_own(session: Session, cast: Cast) -> None:
    at = now()
    late, today, quiet, later = some(session, cast.lin, 4)
    late.next_contact_at, today.next_contact_at = at - timedelta(hours=1), at + timedelta(seconds=5)
    quiet.next_contact_at, quiet.quiet, later.next_contact_at = at - timedelta(hours=1), True, at + timedelta(days=3)
    session.flush()
    lists = Lists(session, cast.lin, at)
    lists.midnight = at + timedelta(hours=1)
    assert lists.counts() == {"mine": 4, "overdue": 1, "today": 1}
    assert Lists(session, cast.fang, at).counts()["mine"] == 0


@pytest.mark.parametrize(
    ("show", "index"), [("mine", "ix_prospects_whose"), ("pool", "ix_prospects_whose"), ("all", "ix_prospects_next")]
)
def test_a_page_is_a_walk_in_an_index(session: Session, cast: Cast, show: str, index: str) -> None:
    """No sorting of the whole store, however large: SQLite says what it means to do."""
    if session.get_bind().dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by the rows that are there")
    person = cast.gao if show == "all" else cast.lin
    query = Lists(session, person, now()).narrowed(Wanted(show=show))
    query = query.order_by(Prospect.next_contact_at, Prospect.id).limit(PAGE + 1)
    compiled = query.compile(session.get_bind(), compile_kwargs={"literal_binds": True})
    plan = [row[3] for row in session.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]
    assert any(index in step for step in plan), plan
    assert not any("TEMP B-TREE" in step for step in plan), plan
