"""The three-level inspection on the phone: each person in their own section, in turn; back to work; the wash."""

import re
from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import select

from server.database import Database
from server.domain.checklists.runs import Answer
from server.domain.records import Paper
from server.domain.workshop import RepairOrder, State
from server.domain.workshop.checking import Checks
from server.domain.workshop.reworks import FINAL, LEVELS, SELF, TEAM, Rework
from tests.cast import Cast
from tests.domain.deals.selling import pdf_text
from tests.domain.workshop.checked import WHO, a_finished_car, answer, check
from tests.visitor import Visitor

Come = Callable[..., Visitor]


@pytest.fixture
def order(database: Database, cast: Cast) -> RepairOrder:
    with database.work(cast.store) as session:
        return a_finished_car(session, cast)


def section(database: Database, cast: Cast, order: RepairOrder, level: str) -> tuple[UUID, UUID, UUID]:
    """Run, section and first item of a level."""
    with database.work(cast.store) as session:
        checks = Checks(session, session.get_one(RepairOrder, order.id))
        part = checks.part(level)
        return checks.run.id, part.id, part.questions[0].id


def walk(database: Database, cast: Cast, order: RepairOrder, *levels: str) -> None:
    with database.work(cast.store) as session:
        check(session, cast, session.get_one(RepairOrder, order.id), *levels)


def test_it_opens_at_the_level_whose_turn_it_is(
    client: Come, database: Database, cast: Cast, order: RepairOrder
) -> None:
    for level in LEVELS:
        place = client("wu").get(f"{order.address}/inspection").headers["location"]
        assert str(section(database, cast, order, level)[1]) in place
        walk(database, cast, order, level)


@pytest.mark.parametrize("level", LEVELS)
def test_a_section_is_tapped_by_its_own_person_in_its_turn(
    client: Come, database: Database, cast: Cast, order: RepairOrder, level: str
) -> None:
    walk(database, cast, order, *LEVELS[: LEVELS.index(level)])
    run, part, item = section(database, cast, order, level)
    for name in ("zhou", "sun", "wu", "qin", "gao"):
        visitor = client(name)
        page = visitor.get(f"{order.address}/inspection?section={part}")
        mine = name == WHO[level] or (name == "gao" and level != SELF)
        said = visitor.post(f"/runs/{run}/items/{item}/answer", htmx=True, answer="ok")
        assert (page.status_code, said.status_code == 200) == (200, mine), name
        assert (f'action="/runs/{run}/items/{item}/answer" novalidate data-keep' in page.text) == mine
        rest = visitor.post(f"/runs/{run}/sections/{part}/all-good")
        assert (rest.status_code == 303) == mine
    with database.work() as session:
        by = {one.by_id for one in session.scalars(select(Answer).where(Answer.item_id == item))}
    assert by <= {cast.zhou.id, cast.wu.id, cast.qin.id, cast.gao.id}
    assert client("chen").post(f"/runs/{run}/items/{item}/answer", answer="ok").status_code == 403


def test_signed_by_three_washed_and_ready(client: Come, database: Database, cast: Cast, order: RepairOrder) -> None:
    for level in LEVELS:
        with database.work(cast.store) as session:
            answer(session, session.get_one(RepairOrder, order.id), level, getattr(cast, WHO[level]))
        other = client("sun").post(f"{order.address}/inspection/{level}/signature", typed_name="孙")
        assert other.status_code in (403, 409)
        signed = client(WHO[level]).post(f"{order.address}/inspection/{level}/signature", typed_name="签字人")
        assert signed.status_code == 303
    zhou = client("zhou")
    page = zhou.get(zhou.get(f"{order.address}/inspection").headers["location"]).text
    assert f'action="{order.address}/wash"' in page
    assert zhou.post(f"{order.address}/wash").status_code == 303
    assert zhou.post(f"{order.address}/wash").status_code == 409
    assert zhou.post(f"{order.address}/wash/end").status_code == 303
    with database.work() as session:
        assert session.get_one(RepairOrder, order.id).state == State.READY
        number = session.scalars(select(Paper.number).where(Paper.kind == "inspection_report")).one()
    text = pdf_text(zhou.get(f"/papers/{number}.pdf").content)
    assert "竣工检验单" in text
    assert "签字人" in text
    assert "王建国" not in text


def test_sent_back_with_the_reason_at_its_field(
    client: Come, database: Database, cast: Cast, order: RepairOrder
) -> None:
    walk(database, cast, order, SELF)
    wu, job = client("wu"), order.jobs[0].id
    where = f"{order.address}/inspection/team/failure"
    assert 'id="why-error"' in wu.post(where, jobs=str(job), why="").text
    assert wu.post(where, jobs="", why="漏油").status_code == 422
    assert wu.post(where, jobs=str(job), why="放油螺栓渗油").status_code == 303
    with database.work() as session:
        assert session.get_one(RepairOrder, order.id).state == State.IN_WORK
        assert session.scalars(select(Rework.level)).one() == TEAM
    page = wu.get(order.address).text
    assert re.search(r"返工 1 次", page)
    assert "放油螺栓渗油" in wu.get(wu.get(f"{order.address}/inspection").headers["location"]).text


def test_no_other_level_and_nobody_of_another_store(client: Come, order: RepairOrder) -> None:
    assert client("wu").post(f"{order.address}/inspection/fourth/signature", typed_name="x").status_code == 404
    for level in (SELF, TEAM, FINAL):
        assert client("tang").post(f"{order.address}/inspection/{level}/signature").status_code == 403
        assert client().post(f"{order.address}/inspection/{level}/signature").status_code == 401


def test_without_a_wash_at_the_desk(client: Come, database: Database, cast: Cast, order: RepairOrder) -> None:
    chen = client("chen")
    assert chen.post(f"{order.address}/wash/skip").status_code == 409
    walk(database, cast, order, *LEVELS)
    assert client("zhou").post(f"{order.address}/wash/skip").status_code == 403
    assert chen.post(f"{order.address}/wash/skip").status_code == 303
    assert "待交车" in chen.get(order.address).text
